package tokens

import (
	"strings"
	"testing"
	"time"
)

// TestPredictTexts holds the strings that public threads quote from Stream, each
// beside what is wrong with the token that causes it.
func TestPredictTexts(t *testing.T) {
	jws := mint(t, testSecret, "test123", MintOptions{})
	seg := strings.Split(jws, ".")
	with := func(payload string) string { return forge(t, testSecret, `{"alg":"HS256","typ":"JWT"}`, payload) }
	head := func(header string) string { return forge(t, testSecret, header, `{"user_id":"u"}`) }
	const wrong = `JWTAuth error: signature is not valid. Make sure the token is created using the secret for API key "k7m2x9qwz4v8"`
	good := World{Now: at, Key: testKey, KeyKnown: true, Secret: testSecret}
	change := func(f func(*World)) World { w := good; f(&w); return w }
	for _, c := range []struct {
		name, raw string
		w         World
		status    int
		code      int
		message   string
	}{
		{"accepted", jws, good, 200, 0, ""},
		{"a server token", with(`{"server":true}`), good, 200, 0, ""},
		{"no claims at all", with(`{}`), good, 200, 0, ""},
		{"padded payload, signed as it is", forgeSegments(testSecret, seg[0], "eyJ1c2VyX2lkIjoiYWxpY2UifQ=="), good, 200, 0, ""},

		{"no key", jws, change(func(w *World) { w.Key = "" }), 401, 2, "api_key not provided"},
		{"unknown key", jws, change(func(w *World) { w.KeyKnown = false }), 401, 2, "api_key not valid"},
		{"suspended", jws, change(func(w *World) { w.Suspended = true }), 403, 99, "AppSuspendedError"},

		{"nothing", "", good, 401, 5, "JWTAuth error: token contains an invalid number of segments"},
		{"undefined", "undefined", good, 401, 5, "JWTAuth error: token contains an invalid number of segments"},
		{"two segments", seg[0] + "." + seg[1], good, 401, 5, "JWTAuth error: token contains an invalid number of segments"},
		{"four segments", jws + ".x", good, 401, 5, "JWTAuth error: token contains an invalid number of segments"},
		{"Bearer", "Bearer " + jws, good, 401, 5, "JWTAuth error: tokenstring should not contain 'bearer '"},
		{"quotes", `"` + jws + `"`, good, 401, 5, "JWTAuth error: illegal base64 data at input byte 0"},
		{"JSON", `{"token":"` + jws + `"}`, good, 401, 5, "JWTAuth error: illegal base64 data at input byte 0"},
		{"leading space", " " + jws, good, 401, 5, "JWTAuth error: illegal base64 data at input byte 0"},
		{"trailing newline", jws + "\n", good, 401, 5, "JWTAuth error: illegal base64 data at input byte 41"},
		{"a slash of standard base64", forgeSegments(testSecret, seg[0], strings.Repeat("A", 47)+"/"), good, 401, 5, "JWTAuth error: illegal base64 data at input byte 47"},
		{"payload no JSON", with("hello"), good, 401, 5, "JWTAuth error: invalid character 'h' looking for beginning of value"},
		{"payload almost a literal", with("thx"), good, 401, 5, "JWTAuth error: invalid character 'h' in literal true (expecting 'r')"},
		{"header no JSON", forge(t, testSecret, "hello", "{}"), good, 401, 5, "JWTAuth error: invalid character 'h' looking for beginning of value"},
		{"user_id a number", with(`{"user_id":42}`), good, 401, 5, "JWTAuth error: json: cannot unmarshal number into Go struct field StreamJWTClaims.user_id of type string"},
		{"exp an object", with(`{"user_id":"u","exp":{}}`), good, 401, 5, "JWTAuth error: json: cannot unmarshal object into Go struct field StreamJWTClaims.exp of type int64"},
		{"exp a string", with(`{"user_id":"u","exp":"1"}`), good, 401, 5, "JWTAuth error: json: cannot unmarshal string into Go struct field StreamJWTClaims.exp of type int64"},
		{"exp broken", with(`{"user_id":"u","exp":1790003600.5}`), good, 401, 5, "JWTAuth error: json: cannot unmarshal number 1790003600.5 into Go struct field StreamJWTClaims.exp of type int64"},
		{"audience a list", with(`{"user_id":"u","aud":["a"]}`), good, 401, 5, "JWTAuth error: json: cannot unmarshal array into Go struct field StreamJWTClaims.aud of type string"},
		{"alg none", head(`{"alg":"none"}`), good, 401, 5, "JWTAuth error: 'none' signature type is not allowed"},
		{"alg unknown", head(`{"alg":"XX"}`), good, 401, 5, "JWTAuth error: signing method (alg) is unavailable."},
		{"alg missing", head(`{"typ":"JWT"}`), good, 401, 5, "JWTAuth error: signing method (alg) is unspecified."},
		{"RS256", head(`{"alg":"RS256"}`), good, 401, 5, "JWTAuth error: key is of invalid type"},

		{"another secret", mint(t, NewSecret([]byte("other")), "u", MintOptions{}), good, 401, 43, wrong},
		{"a development token", "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VyX2lkIjoiYWxpY2UifQ==.devtoken", good, 401, 43, wrong},
		{"HS512", head(`{"alg":"HS512"}`), good, 401, 43, wrong},
		{"the caller says bad", jws, change(func(w *World) { w.Secret = Secret{} }), 401, 43, wrong},
		{"the caller says good", jws, change(func(w *World) { w.Secret, w.SignatureGood = Secret{}, true }), 200, 0, ""},
		{"auth checks off", "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VyX2lkIjoiYWxpY2UifQ==.devtoken", change(func(w *World) { w.AuthDisabled = true }), 200, 0, ""},

		{"expired", jws, change(func(w *World) { w.Now = at.Add(2 * time.Hour) }), 401, 40, "JWTAuth error: token is expired (exp)"},
		{"its last second", jws, change(func(w *World) { w.Now = at.Add(time.Hour + 999*time.Millisecond) }), 200, 0, ""},
		{"iat a second ahead", jws, change(func(w *World) { w.Now = at.Add(-time.Millisecond) }), 401, 42, "JWTAuth error: token used before issue at (iat)"},
		{"iat in milliseconds", with(`{"user_id":"u","iat":1790000000000}`), good, 401, 42, "JWTAuth error: token used before issue at (iat)"},
		{"nbf ahead", with(`{"user_id":"u","nbf":1790000001}`), good, 401, 41, "JWTAuth error: token not valid yet (nbf)"},
		{"exp zero", with(`{"user_id":"u","exp":0}`), good, 200, 0, ""},
		{"exp in milliseconds", with(`{"user_id":"u","exp":1790003600000}`), good, 200, 0, ""},
		{"revoked", jws, change(func(w *World) { w.RevokedBefore = at.Add(time.Minute) }), 401, 40, "This token has been revoked, please generate a new token"},
		{"revoked for want of iat", with(`{"user_id":"u"}`), change(func(w *World) { w.RevokedBefore = at }), 401, 40, "This token has been revoked, please generate a new token"},
		{"issued after the revocation", jws, change(func(w *World) { w.RevokedBefore = at.Add(-time.Minute) }), 200, 0, ""},
	} {
		good, bad := PredictEither(c.raw, c.w)
		for is, got := range map[bool]Prediction{true: good, false: bad} {
			w := c.w
			w.Secret, w.SignatureGood = Secret{}, is
			if want := Predict(c.raw, w); got != want {
				t.Errorf("%s, signature good %v: %+v, want %+v", c.name, is, got, want)
			}
		}
		if got, want := Predict(c.raw, c.w), (Prediction{c.status, c.code, c.message}); got != want {
			t.Errorf("%s:\n got %+v\nwant %+v", c.name, got, want)
		}
	}
}

// TestPredictOrder: of two faults the one that Stream checks first decides.
func TestPredictOrder(t *testing.T) {
	other := NewSecret([]byte("another app's"))
	late := World{Now: at.Add(2 * time.Hour), Key: testKey, KeyKnown: true, Secret: testSecret, RevokedBefore: at.Add(time.Minute)}
	unknown, suspended := late, late
	unknown.KeyKnown, unknown.Suspended, suspended.Suspended = false, true, true
	expired := mint(t, testSecret, "u", MintOptions{})
	for _, c := range []struct {
		name, raw string
		w         World
		code      int
	}{
		{"key before suspension", "", unknown, CodeKey},
		{"suspension before segments", "", suspended, CodeSuspended},
		{"segments before header", "!.!", late, CodeToken},
		{"types before signature", forge(t, other, `{"alg":"HS256"}`, `{"user_id":1}`), late, CodeToken},
		{"algorithm before signature", forge(t, other, `{"alg":"RS256"}`, `{"user_id":"u"}`), late, CodeToken},
		{"signature before times", mint(t, other, "u", MintOptions{}), late, CodeSignature},
		{"times before revocation", expired, late, CodeExpired},
	} {
		got := Predict(c.raw, c.w)
		if got.Code != c.code || c.name == "times before revocation" && strings.Contains(got.Message, "revoked") {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

// TestPredictAgreesWithFlaws: what Parse and FlawsAt find nothing wrong with,
// Stream accepts, and what Stream rejects to read has a flaw.
func TestPredictAgreesWithFlaws(t *testing.T) {
	w := World{Now: at, Key: testKey, KeyKnown: true, Secret: testSecret}
	for _, payload := range []string{
		`{"user_id":"u"}`, `{"user_id":"u","exp":1790000000}`, `{"user_id":"u","iat":1790000000}`, `{"user_id":"u","nbf":1790000000}`,
		`{"user_id":"u","exp":1789999999}`, `{"user_id":"u","iat":1790000001}`, `{"user_id":"u","nbf":1790000001}`,
		`{"user_id":"u","exp":null}`, `{"user_id":"u","exp":1790003600.0}`, `{"user_id":"u","iat":"x"}`, `{"user_id":1}`, `{"user_id":"u","aud":[]}`,
		`{"user_id":"u","iat":9223372036854775807}`, `{"user_id":"u","exp":9223372036854775808}`, `{"user_id":"u","exp":-5}`, `null`, `[]`, `"x"`, ``,
	} {
		raw := forge(t, testSecret, `{"alg":"HS256"}`, payload)
		tok, p := Parse(raw), Predict(raw, w)
		sound := len(tok.Flaws) == 0 && len(tok.FlawsAt(at, 0)) == 0
		if sound != (p.Status == 200) && payload != "null" { // Go reads null as an empty object
			t.Errorf("%s: flaws %q, %v, yet Stream answers %+v", payload, kinds(tok), tok.FlawsAt(at, 0), p)
		}
	}
}
