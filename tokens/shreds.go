package tokens

import (
	"sort"
	"strings"
	"sync"
)

// Rules of this file:
//   - a string that went through Redact shows at most shred-1 characters in a row of any of the secrets, cut anywhere and in any form it reads
//   - it keeps hashes of parts of the secrets and no secret
//   - its time is linear in the text, and so is what it keeps of it

// Shreds recognizes every part of some secrets that is long enough to be told
// from other text: as it is, in capitals, with invisible characters or
// newlines within, with escapes of JSON, HTML and URLs, in hex, in base64.
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

// NewShreds recognizes parts of the secrets.
//
//go:noinline
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

// Open says that a string is public, though it may be a part of a secret.
func (x *Shreds) Open(text string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	eachShred(text, func(h uint64) { x.open[h] = struct{}{} })
}

// shredSpan is a place in a string.
type shredSpan struct{ from, to int }

// Has reports whether a string contains a part of a secret.
func (x *Shreds) Has(text string) bool {
	return len(x.places(text)) > 0
}

// HasAsWritten is Has for a string in base64 that was decoded and looked at already: its characters
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

// scan returns the function that receives the characters of a stream and reports parts of secrets.
//
//go:noinline
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
