package sites

import (
	"slices"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
)

// maxUses bounds the places of an entry that are kept.
const maxUses = 60

// usesOf notes what a function on the way to the token names and throws: a
// response with the words of an error then tells its line.
func usesOf(e *picture.Entry, f modules.FnRef) {
	m := &f.Mod.Module
	add := func(u facts.Use, line int) {
		u.Place = facts.Place{File: f.Mod.Rel, Line: line}
		if line > 0 && len(u.Name) < 80 && len(e.Uses) < maxUses && !slices.Contains(e.Uses, u) {
			e.Uses = append(e.Uses, u)
		}
	}
	for _, x := range f.Fn.Throws {
		if len(x.Parts) > 0 && x.Parts[0].Kind == jsread.Literal && len(x.Parts[0].Text) < 120 {
			add(facts.Use{Throws: x.Parts[0].Text}, x.Line)
		}
	}
	var walk func(x jsread.Expr, line, depth int)
	walk = func(x jsread.Expr, line, depth int) {
		if depth == 0 {
			return
		}
		if x.Line > 0 {
			line = x.Line
		}
		switch {
		case x.Kind == jsread.Ident && affix.Contains(x.Text, "."), x.Kind == jsread.CallExpr:
			add(facts.Use{Name: x.Text}, line)
		case x.Kind == jsread.Wrapped && affix.HasPrefix(x.Text, "."):
			add(facts.Use{Name: "()" + x.Text}, line)
		}
		if x.On() != nil {
			walk(*x.On(), line, depth-1)
		}
		for _, p := range x.Parts {
			walk(p, line, depth-1)
		}
	}
	jsread.Functions(m, func(g *jsread.Function) bool {
		if g.Class || !jsread.Inside(m, g.Own, f.Fn.Own) {
			return true
		}
		jsread.Vars(m, g.Own, func(_ string, x jsread.Expr) { walk(x, 0, 8) })
		for _, r := range g.Returns {
			walk(r.Expr, r.Line, 8)
		}
		return true
	})
	for _, list := range [][]jsread.Call{m.Calls, m.Others} {
		for i := range list {
			if c := &list[i]; jsread.Inside(m, c.Scope, f.Fn.Own) {
				walk(c.Expr(), c.Line, 8)
			}
		}
	}
}
