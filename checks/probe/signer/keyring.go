package signer

import (
	"context"
	"slices"

	"badsig/checks/facts"
	"badsig/checks/probe/vault"
	"badsig/tokens"
)

// Keyring is every secret that a world knew at one moment, ready to be tried
// on many tokens. It is safe for concurrent use.
type Keyring struct {
	world      *vault.World
	facts      *facts.Facts
	candidates []tokens.Candidate
}

// NewKeyring gathers a world's secrets, most probable first.
func NewKeyring(w *vault.World) *Keyring {
	f := w.Snapshot()
	return &Keyring{world: w, facts: f, candidates: candidates(w, f)}
}

// Signer says which of the secrets, corrupted how, signed a token. A hit's
// Candidate is a Value's ID in Facts.
func (k *Keyring) Signer(ctx context.Context, t tokens.Token) tokens.Signer {
	s := tokens.FindSigner(ctx, t, k.candidates)
	fileKnown(k.world, &s, map[int]int{})
	return s
}

// FactsWith gives facts in which a Value is: those of the ring's making,
// unless Signer has filed that Value later.
func (k *Keyring) FactsWith(value int) *facts.Facts {
	if value < len(k.facts.Values) {
		return k.facts
	}
	return k.world.Snapshot()
}

// Facts gives the facts of the ring's making.
func (k *Keyring) Facts() *facts.Facts { return k.facts }

// Like finds the secret of a file, a process or the dashboard that a given one
// is, or was changed into; value is -1 for none. Where only the found one has a
// Stream secret's shape, given says that d is what changed that one into s.
func (k *Keyring) Like(s tokens.Secret) (value int, d tokens.Difference, given bool) {
	for _, v := range k.facts.Values {
		if v.What == facts.WhatSecret && !v.Empty && k.world.Secret(v.ID).Equal(s) {
			return v.ID, tokens.Difference{Equal: true}, false
		}
	}
	for _, v := range k.facts.Values {
		if v.What != facts.WhatSecret || v.Empty || v.Placeholder {
			continue
		}
		a, b := s, k.world.Secret(v.ID)
		given := b.WellFormed() && !a.WellFormed()
		if given {
			a, b = b, a
		}
		if d := tokens.Compare(a, b); len(d.Damages) > 0 {
			return v.ID, d, given
		}
	}
	return -1, d, false
}

// Redact removes the secrets of the ring's world, in any form, and signatures from a string.
func (k *Keyring) Redact(text string) string { return k.world.Redact(text) }

// Known is how many values the ring's world has: more of them hide more.
func (k *Keyring) Known() int { return k.world.Known() }

// Holds reports whether a string contains one of the ring's secrets, or a part of
// one, in any form.
func (k *Keyring) Holds(text string) bool {
	return k.world.HoldsSecret(text) || slices.ContainsFunc(k.candidates, func(c tokens.Candidate) bool {
		return c.ID < knownBase && c.Secret.Len() >= 16 && k.facts.Values[c.ID].Key == "" && c.Secret.InText(text)
	})
}

// HoldsAsWritten is Holds for a token's segment whose decoded bytes were looked at already.
func (k *Keyring) HoldsAsWritten(segment string) bool { return k.world.HoldsAsWritten(segment) }

// HasDashboard tells whether the dashboard's secret is among the candidates.
func (k *Keyring) HasDashboard() bool { return k != nil && k.facts.Target.DashboardSecret >= 0 }

// Quick tries secrets as they are on one token after another: those of the
// project, and those that a thorough search has found out. Unlike the Keyring
// it belongs to one goroutine.
type Quick struct {
	keys  *Keyring
	tries []quickTry
}

type quickTry struct {
	hits []tokens.Hit // one; shared by all results
	v    *tokens.Verifier
}

// Quick gives a quick way through a long list.
func (k *Keyring) Quick() *Quick {
	q := &Quick{keys: k}
	for _, c := range k.candidates {
		if c.ID < knownBase {
			q.add(tokens.Hit{Candidate: c.ID}, c.Secret)
		}
	}
	return q
}

func (q *Quick) add(h tokens.Hit, s tokens.Secret) {
	h.Length, h.Signed = s.Len(), s.Fingerprint()
	for _, t := range q.tries {
		if t.hits[0].Signed == h.Signed {
			return
		}
	}
	q.tries = append(q.tries, quickTry{[]tokens.Hit{h}, tokens.NewVerifier(s)})
}

// Signer finds the secret that signed a token as it is. Lists are made by
// one signer, mostly, so the one that hit last is tried first.
func (q *Quick) Signer(t tokens.Token) (tokens.Signer, bool) {
	for i := range q.tries {
		if q.tries[i].v.Signed(t) {
			q.tries[0], q.tries[i] = q.tries[i], q.tries[0]
			return tokens.Signer{Hits: q.tries[0].hits, Candidates: len(q.tries), Tried: i + 1}, true
		}
	}
	return tokens.Signer{Candidates: len(q.tries), Tried: len(q.tries)}, false
}

// Learn adds what a thorough search has found to the secrets that are tried;
// false says that there was nothing to learn.
func (q *Quick) Learn(s tokens.Signer) bool {
	const limit = 64 // secrets that are tried on every token
	if len(s.Hits) == 0 || len(s.Hits[0].Positions) > 0 || len(q.tries) >= limit {
		return false
	}
	h := s.Hits[0]
	secret := q.keys.world.Secret(h.Candidate)
	for _, id := range h.Damages {
		var ok bool
		if secret, ok = tokens.DamageSecret(id, secret, ""); !ok {
			return false
		}
	}
	if secret.Fingerprint() != h.Signed {
		return false
	}
	q.add(h, secret)
	return true
}
