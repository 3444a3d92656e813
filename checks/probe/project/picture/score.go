package picture

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
)

// routeWords are words of a path and how much they speak for a token's endpoint.
var routeWords = []struct {
	word  string
	score int
}{{"token", 6}, {"stream", 4}, {"chat", 2}, {"credential", 3}, {"video", 1}, {"auth", 1}, {"join", 1}, {"login", 1}, {"jwt", 2}}

// RouteScore tells how much a route looks like the token endpoint.
func RouteScore(r facts.Route) int {
	low := strings.ToLower(r.Path)
	n := 0
	for _, w := range routeWords {
		if affix.Contains(low, w.word) {
			n += w.score
		}
	}
	if r.Path == "/api/stream/token" {
		n += 6
	}
	if n > 0 && (r.Method == "POST" || r.Method == "ANY") {
		n += 2
	}
	for _, word := range []string{"revoke", "refresh", "webhook", "device", "delete", "verify", "logout"} {
		if affix.Contains(low, word) {
			n -= 5
		}
	}
	return n
}
