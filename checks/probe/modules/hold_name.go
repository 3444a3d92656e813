package modules

import (
	"cmp"
	"slices"

	"badsig/checks/affix"
	"badsig/checks/probe/jsread"
)

// Rules of this file:
//   - a name means what its module says, else what it imports; a barrel is passed through
//   - what a name of the module's top holds was worked out when the module was loaded, and the way says so

// named follows a name or path one way on: in its module, through a class, or
// through an import.
func (g *Graph) named(v View, depth int) (View, bool) {
	m, text := v.M, v.E.Text
	if depth <= 0 || text == "" {
		return v, false
	}
	if name, ok := boundVariable(m, v.At, text); ok {
		return v.variable(name), true
	}
	if name, ok := pluginVariable(g, m, text); ok {
		return v.variable(name), true
	}
	head, rest, _ := affix.Cut(text, ".")
	if head == "this" {
		if w, ok := thisMember(g, v, rest, depth); ok {
			return w, true
		}
	}
	e, ok := m.Resolve(v.At, text)
	switch {
	case ok && (e.Kind != jsread.Other || rest == "" || e.Param() != nil && !typed(m, v.At, head)):
		if e.Param() != nil && rest != "" { // the member is named here
			e.Line = max(e.Line, v.E.Line)
		}
		return v.holds(e), true
	case !ok && e.Kind == jsread.Ident && e.Text != text && e.Text != "":
		if rest != "" {
			e.Line = max(e.Line, v.E.Line)
		}
		return v.name(e.Text, cmp.Or(e.Line, v.E.Line)), true
	}
	held, isHeld := m.Resolve(v.At, head)
	isHeld = isHeld && rest != "" && held.Kind != jsread.Ident
	if isHeld && held.Kind != jsread.Other {
		if w, ok := g.member(v.holds(held), rest, v.E.Line, depth); ok {
			return w, true
		}
	}
	if fn, i, member, ok := jsread.ParamAt(&m.Module, v.At, head); ok { // constructor(private chat: ChatService), (chat: ChatService) =>
		if t := fn.Params[i].Type; t != "" && member == "" {
			if c, ok := injected(g, m, &fn.Params[i]); ok {
				return g.member(c, rest, v.E.Line, depth)
			}
			if c, ok := g.held(View{M: m, E: jsread.Expr{Kind: jsread.Ident, Text: t}}, depth); ok && classOf(c) != nil {
				return g.member(c, rest, v.E.Line, depth)
			}
		}
		if isHeld {
			return g.member(v.holds(held), rest, v.E.Line, depth)
		}
		return v, false
	}
	for _, i := range m.Imports {
		exported, ok := i.Names[head]
		if !ok {
			continue
		}
		if i.From == "expo-constants" {
			if w, ok := expoExtra(g, m, rest); ok {
				return w, true
			}
		}
		t := g.Module(g.Resolve(m, i.From))
		if t == nil {
			if name := buildVariable(g, m.Pkg, i.From, exported, rest); name != "" {
				return v.variable(name), true
			}
			return v, false
		}
		w, ok := exportIn(g, t, exported, rest, v.E.Line, depth)
		w.Via = slices.Concat(v.Via, []Stop{{Place: Place{m, v.E.Line}, Name: text}}, w.Via)
		return w, ok
	}
	for _, f := range m.Assigned { // settings.stream = {…}, exports.x = …
		if f.Object != "" && f.Object+"."+f.Name == text {
			w := v.Of(&f.Expr)
			w.At = f.Scope
			return w, true
		}
	}
	return v, false
}

// holds is what a name of a view's module was found to hold.
func (v View) holds(e jsread.Expr) View {
	text := v.E.Text
	head, _, _ := affix.Cut(text, ".")
	s := Stop{Place: Place{v.M, e.Line}, Name: text, Self: head == "this"}
	if c, isTop := v.M.Consts[head]; isTop {
		inner, ok := v.M.Resolve(v.At, head)
		s.Top = !ok || inner.Line == c.Line || c.Kind == jsread.Ident
	}
	v = v.via(s)
	return v.Of(&e)
}

// typed tells a parameter whose type is a class's, perhaps.
func typed(m *Module, at jsread.Scope, name string) bool {
	fn, i, member, ok := jsread.ParamAt(&m.Module, at, name)
	return ok && member == "" && fn.Params[i].Type != ""
}

// exportIn gives what a module exports under a name, or a path after it.
func exportIn(g *Graph, m *Module, name, rest string, line, depth int) (View, bool) {
	none := View{M: m, E: jsread.Expr{Kind: jsread.Ident, Text: name, Line: line}}
	if depth <= 0 || !g.Step() {
		return none, false
	}
	if d, has := m.Exports["default"]; name == "*" && rest == "" && has && len(m.Exports) == 1 { // module.exports = Chat
		return exportedValue(g, m, "default", d, "", line, depth-1)
	} else if name == "*" {
		if rest == "" {
			all := exportsOf(m)
			return none.Of(&all), true
		}
		name, rest, _ = affix.Cut(rest, ".")
		if _, ok := m.Exports["default"]; name == "default" && rest != "" && !ok {
			name, rest, _ = affix.Cut(rest, ".")
		}
	}
	e, ok := m.Exports[name]
	if ok {
		return exportedValue(g, m, name, e, rest, line, depth-1)
	}
	if first, behind, dotted := affix.Cut(name, "."); dotted { // const { secret } = require('./apps').demo
		return exportIn(g, m, first, joinPath(behind, rest), line, depth-1)
	}
	if d, has := m.Exports["default"]; has && name != "default" { // module.exports = { name: … }
		if w, ok := exportedValue(g, m, "default", d, joinPath(name, rest), line, depth-1); ok && !IsUndefined(w.E) {
			return w, true
		}
	}
	if first, behind, _ := affix.Cut(rest, "."); name == "default" && first != "" { // import config from a CommonJS module with exports.x = …
		if x, has := m.Exports[first]; has {
			return exportedValue(g, m, first, x, behind, line, depth-1)
		}
	}
	for _, i := range m.Imports {
		if i.Names["*"] != "*" {
			continue
		}
		if t := g.Module(g.Resolve(m, i.From)); t != nil && t != m {
			if w, ok := exportIn(g, t, name, rest, line, depth-1); ok {
				return w, true
			}
		}
	}
	return none, false
}

func exportedValue(g *Graph, m *Module, name string, e jsread.Expr, rest string, line, depth int) (View, bool) {
	v := View{M: m, E: e}
	if e.Kind == jsread.Ident {
		if isWord(e.Text) {
			return v, true
		}
		return g.named(v.name(joinPath(e.Text, rest), cmp.Or(e.Line, line)), depth)
	}
	v = v.via(Stop{Place: Place{m, e.Line}, Name: name, Top: true})
	if rest == "" {
		return v, true
	}
	return g.member(v, rest, e.Line, depth)
}

func joinPath(a, b string) string {
	if b == "" {
		return a
	}
	return a + "." + b
}
