//go:build linux

package recording

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/hinshun/vt10x"
)

// terminal is the real program on a pseudo-terminal.
type terminal struct {
	t   *testing.T
	dir string
	cmd *exec.Cmd
	p   *os.File

	mu      sync.Mutex
	vt      vt10x.Terminal
	written strings.Builder // since wrote was called
	last    time.Time
}

// patience is how long a screen may take on a busy machine.
const patience = 45 * time.Second

var built struct {
	sync.Once
	dir, exe string
	err      string
}

// TestMain lets all tests of the room run at the same time, for they wait for screens, and removes what was built.
func TestMain(m *testing.M) {
	flag.Parse()
	_ = flag.Set("test.parallel", "4")
	code := m.Run()
	if built.dir != "" {
		_ = os.RemoveAll(built.dir)
	}
	os.Exit(code)
}

// build builds badsig, once.
func build(t *testing.T) {
	t.Helper()
	built.Do(func() {
		dir, err := os.MkdirTemp("", "badsig-recording")
		if err != nil {
			built.err = err.Error()
			return
		}
		built.dir, built.exe = dir, filepath.Join(dir, "badsig")
		if out, err := exec.Command("go", "build", "-ldflags", "-s -w", "-o", built.exe, "badsig").CombinedOutput(); err != nil {
			built.err = err.Error() + ": " + string(out)
		}
	})
	if built.err != "" {
		t.Fatal(built.err)
	}
}

// open starts badsig in a folder of its own.
func open(t *testing.T, env []string, args ...string) *terminal {
	t.Helper()
	build(t)
	dir := t.TempDir()
	c := &terminal{t: t, dir: dir, cmd: exec.Command(built.exe, args...), vt: vt10x.New(vt10x.WithSize(wide, high)), last: time.Now()}
	c.cmd.Dir = dir
	c.cmd.Env = append([]string{"TERM=xterm-256color", "COLORTERM=truecolor", "LANG=C.UTF-8", "PATH=" + os.Getenv("PATH"), "HOME=" + dir, "TMPDIR=" + dir, "XDG_STATE_HOME=" + dir}, env...)
	p, err := pty.StartWithSize(c.cmd, &pty.Winsize{Rows: high, Cols: wide})
	if err != nil {
		if _, absent := os.Stat("/dev/ptmx"); absent != nil {
			t.Skip("no pseudo-terminal: ", err)
		}
		t.Fatal(err)
	}
	c.p = p
	t.Cleanup(func() { _ = c.cmd.Process.Kill(); _ = c.cmd.Wait(); p.Close() })
	go func() {
		buf := make([]byte, 64<<10)
		for {
			n, err := p.Read(buf)
			c.mu.Lock()
			_, _ = c.vt.Write(buf[:n])
			c.written.Write(buf[:n])
			c.last = time.Now()
			c.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
	return c
}

func (c *terminal) types(keys string) { _, _ = c.p.WriteString(keys) }

// sees waits until every text is on the screen.
func (c *terminal) sees(texts ...string) {
	c.t.Helper()
	c.until(fmt.Sprintf("%q", texts), func(screen string, _ time.Duration) bool { return has(screen, texts) })
}

func has(screen string, texts []string) bool {
	return !slices.ContainsFunc(texts, func(text string) bool { return !strings.Contains(screen, text) })
}

// until waits until a screen is the one that is waited for, told how long it hasn't changed.
func (c *terminal) until(what string, ok func(screen string, quiet time.Duration) bool) {
	c.t.Helper()
	for late := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		c.mu.Lock()
		screen := c.vt.String()
		done := ok(screen, time.Since(c.last))
		c.mu.Unlock()
		if done {
			return
		}
		if time.Now().After(late) {
			c.t.Fatalf("no %s on the screen:\n%s", what, screen)
		}
	}
}

// wrote is what was written since the last call.
func (c *terminal) wrote() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := c.written.String()
	c.written.Reset()
	return out
}

// ends waits for the program's end, and gives its exit status.
func (c *terminal) ends() int {
	c.t.Helper()
	done := make(chan struct{})
	go func() { _ = c.cmd.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(patience):
		c.t.Fatal("it doesn't end")
	}
	return c.cmd.ProcessState.ExitCode()
}
