package rules

import (
	"testing"

	"badsig/checks/facts"
)

// A project that couldn't be read to its end leaves no URL: nothing is said of a port that no one named.
func TestNoURLIsNoServerDown(t *testing.T) {
	f := &facts.Facts{Backend: &facts.Backend{Dials: []facts.Dial{{Address: ":0", Error: "refused"}}}}
	if r := ServerListens(f); len(r.Causes) > 0 {
		t.Errorf("accused: %+v", r.Causes)
	}
}
