package ui

import (
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
)

// Rules of this file:
//   - one table: the keys that act, the footer, the help and the palette are all read from it
//   - a plain letter acts only where no letters are typed; everything has a way without one

// action is something a person can do.
type action struct {
	key   key.Binding
	group string // the help's heading
	foot  bool   // worth a place in the footer
	when  func(*app) bool
	do    func(*app) tea.Cmd
}

// does reports whether the action may be done now.
func (x action) does(a *app) bool { return x.when == nil || x.when(a) }

func bind(help string, keys ...string) key.Binding {
	return key.NewBinding(key.WithKeys(keys...), key.WithHelp(keys[0], help))
}

// actions is everything the console does, in the order of help and palette.
func actions() []action {
	hasChild := func(a *app) bool { return a.s.child != nil }
	hasCommand := func(a *app) bool { return len(a.wrong.commands(a.s)) > 0 }
	hasCause := func(a *app) bool { return a.wrong.cause(a.s) != nil }
	main := func(a *app) bool { return a.over == nil }
	return []action{
		{bind("next pane", "tab"), "move", true, main, func(a *app) tea.Cmd { a.turn(1); return nil }},
		{bind("previous pane", "shift+tab"), "move", false, main, func(a *app) tea.Cmd { a.turn(-1); return nil }},
		{bind("zoom this pane", "+"), "move", false, main, func(a *app) tea.Cmd { a.zoomed = !a.zoomed; return nil }},
		{bind("copy the fix command", "c"), "copy", true, hasCommand, func(a *app) tea.Cmd { return copies{a}.command() }},
		{bind("check again", "ctrl+r", "f5"), "look", true, nil, (*app).again},
		{bind("copy the token", "ctrl+y", "y"), "copy", true, nil, func(a *app) tea.Cmd { return copies{a}.token() }},
		{bind("checklist", "ctrl+g"), "look", true, nil, func(a *app) tea.Cmd { a.show(paneGuide); return nil }},
		{bind("paste anything", "ctrl+p", "p"), "look", true, nil, func(a *app) tea.Cmd { a.open(newPaste()); return nil }},
		{bind("log", "ctrl+l", "l"), "look", true, hasChild, func(a *app) tea.Cmd { a.show(paneLog); return nil }},
		{bind("restart the backend", "ctrl+s", "s"), "look", true, hasChild, (*app).restart},
		{bind("compare with the dashboard", "d"), "look", true, nil, func(a *app) tea.Cmd { a.open(newCompare(a.s)); return nil }},
		{bind("explain this cause", "e"), "look", false, hasCause, func(a *app) tea.Cmd { a.open(newExplain(a.wrong.cause(a.s).ID)); return nil }},
		{bind("tokens side by side", "t"), "look", false, nil, func(a *app) tea.Cmd { a.open(&tokensBeside{}); return nil }},
		{bind("test every key/secret pair with Stream", "x"), "look", false, nil, func(a *app) tea.Cmd { a.open(&grid{}); return nil }},
		{bind("copy the cURL command", "u"), "copy", false, nil, func(a *app) tea.Cmd { return copies{a}.curl() }},
		{bind("copy the report", "r"), "copy", false, nil, func(a *app) tea.Cmd { return copies{a}.report() }},
		{bind("save the report", "R"), "copy", false, nil, func(a *app) tea.Cmd { return copies{a}.saveReport() }},
		{bind("try another bug (demo)", "f"), "look", false, func(a *app) bool { return a.s.demo != nil && a.s.demo.Plant != nil }, func(a *app) tea.Cmd { a.open(newPlant(a.s)); return nil }},
		{bind("all commands", "ctrl+k", ":"), "help", false, nil, func(a *app) tea.Cmd { a.open(newPalette(a)); return nil }},
		{bind("help", "?", "f1"), "help", true, nil, func(a *app) tea.Cmd { a.open(&help{}); return nil }},
		{bind("suspend", "ctrl+z"), "leave", false, nil, (*app).suspend},
		{bind("quit", "q"), "leave", true, nil, func(a *app) tea.Cmd { return tea.Quit }},
		{bind("force quit (exit 130)", "ctrl+c"), "leave", false, nil, (*app).interrupt},
	}
}

// letter reports whether a key is a plain character, which belongs to a field
// that is being typed in.
func letter(k string) bool { return len([]rune(k)) == 1 }

// logLetters are the log's own, as in other pagers; there they come before the table's.
const logLetters = "fgGnN/jk"

// guideLetters are the checklist's own: done, not done, copy the cURL command, and moving.
const guideLetters = "ynkj"

// find gives the action of a key that may be done now.
func (a *app) find(msg tea.KeyMsg) *action {
	k := msg.String()
	if msg.Paste || msg.Alt || letter(k) && (a.at == paneLog && strings.Contains(logLetters, k) || a.at == paneGuide && a.over == nil && strings.Contains(guideLetters, k)) {
		return nil
	}
	for i := range a.actions {
		x := &a.actions[i]
		if key.Matches(msg, x.key) && x.does(a) && (!a.typing() || !letter(msg.String())) {
			return x
		}
	}
	return nil
}

// hints are the keys of the footer that act now, and those that always find
// room in it.
func (a screen) hints() (hints, always [][2]string) {
	if a.over != nil {
		return a.over.hints(), [][2]string{{"esc", "back"}}
	}
	switch {
	case a.typing() && a.at == paneIdentity:
		hints = [][2]string{{"↑↓", "field"}}
		always = [][2]string{{"f1", "help"}, {"esc", "leave"}}
	case a.at == paneLog && a.logs.searching: // whatever is pressed is searched for
		return a.logs.hints(), nil
	case a.at == paneLog:
		hints = append(a.logs.hints(), [2]string{"ctrl+s", "restart"})
		always = [][2]string{{"esc", "back"}}
	case a.at == paneGuide:
		hints = a.guide.hints(a.s)
		always = [][2]string{{"esc", "back"}}
	case a.at == paneToken:
		hints = [][2]string{{"← →", "other token"}}
	}
	for _, x := range a.actions {
		h := x.key.Help()
		if !x.foot || !x.does(a.app) || a.typing() && letter(h.Key) || slices.ContainsFunc(hints, func(k [2]string) bool { return k[0] == h.Key }) {
			continue
		}
		if x.group == "help" || x.group == "leave" {
			always = append(always, [2]string{h.Key, h.Desc})
		} else {
			hints = append(hints, [2]string{h.Key, short(h.Desc)})
		}
	}
	return hints, always
}

// short is a help text as the footer has room for it.
func short(desc string) string {
	switch desc {
	case "copy the fix command":
		return "copy fix"
	case "copy the token":
		return "copy token"
	case "compare with the dashboard":
		return "dashboard pair"
	case "restart the backend":
		return "restart"
	}
	return desc
}
