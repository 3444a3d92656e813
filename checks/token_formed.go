package checks

import (
	"cmp"
	"fmt"
	"slices"
	"sort"
	"strings"

	"badsig/checks/causes"
	"badsig/checks/probe"
	"badsig/tokens"
)

// Rules of this file:
//   - the token in use decides; no secret is needed
//   - a development token and another service's JWT explain the oddities of their own format
//   - what is wrong only in the browser's token is fixed in the front end

// covers says which causes only look like causes because of another one.
var covers = map[causes.ID][]causes.ID{
	causes.TokenDev:       {causes.TokenEncoding, causes.TokenMalformed, causes.TokenTruncated, causes.TokenAlgorithm},
	causes.TokenForeign:   {causes.TokenAlgorithm, causes.TokenServer},
	causes.TokenTruncated: {causes.TokenMalformed},
	causes.TokenEncoding:  {causes.TokenMalformed},
}

// ruleTokenFormed finds what is wrong with the token's format.
func ruleTokenFormed(f *probe.Facts) Result {
	t := tokenInUse(f)
	if t == nil {
		return noToken(f)
	}
	evidence := map[causes.ID][]Evidence{}
	var ids []causes.ID
	add := func(id causes.ID, e Evidence) {
		if len(evidence[id]) == 0 {
			ids = append(ids, id)
		}
		evidence[id] = append(evidence[id], e)
	}
	for _, fl := range t.Flaws {
		if id := shapeOf(fl.Kind); id != "" && !(id == causes.TokenServer && vanished(t)) {
			add(id, Evidence{Label: fl.Detail, Got: fl.Got, Want: fl.Want, Source: tokenSource(t)})
		}
	}
	if s := t.Signer; s != nil && s.Truncated && len(evidence[causes.TokenTruncated]) == 0 {
		add(causes.TokenTruncated, Evidence{Label: "start of the signature, which matches one of your secrets", Got: fmt.Sprintf("%d bytes", t.SigLen), Want: "32 bytes", Source: tokenSource(t)})
	}
	if s := t.Signer; s != nil && s.Encoding != "" && len(evidence[causes.TokenEncoding]) == 0 {
		add(causes.TokenEncoding, Evidence{Label: "the signature verifies only when read as " + s.Encoding, Got: s.Encoding, Want: "base64url without padding", Source: tokenSource(t)})
	}
	if hasFlaw(t, tokens.FlawHeader) && hasFlaw(t, tokens.FlawPayload) {
		// Neither part is JSON: three words with dots between, so their encoding doesn't matter.
		ids = slices.DeleteFunc(ids, func(x causes.ID) bool { return x == causes.TokenEncoding || x == causes.TokenTruncated })
		delete(evidence, causes.TokenEncoding)
		delete(evidence, causes.TokenTruncated)
	}
	for id := range evidence {
		ids = slices.DeleteFunc(ids, func(x causes.ID) bool { return slices.Contains(covers[id], x) })
	}
	var all []Cause
	for _, id := range ids {
		all = append(all, shapeCause(f, t, id, evidence[id]))
	}
	if len(all) == 0 {
		return passed(fmt.Sprintf("three segments, %s", cmp.Or(headerAlg(t), "HS256")), Evidence{Label: "token", Got: t.Shown, Source: tokenSource(t)})
	}
	if all[0].ID == causes.TokenDev && all[0].Severity == causes.Warning {
		return Result{Status: Warn, Summary: all[0].Summary, Evidence: all[0].Evidence} // auth-checks-disabled says it
	}
	sort.SliceStable(all, func(i, j int) bool { return weightOf(all[i]) < weightOf(all[j]) })
	return found(all[0].Evidence[0].Label, all[0].Evidence, all...)
}

// vanished tells a token for a user whose id was lost (the backend was asked for
// one, and only times are left of the payload) from one that was meant for a server.
func vanished(t *probe.Token) bool {
	for _, name := range []string{"server", "resource", "action", "user_id"} {
		if _, ok := t.Claims[name]; ok {
			return false
		}
	}
	return t.Source != "given" && len(t.Claims) > 0 && hasFlaw(t, tokens.FlawServer)
}

func weightOf(c Cause) int {
	if c.Severity == causes.Error {
		return 0
	}
	return 1
}

func headerAlg(t *probe.Token) string { s, _ := t.Header["alg"].(string); return s }

// tokenSource names the token in evidence.
func tokenSource(t *probe.Token) string {
	if t.Source == "given" {
		return "the token you provided"
	}
	if t.Field != "" {
		return "the backend's response, " + t.Field
	}
	return "the backend's response"
}

// shapeCause is one finding about the token's format.
func shapeCause(f *probe.Facts, t *probe.Token, id causes.ID, ev []Evidence) Cause {
	given := t.Source == "given"
	loc, certainty := formAt(f, id), Proven
	if given {
		loc = nil
	}
	in := inLine(loc)
	var why string
	var fix []Step
	switch id {
	case causes.TokenDev:
		return devCause(f, ev)
	case causes.TokenForeign:
		why = "This JWT was issued by another service: " + lead(ev) + ". Stream accepts only tokens signed with your app's secret."
		fix = []Step{
			stepIn(loc, "generate a second token for Stream, serverClient.createToken(userId), and keep that one for your own API"),
			{Text: "In the front end, pass Stream's token to connectUser; if the response contains two tokens, check which field you use"}}
	case causes.TokenServer:
		why = "This is a server token: it has no user, and with the right signature it can do anything in your app. Client SDKs reject it (\"userToken does not have a user_id\")."
		fix = []Step{
			stepIn(loc, "generate a token for one user: serverClient.createToken(userId)"),
			{Text: "If a server token has reached a browser, rotate the secret in the dashboard"}}
	case causes.TokenAlgorithm:
		if a := headerAlg(t); a == "HS384" || a == "HS512" {
			certainty = Likely // no public report says whether Stream accepts them
		}
		why = "Stream tokens are signed with HS256 and the API secret, but " + lead(ev) + "."
		fix = []Step{stepIn(loc, "sign with { algorithm: 'HS256' }")}
	case causes.TokenWrapped:
		why = "The token itself is complete, but has extra characters around it: " + lead(ev) + ". Stream can't decode it with them."
		fix = unwrapSteps(t, given, in)
	case causes.TokenTruncated:
		why = "Part of the token is missing: " + lead(ev) + ". Stream can't verify an incomplete signature."
		fix = []Step{stepIn(loc, "pass on the complete token: look for slice(), substring() or split(), or a database column that's too short")}
		if given {
			fix = append(fix, Step{Text: "Copy the complete token, for example from the badsig console"})
		}
	case causes.TokenEncoding:
		why = "A token's three segments must be base64url without padding, but " + lead(ev) + "."
		fix = []Step{
			stepIn(loc, "let a library create the token: jwt.sign({ user_id }, secret, { algorithm: 'HS256' }) or serverClient.createToken(userId)"),
			{Text: "Or by hand in Node: .toString('base64url') for header and payload, .digest('base64url') for the signature"}}
	default:
		why = "The value passed as the token isn't a JWT: " + lead(ev) + "."
		fix = []Step{stepIn(loc, "respond with the token itself: res.json({ token })"), {Text: "Compare what the endpoint returns with what connectUser receives"}}
	}
	if !given {
		fix = append(fix, restartStep(f))
	}
	return cause(id, certainty, why, loc, ev, fix...)
}

// formAt is the line that gives the token its form.
func formAt(f *probe.Facts, id causes.ID) *Location {
	switch id {
	case causes.TokenAlgorithm:
		return algorithmAt(f)
	case causes.TokenWrapped:
		return wrapAt(f, "prefix", "suffix", "json", "encode", "replace")
	case causes.TokenTruncated:
		return wrapAt(f, "slice")
	case causes.TokenEncoding:
		return wrapOr(f, signAt(f), "encode", "replace")
	case causes.TokenServer:
		return signAt(f)
	}
	return wrapAt(f, "slice", "encode", "replace")
}

// devCause judges a development token by what Stream says about the app, if it was contacted.
func devCause(f *probe.Facts, ev []Evidence) Cause {
	var loc *Location
	if f.Project != nil {
		for _, c := range f.Project.Calls {
			if strings.Contains(strings.ToLower(c.Callee), "devtoken") {
				loc = locAt(c.File, c.Line)
				break
			}
		}
	}
	c := cause(causes.TokenDev, Likely, "This is a development token: its third segment is the word devtoken, not a signature. Stream accepts it only if auth checks are disabled for the app, and by default they aren't.",
		loc, ev,
		stepIn(loc, "use real tokens from your backend instead: serverClient.createToken(userId)"),
		Step{Text: "Or, only for a throwaway app: Dashboard → your app → Authentication → Disable Auth Checks"})
	if f.Stream != nil && f.Stream.App != nil {
		c.Certainty = Proven
		if f.Stream.App.AuthDisabled {
			c = lesser(c)
			c.Summary = "This is a development token. It works only because auth checks are disabled for the app: anyone can connect as any user."
		}
	}
	return c
}

// unwrapSteps says how to remove what is around a token, by its kind.
func unwrapSteps(t *probe.Token, given bool, in string) []Step {
	steps := map[string]string{
		"quotes":        "store the token itself, without JSON.stringify: localStorage.setItem('token', token)",
		"bearer":        "pass only the token, without the word before it: Stream doesn't use Bearer",
		"blank":         "trim the token: token.trim()",
		"newline":       "send it without a newline: res.json({ token }), and trim a token read from a file",
		"json":          "pass the field, not the whole response: const { token } = await response.json()",
		"percent":       "decode it once: decodeURIComponent(token)",
		"cookie":        "pass the cookie's value, not name=value",
		"bytes-literal": "decode the bytes, in Python: token.decode('ascii')",
	}
	var fix []Step
	for _, fl := range t.Flaws {
		text, known := steps[fl.Wrap]
		if fl.Kind != tokens.FlawWrapped {
			continue
		}
		if !known {
			text = "pass only the token"
		}
		if s := (Step{Text: sentence(in + text)}); !slices.Contains(fix, s) {
			fix = append(fix, s)
		}
	}
	if given {
		fix = append(fix, clearStep)
	}
	return fix
}

// lead is the first piece of evidence, for use in a sentence.
func lead(ev []Evidence) string { return ev[0].Label }

func unless(no bool, s string) string {
	if no {
		return ""
	}
	return s
}
