package syntax

import (
	"strings"

	"badsig/checks/affix"
)

// rubyText reads Ruby's strings, symbols, word lists, regular expressions and
// heredocs.
func (x *lexer) rubyText(c byte) bool {
	switch c {
	case '\'':
		x.quoted(x.pos, 1, "'", escapesOne, "")
	case '"':
		x.quoted(x.pos, 1, `"`, escapesC, "#{")
	case '`':
		x.quoted(x.pos, 1, "`", escapesC, "#{")
	case ':':
		return x.rubySymbol()
	case '%':
		return x.rubyPercent()
	case '/':
		if x.value() {
			return false
		}
		x.quoted(x.pos, 1, "/", escapesOne, "#{")
		x.toks[len(x.toks)-1].holes = true
		for x.pos < len(x.src) && strings.IndexByte("imxounse", x.src[x.pos]) >= 0 {
			x.pos++
		}
	case '<':
		return x.rubyHeredoc()
	case '$': // $:, $', $1
		if rest := x.src[x.pos+1:]; rest != "" && strings.IndexByte(":'\"!@&~`?/\\,;.<>*$+0123456789-", rest[0]) >= 0 {
			from := x.pos
			x.pos += 2
			x.put(tokName, x.src[from:x.pos], from)
			return true
		}
		return false
	case '?': // ?a
		rest := x.src[x.pos+1:]
		if len(rest) < 2 || rest[0] == ' ' || rest[0] == '\n' || isNamePart(rest[1]) || x.value() {
			return false
		}
		from := x.pos
		x.pos += 2
		x.put(tokString, x.src[from+1:x.pos], from)
	default:
		return false
	}
	return true
}

// value reports whether the token before is a value, so that / divides it.
//
//go:noinline
func (x *lexer) value() bool {
	if len(x.toks) == 0 {
		return false
	}
	t := x.toks[len(x.toks)-1]
	switch t.kind {
	case tokString, tokNumber:
		return true
	case tokName:
		if !x.space { // a/b
			return true
		}
		rest := x.src[x.pos+1:]
		return rest != "" && rest[0] == ' ' && !rubyKeywords[t.text] // "a / b", not "split /,/"
	}
	return t.text == ")" || t.text == "]" || t.text == "}"
}

var rubyKeywords = Set("if", "unless", "while", "until", "and", "or", "not", "when", "in", "return", "then", "do", "else", "elsif", "case")

func (x *lexer) rubySymbol() bool {
	rest := x.src[x.pos+1:]
	if rest == "" || rest[0] == ':' || len(x.toks) > 0 && !x.space && x.lastEnds(x.pos) && x.toks[len(x.toks)-1].kind != tokPunct {
		return false
	}
	if rest[0] == '"' || rest[0] == '\'' {
		x.quoted(x.pos, 2, rest[:1], escapesC, "#{")
		return true
	}
	if n := strings.IndexFunc(rest, func(r rune) bool { return !strings.ContainsRune("<>=|&+*/[]!%^~-", r) }); n > 0 && len(x.toks) > 0 && (x.space || !x.lastEnds(x.pos) || !x.value()) && !affix.HasPrefix(rest, "[\"") {
		from := x.pos
		x.pos += 1 + n
		x.put(tokString, rest[:n], from) // :<<
		return true
	}
	if !isNameStart(rest[0], FamC) && rest[0] != '@' && rest[0] != '$' {
		return false
	}
	from := x.pos
	x.pos++
	for x.pos < len(x.src) && (x.src[x.pos] == '@' || x.src[x.pos] == '$') {
		x.pos++
	}
	for x.pos < len(x.src) && isNamePart(x.src[x.pos]) {
		x.pos++
	}
	if x.pos < len(x.src) && (x.src[x.pos] == '?' || x.src[x.pos] == '!') {
		x.pos++
	}
	x.put(tokString, x.src[from+1:x.pos], from)
	return true
}

// lastEnds reports whether the last token ends at an offset.
func (x *lexer) lastEnds(off int) bool { return int(x.toks[len(x.toks)-1].end) == off }

func (x *lexer) rubyPercent() bool {
	rest := x.src[x.pos+1:]
	if rest == "" || x.value() && (rest[0] == ' ' || !x.space) {
		return false
	}
	n, kind := 0, byte('Q')
	if strings.IndexByte("wWiIqQrsx", rest[0]) >= 0 {
		kind, n = rest[0], 1
	}
	if len(rest) <= n {
		return false
	}
	closes := map[byte]string{'(': ")", '[': "]", '{': "}", '<': ">", '|': "|", '!': "!", '/': "/"}
	end := closes[rest[n]]
	if end == "" {
		return false
	}
	line, col, first, space, from := x.line, x.pos-x.start, x.first, x.space, x.pos
	x.quoted(x.pos, 1+n+1, end, escapesOne, "")
	t := x.toks[len(x.toks)-1]
	if kind != 'w' && kind != 'W' && kind != 'i' && kind != 'I' {
		return true
	}
	// A list of words: as if it were written ['a', 'b'].
	x.toks = x.toks[:len(x.toks)-1]
	add := func(k tokenKind, text string) {
		x.add(token{kind: k, text: text, line: int32(line), col: int32(col), off: int32(from)})
	}
	add(tokPunct, "[")
	x.toks[len(x.toks)-1].first, x.toks[len(x.toks)-1].space = first, space
	i := 0
	for w := range strings.FieldsSeq(t.text) { // one after another: all of them may need more room than is read
		if len(x.toks) > maxTokens {
			break
		}
		if i > 0 {
			add(tokPunct, ",")
		}
		i++
		add(tokString, w)
	}
	add(tokPunct, "]")
	return true
}

// rubyHeredoc notes <<~X; its text is read at the end of the line.
func (x *lexer) rubyHeredoc() bool {
	if !x.at("<<~") && !x.at("<<-") && !(x.at("<<") && len(x.src) > x.pos+2 && (x.src[x.pos+2] >= 'A' && x.src[x.pos+2] <= 'Z')) || x.value() && !x.at("<<~") {
		return false
	}
	i := x.pos + 2
	if x.src[i] == '~' || x.src[i] == '-' {
		i++
	}
	quote := byte(0)
	if i < len(x.src) && (x.src[i] == '\'' || x.src[i] == '"') {
		quote = x.src[i]
		i++
	}
	from := i
	for i < len(x.src) && isNamePart(x.src[i]) {
		i++
	}
	if i == from {
		return false
	}
	h := heredoc{end: x.src[from:i], plain: quote == '\''}
	if quote != 0 {
		i++
	}
	at := x.pos
	x.pos = min(i, len(x.src))
	x.put(tokString, "", at)
	h.token = len(x.toks) - 1
	x.heredo = append(x.heredo, h)
	return true
}

// heredocs reads the strings that begin on this line.
func (x *lexer) heredocs() {
	list := x.heredo
	x.heredo = nil
	for _, h := range list {
		text, end := untilMark(x.src, x.pos, h.end)
		x.toks[h.token].text, x.toks[h.token].holes = text, !h.plain && affix.Contains(text, "#{")
		x.moveTo(end)
	}
	x.first = false
	x.toLineEnd()
}

// Set is a set of words.
//
//go:noinline
func Set(words ...string) map[string]bool {
	m := make(map[string]bool, len(words))
	for _, w := range words {
		m[w] = true
	}
	return m
}
