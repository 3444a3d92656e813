package files

import (
	"bytes"
	"encoding/binary"
	"path"
	"strings"
	"sync"
)

// A source file is read closely only if it says something: one of the strong
// words, or a request and a token. What such a file imports is read when it
// is needed. All of a project's text goes through this search, so it looks at
// every second pair of letters only: each word is known by two pairs, the
// rarest that start at an even and at an odd distance into it, and one of the
// two falls on a pair that is looked at.

const (
	strongWord uint8 = 1 << iota
	requestWord
	tokenWord
)

// spoken are the words that matter; none is shorter than three letters.
var spoken = [...]struct {
	class uint8
	words string
}{
	{strongWord, "tream STREAM SECRET jwt JWT jsonwebtoken 'jose' \"jose\" dotenv listen( createHmac loadEnvFile $env/ getenv environ ENV[ ENV. Getenv " +
		".serve( serve({ API_KEY apiKey apiSecret window.fetch globalThis.fetch"},
	{requestWord, "fetch( fetch< axios .post( .post< .get("},
	{tokenWord, "oken credential Credential"},
}

// word is a string and the place in it of the pair by which it is known.
type word struct {
	text string
	at   int
	bit  uint8
}

// wordTable knows the words by their pairs: a bit for each of the 65,536, and
// the words after them, by a sum of the two letters.
type wordTable struct {
	pairs [1 << 16 / 64]uint64
	words [256][]word
}

var wordsByPair = sync.OnceValue(func() *wordTable {
	t := &wordTable{}
	for _, s := range spoken {
		for text := range strings.FieldsSeq(s.words) {
			for odd := range 2 {
				at := odd
				for i := odd; i+1 < len(text); i += 2 {
					if rarity(text[i:i+2]) > rarity(text[at:at+2]) {
						at = i
					}
				}
				pair := uint16(text[at]) | uint16(text[at+1])<<8
				t.pairs[pair>>6] |= 1 << (pair & 63)
				slot := &t.words[pairSlot(pair)]
				*slot = append(*slot, word{text, at, s.class})
			}
		}
	}
	return t
})

// commonPairs are the pairs of these words that are in JavaScript most
// often, the most common first, as counted in some hundred npm packages.
const commonPairs = "on er re st te at se ti en is et de io nt ed le tr al ea po ro ec ge to li ch ve ac am ad il ot lo ma e( ke ap so cr t( .s os fe ey vi pi Se .p ir do tc n( ok ia"

func rarity(pair string) int {
	if i := strings.Index(commonPairs, pair); i >= 0 {
		return i
	}
	return len(commonPairs)
}

func pairSlot(pair uint16) uint8 { return uint8(pair) + uint8(pair>>8)*31 }

// Mentions tells whether a source text is worth a close look.
func Mentions(src []byte) bool {
	t := wordsByPair()
	var have uint8
	i := 0
	for ; i+8 <= len(src); i += 8 {
		x := binary.LittleEndian.Uint64(src[i:])
		a, b, c, d := uint16(x), uint16(x>>16), uint16(x>>32), uint16(x>>48)
		hit := t.pairs[a>>6]>>(a&63) | t.pairs[b>>6]>>(b&63) | t.pairs[c>>6]>>(c&63) | t.pairs[d>>6]>>(d&63)
		if hit&1 != 0 && t.found(src, i, i+8, &have) {
			return true
		}
	}
	return t.found(src, i, len(src), &have)
}

// found looks at the pairs from one place to another, adds to have what their
// words say, and tells whether that is enough.
func (t *wordTable) found(src []byte, from, to int, have *uint8) bool {
	for i := from; i+1 < to; i += 2 {
		pair := uint16(src[i]) | uint16(src[i+1])<<8
		if t.pairs[pair>>6]>>(pair&63)&1 == 0 {
			continue
		}
		for _, w := range t.words[pairSlot(pair)] {
			at := i - w.at
			if *have&w.bit != 0 || at < 0 || at+len(w.text) > len(src) || string(src[at:at+len(w.text)]) != w.text {
				continue
			}
			*have |= w.bit
			if *have&strongWord != 0 || *have == requestWord|tokenWord {
				return true
			}
		}
	}
	return false
}

// appMentions tells a source of an app that may request a token without
// saying Stream: Retrofit's interface, a client's base URL.
func appMentions(name string, src []byte) bool {
	switch path.Ext(name) {
	case ".kt", ".java", ".dart", ".swift", ".cs":
		return bytes.Contains(src, []byte("aseUrl")) || bytes.Contains(src, []byte("oken")) && (bytes.Contains(src, []byte("http")) || bytes.Contains(src, []byte("URLRequest")))
	}
	return false
}

// minified tells code that no one wrote: long lines, or a name that says so.
func minified(name string, src []byte) bool {
	if strings.Contains(name, ".min.") || strings.HasSuffix(name, ".bundle.js") {
		return true
	}
	if len(src) < 32<<10 {
		return false
	}
	return bytes.Count(src[:16<<10], []byte{'\n'}) < 16
}
