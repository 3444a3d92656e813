package sanitize

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"badsig/tokens"
)

// Visible makes control characters, bidi controls and invalid bytes of an
// outside text visible, so that it can be drawn on a terminal and pasted into
// a report: a newline is ␊, an escape ␛, a zero-width space <U+200B>, a byte
// that isn't UTF-8 <FF>. Ordinary text, spaces too, stays as it is.
func Visible(s string) string {
	i := 0
	for i < len(s) && s[i] >= ' ' && s[i] < 0x7F {
		i++
	}
	for i < len(s) {
		r, n := utf8.DecodeRuneInString(s[i:])
		if !plain(r, n) {
			break
		}
		i += n
	}
	if i == len(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 16)
	b.WriteString(s[:i])
	for i < len(s) {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case plain(r, n):
			b.WriteString(s[i : i+n])
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, "<%02X>", s[i])
		case r < 0x20:
			b.WriteRune('\u2400' + r)
		case r == 0x7F:
			b.WriteRune('\u2421')
		default:
			fmt.Fprintf(&b, "<U+%04X>", r)
		}
		i += n
	}
	return b.String()
}

// Shown is an outside text as it may be repeated: Visible, and without what has
// the shape of a secret and the signatures of its tokens.
func Shown(s string) string { return Visible(tokens.RedactSecrets(tokens.RedactTokens(s))) }

// plain tells what can be shown as it is.
func plain(r rune, size int) bool {
	switch {
	case r == utf8.RuneError && size == 1, r < 0x20, r == 0x7F:
		return false
	case r < 0x7F:
		return true
	case r == 0x200D: // joins emoji
		return true
	}
	return unicode.IsGraphic(r) && !unicode.Is(unicode.Cf, r) && !(unicode.IsSpace(r) && r != ' ')
}

// VisibleBlanks is Visible with the spaces at both ends shown too.
func VisibleBlanks(s string) string {
	core := strings.Trim(s, " ")
	if core == "" {
		return strings.Repeat("␠", len(s))
	}
	lead := strings.Index(s, core)
	return strings.Repeat("␠", lead) + Visible(core) + strings.Repeat("␠", len(s)-lead-len(core))
}

const (
	MaxKept = 512 // characters of a header's value that Facts keep
)

// Cut shortens a string to n characters and says so with "…".
func Cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	i := 0
	for p := range s {
		if i == n {
			return s[:p] + "…"
		}
		i++
	}
	return s
}
