package modules

import (
	"cmp"
	"path"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
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
	Changed   Place   // where the last transform stands
	Transform string  // base64-decode, hex-decode, trim, template …, joined by "+"
	Top       []Place // the modules at whose loading it is read; empty: read when used
	Random    bool    // made anew at every start
	Op        string  // how it stands to the leaf before it: ||, ??, ?: …
	Name      string  // the name under which it was last seen
	File      bool    // mod is no module but a file that the program reads the text from
	again     bool    // a parameter that hands itself on: its other callers say what it holds
	Self      []Place // the class fields that it went through: read when an object is made
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
func Eval(g *Graph, m *Module, at jsread.Scope, e jsread.Expr) []Leaf {
	defer g.Ask()()
	return follow(g, m, at, e, maxDepth)
}

func follow(g *Graph, m *Module, at jsread.Scope, e jsread.Expr, depth int) []Leaf {
	unknown := func() []Leaf { return []Leaf{{Mod: m, Line: e.Line, Text: e.Text}} }
	if depth <= 0 || !g.Step() {
		return unknown()
	}
	switch e.Kind {
	case jsread.Literal, jsread.Number:
		return []Leaf{{Kind: LeafLiteral, Text: e.Text, Mod: m, Line: e.Line}}
	case jsread.Env:
		return []Leaf{{Kind: LeafEnv, Text: e.Text, Meta: e.Meta, Mod: m, Line: e.Line}}
	case jsread.Ident:
		return followName(g, m, at, e, depth)
	case jsread.Either:
		parts := e.Parts
		if e.Text == "&&" && len(parts) > 1 {
			parts = parts[len(parts)-1:]
		}
		var out []Leaf
		for i, part := range parts {
			for _, l := range follow(g, m, at, part, depth-1) {
				if i > 0 && l.Op == "" {
					l.Op = e.Text
				}
				out = append(out, l)
			}
			if len(out) > 16 {
				break
			}
		}
		return out
	case jsread.Template:
		return followTemplate(g, m, at, e, depth)
	case jsread.Wrapped:
		if len(e.Parts) == 0 {
			return unknown()
		}
		if strings.HasPrefix(e.Text, ".") {
			return member(g, m, at, e.Parts[0], strings.TrimPrefix(e.Text, "."), e.Line, depth-1)
		}
		ls := follow(g, m, at, e.Parts[0], depth-1)
		if t := transformOf(e); t != "" {
			for i := range ls {
				ls[i].Transform, ls[i].Changed = joinTransforms(ls[i].Transform, t), Place{m, e.Line}
			}
		}
		return ls
	case jsread.CallExpr:
		return followCall(g, m, at, e, depth)
	case jsread.Other:
		if e.Param != nil {
			return followParam(g, m, e, depth-1)
		}
	}
	return unknown()
}

// followName resolves a name in its module, then through the imports.
func followName(g *Graph, m *Module, at jsread.Scope, e jsread.Expr, depth int) []Leaf {
	switch e.Text {
	case "undefined", "null":
		return []Leaf{{Kind: LeafUndefined, Text: e.Text, Mod: m, Line: e.Line}}
	}
	head, rest, _ := strings.Cut(e.Text, ".")
	if name, ok := boundVariable(m, at, e.Text); ok {
		return []Leaf{{Kind: LeafEnv, Text: name, Mod: m, Line: e.Line}}
	}
	if name, ok := pluginVariable(g, m, e.Text); ok {
		return []Leaf{{Kind: LeafEnv, Text: name, Mod: m, Line: e.Line}}
	}
	if v, ok := m.Resolve(at, e.Text); ok {
		top := false
		if c, isTop := m.Consts[head]; isTop {
			inner, innerOK := m.Resolve(at, head)
			top = !innerOK || inner.Line == c.Line || c.Kind == jsread.Ident
		}
		if v.Kind == jsread.Ident && v.Text == e.Text {
			return []Leaf{{Mod: m, Line: e.Line, Text: e.Text}}
		}
		ls := follow(g, m, at, v, depth-1)
		for i := range ls {
			ls[i].Name = e.Text
			if head == "this" {
				ls[i].Self = append(ls[i].Self, Place{m, v.Line})
			}
			if top {
				ls[i].Top = append([]Place{{m, v.Line}}, ls[i].Top...)
			}
		}
		return ls
	} else if v.Kind == jsread.Ident && v.Text != e.Text {
		return followName(g, m, at, jsread.Expr{Kind: jsread.Ident, Text: v.Text, Line: max(v.Line, e.Line)}, depth-1)
	}
	for _, i := range m.Imports {
		exported, ok := i.Names[head]
		if !ok {
			continue
		}
		if i.From == "expo-constants" {
			if v, ok := expoExtra(g, m, rest); ok {
				return follow(g, v.M, v.At, v.E, depth-1)
			}
		}
		target := g.Module(g.Resolve(m, i.From))
		if name := buildVariable(i.From, exported, rest); target == nil && name != "" {
			return []Leaf{{Kind: LeafEnv, Text: name, Mod: m, Line: e.Line}}
		}
		if target == nil {
			return []Leaf{{Mod: m, Line: e.Line, Text: e.Text}}
		}
		ls := exportedIn(g, target, exported, rest, depth-1)
		if len(ls) > 0 && ls[0].Kind == LeafUnknown {
			ls = followElsewhere(g, m, at, e, depth)
		}
		for k := range ls {
			ls[k].Name = e.Text
		}
		return ls
	}
	// config.X where config is made by a call of the environment (zod, envalid …)
	if rest != "" {
		if v, ok := m.Resolve(at, head); ok && v.Kind != jsread.Ident {
			if ls := member(g, m, at, v, rest, e.Line, depth-1); len(ls) > 0 && ls[0].Kind != LeafUnknown {
				return ls
			}
		}
	}
	return followElsewhere(g, m, at, e, depth)
}

// member follows a path into a value.
func member(g *Graph, m *Module, at jsread.Scope, e jsread.Expr, rest string, line, depth int) []Leaf {
	unknown := []Leaf{{Mod: m, Line: line, Text: rest}}
	for depth > 0 {
		depth--
		if rest == "" {
			return follow(g, m, at, e, depth)
		}
		name, behind, _ := strings.Cut(rest, ".")
		switch e.Kind {
		case jsread.Wrapped:
			if len(e.Parts) == 0 {
				return unknown
			}
			if inner, is := strings.CutPrefix(e.Text, "."); is {
				rest = inner + "." + rest
			}
			e = e.Parts[0]
		case jsread.Object:
			found := false
			for i := len(e.Keys) - 1; i >= 0 && !found; i-- {
				switch {
				case e.Keys[i] == name:
					e, rest, found = e.Parts[i], behind, true
				case e.Keys[i] == "" && e.Parts[i].Kind == jsread.Ident:
					if ls := follow(g, m, at, jsread.Expr{Kind: jsread.Ident, Text: e.Parts[i].Text + "." + rest, Line: line}, depth); len(ls) > 0 && ls[0].Kind != LeafUnknown {
						return ls
					}
				}
			}
			if !found {
				return unknown
			}
		case jsread.Ident:
			return follow(g, m, at, jsread.Expr{Kind: jsread.Ident, Text: e.Text + "." + rest, Line: line}, depth)
		case jsread.CallExpr:
			if facts.LastName(e.Text) == "useRuntimeConfig" {
				return nuxtSetting(g, m, rest, max(line, e.Line), depth)
			}
			if e.Text == "functions.config" && len(e.Parts) == 0 { // Firebase: set with firebase functions:config:set, and a file for the emulator
				t := g.Module(path.Join(m.Pkg.Dir, ".runtimeconfig.json"))
				if t == nil {
					return unknown
				}
				return exportedIn(g, t, "default", rest, depth)
			}
			// A schema over the environment hands the variable through under its own name.
			if isUpperName(name) && overEnvironment(e, 6) {
				ls := []Leaf{{Kind: LeafEnv, Text: name, Mod: m, Line: max(line, e.Line), Top: []Place{{m, e.Line}}}}
				if field, ok := schemaField(g, m, at, e, name, 8); ok {
					if d, ok := defaultOf(field, 8); ok {
						ls = append(ls, Leaf{Kind: LeafLiteral, Text: d.Text, Mod: m, Line: cmp.Or(d.Line, field.Line), Op: "??"})
					}
				}
				return ls
			}
			if ls, ok := runtimeConfig(g, m, e, rest, depth); ok {
				return ls
			}
			for _, rel := range readPaths(g, m, at, e) { // JSON.parse(fs.readFileSync('config.json'))
				if t := g.Module(rel); t != nil && strings.HasSuffix(rel, ".json") {
					return exportedIn(g, t, "default", rest, depth)
				}
			}
			if h, ok := memberHeld(g, Held{m, at, e}, rest, depth); ok {
				return follow(g, h.Mod, h.At, h.E, depth-1)
			}
			return unknown
		default:
			return unknown
		}
	}
	return unknown
}

func joinPath(a, b string) string {
	if b == "" {
		return a
	}
	return a + "." + b
}
