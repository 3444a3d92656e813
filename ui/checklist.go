package ui

import (
	"fmt"
	"slices"
	"strings"

	"github.com/charmbracelet/bubbletea"

	"badsig/checks/causes"
	"badsig/checks/finding"
	"badsig/checks/sanitize"
	"badsig/ui/theme"
)

// Rules of this file:
//   - a step is ticked by what a check proved, and loses its tick when that stops being true
//   - what only a person can see says where to look and accepts y or n; a check's finding overrides it
//   - a step that nothing is known of is open, never green

// answer is what the user said to a step, and what it was said about.
type answer struct {
	yes   bool
	clock string
	about string // from session.about: with another process or secret, the answer no longer counts
}

// guide is the checklist's pane.
type guide struct {
	at     int
	scroll int
}

// about identifies what the user's yes and no are about: the process, its key and its secret.
func (p *guide) about(s *session) string {
	if s.facts == nil || s.facts.Server == nil {
		return ""
	}
	sv := s.facts.Server
	out := fmt.Sprint(sv.PID)
	for _, id := range []int{sv.Secret, sv.Key} {
		if v := s.value(id); v != nil {
			out += " " + v.Fingerprint
		}
	}
	return out
}

// standing is the state of a step.
type standing struct {
	status   finding.Status // "" is open
	evidence string
	asks     bool // y or n is expected
}

// byHand is what the screen says of a step that only a person can check.
const byHand = "badsig can't check this: y = done, n = not done"

// stepAt judges step i.
func (p *guide) stepAt(s *session, i int) standing {
	st := steps[i]
	out := standing{}
	switch {
	case i == secretStep && !s.blames(causes.APISecret):
		out = p.stepChecks(s, []finding.ID{"secret-read"})
	case len(st.checks) > 0:
		out = p.stepChecks(s, st.checks)
	case s.child != nil:
		if line := s.child.documented(s.userID()); line != "" {
			return standing{status: finding.Pass, evidence: line}
		}
		out.evidence = "no such line in the log yet"
	}
	if i == cachedStep && (s.facts == nil || !s.facts.Target.Given) {
		out = standing{evidence: "no browser token pasted yet"}
	}
	if out.status == finding.Pass || out.status == finding.Fail || out.status == finding.Warn {
		return out
	}
	if a, ok := s.manual[i]; ok && a.about == p.about(s) {
		out.status, out.evidence = finding.Fail, "you said no at "+a.clock
		if a.yes {
			out.status, out.evidence = finding.Pass, "you said yes at "+a.clock
		}
		return out
	}
	if out.status == finding.Skip {
		out.status = ""
		return out
	}
	if out.asks = s.report != nil; out.asks && out.evidence == "" {
		out.evidence = byHand
	}
	return out
}

// blames reports whether an error of a group of the catalogue was found.
func (s *session) blames(group causes.Group) bool {
	if s.report == nil {
		return false
	}
	for _, c := range s.report.Causes {
		if page, ok := causes.PageOf(c.ID); ok && page.Group == group && c.Severity == causes.Error {
			return true
		}
	}
	return false
}

// stepChecks joins checks to one standing: the worst that one of them says.
func (p *guide) stepChecks(s *session, ids []finding.ID) standing {
	rank := map[finding.Status]int{finding.Pass: 1, finding.Warn: 2, "": 3, finding.Skip: 4, finding.Unknown: 5, finding.Fail: 6}
	out := standing{status: finding.Pass}
	for n, id := range ids {
		r := s.rows[id]
		if r == nil {
			return standing{}
		}
		if rank[r.Status] > rank[out.status] || n == 0 {
			out.status, out.evidence = r.Status, r.Summary
			if r.Status == finding.Skip && r.BlockedBy != "" {
				out.evidence = p.blockedBy(s, r.BlockedBy)
			}
		}
	}
	return out
}

// blockedBy names what a step has to wait for: another step, or a check of none.
func (p *guide) blockedBy(s *session, id finding.ID) string {
	for i, st := range steps {
		if slices.Contains(st.checks, id) {
			return "blocked by step " + itoa(i+1)
		}
	}
	return "blocked by: " + s.titleOf(id)
}

func (p *guide) progress(s *session) string {
	n := 0
	for i := range steps {
		if p.stepAt(s, i).status == finding.Pass {
			n++
		}
	}
	return itoa(n) + " of " + itoa(len(steps)) + " done"
}

func (p *guide) key(a *app, msg tea.KeyMsg) tea.Cmd {
	s := a.s
	switch msg.String() {
	case "up":
		p.at--
	case "down", "j":
		p.at++
	case "y", "n":
		if p.stepAt(s, p.at).status == finding.Pass && s.manual[p.at].clock == "" || s.report == nil {
			a.say(note, "checked automatically")
			return fade(toastFor)
		}
		if s.manual == nil {
			s.manual = map[int]answer{}
		}
		s.manual[p.at] = answer{msg.String() == "y", s.now.Local().Format("15:04:05"), p.about(s)}
		p.at++
	case "k":
		if p.at == endpointStep {
			return copies{a}.curl()
		}
		p.at--
	case "enter":
		if p.stepAt(s, p.at).status == finding.Fail && s.root() != nil {
			a.show(paneWrong)
			a.at = paneWrong
		}
	}
	p.at = max(0, min(p.at, len(steps)-1))
	return nil
}

func (p *guide) view(s *session, w, h int) []string {
	th := s.th
	titles := 0
	for _, st := range steps {
		titles = max(titles, width(p.title(s, st)))
	}
	two := w >= titles+40
	var out []string
	from, to := 0, 0
	for i, st := range steps {
		at := p.stepAt(s, i)
		title := p.title(s, st)
		if i == p.at {
			title = th.AccentBold.Paint(title)
		} else if at.status == finding.Pass {
			title = th.Bold.Paint(title)
		}
		lead := "  "
		if i == p.at {
			lead = th.AccentBold.Paint(theme.Point) + " "
		}
		line := lead + stepSign(th, at) + " " + th.Dim.Paint(itoa(i+1)) + "  " + title
		say := clean(at.evidence)
		lines := []string{line}
		if two && say != "" {
			lines = nil
			for n, l := range wrap(say, w-titles-10) {
				if n > 0 {
					line = ""
				}
				lines = append(lines, pad(line, titles+10)+th.Dim.Paint(l))
			}
		} else if say != "" {
			for _, l := range wrap(say, w-7) {
				lines = append(lines, "       "+th.Dim.Paint(l))
			}
		}
		if i == p.at {
			beside := "       " + th.Accent.Paint(theme.Side) + " "
			if at.status != finding.Pass { // what is done needs no telling how
				for _, l := range wrap(keysIn(s, st.how), w-9) {
					lines = append(lines, beside+l)
				}
			}
			if say := p.keys(s, i, at); say != "" {
				lines = append(lines, beside+cut(say, w-9))
			}
			from, to = len(out), len(out)+len(lines)
		}
		for j := range lines {
			lines[j] = cut(lines[j], w)
		}
		out = append(out, lines...)
		if h >= 7*3+6 {
			out = append(out, "")
		}
	}
	p.scroll = inSight(p.scroll, from, to, h)
	return out
}

// keys are those that act on a step, painted.
func (p *guide) keys(s *session, i int, at standing) string {
	var out []string
	for _, k := range p.acts(s, i, at) {
		out = append(out, s.th.AccentBold.Paint(k[0])+" "+s.th.Dim.Paint(k[1]))
	}
	return strings.Join(out, "   ")
}

func (p *guide) acts(s *session, i int, at standing) (out [][2]string) {
	if i == endpointStep {
		out = append(out, [2]string{"k", "copy the cURL command"})
	}
	if at.status == finding.Fail && s.root() != nil {
		out = append(out, [2]string{"enter", "show what's wrong"})
	}
	if at.asks || s.manual[i].clock != "" {
		out = append(out, [2]string{"y", "yes"}, [2]string{"n", "no"})
	}
	return out
}

// hints are the keys of the step that is chosen.
func (p *guide) hints(s *session) [][2]string {
	return append([][2]string{{"↑↓", "step"}}, p.acts(s, p.at, p.stepAt(s, p.at))...)
}

func stepSign(th *theme.Theme, at standing) string {
	if at.status == "" {
		if at.asks {
			return th.WarnBold.Paint(theme.Unknown)
		}
		return " "
	}
	return signOf(th, at.status)
}

// markdown is the checklist for the report.
func (p *guide) markdown(s *session) string {
	var b strings.Builder
	b.WriteString("\n## Checklist\n\n")
	for i, st := range steps {
		at := p.stepAt(s, i)
		box := " "
		if at.status == finding.Pass {
			box = "x"
		}
		fmt.Fprintf(&b, "- [%s] %d. %s", box, i+1, p.title(s, st))
		if at.evidence == byHand { // a report has no keys
			b.WriteString(": not checked")
		} else if at.evidence != "" {
			fmt.Fprintf(&b, ": %s", sanitize.Visible(at.evidence))
		}
		b.WriteString("\n")
	}
	return b.String()
}
