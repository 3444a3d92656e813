package cli

import (
	"os"
	"os/exec"
	"strings"

	"github.com/spf13/cobra"
)

func newRun(p *Program) *cobra.Command {
	var f targetFlags
	var ascii bool
	cmd := &cobra.Command{
		Use:   "run [flags] -- COMMAND [ARG…]",
		Short: "Start the backend and open the console on it",
		Long: `run starts the backend, opens the console on it, shows its log and restarts it
with a key. Everything after -- is passed through unchanged.`,
		Example: `  badsig run -- npm run dev
  badsig run --dir . -- node --env-file=server/.env server/server.js`,
		RunE: func(cmd *cobra.Command, args []string) error {
			at := cmd.ArgsLenAtDash()
			switch {
			case at < 0 && len(args) > 0:
				return wrong("badsig run -- "+short(strings.Join(args, " ")), "put the command after --")
			case len(args) == 0:
				return wrong("badsig run -- npm run dev", "run needs a command to start")
			case at > 0:
				return wrong("badsig run -- "+short(strings.Join(args[at:], " ")), "%q is before -- and isn't a flag of run", short(args[0]))
			}
			if !exists(args[0]) {
				return wrong("badsig run -- npm run dev", "can't find the program %q", short(args[0]))
			}
			t, err := f.target(cmd, p)
			if err != nil {
				return err
			}
			return openConsole(cmd, p, Session{Target: t, Child: args, ASCII: ascii}, "badsig check")
		},
	}
	f.register(cmd)
	cmd.Flags().BoolVar(&ascii, "ascii", false, "draw the console with ASCII characters only")
	return cmd
}

// exists reports whether a program can be started, so that a mistyped command
// is reported before the console opens.
func exists(name string) bool {
	_, err := exec.LookPath(name)
	if err != nil {
		_, err = os.Stat(name)
	}
	return err == nil
}
