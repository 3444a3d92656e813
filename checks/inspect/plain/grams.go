package plain

import "math/bits"

// Rules of this file:
//   - a word that is said not to be in a string isn't in it; the other way round it has to be looked for

// Grams are the pieces of six bytes of a long text. Hundreds of sentences are looked for in
// it, nearly all in vain, and most have a piece that the text hasn't.
type Grams struct {
	bits  []uint64 // about as many as the text has bytes
	shift int
}

const (
	longText = 16 << 10 // from here on a look at each piece costs less than the searches
	gramSize = 6
	gramMask = 1<<(8*gramSize) - 1
)

// GramsOf makes them for a long text; those of a short one are the zero Grams, which rules nothing out.
func GramsOf(text string) Grams {
	if len(text) < longText {
		return Grams{}
	}
	n := bits.Len(uint(len(text)))
	g := Grams{make([]uint64, 1<<(n-6)), 64 - n}
	gram := uint64(0)
	for i := range len(text) {
		if gram = (gram<<8 | uint64(text[i])) & gramMask; i >= gramSize-1 {
			h := gram * 0x9E3779B97F4A7C15 >> g.shift
			g.bits[h>>6] |= 1 << (h & 63)
		}
	}
	return g
}

// Lack reports that a word isn't in the text.
func (g Grams) Lack(word string) bool {
	if g.bits == nil {
		return false
	}
	gram := uint64(0)
	for i := range len(word) {
		if gram = (gram<<8 | uint64(word[i])) & gramMask; i >= gramSize-1 {
			if h := gram * 0x9E3779B97F4A7C15 >> g.shift; g.bits[h>>6]>>(h&63)&1 == 0 {
				return true
			}
		}
	}
	return false
}
