package rules

import (
	"fmt"
	"slices"
	"sort"
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

// TokenFormed finds what is wrong with the token's format.
func TokenFormed(f *facts.Facts) finding.Result {
	t := facts.TokenInUse(f)
	if t == nil {
		return signature.NoToken(f)
	}
	evidence, details := map[causes.ID][]finding.Evidence{}, map[causes.ID]string{}
	var ids []causes.ID
	add := func(id causes.ID, detail string, e finding.Evidence) {
		if len(evidence[id]) == 0 {
			ids = append(ids, id)
			details[id] = detail
		}
		e.Source = signature.TokenSource(t)
		evidence[id] = append(evidence[id], e)
	}
	for _, fl := range t.Flaws {
		if id := parts.ShapeOf(fl.Kind); id != "" && !(id == causes.TokenServer && vanished(t)) {
			add(id, fl.Detail, finding.Evidence{Label: fl.Part(), Got: fl.Got, Want: fl.Want})
		}
	}
	if s := t.Signer; s != nil && s.Truncated && len(evidence[causes.TokenTruncated]) == 0 {
		add(causes.TokenTruncated, "the signature is truncated: its start matches one of your secrets", finding.Evidence{Label: "signature", Got: fmt.Sprintf("%d bytes", t.SigLen), Want: "32 bytes"})
	}
	if s := t.Signer; s != nil && s.Encoding != "" && len(evidence[causes.TokenEncoding]) == 0 {
		add(causes.TokenEncoding, "the signature verifies only when read as "+s.Encoding, finding.Evidence{Label: "signature", Got: s.Encoding, Want: "base64url without padding"})
	}
	if facts.HasFlaw(t, tokens.FlawHeader) && facts.HasFlaw(t, tokens.FlawPayload) {
		// Neither part is JSON: three words with dots between, so their encoding doesn't matter.
		ids = affix.Without(ids, func(x causes.ID) bool { return x == causes.TokenEncoding || x == causes.TokenTruncated })
		delete(evidence, causes.TokenEncoding)
		delete(evidence, causes.TokenTruncated)
	}
	for id := range evidence {
		ids = affix.Without(ids, func(x causes.ID) bool { return slices.Contains(covers[id], x) })
	}
	var all []finding.Cause
	for _, id := range ids {
		all = append(all, shapeCause(f, t, id, details[id], evidence[id]))
	}
	if len(all) == 0 {
		return finding.Passed(fmt.Sprintf("three segments, %s", facts.First(headerAlg(t), "HS256")), finding.Evidence{Label: "token", Got: t.Shown, Source: signature.TokenSource(t)})
	}
	if all[0].ID == causes.TokenDev && all[0].Severity == causes.Warning {
		return finding.Result{Status: finding.Warn, Summary: all[0].Summary, Evidence: all[0].Evidence} // auth-checks-disabled says it
	}
	if t.Source == "backend" && f.Project != nil && (f.Project.Strips || f.Project.Unquotes) && !affix.Any(all, func(c finding.Cause) bool { return c.ID != causes.TokenWrapped }) {
		return finding.Unsure("there is more than the token in the response ("+details[causes.TokenWrapped]+"), and the front end cuts or parses its token: give the token that the browser uses with --token", all[0].Evidence...)
	}
	sort.SliceStable(all, func(i, j int) bool { return weightOf(all[i]) < weightOf(all[j]) })
	return finding.Found(details[all[0].ID], all[0].Evidence, all...)
}

// vanished tells a token for a user whose id was lost (one was sent to the
// backend, and only times are left of the payload) from one that was meant for a server.
func vanished(t *facts.Token) bool {
	for _, name := range []string{"server", "resource", "action", "user_id"} {
		if _, ok := t.Claims[name]; ok {
			return false
		}
	}
	return t.Source != "given" && len(t.Claims) > 0 && facts.HasFlaw(t, tokens.FlawServer)
}

func weightOf(c finding.Cause) int {
	if c.Severity == causes.Error {
		return 0
	}
	return 1
}

func headerAlg(t *facts.Token) string { s, _ := t.Header["alg"].(string); return s }

// shapeCause is one finding about the token's format.
func shapeCause(f *facts.Facts, t *facts.Token, id causes.ID, detail string, ev []finding.Evidence) finding.Cause {
	given := t.Source == "given"
	loc, certainty := formAt(f, id), finding.Proven
	if given {
		loc = nil
	}
	in := parts.InLine(loc)
	var why, title string
	var fix []finding.Step
	switch id {
	case causes.TokenDev:
		return parts.DevCause(f, ev)
	case causes.TokenForeign:
		if len(ev) > 0 && affix.HasPrefix(ev[0].Got, "a") {
			title = "The token is " + ev[0].Got + ", not Stream's"
		}
		why = parts.Sentence(detail) + ". Stream accepts only tokens signed with your app's secret."
		fix = []finding.Step{
			parts.StepIn(loc, "generate a second token for Stream, serverClient.createToken(userId), and keep that one for your own API"),
			{Text: "In the front end, pass Stream's token to connectUser; if the response contains two tokens, check which field you use"}}
	case causes.TokenServer:
		why = "This is a server token: it has no user, and with the right signature it can do anything in your app. Client SDKs reject it (\"userToken does not have a user_id\")."
		fix = []finding.Step{
			parts.StepIn(loc, "generate a token for one user: serverClient.createToken(userId)"),
			{Text: "If a server token has reached a browser, rotate the secret in the dashboard"}}
	case causes.TokenAlgorithm:
		if a := headerAlg(t); a == "HS384" || a == "HS512" {
			certainty = finding.Likely // no public report says whether Stream accepts them
		}
		if a := headerAlg(t); strings.EqualFold(a, "none") {
			title = "The token isn't signed (its alg is none)"
		} else if a != "" {
			title = "The token is signed with " + a + ", not HS256"
		}
		why = parts.Sentence(detail) + ". All Stream SDKs sign with HS256 and the API secret."
		fix = []finding.Step{parts.StepIn(loc, "sign with { algorithm: 'HS256' }")}
	case causes.TokenWrapped:
		if title = parts.Sentence(detail); affix.Contains(detail, " JSON ") {
			title = "The token is still wrapped in JSON"
		}
		why = parts.Sentence(detail) + ". Stream can't decode it like that; the token itself is complete."
		fix = unwrapSteps(t, given, in)
	case causes.TokenTruncated:
		title = ofTheToken(detail)
		why = parts.Sentence(detail) + ". Stream can't verify an incomplete token."
		fix = []finding.Step{parts.StepIn(loc, "pass on the complete token: look for slice(), substring() or split(), or a database column that's too short")}
		if given {
			fix = append(fix, finding.Step{Text: "Copy the complete token, for example from the badsig console"})
		}
	case causes.TokenEncoding:
		title = ofTheToken(detail)
		why = parts.Sentence(detail) + ". A token's three segments must be base64url without padding."
		fix = []finding.Step{
			parts.StepIn(loc, "let a library create the token: jwt.sign({ user_id }, secret, { algorithm: 'HS256' }) or serverClient.createToken(userId)"),
			{Text: "Or by hand in Node: .toString('base64url') for header and payload, .digest('base64url') for the signature"}}
	default:
		why = parts.Sentence(detail) + ". Stream can't read it as a token."
		fix = []finding.Step{parts.StepIn(loc, "respond with the token itself: res.json({ token })"), {Text: "Compare what the endpoint returns with what connectUser receives"}}
	}
	if !given {
		fix = append(fix, parts.RestartStep(f))
	}
	c := finding.New(id, certainty, why, loc, ev, fix...)
	return c.Titled(facts.First(title, c.Title))
}

// ofTheToken is a title that names the token's part: "The token's signature is
// truncated"; "" for a detail about the token.
func ofTheToken(detail string) string {
	detail, _, _ = affix.Cut(detail, ":")
	detail, _, _ = affix.Cut(detail, " (")
	part, found := affix.CutPrefix(detail, "the ")
	if !found || affix.HasPrefix(part, "token ") || len(part) > 46 {
		return ""
	}
	return "The token's " + part
}

// formAt is the line that gives the token its form.
func formAt(f *facts.Facts, id causes.ID) *finding.Location {
	switch id {
	case causes.TokenAlgorithm:
		return parts.AlgorithmAt(f)
	case causes.TokenWrapped:
		return parts.WrapAt(f, "prefix", "suffix", "json", "encode", "replace")
	case causes.TokenTruncated:
		return parts.WrapAt(f, "slice")
	case causes.TokenEncoding:
		return parts.WrapOr(f, parts.SignAt(f), "encode", "replace")
	case causes.TokenServer:
		return parts.TimeAt(f, "server")
	}
	return parts.WrapAt(f, "slice", "encode", "replace")
}

// unwrapSteps says how to remove what is around a token, by its kind.
func unwrapSteps(t *facts.Token, given bool, in string) []finding.Step {
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
	var fix []finding.Step
	for _, fl := range t.Flaws {
		text, known := steps[fl.Wrap]
		if fl.Kind != tokens.FlawWrapped {
			continue
		}
		if !known {
			text = "pass only the token"
		}
		if s := (finding.Step{Text: parts.Sentence(in + text)}); !affix.Any(fix, func(o finding.Step) bool { return o.Text == s.Text }) {
			fix = append(fix, s)
		}
	}
	if given {
		fix = append(fix, parts.ClearStep)
	}
	return fix
}
