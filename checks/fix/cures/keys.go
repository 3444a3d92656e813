package cures

import (
	"path"
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/probe/names"
	"badsig/checks/tools"
	"badsig/tokens"
)

// Rules of this file:
//   - a key is public, so an edit may hold it
//   - the key is the dashboard's, else the one that Stream accepts with the secret that the backend signs with;
//     where the front end's own key is a valid pair too, nothing is proposed: which app is meant, no one but the developer knows

// keys are the cures of an API key.
type keys struct{ *View }

// key proposes for a key that isn't the app's where it is written.
func (x keys) key(c *finding.Cause) []Proposal {
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
				out = append(out, p.proposal(key, in(v.File, v.Line)+"set "+nameOr(v, "the key")+" to "+key))
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
func (x keys) keyMissing(c *finding.Cause) []Proposal {
	s := x.Facts.Server
	if s == nil {
		return nil
	}
	out := x.emptyKey(c)
	for _, m := range s.FrontMissing {
		if m.Name == "" {
			continue
		}
		out = append(out, x.prefixed(c, m)...)
		for i := range x.Facts.Values {
			v := &x.Facts.Values[i]
			if v.Kind != facts.KindEnvFile || v.What != facts.WhatKey || v.Name == m.Name || v.Empty {
				continue
			}
			side := names.Misnamed(x.Facts, v, m.Name, true, m.Hands)
			if side == names.WrongCode && !v.Comment {
				out = append(out, x.readsInstead(m, v)...)
			}
			if v.Comment || side != names.WrongFile || readElsewhere(x.View, v) {
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
					out = append(out, bare(p).proposal(right, in(v.File, v.Line)+"set "+v.Name+" to "+right))
				}
			}
		}
		for _, file := range x.frontEnvFiles(m.File) {
			out = append(out, Proposal{Edits: x.newLine(file, m.Name, finding.Edit{Insert: right}), Text: "In " + file + ", add " + m.Name + "=" + right})
		}
		for i := range x.Facts.Values { // the code reads another name than the file sets
			v := &x.Facts.Values[i]
			if v.Kind == facts.KindEnvFile && v.What == facts.WhatKey && !v.Comment && v.Public && !names.HoldsSecret(x.Facts, v) {
				out = append(out, x.readsInstead(m, v)...)
			}
		}
	}
	return out
}

// readsInstead proposes that the front end reads the variable that a file sets.
func (x keys) readsInstead(m facts.Read, v *facts.Value) []Proposal {
	if es := x.renamed(m.File, m.Line, m.Name, v.Name); es != nil {
		return []Proposal{{Edits: es, Text: in(m.File, m.Line) + "read " + v.Name + " instead of " + m.Name}}
	}
	return nil
}

// emptyKey proposes to write the key where there is an empty string.
func (x keys) emptyKey(c *finding.Cause) []Proposal {
	right := rightKey(x.Facts, c)
	if c.Location == nil || !tokens.APIKey(right).WellFormed() {
		return nil
	}
	file, n := c.Location.File, c.Location.Line
	line := x.Line(file, n)
	all := place{file: file, line: n, text: line, to: len(line)}
	var empty []place
	if affix.Base(file)[0] == '.' {
		if name, value, ok := affix.Cut(line, "="); ok && !affix.Contains(name, "#") && strings.Trim(value, " \t\"'") == "" {
			empty = append(empty, all.sub(len(name)+1, len(line)))
		}
	} else {
		for _, l := range literals(line) {
			if l[0] == l[1] {
				empty = append(empty, all.sub(l[0], l[1]))
			}
		}
	}
	if len(empty) != 1 {
		return nil
	}
	return []Proposal{one(empty[0].edit(right), in(file, n)+"set the key to "+right)}
}

// prefixed proposes to read the key as the front end's build tool hands it out, and
// to call it so in the env file.
func (x keys) prefixed(c *finding.Cause, m facts.Read) []Proposal {
	read, name := x.handsOut(m)
	if name == "" {
		return nil
	}
	var code []finding.Edit
	line := x.Line(m.File, m.Line)
	for _, p := range paths(m.File, line, m.Line) {
		if old := p.inner(); old == "process.env."+m.Name || old == "import.meta.env."+m.Name {
			if old == read+name {
				return nil
			}
			code = append(code, p.edit(read+name))
		}
	}
	if code == nil {
		return nil
	}
	text := in(m.File, m.Line) + "read " + read + name
	var out []Proposal
	for i := range x.Facts.Values {
		v := &x.Facts.Values[i]
		if v.Kind != facts.KindEnvFile || v.Comment || v.Empty {
			continue
		}
		switch {
		case v.Name == name:
			out = append(out, Proposal{Edits: code, Text: text})
		case v.Name == m.Name && v.Role != facts.RoleServer && !names.HoldsSecret(x.Facts, v):
			for _, p := range x.renamedVariable(v, name) {
				out = append(out, Proposal{Edits: append(slices.Clone(code), p.Edits...), Text: text + ", and rename " + m.Name + " to " + name + " in " + lineOf(v.File, v.Line)})
			}
		}
	}
	if right := rightKey(x.Facts, c); tokens.APIKey(right).WellFormed() {
		for _, file := range x.frontEnvFiles(m.File) {
			out = append(out, Proposal{Edits: append(slices.Clone(code), x.newLine(file, name, finding.Edit{Insert: right})...), Text: text + ", and add " + name + "=" + right + " to " + file})
		}
	}
	return out
}

// handsOut is how a module of the front end reads a variable that its build tool
// hands out, and what that variable is called; "" where the tool isn't known.
func (x keys) handsOut(m facts.Read) (read, name string) {
	for dir := m.File; dir != "" && dir != "."; {
		dir = path.Dir(dir)
		pkg := strings.Join(x.lines(path.Join(dir, "package.json")), "\n")
		framework, _ := tools.FrameworkOf(func(dep string) bool { return affix.Contains(pkg, `"`+dep+`":`) })
		tool := tools.Of(framework)
		if tool == nil || len(tool.Prefixes) == 0 {
			continue
		}
		read = "process.env."
		if tool.Meta {
			read = "import.meta.env."
		}
		return read, tool.Prefixes[0] + names.WithoutPrefix(m.Name)
	}
	return "", ""
}

// frontEnvFiles are the env files that the front end may read, and the one that
// belongs beside its package.json.
func (x keys) frontEnvFiles(reader string) []string {
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
		file := affix.TrimPrefix(dir+"/.env", "/")
		if x.exists(affix.TrimPrefix(dir+"/package.json", "/")) {
			return append(out, file)
		}
		if dir == "" {
			return out
		}
	}
}

// swapped proposes for key and secret in each other's place.
func (x *View) swapped(c *finding.Cause) []Proposal {
	var out []Proposal
	for _, v := range x.values(c.Location, facts.WhatSecret, facts.WhatKey, facts.WhatOther) {
		o := facts.ValueAt(x.Facts, v.Pair)
		if o == nil || o.File != v.File {
			continue
		}
		a, ok := x.valueSpan(v)
		b, ok2 := x.valueSpan(o)
		if !ok || !ok2 {
			continue
		}
		a, b = bare(a), bare(b)
		first, second := a.edit(""), b.edit("")
		first.InsertFrom, second.InsertFrom = b.ref(""), a.ref("")
		out = append(out, Proposal{Edits: []finding.Edit{first, second}})
	}
	if c.Location == nil {
		return out
	}
	for _, at := range append([]facts.Place{{File: c.Location.File, Line: c.Location.Line}}, links(x.Facts)...) {
		line := x.Line(at.File, at.Line)
		ps := paths(at.File, line, at.Line)
		for i := 1; i < len(ps); i++ { // f(secret, key)
			a, b := ps[i-1], ps[i]
			if strings.Trim(line[a.to:b.from], " !") == "," && !callee(a) && !callee(b) {
				out = append(out, Proposal{Edits: []finding.Edit{a.edit(b.inner()), b.edit(a.inner())}, Text: in(at.File, at.Line) + "exchange " + a.inner() + " and " + b.inner()})
			}
		}
	}
	return out
}
