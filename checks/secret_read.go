package checks

import (
	"strings"

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
			return Result{Status: Skip, BlockedBy: "secret-signs", Summary: "skipped: the signature is stronger evidence"}
		}
		if h := bestHit(f, t); w != nil && !f.Server.Start.IsZero() && f.Server.Start.Before(w.Modified) && (h == nil || h.Signed != w.Fingerprint && h.Signed != w.Clean) {
			return unsure(place(w) + " was changed after the backend started and has a different secret: it takes effect after a restart")
		}
		return passed("the token's signature proves what the server read")
	}
	if c, summary, ok := unsetSecret(f); c != nil {
		return found(c.Summary, c.Evidence, *c)
	} else if ok {
		return unsure(summary)
	}
	if w == nil {
		return unsure("couldn't determine which secret the backend would read")
	}
	tr := truthOf(f)
	ev := []Evidence{{Label: "secret the backend would read", Got: shown(w), Source: place(w)}}
	if tr.fps[w.Fingerprint] {
		return passed("the backend would read "+rightName(tr)+" from "+place(w), ev...)
	}
	if c := wrongFile(f, tr); c != nil {
		return found(c.Summary, ev, *c)
	}
	if c := wrongPair(f, w, tr); c != nil {
		return found(c.Summary, ev, *c)
	}
	return unsure("couldn't determine whether "+place(w)+" is the app's API secret", ev...)
}

// wrongPair judges, without any token, an intact secret that Stream rejects for
// the key in use, where Stream accepts another one that the project has.
func wrongPair(f *probe.Facts, w *probe.Value, tr truth) *Cause {
	if !f.Server.SecretKnown || authDisabled(f) || !refusedFor(f, w) {
		return nil
	}
	proof := append([]Evidence{{Label: "secret the backend would read", Got: shown(w), Want: rightShown(f, tr), Source: place(w)}}, streamProof(f, w, tr)...)
	if tr.key == "" {
		tr.key = clientKey(f)
	}
	c := misplaced(f, w, tr, proof)
	if c != nil {
		c.Summary = strings.Replace(c.Summary, "signs with", "would sign with", 1)
	}
	return c
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
	ev := []Evidence{{Label: "secret the backend would read", Got: shown(w), Want: rightShown(f, tr), Source: place(w)}}
	ev = append(ev, streamProof(f, w, tr)...)
	switch d := w.VsDashboard; {
	case tr.known && d != nil && len(d.Damages) > 0:
		r := rightValue(f, tr)
		if r == nil {
			return nil
		}
		c := damageCause(f, &tokens.Hit{Candidate: r.ID, Damages: d.Damages, Positions: d.Positions, Length: w.Length, Signed: w.Fingerprint}, w, r)
		if c != nil { // there is no signature: comparing is the proof
			c.Location, c.Evidence = locate(w), ev
			c.Summary = "The secret in " + place(w) + " is your app's secret " + says(d.Damages) + ", so the signature won't match." + acceptedClean(f, w)
		}
		return c
	case w.Placeholder:
		return new(cause(causes.SecretPlaceholder, Proven, "The secret in "+place(w)+" is still a placeholder.", locate(w), ev,
			Step{Text: in(w) + "replace the placeholder with your app's API secret (Dashboard › your app › App Access Keys)"}, restartStep(f)))
	}
	id, what, _ := oddShape(w, false)
	if id == "" {
		return nil
	}
	c := new(cause(id, Proven, "The secret in "+place(w)+" "+oddWords(w, what)+"; Stream secrets are 64 characters (a–z, 0–9)."+acceptedClean(f, w), locate(w), ev,
		Step{Text: editStep(f, id, locate(w), w.Blemishes, false)}, restartStep(f)))
	titled(c, w.Blemishes)
	return c
}

func rightValue(f *probe.Facts, tr truth) *probe.Value {
	for i := range f.Values {
		if v := &f.Values[i]; tr.fps[v.Fingerprint] && v.What == probe.WhatSecret {
			return v
		}
	}
	return nil
}
