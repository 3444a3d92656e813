package cures

import (
	"path"
	"path/filepath"
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/finding"
)

// Rules of this file, about code that signs with another secret than the app's:
//   - what is read instead is a variable that has the right one
//   - a file is loaded from where it is; it's copied only where its name keeps it from being loaded

// varies proposes to read the right variable where code makes a secret up, or
// chooses between two.
func (x *View) varies(c *finding.Cause) []Proposal {
	places := links(x.Facts)
	if c.Location != nil {
		places = append([]facts.Place{{File: c.Location.File, Line: c.Location.Line}}, places...)
	}
	for _, r := range reads(x.Facts) {
		places = append(places, facts.Place{File: r.File, Line: r.Line})
	}
	var out []Proposal
	for i, at := range places {
		if slices.Contains(places[:i], at) {
			continue
		}
		line := x.Line(at.File, at.Line)
		for _, name := range secretNames(x.Facts) {
			read := envRead(at.File, name)
			if read == "" {
				continue
			}
			for _, p := range append(chance(at.File, line, at.Line), choices(at.File, line, at.Line, read)...) {
				out = append(out, p.proposal(read, in(at.File, at.Line)+"read "+name+" from the environment"))
			}
		}
	}
	return out
}

// makers are the calls that make up a secret.
var makers = []string{"randomBytes", "randomUUID", "uuidv4", "nanoid", "token_hex", "token_urlsafe", "uuid4", "random_bytes"}

// chance are the expressions of a line that are made up anew: randomBytes(32).toString('hex').
func chance(file, line string, n int) []place {
	var out []place
	for _, p := range paths(file, line, n) {
		end := closing(line, p.to)
		if end == 0 || !facts.OneOf(makers, facts.LastName(p.inner())) {
			continue
		}
		p.to = end + 1
		if at := strings.LastIndex(line[:p.from], "require("); at >= 0 && closing(line, at+len("require")) == p.from-2 { // require('crypto').randomBytes(32)
			p.from = at
		}
		for { // .toString('hex')
			name, _, ok := affix.Cut(line[p.to:], "(")
			end := 0
			if ok && len(name) > 1 && name[0] == '.' {
				end = closing(line, p.to+len(name))
			}
			if end == 0 {
				break
			}
			p.to = end + 1
		}
		out = append(out, p)
	}
	return out
}

// choices are the expressions of a line that choose one of two variables, of which
// one is read as it should be: turn ? process.env.OLD : process.env.NEW.
func choices(file, line string, n int, read string) []place {
	var out []place
	all := paths(file, line, n)
	for i := 0; i+2 < len(all); i++ {
		by, a, b := all[i], all[i+1], all[i+2]
		between := func(l, r place) string { return affix.ReplaceAll(line[l.to:r.from], " ", "") }
		if (a.inner() == read || b.inner() == read) && between(by, a) == "?" && between(a, b) == ":" {
			out = append(out, by.sub(by.from, b.to))
		}
	}
	return out
}

// path proposes to load the env file that is there, on the line that names another path.
func (x *View) path(c *finding.Cause) []Proposal {
	if c.Location == nil || c.Location.Line == 0 || x.Facts.Project == nil || x.Facts.Server == nil || len(x.Facts.Server.Missing) == 0 {
		return nil
	}
	code := facts.CodeOf(x.Facts)
	if code == nil {
		return nil
	}
	tr := facts.TruthOf(x.Facts)
	file, n := c.Location.File, c.Location.Line
	line := x.Line(file, n)
	lits := literals(line)
	var out []Proposal
	if len(lits) == 0 || !affix.Contains(strings.ToLower(line), "env") || affix.Base(file)[0] == '.' {
		return nil
	}
	first, last := lits[0], lits[len(lits)-1]
	for i := 1; i < len(lits); i++ { // what is passed to join, and nothing else
		if strings.Trim(line[lits[i-1][1]+1:lits[i][0]-1], " ,") != "" {
			first = lits[i]
		}
	}
	p := place{file: file, line: n, text: line, from: first[0], to: last[1]}
	for i := range x.Facts.Values {
		v := &x.Facts.Values[i]
		if v.Kind != facts.KindEnvFile || v.Comment || !tr.Fps[v.Fingerprint] && !tr.Fps[v.Clean] || loaded(x.Facts, v.File) {
			continue
		}
		for _, dir := range []string{path.Dir(file), code.Dir} {
			rel, err := filepath.Rel(filepath.FromSlash(dir), filepath.FromSlash(v.File))
			if err != nil {
				continue
			}
			out = append(out, p.proposal(filepath.ToSlash(rel), in(file, n)+"load "+v.File+", which exists"))
		}
	}
	return out
}

// copied proposes to copy a file, whose name keeps it from being loaded, to the one
// that is loaded: .env.example, or env.local without its dot.
func (x *View) copied(c *finding.Cause) []Proposal {
	if c.Location == nil || x.Facts.Server == nil {
		return nil
	}
	from := c.Location.File
	base := affix.Base(from)
	if !affix.Contains(base, "env") || !affix.Any(x.values(c.Location, facts.WhatSecret), func(v *facts.Value) bool { return v.Kind == facts.KindEnvFile && !v.Comment && !v.Placeholder }) {
		return nil
	}
	var out []Proposal
	for _, to := range append([]string{path.Join(path.Dir(from), "."+base)}, x.Facts.Server.Missing...) {
		if base[0] == '.' && affix.HasPrefix(affix.Base(to), "..") || path.IsAbs(to) || affix.HasPrefix(to, "../") || x.exists(to) || !x.folder(path.Dir(to)) {
			continue
		}
		var es []finding.Edit
		for i, l := range x.lines(from) {
			l = strings.TrimRight(l, "\r")
			name, value, is := affix.Cut(l, "=")
			if name = strings.TrimSpace(name); !is || name == "" || strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") != "" {
				continue
			}
			at := finding.Edit{File: to, Line: 1, From: 1, To: 1, Create: true}
			head, held, tail := at, at, at
			head.Insert, tail.Insert = name+"=", "\n"
			held.InsertFrom = place{file: from, line: i + 1, text: l, from: len(l) - len(value), to: len(l)}.ref("")
			es = append(es, head, held, tail)
		}
		if len(es) > 0 {
			out = append(out, Proposal{Edits: es, Text: "Create " + to + " with the variables of " + from + ", which isn't loaded"})
		}
	}
	return out
}

// crossed proposes for a class or a function that uses the key as the secret:
// this.apiSecret = apiKey.
func (x *View) crossed() []Proposal {
	var out []Proposal
	var done []string
	for _, at := range links(x.Facts) {
		if facts.OneOf(done, at.File) {
			continue
		}
		done = append(done, at.File)
		for i, l := range x.lines(at.File) {
			l = strings.TrimRight(l, "\r")
			all := paths(at.File, l, i+1)
			if len(all) != 2 || affix.ReplaceAll(l[all[0].to:all[1].from], " ", "") != "=" || callee(all[1]) {
				continue
			}
			want := facts.LastName(all[0].inner())
			if low := strings.ToLower(want); affix.Contains(low, "secret") && affix.Contains(strings.ToLower(all[1].inner()), "key") {
				out = append(out, one(all[1].edit(want), in(at.File, i+1)+"assign "+want+" instead of "+all[1].inner()))
			}
		}
	}
	return out
}
