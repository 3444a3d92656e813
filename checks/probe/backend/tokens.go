package backend

import (
	"badsig/checks/affix"
	"badsig/checks/probe/netx"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"sort"
	"strings"
	"time"

	"badsig/checks/facts"
	"badsig/checks/probe/names"
	"badsig/checks/probe/pattern"
	"badsig/checks/probe/vault"
	"badsig/checks/sanitize"
	"badsig/tokens"
)

const (
	maxLooked   = 64   // token candidates of one response that are looked at closely
	maxPerPost  = 4    // tokens of one response that are filed
	maxTokens   = 24   // tokens of a run that are filed
	around      = 256  // how much wrapping belongs to a token; more is a document with a token in it
	maxClaim    = 1000 // characters of a claim that Facts keep
	maxTokenLen = 16 << 10
)

// seen is a token candidate of one response.
type seen struct {
	name  string // the last part of field
	field string
	raw   string // what a front end would get under that name
	score int

	beside string // the field of Stream's token, where the front end uses this one, which isn't Stream's
}

// tokenName are the names under which responses carry a token (source: token
// endpoints of public projects).
var (
	tokenName  = pattern.New(`(?i)token|jwt$|^jws$`)
	streamName = pattern.New(`(?i)stream|chat|video|feed|user_?token`)
	otherName  = pattern.New(`(?i)refresh|session|csrf|xsrf|id_?token|push|device`)
)

// file files the tokens of all responses, last the one that was passed, and the keys that
// responses carry.
func (e *endpoint) file(w *vault.World, b *facts.Backend, read *bodies) {
	filed, keys := 0, map[string]bool{}
	one := func(a *facts.Answer, body []byte) {
		if a.APIKey != "" && !keys[a.APIKey] {
			keys[a.APIKey] = true
			w.AddValue(facts.Value{What: facts.WhatKey, Name: "apiKey", Kind: facts.KindAnswer, Role: facts.RoleServer, Pair: -1}, []byte(a.APIKey))
		}
		for i, s := range e.find(body) {
			if filed == maxTokens {
				return
			}
			t := e.fact(s.raw, "backend", s.field, a.ReceivedAt)
			if i == 0 && s.beside != "" {
				t.Flaws = append(t.Flaws, tokens.Flaw{Kind: tokens.FlawForeign, Detail: "the front end uses " + s.field + ", but the token for Stream is in " + s.beside, Got: s.field, Want: s.beside})
			}
			a.Tokens = append(a.Tokens, w.AddToken(t, s.raw))
			filed++
		}
	}
	for i := range b.Posts {
		one(&b.Posts[i], read.posts[i])
	}
	for i := range b.ByFamily {
		if i == 0 {
			b.ByFamily[0].Tokens = slices.Clone(b.Posts[0].Tokens)
			continue
		}
		one(&b.ByFamily[i], read.family[i])
	}
	for i := range b.Variants {
		one(&b.Variants[i], read.variants[i])
	}
	e.fileGiven(w)
}

func (e *endpoint) fileGiven(w *vault.World) {
	if t := w.Target.Token; t != "" {
		at := ""
		if p := e.facts.Target.TokenAt; p.File != "" {
			at = facts.At(p.File, p.Line)
		}
		w.AddToken(e.fact(t, "given", at, w.Target.Now()), t)
	}
}

// find gives the tokens of a body, the one that counts first.
func (e *endpoint) find(body []byte) []seen {
	var found []seen
	add := func(name, field, raw string) {
		if len(found) < maxLooked {
			found = append(found, seen{name: name, field: field, raw: raw, score: e.score(name, raw)})
		}
	}
	leaves, ok := document(body)
	if !ok {
		text := string(netx.WithoutMark(body))
		for _, t := range unwrapped(text) {
			add("", "body", t)
		}
	}
	field := func(l jsonValue) string { return e.w.ScrubCut(l.path, 64) }
	for _, l := range leaves {
		if len(found) == maxLooked {
			break
		}
		if l.kind == "string" && len(l.text) >= 5 {
			for _, t := range unwrapped(l.text) {
				add(l.name, field(l), t)
			}
		}
	}
	for _, l := range leaves {
		if len(found) == 0 && l.kind == "string" && passedOn(l) {
			add(l.name, field(l), l.text)
		}
	}
	e.asTaken(found)
	sort.SliceStable(found, func(i, j int) bool { return found[i].score > found[j].score })
	return found[:min(len(found), maxPerPost)]
}

// passedOn tells whether a front end would take a string for the token although
// it is none: it is under a token's name.
func passedOn(l jsonValue) bool {
	return names.Bare.MatchString(l.name) && !otherName.MatchString(l.name) && len(l.text) >= 5 &&
		!junk(l.text) && !affix.HasPrefix(strings.TrimSpace(l.text), "<")
}

// unwrapped gives the text itself where it is a token with little around it
// (spaces, quotes, Bearer), else the tokens that are in it.
func unwrapped(text string) []string {
	found := tokens.FindTokens(text)
	if len(found) == 1 && len(text) <= len(found[0])+around {
		return []string{text}
	}
	return found[:min(len(found), maxLooked)]
}

// score tells how much a string looks like the token for Stream: by its claims
// before its name, since many endpoints respond with a session's token too.
func (e *endpoint) score(name, raw string) int {
	if len(raw) > maxTokenLen {
		return 0
	}
	t := tokens.Parse(raw)
	n := 0
	_, text := t.UserID()
	_, has := t.Claims["user_id"]
	_, feeds := t.Claims["resource"]
	switch hs := t.Alg() == "HS256"; {
	case hs && text:
		n = 100
	case hs && has, hs && t.Has(tokens.FlawDev):
		n = 80
	case hs && feeds:
		n = 60
	case hs:
		n = 40
	case t.Claims == nil:
		n = 20
	default:
		n = 10
	}
	if id, _ := t.UserID(); id == e.w.Target.UserID {
		n += 5
	}
	if t.Has(tokens.FlawForeign) {
		n -= 30
	}
	switch {
	case streamName.MatchString(name):
		n += 25
	case otherName.MatchString(name):
		n -= 25
	case tokenName.MatchString(name):
		n += 5
	}
	return n
}

// fact is what Facts keep of a token: everything but its signature.
func (e *endpoint) fact(raw, source, field string, at time.Time) facts.Token {
	t := tokens.Parse(raw)
	f := facts.Token{
		Source: source, Field: field, Header: e.claims(t.Header), Claims: e.claims(t.Claims),
		Shown: e.shown(t), Segments: len(t.Segments),
		SigLen: len(t.Signature), Flaws: slices.Clone(t.Flaws), ReceivedAt: at,
	}
	if t.Has(tokens.FlawForeign) && signedForStream(e.w, t) {
		f.Flaws = affix.Without(f.Flaws, func(x tokens.Flaw) bool { return x.Kind == tokens.FlawForeign })
	}
	if in := t.SigningInput(); in != "" {
		f.Input = fingerprint(in)
	}
	if len(t.Segments) > 2 {
		f.Signature = fingerprint(strings.Join(t.Segments[2:], "."))
	}
	for i := range f.Flaws {
		f.Flaws[i].Detail = e.w.ScrubCut(f.Flaws[i].Detail, maxClaim)
		f.Flaws[i].Got = e.w.ScrubCut(f.Flaws[i].Got, maxClaim)
		f.Flaws[i].Like = e.w.ScrubCut(f.Flaws[i].Like, maxClaim)
	}
	return f
}

// signedForStream reports whether a secret of Stream's app signed a token: then
// no other service issued it, no matter what else it claims.
func signedForStream(w *vault.World, t tokens.Token) bool {
	for _, v := range w.Snapshot().Values {
		if s := w.Secret(v.ID); v.What == facts.WhatSecret && s.WellFormed() && tokens.NewVerifier(s).Signed(t) {
			return true
		}
	}
	return false
}

// shown is a token without its signature. Where something in it is not to be
// shown, its base64 is not either.
func (e *endpoint) shown(t tokens.Token) string {
	for _, raw := range [][]byte{t.HeaderRaw, t.ClaimsRaw} {
		if text := strings.ToValidUTF8(string(raw), "\uFFFD"); e.w.Scrub(text) != sanitize.Visible(text) {
			return "…"
		}
	}
	return sanitize.Cut(sanitize.Visible(t.Redacted()), 2*maxClaim)
}

// fingerprint is the first 8 hex digits of a string's SHA-256.
func fingerprint(s string) string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:4])
}
