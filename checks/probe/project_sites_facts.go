package probe

import (
	"slices"
	"strings"

	"badsig/checks/probe/jsread"
)

// describeSite writes what is known of a site before the ways to it are.
func (p *project) describeSite(s *site) Site {
	c := s.call
	out := Site{Callee: s.how, Language: "js", Place: Place{s.mod.rel, c.Line}, Package: s.mod.pkg.dir, Server: -1, Runs: IsAssumed, User: User{Known: IsAssumed}, Complete: true}
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
		switch lastName(e.Text) {
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
func linksOf(u *use) []Link {
	if u == nil {
		return nil
	}
	var out []Link
	for i, l := range u.leaves {
		x := Link{Name: l.text, Value: -1, Known: IsRead, Place: Place{u.mod.rel, u.line}}
		if l.mod != nil {
			x.Place = Place{l.mod.rel, l.line}
		}
		switch l.kind {
		case leafEnv:
			x.Env = true
		case leafLiteral:
			x.Name, x.Value = l.name, u.ids[i]
		case leafUndefined:
			continue
		default:
			x.Known, x.Name = IsAssumed, ""
		}
		out = append(out, x)
	}
	return out
}

func claimOf(m *module, name string, e jsread.Expr) Claim {
	c := Claim{Name: name, Text: shortText(e, 4), Place: Place{m.rel, e.Line}}
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
func (p *project) addEntry(s *site, e entry, r reaching) {
	if len(p.entries) >= 200 {
		return
	}
	e.Site = s.fact
	e.Server = -1
	user := r.user
	if user.fn != nil && e.f.fn == user.fn {
		user.user = p.requestMember(e, user)
		user.fn = nil
	}
	p.readRequest(&e)
	p.readGuards(&e)
	p.readEffects(&e, r)
	end := p.ask()
	p.readWraps(s, &e, r)
	end()
	fact := &p.facts.Sites[s.fact]
	if fact.User.From == "" && user.fn == nil {
		fact.User = user.user
	}
	fact.Runs = IsRead
	s.runs = true
	p.entries = append(p.entries, &e)
}

// settleEntries writes the entries into the facts, the likeliest first, once
// the servers have their places.
func (p *project) settleEntries() {
	slices.SortStableFunc(p.entries, func(a, b *entry) int { return b.weight() - a.weight() })
	for _, e := range p.entries {
		if e.server != nil {
			e.Server = e.server.fact
			if s := &p.facts.Sites[e.Site]; s.Server < 0 {
				s.Server = e.Server
			}
		}
		if dup := slices.ContainsFunc(p.facts.Entries, func(x Entry) bool {
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
	n := map[string]int{EntryHTTP: 60, EntryLogin: 50, EntryAction: 40, EntryTRPC: 38, EntryGraphQL: 36, EntryCallable: 34, EntryLoader: 30, EntryScript: 5}[e.Kind]
	if e.Known == IsAssumed {
		n -= 10
	}
	if e.Kind == EntryHTTP {
		n += max(0, min(9, routeScore(Route{Method: e.Method, Path: e.Path})))
	}
	return n
}
