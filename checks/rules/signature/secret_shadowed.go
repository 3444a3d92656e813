package signature

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/rules/parts"
	"badsig/checks/shell"
	"badsig/tokens"
)

// Rules of this file, about a secret that is intact and still the wrong one:
//   - a pair of key and secret that Stream accepts, or that is found together, is left alone
//   - one variable set twice and two variables are different faults; a line is deleted only where a second line sets the same name
//   - where the code reads another variable than the one that holds the right secret, the line to edit is the code's,
//     or, where that variable is Stream's too, its value

// wrongPlace explains a signer that is an intact secret and not the right one.
func wrongPlace(f *facts.Facts, exact *facts.Value, tr facts.Truth) *finding.Cause {
	proof := []finding.Evidence{{Label: "token verifies with", Got: facts.Shown(exact), Want: rightShown(f, tr), Source: facts.Where(exact)}}
	proof = append(proof, streamProof(f, exact)...)
	return misplaced(f, exact, tr, proof)
}

// misplaced explains it with evidence that was gathered before: a signature, or
// how Stream responded to the pair.
func misplaced(f *facts.Facts, exact *facts.Value, tr facts.Truth, proof []finding.Evidence) *finding.Cause {
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
	return new(finding.New(causes.KeySecretMismatch, finding.Proven,
		"The secret that the backend signs with doesn't belong to the API key "+orKey(tr.Key)+notACopy(tr)+".",
		parts.Locate(exact), slices.Concat(proof[1:], proof[:1]), // what Stream said of the pair decides
		finding.Step{Text: parts.In(exact) + "set " + orName(exact) + " to the API secret that the dashboard shows for " + orKey(tr.Key) + " (your app › App Access Keys)"},
		parts.RestartStep(f)))
}

// notACopy says that a secret isn't a corrupted copy of the right one, which only
// who knows the right one can say.
func notACopy(tr facts.Truth) string {
	if !tr.Known {
		return ""
	}
	return ": it's a different secret, not a mistyped copy"
}

// sameVariable reports whether two places set one variable. Code that holds the
// secret itself overrides every variable there is.
func sameVariable(a, b *facts.Value) bool {
	return a.Kind == facts.KindLiteral || a.Kind == facts.KindFallback || b.Kind == facts.KindLiteral || b.Kind == facts.KindFallback ||
		a.Name == b.Name
}

// readBefore reports code that reads one variable and, only where that is empty, the other.
func readBefore(f *facts.Facts, first, then *facts.Value) bool {
	return readAt(f, first.Name) != nil && readAt(f, then.Name) != nil
}

func orKey(k string) string {
	return facts.First(k, "in use")
}

// orName is what a place is called in a step.
func orName(v *facts.Value) string {
	if v == nil || v.Name == "" || v.Kind == facts.KindLiteral {
		return "the literal"
	}
	return v.Name
}

// Into is where a value has to be written, " into server/.env:2" or "".
func Into(v *facts.Value) string {
	if v == nil || v.File == "" {
		return ""
	}
	return " into " + facts.Where(v)
}

func rightShown(f *facts.Facts, tr facts.Truth) string {
	for i := range f.Values {
		if v := &f.Values[i]; tr.Fps[v.Fingerprint] {
			return facts.Shown(v)
		}
	}
	for i := range f.Values {
		if v := &f.Values[i]; tr.Fps[v.Clean] {
			return "#" + v.Clean + ": the secret in " + facts.Where(v) + " " + without(v)
		}
	}
	return ""
}

// lost finds the right secret in a place that the server reads or is meant to
// read, but that another source overrides. A second line of the same variable
// comes before every other place.
func lost(f *facts.Facts, exact *facts.Value, tr facts.Truth) *facts.Value {
	var best *facts.Value
	score := 0
	for i := range f.Values {
		v := &f.Values[i]
		if !meantRight(v, tr) || v.Fingerprint == exact.Fingerprint || v.ID == exact.ID || v.Comment || v.Kind == facts.KindDashboard || v.Kind == facts.KindKnown {
			continue
		}
		switch v.Role {
		case facts.RoleExample, facts.RoleTest, facts.RoleDocs, facts.RoleBuild, facts.RoleOther:
			continue
		case facts.RoleFront:
			if !v.Loaded {
				continue
			}
		}
		n := facts.Weight(f, v)
		if v.Name == exact.Name {
			n += 500
		}
		if best == nil || n > score {
			best, score = v, n
		}
	}
	return best
}

// meantRight tells whether a value is the right secret, or was meant to be and is corrupted.
func meantRight(v *facts.Value, tr facts.Truth) bool {
	return tr.Fps[v.Fingerprint] || v.What == facts.WhatSecret && (tr.Fps[v.Clean] || tr.Known && v.VsDashboard != nil && len(v.VsDashboard.Damages) > 0)
}

// shadowed: one variable, two values, and the wrong one counts.
func shadowed(f *facts.Facts, exact, right *facts.Value, proof []finding.Evidence) *finding.Cause {
	proof = append(proof, finding.Evidence{Label: "correct secret (overridden)", Got: facts.Shown(right), Source: facts.Where(right)})
	overrides := "the value in " + lineOfValue(exact)
	fix := []finding.Step{{Text: parts.In(exact) + "set " + orName(exact) + " to the value that it has in " + facts.Where(right) + ", or remove it there"}}
	switch {
	case exact.SetFile != "":
		fix = []finding.Step{{Text: "In " + parts.LineOf(exact.SetFile, exact.SetLine) + ", remove " + exact.Name + ", or set it to the value in " + facts.Where(right) + ": the process's environment overrides .env files"}}
	case exact.Kind == facts.KindProcess || exact.Kind == facts.KindAncestor:
		overrides = "the shell's " + exact.Name
		fix = []finding.Step{unsetStep(exact.Name, right)}
	case exact.Name != right.Name && exact.Kind == facts.KindEnvFile:
		fix = []finding.Step{{Text: parts.In(exact) + "remove " + exact.Name + ", or set it to the value of " + right.Name + " (" + facts.Where(right) + "): the code reads " + exact.Name + " first" + codePlace(f)}}
	case exact.File == right.File && exact.Kind == facts.KindEnvFile:
		fix = []finding.Step{{Text: fmt.Sprintf("In %s, delete line %d: it sets %s again, and the last one wins (line %d has the right value)", exact.File, exact.Line, exact.Name, right.Line)}}
	case exact.Kind == facts.KindLiteral:
		fix = []finding.Step{{Text: parts.In(exact) + "replace the hard-coded secret with " + readOf(f, right)}}
	case exact.Kind == facts.KindFallback:
		fix = []finding.Step{{Text: parts.In(exact) + "remove the hard-coded fallback, so that " + readOf(f, right) + " is used"}}
	}
	said, _ := acceptedAsItIs(f, right)
	c := new(finding.New(causes.SecretShadowed, finding.Proven,
		"The backend signs with "+overrides+", which overrides the correct secret in "+lineOfValue(right)+"."+strings.Replace(said, "the secret itself", "the correct one", 1),
		parts.Locate(exact), proof,
		append(fix, parts.RestartStep(f))...))
	switch {
	case exact.SetFile != "":
		if t := path.Base(exact.SetFile) + " overrides the correct API secret"; len(t) <= 58 {
			c.Title = t
		}
	case exact.Kind == facts.KindProcess || exact.Kind == facts.KindAncestor:
		c.Title = "The shell's " + exact.Name + " overrides the correct secret"
	case exact.Kind == facts.KindEnvFile:
		*c = c.Titled(parts.LineOf(path.Base(exact.File), exact.Line) + " overrides the correct API secret")
	case exact.Kind == facts.KindLiteral:
		c.Title = "A hard-coded secret overrides the correct one"
	}
	return c
}

// unsetStep removes a variable from the shell, so that a file's value counts.
func unsetStep(name string, right *facts.Value) finding.Step {
	return finding.Step{Text: "Unset " + name + " in the terminal that starts the backend: the shell's value overrides " + lineOfValue(right), Command: shell.ShellAtHand().Unset(name)}
}

// lineOfValue is a value's line in words, else its place.
func lineOfValue(v *facts.Value) string {
	if l := parts.Locate(v); l != nil {
		return parts.LineOf(l.File, l.Line)
	}
	return facts.Where(v)
}

// shellOverrides says that a right secret comes from the process's environment and
// that a file which it overrides has another; "" where that isn't so.
func shellOverrides(f *facts.Facts, h *tokens.Hit) string {
	w := Wins(f)
	if w == nil || h == nil || w.Kind != facts.KindProcess || w.SetFile != "" || w.Fingerprint != h.Signed {
		return ""
	}
	if v := overridden(f, w); v != nil {
		return "the shell's " + w.Name + " overrides " + parts.LineOf(v.File, v.Line) + ": without it the backend signs with another secret"
	}
	return ""
}

// overridden is what a loaded file has for a variable that the process's environment sets otherwise; nil for nothing.
func overridden(f *facts.Facts, w *facts.Value) *facts.Value {
	for i := range f.Values {
		v := &f.Values[i]
		if v.Kind == facts.KindEnvFile && v.Name == w.Name && v.Loaded && !v.Comment && !v.Empty && !v.Placeholder && v.Fingerprint != w.Fingerprint {
			return v
		}
	}
	return nil
}

// readOf is the code that reads a variable: process.env.STREAM_API_SECRET in
// JavaScript, else its name.
func readOf(f *facts.Facts, v *facts.Value) string {
	name := v.Name
	if v.Kind == facts.KindLiteral || v.Kind == facts.KindFallback || name == "" {
		name = secretName(f)
	}
	if c := facts.CodeOf(f); c == nil || parts.IsJS(c.File) {
		return "process.env." + name
	}
	if i, ok := parts.IdiomOf(facts.CodeOf(f)); ok && i.Env != "" {
		return fmt.Sprintf(i.Env, name)
	}
	return name
}

// otherKey finds the key that a secret belongs to, where it is not the app's.
func otherKey(f *facts.Facts, exact *facts.Value, tr facts.Truth) *facts.Value {
	if f.Stream != nil {
		for _, p := range f.Stream.Grid {
			if v := facts.ValueAt(f, p.Secret); p.Answer.Status == 200 && p.Key != tr.Key && v != nil && v.Fingerprint == exact.Fingerprint && !p.Cleaned {
				if k := keyValue(f, p.Key); k != nil {
					return k
				}
			}
		}
	}
	for i := range f.Values {
		v := &f.Values[i]
		if v.What != facts.WhatSecret || v.Fingerprint != exact.Fingerprint || v.Kind == facts.KindDashboard {
			continue
		}
		if k := facts.ValueAt(f, v.Pair); k != nil && k.What == facts.WhatKey && k.Key != "" && k.Key != facts.First(tr.Key, facts.ClientKey(f)) && tokens.APIKey(k.Key).WellFormed() && !k.Placeholder && !facts.Refused(f, k.Key, v.ID) {
			return k
		}
	}
	return nil
}

func keyValue(f *facts.Facts, key string) *facts.Value {
	var best *facts.Value
	for i := range f.Values {
		v := &f.Values[i]
		if v.What != facts.WhatKey || v.Key != key {
			continue
		}
		if best == nil || v.Wins && !best.Wins || best.Comment && !v.Comment {
			best = v
		}
	}
	return best
}

// acceptedWith is Stream's word that a key and a secret are a pair.
func acceptedWith(f *facts.Facts, key, secret *facts.Value) string {
	if p := facts.Cell(f, key.Key, secret.ID, false); p == nil || p.Answer.Status != 200 || facts.AuthDisabled(f) {
		return ""
	}
	return " Stream accepts " + key.Key + " with that secret (200)."
}

func otherApp(f *facts.Facts, exact, key *facts.Value, proof []finding.Evidence) *finding.Cause {
	front := facts.ClientKey(f)
	steps := []finding.Step{{Text: parts.In(exact) + "set " + orName(exact) + " to the API secret of " + orKey(front) + " (Dashboard › that app › App Access Keys)"}}
	if v := facts.FrontKey(f); v != nil && v.File != "" {
		steps = append(steps, finding.Step{Text: "Or in " + parts.LineOf(v.File, v.Line) + ", set the front end's key to " + facts.Shown(key) + ", if that app is the right one"})
	}
	return new(finding.New(causes.SecretOtherApp, finding.Proven,
		"The backend signs with the API secret of "+facts.Shown(key)+", and the front end uses "+orKey(front)+". They belong to different Stream apps."+acceptedWith(f, key, exact),
		parts.Locate(exact), append(proof, finding.Evidence{Label: "key of the secret in use", Got: facts.Shown(key), Want: orKey(front), Source: facts.Where(key)}),
		append(steps, parts.RestartStep(f))...))
}
