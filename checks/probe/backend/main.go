package backend

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/netx"
)

// Rules of this file:
//   - the main request is the front end's own: what was passed, else what its source says, else what the handler reads
//   - a guessed Origin is not sent with it: phones and servers send none, and a backend may reject the guess
//   - a server that compiles on its first request is given the time for that

// starting is how long badsig waits until it requests again.
const starting = 800 * time.Millisecond

// noOrigin is the form of the main request without an Origin.
const noOrigin = "no-origin"

// patience is the limit of one request.
func patience(f *facts.Facts, timeout time.Duration) time.Duration {
	if limitGiven(f) || timeout != facts.DefaultTimeout || !f.Compiles() {
		return timeout
	}
	return facts.CompilePatience
}

// askPatiently requests once more, with more time, where badsig's own default limit
// brought no response: a server that connects to its database first is slow once.
func (e *endpoint) askPatiently(ctx context.Context, reach []facts.Dial, b *facts.Backend, read *bodies) {
	if len(b.Posts) == 0 || b.Posts[0].Error != "timeout" || b.Posts[0].Status != 0 || e.timeout != facts.DefaultTimeout || limitGiven(e.facts) {
		return
	}
	was, before, once := e.timeout, time.Now(), e.once
	e.timeout, e.once = facts.CompilePatience-facts.DefaultTimeout, true
	again, heard := &facts.Backend{Dials: b.Dials, Get: b.Get, Elsewhere: b.Elsewhere}, &bodies{get: read.get}
	e.askMain(ctx, reach[:1], again, heard)
	e.timeout, e.once = was, once
	if again.Posts[0].Status != 0 {
		*b, *read = *again, *heard
		return
	}
	b.Posts[0].TookMs += netx.Millis(time.Since(before)) // both waits
}

// awaitStart requests again, as long as a request may take, while a development server is starting.
func awaitStart(ctx context.Context, e *endpoint, reach []facts.Dial, b *facts.Backend, read *bodies) {
	for until := time.Now().Add(e.timeout); len(b.Posts) > 0 && e.facts.Starting(&b.Posts[0]) && !limitGiven(e.facts) && time.Now().Before(until) && sleep(ctx, starting) == nil; {
		again, heard := &facts.Backend{Dials: b.Dials, Elsewhere: b.Elsewhere}, &bodies{}
		if b.Get != nil {
			var get facts.Answer
			get, heard.get = e.ask(ctx, reach[0].Address, plainGet(e.url), "")
			again.Get = &get
		}
		e.askMain(ctx, reach, again, heard)
		*b, *read = *again, *heard
	}
}

// limitGiven reports whether --timeout was passed.
func limitGiven(f *facts.Facts) bool {
	return affix.Any(f.Target.Flags, func(s string) bool { return affix.HasPrefix(s, "--timeout") })
}

// sentOrigin is the Origin of the main request; none where it is only a guess.
func (e *endpoint) sentOrigin() string {
	if !e.facts.Request().Origin.Sure() {
		return ""
	}
	return e.origin
}

// mainForm is the request that the front end makes: what was passed by flags,
// else what its source says, else what the handler reads, else the documented
// one: POST {userId, userName} as JSON.
func mainForm(u *url.URL, f *facts.Facts, t facts.Target) form {
	fetch := facts.FetchOf(u, f.Project)
	method := f.MainMethod(fetch)
	if t.Data != nil {
		return givenForm(u, method, t)
	}
	names := f.MainNames(fetch)
	id := f.SignedField(names)
	if fetch != nil {
		t.Fixed = fetch.Fixed
	}
	if method == http.MethodGet || method == http.MethodHead {
		r := queryForm(u, names, id, t)
		r.method = method
		return r
	}
	kind := ""
	if fetch != nil {
		kind = fetch.Type
	}
	to := *u
	if query := f.MainQuery(fetch); len(query) > 0 { // POST /token?user_id=…
		if q, err := url.Parse(queryForm(u, query, id, t).url); err == nil {
			to = *q
		}
		names = affix.Without(slices.Clone(names), func(n string) bool { return facts.OneOf(query, n) })
	}
	r := bodyForm(kind, withQuery(&to, t), names, id, t)
	r.method = method
	return r
}

// givenForm is the request with the body that was passed.
func givenForm(u *url.URL, method string, t facts.Target) form {
	r := form{name: "given", method: method, url: withQuery(u, t), header: map[string]string{}, body: t.Data}
	switch {
	case method == http.MethodGet || method == http.MethodHead:
		to, q := *u, u.Query()
		var fields map[string]any
		if json.Unmarshal(t.Data, &fields) == nil {
			for n, v := range fields {
				q.Set(n, fmt.Sprint(v))
			}
		}
		to.RawQuery = q.Encode()
		r.name, r.url, r.body = "query", to.String(), nil
	case json.Valid(t.Data):
		r.name, r.header["Content-Type"] = "json", "application/json"
	case bytes.ContainsRune(t.Data, '='):
		r.name, r.header["Content-Type"] = "urlencoded", "application/x-www-form-urlencoded"
	default:
		r.header["Content-Type"] = "text/plain;charset=UTF-8"
	}
	return r
}
