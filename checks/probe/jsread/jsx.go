package jsread

import (
	"bytes"

	"github.com/tdewolff/parse/v2/js"
)

// JSX: text between tags isn't code, attributes are fields, and {…} is code again.

// jsxBegins opens an element at a < where a value may begin, if that is what
// it is; otherwise it is a comparison or a list of type parameters.
func (s *scanner) jsxBegins(pos int) bool {
	if s.notJSX[pos] || s.waste < 0 {
		return false
	}
	i := pos + 1
	for i < s.to && isNameByte(s.src[i]) && (i > pos+1 || s.src[i] != '-' && (s.src[i] < '0' || s.src[i] > '9')) {
		i++
	}
	if i >= s.to {
		return false
	}
	name := s.src[pos+1 : i]
	switch c := s.src[i]; {
	case len(name) == 0:
		if c != '>' {
			return false
		}
	case c == ',' || c == '=' || c == '(' || c == '|' || c == '[' || c == ';' || c == ')':
		return false // <T,>(x) =>
	case s.ts && c == '>' && len(name) == 1 && name[0] >= 'A' && name[0] <= 'Z':
		return false // <T>(x) => as a type
	case bytes.HasPrefix(bytes.TrimLeft(s.src[i:min(i+16, s.to)], " "), []byte("extends ")):
		return false
	}
	s.openJSX(pos)
	return true
}

// openJSX reads <Name; the tag's rest is read by jsxStep.
func (s *scanner) openJSX(pos int) {
	before := &snapshot{pos: pos, toks: len(s.toks), comments: len(s.comments), stack: len(s.stack), line: s.line, nl: s.nl, lost: s.lost}
	i := pos + 1
	for i < s.to && (isNameByte(s.src[i]) || s.src[i] == '.' || s.src[i] == ':') {
		i++
	}
	o := s.push(oJSXTag, s.emit(tokJSXOpen, pos+1, i))
	o.before = before
	s.seek(i)
}

// jsxStep reads on inside an element; false: this isn't an element.
func (s *scanner) jsxStep(o *open) bool {
	if o.kind == oJSXBody {
		return s.jsxText(o)
	}
	pos := s.at()
	switch c := s.src[pos]; {
	case c == ' ' || c == '\t' || c == '\r' || c == '\n':
		if c == '\n' {
			s.line++
		}
		s.seek(pos + 1)
	case c == '/' && s.has(pos, "//"), c == '/' && s.has(pos, "/*"):
		s.in.Skip()
		if tt, _ := s.lx.Next(); tt == js.ErrorToken || s.at() > s.to {
			return false
		}
		s.comment(pos, s.at())
		s.countIn(pos, s.at())
	case c == '/':
		if !s.has(pos, "/>") {
			return false
		}
		s.closeJSX(pos, pos+2)
	case c == '>':
		o.kind = oJSXBody
		s.seek(pos + 1)
	case c == '{':
		s.seek(pos + 1)
		s.push(oBrace, s.emit(js.OpenBraceToken, pos, pos+1))
	case c == '=':
		s.seek(pos + 1)
	case c == '"' || c == '\'':
		end := bytes.IndexByte(s.src[pos+1:s.to], c)
		if end < 0 {
			s.waste -= s.to - pos
			return false
		}
		s.emit(tokJSXString, pos+1, pos+1+end)
		s.countIn(pos, pos+1+end)
		s.seek(pos + end + 2)
	case c == '<' && int(s.toks[len(s.toks)-1].end) == pos && s.toks[len(s.toks)-1].tt == tokJSXOpen:
		end := typeArguments(s.src[pos:min(pos+256, s.to)]) // <Select<Option> …>
		if end == 0 {
			return false
		}
		s.seek(pos + end)
	case isNameByte(c) && c != '-':
		i := pos
		for i < s.to && (isNameByte(s.src[i]) || s.src[i] == ':') {
			i++
		}
		s.emit(tokJSXAttr, pos, i)
		s.seek(i)
	default:
		return false
	}
	return true
}

// jsxText passes over an element's text up to the next tag or {.
func (s *scanner) jsxText(o *open) bool {
	pos := s.at()
	i := bytes.IndexAny(s.src[pos:s.to], "<{")
	if i < 0 {
		s.seek(s.to)
		return true // the end comes next, and with it the take-back
	}
	s.countIn(pos, pos+i)
	pos += i
	s.seek(pos)
	switch {
	case s.src[pos] == '{':
		s.seek(pos + 1)
		s.push(oBrace, s.emit(js.OpenBraceToken, pos, pos+1))
		return true
	case s.has(pos, "</"):
		end := bytes.IndexByte(s.src[pos:min(pos+512, s.to)], '>')
		if end < 0 {
			return false
		}
		name := string(bytes.TrimSpace(s.src[pos+2 : pos+end]))
		// A tag left open inside is closed with the one around it.
		for j := len(s.stack) - 1; j >= 0 && s.stack[j].kind == oJSXBody; j-- {
			if t := s.toks[s.stack[j].tok]; string(s.src[t.pos:t.end]) == name {
				s.countIn(pos, pos+end)
				at := s.emit(tokJSXClose, pos, pos+end+1)
				s.popTo(j, at)
				s.seek(pos + end + 1)
				return true
			}
		}
		return false
	case pos+1 < s.to && (s.src[pos+1] == '>' || isNameByte(s.src[pos+1])):
		if !s.notJSX[pos] {
			s.openJSX(pos)
			return true
		}
	}
	s.seek(pos + 1) // a lone < in text
	return true
}

func (s *scanner) closeJSX(pos, end int) {
	at := s.emit(tokJSXClose, pos, end)
	s.popTo(len(s.stack)-1, at)
	s.seek(end)
}

func (s *scanner) innermostJSX() int {
	for i := len(s.stack) - 1; i >= 0; i-- {
		if k := s.stack[i].kind; k == oJSXTag || k == oJSXBody {
			return i
		}
	}
	return -1
}

// takeBack undoes the guess that stack[i] is an element. A nested element's
// < is then text of the one around it.
func (s *scanner) takeBack(i int) {
	b := s.stack[i].before
	s.waste -= s.at() - b.pos
	if s.waste < 0 {
		// Enough: the outermost goes, and no other is tried.
		for j := range s.stack[:i+1] {
			if k := s.stack[j].kind; k == oJSXTag || k == oJSXBody {
				b = s.stack[j].before
				break
			}
		}
	}
	s.toks, s.comments, s.stack = s.toks[:b.toks], s.comments[:b.comments], s.stack[:b.stack]
	s.line, s.nl, s.lost = b.line, b.nl, b.lost
	s.notJSX[b.pos] = true
	s.seek(b.pos + 1)
	if o := s.top(); o != nil && o.kind == oJSXBody {
		s.lost = true
		return
	}
	s.emit(js.LtToken, b.pos, b.pos+1)
}

func (s *scanner) has(pos int, text string) bool {
	return bytes.HasPrefix(s.src[pos:s.to], []byte(text))
}

//go:noinline
func (s *scanner) countIn(pos, end int) {
	s.line += int32(bytes.Count(s.src[pos:end], []byte("\n")))
}

// typeArguments is the length of a balanced <…> at the beginning of b, 0 if there is none.
func typeArguments(b []byte) int {
	depth := 0
	for i, c := range b {
		switch c {
		case '<':
			depth++
		case '>':
			if depth--; depth == 0 {
				return i + 1
			}
		case ';':
			return 0
		}
	}
	return 0
}
