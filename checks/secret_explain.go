package checks

import (
	"fmt"
	"slices"

	"badsig/checks/causes"
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
	if c := restartMends(f, j.tr, h); c != nil {
		return c
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
	proof := []Evidence{{Label: "token verifies with", Got: fmt.Sprintf("%d characters #%s", h.Length, h.Signed), Source: "HMAC-SHA256 of the token's exact bytes"}}
	if h.Length == 0 {
		c := secretMissing(f, append(proof, Evidence{Label: "signed with", Got: "an empty string"}))
		c.Certainty = Proven
		return &c
	}
	if exact == nil {
		return nil
	}
	for i := range f.Values {
		v := &f.Values[i]
		if v.Kind == probe.KindKnown && v.Fingerprint == h.Signed && slices.Contains([]string{"undefined", "null", "NaN", "[object Object]"}, v.Key) {
			c := secretMissing(f, append(proof, Evidence{Label: "signed with", Got: "the string " + v.Key}))
			c.Certainty = Proven
			return &c
		}
	}
	if k := sameKey(f, h.Signed); k != nil && !tr.fps[h.Signed] {
		return keyAsSecret(f, exact, k, proof)
	}
	if exact.Kind == probe.KindFallback && !tr.fps[h.Signed] && (exact.Placeholder || !wellFormedValue(exact) || tr.known || refusedFor(f, exact)) {
		name := secretName(f)
		c := new(cause(causes.SecretFallback, Proven,
			name+" wasn't set when the backend started, so it signs with the fallback hard-coded in "+place(exact)+".",
			locate(exact), append(proof, whyEmpty(f)...),
			setStep(f, name),
			Step{Text: in(exact) + "remove the fallback, so that a missing secret fails at start"},
			restartStep(f)))
		if m := meantSecret(f, name); m != nil {
			c.Summary += " " + m.summary(f, name)
			c.Fix[0] = m.step(f, name)
		}
		return c
	}
	if slices.Contains(exact.Blemishes, "encrypted") {
		return misshapen(f, exact)
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
		return new(cause(causes.SecretPlaceholder, Proven,
			"The backend signs with a placeholder value instead of your app's API secret. The token verifies with it.",
			loc, proof,
			Step{Text: placeholderStep(f, exact, loc)},
			restartStep(f)))
	}
	return nil
}

// placeholderStep is where the real secret goes.
func placeholderStep(f *probe.Facts, v *probe.Value, loc *Location) string {
	if loc == nil {
		return "Set " + secretName(f) + " to your app's API secret (Dashboard › your app › App Access Keys)"
	}
	if isJS(loc.File) {
		return "In " + lineOf(loc.File, loc.Line) + ", read the API secret from the environment (" + readOf(f, v) + ") instead of the placeholder"
	}
	return "In " + lineOf(loc.File, loc.Line) + ", replace the placeholder with your app's API secret (Dashboard › your app › App Access Keys)"
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

// codePlace says where the code signs, " (server/streamToken.js:5)" or "".
func codePlace(f *probe.Facts) string {
	if l := signingPlace(f); l != nil {
		return " (" + at(l.File, l.Line) + ")"
	}
	return ""
}
