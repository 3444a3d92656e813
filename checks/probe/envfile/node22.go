package envfile

import (
	"strings"

	"badsig/checks/affix"
)

// node22 reads as node --env-file does from Node 22.17 and in 24 and later
// (src/node_dotenv.cc). Other than in 20.20 a tab counts as a space, a line
// without "=" is left out, a value that is only spaces becomes the next line's
// content, and a quote that isn't closed stays in the value.
func (p *parser) node22(text string) {
	text = affix.ReplaceAll(text, "\r", "")
	p.text = text
	end := len(strings.TrimRight(text, blanks22)) // what is trimmed at the end is trimmed once
	off := skipASCII(text, 0)
	for off < end {
		if text[off] == '\n' || text[off] == '#' {
			line := min(endOfLine(text, off), end)
			if text[off] == '#' {
				p.commented(text[off:line], off)
			}
			off = line + 1
			continue
		}
		eq := strings.IndexAny(text[off:end], "=\n")
		if eq < 0 || text[off+eq] == '\n' {
			line := min(endOfLine(text, off), end)
			p.stray(text[off:line], off)
			off = skipASCII(text, line)
			continue
		}
		key := off + eq
		name := strings.Trim(text[off:key], blanks22)
		off = key + 1
		empty := off >= end || text[off] == '\n'
		if name == "" {
			p.file.note("line %d: a value without a name", p.line(key))
			if !empty { // it goes on after the "="
				continue
			}
		} else if rest, ok := affix.CutPrefix(name, "export "); ok && !empty {
			name = strings.Trim(rest, blanks22)
		}
		value, next := p.node22Value(text[:end], off, key)
		if name != "" {
			p.add(name, lossy(value), text[min(off, next):next], key)
		}
		off = endOfLine(text, next) + 1
	}
}

const blanks22 = " \t\n"

// node22Value reads the value at off and gives the offset after it.
func (p *parser) node22Value(s string, off, key int) (value string, end int) {
	if off >= len(s) || s[off] == '\n' {
		return "", min(off, len(s))
	}
	off = skipASCII(s, off)
	if off >= len(s) {
		return "", len(s)
	}
	value, end, _ = p.nodeText(s, off, key, blanks22)
	return value, end
}

// NodeReader gives the dialect in which a version of Node ("v20.20.2",
// "22.21.0", "24") reads .env files. exact is false where that version, or the
// newest of what it may be, is none whose reader is followed here: there a
// value is known only where both dialects agree and no "#" is in it.
func NodeReader(version string) (d Dialect, exact bool) {
	major, minor := -1, -1
	for i, part := range strings.Split(affix.TrimPrefix(strings.TrimSpace(version), "v"), ".") {
		n := 0
		for j := 0; j < len(part); j++ {
			if part[j] < '0' || part[j] > '9' || j > 5 {
				n = -1
				break
			}
			n = n*10 + int(part[j]-'0')
		}
		if part == "" {
			n = -1
		}
		switch i {
		case 0:
			major = n
		case 1:
			minor = n
		}
	}
	switch {
	case major >= 24:
		return NodeEnvFile22, true
	case major == 22:
		return NodeEnvFile22, minor < 0 || minor >= 17
	case major == 20:
		return NodeEnvFile, minor < 0 || minor >= 20
	}
	return NodeEnvFile, false
}
