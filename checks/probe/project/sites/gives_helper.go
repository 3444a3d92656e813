package sites

import (
	"slices"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
)

// helped is what a helper of the project's own responds with, for who calls it: of createSuccessResponse({ token }) the
// object, of ok(res, { token }) too, in what the helper puts around it.
func (g *giving) helped(m *modules.Module, at jsread.Scope, x jsread.Expr) (jsread.Expr, bool) {
	if x.Kind != jsread.CallExpr || g.carrier(x) != nil || !affix.Any(x.Parts, func(a jsread.Expr) bool { return g.holds(m, at, a, 8) }) {
		return x, false
	}
	defer g.p.Ask()()
	f, ok := g.p.CalledFunction(m, at, x, 10)
	if !ok {
		return x, false
	}
	sent := func(c jsread.Expr) (jsread.Expr, bool) {
		if c.Kind != jsread.CallExpr && c.Kind != jsread.Wrapped || len(c.Parts) == 0 || !senders[facts.LastName(affix.TrimPrefix(c.Text, "new "))] {
			return c, false
		}
		return filled(&f.Mod.Module, f.Fn, peeled(f.Mod, f.Fn.Own, c.Parts[0]), x.Parts)
	}
	for _, ret := range f.Fn.Returns {
		if e, ok := sent(ret.Expr); ok {
			return e, true
		}
	}
	for i := range f.Mod.Calls {
		c := &f.Mod.Calls[i]
		if jsread.Inside(&f.Mod.Module, c.Scope, f.Fn.Own) {
			if e, ok := sent(c.Expr()); ok {
				return e, true
			}
		}
	}
	return x, false
}

// ownHelper reports a call that responds through a helper of the project's own.
func (g *giving) ownHelper(m *modules.Module, at jsread.Scope, x jsread.Expr) bool {
	_, ok := g.helped(m, at, x)
	return ok
}

// filled puts a call's arguments in the place of a function's parameters.
func filled(m *jsread.Module, f *jsread.Function, e jsread.Expr, args []jsread.Expr) (jsread.Expr, bool) {
	switch e.Kind {
	case jsread.Ident, jsread.Wrapped:
		name := e.Text
		if e.Kind == jsread.Wrapped && e.Text == "JSON.stringify" && len(e.Parts) > 0 {
			name = e.Parts[0].Text
		}
		fn, i, member, ok := jsread.ParamAt(m, f.Own, name)
		if ok && fn == f && member == "" && i < len(args) {
			return args[i], true
		}
	case jsread.Object:
		any := false
		e.Parts = slices.Clone(e.Parts)
		for i, part := range e.Parts {
			x, ok := filled(m, f, part, args)
			e.Parts[i], any = x, any || ok
		}
		return e, any
	}
	return e, false
}

// peeled is what a string holds that JSON.stringify made, and the body of a function's response.
func peeled(m *modules.Module, at jsread.Scope, x jsread.Expr) jsread.Expr {
	if (x.Kind == jsread.CallExpr || x.Kind == jsread.Wrapped) && x.Text == "JSON.stringify" && len(x.Parts) > 0 {
		inner := x.Parts[0]
		if v, ok := m.Resolve(at, inner.Text); inner.Kind == jsread.Ident && ok && v.Kind == jsread.Object {
			inner = v
		}
		if inner.Kind == jsread.Object {
			return inner
		}
	}
	if v, ok := m.Resolve(at, x.Text); ok && x.Kind == jsread.Ident && v.Kind == jsread.Object && facts.OneOf(v.Keys(), "statusCode") {
		x = v
	}
	if x.Kind == jsread.Object && facts.OneOf(x.Keys(), "statusCode") {
		if i := slices.Index(x.Keys(), "body"); i >= 0 {
			return peeled(m, at, x.Parts[i])
		}
	}
	return x
}
