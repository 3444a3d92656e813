package cures

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/probe/names"
)

// exposed proposes for a secret that the browser gets: another name on both sides,
// or no such line where the backend doesn't read it.
func (x *View) exposed(c *finding.Cause) []Proposal {
	var out []Proposal
	for _, v := range x.values(c.Location, facts.WhatSecret, facts.WhatKey) {
		if v.Kind != facts.KindEnvFile {
			out = append(out, x.inFront(v)...)
			continue
		}
		bare := names.SecretName(v.Name)
		if names.PublicPrefix(v.Name) == "" {
			continue
		}
		var es []finding.Edit
		for _, p := range x.renamedVariable(v, bare) {
			es = p.Edits
		}
		read := false
		for _, l := range facts.SecretReads(x.Facts, v.Name) {
			if r := x.renamed(l.File, l.Line, v.Name, bare); r != nil {
				es, read = append(es, r...), true
			}
		}
		if read {
			out = append(out, Proposal{Edits: es, Text: in(v.File, v.Line) + "rename " + v.Name + " to " + bare + ", and read that name in the backend"})
			continue
		}
		if es, where := argumentsOf(x, v.Name); es != nil {
			out = append(out, Proposal{Edits: append(es, x.deleteLine(v.File, v.Line)), Text: in(v.File, v.Line) + "remove " + v.Name + ", and the argument in " + where + ": only the backend needs the secret"})
		}
		out = append(out, one(x.deleteLine(v.File, v.Line), in(v.File, v.Line)+"remove "+v.Name+": its prefix puts it into what the browser gets, and only the backend needs the secret"))
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
		if !ok || v.Kind != facts.KindLiteral && v.Kind != facts.KindFallback && !property(x, v) || p.from == 0 || p.to == len(p.text) {
			continue
		}
		swaps := x.fromEnvironment(v)
		if property(x, v) { // of PM2's configuration: the code reads the variable itself
			swaps = append(swaps, one(x.deleteLine(v.File, v.Line), in(v.File, v.Line)+"remove "+v.Name))
		}
		for _, swap := range swaps {
			es := swap.Edits
			out = append(out, Proposal{Edits: es, Text: swap.Text}) // where the .env has it already
			name := names.SecretName(secretNames(x.Facts)[0])
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

// argumentsOf takes a variable of the environment out of the calls whose last argument it is; nil where it is used otherwise.
func argumentsOf(x *View, name string) (es []finding.Edit, where string) {
	if x.some(func(rel, text string) bool {
		for i, line := range strings.Split(text, "\n") {
			for _, p := range paths(rel, line, i+1) {
				if !affix.HasSuffix(p.inner(), "env."+name) {
					continue
				}
				e, is := lastArgument(p)
				if !is {
					return true
				}
				es, where = append(es, e), lineOf(rel, i+1)
			}
		}
		return false
	}) {
		return nil, ""
	}
	return es, where
}
