package checks

import (
	"badsig/checks/causes"
	"badsig/checks/probe"
)

// ruleTokenCurrent: the token that the browser uses is one that the backend
// would issue now. Without a given token there is nothing to judge.
func ruleTokenCurrent(f *probe.Facts) Result {
	given, fresh := givenToken(f), firstToken(f, "backend")
	if given == nil {
		return Result{Status: Skip, Summary: "no token of the browser's was given (--token); the backend's own was judged"}
	}
	if fresh == nil {
		return unsure("the backend gave no token to compare it with")
	}
	if given.Input == fresh.Input && given.Signature == fresh.Signature {
		return passed("it is the token that the backend issues now")
	}
	tr := truthOf(f)
	if signedRight(f, given, tr) || streamTook(f, given) {
		return passed("it is signed with the right secret")
	}
	if unsignable(given) != "" {
		return Result{Status: Skip, BlockedBy: "token-formed", Summary: unsignable(given)}
	}
	if given.Signer == nil || fresh.Signer == nil {
		return unsure("who signed it could not be found out")
	}
	if !differentSigners(given, fresh) {
		if c := outlived(f, given, tr); c != nil {
			return found(c.Summary, nil, *c)
		}
		if len(given.Signer.Hits) == 0 {
			return unsure("none of the secrets found signed it, nor the backend's")
		}
		return passed("signed by the same secret as the backend's")
	}
	if len(fresh.Signer.Hits) == 0 && !streamTook(f, fresh) {
		return unsure("none of the secrets found signed what the backend issues, so the two cannot be compared")
	}
	ev := []Evidence{
		{Label: "the token in use is signed by", Got: orNone(signedBy(f, given))},
		{Label: "the backend's now", Got: orNone(signedBy(f, fresh))},
	}
	if f.Stream != nil && f.Stream.Given != nil && f.Stream.Given.Status != 0 {
		ev = append(ev, Evidence{Label: "Stream says to the token in use", Got: answered(f.Stream.Given)})
	}
	if iat, ok := claimTime(given, "iat"); ok {
		ev = append(ev, Evidence{Label: "issued", Got: clock(iat, f.At), Source: "iat"})
	}
	c := staleToken(Proven, "The browser still uses a token from an older secret or another app; the backend signs with "+orNone(signedBy(f, fresh))+" now.", ev)
	return found("another secret signed it ("+orNone(signedBy(f, given))+")", nil, c)
}

func staleToken(certainty Certainty, summary string, ev []Evidence) Cause {
	return cause(causes.TokenStale, certainty,
		summary,
		nil, ev,
		clearStep,
		Step{Text: "let the front end fetch a token instead of keeping one: pass a token provider to connectUser"})
}

// outlived is a token that the right secret did not sign and that is older
// than the running backend: whatever is mended there, this token stays wrong.
func outlived(f *probe.Facts, given *probe.Token, tr truth) *Cause {
	iat, ok := claimTime(given, "iat")
	if !ok || !tr.known || len(given.Signer.Hits) > 0 || f.Server == nil || f.Server.Start.IsZero() || !iat.Before(f.Server.Start) {
		return nil
	}
	return new(staleToken(Likely, "The token in use was issued before the backend was started, and not with the app's secret: it stays wrong when the backend is mended.",
		[]Evidence{{Label: "issued", Got: clock(iat, f.At), Source: "iat"}, {Label: "the backend started", Got: clock(f.Server.Start, f.At)}}))
}
