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
		loc := sourceLoc(f.Target.URLSource)
		if fetch := frontFetch(f); fetch != nil {
			loc = locAt(fetch.File, fetch.Line)
		}
		return found(fmt.Sprintf("%s is refused, %s is answered", a.Method, method), ev, cause(causes.EndpointMethod, Proven,
			fmt.Sprintf("The route %s exists for %s, and the front end asks with %s: Express and most frameworks answer that with %d.", path, method, a.Method, a.Status),
			loc, ev,
			Step{Text: fmt.Sprintf("make the route answer %s%s: app.%s('%s', …)", a.Method, codeAt(f), strings.ToLower(a.Method), path)},
			restartStep(f),
			Step{Text: "or let the front end ask with " + method}))
	}
	if a.JSON && a.Status == 404 && userUnknownWords.MatchString(words(a)) {
		return unsure("404, but the route answers: "+clip(words(a), 80)+"; ask for a user that exists with --user-id", ev...)
	}
	loc, fix := sourceLoc(f.Target.URLSource), []Step{}
	if r := likelyRoute(f, a.Method); r != nil && !samePath(r.Path, path) {
		ev = append(ev, Evidence{Label: "the source has", Got: r.Method + " " + r.Path, Want: a.Method + " " + path, Source: locAt(r.File, r.Line).String()})
		fix = append(fix, Step{Text: fmt.Sprintf("ask for %s instead of %s%s", r.Path, path, inFile(f.Target.URLSource))},
			Step{Text: fmt.Sprintf("or rename the route at %s to %s, and restart", locAt(r.File, r.Line), path), Command: startCommand(f)})
		if loc == nil {
			loc = locAt(r.File, r.Line)
		}
	} else {
		fix = append(fix, Step{Text: "compare the path in the front end with the route in the server, prefixes of routers (app.use('/api', …)) included"}, restartStep(f))
	}
	return found(fmt.Sprintf("%d: no route for %s %s", a.Status, a.Method, path), ev, cause(causes.EndpointNotFound, Proven,
		fmt.Sprintf("The server runs and answers %d to %s %s: it has no such route.", a.Status, a.Method, path), loc, ev, fix...))
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
			return v.Method, []Evidence{{Label: "asked with " + v.Method, Got: answerLine(v), Source: request(v)}}
		}
	}
	if r := routeFor(f, path, a.Method); r != nil {
		return r.Method, []Evidence{{Label: "the source has", Got: r.Method + " " + r.Path, Source: locAt(r.File, r.Line).String()}}
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
		if !samePath(r.Path, path) {
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

func samePath(a, b string) bool {
	return strings.TrimSuffix(a, "/") == strings.TrimSuffix(b, "/")
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
