package sanitize

import (
	"maps"
	"slices"
)

// Value applies redact to every string of a JSON value, the names of its objects included. What changes is copied;
// changed is false where nothing does, and out is v then.
func Value(v any, redact func(string) string) (out any, changed bool) {
	switch v := v.(type) {
	case string:
		if s := redact(v); s != v {
			return s, true
		}
	case map[string]any:
		m := v
		for name, x := range v {
			n := redact(name)
			y, other := Value(x, redact)
			if !other && n == name {
				continue
			}
			if !changed {
				m, changed = maps.Clone(v), true
			}
			if n != name {
				delete(m, name)
			}
			m[n] = y
		}
		return m, changed
	case []any:
		l := v
		for i, x := range v {
			if y, other := Value(x, redact); other {
				if !changed {
					l, changed = slices.Clone(v), true
				}
				l[i] = y
			}
		}
		return l, changed
	}
	return v, false
}
