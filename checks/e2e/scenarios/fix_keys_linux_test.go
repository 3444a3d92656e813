package scenarios

import (
	"context"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"

	"badsig/checks/e2e/child"
	"badsig/checks/internal/eventually"
)

// byKey sets a fault up once more, with the console on it: with badsig run where it is one of a
// process that runs, so that the backend is badsig's own child, else with badsig alone, which
// starts the command that it found. Two keys are pressed: F and y. It is green where badsig check,
// a program of its own, then finds nothing wrong, while the console still runs; else it says why not.
func byKey(t *testing.T, s Scenario, bin, pkgs string, root Cause) (green bool, why string) {
	t.Helper()
	m := fixMode(s)
	var c *console
	var streamURL string
	open := func(l *Live, dir string, env, args []string) error {
		_, url, stop, err := l.standIn(time.Time{})
		if err != nil {
			return err
		}
		t.Cleanup(stop)
		streamURL = url
		args = slices.Concat(args[:min(1, len(args))], l.flags(m, url), args[min(1, len(args)):])
		cmd := exec.CommandContext(t.Context(), bin, args...)
		cmd.Dir, cmd.Env = dir, append(env, "TERM=xterm-256color")
		c, err = openConsole(cmd)
		return err
	}
	launch := func(l *Live, p Proc, argv, env []string) error {
		if c != nil {
			return fmt.Errorf("%s is started twice", p.Name)
		}
		err := open(l, filepath.Join(l.Dir, filepath.FromSlash(l.Vars.fill(p.Dir))), env, append([]string{"run", "--"}, argv...))
		if err != nil || p.Addr == "-" {
			return err
		}
		addr := p.Addr
		if addr == "" {
			addr = "localhost:{{PORT}}"
		}
		return (&child.Process{Done: c.done}).Wait(p.Name, l.Vars.fill(addr))
	}
	if root.ID == "server-down" {
		launch = nil
	}
	l, err := setUpWith(s, t.TempDir(), pkgs, launch)
	t.Cleanup(l.close)
	defer func() {
		if c != nil {
			c.end(func() { c.press("\x03") })
		}
	}()
	if err != nil {
		return false, err.Error()
	}
	before := l.tree(t)
	if c == nil {
		if err := open(l, l.Dir, child.BareEnv(l.Root), nil); err != nil {
			return false, err.Error()
		}
	}
	if !pressed(c) {
		return false, "F offers no start of the backend"
	}
	var after Answer
	for end := time.Now().Add(eventually.Long); ; time.Sleep(300 * time.Millisecond) {
		after, err = l.badsig(bin, m, streamURL)
		if err == nil && after.Exit == 0 && !slices.Contains(after.Report.ids(""), root.ID) {
			break
		}
		if time.Now().After(end) {
			return false, fmt.Sprintf("after F and y: %v %v", after.Report.ids(""), err)
		}
	}
	for name, text := range l.tree(t) {
		if before[name] != text {
			t.Errorf("a start of the backend changed %s", name)
		}
	}
	for _, found := range l.secrets().Search(c.stripped(), l.issued...) {
		t.Errorf("the console shows %s", found)
	}
	return true, ""
}

// pressed presses F until a start is offered, declines every edit that is offered before, and presses y.
func pressed(c *console) bool {
	for end := time.Now().Add(eventually.Long); time.Now().Before(end); {
		seen := len(c.stripped())
		c.press("F")
		for range 20 {
			time.Sleep(50 * time.Millisecond)
			if now := c.stripped(); strings.Contains(now[min(seen, len(now)):], "art the backend?") {
				c.press("y")
				return true
			} else if strings.Contains(now[min(seen, len(now)):], "Make this edit?") {
				c.press("n")
				break
			}
		}
	}
	return false
}

// fixAsked runs badsig fix on a terminal, and types y at its question.
func (l *Live) fixAsked(ctx context.Context, bin string, m Mode, streamURL string) (out string, exit int, err error) {
	ctx, cancel := context.WithTimeout(ctx, 90*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, bin, append([]string{"fix"}, l.flags(m, streamURL)...)...)
	cmd.Dir, cmd.Env = l.Root, child.BareEnv(l.Root)
	for _, e := range l.Scenario.Env {
		cmd.Env = append(cmd.Env, l.Vars.fill(e))
	}
	master, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 50, Cols: 160})
	if err != nil {
		return "", 0, err
	}
	defer master.Close()
	var seen eventually.Output
	done := make(chan struct{})
	go func() { _, _ = io.Copy(&seen, master); close(done) }()
	if !soon(func() bool { return strings.Contains(seen.String(), "[y/N]") }) {
		_ = cmd.Process.Kill()
		return seen.String(), 2, cmd.Wait()
	}
	_, _ = master.WriteString("y\n")
	_ = cmd.Wait()
	<-done
	return seen.String(), cmd.ProcessState.ExitCode(), nil
}
