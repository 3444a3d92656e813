package rules

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"badsig/checks/facts"
	"badsig/checks/finding"
)

// Rules of this file: what every rule says in the same way.

// whyNot says why a probe's facts are missing.
func whyNot(f *facts.Facts, n facts.Name, what string) string {
	if e := f.Errors[n]; e != "" {
		return what + ": " + e
	}
	return what
}

// mintsAt is where the source makes the token: the signing call, else the
// route; nil where that is not known.
func mintsAt(f *facts.Facts) *finding.Location {
	if s := f.Site(); s != nil {
		return finding.LocAt(s.File, s.Line)
	}
	return handlerAt(f)
}

// handlerAt is where the route of the token request is; nil where that is not known.
func handlerAt(f *facts.Facts) *finding.Location {
	if e := f.Entry(); e != nil {
		return finding.LocAt(e.File, e.Line)
	}
	c := facts.CodeOf(f)
	if c == nil {
		return nil
	}
	for _, r := range c.Routes {
		if facts.PathFits(r.Path, pathOf(f.Target.URL)) {
			return finding.LocAt(r.File, r.Line)
		}
	}
	return finding.LocAt(c.File, c.Line)
}

// startStep and restartStep are the last step of most fixes.
func startStep(f *facts.Facts) finding.Step {
	return finding.Step{Text: "Start the backend", Command: facts.StartCommand(f)}
}

func restartStep(f *facts.Facts) finding.Step {
	return finding.Step{Text: "Stop the backend and start it again", Command: facts.StartCommand(f)}
}

// clearStep fixes what is wrong in one browser only.
var clearStep = finding.Step{Text: "In the browser, clear the stored tokens (DevTools → Application → Storage → Clear site data), and sign in again"}

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
func answerLine(a *facts.Answer) string {
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
