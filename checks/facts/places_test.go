package facts

import "testing"

// Two typos of one kind are said once, with how many.
func TestSays(t *testing.T) {
	for want, damages := range map[string][]string{
		"with one character replaced by another":                             {"char-replaced"},
		"with one character replaced by another, twice":                      {"char-replaced", "char-replaced"},
		"with one character replaced by another, with one character missing": {"char-replaced", "char-missing"},
		"with one character missing, plus everything after it on its line":   {"char-missing", AsWritten},
	} {
		if got := Says(damages); got != want {
			t.Errorf("%q are %q, want %q", damages, got, want)
		}
	}
}
