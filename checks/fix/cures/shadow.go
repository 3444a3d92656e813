package cures

import (
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
)

// shadowed proposes for a value that wins over the right one.
func (x *View) shadowed(c *finding.Cause) []Proposal {
	var out []Proposal
	for _, v := range x.values(c.Location, facts.WhatSecret, facts.WhatOther) {
		if v.Kind == facts.KindConfig {
			out = append(out, x.notInScript(v)...)
		}
		if v.Kind == facts.KindEnvFile && setTwice(x.Facts, v) {
			out = append(out, one(x.deleteLine(v.File, v.Line), in(v.File, v.Line)+"remove "+v.Name+": it overrides the line with the correct secret"))
		}
		if setTwice(x.Facts, v) && property(x, v) {
			out = append(out, one(x.deleteLine(v.File, v.Line), in(v.File, v.Line)+"remove "+v.Name+": it overrides the line with the correct secret"))
		}
		if use := strings.TrimSpace(x.Line(v.File, v.Line)); assigns(x.Facts, use) {
			out = append(out, one(x.deleteLine(v.File, v.Line), in(v.File, v.Line)+"remove the assignment: it overrides the correct secret"))
		}
		out = append(out, x.fromEnvironment(v)...)
		out = append(out, x.spoiled(v)...)
		out = append(out, x.replaced(v)...)
	}
	return append(out, x.otherVariable(c)...)
}

// property tells a line that gives a variable its value in a configuration, and has nothing else: NAME: 'x',
func property(x *View, v *facts.Value) bool {
	line := strings.TrimSpace(x.Line(v.File, v.Line))
	l := literals(line)
	return v.Kind != facts.KindEnvFile && v.Name != "" && len(l) == 1 && strings.Trim(line[l[0][1]+1:], ",") == "" &&
		strings.Trim(line[:l[0][0]-1], " '\":") == v.Name && affix.Contains(line[:l[0][0]], ":")
}

// assigns tells a line that gives a variable of the environment, which a file sets, a literal.
func assigns(f *facts.Facts, line string) bool {
	rest, ok := affix.CutPrefix(line, "process.env.")
	name, value, is := affix.Cut(rest, " = ")
	if l := literals(value); !ok || !is || len(l) != 1 || l[0][0] != 1 || strings.Trim(value[l[0][1]+1:], "; ") != "" {
		return false
	}
	return affix.Any(f.Values, func(v facts.Value) bool {
		return v.Kind == facts.KindEnvFile && v.Name == name && !v.Comment && !v.Empty
	})
}

// notInScript removes NAME=value from a start script, where a file sets the same variable.
func (x *View) notInScript(v *facts.Value) []Proposal {
	line := x.Line(v.File, v.Line)
	p, ok := x.valueSpan(v)
	head := strings.TrimRight(line[:max(p.from, 0)], "\"'\\")
	if !ok || affix.Base(v.File) != "package.json" || !affix.HasSuffix(head, v.Name+"=") || !setTwice(x.Facts, v) {
		return nil
	}
	end := p.to
	for end < len(line) && strings.IndexByte("\"'\\", line[end]) >= 0 && p.from > len(head) {
		end++
	}
	if end >= len(line) || line[end] != ' ' {
		return nil
	}
	cut := p.sub(len(head)-len(v.Name)-1, end+1)
	return []Proposal{one(cut.edit(""), in(v.File, v.Line)+"remove "+v.Name+" from the script: it overrides the correct secret")}
}

// setTwice reports whether another line that the backend reads sets the same variable.
func setTwice(f *facts.Facts, v *facts.Value) bool {
	return affix.Any(f.Values, func(o facts.Value) bool {
		return o.ID != v.ID && o.Name == v.Name && !o.Comment && !o.Empty && o.Kind == facts.KindEnvFile && (o.File == v.File || loaded(f, o.File))
	})
}

// otherVariable proposes to read, on the line of a finding and on those that read
// the secret, the variable that has the right one.
func (x *View) otherVariable(c *finding.Cause) []Proposal {
	type at struct {
		file string
		line int
	}
	var places []at
	if c.Location != nil {
		places = append(places, at{c.Location.File, c.Location.Line})
	}
	for _, r := range reads(x.Facts) {
		if p := (at{r.File, r.Line}); !slices.Contains(places, p) {
			places = append(places, p)
		}
	}
	var out []Proposal
	for _, p := range places {
		for i := range x.Facts.Values {
			old := &x.Facts.Values[i]
			for _, name := range secretNames(x.Facts) {
				if old.Name == "" || old.Kind == facts.KindLiteral || old.Name == name || old.What == facts.WhatKey && c.ID == causes.KeySecretMismatch {
					continue
				}
				es := x.renamed(p.file, p.line, old.Name, name)
				if es == nil || affix.Base(p.file)[0] == '.' || affix.Any(out, func(o Proposal) bool { return o.Edits[0] == es[0] }) {
					continue
				}
				out = append(out, Proposal{Edits: es, Text: in(p.file, p.line) + "read " + name + " instead of " + old.Name})
			}
		}
	}
	return out
}
