package modules

import (
	"badsig/checks/affix"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/jsrun"
)

// Rules of this file:
//   - an expression is followed through names, imports and re-exports to what it is made of
//   - where it leads into something that is not understood, the leaf says so, and nothing certain follows from it

// Leaf is one thing that an expression may turn out to be. A list of leaves
// is in the order in which the program tries them.
type Leaf struct {
	Kind      leafKind
	Text      string // the variable's name, or the literal
	Vault     bool   // a store of secrets sets the variable when the program is deployed
	Meta      bool   // import.meta.env
	Mod       *Module
	Line      int
	Changed   Place   // where the last transform is
	Transform string  // base64-decode, hex-decode, trim, template …, joined by "+"
	Top       []Place // the modules at whose loading it is read; empty: read when used
	Random    bool    // made anew at every start
	Op        string  // how it is to the leaf before it: ||, ??, ?: …
	Name      string  // the name under which it was last seen
	File      bool    // mod isn't a module but a file that the program reads the text from
	again     bool    // a parameter that hands itself on: its other callers say what it holds
	Self      []Place // the class fields that it went through: read when an object is made
	Assumed   bool    // something that is not known may have changed it
	_         [8]byte // its size: copies of 192 bytes and more are made by a call, smaller ones by code at each place
}

type leafKind uint8

const (
	LeafUnknown leafKind = iota
	LeafEnv
	LeafLiteral
	LeafUndefined
)

// Place is a line of a module.
type Place struct {
	Mod  *Module
	Line int
}

const maxDepth = 24

// Eval follows an expression of a module, seen at a scope.
//
//go:noinline
func Eval(g *Graph, m *Module, at jsread.Scope, e jsread.Expr) []Leaf {
	return g.Leaves(View{M: m, At: at, E: e})
}

// Leaves are what a view may turn out to be.
func (g *Graph) Leaves(v View) []Leaf {
	defer g.Ask()()
	return g.follow(v, maxDepth)
}

func (g *Graph) follow(v View, depth int) []Leaf {
	m, e := v.M, v.E
	unknown := []Leaf{{Mod: m, Line: e.Line, Text: e.Text}}
	if depth <= 0 || !g.Step() {
		return unknown
	}
	v.Via = nil
	if next, ok := g.once(v, maxHold); ok {
		ls := g.follow(next, depth-1)
		for i := range ls {
			ls[i].came(next)
			if e.Kind == jsread.Ident {
				ls[i].Name = e.Text
			}
		}
		return ls
	}
	switch e.Kind {
	case jsread.Literal, jsread.Number:
		if FilledIn(e.Text) {
			return unknown
		}
		return []Leaf{{Kind: LeafLiteral, Text: e.Text, Mod: m, Line: e.Line}}
	case jsread.Env:
		return []Leaf{{Kind: LeafEnv, Text: e.Text, Meta: e.Meta, Mod: m, Line: e.Line}}
	case jsread.Ident:
		if IsUndefined(e) {
			return []Leaf{{Kind: LeafUndefined, Text: e.Text, Mod: m, Line: e.Line}}
		}
	case jsread.Either:
		return followChoice(g, v, depth)
	case jsread.Template:
		return followTemplate(g, v, depth)
	case jsread.Wrapped:
		if len(e.Parts) == 0 || affix.HasPrefix(e.Text, ".") {
			return unknown
		}
		ls := g.follow(v.Of(&e.Parts[0]), depth-1)
		if t := jsrun.Transform(e); t != "" {
			for i := range ls {
				ls[i].Transform, ls[i].Changed = joinTransforms(ls[i].Transform, t), Place{m, e.Line}
			}
		}
		return ls
	case jsread.CallExpr:
		return followCall(g, v, depth)
	case jsread.Other:
		if e.Param() != nil {
			return followParam(g, m, e, depth-1)
		}
	}
	return unknown
}

// maxHold bounds the steps from one name to what it holds.
const maxHold = 16

// FilledIn tells a string with a hole that a page template fills in before a
// browser gets it: {{ config('x') }}, <%= x %>, <?= x ?>.
func FilledIn(text string) bool {
	for _, hole := range [][2]string{{"{{", "}}"}, {"<%", "%>"}, {"<?", "?>"}, {"{%", "%}"}} {
		if _, rest, ok := affix.Cut(text, hole[0]); ok && affix.Contains(rest, hole[1]) {
			return true
		}
	}
	return false
}

// came notes the way to a leaf.
func (l *Leaf) came(v View) {
	var top, self []Place
	for _, s := range v.Via {
		if s.Top {
			top = append(top, s.Place)
		}
		if s.Self {
			self = append(self, s.Place)
		}
	}
	l.Top, l.Self = append(top, l.Top...), append(l.Self, self...)
	l.Assumed = l.Assumed || v.Assumed
}

// followChoice gives the leaves of each part, in the order in which the program tries them.
func followChoice(g *Graph, v View, depth int) []Leaf {
	op, parts := v.E.Text, v.Choices()
	if op == "&&" && len(parts) > 1 {
		parts = parts[len(parts)-1:]
	}
	var out []Leaf
	for i, part := range parts {
		for _, l := range g.follow(part, depth-1) {
			l.came(part)
			if l.Kind == LeafUndefined && i+1 < len(parts) && (op == "=" || op == "??" || op == "||") {
				continue // the next part is tried
			}
			if i > 0 && l.Op == "" {
				l.Op = op
			}
			out = append(out, l)
		}
		if len(out) > 16 || op == "=" && len(out) > 0 && !affix.Any(out, func(l Leaf) bool { return l.Kind != LeafLiteral }) {
			break
		}
	}
	return out
}
