package tokens

import (
	"fmt"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Rules of this file:
//   - each removed layer is reported, outermost first
//   - the token inside isn't changed: only layers around it, and whitespace that a
//     copied newline left inside
//   - every layer makes the string shorter or ends the work, and there are at most
//     maxLayers of them

const maxLayers = 12

// The values of Flaw.Wrap.
const (
	WrapBlank     = "blank"         // spaces, tabs, no-break spaces
	WrapNewline   = "newline"       // a newline
	WrapInvisible = "invisible"     // BOM, zero-width characters, controls
	WrapQuotes    = "quotes"        // any kind of quotation mark, escaped ones too
	WrapBearer    = "bearer"        // Bearer, JWT or Token before it
	WrapHeader    = "header"        // a whole header line: Authorization: …
	WrapJSON      = "json"          // a JSON object or array with the token in it
	WrapPercent   = "percent"       // percent-encoding
	WrapCookie    = "cookie"        // name=value
	WrapBytes     = "bytes-literal" // Python's b'…'
	WrapMarks     = "punctuation"   // brackets, a comma, a semicolon
	WrapText      = "text"          // words around it
)

// wrapper is one layer: what it is and how it reads in a sentence.
type wrapper struct{ kind, says string }

// unwrap removes what is around a token. It's quick for a string that consists only
// of segment characters and dots.
func unwrap(raw string) (inside string, layers []wrapper) {
	s := raw
	for range maxLayers {
		if bare(s) {
			return s, layers
		}
		next, w, ok := peel(s)
		if !ok {
			break
		}
		s = next
		if n := len(layers); n == 0 || layers[n-1].kind != w.kind {
			layers = append(layers, w)
		}
	}
	// Words around it; a strange character inside a token is not one.
	if !bare(s) && (!jsonStart(s) || strings.ContainsAny(s, " \t\r\n")) {
		if found := FindTokens(s); len(found) == 1 {
			return found[0], []wrapper{{WrapText, "other text around it"}}
		}
	}
	return s, layers
}

// bare reports whether a string contains only what a token can consist of.
func bare(s string) bool {
	for i := range len(s) {
		if !segmentByte(s[i]) && s[i] != '.' && s[i] != '=' {
			return false
		}
	}
	// name=value is bare too, yet wrapped.
	return strings.IndexByte(s, '=') < 0 || !isCookie(s)
}

// peel removes one layer.
func peel(s string) (string, wrapper, bool) {
	if t, w, ok := trimEnds(s); ok {
		return t, w, true
	}
	if s == "" {
		return s, wrapper{}, false
	}
	switch s[0] {
	case '{', '[':
		if t, field, ok := fromJSON(s); ok {
			return t, wrapper{WrapJSON, "JSON with the token in its field " + field}, true
		}
	case 'b', 'B':
		if len(s) > 3 && (s[1] == '\'' || s[1] == '"') && s[len(s)-1] == s[1] {
			return s[2 : len(s)-1], wrapper{WrapBytes, "a Python bytes literal b'…' around it"}, true
		}
	}
	if t, ok := unquote(s); ok {
		return t, wrapper{WrapQuotes, "quotes around it"}, true
	}
	if t, w, ok := scheme(s); ok {
		return t, w, true
	}
	if t, ok := unpercent(s); ok {
		return t, wrapper{WrapPercent, "percent-encoding"}, true
	}
	if isCookie(s) {
		_, v, _ := strings.Cut(s, "=")
		v, _, _ = strings.Cut(v, ";")
		return v, wrapper{WrapCookie, "name= before it, as in a cookie or a query"}, true
	}
	if t, ok := unmark(s); ok {
		return t, wrapper{WrapMarks, "punctuation around it"}, true
	}
	return inner(s)
}

// trimEnds removes whitespace and invisible characters from both ends.
func trimEnds(s string) (string, wrapper, bool) {
	kind := ""
	class := func(r rune) bool {
		switch {
		case r == '\n' || r == '\r' || r == 0x85 || r == 0x2028 || r == 0x2029:
			kind = WrapNewline
		case unicode.IsSpace(r):
			if kind != WrapNewline {
				kind = WrapBlank
			}
		case invisible(r):
			if kind == "" {
				kind = WrapInvisible
			}
		default:
			return false
		}
		return true
	}
	t := strings.TrimLeftFunc(s, class)
	front := len(t) < len(s)
	t2 := strings.TrimRightFunc(t, class)
	where := "after"
	switch back := len(t2) < len(t); {
	case front && back:
		where = "around"
	case front:
		where = "before"
	case !back:
		return s, wrapper{}, false
	}
	what := map[string]string{WrapNewline: "a newline ", WrapBlank: "a space ", WrapInvisible: "an invisible character "}[kind]
	return t2, wrapper{kind, what + where + " it"}, true
}

// Unseen names a character that a screen doesn't show as what it is and that no
// key, secret or token contains: "bom", "nbsp" (spaces other than the usual one),
// "zero-width" or "control"; "" for all others, plain whitespace included.
func Unseen(r rune) string {
	switch {
	case r == 0xFEFF:
		return "bom"
	case r == 0xA0, r == 0x202F, r == 0x3000, 0x2000 <= r && r <= 0x200A, r == 0x2028, r == 0x2029:
		return "nbsp"
	case r < 0x20 && r != '\t' && r != '\n' && r != '\r', r == 0x7F:
		return "control"
	case invisible(r):
		return "zero-width"
	}
	return ""
}

// invisible reports whether a screen doesn't show a character.
func invisible(r rune) bool {
	switch {
	case r == 0x00AD, r == 0x034F, r == 0x061C, r == 0x180E, r == 0xFEFF,
		0x200B <= r && r <= 0x200F, 0x202A <= r && r <= 0x202E, 0x2060 <= r && r <= 0x206F:
		return true
	}
	return r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0x7F
}

// quotePairs are the quotation marks that come around values.
var quotePairs = [][2]string{
	{`\"`, `\"`}, {`\'`, `\'`}, {`"`, `"`}, {`'`, `'`}, {"`", "`"},
	{"“", "”"}, {"‘", "’"}, {"„", "“"}, {"«", "»"}, {"”", "”"}, {"’", "’"}, {"″", "″"}, {"＂", "＂"},
}

// unquote removes one pair of quotes, or a single quote.
func unquote(s string) (string, bool) {
	for _, q := range quotePairs {
		if len(s) >= len(q[0])+len(q[1]) && strings.HasPrefix(s, q[0]) && strings.HasSuffix(s, q[1]) {
			return s[len(q[0]) : len(s)-len(q[1])], true
		}
	}
	for _, q := range quotePairs {
		if t, ok := strings.CutPrefix(s, q[0]); ok && !strings.Contains(t, q[0]) {
			return t, true
		}
		if t, ok := strings.CutSuffix(s, q[1]); ok && !strings.Contains(t, q[1]) {
			return t, true
		}
	}
	return s, false
}

// scheme removes "Bearer ", "JWT " or a header's name from the front.
func scheme(s string) (string, wrapper, bool) {
	i := strings.IndexAny(s, " \t:")
	if i <= 0 || i > 32 {
		return s, wrapper{}, false
	}
	rest := strings.TrimLeft(s[i:], " \t:")
	if rest == "" {
		return s, wrapper{}, false
	}
	switch word := strings.ToLower(s[:i]); word {
	case "bearer", "jwt", "token", "basic", "stream":
		return rest, wrapper{WrapBearer, fmt.Sprintf("the word %s before it", s[:i])}, true
	case "authorization", "proxy-authorization", "x-access-token", "x-auth-token", "stream-auth-token", "cookie", "set-cookie":
		return rest, wrapper{WrapHeader, "a complete header line (" + word + ")"}, true
	}
	return s, wrapper{}, false
}

// unpercent decodes %XX: a token itself can't contain a percent sign.
func unpercent(s string) (string, bool) {
	if strings.IndexByte(s, '%') < 0 {
		return s, false
	}
	t, err := url.PathUnescape(s)
	return t, err == nil && len(t) < len(s) && utf8.ValidString(t)
}

// isCookie reports whether a string is name=value with a token as its value: the =
// is before the first dot, and what follows it begins like a token.
func isCookie(s string) bool {
	eq := strings.IndexByte(s, '=')
	if eq <= 0 || eq > 64 || eq+1 >= len(s) {
		return false
	}
	for i := range eq {
		if c := s[i]; !segmentByte(c) && c != '.' && c != ' ' && c != '$' {
			return false
		}
	}
	v := s[eq+1:]
	return jsonStart(strings.TrimLeft(v, "\"'` ")) || strings.HasPrefix(v, "Bearer") || strings.HasPrefix(v, "%22")
}

// unmark removes brackets around it, and commas and semicolons after it.
func unmark(s string) (string, bool) {
	t := strings.TrimRight(strings.TrimLeft(s, "<([{"), ">)]},;:!?\\")
	return t, len(t) < len(s) && t != ""
}

// inner removes whitespace from the middle of a token that was copied from a
// terminal or an email.
func inner(s string) (string, wrapper, bool) {
	if strings.Count(s, ".") < 2 || !jsonStart(s) {
		return s, wrapper{}, false
	}
	w := wrapper{WrapBlank, "a space inside it"}
	t := strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r':
			w = wrapper{WrapNewline, "a newline inside it"}
			return -1
		case unicode.IsSpace(r) || invisible(r):
			return -1
		}
		return r
	}, s)
	if len(t) == len(s) || !bare(t) {
		return s, wrapper{}, false
	}
	return t, w, true
}
