package plain

import (
	"strings"
	"unicode/utf8"

	"badsig/checks/affix"
)

// MaxWords bounds how many arguments of a command are read.
const MaxWords = 1000

// Split splits a command line as the shell does that it was copied for:
// POSIX quoting, $'…', and cmd's carets.
func Split(s string) []string {
	cmd := affix.Contains(s, "^\"") || affix.Contains(s, " ^\n") || affix.Contains(s, " ^\r\n")
	if cmd {
		s = uncaret(s)
	}
	var args []string
	var b strings.Builder
	open := false // an argument has begun, though it may be empty
	for i := 0; i < len(s) && len(args) < MaxWords; {
		c := s[i]
		switch {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			if open {
				args = append(args, b.String())
				b.Reset()
				open = false
			}
			i++
		case c == '\\' && !cmd && i+1 < len(s):
			if s[i+1] == '\n' {
				i += 2
			} else if s[i+1] == '\r' && i+2 < len(s) && s[i+2] == '\n' {
				i += 3
			} else {
				_, n := utf8.DecodeRuneInString(s[i+1:])
				b.WriteString(s[i+1 : i+1+n])
				open = true
				i += 1 + n
			}
		case c == '`' && i+1 < len(s) && (s[i+1] == '\n' || s[i+1] == '\r'): // PowerShell's continuation of a line
			i += 2
		case c == '\'' && !cmd:
			open = true
			end := strings.IndexByte(s[i+1:], '\'')
			if end < 0 {
				end = len(s) - i - 1
			}
			b.WriteString(s[i+1 : i+1+end])
			i += end + 2
		case c == '$' && !cmd && affix.HasPrefix(s[i:], "$'"):
			open = true
			i += 2 + ansiC(&b, s[i+2:])
		case c == '"':
			open = true
			i += 1 + double(&b, s[i+1:], cmd)
		default:
			open = true
			b.WriteByte(c)
			i++
		}
	}
	if open {
		args = append(args, b.String())
	}
	return args
}

// double reads up to the closing double quote and says how many bytes it took.
func double(b *strings.Builder, s string, cmd bool) int {
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '"' && cmd && i+1 < len(s) && s[i+1] == '"':
			b.WriteByte('"')
			i++
		case s[i] == '"':
			return i + 1
		case s[i] == '\\' && i+1 < len(s) && strings.IndexByte("\"\\$`\n", s[i+1]) >= 0:
			if i++; s[i] != '\n' {
				b.WriteByte(s[i])
			}
		default:
			b.WriteByte(s[i])
		}
	}
	return len(s)
}

// uncaret removes cmd's carets: ^x is x, and a caret at a line's end joins.
func uncaret(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '^' {
			b.WriteByte(s[i])
			continue
		}
		if i++; i >= len(s) {
			break
		}
		switch {
		case s[i] == '\r' && i+1 < len(s) && s[i+1] == '\n':
			i++
		case s[i] == '\n':
			// Chrome writes a newline inside a value as two of them.
			if i+1 < len(s) && s[i+1] == '\n' {
				b.WriteByte('\n')
				i++
			}
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

// ansiC reads the inside of $'…' and says how many bytes it took.
func ansiC(b *strings.Builder, s string) int {
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\'':
			return i + 1
		case s[i] != '\\' || i+1 >= len(s):
			b.WriteByte(s[i])
		default:
			i++
			switch c := s[i]; c {
			case 'n':
				b.WriteByte('\n')
			case 'r':
				b.WriteByte('\r')
			case 't':
				b.WriteByte('\t')
			case 'x':
				i += hexRune(b, s[i+1:], 2)
			case 'u':
				i += hexRune(b, s[i+1:], 4)
			case 'U':
				i += hexRune(b, s[i+1:], 8)
			default:
				b.WriteByte(c)
			}
		}
	}
	return len(s)
}

// hexRune writes the character of up to n hex digits and says how many there were.
func hexRune(b *strings.Builder, s string, n int) int {
	var r rune
	i := 0
	for ; i < len(s) && i < n; i++ {
		d := strings.IndexByte("0123456789abcdef", s[i]|0x20)
		if d < 0 {
			break
		}
		r = r<<4 | rune(d)
	}
	if i > 0 {
		b.WriteRune(r)
	}
	return i
}
