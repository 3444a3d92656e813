package ui

import tea "github.com/charmbracelet/bubbletea"

// canSuspend reports whether there is a shell to go back to: Windows has no job control.
func canSuspend() bool { return false }

func (a *app) toShell() tea.Cmd { return nil }
