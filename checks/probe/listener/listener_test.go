package listener

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"badsig/checks/facts"
	"badsig/checks/internal/eventually"
	"badsig/checks/loopback"
	"badsig/checks/probe/vault"
)

// The invented secrets of these tests.
const (
	listenerSecret = "m4x8k2v9q3w7e5r6t8y2u4p9a3s5d7f9g2h4j6k8z3x5c7v9b2n4m6q8w3e5r7t9"
	listenerKey    = "jx3vqzp3abcd"
)

// TestMain lets this program be the backends of its own tests, and gives the probe all the time that it needs.
func TestMain(m *testing.M) {
	if spec := os.Getenv("BADSIG_LISTENER_CHILD"); spec != "" {
		beBackend(spec)
		return
	}
	if _, set := os.LookupEnv("BADSIG_LISTENER_WORKER"); set {
		beWorker()
		return
	}
	lookLimit = eventually.Long
	os.Exit(m.Run())
}

// beBackend listens where it is told and says the port, until its stdin closes.
func beBackend(spec string) {
	network, address, _ := strings.Cut(spec, "|")
	l, err := net.Listen(network, address)
	if err != nil {
		fmt.Println("error", err)
		return
	}
	if worker := os.Getenv("BADSIG_LISTENER_WORKER"); worker != "" {
		startWorker(l.(*net.TCPListener), worker)
	}
	fmt.Println("listening", l.Addr().(*net.TCPAddr).Port)
	_, _ = bufio.NewReader(os.Stdin).ReadByte()
}

// startWorker hands the socket on to a process of the same program, or to another one.
func startWorker(l *net.TCPListener, program string) {
	f, err := l.File()
	if err != nil {
		fmt.Println("error", err)
		return
	}
	cmd := exec.Command("sleep", "60")
	if program == "same" {
		cmd = exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "BADSIG_LISTENER_CHILD=", "BADSIG_LISTENER_WORKER=")
	}
	cmd.ExtraFiles = []*os.File{f}
	cmd.Stdin, cmd.WaitDelay = os.Stdin, time.Second
	if err := cmd.Start(); err != nil {
		fmt.Println("error", err)
		return
	}
	fmt.Println("worker", cmd.Process.Pid)
}

// beWorker is a forked worker: it holds the socket until its parent has gone.
func beWorker() {
	for parent := os.Getppid(); os.Getppid() == parent; {
		time.Sleep(50 * time.Millisecond)
	}
}

type listenerChild struct {
	*exec.Cmd
	port   int
	worker int // pid of the process that it handed its socket to
	stop   func()
}

// listenChild starts a child that listens, in a folder, with an environment.
func listenChild(t *testing.T, dir, spec string, env, args []string) listenerChild {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, args...)
	cmd.Dir = dir
	cmd.Env = append(append(os.Environ(), "BADSIG_LISTENER_CHILD="+spec), env...)
	return startChild(t, cmd)
}

// startChild runs a command that says "listening PORT" and ends with its stdin.
func startChild(t *testing.T, cmd *exec.Cmd) listenerChild {
	t.Helper()
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	stopped := false
	c := listenerChild{Cmd: cmd, stop: func() {
		if !stopped {
			stopped = true
			_ = in.Close()
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
		}
	}}
	t.Cleanup(c.stop)
	said := make(chan int, 1)
	worker := 0
	go func() {
		s := bufio.NewScanner(out)
		for s.Scan() {
			var port int
			_, _ = fmt.Sscanf(s.Text(), "worker %d", &worker)
			if n, _ := fmt.Sscanf(s.Text(), "listening %d", &port); n == 1 {
				said <- port
			} else if strings.HasPrefix(s.Text(), "error") {
				said <- 0
			}
		}
	}()
	select {
	case c.port = <-said:
	case <-time.After(eventually.Long):
		t.Fatal("the child did not listen in time")
	}
	c.worker = worker
	if c.port == 0 {
		t.Fatal("the child cannot listen there")
	}
	return c
}

// lookAt runs the probe on a port.
func lookAt(t *testing.T, dir string, port int) (*vault.World, *facts.Facts) {
	t.Helper()
	w := vault.New(facts.Target{Dir: dir, URL: fmt.Sprintf("http://localhost:%d/api/stream/token", port)})
	if err := Probe(context.Background(), w); err != nil {
		t.Fatal(err)
	}
	return w, w.Snapshot()
}

func oneListener(t *testing.T, f *facts.Facts) facts.Listener {
	t.Helper()
	if f.Process == nil || !f.Process.Known || len(f.Process.Listeners) != 1 {
		t.Fatalf("want one listener, got %+v", f.Process)
	}
	return f.Process.Listeners[0]
}

func mkdir(t *testing.T, parts ...string) string {
	t.Helper()
	dir := filepath.Join(parts...)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestListenerTellsTheOwner(t *testing.T) {
	project := t.TempDir()
	server := mkdir(t, project, "server")
	before := time.Now()
	c := listenChild(t, server, "tcp4|127.0.0.1:0",
		[]string{"STREAM_API_SECRET=" + listenerSecret, "STREAM_API_KEY=" + listenerKey, "PORT=3001", "NODE_ENV=development", "JWT_SECRET=other-secret-of-the-project"},
		[]string{"--", "STREAM_API_SECRET=" + listenerSecret, "--api-secret", "hunter2hunter2", "https://user:pass@example.test/"})
	after := time.Now()
	w, f := lookAt(t, project, c.port)
	l := oneListener(t, f)

	if l.PID != int32(c.Process.Pid) {
		t.Errorf("pid %d, want %d", l.PID, c.Process.Pid)
	}
	if l.Family != "ipv4" || l.Address != "127.0.0.1" || l.Port != c.port {
		t.Errorf("%s %s:%d, want ipv4 127.0.0.1:%d", l.Family, l.Address, l.Port, c.port)
	}
	if l.Dir != "server" || !l.Inside || !l.InsideKnown {
		t.Errorf("dir %q inside %v known %v, want server, true, true", l.Dir, l.Inside, l.InsideKnown)
	}
	if begin := before.Round(0).Add(-startsEarly); l.Start.Before(begin) || l.Start.After(after.Add(20*time.Millisecond)) {
		t.Errorf("start %v, want between %v and %v", l.Start, before, after)
	}
	if !l.EnvKnown || l.Env["PORT"] != "3001" || l.Env["NODE_ENV"] != "development" {
		t.Errorf("environment known %v: %v", l.EnvKnown, l.Env)
	}
	if len(l.Ancestors) == 0 || l.Ancestors[0].PID != int32(os.Getpid()) {
		t.Errorf("ancestors %+v, want this test first", l.Ancestors)
	}

	var secret, key, other *facts.Value
	for i := range f.Values {
		switch v := &f.Values[i]; {
		case v.PID != l.PID || v.Kind != facts.KindProcess:
		case v.Name == "STREAM_API_SECRET":
			secret = v
		case v.Name == "STREAM_API_KEY":
			key = v
		case v.Name == "JWT_SECRET":
			other = v
		}
	}
	if secret == nil || key == nil || other == nil {
		t.Fatalf("values %+v", f.Values)
	}
	if secret.What != facts.WhatSecret || secret.Length != 64 || secret.Pair != key.ID || key.Pair != secret.ID || key.Key != listenerKey || other.What != facts.WhatOther {
		t.Errorf("secret %+v\nkey %+v\nother %+v", secret, key, other)
	}
	if w.Secret(secret.ID).Len() != 64 {
		t.Error("the secret's bytes are not in the world")
	}

	doc, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	for _, leak := range []string{listenerSecret, "hunter2", "user:pass", "other-secret-of-the-project"} {
		if strings.Contains(string(doc), leak) {
			t.Errorf("facts hold %q", leak)
		}
	}
	if !slices.Contains(l.Command, "STREAM_API_SECRET=…") {
		t.Errorf("command %q does not show what was hidden", l.Command)
	}
}

func TestListenerFamilies(t *testing.T) {
	for _, c := range []struct{ spec, family, address string }{
		{"tcp4|127.0.0.1:0", "ipv4", "127.0.0.1"},
		{"tcp4|0.0.0.0:0", "ipv4", "0.0.0.0"},
		{"tcp6|[::1]:0", "ipv6", "::1"},
		{"tcp6|[::]:0", map[bool]string{true: "ipv6", false: "dual"}[kernelTells], "::"}, // a table doesn't tell that it was made for IPv6 only
		{"tcp|[::]:0", "dual", "::"},
	} {
		t.Run(c.spec, func(t *testing.T) {
			if strings.Contains(c.spec, "::") {
				eventually.IPv6(t)
			}
			child := listenChild(t, t.TempDir(), c.spec, nil, nil)
			_, f := lookAt(t, t.TempDir(), child.port)
			l := oneListener(t, f)
			if l.Family != c.family || l.Address != c.address || l.PID != int32(child.Process.Pid) {
				t.Errorf("%s %s pid %d, want %s %s pid %d", l.Family, l.Address, l.PID, c.family, c.address, child.Process.Pid)
			}
			if l.Inside || !l.InsideKnown {
				t.Errorf("inside %v known %v, want a stranger", l.Inside, l.InsideKnown)
			}
		})
	}
}

func TestListenerTwoOwnersOfOnePort(t *testing.T) {
	eventually.IPv6(t)
	project := t.TempDir()
	a := listenChild(t, project, fmt.Sprintf("tcp4|127.0.0.1:%d", eventually.FreePort(t)), nil, nil)
	b := listenChild(t, t.TempDir(), fmt.Sprintf("tcp6|[::1]:%d", a.port), nil, nil)
	_, f := lookAt(t, project, a.port)
	if len(f.Process.Listeners) != 2 {
		t.Fatalf("want two listeners, got %+v", f.Process.Listeners)
	}
	for _, l := range f.Process.Listeners {
		want, inside := a, true
		if l.Family == "ipv6" {
			want, inside = b, false
		}
		if l.PID != int32(want.Process.Pid) || l.Inside != inside {
			t.Errorf("%s: pid %d inside %v, want %d, %v", l.Family, l.PID, l.Inside, want.Process.Pid, inside)
		}
	}
}

func TestListenerInside(t *testing.T) {
	real := t.TempDir()
	server := mkdir(t, real, "server")
	beside := mkdir(t, real+"-other")
	t.Cleanup(func() { _ = os.RemoveAll(beside) })
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(real, link); err != nil {
		if runtime.GOOS == "windows" {
			t.Skip(err)
		}
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, project, cwd string
		args               []string
		dir                string
		inside             bool
	}{
		{"the project itself", real, real, nil, ".", true},
		{"a folder of it", real, server, nil, "server", true},
		{"through a link to the project", link, server, nil, "server", true},
		{"the project is the subfolder", server, real, nil, real, false},
		{"a folder whose name only begins alike", real, beside, nil, beside, false},
		{"a script of the project, started elsewhere", real, beside, []string{"--", filepath.Join(server, "index.js")}, beside, true},
		{"the same through the link", link, beside, []string{"--", filepath.Join(link, "server", "index.js")}, beside, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			child := listenChild(t, c.cwd, "tcp4|127.0.0.1:0", nil, c.args)
			_, f := lookAt(t, c.project, child.port)
			l := oneListener(t, f)
			want := c.dir
			if filepath.IsAbs(want) {
				want, _ = filepath.EvalSymlinks(want)
			}
			if l.Inside != c.inside || !l.InsideKnown || l.Dir != want {
				t.Errorf("inside %v (known %v) dir %q, want %v, %q", l.Inside, l.InsideKnown, l.Dir, c.inside, want)
			}
		})
	}
}

func TestListenerOthers(t *testing.T) {
	project := t.TempDir()
	server := mkdir(t, project, "server")
	other := listenChild(t, server, "tcp4|127.0.0.1:0", nil, nil)
	stranger := listenChild(t, t.TempDir(), "tcp4|127.0.0.1:0", nil, nil)
	free := eventually.FreePort(t)
	_, f := lookAt(t, project, free)
	if !f.Process.Known || len(f.Process.Listeners) != 0 {
		t.Fatalf("want no one on %d, got %+v", free, f.Process)
	}
	var ports []int
	for _, o := range f.Process.Others {
		ports = append(ports, o.Port)
		if o.Port == other.port && (o.PID != int32(other.Process.Pid) || o.Dir != "server") {
			t.Errorf("%+v", o)
		}
	}
	if !slices.Contains(ports, other.port) || slices.Contains(ports, stranger.port) {
		t.Errorf("others on %v, want %d and not %d", ports, other.port, stranger.port)
	}
}

func TestListenerTarget(t *testing.T) {
	for _, c := range []struct {
		url   string
		port  int
		local bool
	}{
		{"http://localhost:3001/api", 3001, true},
		{"http://LOCALHOST.:3001", 3001, true},
		{"http://api.localhost/x", 80, true},
		{"https://127.0.0.1/x", 443, true},
		{"http://127.8.9.1:1", 1, true},
		{"http://[::1]:3001/", 3001, true},
		{"http://[::ffff:127.0.0.1]:3001/", 3001, true},
		{"http://0.0.0.0:3001/", 3001, true},
		{"http://localhost.example.test:3001/", 3001, false},
		{"https://api.example.test/token", 443, false},
		{"http://192.168.1.5:3001/", 3001, false},
		{"http://10.0.2.2:3001/", 3001, false},
		{"/token", 0, false},
		{"", 0, false},
		{"http://%zz", 0, false},
	} {
		port, local := loopback.LocalPort(c.url)
		if port != c.port || local != c.local {
			t.Errorf("localPort(%q) = %d, %v, want %d, %v", c.url, port, local, c.port, c.local)
		}
	}
	w := vault.New(facts.Target{URL: "https://api.example.test/token"})
	if err := Probe(context.Background(), w); err != nil {
		t.Fatal(err)
	}
	if p := w.Snapshot().Process; p == nil || p.Known || p.Listeners != nil || p.Others != nil {
		t.Errorf("another machine: %+v, want nothing known", p)
	}
}

// A server started right after an edit is never older than the edit.
func TestListenerStartIsNeverTooEarly(t *testing.T) {
	file := filepath.Join(t.TempDir(), ".env")
	var late []time.Duration
	for range 12 {
		if err := os.WriteFile(file, []byte("A=1"), 0o600); err != nil {
			t.Fatal(err)
		}
		edited := time.Now()
		cmd := exec.Command(os.Args[0], "-test.run=^$")
		in, _ := cmd.StdinPipe()
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		p := readProcess(int32(cmd.Process.Pid))
		_ = in.Close()
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if p == nil {
			continue // it was quicker than we
		}
		st, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		if start := p.start.Add(startsEarly); start.Before(edited.Round(0)) || start.Before(st.ModTime()) {
			t.Errorf("start %v, before the edit at %v (file time %v)", p.start, edited, st.ModTime())
		}
		late = append(late, p.start.Sub(edited))
	}
	if len(late) > 0 && slices.Min(late) > time.Second { // on a busy machine one child may be late, not all of them
		t.Errorf("the starts are late by %v", late)
	}
}

func TestListenerVanishes(t *testing.T) {
	c := listenChild(t, t.TempDir(), "tcp4|127.0.0.1:0", nil, nil)
	pid := int32(c.Process.Pid)
	w := vault.New(facts.Target{Dir: t.TempDir()})
	s := &processLook{world: w, home: newHome(t.TempDir()), seen: map[int32]*seenProcess{}}
	alive := readProcess(pid)
	c.stop()
	if alive == nil {
		t.Fatal("the living child was not seen")
	}
	if args := alive.args(); args != nil {
		t.Errorf("arguments of a process that is gone: %q", args)
	}
	if _, ok := alive.dir(); ok {
		t.Error("the folder of a process that is gone is known")
	}
	if _, ok := alive.environ(); ok && runtime.GOOS == "linux" {
		t.Error("the environment of a process that is gone is known")
	}
	l := s.listener(socket{family: "ipv4", port: c.port, pid: pid, uid: 1})
	if l.PID != 0 || l.InsideKnown || l.EnvKnown || !l.Start.IsZero() {
		t.Errorf("%+v, want an unknown owner", l)
	}
	s.values([]facts.Listener{{PID: pid}})
	if n := len(w.Snapshot().Values); n != 0 {
		t.Errorf("%d values of a process that is gone", n)
	}
}

func TestListenerAncestorValues(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs sh")
	}
	project := t.TempDir()
	self, _ := os.Executable()
	// The shell was started with one secret and hands on another.
	cmd := exec.Command("sh", "-c", `STREAM_API_SECRET=second-secret-second-secret BADSIG_LISTENER_CHILD='tcp4|127.0.0.1:0' "$0"; :`, self)
	cmd.Dir = project
	cmd.Env = append(os.Environ(), "STREAM_API_SECRET="+listenerSecret)
	c := startChild(t, cmd)
	_, f := lookAt(t, project, c.port)
	l := oneListener(t, f)
	if len(l.Ancestors) == 0 || l.Ancestors[0].PID != int32(cmd.Process.Pid) || l.Ancestors[0].Watcher == "" {
		t.Fatalf("ancestors %+v, want the shell first", l.Ancestors)
	}
	got := map[facts.Kind]int{}
	for _, v := range f.Values {
		if v.Name == "STREAM_API_SECRET" {
			got[v.Kind] = v.Length
		}
	}
	if got[facts.KindProcess] != 27 || got[facts.KindAncestor] != 64 {
		t.Errorf("lengths %v, want the process's 27 and the shell's 64", got)
	}
	_ = exec.Command("kill", fmt.Sprint(l.PID)).Run()
}

// A forked worker responds, and may be younger than the server; a child that
// only inherited the descriptor never responds.
func TestListenerSharedSocket(t *testing.T) {
	if !kernelTells {
		t.Skip("the table of sockets names one owner there")
	}
	for _, program := range []string{"same", "sleep"} {
		t.Run(program, func(t *testing.T) {
			c := listenChild(t, t.TempDir(), "tcp4|127.0.0.1:0", []string{"BADSIG_LISTENER_WORKER=" + program}, nil)
			worker := c.worker
			if worker == 0 {
				t.Fatal("no worker")
			}
			t.Cleanup(func() {
				if p, err := os.FindProcess(worker); err == nil {
					_ = p.Kill()
				}
			})
			want := c.Process.Pid
			if program == "same" {
				want = worker
			}
			_, f := lookAt(t, t.TempDir(), c.port)
			if l := oneListener(t, f); l.PID != int32(want) {
				t.Errorf("pid %d, want %d (server %d, worker %d)", l.PID, want, c.Process.Pid, worker)
			}
		})
	}
}

// node --watch --env-file reads the file once and hands its values on.
func TestListenerNodeWatch(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not here")
	}
	project := t.TempDir()
	server := mkdir(t, project, "server")
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(server, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("index.js", "require('http').createServer().listen(0, '127.0.0.1', function () { console.log('listening ' + this.address().port) }); process.stdin.resume()")
	write(".env", "STREAM_API_SECRET="+listenerSecret+"\n")
	cmd := exec.Command(node, "--watch", "--env-file=.env", "index.js")
	cmd.Dir = server
	c := startChild(t, cmd)
	_, f := lookAt(t, project, c.port)
	l := oneListener(t, f)
	t.Cleanup(func() {
		if p, err := os.FindProcess(int(l.PID)); err == nil && l.PID != int32(cmd.Process.Pid) {
			_ = p.Kill()
		}
	})
	if l.Name != "node" || l.Dir != "server" || !l.Inside || len(l.Ancestors) == 0 {
		t.Fatalf("%+v", l)
	}
	if a := l.Ancestors[0]; a.PID != int32(cmd.Process.Pid) || a.Watcher != "node --watch" || a.EnvFile != ".env" || a.Start.After(l.Start) {
		t.Errorf("watcher %+v, want node --watch with .env, pid %d, older than the server", a, cmd.Process.Pid)
	}
	if !slices.ContainsFunc(f.Values, func(v facts.Value) bool {
		return v.Kind == facts.KindProcess && v.Name == "STREAM_API_SECRET" && v.Length == 64
	}) {
		t.Errorf("the value that the watcher handed on is missing: %+v", f.Values)
	}
}

func TestPortOwners(t *testing.T) {
	dir := t.TempDir()
	a := listenChild(t, dir, "tcp4|127.0.0.1:0", nil, nil)
	port := a.port
	var first []Owner
	eventually.Until(t, "listed: the port's owner", func() (ok bool) { // elsewhere than on Linux the table may be seconds old
		var err error
		first, err = PortOwners(port)
		return err != nil || len(first) > 0
	})
	if len(first) != 1 || first[0].PID != int32(a.Process.Pid) || first[0].Family != "ipv4" || first[0].Start.IsZero() {
		t.Fatalf("%+v, want pid %d", first, a.Process.Pid)
	}
	for range 3 {
		again, err := PortOwners(port)
		if err != nil || !slices.Equal(again, first) {
			t.Fatalf("%+v %v, want the same as %+v: nothing changed", again, err, first)
		}
	}
	a.stop()
	wait := func(what string, ok func([]Owner) bool) {
		t.Helper()
		deadline := time.Now().Add(eventually.Long)
		for {
			o, err := PortOwners(port)
			if err == nil && ok(o) {
				return
			}
			if time.Now().After(deadline) {
				t.Fatalf("%s: %+v %v", what, o, err)
			}
			time.Sleep(20 * time.Millisecond)
		}
	}
	wait("stopped", func(o []Owner) bool { return len(o) == 0 })
	b := listenChild(t, dir, fmt.Sprintf("tcp4|127.0.0.1:%d", port), nil, nil)
	wait("restarted", func(o []Owner) bool { return len(o) == 1 && o[0].PID == int32(b.Process.Pid) })
}

func BenchmarkPortOwners(b *testing.B) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	for b.Loop() {
		if o, err := PortOwners(l.Addr().(*net.TCPAddr).Port); err != nil || len(o) != 1 {
			b.Fatal(o, err)
		}
	}
}

func BenchmarkProbeListener(b *testing.B) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	url := fmt.Sprintf("http://%s/", l.Addr())
	for b.Loop() {
		w := vault.New(facts.Target{Dir: b.TempDir(), URL: url})
		if err := Probe(context.Background(), w); err != nil {
			b.Fatal(err)
		}
	}
}
