package tokens

import (
	"bytes"
	"crypto/sha256"
	"crypto/sha512"
	"encoding"
	"encoding/binary"
	"hash"
	"slices"
)

// worker tries secrets: it has the buffers of an HMAC, with the signed bytes
// already in place after the inner key block.
type worker struct {
	s     *search
	make  maker
	at    int // the candidate in hand
	job   int // the job in hand
	tries int
	found []trial
	room  []byte

	inner, outer []byte
	block        int // of the hash: 64 for SHA-256, 128 for its longer kin

	hash  hash.Hash // SHA-256, for messages that end with their padding
	state []byte    // what it exports
}

func newWorker(s *search) *worker {
	w := &worker{s: s}
	w.make.emit = w.try
	return w
}

// try computes the HMAC of the input with the secret v, for each hash that the
// goals need, and records a hit.
func (w *worker) try(v []byte) {
	size := 0
	var mac []byte
	for i := range w.s.goals {
		g := &w.s.goals[i]
		if g.size != size {
			size = g.size
			mac = w.sum(v, size)
			w.tries++
		}
		if bytes.HasPrefix(mac, g.want) {
			w.hit(v, *g)
			break
		}
	}
	if w.tries&511 == 0 && w.s.ctx.Err() != nil {
		w.make.stop = true
	}
}

// hit records a match, once per candidate and number of damages.
func (w *worker) hit(v []byte, g goal) {
	h := Hit{Length: len(v), Signed: NewSecret(v).Fingerprint()}
	h.Damages = append(h.Damages, w.make.ids[:w.make.n]...)
	if w.make.np > 0 {
		h.Positions = slices.Clone(w.make.pos[:w.make.np])
		slices.Sort(h.Positions)
	}
	w.found = append(w.found, trial{hit: h, at: w.at, order: w.job, goal: g})
}

// sum is HMAC with SHA-256, -384 or -512. Hashing one buffer that holds key
// block and message side by side spares the copies and calls that crypto/hmac
// makes for each new key.
func (w *worker) sum(key []byte, size int) []byte {
	block := 64
	if size > 32 {
		block = 128
	}
	if w.block != block {
		w.block = block
		w.inner = append(make([]byte, block, block+len(w.s.input)+2*sha256.BlockSize), w.s.input...)
		w.outer = make([]byte, block, 2*block)
		if size == sha256.Size {
			w.inner = padded(w.inner)
			w.outer = padded(w.outer[:block+sha256.Size])
			w.hash = sha256.New()
		}
	}
	if len(key) > block {
		key = w.hashed(key, size)
	}
	in, out := w.inner[:block], w.outer[:block]
	for i, c := range key {
		in[i], out[i] = c^0x36, c^0x5c
	}
	for i := len(key); i < block; i++ {
		in[i], out[i] = 0x36, 0x5c
	}
	switch size {
	case 48:
		h := sha512.Sum384(w.inner)
		h = sha512.Sum384(append(out, h[:]...))
		return append(w.outer[:block], h[:]...)[block:]
	case 64:
		h := sha512.Sum512(w.inner)
		h = sha512.Sum512(append(out, h[:]...))
		return append(w.outer[:block], h[:]...)[block:]
	}
	copy(w.outer[block:], w.sha256(w.inner))
	return w.sha256(w.outer)
}

// padded ends a message of SHA-256 as the hash itself would: with one bit, zeros, and its length in bits.
func padded(b []byte) []byte {
	bits := uint64(len(b)) * 8
	b = append(b, 0x80)
	for len(b)%sha256.BlockSize != sha256.BlockSize-8 {
		b = append(b, 0)
	}
	return binary.BigEndian.AppendUint64(b, bits)
}

// sha256 is the SHA-256 of a padded message: the state after its last block. Reading it spares the copy and the
// padding that Sum makes, a quarter of the time.
func (w *worker) sha256(padded []byte) []byte {
	w.hash.Reset()
	_, _ = w.hash.Write(padded)
	w.state, _ = w.hash.(encoding.BinaryAppender).AppendBinary(w.state[:0])
	return w.state[len("sha\x03"):][:sha256.Size]
}

func (w *worker) hashed(key []byte, size int) []byte {
	switch size {
	case 48:
		h := sha512.Sum384(key)
		return h[:]
	case 64:
		h := sha512.Sum512(key)
		return h[:]
	}
	h := sha256.Sum256(key)
	return h[:]
}
