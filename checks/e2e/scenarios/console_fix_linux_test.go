package scenarios

import (
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"

	"badsig/checks/e2e/child"
	"badsig/checks/internal/eventually"
	"badsig/checks/internal/nodetest"
)

// In the console F shows a real edit, y makes it, the backend that badsig started
// starts again and its token is valid, and u puts the file back byte for byte.
func TestConsoleFixes(t *testing.T) {
	live(t)
	pkgs := nodetest.Packages(t)
	bin := os.Getenv("FIX_BADSIG")
	if bin == "" {
		bin = buildBadsig(t)
	}
	i := slices.IndexFunc(All(), func(s Scenario) bool {
		return s.Group() == "secret-whitespace" && s.Layout.Name == Express5.Name && s.Procs == nil && s.Steps == nil && s.URL == ""
	})
	s := All()[i]
	l, err := setUp(s, t.TempDir(), pkgs)
	t.Cleanup(l.close)
	if err != nil {
		t.Fatal(err)
	}
	_, streamURL, stop, err := l.standIn(time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	main := l.all()[0]
	for _, p := range l.all() { // badsig starts it itself
		if old := l.procs[p.Name]; old != nil {
			old.Stop()
		}
	}
	args := append(append([]string{"run"}, l.flags(PairOnline, streamURL)...), "--", "sh", "-c", "cd "+filepath.Join(l.Dir, main.Dir)+" && exec "+strings.Join(main.Cmd, " "))
	ctx, cancel := context.WithTimeout(t.Context(), 3*eventually.Long)
	defer cancel()
	cmd := exec.CommandContext(ctx, bin, args...)
	cmd.Dir, cmd.Env = l.Dir, append(child.BareEnv(l.Root), "TERM=xterm-256color")
	for _, e := range main.Env {
		cmd.Env = append(cmd.Env, l.Vars.fill(e))
	}
	master, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 50, Cols: 160})
	if err != nil {
		t.Fatal(err)
	}
	c := &console{cmd: cmd, done: make(chan struct{}), master: master}
	go func() {
		_, _ = io.Copy(&c.out, master)
		_ = cmd.Wait()
		close(c.done)
	}()
	defer c.end(func() { c.press("\x03") })
	env := filepath.Join(l.Dir, s.Layout.Env)
	before, err := os.ReadFile(env)
	if err != nil {
		t.Fatal(err)
	}
	sees := func(what string) {
		t.Helper()
		if !soon(func() bool { return strings.Contains(c.stripped(), what) }) {
			t.Fatalf("the console doesn't show %q:\n%s", what, c.stripped())
		}
	}
	is := func(same bool) func() bool {
		return func() bool { now, _ := os.ReadFile(env); return (string(now) == string(before)) == same }
	}
	sees("tried:")
	c.press("F")
	sees("Make this edit?")
	if !is(true)() {
		t.Fatal("it wrote before it was told to")
	}
	c.press("y")
	if !soon(is(false)) {
		t.Fatalf("y makes no edit:\n%s", c.stripped())
	}
	sees("restarting the backend")
	sees("Fixed:")
	c.press("u")
	if !soon(is(true)) {
		t.Errorf("u doesn't put the file back:\n%s", c.stripped())
	}
	for _, found := range l.secrets().Search(c.stripped(), l.issued...) {
		t.Errorf("the console shows %s", found)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(env), ".badsig*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// Where the backend runs in a terminal of its own, the console says what to restart,
// with the command; once that is done its token is valid, without a key being
// pressed. u puts the file back, and says the same.
func TestConsoleFixesWhatRunsElsewhere(t *testing.T) {
	live(t)
	pkgs := nodetest.Packages(t)
	bin := os.Getenv("FIX_BADSIG")
	if bin == "" {
		bin = buildBadsig(t)
	}
	i := slices.IndexFunc(All(), func(s Scenario) bool {
		return s.Group() == "secret-case" && s.Layout.Name == Express5.Name && s.Procs == nil && s.Steps == nil && s.URL == ""
	})
	s := All()[i]
	l, err := setUp(s, t.TempDir(), pkgs)
	t.Cleanup(l.close)
	if err != nil {
		t.Fatal(err)
	}
	_, streamURL, stop, err := l.standIn(time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	ctx, cancel := context.WithTimeout(t.Context(), 3*eventually.Long)
	defer cancel()
	cmd := exec.CommandContext(ctx, bin, l.flags(PairOnline, streamURL)...)
	cmd.Dir, cmd.Env = l.Dir, append(child.BareEnv(l.Root), "TERM=xterm-256color")
	master, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 50, Cols: 160})
	if err != nil {
		t.Fatal(err)
	}
	c := &console{cmd: cmd, done: make(chan struct{}), master: master}
	go func() {
		_, _ = io.Copy(&c.out, master)
		_ = cmd.Wait()
		close(c.done)
	}()
	defer c.end(func() { c.press("\x03") })
	before := l.tree(t)
	changed := func() []string {
		var out []string
		for name, text := range l.tree(t) {
			if before[name] != text {
				out = append(out, name)
			}
		}
		return out
	}
	sees := func(what string) {
		t.Helper()
		if !soon(func() bool { return strings.Contains(c.stripped(), what) }) {
			t.Fatalf("the console doesn't show %q:\n%s", what, c.stripped())
		}
	}
	sees("tried:")
	c.press("F")
	sees("Make this edit?")
	c.press("n")
	sees("nothing was changed")
	if now := changed(); len(now) > 0 {
		t.Fatalf("%v changed before y", now)
	}
	c.press("F")
	c.press("y")
	sees("now restart the backend")
	if now := changed(); len(now) != 1 {
		t.Fatalf("changed: %v", now)
	}
	if err := l.restart(); err != nil {
		t.Fatal(err)
	}
	sees("Fixed:")
	c.press("u")
	sees("undone:")
	if !soon(func() bool { return len(changed()) == 0 }) {
		t.Errorf("u doesn't put everything back: %v", changed())
	}
	c.press("u")
	sees("nothing to undo")
	for _, found := range l.secrets().Search(c.stripped(), l.issued...) {
		t.Errorf("the console shows %s", found)
	}
}
