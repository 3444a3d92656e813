package inspect

import (
	"context"
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/probe"
	"badsig/checks/probe/signer"
	"badsig/checks/sanitize"
	"badsig/tokens"
)

// Garbage is collected less often than in the program: a sixth of the tests' work less.
var _ = debug.SetGCPercent(400)

var (
	now    = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	secret = tokens.NewSecret([]byte(strings.Repeat("k7", 32)))
)

const key = "mmzr5ec7n8xq"

func minted(t testing.TB, user string) string {
	t.Helper()
	tok, err := tokens.Mint(secret, user, now.Add(-time.Minute), tokens.MintOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return tok
}

// What people paste, and what has to be taken from it.
func TestRecognize(t *testing.T) {
	tok := minted(t, "jane")
	connect := `{"user_id":"jane","user_details":{"id":"jane","name":"Jane Doe"}}`
	ws := "wss://chat.stream-io-api.com/connect?json=" + url.QueryEscape(connect) + "&api_key=" + key +
		"&authorization=" + tok + "&stream-auth-type=jwt&X-Stream-Client=stream-chat-js"
	bash := `curl 'http://localhost:3001/api/stream/token' \
  -H 'Accept: */*' \
  -H 'Origin: http://localhost:3000' \
  -H 'content-type: application/json' \
  --data-raw '{"userId":"jane","userName":"Jane O'\''Neil"}' \
  --compressed`
	cmd := "curl ^\"http://localhost:3001/api/stream/token^\" ^\r\n  -H ^\"content-type: application/json^\" ^\r\n  --data-raw ^\"^{^\\^\"userId^\\^\":^\\^\"jane^\\^\",^\\^\"userName^\\^\":^\\^\"Jane^\\^\"^}^\""
	ansi := `curl 'http://localhost:3001/token' -X 'POST' --data-raw $'{"userId":"jane","userName":"Jane \u00c9"}'`
	api := "curl 'https://chat.stream-io-api.com/channels?api_key=" + key + "' -H 'Authorization: " + tok + "' -H 'stream-auth-type: jwt'"
	for _, c := range []struct {
		name, text               string
		kind                     Kind
		key, token, user, person string
		endpoint                 string
	}{
		{name: "token", text: tok, kind: KindToken, token: tok},
		{name: "token and newline", text: tok + "\n", kind: KindToken, token: tok + "\n"},
		{name: "quoted token", text: `"` + tok + `"`, kind: KindToken, token: `"` + tok + `"`},
		{name: "bearer", text: "Bearer " + tok, kind: KindBearer, token: "Bearer " + tok},
		{name: "header", text: "authorization: " + tok, kind: KindHeader, token: tok},
		{name: "header with bearer", text: "Authorization: Bearer " + tok, kind: KindHeader, token: "Bearer " + tok},
		{name: "websocket", text: ws, kind: KindWebSocket, key: key, token: tok, user: "jane", person: "Jane Doe"},
		{name: "websocket, token escaped", text: strings.Replace(ws, tok, strings.ReplaceAll(tok, ".", "%2E"), 1), kind: KindWebSocket, key: key, token: tok, user: "jane", person: "Jane Doe"},
		{name: "websocket of a newer client", text: "wss://video.stream-io-api.com/video/connect?api_key=" + key + "&stream-auth-type=jwt", kind: KindWebSocket, key: key},
		{name: "curl for bash", text: bash, kind: KindCurl, user: "jane", person: "Jane O'Neil", endpoint: "http://localhost:3001/api/stream/token"},
		{name: "curl for cmd", text: cmd, kind: KindCurl, user: "jane", person: "Jane", endpoint: "http://localhost:3001/api/stream/token"},
		{name: "curl with $''", text: ansi, kind: KindCurl, user: "jane", person: "Jane É", endpoint: "http://localhost:3001/token"},
		{name: "curl to Stream", text: api, kind: KindCurl, key: key, token: tok},
		{name: "endpoint URL", text: "http://localhost:3001/api/stream/token?user_id=jane", kind: KindURL, user: "jane", endpoint: "http://localhost:3001/api/stream/token?user_id=jane"},
		{name: "answer", text: `{"token":"` + tok + `","userId":"jane","apiKey":"` + key + `"}`, kind: KindAnswer, key: key, token: tok, user: "jane"},
		{name: "response without token", text: `{"error":"userId is required"}`, kind: KindAnswer},
		{name: "response with an object", text: `{"token":{}}`, kind: KindAnswer},
		{name: "error, text", text: `StreamChat error code 43: Connect failed with error: "JWTAuth error: signature is not valid. Make sure the token is created using the secret for API key "` + key + `""`, kind: KindError, key: key},
		{name: "error, JSON", text: `{"code":43,"message":"JWTAuth error: signature is not valid. Make sure the token is created using the secret for API key \"` + key + `\"","StatusCode":401,"duration":"0.00ms"}`, kind: KindError, key: key},
		{name: "error, WebSocket frame", text: `{"error":{"code":40,"message":"JWTAuth error: token is expired (exp)","StatusCode":401,"duration":"0.00ms","more_info":""}}`, kind: KindError},
		{name: "key", text: key, kind: KindKey, key: key},
		{name: "key in quotes", text: `"` + key + `"`, kind: KindKey, key: key},
		{name: "secret", text: strings.Repeat("k7", 32), kind: KindSecret},
		{name: "undefined", text: "undefined", kind: KindToken, token: "undefined"},
		{name: "token in a log line", text: "2026-03-01 got token=" + tok + " for jane", kind: KindToken, token: tok},
		{name: "empty", text: " \n\t", kind: KindNothing},
		{name: "words", text: "it does not work", kind: KindUnknown},
		{name: "HTML", text: "<!doctype html><html><body>hello</body></html>", kind: KindRelated},
		{name: "binary", text: "\x00\xff\xfe\x80\x1b[31m", kind: KindUnknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Recognise(c.text)
			if got.Kind != c.kind {
				t.Fatalf("kind %s (%s), want %s", got.Kind, got.Is, c.kind)
			}
			if got.Key != c.key || got.UserID != c.user || got.UserName != c.person {
				t.Errorf("key %q user %q name %q, want %q %q %q", got.Key, got.UserID, got.UserName, c.key, c.user, c.person)
			}
			if strings.TrimSpace(got.Token()) != strings.TrimSpace(c.token) {
				t.Errorf("token %q, want %q", got.Token(), c.token)
			}
			if got.Endpoint() != c.endpoint {
				t.Errorf("endpoint %q, want %q", got.Endpoint(), c.endpoint)
			}
			if got.Is == "" {
				t.Error("no words for it")
			}
		})
	}
}

// A cURL command for a guarded endpoint hands its headers on, login included.
func TestCurlKeepsHeaders(t *testing.T) {
	got := Recognise(`curl http://localhost:3001/token -H 'Authorization: Bearer login-of-my-app' -b 'session=abc' -d 'userId=jane'`)
	if got.Header.Get("Authorization") != "Bearer login-of-my-app" || got.Header.Get("Cookie") != "session=abc" {
		t.Errorf("headers %v", got.Header)
	}
	if got.Token() != "" {
		t.Errorf("a login was taken for a Stream token: %q", got.Token())
	}
	if got.Method != "POST" || got.UserID != "jane" {
		t.Errorf("method %q user %q", got.Method, got.UserID)
	}
	if b, _ := json.Marshal(got); strings.Contains(string(b), "login-of-my-app") || strings.Contains(string(b), "session=abc") {
		t.Errorf("the login is printed: %s", b)
	}
}

// keyring looks through a project whose only secret is the one that signs here.
func keyring(t *testing.T, value string, given tokens.Secret) *Inspector {
	t.Helper()
	dir := t.TempDir()
	server := filepath.Join(dir, "server")
	if err := os.MkdirAll(server, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"package.json": `{"type":"module","scripts":{"dev":"node server.js"},"dependencies":{"express":"5","dotenv":"17","jsonwebtoken":"9"}}`,
		".env":         "STREAM_API_KEY=" + key + "\nSTREAM_API_SECRET=" + value + "\n",
		"server.js":    "import 'dotenv/config';\nimport jwt from 'jsonwebtoken';\napp.post('/api/stream/token', (q, r) => r.json({ token: jwt.sign({ user_id: q.body.userId }, process.env.STREAM_API_SECRET) }));\n",
	} {
		if err := os.WriteFile(filepath.Join(server, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	w := probe.Look(context.Background(), facts.Target{Dir: dir, Offline: true, Secret: given}, facts.NameServer)
	return &Inspector{Keys: signer.NewKeyring(w), Now: func() time.Time { return now }}
}

// How Stream responds and who signed: the sentences a person needs.
func TestInspectJudges(t *testing.T) {
	plain := strings.Repeat("k7", 32)
	tok := minted(t, "jane")
	expired, _ := tokens.Mint(secret, "jane", now.Add(-2*time.Hour), tokens.MintOptions{})
	for _, c := range []struct {
		name    string
		in      *Inspector
		text    string
		verdict string
		code    int // Stream's; -1: not predicted
		signed  string
		cause   causes.ID
		says    string
	}{
		{"project's secret", keyring(t, plain, tokens.Secret{}), tok, accepted, 0, "server/.env:2", "", "if this secret belongs to the browser's API key"},
		{"dashboard's secret", keyring(t, plain, secret), tok, accepted, 0, "", "", "Stream will respond with 200"},
		{"corrupted secret", keyring(t, `"`+plain+` "`, secret), mustMint(t, plain+" "), rejected, 43, "server/.env:2", "secret-whitespace", "Stream computes a different signature"},
		{"what should be in a blemished place", keyring(t, `"`+plain+` "`, tokens.Secret{}), mustMint(t, plain), accepted, 0, "server/.env:2", "", "if this secret belongs to the browser's API key"},
		{"unknown signer", keyring(t, plain[:30], tokens.Secret{}), mustMint(t, "another secret of no one's"), unproven, -1, "", "", "No match among"},
		{"unknown signer, dashboard known", keyring(t, plain[:30], tokens.NewSecret([]byte("m3w8r2x7t4y9n5k1"))), mustMint(t, "another secret of no one's"), rejected, 43, "", "secret-unknown", "isn't signed with the dashboard's"},
		{"nothing known", &Inspector{Now: func() time.Time { return now }}, tok, unproven, -1, "", "", "No secret to try here"},
		{"expired", keyring(t, plain, secret), expired, rejected, 40, "", "token-expired", "Expired 2026-03-01 11:00:00"},
		{"expired, nothing known", &Inspector{Now: func() time.Time { return now }}, expired, rejected, -1, "", "token-expired", "in any case"},
		{"bearer", keyring(t, plain, secret), "Bearer " + tok, rejected, 5, "", "token-wrapped", "regardless of the secret"},
		{"cut", &Inspector{Now: func() time.Time { return now }}, tok[:len(tok)-60], rejected, 5, "", "token-truncated", ""},
		{"little of the signature is left", keyring(t, plain, tokens.Secret{}), tok[:len(tok)-36], rejected, 43, "", "token-truncated", "the signature is truncated"},
		{"undefined", &Inspector{}, "undefined", rejected, 5, "", "token-missing", "undefined"},
		{"error 43", &Inspector{}, "JWTAuth error: signature is not valid", rejected, -1, "", "", "Stream knows this API key"},
		{"error 40", &Inspector{}, `{"code":40,"message":"JWTAuth error: token is expired (exp)","StatusCode":401}`, rejected, -1, "", "token-expired", "The signature is valid"},
		{"key undefined", &Inspector{}, "wss://chat.stream-io-api.com/connect?api_key=undefined&authorization=", rejected, -1, "", "key-missing", "isn't set"},
		{"words", &Inspector{}, "it does not work", unproven, -1, "", "", "Paste a token"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if testing.Short() && strings.HasPrefix(c.name, "unknown signer") {
				t.Skip("-short: the search takes long under the race detector")
			}
			f := c.in.Inspect(context.Background(), c.text)
			text := strings.Join(f.Says, "\n")
			if f.Verdict != c.verdict || f.Cause != c.cause {
				t.Errorf("verdict %q cause %q, want %q %q\n%s", f.Verdict, f.Cause, c.verdict, c.cause, text)
			}
			switch {
			case c.code == -1 && f.Stream != nil:
				t.Errorf("a response was predicted: %+v", f.Stream)
			case c.code > -1 && (f.Stream == nil || f.Stream.Code != c.code):
				t.Errorf("predicted %+v, want code %d\n%s", f.Stream, c.code, text)
			}
			if c.signed != "" && !strings.Contains(f.Token.SignedBy, c.signed) {
				t.Errorf("signed by %q, want %q", f.Token.SignedBy, c.signed)
			}
			if !strings.Contains(text, c.says) {
				t.Errorf("does not say %q:\n%s", c.says, text)
			}
			if strings.Contains(text, plain) {
				t.Errorf("the secret is printed:\n%s", text)
			}
		})
	}
}

func mustMint(t *testing.T, s string) string {
	t.Helper()
	tok, err := tokens.Mint(tokens.NewSecret([]byte(s)), "jane", now.Add(-time.Minute), tokens.MintOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return tok
}

// A list is processed in its order, one finding a string, no matter how it is spread.
func TestListKeepsOrder(t *testing.T) {
	own := strings.Repeat("k7", 32) + "é" // no typos of it are tried: they are none of the list's
	in := keyring(t, own, tokens.Secret{})
	tok, nobody, answers := mustMint(t, own), mustMint(t, "a secret of no one's"), "1a2u0u"
	var b strings.Builder
	const n = 3000
	for i := range n {
		switch i % 3 {
		case 0:
			b.WriteString(tok + "\n")
		case 1:
			b.WriteString("\r\n  \nnot a token " + strings.Repeat("x", i%97) + "\n")
		default:
			b.WriteString(nobody + "\r\n")
		}
	}
	var got []int
	render := func(out []byte, n int, f *Finding) []byte {
		return append(out, byte('0'+n%3), map[string]byte{accepted: 'a', rejected: 'r', unproven: 'u'}[f.Verdict])
	}
	var w strings.Builder
	worst, err := in.List(context.Background(), nil, NewRecords(strings.NewReader(b.String())), sanitize.To(&w), render, func(n int) { got = append(got, n) })
	if err != nil || worst != unproven && worst != rejected {
		t.Fatalf("worst %q, %v", worst, err)
	}
	if want := strings.Repeat(answers, n/3); w.String() != want {
		t.Errorf("%d bytes of responses, want %d; begins %.60s", w.Len(), len(want), w.String())
	}
	if len(got) == 0 || got[len(got)-1] != n {
		t.Errorf("progress ended at %v, want %d", got[len(got)-1:], n)
	}
}

// Several lines that are one thing are read as one.
func TestRecords(t *testing.T) {
	text := "curl 'http://a/b' \\\n  -H 'x: y' \\\n  -d z\n\nplain\n{\n  \"code\": 43,\n  \"message\": \"m\"\n}\n" + strings.Repeat("y", maxRecord+10) + "\nlast"
	r := NewRecords(strings.NewReader(text))
	var got []string
	for {
		rec, err := r.Next()
		if err != nil {
			break
		}
		if rec.TooLong {
			rec.Text = "TOO LONG"
		}
		got = append(got, rec.Text)
	}
	want := []string{"curl 'http://a/b' \\\n  -H 'x: y' \\\n  -d z", "plain", "{\n  \"code\": 43,\n  \"message\": \"m\"\n}", "TOO LONG", "last"}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("got %q", got)
	}
}

// A list signed with a corrupted secret is searched through once, and every
// token of it is explained.
func TestListLearnsACorruptedSecret(t *testing.T) {
	plain := strings.Repeat("k7", 32)
	in := keyring(t, plain, tokens.Secret{})
	tok := mustMint(t, plain+"\n")
	const n = 5000
	render := func(out []byte, _ int, f *Finding) []byte {
		if f.Cause == causes.SecretWhitespace && strings.Contains(f.Token.SignedBy, "server/.env:2") {
			return append(out, '.')
		}
		return append(out, '!')
	}
	var w strings.Builder
	worst, err := in.List(context.Background(), nil, NewRecords(strings.NewReader(strings.Repeat(tok+"\n", n))), sanitize.To(&w), render, nil)
	if err != nil || worst != rejected || w.String() != strings.Repeat(".", n) {
		t.Errorf("worst %q, %v, %d of %d explained", worst, err, strings.Count(w.String(), "."), n)
	}
}
