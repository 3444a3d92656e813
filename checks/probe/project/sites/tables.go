package sites

import (
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/names"
	"badsig/checks/probe/project/picture"
	"badsig/checks/probe/project/servers"
	"badsig/checks/probe/project/values"
)

// Rules of this file:
//   - a table names the functions that requests run: resolvers, routers, rows of routes

// entryOfObject reads tables of handlers: resolvers of GraphQL, routers of
// tRPC, the fetch of a worker.
func entryOfObject(p *picture.Reader, x picture.Handed) []picture.Entry {
	if len(x.Keys) == 0 {
		return nil
	}
	last := x.Keys[len(x.Keys)-1]
	at := facts.Place{File: x.Mod.Rel, Line: max(1, x.E.Line)}
	if e, ok := tableRow(p, x, last); ok {
		return []picture.Entry{e}
	}
	if e, ok := keyedRoute(p, x, at); ok {
		return []picture.Entry{e}
	}
	switch {
	case facts.OneOf(x.Keys, "callbacks") && (last == "jwt" || last == "session" || last == "signIn"): // NextAuth
		return []picture.Entry{{Entry: facts.Entry{Kind: facts.EntryLogin, Path: "", Place: at}, Style: "callback", ServerOf: serverOf(p, x.Mod)}}
	case facts.OneOf(x.Keys, "Query") || facts.OneOf(x.Keys, "Mutation"):
		if i := max(slices.Index(x.Keys, "Query"), slices.Index(x.Keys, "Mutation")); i+1 < len(x.Keys) {
			return []picture.Entry{{Entry: facts.Entry{Kind: facts.EntryGraphQL, Method: strings.ToUpper(x.Keys[i]), Path: x.Keys[i+1], Place: at}, Style: "graphql", ServerOf: serverOf(p, x.Mod)}}
		}
	case x.Name == "export default" && last == "fetch" && len(x.Keys) == 1:
		return plainEntries(p, reaching{f: mustFunction(p, x)}, x.Mod, nil)
	case x.Name == "export actions", x.Name == "actions" && affix.Contains(affix.Base(x.Mod.Rel), "+page.server"):
		if s := serverOf(p, x.Mod); s != nil && s.Frame == "sveltekit" {
			return []picture.Entry{{Entry: facts.Entry{Kind: facts.EntryAction, Path: last, Place: at}, Style: "web", ServerOf: s}}
		}
	}
	return nil
}

// keyedRoute reads a table that is looked up by the request: { 'POST /token': handler }, { '/token': { POST: handler } }.
func keyedRoute(p *picture.Reader, x picture.Handed, at facts.Place) (picture.Entry, bool) {
	last := x.Keys[len(x.Keys)-1]
	method, route, ok := affix.Cut(last, " ")
	if n := len(x.Keys); !ok && n > 1 {
		method, route = last, x.Keys[n-2]
	}
	if x.Call != nil || !affix.HasPrefix(route, "/") || servers.RouteMethods[strings.ToLower(method)] == "" {
		return picture.Entry{}, false
	}
	return picture.Entry{Entry: facts.Entry{Kind: facts.EntryHTTP, Method: strings.ToUpper(method), Path: route, Place: at}, Style: handlerStyle(p, x.Mod), ServerOf: serverOf(p, x.Mod)}, true
}

// handlerKeys are fields of a table's row that hold the function.
var handlerKeys = names.Words("handler", "handle", "callback", "func", "fn", "controller", "action", "execute", "resolve")

// tableRow reads a row of a table of routes: { method: 'post', path: '/x', handler }.
func tableRow(p *picture.Reader, x picture.Handed, last string) (picture.Entry, bool) {
	route := ""
	for _, k := range []string{"path", "url", "route", "endpoint", "uri"} {
		if t := values.TextIn(p, modules.View{M: x.Mod, At: x.At, E: x.Row}, k); affix.HasPrefix(t, "/") {
			route = t
			break
		}
	}
	if route == "" || !handlerKeys[last] {
		return picture.Entry{}, false
	}
	method := strings.ToUpper(values.TextIn(p, modules.View{M: x.Mod, At: x.At, E: x.Row}, "method"))
	if method == "" {
		method = "ANY"
	}
	return picture.Entry{Entry: facts.Entry{Kind: facts.EntryHTTP, Method: method, Path: route, Place: facts.Place{File: x.Mod.Rel, Line: max(1, x.Row.Line)}, Known: facts.IsAssumed}, Style: handlerStyle(p, x.Mod), ServerOf: serverOf(p, x.Mod)}, true
}

func mustFunction(p *picture.Reader, x picture.Handed) modules.FnRef {
	defer p.Ask()()
	f, _ := p.FunctionIn(modules.View{M: x.Mod, At: x.At, E: x.E}, 8)
	return f
}

// keyOfCall is the name under which a router keeps what a call makes.
func keyOfCall(p *picture.Reader, m *modules.Module, c *jsread.Call) string {
	name := ""
	var walk func(prefix string, e jsread.Expr, depth int)
	walk = func(prefix string, e jsread.Expr, depth int) {
		if depth == 0 || name != "" {
			return
		}
		for i, x := range e.Parts {
			key := prefix
			if i < len(e.Keys()) && e.Keys()[i] != "" {
				key = e.Keys()[i]
			}
			if x.Kind == jsread.CallExpr && x.Line == c.Line && facts.LastName(x.Text) == facts.LastName(c.Callee) {
				name = key
				return
			}
			walk(key, x, depth-1)
		}
	}
	for n, e := range m.Consts {
		if e.Kind == jsread.CallExpr && e.Line == c.Line && facts.LastName(e.Text) == facts.LastName(c.Callee) {
			return n
		}
		walk(n, e, 6)
	}
	for n, e := range m.Exports {
		if e.Kind == jsread.CallExpr && e.Line == c.Line && facts.LastName(e.Text) == facts.LastName(c.Callee) {
			return n
		}
		walk("", e, 6)
	}
	if f := m.Around(c.Scope); name == "" && f != nil {
		return f.Name
	}
	return name
}
