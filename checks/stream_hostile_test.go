package checks_test

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/sanitize"
	"badsig/tokens"
	"badsig/tokens/server"
)

// soundProject is a project with one pair, whose backend signs with it.
func soundProject(t testing.TB) facts.Target {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"server/package.json":               `{"name":"server","type":"module","scripts":{"dev":"node server.js"},"dependencies":{"express":"5","dotenv":"17","jsonwebtoken":"9"}}`,
		"server/.env":                       "STREAM_API_KEY=" + hostileKey + "\nSTREAM_API_SECRET=" + hostileSecret + "\n",
		"server/server.js":                  "import 'dotenv/config'\nimport express from 'express'\nimport jwt from 'jsonwebtoken'\nconst app = express()\napp.use(express.json())\napp.post('/api/stream/token', (req, res) => {\n  res.json({ token: jwt.sign({ user_id: req.body.userId }, process.env.STREAM_API_SECRET), userId: req.body.userId })\n})\napp.listen(3001)\n",
		"stream/src/config/streamConfig.js": "export const STREAM_API_KEY = '" + hostileKey + "'\n",
		"stream/package.json":               `{"name":"stream","dependencies":{"react":"19","stream-chat-react":"13"}}`,
	} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	b := httptest.NewServer(server.New(server.Options{Secret: tokens.NewSecret([]byte(hostileSecret)), Log: io.Discard}))
	t.Cleanup(b.Close)
	return facts.Target{Dir: dir, URL: b.URL + server.DefaultPath, Timeout: hostileTimeout, Origin: "http://localhost:3000"}
}

// answerWith is a stand-in for Stream that gives everyone the same response.
func answerWith(status int, contentType, body string) func(*testing.T) string {
	return serving(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	})
}

// No matter what responds in Stream's place: it proves nothing, so the
// report says "unproven" and accuses no one.
func TestHostileStreams(t *testing.T) {
	const page = "<!DOCTYPE html><html><title>Log in to the hotel's network" + escapes + "</title></html>"
	big := strings.Repeat("x", 1<<20)
	cases := []struct {
		name string
		url  func(*testing.T) string
		slow bool
	}{
		{name: "a page", url: answerWith(200, "text/html", page)},
		{name: "a page with 401", url: answerWith(401, "text/html", page)},
		{name: "a page with 403", url: answerWith(403, "text/html", page)},
		{name: "a page with 404", url: answerWith(404, "text/html", page)},
		{name: "a page with 407", url: answerWith(407, "text/html", page)},
		{name: "a page with 503", url: answerWith(503, "text/html", page)},
		{name: "a page with a false content type", url: answerWith(200, "application/json", page)},
		{name: "500 with JSON", url: answerWith(500, "application/json", `{"message":"boom"}`)},
		{name: "500 with a code", url: answerWith(500, "application/json", `{"code":-1,"message":"internal"}`)},
		{name: "nothing", url: answerWith(200, "application/json", "")},
		{name: "an empty object", url: answerWith(200, "application/json", "{}")},
		{name: "another service", url: answerWith(200, "application/json", `{"ok":true,"app":null}`)},
		{name: "another service's 401", url: answerWith(401, "application/json", `{"error":"unauthorized","message":"invalid signature"}`)},
		{name: "an array", url: answerWith(401, "application/json", `[43,"signature is not valid"]`)},
		{name: "a string", url: answerWith(401, "application/json", `"JWTAuth error: signature is not valid"`)},
		{name: "a code that is a string", url: answerWith(401, "application/json", `{"code":"43","message":"signature is not valid"}`)},
		{name: "a code that isn't an integer", url: answerWith(401, "application/json", `{"code":43.5,"message":"signature is not valid"}`)},
		{name: "a code beyond all integers", url: answerWith(401, "application/json", `{"code":1e400,"message":"signature is not valid"}`)},
		{name: "a code with 200", url: answerWith(200, "application/json", `{"code":43,"message":"JWTAuth error: signature is not valid"}`)},
		{name: "an app that is a list", url: answerWith(200, "application/json", `{"app":[1,2,3]}`)},
		{name: "an app that is a string", url: answerWith(200, "application/json", `{"app":"yes"}`)},
		{name: "JSON 100,000 deep", url: answerWith(200, "application/json", strings.Repeat(`{"app":`, 100_000)+"1"+strings.Repeat("}", 100_000))},
		{name: "1 MB of JSON", url: answerWith(401, "application/json", `{"code":43,"message":"`+big+`"}`)},
		{name: "1 MB of text", url: answerWith(200, "application/json", big)},
		{name: "NULs", url: answerWith(401, "application/json", strings.Repeat("\x00", 1000))},
		{name: "invalid UTF-8", url: answerWith(401, "application/json", "{\"code\":43\xff,\"message\":\"\xfe\"}")},
		{name: "endless", url: serving(func(w http.ResponseWriter, _ *http.Request) { pour([]byte(big), 1<<20)(w) })},
		{name: "endless spaces before the document", url: serving(func(w http.ResponseWriter, _ *http.Request) { pour([]byte(strings.Repeat(" ", 1<<16)), 1<<20)(w) })},
		{name: "a gzip bomb", url: serving(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(gzipBomb())
		})},
		{name: "gzip that breaks off", url: serving(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			_, _ = z.Write([]byte(`{"code":43,"message":"signature is not valid"}`))
			_ = z.Flush()
		})},
		{name: "silent", url: talking(func(ctx context.Context, _ net.Conn) { <-ctx.Done() }), slow: true},
		{name: "a byte now and then", url: talking(func(ctx context.Context, c net.Conn) {
			_, _ = io.WriteString(c, "HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\n\r\n{\"code\":43,")
			for ctx.Err() == nil {
				if _, err := c.Write([]byte(" ")); err != nil {
					return
				}
				time.Sleep(20 * time.Millisecond)
			}
		}), slow: true},
		{name: "closes immediately", url: talking(func(context.Context, net.Conn) {})},
		{name: "isn't HTTP", url: talking(func(_ context.Context, c net.Conn) { _, _ = io.WriteString(c, "220 mail.example ESMTP"+escapes+"\r\n") })},
		{name: "1xx forever", url: talking(func(_ context.Context, c net.Conn) {
			for {
				if _, err := io.WriteString(c, "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"); err != nil {
					return
				}
			}
		})},
		{name: "switches protocols", url: talking(func(ctx context.Context, c net.Conn) {
			_, _ = io.WriteString(c, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n")
			<-ctx.Done()
		})},
		{name: "endless header", url: talking(func(_ context.Context, c net.Conn) {
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\n")
			for {
				if _, err := io.WriteString(c, "X-More: "+big[:1000]+"\r\n"); err != nil {
					return
				}
			}
		})},
		{name: "a redirect to itself", url: serving(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.String(), http.StatusFound) })},
		{name: "a redirect to garbage", url: serving(func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Location"] = []string{"http://[::1\t/%zz"}
			w.WriteHeader(http.StatusFound)
		})},
		{name: "too many requests forever", url: answerWith(429, "application/json", `{"code":9,"message":"Too many requests"}`)},
		{name: "an unknown certificate", url: func(t *testing.T) string {
			s := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
			s.Config.ErrorLog = log.New(io.Discard, "", 0)
			s.StartTLS()
			t.Cleanup(s.Close)
			return s.URL
		}},
	}
	for i, c := range cases {
		if testing.Short() && i%3 != 0 {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			target := soundProject(t)
			target.StreamURL = strings.TrimSuffix(c.url(t), "/api/stream/token")
			if c.slow {
				target.Timeout = silentTimeout
			}
			r, f := bounded(t, target)
			if r.Exit() != 3 {
				t.Errorf("exit status %d, want 3 (unproven):\n%s", r.Exit(), f.text)
			}
			for _, cause := range r.Causes {
				if cause.Severity == causes.Error {
					t.Errorf("it accuses %s:\n%s", cause.ID, f.text)
				}
			}
			sentences(t, r)
			checkShown(t, "facts", f.facts)
			if i := slices.IndexFunc(r.Checks, func(c finding.Result) bool { return c.ID == "pair-matches" }); i < 0 || r.Checks[i].Status != finding.Unknown {
				t.Errorf("what Stream says of the pair is not unknown:\n%s", f.text)
			}
			if testing.Verbose() {
				for _, c := range r.Checks {
					if c.Status == finding.Unknown {
						t.Logf("%s: %s", c.ID, c.Summary)
					}
				}
			}
			f.each(func(face, text string) {
				if strings.Contains(text, hostileSecret[:12]) || len(text) > 512<<10 {
					t.Errorf("%s has %d bytes, or the secret", face, len(text))
				}
			})
		})
	}
}

// What Stream's response to a server token holds beside the app's name belongs
// to other services: it stays unread. A message that acts on terminals is tamed.
func TestStreamsResponseIsReadByAList(t *testing.T) {
	target := soundProject(t)
	stream := hostileBackend(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.Header.Get("Authorization"), "x") {
			w.WriteHeader(401)
			_, _ = fmt.Fprintf(w, `{"code":43,"message":"signature is not valid %s"}`, jsonEscapes)
			return
		}
		_, _ = fmt.Fprintf(w, `{"app":{"id":7,"name":"App %s","placement":"%s","sns_secret":"sns-unseen-secret","sqs_key":"sqs-unseen-key",
			"webhook_url":"https://unseen.example/hook","datadog_info":{"api_key":"dd-unseen-key"},"push_notifications":{"apn":{"auth_key":"apn-unseen-key"}}}}`, jsonEscapes, jsonEscapes)
	})
	target.StreamURL = strings.TrimSuffix(stream, "/api/stream/token")
	_, f := bounded(t, target)
	f.each(func(face, text string) {
		if i := strings.Index(text, "unseen"); i >= 0 {
			t.Errorf("%s holds what it should not have read: %q", face, around(text, i))
		}
	})
}

// wire is a listener that keeps every byte of what it is sent.
type wire struct {
	net.Listener
	mu  sync.Mutex
	got []byte
}

func (w *wire) Accept() (net.Conn, error) {
	c, err := w.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &wiredConn{c, w}, nil
}

func (w *wire) bytes() []byte {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.got)
}

type wiredConn struct {
	net.Conn
	w *wire
}

func (c *wiredConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.w.mu.Lock()
	defer c.w.mu.Unlock()
	c.w.got = append(c.w.got, b[:n]...)
	return n, err
}

// A redirect by Stream forwards neither key nor token, regardless of its status,
// host or scheme; and on the wire to Stream itself there is no secret.
func TestStreamsRedirectsCarryNothingOn(t *testing.T) {
	var hits atomic.Int32
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { hits.Add(1) }))
	defer elsewhere.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		for _, to := range []string{elsewhere.URL + "/api/v2/app", strings.TrimPrefix(elsewhere.URL, "http:"), strings.Replace(elsewhere.URL, "127.0.0.1", "localhost", 1)} {
			t.Run(fmt.Sprint(status, " ", strings.SplitN(to, "/", 4)[2]), func(t *testing.T) {
				l, err := net.Listen("tcp", "127.0.0.1:0")
				if err != nil {
					t.Fatal(err)
				}
				record := &wire{Listener: l}
				s := &httptest.Server{Listener: record, Config: &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
					w.Header().Set("Location", to)
					w.WriteHeader(status)
				})}}
				s.Start()
				defer s.Close()
				target := soundProject(t)
				target.StreamURL = s.URL
				r, f := bounded(t, target)
				if r.Exit() != 3 {
					t.Errorf("exit status %d:\n%s", r.Exit(), f.text)
				}
				sent := record.bytes()
				if len(sent) == 0 {
					t.Error("Stream was not requested at all, so nothing is shown")
				}
				for i := 0; i+12 <= len(hostileSecret); i++ {
					if strings.Contains(string(sent), hostileSecret[i:i+12]) {
						t.Fatalf("a piece of the secret went over the wire:\n%s", sent)
					}
				}
			})
		}
	}
	if n := hits.Load(); n > 0 {
		t.Errorf("%d requests went on to the redirect's address", n)
	}
}

// A token never travels in clear to another machine, and what isn't an address
// is told as such.
func TestStreamsAddressIsRejected(t *testing.T) {
	for address, says := range map[string]string{
		"http://chat.stream-io-api.com":       "https",
		"http://192.0.2.1":                    "https",
		"http://localhost.example.invalid":    "https",
		"http://127.0.0.1.example.invalid":    "https",
		"http://user:pw@stream.invalid":       "https",
		"ftp://chat.stream-io-api.com":        "https",
		"chat.stream-io-api.com":              "https",
		"https://":                            "https",
		"https://[::1":                        "https",
		"http://\x1b[31m.invalid":             "https",
		"http://0x7f000001.example.invalid/x": "https",
	} {
		t.Run(strings.ToValidUTF8(sanitize.Visible(address), "?"), func(t *testing.T) {
			target := soundProject(t)
			target.StreamURL = address
			r, f := bounded(t, target)
			if r.Exit() != 3 || r.Facts.Stream == nil || r.Facts.Stream.Requests > 0 || r.Facts.Stream.Error != "refused-address" {
				t.Errorf("exit status %d, stream %+v", r.Exit(), r.Facts.Stream)
			}
			if why := r.Facts.Errors[facts.NamePair]; !strings.Contains(why, says) || strings.Contains(why, "pw@") {
				t.Errorf("it says %q", why)
			}
			if strings.Contains(f.text, ":pw@") || strings.Contains(f.json, ":pw@") || strings.Contains(f.facts, ":pw@") {
				t.Errorf("the address's password is shown:\n%s", f.text)
			}
		})
	}
}
