package tokens

import (
	"slices"
	"testing"
)

// everyReading is find without leaving any reading out.
func (x *Shreds) everyReading(text string) (out []shredSpan) {
	add := func(from, to int) { out = append(out, shredSpan{from, to}) }
	var w, as window
	unescaped(text, x.scan(&w, add))
	push := x.scan(&as, add)
	for i := range len(text) {
		push(text[i], i, i+1)
	}
	x.inHex(text, add)
	x.inNumbers(text, add)
	x.inPieces(text, add)
	x.inBase64(text, 0, add)
	return out
}

// covered tells for each byte of a string whether a place covers it.
func covered(text string, places []shredSpan) []bool {
	c := make([]bool, len(text))
	for _, p := range places {
		for i := p.from; i < p.to; i++ {
			c[i] = true
		}
	}
	return c
}

func TestNoReadingIsMissed(t *testing.T) {
	secret := "m4kz7q2xw9rt5yhv8b3ncd6fj2pgs7ua4ekz9m5xq8w2rt7yv3b6hnc4dfj9pgs5"
	x := NewShreds(NewSecret([]byte(secret)))
	for name, form := range forms {
		for _, text := range []string{form(secret), form(secret[:14]), "user " + form(secret[3:17]) + " Ab0x", `{"a":"` + form(secret[20:40]) + `"}`} {
			if !slices.Equal(covered(text, x.find(text, 0)), covered(text, x.everyReading(text))) {
				t.Errorf("%s: other places are found in %q than by every reading", name, text)
			}
		}
	}
}

func FuzzReadings(f *testing.F) {
	secret := "m4kz7q2xw9rt5yhv8b3ncd6fj2pgs7ua4ekz9m5xq8w2rt7yv3b6hnc4dfj9pgs5"
	x := NewShreds(NewSecret([]byte(secret)))
	for _, form := range forms {
		f.Add("say " + form(secret[5:30]) + " of it")
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !slices.Equal(covered(text, x.find(text, 0)), covered(text, x.everyReading(text))) {
			t.Errorf("other places are found in %q than by every reading", text)
		}
	})
}
