package signature

import (
	"cmp"
	"strings"

	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/probe/names"
	"badsig/checks/rules/parts"
	"badsig/checks/shell"
	"badsig/tokens"
)

// SecretRead: what the server would read is the app's secret. It speaks
// where no token can: the backend is down or does not get as far as signing.
// Where there is a token, its signature says more than any file. A program that
// signs with other pairs besides has each of them judged, and the first that is
// wrong is told where the one that was requested is right, or can't be judged.
func SecretRead(f *facts.Facts) finding.Result {
	r := firstSecretRead(f)
	if r.Status == finding.Fail || r.Status == finding.Skip {
		return r
	}
	for _, p := range facts.OtherPairs(f) {
		if o := firstSecretRead(facts.ForPair(f, p)); o.Status == finding.Fail {
			return o
		}
	}
	return r
}

// firstSecretRead judges the pair that Facts.Server names.
func firstSecretRead(f *facts.Facts) finding.Result {
	w := Wins(f)
	if t := facts.JudgedToken(f); t != nil && t.Source == "backend" {
		if j := JudgeSecret(f); j.Status != finding.Pass {
			return finding.Result{Status: finding.Skip, BlockedBy: "secret-signs", Summary: "skipped: the signature is stronger evidence"}
		}
		if h := facts.BestHit(f, t); w != nil && !f.Server.Start.IsZero() && f.Server.Start.Before(w.Modified) && (h == nil || h.Signed != w.Fingerprint && h.Signed != w.Clean) {
			return finding.Unsure(facts.Where(w) + " was changed after the backend started and has a different secret: it takes effect after a restart")
		}
		if told := shellOverrides(f, facts.BestHit(f, t)); told != "" {
			return finding.Result{Status: finding.Warn, Summary: told}
		}
		return finding.Passed("the token's signature proves what the server read")
	}
	if c, summary, ok := unsetSecret(f); c != nil {
		return finding.Found(c.Summary, c.Evidence, *c)
	} else if ok {
		r := finding.Unsure(summary)
		r.Next = createEnvFile(f)
		return r
	}
	if c := givenNothing(f); c != nil {
		return finding.Found(c.Summary, c.Evidence, *c)
	}
	if w == nil {
		return finding.Unsure(unreadSecret(f))
	}
	tr := facts.TruthOf(f)
	ev := []finding.Evidence{{Label: "secret the backend would read", Got: facts.Shown(w), Source: facts.Where(w)}}
	if r, changed := changedSecret(f, w, tr, ev); changed {
		return r
	}
	if t := trims(f, w); t != nil {
		at := finding.LocAt(cmp.Or(t.ChangedFile, t.File), cmp.Or(t.ChangedLine, t.Line)).String()
		if tr.Fps[w.Clean] {
			return finding.Passed("the backend would read "+rightName(tr)+" from "+facts.Where(w)+", and trims it ("+at+")", ev...)
		}
		return finding.Unsure("couldn't determine whether "+facts.Where(w)+", which the code trims ("+at+"), is the app's API secret", ev...)
	}
	if at := unreadArgument(f); at != "" {
		return finding.Unsure("couldn't read what the backend signs with ("+at+"): the only secret that badsig found is in "+facts.Where(w), ev...)
	}
	if tr.Fps[w.Fingerprint] {
		return finding.Passed("the backend would read "+rightName(tr)+" from "+facts.Where(w), ev...)
	}
	if f.Server.SecretElse {
		return finding.Unsure("couldn't determine what the backend signs with: "+facts.Where(w)+" is used only if nothing sets "+secretName(f), ev...)
	}
	if byShellAlone(f, w) {
		return finding.Unsure("couldn't determine whether the environment that the backend starts with sets "+f.Server.SecretName+": without it, the backend signs with the fallback in "+facts.Where(w), ev...)
	}
	if c := noSecret(f, w, ev); c != nil {
		return finding.Found(c.Summary, ev, *c)
	}
	if foreign(f, w, tr) { // JWT_SECRET, Django's SECRET_KEY: it isn't a corrupted copy of Stream's secret
		if c := wrongPair(f, w, tr); c != nil {
			return finding.Found(c.Summary, ev, *c)
		}
	}
	if c := wrongFile(f, tr); c != nil {
		return finding.Found(c.Summary, ev, *c)
	}
	if c := wrongPair(f, w, tr); c != nil {
		return finding.Found(c.Summary, ev, *c)
	}
	if c := setAgain(f, w, tr, ev); c != nil {
		return finding.Found(c.Summary, ev, *c)
	}
	return finding.Unsure("couldn't determine whether "+facts.Where(w)+" is the app's API secret", ev...)
}

// setAgain: a later line of the same file sets the variable to another value than the app's secret, beside the app's key.
func setAgain(f *facts.Facts, w *facts.Value, tr facts.Truth, ev []finding.Evidence) *finding.Cause {
	k := facts.ValueAt(f, f.Server.Key)
	if w.Kind != facts.KindEnvFile || k == nil || tr.Key == "" || k.Key != tr.Key || facts.AuthDisabled(f) {
		return nil
	}
	for i := range f.Values {
		if v := &f.Values[i]; v.File == w.File && v.Name == w.Name && v.Line < w.Line && !v.Comment && tr.Fps[v.Fingerprint] {
			return shadowed(f, w, v, ev)
		}
	}
	return nil
}

// trims is where the code removes all that is around the secret in its file: a newline at its
// end, say; nil where it doesn't, or where something else is wrong with it.
func trims(f *facts.Facts, w *facts.Value) *facts.Read {
	t := transform(f)
	if t == nil || reads(f) != 1 || len(w.Blemishes) == 0 || !facts.OneOf(strings.Split(t.Transform, "+"), "trim") {
		return nil
	}
	for _, b := range w.Blemishes {
		switch b {
		case "leading-space", "trailing-space", "newline", "carriage-return", "tab", "nbsp", "bom", "not-64":
		default:
			return nil
		}
	}
	return t
}

// createEnvFile is the step of a fresh clone: the file that the server loads
// isn't there yet.
func createEnvFile(f *facts.Facts) []finding.Step {
	if len(f.Server.Missing) == 0 || len(f.Server.Loaded) > 0 {
		return nil
	}
	file, names := f.Server.Missing[0], strings.Join(neededNames(f, f.Server.SecretName), ", ")
	if example := exampleBeside(f, file); example != "" {
		return []finding.Step{{Text: "Copy " + example + " to " + file + ", and set " + names + " in it", Command: "cp " + shell.ShellWord(example) + " " + shell.ShellWord(file)}}
	}
	return []finding.Step{{Text: "Create " + file + ", and set " + names + " in it"}}
}

// noSecret judges, without any token, a place that the server surely reads and
// that is empty, holds the key, or is a fallback for a variable that was meant
// to be set under another name.
func noSecret(f *facts.Facts, w *facts.Value, ev []finding.Evidence) *finding.Cause {
	if facts.AuthDisabled(f) {
		return nil
	}
	k := sameKey(f, w.Fingerprint)
	if s := f.Site(); !f.Server.SecretKnown && (k == nil || s == nil || !twice(s) && !swappedNames(s)) {
		if k != nil && w.Kind == facts.KindFallback && !sourcesUnread(f) {
			c := keyAsSecret(f, w, k, ev)
			c.Certainty = finding.Likely // a shell may set the variable
			c.Summary = strings.Replace(c.Summary, "signs with", "would sign with", 1)
			return c
		}
		if w.Empty && w.Kind == facts.KindFallback { // process.env.NAME || '': nothing, said twice
			return nothingSet(f, secretName(f), ev)
		}
		return refusedFallback(f, w, ev)
	}
	if w.Empty {
		c := SecretMissing(f, ev)
		c.Certainty = finding.Likely // a shell may set it before the file is read
		if meantSecret(f, secretName(f)) == nil {
			c.Location = parts.Locate(w)
			c.Summary = facts.Where(w) + " sets " + orName(w) + " to nothing, so the backend would have no secret to sign with."
			c.Fix[0] = finding.Step{Text: parts.In(w) + "set " + orName(w) + " to your app's API secret (Dashboard › your app › App Access Keys)"}
		}
		return &c
	}
	if k != nil {
		c := keyAsSecret(f, w, k, ev)
		c.Summary = strings.Replace(c.Summary, "signs with", "would sign with", 1)
		return c
	}
	name := secretName(f)
	if m := meantSecret(f, name); w.Kind == facts.KindFallback && m != nil && m.how == meantRenamed && refusedFor(f, w) {
		return new(finding.New(causes.SecretFallback, finding.Proven,
			name+" isn't set, so the backend would sign with the fallback hard-coded in "+facts.Where(w)+". "+m.summary(f, name),
			parts.Locate(m.value), ev, m.step(f, name),
			finding.Step{Text: parts.In(w) + "remove the fallback, so that a missing secret fails at start"},
			parts.RestartStep(f)))
	}
	return refusedFallback(f, w, ev)
}

// foreign tells a variable that isn't Stream's by name, where another one is and
// holds a secret that Stream accepts, or that the dashboard shows. A corrupted
// copy of that secret is Stream's, no matter what its variable is called.
func foreign(f *facts.Facts, w *facts.Value, tr facts.Truth) bool {
	if d := w.VsDashboard; tr.Known && d != nil && len(d.Damages) > 0 {
		return false
	}
	return w.Name != "" && !names.SaysStream(w.Name) && w.Kind != facts.KindLiteral && w.Kind != facts.KindFallback && lost(f, w, tr) != nil
}

// wrongPair judges, without any token, an intact secret that Stream rejects for
// the key in use, where Stream accepts another one that the project has.
func wrongPair(f *facts.Facts, w *facts.Value, tr facts.Truth) *finding.Cause {
	if !f.Server.SecretKnown || facts.AuthDisabled(f) || !refusedFor(f, w) && !notTheDashboards(f, w, tr) {
		return nil
	}
	proof := append([]finding.Evidence{{Label: "secret the backend would read", Got: facts.Shown(w), Want: rightShown(f, tr), Source: facts.Where(w)}}, streamProof(f, w)...)
	if tr.Key == "" {
		tr.Key = facts.ClientKey(f)
	}
	c := misplaced(f, w, tr, proof)
	if c != nil {
		c.Summary = strings.Replace(c.Summary, "signs with", "would sign with", 1)
	}
	return c
}

// notTheDashboards tells a whole secret that isn't the one that the dashboard shows for the key in use. A corrupted
// copy of that one is something else, and so is what Stream said of either.
func notTheDashboards(f *facts.Facts, w *facts.Value, tr facts.Truth) bool {
	return tr.By == "dashboard" && tr.Key != "" && tr.Key == facts.ClientKey(f) && w.Kind != facts.KindConfig && facts.Cell(f, tr.Key, w.ID, false) == nil && wellFormedValue(w) &&
		!tr.Fps[w.Fingerprint] && (w.VsDashboard == nil || len(w.VsDashboard.Damages) == 0)
}

// wrongFile judges what the server would read if it were started now, without
// any signature: against the right secret where that is known, else by bytes
// that no secret has.
func wrongFile(f *facts.Facts, tr facts.Truth) *finding.Cause {
	return wrongValue(f, Wins(f), tr)
}

// wrongValue judges the bytes of one place.
func wrongValue(f *facts.Facts, w *facts.Value, tr facts.Truth) *finding.Cause {
	if w == nil || w.Empty || tr.Fps[w.Fingerprint] || facts.AuthDisabled(f) {
		return nil
	}
	ev := []finding.Evidence{{Label: "secret the backend would read", Got: facts.Shown(w), Want: rightShown(f, tr), Source: facts.Where(w)}}
	ev = append(ev, streamProof(f, w)...)
	switch d := w.VsDashboard; {
	case tr.Known && d != nil && len(d.Damages) > 0 && rightValue(f, tr) != nil:
		r := rightValue(f, tr)
		c := damageCause(f, &tokens.Hit{Candidate: r.ID, Damages: d.Damages, Positions: d.Positions, Length: w.Length, Signed: w.Fingerprint}, w, r)
		if c != nil { // there is no signature: comparing is the proof
			c.Location, c.Evidence = parts.Locate(w), ev
			c.Summary = "The secret in " + facts.Where(w) + " is " + strings.Replace(yours(d.Damages), "your secret", "your app's secret", 1) + ", so the signature won't match." + acceptedClean(f, w)
		}
		return c
	case w.Placeholder:
		return new(finding.New(causes.SecretPlaceholder, finding.Proven, "The secret in "+facts.Where(w)+" is still a placeholder.", parts.Locate(w), ev,
			finding.Step{Text: parts.In(w) + "replace the placeholder with your app's API secret (Dashboard › your app › App Access Keys)"}, parts.RestartStep(f)))
	}
	id, what, certainty := oddShape(w, f.Stream != nil && refusedFor(f, w))
	if id == "" {
		return nil
	}
	c := new(finding.New(id, certainty, "The secret in "+facts.Where(w)+" "+oddWords(w, what)+"; Stream secrets are 64 characters (a–z, 0–9)."+acceptedClean(f, w), parts.Locate(w), ev,
		finding.Step{Text: quotedStep(w, parts.EditStep(f, id, parts.Locate(w), w.Blemishes, false))}, parts.RestartStep(f)))
	if parts.Titled(c, w.Blemishes); certainty == finding.Likely && what == "" {
		c.Title = oddTitle(w)
	}
	return c
}

func rightValue(f *facts.Facts, tr facts.Truth) *facts.Value {
	for i := range f.Values {
		if v := &f.Values[i]; tr.Fps[v.Fingerprint] && v.What == facts.WhatSecret {
			return v
		}
	}
	return nil
}
