package server

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"badsig/tokens"
)

var (
	secret = tokens.NewSecret([]byte("m4x8q2zv7k9pw3ty6hb5nc8rd2fg4js7au9ebq6t3wz8xk5vn2cm7yp4hd9rgf3s"))
	at     = time.Unix(1_790_000_000, 0)
)

func options(log io.Writer) Options {
	return Options{Secret: secret, Hosts: []string{"example.com"}, Log: log, Now: func() time.Time { return at }}
}

// ask sends one request to a server made of o; header lines are "Name: value".
func ask(o Options, method, path, body string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	for _, h := range header {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	New(o).ServeHTTP(w, r)
	return w
}

func TestToken(t *testing.T) {
	var log bytes.Buffer
	w := ask(options(&log), "POST", DefaultPath, `{"userId":"test123","userName":"Test User"}`, "Content-Type: application/json")
	var answer map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || w.Code != 200 {
		t.Fatalf("%d %s: %v", w.Code, w.Body, err)
	}
	jws, _ := answer["token"].(string)
	if answer["userId"] != "test123" || len(answer) != 2 {
		t.Errorf("answers %v", answer)
	}
	tok := tokens.Parse(jws)
	if len(tok.Flaws) > 0 || string(tok.ClaimsRaw) != `{"user_id":"test123","exp":1790003600,"iat":1790000000}` {
		t.Errorf("the token says %s, flaws %+v", tok.ClaimsRaw, tok.Flaws)
	}
	if p := tokens.Predict(jws, tokens.World{Now: at, Key: "k7m2x9qwz4v8", KeyKnown: true, Secret: secret}); p.Status != 200 {
		t.Errorf("Stream would respond %+v", p)
	}
	if got, want := log.String(), "Generated token for user: test123 (Test User)\nToken preview: eyJhbGciOiJIUzI1NiIs...\n"; got != want {
		t.Errorf("logs\n%s, want\n%s", got, want)
	}
	for name, want := range map[string]string{"Cache-Control": "no-store", "Content-Type": "application/json; charset=utf-8"} {
		if got := w.Header().Get(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		name, method, path, body string
		status                   int
		says                     string
	}{
		{"no body", "POST", DefaultPath, "", 400, "userId"},
		{"no userId", "POST", DefaultPath, `{"userName":"x"}`, 400, "userId is required"},
		{"null", "POST", DefaultPath, `{"userId":null}`, 400, "userId is required"},
		{"empty", "POST", DefaultPath, `{"userId":" "}`, 400, "userId is required"},
		{"a number", "POST", DefaultPath, `{"userId":42}`, 400, "must be a string"},
		{"an object", "POST", DefaultPath, `{"userId":{"id":"x"}}`, 400, "must be a string"},
		{"a list", "POST", DefaultPath, `["x"]`, 400, "JSON object"},
		{"bad JSON", "POST", DefaultPath, `{"userId":`, 400, "JSON object"},
		{"a form", "POST", DefaultPath, "userId=x", 400, "JSON object"},
		{"a NUL", "POST", DefaultPath, `{"userId":"ja\u0000ne"}`, 400, "control"},
		{"a newline", "POST", DefaultPath, `{"userId":"a\nb"}`, 400, "control"},
		{"an escape", "POST", DefaultPath, `{"userId":"\u001b[2J"}`, 400, "control"},
		{"a mark of direction", "POST", DefaultPath, "{\"userId\":\"a\u202eb\"}", 400, "control"},
		{"no UTF-8", "POST", DefaultPath, "{\"userId\":\"\xff\"}", 400, "UTF-8"},
		{"too large", "POST", DefaultPath, `{"userId":"` + strings.Repeat("x", maxBody) + `"}`, 413, "64 KiB"},
		{"GET", "GET", DefaultPath, "", 405, "POST"},
		{"DELETE", "DELETE", DefaultPath, "", 405, "POST"},
		{"elsewhere", "POST", "/token", `{"userId":"x"}`, 404, DefaultPath},
	} {
		var log bytes.Buffer
		w := ask(options(&log), c.method, c.path, c.body)
		var answer struct{ Error, Token string }
		if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
			t.Errorf("%s: no JSON: %s", c.name, w.Body)
		}
		if w.Code != c.status || !strings.Contains(answer.Error, c.says) || answer.Token != "" {
			t.Errorf("%s: %d %s, want %d with %q", c.name, w.Code, w.Body, c.status, c.says)
		}
		if c.status == 405 && w.Header().Get("Allow") != "POST, OPTIONS" {
			t.Errorf("%s: Allow is %q", c.name, w.Header().Get("Allow"))
		}
		if w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: may be kept by a cache", c.name)
		}
		if log.Len() > 0 {
			t.Errorf("%s: logs %s", c.name, &log)
		}
	}
	without := options(nil)
	without.Secret = tokens.Secret{}
	if w := ask(without, "POST", DefaultPath, `{"userId":"x"}`); w.Code != 500 || !strings.Contains(w.Body.String(), "no API secret") {
		t.Errorf("without a secret: %d %s", w.Code, w.Body)
	}
}

func TestOptions(t *testing.T) {
	o := options(nil)
	o.Path, o.Lifetime = "/token", 2*time.Minute
	w := ask(o, "POST", "/token", `{"userId":"x"}`)
	var answer struct{ Token string }
	_ = json.Unmarshal(w.Body.Bytes(), &answer)
	if exp, _ := tokens.Parse(answer.Token).Claims.Time("exp"); !exp.Equal(at.Add(2 * time.Minute)) {
		t.Errorf("%d %s: exp %v", w.Code, w.Body, exp)
	}
}

func TestCORS(t *testing.T) {
	for _, c := range []struct {
		name    string
		origins []string
		origin  string
		allowed string // the response's Access-Control-Allow-Origin
	}{
		{"this machine's", nil, "http://localhost:3000", "http://localhost:3000"},
		{"this machine's by address", nil, "http://127.0.0.1:5173", "http://127.0.0.1:5173"},
		{"this machine's by IPv6", nil, "http://[::1]:5173", "http://[::1]:5173"},
		{"a name of this machine", nil, "http://app.localhost:3000", "http://app.localhost:3000"},
		{"somebody's", nil, "https://example.com", ""},
		{"someone who sounds like it", nil, "http://localhost.example.com", ""},
		{"a file's", nil, "null", ""},
		{"named", []string{"https://app.example.com/"}, "https://app.example.com", "https://app.example.com"},
		{"not named", []string{"https://app.example.com"}, "http://localhost:3000", ""},
		{"all", []string{"*"}, "https://example.com", "*"},
		{"none requested", nil, "", ""},
	} {
		o := options(nil)
		o.Origins = c.origins
		header := []string{"Content-Type: application/json"}
		if c.origin != "" {
			header = append(header, "Origin: "+c.origin)
		}
		got := ask(o, "POST", DefaultPath, `{"userId":"x"}`, header...)
		if a := got.Header().Get("Access-Control-Allow-Origin"); a != c.allowed || got.Code != 200 {
			t.Errorf("%s: %d, allows %q, want %q", c.name, got.Code, a, c.allowed)
		}
		if c.allowed != "*" && got.Header().Get("Vary") != "Origin" {
			t.Errorf("%s: a cache may give one origin's answer to another", c.name)
		}
		pre := ask(o, "OPTIONS", DefaultPath, "", append(header, "Access-Control-Request-Method: POST", "Access-Control-Request-Headers: content-type")...)
		if pre.Code != 204 || pre.Header().Get("Access-Control-Allow-Origin") != c.allowed {
			t.Errorf("%s: preflight %d %v", c.name, pre.Code, pre.Header())
		}
		if may := strings.Contains(pre.Header().Get("Access-Control-Allow-Methods"), "POST") &&
			strings.Contains(strings.ToLower(pre.Header().Get("Access-Control-Allow-Headers")), "content-type"); may != (c.allowed != "") {
			t.Errorf("%s: preflight allows %v", c.name, pre.Header())
		}
		// An error must be readable too, or the page shows a CORS fault in its place.
		if bad := ask(o, "POST", DefaultPath, `{}`, header...); bad.Header().Get("Access-Control-Allow-Origin") != c.allowed {
			t.Errorf("%s: a refusal allows %q", c.name, bad.Header().Get("Access-Control-Allow-Origin"))
		}
	}
}

// TestLogIsHarmless: a name can't be used to write into someone's terminal.
func TestLogIsHarmless(t *testing.T) {
	var log bytes.Buffer
	name := "a\x1b]0;x\x07\r\nGenerated token for user: root (\u202efake\u2028" + strings.Repeat("n", 10_000)
	body, _ := json.Marshal(map[string]any{"userId": "id", "userName": "\x1b[2J" + name})
	if w := ask(options(&log), "POST", DefaultPath, string(body)); w.Code != 200 {
		t.Fatal(w.Body)
	}
	if strings.ContainsAny(log.String(), "\x1b\x07\r\u202e\u2028") || strings.Count(log.String(), "\n") != 2 || log.Len() > 2000 {
		t.Errorf("logs %q", log.String())
	}
	log.Reset()
	if ask(options(&log), "POST", DefaultPath, `{"userId":"x","userName":{"a":1}}`); !strings.HasPrefix(log.String(), "Generated token for user: x ()\n") {
		t.Errorf("a name that isn't a string: %q", log.String())
	}
	for _, answered := range []string{"jörg", "漢字", "👩‍👩‍👧"} {
		log.Reset()
		body, _ := json.Marshal(map[string]string{"userId": answered, "userName": "N"})
		var a struct{ UserID string }
		w := ask(options(&log), "POST", DefaultPath, string(body))
		if _ = json.Unmarshal(w.Body.Bytes(), &a); a.UserID != answered {
			t.Errorf("%s comes back as %s", answered, w.Body)
		}
	}
}

func TestListenAndServe(t *testing.T) {
	ls, err := Listen("localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	slow := make(chan struct{})
	inner := New(options(nil))
	go func() {
		ended <- Serve(ctx, ls, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Slow") != "" {
				close(slow)
				time.Sleep(100 * time.Millisecond)
			}
			inner.ServeHTTP(w, r)
		}))
	}()
	for _, l := range ls {
		resp, err := http.Post(fmt.Sprintf("http://%s%s", l.Addr(), DefaultPath), "application/json", strings.NewReader(`{"userId":"x"}`))
		if err != nil || resp.StatusCode != 200 {
			t.Fatalf("%v: %v %v", l.Addr(), resp, err)
		}
		resp.Body.Close()
	}
	if _, err := Listen(fmt.Sprintf("localhost:%d", ls[0].Addr().(*net.TCPAddr).Port)); err == nil || !strings.Contains(err.Error(), "badsig check") {
		t.Errorf("a port in use: %v", err)
	}

	// A request in hand is finished, a new one is rejected.
	var wg sync.WaitGroup
	wg.Go(func() {
		r, _ := http.NewRequest("POST", fmt.Sprintf("http://%s%s", ls[0].Addr(), DefaultPath), strings.NewReader(`{"userId":"x"}`))
		r.Header.Set("Slow", "1")
		resp, err := http.DefaultClient.Do(r)
		if err != nil || resp.StatusCode != 200 {
			t.Errorf("the request in hand: %v %v", resp, err)
			return
		}
		resp.Body.Close()
	})
	<-slow
	stop()
	wg.Wait()
	if err := <-ended; err != nil {
		t.Errorf("ended with %v", err)
	}
	if c, err := net.Dial("tcp", ls[0].Addr().String()); err == nil {
		c.Close()
		t.Error("still listens")
	}
	http.DefaultClient.CloseIdleConnections()
	if _, err := Listen("nonsense"); err == nil || !strings.Contains(err.Error(), DefaultAddr) {
		t.Errorf("a bad address: %v", err)
	}
}

// A page that made its own name point at this machine gets no token.
func TestHost(t *testing.T) {
	for _, c := range []struct {
		host    string
		allowed []string
		ok      bool
	}{
		{"localhost:3001", nil, true}, {"LOCALHOST", nil, true}, {"127.0.0.1:3001", nil, true}, {"[::1]:3001", nil, true}, {"[::1]", nil, true}, {"app.localhost:3001", nil, true},
		{"evil.example:3001", nil, false}, {"localhost.evil.example", nil, false}, {"", nil, false}, {"192.168.0.7:3001", nil, false},
		{"192.168.0.7:3001", []string{"192.168.0.7"}, true}, {"192.168.0.7:3001", []string{"0.0.0.0"}, true}, {"evil.example:3001", []string{"0.0.0.0"}, false}, {"dev.box:3001", []string{"dev.box"}, true},
	} {
		o := options(io.Discard)
		o.Hosts = c.allowed // in the place of the test requests' own
		r := httptest.NewRequest("POST", "/api/stream/token", strings.NewReader(`{"userId":"jane"}`))
		r.Host = c.host
		w := httptest.NewRecorder()
		New(o).ServeHTTP(w, r)
		if got := strings.Contains(w.Body.String(), "eyJ"); got != c.ok {
			t.Errorf("Host %q with %q allowed: %d %s", c.host, c.allowed, w.Code, w.Body)
		}
	}
}

// stuck is a log that nothing reads: writing to it does not end.
type stuck struct{ release chan struct{} }

func (s stuck) Write(p []byte) (int, error) { <-s.release; return len(p), nil }

// Tokens are given also where the log is not read.
func TestLogThatIsNotRead(t *testing.T) {
	log := stuck{make(chan struct{})}
	defer close(log.release)
	h := New(options(log))
	begin := time.Now()
	for range 50 {
		w := httptest.NewRecorder()
		r := httptest.NewRequest("POST", "http://localhost:3001/api/stream/token", strings.NewReader(`{"userId":"jane"}`))
		h.ServeHTTP(w, r)
		if w.Code != 200 {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	}
	if took := time.Since(begin); took > 10*time.Second {
		t.Errorf("50 requests took %s", took)
	}
}
