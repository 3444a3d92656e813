package fronts

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
)

// This file tells requests for Stream's token from others, and reads those that a library builds.

// forToken tells a request whose response may hold Stream's token: its path says
// so, or the code that makes it and the code that uses it do.
func forToken(p *picture.Reader, x *facts.Fetch, at modules.CallAt, r request) bool {
	if FetchScore(*x) > 0 || connectsBeside(at) {
		return true
	}
	if affix.Any(p.Entries, func(e *picture.Entry) bool {
		return e.Path != "" && e.Kind == facts.EntryHTTP && fitsHoles(e.Path, facts.PathOf(x.URL)) && (e.Method == x.Method || e.Method == "ANY")
	}) {
		return true // what makes tokens handles it
	}
	says := func(s string) bool { return affix.Contains(strings.ToLower(s), "token") }
	if !says(at.Call.Func) && !says(x.Takes) && !says(r.call.Func) && !says(facts.PathOf(x.URL)) {
		return false
	}
	if at.Mod.Streamish() || r.m.Streamish() {
		return true
	}
	return affix.Any(p.ReadOrder, func(m *modules.Module) bool { return m.Streamish() && modules.Imports(p.Graph, m, at.Mod) })
}

// connectsBeside tells a request of the function that connects to Stream, too.
func connectsBeside(at modules.CallAt) bool {
	f := at.Mod.Around(at.Call.Scope)
	if f == nil {
		return false
	}
	for i := range at.Mod.Calls {
		c := &at.Mod.Calls[i]
		switch facts.LastName(c.Callee) {
		case "connectUser", "setUser", "StreamVideoClient", "StreamFeedsClient", "useCreateChatClient":
			if jsread.Inside(&at.Mod.Module, c.Scope, f.Own) || jsread.Inside(&at.Mod.Module, at.Call.Scope, c.Scope) && c.Scope > 0 {
				return true
			}
		}
	}
	return false
}

// requestsInside tells a function without a name that requests something, or
// calls a function of the project's that does.
func requestsInside(p *picture.Reader, m *modules.Module, e jsread.Expr) bool {
	for _, list := range [][]jsread.Call{m.Calls, m.Others} {
		for i := range list {
			c := &list[i]
			if e.Fn == 0 || !jsread.Inside(&m.Module, c.Scope, e.Fn) {
				continue
			}
			if t, fn := modules.FunctionOf(p.Graph, m, c.Scope, c.Callee); t != nil && makesRequest(p, t, fn) || facts.LastName(c.Callee) == "fetch" {
				return true
			}
		}
	}
	return false
}

// makesRequest tells a function that requests something itself.
func makesRequest(p *picture.Reader, m *modules.Module, fn string) bool {
	return affix.Any(m.Calls, func(c jsread.Call) bool {
		if c.Func != fn {
			return false
		}
		switch _, name := modules.Receiver(c.Callee); name {
		case "fetch", "$fetch", "ofetch", "axios", "ky", "request", "get", "post", "put":
			return true
		}
		return false
	})
}

// builtRequests reads RTK Query's endpoints: b.query({ query: (id) => '/token' }).
func builtRequests(p *picture.Reader, f *picture.Front, m *modules.Module) {
	for i := range m.Calls {
		c := &m.Calls[i]
		name := facts.LastName(c.Callee)
		if name != "createApi" && name != "injectEndpoints" {
			continue
		}
		cl := clientOf(p, f, m, c.Scope, "createApi()")
		if object, _ := modules.Receiver(c.Callee); name == "injectEndpoints" {
			cl = clientOf(p, f, m, c.Scope, object)
		}
		for _, ret := range m.Returns {
			if ret.Func != "query" {
				continue
			}
			v := modules.View{M: m, At: ret.Scope, E: ret.Expr}
			at := &jsread.Call{Callee: "query", Line: ret.Line, Scope: ret.Scope}
			r := request{method: "GET", target: v, client: cl, call: at, m: m}
			if o := modules.Settle(p.Graph, v); o.E.Kind == jsread.Object {
				r.options, r.target = o, modules.View{M: m}
				for j, k := range o.E.Keys() {
					if k == "url" {
						r.target = o.Of(&o.E.Parts[j])
					}
				}
			}
			requested(p, f, r, modules.CallAt{Mod: m, Call: at}, 0)
		}
		return
	}
}

// argument is what a call hands over. It isn't compiled into its callers.
//
//go:noinline
func argument(m *modules.Module, c *jsread.Call, i int) modules.View {
	if i < len(c.Args) {
		return modules.View{M: m, At: c.Scope, E: c.Args[i]}
	}
	return modules.View{M: m}
}

// InjectsHTTP reports a field that a class of Angular has its HttpClient in: constructor(private api: HttpClient), inject(HttpClient).
func InjectsHTTP(m *modules.Module, object string) (is bool) {
	name, own := affix.CutPrefix(object, "this.")
	if !own || !modules.ImportsFrom(m, "HttpClient", "@angular/common/http") {
		return false
	}
	jsread.Functions(&m.Module, func(f *jsread.Function) bool {
		for _, x := range f.Params {
			_, has := x.Names[name]
			is = is || has && x.Type == "HttpClient" && f.Name == "constructor"
		}
		x, _ := m.Resolve(f.Own, object)
		is = is || f.Class && x.Text == "inject" && len(x.Parts) == 1 && x.Parts[0].Text == "HttpClient"
		return true
	})
	return is
}
