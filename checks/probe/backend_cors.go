package probe

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
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
	var names []string
	if e.main.header["Content-Type"] == "application/json" {
		names = append(names, "content-type")
	}
	fetch := fetchOf(e.url, e.facts.Project)
	if e.headers.Get("Authorization") != "" || (fetch != nil && fetch.Auth) {
		names = append(names, "authorization")
		slices.Sort(names) // a browser sends them sorted
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

func (e *endpoint) allowed(preflight Answer, origin string) bool {
	r, ok := e.preflight()
	if !ok {
		return preflight.AllowsOrigin(origin, e.credentials()) == ""
	}
	return preflight.AllowsPreflight(origin, r.header["Access-Control-Request-Method"],
		strings.Split(r.header["Access-Control-Request-Headers"], ","), e.credentials()) == ""
}

// credentials tells whether the front end's request is made with cookies.
func (e *endpoint) credentials() bool {
	fetch := fetchOf(e.url, e.facts.Project)
	return fetch != nil && fetch.Credentials
}

// AllowsOrigin judges the answer as the Fetch standard's CORS check does for a
// page at origin. It gives "" where the page may read the answer, else one
// lower-case sentence without a full stop saying why not.
func (a Answer) AllowsOrigin(origin string, credentials bool) string {
	got, ok := a.Header["Access-Control-Allow-Origin"]
	switch {
	case !ok || got == "":
		return "the answer has no Access-Control-Allow-Origin header"
	case got == "*" && credentials:
		return "Access-Control-Allow-Origin is *, which a request with cookies may not use"
	case got != "*" && got != origin:
		return fmt.Sprintf("Access-Control-Allow-Origin is %s, the page is %s", got, origin)
	case credentials && a.Header["Access-Control-Allow-Credentials"] != "true":
		return "Access-Control-Allow-Credentials is not true"
	}
	return ""
}

// AllowsPreflight judges a preflight's answer as the Fetch standard does:
// origin, a status of 200 to 299, the method, and the header names asked for.
// It gives "" or the reason, as AllowsOrigin does.
func (a Answer) AllowsPreflight(origin, method string, headers []string, credentials bool) string {
	if why := a.AllowsOrigin(origin, credentials); why != "" {
		return why
	}
	if a.Status < 200 || a.Status > 299 {
		return fmt.Sprintf("the preflight is answered with %d, which a browser takes for a refusal", a.Status)
	}
	methods := list(a.Header["Access-Control-Allow-Methods"])
	simple := method == http.MethodGet || method == http.MethodHead || method == http.MethodPost
	// Methods are case-sensitive; * stands for all, but not with credentials.
	if !simple && !slices.Contains(methods, method) && (credentials || !slices.Contains(methods, "*")) {
		return fmt.Sprintf("Access-Control-Allow-Methods does not name %s", method)
	}
	names := list(strings.ToLower(a.Header["Access-Control-Allow-Headers"]))
	for _, h := range headers {
		h = strings.ToLower(strings.TrimSpace(h))
		// The Fetch standard leaves Authorization out of *; Chromium lets it
		// pass, so a page that works there is not accused.
		star := slices.Contains(names, "*") && !credentials
		if h != "" && !star && !slices.Contains(names, h) {
			return fmt.Sprintf("Access-Control-Allow-Headers does not name %s", h)
		}
	}
	return ""
}

// list splits a header's comma-separated value.
func list(v string) []string {
	out := strings.Split(v, ",")
	for i := range out {
		out[i] = strings.TrimSpace(out[i])
	}
	return out
}
