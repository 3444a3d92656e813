package hardness

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// marks are the secrets of one scenario, by the place where each stands.
type marks map[string]string

// mark invents a secret of Stream's shape and keeps it under a name.
func (m marks) mark(name string) string {
	const letters = "abcdefghjkmnpqrstuvwxyz23456789"
	b := make([]byte, 64)
	for i := range b {
		b[i] = letters[rand.IntN(len(letters))]
	}
	m[name] = string(b)
	return m[name]
}

const piece = 12 // characters of a secret that are one

// search finds pieces of the marked secrets in a text, as they stand, in
// capitals, in base64 and in hex, and the signatures of tokens.
func (m marks) search(text string, issued ...string) (found []string) {
	have := map[string]bool{}
	for i := 0; i+piece <= len(text); i++ {
		have[text[i:i+piece]] = true
	}
	for name, s := range m {
		forms := map[string]string{"": s, " in capitals": strings.ToUpper(s), " in hex": hex.EncodeToString([]byte(s)), " backwards": backwards(s)}
		for shift := range 3 {
			forms[fmt.Sprint(" in base64, ", shift)] = strings.Trim(base64.RawStdEncoding.EncodeToString([]byte(s[shift:len(s)-1])), "=")
		}
		for how, form := range forms {
			for i := 0; i+piece <= len(form); i++ {
				if have[form[i:i+piece]] {
					at := strings.Index(text, form[i:i+piece])
					found = append(found, fmt.Sprintf("the secret of %s%s, in: %s", name, how, text[max(0, at-60):min(len(text), at+60)]))
					break
				}
			}
		}
	}
	for _, t := range issued {
		sig := t[strings.LastIndexByte(t, '.')+1:]
		for i := 0; i+piece <= len(sig); i++ {
			if at := strings.Index(text, sig[i:i+piece]); at >= 0 && have[sig[i:i+piece]] {
				found = append(found, "a token's signature, in: "+text[max(0, at-80):min(len(text), at+60)])
				break
			}
		}
	}
	if whole := wholeToken.FindString(text); whole != "" {
		found = append(found, "a whole token: "+whole)
	}
	return found
}

func backwards(s string) string {
	b := []byte(s)
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
	return string(b)
}

// secretShape is what looks like a Stream secret.
var secretShape = regexp.MustCompile(`\b[a-z0-9]{64}\b`)

var wholeToken = regexp.MustCompile(`eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{20,}`)

// The searcher finds what it is there to find.
func TestSearchFinds(t *testing.T) {
	m := marks{}
	s := m.mark("x")
	for name, text := range map[string]string{
		"whole": s, "its beginning": "a " + s[:12] + "…", "its end": s[52:], "the middle": s[20:32] + "\n", "capitals": strings.ToUpper(s),
		"hex": hex.EncodeToString([]byte(s)), "base64": base64.StdEncoding.EncodeToString([]byte(s)), "base64 of a line": base64.URLEncoding.EncodeToString([]byte("S=" + s)),
		"a token": "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoiYSJ9.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	} {
		if len(m.search("before "+text+" after")) == 0 {
			t.Errorf("%s is not found", name)
		}
	}
	for _, text := range []string{"", "64 chars #9f3a21cc", s[:4] + "…" + s[60:], s[:11]} {
		if found := m.search(text); len(found) > 0 {
			t.Errorf("%q is taken for a secret: %v", text, found)
		}
	}
}

// files reads every file below a folder into one text.
func files(t testing.TB, dir string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(path)
		fmt.Fprintf(&b, "== %s\n%s\n", path, text)
		return err
	})
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return b.String()
}
