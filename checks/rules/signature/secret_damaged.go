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
	"badsig/checks/rules/parts"
	"badsig/tokens"
)

// blemishCause says which cause a blemish of a value is.
var blemishCause = map[string]causes.ID{
	"leading-space": causes.SecretWhitespace, "trailing-space": causes.SecretWhitespace, "newline": causes.SecretWhitespace,
	"carriage-return": causes.SecretWhitespace, "tab": causes.SecretWhitespace, "inner-space": causes.SecretWhitespace,
	"nbsp": causes.SecretInvisible, "zero-width": causes.SecretInvisible, "bom": causes.SecretInvisible, "control": causes.SecretInvisible,
	"quotes": causes.SecretQuoted, "smart-quotes": causes.SecretQuoted, "backticks": causes.SecretQuoted,
	"json": causes.SecretPadded, "encrypted": causes.SecretEncoding, "semicolon": causes.SecretPadded, "comma": causes.SecretPadded, "own-name": causes.SecretPadded, "doubled": causes.SecretPadded,
	"upper-case": causes.SecretCase,
}

// damageCause names what happened to a secret between its right form and the HMAC.
func damageCause(f *facts.Facts, h *tokens.Hit, exact, from *facts.Value) *finding.Cause {
	if from == nil || len(h.Damages) == 0 || h.Signed == from.Clean {
		return nil // code that cleans a blemished value does right
	}
	if tr := facts.TruthOf(f); !tr.Fps[from.Fingerprint] && from.Length != 64 && h.Length == 64 {
		return nil // and so does code that decodes what is encoded in the file
	}
	id := causes.ID("")
	for _, d := range h.Damages {
		if row, ok := tokens.DamageByID(d); ok && row.Cause != "" {
			id = causes.ID(row.Cause)
			break
		}
	}
	if id == "" && facts.OneOf(h.Damages, facts.AsWritten) {
		id = causes.SecretPadded
	}
	if id == "" {
		return nil
	}
	loc := parts.Locate(exact)
	inCode := false
	if exact != nil {
	} else if t := transform(f); t != nil {
		inCode = true
		loc = &finding.Location{File: t.File, Line: t.Line}
		if t.ChangedFile != "" {
			loc = &finding.Location{File: t.ChangedFile, Line: t.ChangedLine}
		}
	} else if loc = parts.Locate(from); loc == nil {
		loc = parts.Locate(Wins(f))
		if loc == nil {
			loc = parts.Locate(filed(f, from))
		}
	}
	ev := []finding.Evidence{{
		Label: "token verifies with", Got: fmt.Sprintf("%d characters #%s: the secret %s", h.Length, h.Signed, facts.Says(h.Damages)),
		Want: facts.Shown(from) + ", " + facts.Where(from), Source: facts.First(facts.Where(exact), "HMAC-SHA256"),
	}}
	if len(h.Positions) > 0 {
		ev = append(ev, finding.Evidence{Label: "differs at", Got: positions(h.Positions)})
	}
	proof := acceptedClean(f, cmp.Or(exact, from))
	rows := streamProof(f, cmp.Or(exact, from))
	if said, row := acceptedAsItIs(f, from); said != "" {
		proof = facts.First(proof, said)
		if !slices.Contains(rows, row[0]) {
			rows = append(rows, row...)
		}
	}
	ev = append(ev, rows...)
	c := new(finding.New(id, finding.Proven,
		"The backend signs with "+yours(h.Damages)+", so the signature doesn't match."+facts.First(proof, " The token verifies with that value and not with the secret itself."),
		loc, ev,
		finding.Step{Text: quotedStep(exact, parts.EditStep(f, id, loc, h.Damages, inCode))},
		parts.RestartStep(f)))
	parts.Titled(c, h.Damages)
	if n := from.Length - h.Length; id == causes.SecretTruncated && n > 0 { // "missing its last characters"
		many := fmt.Sprintf(" %d characters", n)
		if n == 1 {
			many = " character"
		}
		c.Title = strings.Replace(c.Title, " characters", many, 1)
	}
	return c
}

// filed finds the place in the server's files that holds the same secret.
func filed(f *facts.Facts, same *facts.Value) *facts.Value {
	var best *facts.Value
	for i := range f.Values {
		v := &f.Values[i]
		if v.File == "" || v.Comment || v.Fingerprint != same.Fingerprint || v.What != facts.WhatSecret {
			continue
		}
		if best == nil || facts.Weight(f, v) > facts.Weight(f, best) {
			best = v
		}
	}
	return best
}

// yours is what was made of the right secret: "your secret plus one trailing space".
func yours(damages []string) string {
	says := facts.Says(damages)
	if affix.HasPrefix(says, "with ") {
		return "your secret, " + says
	}
	return "your secret " + says
}

// quotedStep leaves the quotes out of a step where the value has none: only a
// .env file's own value that keeps a space was written in quotes.
func quotedStep(v *facts.Value, text string) string {
	if v != nil && v.Kind == facts.KindEnvFile {
		return text
	}
	text = strings.Replace(text, " before the closing quote", "", 1)
	return strings.Replace(text, " after the opening quote", "", 1)
}

// mostPositions is how many positions are worth reading.
const mostPositions = 6

func positions(ps []int) string {
	var s []string
	for _, p := range ps[:min(len(ps), mostPositions)] {
		s = append(s, fmt.Sprint(p+1))
	}
	switch {
	case len(s) == 1:
		return "character " + s[0]
	case len(ps) > mostPositions:
		return fmt.Sprintf("%d characters: %s, …", len(ps), strings.Join(s, ", "))
	}
	return "characters " + strings.Join(s, ", ")
}

// suspicious judges a signer where no one knows the right secret: only what no
// Stream secret ever has accuses it.
func suspicious(f *facts.Facts, exact *facts.Value) *finding.Cause {
	if k := otherKey(f, exact, facts.Truth{Key: facts.ClientKey(f)}); k != nil && f.Stream != nil && refusedFor(f, exact) {
		proof := []finding.Evidence{{Label: "token verifies with", Got: facts.Shown(exact), Source: facts.Where(exact)}}
		if c := ownApp(f, exact, facts.Truth{Key: facts.ClientKey(f)}, proof); c != nil {
			return c
		}
		return otherApp(f, exact, k, proof)
	}
	if exact.What == facts.WhatOther {
		return nil
	}
	return misshapen(f, exact)
}

// misshapen accuses a value by its bytes alone.
func misshapen(f *facts.Facts, exact *facts.Value) *finding.Cause {
	refused := f.Stream != nil && (refusedFor(f, exact) || facts.SignatureRefused(f.Stream.User))
	ev := []finding.Evidence{{Label: "token verifies with", Got: facts.Shown(exact), Want: "64 characters of a-z and 0-9", Source: facts.Where(exact)}}
	ev = append(ev, streamProof(f, exact)...)
	id, what, certainty := oddShape(exact, refused)
	if id == "" {
		return nil
	}
	if what != "" {
		ev[0].Got += ", with " + what
	}
	proof := acceptedClean(f, exact)
	if proof != "" && what != "" { // Stream accepts it without what is odd about it
		certainty = finding.Proven
	}
	step := finding.Step{Text: quotedStep(exact, parts.EditStep(f, id, parts.Locate(exact), exact.Blemishes, false))}
	if facts.OneOf(exact.Blemishes, "encrypted") {
		step = finding.Step{Text: "Decrypt the secret before it's read: start the backend with dotenvx run, and keep the private key of .env.keys next to it"}
	}
	c := new(finding.New(id, certainty,
		"The backend's secret "+oddWords(exact, what)+"; Stream secrets are 64 characters (a–z, 0–9). "+facts.First(strings.TrimSpace(proof), "The token verifies with exactly those bytes."),
		parts.Locate(exact), ev, step, parts.RestartStep(f)))
	if parts.Titled(c, exact.Blemishes); certainty == finding.Likely && what == "" {
		c.Title = oddTitle(exact)
	}
	return c
}

// oddTitle is the title where only a secret's length is off.
func oddTitle(v *facts.Value) string {
	switch v.Length {
	case 86, 88:
		return fmt.Sprintf("The API secret looks base64-encoded (%d characters)", v.Length)
	case 128:
		return "The API secret looks hex-encoded (128 characters)"
	case 48:
		return "The API secret looks base64-decoded (48 bytes)"
	}
	return fmt.Sprintf("The API secret is %d characters, not 64", v.Length)
}

func oddWords(v *facts.Value, what string) string {
	if what != "" {
		return fmt.Sprintf("is %d characters, with %s", v.Length, what)
	}
	return fmt.Sprintf("is %d characters", v.Length)
}

// oddShape names what happened to a secret by its shape alone. Bytes that no
// secret has are proof; a length that is off is only likely, and says nothing
// at all unless Stream rejected the value.
func oddShape(v *facts.Value, refused bool) (id causes.ID, what string, c finding.Certainty) {
	for _, b := range v.Blemishes {
		if id, ok := blemishCause[b]; ok && b != "upper-case" {
			return id, facts.Blemish(b), finding.Proven
		}
	}
	if !refused || v.Key != "" {
		return "", "", ""
	}
	switch {
	case v.Length == 88 || v.Length == 86 || v.Length == 128 || v.Length == 48:
		return causes.SecretEncoding, "", finding.Likely
	case facts.OneOf(v.Blemishes, "upper-case") && v.Length == 64:
		return causes.SecretCase, facts.Blemish("upper-case"), finding.Likely
	case v.Length >= 40 && v.Length < 64:
		return causes.SecretTruncated, "", finding.Likely
	case v.Length > 64 && v.Length < 90:
		return causes.SecretPadded, "", finding.Likely
	}
	return "", "", ""
}

// refusedFor tells whether Stream rejected this secret for the client's key.
func refusedFor(f *facts.Facts, v *facts.Value) bool {
	return facts.Refused(f, facts.ClientKey(f), v.ID)
}

// ownPair tells whether a value is the secret of a whole other pair that the backend uses.
func ownPair(f *facts.Facts, exact *facts.Value, tr facts.Truth) bool {
	k := otherKey(f, exact, tr)
	b := backendKey(f, exact)
	return k != nil && b != nil && b.Key == k.Key
}

// backendKey is the key that the backend uses: the one its code reads, else
// the one that is beside the secret it signs with.
func backendKey(f *facts.Facts, secret *facts.Value) *facts.Value {
	if f.Server != nil {
		if k := facts.ValueAt(f, f.Server.Key); k != nil {
			return k
		}
	}
	if secret != nil && (secret.Role == facts.RoleServer || secret.Role == facts.RoleShared || secret.Role == facts.RoleUnknown) {
		if k := facts.ValueAt(f, secret.Pair); k != nil && k.What == facts.WhatKey && !k.Comment {
			return k
		}
	}
	return nil
}

// ownApp is the case that the backend is right in itself, with key and secret
// of one app, and the front end uses another.
func ownApp(f *facts.Facts, exact *facts.Value, tr facts.Truth, proof []finding.Evidence) *finding.Cause {
	if !ownPair(f, exact, tr) {
		return nil
	}
	back, front := backendKey(f, exact), facts.ClientKey(f)
	if front == "" || back.Key == front {
		return nil
	}
	fv := facts.FrontKey(f)
	if fv == nil || fv.Key != front {
		fv = keyValue(f, front)
	}
	c := keyMismatch(f, fv, back, finding.Proven)
	c.Evidence = append(c.Evidence, proof...)
	return c
}
