package jsread

import (
	"bytes"
	"unicode/utf8"

	"github.com/tdewolff/parse/v2"
	"github.com/tdewolff/parse/v2/js"
)

// Rules of this file:
//   - the library's lexer reads single tokens; what depends on more than one token (a regular expression or a division,
//     a template's holes, JSX) is decided here, from the token before and the stack of what is open
//   - a guess that turns out wrong is undone, and the bytes wasted so are bounded by a multiple of the file
//   - the lexer is not given what it would reject: each of its errors counts lines from the beginning of the source, so that
//    a file full of them would take quadratic time. Strings, numbers and regular expressions are therefore read in literal.go

// Kinds of token beside the lexer's own.
const (
	tokJSXOpen   js.TokenType = 0x4000 + iota // <Name: the name
	tokJSXAttr                                // name
	tokJSXString                              // its text, without quotes
	tokJSXClose                               // the element's end; match of its tokJSXOpen
	tokAt                                     // @, a decorator
)

// token is one significant token.
type token struct {
	tt       js.TokenType
	nl       bool // a newline is before it
	block    bool // a bracket of if (…), for (…), or of a block
	pos, end int32
	line     int32
	match    int32 // the other bracket's index; for what is left open, where it must end; -1 for a stray one
}

// open is one thing that is open.
type open struct {
	kind   openKind
	block  bool      // paren: of if, for, while, with; brace: a block rather than an object
	tok    int32     // its token
	before *snapshot // jsxTag, jsxBody: the state before the <
}

type openKind uint8

const (
	oParen openKind = iota
	oBracket
	oBrace
	oHole    // ${ … } of a template
	oJSXTag  // between <Name and >
	oJSXBody // between <Name> and </Name>
)

// snapshot is what a wrong guess goes back to.
type snapshot struct {
	pos, toks, comments, stack int
	line                       int32
	nl, lost                   bool
}

type scanner struct {
	src      []byte
	in       *parse.Input
	lx       *js.Lexer
	to       int
	toks     []token
	stack    []open
	comments []Comment
	line     int32
	nl       bool
	ts, jsx  bool
	lost     bool
	full     bool         // there are more tokens than are read
	waste    int          // bytes that may still be read in vain
	notJSX   map[int]bool // offsets of < where the guess was wrong
}

func newScanner(src []byte) *scanner {
	// The lexer wants one byte after the source, and must not write into the caller's.
	buf := make([]byte, len(src), len(src)+8)
	copy(buf, src)
	return &scanner{src: buf, toks: make([]token, 0, len(src)/6+16), waste: 4*len(src) + 4096, notJSX: map[int]bool{}}
}

// maxTokens bounds what is read of one file: a megabyte of a program has fewer.
const maxTokens = 150_000

// maxOpen bounds how deep what is read of one file is nested: what people write isn't a hundredth as deep.
const maxOpen = 50_000

// scan reads one block and closes what it left open.
func (s *scanner) scan(b block) {
	s.to, s.line, s.nl, s.ts, s.jsx = b.to, int32(b.line), true, s.ts || b.ts, b.jsx
	s.in = parse.NewInputBytes(s.src[:b.to])
	defer s.in.Restore()
	s.lx = js.NewLexer(s.in)
	s.seek(b.from)
	for {
		if s.step() {
			continue
		}
		if i := s.innermostJSX(); i >= 0 && !s.full {
			s.takeBack(i)
			continue
		}
		break
	}
	if len(s.stack) > 0 {
		s.lost = true
	}
	for _, o := range s.stack {
		s.toks[o.tok].match = int32(len(s.toks))
	}
	s.stack = s.stack[:0]
	s.emit(js.SemicolonToken, b.to, b.to)
}

func (s *scanner) at() int { return s.in.Offset() }

func (s *scanner) seek(pos int) {
	s.in.Move(pos - s.in.Offset())
	s.in.Skip()
}

//go:noinline
func (s *scanner) emit(tt js.TokenType, pos, end int) int32 {
	if most := min(maxTokens, len(s.src)) + 16; len(s.toks) == cap(s.toks) && len(s.toks) < most {
		s.toks = append(make([]token, 0, most), s.toks...) // in one step: each leaves the one before as garbage
	}
	s.toks = append(s.toks, token{tt: tt, nl: s.nl, pos: int32(pos), end: int32(end), line: s.line, match: -1})
	s.nl = false
	return int32(len(s.toks) - 1)
}

func (s *scanner) top() *open {
	if len(s.stack) == 0 {
		return nil
	}
	return &s.stack[len(s.stack)-1]
}

func (s *scanner) push(k openKind, tok int32) *open {
	s.stack = append(s.stack, open{kind: k, tok: tok})
	return s.top()
}

// step reads one token; false at the end.
func (s *scanner) step() bool {
	pos := s.at()
	if s.full = s.full || len(s.toks) >= maxTokens || len(s.stack) >= maxOpen; pos >= s.to || s.full {
		return false
	}
	if o := s.top(); o != nil && (o.kind == oJSXTag || o.kind == oJSXBody) {
		if !s.jsxStep(o) {
			s.takeBack(s.innermostJSX())
		}
		return true
	}
	switch c := s.src[pos]; c {
	case '`':
		s.template(pos, true)
		return true
	case '@':
		s.emit(tokAt, pos, pos+1)
		s.seek(pos + 1)
		return true
	case '}':
		s.closeBrace(pos)
		return true
	case '"', '\'':
		s.text(pos, c)
		return true
	case '/':
		if next := s.byteAt(pos + 1); next != '/' && next != '*' && s.operandNext() && s.regexp(pos) {
			return true
		}
	case '<':
		if s.jsx && s.operandNext() && s.jsxBegins(pos) {
			return true
		}
	default:
		if c >= '0' && c <= '9' || c == '.' && isDigit(s.byteAt(pos+1)) {
			s.number(pos)
			return true
		}
		if !s.readable(pos, c) {
			s.lost = true
			_, n := utf8.DecodeRune(s.src[pos:s.to])
			s.seek(pos + n)
			return true
		}
	}
	s.in.Skip()
	tt, _ := s.lx.Next()
	if s.at() <= pos {
		s.seek(pos + 1)
	}
	if s.at() > s.to {
		s.seek(s.to)
	}
	s.take(tt, pos, s.at())
	return true
}

// take files what the lexer gave.
func (s *scanner) take(tt js.TokenType, pos, end int) {
	switch tt {
	case js.WhitespaceToken:
	case js.LineTerminatorToken:
		s.nl = true
		s.countLines(pos, end)
	case js.CommentToken, js.CommentLineTerminatorToken:
		s.comment(pos, end)
		if tt == js.CommentLineTerminatorToken {
			s.nl = true
		}
		s.countLines(pos, end)
	case js.OpenParenToken:
		block := false
		if n := len(s.toks); n > 0 && !s.afterDot(n-1) {
			switch s.toks[n-1].tt {
			case js.IfToken, js.WhileToken, js.ForToken, js.WithToken:
				block = true
			case js.AwaitToken: // for await (
				block = n > 1 && s.toks[n-2].tt == js.ForToken
			}
		}
		s.push(oParen, s.emit(tt, pos, end)).block = block
	case js.OpenBracketToken:
		s.push(oBracket, s.emit(tt, pos, end))
	case js.OpenBraceToken:
		block := s.blockNext()
		s.push(oBrace, s.emit(tt, pos, end)).block = block
	case js.CloseParenToken:
		s.closeTo(oParen, tt, pos, end)
	case js.CloseBracketToken:
		s.closeTo(oBracket, tt, pos, end)
	case js.ErrorToken:
		// A comment that never ends hides the rest, as it does from the engine.
		s.lost = true
		s.comment(pos, end)
		s.countLines(pos, end)
	default:
		s.emit(tt, pos, end)
	}
}

func (s *scanner) countLines(pos, end int) {
	b := s.src[pos:end]
	if len(b) == 1 || len(b) == 2 && b[0] == '\r' {
		s.line++
		return
	}
	n := bytes.Count(b, []byte("\n"))
	if n == 0 {
		n = bytes.Count(b, []byte("\r"))
	}
	s.line += int32(n)
}
