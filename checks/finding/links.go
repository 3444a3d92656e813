package finding

import (
	"slices"

	"badsig/checks/causes"
	"badsig/checks/facts"
)

// Link is one thing that a finding rests on.
type Link struct {
	What  string // "the request's body", to be read after "badsig doesn't know"
	Known facts.Known
	Next  []Step // how the missing link is supplied: a flag, a key of the console
}

// Seen is a link that needs no words: bytes, a response, a process.
var Seen = Link{Known: facts.IsSeen}

// Links is the chain of an error.
type Links []Link

// missing is the first link that badsig only assumed; nil where all are sure.
// An empty chain proves nothing.
func (ls Links) missing() *Link {
	if len(ls) == 0 {
		return &Link{What: "what this rests on", Known: facts.IsAssumed}
	}
	for i := range ls {
		if !ls[i].Known.Sure() {
			return &ls[i]
		}
	}
	return nil
}

// Accuse makes an error of a finding whose links are all sure. Where one is
// assumed, ok is false: there is no error, and missing says what is not known.
func Accuse(c Cause, links Links) (proven Cause, missing *Link, ok bool) {
	if c.Severity != causes.Error {
		return c, nil, true
	}
	if missing := links.missing(); missing != nil {
		return Cause{}, missing, false
	}
	c.accused = true
	return c, nil, true
}

// Accused reports whether the finding is an error that has been through Accuse.
func (c Cause) Accused() bool { return c.accused }

// On adds links to a finding, beside those that every finding of its kind rests on.
//
//go:noinline
func (c Cause) On(links ...Link) Cause {
	c.Links = append(slices.Clone(c.Links), links...)
	return c
}
