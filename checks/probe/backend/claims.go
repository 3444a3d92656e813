package backend

import (
	"badsig/checks/facts"
	"slices"
	"unicode/utf8"
)

// claims copies decoded JSON, scrubbed and bounded. A token may carry
// anything, another token too.
func (e *endpoint) claims(m map[string]any) map[string]any {
	if m == nil {
		return nil
	}
	budget := 200
	v, _ := e.copy(m, &budget, 0).(map[string]any)
	return v
}

func (e *endpoint) copy(v any, budget *int, depth int) any {
	if *budget--; *budget < 0 || depth > maxJSONDepth {
		return "…"
	}
	switch v := v.(type) {
	case string:
		if utf8.RuneCountInString(v) > maxClaim {
			return e.w.ScrubCut(v, maxClaim)
		}
		return e.w.Scrub(v)
	case map[string]any:
		out := make(map[string]any, len(v))
		for _, k := range claimOrder(v) {
			if *budget < 0 {
				break
			}
			out[e.w.ScrubCut(k, 64)] = e.copy(v[k], budget, depth+1)
		}
		return out
	case []any:
		var out []any
		for _, x := range v {
			if *budget < 0 {
				break
			}
			out = append(out, e.copy(x, budget, depth+1))
		}
		return out
	}
	return v
}

// claimOrder gives a claim set's names, those that decide first.
func claimOrder(m map[string]any) []string {
	first := []string{"user_id", "iat", "exp", "nbf", "server", "alg", "typ", "kid", "iss", "sub", "aud"}
	names := make([]string, 0, len(m))
	for _, k := range first {
		if _, ok := m[k]; ok {
			names = append(names, k)
		}
	}
	rest := len(names)
	for k := range m {
		if !facts.OneOf(first, k) {
			names = append(names, k)
		}
	}
	slices.Sort(names[rest:])
	return names
}
