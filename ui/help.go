package ui

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"
)

// help lists every key, from the table that acts.
type help struct{ scroll int }

func (h *help) title(*session) string { return "Help" }
func (h *help) typing() bool          { return false }
func (h *help) hints() [][2]string    { return [][2]string{{"↑↓", "scroll"}} }
func (h *help) scroller() *int        { return &h.scroll }
func (h *help) key(_ *app, msg tea.KeyMsg) tea.Cmd {
	scrollKey(&h.scroll, msg)
	return nil
}

// helpGroups are the headings of the help, in order.
var helpGroups = [][2]string{{"look", "Look"}, {"copy", "Copy"}, {"move", "Move"}, {"help", "Help"}, {"leave", "Leave"}}

func (h *help) view(s *session, r rect) []string {
	th := s.th
	blocks := map[string][]string{}
	row := func(keys, does string) string { return "  " + th.AccentBold.Paint(pad(keys, 11)) + does }
	for _, g := range helpGroups {
		lines := []string{th.Bold.Paint(g[1])}
		for _, x := range actions() {
			if x.group == g[0] {
				lines = append(lines, row(strings.Join(x.key.Keys(), " "), x.key.Help().Desc))
			}
		}
		if g[0] == "move" {
			for _, k := range [][2]string{{"0 … 5", "go to a pane"}, {"↑ ↓", "move, scroll"}, {"← →", "next cause; next token"}, {"esc", "back"}} {
				lines = append(lines, row(k[0], k[1]))
			}
		}
		blocks[g[0]] = append(lines, "")
	}
	var out []string
	if r.w >= 84 {
		left := append(blocks["look"], blocks["help"]...)
		right := append(append(blocks["copy"], blocks["move"]...), blocks["leave"]...)
		half := r.w / 2
		for i := range max(len(left), len(right)) {
			l, rt := "", ""
			if i < len(left) {
				l = left[i]
			}
			if i < len(right) {
				rt = right[i]
			}
			out = append(out, pad(l, half)+cut(rt, r.w-half))
		}
	} else {
		for _, g := range helpGroups {
			out = append(out, blocks[g[0]]...)
		}
	}
	for _, l := range []string{
		"While userId or userName is focused, letters are typed into it; esc leaves the field.",
		"badsig watches the files, the port and the clock, and rechecks when something changes.",
		"badsig check prints all of this as text, for scripts and screen readers.",
	} {
		for _, w := range wrap(l, r.w) {
			out = append(out, th.Dim.Paint(w))
		}
	}
	return out
}

// scrollKey moves a scrolled text.
func scrollKey(at *int, msg tea.KeyMsg) {
	switch msg.String() {
	case "up", "k":
		*at--
	case "down", "j":
		*at++
	case "pgup":
		*at -= 10
	case "pgdown", " ":
		*at += 10
	case "home":
		*at = 0
	case "end":
		*at = 1 << 20
	}
	*at = max(0, *at)
}
