package rules

import (
	"slices"

	"badsig/checks/affix"
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
		if r.Status != finding.Fail || affix.Any(r.Causes, func(c finding.Cause) bool { return !reaching(c.ID) }) || len(r.Causes) == 0 {
			continue
		}
		r.Status, r.Causes = finding.Warn, slices.Clone(r.Causes)
		for j := range r.Causes {
			r.Causes[j] = finding.Lesser(r.Causes[j])
		}
	}
	return out
}

// AtPasted gives what is wrong with a token that the front end's source holds the line that holds it.
func AtPasted(f *facts.Facts, r finding.Result) finding.Result {
	at := f.Target.TokenAt
	if at.File == "" || facts.GivenToken(f) == nil {
		return r
	}
	r.Causes = slices.Clone(r.Causes)
	for i := range r.Causes {
		c := &r.Causes[i]
		if p, _ := causes.PageOf(c.ID); c.Location == nil && (p.Group == causes.TokenFormat || p.Group == causes.Claims || c.ID == causes.TokenStale) {
			c.Location = inSource(at)
			c.Fix = append([]finding.Step{{Text: startOf(c.Location) + "replace the token that is written there with a new one for this user and app (Dashboard, badsig mint, or your backend's response)"}}, c.Fix...)
		}
	}
	return r
}

// refusedPaste is a whole token in the source of which Stream rejects the signature, under the key of the same front end.
func refusedPaste(f *facts.Facts, given *facts.Token) *finding.Cause {
	if f.Target.TokenAt.File == "" || f.Stream == nil || !facts.SignatureRefused(f.Stream.Given) || facts.AuthDisabled(f) || signature.Unsignable(given) != "" || facts.ClientKey(f) == "" {
		return nil
	}
	c := staleToken(finding.Proven, "Stream rejects the signature of the token in "+facts.At(f.Target.TokenAt.File, f.Target.TokenAt.Line)+" for the key "+facts.ClientKey(f)+": it was made for another app, or with an older secret.",
		[]finding.Evidence{{Label: "Stream's response to this token", Got: signature.Answered(f.Stream.Given)}}).Titled("The token in the source isn't for this key")
	return &c
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
