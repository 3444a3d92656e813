package syntax

import (
	"unicode"
	"unicode/utf8"

	"badsig/checks/affix"
)

func isNameStart(c byte, f family) bool {
	switch {
	case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '_', c >= utf8.RuneSelf:
		return true
	case c == '$':
		return f == FamPHP || f == FamRuby
	case c == '@':
		return f == FamRuby
	case c == '\\':
		return f == FamPHP
	}
	return false
}

func isNamePart(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c >= utf8.RuneSelf
}

func (x *lexer) name() {
	from := x.pos
	for x.pos < len(x.src) && (x.src[x.pos] == '$' || x.src[x.pos] == '@') {
		x.pos++
	}
	for x.pos < len(x.src) {
		c := x.src[x.pos]
		if isNamePart(c) || c == '\\' && x.lang.Family == FamPHP || c == '$' && x.lang.Family == FamC {
			if c >= utf8.RuneSelf {
				r, n := utf8.DecodeRuneInString(x.src[x.pos:])
				if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
					if x.pos == from { // no letter at all: skip it
						x.pos += n
						return
					}
					break
				}
				x.pos += n
				continue
			}
			x.pos++
			continue
		}
		if (c == '?' || c == '!') && x.lang.Family == FamRuby && x.pos > from && !affix.HasPrefix(x.src[x.pos+1:], "=") {
			x.pos++
		}
		break
	}
	if x.pos == from {
		x.pos++
		return
	}
	x.put(tokName, x.src[from:x.pos], from)
}

func (x *lexer) number() {
	from := x.pos
	for x.pos < len(x.src) {
		c := x.src[x.pos]
		if !isNamePart(c) && !(c == '.' && x.pos+1 < len(x.src) && x.src[x.pos+1] >= '0' && x.src[x.pos+1] <= '9') {
			break
		}
		x.pos++
	}
	x.put(tokNumber, affix.ReplaceAll(x.src[from:x.pos], "_", ""), from)
}

var puncts = []string{"?->", "===", "!==", "...", "<=>", "**=", "??=", "||=", "&&=", "->", "=>", "::", "?.", "&.", "??", "?:", "!!", "&&", "||", "==", "!=", "<=", ">=", ":=", "+=", "-=", "*=", "/=", ".=", "<-", "**"}

func (x *lexer) punct() {
	for _, p := range puncts {
		if x.at(p) {
			from := x.pos
			x.pos += len(p)
			x.put(tokPunct, p, from)
			return
		}
	}
	from := x.pos
	x.pos++
	x.put(tokPunct, x.src[from:x.pos], from)
}

// pairBrackets joins each bracket to its partner.
func pairBrackets(toks []token) {
	var open []int
	closes := map[string]string{")": "(", "]": "[", "}": "{"}
	for i := range toks {
		if toks[i].kind != tokPunct {
			continue
		}
		switch t := toks[i].text; t {
		case "(", "[", "{":
			open = append(open, i)
		case ")", "]", "}":
			for j := len(open) - 1; j >= 0 && j >= len(open)-4; j-- {
				if toks[open[j]].text == closes[t] {
					toks[i].match, toks[open[j]].match = int32(open[j]), int32(i)
					open = open[:j]
					break
				}
			}
		}
	}
}
