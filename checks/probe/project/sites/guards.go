package sites

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
	"badsig/checks/probe/project/servers"
)

// Rules of this file:
//   - a guard is what ends a request before the token is made unless its sender is signed in, or has what it wants
//   - what a guard reads is told by its source; a guard from a package is told by the package

// guardPackages are packages whose middleware wants a session, and what it wants.
var guardPackages = []struct{ from, session string }{
	{"@clerk/", "clerk"}, {"next-auth", "next-auth"}, {"@auth/", "next-auth"}, {"passport", "passport"}, {"express-session", "session"}, {"iron-session", "session"},
	{"express-jwt", "Authorization"}, {"koa-jwt", "Authorization"}, {"hono/jwt", "Authorization"}, {"@nestjs/passport", "passport"}, {"firebase-admin", "Authorization"},
	{"@supabase/", "supabase"}, {"better-auth", "better-auth"}, {"lucia", "session"}, {"supertokens", "session"}, {"@kinde", "session"}, {"express-openid-connect", "session"},
	{"express-oauth2-jwt-bearer", "Authorization"}, {"@auth0/", "session"}, {"hono/bearer-auth", "Authorization"}, {"@fastify/jwt", "Authorization"}, {"cookie-session", "session"},
}

// guarding is what was found out about guards, while code is read.
type guarding struct {
	p    *picture.Reader
	e    *picture.Entry
	seen map[picture.FnKey]bool
}

// readGuards finds what a request needs before a handler makes the token.
func readGuards(p *picture.Reader, e *picture.Entry) {
	g := &guarding{p: p, e: e, seen: map[picture.FnKey]bool{}}
	for _, h := range e.GuardsOf {
		g.middleware(h, 3)
	}
	if e.ServerOf != nil {
		mountGuards(p, g)
	}
	if e.F.Fn != nil {
		g.function(e.F, 3, true)
	}
	if len(e.Guards) > servers.MaxGuards {
		e.Guards = e.Guards[:servers.MaxGuards]
	}
}

// mountGuards reads app.use('/api', requireAuth, router) and router.use(requireAuth).
func mountGuards(p *picture.Reader, g *guarding) {
	e := g.e
	for _, m := range e.ServerOf.Mods {
		for _, list := range [][]jsread.Call{m.Calls, m.Others} {
			for i := range list {
				c := &list[i]
				object, name := modules.Receiver(c.Callee)
				if name != "use" && name != "addHook" && name != "register" && name != "useGlobalGuards" || object == "" || len(c.Args) == 0 {
					continue
				}
				args := c.Args
				prefix := ""
				if ps := servers.LiteralPaths(p, m, c.Scope, args[0]); len(ps) > 0 {
					prefix, args = ps[0], args[1:]
				}
				// On another router of another file it is not on the way.
				root := m.Listens() || m == e.ServerOf.Entry
				if !root && m != e.F.Mod && m.Rel != e.File {
					continue
				}
				if prefix != "" && !affix.HasPrefix(e.Path, affix.TrimSuffix(affix.TrimSuffix(prefix, "*"), "/")) || m.Rel == e.File && c.Line > e.Line && !root {
					continue
				}
				if m.Rel == e.File && c.Line > e.Line { // mounted after the route
					continue
				}
				for _, a := range args {
					if f, ok := functionOfArg(p, m, c.Scope, a); ok && routerLike(f) {
						continue
					}
					g.middleware(modules.View{M: m, At: c.Scope, E: a}, 2)
				}
			}
		}
	}
}

func functionOfArg(p *picture.Reader, m *modules.Module, at jsread.Scope, e jsread.Expr) (modules.FnRef, bool) {
	defer p.Ask()()
	return p.FunctionIn(modules.View{M: m, At: at, E: e}, 8)
}

// routerLike tells a function that makes routes rather than guarding them.
func routerLike(f modules.FnRef) bool {
	for _, c := range f.Mod.Calls {
		if _, name := modules.Receiver(c.Callee); servers.RouteMethods[name] != "" && jsread.Inside(&f.Mod.Module, c.Scope, f.Fn.Own) && len(c.Args) > 1 {
			return true
		}
	}
	return false
}

// middleware reads one function that runs before the handler.
func (g *guarding) middleware(h modules.View, depth int) {
	switch h.E.Kind {
	case jsread.Array:
		for _, x := range h.E.Parts {
			g.middleware(modules.View{M: h.M, At: h.At, E: x}, depth)
		}
		return
	case jsread.Object:
		for i, k := range h.E.Keys() {
			if k == "preHandler" || k == "onRequest" || k == "preValidation" || k == "beforeHandler" || k == "beforeHandle" {
				g.middleware(modules.View{M: h.M, At: h.At, E: h.E.Parts[i]}, depth)
			}
		}
		return
	}
	end := g.p.Ask()
	f, ok := g.p.FunctionIn(h, 8)
	end()
	if ok {
		g.function(f, depth, false)
		return
	}
	if g.class(h, depth) {
		return
	}
	g.imported(h.M, h.At, h.E)
}

// imported reads a guard of a package's: ClerkExpressRequireAuth(), passport.authenticate('jwt').
func (g *guarding) imported(m *modules.Module, at jsread.Scope, e jsread.Expr) {
	text := affix.TrimPrefix(e.Text, "new ")
	if e.On() != nil {
		text = rootOf(e)
	}
	head, _, _ := affix.Cut(text, ".")
	from := ""
	for _, i := range m.Imports {
		if _, ok := i.Names[head]; ok {
			from = i.From
		}
	}
	if from == "" {
		if v, ok := m.Resolve(at, head); ok && (v.Kind == jsread.CallExpr) && affix.HasPrefix(v.Text, "require") && len(v.Parts) > 0 {
			from = v.Parts[0].Text
		}
	}
	name := facts.LastName(text)
	for _, k := range guardPackages {
		if affix.HasPrefix(from, k.from) {
			switch name {
			case "initialize", "session", "clerkMiddleware", "default", "withClerk", "ClerkExpressWithAuth":
				return // they read a session and let everyone through
			}
			if k.session == "session" {
				return
			}
			g.note(k.session, 401, facts.Place{File: m.Rel, Line: e.Line}, nil, true)
			return
		}
	}
	switch low := strings.ToLower(name); {
	case low == "authenticate", affix.Contains(low, "authguard"), affix.Contains(low, "requireauth"), affix.Contains(low, "isauthenticated"), low == "protect", affix.Contains(low, "ensureloggedin"), affix.Contains(low, "verifytoken"):
		g.note("Authorization", 401, facts.Place{File: m.Rel, Line: e.Line}, nil, true)
	}
}

func (g *guarding) note(session string, status int, at facts.Place, headers []string, more bool) {
	if g.e.Session == "" {
		g.e.Session = session
	}
	if !affix.Any(g.e.Guards, func(x facts.Guard) bool { return x.File == at.File && x.Line == at.Line }) {
		g.e.Guards = append(g.e.Guards, facts.Guard{Status: status, Headers: headers, More: more, File: at.File, Line: at.Line})
	}
}

// function reads how a function rejects: if (!session) return 401. A
// handler's own rejections count if they are before the token is made.
func (g *guarding) function(f modules.FnRef, depth int, handler bool) {
	k := picture.FnKey{Mod: f.Mod, Own: f.Fn.Own}
	if depth == 0 || g.seen[k] {
		return
	}
	g.seen[k] = true
	m := f.Mod
	reads := g.readsOf(f, 2)
	refusals := 0
	for _, i := range m.Ifs {
		if !jsread.Inside(&m.Module, i.Scope, f.Fn.Own) {
			continue
		}
		status, line := g.refuses(m, f, i.From, i.To)
		if status == 0 {
			status, line = g.refuses(m, f, i.ElseFrom, i.ElseTo)
		}
		if status == 0 {
			continue
		}
		session, headers := g.conditionReads(m, i.Scope, i.Cond, reads)
		if session == "" && (handler && (status == 400 || status == 404 || status >= 500) || status == 405) {
			continue // a body that lacks a field isn't a guard
		}
		refusals++
		g.note(session, status, facts.Place{File: m.Rel, Line: line}, headers, len(headers) == 0)
	}
	if refusals == 0 && !handler {
		if status, line := g.refuses(m, f, 0, 1<<30); status == 401 || status == 403 {
			g.note(reads.session, status, facts.Place{File: m.Rel, Line: line}, reads.headers, true)
		}
	}
	if handler {
		for _, list := range [][]jsread.Call{m.Calls, m.Others} {
			for i := range list {
				c := &list[i]
				if !jsread.Inside(&m.Module, c.Scope, f.Fn.Own) {
					continue
				}
				_, name := modules.Receiver(c.Callee)
				if name == "protect" && affix.HasPrefix(c.Callee, "auth") {
					g.note("clerk", 404, facts.Place{File: m.Rel, Line: c.Line}, nil, true)
				}
				if sessionCalls[name] {
					end := g.p.Ask()
					own, ok := g.p.CalledFunction(m, c.Scope, c.Expr(), 8)
					end()
					if ok {
						g.function(own, depth-1, false)
					}
				}
			}
		}
	}
}
