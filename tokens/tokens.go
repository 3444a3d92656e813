// Package tokens knows Stream's JWTs and nothing else: how to create and read
// them, how Stream responds to one, and which secret signed it. It does no I/O and
// has no clock of its own.
package tokens

import (
	"cmp"
	"encoding/json"
	"time"
)

// Token is what could be read of a string that should be a JWT. Parse fills in as
// much as it can; a Token with Flaws is normal.
type Token struct {
	Raw   string // exactly as received
	Clean string // the compact JWS inside Raw after unwrapping; equal to Raw where nothing was around it; "" if there is none

	Segments  []string        // Clean split at its dots
	Header    map[string]any  // numbers as json.Number; nil where unreadable
	Claims    Claims          // numbers as json.Number; nil where unreadable
	HeaderRaw json.RawMessage // the decoded bytes of segment one
	ClaimsRaw json.RawMessage // the decoded bytes of segment two
	Signature []byte          // the decoded third segment, however it was encoded

	Flaws []Flaw // every flaw, in the order in which to fix them

	headerText, claimsText string // HeaderRaw and ClaimsRaw
}

// Texts are the decoded first two segments.
func (t Token) Texts() (header, claims string) { return t.headerText, t.claimsText }

// Claims are a token's claims as decoded JSON, numbers as json.Number.
type Claims map[string]any

// FlawKind names one thing that is wrong with a token, independent of time.
type FlawKind string

// The flaws that Parse lists. Package causes has a page for each but the last.
const (
	FlawEmpty        FlawKind = "empty"        // no text at all, or undefined/null
	FlawWrapped      FlawKind = "wrapped"      // quotes, Bearer, whitespace, JSON, percent-encoding around a good token
	FlawTruncated    FlawKind = "truncated"    // the signature, or a segment, is cut off
	FlawSegments     FlawKind = "segments"     // not three segments
	FlawEncoding     FlawKind = "encoding"     // base64, padding or hex where base64url belongs
	FlawGarbled      FlawKind = "garbled"      // characters that no base64 has, or more of them than a signature has
	FlawHeader       FlawKind = "header"       // the first segment isn't a JSON object
	FlawPayload      FlawKind = "payload"      // the second segment isn't a JSON object
	FlawDev          FlawKind = "dev"          // a development token (third segment "devtoken")
	FlawAlgorithm    FlawKind = "algorithm"    // alg is not HS256
	FlawForeign      FlawKind = "foreign"      // another issuer's JWT
	FlawServer       FlawKind = "server"       // a server token: server claim, or no claims at all
	FlawUserMissing  FlawKind = "user-missing" // no user_id (Detail names the claim that looks like it)
	FlawUserType     FlawKind = "user-type"    // user_id isn't a string
	FlawUserText     FlawKind = "user-text"    // undefined, null, NaN, [object Object], Instance of 'Future<…>'
	FlawUserChars    FlawKind = "user-chars"   // characters Stream's documentation does not allow (a warning)
	FlawClaimType    FlawKind = "claim-type"   // exp, iat or nbf isn't an integer
	FlawIATMillis    FlawKind = "iat-millis"   // iat in milliseconds
	FlawEXPMillis    FlawKind = "exp-millis"   // exp in milliseconds (a warning: it works)
	FlawEXPRelative  FlawKind = "exp-relative" // exp is a duration, not an epoch second
	FlawEXPTooShort  FlawKind = "exp-short"    // lives less than 60 s (a warning)
	FlawEXPFarFuture FlawKind = "exp-far"      // decades away: an absolute time given as a duration (mentioned, not a fault)
)

// Flaw is one thing that is wrong with a token.
type Flaw struct {
	Kind   FlawKind `json:"kind"`
	Detail string   `json:"detail"`          // one lowercase sentence without a full stop: what was found
	Claim  string   `json:"claim,omitempty"` // the claim it is about
	Got    string   `json:"got,omitempty"`
	Want   string   `json:"want,omitempty"`
	Like   string   `json:"like,omitempty"` // for FlawUserMissing: the claim that seems to have the user's ID
	Wrap   string   `json:"wrap,omitempty"` // for FlawWrapped: quotes, bearer, `blank`, newline, json, percent, cookie, bytes-literal …
}

// Part names what the flaw is about: a claim, or a part of the token.
//
//go:noinline
func (f Flaw) Part() string {
	switch f.Kind {
	case FlawServer, FlawUserMissing:
		return "claims"
	case FlawDev:
		return "third segment"
	case FlawForeign:
		return "kind of token"
	case FlawHeader:
		return "header"
	case FlawPayload:
		return "payload"
	case FlawEncoding:
		return "encoding"
	}
	return cmp.Or(f.Claim, "token")
}

// Has reports whether the token has a flaw of one of the kinds.
func (t Token) Has(kinds ...FlawKind) bool {
	for _, f := range t.Flaws {
		for _, k := range kinds {
			if f.Kind == k {
				return true
			}
		}
	}
	return false
}

// Alg is the header's alg, "" if there is none.
func (t Token) Alg() string { s, _ := t.Header["alg"].(string); return s }

// UserID is the user_id claim, if it's a string.
func (t Token) UserID() (string, bool) { s, ok := t.Claims["user_id"].(string); return s, ok }

// HasStandardHeader reports whether the first segment is the one that nearly every SDK writes.
func (t Token) HasStandardHeader() bool {
	return len(t.Segments) > 0 && t.Segments[0] == standardHeader
}

// SigningInput is the exact first two segments, as received, joined by a dot:
// the bytes under the signature.
func (t Token) SigningInput() string {
	if len(t.Segments) < 2 {
		return ""
	}
	if n := len(t.Segments[0]) + 1 + len(t.Segments[1]); len(t.Clean) >= n && t.Clean[len(t.Segments[0])] == '.' &&
		t.Clean[:len(t.Segments[0])] == t.Segments[0] && t.Clean[n-len(t.Segments[1]):n] == t.Segments[1] {
		return t.Clean[:n] // no copy: a list has millions of tokens
	}
	return t.Segments[0] + "." + t.Segments[1]
}

// Redacted is the token without its signature: "header.payload.…".
func (t Token) Redacted() string {
	if in := t.SigningInput(); in != "" {
		return in + ".…"
	}
	return "…"
}

// Time reads a NumericDate claim (iat, exp, nbf) that is an integer of
// seconds; ok is false for an absent, fractional or non-numeric claim.
func (c Claims) Time(name string) (t time.Time, ok bool) {
	n, isNum := c[name].(json.Number)
	if !isNum {
		return time.Time{}, false
	}
	i, err := n.Int64()
	if err != nil {
		return time.Time{}, false
	}
	return time.Unix(i, 0).UTC(), true
}
