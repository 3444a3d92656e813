package ui

import (
	"strings"

	"github.com/charmbracelet/bubbletea"

	"badsig/checks/affix"
	"badsig/checks/causes"
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

// plant replaces the demo's backend by one with another bug.
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
	a.undos = nil // those files are gone
	m.target.UserID, m.target.UserName = a.s.target.UserID, a.s.target.UserName
	a.s.target = m.target
	a.s.report, a.s.rows, a.s.order, a.s.past = nil, nil, nil, ledger{} // another backend: nothing of the old one was fixed
	if m.fault == "" {
		a.say(note, "the sample project works now")
	} else {
		a.say(note, "the sample project now has this bug: "+m.fault)
	}
	if a.s.child != nil { // its backend has another log
		return tea.Batch(a.s.child.start(), a.start(), fade(toastFor))
	}
	return tea.Batch(a.start(), fade(toastFor))
}

// demoRestartedMsg says that the demo's backend was started again.
type demoRestartedMsg struct{ err error }

// restart starts the demo's backend again, on the project as it is now.
func (a demos) restart() tea.Cmd {
	d := a.s.demo
	return func() tea.Msg { return demoRestartedMsg{d.Restart(a.ctx)} }
}

func (a demos) restarted(m demoRestartedMsg) tea.Cmd {
	if m.err != nil {
		a.say(bad, "couldn't restart the demo's backend: "+m.err.Error())
		return tea.Batch(a.start(), fade(toastFor))
	}
	a.s.child.mark("the demo's backend was restarted")
	return tea.Batch(a.start(), fade(toastFor))
}

// line says what there is to do in the demo, in one line.
func (s *session) demoLine() [][2]string {
	root := s.root()
	switch {
	case s.report == nil:
		return nil
	case root == nil || s.demo.Fault == "":
		return [][2]string{{s.key("bug"), "choose another bug"}}
	case root.ID == causes.ServerStale || root.ID == causes.ServerDown:
		return [][2]string{{s.key("restart"), "restart"}, {s.key("explain"), "explain"}, {s.key("log"), "log"}}
	}
	out := [][2]string{{s.key("edit"), "edit"}, {s.key("restart"), "restart"}, {s.key("explain"), "explain"}, {s.key("log"), "log"}}
	if len(root.Edits()) > 0 {
		out = append([][2]string{{s.key("fix"), "fix it"}}, out...)
	}
	return out
}

// learned is what the demo's bug was, once it is fixed.
func (p *wrong) learned(s *session, w int) []string {
	if s.demo == nil || s.demo.Fault == "" {
		return nil
	}
	page, ok := causes.PageOf(causes.ID(s.demo.Fault))
	if !ok {
		return nil
	}
	th := s.th
	out := append(wrap("You fixed it. The bug was: "+clean(page.Title)+".", w), "")
	for _, heading := range []string{"Why it happens", "How badsig confirms it"} {
		if text := section(page.Text, heading); text != "" {
			out = append(out, th.Bold.Paint(heading))
			out = append(out, prose(th, text, w)...)
			out = append(out, "")
		}
	}
	return append(out, th.AccentBold.Paint(s.key("bug"))+" chooses another bug, "+th.AccentBold.Paint(s.key("explain"))+" explains this one")
}

// section is what a page says under a heading.
func section(page, heading string) string {
	_, text, ok := affix.Cut(page, "## "+heading+"\n")
	if !ok {
		return ""
	}
	text, _, _ = affix.Cut(text, "\n## ")
	return strings.TrimSpace(text)
}
