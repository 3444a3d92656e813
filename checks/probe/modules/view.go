package modules

import (
	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
)

// Rules of this file:
//   - a parameter holds what the call that is looked at hands over

// Bound says what the parameters of a function hold in one call of it.
type Bound struct {
	Mod  *Module
	Fn   string // as Param.Func
	Args []View
	Up   *Bound // of the functions around
}

// argument gives what a parameter holds; ok is false where the call is not
// known. A parameter that the call leaves out is undefined.
func (b *Bound) argument(m *Module, q *jsread.Param) (View, bool) {
	for all := b; b != nil; b = b.Up {
		if b.Mod != m || b.Fn != q.Func {
			continue
		}
		if q.Index >= len(b.Args) {
			return View{M: m, E: jsread.Expr{Kind: jsread.Ident, Text: "undefined"}}, true
		}
		a := b.Args[q.Index]
		if a.B == nil { // its own parameters are those of a function further out
			a.B = all
		}
		return a, true
	}
	return View{}, false
}

// Calls says what the call that a view is hands to a function of a module.
func (v View) Calls(m *Module, fn string) *Bound {
	return &Bound{Mod: m, Fn: fn, Args: v.all(v.E.Parts), Up: v.B}
}

// option is one field of an object, where it is.
type option struct {
	Key string
	V   View
}

// FieldsOf lists the fields of what a view holds, spreads included; open tells
// that there may be others.
func FieldsOf(g *Graph, v View, depth int) (list []option, open bool) {
	v = Settle(g, v)
	if depth == 0 || !g.Step() {
		return nil, true
	}
	switch {
	case IsUndefined(v.E), v.E.Kind == jsread.None:
		return nil, false
	case v.E.Kind == jsread.CallExpr && v.E.Text == "new Headers":
		if len(v.E.Parts) == 0 {
			return nil, true
		}
		return FieldsOf(g, v.Of(&v.E.Parts[0]), depth-1)
	case v.E.Kind == jsread.Either && len(v.E.Parts) > 0: // options || {}, cond && {…}
		parts := v.Choices()
		for len(parts) > 1 { // what has no fields isn't an object
			if x := Settle(g, parts[0]); x.E.Kind != jsread.Env && !IsUndefined(x.E) {
				break
			}
			parts = parts[1:]
		}
		list, open = FieldsOf(g, parts[0], depth-1)
		return list, open || len(v.E.Parts) == 1
	case v.E.Kind == jsread.CallExpr:
		t, fn := FunctionOf(g, v.M, v.At, v.E.Text)
		if t == nil {
			return nil, true
		}
		rs := ReturnsOf(t, fn)
		if len(rs) != 1 {
			return nil, true
		}
		return FieldsOf(g, View{M: t, At: rs[0].Scope, E: rs[0].Expr, B: v.Calls(t, fn)}, depth-1)
	case v.E.Kind != jsread.Object:
		return nil, true
	}
	for i, k := range v.E.Keys() {
		if k != "" {
			list = affix.Without(list, func(e option) bool { return e.Key == k })
			list = append(list, option{k, v.Of(&v.E.Parts[i])})
			continue
		}
		more, opens := FieldsOf(g, v.Of(&v.E.Parts[i]), depth-1)
		for _, e := range more {
			list = affix.Without(list, func(o option) bool { return o.Key == e.Key })
		}
		list, open = append(list, more...), open || opens
	}
	return list, open
}

func FirstOf(a, b string) string { return facts.First(a, b) }
