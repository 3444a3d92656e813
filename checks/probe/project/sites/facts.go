package sites

import (
	"sort"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
	"badsig/checks/probe/project/servers"
)

// describeSite writes what is known of a site before the ways to it are.
func describeSite(p *picture.Reader, s *picture.Site) facts.Site {
	c := s.Call
	out := facts.Site{Callee: s.How, Language: "js", Place: facts.Place{File: s.Mod.Rel, Line: c.Line}, Package: s.Mod.Pkg.Dir, Server: -1, Runs: facts.IsAssumed, User: facts.User{Known: facts.IsAssumed}, Complete: true}
	if s.SDK {
		out.Rounds = roundingSDK(p, s.Mod.Pkg)
	}
	unread := func(what string) {
		out.Complete = false
		if !facts.OneOf(out.Unread, what) {
			out.Unread = append(out.Unread, what)
		}
	}
	if out.Secret = linksOf(s.Use); len(out.Secret) == 0 {
		unread("secret")
	}
	out.Key = linksOf(s.KeyUse)
	if s.Use != nil {
		out.Made = facts.Place{File: s.Use.Mod.Rel, Line: s.Use.Line}
		describeSecret(p, s, &out)
	}
	if s.Payload.E.Kind == jsread.Object {
		list, open := modules.FieldsOf(p.Graph, s.Payload, 4)
		for _, x := range list {
			if s.Stream || x.Key != "expiresIn" && x.Key != "notBefore" { // in a payload they are claims that mean nothing
				out.Claims = append(out.Claims, claimOf(p.Graph, x.Key, x.V))
			}
		}
		if open {
			unread("payload")
		}
	} else if !s.Stream || s.Payload.E.Kind != jsread.None {
		unread("payload")
	}
	if s.Stream && s.Payload.E.Kind == jsread.None { // createToken(userId, exp, iat)
		id := claimOf(p.Graph, "user_id", s.User)
		if payloadBehind(p, s.User, 4).E.Kind == jsread.Object {
			id.Text = "{…}"
		}
		out.Claims = append(out.Claims, id)
		first := 1
		switch facts.LastName(c.Callee) {
		case "createCallToken": // (id, calls, exp, iat)
			first = 2
		case "createUserToken", "createUserSessionToken": // (id, more claims)
			first = len(c.Args)
		}
		for i, name := range []string{"exp", "iat"} {
			if i+first < len(c.Args) {
				out.Claims = append(out.Claims, claimOf(p.Graph, name, s.View(c.Args[i+first])))
			}
		}
	}
	if o := payloadBehind(p, s.Options, 4); o.E.Kind == jsread.Object {
		list, _ := modules.FieldsOf(p.Graph, o, 4)
		for _, f := range list {
			x := claimOf(p.Graph, f.Key, f.V)
			if f.Key == "algorithm" || f.Key == "alg" {
				out.Algorithm = &x
			}
			out.Claims = append(out.Claims, x)
		}
	}
	if s.How == "createHmac" || s.How == "crypto.subtle.sign" {
		describeByHand(p, s, &out)
	}
	for e := c.On; e != nil && !s.Stream; e = e.On() { // jose's chain
		if len(e.Parts) == 0 {
			continue
		}
		switch facts.LastName(e.Text) {
		case "setProtectedHeader":
			for i, k := range e.Parts[0].Keys() {
				if k == "alg" {
					x := claimOf(p.Graph, "algorithm", s.View(e.Parts[0].Parts[i]))
					out.Algorithm = &x
				}
			}
		case "setExpirationTime":
			out.Claims = append(out.Claims, joseTime(p.Graph, "exp", s.View(e.Parts[0])))
		case "setIssuedAt":
			out.Claims = append(out.Claims, joseTime(p.Graph, "iat", s.View(e.Parts[0])))
		case "setNotBefore":
			out.Claims = append(out.Claims, joseTime(p.Graph, "nbf", s.View(e.Parts[0])))
		case "setSubject":
			out.Claims = append(out.Claims, claimOf(p.Graph, "sub", s.View(e.Parts[0])))
		}
	}
	return out
}

// linksOf is the way from a call's argument to variables and literals.
func linksOf(u *picture.Use) []facts.Link {
	if u == nil {
		return nil
	}
	var out []facts.Link
	for i, l := range u.Leaves {
		x := facts.Link{Name: l.Text, Value: -1, Known: facts.IsRead, Place: facts.Place{File: u.Mod.Rel, Line: u.Line}}
		if l.Mod != nil {
			x.Place = facts.Place{File: l.Mod.Rel, Line: l.Line}
		}
		switch l.Kind {
		case modules.LeafEnv:
			x.Env = true
			if l.Name != l.Text {
				x.As = l.Name
			}
		case modules.LeafLiteral:
			x.Name, x.Value = l.Name, u.Ids[i]
		case modules.LeafUndefined:
			continue
		default:
			x.Known, x.Name = facts.IsAssumed, ""
		}
		out = append(out, x)
	}
	return out
}

// addEntry files a way to a site.
func addEntry(p *picture.Reader, s *picture.Site, e picture.Entry, r reaching) {
	if len(p.Entries) >= 200 {
		return
	}
	e.Site = s.Fact
	e.Server = -1
	user := r.user
	if user.fn != nil && e.F.Fn == user.fn {
		was, other := user.user, user
		user.user = requestMember(p, e, user)
		user.fn, user.user.Or, user.user.Made, user.user.Else = nil, was.Or, was.Made, ""
		user.user.Again = was.Again && e.Style == "express" && e.ServerOf != nil && servers.Parsed(e.ServerOf, e.F.Mod)
		if other.member = was.Else; was.Else != "" {
			if u := requestMember(p, e, other); u.From == FromSession {
				user.user.Else = u.Name
			}
		}
		e.Typed = user.user.From == FromBody && e.ServerOf != nil && servers.ParsesTyped(e.ServerOf, e.F.Mod)
	}
	if user.fn != nil && user.param.M != nil { // of a function around the handler: its callers decide
		if o, ok := constantOrigin(p, user.param); ok {
			user = o
		}
	}
	readRequest(p, &e)
	readGuards(p, &e)
	readEffects(p, &e, r)
	if user.user.From == FromSession && e.Session == "" && e.F.Fn != nil {
		g := &guarding{p: p, e: &e, seen: map[picture.FnKey]bool{}}
		if e.Session = g.readsOf(e.F, 2).session; e.Session == "" {
			e.Session = "session"
		}
	}
	if e.Style == "callable" && e.Session == "session" {
		e.Session = "firebase"
	}
	end := p.Ask()
	readWraps(p, s, &e, r)
	readGives(p, s, &e, r)
	end()
	u := &user.user
	u.Text = user.text && !user.parsed && (u.Nothing() || u.From == FromBody && u.Name == "" && u.Known.Sure())
	fact := &p.Facts.Sites[s.Fact]
	if fact.User.From == "" && user.fn == nil {
		fact.User = user.user
	}
	e.User = user.user
	fact.Runs = facts.IsRead
	s.Runs = true
	p.Entries = append(p.Entries, &e)
}

// SettleEntries writes the entries into the facts, the likeliest first, once
// the servers have their places.
func SettleEntries(p *picture.Reader) {
	sort.SliceStable(p.Entries, func(i, j int) bool { return p.Entries[i].Weight() > p.Entries[j].Weight() })
	for _, e := range p.Entries {
		if e.ServerOf != nil {
			e.Server = e.ServerOf.Fact
			if s := &p.Facts.Sites[e.Site]; s.Server < 0 {
				s.Server = e.Server
			}
		}
		if dup := affix.Any(p.Facts.Entries, func(x facts.Entry) bool {
			return x.Kind == e.Kind && x.Method == e.Method && x.Path == e.Path && x.File == e.File && x.Site == e.Site
		}); !dup {
			p.Facts.Entries = append(p.Facts.Entries, e.Entry)
		}
	}
	for i, s := range p.Sites {
		if f := &p.Facts.Sites[i]; f.Server < 0 {
			if x := serverOf(p, s.Mod); x != nil {
				f.Server = x.Fact
			}
		}
	}
}
