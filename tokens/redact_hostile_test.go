package tokens

import (
	"encoding/hex"
	"strings"
	"testing"
	"time"
)

func TestRedactSecrets(t *testing.T) {
	const s = "m4x8c2v9b5n7q3w6e2r8t5y9u4p7a3s6d2f8g5h9j4k7z3x6c2v8b5n9m4q7w3e6"
	hash := strings.Repeat("0123456789abcdef", 4)
	for _, c := range []struct{ text, want string }{
		{"", ""},
		{s, "(64 characters)"},
		{"a=" + s + "&b", "a=(64 characters)&b"},
		{s + " " + s, "(64 characters) (64 characters)"},
		{strings.ToUpper(s), "(64 characters)"},
		{s[:50], "(50 characters)"},
		{s[:49], s[:49]},
		{"id " + hash + " is a hash", "id " + hash + " is a hash"},
		{strings.Repeat("x", 64), strings.Repeat("x", 64)},     // no digit: no secret
		{strings.Repeat("x1", 400), strings.Repeat("x1", 400)}, // too long for one
		{"/a/path/of/many/words/and/the/like/of/them/and/more/1", "/a/path/of/many/words/and/the/like/of/them/and/more/1"},
		{"a=" + hex.EncodeToString([]byte(s)), "a=(128 characters)"},
		{strings.Repeat(hash, 2), strings.Repeat(hash, 2)}, // SHA-512
		{"漢" + s + "é", "漢(64 characters)é"},
	} {
		if got := RedactSecrets(c.text); got != c.want {
			t.Errorf("%q gives %q, want %q", c.text, got, c.want)
		}
	}
	if got := RedactSecrets("user "+s, s); got != "user "+s {
		t.Errorf("what is kept is not: %q", got)
	}
}

// A text that was cut in the middle of a secret keeps no long beginning of it.
func TestRedactOfACutText(t *testing.T) {
	const s = "m4x8c2v9b5n7q3w6e2r8t5y9u4p7a3s6d2f8g5h9j4k7z3x6c2v8b5n9m4q7w3e6"
	secret := NewSecret([]byte(s))
	for n := range len(s) + 1 {
		got := secret.Redact("before " + s[:n])
		if n >= 8 && strings.Contains(got, s[:8]) {
			t.Errorf("%d characters of it: %q", n, got)
		}
		if n < 6 && got != "before "+s[:n] {
			t.Errorf("%d characters are no secret: %q", n, got)
		}
	}
	if got := secret.Redact("a " + s + " b " + s); strings.Contains(got, s[:8]) {
		t.Error(got)
	}
}

func TestRedactIsLinear(t *testing.T) {
	begin := time.Now()
	for _, text := range []string{strings.Repeat("x1", 4<<20), strings.Repeat("x1y2z3 ", 1<<20), strings.Repeat(strings.Repeat("q7", 32)+" ", 1<<17)} {
		_ = RedactSecrets(text)
		_ = NewSecret([]byte(strings.Repeat("x1", 32))).Redact(text)
	}
	if took := time.Since(begin); took > time.Minute {
		t.Errorf("took %s", took)
	}
}
