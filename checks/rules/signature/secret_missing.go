package signature

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/probe/names"
	"badsig/checks/rules/parts"
)

// Rules of this file, about code that has nothing to sign with:
//   - the variable that the code reads and the one that was meant are both named, and the edit that joins them
//   - a file that isn't loaded, a template and a name that is almost right are found without the server's help
//   - that a variable is set nowhere is a fault only where nothing else (a shell, a secret manager) may set it

// SecretMissing is the case that the signing code has no secret: undefined,
// empty, or set under another name than it reads. ev is what showed it.
func SecretMissing(f *facts.Facts, ev []finding.Evidence) finding.Cause {
	name := secretName(f)
	c := finding.New(causes.SecretMissing, finding.Proven,
		"The signing code has no secret: "+name+" was empty or undefined when it ran.",
		parts.SigningPlace(f), append(ev, whyEmpty(f)...), setStep(f, name), parts.RestartStep(f))
	if w := Wins(f); w != nil && w.Kind == facts.KindProcess && w.Empty && w.SetFile == "" {
		if v := overridden(f, w); v != nil {
			c.Location = nil
			c.Title = "The shell's empty " + name + " overrides the secret"
			c.Summary = "The shell sets " + name + " to an empty value, which overrides " + parts.LineOf(v.File, v.Line) + "."
			c.Fix[0] = unsetStep(name, v)
			return c
		}
	}
	if m := meantSecret(f, name); m != nil {
		c.Location = parts.Locate(m.value)
		c.Summary = m.summary(f, name)
		if m.title != "" {
			c.Title = m.title
		}
		c.Fix = []finding.Step{m.step(f, name), parts.RestartStep(f)}
		if at := parts.SigningPlace(f); m.inSettings() && at != nil {
			c.Location = at
		} else if at := m.loader(f); at != nil {
			c.Location = at
		}
	} else if w := Wins(f); w != nil && w.Empty && w.Name == name && w.File != "" {
		c.Location = parts.Locate(w)
		c.Fix[0] = finding.Step{Text: parts.In(w) + "set " + name + " to your app's API secret (Dashboard › your app › App Access Keys)"}
	}
	return c
}

// loader is the line that has to load the file in which the variable stands: the
// one that names another path, or the first of a program that loads no file at
// all. nil where the file is what has to be edited.
func (m *meant) loader(f *facts.Facts) *finding.Location {
	if m.how != meantUnloaded || m.value.Role == facts.RoleFront || f.Server == nil {
		return nil
	}
	code := facts.CodeOf(f)
	switch target := m.target(f); {
	case target == "" && code != nil && code.Entry != "" && parts.IsJS(code.Entry):
		return &finding.Location{File: code.Entry, Line: 1}
	case target != "" && f.Server.MissingAt != nil && len(f.Server.Missing) > 0 && target == f.Server.Missing[0]:
		return &finding.Location{File: f.Server.MissingAt.File, Line: f.Server.MissingAt.Line}
	}
	return nil
}

// inSettings reports whether what was meant is an entry of a configuration file
// that only the code's own path leads to: then the code is what names it wrongly.
func (m *meant) inSettings() bool {
	return m.value.Kind == facts.KindConfig && m.how == meantRenamed && strings.ToUpper(m.value.Name) != m.value.Name
}

// setStep says where to set a variable that is set nowhere.
func setStep(f *facts.Facts, name string) finding.Step {
	if read, load, file := earlyRead(f, name); file != "" {
		return finding.Step{Text: "In " + parts.LineOf(load.File, load.Line) + ", load " + file + " before " + parts.LineOf(read.File, read.Line) + " reads " + name + ": imports run first, so make it the first import" + firstImport(load.File)}
	}
	text := "Set " + name
	switch s := f.Server; {
	case s == nil:
	case len(s.Loaded) > 0:
		text = "In " + s.Loaded[0] + ", add " + name + "="
		return finding.Step{Text: text + " with your app's API secret (Dashboard › your app › App Access Keys)"}
	case len(s.Missing) > 0:
		text = "Create " + s.Missing[0] + " and set " + strings.Join(neededNames(f, name), ", ") + " in it"
		if e := exampleBeside(f, s.Missing[0]); e != "" {
			text += " (" + e + " shows them)"
		}
		return finding.Step{Text: text}
	}
	return finding.Step{Text: text + " in the environment that the backend starts with" + codePlace(f)}
}

// earlyRead is where a variable is read too early, where the file that sets it is
// loaded, and that file; "" where nothing is read too early.
func earlyRead(f *facts.Facts, name string) (read, load facts.Place, file string) {
	for i := range f.Values {
		if v := &f.Values[i]; v.Name == name {
			if read, load, ok := v.Early(); ok {
				return read, load, v.File
			}
		}
	}
	return read, load, ""
}

// firstImport is what loads .env before every other module of JavaScript.
func firstImport(file string) string {
	if parts.IsJS(file) {
		return " (import 'dotenv/config', or require('dotenv').config() above the other require lines)"
	}
	return ""
}

// neededNames are the variables that a missing file has to set: those of the
// example beside it, else the one that the code reads.
func neededNames(f *facts.Facts, name string) []string {
	const most = 8
	if f.Project != nil && f.Server != nil && len(f.Server.Missing) > 0 {
		beside := exampleBeside(f, f.Server.Missing[0])
		for _, e := range f.Project.EnvFiles {
			if e.File == beside && beside != "" && slices.Contains(e.Names, name) {
				return e.Names[:min(len(e.Names), most)]
			}
		}
	}
	return []string{name}
}

// exampleBeside is the example of an env file in the same folder, "" for none.
func exampleBeside(f *facts.Facts, file string) string {
	if f.Project == nil {
		return ""
	}
	for _, e := range f.Project.EnvFiles {
		if e.Role == facts.RoleExample && path.Dir(e.File) == path.Dir(file) {
			return e.File
		}
	}
	return ""
}

// meant is a secret that was meant for the variable that the code reads.
type meant struct {
	value *facts.Value
	how   meantHow
	title string
}

type meantHow string

// nothingToSign ends a sentence where the code has no fallback.
const nothingToSign = ", so there's no secret to sign with."

const (
	meantRenamed  meantHow = "renamed"  // another name in a file that the server loads
	meantUnloaded meantHow = "unloaded" // the right name in a file that the server doesn't load
	meantTemplate meantHow = "template" // a template holds the value
	meantMisfiled meantHow = "misfiled" // a file whose own name is misspelled: env.local
	meantElsename meantHow = "elsename" // another name in a file that the server doesn't load
	meantUnread   meantHow = "unread"   // the right name on a line that the loader doesn't see
)

// meantSecret finds what was meant for a variable that has no value; nil where
// nothing in the project looks like it.
func meantSecret(f *facts.Facts, name string) *meant {
	var best *meant
	score := 0
	for i := range f.Values {
		v := &f.Values[i]
		how, n := meantBy(f, v, name)
		if n > score {
			best, score = &meant{value: v, how: how}, n
		}
	}
	if best != nil && best.how == meantRenamed {
		if t := "The code reads " + name + ", not " + best.value.Name; len(t) <= 58 {
			best.title = t
		}
	}
	return best
}

// meantBy tells how a place may be the one that was meant, and how well it fits; 0 for not at all.
func meantBy(f *facts.Facts, v *facts.Value, name string) (meantHow, int) {
	if v.What == facts.WhatKey || v.Kind != facts.KindEnvFile && (v.Kind != facts.KindConfig || !v.Loaded) || v.Empty || v.Placeholder || v.Comment || v.File == "" {
		return "", 0
	}
	switch v.Role {
	case facts.RoleTest, facts.RoleDocs, facts.RoleBuild, facts.RoleOther:
		return "", 0
	}
	same := v.Name == name
	near := names.NearName(v.Name, name)
	full := v.Length >= 40
	switch {
	case same && strings.HasPrefix(v.Why, "not read"):
		return meantUnread, 95
	case same && v.Loaded:
		return "", 0 // it is set: then the order of loading is the matter, which whyEmpty tells
	case same && v.Role == facts.RoleExample:
		if !full {
			return "", 0
		}
		return meantTemplate, 60 + closeness(f, v)
	case same && undotted(v.File):
		return meantMisfiled, 90 + closeness(f, v)
	case same && v.Role == facts.RoleFront:
		return meantUnloaded, 50 + closeness(f, v)
	case same:
		return meantUnloaded, 80 + closeness(f, v)
	case v.Read || v.Role == facts.RoleExample || v.What != facts.WhatSecret && near < 2:
		return "", 0
	case v.Loaded:
		return meantRenamed, 70 + 5*near
	case near > 0 && v.Role != facts.RoleFront && !v.Public:
		return meantElsename, 20 + 5*near + closeness(f, v)
	}
	return "", 0
}

// closeness prefers a file beside the one that the server looks for.
func closeness(f *facts.Facts, v *facts.Value) int {
	if f.Server == nil {
		return 0
	}
	for _, file := range append(slices.Clone(f.Server.Missing), f.Server.Loaded...) {
		if path.Dir(file) == path.Dir(v.File) {
			return 5
		}
	}
	if path.Clean(f.Server.Dir) == path.Dir(v.File) {
		return 4
	}
	return 0
}

// undotted reports a file that is called almost as an env file is: env.local, env, .env.txt.
func undotted(file string) bool { return dotted(file) != file }

// dotted is the name that a misspelled env file was meant to have.
func dotted(file string) string {
	dir, base := path.Split(file)
	switch {
	case base == "env", strings.HasPrefix(base, "env."):
		base = "." + base
	}
	return dir + strings.TrimSuffix(base, ".txt")
}

// target is the file that the server would read the variable from.
func (m *meant) target(f *facts.Facts) string {
	if m.how == meantMisfiled {
		return dotted(m.value.File)
	}
	if f.Server != nil {
		for _, files := range [][]string{f.Server.Missing, f.Server.Loaded} {
			if len(files) > 0 {
				return files[0]
			}
		}
	}
	return ""
}

func (m *meant) summary(f *facts.Facts, name string) string {
	v := m.value
	switch m.how {
	case meantRenamed:
		return "The code reads " + name + codePlace(f) + ", and " + v.File + " sets " + v.Name + nothingToSign
	case meantTemplate:
		if t := m.target(f); t != "" {
			return "The API secret was written into " + v.File + ", which nothing loads; the server looks for " + t + "."
		}
		return "The API secret was written into " + v.File + ", which nothing loads."
	case meantMisfiled:
		return "The API secret is in " + v.File + ", which isn't an env file by its name: the framework loads " + m.target(f) + "."
	case meantUnread:
		return name + " is set in " + facts.Where(v) + ", but the loader doesn't see it: " + strings.TrimPrefix(v.Why, "not read: ") + "."
	case meantElsename:
		return "The code reads " + name + codePlace(f) + "; the secret is called " + v.Name + " and is in " + v.File + ", which the server doesn't load."
	}
	if t := m.target(f); t != "" {
		return name + " is set in " + facts.Where(v) + ", which the server doesn't load: it reads " + t + "."
	}
	return name + " is set in " + facts.Where(v) + ", and the server's code loads no .env file."
}

func (m *meant) step(f *facts.Facts, name string) finding.Step {
	v := m.value
	target := m.target(f)
	missing := f.Server != nil && slices.Contains(f.Server.Missing, target)
	switch m.how {
	case meantRenamed:
		if at := parts.SigningPlace(f); m.inSettings() && at != nil {
			return finding.Step{Text: "In " + parts.LineOf(at.File, at.Line) + ", read the setting that " + facts.Where(v) + " sets: " + v.Name}
		}
		return finding.Step{Text: parts.In(v) + "rename " + v.Name + " to " + name + ": that's the name that the code reads" + codePlace(f)}
	case meantMisfiled:
		return finding.Step{Text: "Rename " + v.File + " to " + target + " (with the dot)"}
	case meantUnread:
		return finding.Step{Text: parts.In(v) + "write the variable so that its loader reads it: " + name + "=… as UTF-8 without a byte order mark"}
	case meantElsename:
		to := cmp.Or(target, "the environment that the backend starts with")
		return finding.Step{Text: "Set " + name + " in " + to + " to the value that " + v.Name + " has in " + facts.Where(v)}
	case meantTemplate:
		if target != "" && missing {
			return finding.Step{Text: "Copy " + v.File + " to " + target + ": a template is never loaded, and " + facts.Where(v) + " has the value"}
		}
	}
	at := m.loader(f)
	switch {
	case at != nil && target == "":
		return finding.Step{Text: "In " + parts.LineOf(at.File, at.Line) + ", load " + v.File + " before every other import (import 'dotenv/config', require('dotenv').config(…) or process.loadEnvFile(…)), or start with node --env-file: " + name + " is read later"}
	case at != nil:
		return finding.Step{Text: "In " + parts.LineOf(at.File, at.Line) + ", load " + v.File + " instead of " + target + ", which doesn't exist, or move the file there"}
	case target != "" && missing && path.Base(target) == path.Base(v.File):
		return finding.Step{Text: "Move " + v.File + " to " + target + ", where the server looks for it, or start the backend from the folder that has " + v.File}
	case target != "":
		return finding.Step{Text: "In " + target + ", add " + name + " with the value from " + facts.Where(v) + ": the server doesn't load " + v.File}
	}
	return parts.LoadStep(facts.CodeOf(f), v.File, name)
}

// unsetSecret judges, from the files and the process alone, a variable that the
// signing code reads and that nothing sets. ok is false where that isn't so or
// isn't known; the cause is nil where something unseen may set it after all.
func unsetSecret(f *facts.Facts) (c *finding.Cause, summary string, ok bool) {
	s := f.Server
	if s == nil || s.SecretName == "" || !s.SecretUnset || Wins(f) != nil {
		return nil, "", false
	}
	name := s.SecretName
	ev := []finding.Evidence{{Label: "the code reads", Got: name, Source: cmp.Or(parts.SigningPlace(f).String(), "the backend's source")}}
	summary = name + " isn't set in any file that the server loads"
	if len(s.Missing) > 0 && len(s.Loaded) == 0 {
		summary += ": " + strings.Join(s.Missing, ", ") + " doesn't exist"
		if names := neededNames(f, name); len(names) > 1 {
			summary += "; it must set " + strings.Join(names, ", ")
		}
	}
	if m := meantSecret(f, name); m != nil && !sourcesUnread(f) {
		ev = append(ev, finding.Evidence{Label: "set instead", Got: m.value.Name, Want: name, Source: facts.Where(m.value)})
		k := SecretMissing(f, ev)
		if !s.SecretKnown {
			k.Certainty = finding.Likely
		}
		return &k, summary, true
	}
	return leftOut(f, name, ev), summary, true
}

// sourcesUnread reports whether a source of the project was left out, or not read to
// its end: what is in it may set a variable, or be the server.
func sourcesUnread(f *facts.Facts) bool {
	return f.Project != nil && slices.ContainsFunc(f.Project.Unread, func(file string) bool {
		return path.Ext(file) != "" && !strings.Contains(path.Base(file), ".env")
	})
}

// whyEmpty gathers why the variable could be empty.
func whyEmpty(f *facts.Facts) []finding.Evidence {
	var ev []finding.Evidence
	s := f.Server
	if s == nil {
		return nil
	}
	if len(s.Missing) > 0 {
		ev = append(ev, finding.Evidence{Label: "env file that doesn't exist", Got: strings.Join(s.Missing, ", "), Source: "working folder " + cmp.Or(s.Dir, ".")})
	}
	for i := range f.Values {
		v := &f.Values[i]
		if v.What == facts.WhatSecret && v.Why != "" && !v.Wins && !v.Comment && (v.Role == facts.RoleServer || v.Role == facts.RoleShared) {
			ev = append(ev, finding.Evidence{Label: v.Name + " isn't used", Got: v.Why, Source: facts.Where(v)})
		}
	}
	return ev
}

// secretName is the variable that the signing code reads.
func secretName(f *facts.Facts) string {
	if f.Server != nil && f.Server.SecretName != "" {
		return f.Server.SecretName
	}
	if c := facts.CodeOf(f); c != nil {
		for _, r := range c.SecretRead {
			if r.Name != "" {
				return r.Name
			}
		}
	}
	return "STREAM_API_SECRET"
}

// changedByCode is where the code makes other bytes of the secret, nil where it
// only hands it on, as a template around it alone does.
func changedByCode(f *facts.Facts) *facts.Read {
	t := transform(f)
	if t == nil {
		return nil
	}
	for part := range strings.SplitSeq(t.Transform, "+") {
		if part != "template" && part != "trim" && !strings.HasPrefix(part, "through ") {
			return t
		}
	}
	return nil
}

// transform is where the code changes the secret between reading and signing.
func transform(f *facts.Facts) *facts.Read {
	if c := facts.CodeOf(f); c != nil {
		for i := range c.SecretRead {
			if c.SecretRead[i].Transform != "" {
				return &c.SecretRead[i]
			}
		}
	}
	return nil
}
