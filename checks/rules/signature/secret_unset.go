package signature

import (
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/rules/parts"
)

// Rules of this file, about a secret that the project's own files leave out:
//   - a file of this machine alone (git doesn't track it) that gives the server the key and not the secret is where
//     the secret was meant to be: half a pair is a likely fault, though a shell may still set the other half
//   - a file that git tracks says nothing, as the secret has to come from elsewhere there; unless another secret is in
//     it already: a password of a few letters, which is meant for this machine alone, isn't one
//   - a fallback that Stream rejects for the key in use, or a placeholder, is one that the developer didn't mean to sign
//     with; so is a text that is too short or too long for a Stream secret, where a file of the server has the key alone

// halfPair finds the key that a file of the server sets without the secret that belongs beside it.
func halfPair(f *facts.Facts, name string) *facts.Value {
	var key *facts.Value
	for i := range f.Values {
		v := &f.Values[i]
		switch {
		case v.Comment || v.File == "":
		case v.Name == name && v.Kind == facts.KindEnvFile && v.Loaded && !v.Empty: // it's set, and read too early or not: that isn't known
			return nil
		case v.Name == name && v.Kind == facts.KindConfig: // Compose or a process manager hands it over, from wherever
			return nil
		case v.What != facts.WhatKey || v.Kind != facts.KindEnvFile || !v.Loaded || v.Empty || v.Placeholder:
		case v.Tracked && !keepsSecrets(f, v.File):
		case f.Server == nil || !facts.OneOf(f.Server.Loaded, v.File):
		case key == nil || v.Read && !key.Read:
			key = v
		}
	}
	return key
}

// keepsSecrets reports whether a file that git tracks is nevertheless where the project's secrets are.
func keepsSecrets(f *facts.Facts, file string) bool {
	for i := range f.Values {
		if v := &f.Values[i]; v.File == file && v.What != facts.WhatKey && v.Length >= 12 && !v.Placeholder && !v.Comment && !v.Public {
			return true
		}
	}
	return false
}

// leftOut is the likely fault that a variable was left out of the file that sets the key beside it.
func leftOut(f *facts.Facts, name string, ev []finding.Evidence) *finding.Cause {
	key := halfPair(f, name)
	if key == nil || sourcesUnread(f) {
		return nil
	}
	c := finding.New(causes.SecretMissing, finding.Likely,
		"The code reads "+name+codePlace(f)+", and no file that the server loads sets it: "+key.File+" has the API key only.",
		parts.Locate(key), append(ev, finding.Evidence{Label: "set beside it", Got: key.Name, Want: name, Source: facts.Where(key)}),
		finding.Step{Text: "In " + key.File + ", add " + name + "= with your app's API secret, beside " + facts.At(key.File, key.Line) + " (Dashboard › your app › App Access Keys)"},
		parts.RestartStep(f))
	return &c
}

// keyLeftOut judges a backend that ends at its start without an API key which no file sets: the file that has the
// secret lacks it, sets it to nothing, or has it under another name. What runs got it from its shell.
func keyLeftOut(f *facts.Facts) *finding.Cause {
	s, at := f.Server, Wins(f)
	if !s.KeyEnds || s.PID > 0 || at == nil || at.Kind != facts.KindEnvFile || sourcesUnread(f) {
		return nil
	}
	step := "add " + s.KeyName + "= with your app's API key, beside " + at.Name
	for i := range f.Values {
		if v := &f.Values[i]; v.File == at.File && !v.Comment && v.What == facts.WhatKey && v.Role != facts.RoleFront && !v.Read || v.ID == s.Key {
			at, step = v, "call it "+s.KeyName+": that's the name that the code reads"
			if v.Name == s.KeyName {
				step = "set " + s.KeyName + " to your app's API key"
			}
			break
		}
	}
	return new(finding.New(causes.KeyMissing, finding.Likely, "The backend exits when it starts without "+s.KeyName+", and no file that it loads sets that.", parts.Locate(at),
		[]finding.Evidence{{Label: "the code reads", Got: s.KeyName, Want: "the API key", Source: at.File}},
		finding.Step{Text: parts.In(at) + step + " (Dashboard › your app › App Access Keys)"}, parts.RestartStep(f)).Titled("The backend has no API key"))
}

// refusedFallback judges a fallback in code that is a placeholder, that Stream rejects for the key in use, or that
// isn't of the length that its secrets have.
func refusedFallback(f *facts.Facts, w *facts.Value, ev []finding.Evidence) *finding.Cause {
	name, short := secretName(f), facts.OneOf(w.Blemishes, "not-64")
	other := notTheDashboards(f, w, facts.TruthOf(f))
	if w.Kind != facts.KindFallback || name == "" || !w.Placeholder && !short && !other && !refusedFor(f, w) || sourcesUnread(f) {
		return nil
	}
	set, what := setStep(f, name), ", which is a placeholder."
	if key := halfPair(f, name); key != nil {
		set.Text = "In " + key.File + ", set " + name + " to your app's API secret (Dashboard › your app › App Access Keys)"
	} else if !w.Placeholder && !other {
		return nil
	}
	if !w.Placeholder {
		what = ", which Stream rejects."
		if other {
			what = ", which isn't the secret that the dashboard shows."
		} else if short && !refusedFor(f, w) {
			what = "; Stream secrets are 64 characters (a–z, 0–9)."
		}
	}
	c := finding.New(causes.SecretFallback, finding.Likely, // a shell may set the variable
		"No file that the server loads sets "+name+", so the backend would sign with the fallback hard-coded in "+facts.Where(w)+what,
		parts.Locate(w), append(ev, streamProof(f, w)...), set,
		finding.Step{Text: parts.In(w) + "remove the fallback, so that a missing secret fails at start"},
		parts.RestartStep(f))
	return &c
}

// byShellAlone reports a word such as dev-secret, unlike a template that is to be filled in, as the fallback for a variable that only the environment which the program starts with can set: it
// loads no file, and doesn't run, so that its environment isn't seen.
func byShellAlone(f *facts.Facts, w *facts.Value) bool {
	s := f.Server
	return w.Kind == facts.KindFallback && w.Placeholder && w.Key == "" && s != nil && s.SecretName != "" && len(s.Loaded)+len(s.Missing) == 0 && s.Start.IsZero()
}
