// Package plain reads a pasted text as what was written, without what terminals, logs, shells and
// other programs put around it, and finds words in it wherever their letters are.
package plain

import (
	"strings"

	"badsig/checks/affix"
)

// Rules of this file:
//   - a string is searched without regard to capitals, spaces, newlines, quotes and backslashes, so that neither a
//     narrow terminal nor a string in a string hides a sentence
//   - what is found is a place in the text itself

// Squeezed is a string without what the search disregards.
type Squeezed struct {
	text string  // the text itself
	s    string  // without spaces, quotes and backslashes, in small letters
	at   []int32 // where each byte of s is in text
	has  Grams   // of s
}

func Squeeze(text string) *Squeezed {
	b := make([]byte, 0, len(text))
	at := make([]int32, 0, len(text))
	for i := range len(text) {
		c := text[i]
		if ignored(c) {
			continue
		}
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		b = append(b, c)
		at = append(at, int32(i))
	}
	s := string(b)
	return &Squeezed{text, s, at, GramsOf(s)}
}

// ignored tells what a search passes over.
func ignored(c byte) bool {
	switch c {
	case ' ', '\n', '\t', '\r', '"', '\'', '`', '\\':
		return true
	}
	return false
}

// SqueezeWord is what a sentence is looked for as.
//
//go:noinline
func SqueezeWord(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x80 && ignored(byte(r)) {
			return -1
		}
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}

// Spot is a place in a string.
type Spot struct{ From, To int }

// Find gives the first place of a squeezed word at or after a place in the text.
func (q *Squeezed) Find(word string, from int) (Spot, bool) {
	if q.has.Lack(word) {
		return Spot{}, false
	}
	start := 0
	if from > 0 {
		start = q.after(from)
	}
	i := strings.Index(q.s[start:], word)
	if i < 0 {
		return Spot{}, false
	}
	i += start
	return Spot{int(q.at[i]), int(q.at[i+len(word)-1]) + 1}, true
}

// FindIn is find for a stretch of the text.
func (q *Squeezed) FindIn(word string, from, to int) (Spot, bool) {
	start, end := q.after(from), q.after(to)
	i := strings.Index(q.s[start:end], word)
	if i < 0 {
		return Spot{}, false
	}
	i += start
	return Spot{int(q.at[i]), int(q.at[i+len(word)-1]) + 1}, true
}

// FindWord is find for a word that no letter may come before.
func (q *Squeezed) FindWord(word string, from int) (Spot, bool) {
	for {
		p, ok := q.Find(word, from)
		if !ok || p.From == 0 || !Letter(q.text[p.From-1]) {
			return p, ok
		}
		from = p.From + 1
	}
}

// Has reports whether a squeezed word is in the text.
func (q *Squeezed) Has(words ...string) bool {
	for _, w := range words {
		if !q.has.Lack(w) && affix.Contains(q.s, w) {
			return true
		}
	}
	return false
}

// after gives the first byte of s that is at or after a place in the text.
func (q *Squeezed) after(place int) int {
	lo, hi := 0, len(q.at)
	for lo < hi {
		if mid := (lo + hi) / 2; int(q.at[mid]) < place {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

func Letter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

func Digit(c byte) bool { return c >= '0' && c <= '9' }

// OneLine joins the lines of a short text.
func OneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// Lower makes A to Z small and nothing else, so that places stay those of s.
//
//go:noinline
func Lower(s string) string {
	for i := range len(s) {
		if s[i] >= 'A' && s[i] <= 'Z' {
			b := []byte(s)
			for ; i < len(b); i++ {
				if b[i] >= 'A' && b[i] <= 'Z' {
					b[i] += 'a' - 'A'
				}
			}
			return string(b)
		}
	}
	return s
}
