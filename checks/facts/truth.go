package facts

import "badsig/tokens"

// Truth is which secret is right, as far as it is known, and by whom.
type Truth struct {
	Known bool
	By    string          // dashboard, stream
	Fps   map[string]bool // fingerprints of the right secrets: an app may have several pairs
	Key   string          // the app's key they belong to
}

// TruthOf finds the right secret. The dashboard's word counts unless Stream
// itself rejects that pair, or, where only the secret was passed (STREAM_API_SECRET of
// the shell may be the very fault), accepts another one for the key in use; else a pair
// that Stream accepted for the key the front end uses (or, without one, for any key of the project).
func TruthOf(f *Facts) Truth {
	t := Truth{Fps: map[string]bool{}}
	authOff := AuthDisabled(f)
	if !authOff && f.Stream != nil {
		want := ClientKey(f)
		for _, p := range f.Stream.Grid {
			if p.Answer.Status != 200 || (want != "" && p.Key != want) {
				continue
			}
			if v := ValueAt(f, p.Secret); v != nil {
				fp := v.Fingerprint
				if p.Cleaned {
					fp = v.Clean
				}
				t.Known, t.By, t.Key = true, "stream", p.Key
				t.Fps[fp] = true
			}
		}
	}
	if f.Target.HasSecret {
		d := ValueAt(f, f.Target.DashboardSecret)
		other := t.Known && f.Target.Key == "" && d != nil && Refused(f, t.Key, d.ID)
		if d != nil && !other && !Refused(f, f.Target.Key, d.ID) {
			t.Fps[d.Fingerprint] = true
			t.Known, t.By = true, "dashboard"
			if f.Target.Key != "" {
				t.Key = f.Target.Key
			}
		}
	}
	return t
}

// TruthBeforeStream is what is known of the right secret before Stream was contacted: what the dashboard shows.
func TruthBeforeStream(f *Facts) Truth {
	before := *f
	before.Stream = nil
	return TruthOf(&before)
}

// Refused tells whether Stream said that this key and this secret do not match.
func Refused(f *Facts, key string, secret int) bool {
	p := Cell(f, key, secret, false)
	return p != nil && SignatureRefused(&p.Answer)
}

// Cell finds what Stream said to one pair.
func Cell(f *Facts, key string, secret int, cleaned bool) *Pair {
	if f.Stream == nil {
		return nil
	}
	v := ValueAt(f, secret)
	for i := range f.Stream.Grid {
		p := &f.Stream.Grid[i]
		if p.Key != key || p.Cleaned != cleaned {
			continue
		}
		if q := ValueAt(f, p.Secret); p.Secret == secret || (v != nil && q != nil && q.Fingerprint == v.Fingerprint) {
			return p
		}
	}
	return nil
}

// SignatureRefused recognizes Stream's word that the signature does not fit:
// code 43, or code 5 with the text of 2023 (text before code: code 5 also
// means a malformed token).
func SignatureRefused(a *StreamAnswer) bool {
	if a == nil || a.Status == 0 || a.Status == 200 {
		return false
	}
	e, ok := tokens.ParseError(a.Message)
	return a.Code == 43 || (ok && e.Kind == tokens.ErrSignature)
}

// AuthDisabled tells whether the app accepts any signature.
//
//go:noinline
func AuthDisabled(f *Facts) bool {
	s := f.Stream
	return s != nil && ((s.App != nil && s.App.AuthDisabled) || (s.Control != nil && s.Control.Status == 200))
}

// StreamTook tells whether Stream accepted this token, while rejecting a tampered signature.
func StreamTook(f *Facts, t *Token) bool {
	s := f.Stream
	if s == nil || AuthDisabled(f) || s.Control == nil || s.Control.Status != 401 && !SignatureRefused(s.Control) {
		return false
	}
	a := s.User
	if t.Source == "given" {
		a = s.Given
	}
	return a != nil && PassedAuth(a)
}

// PassedAuth tells whether a response came after authentication: 200,
// or a rejection that only an authenticated request gets (16: no such user yet,
// 17: not allowed).
func PassedAuth(a *StreamAnswer) bool {
	return a.Status == 200 || a.Code == 16 || a.Code == 17
}

// BestHit is the best proof of who signed; nil for none.
func BestHit(f *Facts, t *Token) *tokens.Hit {
	if t == nil || t.Signer == nil || len(t.Signer.Hits) == 0 {
		return nil
	}
	return &t.Signer.Hits[0]
}

// SignedRight tells whether a right secret, as it is, signed the token.
func SignedRight(f *Facts, t *Token, tr Truth) bool {
	return t != nil && t.Signer != nil && !t.Signer.Truncated && BeginsRight(t, tr)
}

// BeginsRight tells whether a right secret's signature, or what a cut left of it, is the token's.
func BeginsRight(t *Token, tr Truth) bool {
	for _, h := range t.Signer.Hits {
		if tr.Fps[h.Signed] {
			return true
		}
	}
	return false
}

// DamagedFrom shows the right secret, corrupted, as the signer: found by
// trying, or, where the corrupted bytes themselves are in the project, by
// comparing them with the right ones.
func DamagedFrom(f *Facts, t *Token, tr Truth) *tokens.Hit {
	if t == nil || t.Signer == nil {
		return nil
	}
	for i, h := range t.Signer.Hits {
		if v := ValueAt(f, h.Candidate); v != nil && len(h.Damages) > 0 && tr.Fps[v.Fingerprint] {
			return &t.Signer.Hits[i]
		}
	}
	h := BestHit(f, t)
	if h == nil || len(h.Damages) > 0 || !tr.Known {
		return nil
	}
	v := ExactValue(f, h)
	if v == nil || v.VsDashboard == nil || len(v.VsDashboard.Damages) == 0 {
		return nil
	}
	for i := range f.Values {
		if r := &f.Values[i]; tr.Fps[r.Fingerprint] && r.What == WhatSecret {
			return &tokens.Hit{Candidate: r.ID, Damages: v.VsDashboard.Damages, Positions: v.VsDashboard.Positions, Length: h.Length, Signed: h.Signed}
		}
	}
	return nil
}

// ExactValue is the best place of the very bytes that signed: what
// the server reads first, then code and files that run, then the rest; nil if
// they are nowhere.
func ExactValue(f *Facts, h *tokens.Hit) *Value {
	var best *Value
	score := -1
	for i := range f.Values {
		v := &f.Values[i]
		if v.Fingerprint != h.Signed || v.Empty != (h.Length == 0) {
			continue
		}
		if s := Weight(f, v); s > score {
			best, score = v, s
		}
	}
	return best
}

func Weight(f *Facts, v *Value) int {
	s := 0
	switch {
	case f.Server != nil && f.Server.Secret == v.ID:
		s = 1000
	case v.Kind == KindKnown:
		return 0
	case v.Comment:
		s = 1
	case v.Kind == KindDashboard:
		s = 5
	case v.Kind == KindProcess:
		s = 300
	case v.Kind == KindAncestor:
		s = 250
	case v.Kind == KindAnswer:
		s = 2
	default:
		switch v.Role {
		case RoleServer, RoleShared:
			s = 200
		case RoleFront:
			s = 100
		case RoleOther:
			s = 50
		case RoleUnknown:
			s = 40
		case RoleExample, RoleTest, RoleDocs, RoleBuild:
			s = 20
		}
	}
	if v.Wins {
		s += 60
	}
	if v.Loaded {
		s += 30
	}
	if v.Read {
		s += 10
	}
	if v.What == WhatSecret {
		s += 5
	}
	return s
}
