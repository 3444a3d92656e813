package modules

import (
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
)

// Rules of this file:
//   - a name, a member, an element and a parameter are followed one way on, no matter what they are wanted for
//   - what is not found is not guessed: two functions of one name in two files are two functions

// View is an expression where it is.
type View struct {
	M       *Module
	At      jsread.Scope
	E       jsread.Expr
	B       *Bound // what the parameters around it hold in the call that is looked at
	Alts    []View // the parts of a choice that are in several modules
	Via     []Stop // the names that were followed to it, in order
	Assumed bool   // something that is not known may have changed it

	_ [6]uintptr // from 192 bytes on, copying it is a loop; below that, 30 instructions at each of thousands of places
}

// Stop is a name on the way to a value.
type Stop struct {
	Place
	Name string
	Top  bool // what it holds was worked out when its module was loaded
	Self bool // it is a class's field: worked out when an object is made
}

// Of is another expression at the same place. Both are pointers: copying them at each of 180 calls takes 25 KB of the program.
//
//go:noinline
func (v *View) Of(e *jsread.Expr) View { w := *v; w.E, w.Alts = *e, nil; return w }

func (v View) Place() facts.Place { return facts.Place{File: v.M.Rel, Line: v.E.Line} }

// Choices are the parts of a choice.
func (v View) Choices() []View {
	if v.Alts != nil {
		return v.Alts
	}
	out := make([]View, len(v.E.Parts))
	for i, x := range v.E.Parts {
		out[i] = v.Of(&x)
	}
	return out
}

func (v View) via(s Stop) View { v.Via = append(slices.Clip(v.Via), s); return v }

//go:noinline
func (v View) variable(name string) View {
	return v.Of(&jsread.Expr{Kind: jsread.Env, Text: name, Line: v.E.Line})
}

//go:noinline
func (v View) name(path string, line int) View {
	return v.Of(&jsread.Expr{Kind: jsread.Ident, Text: path, Line: line})
}

// choice is one of several views.
func choice(op string, views ...View) View {
	if len(views) == 1 {
		return views[0]
	}
	v := views[0]
	v.E = jsread.Expr{Kind: jsread.Either, Text: op, Line: v.E.Line}
	v.Via = nil
	v.Alts = views
	for _, x := range views {
		v.E.Parts = append(v.E.Parts, x.E)
	}
	return v
}

// Settle follows names and parameters to what they hold. Where that cannot be
// told, the expression stays what it was.
func Settle(g *Graph, v View) View {
	defer g.Ask()()
	v, _ = g.settle(v, 24)
	return v
}

// held is settle for who has no use for less than the end.
func (g *Graph) held(v View, depth int) (View, bool) {
	v, ok := g.settle(v, depth)
	return v, ok && !IsUndefined(v.E) && (v.E.Kind != jsread.Other || v.E.Param() == nil)
}

// Once follows a view one step, to what its name, member, element or parameter holds.
//
//go:noinline
func (g *Graph) Once(v View) (View, bool) { return g.once(v, maxHold) }

// settle goes on for as long as there is a way; ok is false where it ends at a
// name that nothing is known of.
func (g *Graph) settle(v View, depth int) (View, bool) {
	for ; depth > 0; depth-- {
		next, ok := g.once(v, depth)
		if !ok {
			return v, v.E.Kind != jsread.Ident || isWord(v.E.Text)
		}
		v = next
	}
	return v, false
}

// isWord tells a name that is a value of its own.
func isWord(name string) bool {
	switch name {
	case "undefined", "null", "true", "false":
		return true
	}
	return false
}

//go:noinline
func IsUndefined(e jsread.Expr) bool {
	return e.Kind == jsread.Ident && (e.Text == "undefined" || e.Text == "null")
}

// passesOn tells a wrapping that changes nothing about a value.
func passesOn(wrapping string) bool {
	switch wrapping {
	case "!", "as", "satisfies", "Object.freeze", "structuredClone", "valueOf":
		return true
	}
	return false
}

// once goes one step.
func (g *Graph) once(v View, depth int) (View, bool) {
	if depth <= 0 || !g.Step() {
		return v, false
	}
	switch e := v.E; e.Kind {
	case jsread.Ident:
		if isWord(e.Text) {
			return v, false
		}
		return g.named(v, depth-1)
	case jsread.Wrapped:
		if len(e.Parts) == 0 {
			return v, false
		}
		if passesOn(e.Text) {
			return v.Of(&e.Parts[0]), true
		}
		if path, ok := affix.CutPrefix(e.Text, "."); ok {
			return g.member(v.Of(&e.Parts[0]), path, e.Line, depth-1)
		}
		if e.Text == "join" {
			return joinedList(g, v, depth-1)
		}
	case jsread.Other:
		if e.Text == "[]" && len(e.Parts) == 2 {
			return element(g, v, depth-1)
		}
		if op, ok := strings.CutSuffix(e.Text, "="); ok && (op == "??" || op == "||") && len(e.Parts) == 2 { // service ??= make()
			return v.Of(&jsread.Expr{Kind: jsread.Either, Text: op, Parts: e.Parts, Line: e.Line}), true
		}
		if e.Param() == nil {
			return v, false
		}
		a, ok := v.B.argument(v.M, e.Param())
		if ok && e.Param().Key != "" {
			return g.member(a, e.Param().Key, e.Line, depth-1)
		}
		return a, ok
	case jsread.Either:
		if e.Text == "=" && len(e.Parts) == 2 { // a default
			first, known := g.settle(v.Choices()[0], depth-1)
			if IsUndefined(first.E) {
				return v.Choices()[1], true
			}
			return first, known && decided(first.E)
		}
	case jsread.Func:
		if f := jsread.FunctionOf(&v.M.Module, e.Fn); f != nil && f.Getter {
			w, ok := returnsOf(v, f)
			w.Via = affix.Without(slices.Clone(w.Via), func(s Stop) bool { return s.Top })
			return w, ok
		}
	case jsread.CallExpr:
		return built(g, v, depth-1)
	}
	return v, false
}

// decided tells what is never undefined.
func decided(e jsread.Expr) bool {
	switch e.Kind {
	case jsread.Literal, jsread.Number, jsread.Object, jsread.Array, jsread.Func, jsread.Template, jsread.CallExpr:
		return true
	}
	return e.Kind == jsread.Ident && (e.Text == "true" || e.Text == "false")
}
