package project

import (
	"path"
	"strings"

	"badsig/checks/probe/files"
)

// Rules of this file:
//   - Dart, Swift, Kotlin, Java and C# become words, texts and marks; comments are passed over
//   - a text keeps what is put into it apart from what is written in it
//   - time is linear in the source; what is not closed ends with the file

// nativeToken is one word, text or mark.
type nativeToken struct {
	kind  byte // w word, s text, n number, p mark
	text  string
	line  int
	parts []nativePart // of a text
}

// nativePart is a piece of a text: written, or put in.
type nativePart struct {
	text string
	hole bool // text is what is put in: a path of names, or "" for more than that
}

// nativeSource is one file of a phone's app.
type nativeSource struct {
	rel, ext string
	toks     []nativeToken
	file     *files.File
}

const maxNativeTokens = 200_000

// lexNative reads a source's tokens.
func lexNative(f *files.File) *nativeSource {
	s := &nativeSource{rel: f.Rel, ext: path.Ext(f.Rel), file: f}
	src, line := string(f.Src), 1
	for i := 0; i < len(src) && len(s.toks) < maxNativeTokens; {
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
			end := s.commentEnd(src, i)
			line += strings.Count(src[i:end], "\n")
			i = end
		case c == '#' && s.ext == ".cs": // a directive
			for i < len(src) && src[i] != '\n' {
				i++
			}
		case s.opens(src, i):
			t, end := s.text(src, i)
			t.line = line
			line += strings.Count(src[i:end], "\n")
			i = end
			s.toks = append(s.toks, t)
		case wordByte(c):
			j := i
			for j < len(src) && (wordByte(src[j]) || src[j] >= '0' && src[j] <= '9') {
				j++
			}
			s.toks = append(s.toks, nativeToken{kind: 'w', text: src[i:j], line: line})
			i = j
		case c >= '0' && c <= '9':
			j := i
			for j < len(src) && (wordByte(src[j]) || src[j] >= '0' && src[j] <= '9') {
				j++
			}
			s.toks = append(s.toks, nativeToken{kind: 'n', text: src[i:j], line: line})
			i = j
		case c == '\'' && s.ext != ".dart": // a character
			j := i + 1
			for j < len(src) && src[j] != '\'' && src[j] != '\n' {
				if src[j] == '\\' {
					j++
				}
				j++
			}
			i = min(j+1, len(src))
		default:
			s.toks = append(s.toks, nativeToken{kind: 'p', text: src[i : i+1], line: line})
			i++
		}
	}
	return s
}

func wordByte(c byte) bool {
	return c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z' || c >= 0x80
}

func (s *nativeSource) commentEnd(src string, i int) int {
	depth := 0
	nests := s.ext == ".swift" || s.ext == ".kt" || s.ext == ".dart"
	for ; i+1 < len(src); i++ {
		switch {
		case src[i] == '/' && src[i+1] == '*':
			if depth == 0 || nests {
				depth++
			}
			i++
		case src[i] == '*' && src[i+1] == '/':
			depth--
			i++
			if depth == 0 {
				return i + 1
			}
		}
	}
	return len(src)
}

// opens tells whether a text begins here.
func (s *nativeSource) opens(src string, i int) bool {
	c, rest := src[i], src[i+1:]
	if c == '"' || c == '\'' && s.ext == ".dart" {
		return true
	}
	starts := func(marks ...string) bool {
		for _, m := range marks {
			if strings.HasPrefix(rest, m) {
				return true
			}
		}
		return false
	}
	switch {
	case c == 'r' && s.ext == ".dart":
		return starts("'", `"`)
	case (c == '@' || c == '$') && s.ext == ".cs":
		return starts(`"`, `@"`, `$"`)
	case c == '#' && s.ext == ".swift":
		return starts(`"`)
	}
	return false
}

// text reads one text from its opening.
func (s *nativeSource) text(src string, i int) (nativeToken, int) {
	raw, fills := false, s.ext == ".dart" || s.ext == ".swift" || s.ext == ".kt"
	for src[i] != '"' && src[i] != '\'' {
		switch src[i] {
		case 'r', '@', '#':
			raw = true
			fills = fills && src[i] != 'r'
		case '$':
			fills = true
		}
		i++
	}
	mark := src[i : i+1]
	if strings.HasPrefix(src[i:], strings.Repeat(mark, 3)) {
		mark = strings.Repeat(mark, 3)
	}
	i += len(mark)
	t := nativeToken{kind: 's'}
	var b strings.Builder
	flush := func() {
		if b.Len() > 0 {
			t.parts = append(t.parts, nativePart{text: b.String()})
			b.Reset()
		}
	}
	for i < len(src) {
		c := src[i]
		switch {
		case strings.HasPrefix(src[i:], mark):
			flush()
			i += len(mark)
			if raw && s.ext == ".swift" && i < len(src) && src[i] == '#' {
				i++
			}
			t.text = t.plain()
			return t, i
		case c == '\n' && len(mark) == 1 && !raw: // not closed on its line
			flush()
			t.text = t.plain()
			return t, i
		case fills && s.ext == ".swift" && c == '\\' && strings.HasPrefix(src[i:], `\(`):
			flush()
			inner, end := bracketed(src, i+1)
			t.parts = append(t.parts, nativePart{pathOnly(inner), true})
			i = end
		case c == '\\' && !raw && i+1 < len(src):
			b.WriteString(map[byte]string{'n': "\n", 't': "\t", 'r': "\r"}[src[i+1]])
			if strings.IndexByte("ntr", src[i+1]) < 0 {
				b.WriteByte(src[i+1])
			}
			i += 2
		case fills && s.ext != ".swift" && s.ext != ".cs" && c == '$' && i+1 < len(src) && src[i+1] == '{':
			flush()
			inner, end := bracketed(src, i+1)
			t.parts = append(t.parts, nativePart{pathOnly(inner), true})
			i = end
		case fills && s.ext != ".swift" && s.ext != ".cs" && c == '$' && i+1 < len(src) && wordByte(src[i+1]):
			flush()
			j := i + 1
			for j < len(src) && (wordByte(src[j]) || src[j] >= '0' && src[j] <= '9') {
				j++
			}
			t.parts = append(t.parts, nativePart{src[i+1 : j], true})
			i = j
		case fills && s.ext == ".cs" && c == '{' && !strings.HasPrefix(src[i:], "{{"):
			flush()
			inner, end := bracketed(src, i)
			t.parts = append(t.parts, nativePart{pathOnly(inner), true})
			i = end
		default:
			b.WriteByte(c)
			i++
		}
	}
	flush()
	t.text = t.plain()
	return t, len(src)
}

// plain is a text without what is put into it.
func (t nativeToken) plain() string {
	var b strings.Builder
	for _, p := range t.parts {
		if !p.hole {
			b.WriteString(p.text)
		}
	}
	return b.String()
}

// whole tells a text into which nothing is put.
func (t nativeToken) whole() bool {
	return t.kind == 's' && (len(t.parts) == 0 || len(t.parts) == 1 && !t.parts[0].hole)
}

// bracketed gives what stands in the brackets at i, and where they end.
func bracketed(src string, i int) (string, int) {
	depth := 0
	for j := i; j < len(src) && j < i+2000; j++ {
		switch src[j] {
		case '(', '{', '[':
			depth++
		case ')', '}', ']':
			if depth--; depth == 0 {
				return src[i+1 : j], j + 1
			}
		case '\n':
			return "", j
		}
	}
	return "", min(i+1, len(src))
}

// pathOnly keeps a path of names, and gives "" for anything else.
func pathOnly(s string) string {
	s = strings.TrimSpace(strings.NewReplacer("!!", "", "?", "", "!", "").Replace(s))
	for i := range len(s) {
		if !wordByte(s[i]) && s[i] != '.' && (s[i] < '0' || s[i] > '9') {
			return ""
		}
	}
	return s
}
