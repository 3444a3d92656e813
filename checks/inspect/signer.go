package inspect

import (
	"context"
	"sync/atomic"

	"badsig/checks"
	"badsig/checks/probe"
	"badsig/tokens"
)

// thorough is how many tokens of one list are searched for through every
// damage; a search takes milliseconds, and a list may have a million tokens.
const thorough = 64

// many is what the inspectors of one list share, and what each has of its own.
type many struct {
	quick *probe.Quick
	left  *atomic.Int64 // thorough searches
}

// ForList gives an inspector for one goroutine of those that work on a list.
// budget is shared by all of them; make it with Budget.
func (in *Inspector) ForList(budget *atomic.Int64) *Inspector {
	own := *in
	if in.Keys != nil {
		own.many = &many{in.Keys.Quick(), budget}
	}
	return &own
}

// Budget is how many thorough searches one list may cost.
func Budget() *atomic.Int64 {
	n := new(atomic.Int64)
	n.Store(thorough)
	return n
}

// signer looks for the secret that signed a token; known is false where there
// is none to try.
func (in *Inspector) signer(ctx context.Context, t tokens.Token) (s tokens.Signer, known bool) {
	switch {
	case in.Keys == nil || len(t.Segments) < 3:
		return s, false
	case in.many == nil:
		return in.Keys.Signer(ctx, t), true
	}
	s, hit := in.many.quick.Signer(t)
	if hit || in.many.left.Add(-1) < 0 {
		return s, true
	}
	s = in.Keys.Signer(ctx, t)
	in.many.quick.Learn(s)
	return s, true
}

// signedBy says where the secret stands that signed, whether it is one that a
// Stream app may have, and whether it is proven to be this app's.
func (in *Inspector) signedBy(s tokens.Signer) (place string, sound, proven bool) {
	if len(s.Hits) == 0 {
		return "", false, false
	}
	f := in.Keys.FactsWith(s.Hits[0].Candidate)
	place = checks.SignedBy(f, &probe.Token{Signer: &s})
	if f.Target.DashboardSecret >= 0 {
		d := f.Values[f.Target.DashboardSecret]
		right := s.Hits[0].Signed == d.Fingerprint
		return place, right, right
	}
	v := f.Values[s.Hits[0].Candidate]
	sound = len(s.Hits[0].Damages) == 0 && v.What == probe.WhatSecret && v.Kind != probe.KindKnown && !v.Placeholder
	for _, b := range v.Blemishes {
		sound = sound && b == "not-64"
	}
	return place, sound, false
}

// signerCause names what is wrong with the secret that signed.
func (in *Inspector) signerCause(s tokens.Signer) checks.CauseID {
	h := s.Hits[0]
	if len(h.Damages) > 0 {
		d, _ := tokens.DamageByID(h.Damages[0])
		return checks.CauseID(d.Cause)
	}
	switch v := in.Keys.FactsWith(h.Candidate).Values[h.Candidate]; {
	case v.What == probe.WhatKey:
		return checks.CauseSecretIsKey
	case v.Kind == probe.KindKnown, v.Placeholder:
		return checks.CauseSecretPlaceholder
	}
	return ""
}
