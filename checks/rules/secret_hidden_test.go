package rules

import (
	"testing"

	"badsig/checks/finding"
	"badsig/checks/internal/factstest"
	"badsig/checks/rules/signature"
)

// What wasn't searched to its end can't be said to be free of the secret.
func TestBuildOutputThatWasNotSearchedIsUnknown(t *testing.T) {
	f := factstest.Sound()
	if r := signature.SecretHidden(f); r.Status != finding.Pass {
		t.Fatalf("%s: %s", r.Status, r.Summary)
	}
	f.Project.Unsearched = "web/dist"
	if r := signature.SecretHidden(f); r.Status != finding.Unknown {
		t.Errorf("%s: %s", r.Status, r.Summary)
	}
}
