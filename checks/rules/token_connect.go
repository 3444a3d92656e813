package rules

import (
	"fmt"
	"slices"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/rules/meet"
	"badsig/checks/rules/parts"
	"badsig/checks/rules/payload"
	"badsig/checks/rules/reach"
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
		if value == "\""+id+"\"" && affix.Any(f.Project.Calls, func(c facts.StreamCall) bool {
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
	return f.Project != nil && affix.Any(f.Project.Calls, func(c facts.StreamCall) bool { return c.OwnID })
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

// othersConnect reports pages all of which connect as the ID of a variable.
func othersConnect(f *facts.Facts) bool {
	vary := false
	for _, c := range f.Project.Calls {
		if c.AsText != "" || c.As != "" && !c.Varies {
			return false
		}
		vary = vary || c.Varies
	}
	return vary
}

// sourceFrontUser finds a page that connects as another ID than the one that it requests the token for, and that the
// backend signs as it is.
func sourceFrontUser(f *facts.Facts) []finding.Cause {
	for _, d := range f.Project.OtherIDs {
		for _, m := range meet.All(f) {
			e := m.Entry(f)
			if m.Fetch.File != d.File || m.Fetch.Line != d.Line || e == nil || !e.User.Known.Sure() || e.User.Changed.Line > 0 || e.SentAs() != d.Field || e.User.From == "session" || facts.OneOf(e.Answer, facts.LastName(d.As.Name)) {
				continue
			}
			wrong, want := d.As, d.Sent.Words()
			if d.Sends() {
				wrong, want = d.Sent, d.As.Words()
			}
			at := inSource(wrong.Place)
			if id := facts.IDName(m.Fetch.Body); id != "" && id != d.Field && facts.Naming(d.Field) && inSource(e.User.Place) != nil { // the ID is beside it
				at, want = inSource(e.User.Place), id+" instead of "+d.Field
			}
			return reach.Found(causes.UserIDMismatch, "The front end requests the token for "+d.Sent.Words()+" and connects as "+d.As.Words()+". Stream rejects a token of another user than the one who connects.", at, m.Fetch,
				finding.Evidence{Label: "user ID", Got: wrong.Words(), Want: want}, finding.Evidence{}, "use "+want)
		}
	}
	return nil
}

// sourceToldUser finds a page that connects as another field of the response than the one whose ID is signed.
func sourceToldUser(f *facts.Facts) []finding.Cause {
	for i := range f.Project.Told {
		d := &f.Project.Told[i]
		for _, m := range meet.All(f) {
			e := m.Entry(f)
			if !slices.Contains(d.From, facts.Place{File: m.Fetch.File, Line: m.Fetch.Line}) || m.Reshaped(f) || e == nil || f.Project.SiteOf(e) == nil {
				continue
			}
			at := inSource(d.Place)
			for _, t := range e.Tells {
				if t.Field != d.Field || t.Same != (d.As != "") {
					continue
				}
				got, want, field := facts.LastName(d.Field), t.Signs, "the field "+d.Field+" of the response"
				if d.As != "" {
					around := fmt.Sprintf("with %q around it", d.As)
					got, want, field = d.Field+" "+around, d.Field+" as it is", field+", "+around
				} else if t.Naming {
					got, want, at = t.Signs, d.Field, signsUserAt(f.Project.SiteOf(e))
				}
				return reach.Found(causes.UserIDMismatch, "The token is signed for "+t.Signs+", and the front end connects as "+field+". Stream rejects a token of another user than the one who connects.", at, m.Fetch,
					finding.Evidence{Label: "user ID", Got: got, Want: want}, finding.Evidence{Label: d.Callee, Got: "the field " + d.Field, Source: inSource(d.Client).String()}, "use "+want+" instead of "+got)
			}
		}
	}
	return nil
}

// sourceSession finds a session's user whom the two sides know by different fields.
func sourceSession(f *facts.Facts) []finding.Cause {
	for _, s := range runningSites(f) {
		if fault, got, place := payload.Session(f, s); fault.ID != "" && !keptOnServer(f, s) {
			at := inSource(place)
			return []finding.Cause{readInSource(finding.New(fault.ID, finding.Likely, fault.Why, at,
				[]finding.Evidence{{Label: "user ID", Got: got, Want: fault.Want, Source: at.String()}}, finding.Step{Text: startOf(at) + fault.Do}), s)}
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
	return affix.Any(entriesOf(f, s), func(e *facts.Entry) bool { return facts.OneOf(e.Answer, facts.LastName(c.As)) })
}

// sourcePassed finds a front end that makes of the token what Stream's client can't use, between its source and there:
// missing tells whether one that loses it is wanted, or one that changes it.
func sourcePassed(f *facts.Facts, missing bool) []finding.Cause {
	for i := range f.Project.Passed {
		if c := passedCause(f, &f.Project.Passed[i]); c != nil && (c.ID == causes.TokenMissing) == missing {
			return []finding.Cause{*c}
		}
	}
	return nil
}

func passedCause(f *facts.Facts, x *facts.Passed) *finding.Cause {
	at := inSource(x.Place)
	if at == nil || at.Line == 0 || len(runningSites(f)) == 0 {
		return nil
	}
	gift, requested := passedGift(f, x)
	if requested && gift != nil && gift.How != "" {
		return nil // the other side changes it, too
	}
	if x.How == "dev" {
		c := parts.DevCause(f, nil)
		c.Location = at
		c.Evidence = []finding.Evidence{{Label: x.Callee, Got: "client.devToken(…)", Want: "a token that the backend signs", Source: inSource(x.Client).String()}}
		c.Fix[0] = finding.Step{Text: startOf(at) + "use the token of your backend instead of devToken(…)"}
		return new(readInSource(c, runningSites(f)[0]))
	}
	id, why, got, step := parts.Passed(x, gift, requested)
	if id == "" {
		return nil
	}
	c := finding.New(id, finding.Proven, why, at, []finding.Evidence{{Label: x.Callee, Got: got, Want: "the token as the backend returns it", Source: inSource(x.Client).String()}},
		finding.Step{Text: startOf(at) + step})
	return new(readInSource(c, runningSites(f)[0]))
}

// passedGift is the field of the one response that a value comes from, where its request is known; requested tells that
// it comes from a request at all.
func passedGift(f *facts.Facts, x *facts.Passed) (gift *facts.Gift, requested bool) {
	for _, m := range meet.All(f) {
		if !slices.Contains(x.From, facts.Place{File: m.Fetch.File, Line: m.Fetch.Line}) || m.Reshaped(f) {
			continue
		}
		if e := m.Entry(f); e != nil && e.GivesAll && len(e.Gives) == 1 {
			return &e.Gives[0], true
		}
	}
	return nil, len(x.From) > 0 && x.Takes != ""
}
