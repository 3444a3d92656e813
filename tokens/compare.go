package tokens

import (
	"bytes"
	"slices"
	"unicode/utf8"
)

// Difference says how two secrets differ without revealing them.
type Difference struct {
	Equal     bool     `json:"equal"`
	LenA      int      `json:"lenA"`
	LenB      int      `json:"lenB"`
	Damages   []string `json:"damages,omitempty"`   // b is a under these
	Positions []int    `json:"positions,omitempty"` // 0-based character positions that differ, where lengths agree
}

// maxPositions bounds Difference.Positions: two secrets that have nothing in
// common differ everywhere, and that is enough to know.
const maxPositions = 64

// leastWhole is the shortest secret that isn't part of another text by accident.
const leastWhole = 16

// Compare says how b differs from a.
func Compare(a, b Secret) Difference {
	x, y := a.bytes(), b.bytes()
	d := Difference{Equal: bytes.Equal(x, y), LenA: len(x), LenB: len(y)}
	if d.Equal || len(x) == 0 || len(y) == 0 {
		return d
	}
	d.Positions = positions(x, y)
	if len(x) > maxDamaged || len(y) > maxDamaged {
		return d
	}
	m := maker{}
	m.emit = func(v []byte) {
		if bytes.Equal(v, y) {
			d.Damages = slices.Clone(m.ids[:m.n])
			m.stop = true
		}
	}
	if m.singles(x); !m.stop {
		m.pairs(x)
	}
	if name, repeats := bytes.CutSuffix(y, x); !m.stop && repeats && len(name) > 1 && name[len(name)-1] == '=' && isName(string(name[:len(name)-1])) {
		d.Damages, m.stop = []string{"own-name"}, true
	}
	if !m.stop && len(x) >= leastWhole && len(y) > len(x)+1 && bytes.Contains(y, x) {
		d.Damages, m.stop = []string{idMore}, true
	}
	if !m.stop {
		d.Damages = typosBetween(x, y, d.Positions)
	}
	if !m.stop && d.Damages == nil && len(y) >= leastPiece && bytes.Contains(x, y) {
		d.Damages = []string{idInside}
	}
	return d
}

// leastPiece is the shortest piece of a secret that isn't one by accident.
const leastPiece = 12

// positions lists the characters that differ, if a and b have the same length.
func positions(a, b []byte) []int {
	if utf8.RuneCount(a) != utf8.RuneCount(b) {
		return nil
	}
	var out []int
	for i := 0; len(a) > 0 && len(out) < maxPositions; i++ {
		r, n := utf8.DecodeRune(a)
		q, k := utf8.DecodeRune(b)
		if r != q || n != k || n == 1 && a[0] != b[0] {
			out = append(out, i)
		}
		a, b = a[n:], b[k:]
	}
	return out
}

// typosBetween names up to two typos that lead from a to b, nil for more.
func typosBetween(a, b []byte, differ []int) []string {
	switch n := len(differ); {
	case n == 2 && len(a) == len(b) && differ[1] == differ[0]+1 && a[differ[0]] == b[differ[1]] && a[differ[1]] == b[differ[0]]:
		return []string{idSwapped}
	case n == 1 || n == 2:
		return slices.Repeat([]string{idReplaced}, n)
	}
	id, long, short := idMissing, a, b
	if len(a) < len(b) {
		id, long, short = idExtra, b, a
	}
	if n := len(long) - len(short); (n == 1 || n == 2) && within(long, short) {
		return slices.Repeat([]string{id}, n)
	}
	return nil
}

// within reports whether short is long with some bytes left out.
func within(long, short []byte) bool {
	for _, c := range long {
		if len(short) > 0 && short[0] == c {
			short = short[1:]
		}
	}
	return len(short) == 0
}
