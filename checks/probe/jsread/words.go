package jsread

import (
	"strings"

	"github.com/tdewolff/parse/v2/js"

	"badsig/checks/affix"
)

// Rules of this file:
//   - a word is a token of the code; comments are none, and a string is one word that isn't a name
//   - a question about words is a sequence of them, so newlines and spaces make no difference

// Word is one token: a name, a mark, or a string without its quotes.
type Word struct {
	Text   string
	Line   int
	String bool // a string, or a piece of a template
	Edge   bool // it is at its line's beginning

	Pattern string // the regular expression after it
}

// maxWords bounds the words that are kept of one file: of some thousands of lines.
const maxWords = 60_000

// Words gives the tokens of a source text.
func Words(name string, src []byte) []Word {
	src = src[:min(len(src), maxSource)]
	s := newScanner(src)
	func() {
		defer func() { _ = recover() }() // a fault of this package costs the rest of one file, never the program
		for _, b := range blocks(name, src) {
			s.scan(b)
		}
	}()
	all := string(src)
	out := make([]Word, 0, min(len(s.toks), maxWords))
	for _, t := range s.toks {
		if len(out) == maxWords {
			break
		}
		if t.pos < 0 || int(t.end) > len(all) || t.pos >= t.end {
			continue
		}
		w := Word{Text: all[t.pos:t.end], Line: int(t.line), Edge: t.pos == 0 || all[t.pos-1] == '\n' || all[t.pos-1] == '\r'}
		switch t.tt {
		case js.RegExpToken:
			if len(out) > 0 {
				out[len(out)-1].Pattern = w.Text
			}
			continue
		case js.StringToken, js.TemplateToken, js.TemplateStartToken, js.TemplateMiddleToken, js.TemplateEndToken, tokJSXString:
			w.String, w.Text = true, strings.Trim(w.Text, "`'\"${}")
		}
		out = append(out, w)
	}
	return out
}

// Follows reports whether the words from i on are these, which spaces separate. A
// word that begins with a quote means a string; ?. counts as a dot.
//
//go:noinline
func Follows(ws []Word, i int, these string) bool {
	for more := true; more; i++ {
		var want string
		if want, these, more = affix.Cut(these, " "); i < 0 || i >= len(ws) {
			return false
		}
		w := &ws[i]
		text, quoted := affix.CutPrefix(want, "'")
		if w.String != quoted || w.Text != text && (text != "." || w.Text != "?.") {
			return false
		}
	}
	return true
}

// Holds reports whether these words are anywhere, one after another.
//
//go:noinline
func Holds(ws []Word, these string) bool {
	for i := range ws {
		if Follows(ws, i, these) {
			return true
		}
	}
	return false
}

// Mentions reports whether a name or a string contains a string.
func Mentions(ws []Word, text string) bool {
	return affix.Any(ws, func(w Word) bool { return affix.Contains(w.Text, text) })
}
