package rules

import (
	"fmt"
	"slices"
	"strings"

	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/rules/parts"
)

// Rules of this file, about the user that a request names and the one that the source signs:
//   - a handler that reads the ID under a name that the front end doesn't send signs for nobody
//   - a handler that is told the user and signs a constant signs for somebody else

// sourceOtherName finds an ID that the front end sends under another name than the handler reads.
func sourceOtherName(f *facts.Facts) []finding.Cause {
	for _, m := range meetings(f) {
		if m.x.BodyOpen || !facts.HasID(m.x.Body) {
			continue
		}
		var e *facts.Entry
		for i := range f.Project.Entries {
			x := &f.Project.Entries[i]
			if x.Server == m.server && x.Known.Sure() && facts.PathFits(x.Path, m.to.Path) && (x.Method == m.x.Method || x.Method == "ANY" || x.Method == "") {
				if e != nil && e.User != x.User {
					e = nil
					break
				}
				e = x
			}
		}
		if e == nil || e.User.From != "body" && e.User.From != "query" || !e.User.Known.Sure() || e.User.Line == 0 {
			continue
		}
		read := append(slices.Clone(e.Fields), e.Params...)
		sends := func(n string) bool {
			return slices.ContainsFunc(m.x.Body, func(b string) bool { return facts.LastName(b) == facts.LastName(n) })
		}
		if sends(e.User.Name) || slices.ContainsFunc(read, func(n string) bool { return facts.HasID([]string{n}) && sends(n) }) {
			continue
		}
		sent := facts.IDName(m.x.Body)
		at, front := inSource(e.User.Place), finding.LocAt(m.x.File, m.x.Line)
		c := finding.New(causes.UserIDMissing, finding.Likely,
			fmt.Sprintf("The handler reads the user's ID from %s, and the front end sends it as %s, so the backend signs for nobody.", e.User.Name, sent), at,
			[]finding.Evidence{{Label: "field with the user's ID", Got: e.User.Name, Want: sent, Source: at.String()}, {Label: "the request sends", Got: strings.Join(m.x.Body, ", "), Source: front.String()}},
			finding.Step{Text: startOf(at) + "read " + sent + " instead of " + e.User.Name},
			finding.Step{Text: fmt.Sprintf("Or send %s in the request in %s line %d", e.User.Name, front.File, front.Line)}, parts.RestartStep(f))
		return []finding.Cause{bothRead(c, m.x)}
	}
	return nil
}

// sourceOtherUser finds a constant that is signed where the request, or the answer itself, names another user.
func sourceOtherUser(f *facts.Facts) []finding.Cause {
	for _, s := range runningSites(f) {
		if s.Language != "js" || s.User.From != "constant" || s.User.Name == "" || isNumber(s.User.Name) {
			continue
		}
		for _, e := range entriesOf(f, s) {
			if len(e.Gives) == 0 {
				continue
			}
			asked := facts.IDName(e.Fields)
			answersID := slices.ContainsFunc(e.Answer, func(n string) bool { return slices.Contains(facts.IDNames, facts.LastName(n)) })
			var why, want string
			switch {
			case e.Names != "" && e.Names != s.User.Name:
				why, want = fmt.Sprintf("The token is signed for %q, and the answer names %q as the user.", s.User.Name, e.Names), e.Names
			case slices.Contains(facts.IDNames, facts.LastName(asked)) && !answersID:
				why, want = fmt.Sprintf("The handler is told the user in %s, and signs for the constant %q.", asked, s.User.Name), asked
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
