//go:build linux

package leaks

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"

	"badsig/checks/internal/eventually"
	"badsig/checks/internal/secretscan"
	"badsig/tokens"
)

// underWay is a badsig that runs, on pipes or on a pseudo-terminal.
type underWay struct {
	cmd      *exec.Cmd
	out, err eventually.Output // on a terminal all is in out
	done     chan struct{}

	master, tty *os.File
	before      *unix.Termios
}

// unignore lets the tests' children receive the signals that the tests themselves were told to
// ignore, as under nohup or &: who is to end has to receive them.
// It lasts: once stopped, a signal is ignored again, and no longer says so.
var unignore = sync.OnceFunc(func() {
	for _, s := range []os.Signal{syscall.SIGINT, syscall.SIGHUP, syscall.SIGQUIT} {
		if signal.Ignored(s) {
			signal.Notify(make(chan os.Signal, 1), s)
		}
	}
})

// begin starts badsig; stdin is copied to it where that is not a terminal.
func begin(t *testing.T, h how, stdin io.Reader, onTerminal bool) *underWay {
	t.Helper()
	unignore()
	u := &underWay{cmd: command(context.Background(), h), done: make(chan struct{})}
	u.cmd.Stdin, u.cmd.Stdout, u.cmd.Stderr = stdin, &u.out, &u.err
	if onTerminal {
		var err error
		if u.master, u.tty, err = pty.Open(); err != nil {
			if _, absent := os.Stat("/dev/ptmx"); absent != nil {
				t.Skip("no pseudo-terminal: ", err)
			}
			t.Fatal(err)
		}
		_ = pty.Setsize(u.master, &pty.Winsize{Rows: 30, Cols: 100})
		if u.before, err = unix.IoctlGetTermios(int(u.tty.Fd()), unix.TCGETS); err != nil {
			t.Fatal(err)
		}
		u.cmd.Stdin, u.cmd.Stdout, u.cmd.Stderr = u.tty, u.tty, u.tty
		u.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
		go func() { _, _ = io.Copy(&u.out, u.master) }()
	}
	if err := u.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { _ = u.cmd.Wait(); close(u.done) }()
	t.Cleanup(func() {
		_ = u.cmd.Process.Kill()
		<-u.done
		if onTerminal {
			_ = u.tty.Close()
			_ = u.master.Close()
		}
	})
	return u
}

// ended waits for the end and gives the status as a shell does.
func (u *underWay) ended(t *testing.T) int {
	t.Helper()
	select {
	case <-u.done:
	case <-time.After(eventually.Long):
		out := u.out.String()
		t.Fatalf("it does not end: %q %q", out[max(0, len(out)-2000):], u.err.String())
	}
	if ws := u.cmd.ProcessState.Sys().(syscall.WaitStatus); ws.Signaled() {
		return 128 + int(ws.Signal())
	}
	return u.cmd.ProcessState.ExitCode()
}

// restored fails where the terminal is not as it was.
func (u *underWay) restored(t *testing.T) {
	t.Helper()
	now, err := unix.IoctlGetTermios(int(u.tty.Fd()), unix.TCGETS)
	if err != nil {
		t.Fatal(err)
	}
	if *now != *u.before {
		t.Errorf("the terminal's modes are %+v, and were %+v", *now, *u.before)
	}
	// The marker comes after all that the program wrote.
	const marker = "<the end>"
	_, _ = u.tty.WriteString(marker)
	eventually.Until(t, "read: all of the terminal", func() bool { return strings.HasSuffix(u.out.String(), marker) })
	raw := u.out.String()
	for _, mode := range []string{"1049", "25", "2004", "1000", "1002", "1003", "1006", "1004"} {
		on, off := "\x1b[?"+mode+"h", "\x1b[?"+mode+"l"
		if mode == "25" { // the cursor is there by itself
			on, off = off, on
		}
		if strings.LastIndex(raw, on) > strings.LastIndex(raw, off) {
			t.Errorf("%q was not taken back", on)
		}
	}
}

// commandsWith lists the living processes in whose command line a string is.
func commandsWith(text string) (list []string) {
	all, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, file := range all {
		if line, err := os.ReadFile(file); err == nil && bytes.Contains(line, []byte(text)) {
			list = append(list, strings.ReplaceAll(string(line), "\x00", " "))
		}
	}
	return list
}

// endless gives the same line forever.
type endless struct{ line []byte }

func (e endless) Read(p []byte) (n int, _ error) {
	for n < len(p) {
		m := copy(p[n:], e.line)
		if n += m; m < len(e.line) && n < len(p) {
			break
		}
	}
	return n - n%len(e.line), nil
}

// Ended at any moment, every command ends immediately with the status of the
// signal, leaves no process, no file and no terminal behind that is not as it
// was, and prints no half of a document.
func TestInterruptedAnywhere(t *testing.T) {
	m := secretscan.Secrets{}
	root, home := t.TempDir(), t.TempDir()
	tmp := filepath.Join(home, "tmp")
	if err := os.Mkdir(tmp, 0o700); err != nil {
		t.Fatal(err)
	}
	sound := m.Mark("server/.env")
	put(t, root, map[string]string{
		"server/.env": "STREAM_API_KEY=" + key1 + "\nSTREAM_API_SECRET=" + sound + "\n", "server/package.json": `{"dependencies":{"express":"5","dotenv":"17"}}`,
		"server/server.js": strings.Replace(serverCode, "SECRET)", "process.env.STREAM_API_SECRET)", 1), "secret.txt": sound + "\n",
		// No matter what signal it gets, it wants to stay.
		"stubborn.sh": "trap '' INT TERM HUP\nwhile :; do sleep \"$1\"; done\n",
	})
	hangs := startBackend(t, root, "hang", []string{"SIGN_WITH=" + sound}, nil)
	token, err := tokens.Mint(tokens.NewSecret([]byte(sound)), "test123", time.Now(), tokens.MintOptions{})
	if err != nil {
		t.Fatal(err)
	}
	mark := fmt.Sprint(100_000_000 + rand.IntN(900_000_000)) // seconds that a child sleeps, and its name
	slow := []string{"--offline", "--url", hangs.url, "--timeout", "5m"}
	framed := func(u *underWay) bool {
		return strings.Contains(u.out.String(), "╯") || strings.Contains(u.out.String(), "┘")
	}
	asked := func(*underWay) bool { a, _ := hangs.kept(t); return strings.Contains(a, "POST ") }
	cases := []struct {
		name     string
		args     []string
		terminal bool
		stdin    bool                 // endless
		midway   func(*underWay) bool // it is in the middle of its work
		rarely   bool                 // a run of it takes seconds
		itself   []int                // statuses with which it may have ended before the signal came; none: it never ends
	}{
		{name: "check", args: append([]string{"check"}, slow...), midway: asked},
		{name: "check --json", args: append([]string{"check", "--json"}, slow...), midway: asked},
		{name: "report", args: append([]string{"report"}, slow...), midway: asked},
		{name: "inspect -", args: []string{"inspect", "-"}, stdin: true, midway: func(u *underWay) bool { return len(u.out.String()) > 10_000 }},
		{name: "inspect - --json", args: []string{"inspect", "-", "--json"}, stdin: true, midway: func(u *underWay) bool { return len(u.out.String()) > 10_000 }},
		{name: "serve", args: []string{"serve", "--port", "0", "--secret-file", "secret.txt"}, midway: func(u *underWay) bool { return strings.Contains(u.err.String(), "token server on") }},
		{name: "demo", args: []string{"demo", "--json"}, midway: func(*underWay) bool { list, _ := os.ReadDir(tmp); return len(list) > 0 }, itself: []int{0}},
		{name: "mint", args: []string{"mint", "--secret-file", "secret.txt"}, itself: []int{0}},
		{name: "the console", args: slow, terminal: true, midway: framed},
		{name: "the console of demo", args: []string{"demo"}, terminal: true, midway: framed},
		{name: "the console of run", args: append(append([]string{"run"}, slow...), "--", "sh", "-c", "sleep "+mark+" & exec sleep "+mark), terminal: true,
			midway: func(u *underWay) bool { return framed(u) && len(commandsWith("sleep\x00"+mark)) >= 2 }},
		{name: "the console of run, of a child that stays", args: append(append([]string{"run"}, slow...), "--", "sh", "stubborn.sh", mark), terminal: true,
			midway: func(u *underWay) bool { return framed(u) && len(commandsWith("sleep\x00"+mark)) >= 1 }, rarely: true},
	}
	runs := 6
	if testing.Short() {
		runs = 2
	}
	r := rand.New(rand.NewPCG(3, 4))
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			runs := runs
			if c.rarely {
				runs = 2
			}
			for i := range runs {
				_ = os.Remove(filepath.Join(hangs.dir, "asked"))
				var stdin io.Reader
				if c.stdin {
					stdin = endless{[]byte(token + "\n")}
				}
				u := begin(t, how{dir: root, env: append(bare(home), "SSH_TTY=x"), args: c.args}, stdin, c.terminal)
				if i%2 == 1 && c.midway != nil {
					eventually.Until(t, "in the middle of its work", func() bool {
						select {
						case <-u.done:
							if c.itself == nil {
								t.Fatalf("it ended by itself: %s%s", u.out.String(), u.err.String())
							}
							return true
						default:
							return c.midway(u)
						}
					})
				}
				time.Sleep(time.Duration(r.IntN(150)) * time.Millisecond)
				sig := []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP}[r.IntN(3)]
				if err := u.cmd.Process.Signal(sig); err != nil && !errors.Is(err, os.ErrProcessDone) {
					t.Fatal(err)
				}
				status := u.ended(t)
				if want := append(slices.Clone(c.itself), 128+int(sig)); !slices.Contains(want, status) {
					t.Errorf("status %d after %s, want one of %v: %s%s", status, sig, want, u.out.String(), u.err.String())
				}
				if c.terminal {
					u.restored(t)
				}
				all := u.out.String() + u.err.String()
				if strings.Contains(all, "goroutine ") || strings.Contains(all, "panic") {
					t.Errorf("it breaks: %s", all)
				}
				if slices.Contains(c.args, "--json") && !c.stdin && u.out.String() != "" && !json.Valid([]byte(u.out.String())) {
					t.Errorf("half a document: %s", u.out.String())
				}
				eventually.Until(t, "gone: every process of it", func() bool { return len(commandsWith(program)) == 0 && len(commandsWith(mark)) == 0 })
				eventually.Until(t, "removed: what it wrote into the folder for temporary files", func() bool { list, _ := os.ReadDir(tmp); return len(list) == 0 })
			}
		})
	}
}

// Ended while it is stopped by ctrl+z, whether it is brought to the front or
// not, the console leaves the terminal to the shell, gives it the signal's
// status, and leaves no child.
func TestInterruptedWhileStopped(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("no bash")
	}
	for _, c := range []struct {
		sig  syscall.Signal
		back string // how the shell wakes it; "": with the signal, as bash does with TERM and HUP
	}{
		{syscall.SIGTERM, ""}, {syscall.SIGTERM, "fg"}, {syscall.SIGHUP, ""}, {syscall.SIGINT, "fg"}, {syscall.SIGINT, "bg"},
	} {
		t.Run(c.sig.String()+" "+c.back, func(t *testing.T) {
			mark := fmt.Sprint(100_000_000 + rand.IntN(900_000_000))
			u := begin(t, how{program: bash, dir: t.TempDir(), env: append(bare(t.TempDir()), "SSH_TTY=x", "PS1=ready> ", "EXE="+program), args: []string{"--norc", "--noprofile", "-i"}}, nil, true)
			seen := 0
			says := func(text string) {
				t.Helper()
				eventually.Until(t, "said: "+text, func() bool { return strings.Contains(u.out.String(), text) })
			}
			types := func(text string) {
				t.Helper()
				if _, err := u.master.WriteString(text); err != nil {
					t.Fatal(err)
				}
			}
			says("ready>")
			types("$EXE run --offline -- sleep " + mark + "\r")
			defer func() {
				if t.Failed() {
					t.Logf("the terminal got %q", u.out.String()[seen:])
				}
			}()
			says("╯")
			types("\x1a") // while the child is being started
			says("Stopped")
			seen = len(u.out.String())
			types(fmt.Sprintf("kill -%d %%1; %s; echo left with $?\r", int(c.sig), cmp.Or(c.back, ":")))
			eventually.Until(t, "gone: every process of it", func() bool { return len(commandsWith(mark)) == 0 })
			eventually.Until(t, "told: its status", func() bool {
				types("\r") // at a prompt the shell tells of its jobs
				since := u.out.String()[seen:]
				return strings.Contains(since, fmt.Sprint("Exit ", 128+int(c.sig))) || strings.Contains(since, fmt.Sprintf("left with %d\r", 128+int(c.sig)))
			})
			if since := u.out.String()[seen:]; c.back != "fg" && strings.Contains(since, "\x1b[?25l") {
				t.Errorf("it draws on the shell's terminal: %q", since)
			}
			types("exit\r")
			u.ended(t)
			u.restored(t)
		})
	}
}

// A terminal on which no console can be drawn is wrong use, and says what to type.
func TestATerminalThatCannot(t *testing.T) {
	u := begin(t, how{dir: t.TempDir(), env: append(bare(t.TempDir()), "TERM=dumb"), args: []string{"--offline"}}, nil, true)
	if status := u.ended(t); status != 2 {
		t.Errorf("status %d", status)
	}
	u.restored(t)
	if said := u.out.String(); !strings.HasPrefix(said, "badsig: ") || !strings.Contains(said, "use badsig check") || strings.Contains(said, "\x1b") {
		t.Errorf("it says %q", said)
	}
}

// A terminal that is closed, as by a window's ✗, ends the console and what it started.
func TestTheTerminalIsClosed(t *testing.T) {
	home := t.TempDir()
	tmp := filepath.Join(home, "tmp")
	if err := os.Mkdir(tmp, 0o700); err != nil {
		t.Fatal(err)
	}
	mark := fmt.Sprint(100_000_000 + rand.IntN(900_000_000))
	for _, args := range [][]string{{"demo"}, {"run", "--offline", "--", "sleep", mark}} {
		u := begin(t, how{dir: t.TempDir(), env: append(bare(home), "SSH_TTY=x"), args: args}, nil, true)
		eventually.Until(t, "drawn: a frame", func() bool { return strings.Contains(u.out.String(), "╯") })
		_ = u.tty.Close()
		_ = u.master.Close()
		u.ended(t)
		eventually.Until(t, "gone: every process of it", func() bool { return len(commandsWith(program)) == 0 && len(commandsWith(mark)) == 0 })
		eventually.Until(t, "removed: what it wrote into the folder for temporary files", func() bool { list, _ := os.ReadDir(tmp); return len(list) == 0 })
	}
}
