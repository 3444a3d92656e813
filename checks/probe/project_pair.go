package probe

import (
	"strings"

	"badsig/tokens"
)

// pairUp joins each key to the secret beside it: in the same file the nearest
// of the same family, preferring equal names (STREAM_API_KEY, STREAM_API_SECRET).
func pairUp(f *Facts) {
	type at struct {
		file    string
		comment bool
	}
	keys, secrets := map[at][]int{}, map[at][]int{}
	for i, v := range f.Values {
		if v.File == "" {
			continue
		}
		f.Values[i].Pair = -1
		k := at{v.File, v.Comment}
		switch v.What {
		case WhatKey:
			keys[k] = append(keys[k], i)
		case WhatSecret:
			secrets[k] = append(secrets[k], i)
		}
	}
	closest := func(of int, among []int) int {
		best, score := -1, -1<<30
		for _, c := range among {
			v := f.Values[c]
			sc := -abs(v.Line - f.Values[of].Line)
			if sameFamily(v.Name, f.Values[of].Name) {
				sc += 1 << 20
			}
			if v.Wins {
				sc += 1 << 19
			}
			if strings.HasPrefix(v.Why, "duplicate") {
				sc -= 1 << 18
			}
			if sc > score {
				best, score = c, sc
			}
		}
		return best
	}
	for k, ss := range secrets {
		for _, s := range ss {
			f.Values[s].Pair = closest(s, keys[k])
		}
		for _, key := range keys[k] {
			f.Values[key].Pair = closest(key, ss)
		}
	}
}

// sameFamily tells names that differ only in KEY and SECRET.
func sameFamily(key, secret string) bool {
	strip := func(s string) string {
		var out []string
		for _, w := range splitWords(strings.TrimPrefix(s, publicPrefix(s))) {
			switch w {
			case "key", "secret", "api", "apikey", "apisecret", "secretkey", "access":
			default:
				out = append(out, w)
			}
		}
		return strings.Join(out, "_")
	}
	return strip(key) == strip(secret)
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}

// hideSecretsCalledKeys takes the text out of a Key that is a secret
// somewhere else. Twelve characters are a key whatever they are called: no
// Stream secret has that length. The caller holds the lock.
func (w *World) hideSecretsCalledKeys(f *Facts) {
	secrets := map[string]bool{}
	for _, v := range f.Values {
		if v.What != WhatKey && !v.Empty {
			secrets[v.Fingerprint], secrets[v.Clean] = true, true
		}
	}
	partOf := func(v *Value) bool {
		for _, o := range f.Values {
			if s := w.secrets[o.ID]; o.What != WhatKey && s.Len() >= 16 && s.Holds(v.Key) {
				return true
			}
		}
		id := f.Target.DashboardSecret
		return id >= 0 && len(tokens.Compare(w.secrets[id], w.secrets[v.ID]).Damages) > 0
	}
	for i := range f.Values {
		v := &f.Values[i]
		if v.What == WhatKey && v.Key != "" && !v.Placeholder && v.Length != 12 && (secrets[v.Fingerprint] || secrets[v.Clean] || partOf(v)) {
			v.Key = ""
		}
	}
}
