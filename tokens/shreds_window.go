package tokens

import ()

// Rules of this file:
//   - a part of a secret is known by its hash; small and capital letters are the same

// shredTop is shredPrime to the power of shred: what a byte that leaves weighs.
var shredTop = func() uint64 {
	p := uint64(1)
	for range shred {
		p *= shredPrime
	}
	return p
}()

// eachShred calls f with the hash of every part of a string, both as it is
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

// window is the last characters of a stream and where they are.
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

// first is where the window's first character is.
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
