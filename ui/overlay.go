package ui

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"badsig/checks"
	"badsig/ui/theme"
)

// list is a list to choose from, filtered by what is typed: the palette, and
// the demo's faults.
type list struct {
	name  string
	input field
	items []choice
	at    int
}

// choice is one thing to choose.
type choice struct {
	text, key, group string
	do               func(*app) tea.Cmd
}

func newPalette(a *app) overlay {
	return &list{name: "Commands", input: newField("", false), items: a.paletteItems()}
}

func newPlant(s *session) overlay {
	l := &list{name: "Plant a fault", input: newField("", false)}
	plant := func(fault string) func(*app) tea.Cmd {
		return func(a *app) tea.Cmd { return a.plant(fault) }
	}
	l.items = append(l.items, choice{text: "none: a healthy backend", do: plant("")})
	for _, f := range s.demo.Faults {
		c := choice{text: f, do: plant(f)}
		if page, ok := checks.PageOf(checks.CauseID(f)); ok {
			c.key = page.Title
		}
		l.items = append(l.items, c)
	}
	return l
}

func (l *list) title(*session) string { return l.name }
func (l *list) typing() bool          { return true }
func (l *list) hints() [][2]string    { return [][2]string{{"↑↓", "choose"}, {"enter", "do it"}} }

// found are the items that hold every typed word.
func (l *list) found() []choice {
	words := strings.Fields(strings.ToLower(l.input.value()))
	var out []choice
next:
	for _, c := range l.items {
		hay := strings.ToLower(c.text + " " + c.key + " " + c.group)
		for _, w := range words {
			if !strings.Contains(hay, w) {
				continue next
			}
		}
		out = append(out, c)
	}
	return out
}

func (l *list) key(a *app, msg tea.KeyMsg) tea.Cmd {
	switch msg.String() {
	case "up":
		l.at--
	case "down":
		l.at++
	case "enter":
		if found := l.found(); l.at < len(found) {
			a.over = nil
			return found[l.at].do(a)
		}
	default:
		if l.input.key(msg, true) {
			l.at = 0
		}
	}
	l.at = max(0, min(l.at, len(l.found())-1))
	return nil
}

func (l *list) view(s *session, r rect) []string {
	th := s.th
	out := []string{th.Accent.Paint(theme.Point+" ") + l.input.view(th, r.w-2, true), ""}
	found := l.found()
	if len(found) == 0 {
		return append(out, th.Dim.Paint("nothing of that name"))
	}
	names := 0
	for _, c := range l.items {
		names = max(names, width(c.text))
	}
	room := max(1, r.h-len(out))
	first := max(0, min(l.at-room/2, len(found)-room))
	for i := first; i < len(found) && i < first+room; i++ {
		c := found[i]
		lead, text := "  ", c.text
		if i == l.at {
			lead, text = th.AccentBold.Paint(theme.Point)+" ", th.AccentBold.Paint(c.text)
		}
		out = append(out, cut(lead+pad(text, names+2)+th.Dim.Paint(clean(c.key)), r.w))
	}
	return out
}

// paletteItems are all actions that may be done now.
func (a *app) paletteItems() []choice {
	var out []choice
	over := a.over
	a.over = nil // what may be done once the palette has closed
	for _, x := range a.actions {
		if x.does(a) {
			out = append(out, choice{text: x.key.Help().Desc, key: x.key.Help().Key, group: x.group, do: x.do})
		}
	}
	a.over = over
	for _, p := range []struct {
		name string
		p    pane
		key  string
	}{{"go to what is wrong", paneWrong, "0"}, {"go to identity", paneIdentity, "1"}, {"go to the token", paneToken, "2"}, {"go to the checks", paneChecks, "3"}} {
		out = append(out, choice{text: p.name, key: p.key, group: "move", do: func(a *app) tea.Cmd { a.show(p.p); return nil }})
	}
	if a.s.target.Token != "" {
		out = append(out, choice{text: "forget the browser's token", group: "look", do: func(a *app) tea.Cmd { a.s.target.Token = ""; return a.start() }})
	}
	if !a.s.target.Secret.IsZero() || a.s.target.APIKey != "" {
		out = append(out, choice{text: "forget the dashboard's pair", group: "look", do: (*app).forgetPair})
	}
	return out
}

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
			for _, k := range [][2]string{{"0 … 5", "go to a pane"}, {"↑ ↓", "choose, scroll"}, {"← →", "next cause; next token"}, {"esc", "leave, back to what is wrong"}} {
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
		"Plain letters are typed while userId or userName has the focus; esc leaves it.",
		"Files, the port and the clock are watched: what you change is checked again by itself.",
		"badsig check says all this as text, for scripts and screen readers.",
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

// explain shows a cause's page.
type explain struct {
	id     checks.CauseID
	scroll int
}

func newExplain(id checks.CauseID) overlay { return &explain{id: id} }

func (e *explain) title(*session) string { return string(e.id) }
func (e *explain) typing() bool          { return false }
func (e *explain) hints() [][2]string    { return [][2]string{{"↑↓", "scroll"}} }
func (e *explain) scroller() *int        { return &e.scroll }
func (e *explain) key(_ *app, msg tea.KeyMsg) tea.Cmd {
	scrollKey(&e.scroll, msg)
	return nil
}

func (e *explain) view(s *session, r rect) []string {
	page, ok := checks.PageOf(e.id)
	if !ok {
		return []string{s.th.Dim.Paint("there is no page of this cause")}
	}
	return prose(s.th, page.Text, r.w)
}

// prose draws the little Markdown that the causes' pages use.
func prose(th *theme.Theme, text string, w int) []string {
	var out []string
	blank := true
	for _, para := range paragraphs(text) {
		switch {
		case para == "":
			if !blank {
				out = append(out, "")
			}
			blank = true
			continue
		case strings.HasPrefix(para, "#"):
			out = append(out, th.AccentBold.Paint(cut(strings.TrimLeft(para, "# "), w)))
		default:
			lead, rest := leadOf(para)
			for _, l := range hang(lead, clean(rest), w) {
				out = append(out, ticks(th, l))
			}
		}
		blank = false
	}
	return out
}

// paragraphs joins the lines of each paragraph and list item; "" parts them.
func paragraphs(text string) []string {
	var out []string
	for _, line := range strings.Split(text, "\n") {
		t := strings.TrimSpace(line)
		lead, _ := leadOf(t)
		if n := len(out); n > 0 && t != "" && out[n-1] != "" && lead == "" && !strings.HasPrefix(t, "#") && !strings.HasPrefix(out[n-1], "#") {
			out[n-1] += " " + t
			continue
		}
		out = append(out, t)
	}
	return out
}

// leadOf parts a list item's mark from its text.
func leadOf(t string) (lead, rest string) {
	if strings.HasPrefix(t, "- ") {
		return theme.Open + " ", t[2:]
	}
	if mark, text, ok := strings.Cut(t, ". "); ok && mark != "" && len(mark) <= 2 && strings.Trim(mark, "0123456789") == "" {
		return mark + ". ", text
	}
	return "", t
}

// links takes away what Markdown puts around addresses and strong words.
var links = strings.NewReplacer("<http", "http", ">,", ",", ">:", ":", ">.", ".", "**", "")

// ticks paints `code` where both ticks stand on the line.
func ticks(th *theme.Theme, line string) string {
	line = links.Replace(line)
	parts := strings.Split(line, "`")
	if len(parts)%2 == 0 {
		return strings.ReplaceAll(line, "`", "")
	}
	for i := 1; i < len(parts); i += 2 {
		parts[i] = th.Accent.Paint(parts[i])
	}
	return strings.Join(parts, "")
}
