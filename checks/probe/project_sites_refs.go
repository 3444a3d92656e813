package probe

import (
	"slices"
	"strings"

	"badsig/checks/probe/jsread"
)

// Rules of this file:
//   - a function runs where it is called, and where it is handed over to something that calls it
//   - tests, examples and documents call nothing

// handed is a function that stands in the arguments of a call, or in an object.
type handed struct {
	mod  *module
	call *jsread.Call // nil for an object of the module
	arg  int          // which argument
	keys []string     // the object fields that lead to it: Query.token
	name string       // of the constant or export, where it is an object of the module
	in   []string     // the calls that wrap it: requireAuth(fn)
	e    jsread.Expr  // the function, or the name of one
	at   jsread.Scope
}

type fnKey struct {
	mod *module
	own jsread.Scope
}

// handovers knows where functions are called and handed over.
type handovers struct {
	literal map[fnKey][]handed  // functions written in place
	named   map[string][]handed // by the last part of the name
	calls   map[string][]callAt // by the last part of the callee
	seen    int
}

// handing reads what modules hand over, those that were read since it was last asked included.
func (p *project) handing() *handovers {
	h := p.hands
	if h == nil {
		h = &handovers{literal: map[fnKey][]handed{}, named: map[string][]handed{}, calls: map[string][]callAt{}}
		p.hands = h
	}
	for _, m := range p.added(&h.seen) {
		if roleOfPath(m.rel) != RoleUnknown {
			continue
		}
		for _, list := range [][]jsread.Call{m.Calls, m.Others} {
			for i := range list {
				c := &list[i]
				n := lastName(c.Callee)
				if len(h.calls[n]) < 2000 {
					h.calls[n] = append(h.calls[n], callAt{m, c})
				}
				for k, a := range c.Args {
					h.walk(handed{mod: m, call: c, arg: k, at: c.Scope}, a, 6)
				}
			}
		}
		for name, e := range m.Consts {
			if e.Kind == jsread.Object || e.Kind == jsread.Array {
				h.walk(handed{mod: m, name: name}, e, 6)
			}
		}
		for name, e := range m.Exports {
			if e.Kind == jsread.Object || e.Kind == jsread.Array {
				h.walk(handed{mod: m, name: "export " + name}, e, 6)
			}
		}
	}
	return h
}

func (h *handovers) walk(x handed, e jsread.Expr, depth int) {
	if depth == 0 {
		return
	}
	switch e.Kind {
	case jsread.Func:
		x.e = e
		k := fnKey{x.mod, e.Fn}
		h.literal[k] = append(h.literal[k], x)
	case jsread.Ident:
		x.e = e
		if n := lastName(e.Text); len(h.named[n]) < 2000 {
			h.named[n] = append(h.named[n], x)
		}
	case jsread.Object:
		for i, k := range e.Keys {
			y := x
			y.keys = append(slices.Clip(x.keys), k)
			h.walk(y, e.Parts[i], depth-1)
		}
	case jsread.Array:
		for _, part := range e.Parts {
			h.walk(x, part, depth-1)
		}
	case jsread.CallExpr:
		x.e = e
		if n := lastName(e.Text); len(h.named[n]) < 2000 { // what the call gives
			h.named[n] = append(h.named[n], x)
		}
		y := x
		y.in = append(slices.Clip(x.in), e.Text)
		for _, part := range e.Parts {
			h.walk(y, part, depth-1)
		}
	case jsread.Wrapped, jsread.Either:
		for _, part := range e.Parts {
			h.walk(x, part, depth-1)
		}
	}
}

// namesOf gives the names under which a function can be met: its own, those it
// is exported as, and what importing modules call it.
func (p *project) namesOf(f fnRef) []string {
	var out []string
	add := func(n string) {
		if n != "" && n != "default" && n != "*" && !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	add(f.fn.Name)
	if g := f.mod.FunctionOf(f.fn.In); g != nil && !g.Class && slices.ContainsFunc(g.Returns, func(r jsread.Exit) bool { return r.Kind == jsread.Func && r.Fn == f.fn.Own }) {
		for _, n := range p.namesOf(fnRef{f.mod, g}) { // what makes it, and the variables that keep what was made
			add(n)
			for _, c := range p.handing().calls[n] {
				for name, e := range c.mod.Consts {
					if e.Kind == jsread.CallExpr && e.Line == c.call.Line && e.Text == c.call.Callee {
						add(name)
					}
				}
			}
		}
	}
	exported := map[string]bool{}
	for name, e := range f.mod.Exports {
		if g, ok := p.functionIn(held{f.mod, 0, e}, 6); ok && g.fn == f.fn {
			exported[name] = true
			add(name)
		}
	}
	for name, e := range f.mod.Consts {
		if e.Kind == jsread.CallExpr || e.Kind == jsread.Ident {
			if g, ok := p.functionIn(held{f.mod, 0, e}, 6); ok && g.fn == f.fn {
				add(name)
			}
		}
	}
	if len(exported) == 0 {
		return out
	}
	for _, m := range p.readOrder {
		for _, i := range m.Imports {
			for local, name := range i.Names {
				if exported[name] && local != name && !strings.HasPrefix(local, "export ") && p.resolve(m, i.From) == f.mod.rel {
					add(local)
				}
			}
		}
	}
	return out
}

// callersOf lists the calls of a function.
func (p *project) callersOf(f fnRef) []callAt {
	h := p.handing()
	var out []callAt
	for _, n := range p.namesOf(f) {
		for _, c := range h.calls[n] {
			if len(out) >= maxCallers {
				return out
			}
			end := p.ask()
			g, ok := p.calledFunction(c.mod, c.call.Scope, jsread.Expr{Kind: jsread.CallExpr, Text: c.call.Callee, On: c.call.On, Parts: c.call.Args}, 12)
			end()
			if ok && g.fn == f.fn && !slices.Contains(out, c) {
				out = append(out, c)
			}
		}
	}
	return out
}

// handedOver lists where a function is handed to something that may call it.
func (p *project) handedOver(f fnRef) []handed {
	h := p.handing()
	out := slices.Clone(h.literal[fnKey{f.mod, f.fn.Own}])
	for _, n := range p.namesOf(f) {
		for _, x := range h.named[n] {
			if len(out) >= maxCallers {
				return out
			}
			end := p.ask()
			g, ok := p.functionIn(held{x.mod, x.at, x.e}, 12)
			end()
			if ok && g.fn == f.fn {
				out = append(out, x)
			}
		}
	}
	return out
}
