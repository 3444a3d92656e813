package ui

import (
	"strings"
)

// help lists every key, from the table that acts.
type help struct{ pager }

func (h *help) title(*session) string { return "Help" }

// helpGroups are the headings of the help, in order.
var helpGroups = [][2]string{{"look", "Look"}, {"copy", "Copy"}, {"move", "Move"}, {"help", "Help"}, {"leave", "Leave"}}

func (h *help) view(s *session, r rect) []string { return h.page(s.th, h.body(s, r)) }

func (h *help) body(s *session, r rect) []string {
	th := s.th
	blocks := map[string][]string{}
	row := func(keys, does string) string { return "  " + th.AccentBold.Paint(pad(keys, 12)) + does }
	for _, g := range helpGroups {
		lines := []string{th.Bold.Paint(g[1])}
		for _, x := range s.bound {
			if x.group == g[0] {
				lines = append(lines, row(strings.Join(x.keys, " "), x.says))
			}
		}
		if g[0] == "move" {
			for _, k := range [][2]string{{"0 … 5", "go to a pane"}, {"↑ ↓", "move, scroll"}, {"g G", "top, end"}, {"/ n N", "search; next, previous"}, {"esc", "back"}} {
				lines = append(lines, row(k[0], k[1]))
			}
		}
		blocks[g[0]] = append(lines, "")
	}
	var out []string
	if r.w >= 84 {
		left := append(blocks["look"], blocks["help"]...)
		right := append(append(blocks["copy"], blocks["move"]...), blocks["leave"]...)
		half := r.w/2 + 3 // the longer strings are on the left
		for i := range max(len(left), len(right)) {
			l, rt := "", ""
			if i < len(left) {
				l = left[i]
			}
			if i < len(right) {
				rt = right[i]
			}
			out = append(out, pad(cut(l, half-1), half)+cut(rt, r.w-half))
		}
	} else {
		for _, g := range helpGroups {
			out = append(out, blocks[g[0]]...)
		}
	}
	for _, l := range []string{
		"While userId or userName is focused, letters are typed into it; esc leaves the field.",
		"badsig watches the files, the port and the clock, and rechecks when something changes.",
		s.keysSay,
		"userId and userName are remembered for this project and nothing else is; badsig --forget forgets them.",
		"badsig check prints all of this as text, for scripts and screen readers.",
	} {
		if l == "" {
			continue
		}
		for _, w := range wrap(l, r.w) {
			out = append(out, th.Dim.Paint(w))
		}
	}
	return out
}
