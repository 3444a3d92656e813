package tokens

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// seeds are the shapes of failures that public threads report, with RFC 7515's
// example and the Wycheproof vectors.
func seeds(f *testing.F) []string {
	jws := mint(f, testSecret, "test123", MintOptions{})
	seg := strings.Split(jws, ".")
	out := []string{
		"", "undefined", "null", "[object Object]", "development", "Bearer " + jws, `"` + jws + `"`, " " + jws, jws + "\n", "'" + jws + "'",
		`{"token":"` + jws + `"}`, `{"token":{}}`, `["` + jws + `"]`, quoteJSON(quoteJSON(jws)), "%22" + jws + "%22", "token=" + jws + "; Path=/",
		"b'" + jws + "'", seg[0] + "." + seg[1], jws[:len(jws)-1], jws + "=", jws + "." + jws, seg[0] + "." + seg[1] + ".devtoken",
		"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VyX2lkIjoiYWxpY2UifQ==.devtoken", "Authorization: Bearer " + jws, jws[:50] + "\r\n" + jws[50:],
		"<!DOCTYPE html><html></html>", "\ufeff" + jws + "\u200b", "“" + jws + "”", strings.ReplaceAll(jws, ".", "%2E"), "..", "...", ".", "=", "a=b", "{", "[[[[",
		"eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
		"eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.",
	}
	for _, p := range []string{
		`{"user_id":42}`, `{"user_id":"u","exp":"1"}`, `{"user_id":"u","exp":1.5}`, `{"user_id":"u","exp":99999999999999999999}`, `{"user_id":"u","iat":1790000000000}`,
		`{"userId":"u"}`, `{"server":true}`, `{}`, `null`, `"x"`, `{"user_id":"undefined"}`, `{"user_id":"u","aud":["a"]}`, `{"a":{"b":{"user_id":"x"}}}`, `{"user_id":"\u2028é"}`, `{"exp":-9223372036854775808,"iat":9223372036854775807}`,
	} {
		out = append(out, forge(f, testSecret, `{"alg":"HS256","typ":"JWT"}`, p))
	}
	for _, g := range readWycheproof(f).Groups {
		for _, v := range g.Tests {
			out = append(out, v.JWS)
		}
	}
	return out
}

// FuzzParse asserts what holds for any text: the bytes are kept, the parts are
// parts, flaws can be read and written, nothing is accepted that has none.
func FuzzParse(f *testing.F) {
	for _, s := range seeds(f) {
		f.Add(s)
	}
	w := World{Now: at, Key: testKey, KeyKnown: true, Secret: testSecret}
	f.Fuzz(func(t *testing.T, raw string) {
		tok := Parse(raw)
		if tok.Raw != raw {
			t.Fatal("the exact bytes are lost")
		}
		if tok.Clean == "" && (len(tok.Flaws) == 0 || tok.Segments != nil) {
			t.Fatalf("no token, yet %+v", tok)
		}
		if len(tok.Clean) > len(raw) && utf8.ValidString(raw) { // JSON replaces what isn't UTF-8 by longer characters
			t.Fatalf("what is inside is longer than the whole: %q", tok.Clean)
		}
		if tok.Clean != raw && !tok.Has(FlawWrapped, FlawEmpty, FlawSegments) {
			t.Fatalf("unwrapped %q from %q without telling", tok.Clean, raw)
		}
		if len(tok.Segments) < maxSegments && strings.Join(tok.Segments, ".") != tok.Clean {
			t.Fatal("the segments are not the token")
		}
		for _, fl := range tok.Flaws {
			if fl.Detail == "" || !utf8.ValidString(fl.Detail+fl.Got+fl.Want) || len(fl.Detail)+len(fl.Got) > 1000 {
				t.Fatalf("flaw %+v", fl)
			}
		}
		if _, err := json.Marshal(tok.Flaws); err != nil {
			t.Fatal(err)
		}
		if _, err := json.Marshal(tok.FlawsAt(at, time.Second)); err != nil {
			t.Fatal(err)
		}
		if again := Parse(tok.Clean); tok.Clean != "" && (again.Clean != tok.Clean || again.Has(FlawWrapped)) {
			t.Fatalf("unwrapping once was not enough: %q gives %q", tok.Clean, again.Clean)
		}
		p := Predict(raw, w)
		if p.Status == 200 && (tok.Clean != raw || tok.Has(FlawHeader, FlawTruncated, FlawAlgorithm, FlawUserType)) {
			t.Fatalf("accepted with flaws %q", kinds(tok))
		}
		if p.Status != 200 && !w.signedBy(tok) && len(tok.Flaws) == 0 && p.Code != CodeSignature && len(tok.FlawsAt(at, 0)) == 0 {
			t.Fatalf("refused with %+v, and nothing is wrong", p)
		}
		for _, g := range goalsOf(tok) {
			if len(g.want) < minProof || len(g.want) > g.size || g.cut != (len(g.want) < g.size) {
				t.Fatalf("%d bytes aren't proof of an HMAC of %d", len(g.want), g.size)
			}
		}
		if p.Status == 200 && len(FindSigner(context.Background(), tok, []Candidate{{Secret: testSecret}}).Hits) == 0 {
			t.Fatal("accepted, yet no one signed")
		}
		RedactTokens(raw)
		for _, found := range FindTokens(raw) {
			if !strings.Contains(raw, found) || strings.Count(found, ".") < 2 {
				t.Fatalf("found %q", found)
			}
		}
	})
}

func (w World) signedBy(t Token) bool {
	return len(t.Segments) == 3 && w.signed(t.Clean, t.Signature)
}

// FuzzParseError asserts that an error's parts come from the text.
func FuzzParseError(f *testing.F) {
	for _, s := range []string{
		"", "{", `{"code":43,"message":"x","StatusCode":401}`, `{"error":{"code":5,"message":"JWTAuth error: illegal base64 data at input byte 47","StatusCode":401}}`,
		`Connect failed with error: "JWTAuth error: signature is not valid. Make sure the token is created using the secret for API key \"k7m2x9qwz4v8\""`,
		`{"detail":"signature is invalid","status_code":403,"code":17}`, `WS failed with code: 43: AuthErrorTokenSignatureInvalid and reason: x`,
		`ServerErrorPayload(code: 43, message: "m", statusCode: 401)`, `StreamChat error code 43: a failed with error: "b"`, `\\\"code\\\":43`, `{"error":{"error":{"error":{"error":{"error":{}}}}}}`,
		"token is expired (exp)\n", "failed with error: \"", "API key \"", "signature is not valid. API key '",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		e, ok := ParseError(text)
		if !ok {
			return
		}
		plain := unescape(unescape(text))
		if e.Key != "" && (!strings.Contains(plain, e.Key) || len(e.Key) > 64) {
			t.Fatalf("key %q is not in %q", e.Key, text)
		}
		if len(e.Message) > maxErrorText || len(e.Operation) > len(text) {
			t.Fatalf("%+v", e)
		}
		if _, err := json.Marshal(e); err != nil {
			t.Fatal(err)
		}
	})
}
