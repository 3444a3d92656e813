package probe

import (
	"strings"

	"badsig/checks/probe/jsread"
)

// Which calls take a key or a secret, and what they are given.

// use is one place where code puts a key or a secret to use.
type use struct {
	mod     *module
	line    int
	what    string // key, secret
	how     string // the callee
	fn      string
	scope   jsread.Scope
	leaves  []leaf
	ids     []int // of each leaf: the Value of a literal, -1 for others
	score   int
	userID  bool // the payload of a signing call names user_id
	hmac    bool
	server  bool // its call takes a secret too, in a package whose pages a server may render
	foreign bool // a JWT library's call whose payload is not Stream's
}

// readUses collects the calls that take a key or a secret.
func (p *project) readUses(m *module) {
	for _, c := range m.Calls {
		switch name := lastName(c.Callee); {
		case p.streamClient(m, c):
			p.clientUse(m, c)
		case objectCallees[name]:
			if len(c.Args) > 0 {
				p.objectUse(m, c, c.Args[0])
			}
		case name == "sign" || name == "encode" && strings.Contains(strings.ToLower(c.Callee), "jwt"):
			p.signUse(m, c)
		case name == "createHmac" && len(c.Args) > 1:
			u := use{mod: m, line: c.Line, what: WhatSecret, how: c.Callee, fn: c.Func, scope: c.Scope, hmac: true}
			p.addUse(u, c.Args[1])
		}
	}
	if m.role == RoleFront || m.role == RoleShared || m.role == RoleUnknown {
		for _, f := range m.Fields { // <Chat apiKey={…}>, <StreamApp apiKey=…>
			if f.Object != "" && f.Object[0] >= 'A' && f.Object[0] <= 'Z' && f.Name == "apiKey" && m.streamish() && !strings.Contains(f.Object, ".") {
				u := use{mod: m, line: f.Line, what: WhatKey, how: "<" + f.Object + ">", scope: f.Scope, server: m.onServerToo()}
				p.addUse(u, f.Expr)
			}
		}
	}
}

var objectCallees = wordSet("useCreateChatClient", "StreamVideoClient", "getOrCreateInstance", "useCreateFeedsClient", "useCreateVideoClient", "useCreateStreamClient")

// streamClient tells a call that makes a client of Stream's from key and secret.
func (p *project) streamClient(m *module, c jsread.Call) bool {
	head, _, dotted := strings.Cut(c.Callee, ".")
	name := lastName(c.Callee)
	imported := ""
	for _, i := range m.Imports {
		if n, ok := i.Names[head]; ok {
			imported = i.From
			if !dotted && n != "default" && n != "*" {
				name = lastName(n)
			}
			if dotted && name == "getInstance" {
				head = n
			}
		}
	}
	switch {
	case c.New:
		switch name {
		case "StreamChat", "StreamClient", "StreamServerClient", "FeedsClient", "StreamFeeds":
			return imported == "" || streamPackage.MatchString(imported) || name == "StreamChat"
		}
	case name == "getInstance" && dotted:
		return strings.Contains(head, "Stream") || streamPackage.MatchString(imported)
	case name == "connect" && (imported == "getstream" || head == "getstream"):
		return true
	}
	return false
}

// onServerToo tells a module that its framework may run on the server.
func (m *module) onServerToo() bool {
	switch m.pkg.framework {
	case "next", "remix", "sveltekit", "astro", "nuxt":
		return !m.directive("use client")
	}
	return false
}

func (p *project) clientUse(m *module, c jsread.Call) {
	if len(c.Args) == 0 {
		return
	}
	if c.Args[0].Kind == jsread.Object {
		p.objectUse(m, c, c.Args[0])
		return
	}
	base := use{mod: m, line: c.Line, how: c.Callee, fn: c.Func, scope: c.Scope}
	if c.New {
		base.how = "new " + c.Callee
	}
	k := base
	k.what = WhatKey
	if len(c.Args) > 1 && c.Args[1].Kind != jsread.Object && c.Args[1].Kind != jsread.Func {
		k.server = m.onServerToo()
	}
	p.addUse(k, c.Args[0])
	if len(c.Args) > 1 {
		switch a := c.Args[1]; {
		case a.Kind == jsread.Object || a.Kind == jsread.Func, a.Kind == jsread.Ident && (a.Text == "undefined" || a.Text == "null" || strings.Contains(strings.ToLower(a.Text), "option")):
		default:
			s := base
			s.what = WhatSecret
			p.addUse(s, a)
		}
	}
}

// objectUse reads { apiKey, secret } given to a client.
func (p *project) objectUse(m *module, c jsread.Call, o jsread.Expr) {
	if o.Kind == jsread.Ident {
		if v, ok := m.Resolve(c.Scope, o.Text); ok {
			o = v
		}
	}
	for i, k := range o.Keys {
		u := use{mod: m, line: c.Line, how: c.Callee, fn: c.Func, scope: c.Scope}
		switch k {
		case "apiKey", "api_key", "key":
			u.what = WhatKey
		case "secret", "apiSecret", "api_secret":
			u.what = WhatSecret
		default:
			continue
		}
		p.addUse(u, o.Parts[i])
	}
}

// signUse reads jwt.sign(payload, secret), jose's chain and jwt-simple's encode.
func (p *project) signUse(m *module, c jsread.Call) {
	u := use{mod: m, line: c.Line, what: WhatSecret, how: c.Callee, fn: c.Func, scope: c.Scope}
	var payload, secret jsread.Expr
	switch {
	case len(c.Args) >= 2:
		payload, secret = c.Args[0], c.Args[1]
		low := strings.ToLower(c.Callee)
		if !strings.Contains(low, "jwt") && !strings.Contains(low, "jsonwebtoken") && !m.importsFrom(strings.Split(c.Callee, ".")[0], "jsonwebtoken", "jwt-simple", "njwt", "fast-jwt", "@hapi/jwt", "hono/jwt", "@tsndr/cloudflare-worker-jwt") {
			return
		}
		u.how = "jwt.sign"
		if lastName(c.Callee) == "encode" {
			u.how = "jwt.encode"
		}
	case len(c.Args) == 1 && (strings.Contains(c.Callee, "SignJWT") || c.On != nil && chainHas(*c.On, "new SignJWT", 8)):
		secret = c.Args[0]
		u.how = "new SignJWT().sign"
		if c.On != nil {
			payload = chainRoot(*c.On, "new SignJWT", 8)
		}
	default:
		return
	}
	u.userID, u.foreign = p.payloadOf(m, c.Scope, payload)
	p.addUse(u, secret)
}

func chainHas(e jsread.Expr, callee string, depth int) bool {
	if e.Kind == jsread.CallExpr && (e.Text == callee || strings.HasSuffix(e.Text, "SignJWT")) {
		return true
	}
	return e.On != nil && depth > 0 && chainHas(*e.On, callee, depth-1)
}

func chainRoot(e jsread.Expr, callee string, depth int) jsread.Expr {
	if e.Kind == jsread.CallExpr && (e.Text == callee || strings.HasSuffix(e.Text, "SignJWT")) && len(e.Parts) > 0 {
		return e.Parts[0]
	}
	if e.On != nil && depth > 0 {
		return chainRoot(*e.On, callee, depth-1)
	}
	return jsread.Expr{}
}

// payloadOf tells whether a payload names user_id, and whether it can be seen
// to name something else instead.
func (p *project) payloadOf(m *module, at jsread.Scope, e jsread.Expr) (userID, foreign bool) {
	defer p.ask()()
	if e.Kind == jsread.Ident {
		if v, ok := m.Resolve(at, e.Text); ok {
			e = v
		}
	}
	if e.Kind != jsread.Object || !p.step() {
		return false, false
	}
	for i, k := range e.Keys {
		if k == "user_id" {
			return true, false
		}
		if k == "" && e.Parts[i].Kind == jsread.Ident {
			if id, _ := p.payloadOf(m, at, e.Parts[i]); id {
				return true, false
			}
		}
	}
	return false, true
}

// addUse follows the expression and files the literals it leads to.
func (p *project) addUse(u use, e jsread.Expr) {
	u.leaves = p.eval(u.mod, u.scope, e)
	if u.scope == 0 || u.mod.callsAtTop(u.fn) {
		for i := range u.leaves {
			if l := &u.leaves[i]; l.kind == leafEnv && len(l.self) == 0 {
				l.top = append(l.top, place{u.mod, u.line})
			}
		}
	}
	u.ids = make([]int, len(u.leaves))
	env := ""
	for i, l := range u.leaves {
		u.ids[i] = -1
		if l.kind == leafEnv {
			env = l.text
		}
		if l.kind != leafLiteral {
			continue
		}
		name, fallback := l.name, i > 0 && env != "" && l.op != "" && l.op != "?dev"
		if fallback {
			name = env
		}
		if name == "" {
			name = u.how
		}
		m := l.mod
		role := m.role
		if role == RoleUnknown && u.mod.role != RoleUnknown {
			role = u.mod.role
		}
		kind := m.kind(fallback)
		if l.file {
			kind = KindConfig
		}
		if u.hmac && !u.mod.streamish() || u.foreign {
			u.ids[i] = p.add(Value{What: WhatOther, Name: name, Kind: kind, Role: role, File: m.rel, Line: l.line, Modified: m.mod, Public: role == RoleFront}, []byte(l.text))
			continue
		}
		u.ids[i] = p.add(Value{What: u.what, Name: name, Kind: kind, Role: role, File: m.rel, Line: l.line, Modified: m.mod, Public: role == RoleFront}, []byte(l.text))
	}
	p.uses = append(p.uses, u)
}
