package project

import (
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/names"
)

// Which calls take a key or a secret, and what they are given.

// use is one place where code puts a key or a secret to use.
type use struct {
	mod     *modules.Module
	line    int
	what    string // key, secret
	how     string // the callee
	fn      string
	scope   jsread.Scope
	leaves  []modules.Leaf
	ids     []int // of each leaf: the Value of a literal, -1 for others
	score   int
	userID  bool // the payload of a signing call names user_id
	hmac    bool
	server  bool // its call takes a secret too, in a package whose pages a server may render
	foreign bool // a JWT library's call whose payload is not Stream's
}

// readUses collects the calls that take a key or a secret.
func (p *Reader) readUses(m *modules.Module) {
	for _, c := range m.Calls {
		switch name := facts.LastName(c.Callee); {
		case p.streamClient(m, c):
			p.clientUse(m, c)
		case name == "init" && len(c.Args) > 1 && m.ImportsFrom("ChatClientService", "stream-chat-angular"): // Angular's service: init(key, user, token)
			p.addUse(use{mod: m, line: c.Line, what: facts.WhatKey, how: c.Callee, fn: c.Func, scope: c.Scope}, c.Args[0])
		case objectCallees[name]:
			if len(c.Args) > 0 {
				p.objectUse(m, c, c.Args[0])
			}
		case name == "sign" && subtleSign(c):
			if secret, ok := importedKey(m, c); ok {
				u := use{mod: m, line: c.Line, what: facts.WhatSecret, how: "crypto.subtle.sign", fn: c.Func, scope: c.Scope, hmac: true}
				p.addUse(u, secret)
			}
		case name == "sign" || name == "encode" && strings.Contains(strings.ToLower(c.Callee), "jwt"):
			p.signUse(m, c)
		case name == "createHmac" && len(c.Args) > 1:
			u := use{mod: m, line: c.Line, what: facts.WhatSecret, how: c.Callee, fn: c.Func, scope: c.Scope, hmac: true}
			p.addUse(u, c.Args[1])
		}
	}
	if m.Role == facts.RoleFront || m.Role == facts.RoleShared || m.Role == facts.RoleUnknown {
		for _, f := range m.Fields { // <Chat apiKey={…}>, <StreamApp apiKey=…>
			if f.Object != "" && f.Object[0] >= 'A' && f.Object[0] <= 'Z' && f.Name == "apiKey" && m.Streamish() && !strings.Contains(f.Object, ".") {
				u := use{mod: m, line: f.Line, what: facts.WhatKey, how: "<" + f.Object + ">", scope: f.Scope, server: m.OnServerToo()}
				p.addUse(u, f.Expr)
			}
		}
	}
}

var objectCallees = names.Words("useCreateChatClient", "StreamVideoClient", "getOrCreateInstance", "useCreateFeedsClient", "useCreateVideoClient", "useCreateStreamClient")

// streamClient tells a call that makes a client of Stream's from key and secret.
func (p *Reader) streamClient(m *modules.Module, c jsread.Call) bool {
	head, _, dotted := strings.Cut(c.Callee, ".")
	name := facts.LastName(c.Callee)
	imported := ""
	for _, i := range m.Imports {
		if n, ok := i.Names[head]; ok {
			imported = i.From
			if !dotted && n != "default" && n != "*" {
				name = facts.LastName(n)
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
			return imported == "" || modules.StreamPackage.MatchString(imported) || name == "StreamChat"
		}
	case name == "getInstance" && dotted:
		return strings.Contains(head, "Stream") || modules.StreamPackage.MatchString(imported)
	case name == "connect" && (imported == "getstream" || head == "getstream"):
		return true
	}
	return false
}

func (p *Reader) clientUse(m *modules.Module, c jsread.Call) {
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
	k.what = facts.WhatKey
	if len(c.Args) > 1 && c.Args[1].Kind != jsread.Object && c.Args[1].Kind != jsread.Func {
		k.server = m.OnServerToo()
	}
	p.addUse(k, c.Args[0])
	if len(c.Args) > 1 {
		switch a := c.Args[1]; {
		case a.Kind == jsread.Object || a.Kind == jsread.Func, a.Kind == jsread.Ident && (a.Text == "undefined" || a.Text == "null" || strings.Contains(strings.ToLower(a.Text), "option")):
		default:
			s := base
			s.what = facts.WhatSecret
			p.addUse(s, a)
		}
	}
}

// objectUse reads { apiKey, secret } given to a client.
func (p *Reader) objectUse(m *modules.Module, c jsread.Call, o jsread.Expr) {
	if o.Kind == jsread.Ident {
		if v, ok := m.Resolve(c.Scope, o.Text); ok {
			o = v
		}
	}
	for i, k := range o.Keys {
		u := use{mod: m, line: c.Line, how: c.Callee, fn: c.Func, scope: c.Scope}
		switch k {
		case "apiKey", "api_key", "key":
			u.what = facts.WhatKey
		case "secret", "apiSecret", "api_secret":
			u.what = facts.WhatSecret
		default:
			continue
		}
		p.addUse(u, o.Parts[i])
	}
}

// signUse reads jwt.sign(payload, secret), jose's chain and jwt-simple's encode.
func (p *Reader) signUse(m *modules.Module, c jsread.Call) {
	u := use{mod: m, line: c.Line, what: facts.WhatSecret, how: c.Callee, fn: c.Func, scope: c.Scope}
	var payload, secret jsread.Expr
	switch {
	case len(c.Args) >= 2:
		payload, secret = c.Args[0], c.Args[1]
		low := strings.ToLower(c.Callee)
		if !strings.Contains(low, "jwt") && !strings.Contains(low, "jsonwebtoken") && !m.ImportsFrom(strings.Split(c.Callee, ".")[0], "jsonwebtoken", "jwt-simple", "njwt", "fast-jwt", "@hapi/jwt", "hono/jwt", "@tsndr/cloudflare-worker-jwt") {
			return
		}
		u.how = "jwt.sign"
		if facts.LastName(c.Callee) == "encode" {
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
func (p *Reader) payloadOf(m *modules.Module, at jsread.Scope, e jsread.Expr) (userID, foreign bool) {
	defer p.Ask()()
	if e.Kind == jsread.Ident {
		if v, ok := m.Resolve(at, e.Text); ok {
			e = v
		}
	}
	if e.Kind != jsread.Object || !p.Step() {
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
func (p *Reader) addUse(u use, e jsread.Expr) {
	u.leaves = p.Eval(u.mod, u.scope, e)
	if u.scope == 0 || u.mod.CallsAtTop(u.fn) {
		for i := range u.leaves {
			if l := &u.leaves[i]; l.Kind == modules.LeafEnv && len(l.Self) == 0 {
				l.Top = append(l.Top, modules.Place{Mod: u.mod, Line: u.line})
			}
		}
	}
	u.ids = make([]int, len(u.leaves))
	env := ""
	for i, l := range u.leaves {
		u.ids[i] = -1
		if l.Kind == modules.LeafEnv {
			env = l.Text
		}
		if l.Kind != modules.LeafLiteral {
			continue
		}
		name, fallback := l.Name, i > 0 && env != "" && l.Op != "" && l.Op != "?dev"
		if fallback {
			name = env
		}
		if name == "" {
			name = u.how
		}
		m := l.Mod
		role := m.Role
		if role == facts.RoleUnknown && u.mod.Role != facts.RoleUnknown {
			role = u.mod.Role
		}
		kind := m.Kind(fallback)
		if l.File {
			kind = facts.KindConfig
		}
		if u.hmac && !u.mod.Streamish() || u.foreign {
			u.ids[i] = p.add(facts.Value{What: facts.WhatOther, Name: name, Kind: kind, Role: role, File: m.Rel, Line: l.Line, Modified: m.Modified, Public: role == facts.RoleFront}, []byte(l.Text))
			continue
		}
		u.ids[i] = p.add(facts.Value{What: u.what, Name: name, Kind: kind, Role: role, File: m.Rel, Line: l.Line, Modified: m.Modified, Public: role == facts.RoleFront}, []byte(l.Text))
	}
	p.uses = append(p.uses, u)
}
