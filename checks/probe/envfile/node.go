package envfile

import (
	"strings"

	"badsig/checks/affix"
)

// node reads as node --env-file does (src/node_dotenv.cc, as of Node 20.20).
// It knows no white space but the space, so that a tab or a no-break space
// stays in a value and a byte order mark in a name; a line without "=" becomes
// part of the next name; every \r is taken away, wherever it is.
func (p *parser) node(text string) {
	text = affix.ReplaceAll(text, "\r", "")
	p.text = text
	off := skipBlanks(text, 0)
	for off < len(text) {
		if text[off] == '\n' || text[off] == '#' {
			end := endOfLine(text, off)
			if text[off] == '#' {
				p.commented(text[off:end], off)
			}
			if end < len(text) {
				off = end + 1
				continue
			}
		}
		i := strings.IndexByte(text[off:], '=')
		if i < 0 {
			p.stray(text[off:], off)
			return
		}
		name := strings.Trim(text[off:off+i], " ")
		if j := strings.LastIndexByte(name, '\n'); j >= 0 {
			p.stray(name[:j], off)
		}
		key := off + i
		off += i + 1
		if name == "" {
			p.file.note("line %d: a value without a name: nothing after it is read", p.line(key))
			return
		}
		name = affix.TrimPrefix(name, "export ")
		value, end := p.nodeValue(text, off, key)
		if end < 0 { // an open quote on the last line: the name stays unset
			off = skipBlanks(text, off)
			continue
		}
		p.add(name, lossy(value), text[off:end], key)
		off = end
		if off < len(text) && text[off] != '\n' {
			off = endOfLine(text, off)
		}
	}
}

// nodeValue reads the value at off and gives the offset after it, -1 where
// the loader gives up.
func (p *parser) nodeValue(s string, off, key int) (value string, end int) {
	off = skipBlanks(s, off)
	if off >= len(s) {
		return "", off
	}
	value, end, open := p.nodeText(s, off, key, " ")
	if open && end == len(s) {
		return "", -1
	}
	return value, end
}

// nodeText reads the text that begins at off, quoted or to the line's end,
// without the spaces after it, and gives the offset after it. open tells
// that its quote is not closed.
func (p *parser) nodeText(s string, off, key int, blanks string) (value string, end int, open bool) {
	end = endOfLine(s, off)
	if q := s[off]; isQuote(q) {
		if i := strings.IndexByte(s[off+1:], q); i >= 0 {
			v := s[off+1 : off+1+i]
			if q == '"' {
				v = affix.ReplaceAll(v, `\n`, "\n")
			}
			return v, off + 2 + i, false
		}
		p.file.note("line %d: the quote is not closed", p.line(key))
		return s[off:end], end, true
	}
	v := s[off:end]
	if i := strings.IndexByte(v, '#'); i >= 0 {
		v = v[:i]
	}
	return strings.Trim(v, blanks), end, false
}

func skipBlanks(s string, off int) int {
	for off < len(s) && s[off] == ' ' {
		off++
	}
	return off
}

func skipASCII(s string, off int) int {
	for off < len(s) && (s[off] == ' ' || s[off] == '\t' || s[off] == '\n') {
		off++
	}
	return off
}
