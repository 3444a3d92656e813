package rules

import (
	"badsig/checks/facts"
	"badsig/checks/finding"
)

// noToken says why there is no token to judge.
func noToken(f *facts.Facts) finding.Result {
	if f.Backend == nil {
		return finding.Unsure(whyNot(f, facts.NameBackend, "no token was received"))
	}
	return finding.Unsure("the endpoint returned no token to check")
}
