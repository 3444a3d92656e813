package tokens

// Rules of this file:
//   - a reading is left out only where it can't find anything that another doesn't

// readings are those of a string that can find a part of a secret; most strings are
// short and plain, and a list has millions of them.
type readings struct {
	unescape bool // it has escapes, spaces, or what can't be seen
	hex      bool // enough hex digits without anything between them that ends them
	numbers  bool // enough numbers in a row
	base64   bool // a word that is long enough
	pieces   bool // short words with digits, enough of them
}

// What a byte means to the readings.
const (
	isUnescape = 1 << iota
	isHexDigit
	endsHex
	isDigit
	endsNumbers
	isSegment
)

var readingOf = func() (t [256]uint8) {
	for i := range t {
		c := byte(i)
		if c <= ' ' || c >= 0x7F || c == '%' || c == '=' || c == '\\' || c == '&' || c == '<' {
			t[i] |= isUnescape
		}
		_, hex := nibbleOf(c)
		switch {
		case hex:
			t[i] |= isHexDigit
		case c != ' ' && c != ':' && c != ',' && c != '-' && c != '\n' && c != '\r' && c != '\\' && c != 'x' && c != 'X':
			t[i] |= endsHex
		}
		switch {
		case '0' <= c && c <= '9':
			t[i] |= isDigit
		case c != ',' && c != ' ' && c != '\n' && c != '\r' && c != '\t':
			t[i] |= endsNumbers
		}
		if segmentByte(c) {
			t[i] |= isSegment
		}
	}
	return t
}()

// readingsOf tells them in one pass.
func readingsOf(text string) (r readings) {
	all, hex, numbers, word, before := uint8(0), 0, 0, 0, uint8(0)
	short, ofPieces, withDigit := 0, 0, false
	for i := range len(text) {
		t := readingOf[text[i]]
		all |= t
		if t&isHexDigit != 0 {
			if hex++; hex >= 2*shred {
				r.hex = true
			}
		} else if t&endsHex != 0 {
			hex = 0
		}
		if t&isDigit != 0 {
			if before&isDigit == 0 {
				if numbers++; numbers >= shred {
					r.numbers = true
				}
			}
		} else if t&endsNumbers != 0 {
			numbers = 0
		}
		if t&isSegment != 0 {
			if word++; word >= shred*4/3 {
				r.base64 = true
			}
		} else {
			word = 0
		}
		before = t
		if !wordByte(text[i]) {
			short = 0
			continue
		}
		short++
		ofPieces++
		withDigit = withDigit || t&isDigit != 0
		if short == shred {
			ofPieces, withDigit = 0, false
		} else if short < shred && withDigit && ofPieces >= shred {
			r.pieces = true
		}
	}
	r.unescape = all&isUnescape != 0
	return r
}

// asItStands finds parts of secrets in a string as it is: what scan does with
// every byte of it.
func (x *Shreds) asItStands(text string, add func(from, to int)) {
	sum := uint64(0)
	for i := range len(text) {
		sum = sum*shredPrime + uint64(small(text[i])) + 1
		if i >= shred {
			sum -= (uint64(small(text[i-shred])) + 1) * shredTop
		}
		if i < shred-1 {
			continue
		}
		h := mixed(sum)
		if x.bloom[h>>52]>>(h>>46&63)&1 != 0 && x.hidden(h) {
			add(i+1-shred, i+1)
		}
	}
}

// hidden reports whether a hash is that of a secret's part, and not of what is public.
func (x *Shreds) hidden(h uint64) bool {
	if _, ok := x.set[h]; !ok {
		return false
	}
	_, public := x.open[h]
	return !public
}

func small(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}
