package rules

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/loopback"
	"badsig/checks/rules/parts"
	"badsig/checks/tools"
)

// Rules of this file, about the front end's request beside the routes of the source, where no response is there:
//   - it is judged where both sides were read and one server alone can be meant: by its port, or because it serves the page
//   - a request that a proxy carries to an unknown place, a route whose prefix wasn't read and a catch-all say nothing
//   - what a middleware of the server may rename, rewrite or hand on is unknown; so is a pattern that isn't plain
//   - a response that was seen counts more than any source, about the request that got it; the front end's other requests are judged all the same

// meetings are the front end's requests for tokens, each with the server that it goes to.
func meetings(f *facts.Facts) []meeting {
	if f.Target.URLSource == "flag" {
		return nil
	}
	var out []meeting
	main := f.Fetch()
	for i := range f.Project.Fetches {
		x := &f.Project.Fetches[i]
		if !x.Known.Sure() && !byName(x) && !x.Loose || x != main && !x.WantsToken() {
			continue
		}
		to, ok := addressOf(f, x)
		if !ok {
			continue
		}
		if s := serverAt(f, x, to); s >= 0 && !f.Project.Servers[s].Alters && mints(f, s) && !mayEndIn(f, s, to.Path) {
			out = append(out, meeting{x, to, s, refuted(f) && facts.PathFits(to.Path, facts.PathOf(f.Target.URL)) && sameMethod(f, x), nil})
		}
	}
	f.Project.HandedTo(func(x *facts.Fetch, e *facts.Entry) {
		out = append(out, meeting{x: x, to: &url.URL{Path: e.Path}, server: e.Server, e: e})
	})
	return out
}

// byName reports a call of Supabase's functions.invoke: the function's name is read, no matter what host its project is on.
func byName(x *facts.Fetch) bool {
	return x.Session == "Supabase" && strings.HasPrefix(facts.PathOf(x.URL), "/functions/v1/")
}

// sameMethod reports a request whose method isn't known to be another than that of the one that got the response.
func sameMethod(f *facts.Facts, x *facts.Fetch) bool {
	a := facts.MainAnswer(f)
	return a == nil || x.Method == "" || x == f.Fetch() || strings.EqualFold(a.Method, x.Method)
}

// meeting is one request and the server that it reaches, by its index.
type meeting struct {
	x        *facts.Fetch
	to       *url.URL
	server   int
	answered bool         // its address was requested, and responded
	e        *facts.Entry // of a call of a function that runs on the server
}

// reshaped reports that either side may change the names of fields on the way.
func (m meeting) reshaped(f *facts.Facts) bool {
	return f.Project.Converts || f.Project.Servers[m.server].Reshapes
}

// refuted reports a response that shows that the endpoint is there.
func refuted(f *facts.Facts) bool {
	a := facts.MainAnswer(f)
	return a != nil && a.Status > 0
}

// addressOf is where a request arrives; ok is false where that isn't known.
func addressOf(f *facts.Facts, x *facts.Fetch) (*url.URL, bool) {
	text := x.URL
	if x.Proxied {
		text = x.To
	}
	u, err := url.Parse(text)
	if err != nil || text == "" || x.Unset != "" || strings.ContainsAny(u.Path, "{$[:*") || strings.HasSuffix(u.Path, "/") {
		return nil, false
	}
	if byName(x) {
		u = &url.URL{Path: u.Path}
	}
	return u, u.Host == "" || loopback.LocalHost(u.Hostname()) || x.Native && (emulatorHost(u.Hostname()) || lanHost(u.Hostname()))
}

// emulatorHost reports the address by which an Android emulator reaches the machine that it runs on
// (developer.android.com/studio/run/emulator-networking).
func emulatorHost(host string) bool { return host == "10.0.2.2" }

// serverAt is the one server that an address means, -1 where several may be meant or none is known.
func serverAt(f *facts.Facts, x *facts.Fetch, to *url.URL) int {
	found := -1
	for i := range f.Project.Servers {
		s := &f.Project.Servers[i]
		hit := false
		if to.Host == "" {
			hit = servesPages(s) && under(s.Dir, x.File) && (s.Loader == "supabase") == strings.HasPrefix(to.Path, "/functions/v1/")
		} else {
			_, port := loopback.HostPort(to.String())
			hit = slices.ContainsFunc(s.Ports, func(p facts.Port) bool { return p.Port == port })
		}
		if hit && found >= 0 {
			return -1
		}
		if hit {
			found = i
		}
	}
	return found
}

// servesPages reports a server from which the page comes, or that a platform puts beside it.
func servesPages(s *facts.ServerCode) bool {
	return tools.Of(s.Loader).OnServer || tools.Of(s.Loader).Kind == tools.Platform || s.Framework == "laravel"
}

func under(dir, file string) bool {
	return dir == "" || dir == "." || strings.HasPrefix(file, strings.TrimSuffix(dir, "/")+"/")
}

// mints reports a server with an endpoint for tokens whose path was read.
func mints(f *facts.Facts, server int) bool {
	n := 0
	for i := range f.Project.Entries {
		e := &f.Project.Entries[i]
		if e.Server != server || e.Kind != facts.EntryHTTP && e.Kind != facts.EntryLogin {
			continue
		}
		if e.Known.Sure() && e.Path != "" {
			n++
		}
	}
	return n > 0
}

// mayEndIn reports a way to a token whose prefix wasn't read, and which may be what a path means.
func mayEndIn(f *facts.Facts, server int, path string) bool {
	return slices.ContainsFunc(f.Project.Entries, func(e facts.Entry) bool {
		return e.Server == server && (!e.Known.Sure() || f.Project.Servers[server].Open) && strings.HasSuffix(strings.TrimSuffix(path, "/"), strings.TrimSuffix(e.Path, "/"))
	})
}

// routesOn lists the routes of a server that fit a path.
func routesOn(f *facts.Facts, server int, path string) (fits []facts.Route) {
	for _, r := range f.Project.Servers[server].Routes {
		if mayFit(r, path) && !(r.Method == "ANY" && asksMethod(f, r)) {
			fits = append(fits, r)
		}
	}
	for i := range f.Project.Entries {
		if e := &f.Project.Entries[i]; e.Server == server && e.Path != "" {
			if r := (facts.Route{Method: e.Method, Path: e.Path, File: e.File, Line: e.Line}); mayFit(r, path) {
				fits = append(fits, r)
			}
		}
	}
	return fits
}

// routesEnding lists the routes that end in a path whose beginning isn't known.
func routesEnding(f *facts.Facts, server int, path string) (fits []facts.Route) {
	n := strings.Count(path, "/")
	for _, r := range f.Project.Servers[server].Routes {
		if all := strings.Split(r.Path, "/"); len(all) > n && facts.PathFits("/"+strings.Join(all[len(all)-n:], "/"), path) {
			fits = append(fits, r)
		}
	}
	return fits
}

// asksMethod reports a file's route of which the handler makes tokens for one method alone.
func asksMethod(f *facts.Facts, r facts.Route) bool {
	one := false
	for i := range f.Project.Entries {
		if e := &f.Project.Entries[i]; e.File == r.File && e.Path == r.Path {
			if e.Method == "ANY" || e.Method == "" || !e.Known.Sure() {
				return false
			}
			one = true
		}
	}
	return one
}

// mayFit reports a route that a router may choose for a path: in small or capital letters, by a pattern, or by its
// beginning, where it accepts every method (app.use).
func mayFit(r facts.Route, path string) bool {
	route, path := strings.ToLower(strings.TrimSuffix(r.Path, "/")), strings.ToLower(path)
	i := strings.IndexAny(route, "({?*+\\|")
	if i >= 0 && r.Method == "GET" && strings.Trim(route[:i], "/") == "" { // app.get('/{*any}', …) hands out a page
		return false
	}
	if facts.PathFits(route, path) || r.Method == "ANY" && strings.HasPrefix(path, route+"/") {
		return true
	}
	return i >= 0 && strings.HasPrefix(path, strings.TrimSuffix(route[:i], "/"))
}

// sourceRoutes finds a request for which the server has no route, or one for another method.
func sourceRoutes(f *facts.Facts) []finding.Cause {
	for _, m := range meetings(f) {
		fits := routesOn(f, m.server, m.to.Path)
		if m.x.Loose && len(fits) == 0 {
			fits = routesEnding(f, m.server, m.to.Path)
		}
		method := strings.ToUpper(m.x.Method)
		at := finding.LocAt(m.x.File, m.x.Line)
		if m.answered || m.e != nil || len(f.Project.Servers[m.server].Routes) >= facts.MostRoutes { // others were left out
			continue
		}
		if len(fits) == 0 {
			if c := noRouteFor(f, m, method); c != nil {
				return []finding.Cause{*c}
			}
			continue
		}
		if method == "" || slices.ContainsFunc(fits, func(r facts.Route) bool {
			return r.Method == method || r.Method == "ANY" || r.Method == "" || strings.ContainsAny(r.Path, "*")
		}) {
			continue
		}
		r := fits[0]
		if m.x.MethodAt.File != "" {
			at = finding.LocAt(m.x.MethodAt.File, m.x.MethodAt.Line)
		}
		where := finding.LocAt(r.File, r.Line)
		c := finding.New(causes.EndpointMethod, finding.Proven,
			fmt.Sprintf("The front end requests %s with %s, and the backend has that route for %s only.", m.to.Path, method, r.Method), at,
			[]finding.Evidence{{Label: "method", Got: method, Want: r.Method, Source: at.String()}, {Label: "route in the source", Got: r.Method + " " + r.Path, Source: where.String()}},
			finding.Step{Text: startOf(at) + "request it with " + r.Method},
			finding.Step{Text: "Or let the route at " + where.String() + " accept " + method}, parts.RestartStep(f))
		return []finding.Cause{bothRead(c, m.x)}
	}
	return nil
}

// bothRead marks a finding that rests on two lines of source: the request and the route.
func bothRead(c finding.Cause, x *facts.Fetch) finding.Cause {
	c.Source = true
	known := x.Known
	if byName(x) || x.Loose {
		known, c.Certainty = facts.IsRead, finding.Likely // one that isn't in the project may be deployed
	}
	return c.On(finding.Link{What: "which URL your front end requests", Known: known})
}

// noRouteFor judges a path that no route fits: an entry that makes tokens must be what was meant.
func noRouteFor(f *facts.Facts, m meeting, method string) *finding.Cause {
	var meant *facts.Entry
	for i := range f.Project.Entries {
		e := &f.Project.Entries[i]
		if e.Server != m.server || !e.Known.Sure() || e.Kind != facts.EntryHTTP && e.Kind != facts.EntryLogin || parts.Nearness(e.Path, m.to.Path) == 0 {
			continue
		}
		if meant == nil || parts.Nearness(e.Path, m.to.Path) > parts.Nearness(meant.Path, m.to.Path) {
			meant = e
		}
	}
	if meant == nil {
		return nil
	}
	at := finding.LocAt(m.x.Path.File, m.x.Path.Line)
	if at == nil || at.File == "" {
		at = finding.LocAt(m.x.File, m.x.Line)
	}
	if b := m.x.Address; b.File != "" && strings.HasSuffix(meant.Path, m.to.Path) { // the base lacks the prefix
		at = finding.LocAt(b.File, b.Line)
	}
	route := finding.LocAt(meant.File, meant.Line)
	c := finding.New(causes.EndpointNotFound, finding.Proven,
		fmt.Sprintf("The front end requests %s, and the backend has no such route: it makes the token at %s.", m.to.Path, meant.Path), at,
		[]finding.Evidence{{Label: "path", Got: m.to.Path, Want: meant.Path, Source: at.String()}, {Label: "route in the source", Got: meant.Method + " " + meant.Path, Source: route.String()}},
		finding.Step{Text: startOf(at) + "request " + meant.Path + " instead of " + m.to.Path},
		finding.Step{Text: "Or rename the route at " + route.String() + " to " + m.to.Path}, parts.RestartStep(f))
	c = bothRead(c, m.x)
	return &c
}
