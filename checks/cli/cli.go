// Package cli is badsig's command line: the command tree, the flags that
// become a target, and the exit status. It knows no rule and draws nothing;
// the console comes in as a function, so that the tree is built, tested and
// printed without a terminal library.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"runtime/debug"
	"syscall"

	"github.com/spf13/cobra"

	"badsig/checks"
	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/inspect"
	"badsig/checks/sanitize"
)

// Rules of this package:
//   - stdout carries the result and nothing else; notes, progress and errors go to stderr
//   - an error is one lowercase line; invalid usage ends with the command to type next
//   - a secret comes from a file, stdin or the environment, never from an argument,
//     and no argument is repeated in a message before clean has redacted it
//   - nothing is computed before a command runs: startup is part of every response time

// The exit status of the contract. What Report.Exit gives is passed on.
const (
	exitOK       = 0
	exitError    = 1
	exitUsage    = 2
	exitUnproven = 3
)

// Session is what the console is opened on.
type Session struct {
	Target facts.Target
	Child  []string // badsig run: the backend's command, started and shown by the console
	Demo   *Demo    // badsig demo: the current bug, and the others
	ASCII  bool     // no box characters

	Mouse   bool   // the mouse acts
	Restart bool   // the child is restarted when its env file changes
	Log     string // a log to follow; "" for none

	// Inspect says what a pasted text is. It reads the project anew at each call.
	Inspect func(text string) inspect.Finding
}

// Program is the world that main hands to the command line.
type Program struct {
	Version string
	Stdin   io.Reader
	Stdout  sanitize.Out
	Stderr  sanitize.Out
	Getenv  func(string) string

	// Console opens the console and gives the exit status with which it was left,
	// beside an error too.
	Console func(context.Context, Session) (int, error)
	// IsTerminal reports whether stdin and stdout are a terminal; Main checks before it opens the console.
	IsTerminal func() bool
	ctx        context.Context // of the command that runs; nil before one does
	known      *knowledge      // what may not be printed

	// Executable is the path of this program, for demo's backend, which is a process of its own.
	Executable func() (string, error)
}

// OS gives the Program of this process; the console is added by main.
func OS(version string) Program {
	checks.Badsig = version
	saveMemory()
	return Program{
		Version: version,
		Stdin:   os.Stdin, Stdout: sanitize.To(os.Stdout), Stderr: sanitize.To(os.Stderr), Getenv: os.Getenv,
		IsTerminal: func() bool { return isTerminal(os.Stdin) && isTerminal(os.Stdout) },
		Executable: os.Executable,
	}
}

// status ends a command with an exit status and nothing more to say.
type status int

func (s status) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

// usage is wrong use: exit status 2, and a next command where there is one.
type usage struct{ text, next string }

func (u usage) Error() string {
	if u.next == "" {
		return u.text
	}
	return u.text + "; try: " + u.next
}

//go:noinline
func wrong(next, format string, args ...any) error {
	return usage{fmt.Sprintf(format, args...), next}
}

// errInternal is a panic, where it ends a command.
var errInternal = errors.New("badsig hit an internal error; please report it, with the output of --debug-log FILE")

// Main runs the command line and gives the exit status. ctrl+c gives 130.
func Main(ctx context.Context, args []string, p Program) (exit int) {
	defer func() {
		if recover() != nil { // what it says may hold what was being worked on
			log.Printf("a command panicked: %s", debug.Stack())
			p.complain(errInternal)
			exit = exitUsage
		}
	}()
	log.SetOutput(io.Discard) // until --debug-log is read
	p.known = &knowledge{}
	err := refuseSecrets(args)
	if err == nil {
		root, out := newRoot(&p), &remembering{w: p.Stdout.Lines(p.known)}
		if len(args) > 0 && affix.HasPrefix(args[0], cobra.ShellCompRequestCmd) {
			plainUsage(root)
		}
		root.SetArgs(pastedCurl(args))
		root.SetIn(p.Stdin)
		root.SetOut(out)
		root.SetErr(p.Stderr.Lines(p.known))
		if err = root.ExecuteContext(ctx); err == nil {
			err = out.err
		}
	}
	if sig, ok := caught(p.ctx); ok {
		return 128 + int(sig)
	}
	return p.finish(err)
}

// remembering keeps the first error of a writer: cobra prints its help without
// looking whether that could be written.
type remembering struct {
	w   io.Writer
	err error
}

func (r *remembering) Write(p []byte) (int, error) {
	n, err := r.w.Write(p)
	if r.err == nil {
		r.err = err
	}
	return n, err
}

// finish says what went wrong, in one line, and gives the exit status.
func (p *Program) finish(err error) int {
	var s status
	var u usage
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &s):
		return int(s)
	case errors.Is(err, syscall.EPIPE): // the reader has seen enough
		return exitOK
	case errors.As(err, &u):
		p.complain(err)
		return exitUsage
	default:
		p.complain(err)
		return exitError
	}
}

func (p *Program) complain(err error) { p.note("%s", clean(err.Error())) }

func newRoot(p *Program) *cobra.Command {
	var f targetFlags
	var asJSON bool
	var console consoleFlags
	root := &cobra.Command{
		Use:   "badsig",
		Short: "Find out why Stream rejects your token, and what to fix first",
		Long: `badsig finds out why Stream (getstream.io) rejects your token with "JWTAuth error:
signature is not valid", and what to fix first. Without a command, it opens the
console for the project in this folder; badsig check prints the same as text.`,
		Example: `  badsig                                  open the console for this folder's project
  badsig demo                             try it on a sample project with a bug
  badsig check --json                     print one JSON document for scripts
  badsig run -- npm run dev               start the backend and watch it
  pbpaste | badsig inspect -              explain what's in the clipboard`,
		Version:       p.Version,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          noCommand,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if asJSON { // there is no console in JSON: --json means check
				return runCheck(cmd, p, &f, checkOptions{json: true})
			}
			t, err := f.target(cmd, p)
			if err != nil {
				return err
			}
			return openConsole(cmd, p, console.session(Session{Target: t}), "badsig check")
		},
		SuggestionsMinimumDistance: 2,
	}
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usage{flagError(err), cmd.CommandPath() + " --help"}
	})
	root.PersistentFlags().String("debug-log", "", "append internal debug output to `FILE`, without secrets")
	_ = root.MarkPersistentFlagFilename("debug-log")
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error {
		// Not before a command runs: --version and --help end sooner than a signal can come.
		p.ctx = withSignals(cmd.Context())
		cmd.SetContext(p.ctx)
		return openDebugLog(cmd, p)
	}
	f.register(root)
	root.Flags().BoolVar(&asJSON, "json", false, "print the same as badsig check --json instead of opening the console")
	console.register(root, false)
	root.AddCommand(newCheck(p), newMint(p), newInspect(p), newServe(p), newDemo(p), newExplain(p), newReport(p), newRun(p), newFix(p), newAgents(p), newMan(p))
	ownWords(root)
	return root
}

// ownWords makes cobra's own commands report invalid usage as badsig's do.
func ownWords(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	root.InitDefaultHelpCmd()
	for _, c := range root.Commands() {
		switch c.Name() {
		case "completion":
			c.Short = "Print a shell completion script"
			c.Args = nil
			c.RunE = func(cmd *cobra.Command, args []string) error {
				if len(args) > 0 {
					return wrong("badsig completion --help", "no completion script for %q; there are bash, zsh, fish and powershell", short(args[0]))
				}
				return cmd.Help()
			}
		case "help":
			c.Short = "Print help for a command"
			c.RunE = func(cmd *cobra.Command, args []string) error {
				about, rest, err := root.Find(args)
				if err != nil || len(rest) > 0 {
					return noCommand(root, args)
				}
				return about.Help()
			}
		}
	}
}

// noCommand rejects arguments that aren't a command, and suggests the nearest one.
func noCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		return wrong("badsig "+near[0], "unknown command %q", short(args[0]))
	}
	if looksPasted(args[0]) {
		return wrong("badsig inspect -", "unknown command; to find out what a pasted text is, pipe it to badsig inspect")
	}
	return wrong("badsig --help", "unknown command %q", short(args[0]))
}

// noArgs is cobra.NoArgs in badsig's words.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return wrong(cmd.CommandPath()+" --help", "%s doesn't accept arguments, got %q", cmd.CommandPath(), short(args[0]))
}
