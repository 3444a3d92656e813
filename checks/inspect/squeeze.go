package inspect

import "strings"

// Rules of this file:
//   - a text is searched without regard to capitals, spaces, line ends, quotes and backslashes, so that neither a
//     narrow terminal nor a string in a string hides a sentence
//   - what is found is a place in the text itself

// squeezed is a text without what the search disregards.
type squeezed struct {
	text string  // the text itself
	s    string  // without spaces, quotes and backslashes, in small letters
	at   []int32 // where each byte of s is in text
}

func squeeze(text string) *squeezed {
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
	return &squeezed{text, string(b), at}
}

// ignored tells what a search passes over.
func ignored(c byte) bool {
	switch c {
	case ' ', '\n', '\t', '\r', '"', '\'', '`', '\\':
		return true
	}
	return false
}

// squeezeWord is what a sentence is looked for as.
func squeezeWord(s string) string {
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

// spot is a place in a text.
type spot struct{ from, to int }

// find gives the first place of a squeezed word at or after a place in the text.
func (q *squeezed) find(word string, from int) (spot, bool) {
	start := 0
	if from > 0 {
		start = q.after(from)
	}
	i := strings.Index(q.s[start:], word)
	if i < 0 {
		return spot{}, false
	}
	i += start
	return spot{int(q.at[i]), int(q.at[i+len(word)-1]) + 1}, true
}

// findIn is find for a stretch of the text.
func (q *squeezed) findIn(word string, from, to int) (spot, bool) {
	start, end := q.after(from), q.after(to)
	i := strings.Index(q.s[start:end], word)
	if i < 0 {
		return spot{}, false
	}
	i += start
	return spot{int(q.at[i]), int(q.at[i+len(word)-1]) + 1}, true
}

// findWord is find for a word that no letter may come before.
func (q *squeezed) findWord(word string, from int) (spot, bool) {
	for {
		p, ok := q.find(word, from)
		if !ok || p.from == 0 || !letter(q.text[p.from-1]) {
			return p, ok
		}
		from = p.from + 1
	}
}

// has reports whether a squeezed word is in the text.
func (q *squeezed) has(words ...string) bool {
	for _, w := range words {
		if strings.Contains(q.s, w) {
			return true
		}
	}
	return false
}

// after gives the first byte of s that is at or after a place in the text.
func (q *squeezed) after(place int) int {
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

func letter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

func digit(c byte) bool { return c >= '0' && c <= '9' }

// oneLine joins the lines of a short text.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// lower makes A to Z small and nothing else, so that places stay those of s.
func lower(s string) string {
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
