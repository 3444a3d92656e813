package causes

import "badsig/tokens"

// ofFlaw maps each flaw that can be seen in a token's own text to its page. A
// token that lives for decades (FlawEXPFarFuture) works, so it has none.
var ofFlaw = []struct {
	flaw tokens.FlawKind
	id   ID
}{
	{tokens.FlawEmpty, TokenMissing},

	{tokens.FlawWrapped, TokenWrapped}, {tokens.FlawTruncated, TokenTruncated}, {tokens.FlawEncoding, TokenEncoding},
	{tokens.FlawSegments, TokenMalformed}, {tokens.FlawGarbled, TokenMalformed}, {tokens.FlawHeader, TokenMalformed},
	{tokens.FlawPayload, TokenMalformed}, {tokens.FlawDev, TokenDev}, {tokens.FlawAlgorithm, TokenAlgorithm},
	{tokens.FlawForeign, TokenForeign}, {tokens.FlawServer, TokenServer},

	{tokens.FlawUserMissing, UserIDMissing}, {tokens.FlawUserType, UserIDType}, {tokens.FlawUserText, UserIDPlaceholder},
	{tokens.FlawUserChars, UserIDCharacters}, {tokens.FlawClaimType, ClaimType}, {tokens.FlawIATMillis, IATMilliseconds},
	{tokens.FlawEXPMillis, EXPMilliseconds}, {tokens.FlawEXPRelative, EXPRelative}, {tokens.FlawEXPTooShort, EXPTooShort},
}

// OfFlaw returns the cause of a flaw in a token's text, or "" if the flaw does
// no harm. Flaws that depend on the time (Token.FlawsAt) have no entry.
func OfFlaw(k tokens.FlawKind) ID {
	for _, x := range ofFlaw {
		if x.flaw == k {
			return x.id
		}
	}
	return ""
}
