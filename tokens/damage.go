package tokens

import (
	"bytes"
	"sync"
)

// Rules of this file and damage_*.go:
//   - there is one table of what happens to secrets; FindSigner tries it, Compare
//     names differences by it, DamageSecret corrupts a secret on purpose
//   - a row is a function from a secret's bytes to those that are used instead;
//     rows that add something have an opposite, because either may be the right one
//   - rows write into the caller's buffers: nothing is allocated per try

// Damage is one way in which a secret gets corrupted between the dashboard and the HMAC.
type Damage struct {
	ID    string // "trailing-space", "base64-decoded", …
	Cause string // the cause id of the catalogue: secret-whitespace, secret-quoted …
	Says  string // "plus one trailing space"
}

// The causes of the table's rows, by the ids of package causes.
const (
	causeWhitespace = "secret-whitespace"
	causeInvisible  = "secret-invisible"
	causeQuoted     = "secret-quoted"
	causeEncoding   = "secret-encoding"
	causeCase       = "secret-case"
	causeTruncated  = "secret-truncated"
	causePadded     = "secret-padded"
	causeTypo       = "secret-typo"
)

// row is a line of the table: either one variant of the secret, or many.
type row struct {
	Damage
	one  func(m *maker, dst, s []byte) []byte
	many func(m *maker, s []byte)
	pair bool // common enough to be tried together with each other such row
}

// maker makes variants of a secret and passes each to emit. The variant is valid
// until emit returns.
type maker struct {
	name string // the variable that holds the secret, "" if unknown
	emit func(v []byte)

	ids [2]string // the rows that made the current variant
	n   int       // how many of ids count
	pos [2]int    // character positions, for what happens at a position
	np  int

	a, b []byte // the variant, and the first half of a pair
	stop bool   // set by emit's owner to end the work early
}

// table is all rows, made when first needed.
var table = sync.OnceValue(func() []row {
	var t []row
	t = append(t, blankRows()...)
	t = append(t, quoteRows()...)
	t = append(t, codeRows()...)
	t = append(t, extentRows()...)
	return append(t, typoRows()...)
})

var pairRows = sync.OnceValue(func() []row {
	var t []row
	for _, r := range table() {
		if r.pair {
			t = append(t, r)
		}
	}
	return t
})

// DamageByID returns a row of the table.
//
//go:noinline
func DamageByID(id string) (Damage, bool) {
	for _, r := range table() {
		if r.ID == id {
			return r.Damage, true
		}
	}
	return Damage{}, false
}

// DamageSecret applies one row to a secret and returns the first variant that
// differs from it; for rows that change one position, a variant in its middle.
// name is the variable that holds the secret, for rows that need it. ok is false
// for an unknown id and if the row changes nothing.
func DamageSecret(id string, s Secret, name string) (damaged Secret, ok bool) {
	m := maker{name: name}
	m.emit = func(v []byte) {
		if m.np == 0 || m.pos[0] >= s.Len()/2 {
			damaged, ok, m.stop = NewSecret(v), true, true
		}
	}
	for _, r := range table() {
		if r.ID == id {
			m.apply(r, s.bytes())
			break
		}
	}
	return damaged, ok
}

// The longest secret that rows are tried on, and how far cuts go into it.
const (
	maxDamaged = 4096
	maxCut     = 256
)

// apply emits a row's variants of s.
func (m *maker) apply(r row, s []byte) {
	m.ids[0], m.n, m.np = r.ID, 1, 0
	if r.many != nil {
		r.many(m, s)
		return
	}
	m.a = r.one(m, m.a[:0], s)
	m.give(m.a, s)
}

// singles emits every variant that one row makes, except typos.
func (m *maker) singles(s []byte) {
	for _, r := range table() {
		if r.Cause == causeTypo {
			continue
		}
		if m.apply(r, s); m.stop {
			return
		}
	}
}

// pairs emits every variant that two rows of the pair class make, one after
// the other.
func (m *maker) pairs(s []byte) {
	rows := pairRows()
	for i, first := range rows {
		if m.b = first.one(m, m.b[:0], s); len(m.b) == 0 || bytes.Equal(m.b, s) {
			continue
		}
		for j, second := range rows {
			if i == j {
				continue
			}
			m.ids, m.n, m.np = [2]string{first.ID, second.ID}, 2, 0
			m.a = second.one(m, m.a[:0], m.b)
			if bytes.Equal(m.a, m.b) {
				continue
			}
			if m.give(m.a, s); m.stop {
				return
			}
		}
	}
}

// give emits v unless it's the secret itself or empty.
func (m *maker) give(v, s []byte) {
	if len(v) > 0 && !m.stop && !bytes.Equal(v, s) {
		m.emit(v)
	}
}

// wrapped is a secret with something before and after it.
type wrapped struct {
	id, says, before, after string
	pair                    bool
}

// wraps are the rows of a table of these.
func wraps(cause string, of []wrapped) (t []row) {
	for _, w := range of {
		t = append(t, row{Damage: Damage{w.id, cause, w.says}, one: around(w.before, w.after), pair: w.pair})
	}
	return t
}

// changeRow is the row of a secret that a function changes. It isn't inlined: there are many.
//
//go:noinline
func changeRow(cause, id, says string, f func(dst, s []byte) []byte, pair bool) row {
	return row{Damage: Damage{id, cause, says}, one: plain(f), pair: pair}
}

// around returns a row's function that adds text before and after.
//
//go:noinline
//go:noinline
func around(before, behind string) func(*maker, []byte, []byte) []byte {
	return func(_ *maker, dst, s []byte) []byte {
		return append(append(append(dst, before...), s...), behind...)
	}
}

// plain turns a function that needs no maker into a row's.
//
//go:noinline
func plain(f func(dst, s []byte) []byte) func(*maker, []byte, []byte) []byte {
	return func(_ *maker, dst, s []byte) []byte { return f(dst, s) }
}
