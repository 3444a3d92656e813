package rules

import (
	"fmt"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/rules/meet"
	"badsig/checks/rules/parts"
	"badsig/checks/rules/reach"
)

// Rules of this file, about the front end's request beside the routes of the source, where no response is there:
//   - it is judged where both sides were read and one server alone can be meant: by its port, or because it serves the page
//   - a request that a proxy carries to an unknown place, a route whose prefix wasn't read and a catch-all say nothing
//   - what a middleware of the server may rename, rewrite or hand on is unknown; so is a pattern that isn't plain
//   - a response that was seen counts more than any source, about the request that got it; the front end's other requests are judged all the same

// sourceRoutes finds a request for which the server has no route, or one for another method.
func sourceRoutes(f *facts.Facts) []finding.Cause {
	for _, m := range meet.All(f) {
		fits := meet.RoutesOn(f, m.Server, m.To.Path)
		if m.Fetch.Loose && len(fits) == 0 {
			fits = meet.RoutesEnding(f, m.Server, m.To.Path)
		}
		method := strings.ToUpper(m.Fetch.Method)
		at := finding.LocAt(m.Fetch.File, m.Fetch.Line)
		if m.Answered || m.Handed() || len(f.Project.Servers[m.Server].Routes) >= facts.MostRoutes { // others were left out
			continue
		}
		if len(fits) == 0 {
			if c := noRouteFor(f, m, method); c != nil {
				return c
			}
			continue
		}
		if method == "" || affix.Any(fits, func(r facts.Route) bool {
			return r.Method == method || r.Method == "ANY" || r.Method == "" || affix.ContainsAny(r.Path, "*")
		}) {
			continue
		}
		r := fits[0]
		if m.Fetch.MethodAt.File != "" {
			at = finding.LocAt(m.Fetch.MethodAt.File, m.Fetch.MethodAt.Line)
		}
		where := finding.LocAt(r.File, r.Line)
		return reach.Found(causes.EndpointMethod, fmt.Sprintf("The front end requests %s with %s, and the backend has that route for %s only.", m.To.Path, method, r.Method), at, m.Fetch,
			finding.Evidence{Label: "method", Got: method, Want: r.Method}, finding.Evidence{Label: "route in the source", Got: r.Method + " " + r.Path, Source: where.String()},
			"request it with "+r.Method, finding.Step{Text: "Or let the route at " + where.String() + " accept " + method}, parts.RestartStep(f))
	}
	return nil
}

// noRouteFor judges a path that no route fits: an entry that makes tokens must be what was meant.
func noRouteFor(f *facts.Facts, m meet.Meeting, method string) []finding.Cause {
	var meant *facts.Entry
	for i := range f.Project.Entries {
		e := &f.Project.Entries[i]
		if e.Server != m.Server || !e.Known.Sure() || e.Kind != facts.EntryHTTP && e.Kind != facts.EntryLogin || parts.Nearness(e.Path, m.To.Path) == 0 && !reach.Meant(f, m, e) {
			continue
		}
		if meant == nil || parts.Nearness(e.Path, m.To.Path) > parts.Nearness(meant.Path, m.To.Path) {
			meant = e
		}
	}
	if meant == nil {
		return nil
	}
	at := finding.LocAt(m.Fetch.Path.File, m.Fetch.Path.Line)
	if at == nil || at.File == "" {
		at = finding.LocAt(m.Fetch.File, m.Fetch.Line)
	}
	if b := m.Fetch.Address; b.File != "" && affix.HasSuffix(meant.Path, m.To.Path) { // the base lacks the prefix
		at = finding.LocAt(b.File, b.Line)
	}
	route := finding.LocAt(meant.File, meant.Line)
	return reach.Found(causes.EndpointNotFound, fmt.Sprintf("The front end requests %s, and the backend has no such route: it makes the token at %s.", m.To.Path, meant.Path), at, m.Fetch,
		finding.Evidence{Label: "path", Got: m.To.Path, Want: meant.Path}, finding.Evidence{Label: "route in the source", Got: meant.Method + " " + meant.Path, Source: route.String()},
		"request "+meant.Path+" instead of "+m.To.Path, finding.Step{Text: "Or rename the route at " + route.String() + " to " + m.To.Path}, parts.RestartStep(f))
}
