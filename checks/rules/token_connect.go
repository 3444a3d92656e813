package rules

import (
	"fmt"
	"slices"

	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
)

// connectsWithout finds a front end that connects a user and passes no token:
// the SDK stops with "User token can not be empty", no matter what the backend does.
// It is a warning: another place may connect the user first.
func connectsWithout(f *facts.Facts) *finding.Cause {
	if f.Project == nil {
		return nil
	}
	var at *facts.StreamCall
	for i := range f.Project.Calls {
		c := &f.Project.Calls[i]
		if c.NoToken && at == nil {
			at = c
		}
	}
	if at == nil {
		return nil
	}
	where := finding.LocAt(at.File, at.Line)
	return new(finding.Lesser(finding.New(causes.TokenMissing, finding.Likely,
		fmt.Sprintf("%s is called without a token, so the SDK stops with \"User token can not be empty\".", at.Callee), where,
		[]finding.Evidence{{Label: at.Callee, Got: "1 argument", Want: "2 arguments: the user, and the token or a token provider", Source: where.String()}},
		finding.Step{Text: fmt.Sprintf("In %s line %d, pass the token as the second argument: connectUser({ id }, token)", where.File, where.Line)})))
}

// connectsAsAnswered reports a front end that connects as an ID that it has under the name of a field of the response,
// which is the token's.
func connectsAsAnswered(f *facts.Facts, a *facts.Answer, id string) bool {
	if f.Project == nil {
		return false
	}
	for field, value := range a.Fields {
		if value == "\""+id+"\"" && slices.ContainsFunc(f.Project.Calls, func(c facts.StreamCall) bool {
			return c.As != "" && facts.LastName(c.As) == facts.LastName(field)
		}) {
			return true
		}
	}
	return false
}

// connectsAsOwn reports a front end that connects as an ID that it makes of the
// one it sends, as a handler may that signs another than it was sent.
func connectsAsOwn(f *facts.Facts) bool {
	return f.Project != nil && slices.ContainsFunc(f.Project.Calls, func(c facts.StreamCall) bool { return c.OwnID })
}

// connectsAsOnly is the one ID that every front end of the project connects as,
// written out in its source; "" where one of them gets it from elsewhere.
func connectsAsOnly(f *facts.Facts) string {
	id := ""
	for _, c := range f.Project.Calls {
		if c.As != "" || c.AsText != "" && id != "" && id != c.AsText {
			return ""
		}
		if c.AsText != "" {
			id = c.AsText
		}
	}
	return id
}

// sourceFrontUser finds a page that connects as another ID than the one that it requests the token for, and that the
// backend signs as it is.
func sourceFrontUser(f *facts.Facts) []finding.Cause {
	for _, d := range f.Project.OtherIDs {
		for _, m := range meetings(f) {
			e := m.entry(f)
			if m.x.File != d.File || m.x.Line != d.Line || e == nil || !e.User.Known.Sure() || e.User.Changed.Line > 0 || e.SentAs() != d.Field || e.User.From == "session" || facts.OneOf(e.Answer, facts.LastName(d.As.Name)) {
				continue
			}
			wrong, want := d.As, d.Sent.Words()
			if d.Sends() {
				wrong, want = d.Sent, d.As.Words()
			}
			at := inSource(wrong.Place)
			if id := facts.IDName(m.x.Body); id != "" && id != d.Field && facts.Naming(d.Field) && inSource(e.User.Place) != nil { // the ID is beside it
				at, want = inSource(e.User.Place), id+" instead of "+d.Field
			}
			return []finding.Cause{bothRead(finding.New(causes.UserIDMismatch, finding.Likely, fmt.Sprintf("The front end requests the token for %s and connects as %s. Stream rejects a token of another user than the one who connects.", d.Sent.Words(), d.As.Words()), at,
				[]finding.Evidence{{Label: "user ID", Got: wrong.Words(), Want: want, Source: at.String()}}, finding.Step{Text: startOf(at) + "use " + want}), m.x)}
		}
	}
	return nil
}

// UnsettledUser says what the signing call leaves open of the user: it signs for a constant, or for an ID that it
// makes of the session's, and the front end connects as an ID that its source doesn't tell.
func UnsettledUser(f *facts.Facts) string {
	if f.Project == nil {
		return ""
	}
	for _, s := range runningSites(f) {
		what := fmt.Sprintf("%q, for which %s line %d signs", s.User.Name, s.User.File, s.User.Line)
		switch changed := s.User.Changed; {
		case s.Language != "js" || s.User.Name == "" || keptOnServer(f, s):
			continue
		case s.User.From == "session" && changed.Line > 0:
			what = fmt.Sprintf("the ID that %s line %d makes of %s", changed.File, changed.Line, s.User.Name)
		case s.User.From != "constant" || f.Project.ConnectsAs(s.User.Name):
			continue
		}
		for _, c := range f.Project.Calls {
			if c.As != "" && c.Role == facts.RoleFront && !told(f, s, c) {
				return fmt.Sprintf("couldn't determine whether the front end connects as %s: it connects as %s (%s line %d); pass that ID with --user-id", what, c.As, c.File, c.Line)
			}
		}
	}
	return ""
}

// told reports whether the ID as which the front end connects is a field of the response that has the token.
func told(f *facts.Facts, s *facts.Site, c facts.StreamCall) bool {
	return slices.ContainsFunc(entriesOf(f, s), func(e *facts.Entry) bool { return facts.OneOf(e.Answer, facts.LastName(c.As)) })
}
