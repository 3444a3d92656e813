package checks

import (
	"cmp"
	"fmt"

	"badsig/checks/causes"
	"badsig/checks/probe"
	"badsig/tokens"
)

// This file is about a secret that is sound in itself and wrong where it stands:
// another wins over the right one, or it is another app's.

// wrongPlace explains a signer that is a secret as it stands, and not the right one.
func wrongPlace(f *probe.Facts, exact *probe.Value, tr truth) *Cause {
	proof := []Evidence{
		{Label: "the token verifies with", Got: shown(exact), Source: place(exact)},
		{Label: "the app's secret is", Got: rightShown(f, tr), Source: map[string]string{"dashboard": "the dashboard", "stream": "Stream accepts it"}[tr.by]},
	}
	if c := ownApp(f, exact, tr, proof); c != nil {
		return c
	}
	if right := lost(f, exact, tr); right != nil {
		return shadowed(f, exact, right, proof, Proven)
	}
	if k := otherKey(f, exact, tr); k != nil {
		return otherApp(f, exact, k, proof)
	}
	return new(cause(causes.KeySecretMismatch, Proven,
		"The secret that the backend signs with does not belong to the API key "+orKey(tr.key)+": it is another secret altogether, not a damaged one.",
		locate(exact), proof,
		Step{Text: "copy the secret again from the dashboard (your app → App Access Keys)" + into(exact)},
		restartStep(f)))
}

func orKey(k string) string {
	return cmp.Or(k, "in use")
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
// read, but that another source overrides.
func lost(f *probe.Facts, exact *probe.Value, tr truth) *probe.Value {
	var best *probe.Value
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
		if best == nil || weight(f, v) > weight(f, best) {
			best = v
		}
	}
	return best
}

// meantRight tells whether a value is the right secret, or was meant to be and is damaged.
func meantRight(v *probe.Value, tr truth) bool {
	return tr.fps[v.Fingerprint] || v.What == probe.WhatSecret && (tr.fps[v.Clean] || tr.known && v.VsDashboard != nil && len(v.VsDashboard.Damages) > 0)
}

func shadowed(f *probe.Facts, exact, right *probe.Value, proof []Evidence, certainty Certainty) *Cause {
	proof = append(proof, Evidence{Label: "the right one stands, without effect, at", Got: shown(right), Source: place(right)})
	fix := []Step{{Text: "take " + place(exact) + " away, or make it the same as " + place(right)}}
	switch {
	case exact.SetFile != "":
		fix = []Step{{Text: "a variable that the process starts with wins over .env files: take it out at " + at(exact.SetFile, exact.SetLine) + ", or make it the same as " + place(right)}}
	case exact.Kind == probe.KindProcess || exact.Kind == probe.KindAncestor:
		fix = []Step{{Text: "a variable of the shell wins over .env files: unset it in the terminal that starts the backend", Command: probe.ShellAtHand().Unset(exact.Name)}}
	case exact.File == right.File && exact.Kind == probe.KindEnvFile:
		fix = []Step{{Text: fmt.Sprintf("%s sets it twice and the later line wins: delete line %d", exact.File, exact.Line)}}
	case exact.Kind == probe.KindLiteral:
		fix = []Step{{Text: "the literal at " + place(exact) + " is used, whatever the environment says: read " + secretName(f) + " there instead"}}
	}
	return new(cause(causes.SecretShadowed, certainty,
		"The right secret stands at "+place(right)+", but "+place(exact)+" wins over it, and the backend signs with that.",
		locate(exact), proof,
		append(fix, restartStep(f))...))
}

// otherKey finds the key that a secret belongs to, where it is not the app's.
func otherKey(f *probe.Facts, exact *probe.Value, tr truth) *probe.Value {
	if f.Stream != nil {
		for _, p := range f.Stream.Grid {
			if v := valueAt(f, p.Secret); p.Answer.Status == 200 && p.Key != tr.key && v != nil && v.Fingerprint == exact.Fingerprint {
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
		if k := valueAt(f, v.Pair); k != nil && k.What == probe.WhatKey && k.Key != "" && k.Key != tr.key && tokens.APIKey(k.Key).WellFormed() && !k.Placeholder {
			return k
		}
	}
	return nil
}

func keyValue(f *probe.Facts, key string) *probe.Value {
	for i := range f.Values {
		if v := &f.Values[i]; v.What == probe.WhatKey && v.Key == key {
			return v
		}
	}
	return nil
}

func otherApp(f *probe.Facts, exact, key *probe.Value, proof []Evidence) *Cause {
	return new(cause(causes.SecretOtherApp, Proven,
		"The backend signs with the secret of another app of yours: it belongs to the key "+shown(key)+", and the front end uses "+orKey(clientKey(f))+".",
		locate(exact), append(proof, Evidence{Label: "that secret belongs to the key", Got: shown(key), Source: place(key)}),
		Step{Text: "put the secret of " + orKey(clientKey(f)) + into(exact) + ", or move key and secret together to the other app"},
		restartStep(f)))
}
