package inspect

import (
	"hash/maphash"

	"badsig/checks/affix"
	"badsig/checks/sanitize"
	"badsig/tokens"
)

// Rules of this file:
//   - all that a Finding says has gone through redacted, at the end, but for badsig's own words and numbers
//   - claims of which a part isn't shown aren't shown in base64 either
//   - a list remembers only strings and what exactly became of them; one more known secret, and it forgets them all

// redact removes known secrets in any form, what has a secret's shape, and
// signatures from a string.
func (in *Inspector) redact(text string) string {
	switch {
	case text == "":
		return ""
	case in.Keys == nil:
		return tokens.RedactSecrets(tokens.RedactTokens(text))
	case in.many != nil:
		return in.many.redacted.of(text, in.many.values, in.Keys.Redact)
	}
	return in.Keys.Redact(text)
}

// holds reports whether a string contains a secret of this project.
func (in *Inspector) holds(text string) bool {
	switch {
	case in.Keys == nil || text == "":
		return false
	case in.many != nil:
		return in.many.held.of(text, in.many.values, in.Keys.Holds)
	}
	return in.Keys.Holds(text)
}

// count notes how many secrets are known now: a search may have found one more.
func (in *Inspector) count() {
	if in.many != nil {
		in.many.values = in.Keys.Known()
	}
}

// memory remembers the last results of a function of a string and of how many
// secrets are known: token after token, nearly all sentences are the same.
type memory[T any] struct {
	known int
	seed  maphash.Seed
	last  []remembered[T]
}

type remembered[T any] struct {
	text   string
	result T
}

const (
	memorySize = 128 // strings
	memoryText = 512 // bytes of one
)

func (m *memory[T]) of(text string, known int, f func(string) T) T {
	if len(text) > memoryText {
		return f(text)
	}
	if m.last == nil || m.known != known {
		m.known, m.seed, m.last = known, maphash.MakeSeed(), make([]remembered[T], memorySize)
	}
	r := &m.last[maphash.String(m.seed, text)%memorySize]
	if r.text != text {
		r.result = f(text)
		r.text = text
	}
	return r.result
}

// redacted removes what may not be shown from all that a Finding says.
func (in *Inspector) redacted(f *Finding) {
	in.count()
	user := f.UserID
	if e := f.Error; e != nil {
		own := *e // what quotes the paste isn't only in what is said, but in the document, too
		own.Message, own.Key, own.Operation = in.redact(e.Message), in.redact(e.Key), in.redact(e.Operation)
		f.Error = &own
	}
	for _, s := range [...]*string{&f.Is, &f.Key, &f.UserID, &f.UserName, &f.URL, &f.Method} {
		*s = in.redact(*s)
	}
	for i, s := range f.Says {
		if i < 64 && f.own>>i&1 != 0 {
			continue
		}
		if id, ok := affix.CutPrefix(s, userToken); ok && id == user && user == f.UserID {
			continue // scrubbed just now
		}
		f.Says[i] = in.redact(s)
	}
	t := f.Token
	if t == nil {
		return
	}
	var header, claims bool
	t.Header, header = in.redactedMap(t.Header)
	t.Claims, claims = in.redactedMap(t.Claims)
	if header || claims {
		t.Shown = "…"
		f.add("The token's claims contain what looks like a secret or another token: it isn't shown here")
	}
	t.SignedBy = in.redact(t.SignedBy) // Shown went through shown: a payload in base64 has a secret's shape
	flaws := make([]tokens.Flaw, 0, len(t.Flaws))
	for _, fl := range t.Flaws {
		fl.Detail, fl.Got, fl.Like = in.redact(fl.Detail), in.redact(fl.Got), in.redact(fl.Like)
		flaws = append(flaws, fl)
	}
	t.Flaws = flaws
}

// redactedMap is a JSON object without what may not be shown; changed is false
// where that is the object itself.
func (in *Inspector) redactedMap(m map[string]any) (out map[string]any, changed bool) {
	v, changed := sanitize.Value(m, in.redact)
	if !changed {
		return m, false
	}
	return v.(map[string]any), true
}
