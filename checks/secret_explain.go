package checks

import (
	"fmt"
	"slices"
	"strings"

	"badsig/checks/probe"
	"badsig/tokens"
)

// explain turns a proof of who signed into the cause, or nil where nothing
// says that the signer is wrong.
func (j judgement) explain(f *probe.Facts, h *tokens.Hit) *Cause {
	w, exact := wins(f), exactValue(f, h)
	dmg := damagedFrom(f, j.token, j.tr)
	if exact != nil && exact.Kind == probe.KindDashboard {
		exact = nil // a dashboard pair that Stream refuses is the pair's matter, not the server's
	}
	if c := byNature(f, h, exact, j.tr); c != nil {
		return c
	}
	today := w != nil && w.Fingerprint == h.Signed
	if !today && w != nil && (exact == nil || !runs(exact) || inherited(f, exact) != nil) {
		if right := j.tr.known && j.tr.fps[w.Fingerprint]; right || !j.tr.known {
			certainty := Likely
			if right || len(h.Damages) > 0 || exact != nil {
				certainty = Proven
			}
			if c := staleCause(f, j.tr, h, certainty); c != nil {
				return c
			}
		}
	}
	if c := staleByWatcher(f, j.tr, exact); c != nil {
		return c
	}
	if c := staleBySetting(f, j.tr, exact); c != nil {
		return c
	}
	if dmg != nil && (exact == nil || !ownPair(f, exact, j.tr)) {
		return damageCause(f, dmg, exact, valueAt(f, dmg.Candidate))
	}
	if exact != nil && exact.Clean != exact.Fingerprint && j.tr.fps[exact.Clean] {
		if c := suspicious(f, exact); c != nil {
			return c
		}
	}
	if exact == nil && len(h.Damages) > 0 {
		if c := damageCause(f, h, nil, valueAt(f, h.Candidate)); c != nil {
			return c
		}
	}
	if exact == nil {
		return nil
	}
	if j.tr.known {
		return wrongPlace(f, exact, j.tr)
	}
	return suspicious(f, exact)
}

// runs tells whether a value can have reached the program that runs.
func runs(v *probe.Value) bool {
	if v.Comment {
		return false
	}
	switch v.Kind {
	case probe.KindProcess, probe.KindAncestor, probe.KindLiteral, probe.KindFallback:
		return v.Role != probe.RoleTest && v.Role != probe.RoleExample && v.Role != probe.RoleDocs && v.Role != probe.RoleFront
	}
	return v.Loaded
}

// byNature recognises values that are no secret of any app: nothing at all,
// the word undefined, a placeholder, a fallback, the key.
func byNature(f *probe.Facts, h *tokens.Hit, exact *probe.Value, tr truth) *Cause {
	proof := []Evidence{{Label: "the token verifies with", Got: fmt.Sprintf("%d bytes #%s", h.Length, h.Signed), Source: "HMAC-SHA256 over the exact bytes"}}
	if h.Length == 0 {
		c := secretMissing(f, append(proof, Evidence{Label: "signed with", Got: "the empty text"}))
		c.Certainty = Proven
		return &c
	}
	if exact == nil {
		return nil
	}
	for i := range f.Values {
		v := &f.Values[i]
		if v.Kind == probe.KindKnown && v.Fingerprint == h.Signed && slices.Contains([]string{"undefined", "null", "NaN", "[object Object]"}, v.Key) {
			c := secretMissing(f, append(proof, Evidence{Label: "signed with", Got: "the text " + v.Key}))
			c.Certainty = Proven
			return &c
		}
	}
	if k := sameKey(f, h.Signed); k != nil && !tr.fps[h.Signed] {
		return keyAsSecret(f, exact, k, proof)
	}
	if exact.Kind == probe.KindFallback && !tr.fps[h.Signed] && (exact.Placeholder || !wellFormedValue(exact) || tr.known || refusedFor(f, exact)) {
		return &Cause{
			ID: "secret-fallback", Severity: Error, Certainty: Proven, Location: locate(exact), Evidence: append(proof, whyEmpty(f)...),
			Summary: "The variable was empty when the process started, so the code took the fallback written at " + place(exact) + " and signs with that. Proven: the token verifies with the fallback.",
			Fix:     []Step{{Text: "set " + secretName(f) + " where the server reads it" + loadedFiles(f)}, {Text: "delete the fallback at " + place(exact) + ", so that a missing secret fails at start and not at Stream"}, restartStep(f)},
		}
	}
	if exact.Placeholder || exact.Kind == probe.KindKnown {
		w := wins(f)
		if w != nil && w.Fingerprint != h.Signed && staleCause(f, tr, h, Proven) != nil {
			return nil
		}
		loc := locate(exact)
		if exact.Kind == probe.KindKnown {
			loc = signingPlace(f)
		}
		return &Cause{
			ID: "secret-placeholder", Severity: Error, Certainty: Proven, Location: loc, Evidence: proof,
			Summary: "The backend signs with a placeholder out of a template, not with your app's secret. Proven: the token verifies with it.",
			Fix:     []Step{{Text: "replace it by the secret of your app (Dashboard → your app → App Access Keys)" + inPlace(exact)}, restartStep(f)},
		}
	}
	return nil
}

func inPlace(v *probe.Value) string {
	if v.File == "" {
		return ""
	}
	return " in " + place(v)
}

func wellFormedValue(v *probe.Value) bool {
	return v.Length == 64 && len(v.Blemishes) == 0 && !v.Placeholder
}

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
	return &Cause{
		ID: "secret-is-key", Severity: Error, Certainty: Proven, Location: loc, Evidence: proof,
		Summary: "The backend signs with the API key. The key is public and names the app; the signature needs the secret beside it in the dashboard.",
		Fix:     []Step{{Text: "put the API secret (64 characters) where the key stands now" + inPlace(exact)}, restartStep(f)},
	}
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
	return &Cause{
		ID: "key-secret-swapped", Severity: Error, Certainty: certainty, Location: locate(v), Evidence: proof,
		Summary: "Key and secret are exchanged: the secret stands where the key belongs, and the key is used to sign.",
		Fix:     []Step{{Text: "exchange the two values" + inPlace(v) + ": the key has 12 characters, the secret 64"}, {Text: "if the front end shipped the secret, create a new one in the dashboard"}, restartStep(f)},
	}
}

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
	return &Cause{
		ID: "key-secret-mismatch", Severity: Error, Certainty: Proven, Location: locate(exact), Evidence: proof,
		Summary: "The secret that the backend signs with does not belong to the API key " + orKey(tr.key) + ": it is another secret altogether, not a damaged one.",
		Fix:     []Step{{Text: "copy the secret again from the dashboard (your app → App Access Keys)" + into(exact)}, restartStep(f)},
	}
}

func orKey(k string) string {
	if k == "" {
		return "in use"
	}
	return k
}

func into(v *probe.Value) string {
	if v.File == "" {
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
		fix = []Step{{Text: "a variable of the shell wins over .env files: unset it in the terminal that starts the backend", Command: "unset " + exact.Name}}
	case exact.File == right.File && exact.Kind == probe.KindEnvFile:
		fix = []Step{{Text: fmt.Sprintf("%s sets it twice and the later line wins: delete line %d", exact.File, exact.Line)}}
	case exact.Kind == probe.KindLiteral:
		fix = []Step{{Text: "the literal at " + place(exact) + " is used, whatever the environment says: read " + secretName(f) + " there instead"}}
	}
	return &Cause{
		ID: "secret-shadowed", Severity: Error, Certainty: certainty, Location: locate(exact), Evidence: proof,
		Summary: "The right secret stands at " + place(right) + ", but " + place(exact) + " wins over it, and the backend signs with that.",
		Fix:     append(fix, restartStep(f)),
	}
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
	return &Cause{
		ID: "secret-other-app", Severity: Error, Certainty: Proven, Location: locate(exact),
		Evidence: append(proof, Evidence{Label: "that secret belongs to the key", Got: shown(key), Source: place(key)}),
		Summary:  "The backend signs with the secret of another app of yours: it belongs to the key " + shown(key) + ", and the front end uses " + orKey(clientKey(f)) + ".",
		Fix:      []Step{{Text: "put the secret of " + orKey(clientKey(f)) + into(exact) + ", or move key and secret together to the other app"}, restartStep(f)},
	}
}

// codePlace says where the code signs, " (server/streamToken.js:5)" or "".
func codePlace(f *probe.Facts) string {
	if l := signingPlace(f); l != nil {
		return " (" + at(l.File, l.Line) + ")"
	}
	return ""
}

// loadedFiles says where the server looks for variables.
func loadedFiles(f *probe.Facts) string {
	if f.Server == nil {
		return ""
	}
	if len(f.Server.Loaded) > 0 {
		return " (" + strings.Join(f.Server.Loaded, ", ") + ")"
	}
	if len(f.Server.Missing) > 0 {
		return " (it looks for " + strings.Join(f.Server.Missing, ", ") + ", which is not there)"
	}
	return ""
}
