package modules

import (
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/names"
)

// FunctionOf finds the function of the project that a callee means: the module
// that has it and its name there.
func FunctionOf(g *Graph, m *Module, at jsread.Scope, callee string) (*Module, string) {
	defer g.Ask()()
	if rest, own := strings.CutPrefix(callee, "this."); own && !strings.Contains(rest, ".") {
		return m, rest
	}
	v, ok := g.settle(View{M: m, At: at, E: jsread.Expr{Kind: jsread.Ident, Text: callee}}, 24)
	switch e := v.E; {
	case !ok:
	case e.Kind == jsread.Func:
		return v.M, e.Text
	case e.Kind == jsread.CallExpr && keepsFunction[facts.LastName(e.Text)] && len(e.Parts) > 0 && e.Parts[0].Kind == jsread.Func && v.M == m:
		return m, callee
	}
	return nil, ""
}

// keepsFunction are calls that give back the function that they are given.
var keepsFunction = names.Words("useCallback", "cache", "memoize")

// ReturnsOf lists what a function of the project gives back.
func ReturnsOf(m *Module, fn string) []jsread.Return {
	var out []jsread.Return
	for _, r := range m.Returns {
		if r.Func == fn {
			out = append(out, r)
		}
	}
	return out
}

// RequestersOf lists the calls of a function, with what each gives its
// parameters; a function that is handed to useSWR and its like is called with
// their key.
func RequestersOf(g *Graph, m *Module, fn string) []caller {
	if fn == "" || strings.HasPrefix(fn, "new ") {
		return nil
	}
	var out []caller
	add := func(c CallAt, args []View) {
		if len(out) < 40 {
			out = append(out, caller{c, &Bound{Mod: m, Fn: fn, Args: args}})
		}
	}
	for _, c := range g.CallsNamed(fn) {
		if c.Mod == m && c.Call.Func == fn && facts.LastName(c.Call.Callee) == fn {
			continue // it calls itself, or its like on another object
		}
		if t, name := FunctionOf(g, c.Mod, c.Call.Scope, c.Call.Callee); t != m || name != fn {
			continue
		}
		add(c, Views(c, c.Call.Args))
	}
	for _, hook := range []string{"useSWR", "useSWRImmutable", "useSWRMutation"} {
		for _, c := range g.CallsNamed(hook) {
			if len(c.Call.Args) < 2 || c.Call.Args[1].Kind != jsread.Ident {
				continue
			}
			if t, name := FunctionOf(g, c.Mod, c.Call.Scope, c.Call.Args[1].Text); t != m || name != fn {
				continue
			}
			key := c.Call.Args[0]
			if key.Kind == jsread.Array && len(key.Parts) > 0 {
				add(c, Views(c, key.Parts))
			} else {
				add(c, Views(c, []jsread.Expr{key}))
			}
		}
	}
	return out
}

type caller struct {
	CallAt
	B *Bound
}

func Views(c CallAt, args []jsread.Expr) []View {
	out := make([]View, len(args))
	for i, a := range args {
		out[i] = View{M: c.Mod, At: c.Call.Scope, E: a}
	}
	return out
}
