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
)

// redirected judges 3xx responses. fetch follows them, but a preflight does
// not, and 301, 302 and 303 turn a POST into a GET.
func redirected(f *facts.Facts, a *facts.Answer, ev []finding.Evidence) finding.Result {
	to := facts.First(a.Header["Location"], "another address")
	ev = append(ev, finding.Evidence{Label: "Location", Got: to, Source: request(a)})
	if (toLogin(to) || a.SignedOut()) && !f.Target.Headers && !f.Fetch().SendsNone(f.Target.URL, f.Target.Origin) {
		return wantsLogin(f, a, ev)
	}
	why := "the browser follows it with GET and without the body, or not at all"
	if a.Status == 307 || a.Status == 308 {
		why = "a browser doesn't follow a redirected preflight, and badsig never sends a body on"
	}
	loc := parts.PathLoc(f)
	if fetch := f.Fetch(); fetch != nil && f.Target.URLSource == "flag" {
		loc = finding.LocAt(fetch.File, fetch.Line)
	}
	fix := []finding.Step{{Text: parts.Sentence(parts.InLine(loc) + "request the final address: " + to)}}
	if toLogin(to) {
		why = "it sends requests without a session to a login page, not a token"
		fix = []finding.Step{{Text: parts.Sentence(parts.InLine(loc) + "send the session with the request: credentials: 'include' for cookies, or an Authorization header")},
			{Text: "Or sign in first, and give badsig the session", Command: Again(f, "header", sessionFlag(f))}}
	}
	c := finding.New(causes.EndpointRedirect, finding.Proven, fmt.Sprintf("The endpoint responds with %d and points to %s: %s.", a.Status, to, why), loc, ev, fix...).Titled("The endpoint redirects to " + to)
	if follows(f, a, to) {
		r := finding.Found("redirects to "+to+"; the browser follows", ev, finding.Lesser(c))
		r.Status = finding.Unknown
		return r
	}
	return finding.Found(fmt.Sprintf("%d, redirects to %s", a.Status, to), ev, c)
}

// follows tells whether a browser repeats the very request at the address that
// it is sent to: 307 and 308 keep method and body, a GET has none to lose, and
// what CORS requires was granted before the redirect, and by it.
func follows(f *facts.Facts, a *facts.Answer, to string) bool {
	if a.Method != "GET" && a.Status != 307 && a.Status != 308 {
		return false
	}
	fetch := facts.FrontFetch(f)
	if fetch != nil && ownOrigin(fetch) {
		return true
	}
	at, err := url.Parse(f.Target.URL)
	if err != nil {
		return false
	}
	if u, err := at.Parse(to); err != nil || u.Host != at.Host || u.Scheme != at.Scheme {
		return false
	}
	origin := f.Target.Origin
	if origin == "" || needsNoCORS(f, origin) != "" {
		return true
	}
	cookies := fetch != nil && fetch.Credentials
	if a.AllowsOrigin(origin, cookies) != "" {
		return false
	}
	p := f.Backend.Preflight
	return p == nil || p.AllowsPreflight(origin, a.Method, facts.AskedHeaders(a.Form, fetch), cookies) == ""
}

// toLogin tells an address that a guard sends people to who aren't signed in:
// a login page, or the front page.
func toLogin(to string) bool {
	u, err := url.Parse(to)
	if err != nil {
		return false
	}
	path := strings.Trim(strings.ToLower(u.Path), "/")
	if path == "" && u.RawQuery == "" {
		return true
	}
	for _, w := range []string{"login", "log-in", "signin", "sign-in", "sign_in", "auth", "handshake", "sso", "welcome"} {
		if affix.Contains(path, w) {
			return true
		}
	}
	return affix.Contains(u.Host, "clerk.") || affix.Contains(u.Host, "accounts.")
}

// wantsLogin judges responses that want a session: an error only where the
// front end's own request gets the same.
func wantsLogin(f *facts.Facts, a *facts.Answer, ev []finding.Evidence) finding.Result {
	fetch := f.Fetch()
	summary := fmt.Sprintf("The endpoint responds with %d: it returns tokens only to signed-in users", a.Status)
	seen := fmt.Sprintf("%d: login required", a.Status)
	loc := parts.HandlerAt(f)
	if f.Target.Headers {
		return finding.Found(fmt.Sprintf("%d, although --header was sent", a.Status), ev, finding.New(causes.EndpointAuth, finding.Proven,
			summary+", and rejects the header you passed.", loc, ev,
			finding.Step{Text: "Copy a fresh session from the browser (developer tools › Network › the token request › Copy as cURL) and give its Cookie or Authorization with --header", Command: Again(f, "header", sessionFlag(f))},
			finding.Step{Text: "Or find out in the handler why it rejects this session" + placed(loc)}))
	}
	if g, header := unmetGuard(f, a, fetch); g != nil {
		ev = append(ev, finding.Evidence{Label: "header that the guard reads", Got: header, Source: finding.LocAt(g.File, g.Line).String()},
			finding.Evidence{Label: "headers that the front end sets", Got: facts.First(strings.Join(fetch.Headers, ", "), "none"), Want: header, Source: finding.LocAt(fetch.File, fetch.Line).String()})
		return finding.Found(fmt.Sprintf("%d: it requires the header %s, which the front end doesn't send", a.Status, header), ev, finding.New(causes.EndpointAuth, finding.Likely,
			fmt.Sprintf("%s, and the front end doesn't send the header %s.", summary, header), finding.LocAt(g.File, g.Line), ev,
			finding.Step{Text: parts.Sentence(parts.InLine(finding.LocAt(fetch.File, fetch.Line)) + "send the header " + header)},
			finding.Step{Text: fmt.Sprintf("Or take the guard off the token route while you develop (%s)", finding.LocAt(g.File, g.Line))}))
	}
	if fetch.SendsNone(f.Target.URL, f.Target.Origin) {
		return finding.Found(fmt.Sprintf("%d, and the front end sends no session", a.Status), ev, finding.New(causes.EndpointAuth, finding.Proven,
			summary+", and the front end's request has neither a cookie nor an Authorization header.", finding.LocAt(fetch.File, fetch.Line), ev,
			finding.Step{Text: parts.Sentence(parts.InLine(finding.LocAt(fetch.File, fetch.Line)) + "send the session: credentials: 'include' for cookies, or an Authorization header")},
			finding.Step{Text: "Or give badsig the browser's session, and check again", Command: Again(f, "header", sessionFlag(f))}))
	}
	// badsig has no session, and the browser may have one: honest leaves a warning of it.
	l := sessionKnown(f)
	r := finding.Found(seen, ev, finding.New(causes.EndpointAuth, finding.Likely, summary+". badsig has no session; the browser may have one.", loc, ev, l.Next...))
	return r
}

// unmetGuard finds the guard that rejects the browser too: every line of the
// source that responds like that reads a header which the front end's request lacks,
// and nothing else.
func unmetGuard(f *facts.Facts, a *facts.Answer, fetch *facts.Fetch) (*facts.Guard, string) {
	code := facts.CodeOf(f)
	if code == nil || fetch == nil || facts.OneOf(fetch.Headers, "*") {
		return nil, ""
	}
	var first *facts.Guard
	header := ""
	for i := range code.Guards {
		g := &code.Guards[i]
		if g.Status != a.Status {
			continue
		}
		if g.More || len(g.Headers) == 0 || affix.Any(g.Headers, func(h string) bool { return carries(fetch, h) }) {
			return nil, ""
		}
		if first == nil {
			first, header = g, g.Headers[0]
		}
	}
	return first, header
}

// carries tells whether the front end's request has a header, or may get it from the browser.
func carries(fetch *facts.Fetch, header string) bool {
	switch header {
	case "cookie":
		return fetch.Credentials
	case "authorization":
		return fetch.Auth
	case "origin", "referer", "host", "user-agent", "accept", "accept-language", "content-type", "content-length", "connection":
		return true
	}
	return facts.OneOf(fetch.Headers, header) || affix.HasPrefix(header, "sec-") || affix.HasPrefix(header, "x-forwarded")
}
