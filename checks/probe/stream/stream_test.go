package stream

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"badsig/checks/facts"
	"badsig/checks/fakestream"
	"badsig/checks/internal/eventually"
	"badsig/checks/internal/worldtest"
	"badsig/checks/probe/vault"
	"badsig/tokens"
)

// standIn starts a stand-in for Stream that knows two apps.
func standIn(t *testing.T, change ...func(*fakestream.Options)) (*fakestream.Server, string) {
	t.Helper()
	o := fakestream.Options{Apps: map[string]fakestream.App{
		worldtest.TestKey:  {Secret: tokens.NewSecret(worldtest.TestSecret), ID: 77, Name: "Shop"},
		worldtest.OtherKey: {Secret: tokens.NewSecret(worldtest.OtherSecret), ID: 78, Name: "Other"},
	}}
	for _, c := range change {
		c(&o)
	}
	s := fakestream.New(o)
	url, stop, err := s.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return s, url
}

// grid is the grid in short: key:secret-id[*]:status/code.
func grid(s *facts.Stream) string {
	var out []string
	for _, p := range s.Grid {
		star := ""
		if p.Cleaned {
			star = "*"
		}
		out = append(out, fmt.Sprintf("%s:%d%s:%d/%d%s", p.Key[:3], p.Secret, star, p.Answer.Status, p.Answer.Code, p.Answer.Error))
	}
	return strings.Join(out, " ")
}

func TestThePairs(t *testing.T) {
	cases := []struct {
		name  string
		spots []worldtest.Spot
		dash  bool
		grid  string
		app   string // its name, "" for none
	}{
		{"good", []worldtest.Spot{worldtest.FrontKey(worldtest.TestKey), worldtest.ServerSecret(string(worldtest.TestSecret))}, false, "abc:1:200/0", "Shop"},
		{"good, with another pair beside it", []worldtest.Spot{worldtest.FrontKey(worldtest.TestKey), worldtest.ServerSecret(string(worldtest.TestSecret)), worldtest.Found(facts.WhatKey, worldtest.OtherKey), worldtest.Found(facts.WhatSecret, string(worldtest.OtherSecret))}, false, "abc:1:200/0", "Shop"},
		{"a space", []worldtest.Spot{worldtest.FrontKey(worldtest.TestKey), worldtest.ServerSecret(string(worldtest.TestSecret) + " ")}, false, "abc:1:401/43 abc:1*:200/0", "Shop"},
		{"the secret of another app", []worldtest.Spot{worldtest.FrontKey(worldtest.TestKey), worldtest.ServerSecret(string(worldtest.OtherSecret)), worldtest.Found(facts.WhatKey, worldtest.OtherKey)}, false, "abc:1:401/43 zyx:1:200/0", "Other"},
		{"an unknown key", []worldtest.Spot{worldtest.FrontKey("nobodyknows2"), worldtest.ServerSecret(string(worldtest.TestSecret)), worldtest.Found(facts.WhatKey, worldtest.TestKey)}, false, "nob:1:401/2 abc:1:200/0", "Shop"},
		{"the dashboard's pair, another front end's key", []worldtest.Spot{worldtest.FrontKey(worldtest.OtherKey), worldtest.ServerSecret(string(worldtest.TestSecret))}, true, "abc:1:200/0", "Shop"},
		{"a placeholder is never sent", []worldtest.Spot{worldtest.FrontKey(worldtest.TestKey), worldtest.ServerSecret("your_api_secret")}, false, "", ""},
		{"no secret", []worldtest.Spot{worldtest.FrontKey(worldtest.TestKey)}, false, "", ""},
		{"no key", []worldtest.Spot{worldtest.ServerSecret(string(worldtest.TestSecret))}, false, "", ""},
		{"swapped", []worldtest.Spot{worldtest.FrontKey(string(worldtest.TestSecret)), worldtest.ServerSecret(worldtest.TestKey)}, false, "", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s, url := standIn(t)
			target := facts.Target{StreamURL: url}
			if c.dash {
				target.APIKey, target.Secret = worldtest.TestKey, tokens.NewSecret(worldtest.TestSecret)
			}
			w := worldtest.New(t, target, c.spots...)
			if err := Pair(context.Background(), w, NewMemory()); err != nil {
				t.Fatal(err)
			}
			f := w.Snapshot()
			if got := grid(f.Stream); got != c.grid {
				t.Errorf("grid %q, want %q", got, c.grid)
			}
			if app := f.Stream.App; (app == nil) != (c.app == "") || (app != nil && app.Name != c.app) {
				t.Errorf("app %+v, want %q", app, c.app)
			}
			if c.app != "" && (f.Stream.Control == nil || f.Stream.Control.Code != 43) {
				t.Errorf("control %+v", f.Stream.Control)
			}
			checkWire(t, s, w)
			text, _ := json.Marshal(f)
			if bytes.Contains(text, []byte("not-to-be-read")) || bytes.Contains(text, worldtest.TestSecret) || bytes.Contains(text, worldtest.OtherSecret) {
				t.Error("the facts hold what they must not")
			}
		})
	}
}

// checkWire looks at what really went out: only GET app, only keys of a key's
// shape, only short-lived tokens, no secret.
func checkWire(t *testing.T, s *fakestream.Server, w *vault.World) {
	t.Helper()
	if n := len(s.Requests()); n > maxRequests {
		t.Errorf("%d requests", n)
	}
	for _, r := range s.Requests() {
		if r.Method != "GET" || r.Path != "/api/v2/app" || r.AuthType != "jwt" || r.Client != "badsig" {
			t.Errorf("asked %s %s as %q", r.Method, r.Path, r.Client)
		}
		if !tokens.APIKey(r.Key).WellFormed() {
			t.Errorf("sent the key %q", r.Key)
		}
		text := fmt.Sprint(r)
		for _, v := range w.Snapshot().Values {
			if v.What != facts.WhatKey && !v.Placeholder && w.Secret(v.ID).In([]byte(text)) && v.Length > 12 {
				t.Errorf("a secret went over the wire: %s", v.Name)
			}
		}
		parsed := tokens.Parse(r.Token)
		if parsed.Has(tokens.FlawServer) {
			iat, _ := parsed.Claims.Time("iat")
			exp, ok := parsed.Claims.Time("exp")
			if !ok || exp.Sub(iat) > 10*time.Minute {
				t.Errorf("a server token lives from %s to %s", iat, exp)
			}
		}
	}
}

func TestNeverMoreThanTwelveRequests(t *testing.T) {
	s, url := standIn(t)
	spots := []worldtest.Spot{worldtest.FrontKey(worldtest.TestKey), worldtest.ServerSecret(string(bytes.Repeat([]byte("a"), 64)))}
	for i := range 20 {
		spots = append(spots, worldtest.Found(facts.WhatSecret, strings.Repeat(string(rune('b'+i)), 64)), worldtest.Found(facts.WhatKey, fmt.Sprintf("otherkey%04d", i)))
	}
	w := worldtest.New(t, facts.Target{StreamURL: url}, spots...)
	w.AddToken(facts.Token{Source: "backend"}, worldtest.Jws(t, worldtest.TestSecret, "jane", tokens.MintOptions{}))
	w.AddToken(facts.Token{Source: "given"}, worldtest.Jws(t, worldtest.OtherSecret, "jane", tokens.MintOptions{}))
	if err := Pair(context.Background(), w, NewMemory()); err != nil {
		t.Fatal(err)
	}
	if err := User(context.Background(), w, NewMemory()); err != nil {
		t.Fatal(err)
	}
	f := w.Snapshot()
	if n := s.Count(); n > maxRequests || n < 8 || n != f.Stream.Requests {
		t.Errorf("%d requests, the facts say %d", n, f.Stream.Requests)
	}
	checkWire(t, s, w)
}

func TestTheUsersToken(t *testing.T) {
	foreign := "eyJhbGciOiJSUzI1NiIsImtpZCI6ImExIn0.eyJpc3MiOiJodHRwczovL2NsZXJrLmV4YW1wbGUiLCJzdWIiOiJ1c2VyXzEifQ.c2lnbmF0dXJlc2lnbmF0dXJl"
	good := worldtest.Jws(t, worldtest.TestSecret, "jane", tokens.MintOptions{})
	cases := []struct {
		name, raw string
		status    int
		code      int
		err       string
	}{
		{"good", good, 200, 0, ""},
		{"wrong secret", worldtest.Jws(t, worldtest.OtherSecret, "jane", tokens.MintOptions{}), 401, 43, ""},
		{"in quotes", `"` + good + `"`, 401, 5, ""},
		{"bearer", "Bearer " + good, 401, 5, ""},
		{"a newline cannot be sent", good + "\n", 0, 0, "not-sendable"},
		{"another issuer's is not Stream's business", foreign, 0, 0, "not-sendable"},
		{"no token", "hello", 0, 0, "not-sendable"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s, url := standIn(t)
			w := worldtest.New(t, facts.Target{StreamURL: url}, worldtest.FrontKey(worldtest.TestKey), worldtest.ServerSecret(string(worldtest.TestSecret)))
			w.AddToken(facts.Token{Source: "backend"}, c.raw)
			m := NewMemory()
			for _, run := range []func(context.Context, *vault.World, *Memory) error{Pair, User} {
				if err := run(context.Background(), w, m); err != nil {
					t.Fatal(err)
				}
			}
			f := w.Snapshot()
			u := f.Stream.User
			if u == nil || u.Status != c.status || u.Code != c.code || u.Error != c.err {
				t.Fatalf("user %+v, want %d %d %q", u, c.status, c.code, c.err)
			}
			if f.Stream.UserKey != worldtest.TestKey {
				t.Errorf("key %q", f.Stream.UserKey)
			}
			p := f.Tokens[0].Prediction
			if p == nil || (c.err == "" && (p.Status != c.status || p.Code != c.code)) {
				t.Errorf("prediction %+v", p)
			}
			for _, r := range s.Requests() {
				if c.err != "" && strings.Contains(r.Token, strings.TrimSpace(c.raw)) {
					t.Error("it was sent all the same")
				}
			}
		})
	}
}

func TestWhatStreamsAppSays(t *testing.T) {
	revoked := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	cases := []struct {
		name  string
		app   fakestream.App
		check func(*facts.Stream) bool
	}{
		{"auth checks disabled", fakestream.App{Secret: tokens.NewSecret(worldtest.TestSecret), AuthDisabled: true},
			func(s *facts.Stream) bool { return s.App.AuthDisabled && s.Control.Status == 200 }},
		{"suspended", fakestream.App{Secret: tokens.NewSecret(worldtest.TestSecret), Suspended: true},
			func(s *facts.Stream) bool { return s.App == nil && s.Grid[0].Answer.Code == 99 && s.Reachable }},
		{"revoked", fakestream.App{Secret: tokens.NewSecret(worldtest.TestSecret), RevokedBefore: revoked},
			func(s *facts.Stream) bool { return s.Grid[0].Answer.Code == 40 }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s, url := standIn(t)
			s.Set(worldtest.TestKey, c.app)
			w := worldtest.New(t, facts.Target{StreamURL: url}, worldtest.FrontKey(worldtest.TestKey), worldtest.ServerSecret(string(worldtest.TestSecret)))
			if err := Pair(context.Background(), w, NewMemory()); err != nil {
				t.Fatal(err)
			}
			if got := w.Snapshot().Stream; !c.check(got) {
				t.Errorf("%+v app %+v control %+v grid %+v", got, got.App, got.Control, got.Grid)
			}
		})
	}
}

func TestStreamThatDoesNotRespondAsStreamDoes(t *testing.T) {
	cases := []struct {
		name string
		h    http.HandlerFunc
		err  string
	}{
		{"a page", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>Welcome") }, "not-stream"},
		{"another API", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"ok":true}`) }, "not-stream"},
		{"a login portal", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.1:1/login", http.StatusFound)
		}, "not-stream"},
		{"too many requests", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(429) }, "rate-limited"},
		{"its edge", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(503)
			_, _ = io.WriteString(w, "upstream request timeout")
		}, "unavailable"},
		{"silence", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, "timeout"},
		{"endless", func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				_, _ = w.Write(bytes.Repeat([]byte(" "), 1<<16))
			}
		}, "not-stream"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var n atomic.Int32
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { n.Add(1); c.h(w, r) }))
			defer s.Close()
			timeout := eventually.Long // those that respond do so in time, however busy the machine
			if c.err == "timeout" {
				timeout = 500 * time.Millisecond
			}
			w := worldtest.New(t, facts.Target{StreamURL: s.URL, Timeout: timeout}, worldtest.FrontKey(worldtest.TestKey), worldtest.ServerSecret(string(worldtest.TestSecret)), worldtest.Found(facts.WhatSecret, string(worldtest.OtherSecret)))
			w.AddToken(facts.Token{Source: "backend"}, worldtest.Jws(t, worldtest.TestSecret, "jane", tokens.MintOptions{}))
			m := NewMemory()
			for _, run := range []func(context.Context, *vault.World, *Memory) error{Pair, User} {
				if err := run(context.Background(), w, m); err != nil {
					t.Fatal(err)
				}
			}
			f := w.Snapshot().Stream
			if f.Error != c.err || f.Reachable || f.App != nil || n.Load() != 1 {
				t.Errorf("error %q after %d requests, reachable %v; want %q after one", f.Error, n.Load(), f.Reachable, c.err)
			}
		})
	}
}

func TestWhereATokenMustNotGo(t *testing.T) {
	for _, url := range []string{"http://chat.stream-io-api.com", "http://192.168.1.7:3030", "ftp://localhost", "localhost:3030", "http://localhost.example.com"} {
		w := worldtest.New(t, facts.Target{StreamURL: url}, worldtest.FrontKey(worldtest.TestKey), worldtest.ServerSecret(string(worldtest.TestSecret)))
		err := Pair(context.Background(), w, NewMemory())
		if err == nil || !strings.Contains(err.Error(), "--stream-url") || w.Snapshot().Stream.Requests != 0 {
			t.Errorf("%s: %v", url, err)
		}
	}
	w := worldtest.New(t, facts.Target{Offline: true}, worldtest.FrontKey(worldtest.TestKey), worldtest.ServerSecret(string(worldtest.TestSecret)))
	if err := Pair(context.Background(), w, NewMemory()); err != nil || w.Snapshot().Stream.Asked || w.Snapshot().Stream.Error != "offline" {
		t.Errorf("offline: %v %+v", err, w.Snapshot().Stream)
	}
}

func TestTheClockDifference(t *testing.T) {
	for _, ahead := range []time.Duration{0, 90 * time.Second, -5 * time.Minute} {
		_, url := standIn(t, func(o *fakestream.Options) { o.Now = func() time.Time { return time.Now().Add(ahead) } })
		w := worldtest.New(t, facts.Target{StreamURL: url}, worldtest.FrontKey(worldtest.TestKey), worldtest.ServerSecret(string(worldtest.TestSecret)))
		begin := time.Now()
		if err := Pair(context.Background(), w, NewMemory()); err != nil {
			t.Fatal(err)
		}
		s, slow := w.Snapshot().Stream, time.Since(begin)
		// Date counts whole seconds: half of one, and as much as the response is slow.
		if off := s.Skew + ahead; off.Abs() > s.SkewBound || s.SkewBound > 500*time.Millisecond+slow || s.SkewBound == 0 {
			t.Errorf("Stream is %s ahead: skew %s ± %s, and it took %s", ahead, s.Skew, s.SkewBound, slow)
		}
	}
}

// clock is a clock that the test and the stand-in share.
type clock struct{ at atomic.Int64 }

func newClock() *clock {
	c := &clock{}
	c.at.Store(time.Now().UnixNano())
	return c
}

func (c *clock) now() time.Time { return time.Unix(0, c.at.Load()) }

func (c *clock) pass(d time.Duration) { c.at.Add(int64(d)) }

// TestMemory counts what reaches Stream. Every run mints its token anew, as a
// backend does; only what matters to Stream's response makes it send another request.
func TestMemory(t *testing.T) {
	now := newClock()
	s, url := standIn(t, func(o *fakestream.Options) { o.Now = now.now })
	m := NewMemory()
	secret, signs, user, o, pid, ago := worldtest.TestSecret, worldtest.TestSecret, "jane", tokens.MintOptions{}, int32(7), time.Duration(0)
	around := func(token string) string { return token }
	run := func() *facts.Stream {
		t.Helper()
		now.pass(2 * time.Second) // another iat, another exp
		w := worldtest.New(t, facts.Target{StreamURL: url, Now: now.now}, worldtest.FrontKey(worldtest.TestKey), worldtest.ServerSecret(string(secret)))
		w.Update(func(f *facts.Facts) {
			f.Process = &facts.Listeners{Known: true, Listeners: []facts.Listener{{PID: pid, Start: time.Unix(1, 0)}}}
		})
		raw, err := tokens.Mint(tokens.NewSecret(signs), user, now.now().Add(-ago), o)
		if err != nil {
			t.Fatal(err)
		}
		signer := tokens.FindSigner(context.Background(), tokens.Parse(raw), []tokens.Candidate{{Secret: tokens.NewSecret(secret)}})
		w.AddToken(facts.Token{Source: "backend", Signer: &signer}, around(raw))
		for _, run := range []func(context.Context, *vault.World, *Memory) error{Pair, User} {
			if err := run(context.Background(), w, m); err != nil {
				t.Fatal(err)
			}
		}
		return w.Snapshot().Stream
	}
	unknown := []byte(strings.Repeat("u7", 32))
	steps := []struct {
		name   string
		change func()
		asked  int
		user   int // status
	}{
		{"first: pair, control, token", func() {}, 3, 200},
		{"a token minted anew", func() {}, 0, 200},
		{"another process, the same secret", func() { pid++ }, 0, 200},
		{"hours later", func() { now.pass(3 * time.Hour) }, 0, 200},
		{"another user", func() { user = "joe" }, 1, 200},
		{"the first user again", func() { user = "jane" }, 0, 200},
		{"a further claim", func() { o.Extra = map[string]any{"role": "admin"} }, 1, 200},
		{"a number of its own for each token", func() { o.Extra = map[string]any{"jti": "1"} }, 1, 200},
		{"another number", func() { o.Extra["jti"] = "2" }, 0, 200},
		{"no claim of that kind", func() { o.Extra = nil }, 0, 200},
		{"quotes around the token", func() { around = func(s string) string { return `"` + s + `"` } }, 1, 401},
		{"quotes around one minted anew", func() {}, 0, 401},
		{"no quotes", func() { around = func(s string) string { return s } }, 0, 200},
		{"another secret signs: the pair is the same", func() { signs = worldtest.OtherSecret }, 1, 401},
		{"another secret, minted anew", func() {}, 0, 401},
		{"and is in the file: pair and signer are others", func() { secret = worldtest.OtherSecret }, 2, 401},
		{"the first secret again", func() { secret, signs = worldtest.TestSecret, worldtest.TestSecret }, 0, 200},
		{"no one knows who signs", func() { signs = unknown; pid++ }, 1, 401},
		{"no one knows, minted anew by the same process", func() {}, 0, 401},
		{"no one knows, another process", func() { pid++ }, 1, 401},
		{"the known one again", func() { signs = worldtest.TestSecret }, 0, 200},
		{"expired", func() { ago = 2 * time.Hour }, 1, 401},
		{"expired, minted anew", func() {}, 0, 401},
		{"mended", func() { ago = 0 }, 0, 200},
		{"told to forget", m.Forget, 3, 200},
	}
	for _, st := range steps {
		st.change()
		s.Reset()
		got := run()
		if s.Count() != st.asked || got.Requests != st.asked || got.User == nil || got.User.Status != st.user {
			t.Errorf("%s: asked %d times (%d in the facts), want %d; user %+v, want %d", st.name, s.Count(), got.Requests, st.asked, got.User, st.user)
		}
	}
}

// TestMemoryOfTheClock: where Stream's clock and this machine's disagree, iat
// and exp are what matters, and a clock that was set makes old responses worthless.
func TestMemoryOfTheClock(t *testing.T) {
	m, now := NewMemory(), time.Now()
	id := m.id("one")
	q := question{id: id, exact: m.id("exactly one")}
	early := reply{answer: facts.StreamAnswer{Status: 401, Code: tokens.CodeBeforeIssued}}
	m.keep(q, early, now)
	if _, ok := m.recall(question{id: id, exact: m.id("exactly two")}, now); ok {
		t.Error("a token too early by Stream's clock decides for the next token")
	}
	if _, ok := m.recall(q, now); !ok {
		t.Error("the same bytes are asked about again")
	}
	q.timed = true
	m.keep(q, early, now)
	if _, ok := m.recall(question{id: id}, now); !ok {
		t.Error("a token too early by both clocks is asked about again")
	}
	if _, ok := m.recall(q, now.Add(9*time.Hour)); !ok {
		t.Error("forgotten because time went by")
	}
	set := now.Round(0).Add(-time.Minute) // without the monotonic reading: as after a step back
	if _, ok := m.recall(q, set); ok {
		t.Error("remembered although the clock was set back")
	}
}

func TestCancelledRunsEnd(t *testing.T) {
	_, url := standIn(t, func(o *fakestream.Options) { o.Delay = time.Minute })
	w := worldtest.New(t, facts.Target{StreamURL: url, Timeout: time.Minute}, worldtest.FrontKey(worldtest.TestKey), worldtest.ServerSecret(string(worldtest.TestSecret)))
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	begin := time.Now()
	_ = Pair(ctx, w, NewMemory())
	if took := time.Since(begin); took > eventually.Long/2 {
		t.Errorf("took %s", took)
	}
}
