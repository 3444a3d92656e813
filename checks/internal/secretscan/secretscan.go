// Package secretscan finds secrets in what may hold none: what badsig prints,
// writes, sends and tells its children. It is for tests alone; nothing of
// badsig imports it.
package secretscan

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// Piece is how many characters of a secret give it away. Of a secret that is
// shorter nothing is looked for: it cannot be told from a word.
const Piece = 12

// Secrets are strings that may be nowhere, by the place where each belongs.
type Secrets map[string]string

// Mark invents a secret of the shape that Stream's have and keeps it under a name.
func (s Secrets) Mark(name string) string {
	const letters = "abcdefghjkmnpqrstuvwxyz23456789"
	b := make([]byte, 64)
	for i := range b {
		b[i] = letters[rand.IntN(len(letters))]
	}
	s[name] = string(b)
	return s[name]
}

// forms are the ways in which a secret may be written.
func forms(s string) map[string]string {
	out := map[string]string{"": s, " in capitals": strings.ToUpper(s), " in hex": hex.EncodeToString([]byte(s)), " backwards": backwards(s)}
	for shift := range min(3, len(s)) {
		out[fmt.Sprint(" in base64, ", shift)] = strings.Trim(base64.RawStdEncoding.EncodeToString([]byte(s[shift:len(s)-1])), "=")
	}
	return out
}

func backwards(s string) string {
	b := []byte(s)
	slices.Reverse(b)
	return string(b)
}

// index knows every piece of every form, and whose it is.
func (s Secrets) index(issued []string) map[string]string {
	pieces := map[string]string{}
	add := func(whose, text string) {
		for i := 0; i+Piece <= len(text); i++ {
			pieces[text[i:i+Piece]] = whose
		}
	}
	for _, t := range issued {
		if i := strings.LastIndexByte(t, '.'); i > 0 {
			add("a token's signature", t[i+1:])
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s)) {
		if len(s[name]) >= Piece {
			for how, form := range forms(s[name]) {
				add("the secret of "+name+how, form)
			}
		}
	}
	return pieces
}

// Search lists the pieces of the secrets that are in a string: as they are, in
// capitals, backwards, in hex and in base64; the signatures of the tokens that
// were issued; and any whole token. Each comes once, with what is around it.
func (s Secrets) Search(text string, issued ...string) []string {
	return s.Searcher(issued...)(text)
}

// Searcher is Search for many strings.
func (s Secrets) Searcher(issued ...string) func(text string) []string {
	pieces := s.index(issued)
	return func(text string) []string { return search(pieces, text) }
}

func search(pieces map[string]string, text string) (found []string) {
	said := map[string]bool{}
	for i := 0; i+Piece <= len(text); i++ {
		if whose, ok := pieces[text[i:i+Piece]]; ok && !said[whose] {
			said[whose] = true
			found = append(found, whose+", in: "+text[max(0, i-60):min(len(text), i+60)])
		}
	}
	if whole := Token.FindString(text); whole != "" {
		found = append(found, "a whole token: "+whole)
	}
	return found
}

// Token matches a whole token, one in base64's other alphabet and with its
// padding, too.
var Token = regexp.MustCompile(`eyJ[\w+/-]{8,}={0,2}\.[\w+/-]+={0,2}\.[\w+/-]{20,}={0,2}`)

// Files reads every file below a folder into one text, each under its path.
// One that vanishes meanwhile is left out.
func Files(dir string) (string, error) {
	var b strings.Builder
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if os.IsNotExist(err) || err == nil && !d.Type().IsRegular() {
			return nil
		}
		if err != nil {
			return err
		}
		text, err := os.ReadFile(path)
		if os.IsNotExist(err) {
			return nil
		}
		fmt.Fprintf(&b, "== %s\n%s\n", path, text)
		return err
	})
	return b.String(), err
}
