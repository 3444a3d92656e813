package tokens

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// knownNames are the variables for the secret in Stream's SDKs and in public
// projects; a value that repeats its own name begins with one of them.
var knownNames = []string{
	"STREAM_API_SECRET", "STREAM_SECRET", "STREAM_CHAT_SECRET", "STREAM_CHAT_API_SECRET", "STREAM_SECRET_KEY",
	"GETSTREAM_API_SECRET", "GETSTREAM_SECRET", "STREAM_VIDEO_SECRET_KEY", "STREAM_VIDEO_API_SECRET",
	"API_SECRET", "JWT_SECRET", "SECRET", "SECRET_KEY", "secret", "apiSecret",
}

// idInside is the damage of a piece of a secret. There are too many to try each: Compare tells them.
const idInside = "cut-inside"

// extentRows are secrets that became shorter or longer.
func extentRows() []row {
	short := func(id, says string, f func(dst, s []byte) []byte) row {
		return changeRow(causeTruncated, id, says, f, false)
	}
	cutAt := func(id, says, at string) row {
		return short(id, says, func(dst, s []byte) []byte { s, _, _ = bytes.Cut(s, []byte(at)); return append(dst, s...) })
	}
	t := []row{
		{Damage: Damage{"cut-end", causeTruncated, "without its last characters"}, many: cutEnd},
		{Damage: Damage{"cut-start", causeTruncated, "without its first characters"}, many: cutStart},
		short("cut-both", "without its first and its last character", func(dst, s []byte) []byte { return append(dst, s[min(1, len(s)):max(len(s)-1, min(1, len(s)))]...) }),
		short(idInside, "without its beginning and its end", func(dst, s []byte) []byte { return append(dst, s[len(s)/3:len(s)-len(s)/3]...) }),
		cutAt("cut-at-hash", "cut off at its #", "#"),
		cutAt("cut-at-space-hash", "cut off at a space and #", " #"),
		cutAt("cut-at-dollar", "cut off at its $", "$"),
		cutAt("cut-at-space", "cut off at its first space", " "),
		cutAt("cut-at-newline", "cut off at its first newline", "\n"),
		cutAt("cut-at-equals", "cut off at its =", "="),
		cutAt("cut-at-semicolon", "cut off at its semicolon", ";"),
		cutAt("cut-at-ampersand", "cut off at its &", "&"),
		short("dollar-expanded", "with its $names replaced by nothing", dollarExpanded),
		short("after-equals", "with only what follows its last =", func(dst, s []byte) []byte { return append(dst, s[bytes.LastIndexByte(s, '=')+1:]...) }),
		{Damage: Damage{"own-name", causePadded, "with the variable's name and = before it"}, many: ownNames,
			one: func(m *maker, dst, s []byte) []byte { return append(append(append(dst, m.ownName()...), '='), s...) }, pair: true},
		{Damage: Damage{"without-own-name", causePadded, "without the variable's name and = before it"}, one: plain(withoutOwnName), pair: true},
	}
	t = append(t, wraps(causePadded, []wrapped{
		{"trailing-semicolon", "plus a semicolon at its end", "", ";", true},
		{"trailing-comma", "plus a comma at its end", "", ",", true},
		{"trailing-backslash-n", `plus a backslash and an n at its end`, "", `\n`, false},
		{"trailing-backslash-r-n", `plus \r\n in letters at its end`, "", `\r\n`, false},
		{"leading-equals", "plus an = before it", "=", "", false},
		{"leading-colon-space", "plus a colon and a space before it", ": ", "", false},
		{"trailing-undefined", "plus the word undefined at its end", "", "undefined", false},
		{"leading-bearer", "plus the word Bearer before it", "Bearer ", "", false},
		{"in-angles", "in angle brackets", "<", ">", false},
		{"in-brackets", "in square brackets", "[", "]", false},
		{"in-braces", "in braces", "{", "}", false},
		{"in-double-braces", "in double braces", "{{", "}}", false},
		{"in-dollar-braces", "in ${…}", "${", "}", false},
		{"in-parentheses", "in parentheses", "(", ")", false},
	})...)
	return append(t, []row{
		{Damage: Damage{"doubled", causePadded, "pasted twice"}, many: doubled},
		{Damage: Damage{idMore, causePadded, "with more characters before or after it"}, many: again},
		{Damage: Damage{"extra-last", causePadded, "plus one extra character at its end"}, many: func(m *maker, s []byte) { extra(m, s, false) }},
		{Damage: Damage{"extra-first", causePadded, "plus one extra character before it"}, many: func(m *maker, s []byte) { extra(m, s, true) }},
		{Damage: Damage{"without-marks", causePadded, "without the commas and semicolons at its end"}, one: plain(withoutMarks), pair: true},
	}...)
}

func cutEnd(m *maker, s []byte) {
	for n := 1; n < len(s) && n <= maxCut && !m.stop; n++ {
		m.give(s[:len(s)-n], s)
	}
}

func cutStart(m *maker, s []byte) {
	for n := 1; n < len(s) && n <= maxCut && !m.stop; n++ {
		m.give(s[n:], s)
	}
}

// dollarExpanded replaces $name and ${name} with nothing, like dotenv-expand, a
// shell and Compose do for names that aren't set.
func dollarExpanded(dst, s []byte) []byte {
	for i := 0; i < len(s); i++ {
		if s[i] != '$' {
			dst = append(dst, s[i])
			continue
		}
		j := i + 1
		if j < len(s) && s[j] == '{' {
			if n := bytes.IndexByte(s[j:], '}'); n > 0 {
				i = j + n
				continue
			}
		}
		for j < len(s) && (s[j] == '_' || segmentByte(s[j]) && s[j] != '-' && s[j] != '+' && s[j] != '/') {
			j++
		}
		if j == i+1 {
			dst = append(dst, '$')
			continue
		}
		i = j - 1
	}
	return dst
}

func (m *maker) ownName() string {
	if m.name != "" {
		return m.name
	}
	return knownNames[0]
}

func ownNames(m *maker, s []byte) {
	try := func(name, between string) {
		m.a = append(append(append(m.a[:0], name...), between...), s...)
		m.give(m.a, s)
	}
	try(m.ownName(), "=")
	for _, name := range knownNames {
		if name != m.ownName() {
			try(name, "=")
		}
	}
	for _, between := range []string{" = ", ": ", "= ", " "} {
		try(m.ownName(), between)
	}
}

// withoutOwnName removes NAME= from the front, as often as it is there.
func withoutOwnName(dst, s []byte) []byte {
	for range 3 {
		i := bytes.IndexAny(s, "=:")
		if i <= 0 || i > 64 || i+1 >= len(s) {
			break
		}
		name := strings.TrimSpace(strings.TrimPrefix(string(s[:i]), "export "))
		if !isName(name) {
			break
		}
		s = bytes.TrimSpace(s[i+1:])
	}
	return append(dst, s...)
}

// isName reports whether a string is a variable's name for a secret or a key; the
// first part of a secret that happens to contain = isn't.
func isName(s string) bool {
	for i := range len(s) {
		if c := s[i]; c != '_' && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && (c < '0' || c > '9' || i == 0) {
			return false
		}
	}
	low := strings.ToLower(s)
	return strings.Contains(low, "secret") || strings.Contains(low, "key") || strings.Contains(low, "stream") || strings.Contains(low, "token")
}

func withoutMarks(dst, s []byte) []byte { return append(dst, bytes.TrimRight(s, ";,")...) }

func doubled(m *maker, s []byte) {
	for _, between := range []string{"", "\n", ",", " "} {
		m.a = append(append(append(m.a[:0], s...), between...), s...)
		m.give(m.a, s)
	}
	m.a = append(append(append(m.a[:0], s...), s...), s...)
	m.give(m.a, s)
	// The opposite: a secret that was pasted twice, used once.
	if half := len(s) / 2; len(s)%2 == 0 && half > 0 && bytes.Equal(s[:half], s[half:]) {
		m.give(s[:half], s)
	}
}

// idMore is the damage of a secret that has any other text at its start or end.
const idMore = "more-characters"

// again adds the beginning of a secret at its end: the one text among others that needs no
// guess. Compare finds them all.
func again(m *maker, s []byte) {
	for n := 2; n < len(s) && !m.stop; n++ {
		m.a = append(append(m.a[:0], s...), s[:n]...)
		m.give(m.a, s)
	}
}

// extra adds each printable ASCII character, and a few others from European
// keyboards, at one end.
func extra(m *maker, s []byte, front bool) {
	try := func(r rune) {
		if front {
			m.a = append(utf8.AppendRune(m.a[:0], r), s...)
		} else {
			m.a = utf8.AppendRune(append(m.a[:0], s...), r)
		}
		m.give(m.a, s)
	}
	for r := rune('!'); r <= '~' && !m.stop; r++ {
		try(r)
	}
	for _, r := range "´§°€£äöüßéèçñ…–—·•" {
		try(r)
	}
}
