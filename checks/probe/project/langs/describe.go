package langs

import (
	"context"
	"path"
	"slices"
	"strings"
	"time"

	"badsig/checks/facts"
	"badsig/checks/probe/files"
	"badsig/checks/probe/langread"
	"badsig/checks/probe/langread/flow"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/names"
	"badsig/checks/probe/project/picture"
	"badsig/checks/probe/project/sites"
	"badsig/checks/probe/project/values"
	"badsig/checks/sanitize"
)

// ReadOtherLanguages writes what was read of backends in other languages into
// the facts: the program, its values, its sites and the ways to them.
func ReadOtherLanguages(p *picture.Reader, ctx context.Context) {
	kept := p.Others[:0]
	for _, o := range p.Others {
		if ctx.Err() != nil {
			return
		}
		if describeOther(p, o) {
			kept = append(kept, o)
		}
	}
	p.Others = kept
	noteUnreadLanguages(p)
}

func describeOther(p *picture.Reader, o *picture.OtherProgram) bool {
	c := &o.Code
	c.Dir, c.Loader, c.JSONBody, c.Language = langFolder(p, o), "none", true, o.Lang
	if len(o.Prog.Frameworks) > 0 {
		c.Framework = o.Prog.Frameworks[0]
	}
	langLiterals(p, o)
	ownEnvironment(p, o)
	o.Fact = len(p.Facts.Servers)
	langSettings(p, o)
	langSites(p, o)
	if s := o.Prog.Client; s != nil {
		secret, _, sure := langReads(p, o, s.Secret, facts.WhatSecret)
		key, _, _ := langReads(p, o, s.Key, facts.WhatKey)
		c.SecretRead, c.KeyRead, o.Chain = secret, key, sure
		c.File, c.Line = s.File, s.Line
	}
	langSecrets(p, o)
	if len(c.SecretRead) == 0 {
		return false
	}
	for _, f := range o.Files {
		c.LoaderPaths = append(c.LoaderPaths, RelativeTo(c.Dir, f.Rel))
		c.Override = c.Override || f.Override
		if c.Loader == "none" {
			c.Loader = f.By
		}
		if e := values.Env(p, f.Rel); e != nil {
			switch e.Role {
			case facts.RoleUnknown:
				setEnvRole(p, e, facts.RoleServer)
			case facts.RoleFront:
				setEnvRole(p, e, facts.RoleShared)
			}
		}
	}
	if len(o.Prog.Mains) > 0 {
		c.Entry = o.Prog.Mains[0].File
	}
	langRoutes(p, o)
	c.Ports = langPorts(p, o)
	c.Start = langStart(p, o)
	if len(o.Prog.CORS) > 0 {
		c.CORS, c.CORSFile, c.CORSLine = true, o.Prog.CORS[0].File, o.Prog.CORS[0].Line
	}
	c.RandomSecret = o.Prog.Random
	p.Facts.Servers = append(p.Facts.Servers, *c)
	return true
}

// Modified is when a source file was changed last.
func Modified(p *picture.Reader, rel string) time.Time {
	if f := p.Files[rel]; f != nil {
		return f.Modified
	}
	return time.Time{}
}

// langLiterals files the keys and secrets that the source holds as texts, and
// those of the small files that it reads.
func langLiterals(p *picture.Reader, o *picture.OtherProgram) {
	at := func(file string, line int) facts.Value {
		return facts.Value{Kind: facts.KindLiteral, Role: facts.RoleServer, File: file, Line: line, Modified: Modified(p, file)}
	}
	for _, l := range o.Prog.Literals {
		c := names.Classify(l.Name)
		if c.What == "" || c.Bare && !values.BareIsStreams(p, c.What, []byte(l.Text)) {
			continue
		}
		v := at(l.File, l.Line)
		v.What, v.Name = c.What, l.Name
		p.Add(v, []byte(l.Text))
	}
	for _, l := range o.Prog.Arguments {
		if is, _ := names.Placeholder(l.Text); !is && values.BareIsStreams(p, facts.WhatSecret, []byte(l.Text)) && !heldAt(p, l.File, l.Line) {
			v := at(l.File, l.Line)
			v.What, v.Name = facts.WhatSecret, "argument"
			p.Add(v, []byte(l.Text))
		}
	}
	for _, r := range o.Prog.Reads {
		c := values.ClassOf(p, r.Name)
		if !r.HasValue || c.What == "" {
			continue
		}
		v := at(r.File, r.Line)
		v.What, v.Name, v.Kind = c.What, r.Name, facts.KindFallback
		p.Add(v, []byte(r.Default))
	}
	for _, l := range o.Prog.Files {
		dirs := []string{files.DirOf(l.File), o.Root, ""}
		if l.Name == "file" {
			dirs = []string{""}
		}
		for _, dir := range dirs {
			rel := path.Join(dir, l.Text)
			if strings.HasPrefix(rel, "..") || path.IsAbs(rel) || files.IsEnvName(path.Base(rel)) || p.Files[rel] != nil {
				continue
			}
			if t, ok := modules.TextFile(p.Graph, rel); ok && values.BareIsStreams(p, facts.WhatSecret, []byte(t.Text)) {
				p.Add(facts.Value{What: facts.WhatSecret, Name: path.Base(rel), Kind: facts.KindConfig, Role: facts.RoleServer, File: rel, Line: 1, Modified: t.Mod.Modified}, []byte(t.Text))
				break
			}
		}
	}
}

// heldAt reports whether a value of this place is filed already.
func heldAt(p *picture.Reader, file string, line int) bool {
	found := false
	p.World.Update(func(f *facts.Facts) {
		found = slices.ContainsFunc(f.Values, func(v facts.Value) bool { return v.File == file && v.Line == line && v.What == facts.WhatSecret })
	})
	return found
}

// langReads turns sources into reads, and files the texts among them.
func langReads(p *picture.Reader, o *picture.OtherProgram, list []flow.Source, what string) (reads []facts.Read, links []facts.Link, sure bool) {
	sure = len(list) > 0
	for _, s := range list {
		at := facts.Place{}
		if n := len(s.Links); n > 0 {
			at = facts.Place{File: s.Links[n-1].File, Line: s.Links[n-1].Line}
		}
		r := facts.Read{Value: -1, File: at.File, Line: at.Line, Transform: s.Transform, IfUnset: s.IfUnset}
		known := facts.IsRead
		if s.Guess {
			known, sure = facts.IsAssumed, false
		}
		switch s.Kind {
		case flow.FromEnv:
			r.Name = s.Name
		case flow.FromLiteral:
			if s.Text == "" && (!inSettings(o, at.File) || slices.ContainsFunc(reads, func(r facts.Read) bool { return r.Value >= 0 })) {
				continue
			}
			name := ""
			for i := len(s.Links) - 1; i >= 0 && name == ""; i-- {
				if c := names.Classify(s.Links[i].Name); c.What != "" {
					name = s.Links[i].Name
				}
			}
			if name == "" && len(s.Links) > 0 {
				name = s.Links[0].Name
			}
			v := facts.Value{What: what, Name: name, Kind: facts.KindLiteral, Role: facts.RoleServer, File: at.File, Line: at.Line, Modified: Modified(p, at.File)}
			switch {
			case p.Files[at.File] != nil && p.Files[at.File].Kind == files.KindConf || strings.HasSuffix(at.File, "bootstrap/cache/config.php"):
				v.Kind = facts.KindConfig
			case s.Fallback:
				v.Kind = facts.KindFallback
				for _, o := range list {
					if o.Kind == flow.FromEnv {
						v.Name = o.Name
						break
					}
				}
			}
			r.Value = p.Add(v, []byte(s.Text))
		default:
			sure = false
			continue
		}
		for i, l := range s.Links {
			x := facts.Link{Name: l.Name, Value: -1, Known: known, Place: facts.Place{File: l.File, Line: l.Line}}
			if i == len(s.Links)-1 {
				x.Name, x.Env, x.Value = r.Name, r.Name != "", r.Value
				if x.Name == "" {
					x.Name = l.Name
				}
			}
			links = append(links, x)
		}
		reads = append(reads, r)
	}
	return reads, links, sure
}

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
			sure = sure && !slices.Contains(o.Prog.Broken, l.File)
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
	if (sites.LoginPath(e.Path) || strings.Contains(strings.ToLower(e.Path), "password") || slices.Contains(e.Fields, "password")) && e.Method != "GET" { // what the body holds isn't always read
		e.Kind = facts.EntryLogin
	}
	return e
}

// langSecrets is for programs whose signing call couldn't be followed: what they
// read under a name of Stream's, or hold.
func langSecrets(p *picture.Reader, o *picture.OtherProgram) {
	c := &o.Code
	var secrets, keys []flow.VarRead
	for _, r := range o.Prog.Reads {
		switch k := names.Classify(r.Name); {
		case k.What == facts.WhatSecret:
			secrets = append(secrets, r)
		case k.What == facts.WhatKey && !k.Bare:
			keys = append(keys, r)
		}
	}
	slices.SortStableFunc(secrets, func(a, b flow.VarRead) int { return bareness(a.Name) - bareness(b.Name) })
	read := func(r flow.VarRead, what string) []facts.Read {
		out := []facts.Read{{Name: r.Name, Value: -1, File: r.File, Line: r.Line}}
		if r.HasValue {
			v := facts.Value{What: what, Name: r.Name, Kind: facts.KindFallback, Role: facts.RoleServer, File: r.File, Line: r.Line, Modified: Modified(p, r.File)}
			out = append(out, facts.Read{Value: p.Add(v, []byte(r.Default)), File: r.File, Line: r.Line})
		}
		return out
	}
	if len(c.KeyRead) == 0 && len(keys) > 0 {
		c.KeyRead = read(keys[0], facts.WhatKey)
	}
	if len(c.SecretRead) > 0 {
		return
	}
	if len(secrets) > 0 {
		c.SecretRead = read(secrets[0], facts.WhatSecret)
		if c.File == "" {
			c.File, c.Line = secrets[0].File, secrets[0].Line
		}
		return
	}
	if len(o.Prog.Ports)+len(o.Prog.Routes) == 0 {
		return
	}
	for _, l := range o.Prog.Literals {
		k := names.Classify(l.Name)
		if k.What != facts.WhatSecret || k.Bare && !values.BareIsStreams(p, k.What, []byte(l.Text)) {
			continue
		}
		v := facts.Value{What: k.What, Name: l.Name, Kind: facts.KindLiteral, Role: facts.RoleServer, File: l.File, Line: l.Line, Modified: Modified(p, l.File)}
		c.SecretRead = []facts.Read{{Value: p.Add(v, []byte(l.Text)), File: l.File, Line: l.Line}}
		c.File, c.Line = l.File, l.Line
		return
	}
}

func bareness(name string) int {
	if names.Classify(name).Bare {
		return 1
	}
	return 0
}

// langRoutes writes the program's routes, the likeliest token endpoint first:
// those that lead to a signing call before all others.
func langRoutes(p *picture.Reader, o *picture.OtherProgram) {
	c := &o.Code
	add := func(r *flow.Route) {
		x := facts.Route{Method: r.Method, Path: r.Path, File: r.File, Line: r.Line}
		if len(c.Routes) < 40 && !slices.Contains(c.Routes, x) {
			c.Routes = append(c.Routes, x)
		}
	}
	for _, s := range o.Prog.Sites {
		own := slices.Clone(s.Routes)
		slices.SortStableFunc(own, func(a, b flow.Route) int {
			return picture.RouteScore(facts.Route{Method: b.Method, Path: b.Path}) - picture.RouteScore(facts.Route{Method: a.Method, Path: a.Path})
		})
		for i := range own {
			add(&own[i])
		}
	}
	rest := slices.Clone(o.Prog.Routes)
	slices.SortStableFunc(rest, func(a, b *flow.Route) int {
		return picture.RouteScore(facts.Route{Method: b.Method, Path: b.Path}) - picture.RouteScore(facts.Route{Method: a.Method, Path: a.Path})
	})
	for _, r := range rest {
		add(r)
	}
	if len(c.Routes) > 0 && len(o.Prog.Sites) > 0 && len(o.Prog.Sites[0].Routes) > 0 {
		c.Guards = nil
		for _, g := range o.Prog.Sites[0].Routes[0].Guards {
			c.Guards = append(c.Guards, facts.Guard{Status: g.Status, File: g.File, Line: g.Line, More: true})
		}
	}
}

// noteUnreadLanguages says which backends there may be that badsig can't read.
func noteUnreadLanguages(p *picture.Reader) {
	seen := map[string]bool{}
	looked := 0
	for i := range p.Tree.Files {
		f := &p.Tree.Files[i]
		name := langread.Unread(path.Ext(f.Rel))
		if f.Kind != files.KindMark || name == "" || seen[name] || files.RoleOfPath(f.Rel) != facts.RoleUnknown || looked > 200 {
			continue
		}
		looked++
		t := strings.ToLower(markText(p, f.Rel))
		if !strings.Contains(t, "getstream") && !strings.Contains(t, "stream_api") && !strings.Contains(t, "stream-chat") && !strings.Contains(t, "stream_secret") {
			continue
		}
		seen[name] = true
		if len(p.Facts.Notes) < files.MaxNotes {
			p.Tree.Notes = append(p.Tree.Notes, sanitize.Visible(f.Rel)+": badsig can't read "+name)
		}
	}
}

// RelativeTo gives a project's path as seen from one of its folders.
func RelativeTo(dir, rel string) string {
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
