package rules

import (
	"fmt"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
)

// Rules of this file:
//   - every cause says in its page's front matter what it rests on
//   - a failed request is evidence only where it was the front end's own: URL, method, session, headers and body
//   - how the missing part is supplied keeps the flags that were passed

// Grounds are the parts that a cause can rest on, by the word in the front
// matter of its page. "seen" is what its rule saw: a token's bytes and
// signature, a file's line, a socket, a response from Stream.
var Grounds = map[string]func(*facts.Facts) finding.Link{
	"seen": func(*facts.Facts) finding.Link { return finding.Seen },
	"url":  urlKnown, "front-url": urlOfFront,
	"method": methodKnown, "method-tried": methodTried,
	"session": sessionKnown, "session-sent": sessionSent, "signed-in": notSignedOut,
	"body": bodyKnown, "origin": originKnown, "password": passwordSent, "id": idSent, "user": userKnown, "wait": waitKnown,
}

// restsOn is the chain that every finding of a kind has.
func restsOn(f *facts.Facts, id causes.ID) finding.Links {
	var links finding.Links
	page, _ := causes.PageOf(id)
	for _, word := range page.Rests {
		links = append(links, Grounds[word](f))
	}
	return links
}

// urlKnown: the front end's endpoint is the one that was requested.
func urlKnown(f *facts.Facts) finding.Link {
	next := finding.Step{Text: "Give the token endpoint with --url", Command: Again(f, "url", "--url http://localhost:PORT/PATH")}
	if x := f.Fetch(); x != nil && x.Unset != "" {
		next.Text = "Set " + x.Unset + ", which no file sets and of which " + facts.At(x.File, x.Line) + " makes the URL, or give the token endpoint with --url"
	}
	return finding.Link{What: "which URL your front end requests", Known: f.Request().URL, Next: []finding.Step{next}}
}

// urlOfFront: a URL that badsig put together of the server's source may lack a
// prefix; that it is not there then says nothing.
func urlOfFront(f *facts.Facts) finding.Link {
	l := urlKnown(f)
	if l.Known == facts.IsRead && f.Fetch() == nil && f.Target.URLSource != "flag" {
		l.Known = facts.IsAssumed
	}
	return l
}

func methodKnown(f *facts.Facts) finding.Link {
	return finding.Link{What: "which method your front end uses here", Known: f.Request().Method,
		Next: []finding.Step{{Text: "Give it with --method, or copy the request as cURL from the browser and paste it", Command: Again(f, "method", "--method POST")}}}
}

// methodTried: where GET and POST both find no route, the method doesn't matter.
func methodTried(f *facts.Facts) finding.Link {
	if f.Backend != nil {
		for _, v := range f.Backend.Variants {
			if a := facts.MainAnswer(f); a != nil && v.Method != a.Method && v.Status == a.Status {
				return finding.Seen
			}
		}
	}
	return methodKnown(f)
}

// whatFront is what is missing of a request that the front end makes otherwise.
const whatFront = "what your front end sends here"

func copyRequest(f *facts.Facts, flag, value string) []finding.Step {
	return []finding.Step{
		{Text: "Copy the request as cURL from the browser and paste it (p in the console), or pass " + flagOf(value) + moreFlags(value)},
		{Text: "Check again with it", Command: Again(f, flag, value)},
		{Text: "Or give the token that the browser uses", Command: Again(f, "token", "--token -")},
	}
}

func flagOf(value string) string { return value }

func moreFlags(value string) string {
	if affix.HasPrefix(value, "--header") {
		return " or --data"
	}
	return " or --header"
}

// sessionKnown: cookies and headers were sent as the front end sends them, or the handler reads none.
func sessionKnown(f *facts.Facts) finding.Link {
	return finding.Link{What: whatFront, Known: f.Request().Session, Next: copyRequest(f, "header", sessionFlag(f))}
}

// sessionSent: for a response that wants a login only what the front end sends
// counts; that the source seems to have no guard is then refuted.
func sessionSent(f *facts.Facts) finding.Link {
	l, fetch := sessionKnown(f), f.Fetch()
	if f.Target.Headers || fetch.SendsNone(f.Target.URL, f.Target.Origin) {
		return l
	}
	l.Known = facts.IsAssumed
	if a := facts.MainAnswer(f); a != nil {
		if g, _ := unmetGuard(f, a, fetch); g != nil {
			l.Known = facts.IsRead // the guard reads one header, and the front end's request has others
		}
	}
	return l
}

// notSignedOut: Clerk returns 404 and says in a header that no one is signed in.
func notSignedOut(f *facts.Facts) finding.Link {
	if a := facts.MainAnswer(f); a != nil && a.SignedOut() { // 404 and all
		return sessionSent(f)
	}
	return finding.Seen
}

func bodyKnown(f *facts.Facts) finding.Link {
	return finding.Link{What: whatFront, Known: f.Request().Body, Next: copyRequest(f, "data", "--data '"+exampleData(f)+"'")}
}

func originKnown(f *facts.Facts) finding.Link {
	return finding.Link{What: "the address of your front end's page", Known: f.Request().Origin,
		Next: []finding.Step{{Text: "Give it with --origin", Command: Again(f, "origin", "--origin http://localhost:PORT")}}}
}

// idSent: that a token names no one counts where the id was sent as the front end sends it.
func idSent(f *facts.Facts) finding.Link {
	if t := facts.TokenInUse(f); t != nil && t.Source == "given" {
		return finding.Seen
	}
	return bodyKnown(f)
}

// userKnown: the user that the token is compared with is the one who connects.
func userKnown(f *facts.Facts) finding.Link {
	l := finding.Link{What: "which user connects", Known: facts.IsAssumed,
		Next: []finding.Step{{Text: "Give the ID with --user-id", Command: Again(f, "user-id", "--user-id ID")}}}
	switch r := f.Request(); {
	case r.User == facts.IsGiven:
		l.Known = facts.IsGiven
	case fromSession(f):
	case connectsAsOwn(f): // and what the page makes of its ID is not worked out
	case idIsRead(f):
		l.Known = r.Body // the handler gets the id that the front end sends, and makes another of it
	}
	return l
}

// waitKnown: badsig's own patience isn't a measure of a server that compiles on
// its first request, nor is a short one of any.
func waitKnown(f *facts.Facts) finding.Link {
	return finding.Link{What: "whether the server only needs longer", Known: waitedEnough(f),
		Next: []finding.Step{{Text: "Request the endpoint once in the browser, then check again, or give badsig more time", Command: Again(f, "timeout", "--timeout 60s")}}}
}

// Again is the command that checks once more with one flag changed and the
// others as they were passed.
func Again(f *facts.Facts, name, value string) string {
	words := []string{"badsig check"}
	for _, g := range f.Target.Flags {
		if n, _, _ := affix.Cut(affix.TrimPrefix(g, "--"), " "); n == name && (name != "header" || headerOf(g) == headerOf(value)) {
			continue
		}
		words = append(words, g)
	}
	return strings.Join(append(words, value), " ")
}

// headerOf is the name in a flag such as --header 'Name: value', in lower case.
func headerOf(flag string) string {
	name, _, _ := affix.Cut(affix.TrimPrefix(flag, "--header "), ":")
	return strings.ToLower(strings.Trim(name, `'" `))
}

// sessionFlag is the header that the guard reads, to be typed.
func sessionFlag(f *facts.Facts) string {
	header, cookie := guardReads(f)
	if sent := f.Fetch().SessionHeader(); sent != "" && cookie == "" && (header == "" || header == "cookie") {
		header = sent // no cookie is named, and the front end's own request has a header
	}
	switch {
	case cookie != "":
		return fmt.Sprintf("--header 'Cookie: %s=…'", cookie)
	case header == "cookie":
		return "--header 'Cookie: …'"
	case header != "" && header != "authorization":
		return fmt.Sprintf("--header '%s: …'", header)
	case header == "" && fetchSendsCookies(f):
		return "--header 'Cookie: …'"
	}
	return "--header 'Authorization: Bearer …'"
}

// fetchSendsCookies tells whether the front end's session is a cookie, as far as its source says.
func fetchSendsCookies(f *facts.Facts) bool {
	x := f.Fetch()
	return x != nil && !x.Auth && (x.Credentials || x.Proxied || affix.HasPrefix(x.URL, "/"))
}

// exampleData is a body with the fields that the handler or the front end names.
func exampleData(f *facts.Facts) string {
	var names []string
	if e := f.Entry(); e != nil {
		names = e.Fields
	}
	if x := f.Fetch(); x != nil && len(x.Body) > 0 && len(names) == 0 {
		names = x.Body
	}
	if len(names) == 0 {
		names = []string{"userId"}
	}
	var parts []string
	for _, n := range names[:min(len(names), 4)] {
		parts = append(parts, fmt.Sprintf("%q:%q", n[strings.LastIndexByte(n, '.')+1:], "…"))
	}
	return "{" + strings.Join(parts, ",") + "}"
}
