package tokens

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// blankRows are whitespace, newlines and invisible characters: added, removed, or
// inside.
func blankRows() []row {
	t := append(wraps(causeWhitespace, []wrapped{
		{"trailing-space", "plus one trailing space", "", " ", true},
		{"trailing-newline", "plus a newline at its end", "", "\n", true},
		{"leading-space", "plus one leading space", " ", "", true},
		{"trailing-crlf", "plus a Windows newline (CRLF)", "", "\r\n", true},
		{"trailing-cr", "plus a carriage return at its end", "", "\r", true},
		{"trailing-tab", "plus a trailing tab", "", "\t", true},
		{"leading-tab", "plus a leading tab", "\t", "", false},
		{"leading-newline", "plus a newline before it", "\n", "", false},
		{"leading-crlf", "plus a Windows newline (CRLF) before it", "\r\n", "", false},
		{"surrounding-spaces", "plus a space on both sides", " ", " ", true},
		{"surrounding-newlines", "plus a newline on both sides", "\n", "\n", false},
		{"trailing-spaces-2", "plus two trailing spaces", "", "  ", false},
		{"trailing-spaces-3", "plus three trailing spaces", "", "   ", false},
		{"trailing-spaces-4", "plus four trailing spaces", "", "    ", false},
		{"leading-spaces-2", "plus two leading spaces", "  ", "", false},
		{"leading-spaces-3", "plus three leading spaces", "   ", "", false},
		{"leading-spaces-4", "plus four leading spaces", "    ", "", false},
		{"trailing-newlines-2", "plus two newlines at its end", "", "\n\n", false},
		{"trailing-vertical-tab", "plus a vertical tab at its end", "", "\v", false},
		{"trailing-form-feed", "plus a form feed at its end", "", "\f", false},
	}), []row{
		{Damage: Damage{"trimmed", causeWhitespace, "without the whitespace around it"}, one: plain(trimmed), pair: true},
		{Damage: Damage{"trimmed-end", causeWhitespace, "without the whitespace at its end"}, one: plain(trimmedEnd)},
		{Damage: Damage{"trimmed-start", causeWhitespace, "without the whitespace before it"}, one: plain(trimmedStart)},
		{Damage: Damage{"without-newline", causeWhitespace, "without the newline at its end"}, one: plain(withoutNewline), pair: true},
		{Damage: Damage{"without-blanks", causeWhitespace, "without any whitespace in it"}, one: plain(withoutBlanks)},
		{Damage: Damage{"newlines-to-spaces", causeWhitespace, "with spaces where its newlines were"}, one: plain(newlinesToSpaces)},
		{Damage: Damage{"blank-inside", causeWhitespace, "with a space or newline inside"}, many: insideRow(" ", "\n", "\r\n", "\t")},
	}...)
	hidden := []struct{ id, says, text string }{
		{"nbsp", "a no-break space", "\u00A0"},
		{"zero-width-space", "a zero-width space", "\u200B"},
		{"bom", "a byte order mark", "\uFEFF"},
		{"zero-width-joiner", "a zero-width joiner", "\u200D"},
		{"zero-width-non-joiner", "a zero-width non-joiner", "\u200C"},
		{"word-joiner", "a word joiner", "\u2060"},
		{"soft-hyphen", "a soft hyphen", "\u00AD"},
		{"ltr-mark", "a left-to-right mark", "\u200E"},
		{"rtl-mark", "a right-to-left mark", "\u200F"},
		{"line-separator", "a line separator", "\u2028"},
		{"narrow-nbsp", "a narrow no-break space", "\u202F"},
		{"ideographic-space", "an ideographic space", "\u3000"},
		{"latin1-nbsp", "a no-break space in Latin-1", "\xA0"},
		{"nul", "a NUL byte", "\x00"},
	}
	for i, h := range hidden {
		t = append(t,
			row{Damage: Damage{"trailing-" + h.id, causeInvisible, "plus " + h.says + " at its end"}, one: around("", h.text), pair: i < 3},
			row{Damage: Damage{"leading-" + h.id, causeInvisible, "plus " + h.says + " before it"}, one: around(h.text, ""), pair: i < 3})
	}
	return append(t,
		row{Damage: Damage{"leading-bom-latin1", causeInvisible, "plus a byte order mark read as Latin-1"}, one: around("\u00EF\u00BB\u00BF", "")},
		row{Damage: Damage{"surrounding-isolates", causeInvisible, "plus direction marks around it"}, one: around("\u2068", "\u2069")},
		row{Damage: Damage{"surrounding-embedding", causeInvisible, "plus direction marks around it"}, one: around("\u202A", "\u202C")},
		row{Damage: Damage{"without-invisible", causeInvisible, "without the invisible characters in it"}, one: plain(withoutInvisible), pair: true},
		row{Damage: Damage{"invisible-inside", causeInvisible, "with an invisible character inside"},
			many: insideRow("\u200B", "\u00AD", "\u00A0", "\u200D", "\u200C", "\u2060", "\uFEFF", "\u200E")})
}

// insideRow inserts each string at each position except the ends.
func insideRow(texts ...string) func(*maker, []byte) {
	return func(m *maker, s []byte) {
		if len(s) > maxCut {
			return
		}
		char := 0
		for i := range s {
			if !utf8.RuneStart(s[i]) {
				continue
			}
			if char > 0 {
				for _, t := range texts {
					m.a = append(append(append(m.a[:0], s[:i]...), t...), s[i:]...)
					m.pos[0], m.np = char, 1
					m.give(m.a, s)
				}
			}
			char++
		}
	}
}

func trimmed(dst, s []byte) []byte    { return append(dst, bytes.TrimSpace(s)...) }
func trimmedEnd(dst, s []byte) []byte { return append(dst, bytes.TrimRightFunc(s, unicode.IsSpace)...) }
func trimmedStart(dst, s []byte) []byte {
	return append(dst, bytes.TrimLeftFunc(s, unicode.IsSpace)...)
}

func withoutNewline(dst, s []byte) []byte {
	s, cut := bytes.CutSuffix(s, []byte("\n"))
	if cut {
		s = bytes.TrimSuffix(s, []byte("\r"))
	}
	return append(dst, s...)
}

func withoutBlanks(dst, s []byte) []byte { return without(dst, s, unicode.IsSpace) }

func withoutInvisible(dst, s []byte) []byte {
	return without(dst, s, func(r rune) bool { return Unseen(r) != "" || r == utf8.RuneError })
}

func newlinesToSpaces(dst, s []byte) []byte {
	for i, c := range s {
		switch {
		case c == '\r' && i+1 < len(s) && s[i+1] == '\n':
		case c == '\n' || c == '\r':
			dst = append(dst, ' ')
		default:
			dst = append(dst, c)
		}
	}
	return dst
}

func without(dst, s []byte, drop func(rune) bool) []byte {
	for len(s) > 0 {
		r, n := utf8.DecodeRune(s)
		if !drop(r) {
			dst = append(dst, s[:n]...)
		}
		s = s[n:]
	}
	return dst
}
