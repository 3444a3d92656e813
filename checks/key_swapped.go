package checks

import (
	"fmt"

	"badsig/checks/causes"
	"badsig/checks/probe"
	"badsig/tokens"
)

// This file tells a key in the secret's place, and the two swapped.

// sameKey finds an API key that has the fingerprint.
func sameKey(f *probe.Facts, fp string) *probe.Value {
	for i := range f.Values {
		if v := &f.Values[i]; v.What == probe.WhatKey && v.Fingerprint == fp && tokens.APIKey(v.Key).WellFormed() && !v.Placeholder {
			return v
		}
	}
	return nil
}

// keyAsSecret tells the key in the secret's place from the two exchanged.
func keyAsSecret(f *probe.Facts, exact, key *probe.Value, proof []Evidence) *Cause {
	proof = append(proof, Evidence{Label: "the same as the API key", Got: shown(key), Source: place(key)})
	if sw := swappedKey(f); sw != nil {
		return swappedCause(f, sw, append(proof, Evidence{Label: "API key", Got: shown(sw), Want: "12 characters", Source: place(sw)}), Proven)
	}
	loc := locate(exact)
	if exact.What == probe.WhatKey {
		loc = signingPlace(f)
	}
	return new(cause(causes.SecretIsKey, Proven,
		"The backend signs with the API key. The key is public and only names the app; tokens are signed with the API secret.",
		loc, proof,
		Step{Text: secretNotKey(f, exact, loc)},
		restartStep(f)))
}

// secretNotKey is the edit where the key is used as secret.
func secretNotKey(f *probe.Facts, exact *probe.Value, loc *Location) string {
	if exact.What == probe.WhatKey && loc != nil {
		return "In " + lineOf(loc.File, loc.Line) + ", sign with the API secret instead of " + keyName(exact)
	}
	return in(exact) + "set " + orName(exact) + " to the API secret (64 characters), not the key"
}

// swapStep is the edit that swaps a key and a secret back.
func swapStep(f *probe.Facts, key *probe.Value) string {
	other := wins(f)
	if other == nil || other.File == "" {
		other = valueAt(f, key.Pair)
	}
	text := "swap the two values"
	if other != nil && other.File == key.File && other.Line != key.Line {
		return fmt.Sprintf("In %s, swap the values of lines %d and %d: the key has 12 characters, the secret 64", key.File, min(key.Line, other.Line), max(key.Line, other.Line))
	}
	return in(key) + text + ": the key has 12 characters, the secret 64"
}

// swappedKey finds a place meant for a key that holds a secret.
func swappedKey(f *probe.Facts) *probe.Value {
	tr := truthOf(f)
	for i := range f.Values {
		v := &f.Values[i]
		if v.What != probe.WhatKey || v.Comment || v.Empty || v.Kind == probe.KindKnown {
			continue
		}
		if v.Role == probe.RoleExample || v.Role == probe.RoleTest || v.Role == probe.RoleDocs {
			continue
		}
		if tr.fps[v.Fingerprint] || (v.Key == "" && v.Length == 64 && v.Clean == v.Fingerprint) {
			return v
		}
	}
	return nil
}

func swappedCause(f *probe.Facts, v *probe.Value, proof []Evidence, certainty Certainty) *Cause {
	return new(cause(causes.KeySecretSwapped, certainty,
		"The API key and secret are swapped: the key's variable has the secret, and the backend signs with the key.",
		locate(v), proof,
		Step{Text: swapStep(f, v)},
		Step{Text: "Rotate the secret in the dashboard if the front end shipped it"},
		restartStep(f)))
}
