package tokens

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Rules of this file:
//   - the order of tests is Stream's: key, suspension, segments, header, claims'
//    types, algorithm, signature, times, revocation; the first that fails decides
//   - strings are Stream's own, as public threads quote them; where no text was ever
//     seen, the name that Stream's JavaScript client gives the code is used instead
//   - decoding is that of the Go library whose strings Stream passes through
//     (jwt-go v3: padding is filled up, standard base64 is not understood), with
//     encoding/json itself giving the JSON strings

// Stream's codes for requests that fail authentication.
const (
	CodeKey          = 2  // the API key is not known
	CodeToken        = 5  // the token cannot be read
	CodeExpired      = 40 // expired or revoked
	CodeNotYet       = 41 // nbf is in the future
	CodeBeforeIssued = 42 // iat is in the future
	CodeSignature    = 43 // signed with another secret than the key's
	CodeSuspended    = 99 // the app is suspended
)

// Prediction is what Stream responds to a request.
type Prediction struct {
	Status  int    `json:"status"`  // HTTP status
	Code    int    `json:"code"`    // Stream's code, 0 for 200
	Message string `json:"message"` // Stream's own words
}

// World is what Stream knows when it judges a token.
type World struct {
	Now           time.Time
	Key           APIKey
	KeyKnown      bool
	Secret        Secret // the app's; the zero Secret means unknown to the caller
	SignatureGood bool   // used where Secret is zero: the caller's finding
	AuthDisabled  bool
	Suspended     bool
	RevokedBefore time.Time // zero: none
}

// Predict says what Stream responds to this exact text as Authorization.
//
//go:noinline
func Predict(raw string, w World) Prediction {
	p, _ := predict(raw, w)
	return p
}

// PredictEither says what Stream responds if the signature is good, and if it
// is not, no matter what w says of the secret. They are equal where Stream does not
// get as far as the signature.
func PredictEither(raw string, w World) (good, bad Prediction) {
	w.Secret, w.SignatureGood = Secret{}, true
	good, looked := predict(raw, w)
	if !looked {
		return good, good
	}
	return good, w.badSignature()
}

// predict is Predict; looked tells whether the signature was looked at.
func predict(raw string, w World) (p Prediction, looked bool) {
	switch {
	case w.Key == "":
		return Prediction{401, CodeKey, "api_key not provided"}, false
	case !w.KeyKnown:
		return Prediction{401, CodeKey, "api_key not valid"}, false
	case w.Suspended:
		return Prediction{403, CodeSuspended, "AppSuspendedError"}, false
	}
	c, sig, alg, text := readAsStream(raw)
	if text != "" {
		return refuse(CodeToken, text), false
	}
	if !w.AuthDisabled {
		if text := unusableAlg(alg); text != "" {
			return refuse(CodeToken, text), false
		}
		mac, err := decodeAsStream(sig)
		if err != nil {
			return refuse(CodeToken, err.Error()), false
		}
		if alg != "HS256" || !w.signed(raw, mac) {
			return w.badSignature(), true
		}
	}
	return w.atItsTime(c), !w.AuthDisabled
}

//go:noinline
func (w World) badSignature() Prediction {
	return refuse(CodeSignature, fmt.Sprintf("signature is not valid. Make sure the token is created using the secret for API key %q", w.Key))
}

// atItsTime judges the times of a token whose signature passed.
func (w World) atItsTime(c streamClaims) Prediction {
	now := w.Now.Unix()
	switch {
	case c.EXP != 0 && now > c.EXP:
		return refuse(CodeExpired, "token is expired (exp)")
	case c.IAT != 0 && now < c.IAT:
		return refuse(CodeBeforeIssued, "token used before issue at (iat)")
	case c.NBF != 0 && now < c.NBF:
		return refuse(CodeNotYet, "token not valid yet (nbf)")
	case !w.RevokedBefore.IsZero() && (c.IAT == 0 || c.IAT < w.RevokedBefore.Unix()):
		return Prediction{401, CodeExpired, "This token has been revoked, please generate a new token"}
	}
	return Prediction{Status: 200}
}

func refuse(code int, text string) Prediction {
	return Prediction{401, code, "JWTAuth error: " + text}
}

// signed tells whether mac is the token's HMAC-SHA256 under the app's secret.
func (w World) signed(raw string, mac []byte) bool {
	if w.Secret.IsZero() {
		return w.SignatureGood
	}
	h := hmac.New(sha256.New, w.Secret.bytes())
	h.Write([]byte(raw[:strings.LastIndexByte(raw, '.')]))
	return hmac.Equal(h.Sum(nil), mac)
}

// streamClaims are the claims whose types Stream insists on.
type streamClaims struct{ EXP, IAT, NBF int64 }

// readAsStream reads a token as far as its algorithm; text says why it cannot
// be read, "" if it can.
func readAsStream(raw string) (c streamClaims, sig, alg, text string) {
	if strings.Count(raw, ".") != 2 {
		return c, "", "", "token contains an invalid number of segments"
	}
	parts := strings.Split(raw, ".")
	b, err := decodeAsStream(parts[0])
	if err != nil {
		if len(raw) > 7 && strings.EqualFold(raw[:7], "bearer ") {
			return c, "", "", "tokenstring should not contain 'bearer '"
		}
		return c, "", "", err.Error()
	}
	header := map[string]any{"alg": "HS256"}
	if parts[0] != standardHeader {
		header = nil
		if err := json.Unmarshal(b, &header); err != nil {
			return c, "", "", err.Error()
		}
	}
	if b, err = decodeAsStream(parts[1]); err != nil {
		return c, "", "", err.Error()
	}
	if c, err = unmarshalClaims(b); err != nil {
		return c, "", "", err.Error()
	}
	alg, ok := header["alg"].(string)
	if !ok {
		return c, "", "", "signing method (alg) is unspecified."
	}
	return c, parts[2], alg, ""
}

// unmarshalClaims decodes into a struct of the name that Stream's responses
// quote; encoding/json then says what they say.
func unmarshalClaims(b []byte) (streamClaims, error) {
	if c, ok := plainClaims(b); ok {
		return c, nil
	}
	type StreamJWTClaims struct {
		UserID string `json:"user_id"`
		Aud    string `json:"aud"`
		Exp    int64  `json:"exp"`
		Jti    string `json:"jti"`
		Iat    int64  `json:"iat"`
		Iss    string `json:"iss"`
		Nbf    int64  `json:"nbf"`
		Sub    string `json:"sub"`
	}
	var c StreamJWTClaims
	err := json.NewDecoder(bytes.NewReader(b)).Decode(&c)
	return streamClaims{c.Exp, c.Iat, c.Nbf}, err
}

// plainClaims is the short way for claims that nothing can be wrong with: a
// flat object, names in small letters, types right.
func plainClaims(b []byte) (c streamClaims, ok bool) {
	m, ok := flatObject(string(b))
	if !ok {
		return c, false
	}
	return plainTimes(m)
}

// plainTimes is plainClaims for claims that were decoded already.
func plainTimes(m map[string]any) (c streamClaims, ok bool) {
	for name, v := range m {
		if name != strings.ToLower(name) {
			return c, false // encoding/json does not mind capitals
		}
		switch name {
		case "exp", "iat", "nbf":
			n, isNumber := v.(json.Number)
			i, err := n.Int64()
			if !isNumber || err != nil {
				return c, false
			}
			switch name {
			case "exp":
				c.EXP = i
			case "iat":
				c.IAT = i
			case "nbf":
				c.NBF = i
			}
		case "user_id", "aud", "iss", "sub", "jti":
			if _, isText := v.(string); !isText {
				return c, false
			}
		}
	}
	return c, true
}

// decodeAsStream is the library's DecodeSegment: what padding is missing is
// filled up, so a padded segment passes, and so do newlines by Go's rules.
func decodeAsStream(seg string) ([]byte, error) {
	if n := len(seg) % 4; n > 0 {
		seg += strings.Repeat("=", 4-n)
	}
	return base64.URLEncoding.DecodeString(seg)
}

// unusableAlg gives the library's text for an algorithm that no secret can
// serve; "" for the HMAC family.
func unusableAlg(alg string) string {
	switch alg {
	case "HS256", "HS384", "HS512":
		return ""
	case "none":
		return "'none' signature type is not allowed"
	case "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512":
		return "key is of invalid type"
	}
	return "signing method (alg) is unavailable."
}
