package rules

import (
	"fmt"
	"regexp"
	"strings"

	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/tokens"
)

// Rules of this file:
//   - an error of the endpoint that quotes Stream's rejection of the secret follows from the secret
//   - an endpoint that asks Stream before it signs fails with any wrong secret, whatever it says of it

// otherFailure are words of failures that don't come of the secret.
var otherFailure = regexp.MustCompile(`(?i)ECONNREFUSED|ENOTFOUND|ETIMEDOUT|database|prisma|mongo|postgres|mysql|redis|sequelize|is not a function|is not defined|cannot read prop`)

// quotesRejection reports an answer that quotes Stream's rejection of a
// signature or key: the handler asked Stream, and Stream said no.
func quotesRejection(a *facts.Answer) bool {
	if a == nil || a.Status < 400 {
		return false
	}
	e, ok := tokens.ParseError(words(a))
	if !ok {
		return false
	}
	switch e.Kind {
	case tokens.ErrSignature, tokens.ErrKey:
		return true
	}
	return e.Code == 43
}

// asksStream reports whether the token's handler asks Stream before it answers,
// as far as the source shows.
func asksStream(f *facts.Facts) bool {
	if f.Project == nil {
		return false
	}
	for _, e := range f.Project.Entries {
		if len(e.Calls) > 0 && strings.HasSuffix(strings.TrimSuffix(f.Target.URL, "/"), e.Path) && e.Path != "" {
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
	quoted := quotesRejection(a)
	if a.Status < 500 && !quoted || !quoted && (!asksStream(f) || otherFailure.MatchString(words(a))) {
		return nil
	}
	tr := facts.TruthOf(f)
	for _, find := range []func() *finding.Cause{
		func() *finding.Cause { return staleSilent(f, tr) },
		func() *finding.Cause { return wrongFile(f, tr) },
		func() *finding.Cause {
			if w := wins(f); w != nil && !tr.Fps[w.Fingerprint] {
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

// Consequences gives an endpoint's error that comes of the secret the secret's
// cause. Only the whole of the facts shows it: the endpoint's check ends before
// Stream was asked.
func Consequences(f *facts.Facts, results []finding.Result) []finding.Result {
	a := facts.MainAnswer(f)
	if a == nil {
		return results
	}
	for i := range results {
		r := &results[i]
		if r.ID != "endpoint-answers" || len(r.Causes) == 0 && a.Status < 500 || len(r.Causes) > 0 && r.Causes[0].ID != causes.EndpointError {
			continue
		}
		if c := followsFromSecret(f, a); c != nil {
			r.Status, r.Cause, r.Causes = finding.Fail, c.ID, []finding.Cause{*c}
			r.Summary = fmt.Sprintf("%d, because of the secret: %s", a.Status, c.Title)
		}
	}
	return results
}
