package rules

import (
	"slices"

	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
)

// BesideGivenToken: the token that the browser uses was given, and Stream
// accepts it. What keeps the endpoint from giving another one is told, and
// isn't why a token is rejected.
func BesideGivenToken(f *facts.Facts, results []finding.Result) []finding.Result {
	t := facts.GivenToken(f)
	if t == nil || !facts.StreamTook(f, t) {
		return results
	}
	out := slices.Clone(results)
	for i := range out {
		r := &out[i]
		if r.Status != finding.Fail || slices.ContainsFunc(r.Causes, func(c finding.Cause) bool { return !reaching(c.ID) }) || len(r.Causes) == 0 {
			continue
		}
		r.Status, r.Causes = finding.Warn, slices.Clone(r.Causes)
		for j := range r.Causes {
			r.Causes[j] = finding.Lesser(r.Causes[j])
		}
	}
	return out
}

// reaching reports whether a cause is about getting a token, not about the token.
func reaching(id causes.ID) bool {
	p, _ := causes.PageOf(id)
	return p.Group == causes.Server || p.Group == causes.Endpoint
}
