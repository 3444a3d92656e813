package project

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
)

// Rules of this file:
//   - what a function is handed to decides whether a request runs it

// routeCall tells a call that makes routes of the functions it is given.
func routeCall(c *jsread.Call) bool {
	_, name := modules.Receiver(c.Callee)
	_, ok := routeMethods[name]
	return ok || name == "use" || name == "route" || name == "register"
}

// entryOfHandover tells whether a function is handed to something that runs it
// for a request.
func (p *Reader) entryOfHandover(r reaching, x handed) []entry {
	if x.call == nil {
		return p.entryOfObject(x)
	}
	c, m := x.call, x.mod
	object, name := modules.Receiver(c.Callee)
	if len(x.keys) > 0 && name != "route" {
		if es := p.entryOfObject(x); es != nil {
			return es
		}
	}
	method, isRoute := routeMethods[name]
	switch {
	case isRoute && object != "" && x.arg > 0 && !notRouters[strings.ToLower(facts.LastName(object))] && len(x.keys) == 0,
		isRoute && c.On != nil && facts.LastName(c.On.Text) == "route",
		isRoute && x.arg > 0 && len(x.keys) > 0 && x.keys[len(x.keys)-1] == "handler",
		name == "route" && len(x.keys) > 0 && x.keys[len(x.keys)-1] == "handler":
		return p.routeEntries(x, method)
	case (name == "use" || name == "all") && x.arg > 0 && len(x.keys) == 0:
		if ps := p.literalPaths(m, c.Scope, c.Args[0]); len(ps) > 0 && len(r.f.Fn.Params) < 3 {
			return []entry{{Entry: facts.Entry{Kind: facts.EntryHTTP, Method: "ANY", Path: ps[0], Place: facts.Place{File: m.Rel, Line: c.Line}}, style: "express", server: p.serverOf(m)}}
		}
	case name == "onRequest" || name == "onCall", name == "handler" && strings.Contains(c.Callee, "https"):
		return []entry{p.firebaseEntry(x, name)}
	case name == "query" || name == "mutation":
		if c.On != nil && strings.Contains(strings.ToLower(rootOf(*c.On)), "procedure") || strings.Contains(strings.ToLower(object), "procedure") {
			return []entry{{Entry: facts.Entry{Kind: facts.EntryTRPC, Method: strings.ToUpper(name), Path: p.keyOfCall(m, c), Place: facts.Place{File: m.Rel, Line: c.Line}}, style: "trpc", server: p.serverOf(m)}}
		}
	case c.Callee == "Bun.serve" && len(x.keys) > 1 && (x.keys[0] == "routes" || x.keys[0] == "static"):
		e := entry{Entry: facts.Entry{Kind: facts.EntryHTTP, Method: "ANY", Path: x.keys[1], Place: facts.Place{File: m.Rel, Line: max(c.Line, x.e.Line)}}, style: "web", server: p.serverOf(m)}
		if len(x.keys) > 2 {
			e.Method = strings.ToUpper(x.keys[2])
		}
		return []entry{e}
	case name == "createServer" || c.Callee == "Deno.serve" || c.Callee == "Bun.serve" || name == "serve" || name == "addEventListener" && len(c.Args) > 0 && c.Args[0].Text == "fetch":
		if len(x.keys) == 0 || x.keys[len(x.keys)-1] == "fetch" {
			return p.plainEntries(r, m, c)
		}
	case x.arg > 0 && c.Args[0].Kind == jsread.Object && strings.HasPrefix(textIn(c.Args[0], "path"), "/") && len(x.keys) == 0 && !routeCall(c):
		return []entry{{Entry: facts.Entry{Kind: facts.EntryHTTP, Method: strings.ToUpper(cmp.Or(textIn(c.Args[0], "method"), "ANY")), Path: textIn(c.Args[0], "path"), Place: facts.Place{File: m.Rel, Line: c.Line}, Known: facts.IsAssumed}, style: "web", server: p.serverOf(m)}}
	case c.Callee == "Meteor.methods" && len(x.keys) == 1:
		return []entry{{Entry: facts.Entry{Kind: facts.EntryCallable, Path: x.keys[0], Place: facts.Place{File: m.Rel, Line: max(c.Line, x.e.Line)}}, style: "action", server: p.serverOf(m)}}
	case c.Callee == "Parse.Cloud.define" && x.arg == 1:
		return []entry{{Entry: facts.Entry{Kind: facts.EntryCallable, Path: c.Args[0].Text, Place: facts.Place{File: m.Rel, Line: c.Line}}, style: "express", server: p.serverOf(m)}}
	case (name == "action" || name == "query" || name == "mutation" || name == "httpAction") && object == "" && importsGenerated(m):
		return []entry{{Entry: facts.Entry{Kind: facts.EntryCallable, Path: p.keyOfCall(m, c), Place: facts.Place{File: m.Rel, Line: c.Line}}, style: "graphql", server: p.serverOf(m)}}
	case name == "on" && x.arg > 0 && c.Args[0].Kind == jsread.Literal && c.Args[0].Text != "request" && strings.Contains(strings.ToLower(object), "socket"),
		name == "handle" && strings.HasPrefix(c.Callee, "ipcMain"):
		return []entry{{Entry: facts.Entry{Kind: facts.EntryCallable, Path: c.Args[0].Text, Place: facts.Place{File: m.Rel, Line: c.Line}}, style: "callable", server: p.serverOf(m)}}
	}
	return nil
}

// importsGenerated tells a module of Convex's functions.
func importsGenerated(m *modules.Module) bool {
	return slices.ContainsFunc(m.Imports, func(i jsread.Import) bool { return strings.HasSuffix(i.From, "_generated/server") })
}

// rootOf is the beginning of a chain of calls, as written.
func rootOf(e jsread.Expr) string {
	text := e.Text
	for e.On != nil {
		e = *e.On
		text = e.Text + "." + text
		if len(text) > 400 {
			break
		}
	}
	return text
}

// routeEntries gives the entries of app.post('/x', handler), with the prefixes
// of the routers around it.
func (p *Reader) routeEntries(x handed, method string) []entry {
	c, m := x.call, x.mod
	var out []entry
	seen := map[string]bool{}
	for _, s := range p.servers {
		for _, r := range s.routes {
			if r.mod == m && r.Line == c.Line && !seen[r.Method+r.Path] {
				seen[r.Method+r.Path] = true
				out = append(out, entry{Entry: facts.Entry{Kind: facts.EntryHTTP, Method: r.Method, Path: r.Path, Place: facts.Place{File: m.Rel, Line: c.Line}}, server: s})
			}
		}
	}
	if len(out) == 0 && len(c.Args) > 0 {
		for _, text := range p.literalPaths(m, c.Scope, c.Args[0]) {
			out = append(out, entry{Entry: facts.Entry{Kind: facts.EntryHTTP, Method: method, Path: text, Place: facts.Place{File: m.Rel, Line: c.Line}, Known: facts.IsAssumed}, server: p.serverOf(m)})
		}
	}
	for i := range out {
		out[i].style = p.handlerStyle(m)
		for k, a := range c.Args {
			if k < x.arg && k > 0 && (a.Kind == jsread.Ident || a.Kind == jsread.CallExpr || a.Kind == jsread.Func || a.Kind == jsread.Array || a.Kind == jsread.Object) ||
				k == x.arg && a.Kind == jsread.Object {
				out[i].guards = append(out[i].guards, modules.Held{Mod: m, At: c.Scope, E: a})
			}
		}
		for _, w := range x.in {
			out[i].guards = append(out[i].guards, modules.Held{Mod: m, At: c.Scope, E: jsread.Expr{Kind: jsread.Ident, Text: w, Line: c.Line}})
		}
	}
	return out
}

// handlerStyle tells how handlers of a module get their request.
func (p *Reader) handlerStyle(m *modules.Module) string {
	for _, k := range []struct{ dep, style string }{{"koa", "koa"}, {"@koa/router", "koa"}, {"koa-router", "koa"}, {"hono", "koa"}, {"elysia", "koa"}, {"fastify", "express"}, {"express", "express"}} {
		for _, i := range m.Imports {
			if i.From == k.dep || strings.HasPrefix(i.From, k.dep+"/") {
				return k.style
			}
		}
	}
	if m.Pkg.Dep("koa", "hono", "elysia") && !m.Pkg.Dep("express", "fastify") {
		return "koa"
	}
	return "express"
}

func (p *Reader) firebaseEntry(x handed, name string) entry {
	e := entry{Entry: facts.Entry{Kind: facts.EntryCallable, Path: p.keyOfCall(x.mod, x.call), Place: facts.Place{File: x.mod.Rel, Line: x.call.Line}}, style: "callable", server: p.serverOf(x.mod)}
	if name == "onRequest" {
		e.Kind, e.Method, e.style = facts.EntryHTTP, "ANY", "express"
		if app := p.firebaseApp(x.mod.Pkg.Dir); app != "" {
			e.Path = path.Join("/", app, "us-central1", e.Path)
		} else {
			e.Path, e.Known = "/"+e.Path, facts.IsAssumed
		}
	}
	return e
}
