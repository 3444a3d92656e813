package ui

import (
	"strings"

	"badsig/checks"
	"badsig/checks/affix"
	"badsig/checks/finding"
	"badsig/ui/theme"
)

// What this file draws is shown in the place of a cause where there is none.

func (p *wrong) green(s *session, w int) []string {
	th := s.th
	if learned := p.learned(s, w); learned != nil {
		return learned
	}
	lines := append(p.fixed(s, w), wrap("The key, secret and claims are valid, and the browser can fetch this token.", w)...)
	if r := s.report.Stream; r != nil && r.Source == "predicted" {
		lines = append(lines, wrap("Stream wasn't contacted: its response is predicted from the dashboard's key and secret.", w)...)
	}
	lines = append(lines, "", th.AccentBold.Paint(s.key("copy-token"))+" copies the token", "")
	lines = append(lines, wrap("Still seeing the error? The browser is probably using an old token. Paste its token, its WebSocket URL or Stream's error with "+s.key("paste")+".", w)...)
	return lines
}

// unproven says what couldn't be checked, and what would settle it.
func (p *wrong) unproven(s *session, w int) []string {
	th := s.th
	lines := append(ended(s, w), wrap("No problem found. Couldn't check:", w)...)
	rest := 0
	for _, id := range s.order {
		r := s.rows[id]
		if r.Status == finding.Unknown && follows(s, id) {
			rest++
		} else if r.Status == finding.Unknown {
			lines = append(lines, hang(th.WarnBold.Paint(theme.Unknown)+" ", clean(r.Title)+th.Dim.Paint("  "+clean(r.Summary)), w)...)
			for _, step := range r.Next {
				if step.Text != "" && !affix.Contains(r.Summary, strings.ToLower(step.Text[:1])+step.Text[1:]) {
					lines = append(lines, hang("  ", clean(step.Text), w)...)
				}
			}
		}
	}
	if rest > 0 {
		lines = append(lines, hang("  ", th.Dim.Paint("and "+plural(rest, "check that depends", "checks that depend")+" on these"), w)...)
	}
	lines = append(lines, "")
	if s.target.Secret.IsZero() {
		lines = append(lines, hang(th.AccentBold.Paint(pad(s.key("dashboard"), 8)), "paste the dashboard's API key and secret to verify the pair without Stream", w)...)
	}
	return append(lines, hang(th.AccentBold.Paint(pad(s.key("paste"), 8)), "paste the browser's token or Stream's error", w)...)
}

// follows reports whether a check couldn't be made because another one that it needs couldn't.
func follows(s *session, id finding.ID) bool {
	for _, need := range checks.Needs(id) {
		if r := s.rows[need]; r != nil && r.Status == finding.Unknown {
			return true
		}
	}
	return false
}
