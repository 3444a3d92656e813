// Package vault holds one run's secrets and whole tokens. What leaves it as a fact is scrubbed.
package vault

import (
	"errors"
	"io/fs"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"badsig/checks/facts"
	"badsig/checks/sanitize"
	"badsig/tokens"
)

// Rules of this file:
//   - secrets and whole tokens live in a World and nowhere in Facts
//   - a probe writes its own part of Facts, through the setters, once, at its end
//   - what reaches Facts as text went through Scrub

// World is the working state of one run: the target, the facts so far, and
// what may not be in facts (secrets, whole tokens). It is safe for
// concurrent use by probes.
type World struct {
	Target facts.Target

	mu      sync.Mutex
	facts   facts.Facts
	secrets map[int]tokens.Secret   // by Value.ID
	cleaned map[int]tokens.Secret   // by Value.ID: without blemishes, where there are any
	written map[int][]tokens.Secret // by Value.ID: what is in the file, where a loader made something else of it
	raw     map[int]string          // whole tokens, by index into Facts.Tokens
	hidden  []tokens.Secret         // what Scrub removes; nil: a Value has changed since it was put together
	parts   *tokens.Shreds          // of those that are secret
	torn    map[string]bool         // by fingerprint: whose parts those are

	stream      string // where Stream is contacted
	streamGiven bool   // a flag or the shell says so
}

// New makes the world of one run.
func New(t facts.Target) *World {
	if t.Now == nil {
		t.Now = time.Now
	}
	user := facts.IsGiven
	if t.UserID == "" {
		t.UserID, user = facts.DefaultUserID, facts.IsAssumed
	}
	if t.UserName == "" {
		t.UserName = facts.DefaultUserName
	}
	given := t.StreamURL != ""
	if !given {
		t.StreamURL = facts.DefaultStreamURL
	}
	if t.Timeout <= 0 {
		t.Timeout = facts.DefaultTimeout
	}
	if t.Dir == "" {
		t.Dir = "."
	}
	w := &World{Target: t, stream: t.StreamURL, streamGiven: given, secrets: map[int]tokens.Secret{}, cleaned: map[int]tokens.Secret{}, written: map[int][]tokens.Secret{}, raw: map[int]string{}, parts: tokens.NewShreds(), torn: map[string]bool{}}
	f := &w.facts
	f.At = t.Now()
	f.Target = facts.TargetFacts{
		URL: sanitize.URL(t.URL), URLSource: "flag", Dir: t.Dir, UserID: t.UserID, UserName: t.UserName,
		Origin: t.Origin, OriginSource: "flag", StreamURL: sanitize.URL(t.StreamURL), Offline: t.Offline,
		Headers: len(t.Header) > 0, Given: t.Token != "", HasSecret: !t.Secret.IsZero(), DashboardSecret: -1,
		Static: t.Static, Method: strings.ToUpper(t.Method), Data: t.Data != nil, Flags: t.Flags, HeaderNames: headerNames(t.Header),
		Known: facts.TargetKnown{User: user},
	}
	if t.Offline {
		f.Target.StreamURL = ""
	}
	if t.APIKey != "" {
		id := w.AddValue(facts.Value{What: facts.WhatKey, Name: "API key", Kind: facts.KindDashboard, Pair: -1}, []byte(t.APIKey))
		f.Target.Key = w.facts.Values[id].Key
	}
	if !t.Secret.IsZero() {
		f.Target.DashboardSecret = w.AddSecret(facts.Value{What: facts.WhatSecret, Name: "API secret", Kind: facts.KindDashboard, Pair: -1}, t.Secret)
		if t.APIKey != "" {
			w.facts.Values[0].Pair, w.facts.Values[1].Pair = 1, 0
		}
	}
	if t.Browser != "" {
		id := w.AddValue(facts.Value{What: facts.WhatKey, Name: "API key", Kind: facts.KindBrowser, Role: facts.RoleFront, Pair: -1}, []byte(t.Browser))
		f.Target.BrowserKey = w.facts.Values[id].Key
	}
	return w
}

// headerNames are the names of headers, sorted, in small letters.
func headerNames(h http.Header) []string {
	var names []string
	for name := range h {
		names = append(names, strings.ToLower(name))
	}
	slices.Sort(names)
	return names
}

// Paste has a token that a front end's source holds judged as the one that its browser uses.
func (w *World) Paste(token, user string, at facts.Place) {
	w.mu.Lock()
	defer w.mu.Unlock()
	t := &w.facts.Target
	w.Target.Token, t.Given, t.TokenAt = token, true, at
	if user != "" && t.Known.User == facts.IsAssumed {
		w.Target.UserID, t.UserID, t.Known.User = user, sanitize.Visible(user), facts.IsGiven
	}
}

// StreamURL is where Stream is contacted.
func (w *World) StreamURL() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.stream
}

// SetBases files the base URLs that the project sets and, where neither a flag
// nor the shell names one, has Stream contacted at url; "" changes nothing.
func (w *World) SetBases(list []facts.StreamBase, url string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	use := url != "" && !w.streamGiven && !w.Target.Offline
	for i := range list {
		list[i].Asked = list[i].Asked && use
	}
	w.facts.Target.StreamBases = list
	if use {
		w.stream, w.facts.Target.StreamURL = url, sanitize.URL(url)
	}
}

// AddValue files one place where a key or secret is and gives its ID. It
// fills Length, Fingerprint, Clean, Blemishes, Placeholder, Empty and, for
// what is public by its shape, Key; the bytes themselves stay in the world.
func (w *World) AddValue(v facts.Value, raw []byte) int {
	clean := describe(&v, raw)
	id := w.file(v, tokens.NewSecret(raw))
	if len(v.Blemishes) > 0 {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.cleaned[id] = tokens.NewSecret(clean)
	}
	return id
}

// Refile changes the bytes of a Value: its place is read otherwise than was thought.
func (w *World) Refile(id int, raw []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.hidden = nil
	v := &w.facts.Values[id]
	v.Key, v.Blemishes, v.Placeholder = "", nil, false
	clean := describe(v, raw)
	w.secrets[id] = tokens.NewSecret(raw)
	delete(w.cleaned, id)
	if len(v.Blemishes) > 0 {
		w.cleaned[id] = tokens.NewSecret(clean)
	}
}

// AddSecret files a secret whose bytes this package cannot see.
func (w *World) AddSecret(v facts.Value, s tokens.Secret) int {
	v.Length, v.Fingerprint, v.Empty = s.Len(), s.Fingerprint(), s.IsZero()
	v.Clean = v.Fingerprint
	return w.file(v, s)
}

func (w *World) file(v facts.Value, s tokens.Secret) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	v.ID = len(w.facts.Values)
	w.facts.Values = append(w.facts.Values, v)
	w.secrets[v.ID], w.hidden = s, nil
	return v.ID
}

// AddToken files a token and gives its index into Facts.Tokens.
func (w *World) AddToken(t facts.Token, raw string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.facts.Tokens = append(w.facts.Tokens, t)
	w.raw[len(w.facts.Tokens)-1] = raw
	return len(w.facts.Tokens) - 1
}

// Secret gives the bytes after a Value, wrapped.
func (w *World) Secret(id int) tokens.Secret {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.secrets[id]
}

// Cleaned gives the bytes after a Value without its blemishes.
func (w *World) Cleaned(id int) tokens.Secret {
	w.mu.Lock()
	defer w.mu.Unlock()
	if s, ok := w.cleaned[id]; ok {
		return s
	}
	return w.secrets[id]
}

// RawToken gives a whole token by its index into Facts.Tokens.
func (w *World) RawToken(i int) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.raw[i]
}

// Update changes the facts under the lock.
func (w *World) Update(change func(*facts.Facts)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.hidden = nil
	change(&w.facts)
}

// Fail notes that a probe could not find out.
func (w *World) Fail(n facts.Name, err error) {
	var path *fs.PathError
	text := err.Error()
	if errors.As(err, &path) { // a path is long, known, or not to be shown
		text = strings.Replace(text, path.Error(), path.Err.Error(), 1)
	}
	msg := w.ScrubCut(text, sanitize.MaxKept)
	w.Update(func(f *facts.Facts) {
		if f.Errors == nil {
			f.Errors = map[facts.Name]string{}
		}
		f.Errors[n] = msg
	})
}

// Snapshot copies the facts as they are now. What probes have finished does
// not change any more; Values and Tokens may grow after the copy.
func (w *World) Snapshot() *facts.Facts {
	w.mu.Lock()
	defer w.mu.Unlock()
	f := w.facts
	f.Values = slices.Clone(f.Values)
	f.Tokens = slices.Clone(f.Tokens)
	if f.Errors != nil {
		m := make(map[facts.Name]string, len(f.Errors))
		for k, v := range f.Errors {
			m[k] = v
		}
		f.Errors = m
	}
	return &f
}
