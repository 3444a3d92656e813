package project

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/names"
)

// Rules of this file, about what a page keeps outside of its components:
//   - a member of a store, of a context or of Redux's state is what is put there under its name, all over the front end
//   - what is put there by code that isn't understood may be anything, and nothing is said

// agentsCall are the methods of superagent's requests, each of which gives the request.
var agentsCall = names.Words("send", "set", "query", "type", "accept", "withCredentials", "auth", "timeout", "retry")

// put is what a setter puts into a state that a name holds: a value, or what a function makes of the old one.
func (w *passage) put(v modules.View, name string) []carried {
	list := []modules.View{v}
	if v.E.Kind == jsread.Func {
		f := jsread.FunctionOf(&v.M.Module, v.E.Fn)
		if f == nil || len(f.Returns) == 0 {
			return []carried{{}}
		}
		list = nil
		for _, r := range f.Returns {
			list = append(list, modules.View{M: v.M, At: f.Own, E: r.Expr})
		}
		if name = ""; len(f.Params) > 0 {
			for n, member := range f.Params[0].Names {
				if member == "" {
					name = n
				}
			}
		}
	}
	var out []carried
	for _, u := range list {
		if u.E.Kind == jsread.Object { // { ...old, token }
			e := u.E
			e.Rest, e.Parts = &jsread.Rest{}, nil
			for i, k := range u.E.Keys() {
				if x := u.E.Parts[i]; k != "" || x.Kind != jsread.Ident || x.Text != name {
					e.Rest.Keys, e.Parts = append(e.Rest.Keys, k), append(e.Parts, x)
				}
			}
			u.E = e
		}
		if u.E.Kind != jsread.Ident || u.E.Text != name {
			out = append(out, w.eval(u)...)
		}
	}
	return out
}

// pages visits the modules of front ends.
func (w *passage) pages(visit func(m *modules.Module)) {
	for _, m := range w.ReadOrder {
		if m.Role != facts.RoleServer && !m.Aside() {
			visit(m)
		}
	}
}

// client names the library whose client a name is: one that it makes, or itself.
func (w *passage) client(v modules.View, object string) string {
	for _, lib := range []string{"ky", "ofetch"} {
		if object == lib && modules.ImportsFrom(v.M, object, lib) {
			return lib
		}
	}
	s := modules.Settle(w.Graph, v.Of(&jsread.Expr{Kind: jsread.Ident, Text: object, Line: v.E.Line}))
	if on, name := modules.Receiver(s.E.Text); s.E.Kind == jsread.CallExpr && (name == "create" || name == "extend") && on != object {
		if on == "$fetch" {
			return "ofetch"
		}
		return w.client(s, on)
	}
	return ""
}

// store is what a store of zustand has: what it begins with, and what is set; nil for other calls.
func (w *passage) store(v modules.View) []carried {
	head := affix.TrimSuffix(v.E.Text, ".getState")
	s := modules.Settle(w.Graph, v.Of(&jsread.Expr{Kind: jsread.Ident, Text: head, Line: v.E.Line}))
	if s.E.Kind != jsread.CallExpr || !modules.ImportsFrom(s.M, affix.TrimSuffix(s.E.Text, "()"), "zustand") {
		return nil
	}
	e := s.E
	for len(e.Parts) > 0 && e.Parts[0].Kind == jsread.CallExpr { // persist(…), devtools(…)
		e = e.Parts[0]
	}
	if len(e.Parts) == 0 || e.Parts[0].Kind != jsread.Func {
		return nil
	}
	f := jsread.FunctionOf(&s.M.Module, e.Parts[0].Fn)
	if f == nil || len(f.Returns) != 1 || len(f.Params) == 0 {
		return nil
	}
	out := w.eval(modules.View{M: s.M, At: f.Own, E: f.Returns[0].Expr})
	if len(out) != 1 || out[0].kind != carriedObject {
		return nil
	}
	modules.VisitCalls(s.M, func(c *jsread.Call) {
		if _, is := f.Params[0].Names[c.Callee]; is && jsread.Inside(&s.M.Module, c.Scope, f.Own) && len(c.Args) > 0 {
			out = append(out, w.put(modules.View{M: s.M, At: c.Scope, E: c.Args[0]}, "")...)
		}
	})
	w.pages(func(m *modules.Module) {
		modules.VisitCalls(m, func(c *jsread.Call) {
			if facts.LastName(c.Callee) == "setState" && affix.HasPrefix(c.Callee, facts.LastName(head)+".") && len(c.Args) > 0 {
				out = append(out, w.put(modules.View{M: m, At: c.Scope, E: c.Args[0]}, "")...)
			}
		})
	})
	if len(v.E.Parts) == 0 || head != v.E.Text {
		return out
	}
	path, ok := picks(v)
	if !ok {
		return nil
	}
	return w.members(out, path, v)
}

// picks is the path that a selector takes of its argument: (s) => s.token.
func picks(v modules.View) (path string, ok bool) {
	if v.E.Parts[0].Kind != jsread.Func {
		return "", false
	}
	f := jsread.FunctionOf(&v.M.Module, v.E.Parts[0].Fn)
	if f == nil || len(f.Returns) != 1 || len(f.Params) == 0 || f.Returns[0].Kind != jsread.Ident {
		return "", false
	}
	head, rest, _ := affix.Cut(f.Returns[0].Text, ".")
	member, ok := f.Params[0].Names[head]
	return strings.Trim(member+"."+rest, "."), ok
}

// context is what is given to a context of React's.
func (w *passage) context(v modules.View) []carried {
	name := facts.LastName(v.E.Parts[0].Text)
	var out []carried
	w.pages(func(m *modules.Module) {
		for _, f := range m.Fields {
			if of := affix.TrimSuffix(f.Object, ".Provider"); f.Name == "value" && facts.LastName(of) == name && name != "" {
				out = append(out, w.eval(modules.View{M: m, At: f.Scope, E: f.Expr})...)
			}
		}
	})
	if out == nil {
		return []carried{{}}
	}
	return out
}
