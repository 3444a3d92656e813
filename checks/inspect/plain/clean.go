package plain

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"badsig/checks/affix"
)

// Rules of this file:
//   - what a terminal, a log, a chat or a page of HTML puts around and into a string is taken away; no word of the text is
//   - every step reads the text once, and none makes it longer
//   - a line stays a line: what follows on the next one may belong to something else

// Clean gives a string as its author wrote it: without colors, boxes, prefixes of
// logs, typographic quotes, HTML entities and the backslashes of strings in strings.
func Clean(s string) string {
	s = fromUTF16(s)
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = dropANSI(s)
	s = plainRunes(s)
	if strings.IndexByte(s, '&') >= 0 {
		s = entities(entities(s)) // a page may quote a page
	}
	if strings.IndexByte(s, '\\') >= 0 {
		s = unquoted(s)
	}
	return dropPrefixes(s)
}

// fromUTF16 reads what PowerShell writes into a file.
func fromUTF16(s string) string {
	big := affix.HasPrefix(s, "\xfe\xff")
	if !big && !affix.HasPrefix(s, "\xff\xfe") {
		return s
	}
	units := make([]uint16, 0, len(s)/2)
	for i := 2; i+1 < len(s); i += 2 {
		lo, hi := s[i], s[i+1]
		if big {
			lo, hi = hi, lo
		}
		units = append(units, uint16(hi)<<8|uint16(lo))
	}
	return string(utf16.Decode(units))
}

// dropANSI removes a terminal's sequences: ESC [ … m, ESC ] … BEL, and what is
// left of them where the ESC was lost in copying, or written as \u001b.
func dropANSI(s string) string {
	for _, esc := range []string{`\u001b[`, `\u001B[`, `\x1b[`, `\x1B[`, `\033[`, `\e[`, `^[[`} {
		if affix.Contains(s, esc) {
			s = affix.ReplaceAll(s, esc, "\x1b[")
		}
	}
	if strings.IndexByte(s, 0x1b) < 0 && !affix.Contains(s, "[0m") && !affix.Contains(s, "[39m") {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); {
		switch {
		case s[i] == 0x1b:
			i += escapeSequence(s[i:])
		case s[i] == '[' && colorLeft(s[i:]) > 0:
			i += colorLeft(s[i:])
		default:
			b.WriteByte(s[i])
			i++
		}
	}
	return b.String()
}

// escapeSequence is how long the sequence at the start of s is.
func escapeSequence(s string) int {
	if len(s) < 2 {
		return len(s)
	}
	switch s[1] {
	case '[': // CSI: parameters, then one letter
		i := 2
		for i < len(s) && i < 64 && s[i] >= 0x20 && s[i] < 0x40 {
			i++
		}
		return min(i+1, len(s))
	case ']', 'P', '_', '^': // OSC and its like: up to BEL or ESC \
		for i := 2; i < len(s) && i < 4096; i++ {
			switch s[i] {
			case 0x07:
				return i + 1
			case 0x1b:
				return min(i+2, len(s))
			case '\n':
				return i
			}
		}
		return 2
	}
	return 2
}

// colorLeft is how long [31m or [1;32m is at the start of s; 0 for anything else.
func colorLeft(s string) int {
	i := 1
	for i < len(s) && i < 16 && (s[i] >= '0' && s[i] <= '9' || s[i] == ';') {
		i++
	}
	if i > 1 && i < len(s) && s[i] == 'm' {
		return i + 1
	}
	return 0
}

// plainRunes replaces typographic quotes, spaces other than the space bar's,
// newlines of other systems and the lines of boxes, and drops what is invisible.
func plainRunes(s string) string {
	plain := true
	for i := range len(s) {
		if c := s[i]; c >= 0x80 || c == '\r' || c < ' ' && c != '\n' && c != '\t' || c == 0x7f {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); {
		c := s[i]
		if c < 0x80 {
			switch {
			case c == '\r' && i+1 < len(s) && s[i+1] == '\n':
			case c == '\r':
				b.WriteByte('\n')
			case c < ' ' && c != '\n' && c != '\t' || c == 0x7f:
			default:
				b.WriteByte(c)
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		switch p := plainRune(r); p {
		case 0:
		default:
			b.WriteRune(p)
		}
		i += n
	}
	return b.String()
}

// plainRune gives the plain character for one of typography's, 0 for none.
func plainRune(r rune) rune {
	switch {
	case r == '“', r == '”', r == '„', r == '‟', r == '″', r == '«', r == '»', r == '＂':
		return '"'
	case r == '‘', r == '’', r == '‚', r == '‛', r == '′':
		return '\''
	case r == 0xA0, r == 0x202F, r == 0x3000, r == 0x205F, 0x2000 <= r && r <= 0x200A:
		return ' '
	case r == 0x2028, r == 0x2029, r == 0x85:
		return '\n'
	case 0x2500 <= r && r <= 0x259F: // box drawing and blocks
		return ' '
	case r == 0x00AD, r == 0xFEFF, 0x200B <= r && r <= 0x200F, 0x2060 <= r && r <= 0x2064:
		return 0
	}
	return r
}

// namedEntities are those that come around code.
var namedEntities = [][2]string{
	{"quot", `"`}, {"apos", "'"}, {"amp", "&"}, {"lt", "<"}, {"gt", ">"}, {"nbsp", " "}, {"ldquo", `"`},
	{"rdquo", `"`}, {"lsquo", "'"}, {"rsquo", "'"}, {"colon", ":"}, {"lpar", "("}, {"rpar", ")"},
	{"equals", "="}, {"period", "."},
}

// entities decodes HTML's.
func entities(s string) string {
	if strings.IndexByte(s, '&') < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for {
		i := strings.IndexByte(s, '&')
		if i < 0 {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:i])
		s = s[i:]
		end := strings.IndexByte(s[:min(len(s), 10)], ';')
		if end < 2 {
			b.WriteByte('&')
			s = s[1:]
			continue
		}
		name := s[1:end]
		text, known := "", false
		for _, x := range namedEntities {
			if x[0] == name {
				text, known = x[1], true
			}
		}
		if name[0] == '#' {
			text, known = numericEntity(name[1:])
		}
		if !known {
			text = s[:end+1]
		}
		b.WriteString(text)
		s = s[end+1:]
	}
}

func numericEntity(s string) (string, bool) {
	base := 10
	if len(s) > 1 && s[0]|0x20 == 'x' {
		s, base = s[1:], 16
	}
	n, err := strconv.ParseUint(s, base, 21)
	if err != nil || n < ' ' && n != '\n' || n > utf8.MaxRune {
		return "", false
	}
	if p := plainRune(rune(n)); p != 0 {
		return string(p), true
	}
	return "", true
}

// unquoted removes the backslashes of strings in strings, however deep they
// are: \" and \\\" become ", \/ becomes /, \u0022 becomes ". A newline that is written
// as \n becomes one where the text was a string.
func unquoted(s string) string {
	inString := affix.Contains(s, `\"`) || affix.Contains(s, `\\n`) || affix.Contains(s, `\n    at `) || affix.Contains(s, `\n  `)
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); {
		if s[i] != '\\' {
			b.WriteByte(s[i])
			i++
			continue
		}
		end := i
		for end < len(s) && s[end] == '\\' {
			end++
		}
		if end == len(s) {
			b.WriteByte('\\')
			break
		}
		switch c := s[end]; {
		case c == '"', c == '\'', c == '/', c == '`':
			b.WriteByte(c)
			end++
		case c == 'u' && end+5 <= len(s) && isHex(s[end+1:end+5]):
			n, _ := strconv.ParseUint(s[end+1:end+5], 16, 16)
			if p := plainRune(rune(n)); p >= ' ' && !utf16.IsSurrogate(p) {
				b.WriteRune(p)
			}
			end += 5
		case inString && (c == 'n' || c == 'r' || c == 't'):
			b.WriteByte(map[byte]byte{'n': '\n', 'r': '\n', 't': '\t'}[c])
			end++
		default:
			b.WriteString(s[i:end])
		}
		i = end
	}
	return b.String()
}

func isHex(s string) bool {
	for i := range len(s) {
		if c := s[i] | 0x20; !(c >= '0' && c <= '9' || c >= 'a' && c <= 'f') {
			return false
		}
	}
	return true
}
