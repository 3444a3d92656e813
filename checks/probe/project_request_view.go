package probe

import (
	"slices"
	"strings"

	"badsig/checks/probe/jsread"
)

// Rules of this file:
//   - a name is followed to the expression that it holds, through imports and the arguments of the call that is looked at
//   - where that cannot be told, the expression stays what it was

// view is an expression where it stands.
type view struct {
	m  *module
	at jsread.Scope
	e  jsread.Expr
}

func (v view) of(e jsread.Expr) view { v.e = e; return v }

func (v view) place() Place { return Place{File: v.m.rel, Line: v.e.Line} }

// bound says what the parameters of a function hold in one call of it.
type bound struct {
	mod  *module
	fn   string // as Param.Func
	args []view
	up   *bound // of the functions around
}

// argument gives what a parameter holds; ok is false where the call is not
// known. A parameter that the call leaves out is undefined.
func (b *bound) argument(m *module, q *jsread.Param) (view, bool) {
	for ; b != nil; b = b.up {
		if b.mod != m || b.fn != q.Func {
			continue
		}
		if q.Index >= len(b.args) {
			return view{m: m, e: jsread.Expr{Kind: jsread.Ident, Text: "undefined"}}, true
		}
		return b.args[q.Index], true
	}
	return view{}, false
}

// settle follows names and parameters to what they hold.
func (g *graph) settle(v view, b *bound) view {
	for range 24 {
		next, ok := g.settleOnce(v, b)
		if !ok {
			return v
		}
		v = next
	}
	return v
}

func (g *graph) settleOnce(v view, b *bound) (view, bool) {
	if !g.step() {
		return v, false
	}
	switch e := v.e; e.Kind {
	case jsread.Ident:
		return g.nameView(v, b)
	case jsread.Wrapped:
		if len(e.Parts) == 0 {
			return v, false
		}
		if e.Text == "!" || e.Text == "as" || e.Text == "satisfies" || e.Text == "Object.freeze" {
			return v.of(e.Parts[0]), true
		}
		if name, ok := strings.CutPrefix(e.Text, "."); ok {
			return g.memberView(v.of(e.Parts[0]), name, b)
		}
	case jsread.Other:
		if e.Param == nil {
			return v, false
		}
		a, ok := b.argument(v.m, e.Param)
		if !ok {
			return v, false
		}
		if e.Param.Key != "" {
			return g.memberView(a, e.Param.Key, b)
		}
		return a, true
	case jsread.Either:
		if e.Text == "=" && len(e.Parts) == 2 { // a parameter's default
			first := g.settle(v.of(e.Parts[0]), b)
			if isUndefined(first.e) {
				return v.of(e.Parts[1]), true
			}
			if first.e.Kind != jsread.Other {
				return first, true
			}
		}
	}
	return v, false
}

func isUndefined(e jsread.Expr) bool {
	return e.Kind == jsread.Ident && (e.Text == "undefined" || e.Text == "null")
}

// memberView gives the member of what a view holds.
func (g *graph) memberView(v view, path string, b *bound) (view, bool) {
	for path != "" {
		v = g.settle(v, b)
		var name string
		name, path, _ = strings.Cut(path, ".")
		if v.e.Kind == jsread.Either && (v.e.Text == "||" || v.e.Text == "??") && len(v.e.Parts) > 1 { // { … } of options || {}
			v = g.settle(v.of(v.e.Parts[0]), b)
		}
		if isUndefined(v.e) {
			return v, true
		}
		if v.e.Kind != jsread.Object {
			return v, false
		}
		found := false
		for i := len(v.e.Keys) - 1; i >= 0 && !found; i-- {
			switch {
			case v.e.Keys[i] == name:
				v, found = v.of(v.e.Parts[i]), true
			case v.e.Keys[i] == "":
				return v, false
			}
		}
		if !found {
			return v.of(jsread.Expr{Kind: jsread.Ident, Text: "undefined", Line: v.e.Line}), true
		}
	}
	return v, true
}

// nameView follows a name or path one way on: inside its module, or through an import.
func (g *graph) nameView(v view, b *bound) (view, bool) {
	if isUndefined(v.e) || v.e.Text == "true" || v.e.Text == "false" {
		return v, false
	}
	e, ok := v.m.Resolve(v.at, v.e.Text)
	if ok {
		return v.of(e), e.Kind != jsread.Ident || e.Text != v.e.Text
	}
	head, rest, _ := strings.Cut(e.Text, ".")
	for _, i := range v.m.Imports {
		exported, ok := i.Names[head]
		if !ok {
			continue
		}
		if i.From == "@env" || i.From == "react-native-dotenv" || i.From == "react-native-config" && rest != "" { // variables, through Babel or a native module
			name := exported
			if i.From == "react-native-config" {
				name = rest
			}
			return v.of(jsread.Expr{Kind: jsread.Env, Text: lastName(name), Line: v.e.Line}), true
		}
		t := g.module(g.resolve(v.m, i.From))
		if t == nil {
			return v, false
		}
		return g.exportedView(t, joinPath(strings.TrimPrefix(strings.TrimPrefix(exported, "*"), "."), rest), b, 6)
	}
	if rest != "" { // a path into what Resolve could not open: a parameter's member, an object with spreads
		if held, ok := v.m.Resolve(v.at, head); ok && held.Kind != jsread.Ident {
			return g.memberView(v.of(held), rest, b)
		}
	}
	return v, false
}

// exportedView gives what a module exports under a path: name.member …
func (g *graph) exportedView(t *module, path string, b *bound, depth int) (view, bool) {
	none := view{m: t}
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
			if u := g.module(g.resolve(t, i.From)); u != nil && u != t {
				if v, ok := g.exportedView(u, path, b, depth-1); ok {
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
	v := view{t, 0, e}
	if rest == "" {
		return v, true
	}
	if e.Kind == jsread.Ident {
		v.e.Text = joinPath(e.Text, rest)
		return v, true
	}
	return g.memberView(v, rest, b)
}

// functionOf finds the function of the project that a callee means: the module
// that has it and its name there.
func (g *graph) functionOf(m *module, at jsread.Scope, callee string) (*module, string) {
	head, rest, dotted := strings.Cut(callee, ".")
	if head == "this" && dotted && !strings.Contains(rest, ".") {
		return m, rest
	}
	for range 6 {
		if e, ok := m.Resolve(at, callee); ok {
			if e.Kind == jsread.Func {
				return m, e.Text
			}
			if e.Kind == jsread.CallExpr && (lastName(e.Text) == "useCallback" || lastName(e.Text) == "cache" || lastName(e.Text) == "memoize") && len(e.Parts) > 0 && e.Parts[0].Kind == jsread.Func {
				return m, callee
			}
			return nil, ""
		}
		found := false
		for _, i := range m.Imports {
			exported, ok := i.Names[head]
			if !ok {
				continue
			}
			t := g.module(g.resolve(m, i.From))
			if t == nil {
				return nil, ""
			}
			if exported == "*" {
				exported, rest, dotted = rest, "", false
			}
			v, ok := g.exportedView(t, exported, nil, 6)
			if !ok {
				return nil, ""
			}
			m, at, found = v.m, 0, true
			switch v.e.Kind {
			case jsread.Func:
				if dotted {
					return m, lastName(rest) // a static method
				}
				return m, v.e.Text
			case jsread.Ident:
				head = v.e.Text
				callee = joinPath(head, rest)
			case jsread.CallExpr: // an instance of a class: its methods stand in the class's module
				if class, isNew := strings.CutPrefix(v.e.Text, "new "); isNew && dotted {
					if t, _ := g.functionOf(m, 0, class); t != nil {
						return t, lastName(rest)
					}
				}
				return nil, ""
			case jsread.Object:
				if !dotted {
					return nil, ""
				}
				w, ok := g.memberView(v, rest, nil)
				if ok && w.e.Kind == jsread.Func {
					return w.m, w.e.Text
				}
				return nil, ""
			default:
				return nil, ""
			}
			break
		}
		if !found {
			if e, ok := m.Resolve(at, head); ok && dotted && e.Kind == jsread.CallExpr {
				if class, isNew := strings.CutPrefix(e.Text, "new "); isNew {
					if t, _ := g.functionOf(m, at, class); t != nil {
						return t, lastName(rest)
					}
				}
			}
			return nil, ""
		}
	}
	return nil, ""
}

// returnsOf lists what a function of the project gives back.
func (m *module) returnsOf(fn string) []jsread.Return {
	var out []jsread.Return
	for _, r := range m.Returns {
		if r.Func == fn {
			out = append(out, r)
		}
	}
	return out
}

// requestersOf lists the calls of a function, with what each gives its
// parameters; a function that is handed to useSWR and its like is called with
// their key.
func (g *graph) requestersOf(m *module, fn string) []caller {
	if fn == "" || strings.HasPrefix(fn, "new ") {
		return nil
	}
	var out []caller
	add := func(c callAt, args []view) {
		if len(out) < 40 {
			out = append(out, caller{c, &bound{mod: m, fn: fn, args: args}})
		}
	}
	for _, c := range g.callsNamed(fn) {
		if c.mod == m && c.call.Func == fn && lastName(c.call.Callee) == fn {
			continue // it calls itself, or its like on another object
		}
		if t, name := g.functionOf(c.mod, c.call.Scope, c.call.Callee); t != m || name != fn {
			continue
		}
		add(c, c.views(c.call.Args))
	}
	for _, hook := range []string{"useSWR", "useSWRImmutable", "useSWRMutation"} {
		for _, c := range g.callsNamed(hook) {
			if len(c.call.Args) < 2 || c.call.Args[1].Kind != jsread.Ident {
				continue
			}
			if t, name := g.functionOf(c.mod, c.call.Scope, c.call.Args[1].Text); t != m || name != fn {
				continue
			}
			key := c.call.Args[0]
			if key.Kind == jsread.Array && len(key.Parts) > 0 {
				add(c, c.views(key.Parts))
			} else {
				add(c, c.views([]jsread.Expr{key}))
			}
		}
	}
	return out
}

type caller struct {
	callAt
	b *bound
}

func (c callAt) views(args []jsread.Expr) []view {
	out := make([]view, len(args))
	for i, a := range args {
		out[i] = view{c.mod, c.call.Scope, a}
	}
	return out
}

// option is one field of an object, where it stands.
type option struct {
	key string
	v   view
}

// fieldsOf lists the fields of what a view holds, spreads included; open tells
// that there may be others.
func (g *graph) fieldsOf(v view, b *bound, depth int) (list []option, open bool) {
	v = g.settle(v, b)
	if depth == 0 || !g.step() {
		return nil, true
	}
	switch {
	case isUndefined(v.e), v.e.Kind == "":
		return nil, false
	case v.e.Kind == jsread.CallExpr && v.e.Text == "new Headers":
		if len(v.e.Parts) == 0 {
			return nil, true
		}
		return g.fieldsOf(v.of(v.e.Parts[0]), b, depth-1)
	case v.e.Kind == jsread.Either && len(v.e.Parts) > 0: // options || {}, cond && {…}
		list, open = g.fieldsOf(v.of(v.e.Parts[0]), b, depth-1)
		return list, open || len(v.e.Parts) == 1
	case v.e.Kind == jsread.CallExpr:
		t, fn := g.functionOf(v.m, v.at, v.e.Text)
		if t == nil {
			return nil, true
		}
		rs := t.returnsOf(fn)
		if len(rs) != 1 {
			return nil, true
		}
		inner := &bound{mod: t, fn: fn, args: callAt{v.m, &jsread.Call{Scope: v.at}}.views(v.e.Parts), up: b}
		return g.fieldsOf(view{t, rs[0].Scope, rs[0].Expr}, inner, depth-1)
	case v.e.Kind != jsread.Object:
		return nil, true
	}
	for i, k := range v.e.Keys {
		if k != "" {
			list = slices.DeleteFunc(list, func(e option) bool { return e.key == k })
			list = append(list, option{k, v.of(v.e.Parts[i])})
			continue
		}
		more, opens := g.fieldsOf(v.of(v.e.Parts[i]), b, depth-1)
		for _, e := range more {
			list = slices.DeleteFunc(list, func(o option) bool { return o.key == e.key })
		}
		list, open = append(list, more...), open || opens
	}
	return list, open
}
