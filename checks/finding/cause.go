package finding

import (
	"slices"
	"unicode/utf8"

	"badsig/checks/causes"
)

// New makes every finding. Title, severity and hop come from the page; summary
// says in one or two plain sentences why the token fails because of it and how
// that was proven. loc may be nil.
func New(id causes.ID, c Certainty, summary string, loc *Location, ev []Evidence, fix ...Step) Cause {
	p, _ := causes.PageOf(id)
	if ev == nil {
		ev = []Evidence{}
	}
	ev = slices.Compact(ev)
	if fix == nil {
		fix = []Step{}
	}
	return Cause{
		ID: id, Severity: p.Severity, Certainty: c, Title: p.Title, Hop: p.Hop,
		Summary: summary, Location: loc, Evidence: ev, Fix: fix,
	}
}

// titleMost is the most characters of a title: it fits the verdict at 80 columns, with "1 of 3" after it.
const titleMost = 58

// Titled gives a cause the title that names what exactly is wrong, where it fits.
//
//go:noinline
func (c Cause) Titled(title string) Cause {
	if utf8.RuneCountInString(title) <= titleMost {
		c.Title = title
	}
	return c
}

// Lesser turns an error into a warning: what was seen points to the cause, but
// the browser may not be affected by it.
func Lesser(c Cause) Cause {
	c.Severity = causes.Warning
	return c
}
