package vault

import (
	"reflect"
	"slices"
	"sort"
	"strings"

	"badsig/checks/sanitize"
	"badsig/tokens"
)

// Scrub takes every known secret, every word of a secret's shape and every
// token's signature out of a text, and makes control characters visible.
func (w *World) Scrub(text string) string {
	for _, s := range w.toHide() {
		text = s.Redact(text)
	}
	text = tokens.RedactTokens(strings.ToValidUTF8(text, "\uFFFD"))
	return sanitize.Visible(tokens.RedactSecrets(text, w.Target.UserID, w.Target.UserName))
}

// toHide gives the secrets of the world, each once, the longest first. It is
// put together once for all texts between two changes: a project may have
// thousands of both.
func (w *World) toHide() []tokens.Secret {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.hidden != nil {
		return w.hidden
	}
	public := map[string]bool{} // a key stays readable where it was pasted as secret, too
	for _, v := range w.facts.Values {
		if v.Key != "" {
			public[v.Fingerprint] = true
		}
	}
	seen := map[string][]tokens.Secret{}
	out := make([]tokens.Secret, 0, len(w.secrets))
	hide := func(s tokens.Secret) {
		f := s.Fingerprint()
		if s.IsZero() || slices.ContainsFunc(seen[f], s.Equal) {
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
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Len() > out[j].Len() })
	w.hidden = out
	return out
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
