package ui

import (
	"strings"
	"testing"

	"badsig/checks/facts"
)

// A URL says where it comes from: a flag by its name, a pasted request and the demo by what they are.
func TestSourceOfAURL(t *testing.T) {
	for _, c := range []struct {
		source, flag, url string
		s                 session
		want              string
	}{
		{"flag", "--url", "http://a", session{}, "from --url"},
		{"flag", "--origin", "", session{}, "from --origin"},
		{"flag", "--url", "http://a", session{pastedURL: "http://a"}, "pasted"},
		{"flag", "--url", "http://b", session{pastedURL: "http://a"}, "from --url"},
		{"flag", "--url", "http://a", session{demo: &DemoInfo{}}, "demo"},
		{"guess", "--url", "http://a", session{}, "guessed"},
		{"default", "--url", "http://a", session{}, "default"},
		{"web/vite.config.js:4", "--origin", "", session{}, "web/vite.config.js:4"},
	} {
		if got := sourceWord(&c.s, c.source, c.flag, c.url); got != c.want {
			t.Errorf("%s of %s: %q instead of %q", c.source, c.url, got, c.want)
		}
	}
}

// A step names the port once it is known, and the step that it waits for by its number.
func TestStepNamesPortAndStep(t *testing.T) {
	s := &session{}
	if got := (&guide{}).title(s, steps[5]); got != "Check that the backend is reachable" {
		t.Errorf("without a port: %q", got)
	}
	s.facts = &facts.Facts{}
	s.facts.Target.URL = "http://localhost:4100/token"
	if got := (&guide{}).title(s, steps[5]); got != "Check that the backend is reachable on port 4100" {
		t.Errorf("with a port: %q", got)
	}
	if got := (&guide{}).blockedBy(s, "secret-signs"); got != "blocked by step 4" {
		t.Errorf("a step: %q", got)
	}
	if got := (&guide{}).blockedBy(s, "token-formed"); got != "blocked by: token-formed" {
		t.Errorf("a check of no step: %q", got)
	}
}

// A step's help names the keys as they are bound.
func TestStepsNameTheirKeys(t *testing.T) {
	s := &session{}
	if got := keysIn(s, steps[cachedStep].how); !strings.Contains(got, "with p to verify") {
		t.Error(got)
	}
	s.keyNames = map[string]string{"dashboard": "D"}
	if got := keysIn(s, steps[secretStep].how); !strings.Contains(got, "Press D and paste") {
		t.Error(got)
	}
}

// A flag isn't broken at its hyphens.
func TestFlagsAreNotBroken(t *testing.T) {
	for w := 8; w < 40; w++ {
		for _, l := range wrap("pass --header or --data, or copy the request as cURL from a signed-in browser", w) {
			if strings.HasSuffix(l, "-") || width(l) > w {
				t.Errorf("at %d a line is %q", w, l)
			}
		}
	}
}
