package checks

import (
	"fmt"
	"strings"

	"badsig/checks/causes"
	"badsig/checks/probe"
	"badsig/tokens"
)

// Rules of this file:
//   - the token in use must be the asked user's; where nobody named the user, a given one's is likely, not proven, another's
//   - an endpoint that takes the user from a session answers for that user, not for the asked one
//   - an id that the server made fit Stream's alphabet, and says so in its answer, is no fault of the token

// ruleTokenUser finds user-id-missing, -type, -placeholder, -mismatch and -characters.
func ruleTokenUser(f *probe.Facts) Result {
	t := tokenInUse(f)
	switch {
	case t == nil:
		return noToken(f)
	case t.Claims == nil:
		return unsure("the token's claims cannot be read")
	case hasFlaw(t, tokens.FlawForeign), hasFlaw(t, tokens.FlawServer) && !vanished(t):
		return unsure("this is no user token of Stream's, so it has no user to compare")
	}
	if c := signsTheName(f, t); c != nil {
		return found(c.Evidence[0].Label, c.Evidence, *c)
	}
	var all []Cause
	for _, fl := range t.Flaws {
		ev := []Evidence{{Label: fl.Detail, Got: fl.Got, Want: fl.Want, Source: tokenSource(t)}}
		switch fl.Kind {
		case tokens.FlawServer:
			ev[0].Label, ev[0].Want = "there is no user_id", "user_id"
			all = append(all, userCause(f, t, causes.UserIDMissing, "The token names no user: the id was undefined when it was signed, and undefined vanishes from JSON. Client SDKs refuse it; well signed, it has a server's rights.",
				"look at which name the id is read from, and refuse a request without one", ev))
		case tokens.FlawUserMissing:
			name := "sign { user_id: userId }"
			if fl.Got != "" && strings.Contains(fl.Detail, "seems to stand in") {
				name = fmt.Sprintf("rename the claim %s to user_id", fl.Got)
			}
			all = append(all, userCause(f, t, causes.UserIDMissing, "Stream reads the user from the claim user_id alone, and "+fl.Detail+". Client SDKs refuse the token before Stream is asked.", name, ev))
		case tokens.FlawUserType:
			all = append(all, userCause(f, t, causes.UserIDType, "user_id must be a JSON string; Stream cannot decode this one and answers with code 5 (\"cannot unmarshal …\").", "sign { user_id: String(userId) }", ev))
		case tokens.FlawUserText:
			all = append(all, userCause(f, t, causes.UserIDPlaceholder, "The token is for a user called "+fl.Got+": the id was missing when the token was made, and its place was filled with that text.",
				"refuse a request without an id: if (!userId) return res.status(400).json({ error: 'userId is required' })", ev))
		case tokens.FlawUserChars:
			all = append(all, userCause(f, t, causes.UserIDCharacters, "Stream's documentation allows a-z, 0-9, @, _ and - in ids; many others work today, some client SDKs compare them wrongly.",
				"use ids of these characters, the same in token and connectUser", ev))
		}
	}
	id, isText := t.Claims["user_id"].(string)
	if c := mismatch(f, t, id); isText && !hasFlaw(t, tokens.FlawUserText, tokens.FlawUserMissing) && c != nil {
		all = append([]Cause{*c}, all...)
	}
	if len(all) == 0 {
		return passed("it carries "+id, Evidence{Label: "user_id", Got: id, Source: tokenSource(t)})
	}
	return found(all[0].Evidence[0].Label, all[0].Evidence, all...)
}

// signsTheName finds a handler that signs another field than the id: what the
// front end sends gives a token for nobody, and with the user's name beside the
// id the token is for that name.
func signsTheName(f *probe.Facts, t *probe.Token) *Cause {
	id, name := f.Target.UserID, f.Target.UserName
	if t.Source == "given" || f.Backend == nil || name == "" || name == id || !hasFlaw(t, tokens.FlawServer, tokens.FlawUserMissing, tokens.FlawUserText) {
		return nil
	}
	v := variantWithToken(f, "superset", "query")
	if v == nil || userIDText(answerToken(f, v)) != name {
		return nil
	}
	return new(userCause(f, t, causes.UserIDMismatch,
		fmt.Sprintf("The endpoint signs the user's name where the id belongs: with a name beside the id its token is for %q, and with what the front end sends (%s) it is for nobody.", name, strings.Join(sentNames(f), ", ")),
		"sign the id that the request carries, not the name", []Evidence{
			{Label: "user_id in the token, with the user's name in the request", Got: name, Want: id, Source: request(v)},
			{Label: "user_id in the token, as the front end asks", Got: userIDText(t), Want: id, Source: tokenSource(t)}}))
}

func userCause(f *probe.Facts, t *probe.Token, id causes.ID, why, fix string, ev []Evidence) Cause {
	return cause(id, Proven, why, mintsAt(f), ev, Step{Text: fix + codeAt(f)}, restartStep(f))
}

// mismatch compares the token's user with the one asked for; nil where they
// agree or cannot be compared.
func mismatch(f *probe.Facts, t *probe.Token, id string) *Cause {
	want := f.Target.UserID
	if id == want || want == "" {
		return nil
	}
	asked := want != probe.DefaultUserID // somebody said so
	if t.Source != "given" && fromSession(f) && !asked {
		return nil
	}
	ev := []Evidence{{Label: "user_id in the token", Got: id, Want: want, Source: tokenSource(t)}}
	why := fmt.Sprintf("The token is for %q, and the browser connects as %q: the SDK refuses it (\"userToken does not have a user_id or is not matching with user.id\").", id, want)
	if strings.EqualFold(id, want) {
		why += " They differ in capital letters only."
	}
	c := cause(causes.UserIDMismatch, Proven, why, mintsAt(f), ev,
		Step{Text: "sign the id that the request carries" + unless(t.Source == "given", codeAt(f))},
		Step{Text: "or connect as the id that the endpoint answers with: connectUser({ id: userId }, token)"})
	if t.Source == "given" && !asked {
		// Nobody said who connects: badsig's own default is a poor witness.
		c.Certainty, c.Location = Likely, nil
		c.Summary = fmt.Sprintf("The given token is for %q, and %q is who was asked for, because no --user-id says otherwise. The SDK refuses a token that is not the connecting user's (\"userToken does not have a user_id or is not matching with user.id\").", id, want)
		c.Fix = []Step{{Text: fmt.Sprintf("if %s is who connects, say so, and it is compared", id), Command: "badsig check --user-id " + probe.ShellWord(id) + " --token -"},
			{Text: "else take id and token from the same answer, and keep none of another user's"}}
	} else if t.Source == "given" {
		c.Location = nil
		c.Fix = []Step{{Text: "take id and token from the same answer, and connect only when both are there"}, {Text: "fetch a new token when the user changes, and keep none of the old one's"}}
	}
	if a := mainAnswer(f); t.Source != "given" && a != nil && a.UserID == id && fits(id) && squeeze(id) == squeeze(want) {
		c = lesser(c)
		c.Summary = fmt.Sprintf("The backend made %q fit Stream's alphabet and signed %q; it says so in its answer. The browser has to connect as that.", want, id)
	}
	return &c
}

// fromSession tells whether the endpoint takes the user from who is logged in.
func fromSession(f *probe.Facts) bool {
	if f.Target.Headers {
		return true
	}
	fetch := frontFetch(f)
	if fetch == nil || !(fetch.Auth || fetch.Credentials) {
		return false
	}
	for _, n := range fetch.Body {
		switch strings.ToLower(strings.ReplaceAll(n[strings.LastIndexByte(n, '.')+1:], "_", "")) {
		case "userid", "id", "uid", "user", "username":
			return false
		}
	}
	return true
}

// fits tells whether an id keeps to the documented alphabet.
func fits(id string) bool {
	return strings.IndexFunc(id, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '@' || r == '_' || r == '-')
	}) < 0
}

// squeeze keeps what every way of making an id fit leaves: small letters and digits.
func squeeze(id string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(id))
}
