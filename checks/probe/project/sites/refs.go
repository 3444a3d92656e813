package sites

import (
	"slices"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
)

// Rules of this file:
//   - a function runs where it is called, and where it is handed over to something that calls it
//   - tests, examples and documents call nothing

// handing reads what modules hand over, including those that were read since the last call.
func handing(p *picture.Reader) *picture.Handovers {
	h := p.Hands
	if h == nil {
		h = &picture.Handovers{Literal: map[picture.FnKey][]picture.Handed{}, Named: map[string][]picture.Handed{}, Calls: map[string][]modules.CallAt{},
			Names: map[picture.FnKey][]string{}, Callers: map[picture.FnKey][]modules.CallAt{}, Given: map[picture.FnKey][]picture.Handed{}}
		p.Hands = h
	}
	for _, m := range p.Added(&h.Seen) {
		if m.Aside() {
			continue
		}
		for _, list := range [][]jsread.Call{m.Calls, m.Others} {
			for i := range list {
				c := &list[i]
				n := facts.LastName(c.Callee)
				if len(h.Calls[n]) < 2000 {
					h.Calls[n] = append(h.Calls[n], modules.CallAt{Mod: m, Call: c})
				}
				for k, a := range c.Args {
					walk(h, picture.Handed{Mod: m, Call: c, Arg: k, At: c.Scope}, a, 6)
				}
			}
		}
		for name, e := range m.Consts {
			if e.Kind == jsread.Object || e.Kind == jsread.Array {
				walk(h, picture.Handed{Mod: m, Name: name}, e, 6)
			}
		}
		for name, e := range m.Exports {
			if e.Kind == jsread.Object || e.Kind == jsread.Array {
				walk(h, picture.Handed{Mod: m, Name: "export " + name}, e, 6)
			}
		}
	}
	return h
}

func walk(h *picture.Handovers, x picture.Handed, e jsread.Expr, depth int) {
	if depth == 0 {
		return
	}
	switch e.Kind {
	case jsread.Func:
		x.E = e
		k := picture.FnKey{Mod: x.Mod, Own: e.Fn}
		h.Literal[k] = append(h.Literal[k], x)
	case jsread.Ident:
		x.E = e
		if n := facts.LastName(e.Text); len(h.Named[n]) < 2000 {
			h.Named[n] = append(h.Named[n], x)
		}
	case jsread.Object:
		for i, k := range e.Keys() {
			y := x
			y.Keys, y.Row = append(slices.Clip(x.Keys), k), e
			walk(h, y, e.Parts[i], depth-1)
		}
	case jsread.Array:
		for _, part := range e.Parts {
			walk(h, x, part, depth-1)
		}
	case jsread.CallExpr:
		if on, name := modules.Receiver(e.Text); name == "bind" && e.On() == nil {
			walk(h, x, jsread.Expr{Kind: jsread.Ident, Text: on, Line: e.Line}, depth-1)
			return
		}
		x.E = e
		n := facts.LastName(e.Text)
		if e.Text == "require" && len(e.Parts) == 1 { // app.post('/token', require('./token'))
			n = requiredAs(e.Parts[0].Text)
		}
		if len(h.Named[n]) < 2000 { // what the call gives
			h.Named[n] = append(h.Named[n], x)
		}
		y := x
		y.In = append(slices.Clip(x.In), e.Text)
		for _, part := range e.Parts {
			walk(h, y, part, depth-1)
		}
	case jsread.Wrapped, jsread.Either:
		if n := facts.LastName(e.Text); affix.HasPrefix(e.Text, ".") && len(h.Named[n]) < 2000 { // require('./auth').login
			y := x
			y.E = e
			h.Named[n] = append(h.Named[n], y)
			return
		}
		for _, part := range e.Parts {
			walk(h, x, part, depth-1)
		}
	}
}

// requiredAs is the name under which the only export of a module is met where it is required without a name.
func requiredAs(spec string) string {
	spec = affix.TrimSuffix(spec, "/index")
	base := affix.Base(spec)
	return "require " + affix.TrimSuffix(base, affix.Ext(base))
}

// namesOf gives the names under which a function can be met: its own, those it
// is exported as, and what importing modules call it.
func namesOf(p *picture.Reader, f modules.FnRef) []string {
	h, k := handing(p), picture.FnKey{Mod: f.Mod, Own: f.Fn.Own}
	names, known := h.Names[k]
	if !known {
		h.Names[k] = nil // a function that makes itself
		names = findNames(p, f)
		h.Names[k] = names
	}
	return names
}

func findNames(p *picture.Reader, f modules.FnRef) []string {
	var out []string
	add := func(n string) {
		if n != "" && n != "default" && n != "*" && !facts.OneOf(out, n) {
			out = append(out, n)
		}
	}
	add(f.Fn.Name)
	if g := jsread.FunctionOf(&f.Mod.Module, f.Fn.In); g != nil && !g.Class && affix.Any(g.Returns, func(r jsread.Exit) bool { return r.Kind == jsread.Func && r.Fn == f.Fn.Own }) {
		for _, n := range namesOf(p, modules.FnRef{Mod: f.Mod, Fn: g}) { // what makes it, and the variables that keep what was made
			add(n)
			for _, c := range handing(p).Calls[n] {
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
		if g, ok := p.FunctionIn(modules.View{M: f.Mod, At: 0, E: e}, 6); ok && g.Fn == f.Fn {
			exported[name] = true
			add(name)
			if name == "default" {
				add(requiredAs(affix.TrimSuffix(f.Mod.Rel, affix.Ext(f.Mod.Rel))))
			}
		}
	}
	for name, e := range f.Mod.Consts {
		if e.Kind == jsread.CallExpr || e.Kind == jsread.Ident {
			if g, ok := p.FunctionIn(modules.View{M: f.Mod, At: 0, E: e}, 6); ok && g.Fn == f.Fn {
				add(name)
			}
		}
	}
	if len(exported) == 0 {
		return out
	}
	for name := range exported {
		for _, local := range localNames(p, f.Mod.Rel+"\x00"+name) {
			add(local)
		}
	}
	return out
}

// localNames gives what importing modules call an export.
func localNames(p *picture.Reader, of string) []string {
	h := handing(p)
	if h.Locals == nil {
		h.Locals = map[string][]string{}
		for _, m := range p.ReadOrder {
			for _, i := range m.Imports {
				rel := ""
				for local, name := range i.Names {
					if local == name || affix.HasPrefix(local, "export ") {
						continue
					}
					if rel == "" {
						if rel = p.Resolve(m, i.From); rel == "" {
							break
						}
					}
					k := rel + "\x00" + name
					if !facts.OneOf(h.Locals[k], local) && len(h.Locals[k]) < 50 {
						h.Locals[k] = append(h.Locals[k], local)
					}
				}
			}
		}
	}
	return h.Locals[of]
}

// callersOf lists the calls of a function.
func callersOf(p *picture.Reader, f modules.FnRef) []modules.CallAt {
	h, k := handing(p), picture.FnKey{Mod: f.Mod, Own: f.Fn.Own}
	calls, known := h.Callers[k]
	if !known {
		calls = findCallers(p, f)
		h.Callers[k] = calls
	}
	return calls
}

func findCallers(p *picture.Reader, f modules.FnRef) []modules.CallAt {
	h := handing(p)
	var out []modules.CallAt
	for _, n := range namesOf(p, f) {
		for _, c := range h.Calls[n] {
			if len(out) >= modules.MaxCallers {
				return out
			}
			end := p.Ask()
			g, ok := p.CalledFunction(c.Mod, c.Call.Scope, c.Call.Expr(), 12)
			end()
			if ok && g.Fn == f.Fn && !slices.Contains(out, c) {
				out = append(out, c)
			}
		}
	}
	return out
}

// handedOver lists where a function is handed to something that may call it.
func handedOver(p *picture.Reader, f modules.FnRef) []picture.Handed {
	h, k := handing(p), picture.FnKey{Mod: f.Mod, Own: f.Fn.Own}
	given, known := h.Given[k]
	if !known {
		given = findGiven(p, f)
		h.Given[k] = given
	}
	return given
}

func findGiven(p *picture.Reader, f modules.FnRef) []picture.Handed {
	h := handing(p)
	out := slices.Clone(h.Literal[picture.FnKey{Mod: f.Mod, Own: f.Fn.Own}])
	for _, n := range namesOf(p, f) {
		for _, x := range h.Named[n] {
			if len(out) >= modules.MaxCallers {
				return out
			}
			end := p.Ask()
			g, ok := p.FunctionIn(modules.View{M: x.Mod, At: x.At, E: x.E}, 12)
			end()
			if ok && g.Fn == f.Fn {
				out = append(out, x)
			}
		}
	}
	return out
}
