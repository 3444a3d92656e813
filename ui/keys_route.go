package ui

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"badsig/checks/affix"
)

// keys handles a key. Letters that arrive together, from a key that is held or
// over a slow line, come as one message; each of them counts.
func (a *app) keys(msg tea.KeyMsg) tea.Cmd {
	if msg.Type != tea.KeyRunes || msg.Paste || len(msg.Runes) < 2 || a.typing() {
		return a.key(msg)
	}
	var cmds []tea.Cmd
	for _, r := range msg.Runes {
		cmds = append(cmds, a.key(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}, Alt: msg.Alt}))
	}
	return tea.Batch(cmds...)
}

// key routes a key: what is open over the panes first, then the table of
// actions, then the pane that has the focus.
func (a *app) key(msg tea.KeyMsg) tea.Cmd {
	if msg.Type == tea.KeyCtrlC {
		return a.interrupt()
	}
	if cmd, moved := (pastes{a}).elsewhere(msg); moved {
		return cmd
	}
	if msg.Paste && !a.typing() { // no matter what it is, the person wants to know
		a.open(newPaste())
	}
	if a.over != nil {
		if msg.Type == tea.KeyEsc {
			if p, ok := a.over.(interface{ escape() bool }); !ok || !p.escape() {
				a.over = nil
			}
			return nil
		}
		if msg.Type == tea.KeyCtrlZ {
			return a.suspend()
		}
		return a.over.key(a, msg)
	}
	if f := a.searching(); f != nil {
		return a.search(f, msg)
	}
	if a.at == paneIdentity && (msg.Type == tea.KeyTab || msg.Type == tea.KeyShiftTab) && a.identity.tab(msg.Type == tea.KeyTab) {
		return nil
	}
	if x := a.find(msg); x != nil {
		return a.act(x)
	}
	if msg.Type == tea.KeyEsc {
		a.back()
		return nil
	}
	if msg.String() == "/" && !a.typing() && a.at != paneLog && a.at != paneChecks { // what is typed next must not act
		a.show(paneChecks)
		a.at = paneChecks
	}
	if k := msg.String(); !a.typing() && letter(k) {
		if p, ok := paneKeys[k]; ok {
			a.show(p)
			return nil
		}
	}
	switch a.at {
	case paneIdentity:
		if text := strings.TrimSpace(string(msg.Runes)); msg.Paste && (len(text) > 64 || affix.ContainsAny(text, "\n{")) { // no ID
			a.open(newPaste())
			return a.over.key(a, msg)
		}
		if a.identity.key(msg) {
			return a.edited()
		}
	case paneToken:
		a.token.key(a.s, msg)
	case paneChecks:
		return a.live.key(a, msg)
	case paneWrong:
		a.wrong.key(a.s, msg)
	case paneGuide:
		return a.guide.key(a, msg)
	case paneLog:
		a.logs.key(a.s, msg)
	}
	return nil
}

// paneKeys are the numbers of the tabs; they work in the wide layout too.
var paneKeys = map[string]pane{"0": paneWrong, "1": paneIdentity, "2": paneToken, "3": paneChecks, "4": paneGuide, "5": paneLog}

// typing reports whether plain letters go into a field.
func (a *app) typing() bool {
	if a.over != nil {
		return a.over.typing()
	}
	return a.at == paneIdentity || a.searching() != nil
}

// searching is the search of the pane that has the focus, where a word is typed for it; else nil.
func (a *app) searching() *finder {
	switch {
	case a.at == paneLog && a.logs.find.typing:
		return &a.logs.find
	case a.at == paneChecks && a.live.find.typing:
		return &a.live.find
	}
	return nil
}

// search types a word to search for, and searches.
func (a *app) search(f *finder, msg tea.KeyMsg) tea.Cmd {
	found := !f.key(msg) || f.match == nil
	if !found {
		if a.at == paneLog {
			found = a.logs.seek(&a.s.child.ring, 0)
		} else {
			found = a.live.seek(a.s, 0)
		}
	}
	if !found {
		a.say(note, "not found: "+f.word)
		return fade(toastFor)
	}
	return nil
}

// turn moves the focus.
func (a *app) turn(step int) {
	order := []pane{paneWrong, paneIdentity, paneToken, paneChecks}
	if modeOf(a.w, a.h) == narrow {
		order = append(order, paneGuide)
		if a.s.child != nil {
			order = append(order, paneLog)
		}
	}
	for i, p := range order {
		if p == a.at {
			a.show(order[(i+step+len(order))%len(order)])
			return
		}
	}
	a.back()
}

// show gives a pane the focus; shown again, checklist and log give it back.
func (a *app) show(p pane) {
	a.identity.leave()
	if a.at == p && (p == paneGuide || p == paneLog) {
		a.back()
		return
	}
	if a.at != paneGuide && a.at != paneLog {
		a.before = a.at
	}
	a.at, a.over = p, nil
}

func (a *app) back() {
	a.identity.leave()
	if a.zoomed {
		a.zoomed = false
		return
	}
	if a.at == paneGuide || a.at == paneLog {
		a.at = a.before
		return
	}
	a.at = paneWrong
}

// open puts an overlay over the panes; its keys take the last confirmation's place.
func (a *app) open(o overlay) { a.over, a.toast = o, toast{} }

func (a *app) interrupt() tea.Cmd {
	a.exit = interrupted
	return tea.Quit
}

func (a *app) suspend() tea.Cmd {
	if !canSuspend() {
		a.say(note, "this terminal has no shell to go back to")
		return fade(toastFor)
	}
	return a.toShell()
}
