package tokens

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

// TestNothingPrintsASecret formats a secret in every way that Go has.
func TestNothingPrintsASecret(t *testing.T) {
	const marked = "MARKEDmarkedMARKEDmarked"
	s := NewSecret([]byte(marked))
	type holder struct {
		S Secret
		s Secret
		p *Secret
		m map[string]Secret
		c Candidate
	}
	h := holder{s, s, &s, map[string]Secret{"a": s}, Candidate{Secret: s}}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T", "%p", "%08b", "%U", "%c"} {
		for _, v := range []any{s, &s, h, &h, []Secret{s}, fmt.Errorf("wrapped: %v", s)} {
			fmt.Fprintf(&out, verb+"\n", v)
		}
	}
	if err := json.NewEncoder(&out).Encode(h); err != nil {
		t.Fatal(err)
	}
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "secret", s, "holder", h)
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "secret", s, "holder", h)
	func() {
		defer func() { fmt.Fprintln(&out, recover()) }()
		panic(s)
	}()
	for _, form := range []string{marked, fmt.Sprintf("%x", marked), fmt.Sprintf("%X", marked), fmt.Sprint([]byte(marked)), strings.Trim(fmt.Sprintf("%b", []byte(marked[:4])), "[]")} {
		if strings.Contains(out.String(), form) {
			t.Errorf("the secret is printed as %s", form[:8])
		}
	}
	if want := "24 chars #" + s.Fingerprint(); !strings.Contains(out.String(), want) {
		t.Errorf("prints %q, want %q in it", out.String(), want)
	}
}

func TestSecret(t *testing.T) {
	buf := []byte("abcdefgh")
	s := NewSecret(buf)
	buf[0] = 'X'
	if !s.Equal(NewSecret([]byte("abcdefgh"))) {
		t.Error("a secret changes with its caller's buffer")
	}
	if got := s.Redact("say abcdefgh twice abcdefgh"); strings.Contains(got, "abcdefgh") || !strings.Contains(got, s.String()) {
		t.Errorf("redacted: %q", got)
	}
	if z := (Secret{}); !z.IsZero() || z.String() != "none" || z.Fingerprint() != "" || z.Len() != 0 || !NewSecret(nil).IsZero() {
		t.Error("no secret is not none")
	}
	if !testSecret.WellFormed() || s.WellFormed() || NewSecret([]byte(strings.Repeat("A", 64))).WellFormed() {
		t.Error("the shape of Stream's secrets is not told")
	}
	if !testKey.WellFormed() || APIKey("K7M2X9QWZ4V8").WellFormed() || APIKey("short").WellFormed() {
		t.Error("the shape of Stream's keys is not told")
	}
	if got := testKey.Masked(); got != "k7m2…z4v8" {
		t.Errorf("masked: %s", got)
	}
	// SHA-256 of "abc" begins ba7816bf (FIPS 180-2).
	if got := NewSecret([]byte("abc")).Fingerprint(); got != "ba7816bf" {
		t.Errorf("fingerprint: %s", got)
	}
}

// A secret that is a word is hidden where it's a value, and not in the names that have the word.
func TestWordsInNames(t *testing.T) {
	for _, c := range []struct{ secret, text, want string }{
		{"SECRET", "STREAM_API_SECRET in .env", "STREAM_API_SECRET in .env"},
		{"SECRET", "JWT_SECRET=SECRET", "JWT_SECRET=" + NewSecret([]byte("SECRET")).String()},
		{"secret", "src/secret.js:3 reads secretKey, 'secret'", "src/secret.js:3 reads secretKey, '" + NewSecret([]byte("secret")).String() + "'"},
		{"h7nter2", "x_h7nter2", "x_" + NewSecret([]byte("h7nter2")).String()},
	} {
		if got := NewSecret([]byte(c.secret)).RedactWord(c.text); got != c.want {
			t.Errorf("%s in %q: %q", c.secret, c.text, got)
		}
	}
}
