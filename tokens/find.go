package tokens

import "strings"

// FindTokens returns every substring that looks like a compact JWS: three or more
// segments of base64 characters, separated by dots, where the first begins like
// the base64 of "{". They are in the order of the text, with repetitions. The time
// is linear in the text and nothing is copied.
func FindTokens(text string) []string {
	var out []string
	eachToken(text, false, func(start, _, end int) { out = append(out, text[start:end]) })
	return out
}

// RedactTokens replaces the signature of every JWT in a string with "…", even of a
// corrupt one that contains a character which isn't base64.
func RedactTokens(text string) string {
	var b strings.Builder
	last := 0
	eachToken(text, true, func(_, sig, end int) {
		b.WriteString(text[last:sig])
		b.WriteString("…")
		last = end
	})
	if last == 0 {
		return text
	}
	b.WriteString(text[last:])
	return b.String()
}

// eachToken calls found with the place of each token: its start, the start of
// its signature, its end. If corrupt ones count, a foreign character in the middle
// doesn't end it, unless it's a separator elsewhere.
func eachToken(text string, damaged bool, found func(start, sig, end int)) {
	for i := 0; i < len(text); {
		j := strings.IndexByte(text[i:], 'e')
		if j < 0 {
			return
		}
		i += j
		if !jsonStart(text[i:]) || !startsWord(text, i) {
			i++
			continue
		}
		end, dots, sig, short := i, 0, 0, false
		for {
			for end < len(text) && (segmentByte(text[end]) || damaged && foreignAt(text, end)) {
				end++
			}
			for end < len(text) && text[end] == '=' {
				end++
			}
			if end+1 >= len(text) || text[end] != '.' || !segmentByte(text[end+1]) && !(damaged && foreignAt(text, end+1)) {
				break
			}
			if dots++; dots == 1 {
				short = end-i < shortestHeader
			}
			end++
			if dots == 2 {
				sig = end
			}
		}
		// A run that ends before its second dot holds no token that begins
		// later in it either: there would be fewer segments still.
		if dots >= 2 && !short {
			found(i, sig, end)
		}
		i = end
	}
}

// shortestHeader is less than any header with an alg has in base64; it keeps
// words such as eyJ.a.b out.
const shortestHeader = 12

// startsWord reports whether a token may begin at i: at a boundary, or after an
// escape (%22, \n) whose last letter belongs to the escape.
func startsWord(text string, i int) bool {
	if i == 0 {
		return true
	}
	switch c := text[i-1]; {
	case c == '/' || c == '+' || !segmentByte(c):
		return true
	case i >= 2 && text[i-2] == '\\', i >= 3 && text[i-3] == '%':
		return true
	case i >= 6 && text[i-6] == '\\' && text[i-5] == 'u':
		return true
	}
	return false
}

// jsonStart reports whether s begins like the base64 of a JSON object: {" is eyJ,
// and "{" followed by a space or newline is eyA or ewo, ewk, ew0.
func jsonStart(s string) bool {
	if len(s) < 4 || s[0] != 'e' {
		return false
	}
	switch s[:3] {
	case "eyJ", "eyA", "ewo", "ewk", "ew0":
		return true
	}
	return false
}

// segmentByte reports whether c is in the base64 or base64url alphabet.
func segmentByte(c byte) bool { return inSegment[c] }

// inSegment is a table: a long list is read byte by byte, several times.
var inSegment = func() (t [256]bool) {
	for _, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/") {
		t[c] = true
	}
	return t
}()

// foreignAt reports whether the character at i isn't base64, isn't a separator in
// URLs, JSON, shells or prose, and is followed by more.
func foreignAt(text string, i int) bool {
	return strings.IndexByte("!$*@^~", text[i]) >= 0 && i+1 < len(text) && (segmentByte(text[i+1]) || text[i+1] == '.')
}
