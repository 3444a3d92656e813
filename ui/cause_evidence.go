package ui

import (
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
// the cause's page.
func (p *wrong) evidence(s *session, w int) []string {
	c := p.cause(s)
	if c == nil || s.awaited() {
		return []string{s.th.Dim.Paint("nothing failed")}
	}
	var out []string
	for _, e := range c.Evidence {
		out = append(out, evidence(s.th, e, w)...)
	}
	if page, ok := causes.PageOf(c.ID); ok {
		out = append(append(out, ""), prose(s.th, page.Text, min(w, readable))...)
	}
	return out
}
