//go:build unix

package ui

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/term"
	"github.com/creack/pty"
	"github.com/hinshun/vt10x"
)

// lastBytes is written to the terminal after the program: what the program wrote has been read when this has. It shows nothing.
const lastBytes = "\x1b]777;ended\x07"

// patience is how long a screen may take on a busy machine.
const patience = 45 * time.Second

// screenOf is a program on a pseudo-terminal with an emulated screen.
type screenOf struct {
	t    *testing.T
	cmd  *exec.Cmd
	tty  *os.File // its side, kept open so that its modes can be read
	pty  *os.File
	vt   vt10x.Terminal
	mu   sync.Mutex
	raw  bytes.Buffer
	was  term.State
	dir  string
	done chan error
}

// openConsole starts the helper's console in a project of its own.
func openConsole(t *testing.T, w, h int, scene string, env ...string) *screenOf {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"scene": scene, "owners": "[a]", "server/.env": "X=1\n"} {
		if err := os.MkdirAll(filepath.Join(dir, "server"), 0o755); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, name), text)
	}
	return startOn(t, dir, w, h, []string{os.Args[0]}, env...)
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func startOn(t *testing.T, dir string, w, h int, args []string, env ...string) *screenOf {
	t.Helper()
	p, tty, err := pty.Open()
	if err != nil {
		if _, absent := os.Stat("/dev/ptmx"); absent != nil {
			t.Skip("no pseudo-terminal: ", err)
		}
		t.Fatal(err)
	}
	if err := pty.Setsize(p, &pty.Winsize{Rows: uint16(h), Cols: uint16(w)}); err != nil {
		t.Fatal(err)
	}
	s := &screenOf{t: t, pty: p, tty: tty, vt: vt10x.New(vt10x.WithSize(w, h)), dir: dir, done: make(chan error, 1)}
	if st, err := term.GetState(tty.Fd()); err == nil {
		s.was = *st
	}
	s.cmd = exec.Command(args[0], args[1:]...)
	s.cmd.Env = append(os.Environ(), helperEnv+"=console", "TERM=xterm-256color", "TMUX=", "DISPLAY=", "WAYLAND_DISPLAY=", "SSH_TTY=x", "NO_COLOR=",
		"SCENE="+filepath.Join(dir, "scene"), "OWNERS="+filepath.Join(dir, "owners"), "DIR="+dir)
	s.cmd.Env = append(s.cmd.Env, env...)
	s.cmd.Stdin, s.cmd.Stdout, s.cmd.Stderr = tty, tty, tty
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		buf := make([]byte, 64<<10)
		for {
			n, err := p.Read(buf)
			s.mu.Lock()
			s.raw.Write(buf[:n])
			_, _ = s.vt.Write(buf[:n])
			s.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
	go func() { s.done <- s.cmd.Wait() }()
	t.Cleanup(func() {
		_ = s.cmd.Process.Kill()
		_ = tty.Close()
		_ = p.Close()
	})
	return s
}

func (s *screenOf) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.vt.String()
}

func (s *screenOf) bytes() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.TrimSuffix(s.raw.String(), lastBytes)
}

// sees waits until every text is on the screen.
func (s *screenOf) sees(texts ...string) {
	s.t.Helper()
	s.until("shows "+strings.Join(texts, ", "), func() bool {
		screen := s.text()
		for _, text := range texts {
			if !strings.Contains(screen, text) {
				return false
			}
		}
		return true
	})
}

func (s *screenOf) until(what string, ok func() bool) {
	s.t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(15 * time.Millisecond) {
		if ok() {
			return
		}
	}
	s.t.Fatalf("never %s:\n%s", what, s.text())
}

func (s *screenOf) types(text string) {
	s.t.Helper()
	if _, err := s.pty.WriteString(text); err != nil {
		s.t.Fatal(err)
	}
}

// ends waits for the program's end and gives its status.
func (s *screenOf) ends() int {
	s.t.Helper()
	select {
	case <-s.done:
	case <-time.After(patience):
		s.t.Fatalf("it does not end:\n%s", s.text())
	}
	if _, err := s.tty.WriteString(lastBytes); err != nil {
		s.t.Fatal(err)
	}
	s.until("gave its last bytes", func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return bytes.HasSuffix(s.raw.Bytes(), []byte(lastBytes))
	})
	return s.cmd.ProcessState.ExitCode()
}

// sane tells that the terminal is as it was: modes, screen, cursor, paste.
func (s *screenOf) sane() {
	s.t.Helper()
	st, err := term.GetState(s.tty.Fd())
	if err != nil {
		s.t.Fatal(err)
	}
	if fmt.Sprint(*st) != fmt.Sprint(s.was) {
		s.t.Error("the terminal's modes were not restored")
	}
	raw := s.bytes()
	for on, off := range map[string]string{"\x1b[?1049h": "\x1b[?1049l", "\x1b[?25l": "\x1b[?25h", "\x1b[?2004h": "\x1b[?2004l"} {
		if strings.LastIndex(raw, on) > strings.LastIndex(raw, off) {
			s.t.Errorf("%q was not taken back", on)
		}
	}
}

func (s *screenOf) resize(w, h int) {
	s.mu.Lock()
	s.vt.Resize(w, h)
	s.mu.Unlock()
	if err := pty.Setsize(s.pty, &pty.Winsize{Rows: uint16(h), Cols: uint16(w)}); err != nil {
		s.t.Fatal(err)
	}
}

func TestTerminalOpenAndLeave(t *testing.T) {
	t.Parallel()
	s := openConsole(t, 120, 36, "rejected")
	s.sees("The API secret ends in a space", "userId    test123", "watching")
	s.types("q")
	if exit := s.ends(); exit != 1 {
		t.Errorf("exit %d", exit)
	}
	s.sane()
	s.sees("✗ The API secret ends in a space", "  Fix: in server/.env line 2, remove the trailing space before the closing quote")
}

func TestTerminalTyping(t *testing.T) {
	t.Parallel()
	s := openConsole(t, 120, 36, "accepted")
	s.sees("Stream accepts this token")
	s.types("\té漢👍")
	s.sees("test123é漢👍")
	s.until("the claims change", func() bool { return strings.Count(s.text(), "test123é漢👍") >= 2 })
	s.types("\x03")
	if exit := s.ends(); exit != 130 {
		t.Errorf("exit %d", exit)
	}
	s.sane()
}

func TestTerminalWatching(t *testing.T) {
	t.Parallel()
	s := openConsole(t, 120, 36, "rejected")
	s.sees("The API secret ends in a space", "watching")
	time.Sleep(1200 * time.Millisecond) // the first polls
	write(t, filepath.Join(s.dir, "scene"), "accepted")
	write(t, filepath.Join(s.dir, "server", ".env"), "X=2\n")
	s.sees("Fixed: The API secret ends in a space")
	write(t, filepath.Join(s.dir, "scene"), "down")
	write(t, filepath.Join(s.dir, "owners"), "[]")
	s.sees("Nothing is listening on port 3001")
}

func TestTerminalCopy(t *testing.T) {
	t.Parallel()
	s := openConsole(t, 120, 36, "rejected")
	s.sees("[c] copy")
	s.types("c")
	s.sees("copied the command")
	want := "\x1b]52;c;" + base64.StdEncoding.EncodeToString([]byte("cd server && npm run dev")) + "\x07"
	if !strings.Contains(s.bytes(), want) {
		t.Error("OSC 52 did not come")
	}
}

func TestTerminalResize(t *testing.T) {
	t.Parallel()
	s := openConsole(t, 120, 36, "rejected")
	s.sees("╭─ Identity", "╭─ Checks")
	s.resize(80, 24)
	s.sees("4 Checklist", "What to fix")
	s.resize(30, 5)
	s.until("one line", func() bool { return strings.HasPrefix(s.text(), "✗ The API secret en… (enlarge)") })
	s.resize(120, 36)
	s.sees("╭─ Identity", "╭─ Checks")
}

// A panic, wherever it is, leaves the terminal as it was, says one sentence,
// and nothing of what was being worked on.
func TestTerminalPanic(t *testing.T) {
	t.Parallel()
	for _, where := range []string{"in a command", "in an update"} {
		t.Run(where, func(t *testing.T) {
			s := openConsole(t, 100, 30, "rejected", "PANIC="+where)
			if exit := s.ends(); exit != 2 {
				t.Errorf("exit %d", exit)
			}
			s.sane()
			s.sees("badsig: badsig hit an internal error")
			for _, text := range []string{panicSays, "goroutine", "panic"} {
				if strings.Contains(s.bytes(), text) {
					t.Errorf("the terminal got %q", text)
				}
			}
		})
	}
}

func TestTerminalSignals(t *testing.T) {
	t.Parallel()
	for _, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGTERM, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGINT} {
		s := openConsole(t, 100, 30, "rejected")
		s.sees("trailing space")
		if err := s.cmd.Process.Signal(sig); err != nil {
			t.Fatal(err)
		}
		s.ends()
		s.sane()
	}
}

func TestTerminalSuspend(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("no bash")
	}
	s := openConsole(t, 100, 30, "accepted")
	s.sees("Stream accepts")
	s.types("\x1a") // its session has no shell: it must not stop forever
	s.sees("this terminal has no shell")

	dir := s.dir
	sh := startOn(t, dir, 100, 30, []string{"bash", "--norc", "--noprofile", "-i"}, "PS1=ready> ", "EXE="+os.Args[0])
	sh.sees("ready>")
	sh.types("$EXE\r")
	sh.sees("Stream accepts")
	sh.types("\x1a")
	sh.sees("Stopped")
	sh.types("fg\r")
	sh.sees("Stream accepts this token", "0 Fix")
	sh.types("q")
	sh.sees("  Nothing to fix") // the farewell: the pane has a frame before it
	sh.types("echo left with $?\r")
	sh.sees("left with 0")
	sh.types("exit\r")
	sh.ends()
	sh.sane()
}

// family is a backend whose own child writes both their process ids.
func family(dir string) string {
	pids := filepath.Join(dir, "pids")
	args, _ := json.Marshal([]string{"/bin/sh", "-c", `sleep 300 & echo "$! $$" > "$0.new"; mv "$0.new" "$0"; printf '\033[32mready\033[0m $1 and * untouched\n'; wait`, pids, "$1"})
	return string(args)
}

func pidsOf(t *testing.T, s *screenOf) []int {
	t.Helper()
	var pids []int
	s.until("the backend started", func() bool {
		b, err := os.ReadFile(filepath.Join(s.dir, "pids"))
		if err != nil {
			return false
		}
		pids = nil
		for _, f := range strings.Fields(string(b)) {
			n, _ := strconv.Atoi(f)
			pids = append(pids, n)
		}
		return len(pids) == 2
	})
	return pids
}

func alive(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return false
	}
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	return err != nil || !regexp.MustCompile(`\) Z `).Match(b)
}

func gone(t *testing.T, s *screenOf, pids []int) {
	t.Helper()
	s.until("the backend ends with badsig", func() bool {
		for _, p := range pids {
			if alive(p) {
				return false
			}
		}
		return true
	})
}

func TestTerminalChild(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		end  func(*screenOf)
	}{
		{"q", func(s *screenOf) { s.types("q") }},
		{"ctrl+c", func(s *screenOf) { s.types("\x03") }},
		{"SIGTERM", func(s *screenOf) { _ = s.cmd.Process.Signal(syscall.SIGTERM) }},
		{"SIGHUP", func(s *screenOf) { _ = s.cmd.Process.Signal(syscall.SIGHUP) }},
		{"SIGKILL", func(s *screenOf) { _ = s.cmd.Process.Kill() }},
	} {
		t.Run("no orphan after "+c.name, func(t *testing.T) {
			dir := t.TempDir()
			s := openConsole(t, 120, 36, "rejected", "CHILD="+family(dir))
			s.dir = dir
			pids := pidsOf(t, s)
			s.sees("● sh up")
			c.end(s)
			s.ends()
			gone(t, s, pids)
			if c.name != "SIGKILL" {
				s.sane()
			}
		})
	}
	t.Run("log, restart, crash", func(t *testing.T) {
		dir := t.TempDir()
		s := openConsole(t, 120, 36, "rejected", "CHILD="+family(dir))
		s.dir = dir
		first := pidsOf(t, s)
		s.types("\x0c") // ctrl+l
		s.sees("ready $1 and * untouched", "started /bin/sh -c")
		if err := os.Remove(filepath.Join(dir, "pids")); err != nil {
			t.Fatal(err)
		}
		s.types("\x13") // ctrl+s
		second := pidsOf(t, s)
		gone(t, s, first)
		_ = syscall.Kill(second[1], syscall.SIGKILL)
		s.sees("ended with signal: killed after", "s starts it again")
		gone(t, s, second)
	})
	t.Run("a command that is not there", func(t *testing.T) {
		s := openConsole(t, 120, 36, "rejected", `CHILD=["/nowhere/at/all"]`)
		s.sees("all did not start")
		s.types("q")
		s.ends()
		s.sane()
	})
}

// TestSilentTerminal pins that importing this package sends the terminal no
// query: a headless command must be done before a terminal would respond.
func TestSilentTerminal(t *testing.T) {
	var took []time.Duration
	for range 3 { // a busy machine is not busy each time
		begin := time.Now()
		s := startOn(t, t.TempDir(), 80, 24, []string{os.Args[0]}, helperEnv+"=print", "TERM=xterm-256color")
		if exit := s.ends(); exit != 0 {
			t.Fatalf("exit %d", exit)
		}
		took = append(took, time.Since(begin))
		if raw := s.bytes(); raw != "printed\r\n" {
			t.Errorf("the terminal got %q", raw)
		}
	}
	if slices.Min(took) > 4*time.Second { // who sends the request waits for five
		t.Errorf("took %v", took)
	}
}

// E gives the terminal to the editor, whose ctrl+c isn't badsig's, and reclaims it afterwards.
func TestTerminalEditor(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	editor := filepath.Join(dir, "vim")
	write(t, editor, "#!/bin/sh\ntrap 'echo interrupted' INT\necho \"editing $1 $2\"\nwhile [ -z \"$line\" ]; do read line; done\n")
	if err := os.Chmod(editor, 0o755); err != nil {
		t.Fatal(err)
	}
	s := openConsole(t, 100, 30, "rejected", "VISUAL="+editor)
	s.sees("The API secret ends in a space", "[E] edit")
	s.types("E")
	s.sees("editing +2", "server/.env")
	s.types("\x03")
	s.sees("interrupted")
	s.types("one\r")
	s.sees("The API secret ends in a space", "[E] edit")
	s.types("e")
	s.sees("Symptoms")
	s.types("qq")
	if exit := s.ends(); exit != 1 {
		t.Errorf("exit %d", exit)
	}
	s.sane()
}

// VS Code keeps ctrl+p, ctrl+k and F1 for itself: plain letters do the same, also in one burst.
func TestTerminalPlainLetters(t *testing.T) {
	t.Parallel()
	s := openConsole(t, 120, 36, "rejected")
	s.sees("The API secret ends in a space")
	s.types("3jjj0p")
	s.sees("Paste anything")
	s.types("\x1b")
	s.until("the paste closes", func() bool { return !strings.Contains(s.text(), "Paste anything") })
	s.types(":")
	s.sees("Commands")
	s.types("\x1b")
	s.until("the commands close", func() bool { return !strings.Contains(s.text(), "Commands") })
	s.types("?")
	s.sees("Help", "zoom this pane")
	s.types("q")
	s.until("q leaves the help", func() bool { return !strings.Contains(s.text(), "zoom this pane") })
	s.types("q")
	s.ends()
	s.sane()
}
