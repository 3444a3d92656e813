package checks

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"badsig/checks/causes"
	"badsig/checks/probe"
	"badsig/tokens"
)

// Rules of this file:
//   - a bare JWT as the whole answer is a token: response.text() reads it
//   - a 304 has no body and is fine
//   - a token that is there but wrong belongs to the rules of the token

// ruleEndpointJSON finds endpoint-html and token-missing.
func ruleEndpointJSON(f *probe.Facts) Result {
	a := mainAnswer(f)
	if a == nil || a.Status == 0 {
		return unsure(whyNot(f, probe.NameBackend, "there is no answer to read"))
	}
	ev := []Evidence{{Label: "answer", Got: answerLine(a), Want: "JSON with a token", Source: request(a)}}
	switch {
	case a.Status == 304:
		return passed("304: the answer has not changed, which is fine", ev...)
	case a.Status/100 != 2:
		return unsure(fmt.Sprintf("the endpoint answered %d", a.Status), ev...)
	case a.HTML:
		return found("a page came back instead of JSON", ev, htmlCause(f, a, ev))
	case len(a.Tokens) > 0 && !emptyToken(f, a):
		return passed(tokenField(f, a), ev...)
	case a.Error != "":
		return unsure("the answer could not be read whole: "+cmp.Or(a.Detail, a.Error), ev...)
	}
	return found("it answers without a token", ev, tokenMissing(f, a, ev))
}

func emptyToken(f *probe.Facts, a *probe.Answer) bool {
	t := answerToken(f, a)
	return t != nil && hasFlaw(t, tokens.FlawEmpty)
}

func tokenField(f *probe.Facts, a *probe.Answer) string {
	t := answerToken(f, a)
	switch {
	case t == nil || t.Field == "":
		return "it answers with a token"
	case !a.JSON:
		return "the whole answer is a token"
	}
	return "a token in the field " + t.Field
}

// htmlCause judges a page: most often a dev server's index.html.
func htmlCause(f *probe.Facts, a *probe.Answer, ev []Evidence) Cause {
	why, fix := "The front end parses the answer as JSON and stops at the first <", []Step{
		{Text: "ask the backend itself: its full address in the front end" + inFile(f.Target.URLSource)},
		{Text: "or let the dev server hand the path on: server.proxy in vite.config.js, rewrites in next.config.js (the proxy field of package.json works in Create React App only)"},
	}
	if w := strings.ToLower(a.Begin); strings.Contains(w, "ngrok") {
		why += "; this is ngrok's warning page"
		fix = []Step{{Text: "send the header ngrok-skip-browser-warning: 1 with the request"}}
	} else if strings.Contains(w, "vite") || strings.Contains(w, `id="root"`) || strings.Contains(w, `id="app"`) || strings.Contains(w, "__next") {
		why += "; this is the front end's own index.html, so the request never reached the backend"
	}
	loc := sourceLoc(f.Target.URLSource)
	if fetch := frontFetch(f); fetch != nil {
		loc = locAt(fetch.File, fetch.Line)
	}
	return cause(causes.EndpointHTML, Proven, why+".", loc, ev, fix...)
}

// tokenMissing judges 2xx answers without a token.
func tokenMissing(f *probe.Facts, a *probe.Answer, ev []Evidence) Cause {
	ev = slices.Clone(ev)
	name, kind := tokenLike(a)
	why, step := "The endpoint answers, but no field of the answer holds a token", "return the token: res.json({ token })"
	switch {
	case a.Bytes == 0:
		why = "The endpoint answers with an empty body"
	case name == "" && !a.JSON:
		why = "The endpoint answers with text that is neither JSON nor a token"
	case name != "":
		ev = append(ev, Evidence{Label: "field " + name, Got: kind, Want: "a string of three parts", Source: request(a)})
		switch kind {
		case "{}", `"[object Promise]"`, "object":
			why = "The token is an object, not a string: an async function was called without await, and a promise turns into {} in JSON"
			step = "await the function that makes the token: const token = await makeToken(userId)"
		case "null", `""`, `"undefined"`, `"null"`, "false":
			why = "The token is empty: the function that makes it returned nothing"
			step = "return the token from that function, and answer 500 where it fails instead of hiding the error"
		default:
			why = "The field for the token is there, without a token in it"
		}
	}
	return cause(causes.TokenMissing, Proven, why+". The SDK says \"User token can not be empty\" or asks Stream with nothing.", mintsAt(f), ev,
		Step{Text: step + codeAt(f)}, restartStep(f))
}

// tokenLike finds the field that was meant for the token.
func tokenLike(a *probe.Answer) (name, kind string) {
	var names []string
	for n := range a.Fields {
		if strings.Contains(strings.ToLower(n), "token") {
			names = append(names, n)
		}
	}
	if len(names) == 0 {
		return "", ""
	}
	slices.Sort(names)
	if slices.Contains(names, "token") {
		return "token", a.Fields["token"]
	}
	return names[0], a.Fields[names[0]]
}
