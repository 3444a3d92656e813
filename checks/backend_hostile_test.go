package checks_test

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unicode"

	"go.uber.org/goleak"

	"badsig/checks"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/internal/eventually"
	"badsig/tokens"
)

// Invented for these tests; no Stream app has them.
const (
	hostileSecret = "h7v2k9m4q8w3e6r5t2y9u4p7a3s8d6f2g9h5j3k7z8x2c6v4b9n5m3q7w8e2r6t4"
	shortSecret   = "h7v2k9m4q8w3e6r5t2y9u4p7" // all its typos of two characters are tried in a tenth of the time
	hostileKey    = "hst2345mnpqr"
	hostileUser   = "test123"
)

// limits of one run against a hostile party.
const (
	hostileTimeout = 20 * time.Second       // of those that respond: a busy machine must not turn them into silent ones
	silentTimeout  = 300 * time.Millisecond // of those that do not
	hostileHeap    = 40 << 20
	hostileWork    = patience * 3 * time.Second // of processor time, that of the hostile party included
)

func hostileToken(t testing.TB, extra map[string]any) string {
	t.Helper()
	s, err := tokens.Mint(tokens.NewSecret([]byte(hostileSecret)), hostileUser, time.Now().Add(-time.Second), tokens.MintOptions{Extra: extra})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// faces are a report as every writer writes it.
type faces struct{ text, json, markdown, facts string }

func (f faces) each(do func(face, text string)) {
	do("text", f.text)
	do("json", f.json)
	do("markdown", f.markdown)
	do("facts", f.facts)
}

func facesOf(t testing.TB, r *checks.Report) faces {
	t.Helper()
	f := shownOf(t, r)
	facts, err := json.MarshalIndent(r.Facts, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	f.facts = string(facts)
	return f
}

// shownOf is facesOf without the facts.
func shownOf(t testing.TB, r *checks.Report) faces {
	t.Helper()
	var text, doc, md strings.Builder
	for _, err := range []error{r.WriteText(&text), r.WriteJSON(&doc), r.WriteMarkdown(&md)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return faces{text: text.String(), json: doc.String(), markdown: md.String()}
}

// bounded runs every check on a target, and fails where that takes longer than
// three times the target's timeout and the search for typos may (and what a busy machine adds), needs more
// work than hostileWork or more memory than hostileHeap, has no report, or
// leaves anything running behind.
func bounded(t *testing.T, target facts.Target) (*checks.Report, faces) {
	t.Helper()
	limit := (3+facts.TypoPatience)*target.Timeout + 10*time.Second
	before := goleak.IgnoreCurrent()
	defer debug.SetGCPercent(debug.SetGCPercent(50)) // the more often it is collected, the more often watchHeap sees what is held
	runtime.GC()
	heap := watchHeap()
	begin, spent := time.Now(), eventually.Spent()
	ctx, cancel := context.WithTimeout(t.Context(), limit+10*time.Second) // a hang ends as a failure, not as a panic of the test binary
	defer cancel()
	var report *checks.Report
	for e := range checks.Run(ctx, target, checks.Options{}) {
		if e.Kind == checks.Done {
			report = e.Report
		}
	}
	took, worked := time.Since(begin), eventually.Spent()-spent
	if report == nil {
		t.Fatalf("no report after %s: %v", took, ctx.Err())
	}
	f := facesOf(t, report)
	grown := heap()
	t.Logf("took %s and %s of work, heap grew by %d MiB, facts have %d KiB", took.Round(time.Millisecond), worked.Round(time.Millisecond), grown>>20, len(f.facts)>>10)
	if took > limit {
		t.Errorf("took %s, the limit is %s", took, limit)
	}
	if worked > hostileWork {
		t.Errorf("it is %s of work, the limit is %s", worked, hostileWork)
	}
	if grown > hostileHeap {
		t.Errorf("the heap grew by %d MiB, the limit is %d", grown>>20, hostileHeap>>20)
	}
	if n := len(f.facts); n > 512<<10 {
		t.Errorf("the facts have %d KiB", n>>10)
	}
	f.each(func(face, text string) {
		if face != "facts" { // a file's name is there as it is, for it is opened again
			checkShown(t, face, text)
		}
	})
	eventually.NothingLeft(t, append(theirs, before)...)
	return report, f
}

// theirs are the goroutines of the hostile parties, which live in this process too.
var theirs = []goleak.Option{
	goleak.IgnoreAnyFunction("net/http.(*conn).serve"), goleak.IgnoreAnyFunction("net/http.(*connReader).backgroundRead"),
	goleak.IgnoreAnyFunction("badsig/checks_test.rawBackend.func1.1"), goleak.IgnoreAnyFunction("badsig/checks_test.readAway"),
}

// watchHeap looks at what is held, as each garbage collection finds it, until
// it is called and returns by how much that grew at most. What waits to be collected
// does not count: how much that is depends on how busy the machine is.
func watchHeap() func() uint64 {
	read := func() uint64 {
		s := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		metrics.Read(s)
		return s[0].Value.Uint64()
	}
	begin, stop, done := read(), make(chan struct{}), make(chan uint64)
	go func() {
		peak := begin
		tick := time.NewTicker(2 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				peak = max(peak, read())
			case <-stop:
				done <- max(peak, read())
				return
			}
		}
	}()
	return func() uint64 {
		close(stop)
		return <-done - begin
	}
}

// checkShown fails where something of a string would act on a terminal, or hide
// in a report. Of a JSON document every string is looked at as its reader gets it.
func checkShown(t testing.TB, face, text string) {
	t.Helper()
	if face == "json" || face == "facts" {
		d := json.NewDecoder(strings.NewReader(text))
		for {
			switch tok, err := d.Token(); {
			case errors.Is(err, io.EOF):
				return
			case err != nil:
				t.Errorf("%s isn't JSON: %v", face, err)
				return
			default:
				if s, ok := tok.(string); ok {
					checkShown(t, face+"'s string", s)
				}
			}
		}
	}
	for i, r := range text {
		if r == '\n' && (face == "text" || face == "markdown") {
			continue
		}
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			t.Errorf("%s holds %U: %q", face, r, around(text, i))
			return
		}
	}
}

func around(text string, i int) string { return text[max(0, i-60):min(len(text), i+60)] }

// backend serves one handler and gives the URL of its token endpoint.
func hostileBackend(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL + "/api/stream/token"
}

// rawBackend reads each request's header and leaves the response to talk, whose
// context ends when the client has left.
func rawBackend(t *testing.T, talk func(ctx context.Context, c net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			wg.Go(func() {
				defer c.Close()
				stop := context.AfterFunc(ctx, func() { _ = c.Close() })
				defer stop()
				buf := make([]byte, 64<<10)
				if _, err := c.Read(buf); err != nil {
					return
				}
				here, gone := context.WithCancel(ctx)
				var reader sync.WaitGroup
				reader.Go(func() { readAway(c, gone) })
				talk(here, c)
				_ = c.Close()
				reader.Wait()
			})
		}
	})
	t.Cleanup(func() { cancel(); _ = l.Close(); wg.Wait() })
	return "http://" + l.Addr().String() + "/api/stream/token"
}

// readAway reads until the client has left.
func readAway(c net.Conn, gone func()) {
	_, _ = io.Copy(io.Discard, c)
	gone()
}

// say returns 200 with a body.
func say(contentType string, body func(w io.Writer)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Access-Control-Allow-Headers", "content-type")
		if r.Method == http.MethodOptions {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		w.Header().Set("Content-Type", contentType)
		body(w)
	}
}

func write(text string) func(io.Writer) {
	return func(w io.Writer) { _, _ = io.WriteString(w, text) }
}

func pour(chunk []byte, times int) func(io.Writer) {
	return func(w io.Writer) {
		for range times {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	}
}

// escapes are sequences that act on terminals: colors, the title, the
// clipboard, a clear screen, C1 controls in UTF-8, bidi, a bell.
const escapes = "\x1b[31m\x1b]0;owned\x07\x1b]52;c;b3duZWQ=\x07\x1b[2J\x1b[H\u009b31m\u202egnp.\u2066\x07\x08\r\x00\x7f"

// jsonEscapes is the same inside a JSON string.
var jsonEscapes = func() string {
	b, _ := json.Marshal(escapes)
	return strings.Trim(string(b), `"`)
}()

// every response of a hostile backend ends in a sentence, in time, in little memory.
func TestHostileBackends(t *testing.T) {
	const endless = 1 << 30
	mega := bytes.Repeat([]byte("x"), 1<<20)
	token := hostileToken(t, nil)
	pad := func(n int) string { return strings.Repeat("a", n) }
	cases := []struct {
		name string
		url  func(*testing.T) string
		says string // is in the text report
		not  string // does not
		root causes.ID
		slow bool // it keeps badsig waiting, for as long as that waits
	}{
		{name: "10 MB", url: serving(say("application/json", pour(mega, 10))), says: "1 MB"},
		{name: "endless", url: serving(say("application/json", pour(mega[:1<<16], endless))), says: "1 MB"},
		{name: "endless JSON string", url: serving(say("application/json", func(w io.Writer) {
			write(`{"token":"`)(w)
			pour(mega[:1<<16], endless)(w)
		})), says: "1 MB"},
		{name: "a byte now and then", url: serving(func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				_, _ = w.Write([]byte(" "))
				_ = http.NewResponseController(w).Flush()
				time.Sleep(20 * time.Millisecond)
			}
		}), says: "needs longer", slow: true},
		{name: "a header byte now and then", url: talking(func(ctx context.Context, c net.Conn) {
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nX-Slow: ")
			for ctx.Err() == nil {
				if _, err := c.Write([]byte("x")); err != nil {
					return
				}
				time.Sleep(20 * time.Millisecond)
			}
		}), says: "needs longer", slow: true},
		{name: "header of 1 MB", url: serving(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Large", string(mega))
		}), says: "header"},
		{name: "endless header", url: talking(func(_ context.Context, c net.Conn) {
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\n")
			line := []byte("X-More: " + pad(1000) + "\r\n")
			for {
				if _, err := c.Write(line); err != nil {
					return
				}
			}
		}), says: "header"},
		{name: "gzip bomb", url: serving(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(gzipBomb())
		}), says: "1 MB"},
		{name: "gzip in gzip", url: serving(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(gzipBombTwice())
		}), says: "200"},
		{name: "deflate bomb", url: serving(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "deflate")
			_, _ = w.Write(deflateBomb())
		}), says: "200"},
		{name: "gzip that is none", url: serving(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write([]byte("no gzip at all"))
		}), says: "gzip"},
		{name: "redirect to itself", url: serving(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path, http.StatusFound) }), says: "redirect"},
		{name: "redirect without an address", url: serving(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusFound) }), says: "302"},
		{name: "redirect to garbage", url: serving(func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Location"] = []string{"http://[::1\t/%zz" + "\x9b31m" + pad(5000)}
			w.WriteHeader(http.StatusFound)
		}), says: "redirect", root: "endpoint-redirect"},
		{name: "https with an unknown certificate", url: tlsBackend, says: "certificate"},
		{name: "escapes in JSON", url: serving(say("application/json", write(`{"error":"`+jsonEscapes+`","`+jsonEscapes+`":"`+jsonEscapes+`","token":"`+jsonEscapes+`"}`))), says: "token"},
		{name: "escapes in a page", url: serving(say("text/html", write("<html><title>"+escapes+"</title><pre>Error: "+escapes+"</pre>"))), says: "page", root: "endpoint-html"},
		{name: "escapes in text", url: serving(say("text/plain", write(escapes+escapes))), says: "token"},
		{name: "escapes in a 500", url: serving(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(500)
			_, _ = io.WriteString(w, `{"message":"`+jsonEscapes+` boom"}`)
		}), says: "500", root: "endpoint-error"},
		{name: "escapes in headers", url: talking(func(_ context.Context, c net.Conn) {
			e := strings.NewReplacer("\r", "", "\x00", "", "\n", "").Replace(escapes)
			body := `{"token":"` + token + `"}`
			_, _ = fmt.Fprintf(c, "HTTP/1.1 200 OK%s\r\nServer: %s\r\nX-Powered-By: %s\r\nContent-Type: application/json;%s\r\nCache-Control: %s\r\nDate: %s\r\nAccess-Control-Allow-Origin: %s\r\nContent-Length: %d\r\n\r\n%s", e, e, e, e, e, e, e, len(body), body)
		}), says: ""},
		{name: "escapes in claims", url: serving(say("application/json", write(`{"token":"`+hostileToken(t, map[string]any{
			"name" + escapes: escapes, "deep": map[string]any{escapes: []any{escapes}}, "aud": escapes})+`"}`))), says: hostileUser},
		{name: "escapes in the user's id", url: serving(say("application/json", write(`{"userId":"`+jsonEscapes+`","token":"`+unsigned(`{"alg":"HS256"}`, `{"user_id":"`+jsonEscapes+`","exp":"`+jsonEscapes+`","iat":"`+jsonEscapes+`"}`)+`"}`))), says: "user_id"},
		{name: "escapes in the token's header", url: serving(say("application/json", write(`{"token":"`+unsigned(`{"alg":"`+jsonEscapes+`","typ":"`+jsonEscapes+`","kid":"`+jsonEscapes+`"}`, `{"user_id":"test123"}`)+`"}`))), says: "HS256"},
		{name: "escapes around a token", url: serving(say("text/plain", write(escapes+token+escapes))), says: "token"},
		{name: "a token of 1 MB", url: serving(say("application/json", write(`{"token":"`+hostileToken(t, map[string]any{"x": pad(600 << 10)})+`"}`))), says: "token"},
		{name: "a token of 1 MB, all dots", url: serving(say("application/json", write(`{"token":"eyJhbGciOiJIUzI1NiJ9`+strings.Repeat(".", 900<<10)+`"}`))), says: "token"},
		{name: "a token of 1 MB, all eyJ", url: serving(say("application/json", write(`{"token":"`+strings.Repeat("eyJ.", 230<<10)+`"}`))), says: "token"},
		{name: "a token with 40,000 claims", url: serving(say("application/json", write(`{"token":"`+unsigned(`{"alg":"HS256"}`, `{"user_id":"test123"`+manyFields(40000)+`}`)+`"}`))), says: "token"},
		{name: "10,000 tokens", url: serving(say("application/json", write(`["`+strings.Repeat(unsigned(`{"alg":"HS256"}`, `{"user_id":"a"}`)+`","`, 10000)+`"]`))), says: "token"},
		{name: "10,000 tokens in fields", url: serving(say("application/json", func(w io.Writer) {
			write(`{"z":0`)(w)
			for i := range 8000 {
				fmt.Fprintf(w, `,"streamToken%d":"%s"`, i, unsigned(`{"alg":"HS256"}`, `{"user_id":"a"}`))
			}
			write(`}`)(w)
		})), says: "token"},
		{name: "10,000 tokens in text", url: serving(say("text/plain", write(strings.Repeat(unsigned(`{"alg":"HS256"}`, `{"user_id":"a"}`)+" ", 10000)))), says: "token"},
		{name: "JSON 100,000 deep", url: serving(say("application/json", write(strings.Repeat("[", 100_000)+strings.Repeat("]", 100_000)))), says: "token"},
		{name: "JSON 9,000 objects deep", url: serving(say("application/json", write(strings.Repeat(`{"token":`, 9000)+"1"+strings.Repeat("}", 9000)))), says: "token"},
		{name: "claims 100,000 deep", url: serving(say("application/json", write(`{"token":"`+unsigned(`{"alg":"HS256"}`, `{"user_id":`+strings.Repeat("[", 100_000)+strings.Repeat("]", 100_000)+`}`)+`"}`))), says: "token"},
		// A path that repeats long keys before each of many values: 16 × 40 KB × 20,000.
		{name: "long keys over many values", url: serving(say("application/json", write(strings.Repeat(`{"`+pad(40<<10)+`":`, 14)+"["+strings.Repeat(`0,`, 30000)+`0]`+strings.Repeat("}", 14)))), says: "token"},
		{name: "many fields", url: serving(say("application/json", write(`{"a":1`+manyFields(50000)+`}`))), says: "token"},
		{name: "invalid UTF-8", url: serving(say("application/json", write("{\"token\":\"\xff\xfe\xc3\x28\xed\xa0\x80\",\"\xff\":\"\xfe\"}"))), says: "token"},
		{name: "NULs", url: serving(say("application/json", write(strings.Repeat("\x00", 100_000)))), says: "token"},
		{name: "UTF-16", url: serving(say("application/json", write("\xff\xfe{\x00\"\x00t\x00\"\x00:\x001\x00}\x00"))), says: "token"},
		{name: "nothing", url: serving(say("application/json", write(""))), says: "token"},
		{name: "only spaces", url: serving(say("application/json", write(strings.Repeat(" \n\t", 100_000)))), says: "token"},
		{name: "closes immediately", url: talking(func(context.Context, net.Conn) {}), says: "closed"},
		{name: "closes in its header", url: talking(func(_ context.Context, c net.Conn) { _, _ = io.WriteString(c, "HTTP/1.1 200 O") }), says: "closed"},
		{name: "closes in its body", url: talking(func(_ context.Context, c net.Conn) {
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nContent-Type: application/json\r\n\r\n{\"token\":\""+token)
		}), says: "closed", root: "endpoint-error"},
		{name: "a broken chunk", url: talking(func(_ context.Context, c net.Conn) {
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{")
		}), says: ""},
		{name: "1xx forever", url: talking(func(_ context.Context, c net.Conn) {
			for {
				if _, err := io.WriteString(c, "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"); err != nil {
					return
				}
			}
		}), says: ""},
		{name: "100 forever, slowly", url: talking(func(_ context.Context, c net.Conn) {
			for {
				if _, err := io.WriteString(c, "HTTP/1.1 100 Continue\r\n\r\n"); err != nil {
					return
				}
				time.Sleep(10 * time.Millisecond)
			}
		}), says: "needs longer", slow: true},
		{name: "says nothing", url: talking(func(ctx context.Context, _ net.Conn) { <-ctx.Done() }), says: "needs longer", slow: true},
		{name: "isn't HTTP", url: talking(func(_ context.Context, c net.Conn) {
			_, _ = io.WriteString(c, "SSH-2.0-"+escapes+"\r\n"+pad(100_000))
		}), says: "HTTP"},
		{name: "switches protocols", url: talking(func(ctx context.Context, c net.Conn) {
			_, _ = io.WriteString(c, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n")
			<-ctx.Done()
		}), says: "101"},
		{name: "status 999", url: talking(func(_ context.Context, c net.Conn) {
			_, _ = io.WriteString(c, "HTTP/1.1 999 "+pad(1000)+"\r\nContent-Length: 2\r\n\r\nno")
		}), says: "999"},
		{name: "a length that is wrong", url: talking(func(_ context.Context, c net.Conn) {
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n{}")
		}), says: ""},
		{name: "a length of exabytes", url: talking(func(_ context.Context, c net.Conn) {
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\n{}")
		}), says: "closed"},
	}
	for i, c := range cases {
		if testing.Short() && i%3 != 0 {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			timeout := hostileTimeout
			if c.slow {
				timeout = silentTimeout
			}
			r, f := bounded(t, facts.Target{Dir: t.TempDir(), URL: c.url(t), Offline: true, Timeout: timeout,
				Origin: "http://localhost:5173", Method: "POST", Data: []byte(`{"userId":"test123"}`), Header: http.Header{"X-Session": {"of mine"}}})
			if testing.Verbose() {
				t.Log(f.text)
			}
			if r.Verdict == checks.Accepted && r.Token == nil {
				t.Error("accepted without a token")
			}
			if !strings.Contains(f.text, c.says) {
				t.Errorf("the report does not say %q:\n%s", c.says, f.text)
			}
			root := causes.ID("")
			if x := r.Root(); x != nil {
				root = x.ID
			}
			if c.root != "" && root != c.root {
				t.Errorf("named first is %q, want %q", root, c.root)
			}
			sentences(t, r)
			checkShown(t, "facts", f.facts)
			f.each(func(face, text string) {
				if sig := token[strings.LastIndexByte(token, '.')+1:]; strings.Contains(text, sig) {
					t.Errorf("%s holds a signature", face)
				}
			})
		})
	}
}

// sentences fails where a check that did not pass says nothing, or says what a
// program says to its programmers.
func sentences(t *testing.T, r *checks.Report) {
	t.Helper()
	for _, c := range r.Checks {
		if c.Summary == "" {
			t.Errorf("%s is %s and says nothing", c.ID, c.Status)
		}
		for _, slip := range []string{"badsig stumbled", "%!", "<nil>", "runtime error", "goroutine"} {
			if strings.Contains(c.Summary, slip) {
				t.Errorf("%s says %q", c.ID, c.Summary)
			}
		}
		if len(c.Summary) > 2000 {
			t.Errorf("%s says %d bytes: %.200s", c.ID, len(c.Summary), c.Summary)
		}
	}
}

func serving(h http.HandlerFunc) func(*testing.T) string {
	return func(t *testing.T) string { return hostileBackend(t, h) }
}

func talking(talk func(context.Context, net.Conn)) func(*testing.T) string {
	return func(t *testing.T) string { return rawBackend(t, talk) }
}

func tlsBackend(t *testing.T) string {
	s := httptest.NewUnstartedServer(say("application/json", write(`{}`)))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	return s.URL + "/api/stream/token"
}

// The bombs are packed once: packing one for each of the requests that come at
// the same time needs more memory than badsig may.
var (
	gzipBomb      = sync.OnceValue(func() []byte { return bytes.Repeat(packed(zipped, make([]byte, 1<<20), 1), 64) }) // in 64 KB: gzip's parts are read on
	gzipBombTwice = sync.OnceValue(func() []byte { return packed(zipped, gzipBomb(), 1) })
	deflateBomb   = sync.OnceValue(func() []byte { return packed(deflated, make([]byte, 1<<20), 1) })
)

func zipped(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) }

func deflated(w io.Writer) io.WriteCloser {
	z, _ := flate.NewWriter(w, flate.BestCompression) // a level that exists
	return z
}

func packed(by func(io.Writer) io.WriteCloser, chunk []byte, times int) []byte {
	var b bytes.Buffer
	z := by(&b)
	pour(chunk, times)(z)
	_ = z.Close()
	return b.Bytes()
}

// unsigned makes a token of any header and claims; its signature is none.
func unsigned(header, claims string) string {
	e := base64.RawURLEncoding.EncodeToString
	return e([]byte(header)) + "." + e([]byte(claims)) + "." + e(make([]byte, 32))
}

func manyFields(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `,"f%d":"v%d"`, i, i)
	}
	return b.String()
}

// Tokens that no one signed cost most: every one is another search through
// every way to corrupt the dashboard's secret. The run ends in time all the same.
func TestEveryResponseHasOtherTokens(t *testing.T) {
	if testing.Short() {
		t.Skip("it searches for as long as it may")
	}
	var n atomic.Int64
	url := hostileBackend(t, say("application/json", func(w io.Writer) {
		write(`{"token":"x"`)(w)
		for range 50 {
			i := n.Add(1)
			fmt.Fprintf(w, `,"streamToken%d":"%s"`, i, unsigned(`{"alg":"HS256"}`, fmt.Sprintf(`{"user_id":"test123","n":%d}`, i)))
		}
		write(`}`)(w)
	}))
	_, f := bounded(t, facts.Target{Dir: t.TempDir(), URL: url, Offline: true, Timeout: hostileTimeout,
		APIKey: hostileKey, Secret: tokens.NewSecret([]byte(shortSecret))})
	f.each(func(face, text string) {
		if strings.Contains(text, shortSecret[:12]) {
			t.Errorf("%s holds the secret", face)
		}
	})
	if strings.Contains(f.text, "✓ accepted") {
		t.Errorf("a token of no one's is accepted:\n%s", f.text)
	}
}

// A redirect carries neither header nor body nor cookie on, whichever status
// it has and wherever it points.
func TestRedirectsCarryNothingOn(t *testing.T) {
	var hits atomic.Int32
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { hits.Add(1) }))
	defer elsewhere.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			url := hostileBackend(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", elsewhere.URL+"/token")
				w.Header().Set("Refresh", "0; url="+elsewhere.URL)
				w.Header().Set("Link", "<"+elsewhere.URL+">; rel=preload")
				w.WriteHeader(status)
			})
			r, f := bounded(t, facts.Target{Dir: t.TempDir(), URL: url, Offline: true, Timeout: hostileTimeout, Method: "POST",
				Header: http.Header{"Authorization": {"Bearer hidden-session-of-mine"}}})
			if x := r.Root(); x == nil || x.ID != "endpoint-redirect" {
				t.Errorf("the redirect is not named first:\n%s", f.text)
			}
			f.each(func(face, text string) {
				if strings.Contains(text, "hidden-session") {
					t.Errorf("%s holds the user's header", face)
				}
			})
		})
	}
	if n := hits.Load(); n > 0 {
		t.Errorf("%d requests went on to the redirect's address", n)
	}
}

// A password in the endpoint's address goes to the endpoint, as the user wants
// it, and into no report.
func TestAPasswordInTheAddressIsNotShown(t *testing.T) {
	var sent atomic.Value
	url := hostileBackend(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			sent.Store(r.Header.Get("Authorization"))
		}
		w.WriteHeader(http.StatusNotFound)
	})
	_, f := bounded(t, facts.Target{Dir: t.TempDir(), URL: strings.Replace(url, "//", "//me:pass-of-mine@", 1), Offline: true, Timeout: hostileTimeout})
	if sent.Load() != "Basic "+base64.StdEncoding.EncodeToString([]byte("me:pass-of-mine")) {
		t.Errorf("the endpoint got %q", sent.Load())
	}
	f.each(func(face, text string) {
		if i := strings.Index(text, "pass-of-mine"); i >= 0 {
			t.Errorf("%s holds the password: %q", face, around(text, i))
		}
	})
}
