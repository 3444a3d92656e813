package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"badsig/checks/watching"
)

// memory is what is remembered of the project.
type memory struct{ watching.Memory }

func openMemory(stateDir, dir string) memory { return memory{watching.OpenMemory(stateDir, dir)} }

// identity gives what was last used in this project, "" for nothing.
func (m memory) identity() (userID, userName string) { return m.Identity() }

// first reports whether the console was never used before on this machine.
func (m memory) first() bool { return m.First() }

// keep writes what is used now.
func (m memory) keep(userID, userName string) tea.Cmd {
	return func() tea.Msg {
		m.Keep(userID, userName)
		return nil
	}
}
