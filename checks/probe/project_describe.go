package probe

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"badsig/checks/probe/jsread"
	"badsig/checks/probe/pattern"
)

// describeServers writes what was found of each server into the facts, the
// likeliest token server first.
func (p *project) describeServers() {
	type ranked struct {
		s     *server
		code  ServerCode
		score int
	}
	var all []ranked
	for _, s := range p.servers {
		s.routes = p.routesOf(s)
		s.sign = p.bestUse(s, WhatSecret)
		s.key = p.bestUse(s, WhatKey)
		code := p.describeServer(s)
		score := 0
		if s.sign != nil {
			score += 10 + s.sign.score
		}
		if len(s.routes) > 0 {
			score += routeScore(s.routes[0].Route)
		}
		for _, m := range s.mods {
			if m.streamish() {
				score += 2
				break
			}
		}
		all = append(all, ranked{s, code, score})
	}
	slices.SortStableFunc(all, func(a, b ranked) int { return cmp.Compare(b.score, a.score) })
	p.servers = p.servers[:0]
	for i, r := range all {
		r.s.fact = i
		p.servers = append(p.servers, r.s)
		p.facts.Servers = append(p.facts.Servers, r.code)
	}
	for _, m := range p.sortedMods() {
		for _, c := range m.Calls {
			if len(p.facts.Calls) >= 200 {
				return
			}
			if p.streamClient(m, c) || notableCalls[lastName(c.Callee)] {
				callee := c.Callee
				if c.New {
					callee = "new " + callee
				}
				p.facts.Calls = append(p.facts.Calls, StreamCall{Callee: callee, Args: len(c.Args), Role: m.role, File: m.rel, Line: c.Line})
			}
		}
	}
}

var notableCalls = wordSet("sign", "devToken", "createToken", "generateUserToken", "generatePermanentUserToken", "createUserToken", "createUserSessionToken",
	"connectUser", "setUser", "connectAnonymousUser", "setGuestUser", "useCreateChatClient", "StreamVideoClient", "getOrCreateInstance", "SignJWT")

// routeWords are words of a path and how much they speak for a token's endpoint.
var routeWords = []struct {
	word  string
	score int
}{{"token", 6}, {"stream", 4}, {"chat", 2}, {"credential", 3}, {"video", 1}, {"auth", 1}, {"join", 1}, {"login", 1}, {"jwt", 2}}

// routeScore tells how much a route looks like the token endpoint.
func routeScore(r Route) int {
	low := strings.ToLower(r.Path)
	n := 0
	for _, w := range routeWords {
		if strings.Contains(low, w.word) {
			n += w.score
		}
	}
	if r.Path == "/api/stream/token" {
		n += 6
	}
	if n > 0 && (r.Method == "POST" || r.Method == "ANY") {
		n += 2
	}
	for _, word := range []string{"revoke", "refresh", "webhook", "device", "delete", "verify", "logout"} {
		if strings.Contains(low, word) {
			n -= 5
		}
	}
	return n
}

// bestUse picks the call that signs Stream's tokens, or names its key.
func (p *project) bestUse(s *server, what string) *use {
	var best *use
	runs := make(map[*module]bool, len(s.mods))
	for _, m := range s.mods {
		runs[m] = true
	}
	for i := range p.uses {
		u := &p.uses[i]
		if u.what != what || !runs[u.mod] || u.mod.role == RoleTest || u.mod.role == RoleFront && s.frame == "" {
			continue
		}
		u.score = p.scoreUse(s, u)
		if u.score > 0 && (best == nil || u.score > best.score) {
			best = u
		}
	}
	return best
}

func (p *project) scoreUse(s *server, u *use) int {
	n := 0
	switch {
	case u.hmac:
		if bytes.Contains(u.mod.src, []byte("HS256")) {
			n += 3
		}
		if bytes.Contains(u.mod.src, []byte("user_id")) {
			n += 2
		}
	case strings.Contains(u.how, "sign") || strings.Contains(u.how, "encode"):
		n += 2
		if u.userID {
			n += 5
		}
	case s.creates.of(s.createsTokens): // Stream's own client
		n += 6
	default:
		n += 2
	}
	for _, l := range u.leaves {
		if l.kind != leafEnv {
			continue
		}
		switch c := classifyName(l.text); {
		case c.What == u.what && !c.Bare:
			n += 4
		case c.What == WhatOther:
			n -= 3
		}
		break
	}
	if u.mod.streamish() {
		n++
	}
	if fn := strings.ToLower(u.fn); strings.Contains(fn, "stream") {
		n += 2
	} else if strings.Contains(fn, "token") {
		n++
	}
	if s.asked.of(s.tokenRoutes)[u.mod] {
		n += 2
	}
	return n
}

// tokenRoutes gives the modules that have a route which looks like the token endpoint.
func (s *server) tokenRoutes() map[*module]bool {
	out := map[*module]bool{}
	for _, r := range s.routes {
		if !out[r.mod] && routeScore(r.Route) > 6 {
			out[r.mod] = true
		}
	}
	return out
}

// createsTokens tells whether Stream's own client is asked for tokens.
func (s *server) createsTokens() bool {
	return slices.ContainsFunc(s.mods, func(m *module) bool {
		return slices.ContainsFunc(m.Calls, func(c jsread.Call) bool {
			switch lastName(c.Callee) {
			case "createToken", "generateUserToken", "generatePermanentUserToken", "createUserToken", "createUserSessionToken", "generateCallToken":
				return true
			}
			return false
		})
	})
}

func (p *project) describeServer(s *server) ServerCode {
	c := ServerCode{Dir: s.dir, Start: s.startCommand(), Loader: "none"}
	if s.entry != nil {
		c.Entry, c.File, c.Line = s.entry.rel, s.entry.rel, 1
	}
	slices.SortStableFunc(s.routes, func(a, b routeAt) int { return cmp.Compare(routeScore(b.Route), routeScore(a.Route)) })
	for i, r := range s.routes {
		if i < 40 {
			c.Routes = append(c.Routes, r.Route)
		}
	}
	if len(s.routes) > 0 && routeScore(s.routes[0].Route) > 0 {
		c.File, c.Line = s.routes[0].File, s.routes[0].Line
	} else if s.sign != nil {
		c.File, c.Line = s.sign.mod.rel, s.sign.line
	}
	for i, l := range s.loads {
		if i == 0 {
			c.Loader = l.kind
		}
		c.Override = c.Override || l.override
		if len(l.paths) == 0 {
			c.LoaderPaths = append(c.LoaderPaths, "")
		}
		for _, lp := range l.paths {
			rel := s.fillPath(lp.rel)
			if !lp.cwd {
				rel = relativeTo(s.dir, rel)
			}
			c.LoaderPaths = append(c.LoaderPaths, rel)
		}
	}
	c.Ports = p.serverPorts(s)
	if s.sign != nil {
		c.SecretRead = readsOf(s.sign)
		for _, l := range s.sign.leaves {
			c.RandomSecret = c.RandomSecret || l.random
		}
	}
	if s.key != nil {
		c.KeyRead = readsOf(s.key)
	}
	p.middleware(s, &c)
	return c
}

// relativeTo gives a project's path as seen from one of its folders.
func relativeTo(dir, rel string) string {
	up := ""
	for d := dir; ; d = dirOf(d) {
		if d == "" {
			return up + rel
		}
		if rest, ok := strings.CutPrefix(rel, d+"/"); ok {
			return up + rest
		}
		up += "../"
	}
}

func readsOf(u *use) []Read {
	var out []Read
	for i, l := range u.leaves {
		r := Read{Value: -1, Line: l.line, Transform: l.transform}
		if l.mod != nil {
			r.File = l.mod.rel
		}
		if l.changed.mod != nil && l.changed.line > 0 {
			r.ChangedFile, r.ChangedLine = l.changed.mod.rel, l.changed.line
		}
		switch l.kind {
		case leafEnv:
			r.Name = l.text
		case leafLiteral:
			r.Value = u.ids[i]
		default:
			continue
		}
		out = append(out, r)
	}
	return out
}

var roundedIAT = pattern.New(`Math\.(?:round|ceil)\(\s*(?:\(?\s*Date\.now\(\)|\(?\s*new Date\(\)\.(?:getTime|valueOf)\(\)|\(?\s*\+\s*new Date|performance\.now|moment\(\)\.valueOf)`)

// middleware reads what else decides about a request.
func (p *project) middleware(s *server, c *ServerCode) {
	switch s.frame {
	case "next", "nuxt", "sveltekit", "remix", "astro", "serverless":
		c.JSONBody = true
	}
	for _, m := range s.mods {
		for _, i := range m.Imports {
			switch i.From {
			case "fastify", "hono", "@nestjs/core", "elysia", "h3", "@hapi/hapi":
				c.JSONBody = true
			case "koa-bodyparser", "koa-body", "@koa/bodyparser", "body-parser", "express-json":
				c.JSONBody = c.JSONBody || used(m, i)
			case "cors", "@fastify/cors", "hono/cors", "@koa/cors", "koa2-cors", "fastify-cors", "@elysiajs/cors":
				c.CORS = true
			}
		}
		for _, x := range m.Calls {
			switch n := lastName(x.Callee); {
			case x.Callee == "express.json" || n == "json" && strings.Contains(strings.ToLower(x.Callee), "bodyparser") || x.Callee == "json" && m.importsFrom("json", "express", "body-parser"):
				c.JSONBody = true
			case n == "cors", n == "enableCors":
				c.CORS = true
				if c.CORSFile == "" {
					c.CORSFile, c.CORSLine = m.rel, x.Line
				}
			case (n == "setHeader" || n == "header" || n == "set" || n == "append") && len(x.Args) > 0 && strings.EqualFold(x.Args[0].Text, "Access-Control-Allow-Origin"):
				c.CORS = true
				if c.CORSFile == "" {
					c.CORSFile, c.CORSLine = m.rel, x.Line
				}
			}
		}
		for line := range linesWith(m.src, "Math.") {
			if t := strings.TrimSpace(line); len(t) < 2000 && !strings.HasPrefix(t, "//") && !strings.HasPrefix(t, "*") && roundedIAT.MatchString(t) {
				c.RoundedIAT = true
			}
		}
	}
	c.JSONBody = c.JSONBody || p.mayParse(s)
	c.BodyRead = !c.JSONBody && readsBody(s)
	c.Guards = p.guardsOf(s)
}
