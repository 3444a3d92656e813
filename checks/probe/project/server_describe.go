package project

import (
	"slices"
	"sort"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/files"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/names"
)

// describeServers writes what was found of each server into the facts, the
// likeliest token server first.
func (p *Reader) describeServers() {
	type ranked struct {
		s     *server
		code  facts.ServerCode
		score int
	}
	var all []ranked
	for _, s := range p.servers {
		s.routes = p.routesOf(s)
	}
	p.findSites()
	for _, s := range p.servers {
		s.sign = p.bestUse(s, facts.WhatSecret)
		s.key = p.bestUse(s, facts.WhatKey)
		code := p.describeServer(s)
		score := 0
		if s.sign != nil {
			score += 10 + s.sign.score
		}
		if len(s.routes) > 0 {
			score += routeScore(s.routes[0].Route)
		}
		for _, m := range s.mods {
			if m.Streamish() {
				score += 2
				break
			}
		}
		all = append(all, ranked{s, code, score})
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].score > all[j].score })
	p.servers = p.servers[:0]
	for i, r := range all {
		r.s.fact = i
		p.servers = append(p.servers, r.s)
		p.facts.Servers = append(p.facts.Servers, r.code)
	}
	p.settleEntries()
	for _, m := range p.SortedMods() {
		if m.Unused {
			continue
		}
		for _, c := range m.Calls {
			if len(p.facts.Calls) >= 200 {
				return
			}
			if p.streamClient(m, c) || notableCalls[facts.LastName(c.Callee)] {
				callee := c.Callee
				if c.New {
					callee = "new " + callee
				}
				p.facts.Calls = append(p.facts.Calls, facts.StreamCall{Callee: callee, Args: len(c.Args), Role: m.Role, File: m.Rel, Line: c.Line, NoToken: p.withoutToken(m, c)})
			}
		}
	}
}

var notableCalls = names.Words("sign", "devToken", "createToken", "generateUserToken", "generatePermanentUserToken", "createUserToken", "createUserSessionToken",
	"connectUser", "setUser", "upsertUser", "upsertUsers", "updateUser", "updateUsers", "partialUpdateUser", "queryUsers", "queryChannels", "getOrCreate", "connectAnonymousUser", "setGuestUser", "useCreateChatClient", "StreamVideoClient", "getOrCreateInstance", "SignJWT")

func (p *Reader) describeServer(s *server) facts.ServerCode {
	c := facts.ServerCode{Dir: s.dir, Start: s.startCommand(), Loader: "none"}
	if s.entry != nil {
		c.Entry, c.File, c.Line = s.entry.Rel, s.entry.Rel, 1
	}
	if name, at := p.appPlace(s); name != "" {
		c.App, c.AppFile, c.AppLine = name, at.File, at.Line
	}
	sort.SliceStable(s.routes, func(i, j int) bool { return routeScore(s.routes[i].Route) > routeScore(s.routes[j].Route) })
	for i, r := range s.routes {
		if i < 40 {
			c.Routes = append(c.Routes, r.Route)
		}
	}
	if len(s.routes) > 0 && routeScore(s.routes[0].Route) > 0 {
		c.File, c.Line = s.routes[0].File, s.routes[0].Line
	} else if s.sign != nil {
		c.File, c.Line = s.sign.mod.Rel, s.sign.line
	}
	for i, l := range s.loads {
		if i == 0 {
			c.Loader = l.Kind
		}
		c.Override = c.Override || l.Override
		if len(l.Paths) == 0 {
			c.LoaderPaths = append(c.LoaderPaths, "")
		}
		for _, lp := range l.Paths {
			rel := s.fillPath(lp.Rel)
			if !lp.CWD {
				rel = relativeTo(s.dir, rel)
			}
			c.LoaderPaths = append(c.LoaderPaths, rel)
		}
	}
	c.Ports = p.serverPorts(s)
	if s.sign != nil {
		c.SecretRead = readsOf(s.sign)
		for _, l := range s.sign.leaves {
			c.RandomSecret = c.RandomSecret || l.Random
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
	for d := dir; ; d = files.DirOf(d) {
		if d == "" {
			return up + rel
		}
		if rest, ok := strings.CutPrefix(rel, d+"/"); ok {
			return up + rest
		}
		up += "../"
	}
}

func readsOf(u *use) []facts.Read {
	var out []facts.Read
	for i, l := range u.leaves {
		r := facts.Read{Value: -1, Line: l.Line, Transform: l.Transform}
		if l.Mod != nil {
			r.File = l.Mod.Rel
		}
		if l.Changed.Mod != nil && l.Changed.Line > 0 {
			r.ChangedFile, r.ChangedLine = l.Changed.Mod.Rel, l.Changed.Line
		}
		switch l.Kind {
		case modules.LeafEnv:
			r.Name = l.Text
		case modules.LeafLiteral:
			r.Value = u.ids[i]
		default:
			continue
		}
		out = append(out, r)
	}
	return out
}

// middleware reads what else decides about a request.
func (p *Reader) middleware(s *server, c *facts.ServerCode) {
	switch s.frame {
	case "next", "nuxt", "sveltekit", "remix", "astro", "serverless", "supabase", "workers", "firebase", "netlify", "expo":
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
			switch n := facts.LastName(x.Callee); {
			case x.Callee == "express.json" || n == "json" && strings.Contains(strings.ToLower(x.Callee), "bodyparser") || x.Callee == "json" && m.ImportsFrom("json", "express", "body-parser"):
				c.JSONBody = true
			case n == "cors", n == "enableCors":
				c.CORS = true
				if c.CORSFile == "" {
					c.CORSFile, c.CORSLine = m.Rel, x.Line
				}
			case (n == "setHeader" || n == "header" || n == "set" || n == "append") && len(x.Args) > 0 && strings.EqualFold(x.Args[0].Text, "Access-Control-Allow-Origin"):
				c.CORS = true
				if c.CORSFile == "" {
					c.CORSFile, c.CORSLine = m.Rel, x.Line
				}
			}
		}
		for _, x := range m.Calls {
			if x.Callee == "Math.round" || x.Callee == "Math.ceil" {
				c.RoundedIAT = c.RoundedIAT || slices.ContainsFunc(x.Args, func(a jsread.Expr) bool { return mentionsName(a, "Date", 6) })
			}
		}
	}
	c.JSONBody = c.JSONBody || p.mayParse(s)
	c.BodyRead = !c.JSONBody && readsBody(s)
	c.Guards = p.guardsOf(s)
}
