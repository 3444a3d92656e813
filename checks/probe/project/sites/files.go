package sites

import (
	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
	"badsig/checks/probe/project/servers"
)

// Rules of this file:
//   - an export is an entry because of the framework whose file it is in

// entryOfExport tells whether a framework runs what a module exports under a name.
func entryOfExport(p *picture.Reader, f modules.FnRef, name string, e jsread.Expr) []picture.Entry {
	m := f.Mod
	at := facts.Place{File: m.Rel, Line: max(1, f.Fn.Line)}
	s := serverOf(p, m)
	one := func(x facts.Entry, style string) []picture.Entry {
		x.Place = at
		return []picture.Entry{{Entry: x, Style: style, ServerOf: s}}
	}
	in := affix.TrimPrefix(affix.TrimPrefix(m.Rel, m.Pkg.Dir), "/")
	in = affix.TrimPrefix(in, "src/")
	base := affix.Base(in)
	stem := affix.TrimSuffix(base, affix.Ext(base))
	if m.Directive("use server") {
		return one(facts.Entry{Kind: facts.EntryAction, Path: exportName(name, f)}, "action")
	}
	if s == nil {
		return nil
	}
	var out []picture.Entry
	for _, r := range s.Routes { // route files
		if r.Mod != m {
			continue
		}
		verb := name == r.Method || s.Frame == "workers" && affix.HasPrefix(name, "onRequest") && r.Line == max(1, e.Line) || name == "action" && r.Method == "POST" || name == "loader" && r.Method == "GET"
		if s.Frame != "" && (verb || name == "default" && r.Method == "ANY" || name == "handler" && r.Method == "ANY" || name == "default" && affix.HasPrefix(in, "server/")) {
			out = append(out, picture.Entry{Entry: facts.Entry{Kind: facts.EntryHTTP, Method: r.Method, Path: r.Path, Place: at}, Style: frameStyle(s.Frame, in), ServerOf: s})
		}
	}
	for i := range out {
		if s.Frame == "remix" && m.HasPage() {
			out[i].Kind = facts.EntryLoader
		}
	}
	if len(out) > 0 {
		return out
	}
	switch s.Frame {
	case "remix":
		if name == "loader" || name == "action" {
			return one(facts.Entry{Kind: facts.EntryLoader, Path: name}, "web")
		}
	case "sveltekit":
		if name == "load" && (affix.HasPrefix(stem, "+page") || affix.HasPrefix(stem, "+layout")) {
			return one(facts.Entry{Kind: facts.EntryLoader, Path: "load"}, "web")
		}
	case "next":
		switch {
		case name == "getServerSideProps" || name == "getStaticProps" || name == "getInitialProps":
			return one(facts.Entry{Kind: facts.EntryLoader, Path: name}, "web")
		case name == "default" && (stem == "page" || stem == "layout") && !m.Directive("use client"), name == "default" && affix.HasPrefix(in, "pages/"):
			return one(facts.Entry{Kind: facts.EntryLoader, Path: stem}, "web") // a page that the server renders
		}
	case "astro":
		if name == "server" {
			return one(facts.Entry{Kind: facts.EntryAction, Path: f.Fn.Name}, "action")
		}
	case "serverless", "netlify", "vercel":
		if s.Local.Port == 0 && (name == "handler" || name == "onRequest" || name == "onRequestPost" || name == "onRequestGet" || name == "default") {
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
	case affix.HasPrefix(in, "pages/api/"):
		return "express"
	case frame == "nuxt":
		return "event"
	case (frame == "serverless" || frame == "vercel") && affix.HasPrefix(in, "api/"):
		return "express"
	}
	return "web"
}

// plainEntries reads the paths that a server without a router compares by
// hand on the way to a site: if (req.url === '/token' && req.method === 'POST').
func plainEntries(p *picture.Reader, r reaching, m *modules.Module, c *jsread.Call) []picture.Entry {
	if r.f.Fn == nil {
		return nil
	}
	line := r.f.Fn.Line
	if c != nil {
		line = c.Line
	}
	e := picture.Entry{Entry: facts.Entry{Kind: facts.EntryHTTP, Method: "ANY", Path: "", Place: facts.Place{File: m.Rel, Line: line}}, Style: "web", ServerOf: serverOf(p, m)}
	if c != nil && facts.LastName(c.Callee) == "createServer" {
		e.Style = "express"
	}
	if in := servers.FunctionPath(r.f.Mod.Rel); in != "" {
		e.Path = in
	}
	for _, i := range r.f.Mod.Ifs {
		if !jsread.Inside(&r.f.Mod.Module, i.Scope, r.f.Fn.Own) {
			continue
		}
		path, method, not := servers.ComparedIn(i.Cond, 8)
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
	if e.Path == "" && e.Style == "express" {
		e.Path = "/*" // every path
	}
	return []picture.Entry{e}
}

// methodAsked is the method that a handler of all methods wants on the way to a site.
func methodAsked(r reaching, otherwise string) string {
	out := otherwise
	for _, i := range r.f.Mod.Ifs {
		if !jsread.Inside(&r.f.Mod.Module, i.Scope, r.f.Fn.Own) {
			continue
		}
		_, method, not := servers.ComparedIn(i.Cond, 8)
		if within := r.at > i.From && r.at <= i.To; method != "" && method != "OPTIONS" && within != not && (!not || r.at > i.To) {
			out = method
		}
	}
	return out
}
