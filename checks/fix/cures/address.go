package cures

import (
	"strconv"
	"strings"

	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
)

// address proposes for a URL of the front end: the port on which the backend
// listens, the path that it has a route for.
func (x *View) address(c *finding.Cause) []Proposal {
	if c.Location == nil || c.Location.Line == 0 {
		return nil
	}
	line := x.Line(c.Location.File, c.Location.Line)
	all := place{file: c.Location.File, line: c.Location.Line, text: line, to: len(line)}
	var out []Proposal
	add := func(p place, put string) {
		out = append(out, Proposal{Edits: []finding.Edit{p.edit(put)}, Text: in(p.file, p.line) + "use " + put + " instead of " + p.inner()})
	}
	if c.ID == causes.ServerOnOtherPort {
		if x.Facts.Process == nil {
			return nil
		}
		for _, l := range x.Facts.Process.Others {
			for _, old := range ports(all) {
				if put := strconv.Itoa(l.Port); old.inner() != put {
					add(old, put)
				}
			}
		}
		return out
	}
	old := pathOf(x.Facts.Target.URL)
	for _, e := range x.Facts.Project.Entries {
		for cut := 0; e.Kind == facts.EntryHTTP && e.Path != "" && cut < len(old) && cut < len(e.Path) && old[:cut] == e.Path[:cut]; cut++ {
			if rest := old[cut:]; strings.HasPrefix(rest, "/") || cut == 0 {
				if i := strings.Index(line, rest); i >= 0 && strings.Count(line, rest) == 1 {
					add(all.sub(i, i+len(rest)), e.Path[cut:])
				}
			}
		}
	}
	return out
}

// ports are the ports of a line's URLs.
func ports(all place) []place {
	var out []place
	for i := 0; i < len(all.text); i++ {
		j := i + 1
		for j < len(all.text) && all.text[j] >= '0' && all.text[j] <= '9' {
			j++
		}
		if all.text[i] == ':' && j > i+2 && j < i+7 && i > 0 && isPath(all.text[i-1]) {
			out = append(out, all.sub(i+1, j))
		}
	}
	return out
}

func pathOf(u string) string {
	if i := strings.Index(u, "://"); i >= 0 {
		u = u[i+3:]
	}
	if i := strings.IndexByte(u, '/'); i >= 0 {
		u = u[i:]
	} else {
		return ""
	}
	u, _, _ = strings.Cut(u, "?")
	return u
}
