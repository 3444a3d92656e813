// Package sites finds the calls that sign tokens and the entry points that lead to them.
package sites

import (
	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
	"badsig/checks/probe/project/values"
)

// Rules of this file:
//   - a place that makes a token is found by what it calls, never by the name of a file, a route or a variable
//   - an argument counts by its position and meaning
//   - a JSON Web Token of another kind (a session of the project's own) isn't a Stream token

// FindSites finds the places that make user tokens, and the ways to them.
func FindSites(p *picture.Reader) {
	for _, m := range p.SortedMods() {
		if m.Aside() || m.Tool() {
			continue
		}
		for i := range m.Calls {
			if s, ok := siteOf(p, m, &m.Calls[i]); ok && len(p.Sites) < 60 {
				p.Sites = append(p.Sites, s)
			}
		}
	}
	if affix.Any(p.Sites, func(s *picture.Site) bool { return s.Stream || !s.Shared }) { // then such a JWT may be the project's own
		p.Sites = affix.Without(p.Sites, func(s *picture.Site) bool { return s.Shared })
	}
	for i, s := range p.Sites {
		s.Fact = i
		p.Facts.Sites = append(p.Facts.Sites, describeSite(p, s))
	}
	for _, s := range p.Sites {
		findEntries(p, s)
	}
}

// siteOf tells a call that makes a user token.
func siteOf(p *picture.Reader, m *modules.Module, c *jsread.Call) (*picture.Site, bool) {
	defer p.Ask()()
	s := &picture.Site{Mod: m, Call: c, How: c.Callee}
	name := facts.LastName(c.Callee)
	switch {
	case modules.StreamSigners[name] && len(c.Args) > 0 && affix.Contains(c.Callee, "."):
		if !streamSite(p, s, name) {
			return nil, false
		}
	case values.SubtleSign(*c):
		f := m.Around(c.Scope)
		secret, ok := values.ImportedKey(m, *c)
		if f == nil || !ok {
			return nil, false
		}
		payload, ok := handPayload(p, s, f, secret)
		if !ok {
			return nil, false
		}
		byHand(s, "crypto.subtle.sign", secret)
		withPayload(p, s, payload)
	case name == "createHmac" && len(c.Args) > 1:
		f := m.Around(c.Scope)
		if f == nil {
			return nil, false
		}
		payload, ok := handPayload(p, s, f, c.Args[1])
		if !ok {
			return nil, false
		}
		byHand(s, "createHmac", c.Args[1])
		withPayload(p, s, payload)
	default:
		if !jwtSite(p, s) {
			return nil, false
		}
	}
	for i := range p.Uses {
		u := &p.Uses[i]
		if u.Mod != s.Secret.M || u.Line != s.SecretAt || u.Line == 0 {
			continue
		}
		if u.What == facts.WhatSecret {
			s.Use = u
		} else {
			s.KeyUse = u
		}
	}
	return s, true
}

// streamSite reads client.createToken(id, exp) and its newer forms.
func streamSite(p *picture.Reader, s *picture.Site, name string) bool {
	m, c := s.Mod, s.Call
	s.Stream = true
	on := jsread.Expr{Kind: jsread.Ident, Text: affix.TrimSuffix(c.Callee, "."+name)}
	if c.On != nil {
		on = *c.On
	}
	client, ok := ClientBehind(p, m, c.Scope, on, 8)
	s.User = s.View(c.Args[0])
	if payload := payloadBehind(p, s.User, 4); payload.E.Kind == jsread.Object && takesObject(name, payload, ok) {
		s.Payload = payload
		s.User, _ = fieldOf(p, payload, "user_id", "userId", "userID")
	} else if len(c.Args) > 1 {
		s.Options = s.View(c.Args[1])
	}
	if ok {
		readClient(p, s, client)
		s.SDK = modules.ImportsFrom(client.M, affix.TrimPrefix(client.E.Text, "new "), nodeSDK)
		return s.Secret.E.Kind != jsread.None || m.Role != facts.RoleFront
	}
	// A method of the project's own that is called so makes the token elsewhere.
	if _, own := p.CalledFunction(m, c.Scope, c.Expr(), 10); own {
		return false
	}
	if u := onlyServerClient(p, m); u != nil {
		s.Secret.M, s.SecretAt = u.Mod, u.Line
		return true
	}
	return m.Streamish() && m.Role != facts.RoleFront
}

// takesObject tells a call whose first argument may be an object. createToken accepts the ID itself; one
// that is handed user_id in an object may be of a client that the project wrote around Stream's.
func takesObject(name string, payload modules.View, own bool) bool {
	return name != "createToken" && name != "createUserToken" || facts.OneOf(payload.E.Keys(), "user_id") && !own
}

// jwtSite reads a call that signs a JWT.
func jwtSite(p *picture.Reader, s *picture.Site) bool {
	m, c := s.Mod, s.Call
	call, ok := values.SigningOf(m, *c)
	if !ok {
		return false
	}
	s.How, s.Secret, s.SecretAt = call.How, s.View(call.Secret), c.Line
	s.Payload, s.Options = payloadBehind(p, s.View(call.Payload), 4), s.View(call.Options)
	if id, ok := fieldOf(p, s.Payload, "user_id"); ok {
		s.User = id
		return true
	}
	return !scopeOfFeeds(p, s.Payload) && secretIsStreams(p, s)
}
