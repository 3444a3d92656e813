package checks

import (
	"cmp"
	"fmt"
	"strings"

	"badsig/checks/causes"
	"badsig/checks/probe"
	"badsig/tokens"
)

// Rules of this file, about a secret that is intact and still the wrong one:
//   - a pair of key and secret that Stream accepts, or that is found together, is left alone
//   - one variable set twice and two variables are different faults; a line is deleted only where a second line sets the same name
//   - where the code reads another variable than the one that holds the right secret, the line to edit is the code's,
//     or, where that variable is Stream's too, its value

// wrongPlace explains a signer that is an intact secret and not the right one.
func wrongPlace(f *probe.Facts, exact *probe.Value, tr truth) *Cause {
	proof := []Evidence{{Label: "token verifies with", Got: shown(exact), Want: rightShown(f, tr), Source: place(exact)}}
	proof = append(proof, streamProof(f, exact, tr)...)
	return misplaced(f, exact, tr, proof)
}

// misplaced explains it with evidence that was gathered before: a signature, or
// what Stream answered to the pair.
func misplaced(f *probe.Facts, exact *probe.Value, tr truth, proof []Evidence) *Cause {
	if c := ownApp(f, exact, tr, proof); c != nil {
		return c
	}
	if right := lost(f, exact, tr); right != nil {
		if sameVariable(exact, right) || readBefore(f, exact, right) {
			return shadowed(f, exact, right, proof)
		}
		return otherVariable(f, exact, right, tr, proof)
	}
	if k := otherKey(f, exact, tr); k != nil {
		return otherApp(f, exact, k, proof)
	}
	return new(cause(causes.KeySecretMismatch, Proven,
		"The secret that the backend signs with doesn't belong to the API key "+orKey(tr.key)+": it's a different secret, not a mistyped copy.",
		locate(exact), proof,
		Step{Text: in(exact) + "set " + orName(exact) + " to the API secret that the dashboard shows for " + orKey(tr.key) + " (your app › App Access Keys)"},
		restartStep(f)))
}

// sameVariable reports whether two places set one variable. Code that holds the
// secret itself takes the place of whatever variable there is.
func sameVariable(a, b *probe.Value) bool {
	return a.Kind == probe.KindLiteral || a.Kind == probe.KindFallback || b.Kind == probe.KindLiteral || b.Kind == probe.KindFallback ||
		a.Name == b.Name
}

// readBefore reports code that reads one variable and, only where that is empty, the other.
func readBefore(f *probe.Facts, first, then *probe.Value) bool {
	return readAt(f, first.Name) != nil && readAt(f, then.Name) != nil
}

func orKey(k string) string {
	return cmp.Or(k, "in use")
}

func orName(v *probe.Value) string {
	if v == nil || v.Name == "" || v.Kind == probe.KindLiteral {
		return "it"
	}
	return v.Name
}

// into is where a value has to be written, " into server/.env:2" or "".
func into(v *probe.Value) string {
	if v == nil || v.File == "" {
		return ""
	}
	return " into " + place(v)
}

func rightShown(f *probe.Facts, tr truth) string {
	for i := range f.Values {
		if v := &f.Values[i]; tr.fps[v.Fingerprint] {
			return shown(v)
		}
	}
	for fp := range tr.fps {
		return "#" + fp
	}
	return ""
}

// lost finds the right secret in a place that the server reads or is meant to
// read, but that another source overrides. A second line of the same variable
// comes before every other place.
func lost(f *probe.Facts, exact *probe.Value, tr truth) *probe.Value {
	var best *probe.Value
	score := 0
	for i := range f.Values {
		v := &f.Values[i]
		if !meantRight(v, tr) || v.Fingerprint == exact.Fingerprint || v.ID == exact.ID || v.Comment || v.Kind == probe.KindDashboard || v.Kind == probe.KindKnown {
			continue
		}
		switch v.Role {
		case probe.RoleExample, probe.RoleTest, probe.RoleDocs, probe.RoleBuild, probe.RoleOther:
			continue
		case probe.RoleFront:
			if !v.Loaded {
				continue
			}
		}
		n := weight(f, v)
		if v.Name == exact.Name {
			n += 500
		}
		if best == nil || n > score {
			best, score = v, n
		}
	}
	return best
}

// meantRight tells whether a value is the right secret, or was meant to be and is damaged.
func meantRight(v *probe.Value, tr truth) bool {
	return tr.fps[v.Fingerprint] || v.What == probe.WhatSecret && (tr.fps[v.Clean] || tr.known && v.VsDashboard != nil && len(v.VsDashboard.Damages) > 0)
}

// shadowed: one variable, two values, and the wrong one counts.
func shadowed(f *probe.Facts, exact, right *probe.Value, proof []Evidence) *Cause {
	proof = append(proof, Evidence{Label: "correct secret (overridden)", Got: shown(right), Source: place(right)})
	overrides := place(exact)
	fix := []Step{{Text: in(exact) + "set " + orName(exact) + " to the value that it has in " + place(right) + ", or remove it there"}}
	switch {
	case exact.SetFile != "":
		fix = []Step{{Text: "In " + lineOf(exact.SetFile, exact.SetLine) + ", remove " + exact.Name + ", or set it to the value in " + place(right) + ": the process's environment overrides .env files"}}
	case exact.Kind == probe.KindProcess || exact.Kind == probe.KindAncestor:
		overrides = "the shell's " + exact.Name
		fix = []Step{{Text: "Unset " + exact.Name + " in the terminal that starts the backend: the shell's value overrides " + place(right), Command: probe.ShellAtHand().Unset(exact.Name)}}
	case exact.Name != right.Name && exact.Kind == probe.KindEnvFile:
		fix = []Step{{Text: in(exact) + "remove " + exact.Name + ", or set it to the value of " + right.Name + " (" + place(right) + "): the code reads " + exact.Name + " first" + codePlace(f)}}
	case exact.File == right.File && exact.Kind == probe.KindEnvFile:
		fix = []Step{{Text: fmt.Sprintf("In %s, delete line %d: it sets %s again, and the last one wins (line %d has the right value)", exact.File, exact.Line, exact.Name, right.Line)}}
	case exact.Kind == probe.KindLiteral:
		fix = []Step{{Text: in(exact) + "replace the hard-coded secret with " + readOf(f, right)}}
	case exact.Kind == probe.KindFallback:
		fix = []Step{{Text: in(exact) + "remove the hard-coded fallback, so that " + readOf(f, right) + " is used"}}
	}
	c := new(cause(causes.SecretShadowed, Proven,
		"The correct secret is in "+place(right)+", but "+overrides+" overrides it, and the backend signs with that.",
		locate(exact), proof,
		append(fix, restartStep(f))...))
	switch {
	case exact.Kind == probe.KindProcess || exact.Kind == probe.KindAncestor:
		c.Title = "The shell's " + exact.Name + " overrides the correct secret"
	case exact.Kind == probe.KindLiteral:
		c.Title = "A hard-coded secret overrides the correct one"
	}
	return c
}

// readOf is the code that reads a variable: process.env.STREAM_API_SECRET in
// JavaScript, else its name.
func readOf(f *probe.Facts, v *probe.Value) string {
	name := v.Name
	if v.Kind == probe.KindLiteral || v.Kind == probe.KindFallback || name == "" {
		name = secretName(f)
	}
	if c := serverCode(f); c == nil || isJS(c.File) {
		return "process.env." + name
	}
	return name
}

func isJS(file string) bool {
	for _, ext := range []string{".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".jsx", ".tsx"} {
		if strings.HasSuffix(file, ext) {
			return true
		}
	}
	return false
}

// otherVariable: the code reads one variable, and the right secret is in another.
// Which of them to edit depends on whose the variable is that the code reads: the
// value of one that is Stream's by name, the code where it's another's (JWT_SECRET).
func otherVariable(f *probe.Facts, exact, right *probe.Value, tr truth, proof []Evidence) *Cause {
	proof = append(proof, Evidence{Label: "correct secret (in another variable)", Got: shown(right), Source: right.Name + ", " + place(right)})
	code := readAt(f, exact.Name)
	belongs := "it isn't the secret of the API key " + orKey(tr.key)
	if k := otherKey(f, exact, tr); k != nil {
		belongs = "it belongs to the API key " + shown(k)
		proof = append(proof, Evidence{Label: "key of the secret in use", Got: shown(k), Want: orKey(tr.key), Source: place(k)})
	}
	if exact.What != probe.WhatOther && probe.SaysStream(exact.Name) || code == nil {
		id := causes.KeySecretMismatch
		if otherKey(f, exact, tr) != nil {
			id = causes.SecretOtherApp
		}
		steps := []Step{{Text: in(exact) + "set " + orName(exact) + " to the API secret of " + orKey(tr.key) + ", which " + right.Name + " has in " + place(right)}}
		if code != nil && code.Name == exact.Name {
			steps = append(steps, Step{Text: "Or in " + lineOf(code.File, code.Line) + ", read " + right.Name + " instead of " + exact.Name})
		}
		return new(cause(id, Proven,
			"The backend signs with "+exact.Name+", and "+belongs+".",
			locate(exact), proof, append(steps, restartStep(f))...))
	}
	c := new(cause(causes.SecretShadowed, Proven,
		"The code signs with "+exact.Name+", which isn't Stream's; the API secret is in "+right.Name+" ("+place(right)+").",
		&Location{File: code.File, Line: code.Line}, proof,
		Step{Text: "In " + lineOf(code.File, code.Line) + ", read " + right.Name + " instead of " + exact.Name},
		restartStep(f)))
	c.Title = "The code signs with " + exact.Name + " instead of " + right.Name
	if len(c.Title) > 58 {
		c.Title = "The code signs with another variable's value"
	}
	return c
}

// readAt is the line on which the signing code reads a variable; where it isn't
// known by name, the line on which it gets its secret. nil where no code was read.
func readAt(f *probe.Facts, name string) *probe.Read {
	c := serverCode(f)
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

// otherKey finds the key that a secret belongs to, where it is not the app's.
func otherKey(f *probe.Facts, exact *probe.Value, tr truth) *probe.Value {
	if f.Stream != nil {
		for _, p := range f.Stream.Grid {
			if v := valueAt(f, p.Secret); p.Answer.Status == 200 && p.Key != tr.key && v != nil && v.Fingerprint == exact.Fingerprint && !p.Cleaned {
				if k := keyValue(f, p.Key); k != nil {
					return k
				}
			}
		}
	}
	for i := range f.Values {
		v := &f.Values[i]
		if v.What != probe.WhatSecret || v.Fingerprint != exact.Fingerprint || v.Kind == probe.KindDashboard {
			continue
		}
		if k := valueAt(f, v.Pair); k != nil && k.What == probe.WhatKey && k.Key != "" && k.Key != tr.key && tokens.APIKey(k.Key).WellFormed() && !k.Placeholder && !refused(f, k.Key, v.ID) {
			return k
		}
	}
	return nil
}

func keyValue(f *probe.Facts, key string) *probe.Value {
	var best *probe.Value
	for i := range f.Values {
		v := &f.Values[i]
		if v.What != probe.WhatKey || v.Key != key {
			continue
		}
		if best == nil || v.Wins && !best.Wins || best.Comment && !v.Comment {
			best = v
		}
	}
	return best
}

func otherApp(f *probe.Facts, exact, key *probe.Value, proof []Evidence) *Cause {
	front := clientKey(f)
	steps := []Step{{Text: in(exact) + "set " + orName(exact) + " to the API secret of " + orKey(front) + " (Dashboard › that app › App Access Keys)"}}
	if v := frontKey(f); v != nil && v.File != "" {
		steps = append(steps, Step{Text: "Or in " + lineOf(v.File, v.Line) + ", set the front end's key to " + shown(key) + ", if that app is the right one"})
	}
	return new(cause(causes.SecretOtherApp, Proven,
		"The backend signs with the API secret of "+shown(key)+", and the front end uses "+orKey(front)+". They belong to different Stream apps.",
		locate(exact), append(proof, Evidence{Label: "key of the secret in use", Got: shown(key), Want: orKey(front), Source: place(key)}),
		append(steps, restartStep(f))...))
}
