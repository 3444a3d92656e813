package project

import (
	"maps"
	"slices"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/names"
	"badsig/checks/probe/project/picture"
)

// appMakers make the object that middleware is added to.
var appMakers = names.Words("express", "fastify", "Fastify", "new Hono", "new Koa", "new Elysia", "polka", "restify.createServer", "new Application", "createApp", "NestFactory.create")

// appPlace finds where a server's app adds its first middleware or route: the
// line before which a middleware goes. Only the module that makes the app has it;
// a router's module doesn't.
func appPlace(p *picture.Reader, s *picture.Server) (name, maker string, at facts.Place) {
	mods := s.Mods
	if s.Entry != nil {
		mods = append([]*modules.Module{s.Entry}, mods...)
	}
	for _, m := range mods {
		for _, n := range slices.Sorted(maps.Keys(m.Consts)) {
			x := m.Consts[n]
			root := x
			for root.On() != nil { // express().use(cors())
				root = *root.On()
			}
			if root.Kind != jsread.CallExpr || !appMakers[root.Text] || root.Text == "express" && !modules.ImportsFrom(m, "express", "express") {
				continue
			}
			if x.On() != nil {
				return n, root.Text, facts.Place{File: m.Rel, Line: max(x.Line, root.Line)}
			}
			first := facts.Place{File: m.Rel, Line: 0}
			for _, list := range [][]jsread.Call{m.Calls, m.Others} {
				for _, c := range list {
					on, method, _ := affix.Cut(c.Callee, ".")
					if on == n && appMethods[method] && (first.Line == 0 || c.Line < first.Line) {
						first.Line = c.Line
					}
				}
			}
			if first.Line > 0 {
				return n, root.Text, first
			}
		}
	}
	for _, m := range mods { // a class's own app gets its middleware right after it is made, wherever its routes are added
		for _, f := range m.Assigned {
			if maker := f.Expr.Text; f.Object == "this" && f.Expr.Kind == jsread.CallExpr && f.Expr.On() == nil && appMakers[maker] && (maker != "express" || modules.ImportsFrom(m, "express", "express")) {
				return "this." + f.Name, maker, facts.Place{File: m.Rel, Line: f.Line + 1}
			}
		}
	}
	for _, m := range mods {
		if modules.ImportsFrom(m, "NestFactory", "@nestjs/core") { // its app is made in a function
			return "", "NestFactory.create", facts.Place{}
		}
	}
	return "", "", facts.Place{}
}

var appMethods = names.Words("use", "get", "post", "put", "all", "route", "register", "listen", "enableCors", "set", "disable", "enable", "on", "plugin")
