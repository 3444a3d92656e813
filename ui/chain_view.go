package ui

import (
	"strings"

	"badsig/checks"
	"badsig/ui/theme"
)

// Rules of this file:
//   - the broken place is marked in every width; what is wrong, in a word, is shown there before anything else gets room
//   - Stream's response is shown whole before the backend's detail, and that before the browser's

// pathView draws the chain in w cells: the picture, and where h allows it a
// line of details below.
func pathView(s *session, w, h int) []string {
	c := chainOf(s)
	if w < 100 {
		c.link = [2]string{}
	}
	parts := c.parts(s, w)
	out := []string{cut(" "+strings.Join(parts, " "), w)}
	if h > 1 {
		out = append(out, c.details(s, parts, w))
	}
	return out
}

// parts paints party, link, party, link, party.
func (c chain) parts(s *session, w int) []string {
	th := s.th
	var names [3]string
	taken := 1 + 4
	for i, p := range c.party {
		switch {
		case c.state[i*2] == hopBroken:
			names[i] = th.BadBold.Paint(theme.Fail + " " + p)
		case c.state[i*2] == hopOpen:
			names[i] = th.Dim.Paint(p)
		case i == 2 && s.report != nil && s.report.Verdict == checks.Accepted:
			names[i] = th.GoodBold.Paint(theme.Pass) + " " + th.Bold.Paint(p)
		default:
			names[i] = th.Bold.Paint(p)
		}
		taken += width(names[i])
	}
	room := w - taken
	each := room - max(0, min(width(c.detail[2]), w*2/5)-width(names[2])) // the last detail wants room at the right
	if each < 8 {
		each = room
	}
	each = max(linkLeast, min(each, 2*34)/2)
	link := [2]int{each, each}
	for i := range link {
		if need := width(c.label(i)) + 7; c.state[i*2+1] == hopBroken && link[i] < need {
			link[i] = max(linkLeast, min(need, room-linkLeast))
			link[1-i] = max(linkLeast, min(each, room-link[i]))
		}
	}
	return []string{names[0], c.drawLink(th, 0, link[0]), names[1], c.drawLink(th, 1, link[1]), names[2]}
}

// linkLeast is the least room a link needs: "─✗▶".
const linkLeast = 3

// label is the words on a link.
func (c chain) label(i int) string {
	if c.state[i*2+1] == hopBroken {
		return theme.Fail + " " + c.broken
	}
	return c.link[i]
}

// drawLink draws "── key jx3v… ──▶", or broken "── ✗ signature ──▶".
func (c chain) drawLink(th *theme.Theme, i, w int) string {
	style, label := th.Good, c.label(i)
	broken := c.state[i*2+1] == hopBroken
	switch {
	case broken:
		style = th.BadBold
	case c.state[i*2+1] == hopOpen, brokenBefore(c.state, i*2+1):
		style = th.Dim
	}
	if label != "" {
		label = " " + label + " "
	}
	if width(label)+4 > w {
		label = ""
		if broken {
			label = theme.Fail
		}
	}
	n := max(0, w-1-width(label))
	left := n / 2
	return style.Paint(strings.Repeat(theme.Line, left) + label + strings.Repeat(theme.Line, n-left) + theme.Arrow)
}

// brokenBefore reports whether a place before this one is broken.
func brokenBefore(state [5]hopState, at int) bool {
	for _, st := range state[:at] {
		if st == hopBroken {
			return true
		}
	}
	return false
}

// details puts each party's detail under it. Where they do not fit, Stream's
// begins further left, the backend's becomes brief, and the browser's goes.
func (c chain) details(s *session, parts []string, w int) string {
	th := s.th
	at := [3]int{1, 1 + width(parts[0]) + width(parts[1]) + 2, 0}
	at[2] = at[1] + width(parts[2]) + width(parts[3]) + 2
	last := cut(c.detail[2], w-1)
	at[2] = max(1, min(at[2], w-width(last)))
	if last == "" {
		at[2] = w
	}
	style := th.Dim
	switch {
	case c.answer == 200:
		style = th.Bold
	case c.answer != 0:
		style = th.Bad
	}
	line := ""
	put := func(col int, text string, st theme.Style) {
		if text != "" {
			line += strings.Repeat(" ", max(0, col-width(line))) + st.Paint(text)
		}
	}
	fits := func(i int, text string, end int) bool { return at[i]+width(text)+1 < end }
	middle, end := c.detail[1], at[1]
	if !fits(1, middle, at[2]) {
		middle = c.brief
	}
	if !fits(1, middle, at[2]) {
		middle, end = "", at[2]
	}
	if first := c.detail[0]; fits(0, first, end) {
		put(at[0], first, th.Dim)
	}
	if c.state[2] == hopBroken {
		put(at[1], middle, th.Bad)
	} else {
		put(at[1], middle, th.Dim)
	}
	put(at[2], last, style)
	return cut(line, w)
}
