package checks

import (
	"badsig/checks/causes"
	"badsig/checks/probe"
	"badsig/tokens"
)

// This file tells a key that stands where the secret belongs, and the two exchanged.

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
	proof = append(proof, Evidence{Label: "that is the API key", Got: shown(key), Source: place(key)})
	if sw := swappedKey(f); sw != nil {
		return swappedCause(f, sw, append(proof, Evidence{Label: "and where the key belongs stands a secret", Got: shown(sw), Source: place(sw)}), Proven)
	}
	loc := locate(exact)
	if exact.What == probe.WhatKey {
		loc = signingPlace(f)
	}
	return new(cause(causes.SecretIsKey, Proven,
		"The backend signs with the API key. The key is public and names the app; the signature needs the secret beside it in the dashboard.",
		loc, proof,
		Step{Text: "put the API secret (64 characters) where the key stands now" + inPlace(exact)},
		restartStep(f)))
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
		"Key and secret are exchanged: the secret stands where the key belongs, and the key is used to sign.",
		locate(v), proof,
		Step{Text: "exchange the two values" + inPlace(v) + ": the key has 12 characters, the secret 64"},
		Step{Text: "if the front end shipped the secret, create a new one in the dashboard"},
		restartStep(f)))
}
