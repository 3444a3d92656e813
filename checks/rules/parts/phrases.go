package parts

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/finding"
)

// Rules of this file: what every rule says in the same way.

// WhyNot says why a probe's facts are missing.
func WhyNot(f *facts.Facts, n facts.Name, what string) string {
	if e := f.Errors[n]; e != "" {
		return what + ": " + e
	}
	return what
}

// MintsAt is where the source makes the token: the signing call, else the
// route; nil where that is not known.
func MintsAt(f *facts.Facts) *finding.Location {
	if s := f.Site(); s != nil {
		return finding.LocAt(s.File, s.Line)
	}
	return HandlerAt(f)
}

// HandlerAt is where the route of the token request is; nil where that is not known.
func HandlerAt(f *facts.Facts) *finding.Location {
	if e := f.Entry(); e != nil {
		return finding.LocAt(e.File, e.Line)
	}
	c := facts.CodeOf(f)
	if c == nil {
		return nil
	}
	for _, r := range c.Routes {
		if facts.PathFits(r.Path, PathOf(f.Target.URL)) {
			return finding.LocAt(r.File, r.Line)
		}
	}
	return finding.LocAt(c.File, c.Line)
}

// StartStep and restartStep are the last step of most fixes.
//
//go:noinline
func StartStep(f *facts.Facts) finding.Step {
	return finding.Step{Text: "Start the backend", Command: facts.StartCommand(f)}
}

//go:noinline
func RestartStep(f *facts.Facts) finding.Step {
	return finding.Step{Text: "Stop the backend and start it again", Command: facts.StartCommand(f)}
}

// ClearStep fixes what is wrong in one browser only.
var ClearStep = finding.Step{Text: "In the browser, clear the stored tokens (DevTools → Application → Storage → Clear site data), and sign in again"}

// Moment is a point in time by the clock, with the day where the hour alone says too little.
func Moment(t, now time.Time) string {
	if now.Sub(t).Abs() >= 20*time.Hour {
		return facts.Stamp(t)
	}
	return t.Local().Format("15:04:05")
}

// AnswerLine is a response in a few words: "404, text/html: Cannot POST /token".
func AnswerLine(a *facts.Answer) string {
	if a.Status == 0 {
		return cmp.Or(a.Detail, cmp.Or(a.Error, "no response"))
	}
	s := fmt.Sprint(a.Status)
	if t, _, _ := affix.Cut(a.Header["Content-Type"], ";"); t != "" {
		s += ", " + t
	}
	if len(a.Tokens) > 0 {
		return s + ", with a token"
	}
	if a.Begin != "" {
		s += ": " + Clip(a.Begin, 120)
	}
	return s
}

// Clip shortens a string to one line of evidence.
func Clip(s string, n int) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}
