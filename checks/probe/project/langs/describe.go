package langs

import (
	"context"
	"slices"
	"sort"
	"time"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/files"
	"badsig/checks/probe/langread/flow"
	"badsig/checks/probe/names"
	"badsig/checks/probe/project/picture"
	"badsig/checks/probe/project/values"
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
	sealed, signs, ways := len(p.Facts.Sealed), len(p.Facts.Sites), len(p.Facts.Entries)
	langSettings(p, o)
	langSites(p, o)
	if s := o.Prog.Client; s != nil {
		secret, _, sure := langReads(p, o, s.Secret, facts.WhatSecret)
		key, _, _ := langReads(p, o, s.Key, facts.WhatKey)
		c.SecretRead, c.KeyRead, o.Chain = secret, key, sure
		c.File, c.Line = s.File, s.Line
	}
	langSecrets(p, o)
	if len(c.SecretRead) == 0 && len(p.Facts.Sealed) == sealed && len(p.Facts.Entries) == ways {
		p.Facts.Sites = p.Facts.Sites[:signs] // of a server that isn't described
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
	c.AppFile, c.AppLine = o.Prog.App.File, o.Prog.App.Line
	c.RandomSecret = o.Prog.Random
	c.Reshapes = o.Prog.Reshapes
	for _, f := range o.Conf.Files {
		for _, e := range f.Entries {
			c.Reshapes = c.Reshapes || affix.HasPrefix(e.Path(), "spring.jackson.property-naming")
		}
	}
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

// langSecrets is for programs whose signing call couldn't be followed: what they
// read under a Stream name, or hold.
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
	sort.SliceStable(secrets, func(i, j int) bool { return bareness(secrets[i].Name) < bareness(secrets[j].Name) })
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
		sort.SliceStable(own, func(i, j int) bool { return routeScore(&own[i]) > routeScore(&own[j]) })
		for i := range own {
			add(&own[i])
		}
	}
	rest := slices.Clone(o.Prog.Routes)
	sort.SliceStable(rest, func(i, j int) bool { return routeScore(rest[i]) > routeScore(rest[j]) })
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

//go:noinline
func routeScore(r *flow.Route) int {
	return picture.RouteScore(facts.Route{Method: r.Method, Path: r.Path})
}

// RelativeTo gives a project's path as seen from one of its folders.
func RelativeTo(dir, rel string) string {
	up := ""
	for d := dir; ; d = files.DirOf(d) {
		if d == "" {
			return up + rel
		}
		if rest, ok := affix.CutPrefix(rel, d+"/"); ok {
			return up + rest
		}
		up += "../"
	}
}
