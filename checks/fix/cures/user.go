package cures

import (
	"slices"
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

// TokenField is the name under which a response has the token, where the front end
// reads another; "" where the finding doesn't say so.
func TokenField(c *finding.Cause) string {
	for _, e := range c.Evidence {
		if e.Label == "field that has the token" {
			return e.Got
		}
	}
	return ""
}

// SentPromise tells a response with a promise in the place of its token.
func SentPromise(c *finding.Cause) bool {
	_, is := promised(c)
	return is
}

func promised(c *finding.Cause) (field string, is bool) {
	for _, e := range c.Evidence {
		if name, ok := strings.CutPrefix(e.Label, "field "); ok && slices.Contains([]string{"{}", `"[object Promise]"`, "object"}, e.Got) {
			return name, true
		}
	}
	return "", false
}

// awaited proposes to wait for the call that gives the token, in a function that can wait.
func (x *View) awaited(c *finding.Cause) []Proposal {
	name, is := promised(c)
	if !is || c.Location == nil || c.Location.Line == 0 {
		return nil
	}
	file := c.Location.File
	var out []Proposal
	for n := c.Location.Line; n > 0 && n > c.Location.Line-6; n-- {
		line := x.Line(file, n)
		for _, p := range paths(file, line, n) {
			before := strings.TrimRight(line[:p.from], " ")
			if end := closing(line, p.to); end > 0 && (strings.HasSuffix(before, name+":") || strings.HasSuffix(before, name+" =")) && x.async(file, n) {
				out = append(out, Proposal{Edits: []finding.Edit{p.sub(p.from, p.from).edit("await ")}, Text: in(file, n) + "await " + p.inner() + "()"})
			}
		}
	}
	return out
}

// async reports whether the innermost function that begins above a line can wait.
func (x *View) async(file string, n int) bool {
	for ; n > 0; n-- {
		if l := x.Line(file, n); strings.Contains(l, "=> {") || strings.Contains(l, "function") {
			return strings.Contains(l, "async")
		}
	}
	return false
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
	names := []string{TokenField(c)}
	for _, s := range x.Facts.Project.Sites {
		for _, w := range s.Wraps {
			if w.How == "field" {
				names = append(names, w.As)
			}
		}
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		for _, p := range paths(file, line, n) {
			if name == "" || p.inner() != name {
				continue
			}
			put := fetch.Takes
			if !strings.HasPrefix(strings.TrimLeft(line[p.to:], " "), ":") {
				put += ": " + p.inner() // { jwt }
			}
			out = append(out, Proposal{Edits: []finding.Edit{p.edit(put)}, Text: in(file, n) + "return the token as " + fetch.Takes + ", the name that the front end reads"})
		}
	}
	return out
}
