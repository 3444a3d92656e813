package project

import (
	"slices"
	"strconv"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
)

// Rules of this file:
//   - a guard is what ends a request before the token is made unless its sender is signed in, or has what it asks for
//   - what a guard reads is told by its source; a guard from a package is told by the package

// guardPackages are packages whose middleware asks for a session, and what it asks for.
var guardPackages = []struct{ from, session string }{
	{"@clerk/", "clerk"}, {"next-auth", "next-auth"}, {"@auth/", "next-auth"}, {"passport", "passport"}, {"express-session", "session"}, {"iron-session", "session"},
	{"express-jwt", "Authorization"}, {"koa-jwt", "Authorization"}, {"hono/jwt", "Authorization"}, {"@nestjs/passport", "passport"}, {"firebase-admin", "Authorization"},
	{"@supabase/", "supabase"}, {"better-auth", "better-auth"}, {"lucia", "session"}, {"supertokens", "session"}, {"@kinde", "session"}, {"express-openid-connect", "session"},
	{"express-oauth2-jwt-bearer", "Authorization"}, {"@auth0/", "session"}, {"hono/bearer-auth", "Authorization"}, {"@fastify/jwt", "Authorization"}, {"cookie-session", "session"},
}

// guarding is what was found out about guards, while code is read.
type guarding struct {
	p       *Reader
	e       *entry
	depth   int
	seen    map[fnKey]bool
	headers []string
}

// readGuards finds what a request needs before a handler makes the token.
func (p *Reader) readGuards(e *entry) {
	g := &guarding{p: p, e: e, seen: map[fnKey]bool{}}
	for _, h := range e.guards {
		g.middleware(h, 3)
	}
	if e.server != nil {
		p.mountGuards(g)
	}
	if e.f.Fn != nil {
		g.function(e.f, 3, true)
	}
	if len(e.Guards) > maxGuards {
		e.Guards = e.Guards[:maxGuards]
	}
}

// mountGuards reads app.use('/api', requireAuth, router) and router.use(requireAuth).
func (p *Reader) mountGuards(g *guarding) {
	e := g.e
	for _, m := range e.server.mods {
		for _, list := range [][]jsread.Call{m.Calls, m.Others} {
			for i := range list {
				c := &list[i]
				object, name := modules.Receiver(c.Callee)
				if name != "use" && name != "addHook" && name != "register" && name != "useGlobalGuards" || object == "" || len(c.Args) == 0 {
					continue
				}
				args := c.Args
				prefix := ""
				if ps := p.literalPaths(m, c.Scope, args[0]); len(ps) > 0 {
					prefix, args = ps[0], args[1:]
				}
				// On another router of another file it is not on the way.
				root := m.Listens() || m == e.server.entry
				if !root && m != e.f.Mod && m.Rel != e.File {
					continue
				}
				if prefix != "" && !strings.HasPrefix(e.Path, strings.TrimSuffix(strings.TrimSuffix(prefix, "*"), "/")) || m.Rel == e.File && c.Line > e.Line && !root {
					continue
				}
				if m.Rel == e.File && c.Line > e.Line { // mounted after the route
					continue
				}
				for _, a := range args {
					if f, ok := p.functionOfArg(m, c.Scope, a); ok && routerLike(f) {
						continue
					}
					g.middleware(modules.Held{Mod: m, At: c.Scope, E: a}, 2)
				}
			}
		}
	}
}

func (p *Reader) functionOfArg(m *modules.Module, at jsread.Scope, e jsread.Expr) (modules.FnRef, bool) {
	defer p.Ask()()
	return p.FunctionIn(modules.Held{Mod: m, At: at, E: e}, 8)
}

// routerLike tells a function that makes routes rather than guarding them.
func routerLike(f modules.FnRef) bool {
	for _, c := range f.Mod.Calls {
		if _, name := modules.Receiver(c.Callee); routeMethods[name] != "" && f.Mod.Inside(c.Scope, f.Fn.Own) && len(c.Args) > 1 {
			return true
		}
	}
	return false
}

// middleware reads one function that runs before the handler.
func (g *guarding) middleware(h modules.Held, depth int) {
	switch h.E.Kind {
	case jsread.Array:
		for _, x := range h.E.Parts {
			g.middleware(modules.Held{Mod: h.Mod, At: h.At, E: x}, depth)
		}
		return
	case jsread.Object:
		for i, k := range h.E.Keys {
			if k == "preHandler" || k == "onRequest" || k == "preValidation" || k == "beforeHandler" || k == "beforeHandle" {
				g.middleware(modules.Held{Mod: h.Mod, At: h.At, E: h.E.Parts[i]}, depth)
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
	g.imported(h.Mod, h.At, h.E)
}

// imported reads a guard of a package's: ClerkExpressRequireAuth(), passport.authenticate('jwt').
func (g *guarding) imported(m *modules.Module, at jsread.Scope, e jsread.Expr) {
	text := strings.TrimPrefix(e.Text, "new ")
	if e.On != nil {
		text = rootOf(e)
	}
	head, _, _ := strings.Cut(text, ".")
	from := ""
	for _, i := range m.Imports {
		if _, ok := i.Names[head]; ok {
			from = i.From
		}
	}
	if from == "" {
		if v, ok := m.Resolve(at, head); ok && (v.Kind == jsread.CallExpr) && strings.HasPrefix(v.Text, "require") && len(v.Parts) > 0 {
			from = v.Parts[0].Text
		}
	}
	name := facts.LastName(text)
	for _, k := range guardPackages {
		if strings.HasPrefix(from, k.from) {
			switch name {
			case "initialize", "session", "clerkMiddleware", "default", "withClerk", "ClerkExpressWithAuth":
				return // they read a session and let everybody through
			}
			if k.session == "session" {
				return
			}
			g.note(k.session, 401, facts.Place{File: m.Rel, Line: e.Line}, nil, true)
			return
		}
	}
	switch low := strings.ToLower(name); {
	case low == "authenticate", strings.Contains(low, "authguard"), strings.Contains(low, "requireauth"), strings.Contains(low, "isauthenticated"), low == "protect", strings.Contains(low, "ensureloggedin"), strings.Contains(low, "verifytoken"):
		g.note("Authorization", 401, facts.Place{File: m.Rel, Line: e.Line}, nil, true)
	}
}

func (g *guarding) note(session string, status int, at facts.Place, headers []string, more bool) {
	if g.e.Session == "" {
		g.e.Session = session
	}
	if !slices.ContainsFunc(g.e.Guards, func(x facts.Guard) bool { return x.File == at.File && x.Line == at.Line }) {
		g.e.Guards = append(g.e.Guards, facts.Guard{Status: status, Headers: headers, More: more, File: at.File, Line: at.Line})
	}
}

// function reads the refusals of a function: if (!session) return 401. A
// handler's own count as far as they stand before the token is made.
func (g *guarding) function(f modules.FnRef, depth int, handler bool) {
	k := fnKey{f.Mod, f.Fn.Own}
	if depth == 0 || g.seen[k] {
		return
	}
	g.seen[k] = true
	m := f.Mod
	reads := g.readsOf(f, 2)
	refusals := 0
	for _, i := range m.Ifs {
		if !m.Inside(i.Scope, f.Fn.Own) {
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
			continue // a body that lacks a field is no guard
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
				if !m.Inside(c.Scope, f.Fn.Own) {
					continue
				}
				_, name := modules.Receiver(c.Callee)
				if name == "protect" && strings.HasPrefix(c.Callee, "auth") {
					g.note("clerk", 404, facts.Place{File: m.Rel, Line: c.Line}, nil, true)
				}
				if sessionCalls[name] {
					end := g.p.Ask()
					own, ok := g.p.CalledFunction(m, c.Scope, jsread.Expr{Kind: jsread.CallExpr, Text: c.Callee, On: c.On, Parts: c.Args}, 8)
					end()
					if ok {
						g.function(own, depth-1, false)
					}
				}
			}
		}
	}
}

// refuses gives the status with which a stretch of a function ends a request,
// and its line; 0 where it does not.
func (g *guarding) refuses(m *modules.Module, f modules.FnRef, from, to int) (status, line int) {
	if to <= from {
		return 0, 0
	}
	for _, list := range [][]jsread.Call{m.Calls, m.Others} {
		for i := range list {
			c := &list[i]
			if c.At <= from || c.At > to+1 || !m.Inside(c.Scope, f.Fn.Own) {
				continue
			}
			if n := statusOf(c.Callee, c.Args); n >= 400 && n < 500 {
				return n, c.Line
			}
			if name := facts.LastName(c.Callee); name == "redirect" || name == "redirectToSignIn" {
				return 302, c.Line
			}
		}
	}
	for _, x := range f.Fn.Throws {
		if x.At > from && x.At <= to+1 {
			if n := anyStatus(x.Expr); n >= 400 && n < 500 {
				return n, x.Line
			}
			if x.Kind == jsread.CallExpr && len(x.Parts) > 0 {
				if t := strings.ToLower(x.Parts[0].Text); strings.Contains(t, "unauth") || strings.Contains(t, "not auth") || strings.Contains(t, "log in") || strings.Contains(t, "sign in") || strings.Contains(t, "forbidden") {
					return 401, x.Line
				}
			}
		}
	}
	return 0, 0
}

// statusOf reads the status of an answer: res.status(401), new Response(”, { status: 401 }), c.json({}, 401).
func statusOf(callee string, args []jsread.Expr) int {
	number := func(e jsread.Expr) int {
		n, _ := strconv.Atoi(e.Text)
		if e.Kind != jsread.Number {
			return 0
		}
		return n
	}
	in := func(e jsread.Expr) int {
		for i, k := range e.Keys {
			if k == "status" || k == "statusCode" {
				return number(e.Parts[i])
			}
		}
		return 0
	}
	name := facts.LastName(callee)
	switch name {
	case "next": // next(new HttpError(401))
		if len(args) > 0 && args[0].Kind == jsread.CallExpr {
			return anyStatus(args[0])
		}
	case "UnauthorizedException", "ForbiddenException", "NotAuthenticated":
		return 401
	case "sendStatus", "status", "code", "writeHead", "error", "throw", "abort", "fail", "HTTPException", "HttpException", "createError", "createHttpError":
		for _, a := range args {
			if n := number(a); n > 0 {
				return n
			}
			if n := in(a); n > 0 {
				return n
			}
		}
	case "json", "Response", "text", "NextResponse", "body":
		for _, a := range args[min(1, len(args)):] {
			if n := number(a); n > 0 {
				return n
			}
			if n := in(a); n > 0 {
				return n
			}
		}
	case "HttpsError":
		if len(args) > 0 && (args[0].Text == "unauthenticated" || args[0].Text == "permission-denied" || args[0].Text == "failed-precondition") {
			return 401
		}
	case "TRPCError", "GraphQLError":
		for _, a := range args {
			for i, k := range a.Keys {
				if k == "code" && (a.Parts[i].Text == "UNAUTHORIZED" || a.Parts[i].Text == "FORBIDDEN") {
					return 401
				}
			}
		}
	}
	return 0
}

// anyStatus is a status of refusal among the arguments of an error that a
// project makes in its own way: new ApiError(401, 'sign in').
func anyStatus(e jsread.Expr) int {
	if n := statusOf(e.Text, e.Parts); n > 0 {
		return n
	}
	for _, a := range e.Parts {
		if a.Kind == jsread.Number && (a.Text == "401" || a.Text == "403") {
			n, _ := strconv.Atoi(a.Text)
			return n
		}
	}
	return 0
}

// reading is what a function reads of a request to know who sent it.
type reading struct {
	session string
	headers []string
}

// readsOf tells what a function reads of a request to know who sent it.
func (g *guarding) readsOf(f modules.FnRef, depth int) reading {
	var out reading
	m := f.Mod
	note := func(session string, header string) {
		if out.session == "" && session != "" {
			out.session = session
		}
		if header != "" && !slices.Contains(out.headers, header) {
			out.headers = append(out.headers, header)
		}
	}
	look := func(e jsread.Expr) {
		if s, h := sessionIn(m, e, 5); s != "" {
			note(s, h)
		}
	}
	m.Functions(func(x *jsread.Function) bool {
		if m.Inside(x.Own, f.Fn.Own) {
			m.Vars(x.Own, func(_ string, e jsread.Expr) { look(e) })
		}
		return true
	})
	for _, list := range [][]jsread.Call{m.Calls, m.Others} {
		for i := range list {
			c := &list[i]
			if !m.Inside(c.Scope, f.Fn.Own) {
				continue
			}
			look(jsread.Expr{Kind: jsread.CallExpr, Text: c.Callee, Parts: c.Args, On: c.On})
			if depth > 0 && sessionCalls[facts.LastName(c.Callee)] {
				end := g.p.Ask()
				own, ok := g.p.CalledFunction(m, c.Scope, jsread.Expr{Kind: jsread.CallExpr, Text: c.Callee, On: c.On, Parts: c.Args}, 8)
				end()
				if from := g.p.importedAs(m, c.Callee); !ok && from != nil {
					for _, k := range guardPackages {
						if slices.ContainsFunc(from.Imports, func(i jsread.Import) bool { return strings.HasPrefix(i.From, k.from) }) {
							note(k.session, "")
							break
						}
					}
				}
				if ok && own.Fn != f.Fn {
					r := g.readsOf(own, depth-1)
					if r.session != "" {
						note(r.session, "")
						out.headers = append(out.headers, r.headers...)
					}
				}
			}
		}
	}
	for _, i := range m.Ifs {
		if m.Inside(i.Scope, f.Fn.Own) {
			look(i.Cond)
		}
	}
	for _, r := range f.Fn.Returns {
		look(r.Expr)
	}
	return out
}

// conditionReads tells what a condition asks of the request's sender.
func (g *guarding) conditionReads(m *modules.Module, at jsread.Scope, e jsread.Expr, all reading) (string, []string) {
	if s, h := sessionIn(m, e, 6); s != "" {
		if s == "session" && h == "" && all.session != "" {
			return all.session, all.headers
		}
		if h != "" {
			return s, []string{h}
		}
		return s, nil
	}
	session, headers := "", []string(nil)
	var walk func(e jsread.Expr, depth int)
	walk = func(e jsread.Expr, depth int) {
		if depth == 0 || session != "" {
			return
		}
		if e.Kind == jsread.Ident {
			head, _, _ := strings.Cut(e.Text, ".")
			v, ok := m.Resolve(at, head)
			if ok || v.Kind == jsread.Ident && v.Text != head {
				if s, h := sessionIn(m, v, 5); s != "" {
					session = s
					if h != "" {
						headers = []string{h}
					}
					return
				}
				if v.Kind == jsread.CallExpr && sessionCalls[facts.LastName(v.Text)] {
					session, headers = all.session, all.headers
					if session == "" {
						session = facts.LastName(v.Text)
					}
					return
				}
			}
			switch strings.ToLower(head) {
			case "session", "user", "currentuser", "auth", "token", "decoded", "payload", "userid":
				session, headers = all.session, all.headers
			}
		}
		for _, x := range e.Parts {
			walk(x, depth-1)
		}
		if e.On != nil {
			walk(*e.On, depth-1)
		}
	}
	walk(e, 6)
	return session, headers
}

// sessionIn finds in an expression what tells a request's sender: the name of
// a cookie, of a header, or of the library that keeps sessions.
func sessionIn(m *modules.Module, e jsread.Expr, depth int) (session, header string) {
	if depth == 0 {
		return "", ""
	}
	arg := ""
	if len(e.Parts) > 0 && e.Parts[0].Kind == jsread.Literal {
		arg = e.Parts[0].Text
	}
	switch e.Kind {
	case jsread.Ident:
		low := strings.ToLower(e.Text)
		if i := strings.Index(low, "cookies."); i >= 0 {
			return e.Text[i+len("cookies."):], "cookie"
		}
		if i := strings.Index(low, "headers."); i >= 0 {
			return headerSession(e.Text[i+len("headers."):])
		}
		if strings.Contains(low, ".session.") || strings.HasSuffix(low, "req.session") {
			return "session", "cookie"
		}
		if strings.HasSuffix(low, ".user") || strings.HasSuffix(low, "context.auth") || strings.HasSuffix(low, "request.auth") || strings.HasSuffix(low, "req.auth") || strings.HasSuffix(low, ".auth.userid") || strings.Contains(low, "req.user.") || strings.HasSuffix(low, ".isauthenticated") {
			return "session", ""
		}
	case jsread.CallExpr:
		on, name := modules.Receiver(e.Text)
		low := strings.ToLower(e.Text)
		if e.On != nil {
			low = strings.ToLower(rootOf(e))
			on = rootOf(*e.On)
		}
		switch {
		case arg != "" && (name == "get" || name == "has") && strings.Contains(low, "cookie"), name == "getCookie" && arg != "":
			return arg, "cookie"
		case name == "getCookie" && len(e.Parts) > 1 && e.Parts[1].Kind == jsread.Literal:
			return e.Parts[1].Text, "cookie"
		case arg != "" && (name == "get" && strings.Contains(low, "header") || name == "header" || name == "getHeader" || name == "get" && (strings.HasSuffix(strings.ToLower(on), "req") || on == "ctx" || on == "request")):
			return headerSession(arg)
		case name == "isAuthenticated":
			return "passport", ""
		case name == "getServerSession" || name == "getServerAuthSession" || name == "unstable_getServerSession":
			return "next-auth", ""
		case name == "verifyIdToken":
			return "Authorization", "authorization"
		case name == "auth" || name == "currentUser" || name == "getAuth" || name == "protect":
			for _, i := range m.Imports {
				if strings.HasPrefix(i.From, "@clerk/") {
					return "clerk", ""
				}
				if strings.HasPrefix(i.From, "next-auth") {
					return "next-auth", ""
				}
			}
		case name == "getUser" && strings.Contains(low, "supabase"):
			return "supabase", ""
		}
	case jsread.Other:
		if e.Text == "[]" && len(e.Parts) == 2 && strings.HasSuffix(strings.ToLower(e.Parts[0].Text), "headers") && e.Parts[1].Kind == jsread.Literal {
			return headerSession(e.Parts[1].Text)
		}
	}
	for _, x := range e.Parts {
		if s, h := sessionIn(m, x, depth-1); s != "" {
			return s, h
		}
	}
	if e.On != nil {
		return sessionIn(m, *e.On, depth-1)
	}
	return "", ""
}

func headerSession(name string) (session, header string) {
	name = strings.ToLower(strings.SplitN(name, ".", 2)[0])
	switch name {
	case "get", "has", "host", "origin", "content-type", "referer", "accept", "user-agent":
		return "", ""
	case "authorization":
		return "Authorization", name
	}
	if strings.HasPrefix(name, "x-") {
		return name, name
	}
	return "session", name
}
