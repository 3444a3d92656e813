package sites

import (
	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
	"badsig/checks/probe/project/values"
)

// onlyServerClient gives the one secret that the project's Stream clients are
// made with, where there is one only.
func onlyServerClient(p *picture.Reader, m *modules.Module) *picture.Use {
	var out *picture.Use
	for i := range p.Uses {
		u := &p.Uses[i]
		if u.What != facts.WhatSecret || u.Hmac || u.Foreign || u.Mod.Aside() || affix.Contains(u.How, "jwt") || affix.Contains(u.How, "SignJWT") {
			continue
		}
		if out != nil && out.Mod.Pkg != u.Mod.Pkg && u.Mod.Pkg != m.Pkg {
			continue
		}
		if out == nil || out.Mod.Pkg != m.Pkg && u.Mod.Pkg == m.Pkg {
			out = u
		}
	}
	return out
}

// readClient reads secret and key of the call that makes Stream's client.
func readClient(p *picture.Reader, s *picture.Site, h modules.View) {
	args := h.E.Parts
	if len(args) == 0 {
		return
	}
	s.Secret.M, s.SecretAt = h.M, h.E.Line
	if modules.Settle(p.Graph, h.Of(&args[0])).E.Kind == jsread.Object {
		list, _ := modules.FieldsOf(p.Graph, h.Of(&args[0]), 4)
		for _, x := range list {
			switch x.Key {
			case "secret", "apiSecret", "api_secret":
				s.Secret = x.V
			}
		}
		if len(args) < 2 {
			return
		}
	}
	if len(args) > 1 && args[1].Kind != jsread.Object && args[1].Kind != jsread.Func {
		s.Secret = h.Of(&args[1])
	}
}

// ClientBehind follows what makes a token to the call that makes
// Stream's client: StreamChat.getInstance(key, secret), new StreamClient(…).
func ClientBehind(p *picture.Reader, m *modules.Module, at jsread.Scope, e jsread.Expr, depth int) (modules.View, bool) {
	if depth == 0 || !p.Step() {
		return modules.View{}, false
	}
	switch e.Kind {
	case jsread.CallExpr:
		callee, construct := affix.CutPrefix(e.Text, "new ")
		if values.StreamClient(p, m, jsread.Call{Callee: callee, New: construct, Args: e.Parts, Scope: at, On: e.On()}) {
			return modules.View{M: m, At: at, E: e}, true
		}
		if h, ok := p.Returned(modules.View{M: m, At: at, E: e}, 12); ok && h.E.Kind != jsread.Func {
			return ClientBehind(p, h.M, h.At, h.E, depth-1)
		}
		if f, ok := p.CalledFunction(m, at, e, 12); ok { // let client; function get() { if (!client) client = …; return client }
			for _, r := range f.Fn.Returns {
				if h, ok := ClientBehind(p, f.Mod, f.Fn.Own, r.Expr, depth-1); ok {
					return h, true
				}
			}
		}
		if e.On() != nil {
			return ClientBehind(p, m, at, *e.On(), depth-1)
		}
	case jsread.Ident:
		if next, ok := p.Once(modules.View{M: m, At: at, E: e}); ok {
			if h, ok := ClientBehind(p, next.M, next.At, next.E, depth-1); ok {
				return h, true
			}
		}
		if on, name := modules.Receiver(e.Text); on != "" { // serverClient.chat, client.feeds
			_ = name
			return ClientBehind(p, m, at, jsread.Expr{Kind: jsread.Ident, Text: on}, depth-1)
		}
	case jsread.Either:
		for _, x := range e.Parts {
			if h, ok := ClientBehind(p, m, at, x, depth-1); ok {
				return h, true
			}
		}
	case jsread.Wrapped:
		if len(e.Parts) > 0 {
			return ClientBehind(p, m, at, e.Parts[0], depth-1)
		}
	case jsread.Other:
		for _, x := range e.Parts { // client ??= new StreamChat(…)
			if h, ok := ClientBehind(p, m, at, x, depth-1); ok {
				return h, true
			}
		}
		if e.Param() != nil { // makeRouter(client)
			name, construct := affix.CutPrefix(e.Param().Func, "new ")
			if name == "" {
				break
			}
			for _, c := range p.CallsNamed(name) {
				if c.Call.New == construct && e.Param().Index < len(c.Call.Args) && (c.Mod == m || modules.Imports(p.Graph, c.Mod, m)) {
					if h, ok := ClientBehind(p, c.Mod, c.Call.Scope, c.Call.Args[e.Param().Index], depth-1); ok {
						return h, true
					}
				}
			}
		}
	}
	return modules.View{}, false
}
