package checks

import (
	"log"
	"runtime/debug"
	"slices"
	"sync"

	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/probe"
	"badsig/checks/rules"
)

// Rules of this file:
//   - a rule sees only the parts of the facts that its probes (and theirs) filled, so a run and a replay agree
//   - a rule whose needs failed doesn't run; it is skipped with the root of them

// Judge applies every rule to facts gathered earlier (check --facts FILE).
func Judge(f *facts.Facts) *Report {
	done := map[finding.ID]finding.Result{}
	var rs []finding.Result
	for _, c := range All() {
		r := resultOf(c, f, done)
		done[c.ID] = r
		rs = append(rs, r)
	}
	return report(f, rs)
}

// resultOf is what a check says of the facts, where the checks that it needs are decided.
func resultOf(c rules.Check, f *facts.Facts, done map[finding.ID]finding.Result) finding.Result {
	if root, blocked := blocker(c, f, done); blocked {
		return fromSource(c, f, skipped(c, f, root, done))
	}
	return fromSource(c, f, apply(c, f))
}

// blocker finds the failed check that keeps c from running: the root, not
// the nearest skipped one. Unknown does not block: a rule says itself what it
// cannot find out.
func blocker(c rules.Check, f *facts.Facts, results map[finding.ID]finding.Result) (finding.ID, bool) {
	if f.Target.Given && slices.Contains(c.Needs, "endpoint-json") {
		return "", false // the given token is there, no matter what the endpoint does
	}
	if c.ID == "server-fresh" && !f.HasEndpoint() && !f.Target.Static {
		return "", false // a process may be older than what it should have read, endpoint or not
	}
	for _, n := range c.Needs {
		switch r := results[n]; r.Status {
		case finding.Fail:
			return n, true
		case finding.Skip:
			if r.BlockedBy != "" {
				return r.BlockedBy, true
			}
			return n, true
		}
	}
	return "", false
}

func skipped(c rules.Check, f *facts.Facts, root finding.ID, results map[finding.ID]finding.Result) finding.Result {
	return finding.Sanitized(finding.Result{
		ID: c.ID, Title: c.Title(f), Status: finding.Skip, BlockedBy: root,
		Summary: "skipped: " + results[root].Summary,
	})
}

// apply runs one rule on its view of the facts, guarded.
func apply(c rules.Check, f *facts.Facts) (r finding.Result) {
	if r, ok := withoutRequest(c, f); ok {
		return r
	}
	defer func() {
		if p := recover(); p != nil {
			log.Printf("the rule of %s panicked: %s", c.ID, debug.Stack())
			r = finding.Unsure("badsig hit an internal error; please report it")
		}
		r.ID, r.Title = c.ID, c.Title(f)
		if r.Cause == "" && len(r.Causes) > 0 {
			r.Cause = r.Causes[0].ID
		}
		r = finding.Sanitized(r)
	}()
	v := view(f, c.Uses)
	return rules.AtPasted(v, inLanguage(v, rules.WorstToken(c, v)))
}

// view gives the facts as they were filled by the named probes and by those
// they need, and hides every other part: what a slower probe has filled
// meanwhile must not be seen, or a run and its replay disagree.
func view(f *facts.Facts, uses []facts.Name) *facts.Facts {
	seen := slices.Clone(uses)
	for _, p := range slices.Backward(probesOnce()) { // what is needed is before what needs it
		if slices.Contains(seen, p.Name) {
			seen = append(seen, p.Needs...)
		}
	}
	return f.Of(func(n facts.Name) bool { return slices.Contains(seen, n) })
}

// probesOnce are the probes, for what they need.
var probesOnce = sync.OnceValue(func() []probe.Probe { return probe.All(nil) })
