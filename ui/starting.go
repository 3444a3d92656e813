package ui

import (
	"os"

	tea "github.com/charmbracelet/bubbletea"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/shell"
)

// Rules of this file:
//   - what fixes a cause without an edit: the backend is started, or one that badsig started is started again
//   - a command is shown before it is run, and y was pressed; no process that badsig didn't start is ended

// launch is what the fix key does where no file has to change.
type launch struct {
	pager
	args  []string // the command; nil where the backend is started again
	says  string   // the command, as it is shown
	unset string   // the variable that the backend is started without
}

// launchFor is how a cause is fixed by a start of the backend; nil where it isn't.
func launchFor(s *session, c *finding.Cause) *launch {
	if c == nil || s.facts == nil || s.world == nil || len(c.Edits()) > 0 {
		return nil
	}
	again := s.restartable()
	switch {
	case again && (c.ID == causes.ServerStale || c.ID == causes.ServerDown && !s.child.running()):
		return &launch{}
	case c.ID == causes.ServerDown && s.child == nil && s.demo == nil && c.Certainty == finding.Proven:
		if says := facts.StartCommand(s.facts); says != "" && affix.Any(c.Fix, func(f finding.Step) bool { return f.Command == says }) {
			return &launch{args: shell.ArgsIn(s.world.Target.Dir, says), says: says}
		}
	case again && s.child.ours():
		for _, f := range c.Fix {
			for _, v := range s.facts.Values {
				if _, is := os.LookupEnv(v.Name); is && v.Kind == facts.KindProcess && f.Command == shell.ShellAtHand().Unset(v.Name) && f.Command != "" {
					return &launch{unset: v.Name}
				}
			}
		}
	}
	return nil
}

// offers says what the fix key does with a step's command; "" where that isn't its to do.
func (l *launch) offers(command string) string {
	switch {
	case l == nil:
	case l.args != nil && command == l.says:
		return " start it"
	case l.unset != "" && command == shell.ShellAtHand().Unset(l.unset):
		return " restart without it"
	}
	return ""
}

// short says what the fix key does, in the footer.
func (l *launch) short() string {
	if l.args != nil {
		return "start it"
	}
	return "restart it"
}

func (l *launch) title(*session) string {
	if l.args != nil {
		return "Start the backend?"
	}
	return "Restart the backend?"
}

func (l *launch) hints() [][2]string {
	return [][2]string{{"y", "yes"}, {"n", "leave everything as it is"}}
}

func (l *launch) key(a *app, msg tea.KeyMsg) tea.Cmd {
	switch msg.String() {
	case "y":
		a.over = nil
		if l.args == nil {
			if l.unset != "" {
				_ = os.Unsetenv(l.unset)
			}
			return a.restart()
		}
		if a.s.child != nil {
			return nil
		}
		a.say(note, "starting the backend")
		a.s.child = newChild(l.args)
		return tea.Batch(a.s.child.start(), fade(toastFor))
	case "n", "q":
		a.over = nil
		a.say(note, "nothing was changed")
		return fade(toastFor)
	}
	return l.pager.key(a, msg)
}

func (l *launch) view(s *session, r rect) []string {
	th := s.th
	var out []string
	switch {
	case l.args != nil:
		out = append(out, wrap("The project's files name this command:", r.w)...)
		out = append(out, "", "  "+th.AccentBold.Paint(cut("$ "+clean(l.says), r.w-2)), "")
		out = append(out, wrap("badsig runs it, shows its log and checks again. The backend stops when you quit badsig.", r.w)...)
	case l.unset != "":
		out = wrap("badsig stops the backend that it started, and starts it again without "+clean(l.unset)+", so that the project's files decide. In your shell the variable stays set: remove it there, too.", r.w)
	default:
		out = wrap("badsig stops the backend that it started, starts it again and checks again.", r.w)
	}
	out = append(out, "", th.AccentBold.Paint("y")+" yes, "+th.AccentBold.Paint("n")+" leaves everything as it is")
	return l.page(th, out)
}
