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
//   - the text of the token in use decides; no secret is needed
//   - a development token and another issuer's JWT explain the oddities of their own form
//   - what is wrong in the browser's token only is mended in the front end

// covers says which causes are only the look of another one.
var covers = map[causes.ID][]causes.ID{
	causes.TokenDev:       {causes.TokenEncoding, causes.TokenMalformed, causes.TokenTruncated, causes.TokenAlgorithm},
	causes.TokenForeign:   {causes.TokenAlgorithm, causes.TokenServer},
	causes.TokenTruncated: {causes.TokenMalformed},
	causes.TokenEncoding:  {causes.TokenMalformed},
}

// ruleTokenFormed finds what is wrong with the token's shape.
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
		add(causes.TokenTruncated, Evidence{Label: "the beginning of the signature fits a secret that was found", Got: fmt.Sprintf("%d bytes", t.SigLen), Want: "32 bytes", Source: tokenSource(t)})
	}
	if s := t.Signer; s != nil && s.Encoding != "" && len(evidence[causes.TokenEncoding]) == 0 {
		add(causes.TokenEncoding, Evidence{Label: "the signature verifies only when it is read as " + s.Encoding, Got: s.Encoding, Want: "base64url without padding", Source: tokenSource(t)})
	}
	if hasFlaw(t, tokens.FlawHeader) && hasFlaw(t, tokens.FlawPayload) {
		// Neither part holds JSON: three words with dots between, whose encoding is beside the point.
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
		return "the token given"
	}
	if t.Field != "" {
		return "the backend's answer, " + t.Field
	}
	return "the backend's answer"
}

// shapeCause is one finding about the token's form.
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
		why = "This JWT was issued by somebody else: " + lead(ev) + ". Stream knows only tokens that are signed with your app's secret."
		fix = []Step{
			{Text: sentence(in + "create a second token for Stream, serverClient.createToken(userId), and keep that one for your own API")},
			{Text: "Pass the field with Stream's token to connectUser: with two tokens in a response, they're easily mixed up"}}
	case causes.TokenServer:
		why = "This is a server token: it names no user, and signed well it may do anything in your app. Client SDKs refuse it: \"userToken does not have a user_id\"."
		fix = []Step{
			{Text: sentence(in + "create a token for one user: serverClient.createToken(userId)")},
			{Text: "if a server token reached a browser, create a new secret in the dashboard"}}
	case causes.TokenAlgorithm:
		if a := headerAlg(t); a == "HS384" || a == "HS512" {
			certainty = Likely // no public report says whether Stream takes them
		}
		why = "Every SDK of Stream's signs with HS256 and the secret's bytes; " + lead(ev) + "."
		fix = []Step{{Text: sentence(in + "sign with { algorithm: 'HS256' }")}}
	case causes.TokenWrapped:
		why = "The token itself is whole, but there is something around it: " + lead(ev) + ". Stream decodes every byte it is sent and stops there."
		fix = unwrapSteps(t, given, in)
	case causes.TokenTruncated:
		why = "A part of the token is missing: " + lead(ev) + ". A signature cannot be checked without its end."
		fix = []Step{{Text: sentence(in + "pass on the whole token: look for a slice(), substring() or split(), or a database column that is too short")}}
		if given {
			fix = append(fix, Step{Text: "copy the whole token: the console puts it on the clipboard with ctrl+y"})
		}
	case causes.TokenEncoding:
		why = "The three segments must be base64url without padding: " + lead(ev) + "."
		fix = []Step{
			{Text: sentence(in + "let a library create the token: jwt.sign({ user_id }, secret, { algorithm: 'HS256' }) or serverClient.createToken(userId)")},
			{Text: "made by hand in Node: .toString('base64url') for header and payload, .digest('base64url') for the signature"}}
	default:
		why = "What is passed as token is not one: " + lead(ev) + "."
		fix = []Step{{Text: sentence(in + "respond with the token itself: res.json({ token })")}, {Text: "Compare what the endpoint responds with and what connectUser gets"}}
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

// devCause judges a development token by what Stream said about the app, where it was asked.
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
	c := cause(causes.TokenDev, Likely, "This is a development token: its third segment is the word devtoken and no signature. Stream takes it only while the app's auth checks are disabled, which a new app's are not.",
		loc, ev,
		Step{Text: "issue real tokens in the backend: serverClient.createToken(userId)"},
		Step{Text: "or, for a throw-away app only: Dashboard → your app → Authentication → Disable Auth Checks"})
	if f.Stream != nil && f.Stream.App != nil {
		c.Certainty = Proven
		if f.Stream.App.AuthDisabled {
			c = lesser(c)
			c.Summary = "This is a development token, and it works only because the app's auth checks are disabled: anybody can sign in as anybody."
		}
	}
	return c
}

// unwrapSteps mends what stands around a token, by its kind.
func unwrapSteps(t *probe.Token, given bool, in string) []Step {
	steps := map[string]string{
		"quotes":        "pass the text itself: no JSON.stringify around a token, and localStorage.setItem('token', token)",
		"bearer":        "pass the token without the word before it: Stream wants the bare JWT in its Authorization header",
		"blank":         "trim the token: token.trim()",
		"newline":       "send it without a line break: res.json({ token }), and trim what was read from a file",
		"json":          "pass the field, not the answer: const { token } = await response.json()",
		"percent":       "decode it once: decodeURIComponent(token)",
		"cookie":        "pass the cookie's value, not name=value",
		"bytes-literal": "turn the bytes into text: token.decode('ascii') in Python",
	}
	var fix []Step
	for _, fl := range t.Flaws {
		text, known := steps[fl.Wrap]
		if fl.Kind != tokens.FlawWrapped {
			continue
		}
		if !known {
			text = "pass the token alone"
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

// lead is the first thing seen, to stand inside a sentence.
func lead(ev []Evidence) string { return ev[0].Label }

func unless(no bool, s string) string {
	if no {
		return ""
	}
	return s
}
