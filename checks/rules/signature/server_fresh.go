package signature

import (
	"fmt"
	"time"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/rules/parts"
	"badsig/tokens"
)

// staleCause is the case that the process started before the secret it should
// have read was changed. h is who signed, nil if no one was found. It is nil
// where the process is younger, or where either moment is unknown.
func staleCause(f *facts.Facts, tr facts.Truth, h *tokens.Hit, certainty finding.Certainty) *finding.Cause {
	s := f.Server
	changed, file := lastChange(f)
	if s == nil || s.Start.IsZero() || changed.IsZero() || !s.Start.Before(changed) {
		return nil
	}
	if w := Wins(f); w != nil && h != nil && byCode(f, h, w) {
		return nil
	}
	for _, l := range listeners(f) {
		if l.PID == s.PID && l.InsideKnown && !l.Inside {
			return nil
		}
	}
	ev := []finding.Evidence{
		{Label: "process started", Got: Clock(s.Start, f.At), Source: fmt.Sprintf("process %d", s.PID)},
		{Label: file + " changed", Got: Clock(changed, f.At), Want: "before the process started, " + parts.Moment(s.Start, f.At), Source: file},
	}
	if w := Wins(f); w != nil {
		got := facts.Shown(w)
		if tr.Known && tr.Fps[w.Fingerprint] {
			got += " (valid)"
		}
		e := finding.Evidence{Label: "secret after a restart", Got: got, Source: facts.Where(w)}
		if h != nil {
			ev = append(ev, finding.Evidence{Label: "secret in use", Got: fmt.Sprintf("%d characters #%s", h.Length, h.Signed), Want: facts.Shown(w), Source: fmt.Sprintf("process %d", s.PID)})
		}
		ev = append(ev, e)
	} else if h != nil {
		ev = append(ev, finding.Evidence{Label: "secret in use", Got: fmt.Sprintf("%d characters #%s", h.Length, h.Signed), Source: fmt.Sprintf("process %d", s.PID)})
	}
	loc := &finding.Location{File: file}
	if file == s.CodeFile {
		loc.Line = s.CodeLine
	}
	if w := Wins(f); w != nil && w.File == file {
		loc.Line = w.Line
	}
	if h == nil && file == s.CodeFile && changed.Equal(s.CodeChanged) { // what the change was isn't known
		return new(finding.New(causes.ServerStale, certainty, file+" was changed after the backend started, and the backend still runs the old code.", loc, ev,
			restartAfter(f, loc)).Titled("The backend is still running the old code"))
	}
	return new(finding.New(causes.ServerStale, certainty,
		fmt.Sprintf("%s was changed after the backend started, and the backend still signs with the old secret.", file),
		loc, ev,
		restartAfter(f, loc)))
}

// restartAfter restarts the backend, and says which line then takes effect.
func restartAfter(f *facts.Facts, loc *finding.Location) finding.Step {
	return finding.Step{Text: "Restart the backend, so that it reads " + parts.LineOf(loc.File, loc.Line), Command: facts.StartCommand(f)}
}

// staleSilent is the case that the backend gives no token, or an error that comes
// of its secret, although what it would read today is right: it hasn't read it yet.
func staleSilent(f *facts.Facts, tr facts.Truth) *finding.Cause {
	a := facts.MainAnswer(f)
	w := Wins(f)
	if a == nil || w == nil || !tr.Known || !tr.Fps[w.Fingerprint] || len(a.Tokens) > 0 || a.Status < 500 && a.Status/100 != 2 || !f.Server.SecretKnown {
		return nil
	}
	certainty := finding.Likely
	if quotesRejection(a) || SaysNoSecret(a) {
		certainty = finding.Proven
	} else if otherFailure.MatchString(Words(a)) {
		return nil
	}
	return staleCause(f, tr, nil, certainty)
}

// RestartMends is the case that what the server would read today is right, and
// was not there yet when the process started: no matter what it has instead (nothing,
// a placeholder, another line) is gone with a restart. h is who signed, nil
// where nothing was signed.
func RestartMends(f *facts.Facts, tr facts.Truth, h *tokens.Hit) *finding.Cause {
	w := Wins(f)
	if w == nil || w.Empty || w.Placeholder || f.Server == nil || !f.Server.SecretKnown || h != nil && w.Fingerprint == h.Signed {
		return nil
	}
	if tr.Known && !tr.Fps[w.Fingerprint] || !tr.Known && !wellFormedValue(w) {
		return nil
	}
	certainty := finding.Likely
	if tr.Known {
		certainty = finding.Proven
	}
	return staleCause(f, tr, h, certainty)
}

// byCode tells whether the code makes what signs out of what it reads today,
// at each start anew: its source says so, or no text of a file can be those bytes.
func byCode(f *facts.Facts, h *tokens.Hit, w *facts.Value) bool {
	if from := facts.ValueAt(f, h.Candidate); len(h.Damages) == 0 || from == nil || from.Fingerprint != w.Fingerprint {
		return false
	}
	return changedByCode(f) != nil || affix.Any(h.Damages, func(d string) bool { return affix.Contains(d, "-decoded") })
}

// lastChange is when the secret that the server reads was last changed, and in
// which file. Where the code could not be followed (another language), it is
// the newest of the server's env files that hold a secret.
func lastChange(f *facts.Facts) (time.Time, string) {
	s := f.Server
	switch {
	case s == nil:
		return time.Time{}, ""
	case !s.Start.IsZero() && s.Start.Before(s.CodeChanged) && !s.Start.Before(s.Changed):
		return s.CodeChanged, s.CodeFile // the files are older than the process, the code isn't
	case !s.Changed.IsZero() || s.Secret >= 0:
		return s.Changed, s.ChangedFile
	}
	var at time.Time
	file := ""
	for i := range f.Values {
		v := &f.Values[i]
		if v.What == facts.WhatSecret && v.Kind == facts.KindEnvFile && !v.Comment && v.Modified.After(at) &&
			(v.Role == facts.RoleServer || v.Role == facts.RoleShared || v.Role == facts.RoleUnknown) {
			at, file = v.Modified, v.File
		}
	}
	return at, file
}

// inherited finds the watcher that read the env file once and hands the old
// value on to every child it restarts: the child's environment then holds what
// no one exported in a shell.
func inherited(f *facts.Facts, v *facts.Value) *facts.Ancestor {
	if v == nil || (v.Kind != facts.KindProcess && v.Kind != facts.KindAncestor) {
		return nil
	}
	for _, l := range listeners(f) {
		for i := range l.Ancestors {
			if a := &l.Ancestors[i]; a.EnvFile != "" {
				return a
			}
		}
	}
	return nil
}

// staleByWatcher is the case that a parent (node --watch --env-file …) read the
// file before it was changed, and restarts its child with the old value.
func staleByWatcher(f *facts.Facts, tr facts.Truth, exact *facts.Value) *finding.Cause {
	a := inherited(f, exact)
	if a == nil || f.Project == nil {
		return nil
	}
	for _, e := range f.Project.EnvFiles {
		if e.Modified.IsZero() || a.Start.IsZero() || !a.Start.Before(e.Modified) || !loadedBy(a, e.File) {
			continue
		}
		for i := range f.Values {
			v := &f.Values[i]
			if v.File != e.File || v.Name != exact.Name || v.Fingerprint == exact.Fingerprint || v.Comment {
				continue
			}
			if tr.Known && !tr.Fps[v.Fingerprint] {
				continue
			}
			return new(finding.New(causes.ServerStale, finding.Proven,
				"The watcher loaded "+e.File+" when it started and passes the old secret to every restart. Stop the watcher itself and start it again.",
				parts.Locate(v), []finding.Evidence{
					{Label: "watcher started", Got: Clock(a.Start, f.At), Source: fmt.Sprintf("process %d %s", a.PID, a.Watcher)},
					{Label: e.File + " changed", Got: Clock(e.Modified, f.At), Want: "before the watcher started, " + parts.Moment(a.Start, f.At), Source: e.File},
					{Label: "secret passed to the server", Got: facts.Shown(exact), Want: facts.Shown(v), Source: facts.Where(exact)},
				},
				finding.Step{Text: "Stop the watcher itself (ctrl+c in its terminal) and start it again", Command: facts.StartCommand(f)}))
		}
	}
	return nil
}

// staleBySetting is the case that a file which gives the process its environment
// (compose, PM2, a script, a .env that a shell exports) was changed after the
// process had started with the old value. A file that the program loads by itself
// is none: there the environment wins, no matter what the file says.
func staleBySetting(f *facts.Facts, tr facts.Truth, exact *facts.Value) *finding.Cause {
	if exact == nil || exact.Kind != facts.KindProcess || exact.SetFile != "" || f.Server == nil || f.Server.Start.IsZero() {
		return nil
	}
	for i := range f.Values {
		v := &f.Values[i]
		switch {
		case v.Kind != facts.KindConfig && (v.Kind != facts.KindEnvFile || v.Loaded), v.Name != exact.Name, v.File == "", v.Comment:
			continue
		case v.Role == facts.RoleExample || v.Role == facts.RoleTest || v.Role == facts.RoleDocs || v.Role == facts.RoleOther || v.Role == facts.RoleFront:
			continue
		case v.Fingerprint == exact.Fingerprint || !v.Modified.After(f.Server.Start) || tr.Known && !tr.Fps[v.Fingerprint]:
			continue
		}
		return new(finding.New(causes.ServerStale, map[bool]finding.Certainty{true: finding.Proven, false: finding.Likely}[tr.Known],
			v.File+" was changed after the backend started: the backend still has the environment that it started with.",
			parts.Locate(v), []finding.Evidence{
				{Label: "process started", Got: Clock(f.Server.Start, f.At), Source: fmt.Sprintf("process %d", f.Server.PID)},
				{Label: v.File + " changed", Got: Clock(v.Modified, f.At), Want: "before the process started, " + parts.Moment(f.Server.Start, f.At), Source: v.File},
				{Label: "secret in use", Got: facts.Shown(exact), Want: facts.Shown(v), Source: facts.Where(exact)},
			},
			finding.Step{Text: "Recreate the process, so that it gets the environment of " + v.File + ": a plain restart by Compose or PM2 keeps the old one (docker compose up -d; pm2 restart --update-env)"},
			parts.RestartStep(f)))
	}
	return nil
}

func loadedBy(a *facts.Ancestor, file string) bool {
	return facts.BaseName(a.EnvFile) == facts.BaseName(file)
}

func listeners(f *facts.Facts) []facts.Listener {
	if f.Process == nil {
		return nil
	}
	return f.Process.Listeners
}

// Clock is a moment, and how far from the check it was: "14:03:12, 66 s before
// this check". It stays true on a screen that is looked at an hour later.
func Clock(t, now time.Time) string {
	switch {
	case t.IsZero():
		return "unknown"
	case t.After(now):
		return parts.Moment(t, now) + ", " + facts.Span(t.Sub(now)) + " after this check"
	}
	return parts.Moment(t, now) + ", " + facts.Span(now.Sub(t)) + " before this check"
}

// ServerFresh: the process is younger than the last change of the secret it reads.
func ServerFresh(f *facts.Facts) finding.Result {
	if f.Server == nil || f.Server.Start.IsZero() {
		return finding.Unsure("couldn't determine when the backend started")
	}
	s := f.Server
	ev := []finding.Evidence{{Label: "started", Got: Clock(s.Start, f.At), Source: fmt.Sprintf("process %d", s.PID)}}
	changed, file := lastChange(f)
	if !changed.IsZero() {
		ev = append(ev, finding.Evidence{Label: "changed", Got: Clock(changed, f.At), Source: file})
	}
	j := JudgeSecret(f)
	if c := staleSilent(f, j.tr); c != nil && len(j.Causes) == 0 {
		return finding.Found(c.Summary, ev, *c)
	}
	for _, c := range j.Causes {
		if c.ID == causes.ServerStale {
			return finding.Found(c.Summary, ev, c)
		}
	}
	switch {
	case changed.IsZero():
		return finding.Passed("no file that it reads is newer", ev...)
	case s.Start.Before(changed) && j.Status == finding.Pass:
		return finding.Passed(file+" is newer, but its secret is the one in use", ev...)
	case s.Start.Before(changed) && (j.Status == finding.Fail || j.Status == finding.Warn):
		return finding.Passed(file+" is newer, but isn't the cause", ev...)
	case s.Start.Before(changed):
		if w := Wins(f); w != nil && j.token != nil {
			if h := facts.BestHit(f, j.token); h != nil && h.Signed == w.Fingerprint {
				return finding.Passed(file+" is newer, but its secret is the one in use", ev...)
			}
		}
		return finding.Unsure(file+" is newer than the process; couldn't determine whether its secret changed", ev...)
	}
	return finding.Passed(fmt.Sprintf("started %s; %s changed %s before that",
		s.Start.Local().Format("15:04:05"), facts.First(file, "what it reads"), facts.Span(s.Start.Sub(changed))), ev...)
}
