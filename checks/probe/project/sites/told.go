package sites

import (
	"fmt"
	"slices"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
)

// Rules of this file, about the user whom a response names beside the token:
//   - it's the one that is signed, or another, where both are members of one variable, or that variable itself
//   - an email or a name that is signed is never what the response calls an ID, unless both are the same expression

// tell notes what a field of the response holds, and the fields of an object there.
func (g *giving) tell(m *modules.Module, at jsread.Scope, x jsread.Expr, name string, depth int) {
	if v, ok := m.Resolve(at, x.Text); ok && x.Kind == jsread.Ident && v.Kind == jsread.Object {
		x = v
	}
	if x.Kind != jsread.Object {
		if len(g.e.Tells) < 20 {
			g.e.Tells = append(g.e.Tells, picture.Told{Field: name, V: modules.View{M: m, At: at, E: x}})
		}
		return
	}
	for i, key := range x.Keys() {
		if key != "" && key != "[]" && depth > 0 {
			g.tell(m, at, x.Parts[i], name+"."+key, depth-1)
		}
	}
}

// signed is the ID that is signed, as the handler has it where it's handed to the functions between.
func (g *giving) signed() modules.View {
	v := g.s.User
	for range 4 {
		if v.M == nil || v.E.Kind != jsread.Ident {
			break
		}
		head, rest, _ := affix.Cut(v.E.Text, ".")
		fn, i, member, ok := jsread.ParamAt(&v.M.Module, v.At, head)
		if !ok || fn == g.e.F.Fn || fn.Name == "" {
			break
		}
		var next modules.View
		n := 0
		for _, f := range append(slices.Clone(g.via), g.e.F) {
			for _, list := range [][]jsread.Call{f.Mod.Calls, f.Mod.Others} {
				for k := range list {
					if c := &list[k]; facts.LastName(c.Callee) == fn.Name && i < len(c.Args) && f.Fn != nil && f.Fn != fn && jsread.Inside(&f.Mod.Module, c.Scope, f.Fn.Own) {
						next, n = modules.View{M: f.Mod, At: c.Scope, E: c.Args[i]}, n+1
					}
				}
			}
		}
		if n != 1 {
			break
		}
		for _, key := range []string{member, rest} {
			if at := slices.Index(next.E.Keys(), key); key != "" && next.E.Kind == jsread.Object && at >= 0 {
				next = next.Of(&next.E.Parts[at])
			} else if key != "" {
				next = next.Of(&jsread.Expr{Kind: jsread.Wrapped, Text: "." + key, Parts: []jsread.Expr{next.E}, Line: next.E.Line})
			}
		}
		v = next
	}
	return v
}

// Named is the variable that an expression is of, and the path to the member of it; root is "" where it's of none.
func Named(v modules.View, depth int) (root, path string) {
	m, e := v.M, v.E
	switch {
	case depth == 0:
	case e.Kind == jsread.Wrapped && len(e.Parts) > 0:
		member, is := affix.CutPrefix(e.Text, ".")
		if !is && !sameID[e.Text] && e.Text != "toString" {
			return "", ""
		}
		if root, path = Named(v.Of(&e.Parts[0]), depth-1); is {
			path = joinMember(path, member)
		}
	case e.Kind == jsread.Other && e.Text == "[]" && len(e.Parts) == 2 && e.Parts[1].Kind == jsread.Number:
		root, path = Named(v.Of(&e.Parts[0]), depth-1)
		path = joinMember(path, e.Parts[1].Text)
	case e.Kind == jsread.Ident:
		head, rest, _ := affix.Cut(e.Text, ".")
		if facts.OneOf(m.Changed, head) || modules.IsUndefined(e) {
			return "", ""
		}
		if fn, i, member, ok := jsread.ParamAt(&m.Module, v.At, head); ok {
			return fmt.Sprint(m.Rel, fn.Own, ":", i), joinMember(member, rest)
		}
		held, at, ok := jsread.Held(&m.Module, v.At, head)
		if ok && (held.Kind != jsread.Ident || held.Text != head) {
			if root, path = Named(modules.View{M: m, At: at, E: held}, depth-1); root != "" {
				return root, joinMember(path, rest)
			}
		}
		return fmt.Sprint(m.Rel, at, head), rest
	}
	return root, path
}
