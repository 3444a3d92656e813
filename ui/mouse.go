package ui

import tea "github.com/charmbracelet/bubbletea"

// Rules of this file:
//   - the mouse does what keys do, and nothing that they can't

// area is where a pane, or its tab, was drawn.
type area struct {
	pane       pane
	x, y, w, h int
}

func (z area) has(x, y int) bool { return x >= z.x && x < z.x+z.w && y >= z.y && y < z.y+z.h }

// mouse handles the wheel and a click.
func (a *app) mouse(m tea.MouseMsg) tea.Cmd {
	keys := map[tea.MouseButton]tea.KeyType{tea.MouseButtonWheelUp: tea.KeyUp, tea.MouseButtonWheelDown: tea.KeyDown}
	if k, ok := keys[m.Button]; ok {
		return a.key(tea.KeyMsg{Type: k})
	}
	if m.Button != tea.MouseButtonLeft || m.Action != tea.MouseActionPress || a.over != nil {
		return nil
	}
	for _, z := range a.areas {
		if !z.has(m.X, m.Y) {
			continue
		}
		if z.pane != paneEvidence && z.pane != panePage && z.pane != a.at {
			a.show(z.pane)
		}
		if row := m.Y - z.y - 1 + a.live.scroll; z.pane == paneChecks && z.h > 1 && row >= 0 && row < len(a.live.lines) {
			a.live.at = a.live.lines[row]
		}
		return nil
	}
	return nil
}
