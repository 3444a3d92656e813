package tokens

import (
	"fmt"
	"slices"
	"strings"
)

// Words of letters and digits that are this long have the shape of a secret,
// whole, doubled or with a few characters lost. What is all hex is a hash or
// an id: Stream's secrets have every letter.
const (
	shortestSecret = 50
	longestSecret  = 160
)

// RedactSecrets replaces every word of a text that has the shape of a Stream
// API secret by its length: a text may hold a secret that nobody knows of. The
// words of keep stay.
func RedactSecrets(text string, keep ...string) string {
	if len(text) < shortestSecret {
		return text
	}
	var b strings.Builder
	last := 0
	for i := 0; i < len(text); {
		if !wordByte(text[i]) {
			i++
			continue
		}
		end, digit, letter, beyondHex := i, false, false, false
		for ; end < len(text) && wordByte(text[end]); end++ {
			switch c := text[end]; {
			case c <= '9':
				digit = true
			case c > 'f' || c > 'F' && c < 'a':
				beyondHex = true
				fallthrough
			default:
				letter = true
			}
		}
		if n := end - i; n >= shortestSecret && n <= longestSecret && digit && letter && beyondHex && !slices.Contains(keep, text[i:end]) {
			b.WriteString(text[last:i])
			fmt.Fprintf(&b, "(%d characters)", n)
			last = end
		}
		i = end
	}
	if last == 0 {
		return text
	}
	b.WriteString(text[last:])
	return b.String()
}

func wordByte(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
