package project

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/names"
)

// Rules of this file:
//   - the way outwards goes from a function to what calls it and to what it is handed to, until a request, a user or a
//     program's start runs it
//   - a framework's file or name makes an entry of a function only where the framework is the package's own
//   - where no way leads outwards, the site is known and nothing is said to run it

// entry is a way to a site, while it is being read.
type entry struct {
	facts.Entry
	f      modules.FnRef
	server *server
	style  string         // how the handler gets its request: express, koa, web, event, nest, trpc, graphql, callable, action
	guards []modules.Held // middlewares that run before the handler
}

// reaching is a function on the way outwards, with what is known of the user there.
type reaching struct {
	f    modules.FnRef
	user origin
	via  []modules.FnRef // the functions between the site and f, f's own callee first
	at   int             // where f goes on towards the site, among its file's tokens
}

const maxReach = 400 // functions that are looked at for one site

// findEntries follows a site outwards.
func (p *Reader) findEntries(s *site) {
	user := origin{user: facts.User{Known: facts.IsAssumed}}
	if s.user.Kind != "" {
		end := p.Ask()
		user = p.originOf(s.mod, s.call.Scope, s.user, 24)
		end()
	}
	seen := map[fnKey]bool{}
	fact := &p.facts.Sites[s.fact]
	if user.fn == nil && user.user.From != "" {
		fact.User = user.user
	}
	f := s.mod.Around(s.call.Scope)
	if f == nil {
		p.topLevel(s, s.mod, user)
		return
	}
	queue := []reaching{{f: modules.FnRef{Mod: s.mod, Fn: f}, user: user, at: s.call.At}}
	hands := p.handing()
	for n := 0; n < len(queue) && n < maxReach && hands.reached < 10*maxReach && !p.Over(); n++ {
		hands.reached++
		r := queue[n]
		if k := (fnKey{r.f.Mod, r.f.Fn.Own}); seen[k] {
			continue
		} else {
			seen[k] = true
		}
		entries := p.entriesAt(r)
		for _, e := range entries {
			p.addEntry(s, e, r)
		}
		if len(entries) > 0 {
			continue
		}
		queue = append(queue, p.outwards(s, r)...)
	}
}

// outwards lists the functions that run a function.
func (p *Reader) outwards(s *site, r reaching) []reaching {
	var out []reaching
	push := func(m *modules.Module, scope jsread.Scope, at int, user origin) {
		if f := m.Around(scope); f != nil {
			out = append(out, reaching{f: modules.FnRef{Mod: m, Fn: f}, user: user, via: append([]modules.FnRef{r.f}, r.via...), at: at})
			return
		}
		p.topLevel(s, m, user)
	}
	for _, c := range p.callersOf(r.f) {
		user := r.user
		if user.fn == r.f.Fn {
			end := p.Ask()
			switch {
			case user.index >= len(c.Call.Args):
				user = origin{user: facts.User{Known: facts.IsAssumed, Place: facts.Place{File: c.Mod.Rel, Line: c.Call.Line}}}
			default:
				user = p.memberOrValue(c.Mod, c.Call.Scope, c.Call.Args[user.index], user.member, c.Call.Line, 24)
			}
			end()
		}
		push(c.Mod, c.Call.Scope, c.Call.At, user)
	}
	for _, x := range p.handedOver(r.f) { // a callback, a wrapper's argument
		if x.call != nil && !routeCall(x.call) {
			push(x.mod, x.call.Scope, x.call.At, r.user)
		}
	}
	if len(out) == 0 || r.f.Fn.Name == "" {
		if g := r.f.Mod.Around(r.f.Fn.In); g != nil { // a function within a function
			out = append(out, reaching{f: modules.FnRef{Mod: r.f.Mod, Fn: g}, user: r.user, via: append([]modules.FnRef{r.f}, r.via...), at: r.at})
		}
	}
	return out
}

// topLevel notes a site that runs when a module is loaded: a script.
func (p *Reader) topLevel(s *site, m *modules.Module, user origin) {
	for i := range p.starts {
		st := &p.starts[i]
		if st.entry != m.Rel || m.Listens() {
			continue
		}
		e := entry{f: modules.FnRef{Mod: m}, Entry: facts.Entry{Kind: facts.EntryScript, Path: st.script, Place: facts.Place{File: m.Rel, Line: max(1, s.call.Line)}, Known: facts.IsRead}}
		if m != s.mod {
			e.Place.Line = 1
		}
		p.addEntry(s, e, reaching{f: modules.FnRef{Mod: m}, user: user})
		return
	}
}

// entriesAt tells whether something from outside runs a function.
func (p *Reader) entriesAt(r reaching) []entry {
	var out []entry
	add := func(e entry) {
		for _, x := range out {
			if x.Kind == e.Kind && x.Path == e.Path && x.Method == e.Method {
				return
			}
		}
		e.f = r.f
		if e.server == nil {
			e.server = p.serverOf(r.f.Mod)
		}
		if e.Place.File == "" {
			e.Place = facts.Place{File: r.f.Mod.Rel, Line: r.f.Fn.Line}
		}
		if e.Known == "" {
			e.Known = facts.IsRead
		}
		out = append(out, e)
	}
	for _, x := range p.handedOver(r.f) {
		for _, e := range p.entryOfHandover(r, x) {
			add(e)
		}
	}
	for _, e := range p.decorated(r.f) {
		add(e)
	}
	for name, x := range r.f.Mod.Exports {
		end := p.Ask()
		g, ok := p.FunctionIn(modules.Held{Mod: r.f.Mod, At: 0, E: x}, 8)
		end()
		if !ok || g.Fn != r.f.Fn {
			continue
		}
		for _, e := range p.entryOfExport(r.f, name, x) {
			if e.Method == "ANY" {
				e.Method = methodAsked(r, e.Method)
			}
			for on := x; on.Kind == jsread.CallExpr; { // withAuth(handler)
				e.guards = append(e.guards, modules.Held{Mod: r.f.Mod, At: 0, E: jsread.Expr{Kind: jsread.Ident, Text: on.Text, Line: on.Line}})
				next := slices.IndexFunc(on.Parts, func(y jsread.Expr) bool { return y.Kind == jsread.CallExpr })
				if next < 0 {
					break
				}
				on = on.Parts[next]
			}
			add(e)
		}
	}
	if r.f.Fn.Directive == "use server" {
		add(entry{Entry: facts.Entry{Kind: facts.EntryAction, Path: r.f.Fn.Name}, style: "action"})
	}
	slices.SortStableFunc(out, func(a, b entry) int { return strings.Compare(a.Path+a.Method, b.Path+b.Method) })
	return out
}

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

// serverOf gives the program that runs a module, nil for none.
func (p *Reader) serverOf(m *modules.Module) *server {
	for _, s := range p.servers {
		if slices.Contains(s.mods, m) {
			return s
		}
	}
	for _, s := range p.servers { // a page that the framework renders on its server
		if s.frame != "" && s.pkg == m.Pkg && s.frame == m.Pkg.Framework {
			return s
		}
	}
	return nil
}

// entryOfObject reads tables of handlers: resolvers of GraphQL, routers of
// tRPC, the fetch of a worker.
func (p *Reader) entryOfObject(x handed) []entry {
	if len(x.keys) == 0 {
		return nil
	}
	last := x.keys[len(x.keys)-1]
	at := facts.Place{File: x.mod.Rel, Line: max(1, x.e.Line)}
	if e, ok := p.tableRow(x, last); ok {
		return []entry{e}
	}
	switch {
	case slices.Contains(x.keys, "callbacks") && (last == "jwt" || last == "session" || last == "signIn"): // NextAuth
		return []entry{{Entry: facts.Entry{Kind: facts.EntryLogin, Path: "", Place: at}, style: "callback", server: p.serverOf(x.mod)}}
	case slices.Contains(x.keys, "Query") || slices.Contains(x.keys, "Mutation"):
		if i := max(slices.Index(x.keys, "Query"), slices.Index(x.keys, "Mutation")); i+1 < len(x.keys) {
			return []entry{{Entry: facts.Entry{Kind: facts.EntryGraphQL, Method: strings.ToUpper(x.keys[i]), Path: x.keys[i+1], Place: at}, style: "graphql", server: p.serverOf(x.mod)}}
		}
	case x.name == "export default" && last == "fetch" && len(x.keys) == 1:
		return p.plainEntries(reaching{f: p.mustFunction(x)}, x.mod, nil)
	case x.name == "export actions", x.name == "actions" && strings.Contains(path.Base(x.mod.Rel), "+page.server"):
		if s := p.serverOf(x.mod); s != nil && s.frame == "sveltekit" {
			return []entry{{Entry: facts.Entry{Kind: facts.EntryAction, Path: last, Place: at}, style: "web", server: s}}
		}
	}
	return nil
}

// handlerKeys are fields of a table's row that hold the function.
var handlerKeys = names.Words("handler", "handle", "callback", "func", "fn", "controller", "action", "execute", "resolve")

// tableRow reads a row of a table of routes: { method: 'post', path: '/x', handler }.
func (p *Reader) tableRow(x handed, last string) (entry, bool) {
	route := ""
	for _, k := range []string{"path", "url", "route", "endpoint", "uri"} {
		if t := textIn(x.row, k); strings.HasPrefix(t, "/") {
			route = t
			break
		}
	}
	if route == "" || !handlerKeys[last] {
		return entry{}, false
	}
	method := strings.ToUpper(textIn(x.row, "method"))
	if method == "" {
		method = "ANY"
	}
	return entry{Entry: facts.Entry{Kind: facts.EntryHTTP, Method: method, Path: route, Place: facts.Place{File: x.mod.Rel, Line: max(1, x.row.Line)}, Known: facts.IsAssumed}, style: p.handlerStyle(x.mod), server: p.serverOf(x.mod)}, true
}

func (p *Reader) mustFunction(x handed) modules.FnRef {
	defer p.Ask()()
	f, _ := p.FunctionIn(modules.Held{Mod: x.mod, At: x.at, E: x.e}, 8)
	return f
}

// keyOfCall is the name under which a router keeps what a call makes.
func (p *Reader) keyOfCall(m *modules.Module, c *jsread.Call) string {
	name := ""
	var walk func(prefix string, e jsread.Expr, depth int)
	walk = func(prefix string, e jsread.Expr, depth int) {
		if depth == 0 || name != "" {
			return
		}
		for i, x := range e.Parts {
			key := prefix
			if i < len(e.Keys) && e.Keys[i] != "" {
				key = e.Keys[i]
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

// decorated reads @Post('token') of Nest and its like.
func (p *Reader) decorated(f modules.FnRef) []entry {
	var out []entry
	for _, d := range f.Fn.Decorators {
		name := d.Text
		if d.Kind != jsread.CallExpr && d.Kind != jsread.Ident {
			continue
		}
		switch name {
		case "Query", "Mutation", "ResolveField":
			if !f.Mod.Nest() || f.Mod.ImportsFrom(name, "@nestjs/graphql", "type-graphql") {
				out = append(out, entry{Entry: facts.Entry{Kind: facts.EntryGraphQL, Method: strings.ToUpper(name), Path: f.Fn.Name}, style: "nest", server: p.serverOf(f.Mod)})
			}
		}
		method, ok := routeMethods[name]
		if !ok || name[0] < 'A' || name[0] > 'Z' {
			continue
		}
		class := f.Mod.FunctionOf(f.Fn.In)
		prefix, sub := "", ""
		var guards []modules.Held
		note := func(ds []jsread.Expr) {
			for _, x := range ds {
				if x.Text == "UseGuards" || x.Text == "Auth" || x.Text == "Authorized" {
					for _, a := range x.Parts {
						guards = append(guards, modules.Held{Mod: f.Mod, At: f.Fn.In, E: a})
					}
				}
			}
		}
		if class != nil {
			for _, x := range class.Decorators {
				if (x.Text == "Controller" || x.Text == "JsonController") && len(x.Parts) > 0 {
					prefix = textIn(x.Parts[0], "path")
				}
			}
			note(class.Decorators)
		}
		note(f.Fn.Decorators)
		if len(d.Parts) > 0 {
			sub = textIn(d.Parts[0], "path")
		}
		s := p.serverOf(f.Mod)
		out = append(out, entry{Entry: facts.Entry{Kind: facts.EntryHTTP, Method: method, Path: path.Join("/", p.nestPrefix(s), prefix, sub), Place: facts.Place{File: f.Mod.Rel, Line: d.Line}}, style: "nest", server: s, guards: guards})
	}
	return out
}

// textIn is a literal, or the literal that an object has under a name.
func textIn(e jsread.Expr, key string) string {
	if e.Kind == jsread.Literal {
		return e.Text
	}
	for i, k := range e.Keys {
		if k == key && e.Parts[i].Kind == jsread.Literal {
			return e.Parts[i].Text
		}
	}
	return ""
}

// nestPrefix is what app.setGlobalPrefix puts before every path.
func (p *Reader) nestPrefix(s *server) string {
	if s == nil {
		return ""
	}
	for _, m := range s.mods {
		for _, c := range m.Others {
			if facts.LastName(c.Callee) == "setGlobalPrefix" && len(c.Args) > 0 {
				if ls := p.Eval(m, c.Scope, c.Args[0]); len(ls) > 0 && ls[len(ls)-1].Kind == modules.LeafLiteral {
					return ls[len(ls)-1].Text
				}
			}
		}
	}
	return ""
}
