package probe

import (
	"slices"
	"strings"
)

// Rules of this file:
//   - the place of an argument says more than a variable's name: the second one of getInstance is the secret, however it's called
//   - a name that stands for a key in one place and for a secret in another keeps its meaning, and so does one that
//     holds what its name says: then the code is wrong, not the name
//   - a name that is almost the one that the code reads is of the same kind

// placedName is a variable that code gives in the place of the other of key and secret.
type placedName struct{ name, what string }

// classOfValue is classOf, with what the place of an argument and the value itself say.
func (p *project) classOfValue(name string, value []byte) nameClass {
	c := p.classOf(name)
	clean, _ := cleanValue(value, WhatSecret)
	long := len(clean) >= 40 && lowerAlnum(clean)
	for _, pl := range p.placed {
		if pl.name != name || slices.Contains(p.placed, placedName{name, otherThan(pl.what)}) || p.named[name] != "" {
			continue
		}
		if pl.what == WhatSecret && long || pl.what == WhatKey && len(clean) == 12 {
			return nameClass{What: pl.what, Prefix: c.Prefix}
		}
	}
	if c.What == "" && long && !c.URL {
		for read, what := range p.named {
			if what == WhatSecret && NearName(name, read) == 3 && !strings.EqualFold(name, read) {
				return nameClass{What: WhatSecret, Prefix: c.Prefix}
			}
		}
	}
	return c
}
