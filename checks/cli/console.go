package cli

import (
	"context"

	"github.com/spf13/cobra"

	"badsig/checks/affix"
	"badsig/checks/inspect"
)

// consoleFlags are the flags of the console alone.
type consoleFlags struct {
	ascii, mouse, restart bool
	log                   string
}

// register adds them; child says that the command starts the backend.
func (f *consoleFlags) register(cmd *cobra.Command, child bool) {
	f.look(cmd)
	fl := cmd.Flags()
	if child {
		fl.BoolVar(&f.restart, "restart", false, "restart the backend when its .env file changes")
		return
	}
	fl.StringVar(&f.log, "log", "", "follow the backend's log `FILE` in the console")
	_ = cmd.MarkFlagFilename("log")
}

// look adds those that say how the console is drawn and used.
func (f *consoleFlags) look(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&f.ascii, "ascii", false, "draw the console with ASCII characters only")
	cmd.Flags().BoolVar(&f.mouse, "mouse", false, "use the mouse in the console: panes, tabs, checks and the wheel")
}

// session adds them to what the console is opened on.
func (f *consoleFlags) session(s Session) Session {
	s.ASCII, s.Mouse, s.Restart, s.Log = f.ascii, f.mouse, f.restart, f.log
	return s
}

// openConsole opens the console, or says what to type where there is no terminal.
func openConsole(cmd *cobra.Command, p *Program, s Session, instead string) error {
	if p.Console == nil || !p.IsTerminal() {
		return wrong(instead, "the console needs a terminal")
	}
	return p.open(cmd.Context(), s)
}

func (p *Program) open(ctx context.Context, s Session) error {
	if s.Inspect == nil {
		s.Inspect = func(text string) inspect.Finding {
			in, _ := inspectorOf(ctx, s.Target)
			return in.Inspect(ctx, text)
		}
	}
	exit, err := p.Console(ctx, s)
	if err != nil {
		p.complain(err)
	}
	return status(exit)
}

// looksPasted tells pasted text from a mistyped command.
func looksPasted(s string) bool {
	return len(s) > 20 || affix.ContainsAny(s, " .{:/")
}
