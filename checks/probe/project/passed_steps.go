package project

import (
	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/names"
)

// Rules of this file, about single steps of a token's way on the page:
//   - what is put into a storage or a state comes out of it; one that the server sets too, or another part of the page may set, is not known
//   - what one step wraps and the next unwraps is as it was

var (
	keepsToken = names.Words("String", "toString", "!", "as", "satisfies", "valueOf", "trim", "encodeURIComponent", "decodeURIComponent")
	cutsToken  = names.Words("slice", "substring", "substr")
	storedBy   = names.Words("get", "getItem", "getItemAsync", "getCookie")
	stores     = names.Words("set", "setItem", "setItemAsync", "setCookie")
	asksFor    = names.Words("get", "post", "put", "patch", "request", "axios")
	keepsCall  = names.Words("useCallback", "cache", "bind")
)

// changed is what a wrapping makes of values.
func (w *passage) changed(v modules.View, all []carried) []carried {
	e := v.E
	for i := range all {
		x := &all[i]
		name := facts.LastName(e.Text)
		switch {
		case x.kind == carriedNone || x.kind == carriedOther:
		case e.Text == "!" || e.Text == "as" || e.Text == "satisfies" || name == "bind":
		case x.prom:
			*x = carried{}
		case e.Text == "JSON.parse" && x.How == "json":
			x.Passed = facts.Passed{}
		case e.Text == "JSON.parse" && x.kind == carriedText && x.How == "":
			x.kind = carriedDoc
		case e.Text == "JSON.stringify" && len(e.Parts) == 1 && x.kind == carriedDoc && x.path == "" && x.How == "":
			x.kind, x.at, x.As = carriedText, v, "JSON.stringify"
		case e.Text == "JSON.stringify" && len(e.Parts) == 1 && x.kind == carriedObject && x.How == "":
			x.How = "json"
		case x.kind != carriedToken && (x.kind != carriedDoc || x.path == "" && x.How == ""):
			*x = carried{}
		case keepsToken[name]:
		case x.How != "":
			*x = carried{} // it may be undone here
		case e.Text == "JSON.stringify" && len(e.Parts) == 1:
			x.How, x.As, x.Place = "json", "JSON.stringify", v.Place()
		case cutsToken[name] && len(e.Parts) == 3 && e.Parts[1].Text == "0" && e.Parts[2].Kind == jsread.Number:
			x.How, x.As, x.Place = "slice", name, v.Place()
		default:
			*x = carried{}
		}
	}
	return all
}

// part is a member of a list: of token.split('.').
func (w *passage) part(v modules.View) []carried {
	split, index := v.E.Parts[0], v.E.Parts[1]
	if split.Kind != jsread.Wrapped || split.Text != "split" || len(split.Parts) != 2 || split.Parts[1].Text != "." || index.Kind != jsread.Number {
		return []carried{{}}
	}
	all := w.eval(v.Of(&split.Parts[0]))
	for i := range all {
		x := &all[i]
		if x.kind != carriedNone && (x.How != "" || x.prom || x.kind != carriedToken && (x.kind != carriedDoc || x.path == "")) {
			*x = carried{}
		} else if x.kind != carriedNone {
			x.How, x.As, x.Place = "slice", "split", v.Place()
		}
	}
	return all
}

// state is what a hook's state holds: what its setter is called with; nil where that isn't all.
func (w *passage) state(v modules.View, name string, held jsread.Expr) []carried {
	call := held.Parts[0]
	hook := facts.LastName(call.Text)
	if call.Kind != jsread.CallExpr || !affix.HasPrefix(hook, "use") || !affix.HasSuffix(hook, "State") && !affix.HasSuffix(hook, "Storage") || held.Parts[1].Text != "0" {
		return nil
	}
	ws, setter, line, seen := v.M.Words(), "", 0, 0
	for i := range ws {
		if i > 0 && ws[i].Text == name && ws[i-1].Text == "[" && jsread.Follows(ws, i+1, ",") && jsread.Follows(ws, i+3, "] =") && setter == "" {
			setter, line = ws[i+2].Text, ws[i].Line
		}
	}
	if setter == "" {
		return nil
	}
	for i := range ws {
		if ws[i].Text == setter && !ws[i].String {
			seen++
		}
	}
	var out []carried
	for _, list := range [][]jsread.Call{v.M.Calls, v.M.Others} {
		for i := range list {
			if c := &list[i]; c.Callee == setter && len(c.Args) == 1 {
				seen--
				put := w.put(modules.View{M: v.M, At: c.Scope, E: c.Args[0]}, name)
				putUnder(put, name, facts.Place{File: v.M.Rel, Line: c.Line})
				out = append(out, putBy(put, v.M, c)...)
			}
		}
	}
	if len(call.Parts) == 1 && affix.HasSuffix(hook, "State") { // what it begins with
		first := v.Of(&call.Parts[0])
		all := w.eval(first)
		if len(all) == 1 && all[0].kind == carriedFunc {
			all = w.gives(all[0])
		}
		if !affix.Any(all, func(x carried) bool { return x.kind == carriedOther }) {
			out = append(out, all...)
		}
	}
	f, own := w.CalledFunction(v.M, v.At, call, 8)
	if seen != 1 || line == 0 || own && !f.Mod.Holds("JSON . stringify (") && affix.Any(out, func(x carried) bool { return x.How == "json" }) {
		return nil
	}
	return out
}

// parameter is what the callers of a function hand over.
func (w *passage) parameter(m *modules.Module, fn *jsread.Function, index int, member string) []carried {
	var out []carried
	for _, list := range [][]jsread.Call{m.Calls, m.Others} {
		for i := range list {
			c := &list[i]
			if facts.LastName(c.Callee) != "then" || index > 0 || len(c.Args) == 0 || c.Args[0].Kind != jsread.Func || c.Args[0].Fn != fn.Own {
				continue
			}
			all := w.eval(receiverOf(m, c.Scope, c.Callee, c.On, c.Line))
			for k := range all {
				all[k].prom = false
			}
			return w.members(all, member, modules.View{M: m, At: fn.Own, E: c.Args[0]})
		}
	}
	if index == 0 && fn.Name == "" || fn.Name == "next" {
		if all := streamed(w, m, fn); all != nil {
			return w.members(all, member, modules.View{M: m, At: fn.Own})
		}
	}
	if index == 1 && (member == "" || affix.HasPrefix(member, "payload")) {
		if all := w.action(m, fn); all != nil {
			return w.members(all, member, modules.View{M: m, At: fn.Own})
		}
	}
	if fn.Name == "onSuccess" && index == 0 {
		if all := w.succeeded(m, fn); all != nil {
			return w.members(all, member, modules.View{M: m, At: fn.Own})
		}
	}
	if fn.Name == "" {
		return []carried{{}}
	}
	q := jsread.Param{Func: fn.Name, Index: index, Key: member}
	for _, a := range modules.PropsGiven(w.Graph, m, &q) {
		out = append(out, w.eval(a)...)
	}
	if out == nil && index == 0 {
		out = w.ofServer(m, fn, member)
	}
	if out == nil {
		callers := modules.RequestersOf(w.Graph, m, fn.Name)
		for _, c := range callers {
			if index >= len(c.B.Args) {
				return []carried{{}}
			}
			a := c.B.Args[index]
			all := w.members(w.eval(a), member, a)
			if held, _, ok := jsread.Held(&a.M.Module, a.At, a.E.Text); ok && a.E.Kind == jsread.Ident && names.Bare.MatchString(a.E.Text) && held.Line > 0 {
				a.E.Line = held.Line // const token = await response.json()
			}
			putUnder(all, "token", a.Place())
			if len(callers) > 1 { // each is a page of its own
				all = putBy(all, c.Mod, c.Call)
			}
			out = append(out, all...)
		}
	}
	if out == nil {
		return []carried{{}}
	}
	return out
}

// receiverOf is what a method is called on.
func receiverOf(m *modules.Module, at jsread.Scope, callee string, on *jsread.Expr, line int) modules.View {
	v := modules.View{M: m, At: at}
	if on != nil {
		return v.Of(on)
	}
	object, _ := modules.Receiver(callee)
	return v.Of(&jsread.Expr{Kind: jsread.Ident, Text: object, Line: line})
}

// query is what a query library's hook gives.
func (w *passage) query(v modules.View, object, hook string) []carried {
	e := v.E
	fn := modules.View{}
	switch {
	case object != "": // api.chat.token.useQuery()
		return w.hook(w.procedure(v, object))
	case hook == "useSWR" && len(e.Parts) > 1:
		fn = v.Of(&e.Parts[1])
	case len(e.Parts) == 0:
		return nil
	case e.Parts[0].Kind == jsread.Object:
		for i, k := range e.Parts[0].Keys() {
			if k == "queryFn" || k == "mutationFn" {
				fn = v.Of(&e.Parts[0].Parts[i])
			}
			if k == "select" || k == "" {
				return nil
			}
		}
	case e.Parts[0].Kind == jsread.CallExpr: // trpc.chat.token.mutationOptions()
		on, name := modules.Receiver(e.Parts[0].Text)
		if name == "mutationOptions" || name == "queryOptions" {
			return w.hook(w.procedure(v, on))
		}
	}
	if fn.M == nil {
		return nil
	}
	var out []carried
	for _, x := range w.eval(fn) {
		if x.kind != carriedFunc || x.fn.M == nil {
			return nil
		}
		out = append(out, w.returns(x.fn, nil)...)
	}
	return w.hook(out)
}

// hook marks values as what a hook's data will be.
func (w *passage) hook(all []carried) []carried {
	for i := range all {
		x := &all[i]
		if (x.How == "" || x.How == "forgotten") && x.kind != carriedOther {
			inner := *x
			inner.prom = false
			*x = carried{kind: carriedQuery, inner: &inner, from: x.from}
		}
	}
	return all
}

func (w *passage) ofQuery(x carried, name string) []carried {
	in := *x.inner
	switch name {
	case "data":
		return []carried{in}
	case "mutateAsync", "mutate":
		return []carried{{kind: carriedFunc, inner: &in}}
	}
	return []carried{{}}
}

// procedure is what a procedure of the project gives, by its path: trpc.chat.token.
func (w *passage) procedure(v modules.View, path string) []carried {
	for _, e := range w.Entries {
		if e.Kind != facts.EntryTRPC || e.F.Fn == nil || !affix.HasSuffix("."+affix.ReplaceAll(path, "/", "."), "."+facts.LastName(affix.ReplaceAll(e.Path, "/", "."))) {
			continue
		}
		f := e.F
		out := w.returns(viewOf(&f), nil)
		for i := range out {
			out[i].prom, out[i].at = true, v
			if out[i].kind != carriedToken {
				out[i].Place = facts.Place{}
			}
		}
		return out
	}
	return nil
}
