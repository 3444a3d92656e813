package inspect

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// secretForms are the ways in which a paste carries a secret: what is in the text for a secret.
var secretForms = []func(s string) string{
	func(s string) string { return s },
	func(s string) string { return hex.EncodeToString([]byte(s)) },
	func(s string) string { return strings.ToUpper(hex.EncodeToString([]byte(s))) },
	func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
	func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(`{"user_id":"` + s + `"}`)) },
	func(s string) string { return eachByte(s, "%%%02X") },
	func(s string) string { return eachByte(s, `\u%04x`) },
	func(s string) string { return eachByte(s, "&#%d;") },
	func(s string) string { return strings.Join(strings.Split(s, ""), "\u200b") },
	func(s string) string { return strings.Join(strings.Split(s, ""), "\x00") },
	func(s string) string { return s[:len(s)/2] + "\r\n  " + s[len(s)/2:] },
	func(s string) string { return s[:len(s)/2] },
	func(s string) string { return s + s },
	func(s string) string {
		return "eyJhbGciOiJIUzI1NiJ9." + base64.RawURLEncoding.EncodeToString([]byte(`{"user_id":"`+s+`"}`)) + ".Q14Q7F9CcaXqedbuqYrFmBkmFv7Yti2J2uGq_DLdUWQ"
	},
}

func eachByte(s, format string) string {
	var b strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&b, format, s[i])
	}
	return b.String()
}

// mostShown is how many characters of a secret may be in a row in what is said of a paste.
const mostShown = 11

// showsSecret gives the piece of a secret, longer than may be shown, that a string holds in any form.
func showsSecret(text, secret string) string {
	bare := strings.Map(func(r rune) rune {
		if r <= ' ' || r == 0x7f || r >= 0x2000 && r < 0x2100 {
			return -1
		}
		return r
	}, text)
	low := strings.ToLower(bare)
	for i := range len(secret) - mostShown {
		piece := secret[i : i+mostShown+1]
		if strings.Contains(bare, piece) || strings.Contains(text, base64.StdEncoding.EncodeToString([]byte(piece))) {
			return piece
		}
		for _, f := range []func(string) string{secretForms[1], secretForms[6], secretForms[7], func(s string) string { return eachByte(s, "%%%02x") }} {
			if strings.Contains(low, f(piece)) {
				return piece
			}
		}
	}
	return ""
}

// FuzzPaste asserts that any paste gets a result, soon, and that no known secret
// comes out of it in any form: as text, as a line of a list, as JSON.
func FuzzPaste(f *testing.F) {
	for n, p := range pastes(f) {
		f.Add(p.text, uint(len(p.text)/2), uint(n))
	}
	for n := range secretForms {
		for _, s := range []string{"", "STREAM_API_SECRET=", "curl -H 'Authorization: Bearer ' http://localhost:3001/", "wss://x/connect?authorization=&api_key=", `{"code":43,"message":"","StatusCode":401}`, "https://u:@h/?#"} {
			f.Add(s, uint(len(s)*2/3), uint(n))
		}
	}
	// Known secrets, keys and words of the project; without the search for corrupted secrets.
	in := projectInspector(f).ForList(&Search{})
	f.Fuzz(func(t *testing.T, s string, at, form uint) {
		if len(s) > 20_000 {
			return
		}
		n := int(at % uint(len(s)+1))
		text := s[:n] + secretForms[form%uint(len(secretForms))](projectSecret) + s[n:]
		for _, paste := range []string{s, text} {
			start := time.Now()
			found := in.Inspect(t.Context(), paste)
			if took := time.Since(start); took > 20*time.Second { // some 20 ms; a busy machine takes longer
				t.Errorf("%d bytes took %v", len(paste), took)
			}
			doc, err := json.Marshal(found)
			if err != nil {
				t.Fatal(err)
			}
			out := string(doc) + "\n" + found.Is + "\n" + strings.Join(found.Says, "\n")
			if piece := showsSecret(out, projectSecret); piece != "" {
				t.Errorf("%q of the secret is shown: %s\n%q", piece, out, paste)
			}
		}
	})
}
