package rules

import (
	"fmt"
	"net/url"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/rules/parts"
	"badsig/checks/rules/said"
	"badsig/checks/rules/signature"
)

// noRoute tells endpoint-not-found from endpoint-method, and both from a 404
// that the handler itself gives.
func noRoute(f *facts.Facts, a *facts.Answer, ev []finding.Evidence) finding.Result {
	path := parts.PathOf(f.Target.URL)
	if method, proof := otherMethod(f, a, path); method != "" {
		ev = append(ev, proof...)
		loc := parts.FrontAt(f)
		if fetch := f.Fetch(); fetch != nil {
			loc = finding.LocAt(fetch.File, fetch.Line)
			if at := fetch.MethodAt; at.Line > 0 {
				loc = finding.LocAt(at.File, at.Line)
			}
		}
		server := parts.HandlerAt(f)
		if r := routeFor(f, path, a.Method); r != nil {
			server = finding.LocAt(r.File, r.Line)
		}
		return finding.Found(fmt.Sprintf("%s is rejected, %s works", a.Method, method), ev, finding.New(causes.EndpointMethod, finding.Proven,
			fmt.Sprintf("The route %s exists for %s, and the front end uses %s, which the backend rejects with %d.", path, method, a.Method, a.Status),
			loc, ev,
			finding.Step{Text: parts.Sentence(parts.InLine(loc) + "request it with " + method)},
			finding.Step{Text: "Or let the route accept " + a.Method + placed(server) + ": app." + strings.ToLower(a.Method) + "('" + path + "', …)"},
			parts.RestartStep(f)).Titled("The token route expects "+method+", not "+a.Method))
	}
	if a.JSON && a.Status == 404 && signature.UserUnknownWords.MatchString(signature.Words(a)) {
		return unsettled("404, but the route exists: "+parts.Clip(said.Plain(a), 80),
			finding.Link{What: "a user ID that your backend knows", Next: []finding.Step{{Text: "Give one with --user-id", Command: Again(f, "user-id", "--user-id ID")}}}, ev)
	}
	if c := newerRoute(f, a, path, ev); c != nil {
		return finding.Found(c.Summary, c.Evidence, *c)
	}
	if r := exactRoute(f, path, a.Method); r != nil && a.HTML && f.Compiles() { // Next 16 does so while it compiles the route for the first time
		at := finding.LocAt(r.File, r.Line)
		return unsettled(fmt.Sprintf("%d, though the source has the route (%s)", a.Status, at),
			finding.Link{What: "what the route responds when it's compiled", Next: []finding.Step{{Text: "Open the page once, then run badsig again"}}},
			append(ev, finding.Evidence{Label: "route in the source", Got: r.Method + " " + r.Path, Source: at.String()}))
	}
	loc, fix := parts.PathLoc(f), []finding.Step{}
	if r := likelyRoute(f, a.Method); r != nil && !facts.PathFits(r.Path, path) {
		loc = parts.PathTo(f, r.Path)
		ev = append(ev, finding.Evidence{Label: "route in the source", Got: r.Method + " " + r.Path, Want: a.Method + " " + path, Source: finding.LocAt(r.File, r.Line).String()})
		fix = append(fix, finding.Step{Text: parts.Sentence(parts.InLine(loc) + fmt.Sprintf("request %s instead of %s", r.Path, path))},
			finding.Step{Text: fmt.Sprintf("Or rename the route at %s to %s, and restart the backend", finding.LocAt(r.File, r.Line), path), Command: facts.StartCommand(f)})
		if loc == nil {
			loc = finding.LocAt(r.File, r.Line)
		}
	} else {
		fix = append(fix, finding.Step{Text: "Compare the path in the front end with the route in the backend, including the prefixes of routers (app.use('/api', …))"}, parts.RestartStep(f))
	}
	return finding.Found(fmt.Sprintf("%d: no route for %s %s", a.Status, a.Method, path), ev, finding.New(causes.EndpointNotFound, finding.Proven,
		fmt.Sprintf("The backend responds with %d to %s %s: it has no such route.", a.Status, a.Method, path), loc, ev, fix...).Titled("The backend has no route "+a.Method+" "+path))
}

// newerRoute is the case that the source has the route, in a file that was changed after the backend started.
func newerRoute(f *facts.Facts, a *facts.Answer, path string, ev []finding.Evidence) *finding.Cause {
	if f.Server == nil || f.Server.Start.IsZero() || f.Compiles() {
		return nil
	}
	for _, r := range routes(f) {
		if !isRoute(r, path, a.Method) || !f.Server.Start.Before(r.Modified) {
			continue
		}
		loc := finding.LocAt(r.File, r.Line)
		c := finding.New(causes.ServerStale, finding.Likely,
			fmt.Sprintf("%s was changed after the backend started: the source has %s %s now, and the backend responds with %d to it.", r.File, r.Method, r.Path, a.Status), loc,
			append(ev, finding.Evidence{Label: "process started", Got: signature.Clock(f.Server.Start, f.At), Source: fmt.Sprintf("process %d", f.Server.PID)},
				finding.Evidence{Label: r.File + " changed", Got: signature.Clock(r.Modified, f.At), Want: "before the process started", Source: r.File}),
			finding.Step{Text: "Restart the backend, so that it has the route at " + loc.String(), Command: facts.StartCommand(f)}).Titled("The backend is still running the old code")
		return &c
	}
	return nil
}

// otherMethod finds the method for which the route exists, with the proof.
func otherMethod(f *facts.Facts, a *facts.Answer, path string) (string, []finding.Evidence) {
	answers := append([]facts.Answer{}, f.Backend.Variants...)
	if f.Backend.Get != nil {
		answers = append(answers, *f.Backend.Get)
	}
	for i := range answers {
		v := &answers[i]
		if v.Method != a.Method && v.Status != 0 && !v.HTML && (facts.GivesToken(v) || (v.JSON && v.Status != 404 && v.Status != 405 && v.Status != 501)) {
			return v.Method, []finding.Evidence{{Label: "requested with " + v.Method, Got: parts.AnswerLine(v), Source: request(v)}}
		}
	}
	if r := routeFor(f, path, a.Method); r != nil {
		return r.Method, []finding.Evidence{{Label: "route in the source", Got: r.Method + " " + r.Path, Source: finding.LocAt(r.File, r.Line).String()}}
	}
	if a.Status == 405 {
		return facts.First(a.Header["Allow"], "another method"), nil
	}
	return "", nil
}

// routeFor finds a route of the source on this path for another method, where
// none means the method in use.
func routeFor(f *facts.Facts, path, method string) *facts.Route {
	var other *facts.Route
	for _, r := range routes(f) {
		if isRoute(r, path, method) {
			return nil
		}
		if other == nil && facts.PathFits(r.Path, path) {
			other = r
		}
	}
	return other
}

// isRoute tells the route for a path and a method.
func isRoute(r *facts.Route, path, method string) bool {
	return (r.Method == method || r.Method == "ANY") && facts.PathFits(r.Path, path)
}

// exactRoute is the route of the source for a path and a method; nil for none.
func exactRoute(f *facts.Facts, path, method string) *facts.Route {
	for _, r := range routes(f) {
		if isRoute(r, path, method) {
			return r
		}
	}
	return nil
}

// likelyRoute is the route that the URL seems to mean: one with token in its
// path, else the only one for the method.
func likelyRoute(f *facts.Facts, method string) *facts.Route {
	var only *facts.Route
	n := 0
	for _, r := range routes(f) {
		if affix.Contains(strings.ToLower(r.Path), "token") {
			return r
		}
		if r.Method == method {
			only = r
			n++
		}
	}
	if n == 1 {
		return only
	}
	return nil
}

func routes(f *facts.Facts) []*facts.Route {
	code := facts.CodeOf(f)
	if code == nil {
		return nil
	}
	list := make([]*facts.Route, len(code.Routes))
	for i := range code.Routes {
		list[i] = &code.Routes[i]
	}
	return list
}

// request names a request in evidence: "POST /api/stream/token".
func request(a *facts.Answer) string {
	u, err := url.Parse(a.URL)
	if err != nil || u.Path == "" {
		return a.Method + " " + a.URL
	}
	return a.Method + " " + u.Path
}
