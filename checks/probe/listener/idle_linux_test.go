//go:build !gopsutil

package listener

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"badsig/checks/facts"
	"badsig/checks/internal/nodetest"
	"badsig/checks/probe/vault"
)

// started runs a shell command in a folder until the test ends.
func started(t *testing.T, dir, command string) {
	c := exec.Command("sh", "-c", "exec "+command)
	c.Dir = dir
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = c.Process.Kill(), c.Wait() })
}

// A watcher without a child has seen its program end; what was started a moment ago is waited for.
func TestWhatListensOnNothing(t *testing.T) {
	if _, err := exec.LookPath("node"); err != nil {
		nodetest.Absent(t, err.Error())
	}
	dir := t.TempDir()
	write := func(name, text string) {
		p := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("node_modules/nodemon/bin/nodemon.js", "setInterval(() => {}, 1000)")
	write("node_modules/eslint/bin/eslint.js", "setInterval(() => {}, 1000)")
	write("server.js", "setTimeout(() => require('http').createServer().listen(port = 47613, '127.0.0.1'), 1500); setInterval(() => {}, 1000)")
	started(t, dir, "node node_modules/nodemon/bin/nodemon.js server.js")
	started(t, dir, "node node_modules/eslint/bin/eslint.js .")
	look := func() *facts.Listeners {
		w := vault.New(facts.Target{Dir: dir, URL: "http://localhost:47613/token"})
		w.Update(func(f *facts.Facts) { f.Target.URL = "http://localhost:47613/token" })
		if err := Probe(t.Context(), w); err != nil {
			t.Fatal(err)
		}
		return w.Snapshot().Process
	}
	l := look()
	for until := time.Now().Add(10 * time.Second); len(l.Idle) != 1 && time.Now().Before(until); l = look() { // until the shells have become what they start
		time.Sleep(50 * time.Millisecond)
	}
	if len(l.Idle) != 1 || l.Idle[0].Restarts != "nodemon" || l.Starting {
		t.Errorf("got %+v, want nodemon alone", l.Idle)
	}
	begin := time.Now()
	started(t, dir, "node server.js")
	if l := look(); len(l.Listeners) != 1 || time.Since(begin) > startLimit {
		t.Errorf("after %s got %+v, want the server that has started by now", time.Since(begin), l)
	}
}
