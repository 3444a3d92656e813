package checks

import (
	"cmp"
	"slices"
	"strings"

	"badsig/checks/causes"
	"badsig/checks/probe"
)

// Rules of this file:
//   - an error rests on links, each with how well it is known; with one that badsig assumed there is no error
//   - what is left instead is unknown, and names the missing link and what supplies it
//   - a cause that says nothing of what it rests on is no error either

// Link is one thing that a finding rests on.
type Link struct {
	What  string // "the request's body", to be read after "badsig doesn't know"
	Known probe.Known
	Next  []Step // how the missing link is supplied: a flag, a key of the console
}

// seen is a link that needs no words: bytes, a response, a process.
var seen = Link{Known: probe.IsSeen}

// Links is the chain of an error.
type Links []Link

// missing is the first link that badsig only assumed; nil where all are sure.
// An empty chain proves nothing.
func (ls Links) missing() *Link {
	if len(ls) == 0 {
		return &Link{What: "what this rests on", Known: probe.IsAssumed}
	}
	for i := range ls {
		if !ls[i].Known.Sure() {
			return &ls[i]
		}
	}
	return nil
}

// accuse makes an error of a finding whose links are all sure. Where one is
// assumed, ok is false: there is no error, and missing says what is not known.
func accuse(c Cause, links Links) (proven Cause, missing *Link, ok bool) {
	if c.Severity != Error {
		return c, nil, true
	}
	if missing := links.missing(); missing != nil {
		return Cause{}, missing, false
	}
	c.proven = true
	return c, nil, true
}

// on adds links to a finding, beside those that every finding of its kind rests on.
func (c Cause) on(links ...Link) Cause {
	c.links = append(slices.Clone(c.links), links...)
	return c
}

// honest keeps of a result's errors those whose links are all sure. What is
// taken out makes the result unknown, with the missing link in its words.
func honest(f *probe.Facts, r Result) Result {
	var kept []Cause
	var open []*Link
	for _, c := range r.Causes {
		proven, missing, ok := accuse(c, chainOf(f, c))
		switch {
		case ok:
			kept = append(kept, proven)
			continue
		case c.ID == causes.EndpointAuth: // that it wants a login was seen; whether the browser has one was not
			c = lesser(c)
			c.Certainty, c.Fix = Likely, missing.Next
			kept = append(kept, c)
		}
		open = append(open, missing)
	}
	if len(open) == 0 {
		if r.Causes = kept; len(kept) == 0 {
			r.Causes = nil
		}
		return r
	}
	r.Causes, r.Cause, r.Status = kept, "", Unknown
	for _, c := range kept {
		if c.Severity == Error {
			r.Status = Fail
		}
		r.Cause = cmp.Or(r.Cause, c.ID)
	}
	if r.Status == Unknown {
		r.Summary = unknownSummary(r.Summary, open[0])
		r.Next = append(r.Next, open[0].Next...)
	}
	return r
}

// chainOf is what a finding rests on.
func chainOf(f *probe.Facts, c Cause) Links {
	if c.source {
		return c.links
	}
	return append(restsOn(f, c.ID), c.links...)
}

// unknownSummary says what was seen, what is not known and how to supply it.
func unknownSummary(seen string, l *Link) string {
	text := strings.TrimRight(seen, ". ")
	if text != "" {
		text += ". "
	}
	text += "badsig doesn't know " + l.What
	for i, s := range l.Next {
		if i == 0 {
			text += ": " + s.Text
		}
	}
	return text
}
