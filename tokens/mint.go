package tokens

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/golang-jwt/jwt/v5"
)

// Rules of this file:
//   - a minted token is byte for byte what stream-chat's createToken(userID, exp, iat)
//     returns for the same claims: header {"alg","typ"}, payload {"user_id","exp","iat"},
//     strings escaped as JSON.stringify does
//   - nothing is signed with an empty secret or without a user

// DefaultLifetime is how long a minted token is valid by default.
const DefaultLifetime = time.Hour

// standardHeader is {"alg":"HS256","typ":"JWT"} in base64url: the first segment
// of every token that Stream's own SDKs make.
const standardHeader = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"

// MintOptions says what Mint adds to a token besides user_id.
type MintOptions struct {
	Lifetime time.Duration  // exp = now + Lifetime; 0 means one hour; negative means no exp
	NoIAT    bool           // leave iat away, as Stream's createToken does
	Extra    map[string]any // further claims; may not replace user_id, iat, exp
}

// Mint signs a user token with HS256. Times are whole seconds, rounded down: an
// iat that's rounded up is in the future for part of a second. It fails for an
// empty secret, an empty user ID, a user ID that isn't UTF-8, and for Extra that
// would replace one of Mint's claims or can't be JSON.
func Mint(s Secret, userID string, now time.Time, o MintOptions) (string, error) {
	switch {
	case userID == "":
		return "", errors.New("can't create a token without a user ID")
	case !utf8.ValidString(userID):
		return "", errors.New("can't create a token: the user ID isn't valid UTF-8")
	}
	b := appendJSString([]byte(`{"user_id":`), userID)
	iat := now.Unix()
	if o.Lifetime >= 0 {
		life := o.Lifetime
		if life == 0 {
			life = DefaultLifetime
		}
		b = append(b, `,"exp":`...)
		b = strconv.AppendInt(b, iat+int64(life/time.Second), 10)
	}
	if !o.NoIAT {
		b = append(b, `,"iat":`...)
		b = strconv.AppendInt(b, iat, 10)
	}
	names := make([]string, 0, len(o.Extra))
	for name := range o.Extra {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		switch name {
		case "user_id", "exp", "iat":
			return "", fmt.Errorf("can't set the claim %s: it comes from the user ID and the lifetime", name)
		}
		v, err := plainJSON(o.Extra[name])
		if err != nil {
			return "", fmt.Errorf("can't write the claim %s as JSON: %w", name, err)
		}
		b = appendJSString(append(b, ','), name)
		b = append(append(b, ':'), v...)
	}
	return sign(s, append(b, '}'))
}

// MintServer signs {"server":true} for Stream's API. iat is a minute ago and exp in
// five minutes, so that a slightly wrong clock doesn't matter.
func MintServer(s Secret, now time.Time) (string, error) {
	b := []byte(`{"server":true,"exp":`)
	b = strconv.AppendInt(b, now.Unix()+300, 10)
	b = append(b, `,"iat":`...)
	b = strconv.AppendInt(b, now.Unix()-60, 10)
	return sign(s, append(b, '}'))
}

func sign(s Secret, payload []byte) (string, error) {
	if s.IsZero() {
		return "", errors.New("can't sign a token: there is no API secret")
	}
	input := standardHeader + "." + base64.RawURLEncoding.EncodeToString(payload)
	sig, err := jwt.SigningMethodHS256.Sign(input, s.bytes())
	if err != nil {
		return "", fmt.Errorf("can't sign the token: %w", err)
	}
	return input + "." + base64.RawURLEncoding.EncodeToString(sig), nil
}

// Spoil returns the same token with one bit of its signature changed: the control
// for every 200. A string without a third segment gets one.
func Spoil(jws string) string {
	i := strings.LastIndexByte(jws, '.') + 1
	switch strings.Count(jws, ".") {
	case 0:
		return jws + "..AA"
	case 1:
		return jws + ".AA"
	}
	if i == len(jws) {
		return jws + "AA"
	}
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	c := alphabet[(strings.IndexByte(alphabet, jws[i])^1)&63]
	return jws[:i] + string(c) + jws[i+1:]
}

// plainJSON marshals without escaping <, > and &, like JSON.stringify.
func plainJSON(v any) ([]byte, error) {
	var buf bytes.Buffer
	e := json.NewEncoder(&buf)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(buf.Bytes(), "\n"), nil
}

// appendJSString writes s like JSON.stringify: only the quote, the
// backslash and control characters are escaped (encoding/json also escapes
// U+2028 and U+2029, and the bytes of two tokens would differ).
func appendJSString(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c >= 0x20:
			b = append(b, c)
		case c == '\b':
			b = append(b, '\\', 'b')
		case c == '\f':
			b = append(b, '\\', 'f')
		case c == '\n':
			b = append(b, '\\', 'n')
		case c == '\r':
			b = append(b, '\\', 'r')
		case c == '\t':
			b = append(b, '\\', 't')
		default:
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
	}
	return append(b, '"')
}
