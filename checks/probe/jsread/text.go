package jsread

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"badsig/checks/affix"
)

// cook decodes the inside of a string or template literal as JavaScript does.
// A half of a surrogate pair, which no UTF-8 text can hold, becomes U+FFFD, as
// it does on its way out of the program.
func cook(b []byte, template bool) string {
	if template && bytes.IndexByte(b, '\r') >= 0 {
		b = bytes.ReplaceAll(bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
	}
	if bytes.IndexByte(b, '\\') < 0 {
		return string(b)
	}
	var out strings.Builder
	out.Grow(len(b))
	for i := 0; i < len(b); {
		if b[i] != '\\' {
			out.WriteByte(b[i])
			i++
			continue
		}
		if i++; i == len(b) {
			break
		}
		c := b[i]
		i++
		switch c {
		case 'n':
			out.WriteByte('\n')
		case 't':
			out.WriteByte('\t')
		case 'r':
			out.WriteByte('\r')
		case 'b':
			out.WriteByte('\b')
		case 'f':
			out.WriteByte('\f')
		case 'v':
			out.WriteByte('\v')
		case '\r':
			if i < len(b) && b[i] == '\n' {
				i++
			}
		case '\n':
		case 'x':
			if r, n := hex(b[i:], 2); n > 0 {
				out.WriteRune(r)
				i += n
			} else {
				out.WriteByte(c)
			}
		case 'u':
			r, n := unicodeEscape(b[i:])
			if n == 0 {
				out.WriteByte(c)
				break
			}
			i += n
			if utf16.IsSurrogate(r) && bytes.HasPrefix(b[i:], []byte(`\u`)) {
				if low, m := unicodeEscape(b[i+2:]); m > 0 {
					if full := utf16.DecodeRune(r, low); full != utf8.RuneError {
						r = full
						i += 2 + m
					}
				}
			}
			out.WriteRune(r)
		case '0', '1', '2', '3', '4', '5', '6', '7':
			v, n := int(c-'0'), 1
			for n < 3 && i < len(b) && b[i] >= '0' && b[i] <= '7' && v*8+int(b[i]-'0') < 256 {
				v = v*8 + int(b[i]-'0')
				i++
				n++
			}
			out.WriteRune(rune(v))
		case 0xE2: // a line separator after a backslash joins the lines
			if i+1 < len(b) && b[i] == 0x80 && (b[i+1] == 0xA8 || b[i+1] == 0xA9) {
				i += 2
			} else {
				out.WriteByte(c)
			}
		default:
			out.WriteByte(c)
		}
	}
	return out.String()
}

// hex reads exactly n hex digits.
func hex(b []byte, n int) (rune, int) {
	if len(b) < n {
		return 0, 0
	}
	v, err := strconv.ParseUint(string(b[:n]), 16, 32)
	if err != nil {
		return 0, 0
	}
	return rune(v), n
}

// unicodeEscape reads what follows \u: four hex digits, or {…}.
func unicodeEscape(b []byte) (rune, int) {
	if len(b) == 0 || b[0] != '{' {
		return hex(b, 4)
	}
	end := bytes.IndexByte(b[:min(len(b), 12)], '}')
	if end < 2 {
		return 0, 0
	}
	r, n := hex(b[1:end], end-1)
	if n == 0 || r > utf8.MaxRune {
		return 0, 0
	}
	return r, end + 1
}

// inside gives the text of a string token, without its quotes.
func inside(b []byte) []byte {
	if len(b) < 2 {
		return nil
	}
	return b[1 : len(b)-1]
}

// chunk gives the text of one part of a template, without its marks.
func chunk(b []byte) []byte {
	b = b[1:]
	if n := len(b); n >= 2 && b[n-2] == '$' && b[n-1] == '{' {
		return b[:n-2]
	}
	return bytes.TrimSuffix(b, []byte("`"))
}

// jsxString decodes an attribute's text: entities, no escapes.
func jsxString(b []byte) string {
	if bytes.IndexByte(b, '&') < 0 {
		return string(b)
	}
	return unescape(string(b))
}

const (
	maxComments = 1000
	maxComment  = 4096 // bytes kept of one
)

// tells are what makes a comment worth keeping, in lower case.
var tells = []string{"secret", "stream", "apikey", "api_key", "process.env", "import.meta", "jwt", "token", "require(", "sign("}

// comment keeps a comment that looks like code about keys and tokens.
func (s *scanner) comment(pos, end int) {
	b := s.src[pos:end]
	if len(s.comments) >= maxComments || len(b) < 8 || !bytes.ContainsAny(b, "=(:") {
		return
	}
	line := int(s.line)
	b = bytes.TrimPrefix(bytes.TrimPrefix(bytes.TrimPrefix(b, []byte("//")), []byte("/*")), []byte("<!--"))
	b = bytes.TrimSuffix(bytes.TrimSuffix(b, []byte("*/")), []byte("-->"))
	text := string(b[:min(len(b), maxComment)])
	low := strings.ToLower(text)
	for _, t := range tells {
		if affix.Contains(low, t) {
			s.comments = append(s.comments, Comment{Text: strings.TrimSpace(text), Line: line})
			return
		}
	}
}

// entities are the names that URLs, keys and tokens in JSX can have; package html has two thousand, and 70 KB of them.
var entities = map[string]string{"amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": "\u00a0"}

// unescape decodes the entities of a JSX text: &amp;, &#38;, &#x26;. Other names are left as they are.
func unescape(s string) string {
	var b strings.Builder
	for {
		before, after, ok := affix.Cut(s, "&")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		name, rest, ok := affix.Cut(after, ";")
		text, known := entities[name]
		if digits, numeric := affix.CutPrefix(name, "#"); numeric {
			base := 10
			if d := strings.TrimLeft(digits, "xX"); d != digits {
				digits, base = d, 16
			}
			if n, err := strconv.ParseInt(digits, base, 32); err == nil && n > 0 {
				text, known = string(rune(n)), true
			}
		}
		if !ok || !known {
			text, rest = "&", after
		}
		b.WriteString(text)
		s = rest
	}
}
