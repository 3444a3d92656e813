package stream

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"sync"
	"time"

	"badsig/checks/facts"
	"badsig/checks/probe/vault"
	"badsig/tokens"
)

// Rules of this file:
//   - what identifies a response is a keyed hash that means nothing outside this process
//   - a token is what Stream judges it by: who signed it, for which app, with which claims. One that was minted
//     anew says the same, so its response is the old one's; iat and exp count where the clock decides
//   - a response is forgotten when the memory is told to, and when this machine's clock was set or stood still

// Memory keeps Stream's responses between runs of one console, so that Stream is
// contacted again only when key, secret or token changed. It is safe for
// concurrent use; it holds no secret and no token.
type Memory struct {
	mu      sync.Mutex
	salt    [32]byte
	answers map[[32]byte]remembered
}

// remembered is one response from Stream.
type remembered struct {
	reply reply
	at    time.Time
}

const (
	maxRemembered = 256
	// limitedAge is how long Stream is left alone after it wanted that.
	limitedAge = 30 * time.Second
	// clockStep is how far the wall clock may move against the time that passed
	// before what Stream said about times is worth nothing.
	clockStep = 2 * time.Second
)

// NewMemory gives an empty memory.
func NewMemory() *Memory {
	m := &Memory{answers: map[[32]byte]remembered{}}
	_, _ = rand.Read(m.salt[:]) // crypto/rand.Read never fails
	return m
}

// Forget drops every response, so that the next run queries Stream again.
func (m *Memory) Forget() {
	m.mu.Lock()
	defer m.mu.Unlock()
	clear(m.answers)
}

// question is what a response from Stream is to.
type question struct {
	id    [32]byte
	exact [32]byte // these very bytes: for a refusal that another iat or exp might undo
	timed bool     // what the clock says about the token is part of id
}

// id gives what identifies a response.
func (m *Memory) id(parts ...string) [32]byte {
	h := hmac.New(sha256.New, m.salt[:])
	h.Write([]byte(strings.Join(parts, "\x00")))
	return [32]byte(h.Sum(nil))
}

// aboutPair is the question about a pair. A token minted for the year 1970 means the
// secret: equal tokens mean equal secrets.
func (m *Memory) aboutPair(base, key string, s tokens.Secret, spoilt bool) question {
	kind := "pair"
	if spoilt {
		kind = "control"
	}
	stands, err := tokens.MintServer(s, time.Unix(0, 0))
	if err != nil {
		stands = "none"
	}
	id := m.id(kind, base, key, stands)
	return question{id: id, exact: id}
}

// aboutToken is the question about the token t at index i of the facts, or about it with
// a tampered signature. What the clock says about the token is part of it: the
// response to an expired token is another one.
func (m *Memory) aboutToken(w *vault.World, base, key string, i int, t tokens.Token, spoilt bool) question {
	now := w.Target.Now()
	kind := "token"
	if spoilt {
		kind = "tampered token"
	}
	q := question{exact: m.id(kind, base, key, "exactly", t.Raw)}
	by, known := signerOf(w, w.Snapshot(), i)
	if !known {
		by = t.Raw
	}
	around := ""
	if t.Raw != t.Clean {
		around = strings.Replace(t.Raw, t.Clean, "…", 1)
	}
	parts := []string{kind, base, key, by, string(t.HeaderRaw), around, lastingClaims(t.Claims)}
	for _, f := range t.Flaws {
		parts = append(parts, string(f.Kind), f.Wrap)
	}
	for _, f := range t.FlawsAt(now, 0) {
		parts, q.timed = append(parts, f.Kind), true
	}
	q.id = m.id(parts...)
	return q
}

// signerOf says who signed a token: the bytes that verify it, else, where
// nothing that is known does, the process that issued it beside everything
// known; known is false where not even that can be said.
func signerOf(w *vault.World, f *facts.Facts, i int) (by string, known bool) {
	t := f.Tokens[i]
	if s := t.Signer; s != nil && len(s.Hits) > 0 {
		return fmt.Sprint(s.Hits[0].Signed, s.Hits[0].Length, s.Truncated, s.Encoding), true
	}
	if t.Source != "backend" || f.Process == nil || len(f.Process.Listeners) == 0 {
		return "", false
	}
	by = "unknown " + f.Target.URL
	for _, l := range f.Process.Listeners {
		if l.PID == 0 {
			return "", false
		}
		by += fmt.Sprint(" ", l.PID, l.Start.UnixNano())
	}
	for _, v := range f.Values {
		by += " " + v.Fingerprint
	}
	return by, true
}

// lastingClaims are the claims that a token minted a moment later has, too.
func lastingClaims(c tokens.Claims) string {
	c = maps.Clone(c)
	for _, name := range []string{"iat", "exp", "nbf", "jti"} {
		if _, has := c[name]; has {
			c[name] = true
		}
	}
	b, _ := json.Marshal(c) // what was decoded from JSON can be encoded
	return string(b)
}

// recall gives the response to a question that was sent before.
func (m *Memory) recall(q question, now time.Time) (reply, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, id := range [][32]byte{q.id, q.exact} {
		r, ok := m.answers[id]
		if !ok {
			continue
		}
		passed := now.Sub(r.at)
		stepped := now.Round(0).Sub(r.at.Round(0)) - passed // Round(0) removes the reading of the monotonic clock
		if passed < 0 || stepped.Abs() > clockStep || (r.reply.answer.Status == 429 && passed > limitedAge) {
			delete(m.answers, id)
			continue
		}
		return r.reply, true
	}
	return reply{}, false
}

// keep remembers a response; a failure to get one is never remembered.
func (m *Memory) keep(q question, r reply, now time.Time) {
	if r.answer.Error != "" && r.answer.Error != "rate-limited" {
		return
	}
	id := q.id
	switch r.answer.Code {
	case tokens.CodeExpired, tokens.CodeNotYet, tokens.CodeBeforeIssued:
		if !q.timed { // by Stream's clock, or revoked: the next token may be on the other side
			id = q.exact
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, old := m.answers[id]; !old && len(m.answers) >= maxRemembered {
		m.dropOldest()
	}
	m.answers[id] = remembered{r, now}
}

func (m *Memory) dropOldest() {
	var oldest [32]byte
	var at time.Time
	for id, r := range m.answers {
		if at.IsZero() || r.at.Before(at) {
			oldest, at = id, r.at
		}
	}
	delete(m.answers, oldest)
}
