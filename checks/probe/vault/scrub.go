package vault

import (
	"reflect"
	"sort"
	"strings"
	"unicode/utf8"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/sanitize"
	"badsig/tokens"
)

// Scrub removes every known secret and every part of one, in any form, every
// word of a secret's shape and every token's signature from a string, and makes
// control characters visible.
func (w *World) Scrub(text string) string {
	return sanitize.Visible(w.Redact(text))
}

// Redact is Scrub for what is written as JSON: control characters stay.
func (w *World) Redact(text string) string {
	hidden, parts := w.toHide()
	for _, s := range hidden {
		text = s.RedactWord(text)
	}
	text = tokens.RedactTokens(strings.ToValidUTF8(parts.Redact(text), "\uFFFD"))
	return tokens.RedactSecrets(text, w.Target.UserID, w.Target.UserName)
}

// shortest is how long a secret is that is looked for in badsig's own words, too: a shorter one may be one of them
// (a fallback "secret" in the code), and what is quoted of the project was scrubbed before.
const shortest = 12

// RedactKnown removes known secrets, and parts of them, from a string of badsig's own, and leaves
// alone what only has the shape of one.
func (w *World) RedactKnown(text string) string {
	hidden, parts := w.toHide()
	for _, s := range hidden {
		if s.Len() >= shortest {
			text = s.Redact(text)
		}
	}
	return parts.Redact(text)
}

// Own says that words are badsig's own (the ids of its causes and checks): they stay readable, though a secret may hold them.
func (w *World) Own(words ...string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, word := range words {
		w.parts.Open(word)
	}
}

// RedactOwn is RedactKnown, and removes what has the shape of a secret or of a whole token.
func (w *World) RedactOwn(text string) string {
	text = tokens.RedactTokens(strings.ToValidUTF8(w.RedactKnown(text), "\uFFFD"))
	return tokens.RedactSecrets(text, w.Target.UserID, w.Target.UserName)
}

// Known is how many values there are: more of them hide more.
func (w *World) Known() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.facts.Values)
}

// ScrubCut is Scrub, and then cut to n characters. Cut first, a secret would no
// longer look like one.
func (w *World) ScrubCut(text string, n int) string {
	return sanitize.Cut(w.Scrub(Bounded(text, n)), n)
}

// Bounded shortens a string of which n characters will be shown, so that the rest
// of a long one isn't searched. It ends between two words: half a secret has
// another shape.
func Bounded(text string, n int) string {
	most := 4*n + 4096
	if len(text) <= most {
		return text
	}
	for most > 0 && (isWord(text[most-1]) || !utf8.RuneStart(text[most])) {
		most--
	}
	return text[:most] + "…"
}

func isWord(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z' || c >= utf8.RuneSelf
}

// HoldsSecret reports whether a string contains a secret, or a part of one, in any form.
func (w *World) HoldsSecret(text string) bool {
	_, parts := w.toHide()
	return parts.Has(text)
}

// HoldsAsWritten is HoldsSecret for a string in base64 whose decoded bytes were looked at already.
func (w *World) HoldsAsWritten(text string) bool {
	_, parts := w.toHide()
	return parts.HasAsWritten(text)
}

// toHide gives the secrets of the world, each once, the longest first, and what
// recognizes parts of them. It is put together once for all strings between two
// changes: a project may have thousands of both.
func (w *World) toHide() ([]tokens.Secret, *tokens.Shreds) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.hidden != nil {
		return w.hidden, w.parts
	}
	public := map[string]bool{} // a key stays readable where it was pasted as secret, too
	for _, v := range w.facts.Values {
		if v.Key != "" {
			public[v.Fingerprint] = true
			w.parts.Open(v.Key)
		}
		if strings.ToUpper(v.Name) == v.Name { // a value may hold its variable's name: STREAM_API_SECRET={"STREAM_API_SECRET":"…"}
			w.parts.Open(v.Name)
		}
	}
	seen := map[string][]tokens.Secret{}
	out := make([]tokens.Secret, 0, len(w.secrets))
	hide := func(s tokens.Secret) {
		f := s.Fingerprint()
		if s.IsZero() || affix.Any(seen[f], s.Equal) {
			return
		}
		seen[f] = append(seen[f], s)
		out = append(out, s)
	}
	for id := range w.facts.Values {
		if s, ok := w.secrets[id]; ok && !public[w.facts.Values[id].Fingerprint] {
			hide(s)
			for _, x := range w.written[id] {
				hide(x)
			}
			if v := w.facts.Values[id]; v.Kind != facts.KindKnown && !v.Placeholder {
				for _, x := range append([]tokens.Secret{s, w.cleaned[id]}, w.written[id]...) {
					if f := x.Fingerprint(); f != "" && !w.torn[f] {
						w.torn[f] = true
						w.parts.Add(x)
					}
				}
			}
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Len() > out[j].Len() })
	w.hidden = out
	return out, w.parts
}

// ScrubAll sends every text inside a value (a pointer to plain data) through
// Scrub, so that nothing of the sources reaches the facts as it was written.
func (w *World) ScrubAll(data any) { scrubValue(reflect.ValueOf(data), w.Scrub) }

func scrubValue(v reflect.Value, clean func(string) string) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			scrubValue(v.Elem(), clean)
		}
	case reflect.Struct:
		// What a type keeps to itself is its own, and may be shared: a time.Time
		// points to the one time zone of the whole program.
		for i, t := 0, v.Type(); i < t.NumField(); i++ {
			if t.Field(i).IsExported() {
				scrubValue(v.Field(i), clean)
			}
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			scrubValue(v.Index(i), clean)
		}
	case reflect.String:
		if s := v.String(); v.CanSet() && s != "" {
			if c := clean(s); c != s {
				v.SetString(c)
			}
		}
	}
}
