package project

import (
	"slices"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/names"
	"badsig/checks/probe/vault"
)

// Rules of this file:
//   - the place of an argument says more than a variable's name: the second one of getInstance is the secret, however it's called
//   - a name that stands for a key in one place and for a secret in another keeps its meaning, and so does one that
//     holds what its name says: then the code is wrong, not the name
//   - a name that is almost the one that the code reads is of the same kind

// placedName is a variable that code gives in the place of the other of key and secret.
type placedName struct{ name, what string }

// classOfValue is classOf, with what the place of an argument and the value itself say.
func (p *Reader) classOfValue(name string, value []byte) names.Class {
	c := p.classOf(name)
	clean, _ := vault.CleanValue(value, facts.WhatSecret)
	long := len(clean) >= 40 && lowerAlnum(clean)
	for _, pl := range p.placed {
		if pl.name != name || slices.Contains(p.placed, placedName{name, otherThan(pl.what)}) || p.named[name] != "" {
			continue
		}
		if pl.what == facts.WhatSecret && long || pl.what == facts.WhatKey && len(clean) == 12 {
			return names.Class{What: pl.what, Prefix: c.Prefix}
		}
	}
	if c.What == "" && long && !c.URL {
		for read, what := range p.named {
			if what == facts.WhatSecret && names.NearName(name, read) == 3 && !strings.EqualFold(name, read) {
				return names.Class{What: facts.WhatSecret, Prefix: c.Prefix}
			}
		}
	}
	return c
}
