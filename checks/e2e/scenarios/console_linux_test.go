package scenarios

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/creack/pty"

	"badsig/checks/e2e/child"
	"badsig/checks/internal/eventually"
)

var escapeSequence = regexp.MustCompile(`\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*\x07`)

// console is one that runs on a pseudo-terminal.
type console struct {
	cmd    *exec.Cmd
	done   chan struct{}
	out    eventually.Output
	master *os.File
}

func (e *everything) begin(args ...string) (*console, error) {
	cmd := e.command(e.t.Context(), slices.DeleteFunc(args, func(a string) bool { return a == "" })...)
	cmd.Env = append(cmd.Env, "GOTRACEBACK=all")
	return openConsole(cmd)
}

// openConsole starts a command on a terminal of its own.
func openConsole(cmd *exec.Cmd) (*console, error) {
	master, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 50, Cols: 160})
	if err != nil {
		return nil, err
	}
	c := &console{cmd: cmd, done: make(chan struct{}), master: master}
	go func() {
		_, _ = io.Copy(&c.out, master) // ends with the last that has the terminal
		_ = cmd.Wait()
		close(c.done)
	}()
	return c, nil
}

func (c *console) stripped() string { return escapeSequence.ReplaceAllString(c.out.String(), "") }

func (c *console) press(keys ...string) {
	for _, k := range keys {
		_, _ = c.master.WriteString(k)
		time.Sleep(40 * time.Millisecond) // a frame
	}
}

// end ends it in a way of its own; one that does not hear is killed.
func (c *console) end(how func()) {
	how()
	select {
	case <-c.done:
	case <-time.After(eventually.Long):
		_ = c.cmd.Process.Kill()
		<-c.done
	}
	_ = c.master.Close()
}

// consoles opens the console and makes it crash in the middle of all that it
// knows; then the one that starts a backend, here one that prints its secrets.
func (e *everything) consoles() {
	flags := slices.Clone(e.pair)
	if i := slices.Index(flags, "-"); i > 0 && flags[i-1] == "--token" { // stdin is the terminal
		flags[i] = e.Live.given
	}
	idle := func(c *console) bool { return strings.Contains(c.out.String(), "watching") }

	c, err := e.begin(flags...)
	if err != nil {
		e.t.Error(err)
		return
	}
	if !soon(func() bool { return idle(c) }) {
		e.t.Logf("the console does not come to rest: %s", c.stripped())
	}
	c.press("2", "3", "e", "\x1b", "d", "\x1b", "x", "\x1b", "t", "\x1b", "R")
	c.end(func() { _ = c.cmd.Process.Signal(syscall.SIGABRT) })
	if !strings.Contains(c.out.String(), "goroutine ") {
		e.t.Errorf("the console was to crash, and does not: %s", c.stripped())
	}
	e.say("the console, and its crash,", c.stripped())

	prints := filepath.Join(e.Root, "prints.txt")
	text := "token " + e.token + "\n" + e.Vars.fill(e.files[e.Scenario.Layout.Env]) + "\nthat was all\n"
	if err := os.WriteFile(prints, []byte(text), 0o600); err != nil {
		e.t.Error(err)
		return
	}
	// Nothing listens where this backend should: the child's last lines are in the first pane, too.
	c, err = e.begin(slices.Concat([]string{"run"}, flags, []string{"--url", "http://127.0.0.1:" + child.FreePort() + e.Vars["PATH"], "--", "sh", "-c", `cat "$1"; exec sleep 600`, "sh", prints})...)
	if err != nil {
		e.t.Error(err)
		return
	}
	c.press("5")
	if !soon(func() bool { return strings.Contains(c.out.String(), "that was all") }) {
		e.t.Errorf("the console does not show its child's log: %s", c.stripped())
	}
	e.say("a child of badsig run", children(c.cmd.Process.Pid))
	c.end(func() { c.press("\x03") })
	e.say("badsig run", c.stripped())
}

// children gives the arguments of a process's children, and what of their
// environment is not the process's own.
func children(pid int) string {
	proc := func(pid, name string) []byte {
		text, _ := os.ReadFile("/proc/" + pid + "/" + name)
		return text
	}
	itself := strconv.Itoa(pid)
	own := bytes.Split(proc(itself, "environ"), []byte{0})
	lists, _ := filepath.Glob("/proc/" + itself + "/task/*/children")
	var b strings.Builder
	for _, list := range lists {
		text, _ := os.ReadFile(list)
		for _, child := range strings.Fields(string(text)) {
			b.Write(bytes.ReplaceAll(proc(child, "cmdline"), []byte{0}, []byte{' '}))
			for _, v := range bytes.Split(proc(child, "environ"), []byte{0}) {
				if !slices.ContainsFunc(own, func(o []byte) bool { return bytes.Equal(o, v) }) {
					b.WriteString("\n" + string(v))
				}
			}
			b.WriteByte('\n')
		}
	}
	return b.String()
}
