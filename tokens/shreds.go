package tokens

import (
	"sort"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// Rules of this file:
//   - a text that went through Redact shows at most shred-1 characters in a row of any of the secrets, cut anywhere and in any form it reads
//   - it keeps hashes of parts of the secrets and no secret
//   - its time is linear in the text, and so is what it keeps of it

// Shreds recognizes every part of some secrets that is long enough to be told
// from other text: as it is, in capitals, with invisible characters or line
// ends within, with escapes of JSON, HTML and URLs, in hex, in base64.
// It is safe for concurrent use.
type Shreds struct {
	mu    sync.RWMutex
	bloom [1 << 12]uint64
	set   map[uint64]struct{}
	open  map[uint64]struct{} // of what is public
}

const (
	shred      = 12      // characters of a secret that tell it from other text
	maxShreds  = 1 << 18 // of all secrets
	maxOneLen  = 1 << 14 // bytes of one secret that are looked at
	shredDepth = 2       // base64 in base64
	shredPrime = 0x9E3779B97F4A7C15
)

// shredTop is shredPrime to the power of shred: what a byte that leaves weighs.
var shredTop = func() uint64 {
	p := uint64(1)
	for range shred {
		p *= shredPrime
	}
	return p
}()

// NewShreds recognizes parts of the secrets.
func NewShreds(secrets ...Secret) *Shreds {
	x := &Shreds{set: map[uint64]struct{}{}, open: map[uint64]struct{}{}}
	for _, s := range secrets {
		x.Add(s)
	}
	return x
}

// Add recognizes parts of one more secret.
func (x *Shreds) Add(s Secret) {
	x.mu.Lock()
	defer x.mu.Unlock()
	b := s.bytes()
	eachShred(string(b[:min(len(b), maxOneLen)]), func(h uint64) {
		if len(x.set) < maxShreds {
			x.set[h] = struct{}{}
			x.bloom[h>>52] |= 1 << (h >> 46 & 63)
		}
	})
}

// Open says that a text is public, though it may be a part of a secret.
func (x *Shreds) Open(text string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	eachShred(text, func(h uint64) { x.open[h] = struct{}{} })
}

// eachShred calls f with the hash of every part of a text, both as it stands
// and without its escapes.
func eachShred(text string, f func(uint64)) {
	for _, plain := range []bool{false, true} {
		var w window
		push := func(c byte, start, end int) {
			if w.push(c, start); w.full() && !w.same() {
				f(w.hash())
			}
		}
		if plain {
			for i := range len(text) {
				push(text[i], i, i+1)
			}
		} else {
			unescaped(text, push)
		}
	}
}

// window is the last characters of a stream and where they stand.
type window struct {
	sum   uint64
	n     int
	chars [shred]byte
	start [shred]int
}

func (w *window) push(c byte, start int) {
	c = small(c)
	i := w.n % shred
	w.sum = w.sum*shredPrime + uint64(c) + 1
	if w.n >= shred {
		w.sum -= (uint64(w.chars[i]) + 1) * shredTop
	}
	w.chars[i], w.start[i] = c, start
	w.n++
}

func (w *window) reset() { w.sum, w.n = 0, 0 }

func (w *window) full() bool { return w.n >= shred }

// first is where the window's first character stands.
func (w *window) first() int { return w.start[w.n%shred] }

// same reports whether the window is one character again and again: a line, an indentation.
func (w *window) same() bool {
	for _, c := range w.chars {
		if c != w.chars[0] {
			return false
		}
	}
	return true
}

func (w *window) hash() uint64 { return mixed(w.sum) }

func mixed(h uint64) uint64 {
	h ^= h >> 32
	h *= 0xD6E8FEB86659FD93
	return h ^ h>>32
}

// shredSpan is a place in a text.
type shredSpan struct{ from, to int }

// Has reports whether a text contains a part of a secret.
func (x *Shreds) Has(text string) bool {
	return len(x.places(text)) > 0
}

// HasAsWritten is Has for a text in base64 that was decoded and looked at already: its characters
// alone count, as they are or as hex digits.
func (x *Shreds) HasAsWritten(text string) bool {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return len(x.set) > 0 && len(x.find(text, shredDepth)) > 0
}

// Redact puts "…" in the place of every part of a secret.
func (x *Shreds) Redact(text string) string {
	found := x.places(text)
	if len(found) == 0 {
		return text
	}
	sort.Slice(found, func(i, j int) bool { return found[i].from < found[j].from })
	var b strings.Builder
	last := 0
	for _, f := range found {
		if f.from > last || last == 0 {
			b.WriteString(text[last:max(last, f.from)])
			b.WriteString("…")
		}
		last = max(last, f.to)
	}
	b.WriteString(text[last:])
	return b.String()
}

func (x *Shreds) places(text string) []shredSpan {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if len(x.set) == 0 {
		return nil
	}
	return x.find(text, 0)
}

// find gives the places of all parts, in no order.
func (x *Shreds) find(text string, depth int) []shredSpan {
	if len(text) < shred {
		return nil
	}
	var out []shredSpan
	add := func(from, to int) {
		if n := len(out); n > 0 && from <= out[n-1].to && from >= out[n-1].from {
			out[n-1].to = max(out[n-1].to, to)
			return
		}
		out = append(out, shredSpan{from, to})
	}
	may := readingsOf(text)
	x.asItStands(text, add)
	if may.unescape {
		var w window
		unescaped(text, x.scan(&w, add))
	}
	if may.hex {
		x.inHex(text, add)
	}
	if may.numbers {
		x.inNumbers(text, add)
	}
	if may.pieces {
		x.inPieces(text, add)
	}
	if may.base64 && depth < shredDepth {
		x.inBase64(text, depth, add)
	}
	return out
}

// scan gives what takes the characters of a stream and reports parts of secrets.
func (x *Shreds) scan(w *window, add func(from, to int)) func(c byte, start, end int) {
	return func(c byte, start, end int) {
		w.push(c, start)
		if !w.full() {
			return
		}
		h := w.hash()
		if x.bloom[h>>52]>>(h>>46&63)&1 == 0 {
			return
		}
		if x.hidden(h) {
			add(w.first(), end)
		}
	}
}

// inHex reads hex digits in a row, or in pairs with something between them, as
// in "6d 34" and "\x6d\x34", from the first digit and from the second.
func (x *Shreds) inHex(text string, add func(from, to int)) {
	var w [2]window
	push := [2]func(c byte, start, end int){x.scan(&w[0], add), x.scan(&w[1], add)}
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
				w[0].reset()
				w[1].reset()
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

// pieceGap is how many other characters stand between two pieces at most.
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
	push := x.scan(&w, add)
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c < '0' || c > '9' {
			if c != ',' && c != ' ' && c != '\n' && c != '\r' && c != '\t' && w.n > 0 {
				w.reset()
			}
			continue
		}
		v, j := 0, i
		for ; j < len(text) && text[j] >= '0' && text[j] <= '9'; j++ {
			v = min(v*10+int(text[j]-'0'), 256)
		}
		if v > 255 {
			w.reset()
		} else {
			push(byte(v), i, j)
		}
		i = j - 1
	}
}

// inBase64 decodes every word that can be base64, from each of its first four
// characters on: what stands before it may belong to it.
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

// unescaped gives the characters of a text without what can't be seen (blanks,
// line ends, controls, zero-width characters, colors of a terminal) and with
// the escapes of URLs, JSON, JavaScript and HTML undone.
func unescaped(text string, push func(c byte, start, end int)) {
	var buf [utf8.UTFMax]byte
	for i := 0; i < len(text); {
		c := text[i]
		if c > ' ' && c < 0x7F && c != '%' && c != '=' && c != '\\' && c != '&' && c != '<' {
			push(c, i, i+1)
			i++
			continue
		}
		r, n := escapeAt(text[i:])
		if n == 0 {
			r, n = utf8.DecodeRuneInString(text[i:])
			if r == utf8.RuneError && n == 1 {
				push(c, i, i+1)
				i++
				continue
			}
		}
		if r == 0x1B || r == '␛' {
			n += colorCode(text[i+n:])
		}
		if r >= 0xFF01 && r <= 0xFF5E { // as wide as two
			r -= 0xFEE0
		}
		if !unseenRune(r) {
			for _, c := range buf[:utf8.EncodeRune(buf[:], r)] {
				push(c, i, i+n)
			}
		}
		i += n
	}
}

func unseenRune(r rune) bool {
	return r <= ' ' || r >= 0x7F && (r == 0x7F || r >= 0x2400 && r <= 0x2421 || !unicode.IsGraphic(r) || unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Mn, r))
}

// colorCode gives the length of the rest of a terminal's escape.
func colorCode(s string) int {
	if s == "" || s[0] != '[' {
		return 0
	}
	for i := 1; i < min(len(s), 24); i++ {
		if s[i] >= 0x40 && s[i] <= 0x7E {
			return i + 1
		}
	}
	return 0
}

// escapeAt reads the escape that a text begins with; n is 0 for none.
func escapeAt(s string) (r rune, n int) {
	switch s[0] {
	case '%':
		i := 1
		for strings.HasPrefix(s[i:], "25") && len(s) >= i+4 { // escaped twice
			if _, ok := hexRune(s[i+2 : i+4]); !ok {
				break
			}
			i += 2
		}
		if len(s) >= i+2 {
			if r, ok := hexRune(s[i : i+2]); ok {
				return r, i + 2
			}
		}
	case '\\':
		i := 1
		for i < len(s) && s[i] == '\\' { // escaped twice
			i++
		}
		if i == len(s) {
			return '\\', i
		}
		switch s[i] {
		case 'u', 'x':
			if strings.HasPrefix(s[i:], "u{") {
				if end := strings.IndexByte(s[i:min(len(s), i+12)], '}'); end > 2 {
					if r, ok := hexRune(s[i+2 : i+end]); ok {
						return r, i + end + 1
					}
				}
			}
			digits := 2
			if s[i] == 'u' {
				digits = 4
			}
			if len(s) > i+digits {
				if r, ok := hexRune(s[i+1 : i+1+digits]); ok {
					return r, i + 1 + digits
				}
			}
		case '0', '1':
			if len(s) >= i+3 && octal(s[i+1]) && octal(s[i+2]) {
				return rune(s[i]-'0')<<6 | rune(s[i+1]-'0')<<3 | rune(s[i+2]-'0'), i + 3
			}
		case 'n', 'r', 't':
			return ' ', i + 1
		case '"', '\'', '/', '`':
			return rune(s[i]), i + 1
		}
		return '\\', i
	case '=': // quoted-printable
		if len(s) >= 3 && s[1] < 'a' && s[2] < 'a' {
			if r, ok := hexRune(s[1:3]); ok && r < 0x7F {
				return r, 3
			}
		}
	case '&':
		end := strings.IndexByte(s[:min(len(s), 12)], ';')
		if end < 2 {
			return 0, 0
		}
		name := s[1:end]
		if digits, ok := strings.CutPrefix(name, "#"); ok {
			base := 10
			if strings.HasPrefix(digits, "x") || strings.HasPrefix(digits, "X") {
				digits, base = digits[1:], 16
			}
			if v, err := strconv.ParseUint(digits, base, 21); err == nil {
				return rune(v), end + 1
			}
			return 0, 0
		}
		for k, v := range map[string]rune{"amp": '&', "lt": '<', "gt": '>', "quot": '"', "apos": '\'', "nbsp": ' ', "shy": ' '} {
			if name == k {
				return v, end + 1
			}
		}
	case '<': // as sanitize.Visible writes what can't be seen
		if end := strings.IndexByte(s[:min(len(s), 12)], '>'); end > 3 && s[1] == 'U' && s[2] == '+' {
			if r, ok := hexRune(s[3:end]); ok {
				return r, end + 1
			}
		}
	}
	return 0, 0
}

func octal(c byte) bool { return '0' <= c && c <= '7' }

func hexRune(digits string) (rune, bool) {
	v := rune(0)
	if digits == "" || len(digits) > 7 {
		return 0, false
	}
	for i := range len(digits) {
		d, ok := nibbleOf(digits[i])
		if !ok {
			return 0, false
		}
		v = v<<4 | rune(d)
	}
	return v, v <= unicode.MaxRune
}
