package inspect

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"

	"badsig/checks/affix"
	"badsig/tokens"
)

// Rules of this file:
//   - a token that was cut or changed shows what can still be read of it
//   - what is missing is named as exactly as the rest allows

// standardHeader is what nearly every Stream token begins with.
const standardHeader = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"

// remains is what is left of a token.
type remains struct {
	header, claims map[string]any
	says           string
	whole          string // the token as it must have been, where that is certain
}

// salvaged reads a string that was a token once: its beginning is missing.
func salvaged(text string) (Inspection, bool) {
	word := longestWord(text)
	if len(word) < 24 || strings.Count(word, ".") < 1 || strings.Count(word, ".") > 3 {
		return Inspection{}, false
	}
	r, ok := restore(word)
	if !ok {
		return Inspection{}, false
	}
	return Inspection{Kind: KindToken, Is: "what is left of a token", remains: r}, true
}

// longestWord is the longest run of what tokens consist of.
func longestWord(text string) string {
	best := ""
	for _, w := range strings.FieldsFunc(text[:min(len(text), 64<<10)], func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_.+/=", r))
	}) {
		if len(w) > len(best) && affix.Contains(w, ".") {
			best = w
		}
	}
	return strings.Trim(best, "=")
}

// restore tells what is missing at the beginning of a token.
func restore(word string) (*remains, bool) {
	parts := strings.Split(word, ".")
	first := parts[0]
	if len(parts) >= 2 {
		for _, lost := range []string{"e", "ey", "eyJ", "eyJh"} { // one or a few characters, with any header
			if h := object(lost + first); h["alg"] != nil {
				n := "its first character is"
				if len(lost) > 1 {
					n = fmt.Sprintf("its first %d characters are", len(lost))
				}
				r := &remains{header: h, says: fmt.Sprintf("%s missing: it should start with eyJ (%q is lost)", n, lost), whole: lost + word}
				r.claims = object(parts[1])
				return r, true
			}
		}
	}
	payload, at := map[string]any(nil), -1
	for i, s := range parts {
		if m := object(s); m != nil && m["alg"] == nil {
			payload, at = m, i
			break
		}
	}
	if at < 0 {
		return nil, false
	}
	switch {
	case at == 0:
		return &remains{claims: payload, says: "its header is missing: this begins with the payload"}, true
	case affix.HasSuffix(standardHeader, first) && first != "":
		return &remains{claims: payload, says: fmt.Sprintf("its first %d characters are missing: it should start with eyJ", len(standardHeader)-len(first)),
			whole: standardHeader + word[len(first):]}, true
	}
	return &remains{claims: payload, says: "its header is malformed: it should start with eyJ"}, true
}

// object decodes a segment that is a JSON object; nil where it is none.
func object(segment string) map[string]any {
	s := strings.NewReplacer("+", "-", "/", "_").Replace(strings.TrimRight(segment, "="))
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(b) < 2 || b[0] != '{' {
		return nil
	}
	return jsonObject(b)
}

func jsonObject(b []byte) map[string]any {
	d := json.NewDecoder(strings.NewReader(string(b)))
	d.UseNumber()
	var m map[string]any
	if d.Decode(&m) != nil {
		return nil
	}
	return m
}

// partialClaims reads what can be read of a payload that was cut: the fields
// before the cut.
func partialClaims(t tokens.Token) map[string]any {
	if t.Claims != nil || len(t.Segments) < 2 {
		return nil
	}
	s := strings.NewReplacer("+", "-", "/", "_").Replace(strings.TrimRight(t.Segments[1], "="))
	if len(s)%4 == 1 {
		s = s[:len(s)-1]
	}
	b, _ := base64.RawURLEncoding.DecodeString(s)
	if len(b) < 2 || b[0] != '{' {
		return nil
	}
	d := json.NewDecoder(strings.NewReader(string(b)))
	d.UseNumber()
	if _, err := d.Token(); err != nil {
		return nil
	}
	m := map[string]any{}
	for len(m) < 50 {
		name, err := d.Token()
		n, ok := name.(string)
		if err != nil || !ok {
			break
		}
		var v any
		if d.Decode(&v) != nil {
			break
		}
		m[n] = v
	}
	if len(m) == 0 {
		return nil
	}
	return m
}
