package signature

import (
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/rules/parts"
)

// NoToken says why there is no token to judge.
func NoToken(f *facts.Facts) finding.Result {
	if f.Backend == nil {
		return finding.Unsure(parts.WhyNot(f, facts.NameBackend, "no token was received"))
	}
	return finding.Unsure("the endpoint returned no token to check")
}
