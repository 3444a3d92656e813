package backend

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	neturl "net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"go.uber.org/goleak"

	"badsig/checks/facts"
	"badsig/checks/internal/eventually"
	"badsig/checks/internal/worldtest"
	"badsig/checks/probe/vault"
	"badsig/tokens"
)

// TestMain lets more tests run at a time than there are processors: they wait for backends.
func TestMain(m *testing.M) {
	eventually.Loopback()
	flag.Parse()
	_ = flag.Set("test.parallel", "8")
	os.Exit(m.Run())
}

// probed runs the backend's probe on a world without a project.
func probed(t *testing.T, target facts.Target, change ...func(*facts.Facts)) (*vault.World, *facts.Facts, error) {
	t.Helper()
	target.Offline = true
	if target.Timeout == 0 {
		target.Timeout = eventually.Long
	}
	if target.Origin == "" {
		target.Origin = "http://localhost:5173"
	}
	w := vault.New(target)
	for _, c := range change {
		w.Update(c)
	}
	err := Probe(context.Background(), w)
	f := w.Snapshot()
	text, jerr := json.Marshal(f)
	if jerr != nil {
		t.Fatalf("the facts aren't JSON: %v", jerr)
	}
	for i := range f.Tokens {
		if sig := tokens.Parse(w.RawToken(i)).Segments; len(sig) > 2 && len(sig[2]) > 8 && bytes.Contains(text, []byte(sig[2])) {
			t.Errorf("a signature is in the facts: %s", sig[2])
		}
	}
	return w, f, err
}

func serve(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	before := goleak.IgnoreCurrent()
	s := httptest.NewServer(h)
	t.Cleanup(func() {
		s.Close()
		eventually.NothingLeft(t, before)
	})
	return s.URL + "/api/stream/token"
}

// recorder keeps what was requested.
type recorder struct {
	mu   sync.Mutex
	all  []*http.Request
	body []string
}

func (r *recorder) keep(q *http.Request) string {
	b, _ := io.ReadAll(q.Body)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all, r.body = append(r.all, q), append(r.body, string(b))
	return string(b)
}

func (r *recorder) of(method string) (qs []*http.Request, bodies []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, q := range r.all {
		if q.Method == method {
			qs, bodies = append(qs, q), append(bodies, r.body[i])
		}
	}
	return qs, bodies
}

func TestBackendHealthy(t *testing.T) {
	token := worldtest.Jws(t, worldtest.TestSecret, "test123", tokens.MintOptions{})
	var rec recorder
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		rec.keep(r)
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Set-Cookie", "session=hidden-cookie-value")
		if r.Method == http.MethodOptions {
			w.Header().Set("Access-Control-Allow-Headers", "content-type")
			w.WriteHeader(204)
			return
		}
		if r.Method == http.MethodGet {
			http.Error(w, "use POST", http.StatusMethodNotAllowed)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, `{"token":%q,"userId":"test123","apiKey":%q}`, token, worldtest.TestKey)
	})
	w, f, err := probed(t, facts.Target{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	b := f.Backend
	if len(b.Dials) != 1 || !b.Dials[0].OK || b.Dials[0].Family != "ipv4" {
		t.Errorf("dials: %+v", b.Dials)
	}
	if b.Get.Status != 405 || len(b.Posts) != repeats || len(b.Variants) != 0 || len(b.ByFamily) != 0 {
		t.Errorf("get %d, %d posts, variants %v, families %v", b.Get.Status, len(b.Posts), b.Variants, b.ByFamily)
	}
	for i, p := range b.Posts {
		if p.Status != 200 || !p.JSON || p.UserID != "test123" || p.APIKey != worldtest.TestKey || len(p.Tokens) != 1 {
			t.Errorf("post %d: %+v", i, p)
		}
		if p.Header["Date"] == "" || p.Header["Set-Cookie"] != "" {
			t.Errorf("post %d keeps the headers %v", i, p.Header)
		}
		if strings.Contains(p.Begin, "eyJ") || !strings.Contains(p.Begin, "‹token›") {
			t.Errorf("post %d begins %q", i, p.Begin)
		}
	}
	if why := b.Preflight.AllowsPreflight("http://localhost:5173", "POST", []string{"content-type"}, false); why != "" {
		t.Errorf("the preflight is refused: %s", why)
	}
	if len(f.Tokens) != repeats || w.RawToken(0) != token || f.Tokens[0].Field != "token" || f.Tokens[0].Source != "backend" {
		t.Errorf("tokens: %+v", f.Tokens)
	}
	if v := f.Values[len(f.Values)-1]; len(f.Values) != 1 || v.Kind != facts.KindAnswer || v.Key != worldtest.TestKey {
		t.Errorf("values: %+v", f.Values)
	}
	qs, bodies := rec.of("POST")
	for i, q := range qs {
		if q.Header.Get("Origin") != "http://localhost:5173" || q.Header.Get("Content-Type") != "application/json" ||
			bodies[i] != `{"userId":"test123","userName":"Test User"}` {
			t.Errorf("post %d was %v %s", i, q.Header, bodies[i])
		}
	}
	seen := map[string]bool{}
	for _, q := range qs {
		seen[q.RemoteAddr] = true
	}
	if len(seen) != repeats {
		t.Errorf("%d connections for %d posts", len(seen), repeats)
	}
	pre, _ := rec.of("OPTIONS")
	if len(pre) != 1 || pre[0].Header.Get("Access-Control-Request-Method") != "POST" || pre[0].Header.Get("Access-Control-Request-Headers") != "content-type" {
		t.Errorf("preflights: %+v", pre)
	}
	if get, bodies := rec.of("GET"); len(get) != 1 || bodies[0] != "" || get[0].Header.Get("Origin") != "" {
		t.Errorf("gets: %v", get)
	}
}

// A token that Stream's secret signed isn't another service's, no matter what it
// claims; a session that another secret signed is the application's own.
func TestWhoSignsATokenTellsWhoseItIs(t *testing.T) {
	for _, c := range []struct {
		name    string
		secret  []byte
		claims  jwt.MapClaims
		foreign bool
	}{
		{"permissions and a user under another name", worldtest.TestSecret, jwt.MapClaims{"userId": "jane", "permissions": []string{"publish"}}, false},
		{"a scope and a subject", worldtest.TestSecret, jwt.MapClaims{"sub": "jane", "scope": "video"}, false},
		{"an issuer and an audience", worldtest.TestSecret, jwt.MapClaims{"uid": "jane", "iss": "https://example.com", "aud": "chat"}, false},
		{"a session of another secret", worldtest.OtherSecret, jwt.MapClaims{"sub": "jane", "email": "jane@example.com"}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			raw, err := jwt.NewWithClaims(jwt.SigningMethodHS256, c.claims).SignedString(c.secret)
			if err != nil {
				t.Fatal(err)
			}
			url := serve(t, func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, `{"token":"`+raw+`"}`) })
			w := worldtest.New(t, facts.Target{URL: url}, worldtest.Spot{What: facts.WhatSecret, Name: "STREAM_API_SECRET", Raw: string(worldtest.TestSecret)})
			if err := Probe(context.Background(), w); err != nil {
				t.Fatal(err)
			}
			if got := facts.HasFlaw(&w.Snapshot().Tokens[0], tokens.FlawForeign); got != c.foreign {
				t.Errorf("foreign is %v, want %v", got, c.foreign)
			}
		})
	}
}

// What a front end would take for the token is what is judged.
func TestResponsesAndTheirTokens(t *testing.T) {
	one := worldtest.Jws(t, worldtest.TestSecret, "test123", tokens.MintOptions{})
	own, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"sub": "x", "email": "a@b.c"}).SignedString(worldtest.OtherSecret)
	if err != nil {
		t.Fatal(err)
	}
	foreign := "eyJhbGciOiJSUzI1NiIsImtpZCI6ImExIn0.eyJpc3MiOiJodHRwczovL2NsZXJrLmV4YW1wbGUiLCJzdWIiOiJ1c2VyXzEifQ.c2lnbmF0dXJlc2lnbmF0dXJl"
	quoted, _ := json.Marshal(`"` + one + `"`)
	cases := []struct {
		name, kind, body string
		raw              string // the first token, "" for none
		field            string
		count            int
		fields           map[string]string // of Fields
	}{
		{"plain", "application/json", `{"token":"` + one + `"}`, one, "token", 1, nil},
		{"bearer", "application/json", `{"token":"Bearer ` + one + `"}`, "Bearer " + one, "token", 1, nil},
		{"newline", "application/json", `{"token":"` + one + `\n"}`, one + "\n", "token", 1, nil},
		{"quotes", "application/json", `{"token":` + string(quoted) + `}`, `"` + one + `"`, "token", 1, nil},
		{"the token as a JSON text", "application/json", `"` + one + `"`, one, "", 1, nil},
		{"a JSON text in a JSON text", "application/json", string(quoted), `"` + one + `"`, "", 1, nil},
		{"plain text", "text/plain", one, one, "body", 1, nil},
		{"plain text with a newline", "text/plain", one + "\n", one + "\n", "body", 1, nil},
		{"nested", "application/json", `{"result":{"data":{"user":{"userToken":"` + one + `"}}}}`, one, "result.data.user.userToken", 1, nil},
		{"byte order mark", "application/json", "\ufeff" + `{"token":"` + one + `"}`, one, "token", 1, nil},
		{"in a list", "application/json", `{"tokens":["` + one + `"]}`, one, "tokens[0]", 1, nil},
		{"two, the session's first", "application/json", `{"token":"` + own + `","streamToken":"` + one + `"}`, one, "streamToken", 2, nil},
		{"two, another issuer's first", "application/json", `{"token":"` + foreign + `","chat":"` + one + `"}`, one, "chat", 2, nil},
		{"only another issuer's", "application/json", `{"token":"` + foreign + `"}`, foreign, "token", 1, nil},
		{"cut", "application/json", `{"token":"` + one[:40] + `"}`, one[:40], "token", 1, nil},
		{"what is beside it", "application/json", `{"token_type":"Bearer","expires":"2030-01-01","access_token":"` + one + `"}`, one, "access_token", 1, nil},
		{"nothing but its type", "application/json", `{"tokenType":"Bearer","csrfToken":"a1b2c3d4e5"}`, "", "", 0, nil},
		{"a sentence in its place", "application/json", `{"token":"please log in"}`, "please log in", "token", 1, nil},
		{"in a page", "text/html", `<!DOCTYPE html><p>` + strings.Repeat("x ", 400) + one + "</p>", one, "body", 1, nil},
		{"an object", "application/json", `{"token":{}}`, "", "", 0, map[string]string{"token": "{}"}},
		{"null", "application/json", `{"token":null}`, "", "", 0, map[string]string{"token": "null"}},
		{"the word undefined", "application/json", `{"token":"undefined"}`, "", "", 0, map[string]string{"token": `"undefined"`}},
		{"a promise as text", "application/json", `{"token":"[object Promise]"}`, "", "", 0, map[string]string{"token": `"[object Promise]"`}},
		{"empty", "application/json", `{"token":""}`, "", "", 0, map[string]string{"token": `""`}},
		{"error", "application/json", `{"error":"secretOrPrivateKey must have a value","code":7}`, "", "", 0,
			map[string]string{"error": `"secretOrPrivateKey must have a value"`, "code": "7"}},
		{"nothing secret is shown", "application/json", `{"apiSecret":"short-one","password":"hunter2","note":"` + string(worldtest.TestSecret) + `","user":{"name":"Jane"}}`, "", "", 0,
			map[string]string{"apiSecret": "string (9 chars)", "password": "string (7 chars)", "note": "string (64 chars)", "user": "object", "user.name": `"Jane"`}},
		{"a list", "application/json", `[1]`, "", "", 0, map[string]string{"": "array"}},
		{"no JSON", "application/json", `{"token":`, "", "", 0, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			url := serve(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", c.kind)
				if r.Method == http.MethodPost {
					_, _ = io.WriteString(w, c.body)
				}
			})
			w, f, err := probed(t, facts.Target{URL: url})
			if err != nil {
				t.Fatal(err)
			}
			post := f.Backend.Posts[0]
			if len(post.Tokens) != c.count {
				t.Fatalf("%d tokens, want %d: %+v", len(post.Tokens), c.count, f.Tokens)
			}
			if c.count > 0 {
				i := post.Tokens[0]
				if w.RawToken(i) != c.raw || f.Tokens[i].Field != c.field {
					t.Errorf("got %q in field %q, want %q in %q", w.RawToken(i), f.Tokens[i].Field, c.raw, c.field)
				}
			}
			for name, want := range c.fields {
				if got := post.Fields[name]; got != want {
					t.Errorf("field %q is %q, want %q", name, got, want)
				}
			}
			if strings.Contains(post.Begin, string(worldtest.TestSecret)) || strings.Contains(post.Begin, "hunter2hunter2") {
				t.Errorf("begins %q", post.Begin)
			}
		})
	}
}

// Which other forms are tried, and that a rejected form leads to no more requests than needed.
func TestVariants(t *testing.T) {
	token := worldtest.Jws(t, worldtest.TestSecret, "test123", tokens.MintOptions{})
	give := func(w http.ResponseWriter) { _, _ = fmt.Fprintf(w, `{"token":%q}`, token) }
	cases := []struct {
		name string
		h    func(w http.ResponseWriter, r *http.Request, body string)
		form string // of the variant with a token; "" for none
		all  int
	}{
		{"GET only", func(w http.ResponseWriter, r *http.Request, _ string) {
			if r.Method != http.MethodGet || r.URL.Query().Get("user_id") != "test123" {
				http.Error(w, "Cannot POST", 404)
				return
			}
			give(w)
		}, "query", 1},
		{"urlencoded", func(w http.ResponseWriter, r *http.Request, body string) {
			if !strings.Contains(body, "userId=test123") {
				w.WriteHeader(400)
				return
			}
			give(w)
		}, "urlencoded", 2},
		{"another name", func(w http.ResponseWriter, r *http.Request, body string) {
			if !strings.Contains(body, `"user_id":"test123"`) {
				w.WriteHeader(422)
				return
			}
			give(w)
		}, "superset", 2},
		{"a token for no one, unless another name is sent", func(w http.ResponseWriter, r *http.Request, body string) {
			if !strings.Contains(body, `"user_id":"test123"`) {
				_, _ = fmt.Fprintf(w, `{"token":%q}`, worldtest.Jws(t, worldtest.TestSecret, "undefined", tokens.MintOptions{}))
				return
			}
			give(w)
		}, "superset", 1},
		{"a token immediately", func(w http.ResponseWriter, _ *http.Request, _ string) { give(w) }, "", 0},
		{"login wanted", func(w http.ResponseWriter, _ *http.Request, _ string) { w.WriteHeader(401) }, "", 0},
		{"redirect", func(w http.ResponseWriter, r *http.Request, _ string) {
			http.Redirect(w, r, "http://127.0.0.1:1/elsewhere", http.StatusTemporaryRedirect)
		}, "", 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var rec recorder
			url := serve(t, func(w http.ResponseWriter, r *http.Request) {
				body := rec.keep(r)
				c.h(w, r, body)
			})
			to, _ := neturl.Parse(url)
			_, f, err := probed(t, facts.Target{URL: url}, func(f *facts.Facts) { // a front end that says how it requests
				f.Project = &facts.Project{Fetches: []facts.Fetch{{URL: to.Path, Method: "POST", Body: []string{"userId", "userName"}, Type: "json"}}}
			})
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, v := range f.Backend.Variants {
				if len(v.Tokens) > 0 {
					got = v.Form
				}
			}
			forms := slices.DeleteFunc(f.Backend.Variants, func(v facts.Answer) bool { return v.Form == noOrigin })
			if got != c.form || len(forms) != c.all {
				t.Errorf("form %q of %d, want %q of %d", got, len(forms), c.form, c.all)
			}
		})
	}
}

// The front end's own request is the one that is made.
func TestTheFrontEndsRequest(t *testing.T) {
	cases := []struct {
		name         string
		fetch        facts.Fetch
		method, want string // query or body
		preflight    string // the headers it requests, "" for no preflight
		times        int
	}{
		{"names of its own", facts.Fetch{URL: "/api/stream/token", Method: "POST", Body: []string{"user_id", "name", "room"}}, "POST", `{"name":"Test User","user_id":"test123"}`, "content-type", 1}, // it can only fail for want of the room
		{"username is the id", facts.Fetch{URL: "/api/stream/token", Method: "POST", Body: []string{"username"}}, "POST", `{"username":"test123"}`, "content-type", repeats},
		{"a guarded one", facts.Fetch{URL: "/api/stream/token", Method: "POST", Auth: true}, "POST", `{"userId":"test123","userName":"Test User"}`, "authorization,content-type", repeats},
		{"GET", facts.Fetch{URL: "/api/stream/token?user_id=", Method: "GET"}, "GET", "user_id=test123", "", repeats},
		{"GET without names", facts.Fetch{URL: "/api/stream/token", Method: "GET"}, "GET", "", "", 1 + repeats}, // as a browser opens it, and as the front end requests it
		{"another endpoint's", facts.Fetch{URL: "/api/login", Method: "GET"}, "POST", `{"userId":"test123","userName":"Test User"}`, "content-type", repeats},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var rec recorder
			url := serve(t, func(w http.ResponseWriter, r *http.Request) { rec.keep(r) })
			_, f, err := probed(t, facts.Target{URL: url}, func(f *facts.Facts) { f.Project = &facts.Project{Fetches: []facts.Fetch{c.fetch}} })
			if err != nil {
				t.Fatal(err)
			}
			if f.Backend.Posts[0].Method != c.method {
				t.Errorf("method %s", f.Backend.Posts[0].Method)
			}
			qs, bodies := rec.of(c.method)
			n := 0
			for i, q := range qs {
				if c.method == "GET" && q.URL.RawQuery == c.want || c.method != "GET" && bodies[i] == c.want {
					n++
				}
			}
			if n != c.times {
				t.Errorf("%d requests with %s; bodies %q", n, c.want, bodies)
			}
			pre, _ := rec.of("OPTIONS")
			got := ""
			if len(pre) > 0 {
				got = pre[0].Header.Get("Access-Control-Request-Headers")
			}
			if got != c.preflight {
				t.Errorf("the preflight requests %q, want %q", got, c.preflight)
			}
		})
	}
}

func TestHeadersGivenByTheUser(t *testing.T) {
	var rec recorder
	url := serve(t, func(w http.ResponseWriter, r *http.Request) { rec.keep(r) })
	_, f, err := probed(t, facts.Target{URL: url, Header: http.Header{"Authorization": {"Bearer hidden-session"}, "Host": {"app.test"}}})
	if err != nil {
		t.Fatal(err)
	}
	posts, _ := rec.of("POST")
	if posts[0].Header.Get("Authorization") != "Bearer hidden-session" || posts[0].Host != "app.test" {
		t.Errorf("sent %v to %s", posts[0].Header, posts[0].Host)
	}
	pre, _ := rec.of("OPTIONS")
	if pre[0].Header.Get("Authorization") != "" || pre[0].Header.Get("Access-Control-Request-Headers") != "authorization,content-type" {
		t.Errorf("preflight %v", pre[0].Header)
	}
	if text, _ := json.Marshal(f); bytes.Contains(text, []byte("hidden-session")) {
		t.Error("the user's header is in the facts")
	}
}

func TestHostileBackends(t *testing.T) {
	t.Parallel()
	var bomb bytes.Buffer // 4 MB in 4 kB; how much memory a larger one takes is measured with the whole program
	z := gzip.NewWriter(&bomb)
	_, _ = z.Write(make([]byte, 4<<20))
	_ = z.Close()
	cases := []struct {
		name   string
		h      http.HandlerFunc
		status int
		err    string
	}{
		{"ten megabytes", func(w http.ResponseWriter, _ *http.Request) {
			for range 10 {
				_, _ = w.Write(bytes.Repeat([]byte("x"), 1<<20))
			}
		}, 200, "too-large"},
		{"endless", func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := w.Write(bytes.Repeat([]byte("x"), 1<<16)); err != nil {
					return
				}
			}
		}, 200, "too-large"},
		{"a byte now and then", func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				_, _ = w.Write([]byte(" "))
				_ = http.NewResponseController(w).Flush()
				time.Sleep(20 * time.Millisecond)
			}
		}, 200, "timeout"},
		{"silent", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, 0, "timeout"},
		{"a megabyte of header", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Large", strings.Repeat("x", 1<<20))
		}, 0, "too-large"},
		{"a compressed bomb", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(bomb.Bytes())
		}, 200, "too-large"},
		{"hangs up", func(w http.ResponseWriter, _ *http.Request) {
			c, _, _ := http.NewResponseController(w).Hijack()
			_ = c.Close()
		}, 0, "reset"},
		{"not HTTP", func(w http.ResponseWriter, _ *http.Request) {
			c, _, _ := http.NewResponseController(w).Hijack()
			_, _ = c.Write([]byte("SSH-2.0-OpenSSH_9.2\r\n"))
			_ = c.Close()
		}, 0, "not-http"},
		{"breaks off", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = w.Write([]byte("short"))
		}, 200, "reset"},
		{"escape sequences", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Server", "a\tb")
			_, _ = w.Write([]byte("{\"error\":\"\x1b[2J\\u001b]0;x\\u0007\"}\x1b[31m"))
		}, 200, ""},
		{"deep JSON", func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(strings.Repeat("[", 5000) + strings.Repeat("]", 5000)))
		}, 200, ""},
		{"ten thousand tokens", func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(`["` + strings.Repeat(`eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoiYSJ9.c2ln","`, 10000) + `"]`))
		}, 200, ""},
		{"a redirect to itself", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path, http.StatusFound) }, 302, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			url := serve(t, func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body) // only then the server sees that the client is gone
				c.h(w, r)
			})
			timeout := eventually.Long // those that respond do so in time, however busy the machine
			if c.err == "timeout" {
				timeout = 2 * time.Second
			}
			begin := time.Now()
			_, f, err := probed(t, facts.Target{URL: url, Timeout: timeout})
			if took := time.Since(begin); took > eventually.Long {
				t.Errorf("took %s", took)
			}
			for ; err == nil && c.err == "timeout" && f.Backend.Posts[0].Status != c.status && timeout < eventually.Long; timeout *= 2 {
				_, f, err = probed(t, facts.Target{URL: url, Timeout: 2 * timeout}) // a busy machine may not even have sent the first byte in time
			}
			if err != nil {
				t.Fatal(err)
			}
			p := f.Backend.Posts[0]
			if p.Status != c.status || p.Error != c.err {
				t.Errorf("got %d %q (%s), want %d %q", p.Status, p.Error, p.Detail, c.status, c.err)
			}
			if c.err != "" && p.Detail == "" {
				t.Error("no sentence says why")
			}
			text, _ := json.Marshal(f)
			spelt := bytes.ReplaceAll(text, []byte(`\\`), nil) // an escape that the backend spelt out is only text
			if len(text) > 200<<10 || bytes.ContainsRune(spelt, 0x1b) || bytes.Contains(spelt, []byte(`\u001b`)) {
				t.Errorf("the facts have %d bytes, or an escape sequence", len(text))
			}
		})
	}
}

func TestWhoIsThere(t *testing.T) {
	tlsServer := httptest.NewUnstartedServer(http.NotFoundHandler())
	tlsServer.Config.ErrorLog = log.New(io.Discard, "", 0)
	tlsServer.StartTLS()
	defer tlsServer.Close()
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	free := closed.Addr().String()
	_ = closed.Close()
	cases := []struct{ name, url, dial, post string }{
		{"nothing", "http://" + free, "refused", ""},
		{"http requested in https", strings.Replace(plain.URL, "http:", "https:", 1), "", "https-to-http"},
		{"https requested in http", strings.Replace(tlsServer.URL, "https:", "http:", 1), "", "http-to-https"},
		{"a certificate no one trusts", tlsServer.URL, "", "tls"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, f, err := probed(t, facts.Target{URL: c.url})
			if err != nil {
				t.Fatal(err)
			}
			if got := f.Backend.Dials[0].Error; got != c.dial {
				t.Errorf("dial: %q, want %q", got, c.dial)
			}
			if c.dial != "" {
				if len(f.Backend.Posts) > 0 {
					t.Error("asked although nothing listens")
				}
				return
			}
			if p := f.Backend.Posts[0]; p.Error != c.post || p.Detail == "" {
				t.Errorf("post: %q (%s), want %q", p.Error, p.Detail, c.post)
			}
		})
	}
}

// Two processes, one a family: localhost reaches both, and each gets a request.
func TestBothFamilies(t *testing.T) {
	eventually.IPv6(t)
	port := eventually.FreePort(t)
	four, err := net.Listen("tcp4", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		t.Fatal(err)
	}
	six, err := net.Listen("tcp6", fmt.Sprintf("[::1]:%d", port))
	if err != nil {
		t.Fatal(err)
	}
	hosts := make(chan string, 20)
	for l, secret := range map[net.Listener][]byte{four: worldtest.TestSecret, six: worldtest.OtherSecret} {
		token := worldtest.Jws(t, secret, "test123", tokens.MintOptions{})
		s := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost {
				hosts <- r.Host
			}
			_, _ = fmt.Fprintf(w, `{"token":%q}`, token)
		})}
		go func() { _ = s.Serve(l) }()
		defer func() { _ = s.Close() }()
	}
	w, f, err := probed(t, facts.Target{URL: fmt.Sprintf("http://localhost:%d/token", port)})
	if err != nil {
		t.Fatal(err)
	}
	by := f.Backend.ByFamily
	if len(by) != 2 || by[0].Family != "ipv6" || by[1].Family != "ipv4" {
		t.Fatalf("families: %+v", by)
	}
	if w.RawToken(by[0].Tokens[0]) == w.RawToken(by[1].Tokens[0]) {
		t.Error("both responses carry one token")
	}
	for range repeats + 1 {
		if h := <-hosts; h != fmt.Sprintf("localhost:%d", port) {
			t.Errorf("Host is %s", h)
		}
	}
}

func TestOriginsAreTriedWhereTheFirstIsAGuess(t *testing.T) {
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "http://localhost:3000")
		w.Header().Set("Access-Control-Allow-Headers", "Content-Type")
	})
	for _, source := range []string{"guess", "flag"} {
		_, f, err := probed(t, facts.Target{URL: url}, func(f *facts.Facts) { f.Target.OriginSource = source })
		if err != nil {
			t.Fatal(err)
		}
		var allowed []string
		for _, o := range f.Backend.Origins {
			if o.Allowed {
				allowed = append(allowed, o.Origin)
			}
		}
		if want := map[string]string{"guess": "http://localhost:3000", "flag": ""}[source]; strings.Join(allowed, " ") != want {
			t.Errorf("%s: allowed %v, want %q", source, allowed, want)
		}
	}
}

func TestOfflineNeverLeavesTheMachine(t *testing.T) {
	for _, url := range []string{"http://192.0.2.1/token", "http://example.com/token", "https://localhost.example.com/t"} {
		if _, f, err := probed(t, facts.Target{URL: url, Token: "abc"}); err == nil || f.Backend != nil || len(f.Tokens) != 1 {
			t.Errorf("%s: %v, %+v", url, err, f.Backend)
		}
	}
	for _, url := range []string{"ftp://localhost/x", "://", "localhost:3001/x"} {
		if _, _, err := probed(t, facts.Target{URL: url}); err == nil || !strings.Contains(err.Error(), "--url") {
			t.Errorf("%s: %v", url, err)
		}
	}
}

// The last request waits for the second half of a second where the source rounds iat.
func TestRoundedIAT(t *testing.T) {
	t.Parallel()
	rounds := func(f *facts.Facts) { f.Project = &facts.Project{Servers: []facts.ServerCode{{RoundedIAT: true}}} }
	url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprintf(w, `{"at":%d}`, time.Now().UnixMilli())
	})
	begin := time.Now()
	_, f, err := probed(t, facts.Target{URL: url, Timeout: eventually.Long}, rounds)
	if err != nil {
		t.Fatal(err)
	}
	earliest := begin.Truncate(time.Second).Add(roundsUp) // no clock is waited for: a busy machine only sends it later
	if at := f.Backend.Posts[repeats-1].Fields["at"]; at < strconv.FormatInt(earliest.UnixMilli(), 10) {
		t.Errorf("the last request arrived at %s, want %d or later", at, earliest.UnixMilli())
	}
	e := &endpoint{facts: &facts.Facts{}}
	rounds(e.facts)
	for _, part := range []time.Duration{0, 300 * time.Millisecond, roundsUp - 1, roundsUp, 900 * time.Millisecond, secondEdge, 999 * time.Millisecond} {
		now := time.Unix(1_790_000_000, int64(part))
		edge, late := e.moments(now)
		if first, last := now.Add(edge), now.Add(late); first.Unix() != last.Unix() || last.Nanosecond() < int(roundsUp) || last.Nanosecond() >= int(secondEdge) {
			t.Errorf("%v into the second: the requests are sent at %v, and the last one at %v", part, first, last)
		}
	}
}
