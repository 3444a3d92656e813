package cures

import (
	"strings"

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
		bare := names.WithoutPrefix(v.Name)
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
		for _, l := range facts.SecretReads(x.Facts, v.Name) {
			if r := x.renamed(l.File, l.Line, v.Name, bare); r != nil {
				es, read = append(es, r...), true
			}
		}
		if read {
			out = append(out, Proposal{Edits: es, Text: in(v.File, v.Line) + "rename " + v.Name + " to " + bare + ", and read that name in the backend"})
			continue
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
