package project

import (
	"bytes"
	"slices"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/names"
)

// Rules of this file: which of a server's routes and calls are the token's is
// told by points; none is excluded by one sign alone.

// routeWords are words of a path and how much they speak for a token's endpoint.
var routeWords = []struct {
	word  string
	score int
}{{"token", 6}, {"stream", 4}, {"chat", 2}, {"credential", 3}, {"video", 1}, {"auth", 1}, {"join", 1}, {"login", 1}, {"jwt", 2}}

// routeScore tells how much a route looks like the token endpoint.
func routeScore(r facts.Route) int {
	low := strings.ToLower(r.Path)
	n := 0
	for _, w := range routeWords {
		if strings.Contains(low, w.word) {
			n += w.score
		}
	}
	if r.Path == "/api/stream/token" {
		n += 6
	}
	if n > 0 && (r.Method == "POST" || r.Method == "ANY") {
		n += 2
	}
	for _, word := range []string{"revoke", "refresh", "webhook", "device", "delete", "verify", "logout"} {
		if strings.Contains(low, word) {
			n -= 5
		}
	}
	return n
}

// bestUse picks the call that signs Stream's tokens, or names its key.
func (p *Reader) bestUse(s *server, what string) *use {
	if u := p.siteUse(s, what); u != nil {
		return u
	}
	var best *use
	runs := make(map[*modules.Module]bool, len(s.mods))
	for _, m := range s.mods {
		runs[m] = true
	}
	for i := range p.uses {
		u := &p.uses[i]
		if u.what != what || !runs[u.mod] || u.mod.Role == facts.RoleTest || u.mod.Role == facts.RoleFront && s.frame == "" {
			continue
		}
		u.score = p.scoreUse(s, u)
		if u.score > 0 && (best == nil || u.score > best.score) {
			best = u
		}
	}
	return best
}

// siteUse is what the signing call takes that a server's likeliest entry leads to.
func (p *Reader) siteUse(s *server, what string) *use {
	var best *entry
	for _, e := range p.entries {
		if e.server == s && (best == nil || e.weight() > best.weight()) {
			best = e
		}
	}
	if best == nil {
		return nil
	}
	u := p.sites[best.Site].use
	if what == facts.WhatKey {
		u = p.sites[best.Site].keyUse
	}
	if u != nil {
		u.score = 20
	}
	return u
}

func (p *Reader) scoreUse(s *server, u *use) int {
	n := 0
	switch {
	case u.hmac:
		if bytes.Contains(u.mod.Src, []byte("HS256")) {
			n += 3
		}
		if bytes.Contains(u.mod.Src, []byte("user_id")) {
			n += 2
		}
	case strings.Contains(u.how, "sign") || strings.Contains(u.how, "encode"):
		n += 2
		if u.userID {
			n += 5
		}
	case s.creates.Of(s.createsTokens): // Stream's own client
		n += 6
	default:
		n += 2
	}
	for _, l := range u.leaves {
		if l.Kind != modules.LeafEnv {
			continue
		}
		switch c := names.Classify(l.Text); {
		case c.What == u.what && !c.Bare:
			n += 4
		case c.What == facts.WhatOther:
			n -= 3
		}
		break
	}
	if u.mod.Streamish() {
		n++
	}
	if fn := strings.ToLower(u.fn); strings.Contains(fn, "stream") {
		n += 2
	} else if strings.Contains(fn, "token") {
		n++
	}
	if s.asked.Of(s.tokenRoutes)[u.mod] {
		n += 2
	}
	return n
}

// tokenRoutes gives the modules that have a route which looks like the token endpoint.
func (s *server) tokenRoutes() map[*modules.Module]bool {
	out := map[*modules.Module]bool{}
	for _, r := range s.routes {
		if !out[r.mod] && routeScore(r.Route) > 6 {
			out[r.mod] = true
		}
	}
	return out
}

// createsTokens tells whether Stream's own client is asked for tokens.
func (s *server) createsTokens() bool {
	return slices.ContainsFunc(s.mods, func(m *modules.Module) bool {
		return slices.ContainsFunc(m.Calls, func(c jsread.Call) bool {
			switch facts.LastName(c.Callee) {
			case "createToken", "generateUserToken", "generatePermanentUserToken", "createUserToken", "createUserSessionToken", "generateCallToken":
				return true
			}
			return false
		})
	})
}
