package ui

import (
	"strings"
	"time"

	"github.com/charmbracelet/bubbletea"

	"badsig/checks/affix"
	"badsig/checks/finding"
	"badsig/ui/theme"
)

// live is the pane of the checks as they come in.
type live struct {
	at     int // the selected check
	scroll int
	find   finder
	lines  []int // the check of each line drawn
}

// spinAfter is how long a check must take before it shows a spinner in the
// place of its earlier result: quick runs in the background do not flicker.
const spinAfter = 250 * time.Millisecond

func (p *live) key(a *app, msg tea.KeyMsg) tea.Cmd {
	s := a.s
	switch msg.String() {
	case "up", "k":
		p.at--
	case "down", "j":
		p.at++
	case "home", "g":
		p.at = 0
	case "end", "G":
		p.at = len(s.order) - 1
	case "/":
		p.find.begin()
	case "n":
		p.seek(s, 1)
	case "N":
		p.seek(s, -1)
	}
	p.at = max(0, min(p.at, len(s.order)-1))
	return nil
}

// seek selects the next check that the word is in, downwards (1) or upwards (-1),
// or the first one from the selected one on (0); found says that there is one.
func (p *live) seek(s *session, step int) (found bool) {
	n := len(s.order)
	from, by := p.at+step, step
	if step == 0 {
		by = 1
	}
	for i := range n {
		at := ((from+by*i)%n + n) % n
		if r := s.rows[s.order[at]]; p.find.matches(r.Title, r.Summary) {
			p.at = at
			return true
		}
	}
	return false
}

// title is "Checks", with how many are decided while a run is under way.
func (p *live) title(s *session, w int) (title, right string) {
	done, all := s.progress()
	if s.running && (s.report == nil || s.now.Sub(s.began) > spinAfter) && all > 0 {
		n := max(0, min(10, w-24))
		bar := theme.Heavy
		return "Checks", s.th.Accent.Paint(strings.Repeat(bar, n*done/all)) +
			s.th.Dim.Paint(strings.Repeat(theme.Line, n-n*done/all)+" "+itoa(done)+" of "+itoa(all))
	}
	if s.report == nil {
		return "Checks", ""
	}
	return "Checks", tally(s)
}

// tally is "✓ 13  ✗ 1  – 2".
func tally(s *session) string {
	n := map[finding.Status]int{}
	for _, id := range s.order {
		n[s.rows[id].Status]++
	}
	var out []string
	for _, st := range []finding.Status{finding.Fail, finding.Warn, finding.Pass, finding.Unknown, finding.Skip} {
		if n[st] > 0 {
			out = append(out, signOf(s.th, st)+" "+itoa(n[st]))
		}
	}
	return strings.Join(out, "  ")
}

func (p *live) view(s *session, w, h int, focused bool) []string {
	if len(s.order) == 0 {
		return []string{s.th.Dim.Paint("starting…")}
	}
	p.lines = p.lines[:0]
	var out []string
	from, to := 0, 0 // what is kept in sight: the selected check, else the first one that failed
	for i, id := range s.order {
		r := s.rows[id]
		lines := p.row(s, r, w, focused && i == p.at)
		if focused && i == p.at || !focused && to == 0 && r.Status == finding.Fail {
			from, to = len(out), len(out)+len(lines)
		}
		out = append(out, lines...)
		for range lines {
			p.lines = append(p.lines, i)
		}
	}
	if !focused {
		p.scroll = 0
	}
	if p.find.typing {
		p.scroll = inSight(p.scroll, from, to, h-1)
		room := max(0, min(len(out), p.scroll+h-1))
		return append(out[:room:room], p.find.view(s.th, w))
	}
	p.scroll = inSight(p.scroll, from, to, h)
	return out
}

// inSight scrolls so that the lines from…to are seen in h, their beginning first.
func inSight(scroll, from, to, h int) int {
	return min(max(scroll, to-h), from)
}

// row is one check's line, and under the selected one what was seen.
func (p *live) row(s *session, r *row, w int, selected bool) []string {
	th := s.th
	sign, title, right := s.sign(r), clean(r.Title), tookOf(s, r)
	switch {
	case r.Status == finding.Skip:
		title, right = th.Dim.Paint(title), ""
	case r.Status == "":
		title, right = th.Dim.Paint(title), ""
	case s.now.Before(r.flash):
		title, right = th.Bold.Paint(title), th.Bold.Paint("fixed")
	case r.Status == finding.Fail && s.leads(r):
		title = th.BadBold.Paint(title)
	case r.Status == finding.Warn, r.Status == finding.Unknown:
		title = th.Bold.Paint(title)
	}
	if selected {
		title = th.AccentBold.Paint(clean(r.Title))
	}
	line := sign + " " + title
	if right != "" && width(line)+width(right)+1 <= w {
		line = spread(line, th.Dim.Paint(right), w)
	}
	out := []string{cut(line, w)}
	if !selected {
		return out
	}
	say := clean(r.Summary)
	if r.Status == finding.Skip && r.BlockedBy != "" {
		say = "blocked by: " + clean(s.titleOf(r.BlockedBy))
	}
	if say == "" {
		return out
	}
	for _, l := range hang("  ", say, w) {
		out = append(out, th.Dim.Paint(l))
	}
	for _, e := range r.Evidence {
		if e.Want == "" && affix.HasPrefix(r.Summary, e.Label+" "+e.Got) { // said already
			e.Label, e.Got, e.Source = e.Source, "", ""
		}
		if e.Label+e.Got == "" {
			continue
		}
		for _, l := range evidence(th, e, w-4) {
			out = append(out, "    "+l)
		}
	}
	return out
}

// tookOf says how long a check took; checks that came from one probe took what
// the first of them did, and don't say it again.
func tookOf(s *session, r *row) string {
	for _, id := range s.order {
		other := s.rows[id]
		if other == r {
			break
		}
		if other.TookMs == r.TookMs && other.Status != finding.Skip {
			return ""
		}
	}
	return took(r.TookMs)
}

// leads reports whether a failed check is the first one: what fails after it
// does not call as loudly.
func (s *session) leads(r *row) bool {
	for _, id := range s.order {
		if s.rows[id].Status == finding.Fail {
			return id == r.ID
		}
	}
	return false
}

func (s *session) titleOf(id finding.ID) string {
	if r := s.rows[id]; r != nil {
		return r.Title
	}
	return string(id)
}

// sign is a check's one cell.
func (s *session) sign(r *row) string {
	th := s.th
	if r.running && (r.Status == "" || s.now.Sub(r.since) > spinAfter) {
		return th.Accent.Paint(theme.Spinner[s.spin%len(theme.Spinner)])
	}
	return signOf(th, r.Status)
}

func signOf(th *theme.Theme, st finding.Status) string {
	switch st {
	case finding.Pass:
		return th.Good.Paint(theme.Pass)
	case finding.Fail:
		return th.BadBold.Paint(theme.Fail)
	case finding.Warn:
		return th.WarnBold.Paint(theme.Warn)
	case finding.Unknown:
		return th.WarnBold.Paint(theme.Unknown)
	case finding.Skip:
		return th.Dim.Paint(theme.Skip)
	}
	return th.Dim.Paint(theme.Open)
}

// evidence is one thing seen: what, and beneath it what was found and expected.
func evidence(th *theme.Theme, e finding.Evidence, w int) []string {
	label, got, want, source := clean(e.Label), clean(e.Got), clean(e.Want), clean(e.Source)
	if want == got {
		want = ""
	}
	if source != "" && source != got {
		source = th.Dim.Paint("  " + source)
	} else {
		source = ""
	}
	if want == "" && width(label)+width(got)+width(source)+2 <= w {
		return []string{th.Dim.Paint(label) + "  " + got + source}
	}
	out := wrap(th.Dim.Paint(label), w)
	if want == "" {
		return append(out, hang("  ", got+source, w)...)
	}
	out = append(out, hang(th.Dim.Paint("  Found     "), got+source, w)...)
	return append(out, hang(th.Dim.Paint("  Expected  "), want, w)...)
}
