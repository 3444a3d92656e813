// Package rules judges facts: one rule a check, each a pure function of the facts that its check declares.
package rules

import (
	"badsig/checks/facts"
	"badsig/checks/finding"
)

// Check is one row of the registry.
type Check struct {
	ID    finding.ID
	Title func(*facts.Facts) string
	Needs []finding.ID // earlier checks; where one of them failed or was skipped, this one is skipped
	Uses  []facts.Name // probes whose facts the rule reads
	Rule  Rule
}

// Rule judges facts. It sees only finished parts: those of the probes the
// check names, and what they need in turn.
type Rule func(*facts.Facts) finding.Result
