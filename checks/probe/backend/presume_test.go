package backend

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"badsig/checks/facts"
	"badsig/checks/internal/worldtest"
	"badsig/tokens"
)

// A request that isn't stated is sent as the endpoint understands it; one
// that the front end states is sent as it is stated.
func TestPresumedRequest(t *testing.T) {
	token := worldtest.Jws(t, worldtest.TestSecret, "test123", tokens.MintOptions{})
	give := func(w http.ResponseWriter) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, `{"token":%q}`, token)
	}
	refuse := func(status int, text string) func(http.ResponseWriter) {
		return func(w http.ResponseWriter) { http.Error(w, text, status) }
	}
	answer := func(ok bool, w http.ResponseWriter, no func(http.ResponseWriter)) {
		if ok {
			give(w)
			return
		}
		no(w)
	}
	byQuery := func(name string) func(http.ResponseWriter, *http.Request, string) {
		return func(w http.ResponseWriter, r *http.Request, _ string) {
			if r.Method != "GET" {
				refuse(404, "Cannot POST")(w)
				return
			}
			answer(r.URL.Query().Get(name) == "test123", w, refuse(400, name+" is missing"))
		}
	}
	sends := func(f facts.Fetch) *facts.Fetch { f.URL, f.Method = "/token", "POST"; return &f }
	cases := []struct {
		name         string
		path         string
		fetch        *facts.Fetch
		h            func(w http.ResponseWriter, r *http.Request, body string)
		method, form string
		status       int
	}{
		{"a GET route with the usual name", "/token", nil, byQuery("user_id"), "GET", "query", 200},
		{"a GET route with a rarer name", "/token", nil, byQuery("uid"), "GET", "query", 200},
		{"the URL says whom it is for", "/api/stream/token?user_id=x", nil, byQuery("user_id"), "GET", "query", 200},
		{"a guarded GET route", "/token", nil, func(w http.ResponseWriter, r *http.Request, _ string) {
			answer(false, w, refuse(map[string]int{"GET": 401}[r.Method]+map[string]int{"POST": 405}[r.Method], "no"))
		}, "GET", "query", 401},
		{"the documented path is requested as documented", "/api/stream/token", nil, byQuery("userId"), "POST", "json", 404},
		{"no route at all", "/token", nil, func(w http.ResponseWriter, _ *http.Request, _ string) { refuse(404, "no")(w) }, "POST", "json", 404},
		{"another name of the id", "/token", nil, func(w http.ResponseWriter, _ *http.Request, body string) {
			answer(strings.Contains(body, `"username":"test123"`), w, refuse(400, "who?"))
		}, "POST", "json", 200},
		{"the id inside a user", "/token", nil, func(w http.ResponseWriter, _ *http.Request, body string) {
			answer(strings.Contains(body, `"user":{"id":"test123"`), w, refuse(400, "who?"))
		}, "POST", "json", 200},
		{"the front end's own names are kept to", "/token", sends(facts.Fetch{Body: []string{"userId"}, Type: "json"}), func(w http.ResponseWriter, _ *http.Request, body string) {
			answer(strings.Contains(body, `"user_id"`), w, refuse(400, "user_id is missing"))
		}, "POST", "json", 400},
		{"names that the source does not tell", "/token", sends(facts.Fetch{BodyOpen: true, Type: "json"}), func(w http.ResponseWriter, _ *http.Request, body string) {
			answer(strings.Contains(body, `"user_id"`), w, refuse(400, "user_id is missing"))
		}, "POST", "json", 200},
		{"a nested field that the front end sends", "/token", sends(facts.Fetch{Body: []string{"user.id", "user.name"}, Type: "json"}), func(w http.ResponseWriter, _ *http.Request, body string) {
			answer(body == `{"user":{"id":"test123","name":"Test User"}}`, w, refuse(400, "who?"))
		}, "POST", "json", 200},
		{"a string without its type", "/token", sends(facts.Fetch{Body: []string{"userId"}, Type: "text"}), func(w http.ResponseWriter, r *http.Request, _ string) {
			answer(r.Header.Get("Content-Type") == "text/plain;charset=UTF-8", w, refuse(400, "type"))
		}, "POST", "text", 200},
		{"a form of fields", "/token", sends(facts.Fetch{Body: []string{"userId"}, Type: "urlencoded"}), func(w http.ResponseWriter, _ *http.Request, body string) {
			answer(body == "userId=test123", w, refuse(400, "who?"))
		}, "POST", "urlencoded", 200},
		{"a multipart form", "/token", sends(facts.Fetch{Body: []string{"userId"}, Type: "multipart"}), func(w http.ResponseWriter, r *http.Request, _ string) {
			answer(r.FormValue("userId") == "test123", w, refuse(400, "who?"))
		}, "POST", "multipart", 200},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			base := strings.TrimSuffix(serve(t, func(w http.ResponseWriter, r *http.Request) {
				body := ""
				if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
					b, _ := io.ReadAll(r.Body)
					body = string(b)
				}
				c.h(w, r, body)
			}), documentedPath)
			_, f, err := probed(t, facts.Target{URL: base + c.path, UserID: "test123", UserName: "Test User"}, func(f *facts.Facts) {
				if c.fetch != nil {
					f.Project = &facts.Project{Fetches: []facts.Fetch{*c.fetch}}
				}
			})
			if err != nil {
				t.Fatal(err)
			}
			if a := f.Backend.Posts[0]; a.Method != c.method || a.Form != c.form || a.Status != c.status {
				t.Errorf("%s as %s: %d, want %s as %s: %d", a.Method, a.Form, a.Status, c.method, c.form, c.status)
			}
		})
	}
}

// What a browser requests permission for before the request itself.
func TestAskedHeaders(t *testing.T) {
	for _, c := range []struct {
		form  string
		fetch *facts.Fetch
		want  string
	}{
		{"json", nil, "content-type"},
		{"text", nil, ""},
		{"urlencoded", &facts.Fetch{Auth: true, Headers: []string{"authorization"}}, "authorization"},
		{"json", &facts.Fetch{Headers: []string{"content-type", "accept", "x-app-version", "*", "cookie", "sec-fetch-mode"}}, "content-type,x-app-version"},
		{"query", &facts.Fetch{Headers: []string{"content-type"}}, ""},
	} {
		if got := strings.Join(facts.AskedHeaders(c.form, c.fetch), ","); got != c.want {
			t.Errorf("%s %+v: %q, want %q", c.form, c.fetch, got, c.want)
		}
	}
}

// A development server's loading page comes before any code of the project: badsig waits for what follows it.
func TestLoadingPageIsWaitedFor(t *testing.T) {
	token := worldtest.Jws(t, worldtest.TestSecret, "test123", tokens.MintOptions{})
	ready := time.Now().Add(starting / 2)
	base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		if time.Now().Before(ready) {
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(503)
			_, _ = io.WriteString(w, "<!DOCTYPE html><title>Starting Nuxt... | Nuxt</title>")
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, `{"token":%q}`, token)
	})
	_, f, err := probed(t, facts.Target{URL: base, UserID: "test123"}, func(f *facts.Facts) {
		f.Project = &facts.Project{Servers: []facts.ServerCode{{Loader: "nuxt"}}}
	})
	if err != nil || f.Backend.Posts[0].Status != 200 {
		t.Errorf("%+v, %v", f.Backend.Posts[0], err)
	}
}
