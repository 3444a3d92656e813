package modules

import (
	"strings"

	"badsig/checks/probe/jsread"
)

// exportedIn follows what a module exports under a name.
func exportedIn(g *Graph, m *Module, name, rest string, depth int) []Leaf {
	unknown := []Leaf{{Mod: m, Text: name}}
	if depth <= 0 || !g.Step() {
		return unknown
	}
	if name == "*" {
		name, rest, _ = strings.Cut(rest, ".")
		if name == "default" {
			return exportedIn(g, m, "default", rest, depth-1)
		}
	}
	if _, ok := m.Exports[name]; !ok { // const { secret } = require('./apps').demo
		if first, behind, dotted := strings.Cut(name, "."); dotted {
			return exportedIn(g, m, first, joinPath(behind, rest), depth-1)
		}
	}
	e, ok := m.Exports[name]
	if !ok && name != "default" {
		if d, has := m.Exports["default"]; has { // module.exports = { name: … }
			if ls := exportedValue(g, m, d, joinPath(name, rest), depth); len(ls) > 0 && ls[0].Kind != LeafUnknown {
				return ls
			}
		}
	}
	if !ok && name == "default" { // import config from a CommonJS module with exports.x = …
		first, behind, _ := strings.Cut(rest, ".")
		if x, has := m.Exports[first]; has && first != "" {
			return exportedValue(g, m, x, behind, depth)
		}
	}
	if ok {
		return exportedValue(g, m, e, rest, depth)
	}
	for _, i := range m.Imports {
		if i.Names["*"] != "*" {
			continue
		}
		if t := g.Module(g.Resolve(m, i.From)); t != nil && t != m {
			if ls := exportedIn(g, t, name, rest, depth-1); len(ls) > 0 && ls[0].Kind != LeafUnknown {
				return ls
			}
		}
	}
	return unknown
}

func exportedValue(g *Graph, m *Module, e jsread.Expr, rest string, depth int) []Leaf {
	if e.Kind == jsread.Ident {
		e.Text = joinPath(e.Text, rest)
		return follow(g, m, 0, e, depth-1)
	}
	ls := member(g, m, 0, e, rest, e.Line, depth-1)
	for i := range ls {
		ls[i].Top = append([]Place{{m, e.Line}}, ls[i].Top...)
	}
	return ls
}
