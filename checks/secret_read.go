package checks

import (
	"badsig/checks/causes"
	"badsig/checks/probe"
	"badsig/tokens"
)

// ruleSecretRead: what the server would read is the app's secret. It speaks
// where no token can: the backend is down or does not get as far as signing.
// Where there is a token, its signature says more than any file.
func ruleSecretRead(f *probe.Facts) Result {
	w := wins(f)
	if t := judgedToken(f); t != nil && t.Source == "backend" {
		if j := judgeSecret(f); j.Status != Pass {
			return Result{Status: Skip, BlockedBy: "secret-signs", Summary: "the token's signature says more than the files"}
		}
		if h := bestHit(f, t); w != nil && !f.Server.Start.IsZero() && f.Server.Start.Before(w.Modified) && (h == nil || h.Signed != w.Fingerprint && h.Signed != w.Clean) {
			return unsure(place(w) + " was changed after the server's start and holds another secret than the one that signs: it counts from the next start on")
		}
		return passed("the token's signature proves what the server read")
	}
	if w == nil {
		return unsure("which secret the server would read could not be found out")
	}
	tr := truthOf(f)
	ev := []Evidence{{Label: "the server would read", Got: shown(w), Source: place(w)}}
	if tr.fps[w.Fingerprint] {
		return passed("it would read "+rightName(tr)+" at "+place(w), ev...)
	}
	if c := wrongFile(f, tr); c != nil {
		return found(c.Summary, ev, *c)
	}
	return unsure("whether "+place(w)+" is the dashboard's secret could not be found out", ev...)
}

// wrongFile judges what the server would read if it were started now, without
// any signature: against the right secret where that is known, else by bytes
// that no secret has.
func wrongFile(f *probe.Facts, tr truth) *Cause {
	return wrongValue(f, wins(f), tr)
}

// wrongValue judges the bytes of one place.
func wrongValue(f *probe.Facts, w *probe.Value, tr truth) *Cause {
	if w == nil || w.Empty || tr.fps[w.Fingerprint] || authDisabled(f) {
		return nil
	}
	ev := []Evidence{{Label: "the server would read", Got: shown(w), Want: rightShown(f, tr), Source: place(w)}}
	switch d := w.VsDashboard; {
	case tr.known && d != nil && len(d.Damages) > 0:
		r := rightValue(f, tr)
		if r == nil {
			return nil
		}
		c := damageCause(f, &tokens.Hit{Candidate: r.ID, Damages: d.Damages, Positions: d.Positions, Length: w.Length, Signed: w.Fingerprint}, w, r)
		if c != nil { // there is no signature: comparing is the proof
			c.Location, c.Evidence = locate(w), ev
			c.Summary = "What the server would read at " + place(w) + " is the app's secret " + says(d.Damages) + ". Proven by comparing the bytes."
		}
		return c
	case w.Placeholder:
		return new(cause(causes.SecretPlaceholder, Proven, "What the server would read at "+place(w)+" is a placeholder and no secret.", locate(w), ev,
			Step{Text: "replace it by the secret of your app (Dashboard → your app → App Access Keys)" + inPlace(w)}, restartStep(f)))
	}
	id, what, _ := oddShape(w, false)
	if id == "" {
		return nil
	}
	return new(cause(id, Proven, "The server would sign with a value that has "+what+"; no Stream secret has.", locate(w), ev,
		Step{Text: mends[id] + " (" + place(w) + ")"}, restartStep(f)))
}

func rightValue(f *probe.Facts, tr truth) *probe.Value {
	for i := range f.Values {
		if v := &f.Values[i]; tr.fps[v.Fingerprint] && v.What == probe.WhatSecret {
			return v
		}
	}
	return nil
}
