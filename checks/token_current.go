package checks

import (
	"badsig/checks/causes"
	"badsig/checks/probe"
)

// ruleTokenCurrent: the browser's token is one that the backend would issue now.
// Without the browser's token there is nothing to compare.
func ruleTokenCurrent(f *probe.Facts) Result {
	given, fresh := givenToken(f), firstToken(f, "backend")
	if given == nil {
		return Result{Status: Skip, Summary: "no browser token provided (--token); checked the backend's token instead"}
	}
	if fresh == nil {
		return unsure("the backend returned no token to compare it with")
	}
	if given.Input == fresh.Input && given.Signature == fresh.Signature {
		return passed("same token as the backend issues now")
	}
	tr := truthOf(f)
	if signedRight(f, given, tr) || streamTook(f, given) {
		return passed("signed with the right secret")
	}
	if unsignable(given) != "" {
		return Result{Status: Skip, BlockedBy: "token-formed", Summary: unsignable(given)}
	}
	if given.Signer == nil || fresh.Signer == nil {
		return unsure("couldn't find out which secret signed it")
	}
	if !differentSigners(given, fresh) {
		if c := outlived(f, given, tr); c != nil {
			return found(c.Summary, nil, *c)
		}
		if len(given.Signer.Hits) == 0 {
			return unsure("no known secret signed it or the backend's token")
		}
		return passed("signed with the same secret as the backend's token")
	}
	if len(fresh.Signer.Hits) == 0 && !streamTook(f, fresh) {
		return unsure("no known secret signed the backend's token, so the two can't be compared")
	}
	ev := []Evidence{
		{Label: "the browser's token is signed with", Got: orNone(signedBy(f, given))},
		{Label: "the backend's token is signed with", Got: orNone(signedBy(f, fresh))},
	}
	if f.Stream != nil && f.Stream.Given != nil && f.Stream.Given.Status != 0 {
		ev = append(ev, Evidence{Label: "Stream's response to the browser's token", Got: answered(f.Stream.Given)})
	}
	if iat, ok := claimTime(given, "iat"); ok {
		ev = append(ev, Evidence{Label: "issued", Got: clock(iat, f.At), Source: "iat"})
	}
	c := staleToken(Proven, "The browser is using a token signed with an older secret, or for another app. The backend now signs with "+orNone(signedBy(f, fresh))+".", ev)
	return found("signed with a different secret ("+orNone(signedBy(f, given))+")", nil, c)
}

func staleToken(certainty Certainty, summary string, ev []Evidence) Cause {
	return cause(causes.TokenStale, certainty,
		summary,
		nil, ev,
		clearStep,
		Step{Text: "In the front end, fetch a token when you need it instead of storing one: pass a token provider to connectUser"})
}

// outlived is a token that the right secret didn't sign and that is older than
// the running backend: fixing the backend doesn't fix this token.
func outlived(f *probe.Facts, given *probe.Token, tr truth) *Cause {
	iat, ok := claimTime(given, "iat")
	if !ok || !tr.known || len(given.Signer.Hits) > 0 || f.Server == nil || f.Server.Start.IsZero() || !iat.Before(f.Server.Start) {
		return nil
	}
	return new(staleToken(Likely, "The browser's token was issued before the backend started, and not signed with the app's secret. Fixing the backend doesn't fix this token.",
		[]Evidence{{Label: "issued", Got: clock(iat, f.At), Source: "iat"}, {Label: "the backend started", Got: clock(f.Server.Start, f.At)}}))
}
