package ui

import (
	"github.com/charmbracelet/bubbletea"

	"badsig/checks/facts"
)

// plantedMsg says that the demo's backend was replaced.
type plantedMsg struct {
	fault  string
	target facts.Target
	err    error
}

// demos is what the console does with a demonstration.
type demos struct{ *app }

// plant replaces the demo's backend by one with another fault.
func (a demos) plant(fault string) tea.Cmd {
	d := a.s.demo
	return func() tea.Msg {
		t, err := d.Plant(a.ctx, fault)
		return plantedMsg{fault, t, err}
	}
}

// planted checks the new backend; the identity stays as it was typed.
func (a demos) planted(m plantedMsg) tea.Cmd {
	if m.err != nil {
		a.say(bad, m.err.Error())
		return fade(toastFor)
	}
	a.s.demo.Fault = m.fault
	m.target.UserID, m.target.UserName = a.s.target.UserID, a.s.target.UserName
	a.s.target = m.target
	a.s.report, a.s.rows, a.s.order = nil, nil, nil // another backend: nothing of the old one was fixed
	if m.fault == "" {
		a.say(note, "the sample project works now")
	} else {
		a.say(note, "the sample project now has this bug: "+m.fault)
	}
	return tea.Batch(a.start(), fade(toastFor))
}
