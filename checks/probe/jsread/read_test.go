package jsread

import (
	"slices"
	"testing"
)

// cases state what must (and, with "-", what must not) stand among lines(m).
var cases = []struct {
	name, file, src string
	want            []string
	lost            bool
}{
	{"fallback chain", "a.js", "const s = process.env.A || process.env['B'] || `c`",
		[]string{"1 const s = either||($A, $B, \"c\")", "-1 const s = either||(either||($A, $B), \"c\")"}, false},
}

func TestRead(t *testing.T) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			m := Read(c.file, []byte(c.src))
			got := lines(m)
			for _, w := range c.want {
				if w[0] == '-' && slices.Contains(got, w[1:]) {
					t.Errorf("must not say %q", w[1:])
				} else if w[0] != '-' && !slices.Contains(got, w) {
					t.Errorf("does not say %q", w)
				}
			}
			if m.Strict == c.lost {
				t.Errorf("Strict = %v", m.Strict)
			}
			if t.Failed() {
				for _, l := range got {
					t.Log(l)
				}
			}
		})
	}
}
