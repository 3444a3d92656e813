package demo

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/fakestream"
	"badsig/tokens"
)

// Demo is a running demo project.
type Demo struct {
	Fault  causes.ID // "" for a healthy project
	Says   string    // what is wrong
	Target facts.Target

	dir     string // of everything, removed at the end
	work    string // the backend's working folder
	setup   *setup
	command Command
	log     *log
	child   *exec.Cmd
	stdin   io.Closer
	stop    func() // stops the fake Stream

	secrets []string // those invented for it, so that a test can look for them
}

// Command creates the process that runs Backend; badsig uses its own executable.
type Command func(ctx context.Context) *exec.Cmd

// folderPrefix begins the name of every demo's folder.
const folderPrefix = "badsig-demo-"

// startLimit is how long a backend may take until it listens.
const startLimit = 10 * time.Second

// tick is longer than the grain in which systems tell when a process started.
const tick = 60 * time.Millisecond

// Start creates the project of a bug ("" for none) and starts what belongs to
// it. The caller ends it with Stop; the end of ctx ends it, too.
func Start(ctx context.Context, fault causes.ID, command Command) (*Demo, error) {
	d := &Demo{Fault: fault, Says: "a working project"}
	s := healthy(freePort())
	if fault != "" {
		r, ok := rowOf(fault)
		if !ok {
			return nil, fmt.Errorf("there is no demo of %s", fault)
		}
		d.Says = r.says
		if r.plan != nil {
			r.plan(s)
		}
	}
	d.setup, d.command, d.log = s, command, newLog()
	d.secrets = []string{s.secret, s.secret2}
	if err := d.start(ctx, s); err != nil {
		d.Stop()
		return nil, err
	}
	return d, nil
}

func (d *Demo) start(ctx context.Context, s *setup) error {
	if s.needIPv6 && !hasIPv6() {
		return errors.New("this machine has no address ::1, so this bug can't happen here")
	}
	dir, err := os.MkdirTemp("", folderPrefix)
	if err != nil {
		return err
	}
	if d.dir, err = filepath.EvalSymlinks(dir); err != nil { // macOS: the process's folder has no links in it
		d.dir = dir
		return err
	}
	project := filepath.Join(d.dir, "chat-demo")
	// The project is older than its backend, like a real one.
	if err := write(project, s.files, time.Now().Add(-10*time.Minute)); err != nil {
		return err
	}
	if s.track {
		if err := trackAll(ctx, project); err != nil {
			return err
		}
	}
	streamURL := fmt.Sprintf("http://127.0.0.1:%d", freePort())
	if !s.silent {
		if streamURL, d.stop, err = fakestream.New(fakestream.Options{Apps: s.apps}).Start(); err != nil {
			return err
		}
	}
	if d.work = filepath.Join(project, filepath.FromSlash(cmp.Or(s.dir, "server"))); s.away {
		d.work = d.dir
	}
	if len(s.addrs) > 0 {
		if err := d.spawn(ctx, d.Fault, s.addrs); err != nil {
			return err
		}
	}
	if len(s.later) > 0 {
		time.Sleep(tick) // otherwise the two times couldn't be told apart
	}
	if err := write(project, s.later, time.Now()); err != nil {
		return err
	}
	d.Target = facts.Target{
		Dir: project, UserID: s.userID, UserName: facts.DefaultUserName, Origin: "http://localhost:3000",
		URL:   cmp.Or(s.url, fmt.Sprintf("http://localhost:%d/api/stream/token", s.port)),
		Token: s.token, StreamURL: streamURL, Timeout: s.timeout, Offline: s.offline,
	}
	if s.pair {
		d.Target.APIKey, d.Target.Secret = tokens.APIKey(s.key), tokens.NewSecret([]byte(s.secret))
	}
	return nil
}

// spawn starts the backend and waits until it listens.
func (d *Demo) spawn(ctx context.Context, fault causes.ID, addrs []string) error {
	s := d.setup
	c := d.command(ctx)
	c.Dir = d.work
	c.Env = append(bare(), s.env...)
	in, err := c.StdinPipe()
	if err != nil {
		return err
	}
	out, err := c.StdoutPipe()
	if err != nil {
		return err
	}
	c.WaitDelay = time.Second
	if err := c.Start(); err != nil {
		return fmt.Errorf("can't start the demo's backend: %w", err)
	}
	d.child, d.stdin = c, in
	if err := json.NewEncoder(in).Encode(order{Fault: fault, Addrs: addrs, Secret: s.told, Folder: d.dir}); err != nil {
		return fmt.Errorf("the demo's backend exited immediately: %w", err)
	}
	said := make(chan string, 1)
	go func() {
		r := bufio.NewReader(out)
		line, _ := r.ReadString('\n')
		said <- line
		_, _ = io.Copy(d.log, r)
	}()
	select {
	case line := <-said:
		if line != ready {
			return fmt.Errorf("the demo's backend isn't listening: %s", cmp.Or(strings.TrimSpace(line), "it exited immediately"))
		}
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(startLimit):
		return errors.New("the demo's backend isn't listening after 10 s")
	}
	return nil
}

// Restart ends the backend and starts it on the project as it is now. Where
// its code was changed it does what the documented server does: what it did wrong
// was in that code.
func (d *Demo) Restart(ctx context.Context) error {
	if d.dir == "" {
		return errors.New("the demo has ended")
	}
	if d.child != nil {
		_ = d.child.Process.Kill() // at its own end it would remove the project
		_ = d.child.Wait()
		_ = d.stdin.Close()
		d.child = nil
	}
	fault, addrs := d.Fault, d.setup.addrs
	if len(addrs) == 0 {
		addrs = both(d.setup.port)
	}
	for name, text := range d.setup.files {
		if now, err := os.ReadFile(filepath.Join(d.Target.Dir, filepath.FromSlash(name))); affix.HasPrefix(name, "server/") && affix.HasSuffix(name, ".js") && err == nil && string(now) != text {
			fault = ""
		}
	}
	return d.spawn(ctx, fault, addrs)
}

// Log is what the backend writes, across its restarts. One reader at a time.
func (d *Demo) Log() io.Reader { return d.log }

func (d *Demo) stopBackend() {
	if d.child != nil {
		_ = d.stdin.Close() // it ends by itself when its stdin ends
		timer := time.AfterFunc(2*time.Second, func() { _ = d.child.Process.Kill() })
		_ = d.child.Wait()
		timer.Stop()
		d.child = nil
	}
}

// Stop ends the backend and the fake Stream and removes the project.
func (d *Demo) Stop() {
	d.stopBackend()
	d.log.end()
	if d.stop != nil {
		d.stop()
		d.stop = nil
	}
	if d.dir != "" {
		_ = os.RemoveAll(d.dir)
		d.dir = ""
	}
}

// bare is the environment without Stream's variables: what the user's own shell
// exports must not change the demo.
func bare() []string {
	var env []string
	for _, e := range os.Environ() {
		name, _, _ := affix.Cut(strings.ToUpper(e), "=")
		if !affix.Contains(name, "STREAM") && !affix.Contains(name, "SECRET") && name != "PORT" && name != "NODE_OPTIONS" {
			env = append(env, e)
		}
	}
	return env
}

// write writes files by slash path under a folder, last changed at a moment.
func write(dir string, files map[string]string, changed time.Time) error {
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			return err
		}
		if err := os.Chtimes(path, changed, changed); err != nil {
			return err
		}
	}
	return nil
}

// trackAll makes the project a git repository that tracks its files.
func trackAll(ctx context.Context, dir string) error {
	for _, args := range [][]string{{"init", "-q"}, {"add", "."}} {
		c := exec.CommandContext(ctx, "git", args...)
		c.Dir = dir
		if out, err := c.CombinedOutput(); err != nil {
			return fmt.Errorf("this bug needs git: git %s: %w %s", args[0], err, strings.TrimSpace(string(out)))
		}
	}
	return nil
}

// freePort finds a port that is free on both loopback families. It is below those
// that systems give to outgoing connections (32768 and up on Linux, 49152 elsewhere), one of
// which could take it before the backend does.
func freePort() int {
	for range 200 {
		port := 20000 + rand.IntN(12000)
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			continue
		}
		six, err := net.Listen("tcp", fmt.Sprintf("[::1]:%d", port))
		_ = l.Close()
		if err == nil {
			_ = six.Close()
			return port
		}
		if !hasIPv6() {
			return port
		}
	}
	return 0
}

func hasIPv6() bool {
	l, err := net.Listen("tcp", "[::1]:0")
	if err != nil {
		return false
	}
	_ = l.Close()
	return true
}
