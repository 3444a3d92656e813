package rules

import (
	"fmt"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/rules/meet"
	"badsig/checks/rules/parts"
)

// idVanished explains a token without user_id whose signing call does set the
// claim: its value was undefined, and JSON leaves out what is undefined. nil
// where the call isn't known to set it.
func idVanished(f *facts.Facts, t *facts.Token, ev []finding.Evidence) *finding.Cause {
	s := f.Site()
	if s == nil || t.Source == "given" {
		return nil
	}
	for _, c := range s.Claims {
		if c.Name != "user_id" || c.Text == "" || affix.Contains(c.Text, "…") {
			continue
		}
		loc := finding.LocAt(c.File, c.Line)
		if loc == nil || loc.Line == 0 {
			loc = finding.LocAt(s.File, s.Line)
		}
		if u := userOf(f, s); u.Known.Sure() && u.Line > 0 && u.From != "constant" { // the claim's line only passes on what was read there
			loc = finding.LocAt(u.File, u.Line)
		}
		if isNumber(c.Text) { // NaN for an ID that isn't a number, and JSON writes it as null
			loc = finding.LocAt(c.File, c.Line)
			return new(finding.New(causes.UserIDType, finding.Proven,
				"The signing call makes a number of the user's ID ("+c.Text+"): an ID in letters becomes NaN, which JSON writes as null. Stream accepts a string only.",
				loc, ev, finding.Step{Text: parts.Sentence(parts.InLine(loc) + "sign the ID as a string: String(userId)")}, parts.RestartStep(f)))
		}
		fix := fmt.Sprintf("find out why %s is undefined: log the value, and use the field that holds the user's ID", c.Text)
		return new(finding.New(causes.UserIDMissing, finding.Proven,
			fmt.Sprintf("The signing call sets user_id to %s, which was undefined: JSON leaves out an undefined value, so the token has no user and client SDKs reject it.", c.Text),
			loc, ev, finding.Step{Text: parts.Sentence(parts.InLine(loc) + fix)},
			finding.Step{Text: "Reject a request without a user, so that no token without an ID is signed: if (!id) return res.status(400).json({ error: 'no user ID' })"},
			parts.RestartStep(f)))
	}
	return nil
}

// userOf is where the signing call gets its user from: what the entry in use
// says, else what the call itself says.
func userOf(f *facts.Facts, s *facts.Site) facts.User {
	if e := f.Entry(); e != nil && e.User.From != "" {
		return e.User
	}
	return s.User
}

// passwordSent: a login that reads a password says nothing of a session where
// badsig had no password to send.
func passwordSent(f *facts.Facts) finding.Link {
	if e := f.Entry(); e != nil && !f.Target.Data {
		for _, name := range e.Fields {
			if facts.Secretive(name) {
				return bodyKnown(f)
			}
		}
	}
	return finding.Link{Known: facts.IsSeen}
}

// sourceObject is about a token that the front end takes of the response's own object.
func sourceObject(m meet.Meeting, g facts.Gift) *finding.Cause {
	at, takes, path := inSource(m.Fetch.ObjectAt), m.Fetch.Takes, g.Field
	is, why := affix.TrimSuffix("response.data."+path, "."), "axios has the document in response.data"
	switch reads := "json"; {
	case m.Fetch.ObjectOf == "fetch":
		if g.Text {
			reads = "text"
		}
		is, why = affix.TrimSuffix("(await response."+reads+"())."+path, "."), "a response of fetch has to be read with "+reads+"()"
	case m.Fetch.ObjectParts && path == takes:
		is = "const { data: { " + takes + " } } = await …"
	}
	was := "response." + takes
	if m.Fetch.ObjectParts {
		was = "const { " + takes + " } = await …"
	}
	c := finding.New(causes.TokenMissing, finding.Proven, "The front end reads "+takes+" from the response's own object, which doesn't have it: "+why+".", at,
		[]finding.Evidence{{Label: "token", Got: was, Want: is, Source: at.String()}, {Label: "request", Got: m.To.Path, Source: facts.At(m.Fetch.File, m.Fetch.Line)}},
		finding.Step{Text: startOf(at) + "write " + is + " instead of " + was})
	return &c
}
