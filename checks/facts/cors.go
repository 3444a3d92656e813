package facts

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"badsig/checks/affix"
)

// AskedHeaders are the header names for which a browser requests permission first
// (the Fetch standard's CORS-unsafe request-header names), sorted and in small
// letters as it sends them: those that the front end's source sets, and the
// Content-Type of a JSON body. form is Answer.Form; fetch may be nil.
func AskedHeaders(form string, fetch *Fetch) []string {
	var names []string
	if form == "json" || form == "superset" {
		names = append(names, "content-type")
	}
	if fetch != nil {
		if fetch.Auth {
			names = append(names, "authorization")
		}
		for _, h := range fetch.Headers {
			switch {
			case h == "*", affix.HasPrefix(h, "sec-"), affix.HasPrefix(h, "proxy-"), OneOf(unasked, h), OneOf(names, h):
			default:
				names = append(names, h)
			}
		}
	}
	slices.Sort(names)
	return names
}

// unasked are the names that need no permission (Content-Type by its value),
// and those that a browser sets itself no matter what a page says.
var unasked = []string{"accept", "accept-language", "content-language", "content-type", "range", "cookie", "host", "origin", "referer", "user-agent",
	"connection", "content-length", "date", "expect", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "via", "accept-encoding", "accept-charset"}

// AllowsOrigin judges the response as the Fetch standard's CORS check does for a
// page at origin. It gives "" where the page may read the response, else one
// lower-case sentence without a full stop saying why not.
func (a Answer) AllowsOrigin(origin string, credentials bool) string {
	got, ok := a.Header["Access-Control-Allow-Origin"]
	switch {
	case !ok || got == "":
		return "the response has no Access-Control-Allow-Origin header"
	case got == "*" && credentials:
		return "Access-Control-Allow-Origin is *, which isn't allowed with cookies"
	case got != "*" && got != origin:
		return fmt.Sprintf("Access-Control-Allow-Origin is %s, the page is %s", got, origin)
	case credentials && a.Header["Access-Control-Allow-Credentials"] != "true":
		return "Access-Control-Allow-Credentials isn't true"
	}
	return ""
}

// AllowsPreflight judges a preflight's response as the Fetch standard does:
// origin, a status of 200 to 299, the method, and the header names requested.
// It gives "" or the reason, as AllowsOrigin does.
func (a Answer) AllowsPreflight(origin, method string, headers []string, credentials bool) string {
	if why := a.AllowsOrigin(origin, credentials); why != "" {
		return why
	}
	if a.Status < 200 || a.Status > 299 {
		return fmt.Sprintf("the preflight returns %d, which a browser treats as a rejection", a.Status)
	}
	methods := list(a.Header["Access-Control-Allow-Methods"])
	simple := method == http.MethodGet || method == http.MethodHead || method == http.MethodPost
	// Methods are case-sensitive; * means all, but not with credentials.
	if !simple && !OneOf(methods, method) && (credentials || !OneOf(methods, "*")) {
		return fmt.Sprintf("Access-Control-Allow-Methods doesn't include %s", method)
	}
	names := list(strings.ToLower(a.Header["Access-Control-Allow-Headers"]))
	for _, h := range headers {
		h = strings.ToLower(strings.TrimSpace(h))
		// The Fetch standard leaves Authorization out of *; Chromium lets it
		// pass, so a page that works there is not accused.
		star := OneOf(names, "*") && !credentials
		if h != "" && !star && !OneOf(names, h) {
			return fmt.Sprintf("Access-Control-Allow-Headers doesn't include %s", h)
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
