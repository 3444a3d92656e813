package envfile

import (
	"strings"

	"badsig/checks/affix"
)

// dotenv reads as dotenv 15 to 18 do. Their reader is one regular expression,
//
//	^\s*(?:export\s+)?([\w.-]+)(?:\s*=\s*?|:\s+?)(quoted|[^#\r\n]+)?\s*(?:#.*)?$
//
// whose effects are followed here by hand: Go's engine has neither its
// backtracking nor its idea of white space, and this one is linear.
func (p *parser) dotenv(text string) {
	text = newlines(lossy(text))
	p.text = text
	for off := 0; off < len(text); {
		start := skipSpace(text, off)
		if start >= len(text) {
			return
		}
		if text[start] == '#' {
			end := endOfLine(text, start)
			p.commented(text[start:end], start)
			off = end
			continue
		}
		name, value, ok := dotenvName(text, start)
		if !ok {
			end := endOfLine(text, start)
			p.stray(text[start:end], start)
			off = max(end, off+1)
			continue
		}
		v, end := p.dotenvValue(text, value, start)
		p.add(name, v, text[value:end], start)
		off = endOfLine(text, end)
	}
}

// dotenvName reads "export NAME =" or "NAME: " and gives the offset after it.
func dotenvName(s string, off int) (name string, value int, ok bool) {
	if affix.HasPrefix(s[off:], "export") {
		if key := skipSpace(s, off+6); key > off+6 {
			if name, value, ok = dotenvKey(s, key); ok {
				return name, value, true
			}
		}
	}
	return dotenvKey(s, off)
}

func dotenvKey(s string, off int) (name string, value int, ok bool) {
	end := off
	for end < len(s) && isKeyByte(s[end]) {
		end++
	}
	if end == off {
		return "", 0, false
	}
	if eq := skipSpace(s, end); eq < len(s) && s[eq] == '=' {
		return s[off:end], eq + 1, true
	}
	if end < len(s) && s[end] == ':' {
		if next := skipSpace(s, end+1); next > end+1 {
			// one space is taken, which may be the line's end
			_, size := decodeRune(s[end+1:])
			return s[off:end], end + 1 + size, true
		}
	}
	return "", 0, false
}

// dotenvValue reads the value at off and gives the offset after it.
func (p *parser) dotenvValue(s string, off, key int) (value string, end int) {
	open := skipSpace(s, off)
	raw := ""
	if open < len(s) && isQuote(s[open]) {
		if closing := closingQuote(s, open); closing > 0 {
			raw, end = s[open:closing+1], closing+1
		}
	}
	if raw == "" {
		end = endOfLine(s, off)
		if i := strings.IndexByte(s[off:end], '#'); i >= 0 {
			end = off + i
		}
		raw = trim(s[off:end])
		if raw != "" && isQuote(raw[0]) && (len(raw) == 1 || raw[len(raw)-1] != raw[0]) {
			p.file.note("line %d: the quote is not closed", p.line(key))
		}
	}
	double := raw != "" && raw[0] == '"'
	if n := len(raw); n >= 2 && isQuote(raw[0]) && raw[n-1] == raw[0] {
		raw = raw[1 : n-1]
	}
	if double {
		raw = affix.ReplaceAll(affix.ReplaceAll(raw, `\n`, "\n"), `\r`, "\r")
	}
	return raw, end
}

// closingQuote finds the quote that ends a value begun at open: the last one
// up to the first that no backslash precedes, after which nothing but spaces
// and a comment follow on the line. 0: none.
func closingQuote(s string, open int) int {
	q := s[open]
	found := 0
	for i := open + 1; i < len(s); i++ {
		j := strings.IndexByte(s[i:], q)
		if j < 0 {
			break
		}
		i += j
		rest := i + 1
		for rest < len(s) && s[rest] != '\n' {
			r, n := decodeRune(s[rest:])
			if !isSpace(r) {
				break
			}
			rest += n
		}
		if rest == len(s) || s[rest] == '\n' || s[rest] == '#' {
			found = i
		}
		if s[i-1] != '\\' || i-1 == open {
			break
		}
	}
	return found
}

func isQuote(c byte) bool { return c == '\'' || c == '"' || c == '`' }

// dotenvOld reads as dotenv up to 14 does: line by line, quotes only around a
// whole value, and no comments after a value.
func (p *parser) dotenvOld(text string) {
	text = newlines(lossy(text))
	p.text = text
	for off := 0; off < len(text); {
		end := endOfLine(text, off)
		line := text[off:end]
		start := off + skipSpace(line, 0)
		name := start
		for name < end && isKeyByte(text[name]) {
			name++
		}
		eq := off + skipSpace(line, name-off)
		switch {
		case start < end && text[start] == '#':
			p.commented(text[start:end], start)
		case name == start || eq >= end || text[eq] != '=':
			p.stray(text[start:end], start)
		default:
			written := text[eq+1 : end]
			v := strings.TrimLeftFunc(written, isSpace)
			if n := len(v); n > 1 && v[0] == v[n-1] && (v[0] == '"' || v[0] == '\'') {
				if double := v[0] == '"'; double {
					v = affix.ReplaceAll(v[1:n-1], `\n`, "\n")
				} else {
					v = v[1 : n-1]
				}
			} else {
				v = trim(v)
			}
			p.add(text[start:name], v, written, start)
		}
		off = end + 1
	}
}
