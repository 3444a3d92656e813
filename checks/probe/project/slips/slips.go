// Package slips finds the lines of a server's own source because of which it makes no token, or one without its user.
package slips

import (
	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
	"badsig/checks/probe/project/servers"
	"badsig/checks/probe/project/sites"
)

// Rules of this file:
//   - a slip is told where every step from the request to it was read; what a package of others may do says nothing
//   - what the code handles itself (a default, another call that gives the shared client its secret) is right
//   - a parser that is added after a route never runs for it

// finder collects what is found.
type finder struct {
	*picture.Reader
	e *picture.Entry // the way to a signing call that is looked at
}

// Find looks at the clients of the signing calls, and at the ways to them.
func Find(p *picture.Reader) {
	for _, s := range p.Sites {
		if s.Runs && !s.Mod.Aside() && s.KeyUse != nil && s.Secret.E.Kind == jsread.None {
			noSecret(p, s)
		}
		if s.Runs && noReturn(p, s) {
			found(p, s.Fact, facts.SlipNoReturn, s.Mod.Around(s.Call.Scope).Name, s.Mod, s.Call.Line)
		}
		u, name := &p.Facts.Sites[s.Fact].User, facts.LastName(s.How)
		if s.SDK && (name == "generateUserToken" || name == "generateCallToken") && s.Payload.E.Kind == jsread.None &&
			u.Known.Sure() && u.From != sites.FromConstant && facts.HasID([]string{u.Name}) && !u.Text {
			found(p, s.Fact, facts.SlipNeedsMap, name, s.Mod, s.Call.Line).Want = facts.LastName(u.Name)
		}
	}
	for _, e := range p.Entries {
		if f := (&finder{p, e}); e.Site >= 0 && e.F.Fn != nil && e.Known.Sure() {
			f.required()
			f.document()
			if e.User.From == sites.FromBody && e.ServerOf != nil && e.Typed {
				f.late()
			}
		}
	}
}

// found files one.
//
//go:noinline
func found(p *picture.Reader, site int, kind, got string, m *modules.Module, line int) *facts.Slip {
	p.Facts.Slips = append(p.Facts.Slips, facts.Slip{Kind: kind, Got: got, Site: site, Place: facts.Place{File: m.Rel, Line: line}})
	return &p.Facts.Slips[len(p.Facts.Slips)-1]
}

// noSecret tells a client of Stream's that is made with the key alone, where no other call of the package gives the
// shared client its secret.
func noSecret(p *picture.Reader, s *picture.Site) {
	h := s.KeyUse
	shared := !affix.HasPrefix(h.How, "new ")
	for i := range p.Uses {
		if u := &p.Uses[i]; shared && u.What == facts.WhatSecret && !u.Foreign && u.Mod.Pkg == h.Mod.Pkg {
			return
		}
	}
	found(p, s.Fact, facts.SlipNoSecret, affix.TrimPrefix(h.How, "new "), h.Mod, h.Line)
}

// late tells a parser of JSON that the app gets after the route, or after the router that has it.
func (f *finder) late() {
	var parser, way *jsread.Call
	var in *modules.Module
	app, made := "", 0
	for _, m := range f.e.ServerOf.Mods {
		modules.VisitCalls(m, func(c *jsread.Call) {
			if facts.OneOf(parsers, c.Callee) {
				made++ // also one that a variable keeps for single routes
			}
			if !parses(c) {
				return
			}
			if made--; parser == nil || in == m && c.At < parser.At {
				app, _ = modules.Receiver(c.Callee)
				parser = c
			}
			if in != nil && in != m || facts.LastName(c.Callee) != "use" || !m.Strict {
				made = 1 << 20 // several, or those of single routes
			}
			in = m
		})
	}
	if made != 0 || parser == nil {
		return
	}
	modules.VisitCalls(in, func(c *jsread.Call) {
		on, name := modules.Receiver(c.Callee)
		if on == app && c.Scope == parser.Scope && (way == nil || c.At > way.At) && f.leads(in, c, name) {
			way = c
		}
	})
	if way != nil && way.At < parser.At {
		found(f.Reader, f.e.Site, facts.SlipLate, parser.Callee, in, parser.Line)
	}
}

// parsers are the calls that make one.
var parsers = []string{"express.json", "bodyParser.json", "bodyParser", "json"}

// leads reports a call that adds the route, or the router that has it.
func (f *finder) leads(in *modules.Module, c *jsread.Call, name string) bool {
	if in.Rel == f.e.File {
		return c.Line == f.e.Line && servers.RouteMethods[name] != ""
	}
	for i := range c.Args {
		if t := servers.ImportedAs(f.Reader, in, c.Args[i].Text); name == "use" && t != nil && t.Rel == f.e.File {
			return true
		}
	}
	return false
}

// parses reports app.use(express.json()) and its like.
//
//go:noinline
func parses(c *jsread.Call) bool {
	for i := range c.Args {
		if a := &c.Args[i]; a.Kind == jsread.CallExpr && facts.OneOf(parsers, a.Text) {
			return true
		}
	}
	return false
}

// required lists the fields without which the handler rejects a request: if (!name) return res.status(400).
func (f *finder) required() {
	m, in := f.e.F.Mod, f.e.F.Fn.Own
	for k := range m.Ifs {
		i := &m.Ifs[k]
		without, with := false, false
		modules.VisitCalls(m, func(c *jsread.Call) {
			if jsread.Inside(&m.Module, c.Scope, in) && servers.StatusOf(c.Callee, c.Args)/100 == 4 {
				without = without || c.At > i.From && c.At <= i.To+1
				with = with || c.At > i.ElseFrom && c.At <= i.ElseTo+1
			}
		})
		for k := range m.Ifs {
			if o := &m.Ifs[k]; o.From < i.From && i.To <= max(o.To, o.ElseTo) {
				without, with = false, false // it may not be reached
			}
		}
		if without || with {
			f.lacking(i, &i.Cond, !without, 6)
		}
	}
}

var (
	givesBody = []string{"json", "readBody", "readJSON", "parse", "parseAsync"}
	verdicts  = []string{"success", "error", "errors", "data", "ok", "valid", "isValid", "issues"} // of a validator, not of the request
)

// lacking finds the names of which one that is empty makes a condition hold; where not is set, makes it fail.
func (f *finder) lacking(i *jsread.If, e *jsread.Expr, not bool, depth int) {
	switch {
	case depth == 0:
	case e.Kind == jsread.Other && e.Text == "!" && len(e.Parts) == 1:
		f.lacking(i, &e.Parts[0], !not, depth-1)
	case e.Kind == jsread.Ident && not:
		head, _, _ := affix.Cut(e.Text, ".")
		name := facts.LastName(e.Text)
		x, _, _ := jsread.Held(&f.e.F.Mod.Module, i.Scope, head)
		checked := x.Kind == jsread.CallExpr && !facts.OneOf(givesBody, facts.LastName(x.Text)) || facts.OneOf(verdicts, name) // parsed.success of schema.safeParse(body)
		if x.Kind != jsread.Either && !checked && facts.OneOf(f.e.Fields, name) {                                              // no default
			found(f.Reader, f.e.Site, facts.SlipRequires, name, f.e.F.Mod, i.Line).Way = f.e.Place
		}
	case e.Kind == jsread.Either && (e.Text == "||" && !not || e.Text == "&&" && not):
		if on := e.On(); on != nil {
			f.lacking(i, on, not, depth-1)
		}
		for k := range e.Parts {
			f.lacking(i, &e.Parts[k], not, depth-1)
		}
	}
}
