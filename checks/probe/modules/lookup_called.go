package modules

import (
	"slices"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
)

// Rules of this file:
//   - a call runs the function that its name was given to, also one that other functions wrap or make

// Returned gives what a call gives: the class of a construction, or the value
// that one of the project's functions returns.
func (g *Graph) Returned(h Held, depth int) (Held, bool) {
	if name, ok := strings.CutPrefix(h.E.Text, "new "); ok {
		c, ok := Lookup(g, h.Mod, h.At, name, depth-1)
		return c, ok && classHeld(g, c) != nil
	}
	if (h.E.Text == "require" || h.E.Text == "import") && len(h.E.Parts) == 1 && h.E.Parts[0].Kind == jsread.Literal {
		t := g.Module(g.Resolve(h.Mod, h.E.Parts[0].Text))
		if t == nil {
			return Held{}, false
		}
		if d, ok := t.Exports["default"]; ok {
			return memberHeld(g, Held{t, 0, d}, "", depth-1)
		}
		return Held{t, 0, exportsOf(t)}, true
	}
	f, ok := g.CalledFunction(h.Mod, h.At, h.E, depth-1)
	if !ok {
		return Held{}, false
	}
	for _, r := range slices.Backward(f.Fn.Returns) {
		if r.Kind == jsread.Ident && (r.Text == "undefined" || r.Text == "null") {
			continue
		}
		return memberHeld(g, Held{f.Mod, f.Fn.Own, r.Expr}, "", depth-1)
	}
	return Held{}, false
}

// exportsOf is a module's exports as one object.
func exportsOf(m *Module) jsread.Expr {
	e := jsread.Expr{Kind: jsread.Object, Line: 1}
	for k, v := range m.Exports {
		e.Keys, e.Parts = append(e.Keys, k), append(e.Parts, v)
	}
	return e
}

// CalledFunction gives the project's function that a call runs.
func (g *Graph) CalledFunction(m *Module, at jsread.Scope, e jsread.Expr, depth int) (FnRef, bool) {
	if e.On != nil && e.On.Kind != jsread.Ident {
		h, ok := memberHeld(g, Held{m, at, *e.On}, facts.LastName(e.Text), depth)
		if !ok {
			return FnRef{}, false
		}
		return g.FunctionIn(h, depth)
	}
	return g.functionAt(m, at, e.Text, depth)
}

// functionAt gives the project's function that a path names.
func (g *Graph) functionAt(m *Module, at jsread.Scope, path string, depth int) (FnRef, bool) {
	h, ok := Lookup(g, m, at, path, depth)
	if !ok {
		return FnRef{}, false
	}
	return g.FunctionIn(h, depth)
}

// FunctionIn gives the function that a value is, also one that other functions
// wrap: asyncHandler(async (req, res) => …), cache(fn), fn.bind(this).
func (g *Graph) FunctionIn(h Held, depth int) (FnRef, bool) {
	if depth <= 0 || !g.Step() {
		return FnRef{}, false
	}
	switch h.E.Kind {
	case jsread.Func:
		if f := jsread.FunctionOf(&h.Mod.Module, h.E.Fn); f != nil && !f.Class {
			return FnRef{h.Mod, f}, true
		}
	case jsread.Ident:
		if x, ok := Lookup(g, h.Mod, h.At, h.E.Text, depth-1); ok && x.E.Kind != jsread.Ident {
			return g.FunctionIn(x, depth-1)
		}
	case jsread.Wrapped:
		if len(h.E.Parts) > 0 && !strings.HasPrefix(h.E.Text, ".") {
			return g.FunctionIn(Held{h.Mod, h.At, h.E.Parts[0]}, depth-1)
		}
	case jsread.CallExpr:
		if on, name := Receiver(h.E.Text); name == "bind" && h.E.On == nil && on != "" {
			return g.functionAt(h.Mod, h.At, on, depth-1)
		}
		for _, a := range slices.Backward(h.E.Parts) {
			if a.Kind != jsread.Func && a.Kind != jsread.Ident && a.Kind != jsread.CallExpr {
				continue
			}
			if f, ok := g.FunctionIn(Held{h.Mod, h.At, a}, depth-1); ok {
				return f, true
			}
		}
		if r, ok := g.Returned(h, depth-1); ok && r.E.Kind == jsread.Func { // const make = tokenFactory(secret)
			return g.FunctionIn(r, depth-1)
		}
	}
	return FnRef{}, false
}

// Around gives the function whose body a place lies in; nil at the module's top.
// A class is none.
func (m *Module) Around(at jsread.Scope) *jsread.Function {
	for s := at; s > 0; s = jsread.Outer(&m.Module, s) {
		if f := jsread.FunctionOf(&m.Module, s); f != nil && !f.Class {
			return f
		}
	}
	return nil
}
