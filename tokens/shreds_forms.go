package tokens

// Rules of this file:
//   - a secret in hex, in numbers, in pieces or in base64 is the same secret

// inHex reads hex digits from the first digit and from the second.
func (x *Shreds) inHex(text string, add func(from, to int)) {
	var w [2]window
	hexBytes(text, [2]func(byte, int, int){x.scanOrReset(&w[0], add), x.scanOrReset(&w[1], add)})
}

// scanOrReset is scan where a start below zero is the end of a stream.
//
//go:noinline
func (x *Shreds) scanOrReset(w *window, add func(from, to int)) func(c byte, start, end int) {
	push := x.scan(w, add)
	return func(c byte, start, end int) {
		if start < 0 {
			w.reset()
			return
		}
		push(c, start, end)
	}
}

// hexBytes reads hex digits in a row, or in pairs with something between them, as
// in "6d 34" and "\x6d\x34", from the first digit and from the second. A start
// below zero is the end of them.
func hexBytes(text string, push [2]func(c byte, start, end int)) {
	n, before, beforeAt := 0, byte(0), 0
	for i := 0; i < len(text); i++ {
		c := text[i]
		if (c == '0' || c == '\\') && i+1 < len(text) && text[i+1]|0x20 == 'x' {
			i++
			continue
		}
		d, ok := nibbleOf(c)
		switch {
		case ok:
			if n > 0 {
				push[n&1](before<<4|d, beforeAt, i+1)
			}
			before, beforeAt = d, i
			n++
		case c == ' ' || c == ':' || c == ',' || c == '-' || c == '\n' || c == '\r':
		default:
			if n > 0 {
				push[0](0, -1, 0)
				push[1](0, -1, 0)
			}
			n = 0
		}
	}
}

// inPieces reads letters and digits alone, as in "k2"+"v9" and in k-2-v-9. Words of
// their own are long, and have no digits.
func (x *Shreds) inPieces(text string, add func(from, to int)) {
	var w window
	push := x.scan(&w, func(from, to int) {
		digit, letter := false, false
		for _, c := range w.chars {
			digit, letter = digit || c <= '9', letter || c > '9'
		}
		if digit && letter {
			add(from, to)
		}
	})
	for i, gap := 0, 0; i < len(text); {
		if !wordByte(text[i]) {
			if gap++; gap > pieceGap {
				w.reset()
			}
			i++
			continue
		}
		end := i
		for end < len(text) && wordByte(text[end]) {
			end++
		}
		if gap = 0; end-i >= shred { // asItStands reads it
			w.reset()
		} else {
			for k := i; k < end; k++ {
				push(text[k], k, k+1)
			}
		}
		i = end
	}
}

// pieceGap is how many other characters there are between two pieces at most.
const pieceGap = 5

func nibbleOf(c byte) (byte, bool) {
	switch {
	case '0' <= c && c <= '9':
		return c - '0', true
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return c | 0x20 - 'a' + 10, true
	}
	return 0, false
}

// inNumbers reads bytes as JSON has them: [109,52,…].
func (x *Shreds) inNumbers(text string, add func(from, to int)) {
	var w window
	numberBytes(text, x.scanOrReset(&w, add))
}

// numberBytes reads numbers in a row. A start below zero is the end of them.
func numberBytes(text string, push func(c byte, start, end int)) {
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c < '0' || c > '9' {
			if c != ',' && c != ' ' && c != '\n' && c != '\r' && c != '\t' {
				push(0, -1, 0)
			}
			continue
		}
		v, j := 0, i
		for ; j < len(text) && text[j] >= '0' && text[j] <= '9'; j++ {
			v = min(v*10+int(text[j]-'0'), 256)
		}
		if v > 255 {
			push(0, -1, 0)
		} else {
			push(byte(v), i, j)
		}
		i = j - 1
	}
}

// inBase64 decodes every word that can be base64, from each of its first four
// characters on: what is before it may belong to it.
func (x *Shreds) inBase64(text string, depth int, add func(from, to int)) {
	for i := 0; i < len(text); {
		if !segmentByte(text[i]) {
			i++
			continue
		}
		end := i
		for end < len(text) && segmentByte(text[end]) {
			end++
		}
		if end-i >= shred*4/3 {
			for k := range 4 {
				from := i + k
				for _, f := range x.find(fromBase64(text[from:end]), depth+1) {
					add(from+f.from*4/3, min(from+(f.to*4+2)/3, end))
				}
			}
		}
		i = end
	}
}

// fromBase64 decodes a word of both alphabets as far as it goes.
func fromBase64(word string) string {
	out := make([]byte, 0, len(word)*3/4)
	acc, n := uint32(0), 0
	for i := range len(word) {
		acc, n = acc<<6|uint32(sixBits(word[i])), n+6
		if n >= 8 {
			n -= 8
			out = append(out, byte(acc>>n))
		}
	}
	return string(out)
}

func sixBits(c byte) byte {
	switch {
	case 'A' <= c && c <= 'Z':
		return c - 'A'
	case 'a' <= c && c <= 'z':
		return c - 'a' + 26
	case '0' <= c && c <= '9':
		return c - '0' + 52
	case c == '+' || c == '-':
		return 62
	}
	return 63
}
