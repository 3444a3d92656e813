package ui

import (
	"strings"

	"badsig/checks"

	"badsig/ui/theme"
)

// Rules of this file:
//   - the picture says which of three parties, or which of two links, broke the chain; nothing else
//   - exactly one place is red; what lies behind it is faint, because nothing is known of it

// hopState is how one place of the chain stands.
type hopState int

const (
	hopOpen hopState = iota // not known (yet)
	hopGood
	hopBroken
)

// chain is the picture's content: three parties, two links between them.
type chain struct {
	party  [3]string // browser, backend :3001, Stream
	detail [3]string // below each
	link   [2]string // what goes over the link
	state  [5]hopState
	broken string // one word at the broken place

}

// hops are the five places in the order of the picture.
var hops = []string{"front", "front-backend", "backend", "backend-stream", "stream"}

// chainOf reads the chain off a session.
func chainOf(s *session) chain {
	c := chain{party: [3]string{"browser", "backend", "Stream"}, link: [2]string{"asks", "token"}}
	f := s.facts
	if f == nil {
		return c
	}
	c.party[1] += " " + portOf(f.Target.URL)
	c.detail[0] = clean(shortURL(f.Target.Origin))
	c.detail[1] = s.backendDetail()
	c.detail[2] = s.streamDetail()
	if sv := f.Server; sv != nil && len(sv.FrontKeys) > 0 {
		if v := s.value(sv.FrontKeys[0]); v != nil && v.Key != "" {
			c.link[0] = "key " + cut(clean(v.Key), 5)
		}
	}
	if s.report == nil {
		if b := f.Backend; b != nil && len(b.Posts) > 0 && b.Posts[0].Status == 200 {
			c.state = [5]hopState{hopGood, hopGood, hopGood, hopOpen, hopOpen}
		}
		return c
	}
	root := s.root()
	if s.awaited() {
		return c
	}
	if root == nil || root.Severity == checks.Warning {
		for i := range c.state {
			c.state[i] = hopGood
		}
		if s.report.Verdict != checks.Accepted {
			c.state[3], c.state[4] = hopOpen, hopOpen
			if b := f.Backend; b == nil || len(b.Posts) == 0 || b.Posts[0].Status != 200 {
				c.state[1], c.state[2] = hopOpen, hopOpen
			}
		}
		return c
	}
	at := 3
	for i, h := range hops {
		if h == root.Hop {
			at = i
		}
	}
	for i := range at {
		c.state[i] = hopGood
	}
	c.state[at] = hopBroken
	c.broken = word(root.ID)
	return c
}

// word names the broken thing in a word or two.
func word(id checks.CauseID) string {
	switch id {
	case "server-down":
		return "nobody there"
	case "server-on-other-port":
		return "other port"
	case "server-stale":
		return "old secret"
	case "cors-blocked":
		return "CORS"
	case "secret-missing":
		return "no secret"
	case "user-id-missing", "user-id-mismatch", "user-id-type", "user-id-placeholder":
		return "user_id"
	case "auth-checks-disabled", "app-suspended":
		return "app"
	}
	kind, _, _ := strings.Cut(string(id), "-")
	switch kind {
	case "server", "wrong":
		return "no answer"
	case "endpoint":
		return "wrong answer"
	case "secret":
		return "signature"
	case "iat", "exp", "nbf", "clock", "claim":
		return "times"
	}
	return kind
}

// backendDetail is "node 4711, up 3 min".
func (s *session) backendDetail() string {
	f := s.facts
	if f.Process == nil {
		return ""
	}
	if len(f.Process.Listeners) > 0 {
		l := f.Process.Listeners[0]
		var parts []string
		if l.Name != "" {
			parts = append(parts, clean(l.Name))
		}
		if l.PID > 0 {
			parts = append(parts, "pid "+itoa(int(l.PID)))
		}
		out := strings.Join(parts, " ")
		if !l.Start.IsZero() {
			out += ", up " + rough(s.now.Sub(l.Start))
		}
		return strings.TrimPrefix(out, ", ")
	}
	if f.Process.Known {
		return "nobody listens"
	}
	return ""
}

// streamDetail is "401 · 43 signature is not valid", and where Stream was not
// asked, why not.
func (s *session) streamDetail() string {
	if s.report != nil && s.report.Stream != nil {
		r := s.report.Stream
		out := answerText(r.Status, r.Code, r.Message)
		if r.Source == "predicted" {
			out += " (predicted)"
		}
		return out
	}
	switch st := s.facts.Stream; {
	case s.facts.Target.Offline:
		return "not asked: offline"
	case st != nil && !st.Reachable && st.Error != "":
		return "not reached: " + clean(st.Error)
	}
	return ""
}

// pathView draws the chain in w cells: the picture, and where h allows it a
// line of details below.
func pathView(s *session, w, h int) []string {
	c := chainOf(s)
	small := w < 100
	if small {
		c.link = [2]string{}
	}
	parts := c.parts(s, w)
	line := " " + strings.Join(parts, " ")
	out := []string{cut(line, w)}
	if h > 1 {
		out = append(out, c.details(s, parts, w))
	}
	return out
}

// parts paints party, link, party, link, party.
func (c chain) parts(s *session, w int) []string {
	th := s.th
	party := func(i int) string {
		switch c.state[i*2] {
		case hopBroken:
			return th.BadBold.Paint(theme.Fail + " " + c.party[i])
		case hopOpen:
			return th.Dim.Paint(c.party[i])
		}
		return th.Bold.Paint(c.party[i])
	}
	names := [3]string{party(0), party(1), party(2)}
	if c.state[4] == hopGood && s.report != nil && s.report.Verdict == checks.Accepted {
		names[2] = th.GoodBold.Paint(theme.Pass + " " + c.party[2])
	}
	end := max(width(names[2]), min(width(c.detail[2]), w*2/5)) // the last detail wants room at the right
	room := w - 1 - 4 - width(names[0]) - width(names[1]) - end
	if room < 8 {
		room = w - 1 - 4 - width(names[0]) - width(names[1]) - width(names[2])
	}
	each := max(3, min(room, 2*34)/2)
	return []string{names[0], c.drawLink(th, 0, each), names[1], c.drawLink(th, 1, each), names[2]}
}

// drawLink draws "── key jx3v… ──▶", or broken "──✗ signature ──▶".
func (c chain) drawLink(th *theme.Theme, i, w int) string {
	st := c.state[i*2+1]
	label := c.link[i]
	style := th.Good
	switch {
	case st == hopOpen:
		style = th.Dim
	case st == hopBroken:
		label, style = theme.Fail+" "+c.broken, th.BadBold
		if w < width(label)+6 {
			label = theme.Fail
		}
	case brokenBefore(c.state, i*2+1):
		style = th.Dim
	}
	if label != "" {
		label = " " + label + " "
	}
	if width(label)+4 > w {
		label = ""
	}
	n := max(0, w-1-width(label))
	left := n / 2
	return style.Paint(strings.Repeat(theme.Line, left) + label + strings.Repeat(theme.Line, n-left) + theme.Arrow)
}

// brokenBefore tells whether a place before this one is broken.
func brokenBefore(state [5]hopState, at int) bool {
	for _, st := range state[:at] {
		if st == hopBroken {
			return true
		}
	}
	return false
}

// details puts each party's detail under it, as far as there is room.
func (c chain) details(s *session, parts []string, w int) string {
	th := s.th
	at := [3]int{1, 1 + width(parts[0]) + width(parts[1]) + 2, 1 + width(parts[0]) + width(parts[1]) + width(parts[2]) + width(parts[3]) + 4}
	ends := [3]int{at[1] - 1, at[2] - 1, w}
	var b strings.Builder
	for i, d := range c.detail {
		if gap := at[i] - width(b.String()); gap > 0 {
			b.WriteString(strings.Repeat(" ", gap))
		}
		style := th.Dim
		if i == 2 && s.report != nil && s.report.Verdict == checks.Rejected {
			style = th.Bad
		}
		if i == 2 && s.report != nil && s.report.Verdict == checks.Accepted {
			style = th.Good
		}
		b.WriteString(style.Paint(cut(d, ends[i]-at[i])))
	}
	return cut(b.String(), w)
}
