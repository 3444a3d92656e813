package probe

import "bytes"

// A source file is read closely only if it says something: one of the strong
// words, or a request and a token. What such a file imports is read when it
// is needed. The search goes over the text once; each word is recognised at
// its rarest letter.

// word is a text and the place of the letter at which it is recognised.
type word struct {
	text string
	at   int
	bit  uint8
}

const (
	strongWord uint8 = 1 << iota
	requestWord
	tokenWord
)

var anchors = func() (t [256][]word) {
	for _, w := range []struct {
		text  string
		at    int
		class uint8
	}{
		{"tream", 4, strongWord}, {"STREAM", 0, strongWord}, {"SECRET", 0, strongWord}, {"jwt", 0, strongWord}, {"JWT", 0, strongWord}, {"jsonwebtoken", 0, strongWord},
		{"'jose'", 1, strongWord}, {`"jose"`, 1, strongWord}, {"dotenv", 5, strongWord}, {"listen(", 6, strongWord}, {"createHmac", 6, strongWord}, {"loadEnvFile", 4, strongWord},
		{"$env/", 3, strongWord}, {"getenv", 5, strongWord}, {"environ", 3, strongWord}, {"ENV[", 2, strongWord}, {"ENV.", 2, strongWord}, {"Getenv", 5, strongWord},
		{".serve(", 6, strongWord}, {"serve({", 5, strongWord}, {"API_KEY", 4, strongWord}, {"apiKey", 3, strongWord}, {"apiSecret", 3, strongWord},
		{"fetch(", 5, requestWord}, {"fetch<", 5, requestWord}, {"axios", 1, requestWord}, {".post(", 5, requestWord}, {".post<", 5, requestWord}, {".get(", 4, requestWord},
		{"oken", 1, tokenWord}, {"redential", 2, tokenWord},
	} {
		c := w.text[w.at]
		t[c] = append(t[c], word{w.text, w.at, w.class})
	}
	return t
}()

// isAnchor is the small table that most letters end at.
var isAnchor = func() (t [256]bool) {
	for c, ws := range anchors {
		t[c] = ws != nil
	}
	return t
}()

// mentions tells whether a source text is worth a close look.
func mentions(src []byte) bool {
	var have uint8
	for i, c := range src {
		if !isAnchor[c] {
			continue
		}
		ws := anchors[c]
		for j := range ws {
			w := &ws[j]
			from := i - w.at
			if have&w.bit != 0 || from < 0 || from+len(w.text) > len(src) || string(src[from:from+len(w.text)]) != w.text {
				continue
			}
			have |= w.bit
			if have&strongWord != 0 || have == requestWord|tokenWord {
				return true
			}
		}
	}
	return false
}

// minified tells code that nobody wrote: long lines, or a name that says so.
func minified(name string, src []byte) bool {
	if bytes.Contains([]byte(name), []byte(".min.")) || bytes.HasSuffix([]byte(name), []byte(".bundle.js")) {
		return true
	}
	if len(src) < 32<<10 {
		return false
	}
	return bytes.Count(src[:16<<10], []byte{'\n'}) < 16
}
