package ui

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/ui/theme"
)

// list is a list to choose from, filtered by what is typed: the palette, and
// the demo's bugs.
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
	l := &list{name: "Choose a bug", input: newField("", false)}
	plant := func(fault string) func(*app) tea.Cmd {
		return func(a *app) tea.Cmd { return demos{a}.plant(fault) }
	}
	l.items = append(l.items, choice{text: "none: a working project", do: plant("")})
	for _, f := range s.demo.Faults {
		c := choice{text: f, do: plant(f)}
		if page, ok := causes.PageOf(causes.ID(f)); ok {
			c.key = page.Title
		}
		l.items = append(l.items, c)
	}
	return l
}

func (l *list) title(*session) string { return l.name }
func (l *list) typing() bool          { return true }
func (l *list) hints() [][2]string    { return [][2]string{{"↑↓", "move"}, {"enter", "run"}} }

// found are the items that hold every typed word.
func (l *list) found() []choice {
	words := strings.Fields(strings.ToLower(l.input.value()))
	var out []choice
next:
	for _, c := range l.items {
		hay := strings.ToLower(c.text + " " + c.key + " " + c.group)
		for _, w := range words {
			if !affix.Contains(hay, w) {
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
		return append(out, th.Dim.Paint("no matches"))
	}
	names := 0
	for _, c := range l.items {
		names = max(names, width(c.text))
	}
	room := max(1, r.h-len(out))
	first := max(0, min(l.at-room/2, len(found)-room))
	if first > 0 {
		out[1] = th.Dim.Paint("  " + theme.Up + " " + itoa(first) + " above")
	}
	for i := first; i < len(found) && i < first+room; i++ {
		c := found[i]
		lead, text := "  ", c.text
		if i == l.at {
			lead, text = th.AccentBold.Paint(theme.Point)+" ", th.AccentBold.Paint(c.text)
		}
		out = append(out, cut(lead+pad(text, names+2)+th.Dim.Paint(clean(c.key)), r.w))
	}
	if more := len(found) - first - room; more > 0 && l.at < first+room-1 { // the last line gives way to what says so
		out[len(out)-1] = th.Dim.Paint("  " + theme.Down + " " + itoa(more+1) + " more")
	}
	return out
}

// paletteItems are all actions that may be done now.
func (a *app) paletteItems() []choice {
	var out []choice
	over := a.over
	a.over = nil // what may be done once the palette has closed
	for _, x := range a.actions {
		if x.cannot(a) == "" {
			out = append(out, choice{text: x.says, key: x.key(false), group: x.group, do: x.do})
		}
	}
	a.over = over
	for _, p := range []struct {
		name string
		p    pane
		key  string
	}{{"go to what's wrong", paneWrong, "0"}, {"go to identity", paneIdentity, "1"}, {"go to the token", paneToken, "2"}, {"go to the checks", paneChecks, "3"}} {
		out = append(out, choice{text: p.name, key: p.key, group: "move", do: func(a *app) tea.Cmd { a.show(p.p); return nil }})
	}
	if a.s.target.Browser != "" {
		out = append(out, choice{text: "forget the browser's API key", group: "look", do: func(a *app) tea.Cmd { a.s.target.Browser = ""; return a.start() }})
	}
	if a.s.target.Token != "" {
		out = append(out, choice{text: "forget the browser's token", group: "look", do: func(a *app) tea.Cmd { a.s.target.Token = ""; return a.start() }})
	}
	if !a.s.target.Secret.IsZero() || a.s.target.APIKey != "" {
		out = append(out, choice{text: "forget the dashboard's pair", group: "look", do: func(a *app) tea.Cmd { return pastes{a}.forgetPair() }})
	}
	return out
}
