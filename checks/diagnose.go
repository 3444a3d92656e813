package checks

import (
	"sort"

	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/rules"
)

// Rules of this file:
//   - the first cause is the root: what the developer changes first
//   - errors before warnings; within errors the order in which a request meets them,
//     and within Stream the order in which Stream tests: key, shape, claims, signature, times
//   - a cause is listed once, with the evidence of the check that proved it best
//   - what follows from a cause is not a cause of its own

// diagnose orders what the rules found, root first.
func diagnose(results []finding.Result) []finding.Cause {
	best := map[causes.ID]finding.Cause{}
	var ids []causes.ID
	for _, r := range results {
		for _, c := range r.Causes {
			if c.Severity == causes.Error && !c.Accused() {
				continue // it has not been through accuse
			}
			old, have := best[c.ID]
			if !have {
				ids = append(ids, c.ID)
			}
			if !have || stronger(c, old) {
				best[c.ID] = c
			}
		}
	}
	hidden := map[causes.ID]bool{}
	for _, id := range ids {
		if best[id].Severity != causes.Error {
			continue
		}
		page, _ := causes.PageOf(id)
		for _, h := range page.Hides {
			hidden[h] = true
		}
	}
	found := []finding.Cause{}
	for _, id := range ids {
		if !hidden[id] {
			found = append(found, best[id])
		}
	}
	sort.SliceStable(found, func(i, j int) bool { return rank(found[i]) < rank(found[j]) })
	return found
}

func stronger(a, b finding.Cause) bool {
	if a.Severity != b.Severity {
		return a.Severity == causes.Error
	}
	return a.Certainty == finding.Proven && b.Certainty != finding.Proven
}

// rank is the page's; warnings come after all errors, first those of causes that
// are never more than a warning.
func rank(c finding.Cause) int {
	p, _ := causes.PageOf(c.ID)
	switch {
	case c.Severity == causes.Error:
		return p.Rank
	case p.Severity == causes.Warning:
		return p.Rank + 1000
	}
	return p.Rank + 2000
}

// verdict is the exit status in a word: rejected where there is an error,
// accepted where nothing is wrong and the token's signature is proven right,
// by Stream or by the dashboard's pair; unproven otherwise.
func verdict(f *facts.Facts, all []finding.Cause, results []finding.Result) string {
	for _, c := range all {
		if c.Severity == causes.Error {
			return Rejected
		}
	}
	for _, r := range results {
		switch r.Status {
		case finding.Fail:
			return Rejected
		case finding.Unknown:
			if needed[r.ID] && (r.ID != "key-agrees" || rules.HasFrontEnd(f)) {
				return Unproven
			}
		}
	}
	if !proven(f) {
		return Unproven
	}
	return Accepted
}

// needed are the checks without which no one can say that the token works.
// Those of Stream are not among them: a given dashboard pair proves as much.
var needed = map[finding.ID]bool{
	"endpoint-answers": true, "endpoint-json": true, "token-formed": true, "token-user": true,
	"token-times": true, "secret-signs": true, "key-agrees": true, "token-current": true,
}

// proven tells whether the token in use is known to be right: Stream took it,
// and rejects a tampered signature; or the dashboard's secret signed it, and the
// key in use is the one that the dashboard shows beside it.
func proven(f *facts.Facts) bool {
	t := facts.TokenInUse(f)
	if t == nil {
		return rules.ProvenBySource(f)
	}
	if facts.StreamTook(f, t) {
		return true
	}
	return f.Target.HasSecret && f.Target.Key != "" && f.Target.Key == facts.ClientKey(f) && facts.SignedRight(f, t, facts.TruthOf(f))
}
