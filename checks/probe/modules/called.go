package modules

import (
	"slices"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/names"
)

// Rules of this file:
//   - a function that is handed to useSWR and its like is called with their key, which may be null until it is wanted
//   - a key that is a list is one argument of a function that destructures it ([path, id]), else each of its members is one

// FunctionOf finds the function of the project that a callee means: the module that has it and its name there.
func FunctionOf(g *Graph, m *Module, at jsread.Scope, callee string) (*Module, string) {
	defer g.Ask()()
	if rest, own := affix.CutPrefix(callee, "this."); own && !affix.Contains(rest, ".") {
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

// RequestersOf lists the calls of a function, with what each gives its parameters; one that is handed to useSWR and its
// like is called with their key.
func RequestersOf(g *Graph, m *Module, fn string) []caller {
	if fn == "" || affix.HasPrefix(fn, "new ") {
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
		add(c, handedKey(g, c, Views(c, c.Call.Args)))
	}
	VisitCalls(m, func(c *jsread.Call) { // this.token.bind(this, user.id)
		if on, name := Receiver(c.Callee); name == "bind" && len(c.Args) > 1 && affix.TrimPrefix(on, "this.") == fn {
			at := CallAt{m, c}
			add(at, Views(at, c.Args[1:]))
		}
	})
	for _, c := range keyedCalls(g) {
		if fetcher := c.Call.Args[1]; fetcher.Kind == jsread.Ident {
			if t, name := FunctionOf(g, c.Mod, c.Call.Scope, fetcher.Text); t == m && name == fn {
				add(c, keyArgs(c, m.firstIsList(fn)))
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

// keyedCalls are the calls of hooks that call a function with their key.
func keyedCalls(g *Graph) []CallAt {
	var out []CallAt
	for _, hook := range []string{"useSWR", "useSWRImmutable", "useSWRMutation"} {
		for _, c := range g.CallsNamed(hook) {
			if len(c.Call.Args) > 1 {
				out = append(out, c)
			}
		}
	}
	return out
}

// KeyOf is the key of a call of useSWR: of a choice between a key and null, the key; of a function, what it returns.
func KeyOf(m *Module, e jsread.Expr) jsread.Expr {
	for range 4 {
		switch {
		case e.Kind == jsread.Either:
			wanted := affix.Without(slices.Clone(e.Parts), func(x jsread.Expr) bool {
				return IsUndefined(x) || x.Kind == jsread.Ident && x.Text == "false"
			})
			if e.Text == "&&" && len(wanted) > 1 {
				wanted = wanted[len(wanted)-1:]
			}
			if len(wanted) != 1 {
				return e
			}
			e = wanted[0]
		case e.Kind == jsread.Func:
			f := jsread.FunctionOf(&m.Module, e.Fn)
			if f == nil || len(f.Returns) != 1 {
				return e
			}
			e = f.Returns[0].Expr
		default:
			return e
		}
	}
	return e
}

// keyArgs is what a hook's function is called with; whole tells that it accepts a list as one.
func keyArgs(c CallAt, whole bool) []View {
	key := KeyOf(c.Mod, c.Call.Args[0])
	if key.Kind == jsread.Array && !whole && len(key.Parts) > 0 {
		return Views(c, key.Parts)
	}
	return Views(c, []jsread.Expr{key})
}

// firstIsList tells a function whose first parameter destructures a list.
func (m *Module) firstIsList(fn string) bool {
	found := false
	jsread.Functions(&m.Module, func(f *jsread.Function) bool {
		if f.Name == fn && takesList(f) {
			found = true
		}
		return !found
	})
	return found
}

func takesList(f *jsread.Function) bool {
	if f == nil || len(f.Params) == 0 {
		return false
	}
	for _, member := range f.Params[0].Names {
		if member != "" && member[0] >= '0' && member[0] <= '9' {
			return true
		}
	}
	return false
}

// handedKey gives the arguments of a call inside a function without a name that a hook is handed: ([path, id]) => load(path, id) has those of the key.
func handedKey(g *Graph, c CallAt, args []View) []View {
	var hook *CallAt
	for _, h := range keyedCalls(g) {
		if h.Mod == c.Mod && h.Call.Args[1].Kind == jsread.Func && h.Call.Args[1].Fn != 0 && jsread.Inside(&c.Mod.Module, c.Call.Scope, h.Call.Args[1].Fn) {
			hook = &h
			break
		}
	}
	if hook == nil {
		return args
	}
	f := jsread.FunctionOf(&c.Mod.Module, hook.Call.Args[1].Fn)
	if f == nil || f.Name != "" {
		return args
	}
	key := &Bound{Mod: c.Mod, Fn: "", Args: keyArgs(*hook, takesList(f))}
	for i, a := range args {
		if a.E.Kind != jsread.Ident {
			continue
		}
		if fn, index, member, ok := jsread.ParamAt(&c.Mod.Module, a.At, a.E.Text); ok && fn == f {
			of := a.Of(&jsread.Expr{Kind: jsread.Other, Line: a.E.Line, Rest: &jsread.Rest{Param: &jsread.Param{Index: index, Key: member}}})
			of.B = key
			args[i] = Settle(g, of)
		}
	}
	return args
}
