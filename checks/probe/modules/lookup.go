package modules

import (
	"strings"

	"badsig/checks/probe/jsread"
)

// Rules of this file:
//   - a name is followed through variables, imports, classes and the objects that functions return, to a value
//   - what is not found is not guessed: two functions of one name in two files are two functions

// Held is what a name was found to hold, and where.
type Held struct {
	Mod *Module
	At  jsread.Scope
	E   jsread.Expr
}

// FnRef is a function of a module.
type FnRef struct {
	Mod *Module
	Fn  *jsread.Function
}

// Lookup follows a path (client, this.chat.token, services.stream) from a place
// of a module to what it holds.
func Lookup(g *Graph, m *Module, at jsread.Scope, path string, depth int) (Held, bool) {
	if depth <= 0 || path == "" || !g.Step() {
		return Held{}, false
	}
	head, rest, _ := strings.Cut(path, ".")
	if head == "this" {
		return lookupThis(g, m, at, rest, depth-1)
	}
	if v, ok := m.Resolve(at, path); ok && (v.Kind != jsread.Other || rest == "") {
		if v.Kind == jsread.Ident {
			return Lookup(g, m, at, v.Text, depth-1)
		}
		if v.Kind != jsread.Other || v.Param == nil {
			return Held{m, at, v}, true
		}
	} else if v.Kind == jsread.Ident && v.Text != path && v.Text != "" {
		if h, ok := Lookup(g, m, at, v.Text, depth-1); ok {
			return h, true
		}
	}
	if rest != "" {
		if v, ok := m.Resolve(at, head); ok && v.Kind != jsread.Ident && v.Kind != jsread.Other {
			return memberHeld(g, Held{m, at, v}, rest, depth-1)
		}
	}
	if fn, i, member, ok := jsread.ParamAt(&m.Module, at, head); ok { // constructor(private chat: ChatService), (chat: ChatService) =>
		if t := fn.Params[i].Type; t != "" && member == "" {
			if c, ok := Lookup(g, m, 0, t, depth-1); ok && classHeld(g, c) != nil {
				return memberHeld(g, c, rest, depth-1)
			}
		}
		return Held{}, false
	}
	for _, i := range m.Imports {
		exported, ok := i.Names[head]
		if !ok {
			continue
		}
		t := g.Module(g.Resolve(m, i.From))
		if t == nil {
			return Held{}, false
		}
		return exportHeld(g, t, exported, rest, depth-1)
	}
	for _, f := range m.Assigned { // settings.stream = {…}, exports.x = …
		if f.Object != "" && f.Object+"."+f.Name == path {
			return Held{m, f.Scope, f.Expr}, true
		}
	}
	return Held{}, false
}

// exportHeld gives what a module exports under a name.
func exportHeld(g *Graph, m *Module, name, rest string, depth int) (Held, bool) {
	if depth <= 0 || !g.Step() {
		return Held{}, false
	}
	if name == "*" {
		if rest == "" {
			return Held{}, false
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
			return exportHeld(g, m, first, joinPath(behind, rest), depth-1)
		}
	}
	e, ok := m.Exports[name]
	if !ok {
		if d, has := m.Exports["default"]; has && name != "default" { // module.exports = name's owner
			if h, ok := memberHeld(g, Held{m, 0, d}, joinPath(name, rest), depth-1); ok {
				return h, true
			}
		}
		if name == "default" && rest != "" {
			first, behind, _ := strings.Cut(rest, ".")
			if x, has := m.Exports[first]; has {
				return memberHeld(g, Held{m, 0, x}, behind, depth-1)
			}
		}
		for _, i := range m.Imports {
			if i.Names["*"] == "*" {
				if t := g.Module(g.Resolve(m, i.From)); t != nil && t != m {
					if h, ok := exportHeld(g, t, name, rest, depth-1); ok {
						return h, true
					}
				}
			}
		}
		return Held{}, false
	}
	return memberHeld(g, Held{m, 0, e}, rest, depth-1)
}

// lookupThis follows this.x.y in the class around a place.
func lookupThis(g *Graph, m *Module, at jsread.Scope, rest string, depth int) (Held, bool) {
	var class *jsread.Function
	for s := at; s > 0; s = jsread.Outer(&m.Module, s) {
		if f := jsread.FunctionOf(&m.Module, s); f != nil && f.Class {
			class = f
			break
		}
	}
	if class == nil || rest == "" {
		return Held{}, false
	}
	return classMember(g, m, class, rest, depth)
}

// classMember finds a method or field of a class.
func classMember(g *Graph, m *Module, class *jsread.Function, rest string, depth int) (Held, bool) {
	if depth <= 0 || !g.Step() {
		return Held{}, false
	}
	name, behind, _ := strings.Cut(rest, ".")
	var out Held
	found := false
	jsread.Functions(&m.Module, func(f *jsread.Function) bool {
		if f.In == class.Own && !f.Class && f.Name == name {
			out, found = Held{m, f.In, jsread.Expr{Kind: jsread.Func, Text: name, Fn: f.Own, Line: f.Line}}, true
		}
		if f.In == class.Own && f.Name == "constructor" {
			for _, x := range f.Params { // constructor(private readonly chat: ChatService)
				if member, ok := x.Names[name]; ok && member == "" && x.Type != "" && !found {
					if c, ok := Lookup(g, m, 0, x.Type, depth-1); ok && classHeld(g, c) != nil {
						out, found = c, true
					}
				}
			}
		}
		return true
	})
	if found {
		return memberHeld(g, out, behind, depth-1)
	}
	for _, f := range m.Assigned {
		if f.Object == "this" && f.Name == name && jsread.Inside(&m.Module, f.Scope, class.Own) {
			return memberHeld(g, Held{m, f.Scope, f.Expr}, behind, depth-1)
		}
	}
	if v, ok := m.Resolve(class.Own, "this."+name); ok {
		return memberHeld(g, Held{m, class.Own, v}, behind, depth-1)
	}
	return Held{}, false
}

// classHeld gives the class that a value is, or is made of.
func classHeld(g *Graph, h Held) *jsread.Function {
	if h.E.Kind == jsread.Func && h.E.Fn > 0 {
		if f := jsread.FunctionOf(&h.Mod.Module, h.E.Fn); f != nil && f.Class {
			return f
		}
	}
	return nil
}

// memberHeld follows a path into a value.
func memberHeld(g *Graph, h Held, rest string, depth int) (Held, bool) {
	for depth > 0 && g.Step() {
		depth--
		switch h.E.Kind {
		case jsread.Ident:
			return Lookup(g, h.Mod, h.At, joinPath(h.E.Text, rest), depth)
		case jsread.Wrapped:
			if len(h.E.Parts) == 0 {
				return h, rest == ""
			}
			if member, ok := strings.CutPrefix(h.E.Text, "."); ok {
				rest = joinPath(member, rest)
				h.E = h.E.Parts[0]
				continue
			}
			if h.E.Text != "as" && h.E.Text != "!" && h.E.Text != "Object.freeze" {
				return h, rest == ""
			}
			h.E = h.E.Parts[0]
			continue
		}
		if rest == "" {
			return h, true
		}
		name, behind, _ := strings.Cut(rest, ".")
		switch h.E.Kind {
		case jsread.Object:
			i := len(h.E.Keys) - 1
			for ; i >= 0 && h.E.Keys[i] != name; i-- {
				if h.E.Keys[i] == "" {
					if x, ok := memberHeld(g, Held{h.Mod, h.At, h.E.Parts[i]}, rest, depth); ok {
						return x, true
					}
				}
			}
			if i < 0 {
				return Held{}, false
			}
			h.E, rest = h.E.Parts[i], behind
		case jsread.Func:
			if c := classHeld(g, h); c != nil {
				return classMember(g, h.Mod, c, rest, depth)
			}
			return Held{}, false
		case jsread.CallExpr:
			r, ok := g.Returned(h, depth)
			if !ok {
				return Held{}, false
			}
			h = r
		case jsread.Either:
			for _, x := range h.E.Parts {
				if r, ok := memberHeld(g, Held{h.Mod, h.At, x}, rest, depth); ok {
					return r, true
				}
			}
			return Held{}, false
		default:
			return Held{}, false
		}
	}
	return Held{}, false
}
