package ui

import (
	"sort"
	"time"

	"badsig/checks"
	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/finding"
)

// Rules of this file: a cause is fixed when the check that failed for it passes, however many runs later; not when another cause hides it.

// turning is what changed from one finished run to the next.
type turning struct {
	fixed  causes.ID // the root cause whose check passes now
	title  string
	broken causes.ID // a root cause that is new
}

// owed is a root cause that has not been seen fixed.
type owed struct {
	id     causes.ID
	title  string
	failed finding.ID // the check that has to pass
	brief  bool       // it was there for moments, while a backend stopped or started
}

// ledger is what was wrong and what has been fixed since the console was opened.
type ledger struct {
	since time.Time // since when the root cause is the present one
	open  []owed    // the root causes of earlier runs whose checks have not passed since
	fixed []owed    // those whose checks have
	undid bool      // an edit was undone since the last run: what is gone with it isn't fixed
}

// owes notes a root cause that gave way to another one, or to none.
func (l *ledger) owes(o owed) {
	l.open = append(affix.Without(l.open, func(p owed) bool { return p.id == o.id }), o)
}

// settle removes those whose checks passed. What the backend's own restart fixed
// (it listens again) comes last: the user fixed something else.
func (l *ledger) settle(r *checks.Report) []owed {
	var done, left []owed
	for _, o := range l.open {
		if r.Names(o.id) || !r.Passed(o.failed) {
			left = append(left, o)
			continue
		}
		done = append(done, o)
	}
	sort.SliceStable(done, func(i, j int) bool { return passing(done[i].id) < passing(done[j].id) })
	l.open = left
	for _, o := range done {
		l.fixed = append(affix.Without(l.fixed, func(p owed) bool { return p.id == o.id }), o)
	}
	return done
}

// briefly is how long a cause may be one that a restart brings along.
const briefly = 5 * time.Second

// passing is 1 for what a restart brings along, and ends with it.
func passing(id causes.ID) int {
	if id == causes.ServerDown || id == causes.ServerStale {
		return 1
	}
	return 0
}

// fixedLines are what was fixed since the console was opened, and what is left to do.
func (p *wrong) fixed(s *session, w int) []string {
	var out []string
	th := s.th
	lead := func(name string) string { return th.Dim.Paint(pad(name, leadWidth)) }
	for _, o := range s.past.fixed {
		if (o.brief || passing(o.id) > 0) && len(s.past.fixed) > 1 {
			continue
		}
		name := "Fixed"
		if len(out) > 0 {
			name = ""
		}
		out = append(out, hang(lead(name), clean(o.title), w)...)
	}
	if len(out) == 0 {
		return nil
	}
	return append(append(out, hang(lead("Next"), "Reload the page in the browser: it gets a token that Stream accepts.", w)...), "")
}
