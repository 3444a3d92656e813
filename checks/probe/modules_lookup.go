package probe

import (
	"slices"
	"strings"

	"badsig/checks/probe/jsread"
)

// Rules of this file:
//   - a name is followed through variables, imports, classes and the objects that functions return, to a value
//   - what is not found is not guessed: two functions of one name in two files are two functions

// held is what a name was found to hold, and where.
type held struct {
	mod *module
	at  jsread.Scope
	e   jsread.Expr
}

// fnRef is a function of a module.
type fnRef struct {
	mod *module
	fn  *jsread.Function
}

// lookup follows a path (client, this.chat.token, services.stream) from a place
// of a module to what it holds.
func (g *graph) lookup(m *module, at jsread.Scope, path string, depth int) (held, bool) {
	if depth <= 0 || path == "" || !g.step() {
		return held{}, false
	}
	head, rest, _ := strings.Cut(path, ".")
	if head == "this" {
		return g.lookupThis(m, at, rest, depth-1)
	}
	if v, ok := m.Resolve(at, path); ok && (v.Kind != jsread.Other || rest == "") {
		if v.Kind == jsread.Ident {
			return g.lookup(m, at, v.Text, depth-1)
		}
		if v.Kind != jsread.Other || v.Param == nil {
			return held{m, at, v}, true
		}
	} else if v.Kind == jsread.Ident && v.Text != path && v.Text != "" {
		if h, ok := g.lookup(m, at, v.Text, depth-1); ok {
			return h, true
		}
	}
	if rest != "" {
		if v, ok := m.Resolve(at, head); ok && v.Kind != jsread.Ident && v.Kind != jsread.Other {
			return g.memberHeld(held{m, at, v}, rest, depth-1)
		}
	}
	if fn, i, member, ok := m.ParamAt(at, head); ok { // constructor(private chat: ChatService), (chat: ChatService) =>
		if t := fn.Params[i].Type; t != "" && member == "" {
			if c, ok := g.lookup(m, 0, t, depth-1); ok && g.classHeld(c) != nil {
				return g.memberHeld(c, rest, depth-1)
			}
		}
		return held{}, false
	}
	for _, i := range m.Imports {
		exported, ok := i.Names[head]
		if !ok {
			continue
		}
		t := g.module(g.resolve(m, i.From))
		if t == nil {
			return held{}, false
		}
		return g.exportHeld(t, exported, rest, depth-1)
	}
	for _, f := range m.Fields { // settings.stream = {…}, exports.x = …
		if f.Object != "" && f.Object+"."+f.Name == path {
			return held{m, f.Scope, f.Expr}, true
		}
	}
	return held{}, false
}

// exportHeld gives what a module exports under a name.
func (g *graph) exportHeld(m *module, name, rest string, depth int) (held, bool) {
	if depth <= 0 || !g.step() {
		return held{}, false
	}
	if name == "*" {
		if rest == "" {
			return held{}, false
		}
		name, rest, _ = strings.Cut(rest, ".")
		if name == "default" && rest != "" {
			if _, ok := m.Exports["default"]; !ok {
				name, rest, _ = strings.Cut(rest, ".")
			}
		}
	}
	if _, ok := m.Exports[name]; !ok {
		if first, behind, dotted := strings.Cut(name, "."); dotted {
			return g.exportHeld(m, first, joinPath(behind, rest), depth-1)
		}
	}
	e, ok := m.Exports[name]
	if !ok {
		if d, has := m.Exports["default"]; has && name != "default" { // module.exports = name's owner
			if h, ok := g.memberHeld(held{m, 0, d}, joinPath(name, rest), depth-1); ok {
				return h, true
			}
		}
		if name == "default" && rest != "" {
			first, behind, _ := strings.Cut(rest, ".")
			if x, has := m.Exports[first]; has {
				return g.memberHeld(held{m, 0, x}, behind, depth-1)
			}
		}
		for _, i := range m.Imports {
			if i.Names["*"] == "*" {
				if t := g.module(g.resolve(m, i.From)); t != nil && t != m {
					if h, ok := g.exportHeld(t, name, rest, depth-1); ok {
						return h, true
					}
				}
			}
		}
		return held{}, false
	}
	return g.memberHeld(held{m, 0, e}, rest, depth-1)
}

// lookupThis follows this.x.y in the class around a place.
func (g *graph) lookupThis(m *module, at jsread.Scope, rest string, depth int) (held, bool) {
	var class *jsread.Function
	for s := at; s > 0; s = m.Outer(s) {
		if f := m.FunctionOf(s); f != nil && f.Class {
			class = f
			break
		}
	}
	if class == nil || rest == "" {
		return held{}, false
	}
	return g.classMember(m, class, rest, depth)
}

// classMember finds a method or field of a class.
func (g *graph) classMember(m *module, class *jsread.Function, rest string, depth int) (held, bool) {
	if depth <= 0 || !g.step() {
		return held{}, false
	}
	name, behind, _ := strings.Cut(rest, ".")
	var out held
	found := false
	m.Functions(func(f *jsread.Function) bool {
		if f.In == class.Own && !f.Class && f.Name == name {
			out, found = held{m, f.In, jsread.Expr{Kind: jsread.Func, Text: name, Fn: f.Own, Line: f.Line}}, true
		}
		if f.In == class.Own && f.Name == "constructor" {
			for _, x := range f.Params { // constructor(private readonly chat: ChatService)
				if member, ok := x.Names[name]; ok && member == "" && x.Type != "" && !found {
					if c, ok := g.lookup(m, 0, x.Type, depth-1); ok && g.classHeld(c) != nil {
						out, found = c, true
					}
				}
			}
		}
		return true
	})
	if found {
		return g.memberHeld(out, behind, depth-1)
	}
	for _, f := range m.Fields {
		if f.Object == "this" && f.Name == name && m.Inside(f.Scope, class.Own) {
			return g.memberHeld(held{m, f.Scope, f.Expr}, behind, depth-1)
		}
	}
	if v, ok := m.Resolve(class.Own, "this."+name); ok {
		return g.memberHeld(held{m, class.Own, v}, behind, depth-1)
	}
	return held{}, false
}

// classHeld gives the class that a value is, or is made of.
func (g *graph) classHeld(h held) *jsread.Function {
	if h.e.Kind == jsread.Func && h.e.Fn > 0 {
		if f := h.mod.FunctionOf(h.e.Fn); f != nil && f.Class {
			return f
		}
	}
	return nil
}

// memberHeld follows a path into a value.
func (g *graph) memberHeld(h held, rest string, depth int) (held, bool) {
	for depth > 0 && g.step() {
		depth--
		switch h.e.Kind {
		case jsread.Ident:
			return g.lookup(h.mod, h.at, joinPath(h.e.Text, rest), depth)
		case jsread.Wrapped:
			if len(h.e.Parts) == 0 {
				return h, rest == ""
			}
			if member, ok := strings.CutPrefix(h.e.Text, "."); ok {
				rest = joinPath(member, rest)
				h.e = h.e.Parts[0]
				continue
			}
			if h.e.Text != "as" && h.e.Text != "!" && h.e.Text != "Object.freeze" {
				return h, rest == ""
			}
			h.e = h.e.Parts[0]
			continue
		}
		if rest == "" {
			return h, true
		}
		name, behind, _ := strings.Cut(rest, ".")
		switch h.e.Kind {
		case jsread.Object:
			i := len(h.e.Keys) - 1
			for ; i >= 0 && h.e.Keys[i] != name; i-- {
				if h.e.Keys[i] == "" {
					if x, ok := g.memberHeld(held{h.mod, h.at, h.e.Parts[i]}, rest, depth); ok {
						return x, true
					}
				}
			}
			if i < 0 {
				return held{}, false
			}
			h.e, rest = h.e.Parts[i], behind
		case jsread.Func:
			if c := g.classHeld(h); c != nil {
				return g.classMember(h.mod, c, rest, depth)
			}
			return held{}, false
		case jsread.CallExpr:
			r, ok := g.returned(h, depth)
			if !ok {
				return held{}, false
			}
			h = r
		case jsread.Either:
			for _, x := range h.e.Parts {
				if r, ok := g.memberHeld(held{h.mod, h.at, x}, rest, depth); ok {
					return r, true
				}
			}
			return held{}, false
		default:
			return held{}, false
		}
	}
	return held{}, false
}

// returned gives what a call gives: the class of a construction, or the value
// that one of the project's functions returns.
func (g *graph) returned(h held, depth int) (held, bool) {
	if name, ok := strings.CutPrefix(h.e.Text, "new "); ok {
		c, ok := g.lookup(h.mod, h.at, name, depth-1)
		return c, ok && g.classHeld(c) != nil
	}
	if (h.e.Text == "require" || h.e.Text == "import") && len(h.e.Parts) == 1 && h.e.Parts[0].Kind == jsread.Literal {
		t := g.module(g.resolve(h.mod, h.e.Parts[0].Text))
		if t == nil {
			return held{}, false
		}
		if d, ok := t.Exports["default"]; ok {
			return g.memberHeld(held{t, 0, d}, "", depth-1)
		}
		return held{t, 0, exportsOf(t)}, true
	}
	f, ok := g.calledFunction(h.mod, h.at, h.e, depth-1)
	if !ok {
		return held{}, false
	}
	for _, r := range slices.Backward(f.fn.Returns) {
		if r.Kind == jsread.Ident && (r.Text == "undefined" || r.Text == "null") {
			continue
		}
		return g.memberHeld(held{f.mod, f.fn.Own, r.Expr}, "", depth-1)
	}
	return held{}, false
}

// exportsOf is a module's exports as one object.
func exportsOf(m *module) jsread.Expr {
	e := jsread.Expr{Kind: jsread.Object, Line: 1}
	for k, v := range m.Exports {
		e.Keys, e.Parts = append(e.Keys, k), append(e.Parts, v)
	}
	return e
}

// calledFunction gives the project's function that a call runs.
func (g *graph) calledFunction(m *module, at jsread.Scope, e jsread.Expr, depth int) (fnRef, bool) {
	if e.On != nil && e.On.Kind != jsread.Ident {
		h, ok := g.memberHeld(held{m, at, *e.On}, lastName(e.Text), depth)
		if !ok {
			return fnRef{}, false
		}
		return g.functionIn(h, depth)
	}
	return g.functionAt(m, at, e.Text, depth)
}

// functionAt gives the project's function that a path names.
func (g *graph) functionAt(m *module, at jsread.Scope, path string, depth int) (fnRef, bool) {
	h, ok := g.lookup(m, at, path, depth)
	if !ok {
		return fnRef{}, false
	}
	return g.functionIn(h, depth)
}

// functionIn gives the function that a value is, also one that other functions
// wrap: asyncHandler(async (req, res) => …), cache(fn), fn.bind(this).
func (g *graph) functionIn(h held, depth int) (fnRef, bool) {
	if depth <= 0 || !g.step() {
		return fnRef{}, false
	}
	switch h.e.Kind {
	case jsread.Func:
		if f := h.mod.FunctionOf(h.e.Fn); f != nil && !f.Class {
			return fnRef{h.mod, f}, true
		}
	case jsread.Ident:
		if x, ok := g.lookup(h.mod, h.at, h.e.Text, depth-1); ok && x.e.Kind != jsread.Ident {
			return g.functionIn(x, depth-1)
		}
	case jsread.Wrapped:
		if len(h.e.Parts) > 0 && !strings.HasPrefix(h.e.Text, ".") {
			return g.functionIn(held{h.mod, h.at, h.e.Parts[0]}, depth-1)
		}
	case jsread.CallExpr:
		if on, name := receiver(h.e.Text); name == "bind" && h.e.On == nil && on != "" {
			return g.functionAt(h.mod, h.at, on, depth-1)
		}
		for _, a := range slices.Backward(h.e.Parts) {
			if a.Kind != jsread.Func && a.Kind != jsread.Ident && a.Kind != jsread.CallExpr {
				continue
			}
			if f, ok := g.functionIn(held{h.mod, h.at, a}, depth-1); ok {
				return f, true
			}
		}
		if r, ok := g.returned(h, depth-1); ok && r.e.Kind == jsread.Func { // const make = tokenFactory(secret)
			return g.functionIn(r, depth-1)
		}
	}
	return fnRef{}, false
}

// around gives the function whose body a place lies in; nil at the module's top.
// A class is none.
func (m *module) around(at jsread.Scope) *jsread.Function {
	for s := at; s > 0; s = m.Outer(s) {
		if f := m.FunctionOf(s); f != nil && !f.Class {
			return f
		}
	}
	return nil
}
