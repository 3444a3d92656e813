package values

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/names"
	"badsig/checks/probe/project/picture"
)

// Which calls take a key or a secret, and what they are given.

// readUses collects the calls that take a key or a secret.
func readUses(p *picture.Reader, m *modules.Module) {
	for _, c := range m.Calls {
		switch name := facts.LastName(c.Callee); {
		case StreamClient(p, m, c):
			clientUse(p, m, c)
		case name == "init" && len(c.Args) > 1 && modules.ImportsFrom(m, "ChatClientService", "stream-chat-angular"): // Angular's service: init(key, user, token)
			addUse(p, picture.Use{Mod: m, Line: c.Line, What: facts.WhatKey, How: c.Callee, Fn: c.Func, Scope: c.Scope}, c.Args[0])
		case ObjectCallees[name]:
			if len(c.Args) > 0 {
				objectUse(p, m, c, c.Args[0])
			}
		case name == "sign" && SubtleSign(c):
			if secret, ok := ImportedKey(m, c); ok {
				u := picture.Use{Mod: m, Line: c.Line, What: facts.WhatSecret, How: "crypto.subtle.sign", Fn: c.Func, Scope: c.Scope, Hmac: true}
				addUse(p, u, secret)
			}
		case name == "createHmac" && len(c.Args) > 1:
			u := picture.Use{Mod: m, Line: c.Line, What: facts.WhatSecret, How: c.Callee, Fn: c.Func, Scope: c.Scope, Hmac: true}
			addUse(p, u, c.Args[1])
		default:
			signUse(p, m, c)
		}
	}
	if m.Role == facts.RoleFront || m.Role == facts.RoleShared || m.Role == facts.RoleUnknown {
		for _, f := range m.Fields { // <Chat apiKey={…}>, <StreamApp apiKey=…>
			if f.Object != "" && f.Object[0] >= 'A' && f.Object[0] <= 'Z' && f.Name == "apiKey" && m.Streamish() && !affix.Contains(f.Object, ".") && !isObject(m, f) {
				u := picture.Use{Mod: m, Line: f.Line, What: facts.WhatKey, How: "<" + f.Object + ">", Scope: f.Scope, Server: m.OnServerToo()}
				addUse(p, u, f.Expr)
			}
		}
	}
}

// isObject tells a field of an object that is called as components are: const CHAT = { apiKey }.
func isObject(m *modules.Module, f jsread.Field) bool {
	v, ok := m.Resolve(f.Scope, f.Object)
	return ok && (v.Kind == jsread.Object || v.Kind == jsread.Wrapped || v.Kind == jsread.Either)
}

// ObjectCallees are the calls that take key and secret in an object.
var ObjectCallees = names.Words("useCreateChatClient", "StreamVideoClient", "getOrCreateInstance", "useCreateFeedsClient", "useCreateVideoClient", "useCreateStreamClient")

// StreamClient tells a call that makes a Stream client from key and secret.
func StreamClient(p *picture.Reader, m *modules.Module, c jsread.Call) bool {
	head, _, dotted := affix.Cut(c.Callee, ".")
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
		return affix.Contains(head, "Stream") || modules.StreamPackage.MatchString(imported)
	case name == "connect" && (imported == "getstream" || head == "getstream"):
		return true
	}
	return false
}

func clientUse(p *picture.Reader, m *modules.Module, c jsread.Call) {
	if len(c.Args) == 0 {
		return
	}
	if modules.Settle(p.Graph, modules.View{M: m, At: c.Scope, E: c.Args[0]}).E.Kind == jsread.Object {
		objectUse(p, m, c, c.Args[0])
		return
	}
	base := picture.Use{Mod: m, Line: c.Line, How: c.Callee, Fn: c.Func, Scope: c.Scope}
	if c.New {
		base.How = "new " + c.Callee
	}
	k := base
	k.What = facts.WhatKey
	if len(c.Args) > 1 && c.Args[1].Kind != jsread.Object && c.Args[1].Kind != jsread.Func {
		k.Server = m.OnServerToo()
	}
	addUse(p, k, c.Args[0])
	if len(c.Args) > 1 {
		switch a := c.Args[1]; {
		case a.Kind == jsread.Object || a.Kind == jsread.Func, a.Kind == jsread.Ident && (a.Text == "undefined" || a.Text == "null" || affix.Contains(strings.ToLower(a.Text), "option")):
		default:
			s := base
			s.What = facts.WhatSecret
			addUse(p, s, a)
		}
	}
}

// objectUse reads { apiKey, secret } given to a client.
func objectUse(p *picture.Reader, m *modules.Module, c jsread.Call, o jsread.Expr) {
	list, _ := modules.FieldsOf(p.Graph, modules.View{M: m, At: c.Scope, E: o}, 4)
	for _, x := range list {
		u := picture.Use{Mod: m, Line: c.Line, How: c.Callee, Fn: c.Func, Scope: c.Scope}
		switch x.Key {
		case "apiKey", "api_key", "key":
			u.What = facts.WhatKey
		case "secret", "apiSecret", "api_secret":
			u.What = facts.WhatSecret
		default:
			continue
		}
		useOf(p, u, x.V)
	}
}

// signUse notes the secret of a call that signs a JWT.
func signUse(p *picture.Reader, m *modules.Module, c jsread.Call) {
	s, ok := SigningOf(m, c)
	if !ok {
		return
	}
	u := picture.Use{Mod: m, Line: c.Line, What: facts.WhatSecret, How: s.How, Fn: c.Func, Scope: c.Scope}
	u.UserID, u.Foreign = PayloadOf(p, m, c.Scope, s.Payload)
	addUse(p, u, s.Secret)
}

func ChainHas(e jsread.Expr, callee string, depth int) bool {
	if e.Kind == jsread.CallExpr && (e.Text == callee || affix.HasSuffix(e.Text, "SignJWT")) {
		return true
	}
	return e.On() != nil && depth > 0 && ChainHas(*e.On(), callee, depth-1)
}

func ChainRoot(e jsread.Expr, callee string, depth int) jsread.Expr {
	if e.Kind == jsread.CallExpr && (e.Text == callee || affix.HasSuffix(e.Text, "SignJWT")) && len(e.Parts) > 0 {
		return e.Parts[0]
	}
	if e.On() != nil && depth > 0 {
		return ChainRoot(*e.On(), callee, depth-1)
	}
	return jsread.Expr{}
}

// PayloadOf tells whether a payload names user_id, and whether it can be seen
// to name something else instead.
func PayloadOf(p *picture.Reader, m *modules.Module, at jsread.Scope, e jsread.Expr) (userID, foreign bool) {
	defer p.Ask()()
	if e.Kind == jsread.Ident {
		if v, ok := m.Resolve(at, e.Text); ok {
			e = v
		}
	}
	if e.Kind != jsread.Object || !p.Step() {
		return false, false
	}
	for i, k := range e.Keys() {
		if k == "user_id" {
			return true, false
		}
		if k == "" && e.Parts[i].Kind == jsread.Ident {
			if id, _ := PayloadOf(p, m, at, e.Parts[i]); id {
				return true, false
			}
		}
	}
	return false, true
}

//go:noinline
func addUse(p *picture.Reader, u picture.Use, e jsread.Expr) {
	useOf(p, u, modules.View{M: u.Mod, At: u.Scope, E: e})
}

// useOf follows the expression and files the literals it leads to.
func useOf(p *picture.Reader, u picture.Use, v modules.View) {
	u.Leaves = p.Leaves(v)
	if u.Scope == 0 || u.Mod.CallsAtTop(u.Fn) {
		for i := range u.Leaves {
			if l := &u.Leaves[i]; l.Kind == modules.LeafEnv && len(l.Self) == 0 {
				l.Top = append(l.Top, modules.Place{Mod: u.Mod, Line: u.Line})
			}
		}
	}
	u.Ids = make([]int, len(u.Leaves))
	env := ""
	for i, l := range u.Leaves {
		u.Ids[i] = -1
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
			name = u.How
		}
		m := l.Mod
		role := m.Role
		if role == facts.RoleUnknown && u.Mod.Role != facts.RoleUnknown {
			role = u.Mod.Role
		}
		kind := m.Kind(fallback)
		if l.File {
			kind = facts.KindConfig
		}
		if u.Hmac && !u.Mod.Streamish() || u.Foreign {
			u.Ids[i] = p.Add(facts.Value{What: facts.WhatOther, Name: name, Kind: kind, Role: role, File: m.Rel, Line: l.Line, Modified: m.Modified, Public: role == facts.RoleFront}, []byte(l.Text))
			continue
		}
		u.Ids[i] = p.Add(facts.Value{What: u.What, Name: name, Kind: kind, Role: role, File: m.Rel, Line: l.Line, Modified: m.Modified, Public: role == facts.RoleFront}, []byte(l.Text))
	}
	p.Uses = append(p.Uses, u)
}
