// Package oracle judges tokens on its own, sharing no code with package tokens, so
// that a scenario's fault is not proven by what it is there to test.
package oracle

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math"
	"strings"
	"time"
)

// Sign makes an HS256 token of claims that are written as JSON.
func Sign(claims, secret string) string {
	in := b64([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + b64([]byte(claims))
	return in + "." + b64(mac(in, secret))
}

func mac(in, secret string) []byte {
	h := hmac.New(sha256.New, []byte(secret))
	h.Write([]byte(in))
	return h.Sum(nil)
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// SignedBy tells whether the HMAC of a token's first two segments is its third.
func SignedBy(token, secret string) bool {
	i := strings.LastIndexByte(token, '.')
	return i > 0 && token[i+1:] == b64(mac(token[:i], secret))
}

// Code says with which code Stream responds to a token under a key; 0 means accepted.
func Code(token, secret string, revoked, now time.Time) int {
	seg := strings.Split(token, ".")
	if len(seg) != 3 {
		return 5
	}
	var header struct{ Alg string }
	claims := map[string]any{}
	for i, into := range []any{&header, &claims} {
		raw, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(seg[i], "="))
		if err != nil || json.Unmarshal(raw, into) != nil {
			return 5
		}
	}
	if seg[2] != "devtoken" {
		if _, err := base64.RawURLEncoding.DecodeString(seg[2]); err != nil {
			return 5
		}
	}
	if id, ok := claims["user_id"]; ok {
		if _, isText := id.(string); !isText {
			return 5
		}
	}
	when := map[string]float64{}
	for _, n := range []string{"exp", "iat", "nbf"} {
		if c, ok := claims[n]; ok {
			f, isNum := c.(float64)
			if !isNum || f != math.Trunc(f) {
				return 5
			}
			when[n] = f
		}
	}
	if header.Alg != "HS256" {
		return 5
	}
	if !SignedBy(token, secret) {
		return 43
	}
	t := float64(now.Unix())
	if e, ok := when["exp"]; ok && e < t {
		return 40
	}
	if i, ok := when["iat"]; ok && i > t {
		return 42
	}
	if n, ok := when["nbf"]; ok && n > t {
		return 41
	}
	if i, ok := when["iat"]; !revoked.IsZero() && (!ok || i < float64(revoked.Unix())) {
		return 40
	}
	return 0
}

// Claim gives one claim of a token as JSON, "" where there is none.
func Claim(token, name string) string {
	seg := strings.Split(token, ".")
	if len(seg) < 2 {
		return ""
	}
	raw, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(seg[1], "="))
	if err != nil {
		return ""
	}
	m := map[string]json.RawMessage{}
	if json.Unmarshal(raw, &m) != nil {
		return ""
	}
	return string(m[name])
}

// TokenIn finds the token that a response carries: a field named as Stream's first, else
// token, else the same inside data, result or payload, else the bare text.
func TokenIn(body []byte) string {
	var m map[string]any
	if json.Unmarshal(body, &m) == nil {
		return tokenOf(m)
	}
	var s string
	if json.Unmarshal(body, &s) == nil {
		return s
	}
	return string(body)
}

func tokenOf(m map[string]any) string {
	for _, n := range []string{"streamToken", "userToken", "chatToken", "token"} {
		if s, ok := m[n].(string); ok {
			return s
		}
	}
	for _, n := range []string{"data", "result", "payload"} {
		if in, ok := m[n].(map[string]any); ok {
			if s := tokenOf(in); s != "" {
				return s
			}
		}
	}
	return ""
}
