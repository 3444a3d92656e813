package cures

import (
	"net/url"
	"strconv"
	"strings"

	"badsig/checks/affix"
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
		out = append(out, p.proposal(put, in(p.file, p.line)+"use "+put+" instead of "+p.inner()))
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
	at := []place{all}
	for _, f := range x.Facts.Project.Fetches { // the same request on other lines; of a client with a base, the call's, which has the rest of the path
		for _, p := range []facts.Place{f.Path, {File: f.File, Line: f.Line}} {
			l := place{file: p.File, line: p.Line, text: x.Line(p.File, p.Line)}
			if l.to = len(l.text); pathOf(f.URL) == old && !affix.Any(at, func(o place) bool { return o.file == l.file && o.line == l.line }) {
				at = append(at, l)
			}
		}
	}
	for _, e := range x.Facts.Project.Entries {
		for cut := 0; e.Kind == facts.EntryHTTP && e.Path != "" && cut < len(old) && cut < len(e.Path) && old[:cut] == e.Path[:cut]; cut++ {
			rest, put := old[cut:], e.Path[cut:]
			if !affix.HasPrefix(rest, "/") && cut > 0 {
				continue
			}
			var es []finding.Edit
			var first place
			for _, line := range at {
				if i := strings.Index(line.text, rest); i >= 0 && strings.Count(line.text, rest) == 1 {
					p := line.sub(i, i+len(rest))
					if es == nil {
						first = p
					}
					es = append(es, p.edit(put))
				}
			}
			if len(es) > 1 {
				out = append(out, Proposal{Edits: es, Text: in(first.file, first.line) + "use " + put + " instead of " + rest + ", and on the other lines that request it"})
			}
			if es != nil {
				add(first, put)
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
	u, _, _ = affix.Cut(u, "?")
	return u
}

// asked proposes for a route that has another method than the front end uses, and
// for an address that the server redirects to another one of its own.
func (x *View) asked(c *finding.Cause) []Proposal {
	fetch := x.Facts.Fetch()
	if fetch == nil || x.Facts.Project == nil || x.Facts.Backend == nil || len(x.Facts.Backend.Posts) == 0 {
		return nil
	}
	var out []Proposal
	path := pathOf(x.Facts.Target.URL)
	if c.ID == causes.EndpointRedirect {
		to := x.Facts.Backend.Posts[0].Header["Location"]
		if u, err := url.Parse(to); err != nil || u.RawQuery != "" || u.Host != "" && !affix.Contains(x.Facts.Target.URL, "://"+u.Host) || u.Path == "" || path == "" || u.Path == path {
			return nil
		} else {
			to = u.Path
		}
		line := x.Line(fetch.Path.File, fetch.Path.Line)
		all := place{file: fetch.Path.File, line: fetch.Path.Line, text: line, to: len(line)}
		for _, l := range literals(line) {
			if p := all.sub(l[1]-len(path), l[1]); affix.HasSuffix(line[l[0]:l[1]], path) {
				out = append(out, p.proposal(to, in(p.file, p.line)+"use "+to+", to which the server redirects"))
			}
		}
		return out
	}
	if allow := x.Facts.Backend.Posts[0].Header["Allow"]; allow != "" && allow != fetch.Method && facts.CodeOf(x.Facts) != nil { // method !== 'PUT'
		file := facts.CodeOf(x.Facts).File
		for n, line := range x.lines(file) {
			if only := OtherMethod(line, allow, fetch.Method); only != line {
				out = append(out, one(place{file: file, line: n + 1, text: line, to: len(line)}.edit(only), in(file, n+1)+"let the route accept "+fetch.Method+": that's how the front end requests it"))
			}
		}
	}
	if fetch.Method != "POST" || !fetch.JSON {
		return nil
	}
	for _, e := range x.Facts.Project.Entries {
		line := x.Line(e.File, e.Line)
		old := "." + strings.ToLower(e.Method) + "("
		at := strings.Index(line, old)
		if e.Kind != facts.EntryHTTP || e.Method == fetch.Method || e.Path != path || at < 0 {
			continue
		}
		es := []finding.Edit{place{file: e.File, line: e.Line, text: line, from: at, to: at + len(old)}.edit(".post(")}
		for n := e.Line; e.Method == "GET" && n <= e.Reply.Line && e.Reply.File == e.File; n++ {
			l := x.Line(e.File, n)
			for _, p := range paths(e.File, l, n) {
				if rest, ok := affix.CutPrefix(p.inner(), "req.query"); ok && (rest == "" || rest[0] == '.') {
					es = append(es, p.sub(p.from, p.from+len("req.query")).edit("req.body"))
				}
			}
		}
		out = append(out, Proposal{Edits: es, Text: in(e.File, e.Line) + "make it a POST route, and read the body: that's how the front end requests it"})
	}
	return out
}

// OtherMethod is a line that compares a request's method with one, with another in its place.
func OtherMethod(line, old, put string) string {
	if !affix.Contains(line, "method !== '"+old+"'") && !affix.Contains(line, "method != '"+old+"'") {
		return line
	}
	return affix.ReplaceAll(line, "'"+old+"'", "'"+put+"'")
}
