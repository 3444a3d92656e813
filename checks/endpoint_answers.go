package checks

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"badsig/checks/causes"
	"badsig/checks/probe"
)

// Rules of this file:
//   - every answer of the endpoint has one cause or none; the file that knows it judges it
//   - what badsig cannot do as the browser does (a session, a user that exists) is unknown, not wrong

// ruleEndpointAnswers finds what keeps the endpoint from answering 2xx.
func ruleEndpointAnswers(f *probe.Facts) Result {
	a := mainAnswer(f)
	if a == nil {
		return unsure(whyNot(f, probe.NameBackend, "the endpoint was not asked"))
	}
	ev := []Evidence{{Label: "answer", Got: answerLine(a), Want: "200, JSON with a token", Source: request(a)}}
	if a.Status == 0 || a.Error == "http-to-https" {
		return noAnswer(f, a, ev)
	}
	if a.Status/100 == 2 && (a.Error == "timeout" || a.Error == "reset") {
		return noWholeAnswer(f, a, ev)
	}
	if corsWords.MatchString(words(a)) && a.Status >= 400 {
		return refusesOrigin(f, a, ev)
	}
	if !givesToken(a) && (a.Status >= 500 || a.Status/100 == 2) && saysNoSecret(a) {
		if c := restartMends(f, truthOf(f), nil); c != nil {
			return found("it says that it has no secret to sign with", ev, *c)
		}
		return found("it says that it has no secret to sign with", ev, secretMissing(f, ev))
	}
	if c := bodyUnread(f, a, ev); c != nil {
		return found(c.Summary, ev, *c)
	}
	switch {
	case a.Status/100 == 2:
		return passed(fmt.Sprintf("%d in %s ms", a.Status, millis(a.TookMs)), ev...)
	case a.Status == 304:
		return passed("304: the answer has not changed, which is fine", ev...)
	case a.Status/100 == 3:
		return redirected(f, a, ev)
	case a.Status == 401, a.Status == 403:
		return wantsLogin(f, a, ev)
	case a.Status == 404, a.Status == 405, a.Status == 501:
		return noRoute(f, a, ev)
	case a.Status == 429:
		return unsure("429: it limits how often it may be asked; wait and check again", ev...)
	}
	return errorOfItsOwn(f, a, ev)
}

func millis(ms float64) string {
	if ms < 10 {
		return fmt.Sprintf("%.1f", ms)
	}
	return fmt.Sprintf("%.0f", ms)
}

// noAnswer judges a connection that brought no answer.
func noAnswer(f *probe.Facts, a *probe.Answer, ev []Evidence) Result {
	_, port := probe.HostPort(f.Target.URL)
	switch a.Error {
	case "timeout":
		return found("it accepts the connection and does not answer in time", ev, cause(causes.ServerHangs, Proven,
			fmt.Sprintf("The server accepts the request and does not answer within %s ms, so the browser waits and Stream is never asked.", millis(a.TookMs)),
			mintsAt(f), ev,
			Step{Text: "look for a path through the handler that neither answers nor calls next(): an await that never ends (a database that is not running, the request to Stream behind a proxy), a middleware without next()"},
			restartStep(f),
			Step{Text: "if it is only slow, give badsig more time: badsig check --timeout 20s"}))
	case "http-to-https", "https-to-http":
		want, speaks := "http", "plain HTTP"
		if a.Error == "http-to-https" {
			want, speaks = "https", "TLS"
		}
		return found("the port speaks "+speaks, ev, cause(causes.WrongServer, Proven,
			fmt.Sprintf("Port %d speaks %s, and the URL asks it otherwise: the request ends before the server reads it.", port, speaks),
			sourceLoc(f.Target.URLSource), ev,
			Step{Text: fmt.Sprintf("write %s:// in the URL%s", want, inFile(f.Target.URLSource))}))
	case "not-http":
		return found("what answers speaks no HTTP", ev, cause(causes.WrongServer, Proven,
			fmt.Sprintf("Port %d belongs to a program that does not speak HTTP, so it is no token server.", port),
			nil, ev, Step{Text: "correct the port in the URL" + inFile(f.Target.URLSource)}, startStep(f)))
	case "reset":
		return found("it closes the connection without an answer", ev, cause(causes.EndpointError, Likely,
			"The server closes the connection in the middle of the request: its process ends, or the handler destroys the socket.",
			mintsAt(f), ev, Step{Text: "read the backend's log at the moment of the request: an uncaught error ends the process"}, restartStep(f)))
	}
	return unsure(cmp.Or(a.Detail, cmp.Or(a.Error, "no answer")), ev...)
}

// noWholeAnswer judges an answer that began well and has no end: fetch rejects
// it, although what came of it may look like a token.
func noWholeAnswer(f *probe.Facts, a *probe.Answer, ev []Evidence) Result {
	ev = append(ev, Evidence{Label: "read of the answer", Got: plural(int(a.Bytes), "byte") + ", then " + a.Detail, Want: "the whole answer", Source: request(a)})
	if a.Error == "timeout" {
		return found("its answer does not end in time", ev, cause(causes.ServerHangs, Proven,
			fmt.Sprintf("The server begins to answer and does not end within %s ms, so the browser waits and Stream is never asked.", millis(a.TookMs)),
			mintsAt(f), ev,
			Step{Text: "end the answer: res.json({ token }) or res.end() on every path through the handler"},
			restartStep(f),
			Step{Text: "if it is only slow, give badsig more time: badsig check --timeout 20s"}))
	}
	return found("its answer breaks off: the connection was closed in the middle", ev, cause(causes.EndpointError, Proven,
		"The server closes the connection in the middle of its answer, so fetch fails although a part of it came: its process ends, or Content-Length promises more than is sent.",
		mintsAt(f), ev, Step{Text: "read the backend's log at the moment of the request: an uncaught error ends the process"},
		Step{Text: "set no Content-Length by hand: res.json does it right"}, restartStep(f)))
}

// refusesOrigin judges an answer that refuses the page's origin in words.
func refusesOrigin(f *probe.Facts, a *probe.Answer, ev []Evidence) Result {
	if f.Target.OriginSource == "guess" || f.Target.OriginSource == "default" || a.Origin == "" {
		return unsure("it refuses the origin that badsig guessed: say which is yours with --origin http://localhost:3000", ev...)
	}
	c := corsCause(f, "the server refuses the origin itself", append(ev, Evidence{Label: "origin sent", Got: a.Origin, Source: cmp.Or(f.Target.OriginSource, "flag")}))
	return found("it refuses the page's origin "+a.Origin, ev, c)
}

// redirected judges 3xx answers. fetch follows them, but a preflight does not,
// and 301, 302 and 303 turn a POST into a GET.
func redirected(f *probe.Facts, a *probe.Answer, ev []Evidence) Result {
	to := cmp.Or(a.Header["Location"], "somewhere else")
	ev = append(ev, Evidence{Label: "Location", Got: to, Source: request(a)})
	why := "the browser follows with another method, without the body, or not at all"
	if a.Status == 307 || a.Status == 308 {
		why = "a browser's preflight may not be redirected, and badsig never sends a body on"
	}
	fix := []Step{{Text: "use the final address in the front end" + inFile(f.Target.URLSource) + ": " + to}}
	if w := strings.ToLower(to); strings.Contains(w, "login") || strings.Contains(w, "signin") || strings.Contains(w, "auth") {
		why = "it sends whoever has no session to a login page, which is no token"
		fix = []Step{{Text: "let the token route answer 401 in JSON instead of redirecting"}, {Text: "log in first, or give badsig the session: --header 'Cookie: …'"}}
	}
	c := cause(causes.EndpointRedirect, Proven, fmt.Sprintf("The endpoint answers %d and points to %s: %s.", a.Status, to, why), sourceLoc(f.Target.URLSource), ev, fix...)
	if fetch := frontFetch(f); (a.Status == 307 || a.Status == 308) && fetch != nil && (fetch.Proxied || strings.HasPrefix(fetch.URL, "/")) {
		r := found("redirects to "+to+"; the browser follows", ev, lesser(c))
		r.Status = Unknown
		return r
	}
	return found(fmt.Sprintf("%d, redirects to %s", a.Status, to), ev, c)
}

// wantsLogin judges 401 and 403: an error where the browser is refused too.
func wantsLogin(f *probe.Facts, a *probe.Answer, ev []Evidence) Result {
	fetch := frontFetch(f)
	summary := fmt.Sprintf("The endpoint answers %d: it gives tokens only to those who are logged in", a.Status)
	loc := mintsAt(f)
	switch {
	case f.Target.Headers:
		return found(fmt.Sprintf("%d, although --header was sent", a.Status), ev, cause(causes.EndpointAuth, Proven,
			summary+", and refuses the header that was given.", loc, ev,
			Step{Text: "copy a fresh session from the browser (developer tools → Network → the token request → Copy as cURL) and give its Cookie or Authorization with --header"},
			Step{Text: "or find out in the handler why it refuses this session"}))
	case fetch != nil && !fetch.Auth && !fetch.Credentials && !slices.Contains(fetch.Headers, "*") && !fetch.BodyOpen && unfilled(fetch) == "":
		return found(fmt.Sprintf("%d, and the front end sends no session", a.Status), ev, cause(causes.EndpointAuth, Proven,
			summary+", and the front end's request carries neither cookie nor Authorization.", locAt(fetch.File, fetch.Line), ev,
			Step{Text: fmt.Sprintf("send the session at %s: credentials: 'include' for cookies, or an Authorization header", locAt(fetch.File, fetch.Line))},
			Step{Text: "or take the guard off the token route while you develop"}))
	case fetch == nil:
		return found(fmt.Sprintf("%d: it wants a login", a.Status), ev, cause(causes.EndpointAuth, Likely,
			summary+". What the front end sends was not found in the project, and a request without a session gets nothing.", loc, ev,
			Step{Text: "give badsig the browser's session, then check again", Command: "badsig check --header 'Authorization: Bearer …'"},
			Step{Text: "if the front end sends none, let it: credentials: 'include' for cookies, or an Authorization header"}))
	}
	if g, header := unmetGuard(f, a, fetch); g != nil {
		ev = append(ev, Evidence{Label: "the guard reads the header", Got: header, Source: locAt(g.File, g.Line).String()},
			Evidence{Label: "the front end's request sets", Got: cmp.Or(strings.Join(fetch.Headers, ", "), "none"), Want: header, Source: locAt(fetch.File, fetch.Line).String()})
		return found(fmt.Sprintf("%d: it wants the header %s, which the front end does not send", a.Status, header), ev, cause(causes.EndpointAuth, Likely,
			fmt.Sprintf("%s, whose request carries %s, and the front end's does not.", summary, header), locAt(g.File, g.Line), ev,
			Step{Text: fmt.Sprintf("send %s at %s", header, locAt(fetch.File, fetch.Line))},
			Step{Text: fmt.Sprintf("or take the guard off the token route while you develop (%s)", locAt(g.File, g.Line))}))
	}
	lacks := "badsig has no session, the browser may have one"
	if n := unfilled(fetch); n != "" && !fetch.Auth && !fetch.Credentials {
		lacks = "the front end sends " + n + " with the request, which badsig does not have"
	}
	c := lesser(cause(causes.EndpointAuth, Likely, summary+"; "+lacks+".", loc, ev,
		Step{Text: "give badsig the browser's session, then check again", Command: "badsig check --header 'Authorization: Bearer …'"}))
	r := found(fmt.Sprintf("%d: it wants a login that badsig does not have", a.Status), ev, c)
	r.Status = Unknown
	return r
}

// unmetGuard finds the guard that refuses the browser too: every line of the
// source that answers so reads a header which the front end's request lacks,
// and nothing else.
func unmetGuard(f *probe.Facts, a *probe.Answer, fetch *probe.Fetch) (*probe.Guard, string) {
	code := serverCode(f)
	if code == nil || slices.Contains(fetch.Headers, "*") {
		return nil, ""
	}
	var first *probe.Guard
	header := ""
	for i := range code.Guards {
		g := &code.Guards[i]
		if g.Status != a.Status {
			continue
		}
		if g.More || len(g.Headers) == 0 || slices.ContainsFunc(g.Headers, func(h string) bool { return carries(fetch, h) }) {
			return nil, ""
		}
		if first == nil {
			first, header = g, g.Headers[0]
		}
	}
	return first, header
}

// carries tells whether the front end's request has a header, or may get it from the browser.
func carries(fetch *probe.Fetch, header string) bool {
	switch header {
	case "cookie":
		return fetch.Credentials
	case "authorization":
		return fetch.Auth
	case "origin", "referer", "host", "user-agent", "accept", "accept-language", "content-type", "content-length", "connection":
		return true
	}
	return slices.Contains(fetch.Headers, header) || strings.HasPrefix(header, "sec-") || strings.HasPrefix(header, "x-forwarded")
}

// errorOfItsOwn judges what is left: 5xx, and refusals in the endpoint's own words.
func errorOfItsOwn(f *probe.Facts, a *probe.Answer, ev []Evidence) Result {
	if a.Status >= 500 && f.Server != nil && f.Server.SecretKnown && noSecretToday(f) {
		return found("it fails, and the source reads no secret", ev, secretMissing(f, ev))
	}
	says := ""
	if a.Begin != "" && !a.HTML {
		says = " It says: " + clip(a.Begin, 100)
	}
	c := cause(causes.EndpointError, Proven, fmt.Sprintf("The endpoint itself answers %d, so there is no token to judge.%s", a.Status, says), mintsAt(f), ev,
		Step{Text: "read the backend's log at the moment of the request: the error and its line stand there"},
		Step{Text: "ask it yourself and read the whole answer", Command: askAgain(f, a)})
	if a.Status < 500 {
		c.Certainty = Likely
		r := found(fmt.Sprintf("%d: it refuses what badsig sent", a.Status), ev, lesser(c))
		r.Status = Unknown
		return r
	}
	return found(fmt.Sprintf("%d: %s", a.Status, cmp.Or(clip(words(a), 80), "no text")), ev, c)
}

// noSecretToday tells whether the source surely reads nothing to sign with.
func noSecretToday(f *probe.Facts) bool {
	i := f.Server.Secret
	return i < 0 || i < len(f.Values) && f.Values[i].Empty
}

// askAgain is the command that repeats a request by hand.
func askAgain(f *probe.Facts, a *probe.Answer) string {
	if a.Method != "POST" {
		return "curl -i " + probe.ShellWord(a.URL)
	}
	return Curl(a.URL, f.Target.UserID, f.Target.UserName)
}
