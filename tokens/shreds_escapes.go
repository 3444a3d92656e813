package tokens

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Rules of this file:
//   - what can't be seen isn't there, and an escape is the character that it is for

// unescaped gives the characters of a string without what can't be seen (spaces,
// newlines, controls, zero-width characters, colors of a terminal) and with
// the escapes of URLs, JSON, JavaScript and HTML undone.
func unescaped(text string, push func(c byte, start, end int)) {
	var buf [utf8.UTFMax]byte
	for i := 0; i < len(text); {
		c := text[i]
		if c > ' ' && c < 0x7F && c != '%' && c != '=' && c != '\\' && c != '&' && c != '<' {
			push(c, i, i+1)
			i++
			continue
		}
		r, n := escapeAt(text[i:])
		if n == 0 {
			r, n = utf8.DecodeRuneInString(text[i:])
			if r == utf8.RuneError && n == 1 {
				push(c, i, i+1)
				i++
				continue
			}
		}
		if r == 0x1B || r == '␛' {
			n += colorCode(text[i+n:])
		}
		if r >= 0xFF01 && r <= 0xFF5E { // as wide as two
			r -= 0xFEE0
		}
		if !unseenRune(r) {
			for _, c := range buf[:utf8.EncodeRune(buf[:], r)] {
				push(c, i, i+n)
			}
		}
		i += n
	}
}

func unseenRune(r rune) bool {
	return r <= ' ' || r >= 0x7F && (r == 0x7F || r >= 0x2400 && r <= 0x2421 || !unicode.IsGraphic(r) || unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Mn, r))
}

// colorCode gives the length of the rest of a terminal's escape.
func colorCode(s string) int {
	if s == "" || s[0] != '[' {
		return 0
	}
	for i := 1; i < min(len(s), 24); i++ {
		if s[i] >= 0x40 && s[i] <= 0x7E {
			return i + 1
		}
	}
	return 0
}

// escapeAt reads the escape that a string begins with; n is 0 for none.
func escapeAt(s string) (r rune, n int) {
	switch s[0] {
	case '%':
		i := 1
		for strings.HasPrefix(s[i:], "25") && len(s) >= i+4 { // escaped twice
			if _, ok := hexRune(s[i+2 : i+4]); !ok {
				break
			}
			i += 2
		}
		if len(s) >= i+2 {
			if r, ok := hexRune(s[i : i+2]); ok {
				return r, i + 2
			}
		}
	case '\\':
		i := 1
		for i < len(s) && s[i] == '\\' { // escaped twice
			i++
		}
		if i == len(s) {
			return '\\', i
		}
		switch s[i] {
		case 'u', 'x':
			if strings.HasPrefix(s[i:], "u{") {
				if end := strings.IndexByte(s[i:min(len(s), i+12)], '}'); end > 2 {
					if r, ok := hexRune(s[i+2 : i+end]); ok {
						return r, i + end + 1
					}
				}
			}
			digits := 2
			if s[i] == 'u' {
				digits = 4
			}
			if len(s) > i+digits {
				if r, ok := hexRune(s[i+1 : i+1+digits]); ok {
					return r, i + 1 + digits
				}
			}
		case '0', '1':
			if len(s) >= i+3 && octal(s[i+1]) && octal(s[i+2]) {
				return rune(s[i]-'0')<<6 | rune(s[i+1]-'0')<<3 | rune(s[i+2]-'0'), i + 3
			}
		case 'n', 'r', 't':
			return ' ', i + 1
		case '"', '\'', '/', '`':
			return rune(s[i]), i + 1
		}
		return '\\', i
	case '=': // quoted-printable
		if len(s) >= 3 && s[1] < 'a' && s[2] < 'a' {
			if r, ok := hexRune(s[1:3]); ok && r < 0x7F {
				return r, 3
			}
		}
	case '&':
		end := strings.IndexByte(s[:min(len(s), 12)], ';')
		if end < 2 {
			return 0, 0
		}
		name := s[1:end]
		if digits, ok := strings.CutPrefix(name, "#"); ok {
			base := 10
			if strings.HasPrefix(digits, "x") || strings.HasPrefix(digits, "X") {
				digits, base = digits[1:], 16
			}
			if v, err := strconv.ParseUint(digits, base, 21); err == nil {
				return rune(v), end + 1
			}
			return 0, 0
		}
		for k, v := range map[string]rune{"amp": '&', "lt": '<', "gt": '>', "quot": '"', "apos": '\'', "nbsp": ' ', "shy": ' '} {
			if name == k {
				return v, end + 1
			}
		}
	case '<': // as sanitize.Visible writes what can't be seen
		if end := strings.IndexByte(s[:min(len(s), 12)], '>'); end > 3 && s[1] == 'U' && s[2] == '+' {
			if r, ok := hexRune(s[3:end]); ok {
				return r, end + 1
			}
		}
	}
	return 0, 0
}

func octal(c byte) bool { return '0' <= c && c <= '7' }

func hexRune(digits string) (rune, bool) {
	v := rune(0)
	if digits == "" || len(digits) > 7 {
		return 0, false
	}
	for i := range len(digits) {
		d, ok := nibbleOf(digits[i])
		if !ok {
			return 0, false
		}
		v = v<<4 | rune(d)
	}
	return v, v <= unicode.MaxRune
}
