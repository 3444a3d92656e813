package signature

import (
	"cmp"
	"path"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/probe/names"
	"badsig/checks/rules/parts"
	"badsig/checks/shell"
)

// Rules of this file, about code that signs with one value while the right secret is another's:
//   - whose variable the code reads decides which of the two lines is edited
//   - what a tool has cached is cleared, not edited

// otherVariable: the code reads one variable, and the right secret is in another.
// Which of them to edit depends on whose the variable is that the code reads: the
// value of one that is Stream's by name, the code where it's another's (JWT_SECRET).
func otherVariable(f *facts.Facts, exact, right *facts.Value, tr facts.Truth, proof []finding.Evidence) *finding.Cause {
	proof = append(proof, finding.Evidence{Label: "correct secret (in another variable)", Got: facts.Shown(right), Source: right.Name + ", " + facts.Where(right)})
	code := readAt(f, exact.Name)
	belongs := "it isn't the secret of the API key " + orKey(tr.Key)
	if k := otherKey(f, exact, tr); k != nil {
		belongs = "it belongs to the API key " + facts.Shown(k)
		proof = append(proof, finding.Evidence{Label: "key of the secret in use", Got: facts.Shown(k), Want: orKey(tr.Key), Source: facts.Where(k)})
	}
	cached := affix.HasSuffix(path.Dir(exact.File), "bootstrap/cache") // by Laravel, no matter what the value is called
	if !cached && (exact.What != facts.WhatOther && names.SaysStream(exact.Name) || code == nil) {
		id := causes.KeySecretMismatch
		if otherKey(f, exact, tr) != nil {
			id = causes.SecretOtherApp
		}
		steps := []finding.Step{{Text: parts.In(exact) + "set " + orName(exact) + " to the API secret of " + orKey(tr.Key) + ", which " + right.Name + " has in " + facts.Where(right)}}
		if code != nil && code.Name == exact.Name {
			steps = append(steps, finding.Step{Text: "Or in " + parts.LineOf(code.File, code.Line) + ", read " + right.Name + " instead of " + exact.Name})
		}
		return new(finding.New(id, finding.Proven,
			"The backend signs with "+exact.Name+", and "+belongs+".",
			parts.Locate(exact), proof, append(steps, parts.RestartStep(f))...))
	}
	if exact.Name == "" || cached {
		return unnamed(f, exact, right, proof)
	}
	at := &finding.Location{File: code.File, Line: code.Line}
	if s := facts.CodeOf(f); s != nil && s.Language != "" && exact.Kind != facts.KindConfig { // settings.SECRET_KEY is right in the settings, and wrong where it's signed with
		at = cmp.Or(parts.TakenAt(f, func(name string) bool { return name == exact.Name }, saysSecret), at)
	}
	c := new(finding.New(causes.SecretShadowed, finding.Proven,
		"The code signs with "+exact.Name+", which isn't Stream's; the API secret is in "+right.Name+" ("+facts.Where(right)+").",
		at, proof,
		finding.Step{Text: "In " + parts.LineOf(at.File, at.Line) + ", read " + right.Name + " instead of " + exact.Name},
		parts.RestartStep(f)))
	c.Title = "The code signs with " + exact.Name + " instead of " + right.Name
	if len(c.Title) > 58 {
		c.Title = "The code signs with another variable's value"
	}
	return c
}

// unnamed: the backend signs with a value that no variable has, such as that of a
// configuration which a tool has cached.
func unnamed(f *facts.Facts, exact, right *facts.Value, proof []finding.Evidence) *finding.Cause {
	first := finding.Step{Text: parts.In(exact) + "read " + right.Name + " instead of the value that is written there"}
	if affix.HasSuffix(path.Dir(exact.File), "bootstrap/cache") {
		dir := affix.TrimSuffix(affix.TrimSuffix(path.Dir(exact.File), "bootstrap/cache"), "/")
		first = finding.Step{Text: "Clear Laravel's cached configuration: " + exact.File + " was made from older settings, and .env isn't read while it exists", Command: shell.ShellIn(dir, "php artisan config:clear")}
	}
	c := new(finding.New(causes.SecretShadowed, finding.Proven,
		"The backend signs with the value in "+lineOfValue(exact)+", and the API secret is in "+right.Name+" ("+facts.Where(right)+").",
		parts.Locate(exact), proof, first, parts.RestartStep(f)))
	if t := "The value in " + affix.Base(exact.File) + " overrides " + right.Name; len(t) <= 58 {
		c.Title = t
	}
	return c
}

// readAt is the line on which the signing code reads a variable; where it isn't
// known by name, the line on which it gets its secret. nil where no code was read.
func readAt(f *facts.Facts, name string) *facts.Read {
	c := facts.CodeOf(f)
	if c == nil || len(c.SecretRead) == 0 {
		return nil
	}
	for i := range c.SecretRead {
		if c.SecretRead[i].Name == name {
			return &c.SecretRead[i]
		}
	}
	return nil
}
