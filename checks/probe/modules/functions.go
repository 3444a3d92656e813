package modules

import (
	"slices"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
)

// Rules of this file:
//   - a call runs the function that its name was passed to, also one that other functions wrap or make

// FnRef is a function of a module.
type FnRef struct {
	Mod *Module
	Fn  *jsread.Function
}

// Returned gives what a call gives: the class of a construction, or the value
// that one of the project's functions returns; of several, the last.
func (g *Graph) Returned(v View, depth int) (View, bool) {
	w, ok := given(g, v, depth)
	if !ok {
		return v, false
	}
	if w.E.Kind == jsread.Either && w.E.Text == returnsOp && w.Alts != nil {
		w = w.Alts[len(w.Alts)-1]
	}
	return g.held(w, depth)
}

// returnsOp joins what a function returns in several places.
const returnsOp = "?:"

// given is Returned with all that the function may return.
func given(g *Graph, v View, depth int) (View, bool) {
	e := v.E
	if name, ok := affix.CutPrefix(e.Text, "new "); ok {
		c, ok := g.held(v.name(name, e.Line), depth)
		return c, ok && classOf(c) != nil
	}
	if (e.Text == "require" || e.Text == "import") && len(e.Parts) == 1 && e.Parts[0].Kind == jsread.Literal {
		t := g.Module(g.Resolve(v.M, e.Parts[0].Text))
		if t == nil {
			return v, false
		}
		if d, ok := t.Exports["default"]; ok {
			return g.held(View{M: t, E: d}, depth)
		}
		return View{M: t, E: exportsOf(t)}, true
	}
	f, ok := g.CalledFunction(v.M, v.At, e, depth)
	if !ok {
		return v, false
	}
	inner := View{M: f.Mod, Via: v.Via, B: v.B}
	if f.Fn.Name != "" {
		inner.B = v.Calls(f.Mod, f.Fn.Name)
	}
	return returnsOf(inner, f.Fn)
}

// all are the views of several expressions of one place.
func (v View) all(es []jsread.Expr) []View {
	out := make([]View, len(es))
	for i, e := range es {
		out[i] = View{M: v.M, At: v.At, E: e, B: v.B}
	}
	return out
}

// returnsOf is what a function returns: one of several.
func returnsOf(v View, f *jsread.Function) (View, bool) {
	var out []View
	for _, r := range f.Returns {
		if !IsUndefined(r.Expr) && len(out) < 16 {
			w := v.Of(&r.Expr)
			w.At = f.Own
			out = append(out, w)
		}
	}
	if len(out) == 0 {
		return v, false
	}
	return choice(returnsOp, out...), true
}

// exportsOf is a module's exports as one object.
func exportsOf(m *Module) jsread.Expr {
	e := jsread.Expr{Kind: jsread.Object, Line: 1, Rest: &jsread.Rest{}}
	for k, v := range m.Exports {
		e.Rest.Keys, e.Parts = append(e.Rest.Keys, k), append(e.Parts, v)
	}
	return e
}

// CalledFunction gives the project's function that a call runs.
func (g *Graph) CalledFunction(m *Module, at jsread.Scope, e jsread.Expr, depth int) (FnRef, bool) {
	v := View{M: m, At: at}.name(e.Text, e.Line)
	if e.On() != nil && e.On().Kind == jsread.Func { // (() => …)()
		return g.FunctionIn(v.Of(e.On()), depth)
	}
	if e.On() != nil && e.On().Kind != jsread.Ident {
		w, ok := g.member(v.Of(e.On()), facts.LastName(e.Text), e.Line, depth)
		if !ok {
			return FnRef{}, false
		}
		return g.FunctionIn(w, depth)
	}
	return functionAt(g, v, depth)
}

// functionAt gives the project's function that a path names.
func functionAt(g *Graph, v View, depth int) (FnRef, bool) {
	w, ok := g.held(v, depth)
	if !ok {
		return FnRef{}, false
	}
	return g.FunctionIn(w, depth)
}

// FunctionIn gives the function that a value is, also one that other functions
// wrap: asyncHandler(async (req, res) => …), cache(fn), fn.bind(this).
func (g *Graph) FunctionIn(v View, depth int) (FnRef, bool) {
	if depth <= 0 || !g.Step() {
		return FnRef{}, false
	}
	switch e := v.E; e.Kind {
	case jsread.Func:
		if f := jsread.FunctionOf(&v.M.Module, e.Fn); f != nil && !f.Class {
			return FnRef{v.M, f}, true
		}
	case jsread.Ident:
		if w, ok := g.held(v, depth-1); ok && w.E.Kind != jsread.Ident {
			return g.FunctionIn(w, depth-1)
		}
	case jsread.Wrapped:
		if len(e.Parts) > 0 && !affix.HasPrefix(e.Text, ".") {
			return g.FunctionIn(v.Of(&e.Parts[0]), depth-1)
		}
		if w, ok := g.held(v, depth-1); ok && w.E.Kind == jsread.Func {
			return g.FunctionIn(w, depth-1)
		}
	case jsread.Either:
		for _, x := range v.Choices() {
			if f, ok := g.FunctionIn(x, depth-1); ok {
				return f, true
			}
		}
	case jsread.CallExpr:
		if on, name := Receiver(e.Text); name == "bind" && e.On() == nil && on != "" {
			return functionAt(g, v.name(on, e.Line), depth-1)
		}
		for _, a := range slices.Backward(e.Parts) {
			if a.Kind != jsread.Func && a.Kind != jsread.Ident && a.Kind != jsread.CallExpr {
				continue
			}
			if f, ok := g.FunctionIn(v.Of(&a), depth-1); ok {
				return f, true
			}
		}
		if r, ok := g.Returned(v, depth-1); ok && r.E.Kind == jsread.Func { // const make = tokenFactory(secret)
			return g.FunctionIn(r, depth-1)
		}
	}
	return FnRef{}, false
}

// Around gives the function whose body a place is in; nil at the module's top.
// A class is none.
func (m *Module) Around(at jsread.Scope) *jsread.Function {
	for s := at; s > 0; s = jsread.Outer(&m.Module, s) {
		if f := jsread.FunctionOf(&m.Module, s); f != nil && !f.Class {
			return f
		}
	}
	return nil
}
