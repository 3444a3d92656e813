package jsread

import (
	"unicode"
	"unicode/utf8"

	"github.com/tdewolff/parse/v2/js"
)

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// byteAt gives a byte of the block, 0 after its end.
func (s *scanner) byteAt(i int) byte {
	if i >= s.to {
		return 0
	}
	return s.src[i]
}

// text reads a string literal. One that its line does not close is given up
// at the end of the line.
func (s *scanner) text(pos int, quote byte) {
	i := pos + 1
	breaks := int32(0)
	for i < s.to {
		switch s.src[i] {
		case quote:
			s.emit(js.StringToken, pos, i+1)
			s.line += breaks
			s.seek(i + 1)
			return
		case '\\':
			i++
			switch s.byteAt(i) {
			case '\r':
				if s.byteAt(i+1) == '\n' {
					i++
				}
				breaks++
			case '\n':
				breaks++
			}
		case '\n', '\r':
			s.lost = true
			s.line += breaks
			s.seek(i)
			return
		}
		i++
	}
	s.lost = true
	s.line += breaks
	s.seek(s.to)
}

// number reads a numeric literal of any kind.
func (s *scanner) number(pos int) {
	i := pos
	digits := func() {
		for isDigit(s.byteAt(i)) || s.byteAt(i) == '_' {
			i++
		}
	}
	if c := s.byteAt(pos+1) | 0x20; s.src[pos] == '0' && (c == 'x' || c == 'b' || c == 'o') {
		i += 2
		for c := s.byteAt(i); isDigit(c) || c == '_' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'; c = s.byteAt(i) {
			i++
		}
	} else {
		digits()
		if s.byteAt(i) == '.' {
			i++
			digits()
		}
		if s.byteAt(i)|0x20 == 'e' {
			j := i + 1
			if c := s.byteAt(j); c == '+' || c == '-' {
				j++
			}
			if isDigit(s.byteAt(j)) {
				i = j
				digits()
			}
		}
	}
	if s.byteAt(i) == 'n' {
		i++
	}
	s.emit(js.DecimalToken, pos, i)
	s.seek(i)
}

// regexp reads a regular expression at pos, if its line closes one.
func (s *scanner) regexp(pos int) bool {
	if s.waste < 0 {
		return false
	}
	class := false
	for i := pos + 1; i < s.to; i++ {
		switch s.src[i] {
		case '\\':
			i++
			if c := s.byteAt(i); c == '\n' || c == '\r' {
				s.waste -= i - pos
				return false
			}
		case '[':
			class = true
		case ']':
			class = false
		case '\n', '\r':
			s.waste -= i - pos
			return false
		case '/':
			if class {
				continue
			}
			for i++; isNameByte(s.byteAt(i)) && s.byteAt(i) != '-'; i++ {
			}
			s.emit(js.RegExpToken, pos, i)
			s.seek(i)
			return true
		}
	}
	s.waste -= s.to - pos
	return false
}

// readable tells whether the lexer has a token for what is at pos.
func (s *scanner) readable(pos int, c byte) bool {
	switch {
	case c >= 0x80:
		r, n := utf8.DecodeRune(s.src[pos:s.to])
		if r == utf8.RuneError && n <= 1 {
			return false
		}
		return r == 0xFEFF || r == 0x2028 || r == 0x2029 || unicode.Is(unicode.Zs, r) || js.IsIdentifierStart(s.src[pos:pos+n])
	case c == '#':
		n := s.byteAt(pos + 1)
		return n == '_' || n == '$' || n >= 'a' && n <= 'z' || n >= 'A' && n <= 'Z'
	case c == '\\': // \u0061 begins a name too
		if s.byteAt(pos+1) != 'u' {
			return false
		}
		_, n := unicodeEscape(s.src[pos+2 : s.to])
		return n > 0
	case c == 0x7F:
		return false
	}
	return c >= ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f'
}
