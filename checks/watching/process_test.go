package watching

import (
	"slices"
	"strings"
	"testing"
)

// A child gets the shell's own variables, and never the dashboard's pair.
func TestTheChildNeverGetsTheDashboardsPair(t *testing.T) {
	before := []string{"PATH=/bin", "BADSIG_API_KEY=h7w2k9qx4tbn", "STREAM_API_SECRET=of the shell", "BADSIG_API_SECRET=of the dashboard"}
	env := childEnv(before, true)
	if slices.ContainsFunc(env, func(e string) bool { return strings.HasPrefix(e, "BADSIG_API_") }) {
		t.Errorf("the child gets %q", env)
	}
	if !slices.Contains(env, "STREAM_API_SECRET=of the shell") || len(before) != 4 {
		t.Errorf("the child gets %q of %q", env, before)
	}
}
