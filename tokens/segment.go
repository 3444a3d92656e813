package tokens

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
)

// How a segment is encoded. The empty one is right.
const (
	encRight   = ""        // base64url without padding
	encPadding = "padding" // base64url, or letters and digits only, with = at its end
	encBase64  = "base64"  // the standard alphabet: + or /
	encHex     = "hex"
)

// decodeSegment decodes a segment in any encoding, and says which. ok is false if
// none fits; then b holds what could be decoded.
func decodeSegment(s string) (b []byte, enc string, ok bool) {
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil && !strings.ContainsAny(s, "\r\n") {
		return b, encRight, true
	}
	bare := strings.TrimRight(s, "=")
	if len(bare) < len(s) {
		enc = encPadding
	}
	if strings.ContainsAny(bare, "+/") {
		enc = encBase64
		bare = strings.NewReplacer("+", "-", "/", "_").Replace(bare)
	}
	b, err = base64.RawURLEncoding.DecodeString(bare)
	if err == nil && len(s)-len(bare) <= 2 && !strings.ContainsAny(s, "\r\n") {
		return b, enc, true
	}
	if len(bare)%4 == 1 && err != nil {
		// A single character can't be left at the end: the token was cut there.
		if cut, err := base64.RawURLEncoding.DecodeString(bare[:len(bare)-1]); err == nil {
			return cut, enc, false
		}
	}
	return b, enc, false
}

// hexSegment reads a segment that is hex of n bytes (n < 0: of any length).
func hexSegment(s string, n int) ([]byte, bool) {
	if len(s) == 0 || n >= 0 && len(s) != 2*n {
		return nil, false
	}
	b, err := hex.DecodeString(s)
	return b, err == nil
}

// macSize is the length of an HMAC for an alg, 0 for any other alg.
func macSize(alg string) int {
	switch alg {
	case "HS256":
		return 32
	case "HS384":
		return 48
	case "HS512":
		return 64
	}
	return 0
}

// decodeSignature decodes the third segment. The length that alg requires tells
// which encoding is meant: 64 characters may be 32 bytes in hex or 48 in base64url.
func decodeSignature(s, alg string) (b []byte, enc string, ok bool) {
	want := macSize(alg)
	if want == 0 {
		want = 32
	}
	if b, ok := hexSegment(s, want); ok {
		return b, encHex, true
	}
	b, enc, ok = decodeSegment(s)
	if ok && len(b) == 2*want {
		if h, isHex := hexSegment(string(b), want); isHex {
			return h, encHex, true
		}
	}
	return b, enc, ok
}
