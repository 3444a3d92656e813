package inspect

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"badsig/checks/inspect/dress"
	"badsig/checks/inspect/plain"
)

// FuzzSecretStaysHidden asserts that of a secret, in any form, wherever it
// is in any string, and wherever it is cut, at most eleven characters in
// a row are repeated: not in words, not in JSON.
func FuzzSecretStaysHidden(f *testing.F) {
	for i, p := range pastes(f) {
		f.Add(p.text, uint(len(p.text)/2), uint8(i), uint8(i/4), uint8(i*7))
	}
	for _, s := range []string{"", " ", "STREAM_API_SECRET=", `{"secret":"`, "curl -u k:", "wss://x/?secret=", "https://key:", "user_id=", `{"user_id":"`, "https://x/", `{"code":16,"message":"`} {
		for form := range uint8(len(writtenForms)) {
			f.Add(s, uint(len(s)), form, uint8(0), uint8(64))
			f.Add(s, uint(len(s)), form, uint8(20), uint8(36))
		}
	}
	in := projectInspector(f).ForList(&Search{}) // without the search for corrupted secrets
	f.Fuzz(func(t *testing.T, s string, at uint, form, from, to uint8) {
		if len(s) > 20_000 {
			return
		}
		n := int(at % uint(len(s)+1))
		first := int(from) % len(projectSecret)
		part := projectSecret[first : first+1+int(to)%(len(projectSecret)-first)]
		// Beside a letter or a digit it is a part of another word, and nothing tells that it is there.
		text := s[:n] + " " + writtenForms[int(form)%len(writtenForms)](part) + " " + s[n:]
		if strings.HasSuffix(s[:n], `"`) || strings.HasSuffix(s[:n], "/") {
			text = s[:n] + writtenForms[int(form)%len(writtenForms)](part) + `" ` + s[n:]
		}
		i := Recognise(text)
		b, err := json.Marshal(in.Judge(t.Context(), i))
		if err != nil {
			t.Fatal(err)
		}
		if shown := partShown(string(b), s); shown != "" {
			t.Errorf("%d characters of the secret are repeated: %s\n%q", len(shown), b, text)
		}
		if i.NeedsProject() {
			return
		}
		if b, err = json.Marshal(new(Inspector).Judge(t.Context(), i)); err != nil {
			t.Fatal(err)
		}
		if shown := partShown(string(b), s); shown != "" {
			t.Errorf("without the project, %d characters of the secret are repeated: %s\n%q", len(shown), b, text)
		}
	})
}

// writtenForms are how a secret is written.
var writtenForms = []func(string) string{
	func(s string) string { return s },
	func(s string) string { return hex.EncodeToString([]byte(s)) },
	func(s string) string { return strings.ToUpper(hex.EncodeToString([]byte(s))) },
	func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
	func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte("-" + s)) },
	func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte("--" + s)) },
	func(s string) string {
		var b strings.Builder
		for i := range len(s) {
			fmt.Fprintf(&b, "%%%02x", s[i])
		}
		return b.String()
	},
}

// shownParts are all parts of the secret of twelve characters, in every form, in lower case
// where the form has no case. In base64 it is what the twelve alone decide.
var shownParts = func() (all []string) {
	for i := range len(projectSecret) - 11 {
		part := projectSecret[i : i+12]
		all = append(all, part, writtenForms[1](part), writtenForms[2](part), writtenForms[6](part), strings.ToUpper(writtenForms[6](part)),
			writtenForms[3](part), writtenForms[4](part)[2:17], writtenForms[5](part)[3:18])
	}
	return all
}()

// partShown is a part of the secret that a document holds, though the text around the secret doesn't.
func partShown(doc, around string) string {
	for _, p := range shownParts {
		if strings.Contains(doc, p) && !strings.Contains(around, p) {
			return p
		}
	}
	return ""
}

// FuzzInput asserts that stdin is one text or a list, and that nothing of it is lost.
func FuzzInput(f *testing.F) {
	for _, p := range pastes(f) {
		f.Add(p.text)
	}
	tok := minted(f, "jane")
	for _, s := range []string{tok + "\n" + tok, tok + "\nundefined\n" + tok + "\n", "http://a/b\nhttp://c/d", "\n\n", tok + "\nnot a token"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		in, err := ReadInput(strings.NewReader(s))
		if err != nil {
			t.Fatal(err)
		}
		if !in.Many {
			if in.Text != strings.TrimRight(s, "\r\n") && len(s) <= maxText {
				t.Errorf("%q came as %q", s, in.Text)
			}
			return
		}
		n := 0
		for {
			if _, err := in.Rest.Next(); err != nil {
				break
			}
			n++
		}
		if n < 2 {
			t.Errorf("a list of %d: %q", n, s)
		}
	})
}

// FuzzClean asserts that cleaning makes no text longer than it may and leaves
// nothing that acts on a terminal, and that searching finds what is there.
func FuzzClean(f *testing.F) {
	for _, p := range pastes(f) {
		f.Add(p.text)
	}
	for _, s := range []string{"\x1b[31m", "\x1b]0;t\x07", "&quot;&#34;&#x22;", `\\\"\u0022\n`, "\xff\xfeA\x00", "I/x (1): ", "a | b", "[a] b", "2026-01-01T00:00:00Z ", "“”"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := plain.Clean(s)
		if len(got) > 3*len(s)+8 { // an invalid byte becomes three
			t.Errorf("%d bytes became %d", len(s), len(got))
		}
		if i := strings.IndexFunc(got, func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' || r == 0x7f }); i >= 0 {
			t.Errorf("a control character stays: %q", got)
		}
		q := plain.Squeeze(got)
		for _, s := range dress.SentencesIn(q) {
			if s.From < 0 || s.To > len(got) || s.From >= s.To {
				t.Errorf("found at %v of %d", s.Spot, len(got))
			}
		}
	})
}

// vectors are the tokens of Wycheproof, beside the example of RFC 7515's appendix A.1.
func vectors(t testing.TB) []string {
	t.Helper()
	b, err := os.ReadFile("../../tokens/testdata/wycheproof.json")
	if err != nil {
		t.Fatal(err)
	}
	var w struct {
		Groups []struct{ Tests []struct{ JWS string } }
	}
	if err := json.Unmarshal(b, &w); err != nil {
		t.Fatal(err)
	}
	all := []string{"eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"}
	for _, g := range w.Groups {
		for _, v := range g.Tests {
			all = append(all, v.JWS)
		}
	}
	return all
}

func FuzzRecognise(f *testing.F) {
	tok := minted(f, "jane")
	for _, v := range vectors(f) {
		f.Add(v)
		f.Add("authorization: " + v)
	}
	seg := strings.Split(tok, ".")
	for _, s := range []string{
		// What people had in hand: mangled tokens, and the strings of Stream, of its SDKs and of loaders.
		`"` + tok + `"`, " " + tok + "\n", `{"token":{}}`, "[object Object]", "null", "development", seg[0] + "." + seg[1], seg[0] + "." + seg[1] + ".devtoken", tok[:len(tok)-3], "<!DOCTYPE html>",
		`JWTAuth error: signature is not valid. Make sure the token is created using the secret for API key "` + key + `"`, `Connect failed with error: "Token signature is invalid"`,
		"JWTAuth error: token contains an invalid number of segments", "JWTAuth error: illegal base64 data at input byte 47", "JWTAuth error: invalid character 'h' in literal true (expecting 'r')",
		"json: cannot unmarshal number into Go struct field StreamJWTClaims.user_id of type string", "stream-auth-type missing or invalid", "anon auth token must have user_id claim equal to '!anon'",
		"token is expired (exp)", "This token has been revoked, please generate a new token", "token not valid yet (nbf)", "token used before issue at (iat)", "api_key not valid", "Chat is not enabled for organization",
		"tokens can only be created server-side using the API Secret", "secretOrPrivateKey must have a value", "userToken does not have a user_id or is not matching with user.id", "Unexpected token < in JSON at position 0",
		`{"code":40,"message":"JWTAuth error: token is expired (exp)","StatusCode":401,"duration":"0.00ms","more_info":"https://getstream.io/chat/docs/api_errors_response"}`,
		tok, "Bearer " + tok, "authorization: " + tok, `{"token":"` + tok + `"}`, "undefined", "",
		"wss://chat.stream-io-api.com/connect?json=%7B%22user_id%22%3A%22jane%22%7D&api_key=" + key + "&authorization=" + tok,
		"https://key:secret@us-east.stream-io-api.com/?app_id=1", "http://[::1]:3001/x?%zz=%", "ws://?json={&json=%7B",
		`{"code":43,"message":"JWTAuth error: signature is not valid","StatusCode":401}`,
	} {
		f.Add(s)
	}
	for _, p := range pastes(f) {
		f.Add(p.text)
	}
	in := &Inspector{Now: func() time.Time { return now }}
	f.Fuzz(func(t *testing.T, s string) {
		got := in.Inspect(context.Background(), s)
		if got.Is == "" || got.Verdict == "" {
			t.Errorf("nothing is said about %q", s)
		}
		checkPrintable(t, append(got.Says, got.Is, got.URL, got.Key, got.UserID, got.UserName, got.Method)...)
		if _, err := json.Marshal(got); err != nil {
			t.Errorf("%q: %v", s, err)
		}
	})
}

func FuzzCurl(f *testing.F) {
	for _, s := range []string{
		`curl 'http://localhost:3001/api/stream/token' -H 'a: b' --data-raw '{"userId":"x"}' --compressed`,
		"curl ^\"http://localhost/^\" ^\r\n -H ^\"a: b^\"", `curl $'http://x\u00e9/\'' -d$'\x41'`, `curl "a\"b" \`, "curl -H", "curl '", "curl.exe http://x `\n -X POST",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		args := plain.Split("curl " + s)
		if len(args) > plain.MaxWords+1 {
			t.Errorf("%d arguments", len(args))
		}
		got := FromArgv(args)
		checkPrintable(t, got.Is, got.URL, got.Key, got.UserID, got.UserName, got.Method)
	})
}

// FuzzURL asserts that a URL, however it was copied, is read without a control
// character, and that what it is shown as holds no token and no password of it.
func FuzzURL(f *testing.F) {
	tok := minted(f, "jane")
	for _, s := range append(vectors(f)[:20], tok, "undefined", "%5Bobject%20Object%5D", "") {
		f.Add("wss", "chat.stream-io-api.com", "connect?api_key="+key+"&stream-auth-type=jwt&authorization="+s)
	}
	for _, s := range [][3]string{
		{"wss", "chat.stream-io-api.com", "connect?json=%7B%22user_id%22%3A%22jane%22%2C%22user_details%22%3A%7B%22id%22%3A%22jane%22%7D%2C%22user_token%22%3A%22" + tok + "%22%7D&api_key=" + key},
		{"https", key + ":secret@us-east.stream-io-api.com", "?app_id=1"}, {"http", "[::1]:3001", "x?%zz=%"}, {"ws", "", "?json={&json=%7B"}, {"http", "localhost:3001", "token?user_id=jane#/x?token=" + tok},
		{"HTTPS", "a@b@c", "?" + strings.Repeat("a=b&", 300)}, {"http", "x\\y", "//?"}, {"http", "\u202e", "\x1b[31m?uid=\x07"},
	} {
		f.Add(s[0], s[1], s[2])
	}
	f.Fuzz(func(t *testing.T, scheme, host, rest string) {
		got, ok := urlText(scheme + "://" + host + "/" + rest)
		if !ok {
			return
		}
		checkPrintable(t, got.Is, got.URL, got.Key, got.UserID, got.UserName)
		if strings.ContainsAny(got.URL, "?#") || strings.Contains(got.URL, "secret@") {
			t.Errorf("more than the address is shown: %q", got.URL)
		}
	})
}

// checkPrintable asserts that nothing shown can reach a terminal as a control.
func checkPrintable(t *testing.T, texts ...string) {
	t.Helper()
	for _, s := range texts {
		if strings.ContainsFunc(s, func(r rune) bool { return r < 0x20 || r == 0x7f || r >= 0x80 && r < 0xa0 }) {
			t.Errorf("a control character is shown: %q", s)
		}
	}
}
