package syntax

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

type escapes uint8

func (x *lexer) escape(b *strings.Builder) {
	c := x.src[x.pos+1]
	x.pos += 2
	switch c {
	case 'n':
		b.WriteByte('\n')
	case 't':
		b.WriteByte('\t')
	case 'r':
		b.WriteByte('\r')
	case '0':
		b.WriteByte(0)
	case '\n':
		x.line++
		x.start = x.pos
	case 'x':
		x.hex(b, 2)
	case 'u':
		x.hex(b, 4)
	default:
		b.WriteByte(c)
	}
}

func (x *lexer) hex(b *strings.Builder, n int) {
	if x.pos+n > len(x.src) {
		return
	}
	v, err := strconv.ParseUint(x.src[x.pos:x.pos+n], 16, 32)
	if err != nil {
		return
	}
	x.pos += n
	if n == 2 {
		b.WriteByte(byte(v))
		return
	}
	b.Write(utf8.AppendRune(nil, rune(v)))
}

const (
	escapesC     escapes = iota // \n, \t, \x41, \u0041 …
	escapesNone                 // a backslash is a backslash
	escapesOne                  // \\ and the quote only
	escapesPHP1                 // as escapesOne
	escapesTwice                // "" is one quote
	escapesRaw                  // a backslash stays, and keeps the quote after it
)
