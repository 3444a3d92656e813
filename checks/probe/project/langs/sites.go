package langs

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/langread/flow"
	"badsig/checks/probe/project/picture"
	"badsig/checks/probe/project/sites"
)

// langSites writes the signing sites and the ways to them.
func langSites(p *picture.Reader, o *picture.OtherProgram) {
	for i, s := range o.Prog.Sites {
		if i >= 12 {
			break
		}
		secret, links, sure := langReads(p, o, s.Secret, facts.WhatSecret)
		key, keyLinks, _ := langReads(p, o, s.Key, facts.WhatKey)
		site := facts.Site{Callee: s.Callee, Language: o.Lang, Place: facts.Place{File: s.File, Line: s.Line}, Package: o.Root, Server: o.Fact, Runs: facts.IsAssumed, Secret: links, Key: keyLinks,
			User: langUser(s), Complete: sure && s.User.Kind != flow.Unknown}
		site.Made = site.Place
		if at := s.Made; at.File != "" {
			site.Made = facts.Place{File: at.File, Line: at.Line}
		}
		if len(links) == 0 || !sure {
			site.Unread = append(site.Unread, "secret")
		}
		if s.User.Kind == flow.Unknown {
			site.Unread = append(site.Unread, "payload")
		}
		if s.User.Kind == flow.Unknown && len(s.User.Links) == 0 && !s.Open && sure && len(s.Claims) > 0 && s.Claim("user_id") == nil {
			site.Complete = true // every claim was read, and none is the user
		}
		for _, c := range s.Claims {
			site.Claims = append(site.Claims, facts.Claim{Name: c.Name, Text: c.Text, Unit: c.Unit, Place: facts.Place{File: c.File, Line: c.Line}})
		}
		if s.Alg != nil {
			site.Algorithm = &facts.Claim{Name: s.Alg.Name, Text: s.Alg.Text, Place: facts.Place{File: s.Alg.File, Line: s.Alg.Line}}
		}
		for _, w := range s.Wraps {
			site.Wraps = append(site.Wraps, facts.Wrap{How: w.How, As: w.As, Place: facts.Place{File: w.File, Line: w.Line}})
		}
		if len(s.Routes) > 0 {
			site.Runs = facts.IsRead
		}
		for _, l := range links { // part of a file on the way wasn't understood
			sure = sure && !facts.OneOf(o.Prog.Broken, l.File)
		}
		at := len(p.Facts.Sites)
		o.Sites = append(o.Sites, picture.LangSite{Fact: at, Secret: secret, Key: key, Chain: sure && s.Sure})
		if i == 0 {
			o.Code.SecretRead, o.Code.KeyRead, o.Chain = secret, key, sure && s.Sure
			o.Code.File, o.Code.Line = s.File, s.Line
		}
		p.Facts.Sites = append(p.Facts.Sites, site)
		for j := range s.Routes {
			if j < 8 {
				p.Facts.Entries = append(p.Facts.Entries, langEntry(p, o, s, &s.Routes[j], at))
			}
		}
	}
}

func langUser(s *flow.Site) facts.User {
	u := facts.User{Known: facts.IsRead, Name: s.User.Name}
	switch s.User.Kind {
	case flow.FromBody:
		u.From = "body"
	case flow.FromQuery:
		u.From = "query"
	case flow.FromPath:
		u.From = "path"
	case flow.FromSession:
		u.From = "session"
	case flow.FromLiteral:
		u.From, u.Name = "constant", s.User.Text
	default:
		u.Known = facts.IsAssumed
	}
	if s.User.Guess {
		u.Known = facts.IsAssumed
	}
	if n := len(s.User.Links); n > 0 {
		u.Place = facts.Place{File: s.User.Links[n-1].File, Line: s.User.Links[n-1].Line}
	}
	return u
}

func langEntry(p *picture.Reader, o *picture.OtherProgram, s *flow.Site, r *flow.Route, site int) facts.Entry {
	file, line := r.Handler()
	e := facts.Entry{Kind: facts.EntryHTTP, Method: r.Method, Path: r.Path, Fields: r.Fields, Params: r.Query, Place: facts.Place{File: file, Line: line}, Site: site, Server: o.Fact, Known: facts.IsRead}
	if !r.Sure {
		e.Known = facts.IsAssumed
	}
	if r.Reply.File != "" {
		e.Reply = facts.Place{File: r.Reply.File, Line: r.Reply.Line}
	}
	e.Answer, e.GivesAll = r.Answer, r.GivesAll
	for _, g := range r.Gives {
		e.Gives = append(e.Gives, facts.Gift{Field: g.Field, How: g.How, As: g.As, Place: facts.Place{File: g.File, Line: g.Line}})
	}
	if len(s.Routes) == 1 {
		e.User = langUser(s)
		if s.User.Loose {
			e.User.Known = facts.IsAssumed
		}
		if at := s.User.Declared; at.File != "" {
			e.User.Place = facts.Place{File: at.File, Line: at.Line}
		}
	}
	for _, g := range r.Guards {
		x := facts.Guard{Status: g.Status, File: g.File, Line: g.Line, More: g.What == ""}
		if g.What == "login" {
			x.Headers = []string{"authorization", "cookie"}
			e.Session = "Authorization"
		}
		e.Guards = append(e.Guards, x)
	}
	if s.User.Kind == flow.FromSession && e.Session == "" {
		e.Session = "Authorization"
	}
	for _, w := range r.Writes {
		e.Writes = append(e.Writes, facts.Place{File: w.File, Line: w.Line})
	}
	for _, w := range r.Calls {
		e.Calls = append(e.Calls, facts.Place{File: w.File, Line: w.Line})
	}
	if (sites.LoginPath(e.Path) || affix.Contains(strings.ToLower(e.Path), "password") || facts.OneOf(e.Fields, "password")) && e.Method != "GET" { // what the body holds isn't always read
		e.Kind = facts.EntryLogin
	}
	return e
}
