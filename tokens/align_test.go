package tokens

import (
	"strings"
	"testing"
)

func TestAlign(t *testing.T) {
	const s = "q7w8e9r2t3y4u5p6a7s8d9f2g3h4j5k6z7x8c9v2b3n4m5q6w7e8r9t2y3u4p5a6"
	eq := func(n int) string { return strings.Repeat("=", n) }
	for _, c := range []struct{ name, a, b, want string }{
		{"equal", s, s, eq(64)},
		{"a trailing space", s, s + " ", eq(64) + "+"},
		{"a newline before", s, "\n" + s, "+" + eq(64)},
		{"quotes", s, `"` + s + `"`, "+" + eq(64) + "+"},
		{"its end is missing", s, s[:60], eq(60) + "----"},
		{"its beginning is missing", s, s[2:], "--" + eq(62)},
		{"one in the middle is missing", s, s[:30] + s[31:], eq(30) + "-" + eq(33)},
		{"one is another", s, s[:9] + "z" + s[10:], eq(9) + "!" + eq(54)},
		{"two changed places", s, s[:2] + "8w" + s[4:], eq(2) + "!!" + eq(60)},
		{"twice", s, s + s, ""},
		{"another secret", s, strings.Repeat("k0", 32), ""},
		{"nothing", s, "", ""},
		{"too long", s, strings.Repeat(s, 3), ""},
	} {
		got := Align(NewSecret([]byte(c.a)), NewSecret([]byte(c.b)))
		if c.name == "twice" {
			if n := strings.Count(got, "="); n != 64 || strings.Count(got, "+") != 64 {
				t.Errorf("%s: %q", c.name, got)
			}
			continue
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
