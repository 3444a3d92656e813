package signature

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/probe/names"
	"badsig/checks/rules/parts"
	"badsig/tokens"
)

// This file tells a key in the secret's place, and the two swapped.

// sameKey finds an API key that has the fingerprint.
func sameKey(f *facts.Facts, fp string) *facts.Value {
	for i := range f.Values {
		if v := &f.Values[i]; v.What == facts.WhatKey && v.Fingerprint == fp && tokens.APIKey(v.Key).WellFormed() && !v.Placeholder {
			return v
		}
	}
	return nil
}

// keyAsSecret tells the key in the secret's place from the two exchanged.
func keyAsSecret(f *facts.Facts, exact, key *facts.Value, proof []finding.Evidence) *finding.Cause {
	proof = append(proof, finding.Evidence{Label: "the same as the API key", Got: facts.Shown(key), Source: facts.Where(key)})
	if at, v := crossed(f, exact); at != nil {
		return crossedCause(at, v.Name, append(proof, finding.Evidence{Label: "used as the key", Got: facts.Shown(v), Want: "12 characters", Source: facts.Where(v)}), finding.Proven, f)
	}
	if sw := swappedKey(f); sw != nil {
		return swappedCause(f, sw, append(proof, finding.Evidence{Label: "API key", Got: facts.Shown(sw), Want: "12 characters", Source: facts.Where(sw)}), finding.Proven)
	}
	loc := parts.Locate(exact)
	if c := facts.CodeOf(f); c != nil && c.Language != "" && plainKey(exact.Name) {
		exact = new(*exact)
		exact.What = facts.WhatKey
	}
	if exact.What == facts.WhatKey {
		loc = cmp.Or(takenAtCall(f), parts.SecretAt(f))
		if c := facts.CodeOf(f); c != nil && c.Language != "" {
			says := func(name string) bool {
				return names.Classify(name).What == facts.WhatKey || name == facts.LastName(exact.Name)
			}
			loc = cmp.Or(parts.TakenAt(f, says, saysSecret), loc)
		}
	} else if s, x := f.Site(), named(f, exact); s != nil && s.Made.Line > 0 && x != nil && x.What == facts.WhatKey { // a file's setting that is rightly called a key
		exact, loc = x, finding.LocAt(s.Takes().File, s.Takes().Line)
	}
	return isKey(f, "signs", loc, proof, secretNotKey(f, exact, loc))
}

// isKey is for the key in the place of the secret.
func isKey(f *facts.Facts, signs string, at *finding.Location, proof []finding.Evidence, step string) *finding.Cause {
	return new(finding.New(causes.SecretIsKey, finding.Proven,
		"The backend "+signs+" with the API key. The key is public and only names the app; tokens are signed with the API secret.",
		at, proof, finding.Step{Text: step}, parts.RestartStep(f)))
}

// keyTaken finds a call that uses the key's variable as the secret, where other code uses that variable rightly, so that
// no secret of this name was found: the variable is set, and holds the key.
func keyTaken(f *facts.Facts, name string) *finding.Cause {
	if f.Project == nil {
		return nil
	}
	var s *facts.Site
	for i := range f.Project.Sites {
		x := &f.Project.Sites[i]
		if n := len(x.Secret); s == nil && n > 0 && x.Secret[n-1].Env && x.Secret[n-1].Name == name && x.Made.Line > 0 && x.Runs.Sure() {
			s = x
		}
	}
	key := loadedAs(f, name, facts.WhatKey)
	if s == nil || key == nil {
		return nil
	}
	at := finding.LocAt(assigned(s).File, assigned(s).Line)
	proof := []finding.Evidence{{Label: "used as the secret", Got: facts.Shown(key), Want: "the API secret, 64 characters", Source: facts.Where(key)}}
	for _, l := range s.Key {
		if v := loadedAs(f, l.Name, facts.WhatSecret); l.Env && v != nil {
			return crossedCause(at, v.Name, append(proof, finding.Evidence{Label: "used as the key", Got: facts.Shown(v), Want: "12 characters", Source: facts.Where(v)}), finding.Proven, f)
		}
	}
	return isKey(f, "would sign", at, proof, "In "+parts.LineOf(at.File, at.Line)+", sign with the API secret instead of "+key.Name)
}

// loadedAs is what a variable holds that a file sets which the server loads; nil where that is of another kind.
func loadedAs(f *facts.Facts, name, what string) *facts.Value {
	for i := range f.Values {
		if v := &f.Values[i]; v.Name == name && v.What == what && v.Loaded && !v.Comment && !v.Empty && !v.Placeholder && len(v.Key) == 12 == (what == facts.WhatKey) {
			return v
		}
	}
	return nil
}

// plainKey reports a name that can only be the API key's: stream.api-key.
func plainKey(name string) bool {
	switch strings.ToLower(strings.NewReplacer("-", "", "_", "").Replace(facts.LastName(name))) {
	case "key", "apikey", "streamkey", "streamapikey":
		return true
	}
	return false
}

func saysSecret(name string) bool { return names.Classify(name).What == facts.WhatSecret }

// takenAtCall is the call that uses the key as the secret though the line that reads it is right: it uses
// one variable for both, or const apiKey = process.env.STREAM_API_KEY. nil for any other.
func takenAtCall(f *facts.Facts) *finding.Location {
	if s := f.Site(); s != nil && s.Made.Line > 0 && (twice(s) || takesKey(s)) {
		return finding.LocAt(s.Takes().File, s.Takes().Line)
	}
	return nil
}

// twice reports whether a call uses one variable for the key and the secret.
func twice(s *facts.Site) bool {
	same := func(a, b facts.Link) bool { a.Value = b.Value; return a == b }
	known := func(l facts.Link) bool { return l.Known.Sure() && (l.Env || l.Value >= 0) }
	return len(s.Key) > 0 && slices.EqualFunc(s.Key, s.Secret, same) && affix.Any(s.Key, known)
}

// swappedNames reports whether a call uses variables of keys as the secret, and variables of secrets as the key, no matter what they hold.
func swappedNames(s *facts.Site) bool {
	all := func(list []facts.Link, what string) bool {
		return len(list) > 0 && !affix.Any(list, func(l facts.Link) bool { return l.Env && names.Classify(l.Name).What != what })
	}
	return all(s.Secret, facts.WhatKey) && all(s.Key, facts.WhatSecret)
}

// takesKey reports whether a call uses as the secret what the code itself calls a key.
func takesKey(s *facts.Site) bool {
	return len(s.Secret) == 1 && s.Secret[0].As != "" && names.Classify(facts.LastName(s.Secret[0].As)).What == facts.WhatKey
}

// secretNotKey is the edit where the key is used as secret.
func secretNotKey(f *facts.Facts, exact *facts.Value, loc *finding.Location) string {
	if exact.What == facts.WhatKey && loc != nil {
		name := keyName(exact)
		if s := f.Site(); s != nil && takesKey(s) {
			name = s.Secret[0].As
		}
		return "In " + parts.LineOf(loc.File, loc.Line) + ", sign with the API secret instead of " + name
	}
	return parts.In(exact) + "set " + orName(exact) + " to the API secret (64 characters), not the key"
}

// swapStep is the edit that swaps a key and a secret back.
func swapStep(f *facts.Facts, key *facts.Value) string {
	other := Wins(f)
	if other == nil || other.File == "" {
		other = facts.ValueAt(f, key.Pair)
	}
	text := "swap the two values"
	if other != nil && other.File == key.File && other.Line != key.Line {
		return fmt.Sprintf("In %s, swap the values of lines %d and %d: the key has 12 characters, the secret 64", key.File, min(key.Line, other.Line), max(key.Line, other.Line))
	}
	return parts.In(key) + text + ": the key has 12 characters, the secret 64"
}

// swappedKey finds a place meant for a key that holds a secret.
func swappedKey(f *facts.Facts) *facts.Value {
	tr := facts.TruthOf(f)
	for i := range f.Values {
		v := &f.Values[i]
		if v.What != facts.WhatKey || v.Comment || v.Empty || v.Kind == facts.KindKnown {
			continue
		}
		if v.Role == facts.RoleExample || v.Role == facts.RoleTest || v.Role == facts.RoleDocs {
			continue
		}
		if tr.Fps[v.Fingerprint] || (v.Key == "" && v.Length == 64 && v.Clean == v.Fingerprint) {
			return v
		}
	}
	return nil
}

func swappedCause(f *facts.Facts, v *facts.Value, proof []finding.Evidence, certainty finding.Certainty) *finding.Cause {
	if s := f.Site(); s != nil && s.Language != "js" && s.Language != "" && len(s.Secret) > 0 && s.Secret[0].File != "" && v.Kind != facts.KindLiteral && names.Classify(v.Name).What == facts.WhatSecret {
		return crossedCause(finding.LocAt(s.Secret[0].File, s.Secret[0].Line), v.Name, proof, certainty, f)
	}
	return new(finding.New(causes.KeySecretSwapped, certainty,
		"The API key and secret are swapped: the key's variable has the secret, and the backend signs with the key.",
		parts.Locate(v), proof,
		finding.Step{Text: swapStep(f, v)},
		finding.Step{Text: "Rotate the secret in the dashboard if the front end shipped it"},
		parts.RestartStep(f)))
}

// crossed finds the call that uses a right key as the secret and a right
// secret as the key: the variables hold what their names say.
func crossed(f *facts.Facts, exact *facts.Value) (*finding.Location, *facts.Value) {
	s := f.Site()
	if s == nil || f.Server == nil || len(s.Key) == 0 { // the call takes no key
		return nil, nil
	}
	at := assigned(s)
	if at.File == "" {
		return nil, nil
	}
	used, v := named(f, exact), named(f, facts.ValueAt(f, f.Server.Key))
	if used == nil || v == nil || used.Fingerprint == v.Fingerprint || !called(used, facts.WhatKey) || !called(v, facts.WhatSecret) && !onlyKey(used, v) {
		return nil, nil
	}
	return finding.LocAt(at.File, at.Line), v
}

// onlyKey reports the key in a variable that is called Stream's key, where the secret's is called something else: STREAM_PRIVATE_API_KEY.
func onlyKey(key, secret *facts.Value) bool {
	c := names.Classify(facts.LastName(key.Name))
	return key.Key != "" && c.What == facts.WhatKey && !c.Bare && names.Classify(facts.LastName(secret.Name)).What != facts.WhatKey
}

// called reports whether a value's own name says what it is. Of a name that isn't known as
// Stream's (STEAM_API_KEY), what it is was told by its place among the arguments, which may be wrong.
func called(v *facts.Value, what string) bool {
	name := strings.ToUpper(facts.LastName(v.Name)) // of secrets.streamKey
	if secret := affix.Contains(name, "SECRET"); secret || affix.HasSuffix(name, "KEY") {
		return secret == (what == facts.WhatSecret)
	}
	return v.What == what
}

// assigned is the line that takes the wrong variable: the call, or the constant there whose own name says what it should be.
func assigned(s *facts.Site) facts.Place {
	if swapsNames(s) {
		return s.Secret[0].Place
	}
	return s.Takes()
}

// swapsNames reports const SECRET = process.env.STREAM_API_KEY beside const KEY = process.env.STREAM_API_SECRET.
func swapsNames(s *facts.Site) bool {
	is := func(all []facts.Link, what string) bool {
		return len(all) == 1 && all[0].Env && all[0].Line > 0 && names.Classify(facts.LastName(all[0].As)).What == what
	}
	return is(s.Secret, facts.WhatSecret) && is(s.Key, facts.WhatKey)
}

func crossedStep(f *facts.Facts, at *finding.Location) string {
	if s := f.Site(); s != nil && swapsNames(s) && s.Secret[0].Line == at.Line && s.Secret[0].File == at.File {
		return "In " + parts.LineOf(at.File, at.Line) + ", read " + s.Key[0].Name + " instead of " + s.Secret[0].Name + ", and the other way round in " + parts.LineOf(s.Key[0].File, s.Key[0].Line)
	}
	return "In " + parts.LineOf(at.File, at.Line) + ", swap the two arguments: the API key first, then the API secret"
}

// crossedCause is for arguments the wrong way round.
func crossedCause(at *finding.Location, name string, proof []finding.Evidence, certainty finding.Certainty, f *facts.Facts) *finding.Cause {
	return new(finding.New(causes.KeySecretSwapped, certainty,
		"The API key and secret are swapped in the code: it uses "+name+" as the key, and the backend signs with the key.",
		at, proof,
		finding.Step{Text: crossedStep(f, at)},
		parts.RestartStep(f)))
}

// named is a value as the line that holds it calls it: of a literal, the setting there ("secret": "…"),
// no matter what the call uses it for. nil where nothing but the call says what it is.
func named(f *facts.Facts, v *facts.Value) *facts.Value {
	if v == nil || v.Kind != facts.KindLiteral {
		return v
	}
	for i := range f.Values {
		if x := &f.Values[i]; x.ID != v.ID && x.File == v.File && x.Line == v.Line && x.Fingerprint == v.Fingerprint && x.What != v.What {
			return x
		}
	}
	return nil
}

// secretAsKey: the front end's key is the secret.
func secretAsKey(f *facts.Facts, v *facts.Value, proof []finding.Evidence) finding.Cause {
	return finding.New(causes.KeyMalformed, finding.Proven,
		"The API key is set to what looks like an API secret (64 characters; keys have 12).",
		parts.Locate(v), proof,
		finding.Step{Text: parts.In(v) + "set " + keyName(v) + " to " + rightKey(f)},
		finding.Step{Text: "Rotate the secret in the dashboard if a browser has received it"}).Titled("The API key is set to an API secret")
}

// soundBackKey is the backend's key, if it looks like one; else nil.
func soundBackKey(f *facts.Facts) *facts.Value {
	if k := backKey(f); k != nil && tokens.APIKey(k.Key).WellFormed() && !k.Placeholder {
		return k
	}
	return nil
}
