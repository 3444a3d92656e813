package tokens

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"os"
	"strings"
	"testing"
)

// kinds lists a token's flaws as "kind" or "wrapped:how".
func kinds(t Token) string {
	var out []string
	for _, f := range t.Flaws {
		k := string(f.Kind)
		if f.Wrap != "" {
			k += ":" + f.Wrap
		}
		out = append(out, k)
	}
	return strings.Join(out, " ")
}

func TestParseUnwraps(t *testing.T) {
	jws := mint(t, testSecret, "test123", MintOptions{})
	quoted, _ := json.Marshal(jws)
	twice, _ := json.Marshal(string(quoted))
	for _, c := range []struct{ name, raw, want string }{
		{"bare", jws, ""},
		{"double quotes", `"` + jws + `"`, "wrapped:quotes"},
		{"single quotes", `'` + jws + `'`, "wrapped:quotes"},
		{"backticks", "`" + jws + "`", "wrapped:quotes"},
		{"curly quotes", "“" + jws + "”", "wrapped:quotes"},
		{"a lonely quote", jws + `"`, "wrapped:quotes"},
		{"escaped quotes", `\"` + jws + `\"`, "wrapped:quotes"},
		{"a JSON string of a JSON string", string(twice), "wrapped:quotes"},
		{"Bearer", "Bearer " + jws, "wrapped:bearer"},
		{"bearer, two spaces", "bearer  " + jws, "wrapped:bearer"},
		{"JWT", "JWT " + jws, "wrapped:bearer"},
		{"a header line", "Authorization: Bearer " + jws, "wrapped:header wrapped:bearer"},
		{"a header line without Bearer", "authorization: " + jws, "wrapped:header"},
		{"leading space", " " + jws, "wrapped:blank"},
		{"trailing newline", jws + "\n", "wrapped:newline"},
		{"trailing CR LF", jws + "\r\n", "wrapped:newline"},
		{"no-break space", jws + "\u00a0", "wrapped:blank"},
		{"byte order mark", "\ufeff" + jws, "wrapped:invisible"},
		{"zero-width space", jws + "\u200b", "wrapped:invisible"},
		{"JSON", `{"token":"` + jws + `","userId":"test123"}`, "wrapped:json"},
		{"nested JSON", `{"data":{"user":{"streamToken":"` + jws + `"}}}`, "wrapped:json"},
		{"JSON list", `["` + jws + `"]`, "wrapped:json"},
		{"JSON in a JSON text", `{"body":"{\"token\":\"` + jws + `\"}"}`, "wrapped:json"},
		{"JSON with Bearer and newline", `{"token":"Bearer ` + jws + `\n"}`, "wrapped:json wrapped:newline wrapped:bearer"},
		{"percent-encoded quotes", "%22" + jws + "%22", "wrapped:percent wrapped:quotes"},
		{"percent-encoded dots", strings.ReplaceAll(jws, ".", "%2E"), "wrapped:percent"},
		{"percent-encoded JSON", url.QueryEscape(`{"token":"` + jws + `"}`), "wrapped:percent wrapped:json"},
		{"a cookie", "stream_token=" + jws, "wrapped:cookie"},
		{"a cookie with attributes", "token=" + jws + "; Path=/; HttpOnly", "wrapped:cookie"},
		{"its variable's name", "REACT_APP_STREAM_TOKEN=" + jws, "wrapped:cookie"},
		{"Python bytes", "b'" + jws + "'", "wrapped:bytes-literal"},
		{"trailing comma", jws + ",", "wrapped:punctuation"},
		{"angle brackets", "<" + jws + ">", "wrapped:punctuation"},
		{"a newline inside", jws[:60] + "\n" + jws[60:], "wrapped:newline"},
		{"a space inside", jws[:60] + " " + jws[60:], "wrapped:blank"},
		{"a log line", "[info] issued " + jws + " for test123", "wrapped:text"},
		{"quotes, newline, Bearer", "\"Bearer " + jws + "\"\n", "wrapped:newline wrapped:quotes wrapped:bearer"},
	} {
		got := Parse(c.raw)
		if got.Clean != jws {
			t.Errorf("%s: inside is %q", c.name, got.Clean)
		}
		if kinds(got) != c.want {
			t.Errorf("%s: flaws %q, want %q", c.name, kinds(got), c.want)
		}
		if got.Raw != c.raw {
			t.Errorf("%s: the exact bytes are lost", c.name)
		}
		if id, _ := got.UserID(); id != "test123" || len(got.Signature) != 32 {
			t.Errorf("%s: decoded %v, %d bytes of signature", c.name, got.Claims, len(got.Signature))
		}
	}
}

func TestParseFlaws(t *testing.T) {
	jws := mint(t, testSecret, "test123", MintOptions{})
	seg := strings.Split(jws, ".")
	sig, _ := base64.RawURLEncoding.DecodeString(seg[2])
	with := func(payload string) string { return forge(t, testSecret, `{"alg":"HS256","typ":"JWT"}`, payload) }
	head := func(header string) string { return forge(t, testSecret, header, `{"user_id":"test123"}`) }
	for _, c := range []struct{ name, raw, want string }{
		{"nothing", "", "empty"},
		{"blanks", " \n", "empty"},
		{"undefined", "undefined", "empty"},
		{"null in quotes", `"null"`, "empty"},
		{"an object printed", "[object Object]", "empty"},
		{"Bearer and nothing", "Bearer undefined", "empty"},
		{"a page", "<!DOCTYPE html><html><body>Cannot GET /token</body></html>", "segments"},
		{"JSON without a token", `{"error":"no"}`, "segments"},
		{"words", "development", "segments"},
		{"an API secret", "m4x8q2zv7k9pw3ty6hb5nc8rd2fg4js7au9ebq6t3wz8xk5vn2cm7yp4hd9rgf3s", "segments"},

		{"cut in the header", jws[:20], "truncated"},
		{"cut in the payload", seg[0] + "." + seg[1][:30], "truncated"},
		{"cut before the signature", seg[0] + "." + seg[1], "truncated"},
		{"cut after the second dot", seg[0] + "." + seg[1] + ".", "truncated"},
		{"cut by one character", jws[:len(jws)-1], "truncated"},
		{"cut by three characters", jws[:len(jws)-3], "truncated"},
		{"cut by twenty characters", jws[:len(jws)-20], "truncated"},
		{"payload cut, signature there", seg[0] + "." + seg[1][:31] + "." + seg[2], "truncated"},
		{"four segments", jws + "." + seg[2], "segments"},
		{"five segments", jws + "." + seg[2] + "." + seg[2], "segments"},

		{"signature in base64", seg[0] + "." + seg[1] + "." + base64.StdEncoding.EncodeToString([]byte(strings.Repeat("\xff\xef", 16))), "encoding"},
		{"signature padded", jws + "=", "encoding"},
		{"signature in hex", seg[0] + "." + seg[1] + "." + hex.EncodeToString(sig), "encoding"},
		{"signature's hex in base64url", seg[0] + "." + seg[1] + "." + b64(hex.EncodeToString(sig)), "encoding"},
		{"payload padded", forgeSegments(testSecret, seg[0], base64.URLEncoding.EncodeToString([]byte(`{"user_id":"jane"}  `))), "encoding"},
		{"payload in base64", forgeSegments(testSecret, seg[0], base64.StdEncoding.EncodeToString([]byte(`{"user_id":"jane","name":"ÿþ?>~"}`))), "encoding"},
		{"header and payload in hex", forgeSegments(testSecret, hex.EncodeToString([]byte(`{"alg":"HS256"}`)), hex.EncodeToString([]byte(`{"user_id":"jane"}`))), "encoding encoding"},
		{"a strange character", seg[0] + "." + seg[1] + "." + seg[2][:10] + "ä" + seg[2][10:], "garbled"},
		{"extra characters", jws + "AAAA", "garbled"},

		{"header no JSON", forge(t, testSecret, "hello", `{"user_id":"jane"}`), "header"},
		{"header a list", forge(t, testSecret, `["HS256"]`, `{"user_id":"jane"}`), "header"},
		{"payload no JSON", with("hello"), "payload"},
		{"payload a string", with(`"jane"`), "payload"},
		{"payload null", with(`null`), "payload"},
		{"payload and more", with(`{"user_id":"jane"}{}`), "payload"},
		{"payload empty", seg[0] + ".." + seg[2], "payload"},

		{"a development token", "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VyX2lkIjoiYWxpY2UifQ==.devtoken", "dev"},
		{"a development token without padding", standardHeader + ".eyJ1c2VyX2lkIjoiam9obiJ9.devtoken", "dev"},

		{"HS512", strings.Replace(head(`{"alg":"HS512"}`), "~", "", 1), "algorithm"},
		{"no algorithm", head(`{"typ":"JWT"}`), "algorithm"},
		{"algorithm a number", head(`{"alg":256}`), "algorithm"},
		{"algorithm none", b64(`{"alg":"none"}`) + "." + b64(`{"user_id":"u"}`) + ".", "algorithm"},
		{"algorithm in small letters", head(`{"alg":"hs256"}`), "algorithm"},
		{"RS256", head(`{"alg":"RS256"}`), "algorithm"},
		{"typ left away", head(`{"alg":"HS256"}`), ""},
		{"a kid beside HS256", head(`{"alg":"HS256","kid":"1"}`), ""},

		{"Firebase", forge(t, testSecret, `{"alg":"RS256","kid":"ab"}`, `{"iss":"https://securetoken.google.com/p","aud":"p","user_id":"Xy1","sub":"Xy1"}`), "foreign algorithm user-chars"},
		{"Supabase", with(`{"iss":"https://x.supabase.co/auth/v1","aud":"authenticated","sub":"1-2","role":"authenticated"}`), "foreign user-missing"},
		{"Auth0", forge(t, testSecret, `{"alg":"RS256","kid":"ab"}`, `{"iss":"https://x.eu.auth0.com/","sub":"auth0|1","aud":["a"]}`), "foreign algorithm user-missing claim-type"},
		{"Clerk", forge(t, testSecret, `{"alg":"RS256","kid":"ab"}`, `{"iss":"https://clerk.x.dev","azp":"http://localhost:3000","sid":"s","sub":"user_1"}`), "foreign algorithm user-missing"},
		{"an unknown issuer with a key pair", head(`{"alg":"ES256","kid":"ab"}`), "foreign algorithm"},
		{"own session", with(`{"id":"5","email":"a@b.c","iat":1790000000,"exp":1790003600}`), "foreign user-missing"},
		{"Stream's pronto sample", with(`{"iss":"https://pronto.getstream.io","sub":"user/jane","user_id":"jane","exp":1790003600,"iat":1790000000}`), ""},

		{"server", with(`{"server":true}`), "server"},
		{"server as a string", with(`{"server":"true"}`), "server"},
		{"nobody", with(`{}`), "server"},
		{"no one, with times", with(`{"iat":1790000000,"exp":1790003600}`), "server"},
		{"server of Java's SDK", with(`{"iss":"Stream Chat Java SDK","sub":"Stream Chat Java SDK","server":true,"scope":"admins","iat":1790000000}`), "server"},
		{"Feeds v2", with(`{"resource":"*","action":"*","feed_id":"*"}`), "server"},

		{"userId", with(`{"userId":"jane"}`), "user-missing"},
		{"sub", with(`{"sub":"jane"}`), "user-missing"},
		{"id", with(`{"id":5}`), "user-missing"},
		{"one level down", with(`{"user":{"id":"jane"}}`), "user-missing"},
		{"empty", with(`{"user_id":""}`), "user-missing"},
		{"null", with(`{"user_id":null}`), "user-missing"},
		{"a number", with(`{"user_id":42}`), "user-type"},
		{"an object", with(`{"user_id":{"id":"a"}}`), "user-type"},
		{"undefined as id", with(`{"user_id":"undefined"}`), "user-text"},
		{"NaN as id", with(`{"user_id":"NaN"}`), "user-text"},
		{"object as id", with(`{"user_id":"[object Object]"}`), "user-text"},
		{"future as id", with(`{"user_id":"Instance of 'Future<String>'"}`), "user-text"},
		{"template as id", with(`{"user_id":"${userId}"}`), "user-text"},
		{"a pipe", with(`{"user_id":"auth0|1"}`), "user-chars"},
		{"capitals", with(`{"user_id":"John"}`), "user-chars"},
		{"an umlaut", with(`{"user_id":"jörg"}`), "user-chars"},
		{"all that is allowed", with(`{"user_id":"a@b_c-9"}`), ""},

		{"exp a string", with(`{"user_id":"u","exp":"1790003600"}`), "claim-type"},
		{"exp broken", with(`{"user_id":"u","exp":1790003600.5}`), "claim-type"},
		{"exp with a useless fraction", with(`{"user_id":"u","exp":1790003600.0}`), "claim-type"},
		{"exp in powers of ten", with(`{"user_id":"u","exp":1.79e9}`), "claim-type"},
		{"exp an object", with(`{"user_id":"u","exp":{}}`), "claim-type"},
		{"iat and nbf strings", with(`{"user_id":"u","iat":"now","nbf":true}`), "claim-type claim-type"},
		{"exp null", with(`{"user_id":"u","exp":null}`), ""},
		{"exp zero", with(`{"user_id":"u","exp":0}`), ""},
		{"audience a list", with(`{"user_id":"u","aud":["a"]}`), "claim-type"},
		{"iat in milliseconds", with(`{"user_id":"u","iat":1790000000000}`), "iat-millis"},
		{"exp in milliseconds", with(`{"user_id":"u","iat":1790000000,"exp":1790003600000}`), "exp-millis"},
		{"both in milliseconds", with(`{"user_id":"u","iat":1790000000000,"exp":1790003600000}`), "iat-millis exp-millis"},
		{"exp an hour", with(`{"user_id":"u","exp":3600}`), "exp-relative"},
		{"three seconds", with(`{"user_id":"u","iat":1790000000,"exp":1790000003}`), "exp-short"},
		{"dead at birth", with(`{"user_id":"u","iat":1790000000,"exp":1789999000}`), "exp-short"},
		{"now added to now", with(`{"user_id":"u","iat":1790000000,"exp":3580003600}`), "exp-far"},
		{"exp beyond all numbers", with(`{"user_id":"u","exp":99999999999999999999}`), "claim-type"},
		{"no times", with(`{"user_id":"u"}`), ""},
		{"2030", with(`{"user_id":"u","exp":1893456000}`), ""},
		{"ten years", with(`{"user_id":"u","iat":1790000000,"exp":2105360000}`), ""},
		{"harmless claims", with(`{"user_id":"u","name":"Ü","role":"user","call_cids":["a:b"],"channel_cids":[],"validity_in_seconds":3600}`), ""},
		{"two at the same time", with(`{"userId":"u","exp":3600,"iat":1790000000000}`), "user-missing iat-millis exp-relative"},
	} {
		got := Parse(c.raw)
		if kinds(got) != c.want {
			t.Errorf("%s: flaws %q, want %q\n%+v", c.name, kinds(got), c.want, got.Flaws)
		}
		checkFlaws(t, c.name, got)
	}
}

// checkFlaws asserts what every flaw owes its reader.
func checkFlaws(t *testing.T, name string, got Token) {
	t.Helper()
	for _, f := range got.Flaws {
		if f.Detail == "" || strings.HasSuffix(f.Detail, ".") || len(f.Detail) > 240 {
			t.Errorf("%s: %s has the detail %q", name, f.Kind, f.Detail)
		}
		if f.Want == "" || f.Got == "" {
			t.Errorf("%s: %s says not what was got and wanted: %+v", name, f.Kind, f)
		}
		if strings.ContainsAny(f.Detail+f.Got+f.Want, "\n\r\x1b") {
			t.Errorf("%s: %s carries control characters: %+q", name, f.Kind, f)
		}
		if s := got.Signature; len(s) == 32 && strings.Contains(f.Detail+f.Got+f.Want, got.Segments[2]) {
			t.Errorf("%s: %s shows the signature", name, f.Kind)
		}
	}
}

func TestParseNamesTheLookAlike(t *testing.T) {
	for payload, want := range map[string]string{
		`{"userId":"jane","name":"Jane"}`: "userId",
		`{"userID":"jane"}`:               "userID",
		`{"uid":"jane"}`:                  "uid",
		`{"sub":"jane"}`:                  "sub",
		`{"user":{"id":"jane"}}`:          "user.id",
		`{"payload":{"user_id":"jane"}}`:  "payload.user_id",
		`{"username":"jane","a":1}`:       "username",
	} {
		f := Parse(forge(t, testSecret, `{"alg":"HS256"}`, payload)).Flaws[0]
		if f.Kind != FlawUserMissing || f.Got != want || !strings.Contains(f.Detail, want) {
			t.Errorf("%s: %+v, want %s", payload, f, want)
		}
	}
}

// TestParseChoosesStreamsToken: a response that carries the app's own session
// beside Stream's token.
func TestParseChoosesStreamsToken(t *testing.T) {
	own := forge(t, testSecret, `{"alg":"HS256"}`, `{"id":5,"email":"a@b.c"}`)
	jws := mint(t, testSecret, "jane", MintOptions{})
	for _, raw := range []string{
		`{"token":"` + own + `","streamToken":"` + jws + `"}`,
		`{"accessToken":"` + own + `","result":{"data":{"x":"` + jws + `"}}}`,
	} {
		if got := Parse(raw); got.Clean != jws {
			t.Errorf("%s…: chose %s", raw[:20], got.Clean)
		}
	}
}

func TestParseRFC7515(t *testing.T) {
	const jws = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
	got := Parse(jws)
	if got.Alg() != "HS256" || got.Claims["iss"] != "joe" || got.Claims["exp"] != json.Number("1300819380") {
		t.Errorf("appendix A.1 is read as %+v", got)
	}
	key := NewSecret([]byte("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"))
	s := FindSigner(t.Context(), got, []Candidate{{ID: 1, Secret: key}})
	if len(s.Hits) != 1 || s.Hits[0].Damages[0] != "base64-decoded" || s.Hits[0].Length != 64 {
		t.Errorf("its key, given in base64url, is found as %+v", s)
	}
}

type wycheproof struct {
	Groups []struct {
		Alg, K string
		Tests  []struct {
			ID                   int
			Comment, Result, JWS string
		}
	}
}

func readWycheproof(t testing.TB) (w wycheproof) {
	t.Helper()
	b, err := os.ReadFile("testdata/wycheproof.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &w); err != nil {
		t.Fatal(err)
	}
	return w
}

// TestWycheproof: what the vectors call valid is signed by their key, what
// they call invalid is not, or has a flaw that Stream stops at.
func TestWycheproof(t *testing.T) {
	otherwise := map[int]string{
		367: "the very text that 357 calls valid", 370: "the very text that 357 calls valid",
		372: "a strange character in the header, which Go's base64 rejects", 373: "the same in the payload",
		375: "unused bits set, which Go's base64 ignores and the signature covers",
	}
	valid := 0
	for _, g := range readWycheproof(t).Groups {
		if g.K == "" {
			continue
		}
		key, err := base64.RawURLEncoding.DecodeString(g.K)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range g.Tests {
			got := Parse(v.JWS)
			signed := len(FindSigner(t.Context(), got, []Candidate{{Secret: NewSecret(key)}}).Hits) > 0
			sound := !got.Has(FlawTruncated, FlawSegments, FlawEncoding, FlawGarbled, FlawAlgorithm, FlawHeader, FlawEmpty, FlawWrapped)
			if v.Result == "valid" {
				valid++
			}
			if _, known := otherwise[v.ID]; known {
				continue
			}
			if (v.Result == "valid") != (signed && sound) {
				t.Errorf("%d %s: %s, but signed %v, flaws %q\n%s", v.ID, v.Comment, v.Result, signed, kinds(got), v.JWS)
			}
		}
	}
	if valid == 0 {
		t.Error("no valid vector was read")
	}
}
