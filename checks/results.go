package checks

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"badsig/checks/causes"
	"badsig/checks/probe"
)

// Rules of this file: what every rule says in the same way.

// passed is the result of a check that found nothing wrong.
func passed(summary string, ev ...Evidence) Result {
	return Result{Status: Pass, Summary: summary, Evidence: ev}
}

// unsure is the result of a check that couldn't be determined.
func unsure(summary string, ev ...Evidence) Result {
	return Result{Status: Unknown, Summary: summary, Evidence: ev}
}

// found is the result of a check with causes: fail if one of them is an error,
// otherwise warn. Without causes it passes.
func found(summary string, ev []Evidence, all ...Cause) Result {
	r := Result{Status: Pass, Summary: summary, Evidence: ev, Causes: all}
	for _, c := range all {
		if c.Severity == causes.Error {
			r.Status = Fail
		} else if r.Status == Pass {
			r.Status = Warn
		}
	}
	if len(all) > 0 {
		r.Cause = all[0].ID
	}
	return r
}

// whyNot says why a probe's facts are missing.
func whyNot(f *probe.Facts, n probe.Name, what string) string {
	if e := f.Errors[n]; e != "" {
		return what + ": " + e
	}
	return what
}

// sourceLoc reads "file:line" as a Location; nil for flag, default and guess.
func sourceLoc(source string) *Location {
	at := strings.LastIndexByte(source, ':')
	if at <= 0 {
		return nil
	}
	line, err := strconv.Atoi(source[at+1:])
	if err != nil || line <= 0 {
		return nil
	}
	return &Location{File: source[:at], Line: line}
}

// locAt is a Location, nil where there is no file.
func locAt(file string, line int) *Location {
	if file == "" {
		return nil
	}
	return &Location{File: file, Line: line}
}

// String prints a Location as "file:line".
func (l *Location) String() string {
	if l == nil {
		return ""
	}
	return at(l.File, l.Line)
}

// serverCode is the source that mints the token: the one the runtime was
// resolved to, else the only one; nil where there is none, or where several
// are and none is known to have been asked.
func serverCode(f *probe.Facts) *probe.ServerCode { return f.ServerCode() }

// mintsAt is where the source makes the token: the signing call, else the
// route; nil where that is not known.
func mintsAt(f *probe.Facts) *Location {
	if s := f.Site(); s != nil {
		return locAt(s.File, s.Line)
	}
	return handlerAt(f)
}

// handlerAt is where the route of the token request is; nil where that is not known.
func handlerAt(f *probe.Facts) *Location {
	if e := f.Entry(); e != nil {
		return locAt(e.File, e.Line)
	}
	c := serverCode(f)
	if c == nil {
		return nil
	}
	for _, r := range c.Routes {
		if probe.PathFits(r.Path, pathOf(f.Target.URL)) {
			return locAt(r.File, r.Line)
		}
	}
	return locAt(c.File, c.Line)
}

// startCommand is how to start the backend, to type from the project's
// folder; "" where nothing tells.
func startCommand(f *probe.Facts) string {
	if f.Server != nil && f.Server.Command != "" {
		return f.Server.Command
	}
	c := serverCode(f)
	if c == nil || c.Start == "" {
		return ""
	}
	return probe.ShellIn(c.Dir, c.Start)
}

// startStep and restartStep are the last step of most fixes.
func startStep(f *probe.Facts) Step {
	return Step{Text: "Start the backend", Command: startCommand(f)}
}

func restartStep(f *probe.Facts) Step {
	return Step{Text: "Stop the backend and start it again", Command: startCommand(f)}
}

// clearStep fixes what is wrong in one browser only.
var clearStep = Step{Text: "In the browser, clear the stored tokens (DevTools → Application → Storage → Clear site data), and sign in again"}

// span prints a duration the way people say it: 0.4 s, 12 s, 3 min, 2 h, 5 days.
func span(d time.Duration) string {
	if d < 0 {
		d = -d
	}
	switch {
	case d < 10*time.Second:
		return strconv.FormatFloat(d.Seconds(), 'f', 1, 64) + " s"
	case d < 2*time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()))
	case d < 2*time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h", int(d.Hours()))
	case d < 2*365*24*time.Hour:
		return fmt.Sprintf("%d days", int(d.Hours()/24))
	}
	return fmt.Sprintf("%d years", int(d.Hours()/24/365))
}

// answerLine is a response in a few words: "404, text/html: Cannot POST /token".
func answerLine(a *probe.Answer) string {
	if a.Status == 0 {
		return cmp.Or(a.Detail, cmp.Or(a.Error, "no response"))
	}
	s := fmt.Sprint(a.Status)
	if t, _, _ := strings.Cut(a.Header["Content-Type"], ";"); t != "" {
		s += ", " + t
	}
	if len(a.Tokens) > 0 {
		return s + ", with a token"
	}
	if a.Begin != "" {
		s += ": " + clip(a.Begin, 120)
	}
	return s
}

// clip shortens a string to one line of evidence.
func clip(s string, n int) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}
