package stream

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"badsig/checks/facts"
	"badsig/checks/probe/vault"
	"badsig/tokens"
)

// What isn't Stream doesn't judge, no matter what its status and JSON are: it is named.
func TestWhatIsNotStreamDoesNotJudge(t *testing.T) {
	for _, c := range []struct {
		name, kind, server, body string
		status                   int
		says                     string
	}{
		{"a portal's page with 200", "text/html", "", "<!doctype html><title>Wi-Fi login</title>", 200, "200 with an HTML page"},
		{"a proxy that wants a login", "text/html", "squid/6.1", "<html>Proxy Authentication Required</html>", 407, "Server: squid/6.1"},
		{"a filter", "application/json", "", `{"code":403,"message":"Forbidden by policy"}`, 403, "403 with application/json"},
		{"headers too large", "", "nginx", "", 431, "an empty body, Server: nginx"},
		{"a redirect", "", "", "", 302, "302 with an empty body"},
		{"JSON of another shape than Stream's responses", "application/json", "", `{"app":"none"}`, 200, "200 with application/json"},
	} {
		t.Run(c.name, func(t *testing.T) {
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", c.kind)
				if c.server != "" {
					w.Header().Set("Server", c.server)
				}
				w.WriteHeader(c.status)
				_, _ = w.Write([]byte(c.body))
			}))
			defer srv.Close()
			w := vault.New(facts.Target{StreamURL: srv.URL, APIKey: "abcdefgh1234", Secret: tokens.NewSecret([]byte(strings.Repeat("a1", 32)))})
			if err := Pair(t.Context(), w, NewMemory()); err != nil {
				t.Fatal(err)
			}
			s := w.Snapshot().Stream
			if s == nil || s.Reachable || s.Error != "not-stream" || !strings.Contains(s.Responded, c.says) {
				t.Fatalf("%+v", s)
			}
			for _, p := range s.Grid {
				if p.Answer.Status != 0 {
					t.Errorf("it counts as a response of Stream's: %+v", p.Answer)
				}
			}
		})
	}
}
