package tokens

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"html"
	"net/url"
	"strings"
	"testing"
)

// forms are the ways in which a secret is in other people's strings, and how
// each is read back.
var forms = map[string]func(s string) string{
	"as it is":          func(s string) string { return s },
	"doubled":           func(s string) string { return s + s },
	"capitals":          strings.ToUpper,
	"hex":               func(s string) string { return hex.EncodeToString([]byte(s)) },
	"a Node buffer":     func(s string) string { return fmt.Sprintf("<Buffer % x>", s) },
	"hex escapes":       func(s string) string { return each(s, `\x%02x`) },
	"bytes in JSON":     func(s string) string { return strings.ReplaceAll(strings.Trim(fmt.Sprint([]byte(s)), "[]"), " ", ",") },
	"base64":            func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
	"base64url of JSON": func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(`{"a":"` + s + `"}`)) },
	"base64 of escapes": func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(each(s, `\u%04x`))) },
	"base64 twice": func(s string) string {
		b := base64.StdEncoding
		return b.EncodeToString([]byte(b.EncodeToString([]byte(s))))
	},
	"percent":            func(s string) string { return each(s, "%%%02X") },
	"percent twice":      func(s string) string { return url.QueryEscape(each(s, "%%%02x")) },
	"JSON escapes":       func(s string) string { return each(s, `\u%04x`) },
	"HTML":               html.EscapeString,
	"HTML numbers":       func(s string) string { return each(s, "&#%d;") },
	"HTML hex":           func(s string) string { return each(s, "&#x%x;") },
	"over two lines":     func(s string) string { return s[:len(s)/2] + "\r\n  " + s[len(s)/2:] },
	"zero-width":         func(s string) string { return strings.Join(strings.Split(s, ""), "\u200b") },
	"NULs":               func(s string) string { return strings.Join(strings.Split(s, ""), "\x00") },
	"colors":             func(s string) string { return strings.Join(strings.Split(s, ""), "\x1b[31m") },
	"zero-width, drawn":  func(s string) string { return strings.Join(strings.Split(s, ""), "<U+200B>") },
	"octal":              func(s string) string { return each(s, `\%03o`) },
	"quoted-printable":   func(s string) string { return each(s, "=%02X") },
	"wide":               func(s string) string { return strings.Map(func(r rune) rune { return r + 0xFEE0 }, s) },
	"half":               func(s string) string { return s[:len(s)/2] },
	"the other half":     func(s string) string { return s[len(s)/2:] },
	"JSON string escape": func(s string) string { return strings.Trim(fmt.Sprintf("%q", s), `"`) },
}

func each(s, format string) string {
	var b strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&b, format, s[i])
	}
	return b.String()
}

// shownOf is how many characters in a row of a form are in a string, counted in
// characters of the secret.
func shownOf(form, text string, per float64) int {
	best := 0
	for i := range len(form) {
		for i+best < len(form) && strings.Contains(text, form[i:i+best+1]) {
			best++
		}
	}
	return int(float64(best) / per)
}

func checkForms(t *testing.T, secret, before, after string, cut int) {
	x := NewShreds(NewSecret([]byte(secret)))
	for name, form := range forms {
		f, within := form(secret), 0
		if strings.HasPrefix(f, "<Buffer ") || name == "base64url of JSON" {
			within = 8 // what isn't the secret's yet
		}
		per := max(1, float64(len(f)-within)/float64(len(secret)))
		if name == "doubled" || strings.Contains(name, "half") {
			per = 1
		}
		text := before + f + after
		if cut >= 0 && cut < len(text) {
			text = text[:cut]
		}
		if n := shownOf(strings.TrimSuffix(f[within:], ">"), x.Redact(text), per); n > shred-1 && !strings.Contains(before+after, f[:min(len(f), shred)]) {
			t.Errorf("%s: %d characters in a row of a secret are shown", name, n)
		}
	}
}

func TestShredsRecognizesEveryForm(t *testing.T) {
	for _, secret := range []string{"k2v9x7w9q4m1z8v3b6n5c2l7j4h8g1f3d9s6a2p4o8i5u1y7t3r9e6w2q8m4z1x5", "a-passphrase/with \"quotes\" & <signs>, + 50%25", "correct-horse-battery-staple-here"} {
		for _, around := range [][2]string{{"", ""}, {"secret=", " and more"}, {`{"a":"`, `"}`}, {"abcd", "efgh"}} {
			for _, cut := range []int{-1, 20, 47, 80} {
				checkForms(t, secret, around[0], around[1], cut)
			}
		}
	}
}

func TestShredsLeavesOtherTextAlone(t *testing.T) {
	x := NewShreds(NewSecret([]byte("a7b2c9d4e6f8:k2v9x7w9q4m1z8v3b6n5c2l7j4h8g1f3d9s6a2p4o8i5u1")), NewSecret([]byte("----------------------------------")))
	x.Open("a7b2c9d4e6f8")
	for _, text := range []string{"", "the key a7b2c9d4e6f8 isn't known to Stream", strings.Repeat("-", 80), strings.Repeat("no secret is here; ", 400)} {
		if got := x.Redact(text); got != text {
			t.Errorf("%.60q becomes %.60q", text, got)
		}
	}
}

func FuzzShreds(f *testing.F) {
	f.Add("k2v9x7w9q4m1z8v3b6n5c2l7j4h8g1f3", "before ", " after", 40)
	f.Add("my-old-cat-sleeps-under-the-piano", `{"a":"`, `"}`, -1)
	f.Fuzz(func(t *testing.T, secret, before, after string, cut int) {
		distinct := map[rune]bool{}
		for _, r := range secret {
			if r <= ' ' || r >= 0x7F {
				return
			}
			distinct[r] = true
		}
		if len(secret) < 2*shred || len(secret) > 200 || len(before)+len(after) > 2000 || len(distinct) < shred {
			return
		}
		got := NewShreds(NewSecret([]byte(secret))).Redact(before + secret + after)
		if n := shownOf(secret, got, 1); n >= shred {
			t.Errorf("%d characters in a row of a secret are shown", n)
		}
		checkForms(t, secret, before, after, cut)
	})
}

func BenchmarkShreds(b *testing.B) {
	x := NewShreds(NewSecret([]byte("k2v9x7w9q4m1z8v3b6n5c2l7j4h8g1f3d9s6a2p4o8i5u1y7t3r9e6w2q8m4z1x5")))
	for name, text := range map[string]string{"prose": strings.Repeat("nothing of a secret is here; ", 1<<20/29), "base64": strings.Repeat("QUJDREVGR0hJSktMTU5P", 1<<20/20), "deep": strings.Repeat("aaaa%2525\\\\\\u0041&#", 1<<20/20)} {
		b.Run(name, func(b *testing.B) {
			for range b.N {
				x.Redact(text)
			}
		})
	}
}

// A secret of letters and digits is recognized in pieces, too.
func TestShredsRecognizesPieces(t *testing.T) {
	secret := "k2v9x7w9q4m1z8v3b6n5c2l7j4h8g1f3d9s6a2p4o8i5u1y7t3r9e6w2q8m4z1x5"
	x := NewShreds(NewSecret([]byte(secret)))
	for _, between := range []string{"-", "'+'", `","`, `", "`, " . "} {
		for _, n := range []int{1, 4, 8, 11} {
			var b strings.Builder
			for i := 0; i < len(secret); i += n {
				b.WriteString(secret[i:min(len(secret), i+n)] + between)
			}
			got := strings.Join(strings.FieldsFunc(x.Redact(b.String()), func(r rune) bool { return r < 0x80 && !wordByte(byte(r)) }), "")
			if shown := shownOf(secret, got, 1); shown >= shred {
				t.Errorf("%q between every %d characters: %d are shown", between, n, shown)
			}
		}
	}
}
