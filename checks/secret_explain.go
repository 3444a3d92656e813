package checks

import (
	"fmt"
	"slices"
	"strings"

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
		return new(cause(causes.SecretFallback, Proven,
			"The variable was empty when the process started, so the code took the fallback written at "+place(exact)+" and signs with that. Proven: the token verifies with the fallback.",
			locate(exact), append(proof, whyEmpty(f)...),
			Step{Text: "set " + secretName(f) + " where the server reads it" + loadedFiles(f)},
			Step{Text: "delete the fallback at " + place(exact) + ", so that a missing secret fails at start and not at Stream"},
			restartStep(f)))
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
			"The backend signs with a placeholder out of a template, not with your app's secret. Proven: the token verifies with it.",
			loc, proof,
			Step{Text: "replace it by the secret of your app (Dashboard → your app → App Access Keys)" + inPlace(exact)},
			restartStep(f)))
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
