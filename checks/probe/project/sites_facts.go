package project

import (
	"slices"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
)

// describeSite writes what is known of a site before the ways to it are.
func (p *Reader) describeSite(s *site) facts.Site {
	c := s.call
	out := facts.Site{Callee: s.how, Language: "js", Place: facts.Place{File: s.mod.Rel, Line: c.Line}, Package: s.mod.Pkg.Dir, Server: -1, Runs: facts.IsAssumed, User: facts.User{Known: facts.IsAssumed}, Complete: true}
	unread := func(what string) {
		out.Complete = false
		if !slices.Contains(out.Unread, what) {
			out.Unread = append(out.Unread, what)
		}
	}
	if out.Secret = linksOf(s.use); len(out.Secret) == 0 {
		unread("secret")
	}
	out.Key = linksOf(s.keyUse)
	if s.payload.Kind == jsread.Object {
		for i, k := range s.payload.Keys {
			if k == "" {
				unread("payload")
				continue
			}
			out.Claims = append(out.Claims, claimOf(s.mod, k, s.payload.Parts[i]))
		}
	} else if !s.stream || s.payload.Kind != "" {
		unread("payload")
	}
	if s.stream && s.payload.Kind == "" { // createToken(userId, exp, iat)
		out.Claims = append(out.Claims, claimOf(s.mod, "user_id", s.user))
		for i, name := range []string{"exp", "iat"} {
			if i+1 < len(c.Args) {
				out.Claims = append(out.Claims, claimOf(s.mod, name, c.Args[i+1]))
			}
		}
	}
	if o := p.objectBehind(s.mod, c.Scope, s.options); o.Kind == jsread.Object {
		for i, k := range o.Keys {
			x := claimOf(s.mod, k, o.Parts[i])
			if k == "algorithm" || k == "alg" {
				out.Algorithm = &x
			}
			out.Claims = append(out.Claims, x)
		}
	}
	for e := c.On; e != nil && !s.stream; e = e.On { // jose's chain
		if len(e.Parts) == 0 {
			continue
		}
		switch facts.LastName(e.Text) {
		case "setProtectedHeader":
			for i, k := range e.Parts[0].Keys {
				if k == "alg" {
					x := claimOf(s.mod, "algorithm", e.Parts[0].Parts[i])
					out.Algorithm = &x
				}
			}
		case "setExpirationTime":
			out.Claims = append(out.Claims, claimOf(s.mod, "exp", e.Parts[0]))
		case "setIssuedAt":
			out.Claims = append(out.Claims, claimOf(s.mod, "iat", e.Parts[0]))
		case "setSubject":
			out.Claims = append(out.Claims, claimOf(s.mod, "sub", e.Parts[0]))
		}
	}
	return out
}

// linksOf is the way from a call's argument to variables and literals.
func linksOf(u *use) []facts.Link {
	if u == nil {
		return nil
	}
	var out []facts.Link
	for i, l := range u.leaves {
		x := facts.Link{Name: l.Text, Value: -1, Known: facts.IsRead, Place: facts.Place{File: u.mod.Rel, Line: u.line}}
		if l.Mod != nil {
			x.Place = facts.Place{File: l.Mod.Rel, Line: l.Line}
		}
		switch l.Kind {
		case modules.LeafEnv:
			x.Env = true
		case modules.LeafLiteral:
			x.Name, x.Value = l.Name, u.ids[i]
		case modules.LeafUndefined:
			continue
		default:
			x.Known, x.Name = facts.IsAssumed, ""
		}
		out = append(out, x)
	}
	return out
}

func claimOf(m *modules.Module, name string, e jsread.Expr) facts.Claim {
	c := facts.Claim{Name: name, Text: shortText(e, 4), Place: facts.Place{File: m.Rel, Line: e.Line}}
	switch name {
	case "exp", "iat", "nbf", "expiresIn", "validity_in_seconds", "notBefore":
		c.Unit = unitOf(e)
	}
	return c
}

// shortText is an expression's text as far as it holds nothing secret.
func shortText(e jsread.Expr, depth int) string {
	if depth == 0 {
		return "…"
	}
	join := func(sep string) string {
		var parts []string
		for _, x := range e.Parts {
			parts = append(parts, shortText(x, depth-1))
		}
		return strings.Join(parts, sep)
	}
	text := ""
	switch e.Kind {
	case jsread.Literal:
		if len(e.Text) > 40 {
			return "…"
		}
		text = e.Text
	case jsread.Number, jsread.Ident:
		text = e.Text
	case jsread.Env:
		text = "process.env." + e.Text
	case jsread.CallExpr:
		text = e.Text + "(" + join(", ") + ")"
	case jsread.Wrapped:
		text = e.Text + "(" + join(", ") + ")"
		if strings.HasPrefix(e.Text, ".") {
			text = join("") + e.Text
		}
	case jsread.Template:
		text = join(" + ")
	case jsread.Other:
		if text = join(" " + e.Text + " "); len(e.Parts) == 1 {
			text = e.Text + text
		}
	case jsread.Either:
		text = join(" " + e.Text + " ")
	default:
		return "…"
	}
	if len(text) > 80 {
		return "…"
	}
	return text
}

// unitOf tells the unit of a time as it is written.
func unitOf(e jsread.Expr) string {
	switch {
	case e.Kind == jsread.Literal:
		return "duration"
	case mentionsName(e, "Date", 6) && !dividesBy1000(e, 6):
		return "milliseconds"
	case mentionsName(e, "Date", 6):
		return "seconds"
	}
	return ""
}

func mentionsName(e jsread.Expr, name string, depth int) bool {
	if depth == 0 {
		return false
	}
	if (e.Kind == jsread.Ident || e.Kind == jsread.CallExpr) && (e.Text == name || e.Text == "new "+name || strings.HasPrefix(e.Text, name+".") || strings.HasPrefix(e.Text, "new "+name+"(")) {
		return true
	}
	for _, x := range e.Parts {
		if mentionsName(x, name, depth-1) {
			return true
		}
	}
	return e.On != nil && mentionsName(*e.On, name, depth-1)
}

func dividesBy1000(e jsread.Expr, depth int) bool {
	if depth == 0 {
		return false
	}
	if e.Kind == jsread.Other && e.Text == "/" && len(e.Parts) == 2 && (e.Parts[1].Text == "1000" || e.Parts[1].Text == "1e3") {
		return true
	}
	for _, x := range e.Parts {
		if dividesBy1000(x, depth-1) {
			return true
		}
	}
	return false
}

// addEntry files a way to a site.
func (p *Reader) addEntry(s *site, e entry, r reaching) {
	if len(p.entries) >= 200 {
		return
	}
	e.Site = s.fact
	e.Server = -1
	user := r.user
	if user.fn != nil && e.f.Fn == user.fn {
		user.user = p.requestMember(e, user)
		user.fn = nil
	}
	p.readRequest(&e)
	p.readGuards(&e)
	p.readEffects(&e, r)
	if user.user.From == FromSession && e.Session == "" && e.f.Fn != nil {
		g := &guarding{p: p, e: &e, seen: map[fnKey]bool{}}
		if e.Session = g.readsOf(e.f, 2).session; e.Session == "" {
			e.Session = "session"
		}
	}
	if e.style == "callable" && e.Session == "session" {
		e.Session = "firebase"
	}
	end := p.Ask()
	p.readWraps(s, &e, r)
	end()
	fact := &p.facts.Sites[s.fact]
	if fact.User.From == "" && user.fn == nil {
		fact.User = user.user
	}
	e.User = user.user
	fact.Runs = facts.IsRead
	s.runs = true
	p.entries = append(p.entries, &e)
}

// settleEntries writes the entries into the facts, the likeliest first, once
// the servers have their places.
func (p *Reader) settleEntries() {
	slices.SortStableFunc(p.entries, func(a, b *entry) int { return b.weight() - a.weight() })
	for _, e := range p.entries {
		if e.server != nil {
			e.Server = e.server.fact
			if s := &p.facts.Sites[e.Site]; s.Server < 0 {
				s.Server = e.Server
			}
		}
		if dup := slices.ContainsFunc(p.facts.Entries, func(x facts.Entry) bool {
			return x.Kind == e.Kind && x.Method == e.Method && x.Path == e.Path && x.File == e.File && x.Site == e.Site
		}); !dup {
			p.facts.Entries = append(p.facts.Entries, e.Entry)
		}
	}
	for i, s := range p.sites {
		if f := &p.facts.Sites[i]; f.Server < 0 {
			if x := p.serverOf(s.mod); x != nil {
				f.Server = x.fact
			}
		}
	}
}

// weight orders entries: what can be requested first.
func (e *entry) weight() int {
	n := map[string]int{facts.EntryHTTP: 60, facts.EntryLogin: 50, facts.EntryAction: 40, facts.EntryTRPC: 38, facts.EntryGraphQL: 36, facts.EntryCallable: 34, facts.EntryLoader: 30, facts.EntryScript: 5}[e.Kind]
	if e.Known == facts.IsAssumed {
		n -= 10
	}
	if e.Kind == facts.EntryHTTP {
		n += max(0, min(9, routeScore(facts.Route{Method: e.Method, Path: e.Path})))
	}
	return n
}
