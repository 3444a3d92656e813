// Package signer finds out which secret signed a token, and how it was corrupted before.
package signer

import (
	"context"
	"slices"
	"sort"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/vault"
	"badsig/tokens"
)

// Rules of this file:
//   - every secret of the world is a candidate, and so are keys, other secrets and well-known strings
//   - a well-known text is filed as a Value only when it is a proof
//   - the finding names Values; the bytes stay where they are

// wellKnown are strings that sign tokens by accident: what undefined and its
// like become in a string, and placeholders that were never replaced.
var wellKnown = []string{
	"", "undefined", "null", "NaN", "None", "nil", "[object Object]", "[object Promise]", "true", "false",
	"secret", "dev-secret", "dev_secret", "devsecret", "my-secret", "my_secret", "mysecret", "supersecret", "super-secret",
	"super_secret", "shhhhh", "shhhhhh", "changeme", "change-me", "change_me", "changeit", "password", "test", "test-secret",
	"test_secret", "testsecret", "dummy", "placeholder", "example", "xxx", "xxxx", "TODO", "todo", "default", "default-secret",
	"default_secret", "fallback", "fallback-secret", "fallback_secret", "jwt-secret", "jwt_secret", "jwtsecret", "key",
	"your_api_secret", "your-api-secret", "YOUR_API_SECRET", "your_secret", "your-secret", "YOUR_SECRET", "your_api_secret_here",
	"your-api-secret-here", "YOUR_API_SECRET_HERE", "your_secret_here", "your-secret-here", "your_secret_key", "your-secret-key",
	"your_stream_api_secret", "your-stream-api-secret", "YOUR_STREAM_API_SECRET", "your_stream_secret", "your-stream-secret",
	"your_stream_api_secret_here", "your_stream_secret_here", "YOUR_STREAM_SECRET", "stream_api_secret", "STREAM_API_SECRET",
	"api_secret", "api-secret", "API_SECRET", "apiSecret", "<your-api-secret>", "<your_api_secret>", "<API_SECRET>",
	"your-256-bit-secret", "a-string-secret-at-least-256-bits-long", "insert_api_secret_here", "replace_me", "replace-me",
	"REPLACE_ME", "stream_secret", "STREAM_SECRET", "process.env.STREAM_API_SECRET", "${STREAM_API_SECRET}", "$STREAM_API_SECRET",
}

// knownBase keeps the IDs of well-known strings apart from those of Values until
// one of them turns out to be a proof.
const knownBase = 1 << 24

// writtenBase does the same for what is written after the = in a file, where
// the known loaders make something else of it: Value.ID*writtenForms + form.
const (
	writtenBase  = 1 << 26
	writtenForms = 8
)

// deepLimit is how many of the project's secrets may be tried with every
// typo where no dashboard secret was passed.
const deepLimit = 1

// Probe fills Signer of each token. Every token is tried with every
// candidate; typos, which cost a hundred times as much, only on the first
// token that nothing explains, and then with what explained that one.
func Probe(ctx context.Context, w *vault.World) error {
	f := w.Snapshot()
	if len(f.Tokens) == 0 {
		return nil
	}
	all := candidates(w, f)
	var shallow, deep []tokens.Candidate
	for _, c := range all {
		if c.Deep {
			deep = append(deep, c)
		}
		c.Deep = false
		shallow = append(shallow, c)
	}
	found, known := map[string]tokens.Signer{}, map[int]int{}
	for i := range f.Tokens {
		t := tokens.Parse(w.RawToken(i))
		if len(t.Segments) < 2 {
			continue // nothing is signed
		}
		s, ok := found[t.Clean]
		if !ok {
			s = tokens.FindSigner(ctx, t, shallow)
			if len(s.Hits) == 0 && len(deep) > 0 && s.Tried > 0 && !facts.HasFlaw(&f.Tokens[i], tokens.FlawForeign) { // another issuer's key isn't a typo of Stream's secret
				deep = typos(w, ctx, t, deep, &s)
			}
			if err := ctx.Err(); err != nil {
				return err
			}
			fileKnown(w, &s, known)
			found[t.Clean] = s
		}
		own := s
		w.Update(func(f *facts.Facts) { f.Tokens[i].Signer = &own })
	}
	return nil
}

// typos searches on among the typos of a few secrets and gives those that are
// worth trying on the next token: what signed this one.
func typos(w *vault.World, ctx context.Context, t tokens.Token, deep []tokens.Candidate, s *tokens.Signer) []tokens.Candidate {
	more := tokens.FindSignerWithin(ctx, facts.TypoPatience*w.Target.Timeout, t, deep)
	s.Hits, s.Truncated, s.Encoding, s.Cut = more.Hits, more.Truncated, more.Encoding, more.Cut
	s.Tried += more.Tried
	return affix.Without(slices.Clone(deep), func(c tokens.Candidate) bool {
		return !slices.ContainsFunc(more.Hits, func(h tokens.Hit) bool { return h.Candidate == c.ID })
	})
}

// candidates lists what may have signed, most probable first.
func candidates(w *vault.World, f *facts.Facts) []tokens.Candidate {
	values := slices.Clone(f.Values)
	rank := func(v facts.Value) int {
		switch {
		case v.ID == f.Target.DashboardSecret:
			return 0
		case f.Server != nil && v.ID == f.Server.Secret:
			return 1
		case v.What == facts.WhatSecret && v.Wins:
			return 2
		case v.What == facts.WhatSecret && v.Loaded && !v.Comment:
			return 3
		case v.What == facts.WhatSecret && (v.Kind == facts.KindProcess || v.Kind == facts.KindAncestor):
			return 4
		case v.What == facts.WhatSecret && (v.Role == facts.RoleServer || v.Role == facts.RoleShared) && !v.Comment:
			return 5
		case v.What == facts.WhatSecret:
			return 6
		case v.What == facts.WhatOther:
			return 7
		}
		return 8
	}
	sort.SliceStable(values, func(i, j int) bool { return rank(values[i]) < rank(values[j]) })

	deep := 0
	out := make([]tokens.Candidate, 0, len(values)+len(wellKnown))
	shapes := map[string]bool{}
	for _, v := range values {
		s := w.Secret(v.ID)
		c := tokens.Candidate{ID: v.ID, Secret: s, Name: v.Name, Deep: v.ID == f.Target.DashboardSecret}
		if f.Target.DashboardSecret < 0 && v.What == facts.WhatSecret && s.WellFormed() && deep < deepLimit && !shapes[v.Fingerprint] {
			shapes[v.Fingerprint], c.Deep = true, true
			deep++
		}
		out = append(out, c)
		for form, s := range w.Written(v.ID) {
			if form < writtenForms {
				out = append(out, tokens.Candidate{ID: writtenBase + v.ID*writtenForms + form, Secret: s})
			}
		}
	}
	for i, text := range wellKnown {
		out = append(out, tokens.Candidate{ID: knownBase + i, Secret: tokens.NewSecret([]byte(text))})
	}
	return out
}

// fileKnown files the well-known strings among the hits and gives them Value
// IDs; known holds those that are filed already.
func fileKnown(w *vault.World, s *tokens.Signer, known map[int]int) {
	s.Hits = slices.Clone(s.Hits)
	for i, h := range s.Hits {
		if h.Candidate < knownBase {
			continue
		}
		if h.Candidate >= writtenBase {
			s.Hits[i] = asWritten(w, h)
			continue
		}
		id, ok := known[h.Candidate]
		if !ok {
			text := wellKnown[h.Candidate-knownBase]
			id = w.AddValue(facts.Value{What: facts.WhatSecret, Name: "well-known text", Kind: facts.KindKnown, Role: facts.RoleUnknown, Pair: -1}, []byte(text))
			known[h.Candidate] = id
		}
		s.Hits[i].Candidate = id
	}
}

// asWritten turns the proof that a line's own text signed into a way to corrupt the
// value that is on it.
func asWritten(w *vault.World, h tokens.Hit) tokens.Hit {
	id, form := (h.Candidate-writtenBase)/writtenForms, (h.Candidate-writtenBase)%writtenForms
	d := tokens.Compare(w.Secret(id), w.Written(id)[form])
	h.Candidate, h.Positions = id, d.Positions
	if h.Damages = append(d.Damages, h.Damages...); len(h.Damages) == 0 {
		h.Damages = []string{facts.AsWritten}
	}
	return h
}
