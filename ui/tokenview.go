package ui

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/pattern"
	"badsig/tokens"
)

// source is where a token comes from.
type source int

const (
	fromAny     source = iota // the backend's, or while an edit has not reached it, the minted one
	fromBackend               // what the endpoint returns
	fromMinted                // made here
	fromBrowser               // pasted, or given with --token
)

var sourceNames = map[source]string{fromBackend: "backend", fromMinted: "minted", fromBrowser: "browser"}

// tokenView is one token as the panes show it.
type tokenView struct {
	source source
	raw    string // whole, for the clipboard; "" where only its redacted form is known
	tok    tokens.Token
	fact   *facts.Token
	signed string // who signed it, in words
	answer *tokens.Prediction
	asked  bool // the response is Stream's own, not a prediction
}

// tokenOf gives the token of a source as it may be drawn; ok is false where there is none.
func (s *session) tokenOf(src source) (v tokenView, ok bool) {
	if v, ok = s.wholeTokenOf(src); ok {
		v.tok = s.shownToken(v.tok)
	}
	return v, ok
}

func (s *session) wholeTokenOf(src source) (v tokenView, ok bool) {
	switch src {
	case fromMinted:
		if s.minted == "" {
			return v, false
		}
		v = tokenView{source: src, raw: s.minted, tok: tokens.Parse(s.minted), signed: s.mintBy}
		v.answer = foretell(s)
		return v, true
	case fromBackend:
		v, ok = s.seen("backend")
		if ok && s.facts.Stream != nil {
			v.heard(s.facts.Stream.User)
		}
	case fromBrowser:
		v, ok = s.seen("given")
		if ok && s.facts.Stream != nil {
			v.heard(s.facts.Stream.Given)
		}
		if !ok && s.target.Token != "" {
			return tokenView{source: src, raw: s.target.Token, tok: tokens.Parse(s.target.Token)}, true
		}
	case fromAny:
		return s.wholeTokenOf(s.pick())
	}
	v.source = src
	return v, ok
}

// pick is the token that is worth looking at now.
func (s *session) pick() source {
	if s.source != fromAny {
		if _, ok := s.tokenOf(s.source); ok {
			return s.source
		}
	}
	if s.pending && s.minted != "" {
		return fromMinted
	}
	if _, ok := s.seen("backend"); ok {
		return fromBackend
	}
	if s.minted != "" {
		return fromMinted
	}
	return fromBackend
}

// sources are those that have a token.
func (s *session) sources() []source {
	var out []source
	for _, src := range []source{fromBackend, fromMinted, fromBrowser} {
		if _, ok := s.tokenOf(src); ok {
			out = append(out, src)
		}
	}
	return out
}

// seen gives the first token of the facts from a place.
func (s *session) seen(from string) (v tokenView, ok bool) {
	if s.facts == nil {
		return v, false
	}
	for i := range s.facts.Tokens {
		t := &s.facts.Tokens[i]
		if t.Source != from {
			continue
		}
		v = tokenView{fact: t, answer: t.Prediction}
		if s.world != nil {
			v.raw = s.world.RawToken(i)
		}
		if v.raw != "" {
			v.tok = tokens.Parse(v.raw)
		} else {
			v.tok = tokens.Token{Clean: t.Shown, Segments: strings.Split(t.Shown, "."), Header: t.Header, Claims: t.Claims, Flaws: t.Flaws}
		}
		if t.Signer != nil {
			v.signed = facts.SignedBy(s.facts, t)
		}
		return v, true
	}
	return v, false
}

// foretell is what Stream responds to the minted token, as far as the secret it
// was minted with is known to be the app's, or known not to be; nil otherwise.
func foretell(s *session) *tokens.Prediction {
	if s.facts == nil {
		return nil
	}
	_, keys := s.keysInUse()
	if len(keys) == 0 {
		return nil
	}
	secret, _ := s.secretFor()
	proven := !s.target.Secret.IsZero()
	if st := s.facts.Stream; st != nil && !proven {
		for _, p := range st.Grid {
			if v := s.value(p.Secret); p.Key != keys[0] || v == nil || v.Fingerprint != secret.Fingerprint() {
				continue
			}
			if p.Answer.Status == 401 {
				return &tokens.Prediction{Status: p.Answer.Status, Code: p.Answer.Code, Message: p.Answer.Message}
			}
			proven = p.Answer.Status == 200 && !p.Cleaned && !s.signaturesIgnored()
		}
	}
	if !proven {
		return nil
	}
	p := tokens.Predict(s.minted, tokens.World{Now: s.now, Key: tokens.APIKey(keys[0]), KeyKnown: true, Secret: secret})
	return &p
}

// signaturesIgnored reports whether Stream accepts any signature, so that a 200 proves nothing.
func (s *session) signaturesIgnored() bool {
	c := s.facts.Stream.Control
	return c != nil && c.Status == 200
}

// heard puts Stream's own response in the place of a prediction.
func (v *tokenView) heard(a *facts.StreamAnswer) {
	if a != nil && a.Status != 0 {
		v.answer, v.asked = &tokens.Prediction{Status: a.Status, Code: a.Code, Message: a.Message}, true
	}
}

// text shows a claim on one line.
func text(v any) string {
	switch v := v.(type) {
	case nil:
		return "–"
	case string:
		return v
	case json.Number:
		return v.String()
	}
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(b)
}

// extra lists the claims beside user_id, iat, exp and nbf, sorted.
func extra(c tokens.Claims) []string {
	var names []string
	for _, n := range slices.Sorted(maps.Keys(c)) {
		if n != "user_id" && n != "iat" && n != "exp" && n != "nbf" {
			names = append(names, n)
		}
	}
	return names
}

// when says a time claim and how far it is away: "12:04:29", "2 s ago".
func when(c tokens.Claims, name string, now time.Time) (at, away string, ok bool) {
	raw, there := c[name]
	if !there {
		return "–", "", false
	}
	t, good := c.Time(name)
	if !good {
		return clean(text(raw)), "not a whole number of seconds", false
	}
	d := t.Sub(now)
	if d > -time.Second && d < time.Second {
		return moment(t, now), "now", true
	}
	if d < 0 {
		return moment(t, now), span(-d) + " ago", true
	}
	return moment(t, now), "in " + span(d), true
}

// answerText is "401 · 43 signature is not valid".
func answerText(status, code int, message string) string {
	if status == 0 {
		return facts.First(message, "no response")
	}
	out := itoa(status)
	if status == 200 {
		return out + " accepted"
	}
	if code != 0 {
		out += " · " + itoa(code)
	}
	if m := shortMessage(message); m != "" {
		out += " " + m
	}
	return clean(out)
}

// wrapper is what Stream's endpoints put around the message of the layer below.
var wrapper = pattern.New(`^\w+ failed with error: \\*"(.*?)\\*"?$`)

// shortMessage is the part of Stream's message that tells the fault.
func shortMessage(m string) string {
	if at := wrapper.FindStringSubmatch(m); at != nil {
		m = at[1]
	}
	m = affix.TrimPrefix(m, "JWTAuth error: ")
	m, _, _ = affix.Cut(m, ". Make sure")
	return m
}
