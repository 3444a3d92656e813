package jsread

import (
	"bytes"

	"github.com/tdewolff/parse/v2/js"
)

// What a character means where it depends on what stood before.

// operandNext tells whether a value may begin here: then / begins a regular
// expression and < an element.
func (s *scanner) operandNext() bool {
	n := len(s.toks)
	if n == 0 {
		return true
	}
	t := s.toks[n-1]
	switch t.tt {
	case js.StringToken, js.TemplateToken, js.TemplateEndToken, js.RegExpToken, js.PrivateIdentifierToken,
		js.CloseBracketToken, js.IncrToken, js.DecrToken, tokJSXClose, tokJSXString, tokJSXAttr,
		js.ThisToken, js.SuperToken, js.NullToken, js.TrueToken, js.FalseToken:
		return false
	case js.CloseParenToken, js.CloseBraceToken:
		return t.block
	}
	if js.IsNumeric(t.tt) || js.IsIdentifier(t.tt) {
		return false
	}
	if js.IsReservedWord(t.tt) {
		return !s.afterDot(n - 1)
	}
	return true
}

// afterDot tells whether token i is the name of a member.
func (s *scanner) afterDot(i int) bool {
	return i > 0 && (s.toks[i-1].tt == js.DotToken || s.toks[i-1].tt == js.OptChainToken)
}

// blockNext tells whether a { here begins a block or body rather than an object.
func (s *scanner) blockNext() bool {
	n := len(s.toks)
	if n == 0 {
		return true
	}
	switch t := s.toks[n-1]; t.tt {
	case js.CloseParenToken, js.ArrowToken, js.SemicolonToken, js.OpenBraceToken,
		js.ElseToken, js.DoToken, js.TryToken, js.FinallyToken, js.CatchToken:
		return true
	case js.CloseBraceToken:
		return t.block
	default:
		return js.IsIdentifier(t.tt)
	}
}

// template reads a template's text from a backtick, or from the } of a hole,
// up to the next hole or the closing backtick.
func (s *scanner) template(pos int, begin bool) {
	i := pos + 1
	for i < s.to {
		switch s.src[i] {
		case '\\':
			i++
		case '`':
			s.templateEnd(pos, i+1, begin)
			return
		case '$':
			if i+1 < s.to && s.src[i+1] == '{' {
				s.templateHole(pos, i+2, begin)
				return
			}
		}
		i++
	}
	// Never closed: the string is given up, and reading goes on after the line.
	s.lost = true
	s.waste -= i - pos
	next := s.to
	if nl := bytes.IndexByte(s.src[pos+1:s.to], '\n'); nl >= 0 && s.waste > 0 {
		next = pos + 1 + nl
	}
	if !begin {
		o := s.top()
		s.toks[o.tok].match = int32(len(s.toks))
		s.stack = s.stack[:len(s.stack)-1]
	}
	s.emit(js.SemicolonToken, pos, pos)
	s.seek(next)
}

func (s *scanner) templateEnd(pos, end int, begin bool) {
	s.seek(end)
	if begin {
		s.emit(js.TemplateToken, pos, end)
	} else {
		at := s.emit(js.TemplateEndToken, pos, end)
		o := s.top()
		s.toks[o.tok].match = at
		s.stack = s.stack[:len(s.stack)-1]
	}
	s.templateLines(pos, end)
}

func (s *scanner) templateHole(pos, end int, begin bool) {
	s.seek(end)
	if begin {
		s.push(oHole, s.emit(js.TemplateStartToken, pos, end))
	} else {
		at := s.emit(js.TemplateMiddleToken, pos, end)
		o := s.top()
		s.toks[o.tok].match = at
		o.tok = at
	}
	s.templateLines(pos, end)
}

func (s *scanner) templateLines(pos, end int) {
	s.line += int32(bytes.Count(s.src[pos:end], []byte("\n")))
}
