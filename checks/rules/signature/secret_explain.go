package signature

import (
	"fmt"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/rules/parts"
	"badsig/checks/sanitize"
	"badsig/tokens"
)

// explain turns a proof of who signed into the cause, or nil where nothing
// says that the signer is wrong.
func (j judgement) explain(f *facts.Facts, h *tokens.Hit) *finding.Cause {
	w, exact := Wins(f), facts.ExactValue(f, h)
	dmg := facts.DamagedFrom(f, j.token, j.tr)
	if exact != nil && exact.Kind == facts.KindDashboard {
		exact = nil // a dashboard pair that Stream rejects is the pair's matter, not the server's
	}
	if c := RestartMends(f, j.tr, h); c != nil {
		return c
	}
	if c := byNature(f, h, exact, j.tr); c != nil {
		return c
	}
	today := w != nil && w.Fingerprint == h.Signed
	if !today && w != nil && (exact == nil || !runs(exact) || inherited(f, exact) != nil) {
		if right := j.tr.Known && j.tr.Fps[w.Fingerprint]; right || !j.tr.Known {
			certainty := finding.Likely
			if right || len(h.Damages) > 0 || exact != nil {
				certainty = finding.Proven
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
		return damageCause(f, dmg, exact, facts.ValueAt(f, dmg.Candidate))
	}
	if exact != nil && exact.Clean != exact.Fingerprint && j.tr.Fps[exact.Clean] {
		if c := suspicious(f, exact); c != nil {
			return c
		}
	}
	if exact == nil && len(h.Damages) > 0 {
		if c := damageCause(f, h, nil, facts.ValueAt(f, h.Candidate)); c != nil {
			return c
		}
	}
	if exact == nil {
		return nil
	}
	if j.tr.Known {
		return wrongPlace(f, exact, j.tr)
	}
	return suspicious(f, exact)
}

// runs tells whether a value can have reached the program that runs.
func runs(v *facts.Value) bool {
	if v.Comment {
		return false
	}
	switch v.Kind {
	case facts.KindProcess, facts.KindAncestor, facts.KindLiteral, facts.KindFallback:
		return v.Role != facts.RoleTest && v.Role != facts.RoleExample && v.Role != facts.RoleDocs && v.Role != facts.RoleFront
	}
	return v.Loaded
}

// byNature recognizes values that aren't any app's secret: nothing at all,
// the word undefined, a placeholder, a fallback, the key.
func byNature(f *facts.Facts, h *tokens.Hit, exact *facts.Value, tr facts.Truth) *finding.Cause {
	proof := []finding.Evidence{{Label: "token verifies with", Got: fmt.Sprintf("%d characters #%s", h.Length, h.Signed), Want: "64 characters of a-z and 0-9", Source: facts.First(facts.Where(exact), "HMAC-SHA256")}}
	if h.Length == 0 {
		proof[0].Got = "an empty string"
		if c := DecodedToNothing(f, proof); c != nil {
			return c
		}
		c := SecretMissing(f, proof)
		c.Certainty = finding.Proven
		return &c
	}
	if exact == nil {
		return nil
	}
	for i := range f.Values {
		v := &f.Values[i]
		if v.Kind == facts.KindKnown && v.Fingerprint == h.Signed && facts.OneOf([]string{"undefined", "null", "NaN", "[object Object]"}, v.Key) {
			proof[0].Got, proof[0].Source = "the string "+v.Key, "HMAC-SHA256"
			c := SecretMissing(f, proof)
			c.Certainty = finding.Proven
			return &c
		}
	}
	if k := sameKey(f, h.Signed); k != nil && !tr.Fps[h.Signed] {
		return keyAsSecret(f, exact, k, proof)
	}
	if exact.Kind == facts.KindFallback && !tr.Fps[h.Signed] && !onlyCopy(f, exact, tr) && (exact.Placeholder || !wellFormedValue(exact) || tr.Known || refusedFor(f, exact)) {
		name := secretName(f)
		c := new(finding.New(causes.SecretFallback, finding.Proven,
			name+" wasn't set when the backend started, so it signs with the fallback hard-coded in "+facts.Where(exact)+".",
			parts.Locate(exact), append(proof, whyEmpty(f)...),
			setStep(f, name),
			finding.Step{Text: parts.In(exact) + "remove the fallback, so that a missing secret fails at start"},
			parts.RestartStep(f)))
		if m := meantSecret(f, name); m != nil {
			c.Summary += " " + affix.TrimSuffix(m.summary(f, name), nothingToSign) + "."
			c.Summary = strings.Replace(c.Summary, "..", ".", 1)
			c.Fix[0] = m.step(f, name)
		}
		return c
	}
	if facts.OneOf(exact.Blemishes, "encrypted") {
		return misshapen(f, exact)
	}
	if exact.Placeholder || exact.Kind == facts.KindKnown {
		w := Wins(f)
		if w != nil && w.Fingerprint != h.Signed && staleCause(f, tr, h, finding.Proven) != nil {
			return nil
		}
		loc := parts.Locate(exact)
		if exact.Kind == facts.KindKnown {
			loc = parts.SigningPlace(f)
		}
		return new(finding.New(causes.SecretPlaceholder, finding.Proven,
			"The backend signs with a placeholder value instead of your app's API secret. The token verifies with it.",
			loc, proof,
			finding.Step{Text: placeholderStep(f, exact, loc)},
			parts.RestartStep(f)))
	}
	return nil
}

// onlyCopy reports a fallback that is a corrupted copy of the app's secret and the only place for it: then that text is
// what has to be edited. Where a file sets the variable, the fallback isn't meant to be used.
func onlyCopy(f *facts.Facts, v *facts.Value, tr facts.Truth) bool {
	d := v.VsDashboard
	return tr.Known && d != nil && len(d.Damages) > 0 && meantSecret(f, secretName(f)) == nil
}

// placeholderStep is where the real secret goes.
func placeholderStep(f *facts.Facts, v *facts.Value, loc *finding.Location) string {
	if loc == nil {
		return "Set " + secretName(f) + " to your app's API secret (Dashboard › your app › App Access Keys)"
	}
	if parts.IsJS(loc.File) {
		return "In " + parts.LineOf(loc.File, loc.Line) + ", read the API secret from the environment (" + readOf(f, v) + ") instead of the placeholder"
	}
	return "In " + parts.LineOf(loc.File, loc.Line) + ", replace the placeholder with your app's API secret (Dashboard › your app › App Access Keys)"
}

func wellFormedValue(v *facts.Value) bool {
	return v.Length == 64 && len(v.Blemishes) == 0 && !v.Placeholder
}

// codePlace says where the code signs, " (server/streamToken.js:5)" or "".
func codePlace(f *facts.Facts) string {
	if l := parts.SigningPlace(f); l != nil {
		return " (" + sanitize.At(l.File, l.Line) + ")"
	}
	return ""
}
