package meet

import (
	"testing"

	"badsig/checks/facts"
)

// TestMayFit lists the paths that a router may take by a route that isn't just theirs.
func TestMayFit(t *testing.T) {
	for _, c := range []struct {
		method, route, path string
		want                bool
	}{
		{"POST", "/API/Token", "/api/token", true},
		{"POST", "/api/token/", "/api/token", true},
		{"POST", "/api{/v1}/token", "/api/token", true},
		{"POST", "/api/(v1|v2)/token", "/api/v2/token", true},
		{"ANY", "/api", "/api/token", true},
		{"POST", "/api", "/api/token", false},
		{"ANY", "/api", "/apis/token", false},
		{"POST", "/token", "/api/token", false},
	} {
		if got := mayFit(facts.Route{Method: c.method, Path: c.route}, c.path); got != c.want {
			t.Errorf("%s %s for %s: %v, want %v", c.method, c.route, c.path, got, c.want)
		}
	}
}
