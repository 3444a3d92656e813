package tokens

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
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
		{s[:28], "(28 characters)"},
		{s[:27], s[:27]}, // an ID
		{"STREAM_API_SECRET=" + s[:16], "STREAM_API_SECRET=(16 characters)"},
		{`"apiSecret": "` + s[40:60] + `"`, `"apiSecret": "(20 characters)"`},
		{"user " + s[:16], "user " + s[:16]},
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

// A secret that badsig doesn't know is taken out however it is written: less than twelve of its characters stay.
func TestRedactSecretsInEveryForm(t *testing.T) {
	const s = "k2v9x7w9q4m1z8v3b6n5c2l7j4h8g1f3d9s6a2p4o8i5u1y7t3r9e6w2q8m4z1x5"
	each := func(format, of string) string {
		var b strings.Builder
		for i := range len(of) {
			fmt.Fprintf(&b, format, of[i])
		}
		return b.String()
	}
	b64 := base64.StdEncoding.EncodeToString
	for name, c := range map[string]struct{ text, unit string }{ // unit: how twelve characters of it would look
		"percent": {each("%%%02x", s), "%%%02x"}, "percent, in capitals": {each("%%%02X", s), "%%%02X"}, "percent of percent": {each("%%25%02x", s), "%%25%02x"},
		"half in percent": {each("%%%02x", s[:32]), "%%%02x"}, "sixteen in percent": {"/x?secret=" + each("%%%02x", s[:16]) + "&y", "%%%02x"},
		"JSON": {`"` + each(`\u%04x`, s) + `"`, `\u%04x`}, "JavaScript": {each(`\x%02x`, s), `\x%02x`}, "octal": {each(`\%03o`, s), `\%03o`},
		"HTML": {each("&#%d;", s), "&#%d;"}, "HTML's hex": {each("&#x%x;", s), "&#x%x;"},
		"hex": {hex.EncodeToString([]byte(s)), "%02x"}, "hex of half": {hex.EncodeToString([]byte(s[:32])), "%02x"},
		"a buffer": {"<Buffer " + strings.TrimSpace(each("%02x ", s)) + ">", "%02x "}, "a cut buffer": {"<Buffer " + each("%02x ", s[:50]) + "... 14 more bytes>", "%02x "},
		"colons": {each("%02x:", s), "%02x:"}, "numbers": {"[" + each("%d,", s) + "0]", "%d,"},
		"base64 of half": {b64([]byte(s[:32])), "\x00"}, "base64 of JSON": {b64([]byte(`{"a":"` + strings.Repeat("b", 100) + `","secret":"` + s + `"}`)), "\x00"},
		"half": {s[:32], "%c"}, "the other half": {"(" + s[32:] + ")", "%c"}, "in capitals": {strings.ToUpper(s[:40]), "%c"},
		"two lines": {s[:32] + "\n" + s[32:], "%c"}, "uneven lines": {s[:40] + "\r\n  " + s[40:], "%c"}, "little on the next": {s[:52] + "\n" + s[52:], "%c"},
		"little on the first": {"secret is\n" + s[:12] + "\n" + s[12:] + "\nand so on", "%c"}, "two lines in JSON": {`{"a":"` + s[:44] + `\n` + s[44:] + `"}`, "%c"},
		"zero width": {each("%c\u200b", s), "%c\u200b"}, "one zero width": {s[:20] + "\u200b" + s[20:], "%c"}, "zero width in JSON": {each(`%c\u200b`, s), `%c\u200b`},
		"NULs": {each("%c\x00", s), "%c\x00"}, "doubled": {s + s, "%c"}, "in a sum": {`"` + s[:32] + `" + "` + s[32:] + `"`, "%c"},
	} {
		got := RedactSecrets("see " + c.text + " there")
		for i := range len(s) - 11 {
			part := each(c.unit, s[i:i+12])
			if c.unit != "\x00" && strings.Contains(got, part) {
				t.Errorf("%s: %s is shown in %s", name, s[i:i+12], got)
				break
			}
		}
		if !strings.HasPrefix(got, "see ") || !strings.HasSuffix(got, " there") || !strings.Contains(got, " characters)") {
			t.Errorf("%s gives %s", name, got)
		}
		if again := RedactSecrets(got); again != got {
			t.Errorf("%s again gives %s", got, again)
		}
	}
}

// What a reader needs to find something again stays.
func TestRedactSecretsLeavesIDs(t *testing.T) {
	for _, text := range []string{
		"commit 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b", "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
		"integrity sha512-7zWgBbDkYV6V4f5rQq8LxYpXoJ1mS2nT9cKdH3eGaUbFwiRtOyPjMvNhCsEzAqXl0kD5uI8gB4W6Z1x2c3v7mA==", "sha384-oqVuAfXRKap7fdgcCY5uykM6R9GqQ8KuxyrxOaPbBz7uFhqkYcQJOp3V0EoW2mXr",
		"user cjld2cjxh0000qzrmn831i7rp", "user cjld2cjxh0000qzrmn831i7rp\ncjld2cyuq0000t3rmniod1foy\ncjld2cyuq0001t3rmniod1foz\n", "tz4a98xxat96iws9zmbrgj3a", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "user_01h455vb4pex5vsknk084sn02q",
		"0ujsswThIGTUYm2K8FjOOfXtY1K", "hQ3fWbT8cVZ1dJm5XkRy9LsP2ga2", "user_2NNEqL2nrIRdJ194ndJqAHwEfxC", "5f7c8ec7c33c6c004bbafe82", "507f1f77bcf86cd799439011",
		"https://k2v9x7w9q4m1z8v3b6n5c2l7j4h8g1f3.lambda-url.us-east-1.on.aws/token", "123456789012-k2v9x7w9q4m1z8v3b6n5c2l7j4h8g1f3.apps.googleusercontent.com",
		"/nix/store/0c5b5b5q3x8cpx2fq0pv9a6vsg2ni9wl-nodejs-22.11.0/bin/node", "API key h7w2k9qx4tbn", "request id 7f3c9d0a-1b2e-4c5d-8e9f-0a1b2c3d4e5f took 12ms",
		"secret: your_api_secret_here", "STREAM_API_SECRET=changeme1234567890", "STREAM_API_SECRET=my-secret-key-2024", "/usr/lib/node_modules/express/lib/router/layer.js:95:5",
		"convertstringtouint8arraybuffer", "AbstractSingletonProxyFactoryBean2", "at Module._compile (node:internal/modules/cjs/loader:1554:14)", "v0.0.0-20240101120000-abcdef123456",
		"hex 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10 11 12 13", "[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20]", "%D0%BF%D1%80%D0%B8%D0%B2%D0%B5%D1%82%20%D0%BC%D0%B8%D1%80", "日本語のテキスト、三十文字よりも長いもの1234",
		"first line of a text\nsecond line 2\nthird line 3 of it", "dGhpcyBpcyBhIHRleHQgaW4gYmFzZTY0", "2026-11-26T22:10:00.000Z 192.168.100.200:3001 -> [2001:db8:85a3::8a2e:370:7334]:443",
	} {
		if got := RedactSecrets(text); got != text {
			t.Errorf("%q becomes %q", text, got)
		}
	}
}

// A string that was cut in the middle of a secret keeps no long beginning of it.
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
