package signature

import (
	"encoding/json"
	"fmt"

	"badsig/checks/facts"
	"badsig/tokens"
)

// Rules of this file:
//   - Stream's answer accuses only where its message, or a code that means one thing, says what is wrong
//   - a product that isn't enabled, another region, a rate limit and a failure of Stream's own accuse no token

// codeWrongRegion is Stream's code for an app that is in another region.
const codeWrongRegion = 69

// meaning is what an answer of Stream's says, one of tokens' Err constants; ""
// where it says none of them.
func meaning(a *facts.StreamAnswer) string {
	if a == nil || a.Status == 0 || a.Status == 200 {
		return ""
	}
	text, _ := json.Marshal(map[string]any{"code": a.Code, "message": a.Message, "StatusCode": a.Status}) // always marshals
	e, _ := tokens.ParseError(string(text))
	return e.Kind
}

// accuses reports whether an answer of Stream's says that the token, the
// secret or the key is wrong.
func accuses(a *facts.StreamAnswer) bool {
	switch meaning(a) {
	case tokens.ErrSignature, tokens.ErrMalformed, tokens.ErrExpired, tokens.ErrRevoked, tokens.ErrBeforeIssued, tokens.ErrNotYet, tokens.ErrKey, tokens.ErrSuspended:
		return a.Status < 500 && a.Status != 429
	}
	return false
}

// aside says what an answer means that accuses nobody.
func aside(a *facts.StreamAnswer) string {
	switch {
	case meaning(a) == tokens.ErrDisabled:
		return Answered(a) + ". This product isn't enabled for the app; that says nothing about the token or the secret"
	case a.Code == codeWrongRegion:
		return Answered(a) + ". The app is in another region: give its address with --stream-url"
	case a.Status == 429 || a.Code == 9:
		return Answered(a) + ". Rate limited; wait and try again"
	case a.Status >= 500:
		return Answered(a) + ". Stream is temporarily unavailable"
	}
	return fmt.Sprintf("%s. That says nothing certain about the token or the secret", Answered(a))
}

// responded names what responded in Stream's place: " (407 with an HTML page, Server: squid)".
func responded(s *facts.Stream) string {
	if s.Responded == "" {
		return ""
	}
	return " (" + s.Responded + ")"
}
