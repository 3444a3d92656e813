package tokens

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// Words of letters and digits of this length look like a secret, complete, doubled
// or with a few characters missing. All hex is a hash or an id: Stream's secrets
// have every letter.
const (
	shortestSecret = 50
	longestSecret  = 160
)

// RedactSecrets replaces every word that looks like a Stream API secret with its
// length, because a text may contain a secret that badsig doesn't know. The words
// in keep stay.
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
		if n := end - i; n >= shortestSecret && n <= longestSecret && digit && (letter && beyondHex || n >= 2*shortestSecret && hexOfSecret(text[i:end])) && !slices.Contains(keep, text[i:end]) {
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

// hexOfSecret recognizes the hex of what has a secret's shape.
func hexOfSecret(word string) bool {
	b, err := hex.DecodeString(word)
	return err == nil && RedactSecrets(string(b)) == fmt.Sprintf("(%d characters)", len(b))
}

func wordByte(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
