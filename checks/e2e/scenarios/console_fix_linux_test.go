package scenarios

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"badsig/checks/e2e/child"
	"badsig/checks/internal/eventually"
	"badsig/checks/internal/nodetest"
)

// In the console F shows a real edit, y makes it, the backend that badsig started
// starts again and its token is valid, and u puts the file back byte for byte.
func TestConsoleFixes(t *testing.T) {
	live(t)
	bin, s, l, streamURL := faulty(t, "secret-whitespace")
	main := l.all()[0]
	for _, p := range l.all() { // badsig starts it itself
		if old := l.procs[p.Name]; old != nil {
			old.Stop()
		}
	}
	args := append(append([]string{"run"}, l.flags(PairOnline, streamURL)...), "--", "sh", "-c", "cd "+filepath.Join(l.Dir, main.Dir)+" && exec "+strings.Join(main.Cmd, " "))
	var env []string
	for _, e := range main.Env {
		env = append(env, l.Vars.fill(e))
	}
	c := l.console(t, env, bin, args...)
	file := filepath.Join(l.Dir, s.Layout.Env)
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	sees := func(what string) { t.Helper(); c.sees(t, what) }
	is := func(same bool) func() bool {
		return func() bool { now, _ := os.ReadFile(file); return (string(now) == string(before)) == same }
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
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(file), ".badsig*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// Where the backend runs in a terminal of its own, the console says what to restart,
// with the command; once that is done its token is valid, without a key being
// pressed. u puts the file back, and says the same.
func TestConsoleFixesWhatRunsElsewhere(t *testing.T) {
	live(t)
	bin, _, l, streamURL := faulty(t, "secret-case")
	c := l.console(t, nil, bin, l.flags(PairOnline, streamURL)...)
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
	sees := func(what string) { t.Helper(); c.sees(t, what) }
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

// faulty starts the Express project of a group's first scenario, and the stand-in for Stream.
func faulty(t *testing.T, group string) (bin string, s Scenario, l *Live, streamURL string) {
	t.Helper()
	pkgs := nodetest.Packages(t)
	if bin = os.Getenv("FIX_BADSIG"); bin == "" {
		bin = buildBadsig(t)
	}
	i := slices.IndexFunc(All(), func(s Scenario) bool {
		return s.Group() == group && s.Layout.Name == Express5.Name && s.Procs == nil && s.Steps == nil && s.URL == ""
	})
	s = All()[i]
	l, err := setUp(s, t.TempDir(), pkgs)
	t.Cleanup(l.close)
	if err != nil {
		t.Fatal(err)
	}
	_, streamURL, stop, err := l.standIn(time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return bin, s, l, streamURL
}

// console opens badsig on a pseudo-terminal in the project's folder; it ends with the test.
func (l *Live) console(t *testing.T, env []string, bin string, args ...string) *console {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 3*eventually.Long)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, bin, args...)
	cmd.Dir, cmd.Env = l.Dir, append(append(child.BareEnv(l.Root), "TERM=xterm-256color"), env...)
	c, err := openConsole(cmd)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.end(func() { c.press("\x03") }) })
	return c
}

// sees waits until a string is on the screen.
func (c *console) sees(t *testing.T, what string) {
	t.Helper()
	if !soon(func() bool { return strings.Contains(c.stripped(), what) }) {
		t.Fatalf("the console doesn't show %q:\n%s", what, c.stripped())
	}
}
