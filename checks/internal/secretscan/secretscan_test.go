package secretscan

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"
)

// The searcher finds what it is there to find.
func TestSearchFinds(t *testing.T) {
	m := Secrets{}
	s := m.Mark("x")
	for name, text := range map[string]string{
		"whole": s, "its beginning": "a " + s[:12] + "…", "its end": s[52:], "the middle": s[20:32] + "\n", "capitals": strings.ToUpper(s),
		"hex": hex.EncodeToString([]byte(s)), "base64": base64.StdEncoding.EncodeToString([]byte(s)), "base64 of a line": base64.URLEncoding.EncodeToString([]byte("S=" + s)),
		"a token in base64's other alphabet": "eyJhbGciOiJIUzI1NiJ9.eyJub3RlIjoieD8/Pj5+fiJ9.F9KjXdj8ZaMsM3e5rJ7ho7n+22tS3c6grEQjheHgo4k=",
		"a token":                            "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoiYSJ9.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	} {
		if len(m.Search("before "+text+" after")) == 0 {
			t.Errorf("%s is not found", name)
		}
	}
	for _, text := range []string{"", "64 chars #9f3a21cc", s[:4] + "…" + s[60:], s[:11]} {
		if found := m.Search(text); len(found) > 0 {
			t.Errorf("%q is taken for a secret: %v", text, found)
		}
	}
}
