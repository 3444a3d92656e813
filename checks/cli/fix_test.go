package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"badsig/checks/sanitize"
)

// spaced is a project whose secret has a trailing space.
func spaced(t *testing.T) (dir, env string) {
	t.Helper()
	dir = project(t, map[string]string{"server/.env": "STREAM_API_KEY=kq7w2m9xt4bn\r\nSTREAM_API_SECRET=\"" + invented + " \"\r\n"})
	return dir, filepath.Join(dir, "server", ".env")
}

func read(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// fixArgs name the cause and the dashboard's pair; nothing is sent over a network.
func fixArgs(t *testing.T, dir string, more ...string) []string {
	t.Helper()
	return append([]string{"fix", "secret-whitespace", "--dir", dir, "--offline", "--url", "http://127.0.0.1:" + freePort(t) + "/api/stream/token",
		"--api-key", "kq7w2m9xt4bn", "--secret-file", secretFile(t, invented)}, more...)
}

// --dry-run shows the edit and writes nothing, --yes makes it, and the exit status is that of the check afterwards.
func TestFixAsAProcess(t *testing.T) {
	t.Parallel()
	dir, env := spaced(t)
	before := read(t, env)
	r := process{}.run(t, fixArgs(t, dir, "--dry-run")...)
	if r.code != 1 || !strings.Contains(r.out, "--- a/server/.env") || !strings.Contains(r.out, "+STREAM_API_SECRET=") || !strings.Contains(r.out, "Tried in memory") {
		t.Errorf("--dry-run: %+v", r)
	}
	if read(t, env) != before {
		t.Error("--dry-run wrote")
	}
	if r = (process{}).run(t, fixArgs(t, dir)...); r.code != 2 || read(t, env) != before || !strings.Contains(r.err, "badsig fix --dry-run") {
		t.Errorf("without a terminal and --yes: %+v", r)
	}
	if r = (process{}).run(t, fixArgs(t, dir, "--yes")...); r.code != 1 || !strings.Contains(r.out, "Changed server/.env.") { // nothing listens
		t.Errorf("--yes: %+v", r)
	}
	if got, want := read(t, env), strings.Replace(before, " \"", "\"", 1); got != want {
		t.Error("--yes left another file behind than it showed")
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "server", ".badsig*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	if r = (process{}).run(t, fixArgs(t, dir, "--yes")...); !strings.Contains(r.out, "isn't among the problems") {
		t.Errorf("the second time: %+v", r)
	}
	if r = (process{}).run(t, "fix", "no-such-cause", "--yes"); r.code != 2 {
		t.Errorf("a cause that isn't one: %+v", r)
	}
}

// Nothing but y and yes makes the edit.
func TestFixConfirmsFirst(t *testing.T) {
	t.Parallel()
	for answer, makes := range map[string]bool{"y\n": true, "YES\n": true, "n\n": false, "\n": false, "": false, "yep\n": false, "ny\n": false} {
		dir, env := spaced(t)
		before := read(t, env)
		var out, errs bytes.Buffer
		status := Main(context.Background(), fixArgs(t, dir), Program{
			Stdin: strings.NewReader(answer), Stdout: sanitize.To(&out), Stderr: sanitize.To(&errs), Getenv: func(string) string { return "" }, IsTerminal: func() bool { return true },
		})
		if status != 1 || !strings.Contains(out.String(), "Make this edit? [y/N] ") || strings.Contains(out.String()+errs.String(), invented[:8]) {
			t.Errorf("%q: exit %d\n%s%s", answer, status, out.String(), errs.String())
		}
		if changed := read(t, env) != before; changed != makes {
			t.Errorf("%q changed the file: %v", answer, changed)
		}
		if !makes && !strings.Contains(out.String(), "Nothing was changed.") {
			t.Errorf("%q: it doesn't say that nothing was changed", answer)
		}
	}
}

// A read-only file stays as it is, also where its folder could be written to.
func TestFixLeavesAReadOnlyFile(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("modes mean something else there")
	}
	dir, env := spaced(t)
	before := read(t, env)
	if err := os.Chmod(env, 0o444); err != nil {
		t.Fatal(err)
	}
	r := process{}.run(t, fixArgs(t, dir, "--yes")...)
	if r.code == 0 || !strings.Contains(r.err, "read-only") || read(t, env) != before {
		t.Errorf("%+v", r)
	}
}

// What is only likely isn't fixed without a person, and --yes is none.
func TestFixConfirmsALikelyCause(t *testing.T) {
	dir := project(t, map[string]string{"server/.env": "STREAM_API_KEY=kq7w2m9xt4bn\nSTREAM_API_SECERT=" + invented + "\n"})
	env := filepath.Join(dir, "server", ".env")
	before := read(t, env)
	args := fixArgs(t, dir)
	args[1] = "secret-missing"
	if r := (process{}).run(t, append(args, "--dry-run")...); !strings.Contains(r.out, "+STREAM_API_SECRET=") {
		t.Fatalf("no edit is offered: %+v", r)
	}
	r := process{}.run(t, append(args, "--yes")...)
	if r.code != 2 || !strings.Contains(r.err, "only likely") || !strings.Contains(r.err, "badsig fix secret-missing") || read(t, env) != before {
		t.Errorf("--yes: %+v", r)
	}
}

// The same edit that puts the dashboard's secret into a file is rejected once git tracks it.
func TestFixPutsNoSecretIntoATrackedFile(t *testing.T) {
	dir := project(t, map[string]string{"server/.env": "STREAM_API_KEY=kq7w2m9xt4bn\nSTREAM_API_SECRET=your_api_secret\n"})
	env := filepath.Join(dir, "server", ".env")
	before := read(t, env)
	args := fixArgs(t, dir)
	args[1] = "secret-placeholder"
	if r := (process{}).run(t, append(args, "--dry-run")...); !strings.Contains(r.out, "+STREAM_API_SECRET=") {
		t.Fatalf("no edit is offered where git doesn't track it: %+v", r)
	}
	index := filepath.Join(dir, ".git", "index")
	if err := os.MkdirAll(filepath.Dir(index), 0o755); err != nil {
		t.Fatal(err)
	}
	name := "server/.env"
	entry := append(make([]byte, 61), append([]byte{byte(len(name))}, name...)...)
	entry = append(entry, make([]byte, 8-len(entry)%8)...)
	if err := os.WriteFile(index, append([]byte("DIRC\x00\x00\x00\x02\x00\x00\x00\x01"), entry...), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, flag := range []string{"--yes", "--dry-run"} {
		if r := (process{}).run(t, append(args, flag)...); r.code == 0 || strings.Contains(r.out, "+STREAM_API_SECRET=") || read(t, env) != before {
			t.Errorf("%s: %+v", flag, r)
		}
	}
}

// What agents prints has the commands that it names, and says what never to print.
func TestAgentsBlock(t *testing.T) {
	r := process{}.run(t, "agents")
	for _, want := range []string{"badsig check --json", "badsig fix --dry-run", "badsig fix --yes", "insertSecret", "insertFrom", "saveAs", "create", "Never print", "name: stream-token-errors"} {
		if r.code != 0 || !strings.Contains(r.out, want) {
			t.Errorf("agents doesn't say %q (exit %d)", want, r.code)
		}
	}
}
