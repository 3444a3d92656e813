package files

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"
)

// TestMentionsFindsEveryWord sets the search beside a plain one: each word at
// every place of a string, and strings made of pieces of words.
func TestMentionsFindsEveryWord(t *testing.T) {
	plain := func(src []byte) bool {
		var have uint8
		for _, s := range spoken {
			for w := range strings.FieldsSeq(s.words) {
				if bytes.Contains(src, []byte(w)) {
					have |= s.class
				}
			}
		}
		return have&strongWord != 0 || have == requestWord|tokenWord
	}
	check := func(src string) {
		t.Helper()
		if got, want := Mentions([]byte(src)), plain([]byte(src)); got != want {
			t.Fatalf("%q: %v, want %v", src, got, want)
		}
	}
	var words []string
	for _, s := range spoken {
		for w := range strings.FieldsSeq(s.words) {
			words = append(words, w)
			for before := range 18 {
				for after := range 10 {
					around := func(w string) string { return strings.Repeat(".", before) + w + strings.Repeat(".", after) }
					check(around(w))
					check(around(w[1:]))
					check(around(w[:len(w)-1]))
					check(around("axios" + w))
					check(around(w + "Token"))
				}
			}
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		var b strings.Builder
		for range 1 + r.IntN(6) {
			w := words[r.IntN(len(words))]
			from := r.IntN(len(w))
			b.WriteString(w[from : from+1+r.IntN(len(w)-from)])
			if r.IntN(2) == 0 {
				b.WriteString("  "[:r.IntN(3)])
			}
		}
		check(b.String())
	}
	for _, w := range words {
		if len(w) < 3 {
			t.Errorf("%q is too short to be found at every place", w)
		}
	}
}

// BenchmarkMentions searches a component that says nothing, as nearly every file does.
func BenchmarkMentions(b *testing.B) {
	src := bytes.Repeat([]byte(`import React, { useState, useEffect } from 'react'
import { useItems } from '../hooks/items'

// Shows the list and lets people pick one of its lines.
export function List({ title, onPick }) {
  const [open, setOpen] = useState(false)
  const { items, error, reload } = useItems('/api/items/12')
  useEffect(() => { if (open) reload() }, [open])
  if (error) return <p className="error">{error.message}</p>
  return <ul>{items.map(item => <li key={item.id} onClick={() => onPick(item)}>{item.name}</li>)}</ul>
}
`), 4)
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		if Mentions(src) {
			b.Fatal("it says nothing of ours")
		}
	}
}
