package rules

import (
	"badsig/checks/facts"
	"badsig/checks/finding"
)

// Rule judges facts. It sees only finished parts: those of the probes the
// check names, and whatever they need in turn.
type Rule func(*facts.Facts) finding.Result
