package rules

import (
	"fmt"
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/rules/meet"
	"badsig/checks/rules/parts"
	"badsig/checks/rules/reach"
)

// Rules of this file, about what a handler's source responds with:
//   - a token that is wrapped or cut in the response is one that Stream rejects, unless the front end unwraps it
//   - a field that the front end reads and that no response has is where the token gets lost
//   - a token that no response hands out is the backend's own

// entriesOf are the entries that lead to a signing call and were read.
func entriesOf(f *facts.Facts, s *facts.Site) []*facts.Entry {
	var out []*facts.Entry
	for i := range f.Project.Entries {
		e := &f.Project.Entries[i]
		if e.Known.Sure() && e.Kind != facts.EntryScript && f.Project.SiteOf(e) == s {
			out = append(out, e)
		}
	}
	return out
}

// keptOnServer reports a signing call whose token no response was seen to hand
// out, in a project where another one's is: the backend's own request carries it.
func keptOnServer(f *facts.Facts, s *facts.Site) bool {
	given := func(e *facts.Entry) bool { return len(e.Gives) > 0 }
	if affix.Any(entriesOf(f, s), given) {
		return false
	}
	for _, other := range runningSites(f) {
		if other != s && affix.Any(entriesOf(f, other), given) {
			return true
		}
	}
	return false
}

// sourceWrapped finds a token that the response hands out with something around it, or cut.
func sourceWrapped(f *facts.Facts) []finding.Cause {
	for _, s := range runningSites(f) {
		for _, e := range entriesOf(f, s) {
			for _, g := range e.Gives {
				if c := wrappedCause(f, s, g); c != nil && !(g.How == "json" && g.Field == "" && readAsJSON(f, e)) {
					return []finding.Cause{readInSource(*c, s)}
				}
			}
		}
	}
	return nil
}

// readAsJSON reports an entry whose response a page reads, and not as text.
func readAsJSON(f *facts.Facts, e *facts.Entry) bool {
	return affix.Any(f.Project.Fetches, func(x facts.Fetch) bool { return x.TextAt.Line == 0 && facts.PathFits(e.Path, facts.PathOf(x.URL)) })
}

func wrappedCause(f *facts.Facts, s *facts.Site, g facts.Gift) *finding.Cause {
	at := inSource(g.Place)
	if at == nil || at.Line == 0 || f.Project.Strips || f.Project.Unquotes && (g.How == "json" || strings.TrimSpace(g.As) == "") {
		return nil
	}
	id, got, step := parts.Changed(g.How, g.As)
	switch other := s.Language != "js"; {
	case g.How == "promise":
		id, got, step = causes.TokenMissing, "a promise of the token ({} in JSON)", "await the token before it's handed out"
	case id == "":
		return nil
	case other && g.How == "json":
		got, step = "the token in quotes (the JSON of a string)", "hand out the token as it is: the response is made JSON as a whole"
	case other && g.How == "slice":
		got, step = "a part of the token", "hand out the whole token"
	}
	field := facts.First(g.Field, "the response")
	c := finding.New(id, finding.Proven, "The backend hands out "+got+", which Stream can't verify.", at,
		[]finding.Evidence{{Label: field, Got: got, Want: "the token as the signing call returns it", Source: at.String()}, {Label: "signing call", Got: s.Callee, Source: facts.At(s.File, s.Line)}},
		finding.Step{Text: startOf(at) + step}, parts.RestartStep(f))
	return &c
}

// closed reports a response of a guard, which says nothing of what is after it.
func closed(a *facts.Answer) bool { return a != nil && (a.Status == 401 || a.Status == 403) }

// sourceField finds a field that the front end reads of a response and that the response doesn't have.
func sourceField(f *facts.Facts) []finding.Cause {
	for _, m := range meet.All(f) {
		if c := sourceText(f, m); c != nil {
			return []finding.Cause{meet.BothRead(*c, m.Fetch)}
		}
		if m.Fetch.Takes == "" || m.Reshaped(f) || m.Answered && !closed(facts.MainAnswer(f)) {
			continue
		}
		path, method := m.To.Path, strings.ToUpper(m.Fetch.Method)
		e := m.Entry(f)
		if e == nil || !e.GivesAll {
			continue
		}
		gift := e.Gives[0]
		if gift.Field == "" || affix.Any(e.Answer, func(n string) bool {
			if at := m.Fetch.TakesPath; at != "" {
				return n == at || affix.HasPrefix(at, n+".")
			}
			return n == m.Fetch.Takes || facts.LastName(n) == m.Fetch.Takes
		}) {
			continue
		}
		at, takes := inSource(gift.Place), facts.First(m.Fetch.TakesPath, m.Fetch.Takes)
		front := finding.LocAt(m.Fetch.File, m.Fetch.Line)
		rename := finding.Step{Text: startOf(at) + "call the field " + takes + ": { " + takes + ": token }"}
		if s := f.Project.SiteOf(e); s != nil && s.Language != "js" {
			rename.Text = startOf(at) + "call the field " + takes + " instead of " + gift.Field
		}
		if affix.Contains(takes+gift.Field, ".") {
			rename.Text = startOf(at) + "put the token into the field " + takes + " of the response"
		}
		c := finding.New(causes.TokenMissing, finding.Proven,
			fmt.Sprintf("The response has the token in the field %s, and the front end reads the field %s, which the response doesn't have.", gift.Field, takes), at,
			[]finding.Evidence{{Label: "field with the token", Got: gift.Field, Want: takes, Source: at.String()}, {Label: "request", Got: method + " " + path, Source: front.String()}},
			rename,
			finding.Step{Text: fmt.Sprintf("Or read the field %s of the response, after the request in %s line %d", gift.Field, front.File, front.Line)}, parts.RestartStep(f))
		if page := inSource(m.Fetch.TakesAt); page != nil && facts.LastName(gift.Field) == "token" { // the page's name is the odd one
			c.Location = page
			c.Evidence = append(c.Evidence, finding.Evidence{Label: "field that the front end reads", Got: takes, Want: gift.Field, Source: page.String()})
			c.Fix = []finding.Step{{Text: startOf(page) + "read the field " + gift.Field + " instead of " + takes}, {Text: "Or name the field " + takes + " in " + at.String()}, parts.RestartStep(f)}
		}
		return []finding.Cause{meet.BothRead(c, m.Fetch)}
	}
	return nil
}

// And of the user that a request names and the one that the source signs:
//   - a handler that reads the ID under a name that the front end doesn't send signs for no one
//   - a handler that is told the user and signs a constant signs for someone else

// sourceText finds a front end that reads text as JSON, or JSON as text.
func sourceText(f *facts.Facts, m meet.Meeting) *finding.Cause {
	e := m.Entry(f)
	if a := facts.MainAnswer(f); m.Answered && !closed(a) && !(a.JSON && m.Fetch.TextAt.Line+m.Fetch.ObjectAt.Line > 0) || e == nil || !e.GivesAll || len(e.Gives) != 1 {
		return nil
	}
	if m.Fetch.ObjectAt.Line > 0 {
		return sourceObject(m, e.Gives[0])
	}
	id, at, why, got, step := causes.TokenMissing, finding.LocAt(m.Fetch.TextAt.File, m.Fetch.TextAt.Line), "The response is JSON, and the front end reads the token from response.text(), a string without fields.", "response.text()", "read the response as JSON: response.json()"
	want := "JSON"
	switch g := e.Gives[0]; {
	case g.Text && m.Fetch.JSON:
		at, got, step = inSource(g.Place), "text", "send one JSON document: res.json({ token })"
		why = "The response is the token alone, and the front end calls response.json(), which fails."
	case g.JSON && m.Fetch.TextWhole && g.How == "" && !f.Project.Strips && !f.Project.Unquotes:
		id, at, got, step = causes.TokenWrapped, inSource(g.Place), "a JSON string", "send the token as it is: res.send(token)"
		want = "text"
		why = "The response is the token as a JSON string, and the front end uses response.text() as the token, with the quotes around it."
	case g.JSON && m.Fetch.Takes != "" && m.Fetch.JSON && g.How == "":
		at, got, step = inSource(g.Place), "a JSON string", "send an object with the field "+m.Fetch.Takes+": res.json({ "+m.Fetch.Takes+": token })"
		want = "the field " + m.Fetch.Takes
		why = "The response is the token alone, and the front end reads the field " + m.Fetch.Takes + ", which a string doesn't have."
	case m.Fetch.TextAt.Line == 0 || g.Field == "":
		return nil
	case m.Fetch.TextWhole:
		id, why = causes.TokenWrapped, "The front end uses response.text() as the token, and that is the whole JSON document."
	}
	c := finding.New(id, finding.Proven, why, at, []finding.Evidence{{Label: "response", Got: got, Want: want, Source: at.String()}, {Label: "request", Got: m.To.Path, Source: facts.At(m.Fetch.File, m.Fetch.Line)}},
		finding.Step{Text: startOf(at) + step}, parts.RestartStep(f))
	return &c
}

// sourceOtherName finds an ID that the front end sends under another name than the handler reads.
func sourceOtherName(f *facts.Facts) []finding.Cause {
	for _, m := range meet.All(f) {
		if m.Answered || m.Fetch.BodyOpen || m.Reshaped(f) || len(m.Fetch.Body) == 0 {
			continue
		}
		e := m.Entry(f)
		if e == nil || e.User.From != "body" && e.User.From != "query" && e.User.From != "argument" || !e.User.Known.Sure() || e.User.Line == 0 || e.User.Name == "" {
			continue
		}
		read := append(slices.Clone(e.Fields), e.Params...)
		sends := func(n string) bool {
			return affix.Any(m.Fetch.Body, func(b string) bool { return sameField(f, e, facts.LastName(b), facts.LastName(n)) })
		}
		if sends(e.User.Name) || affix.Any(read, func(n string) bool { return facts.HasID([]string{n}) && sends(n) && !besideID(n, &e.User) }) {
			continue
		}
		if !facts.HasID(m.Fetch.Body) && (len(m.Fetch.Query) < len(m.Fetch.Body) || affix.Any(read, sends)) {
			continue // one of the fields may be an object that holds it
		}
		sent := facts.First(facts.IDName(m.Fetch.Body), strings.Join(m.Fetch.Body, ", "))
		at, front := inSource(e.User.Place), finding.LocAt(m.Fetch.File, m.Fetch.Line)
		return reach.Found(causes.UserIDMissing, fmt.Sprintf("The handler reads the user's ID from %s, and the front end sends it as %s, so the token is for no user.", e.User.Name, sent), at, m.Fetch,
			finding.Evidence{Label: "field with the user's ID", Got: e.User.Name, Want: sent}, finding.Evidence{Label: "the request sends", Got: strings.Join(m.Fetch.Body, ", "), Source: front.String()},
			"read "+sent+" instead of "+e.User.Name, finding.Step{Text: fmt.Sprintf("Or send %s in the request in %s line %d", e.User.Name, front.File, front.Line)}, parts.RestartStep(f))
	}
	return nil
}

// besideID reports a name that a handler reads beside the field with the ID.
func besideID(n string, u *facts.User) bool {
	return facts.Naming(n) && facts.EndsInID(u.Name) && !u.Or
}

// sourceOtherUser finds a constant that is signed where the request, or the response itself, names another user.
func sourceOtherUser(f *facts.Facts) []finding.Cause {
	for _, s := range runningSites(f) {
		if s.User.From != "constant" || s.User.Name == "" || isNumber(s.User.Name) {
			continue
		}
		for _, e := range entriesOf(f, s) {
			if len(e.Gives) == 0 {
				continue
			}
			asked := facts.First(facts.IDName(slices.Concat(e.Fields, e.Params, facts.InPath(e.Path))), sentTo(f, e))
			answersID := affix.Any(e.Answer, func(n string) bool { return facts.OneOf(facts.IDNames, facts.LastName(n)) })
			var why, want string
			switch {
			case e.Names != "" && e.Names != s.User.Name:
				why, want = fmt.Sprintf("The token is signed for %q, and the response names %q as the user.", s.User.Name, e.Names), e.Names
			case asked != "" && !facts.OneOf(facts.NameNames, facts.LastName(asked)) && !answersID && asks(f, e):
				why, want = fmt.Sprintf("The handler is told the user in %s, and signs for the constant %q.", asked, s.User.Name), asked
			case e.NamesAs != "":
				why, want = fmt.Sprintf("The token is signed for %q, and the response names %s as the user.", s.User.Name, e.NamesAs), e.NamesAs
			case e.Names == "" && f.Request().User == facts.IsGiven && f.Target.UserID != s.User.Name && !f.Project.ConnectsAs(s.User.Name):
				why, want = fmt.Sprintf("The token is signed for %q, and the front end connects as %q.", s.User.Name, f.Target.UserID), f.Target.UserID
			case s.User.Ignores != "" && len(runningSites(f)) == 1 && othersConnect(f) && (f.Request().User != facts.IsGiven || f.Target.UserID != s.User.Name):
				why, want = fmt.Sprintf("The signing function gets the user's ID as %s, and signs for the constant %q.", s.User.Ignores, s.User.Name), s.User.Ignores
			case connectsAsOnly(f) != "" && connectsAsOnly(f) != s.User.Name && len(runningSites(f)) == 1:
				want = connectsAsOnly(f)
				why = fmt.Sprintf("The token is signed for %q, and the front end connects as %q.", s.User.Name, want)
			default:
				continue
			}
			at := inSource(s.User.Place)
			if at == nil || at.Line == 0 {
				at = inSource(s.Place)
			}
			return []finding.Cause{readInSource(finding.New(causes.UserIDMismatch, finding.Likely, why+" Stream rejects a token of another user than the one who connects.", at,
				[]finding.Evidence{{Label: "user ID in the signing call", Got: s.User.Name, Want: want, Source: at.String()}},
				finding.Step{Text: startOf(at) + "sign for " + want}, parts.RestartStep(f)), s)}
		}
	}
	return nil
}

// sourceChangedUser finds an ID that the handler makes another of before it signs, where
// the front end connects as the very ID that it sends, and a name that is signed for the ID beside it.
func sourceChangedUser(f *facts.Facts) []finding.Cause {
	other := func(s *facts.Site, why string, at, front *finding.Location, got, want, edit string) []finding.Cause {
		return []finding.Cause{readInSource(finding.New(causes.UserIDMismatch, finding.Likely, why+" Stream rejects a token of another user than the one who connects.", at,
			[]finding.Evidence{{Label: "user ID in the signing call", Got: got, Want: want, Source: at.String()}, {Label: "the front end connects as", Got: want, Source: front.String()}},
			finding.Step{Text: startOf(at) + edit}, parts.RestartStep(f)), s)}
	}
	for _, s := range runningSites(f) {
		if !s.User.Known.Sure() || s.User.From != "body" && s.User.From != "query" && s.User.From != "path" {
			continue
		}
		always := affix.Any(s.Claims, func(c facts.Claim) bool { // toLowerCase() changes some IDs only
			return c.Name == "user_id" && (affix.Contains(c.Text, " + ") || affix.Contains(c.Text, "toUpperCase"))
		})
		at := inSource(s.User.Changed)
		for _, c := range f.Project.Calls {
			if as := facts.First(c.AsText, c.As); as != "" && (c.Sent || c.AsText != "") && always && at != nil && at.Line > 0 && !told(f, s, c) {
				return other(s, "The backend changes the user's ID before it signs, and the front end connects as the ID that it sends.", at, finding.LocAt(c.File, c.Line), "changed from "+s.User.Name, as, "sign for "+s.User.Name+" as it is in the request")
			}
			if id := f.SignsName(sentNames(f)); id != "" && c.As != "" && s == f.Site() && s.User.Line > 0 {
				at := s.User.Place
				for _, c := range s.Claims { // the line that takes the name, not the one that reads it from the request
					if c.Name == "user_id" && c.Line > 0 && c.Text == facts.LastName(s.User.Name) {
						at = c.Place
					}
				}
				return other(s, fmt.Sprintf("The token is signed for the field %s, and the front end connects as %s.", s.User.Name, id), inSource(at), finding.LocAt(c.File, c.Line), s.User.Name, id, "sign for "+id)
			}
		}
	}
	return nil
}
