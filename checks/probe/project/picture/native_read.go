package picture

import (
	"bytes"
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/probe/files"
)

// Rules of this file:
//   - Dart, Swift, Kotlin, Java and C# become words, strings and marks; comments are passed over
//   - a string keeps what is put into it apart from what is written in it
//   - time is linear in the source; what is not closed ends with the file

const maxNativeTokens = 100_000

// LexNative reads a source's tokens.
func LexNative(f *files.File) *NativeSource {
	s := &NativeSource{Rel: f.Rel, Ext: affix.Ext(f.Rel), File: f}
	src, line := string(f.Src), 1
	for i := 0; i < len(src) && len(s.Toks) < maxNativeTokens; {
		if n := len(s.Toks); n == cap(s.Toks) && n >= maxNativeTokens/16 {
			s.Toks = append(make([]NativeToken, 0, maxNativeTokens), s.Toks...) // in one step: each leaves the one before as garbage
		}
		c := src[i]
		switch {
		case c == '\n':
			line++
			i++
		case c == ' ' || c == '\t' || c == '\r':
			i++
		case affix.HasPrefix(src[i:], "//"):
			for i < len(src) && src[i] != '\n' {
				i++
			}
		case affix.HasPrefix(src[i:], "/*"):
			end := s.CommentEnd(src, i)
			line += strings.Count(src[i:end], "\n")
			i = end
		case c == '#' && s.Ext == ".cs": // a directive
			for i < len(src) && src[i] != '\n' {
				i++
			}
		case s.Opens(src, i):
			t, end := s.Text(src, i)
			t.Line = line
			line += strings.Count(src[i:end], "\n")
			i = end
			s.Toks = append(s.Toks, t)
		case WordByte(c):
			j := i
			for j < len(src) && (WordByte(src[j]) || src[j] >= '0' && src[j] <= '9') {
				j++
			}
			s.Toks = append(s.Toks, NativeToken{Kind: 'w', Text: src[i:j], Line: line})
			i = j
		case c >= '0' && c <= '9':
			j := i
			for j < len(src) && (WordByte(src[j]) || src[j] >= '0' && src[j] <= '9') {
				j++
			}
			s.Toks = append(s.Toks, NativeToken{Kind: 'n', Text: src[i:j], Line: line})
			i = j
		case c == '\'' && s.Ext != ".dart": // a character
			j := i + 1
			for j < len(src) && src[j] != '\'' && src[j] != '\n' {
				if src[j] == '\\' {
					j++
				}
				j++
			}
			i = min(j+1, len(src))
		default:
			s.Toks = append(s.Toks, NativeToken{Kind: 'p', Text: src[i : i+1], Line: line})
			i++
		}
	}
	s.Full = len(s.Toks) >= maxNativeTokens
	return s
}

// Imports reports whether a source imports a package whose name begins with one of these.
func Imports(f *files.File, begins ...string) bool {
	if !affix.Any(begins, func(b string) bool { return bytes.Contains(f.Src, []byte(b)) }) {
		return false // which spares reading it
	}
	toks := LexNative(f).Toks
	for i, t := range toks {
		if t.Kind != 'w' || t.Text != "import" && t.Text != "using" {
			continue
		}
		name := ""
		for _, x := range toks[i+1:] {
			if x.Line != t.Line || x.Text == ";" {
				break
			}
			if name += x.Text; x.Text == "static" || x.Text == "global" {
				name = ""
			}
		}
		if affix.Any(begins, func(b string) bool { return affix.HasPrefix(name, affix.TrimSuffix(b, ".")) }) {
			return true
		}
	}
	return false
}

// Says reports whether a source has these words, marks and strings, one after another.
func (s *NativeSource) Says(these ...string) bool {
	for i := 0; i+len(these) <= len(s.Toks); i++ {
		if slices.EqualFunc(these, s.Toks[i:i+len(these)], func(want string, t NativeToken) bool { return t.Text == want }) {
			return true
		}
	}
	return false
}

// ReadGradle reads a build file: in Kotlin, or in Groovy, whose strings are Dart's.
func ReadGradle(f *files.File) *NativeSource {
	as := *f
	if as.Rel = "build.dart"; affix.HasSuffix(f.Rel, ".kts") {
		as.Rel = "build.kt"
	}
	return LexNative(&as)
}
