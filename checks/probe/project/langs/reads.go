package langs

import (
	"path"
	"slices"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/files"
	"badsig/checks/probe/langread/flow"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/names"
	"badsig/checks/probe/project/picture"
	"badsig/checks/probe/project/values"
)

// langLiterals files the keys and secrets that the source holds as strings, and
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
			if affix.HasPrefix(rel, "..") || path.IsAbs(rel) || files.IsEnvName(affix.Base(rel)) || p.Files[rel] != nil {
				continue
			}
			if t, ok := modules.TextFile(p.Graph, rel); ok && values.BareIsStreams(p, facts.WhatSecret, []byte(t.Text)) {
				p.Add(facts.Value{What: facts.WhatSecret, Name: affix.Base(rel), Kind: facts.KindConfig, Role: facts.RoleServer, File: rel, Line: 1, Modified: t.Mod.Modified}, []byte(t.Text))
				break
			}
		}
	}
}

// hasCredentials reports whether a program of Rails has encrypted credentials.
func hasCredentials(p *picture.Reader, root string) bool {
	for _, name := range []string{"credentials.yml.enc", "credentials/development.yml.enc", "secrets.yml", "secrets.yml.enc"} {
		if p.Tree.Exists(path.Join(root, "config", name)) {
			return true
		}
	}
	return false
}

// heldAt reports whether a value of this place is filed already.
func heldAt(p *picture.Reader, file string, line int) bool {
	found := false
	p.World.Update(func(f *facts.Facts) {
		found = affix.Any(f.Values, func(v facts.Value) bool { return v.File == file && v.Line == line && v.What == facts.WhatSecret })
	})
	return found
}

// langReads turns sources into reads, and files the strings among them.
func langReads(p *picture.Reader, o *picture.OtherProgram, list []flow.Source, what string) (reads []facts.Read, links []facts.Link, sure bool) {
	sure = len(list) > 0
	for _, s := range list {
		at := facts.Place{}
		if n := len(s.Links); n > 0 {
			at = facts.Place{File: s.Links[n-1].File, Line: s.Links[n-1].Line}
		}
		r := facts.Read{Value: -1, File: at.File, Line: at.Line, Transform: s.Transform, IfUnset: s.IfUnset, ChangedFile: s.Changed.File, ChangedLine: s.Changed.Line}
		known := facts.IsRead
		if s.Guess {
			known, sure = facts.IsAssumed, false
		}
		switch s.Kind {
		case flow.FromEnv:
			r.Name = s.Name
		case flow.FromLiteral:
			if s.Text == "" && s.Setting == "" && (len(list) > 1 || what != facts.WhatSecret) && (!inSettings(o, at.File) || affix.Any(reads, func(r facts.Read) bool { return r.Value >= 0 })) {
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
			case p.Files[at.File] != nil && p.Files[at.File].Kind == files.KindConf || affix.HasSuffix(at.File, "bootstrap/cache/config.php"):
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
		case flow.FromVault:
			if !hasCredentials(p, o.Root) {
				continue // Rails reads an absent file as an empty one
			}
			x := facts.Sealed{Place: at}
			if !slices.Contains(p.Facts.Sealed, x) && len(p.Facts.Sealed) < maxSealed {
				p.Facts.Sealed = append(p.Facts.Sealed, x)
			}
			sure = false
			continue
		case flow.FromRandom:
			continue // known to be none of the project's
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
