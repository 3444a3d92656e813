package backend

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"badsig/checks/facts"
	"badsig/checks/internal/eventually"
	"badsig/checks/probe/vault"
)

// listens gives the address of a socket that f serves, connection by connection.
func listens(t *testing.T, network, address string, f func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen(network, address)
	if err != nil {
		t.Fatalf("%s: %v", network, err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			f(c)
		}
	}()
	return l.Addr().String()
}

// A port speaks TLS that completes a handshake; one that hangs up, that speaks HTTP or where no one listens doesn't.
func TestSpeaksTLS(t *testing.T) {
	none := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	secure, plain := httptest.NewUnstartedServer(none), httptest.NewServer(none)
	secure.Config.ErrorLog = nil
	secure.StartTLS()
	t.Cleanup(secure.Close)
	t.Cleanup(plain.Close)
	gone := listens(t, "tcp4", "127.0.0.1:0", func(c net.Conn) { _ = c.Close() })
	for name, c := range map[string]struct {
		address string
		want    bool
	}{
		"https":             {secure.Listener.Addr().String(), true},
		"http":              {plain.Listener.Addr().String(), false},
		"one that hangs up": {gone, false},
		"nobody":            {"127.0.0.1:1", false},
	} {
		if got := speaksTLS(t.Context(), c.address); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if speaksTLS(ended, secure.Listener.Addr().String()) {
		t.Error("it answers though there is no time left: what wasn't seen is not said")
	}
}

// Every address of a name is tried, and each attempt says what became of it.
func TestDial(t *testing.T) {
	at := listens(t, "tcp4", "127.0.0.1:0", func(c net.Conn) { _ = c.Close() })
	_, port, err := net.SplitHostPort(at)
	if err != nil {
		t.Fatal(err)
	}
	dial := func(ctx context.Context, text string) (all, reach []facts.Dial) {
		u, err := url.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		return (&endpoint{url: u, w: vault.New(facts.Target{}), timeout: eventually.Long}).dial(ctx)
	}
	all, reach := dial(t.Context(), "http://localhost:"+port)
	if len(reach) != 1 || !reach[0].OK || reach[0].Address != at || reach[0].Family != "ipv4" || reach[0].Error != "" {
		t.Errorf("reached: %+v", reach)
	}
	for _, d := range all {
		if d.Family == "ipv6" && (d.OK || d.Error == "") {
			t.Errorf("no one listens on %s: %+v", d.Address, d)
		}
	}
	if all, reach := dial(t.Context(), "http://127.0.0.1:1"); len(reach) > 0 || len(all) != 1 || all[0].Error != "refused" {
		t.Errorf("a closed port: %+v", all)
	}
	if all, reach := dial(t.Context(), "http://no-such-host.invalid:3000"); len(reach) > 0 || len(all) != 1 || all[0].OK || !strings.Contains(all[0].Address, "no-such-host") {
		t.Errorf("a name without an address: %+v", all)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if all, reach := dial(ended, "http://127.0.0.1:"+port); len(reach) > 0 || len(all) != 1 || all[0].Error == "refused" || all[0].Error == "" {
		t.Errorf("without time a port is neither open nor closed: %+v", all)
	}
}
