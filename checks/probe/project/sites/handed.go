package sites

import (
	"path"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
	"badsig/checks/probe/project/servers"
	"badsig/checks/probe/project/values"
)

// Rules of this file:
//   - what a function is handed to decides whether a request runs it

// routeCall tells a call that makes routes of the functions it gets.
func routeCall(c *jsread.Call) bool {
	_, name := modules.Receiver(c.Callee)
	_, ok := servers.RouteMethods[name]
	return ok || name == "use" || name == "route" || name == "register"
}

// oneEntry is a way to the site that a call of a module makes.
//
//go:noinline
func oneEntry(p *picture.Reader, m *modules.Module, kind, method, path string, line int, style string) []picture.Entry {
	return []picture.Entry{{Entry: facts.Entry{Kind: kind, Method: method, Path: path, Place: facts.Place{File: m.Rel, Line: line}}, Style: style, ServerOf: serverOf(p, m)}}
}

// entryOfHandover tells whether a function is handed to something that runs it
// for a request.
func entryOfHandover(p *picture.Reader, r reaching, x picture.Handed) []picture.Entry {
	if x.Call == nil {
		return entryOfObject(p, x)
	}
	c, m := x.Call, x.Mod
	object, name := modules.Receiver(c.Callee)
	if len(x.Keys) > 0 && name != "route" {
		if es := entryOfObject(p, x); es != nil {
			return es
		}
	}
	method, isRoute := servers.RouteMethods[name]
	switch {
	case isRoute && object != "" && x.Arg > 0 && !servers.NotRouter(m, c, object) && len(x.Keys) == 0,
		isRoute && servers.ChainedRoute(c.On) != nil,
		isRoute && x.Arg > 0 && len(x.Keys) > 0 && x.Keys[len(x.Keys)-1] == "handler",
		name == "route" && len(x.Keys) > 0 && x.Keys[len(x.Keys)-1] == "handler":
		return routeEntries(p, x, method)
	case (name == "use" || name == "all") && x.Arg > 0 && len(x.Keys) == 0:
		if ps := servers.LiteralPaths(p, m, c.Scope, c.Args[0]); len(ps) > 0 && len(r.f.Fn.Params) < 3 {
			return oneEntry(p, m, facts.EntryHTTP, "ANY", ps[0], c.Line, "express")
		}
	case name == "use" && x.Arg == 0 && len(c.Args) == 1 && len(x.Keys) == 0 && !servers.NotRouter(m, c, object):
		if es := plainEntries(p, r, m, c); len(es) > 0 && es[0].Path != "" { // if (ctx.path === '/token')
			es[0].Style = handlerStyle(p, m)
			return es
		}
	case name == "onRequest" || name == "onCall", name == "handler" && affix.Contains(c.Callee, "https"):
		return []picture.Entry{firebaseEntry(p, x, name)}
	case m.MakesServerFunction(c) && (len(x.Keys) == 0 || x.Keys[len(x.Keys)-1] == "handler"):
		return oneEntry(p, m, facts.EntryAction, "", keyOfCall(p, m, c), c.Line, "callable")
	case name == "query" || name == "mutation":
		if c.On != nil && affix.Contains(strings.ToLower(rootOf(*c.On)), "procedure") || affix.Contains(strings.ToLower(object), "procedure") {
			return oneEntry(p, m, facts.EntryTRPC, strings.ToUpper(name), keyOfCall(p, m, c), c.Line, "trpc")
		}
	case c.Callee == "Bun.serve" && len(x.Keys) > 1 && (x.Keys[0] == "routes" || x.Keys[0] == "static"):
		e := picture.Entry{Entry: facts.Entry{Kind: facts.EntryHTTP, Method: "ANY", Path: x.Keys[1], Place: facts.Place{File: m.Rel, Line: max(c.Line, x.E.Line)}}, Style: "web", ServerOf: serverOf(p, m)}
		if len(x.Keys) > 2 {
			e.Method = strings.ToUpper(x.Keys[2])
		}
		return []picture.Entry{e}
	case name == "createServer" || c.Callee == "Deno.serve" || c.Callee == "Bun.serve" || name == "serve" || name == "addEventListener" && len(c.Args) > 0 && c.Args[0].Text == "fetch":
		if len(x.Keys) == 0 || x.Keys[len(x.Keys)-1] == "fetch" {
			return plainEntries(p, r, m, c)
		}
	case x.Arg > 0 && c.Args[0].Kind == jsread.Object && affix.HasPrefix(values.TextIn(p, modules.View{M: m, At: c.Scope, E: c.Args[0]}, "path"), "/") && len(x.Keys) == 0 && !routeCall(c):
		return []picture.Entry{{Entry: facts.Entry{Kind: facts.EntryHTTP, Method: strings.ToUpper(facts.First(values.TextIn(p, modules.View{M: m, At: c.Scope, E: c.Args[0]}, "method"), "ANY")), Path: values.TextIn(p, modules.View{M: m, At: c.Scope, E: c.Args[0]}, "path"), Place: facts.Place{File: m.Rel, Line: c.Line}, Known: facts.IsAssumed}, Style: "web", ServerOf: serverOf(p, m)}}
	case c.Callee == "Meteor.methods" && len(x.Keys) == 1:
		return oneEntry(p, m, facts.EntryCallable, "", x.Keys[0], max(c.Line, x.E.Line), "action")
	case c.Callee == "Parse.Cloud.define" && x.Arg == 1:
		return oneEntry(p, m, facts.EntryCallable, "", c.Args[0].Text, c.Line, "express")
	case (name == "action" || name == "query" || name == "mutation" || name == "httpAction") && object == "" && importsGenerated(m):
		return oneEntry(p, m, facts.EntryCallable, "", keyOfCall(p, m, c), c.Line, "graphql")
	case name == "on" && x.Arg > 0 && c.Args[0].Kind == jsread.Literal && c.Args[0].Text != "request" && affix.Contains(strings.ToLower(object), "socket"),
		name == "handle" && affix.HasPrefix(c.Callee, "ipcMain"):
		return oneEntry(p, m, facts.EntryCallable, "", c.Args[0].Text, c.Line, "callable")
	}
	return nil
}

// importsGenerated tells a module of Convex's functions.
func importsGenerated(m *modules.Module) bool {
	return affix.Any(m.Imports, func(i jsread.Import) bool { return affix.HasSuffix(i.From, "_generated/server") })
}

// rootOf is the beginning of a chain of calls, as written.
func rootOf(e jsread.Expr) string {
	text := e.Text
	for e.On() != nil {
		e = *e.On()
		text = e.Text + "." + text
		if len(text) > 400 {
			break
		}
	}
	return text
}

// routeEntries gives the entries of app.post('/x', handler), with the prefixes
// of the routers around it.
func routeEntries(p *picture.Reader, x picture.Handed, method string) []picture.Entry {
	c, m := x.Call, x.Mod
	var out []picture.Entry
	seen := map[string]bool{}
	for _, s := range p.Servers {
		for _, r := range s.Routes {
			if r.Mod == m && r.Line == c.Line && !seen[r.Method+r.Path] && (method == "" || r.Method == method || method == "ANY") {
				seen[r.Method+r.Path] = true
				out = append(out, picture.Entry{Entry: facts.Entry{Kind: facts.EntryHTTP, Method: r.Method, Path: r.Path, Place: facts.Place{File: m.Rel, Line: c.Line}}, ServerOf: s})
			}
		}
	}
	if len(out) == 0 && len(c.Args) > 0 {
		for _, text := range servers.LiteralPaths(p, m, c.Scope, c.Args[0]) {
			out = append(out, picture.Entry{Entry: facts.Entry{Kind: facts.EntryHTTP, Method: method, Path: text, Place: facts.Place{File: m.Rel, Line: c.Line}, Known: facts.IsAssumed}, ServerOf: serverOf(p, m)})
		}
	}
	for i := range out {
		out[i].Style = handlerStyle(p, m)
		for k, a := range c.Args {
			if k < x.Arg && k > 0 && (a.Kind == jsread.Ident || a.Kind == jsread.CallExpr || a.Kind == jsread.Func || a.Kind == jsread.Array || a.Kind == jsread.Object) ||
				k == x.Arg && a.Kind == jsread.Object {
				out[i].GuardsOf = append(out[i].GuardsOf, modules.View{M: m, At: c.Scope, E: a})
			}
		}
		for _, w := range x.In {
			out[i].GuardsOf = append(out[i].GuardsOf, modules.View{M: m, At: c.Scope, E: jsread.Expr{Kind: jsread.Ident, Text: w, Line: c.Line}})
		}
	}
	return out
}

// handlerStyle tells how handlers of a module get their request.
func handlerStyle(p *picture.Reader, m *modules.Module) string {
	for _, k := range []struct{ dep, style string }{{"koa", "koa"}, {"@koa/router", "koa"}, {"koa-router", "koa"}, {"hono", "koa"}, {"elysia", "koa"}, {"fastify", "express"}, {"express", "express"}} {
		for _, i := range m.Imports {
			if i.From == k.dep || affix.HasPrefix(i.From, k.dep+"/") {
				return k.style
			}
		}
	}
	if m.Pkg.Dep("koa", "hono", "elysia") && !m.Pkg.Dep("express", "fastify") {
		return "koa"
	}
	return "express"
}

func firebaseEntry(p *picture.Reader, x picture.Handed, name string) picture.Entry {
	e := picture.Entry{Entry: facts.Entry{Kind: facts.EntryCallable, Path: keyOfCall(p, x.Mod, x.Call), Place: facts.Place{File: x.Mod.Rel, Line: x.Call.Line}}, Style: "callable", ServerOf: serverOf(p, x.Mod)}
	if name == "onRequest" {
		e.Kind, e.Method, e.Style = facts.EntryHTTP, "ANY", "express"
		if app := servers.FirebaseApp(p, x.Mod.Pkg.Dir); app != "" {
			e.Path = path.Join("/", app, "us-central1", e.Path)
		} else {
			e.Path, e.Known = "/"+e.Path, facts.IsAssumed
		}
	}
	return e
}
