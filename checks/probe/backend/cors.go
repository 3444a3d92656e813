package backend

import (
	"net/http"
	"slices"
	"strings"

	"badsig/checks/facts"
)

// devOrigins are where front ends run by default: Vite, CRA and Next, Vite's
// preview, webpack and Vue, Metro, Angular.
var devOrigins = func() []string {
	var out []string
	for _, port := range []string{"5173", "3000", "4173", "8080", "8081", "4200"} {
		out = append(out, "http://localhost:"+port, "http://127.0.0.1:"+port)
	}
	return out
}()

// preflight is the OPTIONS request that a browser sends before the front end's
// request; false where it sends none (the Fetch standard's simple requests).
func (e *endpoint) preflight() (form, bool) {
	fetch := facts.FetchOf(e.url, e.facts.Project)
	names := facts.AskedHeaders(e.main.name, fetch)
	if e.headers.Get("Authorization") != "" && !facts.OneOf(names, "authorization") {
		names = append(names, "authorization")
		slices.Sort(names)
	}
	if len(names) == 0 {
		return form{}, false
	}
	return form{name: "preflight", method: http.MethodOptions, url: e.main.url, header: map[string]string{
		"Access-Control-Request-Method":  e.main.method,
		"Access-Control-Request-Headers": strings.Join(names, ","),
	}}, true
}

// guessed tells whether nothing names the front end's origin.
func (e *endpoint) guessed() bool { return e.facts.Target.OriginSource == "guess" }

func (e *endpoint) allowed(preflight facts.Answer, origin string) bool {
	r, ok := e.preflight()
	if !ok {
		return preflight.AllowsOrigin(origin, e.credentials()) == ""
	}
	return preflight.AllowsPreflight(origin, r.header["Access-Control-Request-Method"],
		strings.Split(r.header["Access-Control-Request-Headers"], ","), e.credentials()) == ""
}

// credentials tells whether the front end's request is made with cookies.
func (e *endpoint) credentials() bool {
	fetch := facts.FetchOf(e.url, e.facts.Project)
	return fetch != nil && fetch.Credentials
}
