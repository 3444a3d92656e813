package servers

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/names"
	"badsig/checks/probe/project/picture"
)

// Rules of this file: which of a server's routes and calls are the token's is
// told by points; none is excluded by one sign alone.

// BestUse picks the call that signs Stream's tokens, or names its key.
func BestUse(p *picture.Reader, s *picture.Server, what string) *picture.Use {
	if u := siteUse(p, s, what); u != nil {
		return u
	}
	var best *picture.Use
	runs := make(map[*modules.Module]bool, len(s.Mods))
	for _, m := range s.Mods {
		runs[m] = true
	}
	for i := range p.Uses {
		u := &p.Uses[i]
		if u.What != what || !runs[u.Mod] || u.Mod.Role == facts.RoleTest || u.Mod.Role == facts.RoleFront && s.Frame == "" {
			continue
		}
		u.Score = scoreUse(p, s, u)
		if u.Score > 0 && (best == nil || u.Score > best.Score) {
			best = u
		}
	}
	return best
}

// siteUse is what the signing call uses that a server's likeliest entry leads to.
func siteUse(p *picture.Reader, s *picture.Server, what string) *picture.Use {
	var best *picture.Entry
	for _, e := range p.Entries {
		if e.ServerOf == s && (best == nil || e.Weight() > best.Weight()) {
			best = e
		}
	}
	if best == nil {
		return nil
	}
	u := p.Sites[best.Site].Use
	if what == facts.WhatKey {
		u = p.Sites[best.Site].KeyUse
	}
	if u != nil {
		u.Score = 20
	}
	return u
}

func scoreUse(p *picture.Reader, s *picture.Server, u *picture.Use) int {
	n := 0
	switch {
	case u.Hmac:
		if u.Mod.Mentions("HS256") {
			n += 3
		}
		if u.Mod.Mentions("user_id") {
			n += 2
		}
	case affix.Contains(u.How, "sign") || affix.Contains(u.How, "encode"):
		n += 2
		if u.UserID {
			n += 5
		}
	case s.Creates.Of(func() bool { return createsTokens(s) }): // Stream's own client
		n += 6
	default:
		n += 2
	}
	for _, l := range u.Leaves {
		if l.Kind != modules.LeafEnv {
			continue
		}
		switch c := names.Classify(l.Text); {
		case c.What == u.What && !c.Bare:
			n += 4
		case c.What == facts.WhatOther:
			n -= 3
		}
		break
	}
	if u.Mod.Streamish() {
		n++
	}
	if fn := strings.ToLower(u.Fn); affix.Contains(fn, "stream") {
		n += 2
	} else if affix.Contains(fn, "token") {
		n++
	}
	if s.Asked.Of(func() map[*modules.Module]bool { return tokenRoutes(s) })[u.Mod] {
		n += 2
	}
	return n
}

// tokenRoutes gives the modules that have a route which looks like the token endpoint.
func tokenRoutes(s *picture.Server) map[*modules.Module]bool {
	out := map[*modules.Module]bool{}
	for _, r := range s.Routes {
		if !out[r.Mod] && picture.RouteScore(r.Route) > 6 {
			out[r.Mod] = true
		}
	}
	return out
}

// createsTokens tells whether Stream's own client makes tokens.
func createsTokens(s *picture.Server) bool {
	return affix.Any(s.Mods, func(m *modules.Module) bool {
		return affix.Any(m.Calls, func(c jsread.Call) bool {
			switch facts.LastName(c.Callee) {
			case "createToken", "generateUserToken", "generatePermanentUserToken", "createUserToken", "createUserSessionToken", "generateCallToken":
				return true
			}
			return false
		})
	})
}
