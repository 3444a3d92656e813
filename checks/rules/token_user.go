package rules

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/probe/names"
	"badsig/checks/rules/parts"
	"badsig/checks/rules/signature"
	"badsig/tokens"
)

// Rules of this file:
//   - the token in use must be the requested user's; where the user wasn't named, a passed one's is likely, not proven, another's
//   - an endpoint that reads the user from a session responds for that user, not for the requested one
//   - an id that the server made fit Stream's alphabet, and says so in its response, isn't a fault of the token

// TokenUser finds user-id-missing, -type, -placeholder, -mismatch and -characters.
func TokenUser(f *facts.Facts) finding.Result {
	t := facts.TokenInUse(f)
	switch {
	case t == nil:
		return signature.NoToken(f)
	case t.Claims == nil:
		return finding.Unsure("the token's claims can't be read")
	case facts.HasFlaw(t, tokens.FlawForeign), facts.HasFlaw(t, tokens.FlawServer) && !vanished(t):
		return finding.Unsure("this isn't a Stream user token, so there is no user to compare")
	}
	if c := signsTheName(f, t); c != nil {
		return finding.Found(c.Evidence[0].Line(), c.Evidence, *c)
	}
	var all []finding.Cause
	for _, fl := range t.Flaws {
		ev := []finding.Evidence{{Label: fl.Part(), Got: fl.Got, Want: fl.Want, Source: signature.TokenSource(t)}}
		switch fl.Kind {
		case tokens.FlawServer:
			ev[0].Want = "user_id"
			if c := idVanished(f, t, ev); c != nil {
				all = append(all, *c)
				continue
			}
			all = append(all, userCause(f, t, causes.UserIDMissing, "The token has no user: the ID was undefined when it was signed, and undefined disappears from JSON. Client SDKs reject it; with the right signature, it has server permissions.",
				"check which field the ID is read from, and reject requests without one", ev))
		case tokens.FlawUserMissing:
			if c := idVanished(f, t, ev); c != nil && fl.Like == "" {
				all = append(all, *c)
				continue
			}
			name := "sign { user_id: userId }"
			if fl.Like != "" {
				name = fmt.Sprintf("rename the claim %s to user_id", fl.Like)
			}
			c := userCause(f, t, causes.UserIDMissing, "Stream reads the user only from the claim user_id, but "+fl.Detail+". Client SDKs reject the token before they contact Stream.", name, ev)
			if fl.Like != "" && len(fl.Like) < 20 {
				c = c.Titled("The user ID is in the claim " + fl.Like + ", not in user_id")
			}
			all = append(all, c)
		case tokens.FlawUserType:
			all = append(all, userCause(f, t, causes.UserIDType, "user_id must be a JSON string. Stream can't decode this one and returns code 5 (\"cannot unmarshal …\").", "sign { user_id: String(userId) }", ev).Titled("user_id is "+fl.Got+", not a string"))
		case tokens.FlawUserText:
			all = append(all, userCause(f, t, causes.UserIDPlaceholder, "The token is for a user called "+fl.Got+": the ID was missing when the token was created, and turned into that word.",
				"reject requests without an ID: if (!userId) return res.status(400).json({ error: 'userId is required' })", ev).Titled("user_id is the string "+strings.Trim(fl.Got, "\"")))
		case tokens.FlawUserChars:
			all = append(all, userCause(f, t, causes.UserIDCharacters, "Stream's documentation allows a-z, 0-9, @, _ and - in user IDs. Many others work, but some client SDKs compare them incorrectly.",
				"use only these characters, and the same ID in the token and in connectUser", ev))
		}
	}
	id, isText := t.Claims["user_id"].(string)
	if c := mismatch(f, t, id); isText && !facts.HasFlaw(t, tokens.FlawUserText, tokens.FlawUserMissing) && c != nil {
		all = append([]finding.Cause{*c}, all...)
	}
	if len(all) == 0 {
		return finding.Passed("the token is for "+id, finding.Evidence{Label: "user_id", Got: id, Source: signature.TokenSource(t)})
	}
	return finding.Found(all[0].Evidence[0].Line(), all[0].Evidence, all...)
}

// signsTheName finds a handler that signs another field than the id: what the
// front end sends gives a token for no one, and with the user's name beside the
// id the token is for that name.
func signsTheName(f *facts.Facts, t *facts.Token) *finding.Cause {
	id, name := f.Target.UserID, f.Target.UserName
	if t.Source == "given" || f.Backend == nil || name == "" || name == id || !facts.HasFlaw(t, tokens.FlawServer, tokens.FlawUserMissing, tokens.FlawUserText) {
		return nil
	}
	v := facts.VariantWithToken(f, "superset", "query")
	if v == nil || userIDText(facts.AnswerToken(f, v)) != name {
		return nil
	}
	return new(userCause(f, t, causes.UserIDMismatch,
		fmt.Sprintf("The endpoint signs the user's name instead of the ID: if the request also contains a name, the token is for %q, and with what the front end sends (%s) it has no user.", name, strings.Join(sentNames(f), ", ")),
		"sign the ID from the request, not the name", []finding.Evidence{
			{Label: "user_id in the token, with the user's name in the request", Got: name, Want: id, Source: request(v)},
			{Label: "user_id in the token, with the front end's request", Got: userIDText(t), Want: id, Source: signature.TokenSource(t)}}))
}

func userCause(f *facts.Facts, t *facts.Token, id causes.ID, why, fix string, ev []finding.Evidence) finding.Cause {
	loc := userAt(f)
	return finding.New(id, finding.Proven, why, loc, ev, finding.Step{Text: parts.Sentence(parts.InLine(loc) + fix)}, parts.RestartStep(f))
}

// mismatch compares the token's user with the one requested; nil where they
// agree or cannot be compared.
func mismatch(f *facts.Facts, t *facts.Token, id string) *finding.Cause {
	want := f.Target.UserID
	if id == want || want == "" {
		return nil
	}
	named := f.Request().User == facts.IsGiven
	if t.Source == "given" {
		if !named {
			return nil // who connects was not said, and test123 is badsig's own
		}
		return givenMismatch(f, t, id)
	}
	if !named && (fromSession(f) || f.Project.ConnectsAs(id) || givenIn(f, id)) {
		return nil
	}
	a := facts.MainAnswer(f)
	if a != nil && a.UserID == id && !(fits(id) && squeeze(id) == squeeze(want)) && !named {
		return nil // the response says whose token it is: the front end may connect as that user
	}
	if a != nil && !named && connectsAsAnswered(f, a, id) {
		return nil
	}
	if !named && f.Project != nil && !f.Project.ConnectsAs(id) && connectsAsOnly(f) != "" {
		if cs := sourceOtherUser(f); len(cs) > 0 { // both sides have their user in the source: what badsig sent doesn't matter
			return &cs[0]
		}
	}
	ev := []finding.Evidence{{Label: "user_id in the token", Got: id, Want: want, Source: signature.TokenSource(t)}}
	why := fmt.Sprintf("badsig sent the ID %q, and the token is for %q. connectUser fails when the two differ (\"userToken does not have a user_id or is not matching with user.id\").", want, id)
	if strings.EqualFold(id, want) {
		why += " They differ only in upper and lower case."
	}
	c := finding.New(causes.UserIDMismatch, finding.Proven, why, changedAt(f), ev, userStep(f, id)...).Titled("The token is for " + id + ", not for " + want)
	if fromSession(f) {
		c.Fix = []finding.Step{{Text: "connect as the user of the session, with the ID that the endpoint signs: connectUser({ id: " + jsQuote(id) + " }, token)"},
			{Text: "or sign in as " + want + " and give that session", Command: Again(f, "header", sessionFlag(f))}}
	}
	if a != nil && a.UserID == id && fits(id) && squeeze(id) == squeeze(want) {
		c = finding.Lesser(c)
		c.Summary = fmt.Sprintf("The backend changed %q to fit Stream's alphabet, signed %q and says so in its response. The browser has to connect as that.", want, id)
	}
	return &c
}

// givenIn reports a request that was given with a user of its own: a body in
// which badsig didn't find the ID, or a URL that has the token's ID in it.
func givenIn(f *facts.Facts, id string) bool {
	return f.Target.Data || f.Target.URLSource == "flag" && slices.Contains(strings.FieldsFunc(f.Target.URL, func(r rune) bool { return strings.ContainsRune("/?&=", r) }), url.PathEscape(id))
}

// userAt is the line where the token's user is decided.
func userAt(f *facts.Facts) *finding.Location {
	if s := f.Site(); s != nil {
		if handedOver(f, s) {
			return finding.LocAt(s.User.File, s.User.Line)
		}
		if at := userClaimAt(s); at != nil {
			return at
		}
	}
	return parts.SignAt(f)
}

// userClaimAt is the line of the payload's field for the user; nil for none.
func userClaimAt(s *facts.Site) *finding.Location {
	for _, named := range []func(string) bool{func(n string) bool { return n == "user_id" }, isUserClaim} {
		for _, c := range s.Claims {
			if named(c.Name) && c.File != "" {
				return finding.LocAt(c.File, c.Line)
			}
		}
	}
	return nil
}

// signsUserAt is that line, else the signing call's.
func signsUserAt(s *facts.Site) *finding.Location {
	return cmp.Or(userClaimAt(s), inSource(s.Place))
}

// changedAt is the line that makes another ID of the one that was sent.
func changedAt(f *facts.Facts) *finding.Location {
	if s := f.Site(); s != nil && s.User.Known.Sure() && s.User.Changed.Line > 0 {
		return finding.LocAt(s.User.Changed.File, s.User.Changed.Line)
	}
	return userAt(f)
}

// isUserClaim reports a name that payloads have for the user in user_id's place.
func isUserClaim(name string) bool { return name == "sub" || names.IsUserName(name) }

// userStep says what to change so that the token is for the user who connects.
func userStep(f *facts.Facts, id string) []finding.Step {
	in := ""
	if l := changedAt(f); l != nil {
		in = fmt.Sprintf("In %s line %d, ", l.File, l.Line)
	}
	first := finding.Step{Text: parts.Sentence(in + "pass the ID from the request to the signing call, unchanged")}
	if n := f.SignsName(sentNames(f)); n != "" {
		first.Text = parts.Sentence(in + "pass " + facts.LastName(n) + " to the signing call, not the name")
	} else if s := f.Site(); s != nil && s.User.Name != "" && s.User.From != "constant" && s.User.From != "session" && s.User.From != "" {
		first.Text = parts.Sentence(in + "pass " + s.User.Name + " to the signing call, unchanged")
	}
	return []finding.Step{first, {Text: "Or connect as the ID that the endpoint signs: connectUser({ id: " + jsQuote(id) + " }, token)"}, parts.RestartStep(f)}
}

func jsQuote(s string) string { return "'" + affix.ReplaceAll(s, "'", `\'`) + "'" }

// givenMismatch compares a given token's user with the one that --user-id names.
func givenMismatch(f *facts.Facts, t *facts.Token, id string) *finding.Cause {
	want := f.Target.UserID
	why := fmt.Sprintf("The token is for %q, and the browser connects as %q. connectUser fails when the two differ (\"userToken does not have a user_id or is not matching with user.id\").", id, want)
	if strings.EqualFold(id, want) {
		why += " They differ only in upper and lower case."
	}
	c := finding.New(causes.UserIDMismatch, finding.Proven, why, nil,
		[]finding.Evidence{{Label: "user_id in the token", Got: id, Want: want, Source: signature.TokenSource(t)}},
		finding.Step{Text: "Take ID and token from the same response, and connect only when both are there"},
		finding.Step{Text: "Get a new token when the user changes, and keep none of the previous user's"}).Titled("The token is for " + id + ", not for " + want)
	return &c
}

// fromSession reports whether the endpoint knows the user from who is signed
// in: then it signs that user, no matter which ID badsig sends.
func fromSession(f *facts.Facts) bool {
	if s := f.Site(); s != nil && s.User.Known.Sure() {
		switch s.User.From {
		case "session":
			return true
		case "body", "query", "path", "constant":
			return false
		}
	}
	if f.Target.Headers {
		return true
	}
	if e := f.Entry(); e != nil && e.Session != "" {
		return true
	}
	return !idIsSent(f)
}

// idIsSent reports whether the front end sends an ID at all, as far as its source says.
func idIsSent(f *facts.Facts) bool {
	fetch := f.Fetch()
	if fetch == nil {
		// Nothing was found that requests: the handler gets what the documentation states, or what its own source reads.
		e := f.Entry()
		return e == nil || len(e.Fields)+len(e.Params) > 0
	}
	if fetch.BodyOpen && len(fetch.Body) == 0 {
		return true
	}
	return facts.NamesUser(fetch)
}

// idIsRead reports whether the handler gets the ID that is sent, or signs a constant no matter who sends the request. One that nothing tells
// who sends the request has one user, who may be the one that connects.
func idIsRead(f *facts.Facts) bool {
	if s := f.Site(); s != nil && s.User.From != "" && s.User.Known.Sure() {
		if s.User.From == "constant" {
			e := f.Entry()
			return idIsSent(f) || e != nil && (e.Session != "" || len(e.Guards) > 0)
		}
		return s.User.From == "body" || s.User.From == "query" || s.User.From == "path"
	}
	return idIsSent(f)
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
