package plain

import (
	"strings"
	"testing"
)

// A search of a long text finds what a search of a short one does.
func TestGramsRuleOutNothingThatIsThere(t *testing.T) {
	filler := strings.Repeat("nothing of it; ", 2*longText/15)
	for _, word := range []string{"signatureisnotvalid", "abc", "abcd", "{", "é", "tokenisexpired(exp)"} {
		for _, text := range []string{word + filler, filler + word, filler[:longText-2] + word + filler} {
			q := Squeeze(text)
			if q.has.bits == nil {
				t.Fatal("this text isn't long")
			}
			if _, ok := q.Find(word, 0); !ok || !q.Has(word) {
				t.Errorf("%q isn't found in a long text", word)
			}
		}
	}
	if !GramsOf(filler).Lack("signature") || GramsOf("short").Lack("signature") {
		t.Error("a long text lacks what isn't in it, and a short one isn't judged")
	}
}
