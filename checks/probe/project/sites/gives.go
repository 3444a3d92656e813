package sites

import (
	"slices"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/names"
	"badsig/checks/probe/project/picture"
	"badsig/checks/sanitize"
)

// Rules of this file, about the fields of a response:
//   - a field holds the token where its value leads to the signing call, through constants and functions of the project
//   - what is done to the token on that way is told where every step of it was read; one step that wasn't says nothing
//   - a response with a spread, or one that is filled later, may have more fields than were read

// giving reads what a handler responds with.
type giving struct {
	*wrapReader
	via   []modules.FnRef
	open  bool // the response may have other fields
	text  bool // a string is sent as it is
	json  bool // a string is sent as JSON
	given []given
}

// given is a parameter of a function of the project that holds the token, and what was done to the token before.
type given struct {
	fn    *jsread.Function
	index int
	changed
	ok bool // every step before was understood
}

// handed is the function of the project that gets the token from a call; nil for none.
func (g *giving) handed(m *modules.Module, at jsread.Scope, x jsread.Expr, depth int) *modules.FnRef {
	for i, a := range x.Parts {
		if x.Kind != jsread.CallExpr || len(g.given) > 20 || !g.holds(m, at, a, depth-1) {
			continue
		}
		f, ok := g.p.CalledFunction(m, at, x, 8)
		if !ok || i >= len(f.Fn.Params) {
			return nil
		}
		c, ok := g.change(m, at, a, depth-1)
		g.given = append(g.given, given{f.Fn, i, c, ok})
		return &f
	}
	return nil
}

// parameter is what is known of a name that is a function's parameter with the token in it.
func (g *giving) parameter(m *modules.Module, at jsread.Scope, name string) *given {
	fn, i, member, ok := jsread.ParamAt(&m.Module, at, name)
	for n := range g.given {
		if x := &g.given[n]; ok && member == "" && x.fn == fn && x.index == i {
			return x
		}
	}
	return nil
}

// readGives notes the fields of an entry's response, and those of them that hold the token.
func readGives(p *picture.Reader, s *picture.Site, e *picture.Entry, r reaching) {
	g := &giving{wrapReader: &wrapReader{p: p, s: s, fact: &p.Facts.Sites[s.Fact], e: e}, via: r.via}
	f := e.F
	if f.Fn == nil {
		return
	}
	for _, list := range [][]jsread.Call{f.Mod.Calls, f.Mod.Others} {
		for i := range list {
			c := &list[i]
			if !jsread.Inside(&f.Mod.Module, c.Scope, f.Fn.Own) {
				continue
			}
			if x := c.Expr(); len(c.Args) > 0 && g.ownHelper(f.Mod, c.Scope, x) {
				g.json = false
				g.answer(f.Mod, c.Scope, x, c.Line)
			} else if len(c.Args) > 0 && senders[facts.LastName(c.Callee)] && jsread.Inside(&f.Mod.Module, c.Scope, f.Fn.Own) && !refuses(c) {
				g.text = facts.LastName(c.Callee) != "json" && facts.LastName(c.Callee) != "jsonp"
				g.json = !g.text
				g.answer(f.Mod, c.Scope, c.Args[0], c.Line)
			}
		}
	}
	g.text, g.json = true, false
	for _, x := range f.Mod.Assigned { // ctx.body = { token }
		if affix.HasSuffix(x.Name, "body") && jsread.Inside(&f.Mod.Module, x.Scope, f.Fn.Own) {
			g.answer(f.Mod, x.Scope, x.Expr, x.Line)
		}
	}
	for _, x := range f.Fn.Returns {
		if x.Expr.Kind == jsread.CallExpr && (senders[facts.LastName(affix.TrimPrefix(x.Expr.Text, "new "))] || g.ownHelper(f.Mod, f.Fn.Own, x.Expr)) {
			continue // told by the call itself
		}
		g.answer(f.Mod, f.Fn.Own, x.Expr, max(x.Line, f.Fn.Line))
	}
	e.GivesAll = !g.open && len(e.Gives) > 0
	e.Signed = g.signed()
}

// answer looks at one thing that is sent, if the token is in it.
func (g *giving) answer(m *modules.Module, at jsread.Scope, x jsread.Expr, line int) {
	if e, ok := g.helped(m, at, x); ok {
		x = e
	}
	x = peeled(m, at, x)
	if g.holds(m, at, x, 10) {
		g.fields(m, at, x, "", line, 6)
	}
}

// fields files the fields of what is sent.
func (g *giving) fields(m *modules.Module, at jsread.Scope, x jsread.Expr, path string, line, depth int) {
	if depth == 0 || len(g.e.Gives) >= 20 || len(g.e.Answer) >= 60 {
		g.open = true
		return
	}
	line = max(x.Line, line)
	switch x.Kind {
	case jsread.Ident:
		if v, ok := m.Resolve(at, x.Text); ok && v.Kind == jsread.Object {
			g.open = g.open || affix.Any(m.Assigned, func(a jsread.Field) bool { return a.Object == x.Text })
			g.fields(m, at, v, path, line, depth-1)
			return
		} else if ok && g.objects(m, at, v, depth) {
			g.fields(m, at, v, path, line, depth-1)
			return
		}
	case jsread.Object:
		for i, key := range x.Keys() {
			name := key
			if path != "" {
				name = path + "." + key
			}
			switch v := x.Parts[i]; {
			case key == "" || key == "[]":
				g.open = true
			case (v.Kind == jsread.Object || v.Kind == jsread.Ident && g.isObject(m, at, v) || g.objects(m, at, v, depth)) && g.holds(m, at, v, depth):
				g.fields(m, at, v, name, line, depth-1)
			default:
				if !facts.OneOf(g.e.Answer, name) {
					g.e.Answer = append(g.e.Answer, name)
				}
				g.tell(m, at, v, name, 3)
				if names.Classify(key).What == facts.WhatKey {
					g.e.Key = modules.View{M: m, At: at, E: v}
				}
				if facts.OneOf(facts.IDNames, key) {
					if v, ok := m.Resolve(at, v.Text); ok && v.Kind == jsread.Literal {
						g.e.Names = sanitize.Visible(v.Text)
					} else if x.Parts[i].Kind == jsread.Literal {
						g.e.Names = sanitize.Visible(x.Parts[i].Text)
					} else if g.s.User.E.Kind == jsread.Literal && x.Parts[i].Kind == jsread.Ident && !affix.Any(g.p.Leaves(modules.View{M: m, At: at, E: x.Parts[i]}), func(l modules.Leaf) bool { return l.Kind == modules.LeafLiteral }) {
						g.e.NamesAs = sanitize.Visible(x.Parts[i].Text)
					}
				}
				if g.holds(m, at, v, depth) {
					g.gift(m, at, v, name, max(v.Line, x.Line))
				}
			}
		}
		return
	case jsread.CallExpr:
		if f := g.carrier(x); f != nil {
			for _, ret := range f.Fn.Returns {
				if g.holds(f.Mod, f.Fn.Own, ret.Expr, depth) {
					g.fields(f.Mod, f.Fn.Own, ret.Expr, path, ret.Line, depth-1)
				}
			}
			return
		}
		if f := g.handed(m, at, x, depth); f != nil && f.Fn.Name != "" {
			for _, ret := range f.Fn.Returns {
				if g.holds(f.Mod, f.Fn.Own, ret.Expr, depth) {
					g.fields(f.Mod, f.Fn.Own, ret.Expr, path, ret.Line, depth-1)
				}
			}
			return
		}
	}
	g.gift(m, at, x, path, line)
}

func (g *giving) isObject(m *modules.Module, at jsread.Scope, x jsread.Expr) bool {
	v, ok := m.Resolve(at, x.Text)
	return ok && v.Kind == jsread.Object
}

// objects reports a call, or a name for one, of a function between the site and the entry that gives an object with the token in it.
func (g *giving) objects(m *modules.Module, at jsread.Scope, x jsread.Expr, depth int) bool {
	if v, ok := m.Resolve(at, x.Text); ok && x.Kind == jsread.Ident {
		x = v
	}
	if x.Kind != jsread.CallExpr || depth == 0 {
		return false
	}
	f := g.carrier(x)
	return f != nil && affix.Any(f.Fn.Returns, func(ret jsread.Exit) bool {
		v := ret.Expr
		return (v.Kind == jsread.Object || v.Kind == jsread.Ident && g.isObject(f.Mod, f.Fn.Own, v) || g.objects(f.Mod, f.Fn.Own, v, depth-1)) && g.holds(f.Mod, f.Fn.Own, v, depth)
	})
}

func (g *giving) gift(m *modules.Module, at jsread.Scope, x jsread.Expr, field string, line int) {
	out := facts.Gift{Field: sanitize.Visible(field), Text: g.text && field == "" && x.Text != "JSON.stringify", JSON: g.json && field == "", Place: facts.Place{File: m.Rel, Line: line}}
	c, ok := g.change(m, at, x, 12)
	if !ok && field == "" {
		g.open = true // it may be an object
	}
	if ok && c.how != "" {
		out.How, out.As, out.Place = c.how, sanitize.Visible(c.as), c.Place
	} else if ok && g.e.Kind == facts.EntryHTTP && field != "" {
		if line := g.promised(m, at, x, 8); line > 0 {
			out.How, out.Line = "promise", line
		}
	}
	if !slices.Contains(g.e.Gives, out) {
		g.e.Gives = append(g.e.Gives, out)
	}
}

// carrier is the function between the site and the entry that a call means; nil for none.
func (g *giving) carrier(x jsread.Expr) *modules.FnRef {
	for i := range g.via {
		if f := &g.via[i]; f.Fn != nil && f.Fn.Name != "" && f.Fn.Name == facts.LastName(x.Text) {
			return f
		}
	}
	return nil
}

// holds reports whether an expression leads to the signing call.
func (g *giving) holds(m *modules.Module, at jsread.Scope, x jsread.Expr, depth int) bool {
	if depth == 0 {
		return false
	}
	in := func(parts []jsread.Expr) bool {
		return affix.Any(parts, func(part jsread.Expr) bool { return g.holds(m, at, part, depth-1) })
	}
	switch x.Kind {
	case jsread.CallExpr:
		return g.isSite(m, x) || g.carrier(x) != nil || x.On() != nil && g.holds(m, at, *x.On(), depth-1) || in(x.Parts)
	case jsread.Ident:
		if g.parameter(m, at, x.Text) != nil {
			return true
		}
		v, ok := m.Resolve(at, x.Text)
		return ok && (v.Kind != jsread.Ident || v.Text != x.Text) && g.holds(m, at, v, depth-1)
	case jsread.Object, jsread.Array, jsread.Either, jsread.Template, jsread.Wrapped, jsread.Other:
		return in(x.Parts)
	}
	return false
}
