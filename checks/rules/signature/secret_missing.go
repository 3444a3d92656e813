package signature

import (
	"path"
	"slices"
	"strings"

	"badsig/checks/affix"
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
		} else if m.code != nil {
			c.Location = finding.LocAt(m.code.File, m.code.Line)
		} else if at := m.loader(f); at != nil {
			c.Location = at
		}
		if i := slices.IndexFunc(f.Values, func(v facts.Value) bool {
			return v.Kind == facts.KindEnvFile && v.Name == name && v.Empty && v.Loaded && !v.Comment
		}); i >= 0 && (m.how == meantTemplate || !names.SaysStream(m.value.Name)) { // STREAM_SECRET= is the line to edit
			w, value := &f.Values[i], "your app's API secret (Dashboard › your app › App Access Keys)"
			if m.how == meantTemplate {
				value = "the value that it has in " + facts.Where(m.value)
			}
			c.Location, c.Title = parts.Locate(w), name+" is set to nothing"
			c.Summary = facts.Where(w) + " sets " + name + " to nothing, so there is no secret to sign with."
			c.Fix[0] = finding.Step{Text: parts.In(w) + "set " + name + " to " + value}
		}
	} else if w := Wins(f); w != nil && w.Empty && w.Name == name && w.File != "" {
		c.Location = parts.Locate(w)
		c.Fix[0] = finding.Step{Text: parts.In(w) + "set " + name + " to your app's API secret (Dashboard › your app › App Access Keys)"}
	}
	return c
}

// setStep says where to set a variable that is set nowhere.
func setStep(f *facts.Facts, name string) finding.Step {
	if read, load, file := earlyRead(f, name); file != "" {
		return finding.Step{Text: "In " + parts.LineOf(load.File, load.Line) + ", load " + file + " before " + parts.LineOf(read.File, read.Line) + " reads " + name + ": imports run first, so make it the first import" + firstImport(load.File)}
	}
	if s := notPublic(f, name); s != nil {
		return *s
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

// notPublic is the step for code that reads the secret from a variable which the browser would get; nil for another name.
func notPublic(f *facts.Facts, name string) *finding.Step {
	to := names.SecretName(name)
	at := facts.SecretReads(f, name)
	if to == name || len(at) == 0 {
		return nil
	}
	return &finding.Step{Text: "In " + parts.LineOf(at[0].File, at[0].Line) + ", read " + to + " instead of " + name + ", and set " + to + " to your app's API secret where the backend reads its variables: " + name + " isn't a name for a secret"}
}

// earlyRead is where a variable is read too early, where the file that sets it is
// loaded, and that file; "" where nothing is read too early.
func earlyRead(f *facts.Facts, name string) (read, load facts.Place, file string) {
	for i := range f.Values {
		if v := &f.Values[i]; v.Name == name {
			if v.Early != nil {
				return v.Early.Read, v.Early.Load, v.File
			}
		}
	}
	return read, load, ""
}

// readTooEarly is the case that the code keeps a variable before the file that sets it is loaded, and nothing else sets it.
func readTooEarly(f *facts.Facts, name string) *finding.Cause {
	read, load, file := earlyRead(f, name)
	if file == "" || sourcesUnread(f) {
		return nil
	}
	ev := []finding.Evidence{{Label: "the code reads " + name, Got: facts.At(read.File, read.Line), Want: "after " + facts.At(load.File, load.Line), Source: facts.At(read.File, read.Line)}}
	c := finding.New(causes.SecretMissing, finding.Likely, // a shell may set it
		facts.At(read.File, read.Line)+" reads "+name+" before "+facts.At(load.File, load.Line)+" loads "+file+", so it is undefined there.",
		finding.LocAt(load.File, load.Line), ev, setStep(f, name), parts.RestartStep(f))
	return &c
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
			if e.File == beside && beside != "" && facts.OneOf(e.Names, name) {
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

// nothingToSign ends a sentence where the code has no fallback.
const nothingToSign = ", so there's no secret to sign with."

// unsetSecret judges, from the files and the process alone, a variable that the
// signing code reads and that nothing sets. ok is false where that isn't so or
// isn't known; the cause is nil where something unseen may set it after all.
func unsetSecret(f *facts.Facts) (c *finding.Cause, summary string, ok bool) {
	s := f.Server
	if s == nil || s.SecretName == "" || !s.SecretUnset || Wins(f) != nil {
		return nil, "", false
	}
	name := s.SecretName
	if key := facts.ValueAt(f, s.Key); key != nil && key.Name == name && !key.Empty {
		c := keyAsSecret(f, key, key, nil)
		return c, c.Summary, true
	}
	if c := keyTaken(f, name); c != nil {
		return c, c.Summary, true
	}
	if c := readTooEarly(f, name); c != nil {
		return c, c.Summary, true
	}
	ev := []finding.Evidence{{Label: "the code reads", Got: name, Source: facts.First(parts.SigningPlace(f).String(), "the backend's source")}}
	summary = name + " isn't set in any file that the server loads"
	if len(s.Missing) > 0 && len(s.Loaded) == 0 {
		summary += ": " + strings.Join(s.Missing, ", ") + " doesn't exist"
		if names := neededNames(f, name); len(names) > 1 {
			summary += "; it must set " + strings.Join(names, ", ")
		}
	}
	return nothingSet(f, name, ev), summary, true
}

// nothingSet names the variable that was meant, or the file that sets the key alone; nil where neither is found.
func nothingSet(f *facts.Facts, name string, ev []finding.Evidence) *finding.Cause {
	if m := meantSecret(f, name); m != nil && !sourcesUnread(f) {
		k := SecretMissing(f, append(ev, finding.Evidence{Label: "set instead", Got: m.value.Name, Want: name, Source: facts.Where(m.value)}))
		if !f.Server.SecretKnown {
			k.Certainty = finding.Likely
		}
		return &k
	}
	return leftOut(f, name, ev)
}

// sourcesUnread reports whether a source of the project was left out, or not read to
// its end: what is in it may set a variable, or be the server.
//
//go:noinline
func sourcesUnread(f *facts.Facts) bool {
	return f.Project != nil && affix.Any(f.Project.Unread, func(file string) bool {
		return affix.Ext(file) != "" && !affix.Contains(affix.Base(file), ".env")
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
		ev = append(ev, finding.Evidence{Label: "env file that doesn't exist", Got: strings.Join(s.Missing, ", "), Source: "working folder " + facts.First(s.Dir, ".")})
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
		if part != "template" && part != "trim" && !affix.HasPrefix(part, "through ") {
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
