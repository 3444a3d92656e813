package rules

import (
	"fmt"
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/rules/parts"
	"badsig/checks/rules/signature"
	"badsig/tokens"
)

// Rules of this file:
//   - a bare JWT as the whole response is a token: response.text() reads it
//   - a token amid other text isn't one until it is known how the front end extracts it
//   - a 304 has no body and is fine
//   - a token that is there but wrong belongs to the rules of the token
//   - a token under any name is one, unless the front end was seen to read another name, which the response lacks

// EndpointJSON finds endpoint-html and token-missing.
func EndpointJSON(f *facts.Facts) finding.Result {
	a := facts.MainAnswer(f)
	if a == nil || a.Status == 0 {
		return finding.Unsure(parts.WhyNot(f, facts.NameBackend, "there is no response to read"))
	}
	ev := []finding.Evidence{{Label: "response", Got: parts.AnswerLine(a), Want: "JSON with a token", Source: request(a)}}
	switch {
	case a.Status == 304:
		return finding.Passed("304: the response hasn't changed, which is fine", ev...)
	case a.Status/100 != 2:
		return finding.Unsure(fmt.Sprintf("the endpoint responded with %d", a.Status), ev...)
	case a.HTML && portal(a):
		return unsettled("a proxy or a login page of this network responded, not your backend",
			finding.Link{What: "what your backend responds", Next: []finding.Step{{Text: "Sign in to the network, or take the proxy out of the way, then check again", Command: Again(f, "", "")}}}, ev)
	case a.HTML:
		return finding.Found("the response is an HTML page instead of JSON", ev, htmlCause(f, a, ev))
	case len(a.Tokens) > 0 && !emptyToken(f, a):
		if why := unreadable(f, a); why != "" {
			return finding.Found(why, ev, notJSON(f, a, why, ev))
		}
		if !a.JSON && a.NotJSON != "" {
			return unsettled("there is a token in the response, which isn't one JSON document ("+a.NotJSON+")", readingKnown(f), ev)
		}
		if c := otherField(f, a, ev); c != nil {
			return finding.Found(c.Summary, ev, *c)
		}
		return finding.Passed(tokenField(f, a), ev...)
	case a.Error != "":
		return finding.Unsure("the response couldn't be read completely: "+facts.First(a.Detail, a.Error), ev...)
	}
	if f.Server != nil && f.Server.SecretKnown && noSecretToday(f) {
		return finding.Found("the response contains no token, and the signing code has no API secret", ev, signature.SecretMissing(f, ev))
	}
	if a.InHeader != "" { // a page may read it there
		return unsettled("the body contains no token, and the header "+a.InHeader+" does",
			finding.Link{What: "where your front end reads the token", Next: []finding.Step{{Text: "Give the token that the browser uses with --token", Command: Again(f, "token", "--token -")}}}, ev)
	}
	if !f.Request().Body.Sure() {
		return unsettled("the response contains no token", bodyKnown(f), ev)
	}
	return finding.Found("the response contains no token", ev, tokenMissing(f, a, ev))
}

// otherField finds a front end that reads a field which the response doesn't have, while the token is in another;
// nil where what it reads isn't known.
func otherField(f *facts.Facts, a *facts.Answer, ev []finding.Evidence) *finding.Cause {
	fetch, t := f.Fetch(), facts.AnswerToken(f, a)
	if fetch == nil || fetch.Takes == "" || t == nil || t.Field == "" || !a.JSON || len(a.Tokens) != 1 {
		return nil
	}
	if strings.Count(fetch.TakesPath, ".") > 2 { // deeper than the fields that were written down
		return nil
	}
	for name := range a.Fields {
		if name == fetch.TakesPath || fetch.TakesPath == "" && facts.LastName(name) == fetch.Takes {
			return nil
		}
	}
	takes := facts.First(fetch.TakesPath, fetch.Takes)
	front, reply := finding.LocAt(fetch.File, fetch.Line), parts.ReplyAt(f)
	ev = append(slices.Clone(ev), finding.Evidence{Label: "field that the front end reads", Got: takes, Source: front.String()},
		finding.Evidence{Label: "field that has the token", Got: t.Field, Want: takes, Source: request(a)})
	code := ": res.json({ " + takes + ": token })"
	if _, other := parts.IdiomOf(facts.CodeOf(f)); other || affix.Contains(takes, ".") {
		code = ""
	}
	c := finding.New(causes.TokenMissing, finding.Likely,
		fmt.Sprintf("The front end reads %s from the response, and the response has the token in %s: the client gets undefined.", takes, t.Field),
		reply, ev,
		finding.Step{Text: parts.Sentence(parts.InLine(reply) + "return the token as " + takes + ", the name that the front end reads" + code)},
		finding.Step{Text: "Or " + parts.InLine(front) + "read " + t.Field}, parts.RestartStep(f))
	c.Title = "The front end reads another field of the response"
	return &c
}

// unreadable says why the front end can't read the token that is in the
// response: its source calls response.json(), and the response isn't one JSON
// document. "" where it can, or where what it calls isn't known.
func unreadable(f *facts.Facts, a *facts.Answer) string {
	fetch := f.Fetch()
	if a.JSON || fetch == nil || !fetch.JSON {
		return ""
	}
	switch {
	case affix.Contains(a.NotJSON, "after"):
		return "the response has more after its JSON document"
	case a.NotJSON != "":
		return "the response isn't JSON (" + a.NotJSON + ")"
	}
	return "the response isn't JSON"
}

// readingKnown is the link that is missing where a response isn't a JSON document, and how the front end reads it isn't known.
func readingKnown(f *facts.Facts) finding.Link {
	return finding.Link{What: "how your front end reads it", Next: []finding.Step{
		{Text: parts.Sentence(parts.InLine(parts.ReplyAt(f)) + "send one JSON document and nothing else: res.json({ token })")},
		{Text: "Or give the token that the browser uses", Command: Again(f, "token", "--token -")}}}
}

// notJSON is the finding for a token in a response that response.json() can't read.
func notJSON(f *facts.Facts, a *facts.Answer, why string, ev []finding.Evidence) finding.Cause {
	fetch := f.Fetch()
	ev = append(slices.Clone(ev), finding.Evidence{Label: "the front end reads it with", Got: "response.json()", Source: finding.LocAt(fetch.File, fetch.Line).String()})
	return finding.New(causes.TokenMissing, finding.Proven, parts.Sentence(why)+", and the front end calls response.json(), which fails. The token is in it, but never reaches the client.",
		parts.ReplyAt(f), ev, finding.Step{Text: parts.Sentence(parts.InLine(parts.ReplyAt(f)) + "send one JSON document and nothing else: res.json({ token })")}, parts.RestartStep(f))
}

// portal tells a page that no backend of a developer sends: a proxy's, or the
// login page of a network.
func portal(a *facts.Answer) bool {
	w := strings.ToLower(signature.Words(a))
	for _, s := range []string{"captive portal", "squid", "zscaler", "bluecoat", "fortiguard", "websense", "forcepoint", "network login", "wi-fi login", "hotspot"} {
		if affix.Contains(w, s) {
			return true
		}
	}
	return false
}

func emptyToken(f *facts.Facts, a *facts.Answer) bool {
	t := facts.AnswerToken(f, a)
	return t != nil && facts.HasFlaw(t, tokens.FlawEmpty)
}

func tokenField(f *facts.Facts, a *facts.Answer) string {
	t := facts.AnswerToken(f, a)
	switch {
	case t == nil || t.Field == "":
		return "the response is a token"
	case !a.JSON:
		return "the whole response is a token"
	}
	return "token in the field " + t.Field
}

// pageOfOthers tells a tunnel's or a proxy's page, and a front end's index.html.
func pageOfOthers(a *facts.Answer) bool {
	w := strings.ToLower(a.Begin)
	return portal(a) || affix.Any([]string{"ngrok", "vite", `id="root"`, `id="app"`, "__next"}, func(s string) bool { return affix.Contains(w, s) })
}

// htmlCause judges a page: most often a dev server's index.html.
func htmlCause(f *facts.Facts, a *facts.Answer, ev []finding.Evidence) finding.Cause {
	why, fix := "The front end parses the response as JSON and fails at the first <", []finding.Step{
		{Text: parts.Sentence(parts.InLine(parts.FrontAt(f)) + "request the backend itself, with its full address")},
		{Text: "Or let the dev server forward the path: server.proxy in vite.config.js, rewrites in next.config.js (the proxy field of package.json works in Create React App only)"},
	}
	if w := strings.ToLower(a.Begin); affix.Contains(w, "ngrok") {
		why += "; this is ngrok's warning page"
		fix = []finding.Step{{Text: "Send the header ngrok-skip-browser-warning: 1 with the request"}}
	} else if affix.Contains(w, "vite") || affix.Contains(w, `id="root"`) || affix.Contains(w, `id="app"`) || affix.Contains(w, "__next") {
		why += "; this is the front end's own index.html, so the request never reached the backend"
	}
	at := parts.FrontAt(f)
	if e := f.Entry(); !pageOfOthers(a) && e != nil && e.Reply.File != "" && len(a.Tokens) > 0 { // the handler's own page, with the token in it
		at = parts.ReplyAt(f)
		fix = []finding.Step{{Text: parts.Sentence(parts.InLine(at) + "send JSON: res.json({ token })")}, parts.RestartStep(f)}
	}
	return finding.New(causes.EndpointHTML, finding.Proven, why+".", at, ev, fix...)
}

// tokenMissing judges 2xx responses without a token.
func tokenMissing(f *facts.Facts, a *facts.Answer, ev []finding.Evidence) finding.Cause {
	ev = slices.Clone(ev)
	name, kind := tokenLike(a)
	why, step := "The endpoint responds, but no field of the response contains a token", "return the token: res.json({ token })"
	switch {
	case a.Bytes == 0:
		why = "The endpoint responds with an empty body"
	case name == "" && !a.JSON:
		why = "The endpoint responds with text that is neither JSON nor a token"
	case name != "":
		ev = append(ev, finding.Evidence{Label: "field " + name, Got: kind, Want: "a string of three parts", Source: request(a)})
		switch kind {
		case "{}", `"[object Promise]"`, "object":
			why = "The token is an object, not a string: an async function was called without await, and a promise turns into {} in JSON"
			step = "await the function that makes the token: const token = await makeToken(userId)"
		case "null", `""`, `"undefined"`, `"null"`, "false":
			why = "The token is empty: the function that makes it returned nothing"
			step = "return the token from that function, and respond with 500 where it fails instead of hiding the error"
		default:
			why = "The field for the token is there, without a token in it"
		}
	}
	at := parts.ReplyAt(f)
	if s := f.Site(); a.Bytes == 0 && f.Entry() == nil && s != nil && s.Language != "js" { // nothing says that the signing code handles this path
		at, step = parts.FrontAt(f), "request the path under which the backend returns the token: "+parts.PathOf(f.Target.URL)+" returns nothing"
	}
	return finding.New(causes.TokenMissing, finding.Proven, why+". The SDK fails with \"User token can not be empty\", or connects without a token.", at, ev,
		finding.Step{Text: parts.Sentence(parts.InLine(at) + step)}, parts.RestartStep(f))
}

// tokenLike finds the field that was meant for the token.
func tokenLike(a *facts.Answer) (name, kind string) {
	var names []string
	for n := range a.Fields {
		if affix.Contains(strings.ToLower(n), "token") {
			names = append(names, n)
		}
	}
	if len(names) == 0 {
		return "", ""
	}
	slices.Sort(names)
	if facts.OneOf(names, "token") {
		return "token", a.Fields["token"]
	}
	return names[0], a.Fields[names[0]]
}
