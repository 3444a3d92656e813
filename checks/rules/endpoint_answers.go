package rules

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/loopback"
	"badsig/checks/rules/parts"
	"badsig/checks/rules/signature"
	"badsig/checks/shell"
	"badsig/tokens"
)

// Rules of this file:
//   - every response of the endpoint has one cause or none; the file that knows it judges it
//   - what a failed response proves hangs on whose request it was: finding_rests.go says what each cause rests on
//   - a guard that wants a session, a form that wants a password and a user that doesn't exist are unknown, not wrong

// EndpointAnswers finds what keeps the endpoint from responding with 2xx.
func EndpointAnswers(f *facts.Facts) finding.Result {
	a := facts.MainAnswer(f)
	if a == nil {
		return notRequested(f)
	}
	ev := []finding.Evidence{{Label: "response", Got: parts.AnswerLine(a), Want: "200, JSON with a token", Source: request(a)}}
	if a.Status == 0 || a.Error == "http-to-https" {
		return noAnswer(f, a, ev)
	}
	if a.Status/100 == 2 && (a.Error == "timeout" || a.Error == "reset") {
		return noWholeAnswer(f, a, ev)
	}
	if a.Status >= 400 && (signature.CORSWords.MatchString(signature.Words(a)) || facts.VariantWithToken(f, "no-origin") != nil) {
		return refusesOrigin(f, a, ev)
	}
	if !facts.GivesToken(a) && (a.Status >= 500 || a.Status/100 == 2) && signature.SaysNoSecret(a) {
		if c := signature.RestartMends(f, facts.TruthBeforeStream(f), nil); c != nil {
			return finding.Found("the endpoint says that it has no API secret", ev, *c)
		}
		return finding.Found("the endpoint says that it has no API secret", ev, signature.SecretMissing(f, ev))
	}
	if r := streamsRefusal(f, a, ev); r != nil {
		return *r
	}
	if wantsMore(f, a) {
		return unsettled(fmt.Sprintf("%d: %s", a.Status, cmp.Or(parts.Clip(plainWords(a), 80), "the request isn't complete")), bodyKnown(f), ev)
	}
	if c := bodyUnread(f, a, ev); c != nil {
		return finding.Found(c.Summary, ev, *c)
	}
	switch {
	case a.Status/100 == 2:
		return finding.Passed(fmt.Sprintf("%d in %s ms", a.Status, millis(a.TookMs)), ev...)
	case a.Status == 304:
		return finding.Passed("304: the response hasn't changed, which is fine", ev...)
	case a.Status/100 == 3:
		return redirected(f, a, ev)
	case a.Status == 401, a.Status == 403, a.SignedOut():
		return wantsLogin(f, a, ev)
	case a.Status == 404, a.Status == 405, a.Status == 501:
		return noRoute(f, a, ev)
	case a.Status == 407, a.Status == 431, a.Status == 511:
		return finding.Unsure(fmt.Sprintf("%d: a proxy or a portal responded, not your backend", a.Status), ev...)
	case a.Status == 429:
		return finding.Unsure("429: rate limited; wait and try again", ev...)
	}
	return errorOfItsOwn(f, a, ev)
}

// unsettled is a result that hangs on one link that isn't known.
func unsettled(seen string, l finding.Link, ev []finding.Evidence) finding.Result {
	r := finding.Unsure(unknownSummary(seen, &l), ev...)
	r.Next = l.Next
	return r
}

// notRequested says why the endpoint was not requested, and how to go on.
func notRequested(f *facts.Facts) finding.Result {
	if p := f.Writes(); p != nil {
		r := finding.Unsure(fmt.Sprintf("not requested: %s changes something (%s). Name it with --url to request it once, or give the browser's token with --token",
			strings.TrimSpace(entryName(f)), finding.LocAt(p.File, p.Line)))
		r.Next = []finding.Step{
			{Text: "Give the token that the browser uses", Command: Again(f, "token", "--token -")},
			{Text: "Or request the endpoint once, with what your front end sends", Command: Again(f, "url", "--url "+shell.ShellWord(f.Target.URL)) + dataFlag(f)},
		}
		return r
	}
	return finding.Unsure(parts.WhyNot(f, facts.NameBackend, "the endpoint wasn't requested"))
}

// dataFlag is a body for the command, where the endpoint reads one that badsig has no values for.
func dataFlag(f *facts.Facts) string {
	if f.Target.Data || f.Request().Body.Sure() {
		return ""
	}
	return " --data '" + exampleData(f) + "'"
}

// entryName names the entry: "POST /auth/signup".
func entryName(f *facts.Facts) string {
	if e := f.Entry(); e != nil {
		return e.Method + " " + e.Path
	}
	return parts.PathOf(f.Target.URL)
}

// streamsRefusal recognizes a response in which the backend passes on that
// Stream rejected its own request: that follows from key and secret, not from the endpoint.
func streamsRefusal(f *facts.Facts, a *facts.Answer, ev []finding.Evidence) *finding.Result {
	if facts.GivesToken(a) || a.Status/100 == 4 && a.Status != 400 && a.Status != 401 && a.Status != 403 {
		return nil
	}
	e, ok := tokens.ParseError(signature.Words(a))
	if !ok {
		return nil
	}
	switch e.Kind {
	case tokens.ErrSignature:
	case tokens.ErrKey:
		r := finding.Unsure("the backend's own request to Stream failed: Stream doesn't recognize its API key", ev...)
		r.Causes = []finding.Cause{finding.New(causes.KeyUnknown, finding.Proven, "The backend's own request to Stream failed: Stream doesn't recognize the API key that the backend uses.",
			keyAt(f), ev, finding.Step{Text: "Copy the API key again from the dashboard (your app › App Access Keys)" + signature.Into(keyInBackend(f))}, parts.RestartStep(f))}
		r.Status = finding.Fail
		return &r
	default:
		return nil
	}
	c := finding.New(causes.KeySecretMismatch, finding.Proven, "The backend's own request to Stream failed: Stream rejected the signature made with the backend's API secret.",
		parts.Locate(secretInBackend(f)), ev,
		finding.Step{Text: "Copy key and secret again, together, from one app of the dashboard (App Access Keys)" + signature.Into(secretInBackend(f))}, parts.RestartStep(f))
	r := finding.Found(fmt.Sprintf("%d: Stream rejected the backend's own request, which follows from its key and secret", a.Status), ev, c)
	return &r
}

func secretInBackend(f *facts.Facts) *facts.Value {
	if f.Server == nil {
		return nil
	}
	return facts.ValueAt(f, f.Server.Secret)
}

func keyInBackend(f *facts.Facts) *facts.Value {
	if f.Server == nil {
		return nil
	}
	return facts.ValueAt(f, f.Server.Key)
}

func keyAt(f *facts.Facts) *finding.Location { return parts.Locate(keyInBackend(f)) }

// wantsMore tells a refusal that the request itself explains: it wants fields
// that badsig has no values for, or a user that exists.
func wantsMore(f *facts.Facts, a *facts.Answer) bool {
	if a.Status < 400 || a.Status == 404 && !(a.JSON && signature.UserUnknownWords.MatchString(signature.Words(a))) || a.Status == 405 || a.Status == 501 || a.Status == 429 || a.SignedOut() {
		return false
	}
	if a.Status == 401 || a.Status == 403 {
		return !f.Target.Data && unfilled(f) != ""
	}
	return !f.Request().Body.Sure() && (a.Status < 500 || unfilled(f) != "")
}

// unfilled is a field that the front end sends, or the handler reads, and that
// badsig has no value for; "" for none.
func unfilled(f *facts.Facts) string {
	var names []string
	if x := f.Fetch(); x != nil {
		names = x.Body
	}
	if e := f.Entry(); e != nil {
		names = append(slices.Clone(names), e.Fields...)
	}
	for _, n := range names {
		if !facts.Fillable(n, names) {
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
func noAnswer(f *facts.Facts, a *facts.Answer, ev []finding.Evidence) finding.Result {
	_, port := loopback.HostPort(f.Target.URL)
	switch a.Error {
	case "timeout":
		return finding.Found(fmt.Sprintf("no response within %s ms", millis(a.TookMs)), ev, finding.New(causes.ServerHangs, finding.Proven,
			fmt.Sprintf("The backend accepted the request and sent no response within %s ms, so the browser waits and never connects to Stream.", millis(a.TookMs)),
			parts.HandlerAt(f), ev, hangSteps(f)...))
	case "http-to-https", "https-to-http":
		want, speaks := "http", "plain HTTP"
		if a.Error == "http-to-https" {
			want, speaks = "https", "TLS"
		}
		return finding.Found("the port speaks "+speaks, ev, finding.New(causes.WrongServer, finding.Proven,
			fmt.Sprintf("Port %d speaks %s, but the URL says otherwise: the request fails before the server reads it.", port, speaks),
			finding.SourceLoc(f.Target.URLSource), ev,
			finding.Step{Text: fmt.Sprintf("Use %s:// in the URL%s", want, inFile(f.Target.URLSource))}))
	case "not-http":
		return finding.Found("the program on this port doesn't speak HTTP", ev, finding.New(causes.WrongServer, finding.Proven,
			fmt.Sprintf("The program on port %d doesn't speak HTTP, so it isn't a token server.", port),
			nil, ev, finding.Step{Text: "Correct the port in the URL" + inFile(f.Target.URLSource)}, parts.StartStep(f)))
	case "reset":
		loc := onlyThrow(f, a)
		if loc == nil {
			loc = parts.MintsAt(f)
		}
		return finding.Found("it closes the connection without responding", ev, finding.New(causes.EndpointError, finding.Likely,
			"The server closes the connection during the request: its process exits, or the handler destroys the socket.",
			loc, ev, finding.Step{Text: "Read the backend's log at the time of the request: an uncaught error ends the process"}, parts.RestartStep(f)))
	}
	return finding.Unsure(cmp.Or(a.Detail, cmp.Or(a.Error, "no response")), ev...)
}

// noWholeAnswer judges an answer that began well and has no end: fetch rejects
// it, although what came of it may look like a token.
func noWholeAnswer(f *facts.Facts, a *facts.Answer, ev []finding.Evidence) finding.Result {
	ev = append(ev, finding.Evidence{Label: "received", Got: finding.Plural(int(a.Bytes), "byte") + ", then " + a.Detail, Want: "the complete response", Source: request(a)})
	if a.Error == "timeout" {
		return finding.Found("the response doesn't end in time", ev, finding.New(causes.ServerHangs, finding.Proven,
			fmt.Sprintf("The backend starts a response and doesn't end it within %s ms, so the browser waits and never connects to Stream.", millis(a.TookMs)),
			parts.HandlerAt(f), ev,
			append([]finding.Step{{Text: "End the response on every path through the handler: res.json({ token }) or res.end()" + placed(parts.HandlerAt(f))}}, hangSteps(f)[1:]...)...))
	}
	return finding.Found("its response is incomplete: the connection was closed in the middle", ev, finding.New(causes.EndpointError, finding.Proven,
		"The server closes the connection in the middle of its response, so fetch fails although part of it arrived: its process exits, or Content-Length is larger than what it sends.",
		parts.MintsAt(f), ev, finding.Step{Text: "Read the backend's log at the time of the request: an uncaught error ends the process"},
		finding.Step{Text: "Don't set Content-Length yourself: res.json does"}, parts.RestartStep(f)))
}

// hangSteps are what to do about a handler that doesn't respond.
func hangSteps(f *facts.Facts) []finding.Step {
	return []finding.Step{
		{Text: parts.Sentence(parts.InLine(parts.HandlerAt(f)) + "find the path that neither responds nor calls next(): an await that never ends (a database that isn't running, a request to Stream that a proxy holds), a middleware without next()")},
		parts.RestartStep(f),
		{Text: "If the backend is only slow, give badsig more time", Command: Again(f, "timeout", "--timeout 60s")},
	}
}

// sentenceIn is "In FILE line N, ", or "" where there is no place.
func sentenceIn(l *finding.Location) string { return parts.Sentence(parts.InLine(l)) }

// placed is " (FILE:N)", or "".
func placed(l *finding.Location) string {
	if l == nil {
		return ""
	}
	return " (" + l.String() + ")"
}

// refusesOrigin judges a response that rejects the page's origin in words.
func refusesOrigin(f *facts.Facts, a *facts.Answer, ev []finding.Evidence) finding.Result {
	if a.Origin == "" || !f.Request().Origin.Sure() {
		return unsettled(fmt.Sprintf("%d: the backend rejects the origin", a.Status), originKnown(f), ev)
	}
	c := corsCause(f, "the backend rejects the origin itself", append(ev, finding.Evidence{Label: "origin sent", Got: a.Origin, Source: originFrom(f)}))
	return finding.Found("the backend rejects the page's origin "+a.Origin, ev, c)
}

// redirected judges 3xx responses. fetch follows them, but a preflight does
// not, and 301, 302 and 303 turn a POST into a GET.
func redirected(f *facts.Facts, a *facts.Answer, ev []finding.Evidence) finding.Result {
	to := cmp.Or(a.Header["Location"], "another address")
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
	if fetch := facts.FrontFetch(f); (a.Status == 307 || a.Status == 308) && fetch != nil && (fetch.Proxied || strings.HasPrefix(fetch.URL, "/")) {
		r := finding.Found("redirects to "+to+"; the browser follows", ev, finding.Lesser(c))
		r.Status = finding.Unknown
		return r
	}
	return finding.Found(fmt.Sprintf("%d, redirects to %s", a.Status, to), ev, c)
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
			finding.Evidence{Label: "headers that the front end sets", Got: cmp.Or(strings.Join(fetch.Headers, ", "), "none"), Want: header, Source: finding.LocAt(fetch.File, fetch.Line).String()})
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

// unmetGuard finds the guard that refuses the browser too: every line of the
// source that answers so reads a header which the front end's request lacks,
// and nothing else.
func unmetGuard(f *facts.Facts, a *facts.Answer, fetch *facts.Fetch) (*facts.Guard, string) {
	code := facts.CodeOf(f)
	if code == nil || fetch == nil || slices.Contains(fetch.Headers, "*") {
		return nil, ""
	}
	var first *facts.Guard
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
func carries(fetch *facts.Fetch, header string) bool {
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
func errorOfItsOwn(f *facts.Facts, a *facts.Answer, ev []finding.Evidence) finding.Result {
	if a.Status >= 500 && f.Server != nil && f.Server.SecretKnown && noSecretToday(f) {
		return finding.Found("the endpoint fails, and the source reads no secret", ev, signature.SecretMissing(f, ev))
	}
	says := ""
	if a.Begin != "" && !a.HTML {
		says = " It says: " + parts.Clip(plainWords(a), 100)
	}
	seen := fmt.Sprintf("%d: %s", a.Status, cmp.Or(parts.Clip(plainWords(a), 80), "no text"))
	if a.Status < 500 || f.Request().User == facts.IsAssumed && !f.Target.Data && saysUserUnknown(a) {
		l := bodyKnown(f)
		if f.Request().User == facts.IsAssumed && saysUserUnknown(a) {
			l = finding.Link{What: "a user ID that your backend knows", Next: []finding.Step{{Text: "Give one with --user-id", Command: Again(f, "user-id", "--user-id ID")}}}
		}
		return unsettled(seen, l, ev)
	}
	loc := throwsAt(f, a)
	if loc == nil {
		loc = quotedAt(f, a)
	}
	first := finding.Step{Text: parts.Sentence(parts.InLine(loc) + "fix the error that the response quotes; the backend's log has its stack trace")}
	if loc == nil || loc.String() == parts.HandlerAt(f).String() {
		first = finding.Step{Text: "Read the backend's log at the moment of the request: the stack trace shows the file and line"}
	}
	if loc == nil {
		loc = onlyThrow(f, a)
	}
	if loc == nil {
		loc = parts.HandlerAt(f)
	}
	c := finding.New(causes.EndpointError, finding.Proven, fmt.Sprintf("The token endpoint responds with %d, so the browser gets no token.%s", a.Status, says), loc, ev,
		first, finding.Step{Text: "Or send the request yourself and read the full response", Command: askAgain(f, a)}).Titled(fmt.Sprintf("The token endpoint returns an error: %d", a.Status))
	return finding.Found(seen, ev, c)
}

// saysUserUnknown tells a failure whose words are those of a user that isn't
// there: badsig's own test123 is in no database.
func saysUserUnknown(a *facts.Answer) bool {
	w := signature.Words(a)
	return signature.UserUnknownWords.MatchString(w) || signature.NullUserWords.MatchString(w)
}

// throwsAt is the line of the project that a stack trace in the response names first.
func throwsAt(f *facts.Facts, a *facts.Answer) *finding.Location {
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
	for _, m := range signature.StackFrame.FindAllStringSubmatch(signature.Words(a), 12) {
		path := strings.ReplaceAll(m[1], `\`, "/")
		line, err := strconv.Atoi(m[2])
		if err != nil || strings.Contains(path, "node_modules/") {
			continue
		}
		for file := range files {
			if file != "" && (path == file || strings.HasSuffix(path, "/"+file)) {
				return finding.LocAt(file, line)
			}
		}
	}
	return nil
}

// noSecretToday tells whether the source surely reads nothing to sign with.
func noSecretToday(f *facts.Facts) bool {
	i := f.Server.Secret
	return i < 0 || i < len(f.Values) && f.Values[i].Empty
}

// askAgain is the command that repeats a request by hand.
func askAgain(f *facts.Facts, a *facts.Answer) string {
	if a.Method != "POST" || f.Target.Data {
		return "curl -i -X " + a.Method + " " + shell.ShellWord(a.URL)
	}
	return parts.Curl(a.URL, f.Target.UserID, f.Target.UserName)
}
