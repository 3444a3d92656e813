package modules

import (
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
)

// FunctionOf finds the function of the project that a callee means: the module
// that has it and its name there.
func FunctionOf(g *Graph, m *Module, at jsread.Scope, callee string) (*Module, string) {
	head, rest, dotted := strings.Cut(callee, ".")
	if head == "this" && dotted && !strings.Contains(rest, ".") {
		return m, rest
	}
	for range 6 {
		if e, ok := m.Resolve(at, callee); ok {
			if e.Kind == jsread.Func {
				return m, e.Text
			}
			if e.Kind == jsread.CallExpr && (facts.LastName(e.Text) == "useCallback" || facts.LastName(e.Text) == "cache" || facts.LastName(e.Text) == "memoize") && len(e.Parts) > 0 && e.Parts[0].Kind == jsread.Func {
				return m, callee
			}
			return nil, ""
		}
		found := false
		for _, i := range m.Imports {
			exported, ok := i.Names[head]
			if !ok {
				continue
			}
			t := g.Module(g.Resolve(m, i.From))
			if t == nil {
				return nil, ""
			}
			if exported == "*" {
				exported, rest, dotted = rest, "", false
			}
			v, ok := exportedView(g, t, exported, nil, 6)
			if !ok {
				return nil, ""
			}
			m, at, found = v.M, 0, true
			switch v.E.Kind {
			case jsread.Func:
				if dotted {
					return m, facts.LastName(rest) // a static method
				}
				return m, v.E.Text
			case jsread.Ident:
				head = v.E.Text
				callee = joinPath(head, rest)
			case jsread.CallExpr: // an instance of a class: its methods stand in the class's module
				if class, isNew := strings.CutPrefix(v.E.Text, "new "); isNew && dotted {
					if t, _ := FunctionOf(g, m, 0, class); t != nil {
						return t, facts.LastName(rest)
					}
				}
				return nil, ""
			case jsread.Object:
				if !dotted {
					return nil, ""
				}
				w, ok := memberView(g, v, rest, nil)
				if ok && w.E.Kind == jsread.Func {
					return w.M, w.E.Text
				}
				return nil, ""
			default:
				return nil, ""
			}
			break
		}
		if !found {
			if e, ok := m.Resolve(at, head); ok && dotted && e.Kind == jsread.CallExpr {
				if class, isNew := strings.CutPrefix(e.Text, "new "); isNew {
					if t, _ := FunctionOf(g, m, at, class); t != nil {
						return t, facts.LastName(rest)
					}
				}
			}
			return nil, ""
		}
	}
	return nil, ""
}

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
		out[i] = View{c.Mod, c.Call.Scope, a}
	}
	return out
}
