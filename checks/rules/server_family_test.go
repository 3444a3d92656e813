package rules

import (
	"strings"
	"testing"

	"badsig/checks/facts"
)

// A line of the source is named for the address only where it has that address: the
// URL of a flag may have another.
func TestFamilyNamesTheLineOfItsAddress(t *testing.T) {
	for text, place := range map[string]string{"http://127.0.0.1:3001/api/stream/token": "web/chat.js", "http://localhost:3001/api/stream/token": ""} {
		f := &facts.Facts{Target: facts.TargetFacts{URL: "http://127.0.0.1:3001/api/stream/token", URLSource: "flag"},
			Project: &facts.Project{Fetches: []facts.Fetch{{URL: text, File: "web/chat.js", Line: 3}}},
			Process: &facts.Listeners{Known: true, Port: 3001, Listeners: []facts.Listener{{Address: "::1", Family: "ipv6"}}}}
		c := listensElsewhere(f, "127.0.0.1", 3001, nil)
		if c == nil {
			t.Fatal("no cause")
		}
		if strings.Contains(c.Fix[0].Text, "web/chat.js") != (place != "") {
			t.Errorf("the front end has %s: %v, %s", text, c.Location, c.Fix[0].Text)
		}
	}
}
