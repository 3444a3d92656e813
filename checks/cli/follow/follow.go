// Package follow tells in lines how a project's state changes from one run of
// the checks to the next: what broke, what was fixed, what was restarted.
package follow

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"badsig/checks"
	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/finding"
)

// Rules of this package:
//   - a line begins with the time, then a sign; a place has the form that editors read: FILE:LINE: error: TITLE [CAUSE]
//   - a warning that isn't a cause is told once
//   - "fixed" needs the check that failed to have passed: a backend that was stopped has fixed nothing
//   - it's data in, lines out; nothing is printed or watched here

// Line is one line; Good and Bad say how to stress it.
type Line struct {
	Text      string
	Good, Bad bool
}

// Story is what was told so far.
type Story struct {
	last *checks.Report
	open []problemOpen
}

// problemOpen is a cause that was told and isn't known to be fixed: the check
// that failed has not passed since, no matter what else was found in the meantime.
type problemOpen struct {
	cause finding.Cause
	check finding.ID
}

// Again is the line at the begin of a run, and why there is one.
func (s *Story) Again(now time.Time, url, why string) Line {
	if s.last == nil {
		if url == "" {
			url = "the project"
		}
		return Line{Text: stamp(now) + "… checking " + url}
	}
	return Line{Text: stamp(now) + "… checking again: " + why}
}

// Tell gives the lines for a finished run.
func (s *Story) Tell(now time.Time, r *checks.Report) []Line {
	before := s.last
	s.last = r
	var out []Line
	say := func(l Line) { l.Text = stamp(now) + l.Text; out = append(out, l) }
	if before != nil {
		for _, text := range restarts(before.Facts, r.Facts) {
			say(Line{Text: "↻ " + text})
		}
		for _, c := range s.fixed(r) {
			say(Line{Text: fmt.Sprintf("✓ fixed: %s [%s]", c.Title, c.ID), Good: true})
		}
	}
	for i := range r.Causes {
		c := &r.Causes[i]
		fresh := s.told(r, c)
		if fresh && before != nil {
			say(Line{Text: fmt.Sprintf("✗ broke: %s [%s]", c.Title, c.ID), Bad: true})
		}
		say(Line{Text: "  " + problem(c)})
		if i == 0 && (fresh || before.Root() == nil || before.Root().ID != c.ID) {
			for _, step := range c.Fix {
				say(Line{Text: "  fix: " + step.Text})
				if step.Command != "" {
					say(Line{Text: "       $ " + step.Command})
				}
			}
		}
	}
	for _, res := range r.Checks {
		if res.Status == finding.Warn && res.Cause == "" && !warned(before, &res) {
			say(Line{Text: "  warning: " + res.Summary})
		}
	}
	say(Line{Text: r.Headline(), Good: r.Verdict == checks.Accepted, Bad: r.Verdict == checks.Rejected})
	return out
}

// warned reports whether a check gave the same warning before.
func warned(r *checks.Report, now *finding.Result) bool {
	return r != nil && slices.ContainsFunc(r.Checks, func(res finding.Result) bool {
		return res.ID == now.ID && res.Status == finding.Warn && res.Summary == now.Summary
	})
}

// fixed lists the causes that are gone since their check passed, and forgets them.
func (s *Story) fixed(r *checks.Report) (gone []finding.Cause) {
	s.open = affix.Without(s.open, func(o problemOpen) bool {
		fixed := !r.Names(o.cause.ID) && r.Passed(o.check)
		if fixed {
			gone = append(gone, o.cause)
		}
		return fixed
	})
	return gone
}

// told notes a cause as open, and reports whether it is new.
func (s *Story) told(r *checks.Report, c *finding.Cause) bool {
	now := problemOpen{cause: *c, check: r.FailedFor(c)}
	if i := slices.IndexFunc(s.open, func(o problemOpen) bool { return o.cause.ID == c.ID }); i >= 0 {
		if now.check == "" {
			now.check = s.open[i].check
		}
		s.open[i] = now
		return false
	}
	s.open = append(s.open, now)
	return true
}

//go:noinline
func stamp(now time.Time) string { return now.Format("15:04:05") + " " }

// problem is a cause as editors read it.
func problem(c *finding.Cause) string {
	text := fmt.Sprintf("%s: %s [%s]", c.Severity, c.Title, c.ID)
	if c.Location == nil {
		return text
	}
	return c.Location.String() + ": " + text
}

// restarts tells what happened to the process on the port.
func restarts(before, now *facts.Facts) []string {
	a, b := listens(before), listens(now)
	switch {
	case a == nil || b == nil || slices.Equal(pids(a), pids(b)):
		return nil
	case len(b) == 0:
		return []string{"the backend stopped listening"}
	case len(a) == 0:
		return []string{"the backend started: " + named(b)}
	}
	return []string{"the backend restarted: " + named(b)}
}

// listens lists who listens; nil where that isn't known.
func listens(f *facts.Facts) []facts.Listener {
	if f == nil || f.Process == nil || !f.Process.Known {
		return nil
	}
	return append([]facts.Listener{}, f.Process.Listeners...)
}

func pids(ls []facts.Listener) []string {
	var out []string
	for _, l := range ls {
		out = append(out, fmt.Sprint(l.PID, " ", l.Start.Unix()))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func named(ls []facts.Listener) string {
	l := ls[0]
	name := facts.BaseName(l.Name)
	if l.Name == "" {
		name = l.Program()
	}
	if l.PID == 0 {
		return name
	}
	return fmt.Sprintf("%s, pid %d", name, l.PID)
}

// Changed says which files changed, as the reason of a run.
func Changed(dir string, files []string, rel func(dir, file string) string) string {
	var names []string
	for _, f := range files {
		if f == "" {
			continue
		}
		if n := rel(dir, f); !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	switch {
	case len(names) == 0:
		return "files changed"
	case len(names) > 3:
		return fmt.Sprintf("%s and %d other files changed", names[0], len(names)-1)
	}
	return strings.Join(names, ", ") + " changed"
}
