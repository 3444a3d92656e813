package project

import (
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/fronts"
	"badsig/checks/probe/project/picture"
)

// Rules of this file, about the calls on a token's way on the page:
//   - a request gives a promise of a response, the response a promise of its document; so does a function on the server
//   - a function of the project gives what it returns; every return counts

// call is what a call gives.
func (w *passage) call(v modules.View) []carried {
	e := v.E
	object, name := modules.Receiver(e.Text)
	here := func(kind carriedKind) []carried {
		return []carried{{kind: kind, prom: true, at: v, from: []facts.Place{v.Place()}}}
	}
	arg := func(i int) modules.View { return v.Of(&e.Parts[i]) }
	switch {
	case w.signs(v.M, e.Text, e.Line):
		return []carried{{kind: carriedToken}}
	case name == "devToken" && len(e.Parts) == 1:
		return []carried{{kind: carriedToken, Passed: facts.Passed{How: "dev", Place: v.Place()}}}
	case keepsCall[name] && len(e.Parts) > 0 && e.Parts[0].Kind == jsread.Func:
		return []carried{{kind: carriedFunc, fn: arg(0)}}
	case name == "bind" && object != "" && e.On() == nil:
		return w.eval(receiverOf(v.M, v.At, e.Text, nil, e.Line))
	case e.Text == "Promise.resolve" && len(e.Parts) == 1:
		return w.eval(arg(0))
	case len(e.Parts) > 0 && (e.Text == "fetch" || e.Text == "window.fetch"):
		if t, _ := modules.FunctionOf(w.Graph, v.M, v.At, e.Text); t == nil {
			return here(carriedReply)
		}
	case len(e.Parts) > 0 && (e.Text == "$fetch" || e.Text == "ofetch" || object == "" && w.client(v, name) == "ofetch"):
		return here(carriedDoc)
	case len(e.Parts) > 0 && (asksFor[name] || name == "ky") && w.client(v, modules.FirstOf(object, name)) == "ky":
		return []carried{{kind: carriedReply, at: v, from: []facts.Place{v.Place()}}} // its promise has json(), too
	case len(e.Parts) > 0 && asksFor[name] && modules.ImportsFrom(v.M, object, "superagent"):
		all := here(carriedClient)
		all[0].body = "body"
		return all
	case agentsCall[name] && e.On() != nil && e.On().Kind == jsread.CallExpr:
		if all := w.eval(v.Of(e.On())); len(all) == 1 && all[0].body != "" {
			return all
		}
	case len(e.Parts) > 0 && name == "invoke" && affix.HasSuffix(object, ".functions"):
		return here(carriedClient)
	case len(e.Parts) > 0 && asksFor[name] && w.axios(v, modules.FirstOf(object, name)):
		return here(carriedClient)
	case len(e.Parts) > 0 && asksFor[name] && plainRequest(w, v, object, name):
		inner := here(carriedDoc)[0]
		inner.prom = false
		return []carried{{kind: carriedStream, inner: &inner, from: inner.from}}
	case storedBy[name] && len(e.Parts) == 1 && (object != "" || name == "getCookie") && e.On() == nil:
		if out := w.stored(v); out != nil {
			return out
		}
	case (name == "json" || name == "text") && len(e.Parts) == 0:
		all := w.eval(receiverOf(v.M, v.At, e.Text, e.On(), e.Line))
		for i := range all {
			x := &all[i]
			switch {
			case x.kind != carriedReply || x.How != "":
				*x = carried{}
			case x.prom:
				*x = x.lost(w)
				x.kind = carriedDoc
			default:
				x.kind, x.prom, x.at = map[bool]carriedKind{true: carriedDoc, false: carriedText}[name == "json"], true, v
			}
		}
		return all
	case name == "then" && len(e.Parts) == 1 && e.Parts[0].Kind == jsread.Func:
		return w.returns(arg(0), &v)
	case name == "catch" || name == "finally":
		return w.eval(receiverOf(v.M, v.At, e.Text, e.On(), e.Line))
	case name == "useQuery" || name == "useSuspenseQuery" || name == "useMutation" || name == "useSWR":
		if out := w.query(v, object, name); out != nil {
			return out
		}
	case e.Text == "useLoaderData":
		if out := w.loader(v.M, "loader", true); out != nil {
			return out
		}
	case e.On() == nil && object == "" && len(e.Parts) > 0 && (name == "useContext" || name == "use"):
		return w.context(v)
	case name == "useMemo" && len(e.Parts) > 0 && e.Parts[0].Kind == jsread.Func:
		return w.returns(arg(0), nil)
	case name == "useSelector" && len(e.Parts) > 0, name == "useAppSelector" && len(e.Parts) > 0:
		return w.selected(v)
	case name == "rejectWithValue":
		return []carried{{kind: carriedNone}}
	case affix.HasPrefix(name, "dispatch") && len(e.Parts) == 1 || name == "unwrap" && len(e.Parts) == 0:
		return w.dispatched(v, name)
	case name == "call" && object == "" && len(e.Parts) > 0 && modules.ImportsFrom(v.M, name, "redux-saga"):
		return w.yielded(v)
	case affix.HasPrefix(name, "use") && object == "":
		if all := w.endpoint(v, ""); all != nil {
			return all
		}
		fallthrough
	case name == "getState" && len(e.Parts) == 0 && e.On() == nil:
		if all := w.store(v); all != nil {
			return all
		}
	case (name == "query" || name == "mutate") && e.On() == nil:
		if out := w.procedure(v, object); out != nil {
			return out
		}
	}
	if all := stream(w, v, name); all != nil {
		return all
	}
	if f, ok := w.CalledFunction(v.M, v.At, e, 12); ok {
		out := w.returns(viewOf(&f), nil)
		remote := f.Fn.Directive == "use server" || facts.OneOf(f.Mod.Directives, "use server") && v.M != f.Mod
		for i := range out {
			x := &out[i]
			x.from = append(slices.Clip(x.from), v.Place())
			if f.Fn.Async || remote {
				x.prom = true
			}
			if x.prom {
				x.at = v
			}
		}
		return out
	}
	if object == "" && e.On() == nil { // mutateAsync()
		all := w.eval(receiverOf(v.M, v.At, e.Text+"."+name, nil, e.Line))
		for _, x := range all {
			if x.kind != carriedFunc || len(all) > 1 {
				return []carried{{}}
			}
			all = w.gives(x)
			for i := range all {
				all[i].prom, all[i].at = true, v
			}
		}
		return all
	}
	return []carried{{}}
}

// signs tells a signing call.
func (w *passage) signs(m *modules.Module, callee string, line int) bool {
	return affix.Any(w.Sites, func(s *picture.Site) bool {
		return s.Mod == m && s.Call.Callee == affix.TrimPrefix(callee, "new ") && s.Call.Line == line
	})
}

// axios tells a client whose calls give { data }, where nothing unpacks its responses.
func (w *passage) axios(v modules.View, object string) bool {
	if fronts.Intercepted(w.Reader) {
		return false
	}
	if object == "axios" || modules.ImportsFrom(v.M, object, "axios") {
		return true
	}
	s := modules.Settle(w.Graph, v.Of(&jsread.Expr{Kind: jsread.Ident, Text: object, Line: v.E.Line}))
	return s.E.Kind == jsread.CallExpr && (strings.EqualFold(s.E.Text, "axios.create") || strings.EqualFold(s.E.Text, "new axios"))
}

// members follows a path into values.
func (w *passage) members(all []carried, path string, v modules.View) []carried {
	for path != "" {
		name, rest, _ := affix.Cut(path, ".")
		var next []carried
		for _, x := range all {
			next = append(next, w.member(x, name, v)...)
		}
		if x, ok := w.absent(all, next, name, v); ok {
			next = []carried{x}
		}
		all, path = next, rest
	}
	return all
}

func (w *passage) member(x carried, name string, v modules.View) []carried {
	switch {
	case x.kind == carriedNone || x.kind == carriedOther:
		return []carried{x}
	case x.prom && x.How == "":
		x = x.lost(w)
		if x.kind == carriedDoc || x.kind == carriedObject || x.kind == carriedClient {
			x.kind, x.path = carriedDoc, name
			return []carried{x}
		}
	case x.How == "promise":
		return []carried{x}
	case x.How != "":
	case x.kind == carriedDoc:
		x.path, x.took = affix.TrimPrefix(x.path+"."+name, "."), v.Place()
		return []carried{x}
	case x.kind == carriedClient && name == modules.FirstOf(x.body, "data"):
		x.kind = carriedDoc
		return []carried{x}
	case (x.kind == carriedClient || x.kind == carriedReply) && affix.HasSuffix(strings.ToLower(name), "token"):
		x.How, x.As, x.Place, x.Of = "unread", name, v.Place(), map[bool]string{true: "axios", false: "fetch"}[x.kind == carriedClient]
		if x.kind = carriedDoc; x.took.Line > 0 && x.Of == "fetch" { // what handed the response on is to read it
			x.Place = x.took
		}
		return []carried{x}
	case x.kind == carriedText && x.As == "" && affix.HasSuffix(strings.ToLower(name), "token"):
		x.How, x.As, x.Place, x.Of = "unread", name, x.at.Place(), "text"
		x.kind = carriedDoc
		return []carried{x}
	case x.kind == carriedQuery:
		return w.ofQuery(x, name)
	case x.kind == carriedAction && (name == "payload" || name == "data"):
		return []carried{*x.inner}
	case x.kind == carriedSlice:
		return w.sliced(name)
	case x.kind == carriedObject:
		for i, k := range slices.Backward(x.fn.E.Keys()) {
			if k == "[]" {
				return []carried{{}}
			}
			if k == name {
				part := x.fn.Of(&x.fn.E.Parts[i])
				all := w.eval(part)
				putUnder(all, name, part.Place())
				for n := range all {
					all[n].put = x.put + all[n].put
				}
				return all
			}
			if k != "" {
				continue
			}
			all := w.members(w.eval(x.fn.Of(&x.fn.E.Parts[i])), name, v)
			if !affix.Any(all, func(y carried) bool { return y.kind != carriedNone }) {
				continue
			}
			return all
		}
		return []carried{{kind: carriedNone}}
	}
	return []carried{{}}
}
