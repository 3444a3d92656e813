package cli

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"github.com/spf13/cobra"

	"badsig/checks/facts"
	"badsig/checks/shell"
	"badsig/checks/watching"
)

func newRun(p *Program) *cobra.Command {
	var f targetFlags
	var console consoleFlags
	cmd := &cobra.Command{
		Use:   "run [flags] [-- COMMAND [ARG…]]",
		Short: "Start the backend and open the console on it",
		Long: `run starts the backend, opens the console on it, shows its log and restarts it
with a key. Everything after -- is passed through unchanged. Without a command, it
starts the one that the project's files name. Without a terminal, it's badsig check
--watch with the backend's log, until the backend ends.`,
		Example: `  badsig run
  badsig run -- npm run dev
  badsig run --dir . -- node --env-file=server/.env server/server.js`,
		RunE: func(cmd *cobra.Command, args []string) error {
			at := cmd.ArgsLenAtDash()
			switch {
			case at < 0 && len(args) > 0:
				return wrong("badsig run -- "+short(strings.Join(args, " ")), "put the command after --")
			case at > 0:
				return wrong("badsig run -- "+short(strings.Join(args[at:], " ")), "%q is before -- and isn't a flag of run", short(args[0]))
			}
			if len(args) > 0 && !exists(args[0]) {
				return wrong("badsig run -- npm run dev", "can't find the program %q", short(args[0]))
			}
			t, err := f.target(cmd, p)
			if err != nil {
				return err
			}
			if len(args) == 0 {
				if args, err = p.startCommand(cmd.Context(), t); err != nil {
					return err
				}
			}
			if p.Console == nil || !p.IsTerminal() {
				return p.runWithoutConsole(cmd.Context(), t, args)
			}
			return p.open(cmd.Context(), console.session(Session{Target: t, Child: args}))
		},
	}
	f.register(cmd)
	console.register(cmd, true)
	return cmd
}

// startCommand is the command that the project's files name, and says so.
func (p *Program) startCommand(ctx context.Context, t facts.Target) ([]string, error) {
	t.Offline = true
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	command := facts.StartCommand(lookAt(ctx, t).Snapshot())
	if command == "" {
		return nil, wrong("badsig run -- npm run dev", "can't find the command that starts the backend")
	}
	p.note("starting %s", command)
	return shell.ArgsIn(t.Dir, command), nil
}

// runWithoutConsole starts the backend and follows it line by line.
func (p *Program) runWithoutConsole(ctx context.Context, t facts.Target, args []string) error {
	child, err := startChild(ctx, args)
	if err != nil {
		return fmt.Errorf("couldn't start %s: %s", short(args[0]), plain(err))
	}
	defer func() {
		if !child.proc.Leave() {
			p.note(watching.StillStopping)
		}
	}()
	return p.follow(ctx, t, false, child)
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
