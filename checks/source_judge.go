package checks

import (
	"slices"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/rules"
	"badsig/checks/rules/reach"
)

// withoutRequest is the result of a check that a request would decide, where
// none is made.
func withoutRequest(c rules.Check, f *facts.Facts) (finding.Result, bool) {
	if !slices.Contains(rules.Requesting, c.ID) && (c.ID != "server-fresh" || !f.Target.Static) {
		return finding.Result{}, false
	}
	why := rules.Unrequested(f)
	if why == "" {
		return finding.Result{}, false
	}
	return finding.Sanitized(finding.Result{ID: c.ID, Title: c.Title(f), Status: finding.Skip, Summary: why}), true
}

// fromSource adds to a result without a token what the source itself says wrong.
func fromSource(c rules.Check, f *facts.Facts, r finding.Result) finding.Result {
	rule := rules.SourceRules[c.ID]
	down := r.ID == "server-listens" && len(r.Causes) == 1 && r.Causes[0].ID == causes.ServerDown // to start it wouldn't help where it listens elsewhere
	if r.Status == finding.Pass || facts.FirstToken(f, "backend") != nil {
		rule = rules.SourceBeside[c.ID]
	}
	if rule == nil || !down && affix.Any(r.Causes, func(c finding.Cause) bool { return r.Status != finding.Unknown || c.Severity == causes.Error }) || f.Project == nil || f.Target.Given {
		return r
	}
	all := rule(f)
	if len(all) == 0 {
		if r.Status != finding.Skip {
			return r
		}
		why := ""
		switch c.ID {
		case "token-user":
			why = rules.UnsettledUser(f)
		case "endpoint-answers":
			if why = reach.Unconnected(f); r.BlockedBy != "" {
				why = ""
			}
		}
		if why == "" {
			return r
		}
		r.Status, r.Summary = finding.Unknown, why
		return finding.Sanitized(r)
	}
	out := finding.Found(all[0].Summary, nil, all...)
	out.ID, out.Title, out.TookMs = r.ID, r.Title, r.TookMs
	return finding.Sanitized(rules.Honest(f, out))
}
