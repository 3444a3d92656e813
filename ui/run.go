// Package ui is the console: panes on Bubble Tea over the events of a
// diagnosis. It is the only room that knows a terminal.
package ui

import (
	"badsig/checks/facts"
	"context"
	"errors"
	"os"
	"runtime/debug"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/term"

	"badsig/checks"
	"badsig/checks/affix"
	"badsig/checks/sanitize"
	"badsig/checks/watching"
	"badsig/ui/theme"
)

// ErrNoTerminal says that there is no terminal to open the console on.
var ErrNoTerminal = errors.New("the console needs a terminal; without one, use badsig check")

// waitingGC makes up for the little that a console allocates while it waits,
// which would otherwise grow the heap to twice what a run needs.
const waitingGC = 50

// Run opens the console and gives the exit status of the last diagnosis: 0, 1
// or 3 as the contract has them, 130 after ctrl+c and when ctx ended, 129 when
// the terminal was closed, 2 with an error. After the screen was restored it
// prints the verdict and the first fix as two plain lines.
func Run(ctx context.Context, opt Options) (exit int, err error) {
	if opt.Run == nil {
		opt.Run = checks.Run
	}
	if opt.Offer == nil {
		opt.Offer = realFixes
	}
	if opt.OpenFix == nil {
		opt.OpenFix = openFix
	}
	if opt.Owners == nil {
		opt.Owners = watching.Owners
	}
	if opt.Neighbors == nil {
		opt.Neighbors = watching.Neighbors
	}
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.In == nil {
		opt.In = os.Stdin
	}
	if opt.Out == nil {
		opt.Out = os.Stdout
	}
	if !term.IsTerminal(opt.In.Fd()) || !term.IsTerminal(opt.Out.Fd()) {
		return 2, ErrNoTerminal
	}
	switch locale := facts.First(os.Getenv("LC_ALL"), os.Getenv("LC_CTYPE"), os.Getenv("LANG")); {
	case os.Getenv("TERM") == "dumb":
		return 2, errors.New("this terminal (TERM=dumb) can't show the console; use badsig check")
	case os.Getenv("TERM") == "linux", locale != "" && !affix.Contains(strings.ToUpper(affix.ReplaceAll(locale, "-", "")), "UTF8"):
		opt.ASCII = true
	}
	defer debug.SetGCPercent(debug.SetGCPercent(waitingGC))
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	in, out := newKeyboard(opt.In), &canvas{File: opt.Out}
	a := newApp(ctx, opt, os.Getenv("NO_COLOR") == "")
	a.in, a.canvas, a.clip = in, out, newClipboard(out)
	a.links = newLinker(os.Getenv)
	defer func() {
		if !a.close() {
			out.print(sanitize.Printed("badsig: "+watching.StillStopping, a.s))
		}
	}()
	with := []tea.ProgramOption{tea.WithAltScreen(), tea.WithInput(in), tea.WithOutput(out), tea.WithFPS(1), tea.WithoutSignalHandler()}
	if opt.Mouse {
		with = append(with, tea.WithMouseCellMotion())
	}
	p := tea.NewProgram(a, with...)
	before, _ := term.GetState(opt.In.Fd())
	if _, err = p.Run(); err != nil && before != nil {
		// Bubble Tea leaves the screen as it is where it could not begin.
		_ = term.Restore(opt.In.Fd(), before)
		out.restore()
	}
	switch {
	case a.fell || errors.Is(err, tea.ErrProgramPanic):
		return 2, errors.New("badsig hit an internal error; please report it with what badsig --debug-log FILE writes (badsig check runs the same checks without a screen)")
	case ctx.Err() != nil:
		a.exit, err = interrupted, nil
	case in.lost(): // and what could not be read or written for that reason isn't news
		a.exit, err = hungUp, nil
	case err != nil:
		return 2, err
	}
	a.runs.stop()
	if keep := a.state.keep(a.s.target.UserID, a.s.target.UserName); keep != nil && a.s.report != nil {
		keep()
	}
	for _, line := range (screen{a}).farewell() {
		out.print(sanitize.Printed(line, a.s))
	}
	if a.exit < 0 {
		a.exit = 3
		if a.s.report != nil {
			a.exit = a.s.report.Exit()
		}
	}
	return a.exit, err
}

// close ends what the console started: the run, the watching, the child. It
// reports whether they have ended.
func (a *app) close() bool {
	a.runs.stop()
	if c := a.s.child; c != nil && c.proc != nil && c.state == childUp {
		return c.proc.Leave()
	}
	return true
}

// farewell is the verdict and the first fix, as two plain lines.
func (a screen) farewell() []string {
	if a.s.report == nil {
		return nil
	}
	_, sign, say := a.verdict()
	out := []string{sign + " " + say}
	if c := a.s.root(); c != nil && len(c.Fix) > 0 {
		fix := "  Fix: " + clean(c.Fix[0].Text)
		if c.Fix[0].Command != "" {
			fix += ": " + clean(c.Fix[0].Command)
		}
		out = append(out, fix)
	} else {
		out = append(out, "  Nothing to fix")
		if a.s.report.Verdict != checks.Accepted {
			out[1] = "  Run badsig check to see what couldn't be checked"
		}
	}
	if a.opt.ASCII {
		for i := range out {
			out[i] = theme.Typed.Replace(out[i])
		}
	}
	return out
}
