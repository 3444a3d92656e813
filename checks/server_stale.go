package checks

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"badsig/checks/causes"
	"badsig/checks/probe"
	"badsig/tokens"
)

// staleCause is the case that the process started before the secret it should
// have read was changed. h is who signed, nil if nobody was found. It is nil
// where the process is younger, or where either moment is unknown.
func staleCause(f *probe.Facts, tr truth, h *tokens.Hit, certainty Certainty) *Cause {
	s := f.Server
	changed, file := lastChange(f)
	if s == nil || s.Start.IsZero() || changed.IsZero() || !s.Start.Before(changed) {
		return nil
	}
	if w := wins(f); w != nil && h != nil && byCode(f, h, w) {
		return nil
	}
	for _, l := range listeners(f) {
		if l.PID == s.PID && l.InsideKnown && !l.Inside {
			return nil
		}
	}
	ev := []Evidence{
		{Label: "process started", Got: clock(s.Start, f.At), Source: fmt.Sprintf("process %d", s.PID)},
		{Label: file + " changed", Got: clock(changed, f.At), Want: "before the process started", Source: file},
	}
	if w := wins(f); w != nil {
		got := shown(w)
		if tr.known && tr.fps[w.Fingerprint] {
			got += " (valid)"
		}
		e := Evidence{Label: "secret after a restart", Got: got, Source: place(w)}
		if h != nil {
			ev = append(ev, Evidence{Label: "secret in use", Got: fmt.Sprintf("%d characters #%s", h.Length, h.Signed), Want: shown(w), Source: fmt.Sprintf("process %d", s.PID)})
		}
		ev = append(ev, e)
	} else if h != nil {
		ev = append(ev, Evidence{Label: "secret in use", Got: fmt.Sprintf("%d characters #%s", h.Length, h.Signed), Source: fmt.Sprintf("process %d", s.PID)})
	}
	loc := &Location{File: file}
	if file == s.CodeFile {
		loc.Line = s.CodeLine
	}
	if w := wins(f); w != nil && w.File == file {
		loc.Line = w.Line
	}
	return new(cause(causes.ServerStale, certainty,
		fmt.Sprintf("%s was changed after the backend started, and the backend still signs with the old secret.", file),
		loc, ev,
		restartAfter(f, loc)))
}

// restartAfter restarts the backend, and says which line then takes effect.
func restartAfter(f *probe.Facts, loc *Location) Step {
	return Step{Text: "Restart the backend, so that it reads " + lineOf(loc.File, loc.Line), Command: startCommand(f)}
}

// staleSilent is the case that the backend gives no token, or an error that comes
// of its secret, although what it would read today is right: it hasn't read it yet.
func staleSilent(f *probe.Facts, tr truth) *Cause {
	a := mainAnswer(f)
	w := wins(f)
	if a == nil || w == nil || !tr.known || !tr.fps[w.Fingerprint] || len(a.Tokens) > 0 || a.Status < 500 && a.Status/100 != 2 || !f.Server.SecretKnown {
		return nil
	}
	certainty := Likely
	if quotesRejection(a) || saysNoSecret(a) {
		certainty = Proven
	} else if otherFailure.MatchString(words(a)) {
		return nil
	}
	return staleCause(f, tr, nil, certainty)
}

// restartMends is the case that what the server would read today is right, and
// was not there yet when the process started: whatever it has instead (nothing,
// a placeholder, another line) is gone with a restart. h is who signed, nil
// where nothing was signed.
func restartMends(f *probe.Facts, tr truth, h *tokens.Hit) *Cause {
	w := wins(f)
	if w == nil || w.Empty || w.Placeholder || f.Server == nil || !f.Server.SecretKnown || h != nil && w.Fingerprint == h.Signed {
		return nil
	}
	if tr.known && !tr.fps[w.Fingerprint] || !tr.known && !wellFormedValue(w) {
		return nil
	}
	certainty := Likely
	if tr.known {
		certainty = Proven
	}
	return staleCause(f, tr, h, certainty)
}

// byCode tells whether the code makes what signs out of what it reads today,
// at each start anew: its source says so, or no text of a file can be those bytes.
func byCode(f *probe.Facts, h *tokens.Hit, w *probe.Value) bool {
	if from := valueAt(f, h.Candidate); len(h.Damages) == 0 || from == nil || from.Fingerprint != w.Fingerprint {
		return false
	}
	return changedByCode(f) != nil || slices.ContainsFunc(h.Damages, func(d string) bool { return strings.Contains(d, "-decoded") })
}

// lastChange is when the secret that the server reads was last changed, and in
// which file. Where the code could not be followed (another language), it is
// the newest of the server's env files that hold a secret.
func lastChange(f *probe.Facts) (time.Time, string) {
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
		if v.What == probe.WhatSecret && v.Kind == probe.KindEnvFile && !v.Comment && v.Modified.After(at) &&
			(v.Role == probe.RoleServer || v.Role == probe.RoleShared || v.Role == probe.RoleUnknown) {
			at, file = v.Modified, v.File
		}
	}
	return at, file
}

// inherited finds the watcher that read the env file once and hands the old
// value on to every child it restarts: the child's environment then holds what
// nobody exported in a shell.
func inherited(f *probe.Facts, v *probe.Value) *probe.Ancestor {
	if v == nil || (v.Kind != probe.KindProcess && v.Kind != probe.KindAncestor) {
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
func staleByWatcher(f *probe.Facts, tr truth, exact *probe.Value) *Cause {
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
			if tr.known && !tr.fps[v.Fingerprint] {
				continue
			}
			return new(cause(causes.ServerStale, Proven,
				"The watcher loaded "+e.File+" when it started and passes the old secret to every restart. Stop the watcher itself and start it again.",
				locate(v), []Evidence{
					{Label: "watcher started", Got: clock(a.Start, f.At), Source: fmt.Sprintf("process %d %s", a.PID, a.Watcher)},
					{Label: e.File + " changed", Got: clock(e.Modified, f.At), Want: "before the watcher started", Source: e.File},
					{Label: "secret passed to the server", Got: shown(exact), Want: shown(v), Source: place(exact)},
				},
				Step{Text: "Stop the watcher itself (ctrl+c in its terminal) and start it again", Command: startCommand(f)}))
		}
	}
	return nil
}

// staleBySetting is the case that a file which gives the process its environment
// (compose, PM2, a script, a .env that a shell exports) was changed after the
// process had started with the old value. A file that the program loads by itself
// is none: there the environment wins, whatever the file says.
func staleBySetting(f *probe.Facts, tr truth, exact *probe.Value) *Cause {
	if exact == nil || exact.Kind != probe.KindProcess || exact.SetFile != "" || f.Server == nil || f.Server.Start.IsZero() {
		return nil
	}
	for i := range f.Values {
		v := &f.Values[i]
		switch {
		case v.Kind != probe.KindConfig && (v.Kind != probe.KindEnvFile || v.Loaded), v.Name != exact.Name, v.File == "", v.Comment:
			continue
		case v.Role == probe.RoleExample || v.Role == probe.RoleTest || v.Role == probe.RoleDocs || v.Role == probe.RoleOther || v.Role == probe.RoleFront:
			continue
		case v.Fingerprint == exact.Fingerprint || !v.Modified.After(f.Server.Start) || tr.known && !tr.fps[v.Fingerprint]:
			continue
		}
		return new(cause(causes.ServerStale, map[bool]Certainty{true: Proven, false: Likely}[tr.known],
			v.File+" was changed after the backend started: the backend still has the environment that it started with.",
			locate(v), []Evidence{
				{Label: "process started", Got: clock(f.Server.Start, f.At), Source: fmt.Sprintf("process %d", f.Server.PID)},
				{Label: v.File + " changed", Got: clock(v.Modified, f.At), Want: "before the process started", Source: v.File},
				{Label: "secret in use", Got: shown(exact), Want: shown(v), Source: place(exact)},
			},
			Step{Text: "Recreate the process, so that it gets the environment of " + v.File + ": a plain restart by Compose or PM2 keeps the old one (docker compose up -d; pm2 restart --update-env)"},
			restartStep(f)))
	}
	return nil
}

func loadedBy(a *probe.Ancestor, file string) bool { return baseName(a.EnvFile) == baseName(file) }

func listeners(f *probe.Facts) []probe.Listener {
	if f.Process == nil {
		return nil
	}
	return f.Process.Listeners
}

// clock is a moment of the near past: "14:03:12, 66 s ago".
func clock(t, now time.Time) string {
	switch {
	case t.IsZero():
		return "unknown"
	case t.After(now):
		return t.Local().Format("15:04:05") + ", " + span(t.Sub(now)) + " ahead"
	case now.Sub(t) >= 20*time.Hour: // the hour alone says too little
		return stamp(t) + ", " + span(now.Sub(t)) + " ago"
	}
	return t.Local().Format("15:04:05") + ", " + span(now.Sub(t)) + " ago"
}

// ruleServerFresh: the process is younger than the last change of the secret it reads.
func ruleServerFresh(f *probe.Facts) Result {
	if f.Server == nil || f.Server.Start.IsZero() {
		return unsure("couldn't determine when the backend started")
	}
	s := f.Server
	ev := []Evidence{{Label: "started", Got: clock(s.Start, f.At), Source: fmt.Sprintf("process %d", s.PID)}}
	changed, file := lastChange(f)
	if !changed.IsZero() {
		ev = append(ev, Evidence{Label: "changed", Got: clock(changed, f.At), Source: file})
	}
	j := judgeSecret(f)
	if c := staleSilent(f, j.tr); c != nil && len(j.Causes) == 0 {
		return found(c.Summary, ev, *c)
	}
	for _, c := range j.Causes {
		if c.ID == causes.ServerStale {
			return found(c.Summary, ev, c)
		}
	}
	switch {
	case changed.IsZero():
		return passed("no file that it reads is newer", ev...)
	case s.Start.Before(changed) && j.Status == Pass:
		return passed(file+" is newer, but its secret is the one in use", ev...)
	case s.Start.Before(changed) && (j.Status == Fail || j.Status == Warn):
		return passed(file+" is newer, but isn't the cause", ev...)
	case s.Start.Before(changed):
		if w := wins(f); w != nil && j.token != nil {
			if h := bestHit(f, j.token); h != nil && h.Signed == w.Fingerprint {
				return passed(file+" is newer, but its secret is the one in use", ev...)
			}
		}
		return unsure(file+" is newer than the process; couldn't determine whether its secret changed", ev...)
	}
	return passed(fmt.Sprintf("started %s; %s changed %s before that",
		s.Start.Local().Format("15:04:05"), cmp.Or(file, "what it reads"), span(s.Start.Sub(changed))), ev...)
}
