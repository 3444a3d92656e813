package picture

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/probe/files"
)

// NativeToken is one word, text or mark.
type NativeToken struct {
	Kind  byte // w word, s text, n number, p mark
	Text  string
	Line  int
	Parts []nativePart // of a string
}

// nativePart is a piece of a string: written, or put in.
type nativePart struct {
	Text string
	Hole bool // text is what is put in: a path of names, or "" for more than that
}

// NativeSource is one file of a phone's app.
type NativeSource struct {
	Rel, Ext string
	Toks     []NativeToken
	File     *files.File
	Full     bool // there is more in it than is read
}

func WordByte(c byte) bool {
	return c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z' || c >= 0x80
}

func (s *NativeSource) CommentEnd(src string, i int) int {
	depth := 0
	nests := s.Ext == ".swift" || s.Ext == ".kt" || s.Ext == ".dart"
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

// Opens tells whether a string begins here.
func (s *NativeSource) Opens(src string, i int) bool {
	c, rest := src[i], src[i+1:]
	if c == '"' || c == '\'' && s.Ext == ".dart" {
		return true
	}
	starts := func(marks ...string) bool {
		for _, m := range marks {
			if affix.HasPrefix(rest, m) {
				return true
			}
		}
		return false
	}
	switch {
	case c == 'r' && s.Ext == ".dart":
		return starts("'", `"`)
	case (c == '@' || c == '$') && s.Ext == ".cs":
		return starts(`"`, `@"`, `$"`)
	case c == '#' && s.Ext == ".swift":
		return starts(`"`)
	}
	return false
}

// Text reads one text from its opening.
func (s *NativeSource) Text(src string, i int) (NativeToken, int) {
	raw, fills := false, s.Ext == ".dart" || s.Ext == ".swift" || s.Ext == ".kt"
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
	if affix.HasPrefix(src[i:], strings.Repeat(mark, 3)) {
		mark = strings.Repeat(mark, 3)
	}
	i += len(mark)
	t := NativeToken{Kind: 's'}
	var b strings.Builder
	flush := func() {
		if b.Len() > 0 {
			t.Parts = append(t.Parts, nativePart{Text: b.String()})
			b.Reset()
		}
	}
	for i < len(src) {
		c := src[i]
		switch {
		case affix.HasPrefix(src[i:], mark):
			flush()
			i += len(mark)
			if raw && s.Ext == ".swift" && i < len(src) && src[i] == '#' {
				i++
			}
			t.Text = t.plain()
			return t, i
		case c == '\n' && len(mark) == 1 && !raw: // not closed on its line
			flush()
			t.Text = t.plain()
			return t, i
		case fills && s.Ext == ".swift" && c == '\\' && affix.HasPrefix(src[i:], `\(`):
			flush()
			inner, end := bracketed(src, i+1)
			t.Parts = append(t.Parts, nativePart{pathOnly(inner), true})
			i = end
		case c == '\\' && !raw && i+1 < len(src):
			b.WriteString(map[byte]string{'n': "\n", 't': "\t", 'r': "\r"}[src[i+1]])
			if strings.IndexByte("ntr", src[i+1]) < 0 {
				b.WriteByte(src[i+1])
			}
			i += 2
		case fills && s.Ext != ".swift" && s.Ext != ".cs" && c == '$' && i+1 < len(src) && src[i+1] == '{':
			flush()
			inner, end := bracketed(src, i+1)
			t.Parts = append(t.Parts, nativePart{pathOnly(inner), true})
			i = end
		case fills && s.Ext != ".swift" && s.Ext != ".cs" && c == '$' && i+1 < len(src) && WordByte(src[i+1]):
			flush()
			j := i + 1
			for j < len(src) && (WordByte(src[j]) || src[j] >= '0' && src[j] <= '9') {
				j++
			}
			t.Parts = append(t.Parts, nativePart{src[i+1 : j], true})
			i = j
		case fills && s.Ext == ".cs" && c == '{' && !affix.HasPrefix(src[i:], "{{"):
			flush()
			inner, end := bracketed(src, i)
			t.Parts = append(t.Parts, nativePart{pathOnly(inner), true})
			i = end
		default:
			b.WriteByte(c)
			i++
		}
	}
	flush()
	t.Text = t.plain()
	return t, len(src)
}

// plain is a string without what is put into it.
func (t NativeToken) plain() string {
	var b strings.Builder
	for _, p := range t.Parts {
		if !p.Hole {
			b.WriteString(p.Text)
		}
	}
	return b.String()
}

// Whole tells a string into which nothing is put.
func (t NativeToken) Whole() bool {
	return t.Kind == 's' && (len(t.Parts) == 0 || len(t.Parts) == 1 && !t.Parts[0].Hole)
}

// bracketed gives what is in the brackets at i, and where they end.
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

// pathOnly keeps a path of names, perhaps with one key in brackets
// (dotenv.env[BASE_URL], without its quotes), and gives "" for anything else.
func pathOnly(s string) string {
	s = strings.TrimSpace(strings.NewReplacer("!!", "", "?", "", "!", "").Replace(s))
	if outer, key, ok := affix.Cut(s, "["); ok {
		key, ok = strings.CutSuffix(key, "]")
		if key = strings.Trim(key, `'"`); ok && pathOnly(outer) != "" && pathOnly(key) != "" && !affix.Contains(key, ".") {
			return outer + "[" + key + "]"
		}
		return ""
	}
	for i := range len(s) {
		if !WordByte(s[i]) && s[i] != '.' && (s[i] < '0' || s[i] > '9') {
			return ""
		}
	}
	return s
}
