package rules

import (
	"testing"

	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
)

// TestSourceClaims judges claims as they are written in a signing call.
func TestSourceClaims(t *testing.T) {
	claim := func(name, text, unit string, line int) facts.Claim {
		return facts.Claim{Name: name, Text: text, Unit: unit, Place: facts.Place{File: "app.js", Line: line}}
	}
	for _, c := range []struct {
		name, callee, check string
		claim               facts.Claim
		want                string // the cause; "" for none
	}{
		{"issued later than now", "c.createToken", "token-times", claim("iat", "Math.floor(Date.now() / 1000) + 600", "seconds", 4), string(causes.IATFuture)},
		{"issued now", "c.createToken", "token-times", claim("iat", "Math.floor(Date.now() / 1000)", "seconds", 4), ""},
		{"issued earlier", "c.createToken", "token-times", claim("iat", "Math.floor(Date.now() / 1000) - 60", "seconds", 4), ""},
		{"moved back and forth", "c.createToken", "token-times", claim("iat", "Math.floor(Date.now() / 1000) - 60 + 30", "seconds", 4), ""},
		{"expires later than now", "c.createToken", "token-times", claim("exp", "Math.floor(Date.now() / 1000) + 600", "seconds", 4), ""},
		{"the user under another name", "c.generateUserToken", "token-user", claim("userId", "id", "", 5), string(causes.UserIDMissing)},
		{"the user under its name", "c.generateUserToken", "token-user", claim("user_id", "id", "", 5), ""},
		{"a call with the user as its argument", "c.createToken", "token-user", claim("id", "id", "", 5), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := &facts.Facts{Project: &facts.Project{Sites: []facts.Site{{Callee: c.callee, Language: "js", Runs: facts.IsRead, Complete: true, Place: facts.Place{File: "app.js", Line: 3}, Claims: []facts.Claim{c.claim}}}}}
			got, line := "", 0
			for _, x := range SourceRules[finding.ID(c.check)](f) {
				got, line = string(x.ID), x.Location.Line
			}
			if got != c.want || c.want != "" && line != c.claim.Line {
				t.Errorf("%q on line %d, want %q on line %d", got, line, c.want, c.claim.Line)
			}
		})
	}
}
