package cures

import (
	"strings"

	"badsig/checks/facts"
	"badsig/checks/finding"
)

// user proposes to sign the ID that the request carries, where the code signs a
// constant, another field, or something made of the ID.
func (x *View) user(c *finding.Cause) []Proposal {
	if c.Location == nil || c.Location.Line == 0 || x.Facts.Project == nil {
		return nil
	}
	id := facts.IDName(x.Facts.MainNames(x.Facts.Fetch()))
	if id == "" || strings.Contains(id, ".") {
		return nil
	}
	file, n := c.Location.File, c.Location.Line
	line := x.Line(file, n)
	all := place{file: file, line: n, text: line, to: len(line)}
	var out []Proposal
	for _, s := range x.Facts.Project.Sites {
		for _, p := range paths(file, line, n) { // req.body.id, where the front end sends userId
			rest, ok := strings.CutSuffix(p.inner(), "."+facts.LastName(s.User.Name))
			if ok && s.User.Name != "" && facts.LastName(s.User.Name) != id && !callee(p) {
				out = append(out, Proposal{Edits: []finding.Edit{p.sub(p.from+len(rest)+1, p.to).edit(id)}, Text: in(file, n) + "read " + id + ", the field that the front end sends"})
			}
		}
	}
	for _, l := range literals(line) {
		if l[0] > 0 && strings.HasSuffix(line[:l[0]-1], "(") || strings.HasSuffix(line[:max(l[0]-1, 0)], ": ") {
			p := all.sub(l[0]-1, l[1]+1)
			out = append(out, Proposal{Edits: []finding.Edit{p.edit(id)}, Text: in(file, n) + "sign the ID from the request instead of " + p.inner()})
		}
	}
	return append(out, x.unwrapped(c.Location)...)
}

// field proposes to call the token in the response what the front end calls it.
func (x *View) field(c *finding.Cause) []Proposal {
	fetch := x.Facts.Fetch()
	if c.Location == nil || c.Location.Line == 0 || fetch == nil || fetch.Takes == "" || strings.Contains(fetch.Takes, ".") || x.Facts.Project == nil {
		return nil
	}
	file, n := c.Location.File, c.Location.Line
	line := x.Line(file, n)
	var out []Proposal
	for _, s := range x.Facts.Project.Sites {
		for _, w := range s.Wraps {
			for _, p := range paths(file, line, n) {
				if w.How != "field" || w.As == "" || p.inner() != w.As {
					continue
				}
				put := fetch.Takes
				if !strings.HasPrefix(strings.TrimLeft(line[p.to:], " "), ":") {
					put += ": " + p.inner() // { jwt }
				}
				out = append(out, Proposal{Edits: []finding.Edit{p.edit(put)}, Text: in(file, n) + "return the token as " + fetch.Takes + ", the name that the front end reads"})
			}
		}
	}
	return out
}
