package signature

import (
	"encoding/json"
	"fmt"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/tokens"
)

// Rules of this file:
//   - Stream's response accuses only where its message, or a code that means one thing, says what is wrong
//   - a product that isn't enabled, another region, a rate limit and a failure of Stream's own accuse no token

// codeWrongRegion is Stream's code for an app that is in another region.
const codeWrongRegion = 69

// meaning is what a response from Stream says, one of tokens' Err constants; ""
// where it says none of them.
func meaning(a *facts.StreamAnswer) string {
	if a == nil || a.Status == 0 || a.Status == 200 {
		return ""
	}
	text, _ := json.Marshal(map[string]any{"code": a.Code, "message": a.Message, "StatusCode": a.Status}) // always marshals
	e, _ := tokens.ParseError(string(text))
	return e.Kind
}

// accuses reports whether a response from Stream says that the token, the
// secret or the key is wrong.
func accuses(a *facts.StreamAnswer) bool {
	switch meaning(a) {
	case tokens.ErrSignature, tokens.ErrMalformed, tokens.ErrExpired, tokens.ErrRevoked, tokens.ErrBeforeIssued, tokens.ErrNotYet, tokens.ErrKey, tokens.ErrSuspended:
		return a.Status < 500 && a.Status != 429
	}
	return false
}

// aside says what a response means that accuses no one.
func aside(f *facts.Facts, a *facts.StreamAnswer) string {
	switch {
	case meaning(a) == tokens.ErrDisabled:
		return Answered(a) + ". This product isn't enabled for the app; that says nothing about the token or the secret"
	case a.Code == codeWrongRegion:
		return Answered(a) + ". " + otherRegion(f)
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

// otherRegion says that the app is in another region than the one that was
// contacted, and what the project sets.
func otherRegion(f *facts.Facts) string {
	for i := range f.Target.StreamBases {
		if b := &f.Target.StreamBases[i]; b.Asked {
			return fmt.Sprintf("The app is in another region than %s, which the project sets%s. That says nothing about the key or the secret; "+
				"set the base URL of the app's region there, or try one with --stream-url", b.URL, baseAt(b))
		}
	}
	return fmt.Sprintf("The app is in another region than %s; the project sets no other base URL. That says nothing about the key or the secret; "+
		"give the base URL of the app's region with --stream-url", f.Target.StreamURL)
}

// baseAt names the place of a base URL: " (STREAM_BASE_URL, server/.env:4)".
func baseAt(b *facts.StreamBase) string {
	if b.File == "" {
		return " (" + b.Name + ")"
	}
	return " (" + b.Name + ", " + facts.At(b.File, b.Line) + ")"
}

// foreignBases names the base URLs of the project that weren't contacted.
func foreignBases(f *facts.Facts) (list []finding.Evidence) {
	for i := range f.Target.StreamBases {
		if b := &f.Target.StreamBases[i]; b.Foreign {
			list = append(list, finding.Evidence{Label: "base URL that the project sets", Got: b.URL + ", not contacted: the host isn't Stream's",
				Want: "a Stream host, or --stream-url", Source: strings.Trim(baseAt(b), " ()")})
		}
	}
	return list
}

// elsewhere is the base URL at which the project's key may be known, although
// it isn't where Stream was contacted: the only ones that the project sets are of
// hosts that badsig doesn't contact. nil where there is none.
func elsewhere(f *facts.Facts) *facts.StreamBase {
	if f.Target.StreamURL != facts.DefaultStreamURL {
		return nil
	}
	var other *facts.StreamBase
	for i := range f.Target.StreamBases {
		b := &f.Target.StreamBases[i]
		if b.Asked {
			return nil
		}
		if b.Foreign && other == nil {
			other = b
		}
	}
	return other
}

// otherHost says that a key which is unknown to Stream may be known at the host that the project sets.
func otherHost(f *facts.Facts) string {
	b := elsewhere(f)
	return fmt.Sprintf("The project sets another base URL, %s%s, which wasn't contacted because the host isn't Stream's, so this says nothing about the key; "+
		"if tokens may go to that host, give it with --stream-url", b.URL, baseAt(b))
}

// askedAt says that Stream was contacted at a base URL which the project sets; "" for the usual one.
func askedAt(f *facts.Facts) string {
	for i := range f.Target.StreamBases {
		if b := &f.Target.StreamBases[i]; b.Asked {
			return ", at " + b.URL + ", which the project sets" + baseAt(b)
		}
	}
	return ""
}
