package cures

import (
	"strings"

	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/tokens"
)

// Rules of this file:
//   - a key is public, so an edit may hold it
//   - the key is the dashboard's, else the one that Stream accepts with the secret that the backend signs with;
//     where the front end's own key is a valid pair too, nothing is proposed: which app is meant, nobody but the developer knows

// key proposes for a key that isn't the app's where it is written.
func (x *View) key(c *finding.Cause) []Proposal {
	right := rightKey(x.Facts, c)
	var out []Proposal
	for _, v := range x.values(c.Location, facts.WhatKey, facts.WhatSecret) {
		p, ok := x.valueSpan(v)
		if s := facts.ValueAt(x.Facts, v.Pair); !ok || s != nil && s.What == facts.WhatSecret && s.File == v.File && s.Line == v.Line && !facts.TruthOf(x.Facts).Fps[s.Fingerprint] {
			continue // it would be torn from its secret
		}
		if v.Kind == facts.KindEnvFile {
			p = bare(p)
		}
		for _, key := range []string{right, strings.Trim(v.Key, "␠␊␉\"'` ")} {
			if tokens.APIKey(key).WellFormed() && p.inner() != key && (key == right || c.ID == causes.KeyMalformed) {
				out = append(out, Proposal{Edits: []finding.Edit{p.edit(key)}, Text: in(v.File, v.Line) + "set " + nameOr(v, "the key") + " to " + key})
			}
		}
	}
	return out
}

// rightKey is the app's key, as far as it is known; "" where it isn't.
func rightKey(f *facts.Facts, c *finding.Cause) string {
	if f.Target.Key != "" {
		return f.Target.Key
	}
	front := facts.ClientKey(f)
	accepted := map[string]bool{}
	own := ""
	if f.Stream != nil {
		for _, p := range f.Stream.Grid {
			if p.Answer.Status != 200 {
				continue
			}
			accepted[p.Key] = true
			if s := facts.ValueAt(f, p.Secret); f.Server != nil && s != nil {
				if b := facts.ValueAt(f, f.Server.Secret); b != nil && b.Fingerprint == s.Fingerprint {
					own = p.Key
				}
			}
		}
	}
	if accepted[front] && front != own {
		return ""
	}
	return own
}

// keyMissing proposes for a front end that reads a variable which nothing sets.
func (x *View) keyMissing(c *finding.Cause) []Proposal {
	s := x.Facts.Server
	if s == nil {
		return nil
	}
	var out []Proposal
	for _, m := range s.FrontMissing {
		if m.Name == "" {
			continue
		}
		for i := range x.Facts.Values {
			v := &x.Facts.Values[i]
			if v.Kind != facts.KindEnvFile || v.What != facts.WhatKey || v.Name == m.Name || v.Empty {
				continue
			}
			if v.Comment && v.Name != m.Name {
				continue
			}
			if c.Location != nil && v.File == c.Location.File || v.Role == facts.RoleFront {
				out = append(out, x.renamedVariable(v, m.Name)...)
			}
		}
		for i := range x.Facts.Values {
			v := &x.Facts.Values[i]
			if v.Kind == facts.KindEnvFile && v.Comment && v.Name == m.Name {
				out = append(out, x.uncommented(v)...)
			}
		}
		right := rightKey(x.Facts, c)
		if !tokens.APIKey(right).WellFormed() {
			continue
		}
		for i := range x.Facts.Values {
			v := &x.Facts.Values[i]
			if v.Kind == facts.KindEnvFile && v.Name == m.Name && !v.Comment {
				if p, ok := x.valueSpan(v); ok {
					out = append(out, Proposal{Edits: []finding.Edit{bare(p).edit(right)}, Text: in(v.File, v.Line) + "set " + v.Name + " to " + right})
				}
			}
		}
		for _, file := range x.frontEnvFiles(m.File) {
			out = append(out, Proposal{Edits: x.newLine(file, m.Name, finding.Edit{Insert: right}), Text: "In " + file + ", add " + m.Name + "=" + right})
		}
		for i := range x.Facts.Values { // the code reads another name than the file sets
			v := &x.Facts.Values[i]
			if v.Kind == facts.KindEnvFile && v.What == facts.WhatKey && !v.Comment && v.Public {
				if es := x.renamed(m.File, m.Line, m.Name, v.Name); es != nil {
					out = append(out, Proposal{Edits: es, Text: in(m.File, m.Line) + "read " + v.Name + " instead of " + m.Name})
				}
			}
		}
	}
	return out
}

// frontEnvFiles are the env files that the front end may read, and the one that
// belongs beside its package.json.
func (x *View) frontEnvFiles(reader string) []string {
	var out []string
	if x.Facts.Project == nil {
		return nil
	}
	for _, e := range x.Facts.Project.EnvFiles {
		if e.Role == facts.RoleFront || e.Role == facts.RoleShared {
			out = append(out, e.File)
		}
	}
	dir := reader
	for {
		i := strings.LastIndexByte(dir, '/')
		if i < 0 {
			dir = ""
		} else {
			dir = dir[:i]
		}
		file := strings.TrimPrefix(dir+"/.env", "/")
		if x.exists(strings.TrimPrefix(dir+"/package.json", "/")) {
			return append(out, file)
		}
		if dir == "" {
			return out
		}
	}
}

// exposed proposes for a secret that the browser gets: another name on both sides,
// or no such line where the backend doesn't read it.
func (x *View) exposed(c *finding.Cause) []Proposal {
	var out []Proposal
	for _, v := range x.values(c.Location, facts.WhatSecret, facts.WhatKey) {
		if v.Kind != facts.KindEnvFile {
			continue
		}
		bare := withoutPrefix(v.Name)
		if bare == v.Name {
			continue
		}
		if !strings.Contains(bare, "STREAM") {
			bare = "STREAM_API_SECRET"
		}
		var es []finding.Edit
		for _, p := range x.renamedVariable(v, bare) {
			es = p.Edits
		}
		read := false
		for _, l := range readers(x.Facts, v.Name) {
			if r := x.renamed(l.File, l.Line, v.Name, bare); r != nil {
				es, read = append(es, r...), true
			}
		}
		if read {
			out = append(out, Proposal{Edits: es, Text: in(v.File, v.Line) + "rename " + v.Name + " to " + bare + ", and read that name in the backend"})
			continue
		}
		out = append(out, Proposal{Edits: []finding.Edit{x.deleteLine(v.File, v.Line)}, Text: in(v.File, v.Line) + "remove " + v.Name + ": its prefix puts it into what the browser gets, and only the backend needs the secret"})
	}
	return out
}

// readers are the lines on which the backend reads a variable.
func readers(f *facts.Facts, name string) []facts.Place {
	var out []facts.Place
	add := func(p facts.Place) {
		for _, o := range out {
			if o == p {
				return
			}
		}
		out = append(out, p)
	}
	if f.Project == nil {
		return nil
	}
	for _, s := range f.Project.Sites {
		for _, l := range s.Secret {
			if l.Env && l.Name == name {
				add(l.Place)
			}
		}
	}
	for _, code := range f.Project.Servers {
		for _, r := range code.SecretRead {
			if r.Name == name {
				add(facts.Place{File: r.File, Line: r.Line})
			}
		}
	}
	return out
}

// inSource proposes to move a secret from code into the .env that the backend
// reads, which git has to ignore.
func (x *View) inSource(c *finding.Cause) []Proposal {
	s := x.Facts.Server
	if s == nil {
		return nil
	}
	var out []Proposal
	for _, v := range x.values(c.Location, facts.WhatSecret, facts.WhatOther) {
		p, ok := x.valueSpan(v)
		if !ok || v.Kind != facts.KindLiteral && v.Kind != facts.KindFallback || p.from == 0 || p.to == len(p.text) {
			continue
		}
		for _, swap := range x.fromEnvironment(v) {
			es := swap.Edits
			out = append(out, Proposal{Edits: es, Text: swap.Text}) // where the .env has it already
			name := secretNames(x.Facts)[0]
			for _, file := range append(append([]string{}, s.Loaded...), s.Missing...) {
				all := append(append([]finding.Edit{}, es...), x.newLine(file, name, finding.Edit{InsertFrom: p.ref("")})...)
				text := in(v.File, v.Line) + "read " + name + " from the environment, and move the secret to " + file
				if e, needed := x.ignored(file); needed {
					all, text = append(all, e), text+", which .gitignore names now"
				}
				out = append(out, Proposal{Edits: all, Text: text})
			}
		}
	}
	return out
}

func withoutPrefix(name string) string {
	for _, p := range []string{"VITE_", "NEXT_PUBLIC_", "REACT_APP_", "EXPO_PUBLIC_", "NUXT_PUBLIC_", "VUE_APP_", "GATSBY_", "PUBLIC_"} {
		if rest, ok := strings.CutPrefix(name, p); ok && rest != "" {
			return rest
		}
	}
	return name
}
