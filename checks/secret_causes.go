package checks

import (
	"fmt"
	"slices"
	"strings"

	"badsig/checks/probe"
	"badsig/tokens"
)

// blemishCause says which cause a blemish of a value is.
var blemishCause = map[string]CauseID{
	"leading-space": "secret-whitespace", "trailing-space": "secret-whitespace", "newline": "secret-whitespace",
	"carriage-return": "secret-whitespace", "tab": "secret-whitespace", "inner-space": "secret-whitespace",
	"nbsp": "secret-invisible", "zero-width": "secret-invisible", "bom": "secret-invisible", "control": "secret-invisible",
	"quotes": "secret-quoted", "smart-quotes": "secret-quoted", "backticks": "secret-quoted",
	"semicolon": "secret-padded", "comma": "secret-padded", "own-name": "secret-padded", "doubled": "secret-padded",
	"upper-case": "secret-case",
}

// damageCause names what happened to a secret between its right form and the HMAC.
func damageCause(f *probe.Facts, h *tokens.Hit, exact, from *probe.Value) *Cause {
	if from == nil || len(h.Damages) == 0 || h.Signed == from.Clean {
		return nil // code that cleans a blemished value does right
	}
	if tr := truthOf(f); !tr.fps[from.Fingerprint] && from.Length != 64 && h.Length == 64 {
		return nil // and so does code that decodes what stands encoded in the file
	}
	id := CauseID("")
	for _, d := range h.Damages {
		if row, ok := tokens.DamageByID(d); ok && row.Cause != "" {
			id = CauseID(row.Cause)
			break
		}
	}
	if id == "" && slices.Contains(h.Damages, probe.AsWritten) {
		id = "secret-padded"
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
	return &Cause{
		ID: id, Severity: Error, Certainty: Proven, Location: loc, Evidence: ev,
		Summary: "The backend signs with your secret " + says(h.Damages) + ", so Stream computes another signature. Proven: the token verifies with those bytes and not with the secret itself.",
		Fix:     []Step{{Text: mend}, restartStep(f)},
	}
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

var mends = map[CauseID]string{
	"secret-whitespace": "delete the blank that does not belong to the secret",
	"secret-invisible":  "delete the line and type it again: a character that cannot be seen stands in it",
	"secret-quoted":     "take the quotes away",
	"secret-encoding":   "sign with the secret as it stands, as UTF-8 text, neither encoded nor decoded",
	"secret-case":       "restore the case: Stream's secrets are lower case",
	"secret-truncated":  "copy the whole secret again: a part is missing",
	"secret-padded":     "delete what was added to the secret",
	"secret-typo":       "copy the secret again from the dashboard instead of typing it",
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
	return &Cause{
		ID: id, Severity: Error, Certainty: certainty, Location: locate(exact), Evidence: ev,
		Summary: "The backend signs with a value that no Stream secret looks like: " + oddWords(exact, what) + ". The token verifies with exactly those bytes.",
		Fix:     []Step{{Text: mends[id] + " (" + place(exact) + ")"}, restartStep(f)},
	}
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
func oddShape(v *probe.Value, refused bool) (id CauseID, what string, c Certainty) {
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
		return "secret-encoding", "", Likely
	case slices.Contains(v.Blemishes, "upper-case"):
		return "secret-case", "upper-case letters", Likely
	case v.Length >= 40 && v.Length < 64:
		return "secret-truncated", "", Likely
	case v.Length > 64 && v.Length < 90:
		return "secret-padded", "", Likely
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

// varying proves that not every token is signed with the same secret.
func varying(f *probe.Facts) *Cause {
	if f.Backend == nil {
		return nil
	}
	var seen []*probe.Token
	for _, a := range f.Backend.Posts {
		if len(a.Tokens) == 0 {
			continue
		}
		if t := tokenAt(f, a.Tokens[0]); t != nil {
			seen = append(seen, t)
		}
	}
	for i, a := range seen {
		for _, b := range seen[i+1:] {
			same := a.Input == b.Input && a.Signature != b.Signature && a.Input != ""
			if !same && !differentSigners(a, b) {
				continue
			}
			ev := []Evidence{{Label: "one request", Got: "signed by " + orNone(signedBy(f, a))}, {Label: "another", Got: "signed by " + orNone(signedBy(f, b))}}
			if same {
				ev = append(ev, Evidence{Label: "the same claims", Got: "two different signatures"})
			}
			c := Cause{
				ID: "secret-varies", Severity: Error, Certainty: Proven, Evidence: ev, Location: randomPlace(f),
				Summary: "The same request, made again, came back signed with another secret: some users get in and some do not.",
				Fix:     []Step{{Text: "let every worker, instance and start use the one secret of the dashboard, read from the environment"}, restartStep(f)},
			}
			return &c
		}
	}
	return nil
}

func differentSigners(a, b *probe.Token) bool {
	if a.Signer == nil || b.Signer == nil || a.Signer.Truncated || b.Signer.Truncated || len(a.Flaws)+len(b.Flaws) > 0 && len(a.Flaws) != len(b.Flaws) {
		return false
	}
	x, y := a.Signer.Hits, b.Signer.Hits
	if len(x) == 0 || len(y) == 0 {
		return len(x) != len(y)
	}
	return !slices.ContainsFunc(x, func(h tokens.Hit) bool {
		return slices.ContainsFunc(y, func(g tokens.Hit) bool { return g.Signed == h.Signed })
	})
}

func randomPlace(f *probe.Facts) *Location {
	if c := serverCode(f); c != nil && c.RandomSecret {
		return signingPlace(f)
	}
	return nil
}

// randomSecret is a secret that the code makes up at each start: no two starts
// (or workers) agree, and Stream never knew it.
func randomSecret(f *probe.Facts) *Cause {
	c := serverCode(f)
	if c == nil || !c.RandomSecret {
		return nil
	}
	return &Cause{
		ID: "secret-varies", Severity: Error, Certainty: Likely, Location: signingPlace(f),
		Evidence: []Evidence{{Label: "the code makes up a secret at random", Source: strings.TrimSpace(c.File)}},
		Summary:  "The code makes up a random secret when it starts, and no secret that was found signed the token.",
		Fix:      []Step{{Text: "read the secret of the dashboard from the environment instead, and refuse to start without it"}, restartStep(f)},
	}
}

// foreignProcess is a token from a program that is not this project's.
func foreignProcess(f *probe.Facts, tried string) *Cause {
	if f.Process == nil || len(f.Process.Listeners) == 0 {
		return nil
	}
	for _, l := range f.Process.Listeners {
		if !l.InsideKnown || l.Inside || l.PID == 0 {
			return nil
		}
	}
	l := f.Process.Listeners[0]
	return &Cause{
		ID: "wrong-server", Severity: Error, Certainty: Likely,
		Evidence: []Evidence{
			{Label: "who listens", Got: fmt.Sprintf("%s, process %d, in %s", l.Name, l.PID, l.Dir), Source: fmt.Sprintf("port %d", f.Process.Port)},
			{Label: "its token", Got: tried},
		},
		Summary: "The program on this port runs outside the project, and none of the project's secrets signed its token.",
		Fix:     []Step{{Text: "stop it, then start the project's server", Command: fmt.Sprintf("kill %d", l.PID)}, restartStep(f)},
	}
}
