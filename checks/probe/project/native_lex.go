package project

import (
	"path"
	"strings"

	"badsig/checks/probe/files"
	"badsig/checks/probe/project/picture"
)

// Rules of this file:
//   - Dart, Swift, Kotlin, Java and C# become words, texts and marks; comments are passed over
//   - a text keeps what is put into it apart from what is written in it
//   - time is linear in the source; what is not closed ends with the file

const maxNativeTokens = 200_000

// lexNative reads a source's tokens.
func lexNative(f *files.File) *picture.NativeSource {
	s := &picture.NativeSource{Rel: f.Rel, Ext: path.Ext(f.Rel), File: f}
	src, line := string(f.Src), 1
	for i := 0; i < len(src) && len(s.Toks) < maxNativeTokens; {
		c := src[i]
		switch {
		case c == '\n':
			line++
			i++
		case c == ' ' || c == '\t' || c == '\r':
			i++
		case strings.HasPrefix(src[i:], "//"):
			for i < len(src) && src[i] != '\n' {
				i++
			}
		case strings.HasPrefix(src[i:], "/*"):
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
		case picture.WordByte(c):
			j := i
			for j < len(src) && (picture.WordByte(src[j]) || src[j] >= '0' && src[j] <= '9') {
				j++
			}
			s.Toks = append(s.Toks, picture.NativeToken{Kind: 'w', Text: src[i:j], Line: line})
			i = j
		case c >= '0' && c <= '9':
			j := i
			for j < len(src) && (picture.WordByte(src[j]) || src[j] >= '0' && src[j] <= '9') {
				j++
			}
			s.Toks = append(s.Toks, picture.NativeToken{Kind: 'n', Text: src[i:j], Line: line})
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
			s.Toks = append(s.Toks, picture.NativeToken{Kind: 'p', Text: src[i : i+1], Line: line})
			i++
		}
	}
	return s
}
