package jsread

import "github.com/tdewolff/parse/v2/js"

// Code gives a source text with all that is no code, such as comments, texts
// and regular expressions, replaced by spaces. Lines and offsets stay as they are.
func Code(name string, src []byte) []byte {
	src = src[:min(len(src), maxSource)]
	out := make([]byte, len(src))
	for i, c := range src {
		if out[i] = ' '; c == '\n' || c == '\r' {
			out[i] = c
		}
	}
	s := newScanner(src)
	func() {
		defer func() { _ = recover() }() // a fault of this package costs the rest of one file, never the program
		for _, b := range blocks(name, src) {
			s.scan(b)
		}
	}()
	for _, t := range s.toks {
		switch t.tt {
		case js.StringToken, js.TemplateToken, js.TemplateStartToken, js.TemplateMiddleToken, js.TemplateEndToken, js.RegExpToken, tokJSXString:
			continue
		}
		if t.pos >= 0 && t.end <= int32(len(out)) && t.pos < t.end {
			copy(out[t.pos:t.end], src[t.pos:t.end])
		}
	}
	return out
}
