package cures

import (
	"path"
	"slices"
	"sort"
	"strconv"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/probe/files"
	"badsig/checks/probe/names"
)

// missing proposes for code that reads a variable which nothing sets: the name is
// put right where the secret is, the line is copied to where it's read, or the
// dashboard's secret is written there.
func (x *View) missing(c *finding.Cause) []Proposal {
	out := append(x.path(c), x.copied(c)...)
	read := readNames(x.Facts)
	for _, name := range read {
		for i := range x.Facts.Values {
			v := &x.Facts.Values[i]
			if v.Kind != facts.KindEnvFile || v.Empty || v.Placeholder || v.What == facts.WhatKey {
				continue
			}
			switch {
			case v.Comment:
				out = append(out, x.uncommented(v)...)
			case v.Name == name || !loaded(x.Facts, v.File):
			case names.Misnamed(x.Facts, v, name, false, nil) == names.WrongCode || readElsewhere(x, v):
				out = append(out, readInstead(x, name, v)...)
			default:
				out = append(out, x.renamedVariable(v, name)...)
			}
		}
		for i := range x.Facts.Values {
			if v := &x.Facts.Values[i]; v.Kind == facts.KindEnvFile && v.Name == name && v.Empty {
				out = append(out, x.replaced(v)...)
			}
		}
	}
	for _, name := range read {
		out = append(out, x.colon(name)...)
	}
	out = append(out, unclosed(x)...)
	for i := range x.Facts.Values {
		v := &x.Facts.Values[i]
		if s := x.source(v.File); v.Kind == facts.KindEnvFile && v.Lost() && s.text != nil && s.text.Wide() {
			out = append(out, Proposal{Edits: []finding.Edit{{File: v.File, Line: 1, From: 1, To: 1, SaveAs: finding.UTF8}}, Text: "Save " + v.File + " as UTF-8: its loader doesn't read UTF-16"})
		}
	}
	for i := range x.Facts.Values { // a byte order mark hides the first line
		if v := &x.Facts.Values[i]; v.Kind == facts.KindEnvFile && v.Line == 1 && v.Fate == facts.UnseenMark {
			out = append(out, Proposal{Edits: []finding.Edit{{File: v.File, Line: 1, From: 1, To: 1, Insert: "\n"}}, Text: in(v.File, 1) + "insert an empty line: the byte order mark before " + v.Name + " belongs to its name for this loader"})
		}
	}
	for i := range x.Facts.Values {
		if early := x.Facts.Values[i].Early; early != nil {
			out = append(out, x.earlier(early.Load)...)
		}
	}
	for _, name := range read {
		out = append(out, x.added(name)...)
	}
	for _, name := range read {
		for i := range x.Facts.Values {
			v := &x.Facts.Values[i]
			if v.Kind == facts.KindEnvFile && !v.Comment && v.What == facts.WhatSecret && v.Name != name && loaded(x.Facts, v.File) {
				out = append(out, readInstead(x, name, v)...)
			}
		}
	}
	return out
}

// readInstead proposes to read the variable that a file sets on the lines that read the secret from another.
func readInstead(x *View, name string, v *facts.Value) []Proposal {
	var out []Proposal
	for _, r := range reads(x.Facts) {
		if es := x.renamed(r.File, r.Line, name, v.Name); r.Name == name && es != nil {
			out = append(out, Proposal{Edits: es, Text: in(r.File, r.Line) + "read " + v.Name + " instead of " + name})
		}
	}
	return out
}

// readElsewhere reports whether sources of the project have a variable's name, so that they would miss it.
func readElsewhere(x *View, v *facts.Value) bool {
	return x.some(func(_, text string) bool {
		for at := 0; ; {
			i := strings.Index(text[at:], v.Name)
			if i < 0 {
				return false
			}
			i += at
			if at = i + len(v.Name); word(text, i, at) {
				return true
			}
		}
	})
}

// unclosed proposes to close a quote at the end of its line, where the value goes on over the lines below.
func unclosed(x *View) []Proposal {
	if x.Facts.Server == nil {
		return nil
	}
	var out []Proposal
	for _, file := range x.Facts.Server.Loaded {
		var es []finding.Edit
		for i, l := range x.lines(file) {
			l = strings.TrimRight(l, " \t\r")
			_, value, is := affix.Cut(l, "=")
			if value = strings.TrimSpace(value); !is || value == "" || affix.Base(file)[0] != '.' {
				continue
			}
			end := place{file: file, line: i + 1, text: l, from: len(l), to: len(l)}
			switch q := value[:1]; {
			case affix.Contains("'\"`", q) && strings.Count(value, q) == 1 && es == nil:
				es = append(es, end.edit(q))
				out = append(out, Proposal{Edits: es, Text: in(file, i+1) + "close the quote at the end of the line: without it, the lines below belong to this value"})
			case es != nil && es[0].Insert == value[len(value)-1:] && strings.Count(value, es[0].Insert) == 1: // where it's closed now
				both := append(slices.Clone(es), end.sub(len(l)-1, len(l)).edit(""))
				return append([]Proposal{{Edits: both, Text: out[0].Text + ", and remove the one in line " + strconv.Itoa(i+1)}}, out...)
			}
		}
	}
	return out
}

// colon proposes an = for a line that sets a variable as YAML does, in a file that the backend loads.
func (x *View) colon(name string) []Proposal {
	if x.Facts.Server == nil {
		return nil
	}
	var out []Proposal
	for _, file := range x.Facts.Server.Loaded {
		for i, l := range x.lines(file) {
			l = affix.TrimSuffix(l, "\r")
			at := assigned(l, name)
			if affix.Base(file)[0] != '.' || at < 1 || l[at-1] != ':' {
				continue
			}
			value := at + len(l[at:]) - len(strings.TrimLeft(l[at:], " \t"))
			p := place{file: file, line: i + 1, text: l, from: at - 1, to: value}
			out = append(out, p.proposal("=", in(file, i+1)+"write "+name+"= instead of "+name+":"))
		}
	}
	return out
}

// earlier proposes to load .env before any other module is loaded, where code
// reads a variable too early.
func (x *texts) earlier(load facts.Place) []Proposal {
	file, n := load.File, load.Line
	lines := x.lines(file)
	if n < 1 || n > len(lines) {
		return nil
	}
	first := slices.IndexFunc(lines, func(l string) bool { return affix.HasPrefix(l, "import ") || affix.Contains(l, "= require(") })
	use := strings.TrimRight(lines[n-1], "\r")
	call := affix.TrimSuffix(affix.TrimSuffix(use, ";"), "({ quiet: true })")
	call = affix.TrimSuffix(call, "()")
	if first < 0 || first+1 >= n {
		return nil
	}
	put := finding.Edit{File: file, Line: first + 1, From: 1, To: 1}
	text := ", so that .env is loaded before the other modules read it"
	switch call {
	case "require('dotenv').config", `require("dotenv").config`:
		put.Insert = use + "\n"
		return []Proposal{{Edits: []finding.Edit{put, x.deleteLine(file, n)}, Text: "Move line " + strconv.Itoa(n) + " of " + file + " to line " + strconv.Itoa(first+1) + text}}
	case "dotenv.config":
		if !affix.HasPrefix(lines[first], "import ") {
			return nil
		}
		put.Insert = "import 'dotenv/config'\n"
		if affix.HasSuffix(use, ";") {
			put.Insert = "import 'dotenv/config';\n"
		}
		return []Proposal{one(put, in(file, first+1)+"add import 'dotenv/config'"+text)}
	}
	return nil
}

// reads are the lines on which the backend reads its secret from a variable.
func reads(f *facts.Facts) []facts.Read {
	var out []facts.Read
	if c := facts.CodeOf(f); c != nil {
		for _, r := range c.SecretRead {
			if r.Name != "" {
				out = append(out, r)
			}
		}
	}
	return out
}

func readNames(f *facts.Facts) []string {
	var out []string
	if s := f.Server; s != nil && s.SecretName != "" {
		out = append(out, s.SecretName)
	}
	for _, r := range reads(f) {
		if !facts.OneOf(out, r.Name) {
			out = append(out, r.Name)
		}
	}
	return out
}

// loaded reports whether the backend reads an env file, or was started with its variables.
//
//go:noinline
func loaded(f *facts.Facts, file string) bool {
	return f.Server != nil && facts.OneOf(f.Server.Loaded, file) ||
		affix.Any(f.Values, func(v facts.Value) bool { return v.Kind == facts.KindProcess && v.SetFile == file && file != "" })
}

// uncommented removes the # before an assignment.
func (x *texts) uncommented(v *facts.Value) []Proposal {
	line := x.Line(v.File, v.Line)
	at := strings.Index(line, v.Name)
	if at <= 0 || strings.Trim(line[:at], "# \t") != "" {
		return nil
	}
	return []Proposal{{Edits: []finding.Edit{place{file: v.File, line: v.Line, text: line, to: at}.edit("")}, Text: in(v.File, v.Line) + "remove the # before " + v.Name}}
}

// renamedVariable gives an assignment of an env file another name.
func (x *View) renamedVariable(v *facts.Value, to string) []Proposal {
	line := x.Line(v.File, v.Line)
	if at := assigned(line, v.Name); at >= 0 {
		if from := strings.Index(line, v.Name); from >= 0 {
			p := place{file: v.File, line: v.Line, text: line, from: from, to: from + len(v.Name)}
			return []Proposal{one(p.edit(to), in(v.File, v.Line)+"rename "+v.Name+" to "+to+": that's the name that the code reads")}
		}
	}
	return nil
}

// added writes a variable with the right secret into the file that the backend reads.
func (x *View) added(name string) []Proposal {
	var out []Proposal
	s := x.Facts.Server
	if s == nil || names.SecretName(name) != name {
		return nil
	}
	for _, file := range slices.Concat(s.Loaded, s.Missing) {
		if affix.HasPrefix(file, "../") || path.IsAbs(file) || !x.exists(file) && !x.folder(path.Dir(file)) {
			continue
		}
		for _, w := range x.sources(nil) {
			es := x.newLine(file, name, w.edit)
			text := "In " + file + ", add " + name + " with " + w.words
			if es[0].Create {
				text = "Create " + file + " and set " + name + " to " + w.words
			}
			if e, needed := x.ignored(file); needed && files.ReadGit(x.dir) != nil {
				es, text = append(es, e), text+", and let .gitignore name it"
			}
			out = append(out, Proposal{Edits: es, Text: text})
		}
	}
	return out
}

// folder reports whether the project has a folder, as far as its files tell.
func (x *View) folder(dir string) bool {
	return dir == "." || x.exists(dir+"/package.json") || affix.Any(x.Facts.Values, func(v facts.Value) bool { return path.Dir(v.File) == dir }) ||
		affix.Any(links(x.Facts), func(p facts.Place) bool { return path.Dir(p.File) == dir })
}

// links are the lines on the way from the signing call to its secret and key.
func links(f *facts.Facts) []facts.Place {
	var out []facts.Place
	if f.Project == nil {
		return nil
	}
	for _, s := range f.Project.Sites {
		out = append(out, s.Place)
		for _, l := range slices.Concat(s.Secret, s.Key) {
			out = append(out, l.Place)
		}
	}
	for _, c := range f.Project.Calls {
		out = append(out, facts.Place{File: c.File, Line: c.Line})
	}
	sort.Slice(out, func(i, j int) bool {
		if out[i].File != out[j].File {
			return out[i].File < out[j].File
		}
		return out[i].Line < out[j].Line
	})
	return slices.Compact(out)
}
