package checks

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"badsig/checks/causes"
	"badsig/checks/probe"
	"badsig/tokens"
)

// Rules of this file:
//   - every response of the endpoint has one cause or none; the file that knows it judges it
//   - what a failed response proves hangs on whose request it was: finding_rests.go says what each cause rests on
//   - a guard that wants a session, a form that wants a password and a user that doesn't exist are unknown, not wrong

// ruleEndpointAnswers finds what keeps the endpoint from responding with 2xx.
func ruleEndpointAnswers(f *probe.Facts) Result {
	a := mainAnswer(f)
	if a == nil {
		return notRequested(f)
	}
	ev := []Evidence{{Label: "response", Got: answerLine(a), Want: "200, JSON with a token", Source: request(a)}}
	if a.Status == 0 || a.Error == "http-to-https" {
		return noAnswer(f, a, ev)
	}
	if a.Status/100 == 2 && (a.Error == "timeout" || a.Error == "reset") {
		return noWholeAnswer(f, a, ev)
	}
	if a.Status >= 400 && (corsWords.MatchString(words(a)) || variantWithToken(f, "no-origin") != nil) {
		return refusesOrigin(f, a, ev)
	}
	if !givesToken(a) && (a.Status >= 500 || a.Status/100 == 2) && saysNoSecret(a) {
		if c := restartMends(f, truthOf(f), nil); c != nil {
			return found("the endpoint says that it has no API secret", ev, *c)
		}
		return found("the endpoint says that it has no API secret", ev, secretMissing(f, ev))
	}
	if r := streamsRefusal(f, a, ev); r != nil {
		return *r
	}
	if wantsMore(f, a) {
		return unsettled(fmt.Sprintf("%d: %s", a.Status, cmp.Or(clip(words(a), 80), "the request isn't complete")), bodyKnown(f), ev)
	}
	if c := bodyUnread(f, a, ev); c != nil {
		return found(c.Summary, ev, *c)
	}
	switch {
	case a.Status/100 == 2:
		return passed(fmt.Sprintf("%d in %s ms", a.Status, millis(a.TookMs)), ev...)
	case a.Status == 304:
		return passed("304: the response hasn't changed, which is fine", ev...)
	case a.Status/100 == 3:
		return redirected(f, a, ev)
	case a.Status == 401, a.Status == 403, a.SignedOut():
		return wantsLogin(f, a, ev)
	case a.Status == 404, a.Status == 405, a.Status == 501:
		return noRoute(f, a, ev)
	case a.Status == 407, a.Status == 431, a.Status == 511:
		return unsure(fmt.Sprintf("%d: a proxy or a portal responded, not your backend", a.Status), ev...)
	case a.Status == 429:
		return unsure("429: rate limited; wait and try again", ev...)
	}
	return errorOfItsOwn(f, a, ev)
}

// unsettled is a result that hangs on one link that isn't known.
func unsettled(seen string, l Link, ev []Evidence) Result {
	r := unsure(unknownSummary(seen, &l), ev...)
	r.Next = l.Next
	return r
}

// notRequested says why the endpoint was not requested, and how to go on.
func notRequested(f *probe.Facts) Result {
	if p := f.Writes(); p != nil {
		r := unsure(fmt.Sprintf("not requested: %s changes something (%s). Name it with --url to request it once, or give the browser's token with --token",
			strings.TrimSpace(entryName(f)), locAt(p.File, p.Line)))
		r.Next = []Step{
			{Text: "give the token that the browser uses", Command: again(f, "token", "--token -")},
			{Text: "or request the endpoint once, with what your front end sends", Command: again(f, "url", "--url "+probe.ShellWord(f.Target.URL)) + dataFlag(f)},
		}
		return r
	}
	return unsure(whyNot(f, probe.NameBackend, "the endpoint wasn't requested"))
}

// dataFlag is a body for the command, where the endpoint reads one that badsig has no values for.
func dataFlag(f *probe.Facts) string {
	if f.Target.Data || f.Request().Body.Sure() {
		return ""
	}
	return " --data '" + exampleData(f) + "'"
}

// entryName names the entry: "POST /auth/signup".
func entryName(f *probe.Facts) string {
	if e := f.Entry(); e != nil {
		return e.Method + " " + e.Path
	}
	return pathOf(f.Target.URL)
}

// streamsRefusal recognizes a response in which the backend passes on that
// Stream rejected its own request: that follows from key and secret, not from the endpoint.
func streamsRefusal(f *probe.Facts, a *probe.Answer, ev []Evidence) *Result {
	if givesToken(a) || a.Status/100 == 4 && a.Status != 400 && a.Status != 401 && a.Status != 403 {
		return nil
	}
	e, ok := tokens.ParseError(words(a))
	if !ok {
		return nil
	}
	switch e.Kind {
	case tokens.ErrSignature:
	case tokens.ErrKey:
		r := unsure("the backend's own request to Stream failed: Stream doesn't recognize its API key", ev...)
		r.Causes = []Cause{cause(causes.KeyUnknown, Proven, "The backend's own request to Stream failed: Stream doesn't recognize the API key that the backend uses.",
			keyAt(f), ev, Step{Text: "Copy the API key again from the dashboard (your app › App Access Keys)" + into(keyInBackend(f))}, restartStep(f))}
		r.Status = Fail
		return &r
	default:
		return nil
	}
	c := cause(causes.KeySecretMismatch, Proven, "The backend's own request to Stream failed: Stream rejected the signature made with the backend's API secret.",
		locate(secretInBackend(f)), ev,
		Step{Text: "Copy key and secret again, together, from one app of the dashboard (App Access Keys)" + into(secretInBackend(f))}, restartStep(f))
	r := found(fmt.Sprintf("%d: Stream rejected the backend's own request, which follows from its key and secret", a.Status), ev, c)
	return &r
}

func secretInBackend(f *probe.Facts) *probe.Value {
	if f.Server == nil {
		return nil
	}
	return valueAt(f, f.Server.Secret)
}

func keyInBackend(f *probe.Facts) *probe.Value {
	if f.Server == nil {
		return nil
	}
	return valueAt(f, f.Server.Key)
}

func keyAt(f *probe.Facts) *Location { return locate(keyInBackend(f)) }

// wantsMore tells a refusal that the request itself explains: it wants fields
// that badsig has no values for, or a user that exists.
func wantsMore(f *probe.Facts, a *probe.Answer) bool {
	if a.Status < 400 || a.Status == 404 && !(a.JSON && userUnknownWords.MatchString(words(a))) || a.Status == 405 || a.Status == 501 || a.Status == 429 || a.SignedOut() {
		return false
	}
	if a.Status == 401 || a.Status == 403 {
		return !f.Target.Data && unfilled(f) != ""
	}
	return !f.Request().Body.Sure() && (a.Status < 500 || unfilled(f) != "")
}

// unfilled is a field that the front end sends, or the handler reads, and that
// badsig has no value for; "" for none.
func unfilled(f *probe.Facts) string {
	var names []string
	if x := f.Fetch(); x != nil {
		names = x.Body
	}
	if e := f.Entry(); e != nil {
		names = append(slices.Clone(names), e.Fields...)
	}
	for _, n := range names {
		if !probe.Fillable(n, names) {
			return n
		}
	}
	return ""
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
		return found(fmt.Sprintf("no response within %s ms", millis(a.TookMs)), ev, cause(causes.ServerHangs, Proven,
			fmt.Sprintf("The backend accepted the request and sent no response within %s ms, so the browser waits and never connects to Stream.", millis(a.TookMs)),
			handlerAt(f), ev, hangSteps(f)...))
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
		return found("the response doesn't end in time", ev, cause(causes.ServerHangs, Proven,
			fmt.Sprintf("The backend starts a response and doesn't end it within %s ms, so the browser waits and never connects to Stream.", millis(a.TookMs)),
			handlerAt(f), ev,
			append([]Step{{Text: "End the response on every path through the handler: res.json({ token }) or res.end()" + placed(handlerAt(f))}}, hangSteps(f)[1:]...)...))
	}
	return found("its answer breaks off: the connection was closed in the middle", ev, cause(causes.EndpointError, Proven,
		"The server closes the connection in the middle of its answer, so fetch fails although a part of it came: its process ends, or Content-Length promises more than is sent.",
		mintsAt(f), ev, Step{Text: "read the backend's log at the moment of the request: an uncaught error ends the process"},
		Step{Text: "set no Content-Length by hand: res.json does it right"}, restartStep(f)))
}

// hangSteps are what to do about a handler that doesn't respond.
func hangSteps(f *probe.Facts) []Step {
	return []Step{
		{Text: sentence(inLine(handlerAt(f)) + "find the path that neither responds nor calls next(): an await that never ends (a database that isn't running, a request to Stream that a proxy holds), a middleware without next()")},
		restartStep(f),
		{Text: "If the backend is only slow, give badsig more time", Command: again(f, "timeout", "--timeout 60s")},
	}
}

// inLine is "in FILE line N, ", or "" where there is no place.
func inLine(l *Location) string {
	if l == nil {
		return ""
	}
	if l.Line <= 0 {
		return "in " + l.File + ", "
	}
	return fmt.Sprintf("in %s line %d, ", l.File, l.Line)
}

// sentenceIn is "In FILE line N, ", or "" where there is no place.
func sentenceIn(l *Location) string { return sentence(inLine(l)) }

// placed is " (FILE:N)", or "".
func placed(l *Location) string {
	if l == nil {
		return ""
	}
	return " (" + l.String() + ")"
}

// refusesOrigin judges a response that rejects the page's origin in words.
func refusesOrigin(f *probe.Facts, a *probe.Answer, ev []Evidence) Result {
	if a.Origin == "" || !f.Request().Origin.Sure() {
		return unsettled(fmt.Sprintf("%d: the backend rejects the origin", a.Status), originKnown(f), ev)
	}
	c := corsCause(f, "the backend rejects the origin itself", append(ev, Evidence{Label: "origin sent", Got: a.Origin, Source: cmp.Or(f.Target.OriginSource, "flag")}))
	return found("the backend rejects the page's origin "+a.Origin, ev, c)
}

// redirected judges 3xx responses. fetch follows them, but a preflight does
// not, and 301, 302 and 303 turn a POST into a GET.
func redirected(f *probe.Facts, a *probe.Answer, ev []Evidence) Result {
	to := cmp.Or(a.Header["Location"], "another address")
	ev = append(ev, Evidence{Label: "Location", Got: to, Source: request(a)})
	if (toLogin(to) || a.SignedOut()) && !f.Target.Headers && !f.Fetch().SendsNone(f.Target.URL, f.Target.Origin) {
		return wantsLogin(f, a, ev)
	}
	why := "the browser follows it with GET and without the body, or not at all"
	if a.Status == 307 || a.Status == 308 {
		why = "a browser doesn't follow a redirected preflight, and badsig never sends a body on"
	}
	loc := pathLoc(f)
	if fetch := f.Fetch(); fetch != nil && f.Target.URLSource == "flag" {
		loc = locAt(fetch.File, fetch.Line)
	}
	fix := []Step{{Text: sentence(inLine(loc) + "request the final address: " + to)}}
	if toLogin(to) {
		why = "it sends requests without a session to a login page, which is no token"
		fix = []Step{{Text: sentence(inLine(loc) + "send the session with the request: credentials: 'include' for cookies, or an Authorization header")},
			{Text: "Or sign in first, and give badsig the session", Command: again(f, "header", sessionFlag(f))}}
	}
	c := cause(causes.EndpointRedirect, Proven, fmt.Sprintf("The endpoint responds with %d and points to %s: %s.", a.Status, to, why), loc, ev, fix...)
	if fetch := frontFetch(f); (a.Status == 307 || a.Status == 308) && fetch != nil && (fetch.Proxied || strings.HasPrefix(fetch.URL, "/")) {
		r := found("redirects to "+to+"; the browser follows", ev, lesser(c))
		r.Status = Unknown
		return r
	}
	return found(fmt.Sprintf("%d, redirects to %s", a.Status, to), ev, c)
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
		if strings.Contains(path, w) {
			return true
		}
	}
	return strings.Contains(u.Host, "clerk.") || strings.Contains(u.Host, "accounts.")
}

// wantsLogin judges responses that want a session: an error only where the
// front end's own request gets the same.
func wantsLogin(f *probe.Facts, a *probe.Answer, ev []Evidence) Result {
	fetch := f.Fetch()
	summary := fmt.Sprintf("The endpoint responds with %d: it gives tokens only to signed-in users", a.Status)
	seen := fmt.Sprintf("%d: it wants a login", a.Status)
	loc := handlerAt(f)
	if f.Target.Headers {
		return found(fmt.Sprintf("%d, although --header was sent", a.Status), ev, cause(causes.EndpointAuth, Proven,
			summary+", and rejects the header that was given.", loc, ev,
			Step{Text: "Copy a fresh session from the browser (developer tools › Network › the token request › Copy as cURL) and give its Cookie or Authorization with --header", Command: again(f, "header", sessionFlag(f))},
			Step{Text: "Or find out in the handler why it rejects this session" + placed(loc)}))
	}
	if g, header := unmetGuard(f, a, fetch); g != nil {
		ev = append(ev, Evidence{Label: "header that the guard reads", Got: header, Source: locAt(g.File, g.Line).String()},
			Evidence{Label: "headers that the front end sets", Got: cmp.Or(strings.Join(fetch.Headers, ", "), "none"), Want: header, Source: locAt(fetch.File, fetch.Line).String()})
		return found(fmt.Sprintf("%d: it wants the header %s, which the front end doesn't send", a.Status, header), ev, cause(causes.EndpointAuth, Likely,
			fmt.Sprintf("%s: to requests with %s, which the front end's doesn't have.", summary, header), locAt(g.File, g.Line), ev,
			Step{Text: sentence(inLine(locAt(fetch.File, fetch.Line)) + "send the header " + header)},
			Step{Text: fmt.Sprintf("Or take the guard off the token route while you develop (%s)", locAt(g.File, g.Line))}))
	}
	if fetch.SendsNone(f.Target.URL, f.Target.Origin) {
		return found(fmt.Sprintf("%d, and the front end sends no session", a.Status), ev, cause(causes.EndpointAuth, Proven,
			summary+", and the front end's request carries neither cookie nor Authorization.", locAt(fetch.File, fetch.Line), ev,
			Step{Text: sentence(inLine(locAt(fetch.File, fetch.Line)) + "send the session: credentials: 'include' for cookies, or an Authorization header")},
			Step{Text: "Or give badsig the browser's session, and check again", Command: again(f, "header", sessionFlag(f))}))
	}
	// badsig has no session, and the browser may have one: honest leaves a warning of it.
	l := sessionKnown(f)
	r := found(seen, ev, cause(causes.EndpointAuth, Likely, summary+". badsig has no session; the browser may have one.", loc, ev, l.Next...))
	return r
}

// unmetGuard finds the guard that refuses the browser too: every line of the
// source that answers so reads a header which the front end's request lacks,
// and nothing else.
func unmetGuard(f *probe.Facts, a *probe.Answer, fetch *probe.Fetch) (*probe.Guard, string) {
	code := serverCode(f)
	if code == nil || fetch == nil || slices.Contains(fetch.Headers, "*") {
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
		return found("the endpoint fails, and the source reads no secret", ev, secretMissing(f, ev))
	}
	says := ""
	if a.Begin != "" && !a.HTML {
		says = " It says: " + clip(a.Begin, 100)
	}
	seen := fmt.Sprintf("%d: %s", a.Status, cmp.Or(clip(words(a), 80), "no text"))
	if a.Status < 500 || f.Request().User == probe.IsAssumed && !f.Target.Data && saysUserUnknown(a) {
		l := bodyKnown(f)
		if f.Request().User == probe.IsAssumed && saysUserUnknown(a) {
			l = Link{What: "a user ID that your backend knows", Next: []Step{{Text: "give one with --user-id", Command: again(f, "user-id", "--user-id ID")}}}
		}
		return unsettled(seen, l, ev)
	}
	loc := throwsAt(f, a)
	first := Step{Text: sentence(inLine(loc) + "fix the error that the response quotes; the backend's log has its stack trace")}
	if loc == nil || loc.String() == handlerAt(f).String() {
		first = Step{Text: "Read the backend's log at the moment of the request: the stack trace shows the file and line"}
	}
	if loc == nil {
		loc = handlerAt(f)
	}
	c := cause(causes.EndpointError, Proven, fmt.Sprintf("The token endpoint responds with %d, so the browser gets no token.%s", a.Status, says), loc, ev,
		first, Step{Text: "Or request it yourself and read the whole response", Command: askAgain(f, a)})
	return found(seen, ev, c)
}

// saysUserUnknown tells a failure whose words are those of a user that isn't
// there: badsig's own test123 is in no database.
func saysUserUnknown(a *probe.Answer) bool {
	w := words(a)
	return userUnknownWords.MatchString(w) || nullUserWords.MatchString(w)
}

// throwsAt is the line of the project that a stack trace in the response names first.
func throwsAt(f *probe.Facts, a *probe.Answer) *Location {
	files := map[string]bool{}
	if f.Project != nil {
		for _, c := range f.Project.Servers {
			files[c.File], files[c.Entry] = true, true
			for _, r := range c.Routes {
				files[r.File] = true
			}
			for _, r := range c.SecretRead {
				files[r.File] = true
			}
		}
		for _, s := range f.Project.Sites {
			files[s.File] = true
		}
		for _, e := range f.Project.Entries {
			files[e.File] = true
		}
	}
	for _, m := range stackFrame.FindAllStringSubmatch(words(a), 12) {
		path := strings.ReplaceAll(m[1], `\`, "/")
		line, err := strconv.Atoi(m[2])
		if err != nil || strings.Contains(path, "node_modules/") {
			continue
		}
		for file := range files {
			if file != "" && (path == file || strings.HasSuffix(path, "/"+file)) {
				return locAt(file, line)
			}
		}
	}
	return nil
}

// noSecretToday tells whether the source surely reads nothing to sign with.
func noSecretToday(f *probe.Facts) bool {
	i := f.Server.Secret
	return i < 0 || i < len(f.Values) && f.Values[i].Empty
}

// askAgain is the command that repeats a request by hand.
func askAgain(f *probe.Facts, a *probe.Answer) string {
	if a.Method != "POST" || f.Target.Data {
		return "curl -i -X " + a.Method + " " + probe.ShellWord(a.URL)
	}
	return Curl(a.URL, f.Target.UserID, f.Target.UserName)
}
