package rules

import (
	"slices"

	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/rules/signature"
)

// BesideGivenToken: the token that the browser uses was passed, and Stream
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

// storedToken judges a given token where the backend gave none to compare it
// with: against what the backend would sign with, if that is the app's secret.
// nil where nothing follows.
func storedToken(f *facts.Facts, given *facts.Token) *finding.Cause {
	w, tr := signature.Wins(f), facts.TruthOf(f)
	if w == nil || !tr.Known || !tr.Fps[w.Fingerprint] || !f.Server.SecretKnown || facts.AuthDisabled(f) || facts.StreamTook(f, given) {
		return nil
	}
	if given.Signer == nil || signature.Unsignable(given) != "" || given.Signer.Truncated || facts.SignedRight(f, given, tr) {
		return nil
	}
	if f.Stream == nil || !facts.SignatureRefused(f.Stream.Given) && tr.By != "dashboard" {
		return nil
	}
	ev := []finding.Evidence{
		{Label: "token signed by", Got: signature.OrNone(facts.SignedBy(f, given))},
		{Label: "backend signs with", Got: facts.Shown(w), Source: facts.Where(w)},
	}
	if a := f.Stream.Given; a != nil && a.Status != 0 {
		ev = append(ev, finding.Evidence{Label: "Stream's response to this token", Got: signature.Answered(a)})
	}
	return new(staleToken(finding.Proven, "This token wasn't signed with the app's secret, which your backend has now ("+facts.Where(w)+"). It was issued with an older secret or for another app.", ev))
}

// HasFrontEnd tells whether the project holds anything of a front end.
func HasFrontEnd(f *facts.Facts) bool {
	p := f.Project
	return p == nil || len(p.Fetches)+len(p.Origins)+len(p.Apps) > 0 || f.Server != nil && len(f.Server.FrontKeys)+len(f.Server.FrontMissing) > 0
}
