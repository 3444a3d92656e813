//go:build unix

package cli

import (
	"bufio"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"badsig/checks/internal/eventually"
)

// running is a badsig that goes on, and what it prints, line by line.
type running struct {
	t     *testing.T
	cmd   *exec.Cmd
	lines chan string
	seen  []string
}

func (s process) start(t *testing.T, args ...string) *running {
	t.Helper()
	c := s.command(t, args...)
	c.Env = append(c.Env, "XDG_STATE_HOME="+t.TempDir())
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	r := &running{t: t, cmd: c, lines: make(chan string, 1000)}
	go func() {
		for in := bufio.NewScanner(out); in.Scan(); {
			r.lines <- in.Text()
		}
		close(r.lines)
	}()
	t.Cleanup(func() { _ = c.Process.Kill(); _ = c.Wait() })
	return r
}

// until reads up to a line that has a string.
func (r *running) until(want string) string {
	r.t.Helper()
	late := time.After(eventually.Long)
	for {
		select {
		case l, open := <-r.lines:
			if r.seen = append(r.seen, l); !open || strings.Contains(l, "\x1b") {
				r.t.Fatalf("no %q in\n%s", want, strings.Join(r.seen, "\n"))
			}
			if strings.Contains(l, want) {
				return l
			}
		case <-late:
			r.t.Fatalf("no %q in\n%s", want, strings.Join(r.seen, "\n"))
		}
	}
}

// interrupted sends the first ctrl+c, and says how long the end takes.
func (r *running) interrupted() time.Duration {
	r.t.Helper()
	begin := time.Now()
	_ = r.cmd.Process.Signal(syscall.SIGINT)
	late := time.AfterFunc(eventually.Long, func() { _ = r.cmd.Process.Kill() }) // who started the tests may have ignored the signal
	defer late.Stop()
	for range r.lines {
	}
	_ = r.cmd.Wait()
	if code := r.cmd.ProcessState.ExitCode(); code != 130 {
		r.t.Errorf("exit %d after ctrl+c", code)
	}
	return time.Since(begin)
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(name)), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

const (
	goodEnv = "STREAM_API_KEY=abcd1234efgh\nSTREAM_API_SECRET=\"" + invented + "\"\n"
	badEnv  = "STREAM_API_KEY=abcd1234efgh\nSTREAM_API_SECRET=\"" + invented + " \"\n"
)

// check --watch says what a saved file broke, what the next one fixed, and ends with the first ctrl+c.
func TestCheckWatch(t *testing.T) {
	t.Parallel() // it waits for another process
	dir := project(t, map[string]string{"server/.env": goodEnv})
	s := process{dir: dir, env: []string{"BADSIG_API_KEY=abcd1234efgh", "BADSIG_API_SECRET=" + invented}}
	r := s.start(t, "check", "--watch", "--static", "--offline")
	r.until("… checking")
	r.until("✓ accepted")
	write(t, dir, "server/.env", badEnv)
	r.until("… checking again: server/.env changed")
	r.until("✗ broke: The API secret ends in a space [secret-whitespace]")
	r.until("  server/.env:2: error: The API secret ends in a space [secret-whitespace]")
	r.until("✗ rejected")
	write(t, dir, "server/.env", goodEnv)
	r.until("✓ fixed: The API secret ends in a space [secret-whitespace]")
	r.until("✓ accepted")
	if took := r.interrupted(); took > eventually.Long/2 { // 200 ms on a machine that does nothing else
		t.Errorf("it ended after %v", took)
	}
	if all := strings.Join(r.seen, "\n"); strings.Contains(all, invented) {
		t.Error("the secret is printed")
	}
}

// With --json each run is one document on one line, and nothing else is printed.
func TestCheckWatchJSON(t *testing.T) {
	t.Parallel() // it waits for another process
	dir := project(t, map[string]string{"server/.env": badEnv})
	s := process{dir: dir, env: []string{"BADSIG_API_KEY=abcd1234efgh", "BADSIG_API_SECRET=" + invented}}
	r := s.start(t, "check", "--watch", "--static", "--offline", "--json")
	first := r.until("secret-whitespace")
	write(t, dir, "server/.env", goodEnv)
	second := r.until(`"verdict":"accepted"`)
	for _, line := range []string{first, second} {
		var doc struct{ Version int }
		if err := json.Unmarshal([]byte(line), &doc); err != nil || doc.Version != 1 {
			t.Errorf("%v: %s", err, line)
		}
	}
	if len(r.seen) != 2 {
		t.Errorf("two runs are %d lines:\n%s", len(r.seen), strings.Join(r.seen, "\n"))
	}
	r.interrupted()
}

// badsig run without a terminal shows the backend's log without its secrets, checks, and ends with the backend.
func TestRunWithoutATerminal(t *testing.T) {
	t.Parallel() // it waits for another process
	dir := project(t, map[string]string{"server/.env": badEnv})
	s := process{dir: dir, env: []string{"BADSIG_API_KEY=abcd1234efgh", "BADSIG_API_SECRET=" + invented}}
	r := s.start(t, "run", "--offline", "--", "sh", "-c", `printf 'secret is \033[31m%s\033[0m\n' `+invented+`; sleep 2; echo last words; exit 3`)
	if l := r.until("| secret is"); strings.Contains(l, invented[:12]) {
		t.Errorf("the log shows the secret: %s", l)
	}
	r.until("| last words")
	r.until("↻ the backend ended with exit status 3")
	r.until("secret-whitespace")
	for range r.lines {
	}
	_ = r.cmd.Wait()
	if code := r.cmd.ProcessState.ExitCode(); code != 1 {
		t.Errorf("exit %d, and an error was found", code)
	}
}

// badsig run -- docker logs -f NAME without a terminal: the log isn't the backend, and its end isn't the backend's.
func TestRunFollowsALog(t *testing.T) {
	t.Parallel() // it waits for another process
	dir := project(t, map[string]string{"server/.env": badEnv, "docker": "#!/bin/sh\necho \"started on $3\"\nsleep 2\n"})
	docker := filepath.Join(dir, "docker")
	if err := os.Chmod(docker, 0o755); err != nil {
		t.Fatal(err)
	}
	r := process{dir: dir}.start(t, "run", "--offline", "--url", "http://localhost:"+freePort(t)+"/api/stream/token", "--", docker, "logs", "-f", "web")
	r.until("| started on web")
	r.until("docker ended with exit status 0: the log ends here, which says nothing about the backend")
	r.until("[server-down]")
	for _, l := range r.seen {
		if strings.Contains(l, "the backend ended") || strings.Contains(l, "waiting for the backend") {
			t.Errorf("the log is taken for the backend: %s", l)
		}
	}
}

// badsig run alone starts what the project's files name, in its folder.
func TestRunFindsTheCommand(t *testing.T) {
	t.Parallel() // it waits for another process
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("no node")
	}
	r := process{dir: project(t, nil)}.start(t, "run", "--offline")
	r.until("Cannot find package 'dotenv' imported from") // which isn't installed here
	r.until("↻ the backend ended with exit status 1")
}

// A backend that comes up on another port than the URL's is noticed though no file changed.
func TestCheckWatchNoticesAnotherPort(t *testing.T) {
	t.Parallel() // it waits for another process
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("no node")
	}
	dir := project(t, map[string]string{"server/server.js": "import http from 'node:http';\nimport jwt from 'jsonwebtoken';\nconst port = Number(process.argv[2]);\n" +
		"http.createServer((q, r) => r.end('{}')).listen(port, '127.0.0.1');\n" +
		"export const token = (id) => jwt.sign({ user_id: id }, process.env.STREAM_API_SECRET);\n",
		"server/node_modules/jsonwebtoken/package.json": `{"name":"jsonwebtoken","main":"index.js"}`, "server/node_modules/jsonwebtoken/index.js": ""})
	r := process{dir: dir}.start(t, "check", "--watch", "--offline", "--url", "http://localhost:"+freePort(t)+"/api/stream/token")
	r.until("✗ rejected")
	backend := exec.Command(node, "server.js", freePort(t))
	backend.Dir = filepath.Join(dir, "server")
	if err := backend.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = backend.Process.Kill(); _ = backend.Wait() })
	r.until("… checking again: the backend came up")
	r.until("[server-on-other-port]")
	r.interrupted()
}

// A token that was passed is checked again when it expires.
func TestCheckWatchSeesATokenExpire(t *testing.T) {
	t.Parallel() // it waits for another process
	s := process{dir: project(t, map[string]string{"server/.env": goodEnv}), env: []string{"STREAM_API_SECRET=" + invented}}
	begin := time.Now()
	s.run(t, "mint")
	lifetime := 4*time.Second + 20*time.Since(begin) // it must not end before the first check has
	token := s.run(t, "mint", "--lifetime", lifetime.Round(time.Second).String()).out
	s.env = []string{"BADSIG_API_KEY=abcd1234efgh", "BADSIG_API_SECRET=" + invented}
	r := s.start(t, "check", "--watch", "--static", "--offline", "--token", token)
	r.until("? unproven") // such a short life is a warning
	r.until("… checking again: the token expired")
	r.until("[token-expired]")
	r.until("✗ rejected")
	r.interrupted()
}
