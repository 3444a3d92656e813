package probe

import (
	"slices"
	"strings"

	"badsig/checks/probe/jsread"
)

// Rules of this file:
//   - what a parameter holds, the callers say; where they say different things, nothing is said
//   - a function that calls itself with what it was given says nothing new about it
//   - a caller is code of the module that has the function, or of one that imports it

// callAt is a call and the module it stands in.
type callAt struct {
	mod  *module
	call *jsread.Call
}

// paramOf is a parameter of a module's function.
type paramOf struct {
	mod *module
	jsread.Param
}

// maxCallers bounds the calls of one name that are looked at.
const maxCallers = 200

// followParam follows a parameter of a module's function to what its callers
// hand over. Where callers are known and none hands anything over, it gives no leaf.
func (g *graph) followParam(m *module, e jsread.Expr, depth int) []leaf {
	unknown := []leaf{{mod: m, line: e.Line, text: "parameter"}}
	key := paramOf{m, *e.Param}
	if g.following[key] {
		unknown[0].again = true
		return unknown
	}
	g.following[key] = true
	defer delete(g.following, key)
	name, construct := strings.CutPrefix(e.Param.Func, "new ")
	found := false
	var out []leaf
	for _, c := range g.callsNamed(name) {
		if c.call.New != construct || c.mod != m && !g.imports(c.mod, m) {
			continue
		}
		if e.Param.Index >= len(c.call.Args) {
			found = true
			continue
		}
		arg := c.call.Args[e.Param.Index]
		var ls []leaf
		if e.Param.Key != "" {
			ls = g.member(c.mod, c.call.Scope, arg, e.Param.Key, c.call.Line, depth-1)
		} else {
			ls = g.follow(c.mod, c.call.Scope, arg, depth-1)
		}
		if len(ls) == 1 && ls[0].again {
			continue
		}
		found = true
		for i := range ls {
			if l := &ls[i]; l.kind == leafEnv && len(l.top)+len(l.self) == 0 && c.call.Scope == 0 {
				l.top = []place{{c.mod, c.call.Line}}
			}
		}
		if out != nil && !slices.EqualFunc(out, ls, sameLeaf) {
			return unknown
		}
		out = ls
	}
	if !found {
		return unknown
	}
	return out
}

func sameLeaf(a, b leaf) bool {
	return a.kind == b.kind && a.text == b.text && a.transform == b.transform && a.op == b.op
}

// imports tells whether a module imports another.
func (g *graph) imports(m, other *module) bool {
	return slices.ContainsFunc(m.Imports, func(i jsread.Import) bool { return g.resolve(m, i.From) == other.rel })
}
