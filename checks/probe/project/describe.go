package project

import (
	"slices"
	"sort"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/loopback"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/names"
	"badsig/checks/probe/project/langs"
	"badsig/checks/probe/project/picture"
	"badsig/checks/probe/project/servers"
	"badsig/checks/probe/project/sites"
	"badsig/checks/probe/project/values"
	"badsig/checks/tools"
)

// maxServers bounds the programs of a project that are described, the best first.
const maxServers = 100

// describeServers writes what was found of each server into the facts, the
// likeliest token server first.
func describeServers(p *picture.Reader) {
	type ranked struct {
		s     *picture.Server
		code  facts.ServerCode
		score int
	}
	var all []ranked
	for _, s := range p.Servers {
		s.Routes = servers.RoutesOf(p, s)
	}
	sites.FindSites(p)
	for _, s := range p.Servers {
		s.Sign = servers.BestUse(p, s, facts.WhatSecret)
		s.Key = servers.BestUse(p, s, facts.WhatKey)
		code := describeServer(p, s)
		score := 0
		if s.Sign != nil {
			score += 10 + s.Sign.Score
		}
		if len(s.Routes) > 0 {
			score += picture.RouteScore(s.Routes[0].Route)
		}
		for _, m := range s.Mods {
			if m.Streamish() {
				score += 2
				break
			}
		}
		all = append(all, ranked{s, code, score})
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].score > all[j].score })
	p.Servers = p.Servers[:0]
	for _, r := range all[min(len(all), maxServers):] {
		if r.s.Entry != nil {
			p.NotRead = append(p.NotRead, r.s.Entry.Rel)
		}
	}
	all = all[:min(len(all), maxServers)]
	for i, r := range all {
		r.s.Fact = i
		p.Servers = append(p.Servers, r.s)
		p.Facts.Servers = append(p.Facts.Servers, r.code)
	}
	sites.SettleEntries(p)
	for _, m := range p.SortedMods() {
		if m.Unused {
			continue
		}
		for _, c := range m.Calls {
			if len(p.Facts.Calls) >= 200 {
				return
			}
			if values.StreamClient(p, m, c) || notableCalls[facts.LastName(c.Callee)] {
				callee := c.Callee
				if c.New {
					callee = "new " + callee
				}
				id := connectedForm(p, m, c)
				of, ofLine := namedBehind(p, m, c)
				p.Facts.Calls = append(p.Facts.Calls, facts.StreamCall{Callee: callee, Args: len(c.Args), Role: m.Role, File: m.Rel, Line: c.Line, NoToken: withoutToken(p, m, c), Sent: sendsID(p, m, c), OwnID: makesID(p, m, c), As: connectsAs(p, m, c), AsOf: of, AsLine: ofLine, AsText: connectsAsText(p, m, c), Varies: id.Of != "" && id.Text == "", ID: id})
			}
		}
	}
}

var notableCalls = names.Words("sign", "devToken", "createToken", "generateUserToken", "generatePermanentUserToken", "createUserToken", "createUserSessionToken",
	"connectUser", "setUser", "upsertUser", "upsertUsers", "updateUser", "updateUsers", "partialUpdateUser", "queryUsers", "queryChannels", "getOrCreate", "connectAnonymousUser", "setGuestUser", "useCreateChatClient", "StreamVideoClient", "getOrCreateInstance", "SignJWT")

func describeServer(p *picture.Reader, s *picture.Server) facts.ServerCode {
	c := facts.ServerCode{Dir: s.Dir, Start: servers.StartCommand(s), Loader: "none", Open: s.Local.Port == 0 && servers.OpenMounts(p, s)}
	c.Alters, c.Reshapes = servers.Alters(p, s)
	if s.Entry != nil {
		c.Entry, c.File, c.Line = s.Entry.Rel, s.Entry.Rel, 1
	}
	name, maker, app := appPlace(p, s)
	c.App, c.AppMaker, c.AppFile, c.AppLine = name, maker, app.File, app.Line
	sort.SliceStable(s.Routes, func(i, j int) bool {
		return picture.RouteScore(s.Routes[i].Route) > picture.RouteScore(s.Routes[j].Route)
	})
	for i, r := range s.Routes {
		if i < facts.MostRoutes {
			if r.Mod != nil {
				r.Modified = r.Mod.Modified
			}
			c.Routes = append(c.Routes, r.Route)
		}
	}
	if len(s.Routes) > 0 && picture.RouteScore(s.Routes[0].Route) > 0 {
		c.File, c.Line = s.Routes[0].File, s.Routes[0].Line
	} else if s.Sign != nil {
		c.File, c.Line = s.Sign.Mod.Rel, s.Sign.Line
	}
	for i, l := range s.Loads {
		if i == 0 {
			c.Loader = l.Kind
		}
		c.Override = c.Override || l.Override
		if len(l.Paths) == 0 {
			c.LoaderPaths = append(c.LoaderPaths, "")
		}
		for _, lp := range l.Paths {
			rel := values.FillPath(s, lp.Rel)
			if !lp.CWD {
				rel = langs.RelativeTo(s.Dir, rel)
			}
			c.LoaderPaths = append(c.LoaderPaths, rel)
		}
	}
	c.Ports = servers.ServerPorts(p, s)
	if s.Sign != nil {
		c.SecretRead = readsOf(s.Sign)
		for _, l := range s.Sign.Leaves {
			c.RandomSecret = c.RandomSecret || l.Random
		}
	}
	if s.Key != nil {
		c.KeyRead = readsOf(s.Key)
	}
	middleware(p, s, &c)
	return c
}

func readsOf(u *picture.Use) []facts.Read {
	var out []facts.Read
	for i, l := range u.Leaves {
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
			r.Value = u.Ids[i]
		default:
			continue
		}
		out = append(out, r)
	}
	return out
}

// optionLine is the line of an option in the object that is passed to a call; 0 for none.
func optionLine(c jsread.Call, option string) int {
	for _, a := range c.Args {
		if i := slices.Index(a.Keys(), option); i >= 0 && a.Kind == jsread.Object {
			return a.Parts[i].Line
		}
	}
	return 0
}

// middleware reads what else decides about a request.
func middleware(p *picture.Reader, s *picture.Server, c *facts.ServerCode) {
	c.JSONBody = tools.Of(s.Frame).Body
	for _, m := range s.Mods {
		for _, i := range m.Imports {
			switch i.From {
			case "fastify", "hono", "@nestjs/core", "elysia", "h3", "@hapi/hapi":
				c.JSONBody = true
			case "koa-bodyparser", "koa-body", "@koa/bodyparser", "body-parser", "express-json":
				c.JSONBody = c.JSONBody || servers.ParsesJSON(m, i)
			case "cors", "@fastify/cors", "hono/cors", "@koa/cors", "koa2-cors", "fastify-cors", "@elysiajs/cors":
				c.CORS = true
			}
		}
		for _, x := range m.Calls {
			switch n := facts.LastName(x.Callee); {
			case x.Callee == "express.json" || n == "json" && x.On != nil && facts.LastName(x.On.Text) == "require" || n == "json" && affix.Contains(strings.ToLower(x.Callee), "bodyparser") || x.Callee == "json" && modules.ImportsFrom(m, "json", "express", "body-parser"):
				c.JSONBody = true
			case n == "cors", n == "enableCors", n == "register" && len(x.Args) > 1 && servers.NamesCORS(&x.Args[0]):
				c.CORS = true
				if c.CORSFile == "" {
					c.CORSFile, c.CORSLine = m.Rel, x.Line
					c.CORSOrigin, c.CORSCookies = optionLine(x, "origin"), optionLine(x, "credentials")
				}
			case (n == "setHeader" || n == "header" || n == "set" || n == "append") && len(x.Args) > 0 && strings.EqualFold(x.Args[0].Text, "Access-Control-Allow-Origin"):
				c.CORS = true
				if c.CORSFile == "" {
					c.CORSFile, c.CORSLine = m.Rel, x.Line
				}
			}
		}
		c.Pages = c.Pages || m.Mentions("tatic") || m.Mentions("sendFile") || m.Mentions("vite")
		for _, x := range m.Calls {
			if x.Callee == "Math.round" || x.Callee == "Math.ceil" {
				c.RoundedIAT = c.RoundedIAT || affix.Any(x.Args, func(a jsread.Expr) bool { return sites.MentionsName(a, "Date", 6) })
			}
		}
	}
	c.CORSLacks = corsLacks(p, s, c)
	c.JSONBody = c.JSONBody || servers.MayParse(p, s)
	c.BodyRead = !c.JSONBody && servers.ReadsBody(s)
	c.Guards = servers.GuardsOf(p, s)
}

// corsLacks is what a server surely lets no page of another origin do.
func corsLacks(p *picture.Reader, s *picture.Server, c *facts.ServerCode) string {
	a := servers.Allowed(p, s)
	if a.OK {
		c.CORSOnly, c.CORSOnlyLine = a.Origins, a.At.Line
		if a.At.File != c.CORSFile {
			c.CORSOnlyFile = a.At.File
		}
	}
	origin, host, port := "", "", 0
	if len(a.Origins) == 1 {
		origin = a.Origins[0]
		host, port = loopback.HostPort(origin)
	}
	switch own := func(x facts.Port) bool { return x.Port == port && x.Known().Sure() }; {
	case !c.Open && servers.Shut(p, s):
		return "all"
	case a.OK && origin != "" && len(c.Ports) == 1 && own(c.Ports[0]) && loopback.LocalHost(host):
		return "origin"
	case a.OK && origin != "" && !a.Cookies:
		return "cookies"
	}
	return ""
}
