package envfile

import (
	"strings"
	"unicode/utf8"

	"badsig/checks/affix"
)

func decodeRune(s string) (rune, int) { return utf8.DecodeRuneInString(s) }

// commented files "# NAME=value" as a commented-out assignment. The value is
// what a person would get who removes the sign.
func (p *parser) commented(line string, off int) {
	body := strings.TrimLeft(line, "# \t")
	body = affix.TrimPrefix(body, "export ")
	eq := strings.IndexByte(body, '=')
	if eq <= 0 || len(p.file.Lines) >= MaxLines {
		return
	}
	name := strings.TrimRight(body[:eq], " \t")
	if name == "" || len(name) > 200 {
		return
	}
	for i := range len(name) {
		if !isKeyByte(name[i]) {
			return
		}
	}
	written := affix.TrimSuffix(body[eq+1:], "\r")
	v := trim(written)
	if n := len(v); n >= 2 && isQuote(v[0]) && v[n-1] == v[0] {
		v = v[1 : n-1]
	} else if i := strings.Index(v, " #"); i >= 0 {
		v = trim(v[:i])
	}
	p.file.Lines = append(p.file.Lines, Line{
		Name: name, Value: []byte(v), Written: []byte(written), Line: p.line(off), Commented: true,
	})
}

// stray notes a line that sets nothing.
func (p *parser) stray(line string, off int) {
	if trim(line) != "" {
		p.file.note("line %d: no assignment", p.line(off))
	}
}
