package signature

import (
	"path"
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/probe/names"
	"badsig/checks/rules/parts"
)

// loader is the line that has to load the file that sets the variable: the
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

// meant is a secret that was meant for the variable that the code reads.
type meant struct {
	value *facts.Value
	how   meantHow
	title string
	code  *facts.Place // the line that reads the wrong name, where the file's is right
}

type meantHow string

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
		if v := *best.value; v.Kind == facts.KindConfig && v.SetFile != "" { // its name is elsewhere
			v.File, v.Line = v.SetFile, v.SetLine
			best.value = &v
		}
		if names.Misnamed(f, best.value, name, false, nil) == names.WrongCode && !best.inSettings() {
			if at := facts.SecretReads(f, name); len(at) > 0 {
				best.code = &at[0]
			}
		}
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
	case near > 0 && v.Kind == facts.KindConfig && v.SetFile != "": // what starts the program has the value, under that name
		return meantRenamed, 100
	case same && v.Lost():
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
	case near < 2 && setToNothing(f, v, name): // SECRET= is the line to edit, not APP_ID=1234
		return "", 0
	case v.Read || v.Role == facts.RoleExample || v.What != facts.WhatSecret && near < 2:
		return "", 0
	case v.Loaded:
		return meantRenamed, 70 + 5*near
	case near > 0 && v.Role != facts.RoleFront && !v.Public:
		return meantElsename, 20 + 5*near + closeness(f, v)
	}
	return "", 0
}

// setToNothing reports a file that sets the very variable, to nothing, beside a value.
func setToNothing(f *facts.Facts, v *facts.Value, name string) bool {
	w := Wins(f)
	return w != nil && w.Empty && w.Name == name && w.File == v.File
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
	case base == "env", affix.HasPrefix(base, "env."):
		base = "." + base
	}
	return dir + affix.TrimSuffix(base, ".txt")
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
		return name + " is set in " + facts.Where(v) + ", but the loader doesn't see it: " + v.Fate.Unread() + "."
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
	missing := f.Server != nil && facts.OneOf(f.Server.Missing, target)
	if s := notPublic(f, name); s != nil && m.code == nil {
		return *s
	}
	switch m.how {
	case meantRenamed:
		if at := parts.SigningPlace(f); m.inSettings() && at != nil {
			return finding.Step{Text: "In " + parts.LineOf(at.File, at.Line) + ", read the setting that " + facts.Where(v) + " sets: " + v.Name}
		}
		if m.code != nil {
			return finding.Step{Text: "In " + parts.LineOf(m.code.File, m.code.Line) + ", read " + v.Name + " instead of " + name + ": that's the name that " + v.File + " sets"}
		}
		return finding.Step{Text: parts.In(v) + "rename " + v.Name + " to " + name + ": that's the name that the code reads" + codePlace(f)}
	case meantMisfiled:
		return finding.Step{Text: "Rename " + v.File + " to " + target + " (with the dot)"}
	case meantUnread:
		return finding.Step{Text: parts.In(v) + "write the variable so that its loader reads it: " + name + "=… as UTF-8 without a byte order mark"}
	case meantElsename:
		to := facts.First(target, "the environment that the backend starts with")
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
	case target != "" && missing && affix.Base(target) == affix.Base(v.File):
		return finding.Step{Text: "Move " + v.File + " to " + target + ", where the server looks for it, or start the backend from the folder that has " + v.File}
	case target != "":
		return finding.Step{Text: "In " + target + ", add " + name + " with the value from " + facts.Where(v) + ": the server doesn't load " + v.File}
	}
	return parts.LoadStep(facts.CodeOf(f), v.File, name)
}

// meantKey finds a key that was meant for a variable that the front end reads and nothing sets.
func meantKey(f *facts.Facts, m *facts.Read) *facts.Value {
	var best *facts.Value
	score, name := 0, m.Name
	for i := range f.Values {
		v := &f.Values[i]
		if v.What != facts.WhatKey || v.Kind != facts.KindEnvFile || v.Empty || v.Placeholder || v.Comment || v.Name == name || v.Read ||
			v.Role != facts.RoleFront && v.Role != facts.RoleShared && v.Role != facts.RoleUnknown {
			continue
		}
		if n := names.NearName(v.Name, name); n > score && names.Misnamed(f, v, name, true, m.Hands) != names.NotMeant {
			best, score = v, n
		}
	}
	return best
}

const (
	meantRenamed  meantHow = "renamed"  // another name in a file that the server loads
	meantUnloaded meantHow = "unloaded" // the right name in a file that the server doesn't load
	meantTemplate meantHow = "template" // a template holds the value
	meantMisfiled meantHow = "misfiled" // a file whose own name is misspelled: env.local
	meantElsename meantHow = "elsename" // another name in a file that the server doesn't load
	meantUnread   meantHow = "unread"   // the right name on a line that the loader doesn't see
)
