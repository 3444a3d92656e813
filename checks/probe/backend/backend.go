// Package backend requests a token from the project's endpoint, as a browser does.
package backend

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"badsig/checks/facts"
	"badsig/checks/loopback"
	"badsig/checks/probe/vault"
	"badsig/checks/sanitize"
)

// Rules of the backend*.go and answer*.go files:
//   - a run requests from the token endpoint what a browser would, and nothing that changes anything
//   - what does not depend on another response is requested at the same time
//   - redirects are written down and never followed: neither header nor body reaches another host
//   - a response is outside text of any size: bodies, headers, waits and depths are bounded
//   - whole tokens go to the World, scrubbed text to Facts

const (
	// repeats is how often the token is requested: cluster workers, round-robin
	// proxies and random secrets show in a difference between the responses.
	repeats = 3
	// secondEdge is how close to the end of a second the requests are put off
	// to the next one: responses of one second have equal iat, so their signing
	// inputs can be compared.
	secondEdge = 970 * time.Millisecond
	// roundsUp is the fraction of a second from which Math.round(Date.now()/1000)
	// is in the future.
	roundsUp = 550 * time.Millisecond
)

// Probe fills Facts.Backend and Facts.Tokens.
func Probe(ctx context.Context, w *vault.World) error {
	e, err := newEndpoint(w)
	if e != nil {
		defer e.close()
	}
	if err != nil {
		e.fileGiven(w)
		return err
	}
	bounded, cancel := context.WithTimeout(ctx, 2*e.timeout+facts.CompilePatience)
	defer cancel()
	b, read := e.look(bounded)
	e.file(w, b, read)
	w.Update(func(f *facts.Facts) { f.Backend = b })
	return ctx.Err()
}

// endpoint is the token endpoint under one run's eyes.
type endpoint struct {
	w       *vault.World
	url     *url.URL
	facts   *facts.Facts
	main    form // the request that the front end makes
	origin  string
	once    bool // one request has to do: the handler calls or changes something
	headers http.Header
	timeout time.Duration
	client  clients
}

func newEndpoint(w *vault.World) (*endpoint, error) {
	f := w.Snapshot()
	if f.Target.Static {
		return &endpoint{w: w, facts: f}, errors.New("not requested with --static")
	}
	if made := f.MadeBy(); made != "" {
		return &endpoint{w: w, facts: f}, errors.New(made)
	}
	e := &endpoint{w: w, facts: f, origin: f.Target.Origin, headers: w.Target.Header, timeout: patience(f, w.Target.Timeout)}
	text := w.Target.URL // whole: facts have it without a password
	if text == "" {
		text = f.Target.URL
	}
	if text == "" {
		text = facts.DefaultURL
	}
	u, err := url.Parse(text)
	text = sanitize.URL(text)
	if err != nil {
		return e, fmt.Errorf("the token endpoint %q isn't a URL; use --url http://localhost:3001/api/stream/token", text)
	}
	if u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return e, fmt.Errorf("the token endpoint %q isn't an http or https URL; use --url http://localhost:3001/api/stream/token", text)
	}
	if f.Target.Offline && !loopback.LocalHost(u.Hostname()) {
		return e, fmt.Errorf("the token endpoint is on %s, not on this machine, and --offline doesn't allow that; remove --offline", u.Hostname())
	}
	u.Fragment = ""
	e.url = u
	e.main = mainForm(u, f, w.Target)
	e.once = f.Once() || !f.KnowsFields()
	return e, nil
}

func (e *endpoint) close() { e.client.close() }

// look requests everything there is to request. The bodies come back beside the
// responses they belong to, in the order in which their tokens are to be filed.
func (e *endpoint) look(ctx context.Context) (*facts.Backend, *bodies) {
	b, read := &facts.Backend{Elsewhere: elsewhere(e.facts)}, &bodies{}
	var reach []facts.Dial
	b.Dials, reach = e.dial(ctx)
	if len(reach) == 0 && awaitListener(ctx, e) {
		b.Dials, reach = e.dial(ctx)
	}
	if len(reach) == 0 {
		return b, read
	}
	if e.facts.Writes() != nil {
		b.NotAsked = "writes"
		return b, read
	}
	first := reach[0].Address
	e.client.pin = first
	if e.once {
		e.askMain(ctx, reach[:1], b, read)
		e.askPatiently(ctx, reach, b, read)
		awaitStart(ctx, e, reach[:1], b, read)
		return b, read
	}
	var get facts.Answer
	var wg sync.WaitGroup
	wg.Go(func() { get, read.get = e.ask(ctx, first, plainGet(e.url), "") })
	e.askMain(ctx, reach, b, read)
	wg.Wait()
	b.Get = &get
	e.askPatiently(ctx, reach, b, read)
	awaitStart(ctx, e, reach, b, read)
	e.reconsider(ctx, reach, b, read)
	e.second(ctx, b, read)
	return b, read
}

// askMain sends what the front end sends: the preflight, the request several
// times, and once more over the other family.
func (e *endpoint) askMain(ctx context.Context, reach []facts.Dial, b *facts.Backend, read *bodies) {
	n := repeats
	if e.once {
		n = 1
	}
	posts := make([]facts.Answer, n)
	texts := make([][]byte, n)
	var family facts.Answer
	var familyText []byte
	var wg sync.WaitGroup
	ask := func(into *facts.Answer, text *[]byte, wait time.Duration, pin string, r form) {
		wg.Go(func() {
			if sleep(ctx, wait) != nil {
				*into = facts.Answer{Method: r.method, URL: e.w.Scrub(r.url), Form: r.name, Error: "timeout", Detail: "the run ended before this request"}
				return
			}
			origin := e.origin
			if r.method != http.MethodOptions {
				origin = e.sentOrigin()
			}
			a, body := e.ask(ctx, pin, r, origin)
			*into = a
			if text != nil {
				*text = body
			}
		})
	}
	first := reach[0].Address
	var preflight *facts.Answer
	if r, ok := e.preflight(); ok && e.origin != "" {
		preflight = &facts.Answer{}
		ask(preflight, nil, 0, first, r)
	}
	edge, late := e.moments(time.Now())
	for i := range posts {
		wait := edge
		if i == repeats-1 && i > 0 {
			wait = late
		}
		ask(&posts[i], &texts[i], wait, first, e.main)
	}
	if len(reach) > 1 {
		ask(&family, &familyText, edge, reach[1].Address, e.main)
	}
	wg.Wait()

	b.Preflight, b.Posts, read.posts = preflight, posts, texts
	for i := range b.Posts {
		b.Posts[i].Family = reach[0].Family
	}
	if len(reach) > 1 {
		family.Family = reach[1].Family
		b.ByFamily = []facts.Answer{b.Posts[0], family}
		read.family = [][]byte{nil, familyText}
	}
}

// second sends what depends on the first responses: the request in other forms
// where the main one was rejected or its token names no one, and other origins
// where the first was a guess.
func (e *endpoint) second(ctx context.Context, b *facts.Backend, read *bodies) {
	var wg sync.WaitGroup
	forms := e.variants(b.Posts[0].Status)
	if b.Posts[0].Status >= 400 && b.Posts[0].Origin != "" {
		r := e.main
		r.name = noOrigin
		forms = append(forms, r)
	}
	if b.Posts[0].Status/100 == 2 && e.namesNobody(read.posts[0]) {
		forms = e.everyName()
	}
	if len(forms) > 0 {
		b.Variants = make([]facts.Answer, len(forms))
		read.variants = make([][]byte, len(forms))
		for i, r := range forms {
			origin := e.sentOrigin()
			if r.name == noOrigin {
				origin = ""
			}
			wg.Go(func() { b.Variants[i], read.variants[i] = e.ask(ctx, e.client.pin, r, origin) })
		}
	}
	if e.guessed() && b.Preflight != nil && b.Preflight.Status != 0 && !e.allowed(*b.Preflight, e.origin) {
		b.Origins = make([]facts.OriginTry, len(devOrigins))
		r, _ := e.preflight()
		for i, o := range devOrigins {
			wg.Go(func() {
				a, _ := e.ask(ctx, e.client.pin, r, o)
				b.Origins[i] = facts.OriginTry{Origin: o, Allowed: e.allowed(a, o)}
			})
		}
	}
	wg.Wait()
}

// moments says how long the requests wait so that they fall into one second,
// and how long the last one waits: where the source rounds iat, until the
// second is more than half over, because only then the rounding shows.
func (e *endpoint) moments(now time.Time) (edge, late time.Duration) {
	part := time.Duration(now.Nanosecond())
	if part >= secondEdge {
		edge = time.Second - part + time.Millisecond
		part = 0
	}
	late = edge
	if part < roundsUp && e.rounds() {
		late += min(roundsUp-part, 550*time.Millisecond)
	}
	return edge, late
}

func (e *endpoint) rounds() bool {
	if e.facts.Project == nil {
		return false
	}
	for _, s := range e.facts.Project.Servers {
		if s.RoundedIAT {
			return true
		}
	}
	for _, s := range e.facts.Project.Sites {
		if s.Rounds != nil {
			return true
		}
	}
	return false
}

// sleep waits unless ctx ends first.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
