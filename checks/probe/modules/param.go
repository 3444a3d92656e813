package modules

import (
	"slices"

	"badsig/checks/affix"
	"badsig/checks/probe/jsread"
)

// Rules of this file:
//   - what a parameter holds, the callers say; where they say different things, nothing is said
//   - a function that calls itself with what it was passed says nothing new about it
//   - a caller is code of the module that has the function, or of one that imports it

// CallAt is a call and the module it is in.
type CallAt struct {
	Mod  *Module
	Call *jsread.Call
}

// paramOf is a parameter of a module's function.
type paramOf struct {
	mod *Module
	jsread.Param
}

// MaxCallers bounds the calls of one name that are looked at.
const MaxCallers = 200

// followParam follows a parameter of a module's function to what its callers
// hand over. Where callers are known and none hands anything over, it gives no leaf.
func followParam(g *Graph, m *Module, e jsread.Expr, depth int) []Leaf {
	unknown := []Leaf{{Mod: m, Line: e.Line, Text: "parameter"}}
	key := paramOf{m, *e.Param()}
	if g.following[key] {
		unknown[0].again = true
		return unknown
	}
	g.following[key] = true
	defer delete(g.following, key)
	name, construct := affix.CutPrefix(e.Param().Func, "new ")
	found := false
	var out []Leaf
	for _, arg := range PropsGiven(g, m, e.Param()) {
		ls := g.follow(arg, depth-1)
		if out != nil && !sameLeaves(out, ls) {
			return unknown
		}
		out, found = ls, true
	}
	for _, c := range g.CallsNamed(name) {
		if c.Call.New != construct || c.Mod != m && !Imports(g, c.Mod, m) {
			continue
		}
		if !construct && !mayCall(g, m, name, c) {
			continue
		}
		if e.Param().Index >= len(c.Call.Args) {
			found = true
			continue
		}
		arg := View{M: c.Mod, At: c.Call.Scope, E: c.Call.Args[e.Param().Index]}
		if e.Param().Key != "" {
			arg.E = jsread.Expr{Kind: jsread.Wrapped, Text: "." + e.Param().Key, Parts: []jsread.Expr{arg.E}, Line: c.Call.Line}
		}
		ls := g.follow(arg, depth-1)
		if len(ls) == 1 && ls[0].again {
			continue
		}
		found = true
		for i := range ls {
			if l := &ls[i]; l.Kind == LeafEnv && len(l.Top)+len(l.Self) == 0 && c.Call.Scope == 0 {
				l.Top = []Place{{c.Mod, c.Call.Line}}
			}
		}
		if out != nil && !sameLeaves(out, ls) {
			return unknown
		}
		out = ls
	}
	if !found {
		return unknown
	}
	return out
}

// mayCall tells whether a call can be one of a module's function: app.use(v) is none of a function that is called use.
func mayCall(g *Graph, m *Module, name string, c CallAt) bool {
	if !affix.Contains(c.Call.Callee, ".") {
		return true
	}
	if own, ok := m.Consts[name]; !ok || own.Kind != jsread.Func { // a method
		return true
	}
	f, ok := g.CalledFunction(c.Mod, c.Call.Scope, c.Call.Expr(), 8)
	return ok && f.Mod == m && f.Fn.Name == name
}

func sameLeaf(a, b Leaf) bool {
	return a.Kind == b.Kind && a.Text == b.Text && a.Transform == b.Transform && a.Op == b.Op
}

// Imports tells whether a module imports another.
func Imports(g *Graph, m, other *Module) bool {
	return affix.Any(m.Imports, func(i jsread.Import) bool { return g.Resolve(m, i.From) == other.Rel })
}

// PropsGiven is what markup hands to a property of a component: <ChatView apiKey={…} />.
func PropsGiven(g *Graph, m *Module, q *jsread.Param) []View {
	prop, rest, _ := affix.Cut(q.Key, ".")
	if q.Index != 0 || prop == "" || q.Func == "" || q.Func[0] < 'A' || q.Func[0] > 'Z' {
		return nil
	}
	var out, spread []View
	for _, c := range g.ReadOrder {
		for _, f := range c.Fields {
			if f.Name != prop && f.Name != "..." || f.Object == "" || !shows(g, c, f.Object, m, q.Func) || len(out) >= MaxCallers {
				continue
			}
			v := View{M: c, At: f.Scope, E: f.Expr}
			if f.Name == "..." {
				v.E = jsread.Expr{Kind: jsread.Wrapped, Text: "." + q.Key, Parts: []jsread.Expr{f.Expr}, Line: f.Line}
				spread = append(spread, v)
				continue
			}
			if rest != "" {
				v.E = jsread.Expr{Kind: jsread.Wrapped, Text: "." + rest, Parts: []jsread.Expr{f.Expr}, Line: f.Line}
			}
			out = append(out, v)
		}
	}
	if out == nil {
		return spread
	}
	return out
}

// shows tells whether a module's markup means a component of another, or its own, by a name.
func shows(g *Graph, c *Module, name string, m *Module, component string) bool {
	if c == m {
		return name == component
	}
	for _, i := range c.Imports {
		exported, ok := i.Names[name]
		if later := !ok && !i.Hoists && name == component; !ok && !later || g.Resolve(c, i.From) != m.Rel {
			continue
		} else if later { // lazy(() => import('./Chat')), under the component's own name
			return true
		}
		return exported == component || exported == "default" && m.Exports["default"].Text == component
	}
	return false
}

// sameLeaves reports whether two lists have the same leaves in the same order.
func sameLeaves(a, b []Leaf) bool { return slices.EqualFunc(a, b, sameLeaf) }
