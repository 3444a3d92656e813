package inspect

import (
	"encoding/json"
	"strings"
	"sync"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/inspect/plain"
)

// Rules of this file:
//   - a string that isn't from Stream but belongs to a step of getting a token leads on: what it means, which page, what to type
//   - a row is found by words that its author writes; another service's own errors aren't rows

// related is a string of an SDK, a library, a browser or a server.
type related struct {
	any   []string // sentences of which one is in the text
	also  []string // of which one has to be there, too; none: nothing more
	not   []string // of which none may be there
	json  bool     // only where the whole text is one JSON object
	kind  Kind
	is    string
	says  []string
	cause causes.ID
	fault bool // the text itself proves the cause
}

const (
	fromSDK     = "an error from Stream's SDK, before anything was sent to Stream"
	fromBackend = "an error from the backend's own JWT library, not from Stream"
	fromBrowser = "an error on the way to the token endpoint, not from Stream"
	fromServer  = "an error from the backend, not from Stream"
	runCheck    = "To see which it is: badsig check"
)

func prepareRelated(all []related) []related {
	for i := range all {
		for _, words := range [][]string{all[i].any, all[i].also, all[i].not} {
			for j := range words {
				words[j] = plain.SqueezeWord(words[j])
			}
		}
	}
	return all
}

// relatedRows is every table, the most special first.
var relatedRows = sync.OnceValue(func() []related { // not at the start of every command
	return prepareRelated(append(append(append([]related{}, sdkRows...), libraryRows...), networkRows...))
})

// found is a row at its place.
type found struct {
	*related
	plain.Spot
}

// relatedIn gives the rows that a string matches, in the order of the table, at most three.
func relatedIn(p *pasted) []found {
	var out []found
	rows := relatedRows()
	for i := range rows {
		r := &rows[i]
		at, ok := plain.Spot{}, false
		for _, w := range r.any {
			if at, ok = p.Q.Find(w, 0); ok {
				break
			}
		}
		if !ok || r.json && !p.object() || len(r.also) > 0 && !p.Q.Has(r.also...) || p.Q.Has(r.not...) {
			continue
		}
		if p.asset(at) {
			continue
		}
		if out = append(out, found{r, at}); len(out) == 3 {
			break
		}
	}
	return out
}

// asset recognizes a request for an image, a style, code, or one of many in a log: no token comes from there.
func (p *pasted) asset(at plain.Spot) bool {
	line := p.Text[strings.LastIndexByte(p.Text[:at.From], '\n')+1 : at.From]
	if full, _, _ := affix.Cut(p.Text[at.From-len(line):], "\n"); len(full) < 4096 {
		if path, _, ok := requestLogged(full); ok && p.passing(path) {
			return true
		}
	}
	_, url, ok := affix.Cut(line, "://")
	if !ok {
		return false
	}
	url, _, _ = affix.Cut(url, " ")
	url, _, _ = affix.Cut(url, "?")
	for _, ext := range []string{".ico", ".png", ".jpg", ".svg", ".webp", ".css", ".map", ".js", ".mjs", ".woff", ".woff2", ".webmanifest", ".json"} {
		if affix.HasSuffix(url, ext) {
			return true
		}
	}
	return false
}

// object reports whether the text is one JSON object, as a server's response is.
func (p *pasted) object() bool {
	return len(p.Raw) < 4000 && p.Raw[0] == '{' && p.Raw[len(p.Raw)-1] == '}' && json.Valid([]byte(p.Raw))
}

// portMarks come before a port.
var portMarks = []string{"127.0.0.1:", "localhost:", "0.0.0.0:", "::1]:", "::1:", ":::", "10.0.2.2:", "[::]:", "tcp :", "127.0.0.1', ", "0.0.0.0', ", "port: ", "port = ", "port=", "port:", "Port ", "port "}

// port is the port that a string names first after a place, or else last before it; "" for none.
func (p *pasted) port(at int) string {
	from := max(0, at-2000)
	text := p.Text[from:min(len(p.Text), at+2000)]
	at -= from
	before, after := -1, len(text)
	for _, mark := range portMarks {
		for i := 0; ; {
			n := strings.Index(text[i:], mark)
			if n < 0 {
				break
			}
			i += n + len(mark)
			if end := plain.Digits(text, i); end-i < 2 || end-i > 5 {
				continue
			}
			if i < at {
				before = max(before, i)
			} else {
				after = min(after, i)
			}
		}
	}
	switch {
	case after < len(text):
		return text[after:plain.Digits(text, after)]
	case before >= 0:
		return text[before:plain.Digits(text, before)]
	}
	return ""
}
