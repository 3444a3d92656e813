package nodetest

import (
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"badsig/checks/internal/eventually"
)

// Process is a running program of a test's project.
type Process struct {
	Dir string // its project's folder
	cmd *exec.Cmd
	out *eventually.Output
	end chan struct{}
}

// Start writes files (path → text) into dir, links the packages beside them as
// node_modules and starts a program there: its name and arguments, before them
// NAME=value for its environment, as in a shell. Variables of the STREAM
// family are not handed on from the test's own environment. The program and
// all it starts end with the test.
func Start(t testing.TB, dir string, files map[string]string, cmd ...string) *Process {
	t.Helper()
	Project(t, dir, files)
	var env []string
	for len(cmd) > 0 && strings.Contains(cmd[0], "=") {
		env, cmd = append(env, cmd[0]), cmd[1:]
	}
	p := &Process{Dir: dir, cmd: exec.Command(cmd[0], cmd[1:]...), out: &eventually.Output{}, end: make(chan struct{})}
	p.cmd.Dir, p.cmd.Stdout, p.cmd.Stderr = dir, p.out, p.out
	p.cmd.Env = append(environ(), env...)
	p.cmd.WaitDelay = time.Second
	group(p.cmd)
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { _ = p.cmd.Wait(); close(p.end) }()
	t.Cleanup(p.Stop)
	return p
}

// Project writes files into dir and links the packages beside them.
func Project(t testing.TB, dir string, files map[string]string) {
	t.Helper()
	modules := filepath.Join(Packages(t), "node_modules")
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	link := filepath.Join(dir, "node_modules")
	if _, err := os.Lstat(link); err == nil {
		return
	}
	if err := os.Symlink(modules, link); err != nil {
		Absent(t, "no symbolic link can be made: "+err.Error())
	}
}

func environ() []string {
	var out []string
	for _, v := range os.Environ() {
		name, _, _ := strings.Cut(v, "=")
		switch { // NODE_EXTRA_CA_CERTS is read at each start, which takes as long as Node's own
		case strings.Contains(strings.ToUpper(name), "STREAM"), name == "NODE_OPTIONS", name == "NODE_EXTRA_CA_CERTS", name == "PORT":
		default:
			out = append(out, v)
		}
	}
	return out
}

// Listens waits until something responds on the port of 127.0.0.1 or [::1].
func (p *Process) Listens(t testing.TB, port int) {
	t.Helper()
	p.wait(t, "nothing listens on "+strconv.Itoa(port), func() bool {
		for _, host := range []string{"127.0.0.1", "::1"} {
			if c, err := net.DialTimeout("tcp", net.JoinHostPort(host, strconv.Itoa(port)), time.Second); err == nil {
				_ = c.Close()
				return true
			}
		}
		return false
	})
}

// Says waits until the program has written a string.
func (p *Process) Says(t testing.TB, text string) {
	t.Helper()
	p.wait(t, "it never said "+text, func() bool { return strings.Contains(p.Output(), text) })
}

func (p *Process) wait(t testing.TB, otherwise string, done func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), eventually.Long)
	defer cancel()
	for !done() {
		select {
		case <-p.end:
			t.Fatalf("the program ended, and %s:\n%s", otherwise, p.Output())
		case <-ctx.Done():
			t.Fatalf("%s:\n%s", otherwise, p.Output())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Output is what the program and its children have written so far.
func (p *Process) Output() string { return p.out.String() }

// Stop ends the program and all it started, and waits for that. It may be
// called more than once.
func (p *Process) Stop() {
	kill(p.cmd)
	select {
	case <-p.end:
	case <-time.After(5 * time.Second):
	}
}

// Run runs a Node script (an ES module's text) among the packages and gives
// what it wrote to its standard output; a failing script fails the test.
func Run(t testing.TB, script string, args ...string) string {
	t.Helper()
	dir := t.TempDir()
	Project(t, dir, map[string]string{"script.mjs": script})
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "node", append([]string{"script.mjs"}, args...)...)
	var out, errs eventually.Output
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = dir, environ(), &out, &errs
	cmd.WaitDelay = time.Second
	if err := cmd.Run(); err != nil {
		t.Fatalf("node: %v\n%s%s", err, out.String(), errs.String())
	}
	return strings.TrimSpace(out.String())
}
