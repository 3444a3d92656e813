package project

import (
	"slices"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/files"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
)

// Rules of this file:
//   - a function runs where it is called, and where it is handed over to something that calls it
//   - tests, examples and documents call nothing

// handed is a function that stands in the arguments of a call, or in an object.
type handed struct {
	mod  *modules.Module
	call *jsread.Call // nil for an object of the module
	arg  int          // which argument
	keys []string     // the object fields that lead to it: Query.token
	name string       // of the constant or export, where it is an object of the module
	in   []string     // the calls that wrap it: requireAuth(fn)
	e    jsread.Expr  // the function, or the name of one
	row  jsread.Expr  // the innermost object that it stands in: { method, path, handler }
	at   jsread.Scope
}

type fnKey struct {
	mod *modules.Module
	own jsread.Scope
}

// handovers knows where functions are called and handed over.
type handovers struct {
	literal map[fnKey][]handed          // functions written in place
	named   map[string][]handed         // by the last part of the name
	calls   map[string][]modules.CallAt // by the last part of the callee
	seen    int

	names   map[fnKey][]string // what was found of a function once
	callers map[fnKey][]modules.CallAt
	given   map[fnKey][]handed
	locals  map[string][]string // file and exported name → what importing modules call it
	reached int                 // functions that were looked at for all sites
}

// handing reads what modules hand over, those that were read since it was last asked included.
func (p *Reader) handing() *handovers {
	h := p.hands
	if h == nil {
		h = &handovers{literal: map[fnKey][]handed{}, named: map[string][]handed{}, calls: map[string][]modules.CallAt{},
			names: map[fnKey][]string{}, callers: map[fnKey][]modules.CallAt{}, given: map[fnKey][]handed{}}
		p.hands = h
	}
	for _, m := range p.Added(&h.seen) {
		if files.RoleOfPath(m.Rel) != facts.RoleUnknown {
			continue
		}
		for _, list := range [][]jsread.Call{m.Calls, m.Others} {
			for i := range list {
				c := &list[i]
				n := facts.LastName(c.Callee)
				if len(h.calls[n]) < 2000 {
					h.calls[n] = append(h.calls[n], modules.CallAt{Mod: m, Call: c})
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
		if n := facts.LastName(e.Text); len(h.named[n]) < 2000 {
			h.named[n] = append(h.named[n], x)
		}
	case jsread.Object:
		for i, k := range e.Keys {
			y := x
			y.keys, y.row = append(slices.Clip(x.keys), k), e
			h.walk(y, e.Parts[i], depth-1)
		}
	case jsread.Array:
		for _, part := range e.Parts {
			h.walk(x, part, depth-1)
		}
	case jsread.CallExpr:
		if on, name := modules.Receiver(e.Text); name == "bind" && e.On == nil {
			h.walk(x, jsread.Expr{Kind: jsread.Ident, Text: on, Line: e.Line}, depth-1)
			return
		}
		x.e = e
		if n := facts.LastName(e.Text); len(h.named[n]) < 2000 { // what the call gives
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
func (p *Reader) namesOf(f modules.FnRef) []string {
	h, k := p.handing(), fnKey{f.Mod, f.Fn.Own}
	names, known := h.names[k]
	if !known {
		h.names[k] = nil // a function that makes itself
		names = p.findNames(f)
		h.names[k] = names
	}
	return names
}

func (p *Reader) findNames(f modules.FnRef) []string {
	var out []string
	add := func(n string) {
		if n != "" && n != "default" && n != "*" && !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	add(f.Fn.Name)
	if g := f.Mod.FunctionOf(f.Fn.In); g != nil && !g.Class && slices.ContainsFunc(g.Returns, func(r jsread.Exit) bool { return r.Kind == jsread.Func && r.Fn == f.Fn.Own }) {
		for _, n := range p.namesOf(modules.FnRef{Mod: f.Mod, Fn: g}) { // what makes it, and the variables that keep what was made
			add(n)
			for _, c := range p.handing().calls[n] {
				for name, e := range c.Mod.Consts {
					if e.Kind == jsread.CallExpr && e.Line == c.Call.Line && e.Text == c.Call.Callee {
						add(name)
					}
				}
			}
		}
	}
	exported := map[string]bool{}
	for name, e := range f.Mod.Exports {
		if g, ok := p.FunctionIn(modules.Held{Mod: f.Mod, At: 0, E: e}, 6); ok && g.Fn == f.Fn {
			exported[name] = true
			add(name)
		}
	}
	for name, e := range f.Mod.Consts {
		if e.Kind == jsread.CallExpr || e.Kind == jsread.Ident {
			if g, ok := p.FunctionIn(modules.Held{Mod: f.Mod, At: 0, E: e}, 6); ok && g.Fn == f.Fn {
				add(name)
			}
		}
	}
	if len(exported) == 0 {
		return out
	}
	for name := range exported {
		for _, local := range p.localNames(f.Mod.Rel + "\x00" + name) {
			add(local)
		}
	}
	return out
}

// localNames gives what importing modules call an export.
func (p *Reader) localNames(of string) []string {
	h := p.handing()
	if h.locals == nil {
		h.locals = map[string][]string{}
		for _, m := range p.ReadOrder {
			for _, i := range m.Imports {
				rel := ""
				for local, name := range i.Names {
					if local == name || strings.HasPrefix(local, "export ") {
						continue
					}
					if rel == "" {
						if rel = p.Resolve(m, i.From); rel == "" {
							break
						}
					}
					k := rel + "\x00" + name
					if !slices.Contains(h.locals[k], local) && len(h.locals[k]) < 50 {
						h.locals[k] = append(h.locals[k], local)
					}
				}
			}
		}
	}
	return h.locals[of]
}

// callersOf lists the calls of a function.
func (p *Reader) callersOf(f modules.FnRef) []modules.CallAt {
	h, k := p.handing(), fnKey{f.Mod, f.Fn.Own}
	calls, known := h.callers[k]
	if !known {
		calls = p.findCallers(f)
		h.callers[k] = calls
	}
	return calls
}

func (p *Reader) findCallers(f modules.FnRef) []modules.CallAt {
	h := p.handing()
	var out []modules.CallAt
	for _, n := range p.namesOf(f) {
		for _, c := range h.calls[n] {
			if len(out) >= modules.MaxCallers {
				return out
			}
			end := p.Ask()
			g, ok := p.CalledFunction(c.Mod, c.Call.Scope, jsread.Expr{Kind: jsread.CallExpr, Text: c.Call.Callee, On: c.Call.On, Parts: c.Call.Args}, 12)
			end()
			if ok && g.Fn == f.Fn && !slices.Contains(out, c) {
				out = append(out, c)
			}
		}
	}
	return out
}

// handedOver lists where a function is handed to something that may call it.
func (p *Reader) handedOver(f modules.FnRef) []handed {
	h, k := p.handing(), fnKey{f.Mod, f.Fn.Own}
	given, known := h.given[k]
	if !known {
		given = p.findGiven(f)
		h.given[k] = given
	}
	return given
}

func (p *Reader) findGiven(f modules.FnRef) []handed {
	h := p.handing()
	out := slices.Clone(h.literal[fnKey{f.Mod, f.Fn.Own}])
	for _, n := range p.namesOf(f) {
		for _, x := range h.named[n] {
			if len(out) >= modules.MaxCallers {
				return out
			}
			end := p.Ask()
			g, ok := p.FunctionIn(modules.Held{Mod: x.mod, At: x.at, E: x.e}, 12)
			end()
			if ok && g.Fn == f.Fn {
				out = append(out, x)
			}
		}
	}
	return out
}
