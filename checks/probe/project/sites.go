package project

import (
	"slices"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/files"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
)

// Rules of this file:
//   - a place that makes a token is found by what it calls, never by the name of a file, a route or a variable
//   - an argument counts by its position and meaning
//   - a JSON Web Token of another kind (a session of the project's own) is no Stream token

// site is a place that makes a user token, while it is being read.
type site struct {
	mod      *modules.Module
	call     *jsread.Call
	how      string
	payload  jsread.Expr // of a signing call of a JWT library
	options  jsread.Expr
	user     jsread.Expr // the user's ID
	secret   jsread.Expr
	secretM  *modules.Module // where secret is written
	secretS  jsread.Scope
	secretAt int // the line of the call that takes it
	key      jsread.Expr
	stream   bool // Stream's own client makes it
	use      *use // its secret, as the code reads it
	keyUse   *use
	fact     int
	runs     bool
}

// findSites finds the places that make user tokens, and the ways to them.
func (p *Reader) findSites() {
	for _, m := range p.SortedMods() {
		if files.RoleOfPath(m.Rel) != facts.RoleUnknown || m.Tool() {
			continue
		}
		for i := range m.Calls {
			if s, ok := p.siteOf(m, &m.Calls[i]); ok && len(p.sites) < 60 {
				p.sites = append(p.sites, s)
			}
		}
	}
	for i, s := range p.sites {
		s.fact = i
		p.facts.Sites = append(p.facts.Sites, p.describeSite(s))
	}
	for _, s := range p.sites {
		p.findEntries(s)
	}
}

// siteOf tells a call that makes a user token.
func (p *Reader) siteOf(m *modules.Module, c *jsread.Call) (*site, bool) {
	defer p.Ask()()
	s := &site{mod: m, call: c, how: c.Callee}
	name := facts.LastName(c.Callee)
	switch {
	case modules.StreamSigners[name] && len(c.Args) > 0 && strings.Contains(c.Callee, "."):
		if !p.streamSite(s, name) {
			return nil, false
		}
	case subtleSign(*c):
		f := m.Around(c.Scope)
		secret, ok := importedKey(m, *c)
		if f == nil || !ok {
			return nil, false
		}
		payload, ok := p.namesUserID(m, f)
		if !ok {
			return nil, false
		}
		s.byHand("crypto.subtle.sign", secret, payload)
	case name == "sign" || name == "encode" && strings.Contains(strings.ToLower(c.Callee), "jwt"):
		if !p.jwtSite(s) {
			return nil, false
		}
	case name == "createHmac" && len(c.Args) > 1:
		f := m.Around(c.Scope)
		if f == nil {
			return nil, false
		}
		payload, ok := p.namesUserID(m, f)
		if !ok {
			return nil, false
		}
		s.byHand("createHmac", c.Args[1], payload)
	default:
		return nil, false
	}
	for i := range p.uses {
		u := &p.uses[i]
		if u.mod != s.secretM || u.line != s.secretAt || u.line == 0 {
			continue
		}
		if u.what == facts.WhatSecret {
			s.use = u
		} else {
			s.keyUse = u
		}
	}
	return s, true
}

// streamSite reads client.createToken(id, exp) and its newer forms.
func (p *Reader) streamSite(s *site, name string) bool {
	m, c := s.mod, s.call
	s.stream = true
	s.user = c.Args[0]
	if s.user.Kind == jsread.Ident {
		if v, ok := m.Resolve(c.Scope, s.user.Text); ok && v.Kind == jsread.Object && slices.Contains(v.Keys, "user_id") {
			s.user = v
		}
	}
	if s.user.Kind == jsread.Object {
		s.payload = s.user
		for i, k := range s.user.Keys {
			if k == "user_id" || k == "userId" || k == "userID" {
				s.user = s.payload.Parts[i]
				break
			}
		}
	} else if len(c.Args) > 1 {
		s.options = c.Args[1]
	}
	on := jsread.Expr{Kind: jsread.Ident, Text: strings.TrimSuffix(c.Callee, "."+name)}
	if c.On != nil {
		on = *c.On
	}
	client, ok := p.clientBehind(m, c.Scope, on, 8)
	if ok {
		s.readClient(client)
		return s.secret.Kind != "" || m.Role != facts.RoleFront
	}
	// A method of the project's own that is called so makes the token elsewhere.
	if _, own := p.CalledFunction(m, c.Scope, jsread.Expr{Kind: jsread.CallExpr, Text: c.Callee, On: c.On}, 10); own {
		return false
	}
	if u := p.onlyServerClient(m); u != nil {
		s.secretM, s.secretAt = u.mod, u.line
		return true
	}
	return m.Streamish() && m.Role != facts.RoleFront
}

// jwtSite reads jwt.sign(payload, secret, options) and jose's chain.
func (p *Reader) jwtSite(s *site) bool {
	m, c := s.mod, s.call
	switch {
	case len(c.Args) >= 2:
		low := strings.ToLower(c.Callee)
		if !strings.Contains(low, "jwt") && !strings.Contains(low, "jsonwebtoken") && !m.ImportsFrom(strings.Split(c.Callee, ".")[0], "jsonwebtoken", "jwt-simple", "njwt", "fast-jwt", "@hapi/jwt", "hono/jwt", "@tsndr/cloudflare-worker-jwt") {
			return false
		}
		s.how, s.payload, s.secret = "jwt.sign", c.Args[0], c.Args[1]
		if facts.LastName(c.Callee) == "encode" {
			s.how = "jwt.encode"
		}
		if len(c.Args) > 2 {
			s.options = c.Args[2]
		}
	case len(c.Args) == 1 && (strings.Contains(c.Callee, "SignJWT") || c.On != nil && chainHas(*c.On, "new SignJWT", 8)):
		s.how, s.secret = "new SignJWT().sign", c.Args[0]
		if c.On != nil {
			s.payload = chainRoot(*c.On, "new SignJWT", 8)
		}
	default:
		return false
	}
	s.secretM, s.secretS, s.secretAt = m, c.Scope, c.Line
	userID, foreign := p.payloadOf(m, c.Scope, s.payload)
	if userID {
		s.payload = p.objectBehind(m, c.Scope, s.payload)
		for i, k := range s.payload.Keys {
			if k == "user_id" {
				s.user = s.payload.Parts[i]
			}
		}
		return true
	}
	if !foreign {
		return p.secretIsStreams(s)
	}
	return p.secretIsStreams(s)
}
