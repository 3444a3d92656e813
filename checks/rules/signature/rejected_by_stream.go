package signature

import (
	"fmt"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/probe/pattern"
	"badsig/tokens"
)

// Rules of this file:
//   - an error of the endpoint that quotes Stream's rejection of the secret follows from the secret
//   - an endpoint that queries Stream before it signs fails with any wrong secret, no matter what it says of it

// otherFailure are words of failures that don't come of the secret.
var otherFailure = pattern.New(`(?i)ECONNREFUSED|ENOTFOUND|ETIMEDOUT|database|prisma|mongo|postgres|mysql|redis|sequelize|is not a function|is not defined|cannot read prop`)

// quotesRejection reports a response that quotes Stream's rejection of a
// signature or key: the handler contacted Stream, and Stream said no.
func quotesRejection(a *facts.Answer) bool {
	if a == nil || a.Status < 400 {
		return false
	}
	e, ok := tokens.ParseError(Words(a))
	if !ok {
		return false
	}
	switch e.Kind {
	case tokens.ErrSignature, tokens.ErrKey:
		return true
	}
	return e.Code == 43
}

// asksStream reports whether the token's handler queries Stream before it responds,
// as far as the source shows.
func asksStream(f *facts.Facts) bool {
	if f.Project == nil {
		return false
	}
	for _, e := range f.Project.Entries {
		if len(e.Calls) > 0 && e.Path != "" && (affix.HasSuffix(affix.TrimSuffix(f.Target.URL, "/"), e.Path) || facts.PathFits(e.Path, facts.PathOf(f.Target.URL))) {
			return true
		}
	}
	code := facts.CodeOf(f)
	for _, c := range f.Project.Calls {
		if streamRequests[lastPart(c.Callee)] && code != nil && (c.File == code.File || c.Role == facts.RoleServer) {
			return true
		}
	}
	return false
}

// streamRequests are the methods of Stream's SDK that send a request.
var streamRequests = map[string]bool{"upsertUser": true, "upsertUsers": true, "updateUser": true, "updateUsers": true, "partialUpdateUser": true, "queryUsers": true, "queryChannels": true, "getOrCreate": true, "connectUser": true}

func lastPart(callee string) string { return callee[strings.LastIndexByte(callee, '.')+1:] }

// followsFromSecret is the cause of an endpoint's error that comes of the
// secret; nil where the error is the endpoint's own.
func followsFromSecret(f *facts.Facts, a *facts.Answer) *finding.Cause {
	quoted, tr := quotesRejection(a), facts.TruthOf(f)
	silent := a.Status/100 == 2 && len(a.Tokens) == 0 // null instead of a token: the handler hides what failed
	if a.Status < 500 && !quoted && !silent || otherFailure.MatchString(Words(a)) && !quoted {
		return nil
	}
	if c := staleSilent(f, tr); c != nil {
		return c
	}
	if !quoted && !asksStream(f) {
		return nil
	}
	for _, find := range []func() *finding.Cause{
		func() *finding.Cause { return wrongFile(f, tr) },
		func() *finding.Cause {
			if w := Wins(f); w != nil && !tr.Fps[w.Fingerprint] {
				return wrongPair(f, w, tr)
			}
			return nil
		},
	} {
		if c := find(); c != nil && c.Severity == causes.Error && (quoted || c.Certainty == finding.Proven) {
			return c
		}
	}
	return nil
}

// endsAtStart gives a backend that isn't running the cause for which it can't: it
// ends at its start without the variable that nothing sets.
func endsAtStart(f *facts.Facts, results []finding.Result) []finding.Result {
	if f.Server == nil || !f.Server.SecretEnds && !f.Server.KeyEnds {
		return results
	}
	var c *finding.Cause
	id, name := causes.KeyMissing, f.Server.KeyName
	if f.Server.SecretEnds {
		id, name = causes.SecretMissing, f.Server.SecretName
		c, _, _ = unsetSecret(f)
	}
	for i := range results { // set to nothing is not set, for what the program demands
		if r := &results[i]; c == nil && len(r.Causes) > 0 && r.Causes[0].ID == id {
			c = &r.Causes[0]
		}
	}
	if c == nil {
		return results
	}
	for i := range results {
		if r := &results[i]; r.ID == "server-listens" && len(r.Causes) > 0 && r.Causes[0].ID == causes.ServerDown {
			r.Cause, r.Causes = c.ID, []finding.Cause{*c}
			r.Summary += ": it exits when it starts without " + name
		}
	}
	return results
}

// Consequences gives an endpoint's error that comes of the secret the secret's
// cause. Only the whole of the facts shows it: the endpoint's check ends before
// Stream was contacted.
func Consequences(f *facts.Facts, results []finding.Result) []finding.Result {
	results = endsAtStart(f, results)
	a := facts.MainAnswer(f)
	if a == nil {
		return results
	}
	for i := range results {
		r := &results[i]
		switch {
		case r.ID == "endpoint-answers" && (len(r.Causes) == 0 && a.Status >= 500 || len(r.Causes) > 0 && r.Causes[0].ID == causes.EndpointError):
		case r.ID == "endpoint-json" && len(r.Causes) > 0 && r.Causes[0].ID == causes.TokenMissing:
		default:
			continue
		}
		if c := followsFromSecret(f, a); c != nil {
			r.Status, r.Cause, r.Causes = finding.Fail, c.ID, []finding.Cause{*c}
			r.Summary = fmt.Sprintf("%d, because of the secret: %s", a.Status, c.Title)
		}
	}
	return results
}
