package tokens

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"
)

// Cleaned gives the secret without what stands around or in it that no Stream
// key or secret has, and the names of what was taken away, in the order in
// which it was met: leading-space, trailing-space, newline, carriage-return,
// tab, nbsp, zero-width, bom, control, quotes, smart-quotes, backticks,
// semicolon, comma, own-name, inner-space. A secret without blemishes comes
// back as it is. Blanks inside are taken away only where what remains has the
// shape of a Stream secret or key: a passphrase may have blanks of its own.
func (s Secret) Cleaned() (Secret, []string) {
	b := s.bytes()
	var names []string
	note := func(name string) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for range 8 {
		before := len(b)
		b = cleanEnds(b, note)
		b = cleanQuotes(b, note)
		if t := withoutOwnName(nil, b); len(t) < len(b) {
			note("own-name")
			b = t
		}
		if len(b) == before {
			break
		}
	}
	if t := without(nil, b, hiddenBlemish); len(t) < len(b) && len(t) > 0 {
		eachBlemish(b, note)
		b = t
	}
	if t := withoutBlanks(nil, b); len(t) < len(b) && (NewSecret(t).WellFormed() || APIKey(t).WellFormed()) {
		note("inner-space")
		b = t
	}
	if h := len(b) / 2; len(b) == 128 && string(b[:h]) == string(b[h:]) {
		note("doubled")
		b = b[:h]
	}
	if len(names) == 0 {
		return s, nil
	}
	return NewSecret(b), names
}

// blemish names a character that no Stream secret has at its ends.
func blemish(r rune, front bool) string {
	switch {
	case r == ' ' && front:
		return "leading-space"
	case r == ' ':
		return "trailing-space"
	case r == '\n':
		return "newline"
	case r == '\r':
		return "carriage-return"
	case r == '\t':
		return "tab"
	case (r == ';' || r == ',') && front:
		return ""
	case r == ';':
		return "semicolon"
	case r == ',':
		return "comma"
	}
	return hiddenName(r)
}

func hiddenName(r rune) string {
	switch {
	case r == 0xFEFF:
		return "bom"
	case r == 0xA0 || r == 0x202F || r == 0x3000 || 0x2000 <= r && r <= 0x200A || r == 0x2028 || r == 0x2029:
		return "nbsp"
	case r < 0x20 && r != '\t' && r != '\n' && r != '\r', r == 0x7F:
		return "control"
	case invisible(r):
		return "zero-width"
	}
	return ""
}

func hiddenBlemish(r rune) bool { return hiddenName(r) != "" }

func eachBlemish(b []byte, note func(string)) {
	for _, r := range string(b) {
		if name := hiddenName(r); name != "" {
			note(name)
		}
	}
}

func cleanEnds(b []byte, note func(string)) []byte {
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		name := blemish(r, true)
		if name == "" {
			break
		}
		note(name)
		b = b[n:]
	}
	for len(b) > 0 {
		r, n := utf8.DecodeLastRune(b)
		name := blemish(r, false)
		if name == "" {
			break
		}
		note(name)
		b = b[:len(b)-n]
	}
	return b
}

func cleanQuotes(b []byte, note func(string)) []byte {
	for _, q := range quotePairs {
		t, front := bytes.CutPrefix(b, []byte(q[0]))
		t, back := bytes.CutSuffix(t, []byte(q[1]))
		if !front && !back {
			continue
		}
		switch {
		case strings.HasSuffix(q[0], `"`), strings.HasSuffix(q[0], `'`):
			note("quotes")
		case q[0] == "`":
			note("backticks")
		default:
			note("smart-quotes")
		}
		return t
	}
	return b
}
