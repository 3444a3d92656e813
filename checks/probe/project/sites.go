package project

import (
	"slices"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/files"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/names"
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

// onlyServerClient gives the one secret that the project's Stream clients are
// made with, where there is one only.
func (p *Reader) onlyServerClient(m *modules.Module) *use {
	var out *use
	for i := range p.uses {
		u := &p.uses[i]
		if u.what != facts.WhatSecret || u.hmac || u.foreign || files.RoleOfPath(u.mod.Rel) != facts.RoleUnknown || strings.Contains(u.how, "jwt") || strings.Contains(u.how, "SignJWT") {
			continue
		}
		if out != nil && out.mod.Pkg != u.mod.Pkg && u.mod.Pkg != m.Pkg {
			continue
		}
		if out == nil || out.mod.Pkg != m.Pkg && u.mod.Pkg == m.Pkg {
			out = u
		}
	}
	return out
}

// readClient takes secret and key of the call that makes Stream's client.
func (s *site) readClient(h modules.Held) {
	args := h.E.Parts
	if len(args) == 0 {
		return
	}
	s.secretM, s.secretS, s.secretAt = h.Mod, h.At, h.E.Line
	o := args[0]
	if o.Kind == jsread.Ident {
		if v, ok := h.Mod.Resolve(h.At, o.Text); ok && v.Kind == jsread.Object {
			o = v
		}
	}
	if o.Kind == jsread.Object {
		for i, k := range o.Keys {
			switch k {
			case "apiKey", "api_key", "key":
				s.key = o.Parts[i]
			case "secret", "apiSecret", "api_secret":
				s.secret = o.Parts[i]
			}
		}
		if len(args) < 2 {
			return
		}
	}
	if s.key.Kind == "" {
		s.key = args[0]
	}
	if len(args) > 1 && args[1].Kind != jsread.Object && args[1].Kind != jsread.Func {
		s.secret = args[1]
	}
}

// clientBehind follows what a token is asked of to the call that makes
// Stream's client: StreamChat.getInstance(key, secret), new StreamClient(…).
func (p *Reader) clientBehind(m *modules.Module, at jsread.Scope, e jsread.Expr, depth int) (modules.Held, bool) {
	if depth == 0 || !p.Step() {
		return modules.Held{}, false
	}
	switch e.Kind {
	case jsread.CallExpr:
		callee, construct := strings.CutPrefix(e.Text, "new ")
		if p.streamClient(m, jsread.Call{Callee: callee, New: construct, Args: e.Parts, Scope: at, On: e.On}) {
			return modules.Held{Mod: m, At: at, E: e}, true
		}
		if h, ok := p.Returned(modules.Held{Mod: m, At: at, E: e}, 12); ok && h.E.Kind != jsread.Func {
			return p.clientBehind(h.Mod, h.At, h.E, depth-1)
		}
		if f, ok := p.CalledFunction(m, at, e, 12); ok { // let client; function get() { if (!client) client = …; return client }
			for _, r := range f.Fn.Returns {
				if h, ok := p.clientBehind(f.Mod, f.Fn.Own, r.Expr, depth-1); ok {
					return h, true
				}
			}
		}
		if e.On != nil {
			return p.clientBehind(m, at, *e.On, depth-1)
		}
	case jsread.Ident:
		if h, ok := p.Lookup(m, at, e.Text, 12); ok && (h.Mod != m || h.E.Kind != jsread.Ident || h.E.Text != e.Text) {
			return p.clientBehind(h.Mod, h.At, h.E, depth-1)
		}
		if on, name := modules.Receiver(e.Text); on != "" { // serverClient.chat, client.feeds
			_ = name
			return p.clientBehind(m, at, jsread.Expr{Kind: jsread.Ident, Text: on}, depth-1)
		}
	case jsread.Either:
		for _, x := range e.Parts {
			if h, ok := p.clientBehind(m, at, x, depth-1); ok {
				return h, true
			}
		}
	case jsread.Wrapped:
		if len(e.Parts) > 0 {
			return p.clientBehind(m, at, e.Parts[0], depth-1)
		}
	case jsread.Other:
		for _, x := range e.Parts { // client ??= new StreamChat(…)
			if h, ok := p.clientBehind(m, at, x, depth-1); ok {
				return h, true
			}
		}
		if e.Param != nil { // makeRouter(client)
			name, construct := strings.CutPrefix(e.Param.Func, "new ")
			if name == "" {
				break
			}
			for _, c := range p.CallsNamed(name) {
				if c.Call.New == construct && e.Param.Index < len(c.Call.Args) && (c.Mod == m || p.Imports(c.Mod, m)) {
					if h, ok := p.clientBehind(c.Mod, c.Call.Scope, c.Call.Args[e.Param.Index], depth-1); ok {
						return h, true
					}
				}
			}
		}
	}
	return modules.Held{}, false
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

// secretIsStreams tells a signing call whose secret is Stream's by its name:
// its payload lacks user_id, and that is what is wrong with it.
func (p *Reader) secretIsStreams(s *site) bool {
	for _, l := range p.Eval(s.secretM, s.secretS, s.secret) {
		name := l.Text
		if l.Kind == modules.LeafLiteral {
			name = l.Name
		}
		if c := names.Classify(facts.LastName(name)); c.What == facts.WhatSecret && !c.Bare {
			s.payload = p.objectBehind(s.mod, s.call.Scope, s.payload)
			for i, k := range s.payload.Keys {
				if isUserName(k) || k == "sub" {
					s.user = s.payload.Parts[i]
					break
				}
			}
			return true
		}
	}
	return false
}

// objectBehind gives the object that an expression is, itself where it is none.
func (p *Reader) objectBehind(m *modules.Module, at jsread.Scope, e jsread.Expr) jsread.Expr {
	if e.Kind == jsread.Ident {
		if v, ok := m.Resolve(at, e.Text); ok && v.Kind == jsread.Object {
			return v
		}
	}
	return e
}

// namesUserID tells a function that mentions the claim user_id, in an object or
// in a text of JSON, and gives that object.
func (p *Reader) namesUserID(m *modules.Module, f *jsread.Function) (payload jsread.Expr, ok bool) {
	var walk func(e jsread.Expr, depth int)
	walk = func(e jsread.Expr, depth int) {
		if depth == 0 || payload.Kind != "" {
			return
		}
		if slices.Contains(e.Keys, "user_id") {
			payload, ok = e, true
		}
		ok = ok || e.Kind == jsread.Literal && strings.Contains(e.Text, `"user_id"`)
		for _, x := range e.Parts {
			walk(x, depth-1)
		}
	}
	for _, list := range [][]jsread.Call{m.Calls, m.Others} {
		for _, c := range list {
			if m.Inside(c.Scope, f.Own) {
				for _, a := range c.Args {
					walk(a, 5)
				}
			}
		}
	}
	m.Vars(f.Own, func(_ string, e jsread.Expr) { walk(e, 5) })
	for _, r := range f.Returns {
		walk(r.Expr, 5)
	}
	return payload, ok
}

// byHand fills a site that signs without a library of JWTs.
func (s *site) byHand(how string, secret, payload jsread.Expr) {
	s.how, s.secret, s.secretM, s.secretS, s.secretAt = how, secret, s.mod, s.call.Scope, s.call.Line
	s.payload = payload
	for i, k := range payload.Keys {
		if k == "user_id" {
			s.user = payload.Parts[i]
		}
	}
}
