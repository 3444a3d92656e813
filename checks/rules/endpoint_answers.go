package rules

import (
	"fmt"
	"slices"
	"strings"

	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/loopback"
	"badsig/checks/rules/parts"
	"badsig/checks/rules/said"
	"badsig/checks/rules/signature"
	"badsig/checks/shell"
	"badsig/tokens"
)

// Rules of this file:
//   - every response of the endpoint has one cause or none; the file that knows it judges it
//   - what a failed response proves hangs on whose request it was: links_rests.go says what each cause rests on
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
		if c := signature.DecodedToNothing(f, ev); c != nil {
			return finding.Found("the endpoint says that it has no API secret, and the code decodes it", ev, *c)
		}
		return finding.Found("the endpoint says that it has no API secret", ev, signature.SecretMissing(f, ev))
	}
	if r := streamsRefusal(f, a, ev); r != nil {
		return *r
	}
	if wantsMore(f, a) {
		return unsettled(fmt.Sprintf("%d: %s", a.Status, facts.First(parts.Clip(said.Plain(a), 80), "the request isn't complete")), bodyKnown(f), ev)
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
	k := keyInBackend(f)
	if c := signature.RestartMends(f, facts.TruthBeforeStream(f), nil); c != nil && (e.Kind == tokens.ErrSignature || e.Kind == tokens.ErrKey && k != nil && k.Key != "" && k.Key == f.Target.Key) {
		r := finding.Found(fmt.Sprintf("%d: Stream rejected the backend's own request, with what it read before its files were changed", a.Status), ev, *c)
		return &r
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
	x := f.Fetch()
	if x != nil {
		names = x.Body
	}
	if e := f.Entry(); e != nil {
		names = append(slices.Clone(names), e.Fields...)
	}
	for _, n := range names {
		if !x.Fillable(n, names) {
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

// noAnswer judges a connection that brought no response.
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
		loc := said.OnlyThrow(f, a)
		if loc == nil {
			loc = parts.MintsAt(f)
		}
		return finding.Found("it closes the connection without responding", ev, finding.New(causes.EndpointError, finding.Likely,
			"The server closes the connection during the request: its process exits, or the handler destroys the socket.",
			loc, ev, finding.Step{Text: "Read the backend's log at the time of the request: an uncaught error ends the process"}, parts.RestartStep(f)))
	}
	return finding.Unsure(facts.First(a.Detail, facts.First(a.Error, "no response")), ev...)
}

// noWholeAnswer judges a response that began well and has no end: fetch rejects
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

// askAgain is the command that repeats a request by hand.
func askAgain(f *facts.Facts, a *facts.Answer) string {
	if a.Method != "POST" || f.Target.Data {
		return "curl -i -X " + a.Method + " " + shell.ShellWord(a.URL)
	}
	return parts.Curl(a.URL, f.Target.UserID, f.Target.UserName)
}
