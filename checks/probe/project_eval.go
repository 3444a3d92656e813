package probe

import (
	"cmp"
	"strings"

	"badsig/checks/probe/jsread"
)

// Rules of this file:
//   - an expression is followed through names, imports and re-exports to what it is made of
//   - where it leads into something that is not understood, the leaf says so, and nothing certain follows from it

// leaf is one thing that an expression may turn out to be. A list of leaves
// is in the order in which the program tries them.
type leaf struct {
	kind      leafKind
	text      string // the variable's name, or the literal
	meta      bool   // import.meta.env
	mod       *module
	line      int
	changed   place   // where the last transform stands
	transform string  // base64-decode, hex-decode, trim, template …, joined by "+"
	top       []place // the modules at whose loading it is read; empty: read when used
	random    bool    // made anew at every start
	op        string  // how it stands to the leaf before it: ||, ??, ?: …
	name      string  // the name under which it was last seen
	file      bool    // mod is no module but a file that the program reads the text from
	again     bool    // a parameter that hands itself on: its other callers say what it holds
	self      []place // the class fields that it went through: read when an object is made
}

type leafKind uint8

const (
	leafUnknown leafKind = iota
	leafEnv
	leafLiteral
	leafUndefined
)

// place is a line of a module.
type place struct {
	mod  *module
	line int
}

const maxDepth = 24

// eval follows an expression of a module, seen at a scope.
func (g *graph) eval(m *module, at jsread.Scope, e jsread.Expr) []leaf {
	defer g.ask()()
	return g.follow(m, at, e, maxDepth)
}

func (g *graph) follow(m *module, at jsread.Scope, e jsread.Expr, depth int) []leaf {
	unknown := func() []leaf { return []leaf{{mod: m, line: e.Line, text: e.Text}} }
	if depth <= 0 || !g.step() {
		return unknown()
	}
	switch e.Kind {
	case jsread.Literal, jsread.Number:
		return []leaf{{kind: leafLiteral, text: e.Text, mod: m, line: e.Line}}
	case jsread.Env:
		return []leaf{{kind: leafEnv, text: e.Text, meta: e.Meta, mod: m, line: e.Line}}
	case jsread.Ident:
		return g.followName(m, at, e, depth)
	case jsread.Either:
		parts := e.Parts
		if e.Text == "&&" && len(parts) > 1 {
			parts = parts[len(parts)-1:]
		}
		var out []leaf
		for i, part := range parts {
			for _, l := range g.follow(m, at, part, depth-1) {
				if i > 0 && l.op == "" {
					l.op = e.Text
				}
				out = append(out, l)
			}
			if len(out) > 16 {
				break
			}
		}
		return out
	case jsread.Template:
		return g.followTemplate(m, at, e, depth)
	case jsread.Wrapped:
		if len(e.Parts) == 0 {
			return unknown()
		}
		if strings.HasPrefix(e.Text, ".") {
			return g.member(m, at, e.Parts[0], strings.TrimPrefix(e.Text, "."), e.Line, depth-1)
		}
		ls := g.follow(m, at, e.Parts[0], depth-1)
		if t := transformOf(e); t != "" {
			for i := range ls {
				ls[i].transform, ls[i].changed = joinTransforms(ls[i].transform, t), place{m, e.Line}
			}
		}
		return ls
	case jsread.CallExpr:
		return g.followCall(m, at, e, depth)
	case jsread.Other:
		if e.Param != nil {
			return g.followParam(m, e, depth-1)
		}
	}
	return unknown()
}

// followName resolves a name in its module, then through the imports.
func (g *graph) followName(m *module, at jsread.Scope, e jsread.Expr, depth int) []leaf {
	switch e.Text {
	case "undefined", "null":
		return []leaf{{kind: leafUndefined, text: e.Text, mod: m, line: e.Line}}
	}
	head, rest, _ := strings.Cut(e.Text, ".")
	if name, ok := boundVariable(m, at, e.Text); ok {
		return []leaf{{kind: leafEnv, text: name, mod: m, line: e.Line}}
	}
	if v, ok := m.Resolve(at, e.Text); ok {
		top := false
		if c, isTop := m.Consts[head]; isTop {
			inner, innerOK := m.Resolve(at, head)
			top = !innerOK || inner.Line == c.Line || c.Kind == jsread.Ident
		}
		if v.Kind == jsread.Ident && v.Text == e.Text {
			return []leaf{{mod: m, line: e.Line, text: e.Text}}
		}
		ls := g.follow(m, at, v, depth-1)
		for i := range ls {
			ls[i].name = e.Text
			if head == "this" {
				ls[i].self = append(ls[i].self, place{m, v.Line})
			}
			if top {
				ls[i].top = append([]place{{m, v.Line}}, ls[i].top...)
			}
		}
		return ls
	} else if v.Kind == jsread.Ident && v.Text != e.Text {
		return g.followName(m, at, jsread.Expr{Kind: jsread.Ident, Text: v.Text, Line: max(v.Line, e.Line)}, depth-1)
	}
	for _, i := range m.Imports {
		exported, ok := i.Names[head]
		if !ok {
			continue
		}
		target := g.module(g.resolve(m, i.From))
		if target == nil {
			return []leaf{{mod: m, line: e.Line, text: e.Text}}
		}
		ls := g.exported(target, exported, rest, depth-1)
		if len(ls) > 0 && ls[0].kind == leafUnknown {
			ls = g.followElsewhere(m, at, e, depth)
		}
		for k := range ls {
			ls[k].name = e.Text
		}
		return ls
	}
	// config.X where config is made by a call of the environment (zod, envalid …)
	if rest != "" {
		if v, ok := m.Resolve(at, head); ok && v.Kind != jsread.Ident {
			if ls := g.member(m, at, v, rest, e.Line, depth-1); len(ls) > 0 && ls[0].kind != leafUnknown {
				return ls
			}
		}
	}
	return g.followElsewhere(m, at, e, depth)
}

// member follows a path into a value.
func (g *graph) member(m *module, at jsread.Scope, e jsread.Expr, rest string, line, depth int) []leaf {
	unknown := []leaf{{mod: m, line: line, text: rest}}
	for depth > 0 {
		depth--
		if rest == "" {
			return g.follow(m, at, e, depth)
		}
		name, behind, _ := strings.Cut(rest, ".")
		switch e.Kind {
		case jsread.Wrapped:
			if len(e.Parts) == 0 {
				return unknown
			}
			e = e.Parts[0]
		case jsread.Object:
			found := false
			for i := len(e.Keys) - 1; i >= 0 && !found; i-- {
				switch {
				case e.Keys[i] == name:
					e, rest, found = e.Parts[i], behind, true
				case e.Keys[i] == "" && e.Parts[i].Kind == jsread.Ident:
					if ls := g.follow(m, at, jsread.Expr{Kind: jsread.Ident, Text: e.Parts[i].Text + "." + rest, Line: line}, depth); len(ls) > 0 && ls[0].kind != leafUnknown {
						return ls
					}
				}
			}
			if !found {
				return unknown
			}
		case jsread.Ident:
			return g.follow(m, at, jsread.Expr{Kind: jsread.Ident, Text: e.Text + "." + rest, Line: line}, depth)
		case jsread.CallExpr:
			if lastName(e.Text) == "useRuntimeConfig" {
				return g.nuxtSetting(m, rest, max(line, e.Line), depth)
			}
			// A schema over the environment hands the variable through under its own name.
			if isUpperName(name) && overEnvironment(e, 6) {
				ls := []leaf{{kind: leafEnv, text: name, mod: m, line: max(line, e.Line), top: []place{{m, e.Line}}}}
				if field, ok := g.schemaField(m, at, e, name, 8); ok {
					if d, ok := defaultOf(field, 8); ok {
						ls = append(ls, leaf{kind: leafLiteral, text: d.Text, mod: m, line: cmp.Or(d.Line, field.Line), op: "??"})
					}
				}
				return ls
			}
			if ls, ok := g.runtimeConfig(m, e, rest, depth); ok {
				return ls
			}
			for _, rel := range g.readPaths(m, at, e) { // JSON.parse(fs.readFileSync('config.json'))
				if t := g.module(rel); t != nil && strings.HasSuffix(rel, ".json") {
					return g.exported(t, "default", rest, depth)
				}
			}
			if h, ok := g.memberHeld(held{m, at, e}, rest, depth); ok {
				return g.follow(h.mod, h.at, h.e, depth-1)
			}
			return unknown
		default:
			return unknown
		}
	}
	return unknown
}

// exported follows what a module exports under a name.
func (g *graph) exported(m *module, name, rest string, depth int) []leaf {
	unknown := []leaf{{mod: m, text: name}}
	if depth <= 0 || !g.step() {
		return unknown
	}
	if name == "*" {
		name, rest, _ = strings.Cut(rest, ".")
		if name == "default" {
			return g.exported(m, "default", rest, depth-1)
		}
	}
	if _, ok := m.Exports[name]; !ok { // const { secret } = require('./apps').demo
		if first, behind, dotted := strings.Cut(name, "."); dotted {
			return g.exported(m, first, joinPath(behind, rest), depth-1)
		}
	}
	e, ok := m.Exports[name]
	if !ok && name != "default" {
		if d, has := m.Exports["default"]; has { // module.exports = { name: … }
			if ls := g.exportedValue(m, d, joinPath(name, rest), depth); len(ls) > 0 && ls[0].kind != leafUnknown {
				return ls
			}
		}
	}
	if !ok && name == "default" { // import config from a CommonJS module with exports.x = …
		first, behind, _ := strings.Cut(rest, ".")
		if x, has := m.Exports[first]; has && first != "" {
			return g.exportedValue(m, x, behind, depth)
		}
	}
	if ok {
		return g.exportedValue(m, e, rest, depth)
	}
	for _, i := range m.Imports {
		if i.Names["*"] != "*" {
			continue
		}
		if t := g.module(g.resolve(m, i.From)); t != nil && t != m {
			if ls := g.exported(t, name, rest, depth-1); len(ls) > 0 && ls[0].kind != leafUnknown {
				return ls
			}
		}
	}
	return unknown
}

func (g *graph) exportedValue(m *module, e jsread.Expr, rest string, depth int) []leaf {
	if e.Kind == jsread.Ident {
		e.Text = joinPath(e.Text, rest)
		return g.follow(m, 0, e, depth-1)
	}
	ls := g.member(m, 0, e, rest, e.Line, depth-1)
	for i := range ls {
		ls[i].top = append([]place{{m, e.Line}}, ls[i].top...)
	}
	return ls
}

func joinPath(a, b string) string {
	if b == "" {
		return a
	}
	return a + "." + b
}
