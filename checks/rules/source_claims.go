package rules

import (
	"fmt"
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/rules/down"
	"badsig/checks/rules/parts"
	"badsig/checks/rules/payload"
	"badsig/checks/rules/reach"
	"badsig/checks/rules/slips"
)

// Rules of this file:
//   - a claim is judged by its own line, where it is written out; one that comes from elsewhere is not
//   - a payload that could not be read completely lacks nothing that is known of

// SourceRules judge the signing calls, by the check that would judge their tokens.
var SourceRules = map[finding.ID]func(*facts.Facts) []finding.Cause{
	"server-listens":   down.SourcePort,
	"endpoint-answers": sourceRequests,
	"endpoint-json":    sourceDocument,
	"endpoint-cors":    reach.CORS,
	"token-formed":     sourceForm,
	"token-user":       sourceUser,
	"token-times":      sourceTimes,
}

// SourceBeside are those of them that also judge where the endpoint responded, or
// its token was seen: what the front end requests besides, and what explains a response without a token.
var SourceBeside = map[finding.ID]func(*facts.Facts) []finding.Cause{
	"server-listens":   down.PortBeside,
	"endpoint-answers": func(f *facts.Facts) []finding.Cause { return each(f, sourceRoutes, sourceBody, reach.Guards) },
	"endpoint-json":    sourceDocument,
	"token-formed":     func(f *facts.Facts) []finding.Cause { return sourcePassed(f, false) },
	"token-user":       func(f *facts.Facts) []finding.Cause { return each(f, sourceFrontUser, sourceToldUser) },
}

// each is what several rules find. It isn't compiled into its callers, as the rules' lists would be.
//
//go:noinline
func each(f *facts.Facts, rules ...func(*facts.Facts) []finding.Cause) (out []finding.Cause) {
	for _, rule := range rules {
		out = append(out, rule(f)...)
	}
	return out
}

// sourceRequests finds requests that the server's source doesn't serve.
func sourceRequests(f *facts.Facts) []finding.Cause {
	return each(f, slips.Endpoint, sourceRoutes, reach.OwnOrigin, sourceBody, reach.Guards, slips.Requests)
}

// sourceForm finds what the source does to the token's form.
func sourceForm(f *facts.Facts) []finding.Cause {
	return slices.Concat(sourceAlgorithm(f), sourceEncoding(f), sourceWrapped(f), sourcePassed(f, false))
}

// sourceEncoding finds a token made by hand whose segments aren't in base64url.
func sourceEncoding(f *facts.Facts) []finding.Cause {
	for _, s := range runningSites(f) {
		fault, got, place := payload.Encoding(s)
		if at := inSource(place); fault.ID != "" && !f.Project.Strips {
			return []finding.Cause{readInSource(finding.New(fault.ID, finding.Proven, fault.Why, at,
				[]finding.Evidence{{Label: "encoding", Got: got, Want: fault.Want, Source: at.String()}}, finding.Step{Text: startOf(at) + fault.Do}, parts.RestartStep(f)), s)}
		}
	}
	return nil
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
	return each(f, slips.User, sourceServerToken, sourceNoUser, sourceOddUser, sourceOtherName, sourceOtherUser, sourceChangedUser, sourceFrontUser, sourceToldUser, sourceSession)
}

func sourceNoUser(f *facts.Facts) []finding.Cause {
	for _, s := range runningSites(f) {
		if !takesPayload(s) && !handedOut(f, s) || otherToken(s) || !s.Complete || len(s.Claims) == 0 || s.Language == "js" && keptOnServer(f, s) {
			continue
		}
		var id *facts.Claim
		has := false
		for i := range s.Claims {
			switch c := &s.Claims[i]; strings.ToLower(affix.ReplaceAll(c.Name, "_", "")) {
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

// sourceServerToken finds a server's token that a handler hands out where a page requests the user's.
func sourceServerToken(f *facts.Facts) []finding.Cause {
	for _, s := range runningSites(f) {
		fault, claim := payload.Server(f, s)
		if fault.ID == "" || !affix.Any(entriesOf(f, s), func(e *facts.Entry) bool { return len(e.Gives) > 0 && pageRequests(f, e) }) {
			continue
		}
		at := inSource(claim)
		return []finding.Cause{readInSource(finding.New(fault.ID, finding.Proven, fault.Why, at,
			[]finding.Evidence{{Label: "claim", Got: "server: true", Want: fault.Want, Source: at.String()}},
			finding.Step{Text: startOf(at) + fault.Do}, parts.RestartStep(f)), s)}
	}
	return nil
}

// pageRequests reports an entry that a front end was read to request.
func pageRequests(f *facts.Facts, e *facts.Entry) bool {
	return affix.Any(f.Project.Fetches, func(x facts.Fetch) bool {
		return x.Known.Sure() && (facts.PathFits(e.Path, facts.PathOf(x.URL)) || x.Action == e.Place && x.Action.Line > 0)
	})
}

// otherToken tells a token that isn't a user's: a server's, or one for a feed.
func otherToken(s *facts.Site) bool {
	return affix.Any(s.Claims, func(c facts.Claim) bool {
		return facts.OneOf([]string{"server", "resource", "action", "feed_id"}, c.Name)
	})
}

// handedOut reports a token that is made by hand, with its header, and that a handler hands out.
func handedOut(f *facts.Facts, s *facts.Site) bool {
	return (s.Callee == "createHmac" || s.Callee == "crypto.subtle.sign") && s.Algorithm != nil && affix.Any(entriesOf(f, s), func(e *facts.Entry) bool { return len(e.Gives) > 0 && pageRequests(f, e) })
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
	return !affix.HasPrefix(callee, "createHmac") && affix.Contains(strings.ToLower(callee), "jwt")
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
			fault := payload.Time(f, s, c)
			if fault.ID == "" {
				continue
			}
			if fault.ID == causes.IATFuture && affix.Any(s.Claims, func(o facts.Claim) bool { return o.Name == "exp" && o.When != nil && o.When.Per == 1 && o.Ahead() <= 0 }) {
				fault.Do = "swap the two times: exp comes before iat"
			}
			cause := finding.New(fault.ID, finding.Proven, fault.Why, at, []finding.Evidence{{Label: c.Name, Got: c.Text, Want: fault.Want, Source: at.String()}},
				finding.Step{Text: startOf(at) + fault.Do}, parts.RestartStep(f))
			if fault.ID == causes.EXPTooShort {
				cause = finding.Lesser(cause)
			}
			all = append(all, readInSource(cause, s))
		}
	}
	return all
}
