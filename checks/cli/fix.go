package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"badsig/checks"
	"badsig/checks/causes"
	"badsig/checks/finding"
	"badsig/checks/fix"
)

// Rules of this file:
//   - nothing is written before it was shown, and without --yes not before a person has said y
//   - a cause that is only likely isn't fixed without a person
//   - the exit status is what badsig check would give afterwards

// fixOptions is what fix has beside its target.
type fixOptions struct{ dryRun, yes, static bool }

func newFix(p *Program) *cobra.Command {
	var f targetFlags
	var o fixOptions
	cmd := &cobra.Command{
		Use:   "fix [CAUSE]",
		Short: "Show the edit that fixes the cause, make it, and check again",
		Long: `fix runs all checks and shows the edit that fixes the root cause (or CAUSE) as a
unified diff, with secrets masked. badsig has already tried the edit in memory:
the cause is gone and there's no new problem. It edits your files only after you
type y, and checks again.

Exit status: as for badsig check, after the edit.`,
		Example: `  badsig fix
  badsig fix --dry-run
  badsig fix secret-whitespace --yes`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return wrong("badsig fix --help", "badsig fix accepts one cause, got %q", short(args[1]))
			}
			return nil
		},
		RunE:              func(cmd *cobra.Command, args []string) error { return runFix(cmd, p, &f, o, args) },
		ValidArgsFunction: causeCompletion,
	}
	f.register(cmd)
	cmd.Flags().BoolVar(&o.dryRun, "dry-run", false, "print the edit and change nothing")
	staticFlag(cmd, &o.static)
	cmd.Flags().BoolVar(&o.yes, "yes", false, "make the edit without a question; only for a confirmed cause")
	return cmd
}

func runFix(cmd *cobra.Command, p *Program, f *targetFlags, o fixOptions, args []string) error {
	t, err := f.target(cmd, p)
	if err != nil {
		return err
	}
	if len(args) == 1 {
		if _, known := causes.PageOf(causes.ID(args[0])); !known {
			return unknownCause(args[0], "badsig fix")
		}
	}
	if !o.yes && !o.dryRun && !p.IsTerminal() {
		return wrong("badsig fix --dry-run", "badsig fix needs a terminal for its question; use --dry-run or --yes")
	}
	t.Static = o.static
	r, world, err := p.seen(cmd.Context(), t)
	if err != nil {
		return err
	}
	c := wanted(r, args)
	if c == nil {
		return nothingToFix(p, r, args)
	}
	fx, err := fix.Open(r, world, c)
	switch {
	case errors.Is(err, fix.ErrNone):
		return byHand(p, r, c)
	case err != nil:
		return err
	}
	if err := p.showFix(c, fx); err != nil {
		return err
	}
	switch {
	case o.dryRun:
		return status(r.Exit())
	case o.yes && !fx.Certain:
		return wrong("badsig fix "+string(c.ID), "%s is only likely, so badsig fix makes no edit without a question", c.ID)
	case !o.yes && !p.agreed(cmd.Context()):
		return p.endFix("Nothing was changed.\n", r)
	}
	if _, err := fx.Apply(); err != nil {
		return fmt.Errorf("nothing was changed: %w", err)
	}
	what, command := fx.Restart()
	if err := p.print("Changed " + strings.Join(fx.Files(), ", ") + ".\n"); err != nil {
		return err
	}
	again, err := p.diagnose(cmd.Context(), t)
	if err != nil {
		return err
	}
	return p.endFix(afterFix(again, what, command), again)
}

// endFix prints a last word, and ends with a report's exit status.
func (p *Program) endFix(text string, r *checks.Report) error {
	if err := p.print(text); err != nil {
		return err
	}
	return status(r.Exit())
}

// wanted is the cause that is named, else the root cause; nil where it isn't there.
func wanted(r *checks.Report, args []string) *finding.Cause {
	if len(args) == 0 {
		return r.Root()
	}
	i := slices.IndexFunc(r.Causes, func(c finding.Cause) bool { return string(c.ID) == args[0] })
	if i < 0 {
		return nil
	}
	return &r.Causes[i]
}

func nothingToFix(p *Program, r *checks.Report, args []string) error {
	text := "There's no problem to fix."
	switch {
	case len(args) > 0 && len(r.Causes) > 0:
		text = args[0] + " isn't among the problems that were found; the first is " + string(r.Causes[0].ID) + "."
	case len(args) > 0:
		text = args[0] + " wasn't found."
	case r.Verdict == checks.Unproven:
		text = "No problem was found, but something couldn't be determined; run badsig check."
	}
	return p.endFix(text+"\n", r)
}

// byHand says the steps of a cause that no edit of a file cures.
func byHand(p *Program, r *checks.Report, c *finding.Cause) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s)\n\nbadsig knows no edit that it could prove. What to do:\n", c.Title, c.ID)
	for i, s := range c.Fix {
		fmt.Fprintf(&b, "  %d. %s\n", i+1, s.Text)
		if s.Command != "" {
			fmt.Fprintf(&b, "     $ %s\n", s.Command)
		}
	}
	return p.endFix(b.String(), r)
}

func (p *Program) showFix(c *finding.Cause, fx *fix.Fix) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s)\n%s\n\n%s\n", c.Title, c.ID, fx.Text(), fx.Diff())
	if tried := fx.Tried(); tried != "" {
		fmt.Fprintf(&b, "Tried in memory: %s.\n", tried)
	}
	for _, n := range fx.Notes() {
		fmt.Fprintf(&b, "Note: %s.\n", n)
	}
	return p.print(b.String())
}

// agreed puts the question.
func (p *Program) agreed(ctx context.Context) bool {
	if p.print("Make this edit? [y/N] ") != nil {
		return false
	}
	line, _ := waited(ctx, func() (string, error) { return bufio.NewReader(io.LimitReader(p.Stdin, 100)).ReadString('\n') })
	if ctx.Err() != nil {
		_ = p.print("\n")
		return false
	}
	switch strings.ToLower(strings.TrimSpace(line)) {
	case "y", "yes":
		return true
	}
	return false
}

// afterFix says what is left to do after an edit.
func afterFix(r *checks.Report, what, command string) string {
	if r.Verdict == checks.Accepted && !r.Facts.Target.Static {
		return "Checked again: the token is valid.\n"
	}
	text := "Restart " + what + ", then run badsig check."
	if root := r.Root(); root != nil {
		text += fmt.Sprintf(" Until then: %s (%s)", root.Title, root.ID)
	}
	if command != "" {
		text += "\n  $ " + command
	}
	return text + "\n"
}
