package checks

import "badsig/tokens"

// Rules of this file: which page a flaw of a token's text belongs to stands
// here once, for the checks and for inspect.

// flawCauses has every flaw that a page explains. A life of decades
// (FlawEXPFarFuture) works, and none is about it.
var flawCauses = map[tokens.FlawKind]CauseID{
	tokens.FlawEmpty: CauseTokenMissing,

	tokens.FlawWrapped: CauseTokenWrapped, tokens.FlawTruncated: CauseTokenTruncated, tokens.FlawEncoding: CauseTokenEncoding,
	tokens.FlawSegments: CauseTokenMalformed, tokens.FlawGarbled: CauseTokenMalformed, tokens.FlawHeader: CauseTokenMalformed,
	tokens.FlawPayload: CauseTokenMalformed, tokens.FlawDev: CauseTokenDev, tokens.FlawAlgorithm: CauseTokenAlgorithm,
	tokens.FlawForeign: CauseTokenForeign, tokens.FlawServer: CauseTokenServer,

	tokens.FlawUserMissing: CauseUserIDMissing, tokens.FlawUserType: CauseUserIDType, tokens.FlawUserText: CauseUserIDPlaceholder,
	tokens.FlawUserChars: CauseUserIDCharacters, tokens.FlawClaimType: CauseClaimType, tokens.FlawIATMillis: CauseIATMilliseconds,
	tokens.FlawEXPMillis: CauseEXPMilliseconds, tokens.FlawEXPRelative: CauseEXPRelative, tokens.FlawEXPTooShort: CauseEXPTooShort,
}

// CauseOfFlaw is the cause that a flaw of a token's text is; "" for one that
// is no fault. Flaws that depend on the time (Token.FlawsAt) are not among them.
func CauseOfFlaw(k tokens.FlawKind) CauseID { return flawCauses[k] }

// shapeOf is the cause that a flaw is of what was passed as a token; "" for
// what only the claims show. A word in the token's place was passed as one, and
// accuses no endpoint.
func shapeOf(k tokens.FlawKind) CauseID {
	id := flawCauses[k]
	if id == CauseTokenMissing {
		id = CauseTokenMalformed
	}
	if p, _ := PageOf(id); p.Group != "The token's shape" {
		return ""
	}
	return id
}
