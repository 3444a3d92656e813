package backend

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"badsig/checks/facts"
	"badsig/checks/internal/nodetest"
)

// corsCase is one way in which a backend responds to a page of another origin.
// $ORIGIN in a header means the page's origin.
type corsCase struct {
	Name        string
	Preflight   map[string]string
	Status      int // of the preflight; 0 means 204
	Answer      map[string]string
	Twice       bool // the response carries its Access-Control-Allow-Origin twice
	Credentials bool // the page's request goes with cookies
	Auth        bool // the page's request carries an Authorization header
	Readable    bool // what a browser does: a page may read the response
}

func headers(pairs ...string) map[string]string {
	m := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		m["Access-Control-Allow-"+pairs[i]] = pairs[i+1]
	}
	return m
}

var corsCases = []corsCase{
	{Name: "no headers"},
	{Name: "star", Preflight: headers("Origin", "*", "Headers", "content-type"), Answer: headers("Origin", "*"), Readable: true},
	{Name: "the origin", Preflight: headers("Origin", "$ORIGIN", "Headers", "Content-Type"), Answer: headers("Origin", "$ORIGIN"), Readable: true},
	{Name: "status 200", Status: 200, Preflight: headers("Origin", "*", "Headers", "x, Content-Type ,y"), Answer: headers("Origin", "*"), Readable: true},
	{Name: "headers star", Preflight: headers("Origin", "*", "Headers", "*"), Answer: headers("Origin", "*"), Readable: true},
	{Name: "another origin", Preflight: headers("Origin", "http://localhost:1", "Headers", "content-type"), Answer: headers("Origin", "http://localhost:1")},
	{Name: "a slash at the end", Preflight: headers("Origin", "$ORIGIN/", "Headers", "content-type"), Answer: headers("Origin", "$ORIGIN/")},
	{Name: "two in one header", Preflight: headers("Origin", "$ORIGIN, http://localhost:1", "Headers", "content-type"), Answer: headers("Origin", "$ORIGIN")},
	{Name: "two headers", Preflight: headers("Origin", "*", "Headers", "content-type"), Answer: headers("Origin", "*"), Twice: true},
	{Name: "in capitals", Preflight: headers("Origin", "HTTP://127.0.0.1", "Headers", "content-type"), Answer: headers("Origin", "*")},
	{Name: "header not allowed", Preflight: headers("Origin", "*", "Headers", "x-other"), Answer: headers("Origin", "*")},
	{Name: "no headers allowed", Preflight: headers("Origin", "*"), Answer: headers("Origin", "*")},
	{Name: "preflight 404", Status: 404, Preflight: headers("Origin", "*", "Headers", "content-type"), Answer: headers("Origin", "*")},
	{Name: "preflight 500", Status: 500, Preflight: headers("Origin", "*", "Headers", "content-type"), Answer: headers("Origin", "*")},
	{Name: "preflight redirected", Status: 307, Preflight: headers("Origin", "*", "Headers", "content-type"), Answer: headers("Origin", "*")},
	{Name: "only the preflight", Preflight: headers("Origin", "*", "Headers", "content-type")},
	{Name: "only the response", Answer: headers("Origin", "*")},
	{Name: "methods without POST", Preflight: headers("Origin", "*", "Headers", "content-type", "Methods", "GET"), Answer: headers("Origin", "*"), Readable: true},
	{Name: "cookies and star", Credentials: true, Preflight: headers("Origin", "*", "Headers", "content-type", "Credentials", "true"), Answer: headers("Origin", "*", "Credentials", "true")},
	{Name: "cookies, not allowed", Credentials: true, Preflight: headers("Origin", "$ORIGIN", "Headers", "content-type"), Answer: headers("Origin", "$ORIGIN")},
	{Name: "cookies, True", Credentials: true, Preflight: headers("Origin", "$ORIGIN", "Headers", "content-type", "Credentials", "True"), Answer: headers("Origin", "$ORIGIN", "Credentials", "True")},
	{Name: "cookies allowed", Credentials: true, Preflight: headers("Origin", "$ORIGIN", "Headers", "content-type", "Credentials", "true"), Answer: headers("Origin", "$ORIGIN", "Credentials", "true"), Readable: true},
	{Name: "cookies and headers star", Credentials: true, Preflight: headers("Origin", "$ORIGIN", "Headers", "*", "Credentials", "true"), Answer: headers("Origin", "$ORIGIN", "Credentials", "true")},
	{Name: "authorization allowed", Auth: true, Preflight: headers("Origin", "*", "Headers", "Authorization, Content-Type"), Answer: headers("Origin", "*"), Readable: true},
	{Name: "authorization and headers star", Auth: true, Preflight: headers("Origin", "*", "Headers", "*"), Answer: headers("Origin", "*"), Readable: true},
	{Name: "authorization not allowed", Auth: true, Preflight: headers("Origin", "*", "Headers", "Content-Type"), Answer: headers("Origin", "*")},
}

// corsBackend responds to /token/N as case N does; origin is the page's.
func corsBackend(origin string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var n int
		if _, err := fmt.Sscanf(r.URL.Path, "/token/%d", &n); err != nil || n >= len(corsCases) {
			http.NotFound(w, r)
			return
		}
		c := corsCases[n]
		say := c.Answer
		if r.Method == http.MethodOptions {
			say = c.Preflight
		}
		for k, v := range say {
			w.Header().Set(k, strings.ReplaceAll(v, "$ORIGIN", origin))
		}
		if r.Method != http.MethodOptions {
			if c.Twice {
				w.Header().Add("Access-Control-Allow-Origin", "*")
			}
			_, _ = w.Write([]byte(`{"token":"x"}`))
			return
		}
		switch {
		case c.Status == 307:
			http.Redirect(w, r, "/token/1", http.StatusTemporaryRedirect)
		case c.Status == 0:
			w.WriteHeader(204)
		default:
			w.WriteHeader(c.Status)
		}
	})
}

// verdict is badsig's, from what its probe saw.
func verdict(t *testing.T, url, origin string, c corsCase) (readable bool, why string) {
	t.Helper()
	_, f, err := probed(t, facts.Target{URL: url, Origin: origin}, func(f *facts.Facts) {
		f.Project = &facts.Project{Fetches: []facts.Fetch{{URL: url, Method: "POST", Credentials: c.Credentials, Auth: c.Auth}}}
	})
	if err != nil {
		t.Fatal(err)
	}
	names := []string{"content-type"}
	if c.Auth {
		names = append(names, "authorization")
	}
	if why = f.Backend.Preflight.AllowsPreflight(origin, "POST", names, c.Credentials); why == "" {
		why = f.Backend.Posts[0].AllowsOrigin(origin, c.Credentials)
	}
	return why == "", why
}

func TestCORSVerdict(t *testing.T) {
	const origin = "http://localhost:5173"
	s := httptest.NewServer(corsBackend(origin))
	defer s.Close()
	for i, c := range corsCases {
		t.Run(c.Name, func(t *testing.T) {
			if got, why := verdict(t, fmt.Sprintf("%s/token/%d", s.URL, i), origin, c); got != c.Readable {
				t.Errorf("badsig says readable: %v (%s), the table says %v", got, why, c.Readable)
			}
		})
	}
}

// Node's fetch is the judge of what the verdict is made from: status and
// permissions as another implementation of the Fetch standard reads them, a
// header sent twice included. It reads every response, permitted or not, so the
// verdict itself is a browser's to give.
func TestCORSHeadersAreThoseOfNodesFetch(t *testing.T) {
	t.Parallel()
	const origin = "http://localhost:5173"
	s := httptest.NewServer(corsBackend(origin))
	defer s.Close()
	type seen struct {
		Status int
		Allow  map[string]string // Access-Control-Allow-…, those that are there
	}
	var node []struct {
		Preflight, Answer seen
		Read              bool
	}
	out := nodetest.Run(t, `
const [base, origin, n] = [process.argv[2], process.argv[3], +process.argv[4]]
const seen = r => ({ status: r.status, allow: Object.fromEntries(['Origin', 'Headers', 'Methods', 'Credentials'].map(k => 'Access-Control-Allow-' + k).filter(k => r.headers.has(k)).map(k => [k, r.headers.get(k)])) })
const all = []
for (let i = 0; i < n; i++) {
  const ask = (method, headers, body) => fetch(base + '/token/' + i, { method, headers: { Origin: origin, ...headers }, body, redirect: 'manual' })
  const pre = await ask('OPTIONS', { 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'content-type' })
  const post = await ask('POST', { 'Content-Type': 'application/json' }, '{}')
  all.push({ preflight: seen(pre), answer: seen(post), read: (await post.json()).token === 'x' })
}
console.log(JSON.stringify(all))`, s.URL, origin, strconv.Itoa(len(corsCases)))
	if err := json.Unmarshal([]byte(out), &node); err != nil || len(node) != len(corsCases) {
		t.Fatalf("%v: %s", err, out)
	}
	ours := func(a *facts.Answer) seen {
		allow := map[string]string{}
		for k, v := range a.Header {
			if strings.HasPrefix(k, "Access-Control-Allow-") {
				allow[k] = v
			}
		}
		return seen{a.Status, allow}
	}
	for i, c := range corsCases {
		t.Run(c.Name, func(t *testing.T) {
			_, f, err := probed(t, facts.Target{URL: fmt.Sprintf("%s/token/%d", s.URL, i), Origin: origin})
			if err != nil {
				t.Fatal(err)
			}
			if got := ours(f.Backend.Preflight); !reflect.DeepEqual(got, node[i].Preflight) {
				t.Errorf("preflight: badsig sees %v, Node's fetch %v", got, node[i].Preflight)
			}
			if got := ours(&f.Backend.Posts[0]); !reflect.DeepEqual(got, node[i].Answer) {
				t.Errorf("answer: badsig sees %v, Node's fetch %v", got, node[i].Answer)
			}
			if !node[i].Read {
				t.Error("Node's fetch does not read the response")
			}
		})
	}
}

// A real browser is the judge of the table above.
func TestCORSVerdictIsTheBrowsers(t *testing.T) {
	browser := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			browser = p
			break
		}
	}
	if browser == "" {
		t.Skip("no Chromium is installed: the table of CORS verdicts is judged by a browser only where there is one")
	}
	results := make(chan []bool, 1)
	// Each of the two has to know the other's address before it serves.
	page := httptest.NewUnstartedServer(nil)
	backend := httptest.NewServer(corsBackend("http://" + page.Listener.Addr().String()))
	defer backend.Close()
	page.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			var got []bool
			if json.NewDecoder(r.Body).Decode(&got) == nil {
				select {
				case results <- got:
				default:
				}
			}
			return
		}
		if r.URL.Path != "/" {
			http.NotFound(w, r)
			return
		}
		cases, _ := json.Marshal(corsCases)
		w.Header().Set("Content-Type", "text/html")
		_, _ = fmt.Fprintf(w, `<!doctype html><script>
(async () => {
  const out = []
  for (const [i, c] of %s.entries()) {
    const headers = { 'Content-Type': 'application/json' }
    if (c.Auth) headers.Authorization = 'Bearer x'
    try {
      const r = await fetch(%q + '/token/' + i, { method: 'POST', headers, body: '{}', credentials: c.Credentials ? 'include' : 'omit' })
      out.push((await r.json()).token === 'x')
    } catch { out.push(false) }
  }
  await fetch('/result', { method: 'POST', body: JSON.stringify(out) })
})()</script>`, cases, backend.URL)
	})
	page.Start()
	defer page.Close()

	ctx, cancel := context.WithTimeout(context.Background(), 90*time.Second)
	defer cancel()
	args := []string{"--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--user-data-dir=" + profile(t), "--remote-debugging-port=0"}
	if os.Geteuid() == 0 {
		args = append(args, "--no-sandbox") // Chromium's own sandbox rejects root
	}
	cmd := exec.CommandContext(ctx, browser, append(args, page.URL+"/")...)
	cmd.WaitDelay = 5 * time.Second
	if err := cmd.Start(); err != nil {
		t.Fatal("Chromium does not start: ", err)
	}
	var got []bool
	select {
	case got = <-results:
	case <-ctx.Done():
	}
	cancel()
	_ = cmd.Wait() // killed
	if len(got) != len(corsCases) {
		t.Fatalf("the browser judged %d of %d cases", len(got), len(corsCases))
	}
	for i, c := range corsCases {
		if got[i] != c.Readable {
			t.Errorf("%s: the browser lets the page read: %v, the table says %v", c.Name, got[i], c.Readable)
		}
	}
}

// profile is a browser's own folder. Its children write in it for a moment
// after it was killed, so that one removal may find it full again.
func profile(t *testing.T) string {
	dir, err := os.MkdirTemp("", "badsig-cors-profile-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for range 20 {
			if err = os.RemoveAll(dir); err == nil {
				return
			}
			time.Sleep(100 * time.Millisecond)
		}
		t.Log("left behind: ", err)
	})
	return dir
}
