package cli

import (
	"github.com/spf13/cobra"
)

// Rules of this file:
//   - BADSIG_API_KEY and BADSIG_API_SECRET are the dashboard's pair, and no child ever sees them
//   - STREAM_API_KEY and STREAM_API_SECRET are what a backend gets that is started in this shell: with run they are the
//     child's and are judged as the shell's; elsewhere, where no child is started, they count as the dashboard's pair, too

// fromShell names the variables that shellValue reads.
func fromShell(cmd *cobra.Command, what string) string {
	if cmd.Name() == "run" {
		return "BADSIG_API_" + what
	}
	return "BADSIG_API_" + what + ", STREAM_API_" + what
}

// shellValue is the dashboard's key or secret in the environment, and the
// variable that has it.
func (p *Program) shellValue(cmd *cobra.Command, what string) (value, name string) {
	name = "BADSIG_API_" + what
	if v := p.Getenv(name); v != "" {
		return v, name
	}
	if cmd.Name() == "run" {
		return "", ""
	}
	name = "STREAM_API_" + what
	if v := p.Getenv(name); v != "" {
		return v, name
	}
	return "", ""
}
