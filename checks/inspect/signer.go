package inspect

import (
	"context"
	"fmt"
	"sync"

	"badsig/checks"
	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/probe/signer"
	"badsig/tokens"
)

// thorough is how many searches through every corruption of every secret one list
// may run without learning anything from them: each costs about a second of processor time, and a list
// may have a million tokens.
const thorough = 3

// Search is the searching for changed secrets that all inspectors of one list
// share, so that what one has found the others know.
type Search struct {
	mu   sync.Mutex
	left int
	hits []tokens.Signer
}

// NewSearch is for one list.
func NewSearch() *Search { return &Search{left: thorough} }

// many is the quick way of one inspector through a list.
type many struct {
	quick   *signer.Quick
	shared  *Search
	known   int // of shared.hits
	secrets int // that are the project's

	values   int // that are known
	redacted memory[string]
	held     memory[bool]
	last     signedHit
	room     room
}

// room is what a finding is written into, over the one before.
type room struct {
	says   [8]string
	token  TokenFinding
	stream checks.ReportStream
}

// room gives a place for a finding; a list uses one again and again.
func (in *Inspector) room() *room {
	if in.many != nil {
		return &in.many.room
	}
	return new(room)
}

// ForList gives an inspector for one goroutine of those that work on a list. A finding of its
// is good until the next one.
func (in *Inspector) ForList(s *Search) *Inspector {
	own := *in
	if in.Keys != nil {
		own.many = &many{quick: in.Keys.Quick(), shared: s, secrets: in.ownSecrets()}
	}
	return &own
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
	m := in.many
	s, hit := m.quick.Signer(t)
	if hit {
		return s, true
	}
	m.shared.mu.Lock()
	defer m.shared.mu.Unlock()
	if m.learn(); m.known > 0 {
		if s, hit = m.quick.Signer(t); hit {
			return s, true
		}
	}
	if m.shared.left <= 0 {
		return s, true
	}
	full := in.Keys.Signer(ctx, t)
	if m.quick.Learn(full) {
		m.shared.hits = append(m.shared.hits, full)
		m.known++
	} else {
		m.shared.left-- // nothing was found, or nothing that would find the next one quicker
	}
	return full, true
}

// learn adds what others have found since.
func (m *many) learn() {
	for ; m.known < len(m.shared.hits); m.known++ {
		m.quick.Learn(m.shared.hits[m.known])
	}
}

// signedHit is what signedBy says of the secret that signed the last token of a list as it is.
type signedHit struct {
	candidate, values int
	signed, place     string
	says              string // of place
	sound, proven     bool
}

// signedByLast is signedBy, which is the same for token after token.
func (in *Inspector) signedByLast(s tokens.Signer) (place string, sound, proven bool) {
	if in.many == nil || len(s.Hits) != 1 || len(s.Hits[0].Damages) > 0 || len(s.Hits[0].Positions) > 0 || s.Truncated || s.Encoding != "" {
		return in.signedBy(s)
	}
	h, l := s.Hits[0], &in.many.last
	if l.place == "" || l.candidate != h.Candidate || l.signed != h.Signed || l.values != in.many.values {
		*l = signedHit{candidate: h.Candidate, signed: h.Signed, values: in.many.values}
		l.place, l.sound, l.proven = in.signedBy(s)
	}
	return l.place, l.sound, l.proven
}

// signedBy says where the secret is that signed, whether it is one that a
// Stream app may have, and whether it is proven to be this app's.
func (in *Inspector) signedBy(s tokens.Signer) (place string, sound, proven bool) {
	if len(s.Hits) == 0 {
		return "", false, false
	}
	f := in.Keys.FactsWith(s.Hits[0].Candidate)
	place = facts.SignedBy(f, &facts.Token{Signer: &s})
	if f.Target.DashboardSecret >= 0 {
		d := f.Values[f.Target.DashboardSecret]
		right := s.Hits[0].Signed == d.Fingerprint
		return place, right, right
	}
	v := f.Values[s.Hits[0].Candidate]
	sound = len(s.Hits[0].Damages) == 0 && v.What == facts.WhatSecret && v.Kind != facts.KindKnown && v.Sound()
	if h := s.Hits[0]; v.What == facts.WhatSecret && h.Signed == v.Clean && h.Length == 64 {
		sound = true // the place is blemished, and what signed is what should be there
	}
	return place, sound, false
}

// signerCause names what is wrong with the secret that signed.
func (in *Inspector) signerCause(s tokens.Signer) causes.ID {
	h := s.Hits[0]
	if len(h.Damages) > 0 {
		d, _ := tokens.DamageByID(h.Damages[0])
		return causes.ID(d.Cause)
	}
	switch v := in.Keys.FactsWith(h.Candidate).Values[h.Candidate]; {
	case v.VsDashboard != nil && len(v.VsDashboard.Damages) > 0:
		d, _ := tokens.DamageByID(v.VsDashboard.Damages[0])
		return causes.ID(d.Cause)
	case v.What == facts.WhatKey:
		return causes.SecretIsKey
	case v.Kind == facts.KindKnown, v.Placeholder:
		return causes.SecretPlaceholder
	}
	return ""
}

// signedWith is the sentence that tells where the secret is that signed; in a long list it is
// nearly always the last one's.
func (in *Inspector) signedWith(place string) string {
	if in.many == nil || in.many.last.place != place {
		return "Signed with " + secretIn(place)
	}
	if l := &in.many.last; l.says == "" {
		l.says = "Signed with " + secretIn(place)
	}
	return in.many.last.says
}

// secretIn is a secret by where it is.
//
//go:noinline
func secretIn(place string) string {
	if affix.HasPrefix(place, "the ") || affix.HasPrefix(place, "a ") {
		return place
	}
	return "the secret in " + place
}

// notFound says which secrets were tried, and that none of them signed.
func (in *Inspector) notFound(s tokens.Signer) string {
	own := in.ownSecrets()
	switch {
	case own == 0:
		return "No secret to try here, so the signature can't be verified (common placeholders don't match): run badsig inspect in the project's folder, or badsig inspect --secret-file FILE -"
	case s.Tried == 0 && s.Candidates > 0:
		return "No secret could be tried: too little of the signature is left"
	case s.Damages == 0:
		return fmt.Sprintf("No match among %s and common placeholders", plural(own, "the 1 secret found here", "the %d secrets found here"))
	}
	return fmt.Sprintf("No match among %s, %d common placeholders, and %d typical corruptions of each (%d signatures computed)",
		plural(own, "the 1 secret found here", "the %d secrets found here"), max(0, s.Candidates-own), s.Damages, s.Tried)
}

// ownSecrets is how many secrets of the project or the dashboard there are to try.
func (in *Inspector) ownSecrets() int {
	if in.Keys == nil {
		return 0
	}
	if in.many != nil {
		return in.many.secrets
	}
	seen := map[string]bool{}
	for _, v := range in.Keys.Facts().Values {
		if v.What == facts.WhatSecret && v.Kind != facts.KindKnown && !v.Empty && !v.Placeholder {
			seen[v.Fingerprint] = true
		}
	}
	return len(seen)
}
