package modules

import (
	"slices"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
)

// Rules of this file:
//   - a name is followed to the expression that it holds, through imports and the arguments of the call that is looked at
//   - where that cannot be told, the expression stays what it was

// View is an expression where it stands.
type View struct {
	M  *Module
	At jsread.Scope
	E  jsread.Expr
}

func (v View) Of(e jsread.Expr) View { v.E = e; return v }

func (v View) Place() facts.Place { return facts.Place{File: v.M.Rel, Line: v.E.Line} }

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
	for ; b != nil; b = b.Up {
		if b.Mod != m || b.Fn != q.Func {
			continue
		}
		if q.Index >= len(b.Args) {
			return View{M: m, E: jsread.Expr{Kind: jsread.Ident, Text: "undefined"}}, true
		}
		return b.Args[q.Index], true
	}
	return View{}, false
}

// Settle follows names and parameters to what they hold.
func Settle(g *Graph, v View, b *Bound) View {
	for range 24 {
		next, ok := settleOnce(g, v, b)
		if !ok {
			return v
		}
		v = next
	}
	return v
}

func settleOnce(g *Graph, v View, b *Bound) (View, bool) {
	if !g.Step() {
		return v, false
	}
	switch e := v.E; e.Kind {
	case jsread.Ident:
		return nameView(g, v, b)
	case jsread.Wrapped:
		if len(e.Parts) == 0 {
			return v, false
		}
		if e.Text == "!" || e.Text == "as" || e.Text == "satisfies" || e.Text == "Object.freeze" {
			return v.Of(e.Parts[0]), true
		}
		if name, ok := strings.CutPrefix(e.Text, "."); ok {
			return memberView(g, v.Of(e.Parts[0]), name, b)
		}
	case jsread.Other:
		if e.Param == nil {
			return v, false
		}
		a, ok := b.argument(v.M, e.Param)
		if !ok {
			return v, false
		}
		if e.Param.Key != "" {
			return memberView(g, a, e.Param.Key, b)
		}
		return a, true
	case jsread.Either:
		if e.Text == "=" && len(e.Parts) == 2 { // a parameter's default
			first := Settle(g, v.Of(e.Parts[0]), b)
			if IsUndefined(first.E) {
				return v.Of(e.Parts[1]), true
			}
			if first.E.Kind != jsread.Other {
				return first, true
			}
		}
	}
	return v, false
}

func IsUndefined(e jsread.Expr) bool {
	return e.Kind == jsread.Ident && (e.Text == "undefined" || e.Text == "null")
}

// memberView gives the member of what a view holds.
func memberView(g *Graph, v View, path string, b *Bound) (View, bool) {
	for path != "" {
		v = Settle(g, v, b)
		var name string
		name, path, _ = strings.Cut(path, ".")
		if v.E.Kind == jsread.Either && (v.E.Text == "||" || v.E.Text == "??") && len(v.E.Parts) > 1 { // { … } of options || {}
			v = Settle(g, v.Of(v.E.Parts[0]), b)
		}
		if IsUndefined(v.E) {
			return v, true
		}
		if v.E.Kind != jsread.Object {
			return v, false
		}
		found := false
		for i := len(v.E.Keys) - 1; i >= 0 && !found; i-- {
			switch {
			case v.E.Keys[i] == name:
				v, found = v.Of(v.E.Parts[i]), true
			case v.E.Keys[i] == "":
				return v, false
			}
		}
		if !found {
			return v.Of(jsread.Expr{Kind: jsread.Ident, Text: "undefined", Line: v.E.Line}), true
		}
	}
	return v, true
}

// nameView follows a name or path one way on: inside its module, or through an import.
func nameView(g *Graph, v View, b *Bound) (View, bool) {
	if IsUndefined(v.E) || v.E.Text == "true" || v.E.Text == "false" {
		return v, false
	}
	e, ok := v.M.Resolve(v.At, v.E.Text)
	if ok {
		return v.Of(e), e.Kind != jsread.Ident || e.Text != v.E.Text
	}
	head, rest, _ := strings.Cut(e.Text, ".")
	for _, i := range v.M.Imports {
		exported, ok := i.Names[head]
		if !ok {
			continue
		}
		if name := buildVariable(i.From, exported, rest); name != "" {
			return v.Of(jsread.Expr{Kind: jsread.Env, Text: name, Line: v.E.Line}), true
		}
		if i.From == "expo-constants" {
			return expoExtra(g, v.M, rest)
		}
		t := g.Module(g.Resolve(v.M, i.From))
		if t == nil {
			return v, false
		}
		return exportedView(g, t, joinPath(strings.TrimPrefix(strings.TrimPrefix(exported, "*"), "."), rest), b, 6)
	}
	if rest != "" { // a path into what Resolve could not open: a parameter's member, an object with spreads
		if held, ok := v.M.Resolve(v.At, head); ok && held.Kind != jsread.Ident {
			return memberView(g, v.Of(held), rest, b)
		}
	}
	return v, false
}

// buildVariable is the variable that an import of React Native's is at build
// time: import { KEY } from '@env', Config.KEY of react-native-config.
func buildVariable(from, exported, rest string) string {
	switch from {
	case "@env", "react-native-dotenv":
		return exported
	case "react-native-config":
		return rest
	}
	return ""
}

// expoExtra is what an app's configuration hands to Constants.expoConfig.extra.
func expoExtra(g *Graph, m *Module, rest string) (View, bool) {
	_, name, ok := strings.Cut(rest, "extra.")
	if !ok {
		return View{M: m}, false
	}
	for _, file := range []string{"app.config.ts", "app.config.js", "app.json"} {
		t := g.Module(JoinDir(m.Pkg.Dir, file))
		if t == nil {
			continue
		}
		tops := []View{{t, 0, t.Exports["default"]}}
		for _, r := range t.Returns {
			tops = append(tops, View{t, r.Scope, r.Expr})
		}
		for _, top := range tops {
			for _, at := range []string{"extra.", "expo.extra."} {
				if v, ok := memberView(g, top, at+name, nil); ok && !IsUndefined(v.E) {
					return v, true
				}
			}
		}
	}
	return View{M: m}, false
}

// exportedView gives what a module exports under a path: name.member …
func exportedView(g *Graph, t *Module, path string, b *Bound, depth int) (View, bool) {
	none := View{M: t}
	if depth == 0 {
		return none, false
	}
	name, rest, _ := strings.Cut(path, ".")
	e, ok := t.Exports[name]
	if !ok {
		for _, i := range t.Imports {
			if i.Names["*"] != "*" {
				continue
			}
			if u := g.Module(g.Resolve(t, i.From)); u != nil && u != t {
				if v, ok := exportedView(g, u, path, b, depth-1); ok {
					return v, true
				}
			}
		}
		d, has := t.Exports["default"] // module.exports = { name: … }
		if !has || name == "default" {
			return none, false
		}
		e, rest = d, path
	}
	v := View{t, 0, e}
	if rest == "" {
		return v, true
	}
	if e.Kind == jsread.Ident {
		v.E.Text = joinPath(e.Text, rest)
		return v, true
	}
	return memberView(g, v, rest, b)
}

// option is one field of an object, where it stands.
type option struct {
	Key string
	V   View
}

// FieldsOf lists the fields of what a view holds, spreads included; open tells
// that there may be others.
func FieldsOf(g *Graph, v View, b *Bound, depth int) (list []option, open bool) {
	v = Settle(g, v, b)
	if depth == 0 || !g.Step() {
		return nil, true
	}
	switch {
	case IsUndefined(v.E), v.E.Kind == "":
		return nil, false
	case v.E.Kind == jsread.CallExpr && v.E.Text == "new Headers":
		if len(v.E.Parts) == 0 {
			return nil, true
		}
		return FieldsOf(g, v.Of(v.E.Parts[0]), b, depth-1)
	case v.E.Kind == jsread.Either && len(v.E.Parts) > 0: // options || {}, cond && {…}
		list, open = FieldsOf(g, v.Of(v.E.Parts[0]), b, depth-1)
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
		inner := &Bound{Mod: t, Fn: fn, Args: Views(CallAt{v.M, &jsread.Call{Scope: v.At}}, v.E.Parts), Up: b}
		return FieldsOf(g, View{t, rs[0].Scope, rs[0].Expr}, inner, depth-1)
	case v.E.Kind != jsread.Object:
		return nil, true
	}
	for i, k := range v.E.Keys {
		if k != "" {
			list = slices.DeleteFunc(list, func(e option) bool { return e.Key == k })
			list = append(list, option{k, v.Of(v.E.Parts[i])})
			continue
		}
		more, opens := FieldsOf(g, v.Of(v.E.Parts[i]), b, depth-1)
		for _, e := range more {
			list = slices.DeleteFunc(list, func(o option) bool { return o.Key == e.Key })
		}
		list, open = append(list, more...), open || opens
	}
	return list, open
}

func FirstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
