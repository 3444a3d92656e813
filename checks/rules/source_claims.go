package rules

import (
	"fmt"
	"slices"
	"strings"

	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/rules/parts"
)

// Rules of this file:
//   - a claim is judged by its own line, where it is written out; one that comes from elsewhere is not
//   - a payload that could not be read completely lacks nothing that is known of

// SourceRules judge the signing calls, by the check that would judge their tokens.
var SourceRules = map[finding.ID]func(*facts.Facts) []finding.Cause{
	"server-listens":   sourcePort,
	"endpoint-answers": func(f *facts.Facts) []finding.Cause { return append(sourceRoutes(f), sourceBody(f)...) },
	"endpoint-json":    sourceDocument,
	"token-formed":     sourceForm,
	"token-user":       sourceUser,
	"token-times":      sourceTimes,
}

// SourceBeside are those of them that also judge where the endpoint responded, or
// its token was seen: what the front end requests besides, and what explains a response without a token.
var SourceBeside = map[finding.ID]func(*facts.Facts) []finding.Cause{
	"endpoint-answers": SourceRules["endpoint-answers"],
	"endpoint-json":    sourceDocument,
	"token-formed":     func(f *facts.Facts) []finding.Cause { return sourcePassed(f, false) },
	"token-user":       sourceFrontUser,
}

// sourceForm finds what the source does to the token's form.
func sourceForm(f *facts.Facts) []finding.Cause {
	return append(append(sourceAlgorithm(f), sourceWrapped(f)...), sourcePassed(f, false)...)
}

// sourceDocument finds a response that the front end doesn't get the token out of.
func sourceDocument(f *facts.Facts) []finding.Cause {
	return append(sourceField(f), sourcePassed(f, true)...)
}

//go:noinline
func inSource(c facts.Place) *finding.Location { return finding.LocAt(c.File, c.Line) }

//go:noinline
func startOf(l *finding.Location) string {
	if l == nil {
		return ""
	}
	return fmt.Sprintf("In %s line %d, ", l.File, l.Line)
}

// sourceAlgorithm finds a signing call with an algorithm that Stream doesn't accept.
func sourceAlgorithm(f *facts.Facts) []finding.Cause {
	for _, s := range runningSites(f) {
		a := s.Algorithm
		if a == nil || a.Text == "" || a.Text == "HS256" || !plainAlgorithm(a.Text) {
			continue
		}
		at := inSource(a.Place)
		if at == nil || at.Line == 0 {
			at = inSource(s.Place)
		}
		return []finding.Cause{readInSource(finding.New(causes.TokenAlgorithm, finding.Proven,
			fmt.Sprintf("The signing call uses %s. Stream accepts HS256 only.", a.Text), at,
			[]finding.Evidence{{Label: "algorithm", Got: a.Text, Want: "HS256", Source: at.String()}},
			finding.Step{Text: startOf(at) + "change " + a.Text + " to HS256"}, parts.RestartStep(f)), s)}
	}
	return nil
}

func plainAlgorithm(s string) bool {
	return len(s) == 5 && strings.Trim(s[2:], "0123456789") == "" || s == "none" || s == "EdDSA"
}

// sourceUser finds a payload of a JWT library without user_id, and an id that is none.
func sourceUser(f *facts.Facts) []finding.Cause {
	return slices.Concat(sourceNoUser(f), sourceOddUser(f), sourceOtherName(f), sourceOtherUser(f), sourceChangedUser(f), sourceFrontUser(f))
}

func sourceNoUser(f *facts.Facts) []finding.Cause {
	for _, s := range runningSites(f) {
		if !takesPayload(s) || otherToken(s) || !s.Complete || len(s.Claims) == 0 || s.Language == "js" && keptOnServer(f, s) {
			continue
		}
		var id *facts.Claim
		has := false
		for i := range s.Claims {
			switch c := &s.Claims[i]; strings.ToLower(strings.ReplaceAll(c.Name, "_", "")) {
			case "userid":
				has = has || c.Name == "user_id"
				id = c
			case "id", "uid", "sub", "username", "user":
				if id == nil {
					id = c
				}
			}
		}
		if has {
			continue
		}
		at, edit := inSource(s.Place), "add user_id to the payload: { user_id: userId }"
		got := "no user_id"
		switch {
		case s.Language != "js" && id != nil:
			at, edit, got = inSource(id.Place), "rename the claim "+id.Name+" to user_id", id.Name
		case s.Language != "js":
			edit = "add the claim user_id to the payload"
		case id != nil:
			at, edit, got = inSource(id.Place), fmt.Sprintf("rename the claim %s to user_id: { user_id: %s }", id.Name, id.Text), id.Name
		}
		if at == nil || at.Line == 0 {
			at = inSource(s.Place)
		}
		return []finding.Cause{readInSource(finding.New(causes.UserIDMissing, finding.Proven,
			"The signing call has no user_id claim. Stream reads the user from user_id only.", at,
			[]finding.Evidence{{Label: "claim for the user", Got: got, Want: "user_id", Source: at.String()}},
			finding.Step{Text: startOf(at) + edit}, parts.RestartStep(f)), s)}
	}
	return nil
}

// otherToken tells a token that isn't a user's: a server's, or one for a feed.
func otherToken(s *facts.Site) bool {
	return slices.ContainsFunc(s.Claims, func(c facts.Claim) bool {
		return facts.OneOf([]string{"server", "resource", "action", "feed_id"}, c.Name)
	})
}

// takesPayload tells a call that gets the claims by their names.
func takesPayload(s *facts.Site) bool {
	callee := s.Callee
	switch name := facts.LastName(callee); {
	case s.Language != "js":
		return facts.OneOf([]string{"encode", "SignedString", "compact", "sign", "Encode", "WriteToken", "hash_hmac", "new", "digest", "New"}, name)
	case name == "generateUserToken", name == "generateCallToken":
		return true
	}
	return !strings.HasPrefix(callee, "createHmac") && strings.Contains(strings.ToLower(callee), "jwt")
}

// sourceTimes finds times in milliseconds, and durations where an epoch second belongs.
func sourceTimes(f *facts.Facts) []finding.Cause {
	var all []finding.Cause
	for _, s := range runningSites(f) {
		for i := range s.Claims {
			c := &s.Claims[i]
			at := inSource(c.Place)
			if at == nil || at.Line == 0 {
				continue
			}
			id, why, want, do := timeFault(f, s, c)
			if id == "" {
				continue
			}
			if id == causes.IATFuture && slices.ContainsFunc(s.Claims, func(o facts.Claim) bool { return o.Name == "exp" && o.When != nil && o.When.Per == 1 && o.Ahead() <= 0 }) {
				do = "swap the two times: exp comes before iat"
			}
			cause := finding.New(id, finding.Proven, why, at, []finding.Evidence{{Label: c.Name, Got: c.Text, Want: want, Source: at.String()}},
				finding.Step{Text: startOf(at) + do}, parts.RestartStep(f))
			if id == causes.EXPTooShort {
				cause = finding.Lesser(cause)
			}
			all = append(all, readInSource(cause, s))
		}
	}
	return all
}

// timeFault is what is wrong with one time as it is written, what it should be, and the edit; id is "" for nothing.
func timeFault(f *facts.Facts, s *facts.Site, c *facts.Claim) (id causes.ID, why, want, do string) {
	milliseconds := c.Unit == "milliseconds"
	n, by, w := c.Lasting(), c.Ahead(), c.When
	if w != nil && w.Per == 1 && w.Fraction && (c.Name == "iat" || c.Name == "exp" || c.Name == "nbf") {
		return causes.ClaimType, "Stream expects whole seconds, but " + c.Name + " has a fraction. It rejects the token with code 5 (\"cannot unmarshal …\").", "a whole number", "use Math.floor(Date.now() / 1000) for " + c.Name
	}
	if c.Unit == "duration" && strings.Contains(s.Callee, "SignJWT") { // jose counts a string from now on
		by, _ = c.Span()
		if by == 0 {
			return "", "", "", ""
		}
	}
	switch c.Name {
	case "iat":
		switch {
		case milliseconds:
			return causes.IATMilliseconds, "iat is set in milliseconds. Stream reads it as seconds, far in the future, and rejects the token.", "seconds", "use Math.floor(Date.now() / 1000) for iat"
		case by > 0:
			return causes.IATFuture, fmt.Sprintf("iat is %.0f seconds in the future. Stream rejects a token that was issued later than now.", by), "now, or earlier", "use Math.floor(Date.now() / 1000) for iat, or leave iat out"
		}
	case "exp":
		switch {
		case milliseconds:
			return causes.EXPMilliseconds, "exp is set in milliseconds. Stream reads it as seconds, so the token never expires.", "seconds", "use Math.floor(Date.now() / 1000) plus the lifetime in seconds for exp"
		case by < 0, w != nil && expiredAt(f, w):
			ago, do := "", "compute exp for each request: Math.floor(Date.now() / 1000) + 3600"
			if by < 0 {
				ago, do = fmt.Sprintf("%.0f seconds ", -by), "add the lifetime instead of subtracting it"
			}
			return causes.TokenExpired, "exp is " + ago + "in the past when the token is created, so Stream rejects it: \"token is expired (exp)\" (code 40).", "a time that is still to come", do
		case by > 0 && by < 60:
			return tooShort("exp is "+c.Text, by)
		case n > 0 && n < 1e9:
			return causes.EXPRelative, "exp is a duration. Stream reads it as a point in time in 1970, so the token has already expired.", "the time of expiry, in seconds since 1970", "use Math.floor(Date.now() / 1000) + " + c.Text + " for exp"
		}
	case "nbf":
		if by > 0 {
			return causes.NBFFuture, fmt.Sprintf("nbf is %.0f seconds in the future, so Stream doesn't accept the token yet (code 41).", by), "now, or earlier", "leave out nbf"
		}
	case "validity_in_seconds":
		if n > 0 && n < 60 {
			return causes.EXPTooShort, "validity_in_seconds is " + c.Text + ": the token expires after " + c.Text + " seconds.", "3600, or more", "set validity_in_seconds to the lifetime in seconds, such as 3600"
		}
	case "expiresIn":
		n, ok := c.Span()
		digits := strings.Trim(c.Text, "0123456789") == ""
		switch {
		case !ok || n >= 60:
		case c.Unit == "duration" && digits:
			return causes.EXPTooShort, fmt.Sprintf("expiresIn is the string '%s', which jsonwebtoken reads as milliseconds: the token expires after %g seconds.", c.Text, n), "a number of seconds, or a string with a unit", "write expiresIn: " + c.Text + " without quotes (seconds), or with a unit: '1h'"
		case n > 0:
			return tooShort("expiresIn is "+c.Text, n)
		default:
			return causes.TokenExpired, "expiresIn is " + c.Text + ", so the token has already expired when it's created, and Stream rejects it: \"token is expired (exp)\" (code 40).", "a time that is still to come", "set expiresIn to the token's lifetime, such as '1h'"
		}
	case "notBefore":
		if n, ok := c.Span(); ok && n >= 1 {
			return causes.NBFFuture, fmt.Sprintf("notBefore is %s, so Stream doesn't accept the token for %g seconds (code 41).", c.Text, n), "now, or earlier", "leave out notBefore"
		}
	}
	return "", "", "", ""
}

// tooShort is what is said of a life of less than a minute.
func tooShort(what string, seconds float64) (id causes.ID, why, want, do string) {
	return causes.EXPTooShort, fmt.Sprintf("%s: the token expires after %g seconds.", what, seconds), "an hour, or more", "give the token a longer life, such as an hour"
}

// expiredAt reports whether a time is over when the token that has it is created.
func expiredAt(f *facts.Facts, w *facts.When) bool {
	switch {
	case w.Open:
		return false
	case w.Per == 1:
		return w.Plus <= 0
	}
	return w.Per == 0 && w.Plus >= 1e9 && w.Plus < float64(f.At.Unix())
}
