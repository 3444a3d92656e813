package checks

import (
	"fmt"
	"slices"
	"strings"

	"badsig/checks/causes"
	"badsig/checks/probe"
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
func damageCause(f *probe.Facts, h *tokens.Hit, exact, from *probe.Value) *Cause {
	if from == nil || len(h.Damages) == 0 || h.Signed == from.Clean {
		return nil // code that cleans a blemished value does right
	}
	if tr := truthOf(f); !tr.fps[from.Fingerprint] && from.Length != 64 && h.Length == 64 {
		return nil // and so does code that decodes what stands encoded in the file
	}
	id := causes.ID("")
	for _, d := range h.Damages {
		if row, ok := tokens.DamageByID(d); ok && row.Cause != "" {
			id = causes.ID(row.Cause)
			break
		}
	}
	if id == "" && slices.Contains(h.Damages, probe.AsWritten) {
		id = causes.SecretPadded
	}
	if id == "" {
		return nil
	}
	loc := locate(exact)
	where := "on its way from " + place(from) + " to the signature"
	if exact != nil {
		where = "at " + place(exact)
	} else if t := transform(f); t != nil {
		loc = &Location{File: t.File, Line: t.Line}
		if t.ChangedFile != "" {
			loc = &Location{File: t.ChangedFile, Line: t.ChangedLine}
		}
		where = "by the code at " + loc.String()
	} else if loc = locate(from); loc == nil {
		loc = locate(wins(f))
		if loc == nil {
			loc = locate(filed(f, from))
		}
	}
	ev := []Evidence{{
		Label: "the token verifies with", Got: fmt.Sprintf("%d bytes #%s: the secret %s", h.Length, h.Signed, says(h.Damages)),
		Want: shown(from), Source: place(from),
	}}
	if len(h.Positions) > 0 {
		ev = append(ev, Evidence{Label: "differs at", Got: positions(h.Positions)})
	}
	mend := "make it the dashboard's secret to the character"
	if loc != nil {
		mend += " at " + at(loc.File, loc.Line)
	}
	if m, ok := mends[id]; ok {
		mend = m + " (" + where + ")"
	}
	return new(cause(id, Proven,
		"The backend signs with your secret "+says(h.Damages)+", so Stream computes another signature. Proven: the token verifies with those bytes and not with the secret itself.",
		loc, ev,
		Step{Text: mend},
		restartStep(f)))
}

// filed finds the place in the server's files that holds the same secret.
func filed(f *probe.Facts, same *probe.Value) *probe.Value {
	var best *probe.Value
	for i := range f.Values {
		v := &f.Values[i]
		if v.File == "" || v.Comment || v.Fingerprint != same.Fingerprint || v.What != probe.WhatSecret {
			continue
		}
		if best == nil || weight(f, v) > weight(f, best) {
			best = v
		}
	}
	return best
}

var mends = map[causes.ID]string{
	causes.SecretWhitespace: "delete the blank that does not belong to the secret",
	causes.SecretInvisible:  "delete the line and type it again: a character that cannot be seen stands in it",
	causes.SecretQuoted:     "take the quotes away",
	causes.SecretEncoding:   "sign with the secret as it stands, as UTF-8 text, neither encoded nor decoded",
	causes.SecretCase:       "restore the case: Stream's secrets are lower case",
	causes.SecretTruncated:  "copy the whole secret again: a part is missing",
	causes.SecretPadded:     "delete what was added to the secret",
	causes.SecretTypo:       "copy the secret again from the dashboard instead of typing it",
}

func positions(ps []int) string {
	var s []string
	for _, p := range ps {
		s = append(s, fmt.Sprint(p+1))
	}
	if len(s) == 1 {
		return "character " + s[0]
	}
	return "characters " + strings.Join(s, ", ")
}

// suspicious judges a signer where nobody knows the right secret: only what no
// Stream secret ever has accuses it.
func suspicious(f *probe.Facts, exact *probe.Value) *Cause {
	if k := otherKey(f, exact, truth{key: clientKey(f)}); k != nil && f.Stream != nil && refusedFor(f, exact) {
		return otherApp(f, exact, k, []Evidence{{Label: "the token verifies with", Got: shown(exact), Source: place(exact)}})
	}
	if exact.What == probe.WhatOther {
		return nil
	}
	return misshapen(f, exact)
}

// misshapen accuses a value by its bytes alone.
func misshapen(f *probe.Facts, exact *probe.Value) *Cause {
	refused := f.Stream != nil && (refusedFor(f, exact) || signatureRefused(f.Stream.User))
	ev := []Evidence{{Label: "the token verifies with", Got: shown(exact), Want: "64 characters of a-z and 0-9", Source: place(exact)}}
	if refused {
		ev = append(ev, Evidence{Label: "Stream refuses it for the key", Got: clientKey(f)})
	}
	id, what, certainty := oddShape(exact, refused)
	if id == "" {
		return nil
	}
	if what != "" {
		ev[0].Got += ", which has " + what
	}
	mend := mends[id]
	if slices.Contains(exact.Blemishes, "encrypted") {
		mend = "decrypt it before it is read: start the backend with dotenvx run, with the private key of .env.keys at hand"
	}
	return new(cause(id, certainty,
		"The backend signs with a value that no Stream secret looks like: "+oddWords(exact, what)+". The token verifies with exactly those bytes.",
		locate(exact), ev,
		Step{Text: mend + " (" + place(exact) + ")"},
		restartStep(f)))
}

func oddWords(v *probe.Value, what string) string {
	if what != "" {
		return "it has " + what
	}
	return fmt.Sprintf("it has %d characters, and a secret has 64", v.Length)
}

// oddShape names what happened to a secret by its shape alone. Bytes that no
// secret has are proof; a length that is off is only likely, and says nothing
// at all unless Stream refused the value.
func oddShape(v *probe.Value, refused bool) (id causes.ID, what string, c Certainty) {
	for _, b := range v.Blemishes {
		if id, ok := blemishCause[b]; ok && b != "upper-case" {
			return id, blemish(b), Proven
		}
	}
	if !refused || v.Key != "" {
		return "", "", ""
	}
	switch {
	case v.Length == 88 || v.Length == 86 || v.Length == 128 || v.Length == 48:
		return causes.SecretEncoding, "", Likely
	case slices.Contains(v.Blemishes, "upper-case") && v.Length == 64:
		return causes.SecretCase, "upper-case letters", Likely
	case v.Length >= 40 && v.Length < 64:
		return causes.SecretTruncated, "", Likely
	case v.Length > 64 && v.Length < 90:
		return causes.SecretPadded, "", Likely
	}
	return "", "", ""
}

// refusedFor tells whether Stream refused this secret for the client's key.
func refusedFor(f *probe.Facts, v *probe.Value) bool {
	return refused(f, clientKey(f), v.ID)
}

// ownPair tells whether a value is the secret of a whole other pair that the backend uses.
func ownPair(f *probe.Facts, exact *probe.Value, tr truth) bool {
	k := otherKey(f, exact, tr)
	b := backendKey(f, exact)
	return k != nil && b != nil && b.Key == k.Key
}

// backendKey is the key that the backend uses: the one its code reads, else
// the one that stands beside the secret it signs with.
func backendKey(f *probe.Facts, secret *probe.Value) *probe.Value {
	if f.Server != nil {
		if k := valueAt(f, f.Server.Key); k != nil {
			return k
		}
	}
	if secret != nil && (secret.Role == probe.RoleServer || secret.Role == probe.RoleShared || secret.Role == probe.RoleUnknown) {
		if k := valueAt(f, secret.Pair); k != nil && k.What == probe.WhatKey && !k.Comment {
			return k
		}
	}
	return nil
}

// ownApp is the case that the backend is sound in itself, with key and secret
// of one app, and the front end uses another.
func ownApp(f *probe.Facts, exact *probe.Value, tr truth, proof []Evidence) *Cause {
	if !ownPair(f, exact, tr) {
		return nil
	}
	back, front := backendKey(f, exact), clientKey(f)
	if front == "" || back.Key == front {
		return nil
	}
	c := keyMismatch(f, keyValue(f, front), back, Proven)
	c.Evidence = append(c.Evidence, proof...)
	if tr.key == front {
		c.Location = locate(back)
	}
	return c
}
