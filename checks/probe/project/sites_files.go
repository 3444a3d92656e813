package project

import (
	"path"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
)

// Rules of this file:
//   - an export is an entry because of the framework whose file it stands in

// entryOfExport tells whether a framework runs what a module exports under a name.
func (p *Reader) entryOfExport(f modules.FnRef, name string, e jsread.Expr) []entry {
	m := f.Mod
	at := facts.Place{File: m.Rel, Line: max(1, f.Fn.Line)}
	s := p.serverOf(m)
	one := func(x facts.Entry, style string) []entry {
		x.Place = at
		return []entry{{Entry: x, style: style, server: s}}
	}
	in := strings.TrimPrefix(strings.TrimPrefix(m.Rel, m.Pkg.Dir), "/")
	in = strings.TrimPrefix(in, "src/")
	base := path.Base(in)
	stem := strings.TrimSuffix(base, path.Ext(base))
	if m.Directive("use server") {
		return one(facts.Entry{Kind: facts.EntryAction, Path: exportName(name, f)}, "action")
	}
	if s == nil {
		return nil
	}
	var out []entry
	for _, r := range s.routes { // route files
		if r.mod != m {
			continue
		}
		verb := name == r.Method || s.frame == "workers" && strings.HasPrefix(name, "onRequest") && r.Line == max(1, e.Line) || name == "action" && r.Method == "POST" || name == "loader" && r.Method == "GET"
		if s.frame != "" && (verb || name == "default" && r.Method == "ANY" || name == "handler" && r.Method == "ANY" || name == "default" && strings.HasPrefix(in, "server/")) {
			out = append(out, entry{Entry: facts.Entry{Kind: facts.EntryHTTP, Method: r.Method, Path: r.Path, Place: at}, style: frameStyle(s.frame, in), server: s})
		}
	}
	for i := range out {
		if s.frame == "remix" && m.HasPage() {
			out[i].Kind = facts.EntryLoader
		}
	}
	if len(out) > 0 {
		return out
	}
	switch s.frame {
	case "remix":
		if name == "loader" || name == "action" {
			return one(facts.Entry{Kind: facts.EntryLoader, Path: name}, "web")
		}
	case "sveltekit":
		if name == "load" && (strings.HasPrefix(stem, "+page") || strings.HasPrefix(stem, "+layout")) {
			return one(facts.Entry{Kind: facts.EntryLoader, Path: "load"}, "web")
		}
	case "next":
		switch {
		case name == "getServerSideProps" || name == "getStaticProps" || name == "getInitialProps":
			return one(facts.Entry{Kind: facts.EntryLoader, Path: name}, "web")
		case name == "default" && (stem == "page" || stem == "layout") && !m.Directive("use client"), name == "default" && strings.HasPrefix(in, "pages/"):
			return one(facts.Entry{Kind: facts.EntryLoader, Path: stem}, "web") // a page that the server renders
		}
	case "astro":
		if name == "server" {
			return one(facts.Entry{Kind: facts.EntryAction, Path: f.Fn.Name}, "action")
		}
	case "serverless", "netlify":
		if name == "handler" || name == "onRequest" || name == "onRequestPost" || name == "onRequestGet" || name == "default" {
			return one(facts.Entry{Kind: facts.EntryHTTP, Method: "ANY", Path: ""}, "web")
		}
	}
	return nil
}

func exportName(name string, f modules.FnRef) string {
	if name == "default" && f.Fn.Name != "" {
		return f.Fn.Name
	}
	return name
}

func frameStyle(frame, in string) string {
	switch {
	case strings.HasPrefix(in, "pages/api/"):
		return "express"
	case frame == "nuxt":
		return "event"
	case frame == "serverless" && strings.HasPrefix(in, "api/"):
		return "express"
	}
	return "web"
}

// plainEntries reads the paths that a server without a router compares by
// hand on the way to a site: if (req.url === '/token' && req.method === 'POST').
func (p *Reader) plainEntries(r reaching, m *modules.Module, c *jsread.Call) []entry {
	if r.f.Fn == nil {
		return nil
	}
	line := r.f.Fn.Line
	if c != nil {
		line = c.Line
	}
	e := entry{Entry: facts.Entry{Kind: facts.EntryHTTP, Method: "ANY", Path: "", Place: facts.Place{File: m.Rel, Line: line}}, style: "web", server: p.serverOf(m)}
	if c != nil && facts.LastName(c.Callee) == "createServer" {
		e.style = "express"
	}
	if in := functionPath(r.f.Mod.Rel); in != "" {
		e.Path = in
	}
	for _, i := range r.f.Mod.Ifs {
		if !r.f.Mod.Inside(i.Scope, r.f.Fn.Own) {
			continue
		}
		path, method, not := comparedIn(i.Cond, 8)
		within := r.at > i.From && r.at <= i.To
		if path == "" && method == "" || within == not || not && r.at < i.From {
			continue
		}
		if path != "" {
			e.Path, e.Place.Line = path, i.Line
		}
		if method != "" && method != "OPTIONS" {
			e.Method = method
		}
	}
	return []entry{e}
}

// methodAsked is the method that a handler of all methods wants on the way to a site.
func methodAsked(r reaching, otherwise string) string {
	out := otherwise
	for _, i := range r.f.Mod.Ifs {
		if !r.f.Mod.Inside(i.Scope, r.f.Fn.Own) {
			continue
		}
		_, method, not := comparedIn(i.Cond, 8)
		if within := r.at > i.From && r.at <= i.To; method != "" && method != "OPTIONS" && within != not && (!not || r.at > i.To) {
			out = method
		}
	}
	return out
}

// functionPath is the path of a Supabase function by its folder.
func functionPath(rel string) string {
	if _, rest, ok := strings.Cut("/"+rel, "/supabase/functions/"); ok {
		name, _, _ := strings.Cut(rest, "/")
		return "/functions/v1/" + name
	}
	return ""
}

// comparedIn reads the path and the method that a condition compares the
// request with; not tells that they are what it must not be.
func comparedIn(e jsread.Expr, depth int) (path, method string, not bool) {
	if depth == 0 {
		return "", "", false
	}
	merge := func(x jsread.Expr) {
		a, b, n := comparedIn(x, depth-1)
		if a != "" {
			path = a
		}
		if b != "" {
			method = b
		}
		not = not || n
	}
	switch {
	case e.Kind == jsread.Either:
		if e.On != nil {
			merge(*e.On)
		}
		for _, x := range e.Parts {
			merge(x)
		}
	case e.Kind == jsread.CallExpr && (facts.LastName(e.Text) == "startsWith" || facts.LastName(e.Text) == "endsWith") && len(e.Parts) > 0 && e.Parts[0].Kind == jsread.Literal:
		if on, _ := modules.Receiver(e.Text); isPathName(on) {
			path = e.Parts[0].Text
		}
	case e.Kind == jsread.Other && e.Text == "!" && len(e.Parts) == 1:
		merge(e.Parts[0])
		not = !not
	case e.Kind == jsread.Other && len(e.Parts) == 2:
		a, b := e.Parts[0], e.Parts[1]
		if a.Kind == jsread.Literal {
			a, b = b, a
		}
		if b.Kind != jsread.Literal {
			return "", "", false
		}
		name := a.Text
		if a.Kind == jsread.Wrapped && strings.HasPrefix(a.Text, ".") {
			name = strings.TrimPrefix(a.Text, ".")
		}
		switch e.Text {
		case "===", "==":
		case "!==", "!=":
			not = true
		default:
			return "", "", false
		}
		switch {
		case strings.HasPrefix(b.Text, "/") && isPathName(name):
			path = b.Text
		case facts.LastName(name) == "method":
			method = strings.ToUpper(b.Text)
		default:
			not = false
		}
	}
	return path, method, not
}

func isPathName(name string) bool {
	switch strings.ToLower(facts.LastName(name)) {
	case "url", "pathname", "path", "originalurl":
		return true
	}
	return false
}
