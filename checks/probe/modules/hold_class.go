package modules

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
)

// Rules of this file:
//   - an object of a class has what its class says: methods, fields, and what its constructor is handed by type

// thisMember follows this.x.y in the class around a place.
func thisMember(g *Graph, v View, rest string, depth int) (View, bool) {
	for s := v.At; s > 0; s = jsread.Outer(&v.M.Module, s) {
		if f := jsread.FunctionOf(&v.M.Module, s); f != nil && f.Class {
			if rest == "" {
				return v, false
			}
			w, ok := classMember(g, v, f, rest, v.E.Line, depth)
			if ok && w.E.Kind != jsread.Func {
				w.Via = append([]Stop{{Place: Place{v.M, w.E.Line}, Name: v.E.Text, Self: true}}, w.Via...)
			}
			return w, ok
		}
	}
	return v, false
}

// classMember finds a method or field of a class.
func classMember(g *Graph, v View, class *jsread.Function, rest string, line, depth int) (View, bool) {
	if depth <= 0 || !g.Step() {
		return v, false
	}
	m := v.M
	name, behind, _ := affix.Cut(rest, ".")
	var out View
	found := false
	jsread.Functions(&m.Module, func(f *jsread.Function) bool {
		if f.In == class.Own && !f.Class && f.Name == name {
			out, found = v.Of(&jsread.Expr{Kind: jsread.Func, Text: name, Fn: f.Own, Line: f.Line}), true
			out.At = f.In
		}
		if f.In == class.Own && f.Name == "constructor" {
			for _, x := range f.Params { // constructor(private readonly chat: ChatService)
				if member, ok := x.Names[name]; ok && member == "" && x.Type != "" && !found {
					if c, ok := injected(g, m, &x); ok {
						out, found = c, true
					} else if c, ok := g.held(View{M: m, E: jsread.Expr{Kind: jsread.Ident, Text: x.Type}}, depth-1); ok && classOf(c) != nil {
						out, found = c, true
					}
				}
			}
		}
		return true
	})
	if found {
		return g.member(out, behind, line, depth-1)
	}
	for _, f := range m.Assigned {
		own := f.Object == "this" && jsread.Inside(&m.Module, f.Scope, class.Own)
		if f.Name == name && (own || f.Object == class.Name) && !IsUndefined(f.Expr) { // Service.instance = new Service()
			out = v.Of(&f.Expr)
			out.At = f.Scope
			return g.member(out, behind, line, depth-1)
		}
	}
	if e, ok := m.Resolve(class.Own, "this."+name); ok {
		out = v.Of(&e)
		out.At = class.Own
		return g.member(out, behind, line, depth-1)
	}
	return v, false
}

// classOf gives the class that a value is, or is made of.
func classOf(v View) *jsread.Function {
	if v.E.Kind == jsread.Func && v.E.Fn > 0 {
		if f := jsread.FunctionOf(&v.M.Module, v.E.Fn); f != nil && f.Class {
			return f
		}
	}
	return nil
}

// ClassOf gives the class that a name, or new of one, means.
func ClassOf(g *Graph, v View, depth int) (FnRef, bool) {
	if name, ok := affix.CutPrefix(v.E.Text, "new "); ok && v.E.Kind == jsread.CallExpr {
		v = v.name(name, v.E.Line)
	}
	if v.E.Kind == jsread.Ident {
		v, _ = g.held(v, depth)
	}
	f := classOf(v)
	return FnRef{v.M, f}, f != nil
}

// injected is what Nest hands to @Inject(settings.KEY): what the function of
// registerAs('stream', () => ({ … })) returns
// (docs.nestjs.com/techniques/configuration#configuration-namespaces).
func injected(g *Graph, m *Module, x *jsread.Parameter) (View, bool) {
	for _, d := range x.Decorators {
		if d.Text != "Inject" || len(d.Parts) != 1 {
			continue
		}
		name, is := strings.CutSuffix(d.Parts[0].Text, ".KEY")
		if !is {
			continue
		}
		c, _ := g.held(View{M: m, E: jsread.Expr{Kind: jsread.Ident, Text: name, Line: d.Line}}, 12)
		if c.E.Kind != jsread.CallExpr || facts.LastName(c.E.Text) != "registerAs" || len(c.E.Parts) != 2 {
			continue
		}
		if f, ok := g.FunctionIn(c.Of(&c.E.Parts[1]), 6); ok && len(f.Fn.Returns) == 1 {
			return View{M: f.Mod, At: f.Fn.Own, E: f.Fn.Returns[0].Expr}, true
		}
	}
	return View{}, false
}
