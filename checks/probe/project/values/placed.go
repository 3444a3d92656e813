package values

import (
	"slices"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/names"
	"badsig/checks/probe/project/picture"
	"badsig/checks/probe/vault"
)

// Rules of this file:
//   - the place of an argument says more than a variable's name: the second one of getInstance is the secret, however it's called
//   - a name that means a key in one place and a secret in another keeps its meaning, and so does one that
//     holds what its name says: then the code is wrong, not the name
//   - a name that is almost the one that the code reads is of the same kind

// classOfValue is classOf, with what the place of an argument and the value itself say.
func classOfValue(p *picture.Reader, name string, value []byte) names.Class {
	c := ClassOf(p, name)
	clean, _ := vault.CleanValue(value, facts.WhatSecret)
	long := len(clean) >= 40 && lowerAlnum(clean)
	for _, pl := range p.Placed {
		if pl.Name != name || slices.Contains(p.Placed, picture.PlacedName{Name: name, What: OtherThan(pl.What)}) || p.Named[name] != "" {
			continue
		}
		if pl.What == facts.WhatSecret && long || pl.What == facts.WhatKey && len(clean) == 12 {
			return names.Class{What: pl.What, Prefix: c.Prefix}
		}
	}
	key := c.What == "" && len(clean) == 12 && lowerAlnum(clean)                                     // VITE_STREM_API_KEY
	if (c.What == "" || c.What == facts.WhatKey && p.Named[name] == "") && (long || key) && !c.URL { // STREAM_SECRECT_KEY
		for read, what := range p.Named {
			if what == facts.WhatSecret != key && names.NearName(name, read) == 3 && !strings.EqualFold(name, read) {
				return names.Class{What: what, Prefix: c.Prefix}
			}
		}
	}
	if c.What == "" && len(clean) == 12 && lowerAlnum(clean) { // NEXT_PUBLIC_STREM_API_KEY
		for read, what := range p.Named {
			if what == facts.WhatKey && names.NearName(name, read) == 3 && p.Named[name] == "" && !strings.EqualFold(name, read) {
				return names.Class{What: facts.WhatKey, Prefix: c.Prefix}
			}
		}
	}
	return c
}
