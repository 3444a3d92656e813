package probe

import (
	"path"
	"slices"
	"strings"

	"badsig/checks/probe/jsread"
)

// Rules of this file:
//   - the way outwards goes from a function to what calls it and to what it is handed to, until a request, a user or a
//     program's start runs it
//   - a framework's file or name makes an entry of a function only where the framework is the package's own
//   - where no way leads outwards, the site is known and nothing is said to run it

// entry is a way to a site, while it is being read.
type entry struct {
	Entry
	f      fnRef
	server *server
	style  string // how the handler gets its request: express, koa, web, event, nest, trpc, graphql, callable, action
	guards []held // middlewares that run before the handler
}

// reaching is a function on the way outwards, with what is known of the user there.
type reaching struct {
	f    fnRef
	user origin
	via  []fnRef // the functions between the site and f, f's own callee first
	at   int     // where f goes on towards the site, among its file's tokens
}

const maxReach = 400 // functions that are looked at for one site

// findEntries follows a site outwards.
func (p *project) findEntries(s *site) {
	user := origin{user: User{Known: IsAssumed}}
	if s.user.Kind != "" {
		end := p.ask()
		user = p.originOf(s.mod, s.call.Scope, s.user, 24)
		end()
	}
	seen := map[fnKey]bool{}
	fact := &p.facts.Sites[s.fact]
	if user.fn == nil && user.user.From != "" {
		fact.User = user.user
	}
	f := s.mod.around(s.call.Scope)
	if f == nil {
		p.topLevel(s, s.mod, user)
		return
	}
	queue := []reaching{{f: fnRef{s.mod, f}, user: user, at: s.call.At}}
	for n := 0; n < len(queue) && n < maxReach && !p.over(); n++ {
		r := queue[n]
		if k := (fnKey{r.f.mod, r.f.fn.Own}); seen[k] {
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
func (p *project) outwards(s *site, r reaching) []reaching {
	var out []reaching
	push := func(m *module, scope jsread.Scope, at int, user origin) {
		if f := m.around(scope); f != nil {
			out = append(out, reaching{f: fnRef{m, f}, user: user, via: append([]fnRef{r.f}, r.via...), at: at})
			return
		}
		p.topLevel(s, m, user)
	}
	for _, c := range p.callersOf(r.f) {
		user := r.user
		if user.fn == r.f.fn {
			end := p.ask()
			switch {
			case user.index >= len(c.call.Args):
				user = origin{user: User{Known: IsAssumed, Place: Place{c.mod.rel, c.call.Line}}}
			default:
				user = p.memberOrValue(c.mod, c.call.Scope, c.call.Args[user.index], user.member, c.call.Line, 24)
			}
			end()
		}
		push(c.mod, c.call.Scope, c.call.At, user)
	}
	for _, x := range p.handedOver(r.f) { // a callback, a wrapper's argument
		if x.call != nil && !routeCall(x.call) {
			push(x.mod, x.call.Scope, x.call.At, r.user)
		}
	}
	if len(out) == 0 || r.f.fn.Name == "" {
		if g := r.f.mod.around(r.f.fn.In); g != nil { // a function within a function
			out = append(out, reaching{f: fnRef{r.f.mod, g}, user: r.user, via: append([]fnRef{r.f}, r.via...), at: r.at})
		}
	}
	return out
}

// topLevel notes a site that runs when a module is loaded: a script.
func (p *project) topLevel(s *site, m *module, user origin) {
	for i := range p.starts {
		st := &p.starts[i]
		if st.entry != m.rel || m.listens() {
			continue
		}
		e := entry{f: fnRef{mod: m}, Entry: Entry{Kind: EntryScript, Path: st.script, Place: Place{m.rel, max(1, s.call.Line)}, Known: IsRead}}
		if m != s.mod {
			e.Place.Line = 1
		}
		p.addEntry(s, e, reaching{f: fnRef{mod: m}, user: user})
		return
	}
}

// entriesAt tells whether something from outside runs a function.
func (p *project) entriesAt(r reaching) []entry {
	var out []entry
	add := func(e entry) {
		for _, x := range out {
			if x.Kind == e.Kind && x.Path == e.Path && x.Method == e.Method {
				return
			}
		}
		e.f = r.f
		if e.Place.File == "" {
			e.Place = Place{r.f.mod.rel, r.f.fn.Line}
		}
		if e.Known == "" {
			e.Known = IsRead
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
	for name, x := range r.f.mod.Exports {
		end := p.ask()
		g, ok := p.functionIn(held{r.f.mod, 0, x}, 8)
		end()
		if !ok || g.fn != r.f.fn {
			continue
		}
		for _, e := range p.entryOfExport(r.f, name, x) {
			add(e)
		}
	}
	if r.f.fn.Directive == "use server" {
		add(entry{Entry: Entry{Kind: EntryAction, Path: r.f.fn.Name}, style: "action"})
	}
	slices.SortStableFunc(out, func(a, b entry) int { return strings.Compare(a.Path+a.Method, b.Path+b.Method) })
	return out
}

// routeCall tells a call that makes routes of the functions it is given.
func routeCall(c *jsread.Call) bool {
	_, name := receiver(c.Callee)
	_, ok := routeMethods[name]
	return ok || name == "use" || name == "route" || name == "register"
}

// entryOfHandover tells whether a function is handed to something that runs it
// for a request.
func (p *project) entryOfHandover(r reaching, x handed) []entry {
	if x.call == nil {
		return p.entryOfObject(x)
	}
	c, m := x.call, x.mod
	object, name := receiver(c.Callee)
	if len(x.keys) > 0 {
		if es := p.entryOfObject(x); es != nil {
			return es
		}
	}
	method, isRoute := routeMethods[name]
	switch {
	case isRoute && object != "" && x.arg > 0 && !notRouters[strings.ToLower(lastName(object))] && len(x.keys) == 0,
		isRoute && c.On != nil && lastName(c.On.Text) == "route",
		isRoute && x.arg > 0 && len(x.keys) > 0 && x.keys[len(x.keys)-1] == "handler",
		name == "route" && len(x.keys) > 0 && x.keys[len(x.keys)-1] == "handler":
		return p.routeEntries(x, method)
	case (name == "use" || name == "all") && x.arg > 0 && len(x.keys) == 0:
		if ps := p.literalPaths(m, c.Scope, c.Args[0]); len(ps) > 0 && len(r.f.fn.Params) < 3 {
			return []entry{{Entry: Entry{Kind: EntryHTTP, Method: "ANY", Path: ps[0], Place: Place{m.rel, c.Line}}, style: "express", server: p.serverOf(m)}}
		}
	case name == "onRequest" || name == "onCall", name == "handler" && strings.Contains(c.Callee, "https"):
		return []entry{p.firebaseEntry(x, name)}
	case name == "query" || name == "mutation":
		if c.On != nil && strings.Contains(strings.ToLower(rootOf(*c.On)), "procedure") || strings.Contains(strings.ToLower(object), "procedure") {
			return []entry{{Entry: Entry{Kind: EntryTRPC, Method: strings.ToUpper(name), Path: p.keyOfCall(m, c), Place: Place{m.rel, c.Line}}, style: "trpc", server: p.serverOf(m)}}
		}
	case name == "createServer" || c.Callee == "Deno.serve" || c.Callee == "Bun.serve" || name == "serve" || name == "addEventListener" && len(c.Args) > 0 && c.Args[0].Text == "fetch":
		if len(x.keys) == 0 || x.keys[len(x.keys)-1] == "fetch" {
			return p.plainEntries(r, m, c)
		}
	case name == "on" && x.arg > 0 && c.Args[0].Kind == jsread.Literal && c.Args[0].Text != "request" && strings.Contains(strings.ToLower(object), "socket"),
		name == "handle" && strings.HasPrefix(c.Callee, "ipcMain"):
		return []entry{{Entry: Entry{Kind: EntryCallable, Path: c.Args[0].Text, Place: Place{m.rel, c.Line}}, style: "callable", server: p.serverOf(m)}}
	}
	return nil
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
func (p *project) routeEntries(x handed, method string) []entry {
	c, m := x.call, x.mod
	var out []entry
	seen := map[string]bool{}
	for _, s := range p.servers {
		for _, r := range s.routes {
			if r.mod == m && r.Line == c.Line && !seen[r.Method+r.Path] {
				seen[r.Method+r.Path] = true
				out = append(out, entry{Entry: Entry{Kind: EntryHTTP, Method: r.Method, Path: r.Path, Place: Place{m.rel, c.Line}}, server: s})
			}
		}
	}
	if len(out) == 0 && len(c.Args) > 0 {
		for _, text := range p.literalPaths(m, c.Scope, c.Args[0]) {
			out = append(out, entry{Entry: Entry{Kind: EntryHTTP, Method: method, Path: text, Place: Place{m.rel, c.Line}, Known: IsAssumed}, server: p.serverOf(m)})
		}
	}
	for i := range out {
		out[i].style = p.handlerStyle(m)
		for k, a := range c.Args {
			if k < x.arg && k > 0 && (a.Kind == jsread.Ident || a.Kind == jsread.CallExpr || a.Kind == jsread.Func || a.Kind == jsread.Array) {
				out[i].guards = append(out[i].guards, held{m, c.Scope, a})
			}
		}
		for _, w := range x.in {
			out[i].guards = append(out[i].guards, held{m, c.Scope, jsread.Expr{Kind: jsread.Ident, Text: w, Line: c.Line}})
		}
	}
	return out
}

// handlerStyle tells how handlers of a module get their request.
func (p *project) handlerStyle(m *module) string {
	for _, k := range []struct{ dep, style string }{{"koa", "koa"}, {"@koa/router", "koa"}, {"koa-router", "koa"}, {"hono", "koa"}, {"elysia", "koa"}, {"fastify", "express"}, {"express", "express"}} {
		for _, i := range m.Imports {
			if i.From == k.dep || strings.HasPrefix(i.From, k.dep+"/") {
				return k.style
			}
		}
	}
	if m.pkg.dep("koa", "hono", "elysia") && !m.pkg.dep("express", "fastify") {
		return "koa"
	}
	return "express"
}

// serverOf gives the program that runs a module, nil for none.
func (p *project) serverOf(m *module) *server {
	for _, s := range p.servers {
		if slices.Contains(s.mods, m) {
			return s
		}
	}
	return nil
}

// entryOfObject reads tables of handlers: resolvers of GraphQL, routers of
// tRPC, the fetch of a worker.
func (p *project) entryOfObject(x handed) []entry {
	if len(x.keys) == 0 {
		return nil
	}
	last := x.keys[len(x.keys)-1]
	at := Place{x.mod.rel, max(1, x.e.Line)}
	switch {
	case slices.Contains(x.keys, "Query") || slices.Contains(x.keys, "Mutation"):
		if i := max(slices.Index(x.keys, "Query"), slices.Index(x.keys, "Mutation")); i+1 < len(x.keys) {
			return []entry{{Entry: Entry{Kind: EntryGraphQL, Method: strings.ToUpper(x.keys[i]), Path: x.keys[i+1], Place: at}, style: "graphql", server: p.serverOf(x.mod)}}
		}
	case x.name == "export default" && last == "fetch" && len(x.keys) == 1:
		return p.plainEntries(reaching{f: p.mustFunction(x)}, x.mod, nil)
	case x.name == "export actions", x.name == "actions" && strings.Contains(path.Base(x.mod.rel), "+page.server"):
		if s := p.serverOf(x.mod); s != nil && s.frame == "sveltekit" {
			return []entry{{Entry: Entry{Kind: EntryAction, Path: last, Place: at}, style: "web", server: s}}
		}
	}
	return nil
}

func (p *project) mustFunction(x handed) fnRef {
	defer p.ask()()
	f, _ := p.functionIn(held{x.mod, x.at, x.e}, 8)
	return f
}

// keyOfCall is the name under which a router keeps what a call makes.
func (p *project) keyOfCall(m *module, c *jsread.Call) string {
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
			if x.Kind == jsread.CallExpr && x.Line == c.Line && lastName(x.Text) == lastName(c.Callee) {
				name = key
				return
			}
			walk(key, x, depth-1)
		}
	}
	for n, e := range m.Consts {
		if e.Kind == jsread.CallExpr && e.Line == c.Line && lastName(e.Text) == lastName(c.Callee) {
			return n
		}
		walk(n, e, 6)
	}
	for _, e := range m.Exports {
		walk("", e, 6)
	}
	if f := m.around(c.Scope); name == "" && f != nil {
		return f.Name
	}
	return name
}

func (p *project) firebaseEntry(x handed, name string) entry {
	e := entry{Entry: Entry{Kind: EntryCallable, Path: p.keyOfCall(x.mod, x.call), Place: Place{x.mod.rel, x.call.Line}}, style: "callable", server: p.serverOf(x.mod)}
	if name == "onRequest" {
		e.Kind, e.Method, e.style = EntryHTTP, "ANY", "express"
		e.Path = "/" + e.Path
	}
	return e
}

// decorated reads @Post('token') of Nest and its like.
func (p *project) decorated(f fnRef) []entry {
	var out []entry
	for _, d := range f.fn.Decorators {
		name := d.Text
		if d.Kind != jsread.CallExpr && d.Kind != jsread.Ident {
			continue
		}
		switch name {
		case "Query", "Mutation", "ResolveField":
			if !f.mod.nest() || f.mod.importsFrom(name, "@nestjs/graphql", "type-graphql") {
				out = append(out, entry{Entry: Entry{Kind: EntryGraphQL, Method: strings.ToUpper(name), Path: f.fn.Name}, style: "nest", server: p.serverOf(f.mod)})
			}
		}
		method, ok := routeMethods[name]
		if !ok || name[0] < 'A' || name[0] > 'Z' {
			continue
		}
		class := f.mod.FunctionOf(f.fn.In)
		prefix, sub := "", ""
		var guards []held
		note := func(ds []jsread.Expr) {
			for _, x := range ds {
				if x.Text == "UseGuards" || x.Text == "Auth" || x.Text == "Authorized" {
					for _, a := range x.Parts {
						guards = append(guards, held{f.mod, f.fn.In, a})
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
		note(f.fn.Decorators)
		if len(d.Parts) > 0 {
			sub = textIn(d.Parts[0], "path")
		}
		s := p.serverOf(f.mod)
		out = append(out, entry{Entry: Entry{Kind: EntryHTTP, Method: method, Path: path.Join("/", p.nestPrefix(s), prefix, sub), Place: Place{f.mod.rel, d.Line}}, style: "nest", server: s, guards: guards})
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
func (p *project) nestPrefix(s *server) string {
	if s == nil {
		return ""
	}
	for _, m := range s.mods {
		for _, c := range m.Others {
			if lastName(c.Callee) == "setGlobalPrefix" && len(c.Args) > 0 {
				if ls := p.eval(m, c.Scope, c.Args[0]); len(ls) > 0 && ls[len(ls)-1].kind == leafLiteral {
					return ls[len(ls)-1].text
				}
			}
		}
	}
	return ""
}
