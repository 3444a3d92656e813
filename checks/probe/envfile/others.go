package envfile

import (
	"strings"

	"badsig/checks/affix"
)

// eachLine calls f with every line, \r and all, and the offset of its start.
func (p *parser) eachLine(text string, f func(line string, off int)) {
	p.text = text
	for off := 0; off < len(text); {
		end := endOfLine(text, off)
		f(text[off:end], off)
		off = end + 1
	}
}

func (p *parser) shellWord(s string) (value, rest string, closed bool) {
	var b strings.Builder
	lookup := p.lookup()
	for i := 0; i < len(s); {
		switch c := s[i]; c {
		case ' ', '\t', ';':
			return b.String(), s[i:], true
		case '\'':
			j := strings.IndexByte(s[i+1:], '\'')
			if j < 0 {
				b.WriteString(s[i+1:])
				return b.String(), "", false
			}
			b.WriteString(s[i+1 : i+1+j])
			i += j + 2
		case '"':
			j := i + 1
			var in strings.Builder
			for j < len(s) && s[j] != '"' {
				if s[j] == '\\' && j+1 < len(s) && strings.IndexByte("\\\"$`", s[j+1]) >= 0 {
					if s[j+1] == '$' {
						in.WriteString(`\$`)
					} else {
						in.WriteByte(s[j+1])
					}
					j += 2
					continue
				}
				in.WriteByte(s[j])
				j++
			}
			b.WriteString(unescape(p.substitute(in.String(), lookup, 7)))
			if j >= len(s) {
				return b.String(), "", false
			}
			i = j + 1
		case '\\':
			if i+1 < len(s) {
				b.WriteByte(s[i+1])
			}
			i += 2
		case '$':
			expr, n := reference(s[i:])
			if n == 0 {
				b.WriteByte(c)
				n = 1
			} else {
				b.WriteString(resolve(expr, lookup))
			}
			i += n
		default:
			b.WriteByte(c)
			i++
		}
	}
	return b.String(), "", true
}

func unescape(s string) string { return affix.ReplaceAll(s, `\$`, "$") }

// lookup finds what the process or the file so far has.
func (p *parser) lookup() func(string) string {
	return func(name string) string {
		if v, ok := p.own[name]; ok {
			return v
		}
		return p.vars[name]
	}
}

func identifier(s string) bool {
	for i := range len(s) {
		if c := s[i]; c != '_' && !isLetter(c) && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}

// docker reads as docker run --env-file does: all after the = is the
// value, quotes and trailing spaces and all.
func (p *parser) docker(text string) {
	text = affix.TrimPrefix(text, bom)
	p.eachLine(text, func(line string, off int) {
		s := strings.TrimLeft(affix.TrimSuffix(line, "\r"), " \t")
		if s == "" {
			return
		}
		if s[0] == '#' {
			p.commented(s, off)
			return
		}
		eq := strings.IndexByte(s, '=')
		if eq <= 0 || affix.ContainsAny(s[:eq], " \t") {
			p.stray(line, off)
			return
		}
		p.add(s[:eq], s[eq+1:], s[eq+1:], off)
	})
}

// quotedLines reads the dialects whose values are bare up to a comment that
// needs a space before it, or quoted, over several lines too.
func (p *parser) quotedLines(text string, colon bool, bare func(string) string, quoted func(string, byte) string) {
	text = newlines(affix.TrimPrefix(text, bom))
	p.text = text
	for off := 0; off < len(text); {
		start := skipASCII(text, off)
		if start >= len(text) {
			return
		}
		end := endOfLine(text, start)
		if text[start] == '#' {
			p.commented(text[start:end], start)
			off = end + 1
			continue
		}
		key := start
		if affix.HasPrefix(text[key:end], "export ") {
			for key += len("export "); key < end && (text[key] == ' ' || text[key] == '\t'); key++ {
			}
		}
		sep := strings.IndexByte(text[key:end], '=')
		if colon {
			sep = strings.IndexAny(text[key:end], "=:")
		}
		name := ""
		if sep > 0 {
			name = strings.Trim(text[key:key+sep], " \t'\"")
		}
		if name == "" || affix.ContainsAny(name, " \t") {
			p.stray(text[start:end], start)
			off = end + 1
			continue
		}
		from := key + sep + 1
		v := from
		for v < end && (text[v] == ' ' || text[v] == '\t') {
			v++
		}
		if v < end && (text[v] == '\'' || text[v] == '"') {
			if closing := unescapedQuote(text, v); closing > 0 {
				p.add(name, quoted(text[v+1:closing], text[v]), text[from:closing+1], start)
				off = endOfLine(text, closing)
				continue
			}
			p.file.note("line %d: the quote is not closed", p.line(start))
		}
		p.add(name, bare(text[v:end]), text[from:end], start)
		off = end + 1
	}
}

func unescapedQuote(s string, open int) int {
	for i := open + 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case s[open]:
			return i
		}
	}
	return 0
}

// beforeComment cuts " # comment" and the spaces around.
func beforeComment(s string) string {
	for i := 1; i < len(s); i++ {
		if s[i] == '#' && (s[i-1] == ' ' || s[i-1] == '\t') {
			s = s[:i]
			break
		}
	}
	if affix.HasPrefix(s, "#") {
		return ""
	}
	return strings.TrimRight(s, " \t")
}

var escapes = strings.NewReplacer(`\n`, "\n", `\r`, "\r", `\t`, "\t", `\"`, `"`, `\'`, "'", `\\`, `\`)

// escaped reads what Compose and Go's godotenv read, who share their grammar:
// escapes and $NAME count outside of single quotes.
func (p *parser) escaped(text string) {
	p.quotedLines(text, true,
		func(s string) string { return unescape(p.substitute(beforeComment(s), p.lookup(), 7)) },
		func(s string, q byte) string {
			if q == '\'' {
				return s
			}
			return unescape(p.substitute(escapes.Replace(s), p.lookup(), 7))
		})
}

func (p *parser) python(text string) {
	braces := func(s string) string {
		if !affix.Contains(s, "${") {
			return s
		}
		return p.substitute(s, p.lookup(), 7)
	}
	p.quotedLines(text, false,
		func(s string) string { return braces(beforeComment(s)) },
		func(s string, q byte) string {
			if q == '\'' {
				return braces(strings.NewReplacer(`\\`, `\`, `\'`, "'").Replace(s))
			}
			return braces(escapes.Replace(s))
		})
}
