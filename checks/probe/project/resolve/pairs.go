package resolve

import (
	"path"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/names"
	"badsig/checks/probe/project/servers"
)

// PairUp joins each key to the secret beside it: in the same file the nearest
// of the same family, preferring equal names (STREAM_API_KEY, STREAM_API_SECRET).
func PairUp(f *facts.Facts) {
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
		case facts.WhatKey:
			keys[k] = append(keys[k], i)
		case facts.WhatSecret:
			secrets[k] = append(secrets[k], i)
		}
	}
	closest := func(of int, among []int) int {
		best, score := -1, -1<<30
		for _, c := range among {
			v := f.Values[c]
			sc := -servers.Abs(v.Line - f.Values[of].Line)
			if sameFamily(v.Name, f.Values[of].Name) {
				sc += 1 << 20
			}
			if v.Wins {
				sc += 1 << 19
			}
			if v.Fate == facts.Duplicate {
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
	pairBeside(f)
}

// pairBeside joins a server's secret that has no key in its file to the one key
// of another file in the same folder that has no secret: .dev.vars beside
// wrangler.jsonc, .secret.local beside .env.
func pairBeside(f *facts.Facts) {
	lone := func(v *facts.Value, what string) bool {
		return v.What == what && v.Pair < 0 && !v.Comment && !v.Public && !v.Empty && (v.Kind == facts.KindEnvFile || v.Kind == facts.KindConfig) && v.Role == facts.RoleServer
	}
	for i := range f.Values {
		s := &f.Values[i]
		if !lone(s, facts.WhatSecret) {
			continue
		}
		key := -1
		for k := range f.Values {
			if v := &f.Values[k]; lone(v, facts.WhatKey) && path.Dir(v.File) == path.Dir(s.File) && sameFamily(v.Name, s.Name) {
				if key >= 0 {
					key = -1
					break
				}
				key = k
			}
		}
		if key >= 0 {
			s.Pair, f.Values[key].Pair = key, i
		}
	}
}

// sameFamily tells names that differ only in KEY and SECRET.
func sameFamily(key, secret string) bool {
	strip := func(s string) string {
		var out []string
		for _, w := range names.SplitWords(affix.TrimPrefix(s, names.PublicPrefix(s))) {
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
