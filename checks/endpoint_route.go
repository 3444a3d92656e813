package checks

import (
	"cmp"
	"fmt"
	"net/url"
	"strings"

	"badsig/checks/causes"
	"badsig/checks/probe"
)

// noRoute tells endpoint-not-found from endpoint-method, and both from a 404
// that the handler itself gives.
func noRoute(f *probe.Facts, a *probe.Answer, ev []Evidence) Result {
	path := pathOf(f.Target.URL)
	if method, proof := otherMethod(f, a, path); method != "" {
		ev = append(ev, proof...)
		loc := frontAt(f)
		if fetch := f.Fetch(); fetch != nil {
			loc = locAt(fetch.File, fetch.Line)
		}
		server := handlerAt(f)
		if r := routeFor(f, path, a.Method); r != nil {
			server = locAt(r.File, r.Line)
		}
		return found(fmt.Sprintf("%s is rejected, %s works", a.Method, method), ev, cause(causes.EndpointMethod, Proven,
			fmt.Sprintf("The route %s exists for %s, and the front end uses %s, which the backend rejects with %d.", path, method, a.Method, a.Status),
			loc, ev,
			Step{Text: sentence(inLine(loc) + "request it with " + method)},
			Step{Text: "Or let the route accept " + a.Method + placed(server) + ": app." + strings.ToLower(a.Method) + "('" + path + "', …)"},
			restartStep(f)))
	}
	if a.JSON && a.Status == 404 && userUnknownWords.MatchString(words(a)) {
		return unsettled("404, but the route exists: "+clip(words(a), 80),
			Link{What: "a user ID that your backend knows", Next: []Step{{Text: "give one with --user-id", Command: again(f, "user-id", "--user-id ID")}}}, ev)
	}
	loc, fix := pathLoc(f), []Step{}
	if r := likelyRoute(f, a.Method); r != nil && !probe.PathFits(r.Path, path) {
		ev = append(ev, Evidence{Label: "route in the source", Got: r.Method + " " + r.Path, Want: a.Method + " " + path, Source: locAt(r.File, r.Line).String()})
		fix = append(fix, Step{Text: sentence(inLine(loc) + fmt.Sprintf("request %s instead of %s", r.Path, path))},
			Step{Text: fmt.Sprintf("Or rename the route at %s to %s, and restart the backend", locAt(r.File, r.Line), path), Command: startCommand(f)})
		if loc == nil {
			loc = locAt(r.File, r.Line)
		}
	} else {
		fix = append(fix, Step{Text: "Compare the path in the front end with the route in the backend, including the prefixes of routers (app.use('/api', …))"}, restartStep(f))
	}
	return found(fmt.Sprintf("%d: no route for %s %s", a.Status, a.Method, path), ev, cause(causes.EndpointNotFound, Proven,
		fmt.Sprintf("The backend responds with %d to %s %s: it has no such route.", a.Status, a.Method, path), loc, ev, fix...))
}

// otherMethod finds the method for which the route exists, with the proof.
func otherMethod(f *probe.Facts, a *probe.Answer, path string) (string, []Evidence) {
	answers := append([]probe.Answer{}, f.Backend.Variants...)
	if f.Backend.Get != nil {
		answers = append(answers, *f.Backend.Get)
	}
	for i := range answers {
		v := &answers[i]
		if v.Method != a.Method && v.Status != 0 && !v.HTML && (givesToken(v) || (v.JSON && v.Status != 404 && v.Status != 405 && v.Status != 501)) {
			return v.Method, []Evidence{{Label: "requested with " + v.Method, Got: answerLine(v), Source: request(v)}}
		}
	}
	if r := routeFor(f, path, a.Method); r != nil {
		return r.Method, []Evidence{{Label: "route in the source", Got: r.Method + " " + r.Path, Source: locAt(r.File, r.Line).String()}}
	}
	if a.Status == 405 {
		return cmp.Or(a.Header["Allow"], "another method"), nil
	}
	return "", nil
}

// routeFor finds a route of the source on this path for another method, where
// none stands for the method in use.
func routeFor(f *probe.Facts, path, method string) *probe.Route {
	var other *probe.Route
	for _, r := range routes(f) {
		if !probe.PathFits(r.Path, path) {
			continue
		}
		if r.Method == method || r.Method == "ANY" {
			return nil
		}
		if other == nil {
			other = r
		}
	}
	return other
}

// likelyRoute is the route that the URL seems to mean: one with token in its
// path, else the only one for the method.
func likelyRoute(f *probe.Facts, method string) *probe.Route {
	var only *probe.Route
	n := 0
	for _, r := range routes(f) {
		if strings.Contains(strings.ToLower(r.Path), "token") {
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

func routes(f *probe.Facts) []*probe.Route {
	code := serverCode(f)
	if code == nil {
		return nil
	}
	list := make([]*probe.Route, len(code.Routes))
	for i := range code.Routes {
		list[i] = &code.Routes[i]
	}
	return list
}

func pathOf(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Path == "" {
		return "/"
	}
	return u.Path
}

func codeAt(f *probe.Facts) string {
	if l := mintsAt(f); l != nil {
		return " at " + l.String()
	}
	return ""
}
