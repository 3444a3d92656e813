package ui

import (
	"strings"

	"badsig/checks/causes"
	"badsig/checks/finding"
)

// This file is how a cause is known.

// seen is the evidence of a cause, with its heading.
func (p *wrong) seen(s *session, c *finding.Cause, w int) []string {
	th := s.th
	var out []string
	for i, e := range c.Evidence {
		name := ""
		if i == 0 {
			out = append(out, "")
			if name = "Evidence"; c.Certainty == finding.Likely { // the heading has a line of its own
				out = append(out, th.Dim.Paint("Evidence (likely)"))
				name = ""
			}
		}
		for j, l := range evidence(th, e, w-leadWidth) {
			if j > 0 {
				name = ""
			}
			out = append(out, th.Dim.Paint(pad(name, leadWidth))+l)
		}
	}
	return out
}

// evidence is what a large window shows beside what to fix: how it is known, and
// the cause's page, where that has no box of its own.
func (p *wrong) evidence(s *session, w int, withPage bool) []string {
	c := p.cause(s)
	if c == nil || waits(s) {
		return []string{s.th.Dim.Paint("nothing failed")}
	}
	var out []string
	for i, e := range c.Evidence {
		if i > 0 {
			out = append(out, "")
		}
		out = append(out, evidence(s.th, e, w)...)
	}
	if withPage {
		out = append(append(out, ""), p.page(s, w)...)
	}
	return out
}

// evidenceTitle says how sure it is, too.
func (p *wrong) evidenceTitle(s *session) string {
	if c := p.cause(s); c != nil && c.Certainty == finding.Likely {
		return "Evidence (likely)"
	}
	return "Evidence"
}

// page is the open cause's page, without the head that says what is on the screen anyway.
func (p *wrong) page(s *session, w int) []string {
	c := p.cause(s)
	if c == nil {
		return nil
	}
	page, ok := causes.PageOf(c.ID)
	if !ok {
		return nil
	}
	text := page.Text
	if i := strings.Index(text, "\n## "); i >= 0 {
		text = text[i+1:]
	}
	return prose(s.th, text, min(w, readable))
}
