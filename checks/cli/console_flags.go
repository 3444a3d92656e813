package cli

import "github.com/spf13/cobra"

// consoleFlags are the flags of the console alone.
type consoleFlags struct {
	ascii, mouse, restart bool
	log                   string
}

// register adds them; child says that the command starts the backend.
func (f *consoleFlags) register(cmd *cobra.Command, child bool) {
	fl := cmd.Flags()
	fl.BoolVar(&f.ascii, "ascii", false, "draw the console with ASCII characters only")
	fl.BoolVar(&f.mouse, "mouse", false, "use the mouse in the console: panes, tabs, checks and the wheel")
	if child {
		fl.BoolVar(&f.restart, "restart", false, "restart the backend when its .env file changes")
		return
	}
	fl.StringVar(&f.log, "log", "", "follow the backend's log `FILE` in the console")
	_ = cmd.MarkFlagFilename("log")
}

// session adds them to what the console is opened on.
func (f *consoleFlags) session(s Session) Session {
	s.ASCII, s.Mouse, s.Restart, s.Log = f.ascii, f.mouse, f.restart, f.log
	return s
}
