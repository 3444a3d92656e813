package syntax

import (
	"strings"

	"badsig/checks/affix"
)

// text reads a string or a character; false where none begins.
func (x *lexer) text(c byte) bool {
	switch x.lang.Family {
	case FamPython:
		return x.pythonText(c)
	case FamRuby:
		return x.rubyText(c)
	case FamPHP:
		switch {
		case c == '\'':
			x.quoted(x.pos, 1, "'", escapesPHP1, "")
		case c == '"':
			x.quoted(x.pos, 1, `"`, escapesC, "$")
		case c == '`':
			x.quoted(x.pos, 1, "`", escapesNone, "$")
		case x.at("<<<"):
			return x.phpHeredoc()
		default:
			return false
		}
		return true
	}
	return x.cText(c)
}

// quoted reads a string whose opening quote ends at from+skip. hole is what
// begins a part that the program puts in: "$", "{", "#{", "${" or "" for none.
func (x *lexer) quoted(from, skip int, end string, esc escapes, hole string) {
	line, start, first, space := x.line, x.start, x.first, x.space
	x.pos = from + skip
	var b strings.Builder
	holes, only := false, ""
	for x.pos < len(x.src) {
		c := x.src[x.pos]
		switch {
		case x.at(end):
			if esc == escapesTwice && affix.HasPrefix(x.src[x.pos+1:], end) {
				b.WriteByte(c)
				x.pos += 2
				continue
			}
			x.pos += len(end)
			x.putText(b.String(), from, line, start, first, space, holes)
			x.toks[len(x.toks)-1].hole = only
			return
		case c == '\n' && len(end) == 1 && x.endsAtLine(end, esc):
			// not closed: what follows is read as code again
			x.putText(b.String(), from, line, start, first, space, true)
			x.toks[len(x.toks)-1].match = open
			return
		case c == '\\' && x.pos+1 < len(x.src) && (esc == escapesC || (esc == escapesOne || esc == escapesPHP1) && (x.src[x.pos+1] == '\\' || affix.HasPrefix(x.src[x.pos+1:], end))):
			x.escape(&b)
			continue
		case c == '\\' && esc == escapesRaw && x.pos+1 < len(x.src) && x.src[x.pos+1] != '\n':
			b.WriteString(x.src[x.pos : x.pos+2])
			x.pos += 2
			continue
		case hole != "" && x.at(hole):
			at := x.pos
			if !x.hole(hole) {
				b.WriteByte(c)
				x.pos++
				continue
			}
			if only = strings.Trim(x.src[at:x.pos], "${}#@ "); holes {
				only = ""
			}
			if affix.HasPrefix(x.src[at:], "$") && x.lang.Family == FamPHP && !affix.HasPrefix(x.src[at:], "${") {
				only = "$" + only
			}
			holes = true
			continue
		case c == '\n':
			b.WriteByte(c)
			x.pos++
			x.line++
			x.start = x.pos
			continue
		}
		b.WriteByte(c)
		x.pos++
	}
	x.putText(b.String(), from, line, start, first, space, true)
	x.toks[len(x.toks)-1].match = open
}

// endsAtLine tells the quotes that a newline ends.
func (x *lexer) endsAtLine(end string, esc escapes) bool {
	switch x.lang.Family {
	case FamPHP, FamRuby:
		return false
	}
	return end != "`" && esc != escapesTwice
}

func (x *lexer) putText(s string, from, line, start int, first, space, holes bool) {
	x.add(token{kind: tokString, text: s, line: int32(line), col: int32(from - start), first: first, space: space, holes: holes, off: int32(from)})
	x.first, x.space = false, false
}

// hole skips a part that the program puts in.
func (x *lexer) hole(mark string) bool {
	if !x.at(mark) {
		return false
	}
	rest := x.src[x.pos+len(mark):]
	switch mark {
	case "$": // PHP, Kotlin: $name, ${expr}, {$expr}
		if rest == "" || !(isNameStart(rest[0], FamC) || rest[0] == '{') {
			return false
		}
		if rest[0] != '{' {
			x.pos++
			for x.pos < len(x.src) && isNamePart(x.src[x.pos]) {
				x.pos++
			}
			return true
		}
		x.pos++
	case "{":
		if affix.HasPrefix(rest, "{") { // {{ is a brace
			return false
		}
	default:
		x.pos += len(mark) - 1 // at the brace
	}
	depth := 0
	for x.pos < len(x.src) {
		switch x.src[x.pos] {
		case '{':
			depth++
		case '}':
			depth--
		case '\n':
			return true
		}
		x.pos++
		if depth == 0 {
			break
		}
	}
	return true
}

// pythonText reads '…', "…", ”'…”' with their prefixes.
func (x *lexer) pythonText(c byte) bool {
	n := 0
	for n < 3 && x.pos+n < len(x.src) && strings.IndexByte("rRbBfFuU", x.src[x.pos+n]) >= 0 {
		n++
	}
	if x.pos+n >= len(x.src) {
		return false
	}
	q := x.src[x.pos+n]
	if q != '\'' && q != '"' || n > 2 {
		return false
	}
	prefix := strings.ToLower(x.src[x.pos : x.pos+n])
	esc, hole := escapesC, ""
	if affix.Contains(prefix, "r") {
		esc = escapesRaw
	}
	if affix.Contains(prefix, "f") {
		hole = "{"
	}
	end := string(q)
	if three := strings.Repeat(end, 3); affix.HasPrefix(x.src[x.pos+n:], three) {
		end = three
	}
	x.quoted(x.pos, n+len(end), end, esc, hole)
	return true
}

// cText reads the strings of Go, Java, Kotlin and C#.
func (x *lexer) cText(c byte) bool {
	hole := ""
	if x.lang.Name == Kotlin {
		hole = "$"
	}
	switch {
	case x.at(`"""`) && x.lang.Name != Go:
		esc := escapesC
		if x.lang.Name != Java {
			esc = escapesNone
		}
		x.quoted(x.pos, 3, `"""`, esc, hole)
	case c == '"':
		x.quoted(x.pos, 1, `"`, escapesC, hole)
	case x.lang.Raw != 0 && c == x.lang.Raw:
		x.quoted(x.pos, 1, string(c), escapesNone, "")
	case c == '\'':
		x.quoted(x.pos, 1, "'", escapesC, "")
	case x.lang.Name == CSharp && (x.at(`$@"`) || x.at(`@$"`)):
		x.quoted(x.pos, 3, `"`, escapesTwice, "{")
	case x.lang.Name == CSharp && x.at(`@"`):
		x.quoted(x.pos, 2, `"`, escapesTwice, "")
	case x.lang.Name == CSharp && x.at(`$"`):
		x.quoted(x.pos, 2, `"`, escapesC, "{")
	default:
		return false
	}
	return true
}

// phpHeredoc reads <<<X … X and <<<'X' … X.
func (x *lexer) phpHeredoc() bool {
	rest := x.src[x.pos+3:]
	nl := strings.IndexByte(rest, '\n')
	if nl < 0 {
		return false
	}
	tag := strings.TrimSpace(rest[:nl])
	name := strings.Trim(tag, `"'`)
	if name == "" {
		return false
	}
	from, line, start, first, space := x.pos, x.line, x.start, x.first, x.space
	body := x.pos + 3 + nl + 1
	text, end := untilMark(x.src, body, name)
	x.moveTo(end)
	x.putText(text, from, line, start, first, space, !affix.HasPrefix(tag, "'") && affix.Contains(text, "$"))
	return true
}

// untilMark gives the lines from an offset up to the one that begins with a
// mark, and the offset after the mark.
func untilMark(src string, from int, mark string) (text string, end int) {
	for at := from; at < len(src); {
		nl := strings.IndexByte(src[at:], '\n')
		lineEnd := len(src)
		if nl >= 0 {
			lineEnd = at + nl
		}
		if t := strings.TrimLeft(src[at:lineEnd], " \t"); affix.HasPrefix(t, mark) && (len(t) == len(mark) || !isNamePart(t[len(mark)])) {
			return affix.TrimSuffix(src[from:at], "\n"), lineEnd - len(t) + len(mark)
		}
		at = lineEnd + 1
	}
	return src[min(from, len(src)):], len(src)
}
