package checks

import (
	"badsig/checks/probe"
	"badsig/tokens"
)

// truth is which secret is right, as far as it is known, and by whom.
type truth struct {
	known bool
	by    string          // dashboard, stream
	fps   map[string]bool // fingerprints of the right secrets: an app may have several pairs
	key   string          // the app's key they belong to
}

// truthOf finds the right secret. The dashboard's word counts unless Stream
// itself refuses that pair; else a pair that Stream accepted for the key the
// front end uses (or, without one, for any key of the project).
func truthOf(f *probe.Facts) truth {
	t := truth{fps: map[string]bool{}}
	authOff := authDisabled(f)
	if !authOff && f.Stream != nil {
		want := clientKey(f)
		for _, p := range f.Stream.Grid {
			if p.Answer.Status != 200 || (want != "" && p.Key != want) {
				continue
			}
			if v := valueAt(f, p.Secret); v != nil {
				fp := v.Fingerprint
				if p.Cleaned {
					fp = v.Clean
				}
				t.known, t.by, t.key = true, "stream", p.Key
				t.fps[fp] = true
			}
		}
	}
	if f.Target.HasSecret {
		if d := valueAt(f, f.Target.DashboardSecret); d != nil && !refused(f, f.Target.Key, d.ID) {
			t.fps[d.Fingerprint] = true
			t.known, t.by = true, "dashboard"
			if f.Target.Key != "" {
				t.key = f.Target.Key
			}
		}
	}
	return t
}

// refused tells whether Stream said that this key and this secret do not match.
func refused(f *probe.Facts, key string, secret int) bool {
	p := cell(f, key, secret, false)
	return p != nil && signatureRefused(&p.Answer)
}

// cell finds what Stream said to one pair.
func cell(f *probe.Facts, key string, secret int, cleaned bool) *probe.Pair {
	if f.Stream == nil {
		return nil
	}
	v := valueAt(f, secret)
	for i := range f.Stream.Grid {
		p := &f.Stream.Grid[i]
		if p.Key != key || p.Cleaned != cleaned {
			continue
		}
		if q := valueAt(f, p.Secret); p.Secret == secret || (v != nil && q != nil && q.Fingerprint == v.Fingerprint) {
			return p
		}
	}
	return nil
}

// signatureRefused recognises Stream's word that the signature does not fit:
// code 43, or code 5 with the text of 2023 (text before code: code 5 also
// means a malformed token).
func signatureRefused(a *probe.StreamAnswer) bool {
	if a == nil || a.Status == 0 || a.Status == 200 {
		return false
	}
	e, ok := tokens.ParseError(a.Message)
	return a.Code == 43 || (ok && e.Kind == tokens.ErrSignature)
}

// authDisabled tells whether the app takes any signature.
func authDisabled(f *probe.Facts) bool {
	s := f.Stream
	return s != nil && ((s.App != nil && s.App.AuthDisabled) || (s.Control != nil && s.Control.Status == 200))
}

// streamTook tells whether Stream accepted this token, while refusing a spoilt signature.
func streamTook(f *probe.Facts, t *probe.Token) bool {
	s := f.Stream
	if s == nil || authDisabled(f) || s.Control == nil || s.Control.Status != 401 && !signatureRefused(s.Control) {
		return false
	}
	a := s.User
	if t.Source == "given" {
		a = s.Given
	}
	return a != nil && passedAuth(a)
}

// passedAuth tells whether an answer came from behind the authentication: 200,
// or a refusal that only an authenticated request gets (16: no such user yet,
// 17: not allowed).
func passedAuth(a *probe.StreamAnswer) bool {
	return a.Status == 200 || a.Code == 16 || a.Code == 17
}

// clientKey is the key that goes to Stream with the token: the front end's,
// else the one the endpoint's answer carries, else the dashboard's, else the backend's.
func clientKey(f *probe.Facts) string {
	if v := frontKey(f); v != nil {
		return v.Key
	}
	for i := range f.Values {
		if v := &f.Values[i]; v.Kind == probe.KindAnswer && v.What == probe.WhatKey && v.Key != "" {
			return v.Key
		}
	}
	if f.Target.Key != "" {
		return f.Target.Key
	}
	if f.Server != nil {
		if v := valueAt(f, f.Server.Key); v != nil {
			return v.Key
		}
	}
	return ""
}

// frontKeys are the values that the front end uses today.
func frontKeys(f *probe.Facts) []*probe.Value {
	if f.Server == nil {
		return nil
	}
	var vs []*probe.Value
	for _, id := range f.Server.FrontKeys {
		if v := valueAt(f, id); v != nil {
			vs = append(vs, v)
		}
	}
	return vs
}

// frontKey is the front end's key that goes with the token; nil for none. Where the
// front end has several and the source doesn't say which one goes with this
// endpoint, it's the one whose secret signs: a fault that isn't read is none.
func frontKey(f *probe.Facts) *probe.Value {
	var keys []*probe.Value
	for _, v := range frontKeys(f) {
		if tokens.APIKey(v.Key).WellFormed() {
			keys = append(keys, v)
		}
	}
	if len(keys) == 0 {
		return nil
	}
	t := judgedToken(f)
	h := bestHit(f, t)
	if h == nil || len(h.Damages) > 0 {
		return keys[0]
	}
	for _, v := range keys[1:] {
		if v.Key != keys[0].Key && pairsWith(f, v.Key, h.Signed) && !pairsWith(f, keys[0].Key, h.Signed) {
			return v
		}
	}
	return keys[0]
}

// pairsWith reports whether a key and the secret with a fingerprint are a pair:
// Stream accepts them, or, where it wasn't asked, they are found together.
func pairsWith(f *probe.Facts, key, fp string) bool {
	found := false
	for i := range f.Values {
		v := &f.Values[i]
		if v.What != probe.WhatSecret || v.Fingerprint != fp {
			continue
		}
		if p := cell(f, key, v.ID, false); p != nil {
			if p.Answer.Status == 200 {
				return true
			}
			if signatureRefused(&p.Answer) {
				return false
			}
		}
		if k := valueAt(f, v.Pair); k != nil && k.Key == key {
			found = true
		}
	}
	return found
}

// bestHit is the best proof of who signed; nil for none.
func bestHit(f *probe.Facts, t *probe.Token) *tokens.Hit {
	if t == nil || t.Signer == nil || len(t.Signer.Hits) == 0 {
		return nil
	}
	return &t.Signer.Hits[0]
}

// signedRight tells whether a right secret, as it stands, signed the token.
func signedRight(f *probe.Facts, t *probe.Token, tr truth) bool {
	return t != nil && t.Signer != nil && !t.Signer.Truncated && beginsRight(t, tr)
}

// beginsRight tells whether a right secret's signature, or what a cut left of it, is the token's.
func beginsRight(t *probe.Token, tr truth) bool {
	for _, h := range t.Signer.Hits {
		if tr.fps[h.Signed] {
			return true
		}
	}
	return false
}

// damagedFrom shows the right secret under damages as the signer: found by
// trying, or, where the damaged bytes themselves stand in the project, by
// comparing them with the right ones.
func damagedFrom(f *probe.Facts, t *probe.Token, tr truth) *tokens.Hit {
	if t == nil || t.Signer == nil {
		return nil
	}
	for i, h := range t.Signer.Hits {
		if v := valueAt(f, h.Candidate); v != nil && len(h.Damages) > 0 && tr.fps[v.Fingerprint] {
			return &t.Signer.Hits[i]
		}
	}
	h := bestHit(f, t)
	if h == nil || len(h.Damages) > 0 || !tr.known {
		return nil
	}
	v := exactValue(f, h)
	if v == nil || v.VsDashboard == nil || len(v.VsDashboard.Damages) == 0 {
		return nil
	}
	for i := range f.Values {
		if r := &f.Values[i]; tr.fps[r.Fingerprint] && r.What == probe.WhatSecret {
			return &tokens.Hit{Candidate: r.ID, Damages: v.VsDashboard.Damages, Positions: v.VsDashboard.Positions, Length: h.Length, Signed: h.Signed}
		}
	}
	return nil
}

// exactValue is the best place where the very bytes stand that signed: what
// the server reads first, then code and files that run, then the rest; nil if
// they stand nowhere.
func exactValue(f *probe.Facts, h *tokens.Hit) *probe.Value {
	var best *probe.Value
	score := -1
	for i := range f.Values {
		v := &f.Values[i]
		if v.Fingerprint != h.Signed || v.Empty != (h.Length == 0) {
			continue
		}
		if s := weight(f, v); s > score {
			best, score = v, s
		}
	}
	return best
}

func weight(f *probe.Facts, v *probe.Value) int {
	s := 0
	switch {
	case f.Server != nil && f.Server.Secret == v.ID:
		s = 1000
	case v.Kind == probe.KindKnown:
		return 0
	case v.Comment:
		s = 1
	case v.Kind == probe.KindDashboard:
		s = 5
	case v.Kind == probe.KindProcess:
		s = 300
	case v.Kind == probe.KindAncestor:
		s = 250
	case v.Kind == probe.KindAnswer:
		s = 2
	default:
		switch v.Role {
		case probe.RoleServer, probe.RoleShared:
			s = 200
		case probe.RoleFront:
			s = 100
		case probe.RoleOther:
			s = 50
		case probe.RoleUnknown:
			s = 40
		case probe.RoleExample, probe.RoleTest, probe.RoleDocs, probe.RoleBuild:
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
	if v.What == probe.WhatSecret {
		s += 5
	}
	return s
}
