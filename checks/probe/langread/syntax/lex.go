package syntax

import (
	"strings"

	"badsig/checks/affix"
)

type tokenKind uint8

const (
	tokEOF tokenKind = iota
	tokName
	tokString
	tokNumber
	tokPunct
)

// token is one piece of source that means something.
type token struct {
	kind  tokenKind
	first bool // it is the first of its line
	space bool // white space is before it
	holes bool // a string with parts that are put in when the program runs
	line  int32
	text  string // of a string: what the program gets
	hole  string // what is put in, where the string is nothing else
	col   int32  // of its first byte in the line, from 0
	off   int32
	end   int32
	match int32 // of a bracket: the index of its partner; -1 for none
}

// maxTokens bounds what is read of one file: one of some seven thousand lines.
const maxTokens = 72_000

type lexer struct {
	src    string
	lang   *Language
	pos    int
	line   int
	start  int // offset of the line's first byte
	first  bool
	space  bool
	toks   []token
	heredo []heredoc // Ruby's, whose text begins on the next line
}

type heredoc struct {
	token int // index of the token that it fills
	end   string
	plain bool
}

// lex cuts a file into tokens. Comments leave no trace.
func lex(src string, l *Language) []token {
	x := &lexer{src: affix.TrimPrefix(src, "\uFEFF"), lang: l, line: 1, first: true}
	if l.Family == FamPHP {
		x.skipHTML()
	}
	for x.pos < len(x.src) && len(x.toks) < maxTokens {
		x.next()
	}
	x.put(tokEOF, "", x.pos)
	pairBrackets(x.toks)
	return x.toks
}

// Words gives a file's words, with their lines; text is true for a string.
func Words(src string, l *Language, do func(line int, word string, text bool)) {
	for _, t := range lex(src, l) {
		if t.kind != tokEOF {
			do(int(t.line), t.text, t.kind == tokString)
		}
	}
}

func (x *lexer) put(k tokenKind, text string, from int) *token {
	x.add(token{kind: k, text: text, line: int32(x.line), col: int32(from - x.start), first: x.first, space: x.space, off: int32(from)})
	x.first, x.space = false, false
	return &x.toks[len(x.toks)-1]
}

// add puts a token at the end, in no more room than all that is read may need.
//
//go:noinline
func (x *lexer) add(t token) {
	if n := len(x.toks); n == cap(x.toks) && n > maxTokens/4 {
		x.toks = append(make([]token, 0, max(n+n/8, min(2*n, maxTokens))+8), x.toks...)
	}
	t.end, t.match = int32(x.pos), -1
	x.toks = append(x.toks, t)
}

func (x *lexer) newline() {
	x.line++
	x.start = x.pos
	x.first, x.space = true, true
	if len(x.heredo) > 0 {
		x.heredocs()
	}
}

func (x *lexer) at(s string) bool { return affix.HasPrefix(x.src[x.pos:], s) }

func (x *lexer) next() {
	c := x.src[x.pos]
	switch {
	case c == '\n':
		x.pos++
		x.newline()
	case c == ' ' || c == '\t' || c == '\r' || c == '\f':
		x.pos++
		x.space = true
	case c == '\\' && (x.lang.Family == FamPython || x.lang.Family == FamRuby) && x.joinsLines():
	case x.comment(c):
	case x.text(c):
	case c >= '0' && c <= '9':
		x.number()
	case isNameStart(c, x.lang.Family):
		x.name()
	default:
		x.punct()
	}
}

// joinsLines reads a backslash at the end of a line: the next line belongs to it.
func (x *lexer) joinsLines() bool {
	rest := affix.TrimPrefix(x.src[x.pos+1:], "\r")
	if !affix.HasPrefix(rest, "\n") {
		return false
	}
	x.pos = len(x.src) - len(rest) + 1
	first := x.first
	x.line++
	x.start = x.pos
	x.first, x.space = first, true
	return true
}

// comment skips a comment, and what else isn't code.
func (x *lexer) comment(c byte) bool {
	switch x.lang.Family {
	case FamPython:
		if c == '#' {
			x.toLineEnd()
			return true
		}
	case FamRuby:
		switch {
		case c == '#':
			x.toLineEnd()
			return true
		case x.pos == x.start && x.at("=begin"):
			x.skipTo("\n=end")
			x.toLineEnd()
			return true
		case x.pos == x.start && x.at("__END__"):
			x.pos = len(x.src)
			return true
		}
	case FamPHP:
		switch {
		case x.at("?>"):
			x.pos += 2
			x.add(token{kind: tokPunct, text: ";", line: int32(x.line), off: int32(x.pos)})
			x.skipHTML()
			return true
		case c == '#' && !x.at("#["), x.at("//"):
			x.toPHPLineEnd()
			return true
		case x.at("/*"):
			x.block()
			return true
		}
	default:
		switch {
		case x.at("//"):
			x.toLineEnd()
			return true
		case x.at("/*"):
			x.block()
			return true
		case c == '#' && x.first && x.lang.Name == CSharp: // #region, #if
			x.toLineEnd()
			return true
		}
	}
	return false
}

func (x *lexer) toLineEnd() {
	if i := strings.IndexByte(x.src[x.pos:], '\n'); i >= 0 {
		x.pos += i
	} else {
		x.pos = len(x.src)
	}
}

// toPHPLineEnd skips a line comment of PHP, which ends at ?> too.
func (x *lexer) toPHPLineEnd() {
	from := x.pos
	x.toLineEnd()
	if i := strings.Index(x.src[from:x.pos], "?>"); i >= 0 {
		x.pos = from + i
	}
}

// skipTo moves past the next occurrence of a string, or to the end.
func (x *lexer) skipTo(s string) {
	i := strings.Index(x.src[x.pos:], s)
	to := len(x.src)
	if i >= 0 {
		to = x.pos + i + len(s)
	}
	x.moveTo(to)
}

// moveTo moves on and counts the lines that are passed.
func (x *lexer) moveTo(to int) {
	for x.pos < to {
		i := strings.IndexByte(x.src[x.pos:to], '\n')
		if i < 0 {
			break
		}
		x.pos += i + 1
		x.line++
		x.start = x.pos
		x.first, x.space = true, true
	}
	x.pos = to
}

func (x *lexer) block() {
	if !x.lang.Nested {
		first := x.first
		x.pos += 2
		x.skipTo("*/")
		x.first, x.space = x.first || first, true
		return
	}
	depth, i := 0, x.pos
	for i < len(x.src) {
		switch {
		case affix.HasPrefix(x.src[i:], "/*"):
			depth++
			i += 2
			continue
		case affix.HasPrefix(x.src[i:], "*/"):
			depth--
			i += 2
			if depth == 0 {
				x.moveTo(i)
				x.space = true
				return
			}
			continue
		}
		i++
	}
	x.moveTo(len(x.src))
}

// skipHTML moves past the next <?php.
func (x *lexer) skipHTML() {
	i := strings.Index(x.src[x.pos:], "<?")
	if i < 0 {
		x.moveTo(len(x.src))
		return
	}
	x.moveTo(x.pos + i)
	x.pos += 2
	if x.at("php") {
		x.pos += 3
	} else if x.at("=") {
		x.pos++
	}
	x.first = true
}
