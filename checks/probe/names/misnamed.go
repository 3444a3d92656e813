package names

import (
	"badsig/checks/affix"
	"badsig/checks/facts"
)

// Rules of this file, about code that reads one variable while a file sets another of almost that name:
//   - a variable that holds a secret never gets a public name: the code is wrong, or there is nothing to rename
//   - where one of the names has a prefix that the build tool hands to the browser, and the other has none, the other is wrong
//   - a name that other code reads, too, is right; so is one that a template of the project names, and one that
//     is spelled rightly where the other isn't
//   - else the file is wrong: it's the developer's own, and the code is everyone's

// Wrong is which of two names is to be changed.
type Wrong uint8

// The sides.
const (
	WrongFile Wrong = iota // the file's: rename the variable there
	WrongCode              // the code's: read the name that the file sets
	WrongBoth              // no name of them would do
	NotMeant               // the value isn't meant for this variable
)

// Misnamed decides which name to change where code reads a variable that nothing sets, and v has almost its name. For a
// front end, hands are the prefixes of its build tool, as far as they are known.
func Misnamed(f *facts.Facts, v *facts.Value, read string, front bool, hands []string) Wrong {
	public, has := handed(read, hands), handed(v.Name, hands)
	secret := HoldsSecret(f, v)
	switch {
	case front && secret:
		return NotMeant
	case front && has && !public:
		return WrongCode
	case front && !has && !public && len(hands) > 0:
		return WrongBoth
	case front && !has && public, !front && has && !public && secret:
		return WrongFile
	case !front && secret && (public && !has || Classify(read).What == facts.WhatKey):
		return WrongCode
	case v.Read:
		return WrongCode
	}
	if f.Project != nil {
		for _, e := range f.Project.EnvFiles {
			if r, o := facts.OneOf(e.Names, read), facts.OneOf(e.Names, v.Name); e.Role == facts.RoleExample && r != o {
				if o {
					return WrongCode
				}
				return WrongFile
			}
		}
	}
	if NearName(v.Name, read) == 3 && streams(v.Name) && !streams(read) {
		return WrongCode
	}
	return WrongFile
}

// HoldsSecret reports whether a variable has a secret, no matter what it's called.
func HoldsSecret(f *facts.Facts, v *facts.Value) bool {
	tr := facts.TruthOf(f)
	return v.What != facts.WhatKey || tr.Fps[v.Fingerprint] || tr.Fps[v.Clean] || v.Length >= 40
}

// SecretName is a name that a secret can have: never a public one.
func SecretName(name string) string {
	bare := WithoutPrefix(name)
	if bare != name && !SaysStream(bare) || Classify(bare).What == facts.WhatKey {
		return "STREAM_API_SECRET"
	}
	return bare
}

// Handed is the name that a build tool with these prefixes hands to the browser: the name itself where it does already, or
// where they aren't known.
func Handed(name string, prefixes []string) string {
	if len(prefixes) == 0 || handed(name, prefixes) {
		return name
	}
	return prefixes[0] + WithoutPrefix(name)
}

// handed reports whether a variable has one of the prefixes; where they aren't known, any that a build tool has.
func handed(name string, prefixes []string) bool {
	if len(prefixes) == 0 {
		return PublicPrefix(name) != ""
	}
	return affix.Any(prefixes, func(p string) bool { return affix.HasPrefix(name, p) })
}

// streams reports whether a name has the word Stream, and the words of one of its two values.
func streams(name string) bool {
	c := Classify(name)
	return c.What != "" && c.What != facts.WhatOther && !c.Bare
}
