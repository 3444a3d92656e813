package checks

import (
	"slices"
	"sort"

	"badsig/checks/probe"
)

// Rules of this file:
//   - the first cause is the root: what the developer changes first
//   - errors before warnings; within errors the order in which a request meets them,
//     and within Stream the order in which Stream tests: key, shape, claims, signature, times
//   - a cause stands once, with the evidence of the check that proved it best
//   - what follows from a cause is not a cause of its own

// order is the order of mending; every cause of the catalogue stands in it.
var order = []CauseID{
	// who answers: nothing else can be judged before
	CauseServerDown, CauseServerOnOtherPort, CauseServerFamily, CauseServerHangs, CauseWrongServer,
	// the endpoint, until a token is in the browser's hands
	CauseEndpointRedirect, CauseEndpointAuth, CauseEndpointMethod, CauseEndpointNotFound, CauseEndpointBody,
	CauseSecretMissing, // an endpoint that cannot sign answers 500
	CauseEndpointError, CauseEndpointHTML, CauseTokenMissing, CauseCORSBlocked,
	// what Stream tests first: the key
	CauseKeyMissing, CauseKeySecretSwapped, CauseKeyMalformed, CauseKeyUnknown, CauseAppSuspended,
	// then the token's shape and its claims' types
	CauseTokenDev, CauseTokenForeign, CauseTokenServer, CauseTokenWrapped, CauseTokenEncoding, CauseTokenTruncated, CauseTokenMalformed,
	CauseTokenAlgorithm, CauseUserIDType, CauseClaimType, CauseUserIDMissing,
	// then the signature: the file before the restart that makes it count
	CauseSecretVaries, CauseSecretIsKey, CauseSecretPlaceholder, CauseSecretFallback,
	CauseSecretInvisible, CauseSecretQuoted, CauseSecretWhitespace, CauseSecretEncoding, CauseSecretCase, CauseSecretTruncated,
	CauseSecretPadded, CauseSecretTypo, CauseSecretShadowed, CauseSecretOtherApp, CauseServerStale, CauseKeyMismatch,
	CauseKeySecretMismatch, CauseSecretUnknown,
	// then the times, the user, and what only the browser can mend
	CauseClockSkew, CauseIATMilliseconds, CauseIATFuture, CauseNBFFuture, CauseEXPRelative, CauseTokenExpired, CauseTokenRevoked,
	CauseUserIDPlaceholder, CauseUserIDMismatch, CauseTokenStale,
	// warnings
	CauseAuthChecksDisabled, CauseSecretExposed, CauseSecretInSource, CauseEXPTooShort, CauseEXPMilliseconds,
	CauseUserIDCharacters, CauseTokenCacheable, CauseStreamUnreachable,
}

// hides says which causes are only consequences where another one is present.
var hides = map[CauseID][]CauseID{
	CauseSecretMissing:    {CauseEndpointError, CauseSecretFallback, CauseSecretPlaceholder},
	CauseSecretVaries:     {CauseSecretUnknown, CauseKeySecretMismatch, CauseServerStale},
	CauseKeySecretSwapped: {CauseSecretIsKey, CauseKeyMalformed, CauseKeyMismatch, CauseKeySecretMismatch, CauseKeyUnknown, CauseSecretExposed},
	CauseKeyMissing:       {CauseKeyMalformed, CauseKeyUnknown, CauseKeyMismatch},
	CauseKeyMalformed:     {CauseKeyUnknown, CauseKeyMismatch, CauseKeySecretMismatch},
	CauseKeyMismatch:      {CauseKeySecretMismatch, CauseSecretOtherApp},
	CauseKeyUnknown:       {CauseKeySecretMismatch, CauseSecretUnknown},
	CauseSecretOtherApp:   {CauseKeySecretMismatch},
	CauseServerStale:      {CauseKeySecretMismatch, CauseSecretUnknown},
	CauseWrongServer: {CauseServerStale, CauseSecretUnknown, CauseSecretOtherApp, CauseKeySecretMismatch, CauseEndpointNotFound,
		CauseEndpointHTML, CauseEndpointAuth, CauseEndpointMethod, CauseEndpointRedirect, CauseEndpointError, CauseEndpointBody, CauseCORSBlocked,
		CauseSecretVaries, CauseSecretMissing, CauseTokenMissing, CauseTokenForeign, CauseUserIDMissing, CauseUserIDMismatch},
	CauseEndpointBody:      {CauseUserIDPlaceholder, CauseUserIDMissing, CauseEndpointError},
	CauseTokenForeign:      {CauseTokenAlgorithm, CauseUserIDMissing, CauseUserIDMismatch, CauseSecretUnknown, CauseUserIDType, CauseClaimType},
	CauseTokenDev:          {CauseSecretUnknown, CauseTokenEncoding, CauseTokenMalformed, CauseTokenTruncated},
	CauseTokenServer:       {CauseUserIDMissing},
	CauseClockSkew:         {CauseIATFuture, CauseNBFFuture},
	CauseIATMilliseconds:   {CauseIATFuture, CauseClockSkew},
	CauseEXPRelative:       {CauseTokenExpired, CauseEXPTooShort},
	CauseUserIDMissing:     {CauseUserIDMismatch},
	CauseUserIDType:        {CauseUserIDMismatch},
	CauseUserIDPlaceholder: {CauseUserIDMismatch, CauseUserIDCharacters},
	CauseUserIDMismatch:    {CauseUserIDCharacters},
	CauseTokenStale:        {CauseTokenExpired},
}

// secretCauses are those that the pair's mismatch is only a consequence of.
var secretCauses = []CauseID{
	CauseSecretMissing, CauseSecretPlaceholder, CauseSecretWhitespace, CauseSecretInvisible, CauseSecretQuoted, CauseSecretEncoding,
	CauseSecretCase, CauseSecretTruncated, CauseSecretPadded, CauseSecretTypo, CauseSecretIsKey, CauseSecretFallback,
	CauseSecretShadowed, CauseSecretVaries,
}

// diagnose orders what the rules found, root first.
func diagnose(results []Result) []Cause {
	best := map[CauseID]Cause{}
	var ids []CauseID
	for _, r := range results {
		for _, c := range r.Causes {
			old, have := best[c.ID]
			if !have {
				ids = append(ids, c.ID)
			}
			if !have || stronger(c, old) {
				best[c.ID] = c
			}
		}
	}
	hidden := map[CauseID]bool{}
	for _, id := range ids {
		if best[id].Severity != Error {
			continue
		}
		for _, h := range hides[id] {
			hidden[h] = true
		}
		if slices.Contains(secretCauses, id) {
			hidden[CauseKeySecretMismatch], hidden[CauseSecretUnknown] = true, true
		}
	}
	causes := []Cause{}
	for _, id := range ids {
		if !hidden[id] {
			causes = append(causes, best[id])
		}
	}
	sort.SliceStable(causes, func(i, j int) bool { return rank(causes[i]) < rank(causes[j]) })
	return causes
}

func stronger(a, b Cause) bool {
	if a.Severity != b.Severity {
		return a.Severity == Error
	}
	return a.Certainty == Proven && b.Certainty != Proven
}

func rank(c Cause) int {
	at := slices.Index(order, c.ID)
	switch p, _ := PageOf(c.ID); {
	case c.ID == CauseAuthChecksDisabled && c.Severity != Error: // first of the warnings: it makes all other findings moot
		return 1000
	case c.Severity != Error && p.Severity == Error:
		at += 2000
	case c.Severity != Error:
		at += 1000
	}
	return at
}

// verdict is the exit status in a word: rejected where there is an error,
// accepted where nothing is wrong and the token's signature is proven right,
// by Stream or by the dashboard's pair; unproven otherwise.
func verdict(f *probe.Facts, causes []Cause, results []Result) string {
	for _, c := range causes {
		if c.Severity == Error {
			return Rejected
		}
	}
	for _, r := range results {
		switch r.Status {
		case Fail:
			return Rejected
		case Unknown:
			if needed[r.ID] {
				return Unproven
			}
		}
	}
	if !proven(f) {
		return Unproven
	}
	return Accepted
}

// needed are the checks without which nobody can say that the token works.
// Those of Stream are not among them: a given dashboard pair proves as much.
var needed = map[ID]bool{
	"endpoint-answers": true, "endpoint-json": true, "token-formed": true, "token-user": true,
	"token-times": true, "secret-signs": true, "key-agrees": true, "token-current": true,
}

// proven tells whether the token in use is known to be right: Stream took it,
// and refuses a spoilt signature; or the dashboard's secret signed it, and the
// key in use is the one that the dashboard shows beside it.
func proven(f *probe.Facts) bool {
	t := tokenInUse(f)
	if t == nil {
		return false
	}
	if streamTook(f, t) {
		return true
	}
	return f.Target.HasSecret && f.Target.Key != "" && f.Target.Key == clientKey(f) && signedRight(f, t, truthOf(f))
}
