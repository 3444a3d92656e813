package rules

import (
	"cmp"

	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/rules/parts"
	"badsig/checks/rules/signature"
)

// TokenCurrent: the browser's token is one that the backend would issue now.
// Without the browser's token there is nothing to compare.
func TokenCurrent(f *facts.Facts) finding.Result {
	given, fresh := facts.GivenToken(f), facts.FirstToken(f, "backend")
	if given == nil {
		if c := connectsWithout(f); c != nil {
			return finding.Found(c.Summary, c.Evidence, *c)
		}
		return finding.Result{Status: finding.Skip, Summary: "no browser token provided (--token); checked the backend's token instead"}
	}
	if fresh == nil {
		if c := cmp.Or(storedToken(f, given), refusedPaste(f, given)); c != nil {
			return finding.Found(c.Summary, nil, *c)
		}
		return finding.Unsure("the backend returned no token to compare it with")
	}
	if given.Input == fresh.Input && given.Signature == fresh.Signature {
		return finding.Passed("same token as the backend issues now")
	}
	tr := facts.TruthOf(f)
	if facts.SignedRight(f, given, tr) || facts.StreamTook(f, given) {
		return finding.Passed("signed with the right secret")
	}
	if signature.Unsignable(given) != "" {
		return finding.Result{Status: finding.Skip, BlockedBy: "token-formed", Summary: signature.Unsignable(given)}
	}
	if given.Signer == nil || fresh.Signer == nil {
		return finding.Unsure("couldn't find out which secret signed it")
	}
	if !signature.DifferentSigners(given, fresh) {
		if c := outlived(f, given, tr); c != nil {
			return finding.Found(c.Summary, nil, *c)
		}
		if len(given.Signer.Hits) == 0 {
			return finding.Unsure("no known secret signed it or the backend's token")
		}
		return finding.Passed("signed with the same secret as the backend's token")
	}
	if len(fresh.Signer.Hits) == 0 && !facts.StreamTook(f, fresh) {
		return finding.Unsure("no known secret signed the backend's token, so the two can't be compared")
	}
	ev := []finding.Evidence{
		{Label: "the browser's token is signed with", Got: signature.OrNone(facts.SignedBy(f, given))},
		{Label: "the backend's token is signed with", Got: signature.OrNone(facts.SignedBy(f, fresh))},
	}
	if f.Stream != nil && f.Stream.Given != nil && f.Stream.Given.Status != 0 {
		ev = append(ev, finding.Evidence{Label: "Stream's response to the browser's token", Got: signature.Answered(f.Stream.Given)})
	}
	if iat, ok := facts.ClaimTime(given, "iat"); ok {
		ev = append(ev, finding.Evidence{Label: "issued", Got: signature.Clock(iat, f.At), Source: "iat"})
	}
	c := staleToken(finding.Proven, "The browser is using a token signed with an older secret, or for another app. The backend now signs with "+signature.OrNone(facts.SignedBy(f, fresh))+".", ev)
	return finding.Found("signed with a different secret ("+signature.OrNone(facts.SignedBy(f, given))+")", nil, c)
}

//go:noinline
func staleToken(certainty finding.Certainty, summary string, ev []finding.Evidence) finding.Cause {
	return finding.New(causes.TokenStale, certainty,
		summary,
		nil, ev,
		parts.ClearStep,
		finding.Step{Text: "In the front end, fetch a token when you need it instead of storing one: pass a token provider to connectUser"})
}

// outlived is a token that the right secret didn't sign and that is older than
// the running backend: fixing the backend doesn't fix this token.
func outlived(f *facts.Facts, given *facts.Token, tr facts.Truth) *finding.Cause {
	iat, ok := facts.ClaimTime(given, "iat")
	if !ok || !tr.Known || len(given.Signer.Hits) > 0 || f.Server == nil || f.Server.Start.IsZero() || !iat.Before(f.Server.Start) {
		return nil
	}
	return new(staleToken(finding.Likely, "The browser's token was issued before the backend started, and not signed with the app's secret. Fixing the backend doesn't fix this token.",
		[]finding.Evidence{{Label: "issued", Got: signature.Clock(iat, f.At), Source: "iat"}, {Label: "the backend started", Got: signature.Clock(f.Server.Start, f.At)}}))
}
