package resolve

import (
	"badsig/checks/facts"
	"badsig/checks/probe/project/langs"
	"badsig/checks/probe/project/picture"
)

// EntryFor is the way to a token that a URL leads to; without an endpoint the
// likeliest of all. nil for none.
func EntryFor(p *picture.Reader, to string) *picture.Entry {
	for _, e := range p.Entries {
		if to == "" && e.Kind != facts.EntryScript || to != "" && (e.Kind == facts.EntryHTTP || e.Kind == facts.EntryLogin) && langs.Answers(e, "", to) {
			return e
		}
	}
	return nil
}
