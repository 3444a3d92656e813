package dress

import (
	"strconv"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/inspect/plain"
)

// Rules of this file:
//   - a field is a name, a sign (: = =>) and a value, no matter which language printed it: "code":43, code: 43, [code] => 43,
//     code=43, 'StatusCode': 401, message: Optional("…")
//   - a string may hold quotes that weren't escaped; it ends at a field, a closing bracket or the end of the line

// field is one name with its value's place.
type field struct {
	Name string // small letters only: StatusCode, status_code and statusCode are statuscode
	text string // as written
	at   int    // where the name begins
	Val  int    // where the value begins
}

// maxFields bounds how many fields of one text are looked at.
const maxFields = 5000

// FieldsIn gives the fields of a stretch of text whose names are wanted.
func FieldsIn(text string, from, to int, wanted func(string) bool) []field {
	var out []field
	for i := from; i < to && len(out) < maxFields; i++ {
		if c := text[i]; c != ':' && c != '=' {
			continue
		}
		j := i
		for j > from && i-j < 8 && strings.IndexByte(" \"'`]\\)\t", text[j-1]) >= 0 {
			j--
		}
		end := j
		for j > from && end-j < 40 && (plain.Letter(text[j-1]) || plain.Digit(text[j-1]) || text[j-1] == '_' || text[j-1] == '-' || text[j-1] == '@') {
			j--
		}
		if j == end {
			continue
		}
		f := field{text: text[j:end], at: j, Val: i + 1}
		f.Name = plainName(f.text)
		if !wanted(f.Name) {
			continue
		}
		if f.Val < to && text[f.Val] == '>' {
			f.Val++
		}
		out = append(out, f)
	}
	return out
}

//go:noinline
func plainName(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		}
		return -1
	}, s)
}

// openers come between a field's sign and its value.
var openers = []string{" ", "\t", "\"", "'", "`", "\\", "[", "(", "Optional(", "int(", "Some(", "\n"}

// skipOpeners gives where the value itself begins, and whether a quote opened it.
func skipOpeners(text string, at int) (start int, quoted bool) {
	for n := 0; n < 12 && at < len(text); n++ {
		was := at
		if affix.HasPrefix(text[at:], "string(") { // PHP's var_dump
			if end := plain.Digits(text, at+7); end > at+7 && end < len(text) && text[end] == ')' {
				at = end + 1
				continue
			}
		}
		for _, o := range openers {
			if affix.HasPrefix(text[at:], o) {
				quoted = quoted || o == "\"" || o == "'" || o == "`"
				at += len(o)
				break
			}
		}
		if at == was {
			break
		}
	}
	return at, quoted
}

// NumberAt reads a whole number that nothing belongs to; 43.0 is 43.
func NumberAt(text string, at int) (n int, ok bool) {
	at, _ = skipOpeners(text, at)
	end := at
	if end < len(text) && text[end] == '-' {
		end++
	}
	first := end
	end = plain.Digits(text, end)
	if end == first || end-first > 6 {
		return 0, false
	}
	if rest := text[end:]; rest != "" {
		switch {
		case affix.HasPrefix(rest, ".0") && (len(rest) == 2 || !plain.Digit(rest[2])):
		case plain.Letter(rest[0]), rest[0] == '_', rest[0] == '.' && len(rest) > 1 && plain.Digit(rest[1]):
			return 0, false
		}
	}
	n, err := strconv.Atoi(text[at:end])
	return n, err == nil
}

// maxMessage bounds a message.
const maxMessage = 600

// stringAt reads a field's text from where its value begins.
func stringAt(text string, at int) string {
	start, quoted := skipOpeners(text, at)
	return text[start:messageEnd(text, start, quoted)]
}

// messageEnd says where a message ends that begins at start: before what another field, a stack's frame or the end
// of what it is in says. A quoted one may go on in the next line, where a narrow window broke it.
func messageEnd(text string, start int, quoted bool) int {
	limit := min(len(text), start+maxMessage)
	depth := 0
	for i := start; i < limit; i++ {
		switch c := text[i]; c {
		case '\n':
			if !quoted || nextLineIsNew(text, i+1) {
				return i
			}
		case '"', '\'', '`':
			j := i
			for j < limit && (text[j] == '"' || text[j] == '\'' || text[j] == '`') {
				j++
			}
			k := j
			for k < limit && text[k] == ' ' {
				k++
			}
			if c == '\'' && j == i+1 && i > start && plain.Letter(text[i-1]) && j < limit && plain.Letter(text[j]) {
				continue // don't
			}
			if k == limit || exceptionFollows(text[k:]) || k > j && settingFollows(text[k:limit]) || strings.IndexByte(",;)}]|\n", text[k]) >= 0 && (text[k] != ',' || fieldFollows(text, k+1) || quoted && j > i && c == '"') {
				// The quotes that the message itself has opened belong to it.
				opened := strings.Count(text[start:i], "\"") % 2
				if j-i > 1 && opened == 1 && c == '"' {
					return i + 1
				}
				if opened == 1 && c == '"' && !quoted {
					return i + 1
				}
				return i
			}
			i = j - 1
		case '(', '[', '{':
			if c == '{' && !quoted && i > start && text[i-1] == ' ' {
				return i
			}
			depth++
		case ')', ']', '}':
			if depth--; depth < 0 && !quoted {
				return i
			}
			depth = max(depth, 0)
		case ',':
			if fieldFollows(text, i+1) {
				return i
			}
		case ' ':
			if rest := text[i+1 : limit]; frameFollows(rest) || exceptionFollows(rest) || affix.HasPrefix(rest, "(") && fieldFollows(rest, 1) {
				return i
			}
		}
	}
	return limit
}

// fieldFollows recognizes a name and a sign.
func fieldFollows(text string, at int) bool {
	n := 0
	for at < len(text) && n < 6 && strings.IndexByte(" \n\t\"'[", text[at]) >= 0 {
		at++
		n++
	}
	end := at
	for end < len(text) && end-at < 40 && (plain.Letter(text[end]) || plain.Digit(text[end]) || text[end] == '_') {
		end++
	}
	if end == at {
		return false
	}
	for n = 0; end < len(text) && n < 3 && strings.IndexByte(" \"']", text[end]) >= 0; n++ {
		end++
	}
	return end < len(text) && (text[end] == ':' && !affix.HasPrefix(text[end:], "://") || text[end] == '=')
}

// settingFollows recognizes name=, as in a log of name=value.
func settingFollows(s string) bool {
	n := 0
	for n < len(s) && n < 40 && (plain.Letter(s[n]) || s[n] == '_' || s[n] == '.') {
		n++
	}
	return n > 0 && n < len(s) && s[n] == '='
}

// frameFollows recognizes a stack's frame on the same line: at X.y (file:1:2).
func frameFollows(s string) bool {
	rest, ok := affix.CutPrefix(s, "at ")
	if !ok {
		return false
	}
	rest = affix.TrimPrefix(rest, "async ")
	n := strings.IndexAny(rest[:min(len(rest), 80)], "( \n")
	return n > 0 && (rest[n] == '(' || affix.HasPrefix(rest[n:], " (") || affix.ContainsAny(rest[:n], "/.")) && !affix.HasPrefix(rest, "input byte")
}

// exceptionFollows recognizes the name of a class in parentheses, as Ruby prints it.
func exceptionFollows(s string) bool {
	if len(s) < 4 || s[0] != '(' || s[1] < 'A' || s[1] > 'Z' {
		return false
	}
	end := strings.IndexByte(s[:min(len(s), 80)], ')')
	if end < 0 || affix.ContainsAny(s[:end], " ,=") {
		return false
	}
	return affix.Contains(s[:end], "::") || affix.HasSuffix(s[:end], "Exception") || affix.HasSuffix(s[:end], "Error")
}

// nextLineIsNew recognizes a line that begins something of its own: a frame of a stack, a field, a bracket, an empty line.
func nextLineIsNew(text string, at int) bool {
	line := text[at:]
	if n := strings.IndexByte(line, '\n'); n >= 0 {
		line = line[:n]
	}
	s := strings.TrimSpace(line)
	if s == "" || affix.HasPrefix(s, "at ") || affix.HasPrefix(s, "#") || strings.IndexByte("{}])", s[0]) >= 0 {
		return true
	}
	return fieldFollows(s, 0) && !affix.HasPrefix(s, "error:")
}
