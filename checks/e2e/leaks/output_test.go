//go:build linux

package leaks

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"badsig/checks/internal/eventually"
	"badsig/checks/internal/secretscan"
	"badsig/tokens"
)

// Every command that prints, on a standard output that accepts nothing, only the
// beginning, or is not there; without stdin and without stderr: the status
// tells, a sentence says why, and nothing breaks or stays behind.
func TestOutputsThatAcceptNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: the same program is run without it")
	}
	if runtime.GOOS != "linux" {
		t.Skip("there is no /dev/full")
	}
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer full.Close()
	m := secretscan.Secrets{}
	root, home := t.TempDir(), t.TempDir()
	tmp := filepath.Join(home, "tmp")
	if err := os.Mkdir(tmp, 0o700); err != nil {
		t.Fatal(err)
	}
	sound := m.Mark("server/.env")
	put(t, root, map[string]string{"server/.env": "STREAM_API_KEY=" + key1 + "\nSTREAM_API_SECRET=" + sound + "\n", "server/package.json": `{"dependencies":{"express":"5"}}`})
	token, err := tokens.Mint(tokens.NewSecret([]byte(sound)), "test123", time.Now(), tokens.MintOptions{})
	if err != nil {
		t.Fatal(err)
	}
	const brokenPipe = 128 + int(syscall.SIGPIPE)
	for _, c := range []struct {
		args   []string
		stdin  string
		status int // where all can be written
	}{
		{args: []string{"check", "--offline", "--url", "http://127.0.0.1:1/x"}, status: 1},
		{args: []string{"check", "--json", "--offline", "--url", "http://127.0.0.1:1/x"}, status: 1},
		{args: []string{"report", "--offline", "--url", "http://127.0.0.1:1/x"}, status: 1},
		{args: []string{"inspect", token}}, {args: []string{"inspect", "--json", token}},
		{args: []string{"inspect", "-"}, stdin: strings.Repeat(token+"\n", 3000)}, {args: []string{"inspect", "--json", "-"}, stdin: strings.Repeat(token+"\n", 3000)},
		{args: []string{"mint"}}, {args: []string{"explain"}}, {args: []string{"explain", "server-down"}}, {args: []string{"demo"}}, {args: []string{"demo", "--json"}},
		{args: []string{"--help"}}, {args: []string{"help", "check"}}, {args: []string{"check", "--help"}}, {args: []string{"--version"}}, {args: []string{"completion", "bash"}}, {args: []string{"man"}},
		{args: []string{"__complete", "explain", "server"}},
	} {
		run := func(t *testing.T, what string, change func(*exec.Cmd)) (status int, errs string) {
			t.Helper()
			cmd := command(context.Background(), how{dir: root, env: bare(home), stdin: c.stdin, args: c.args})
			var e bytes.Buffer
			cmd.Stdout, cmd.Stderr = io.Discard, &e
			change(cmd)
			_ = cmd.Run()
			status = cmd.ProcessState.ExitCode()
			if ws := cmd.ProcessState.Sys().(syscall.WaitStatus); ws.Signaled() {
				status = 128 + int(ws.Signal())
			}
			if strings.Contains(e.String(), "goroutine ") || strings.Contains(e.String(), "panic") {
				t.Errorf("%s: it breaks: %s", what, e.String())
			}
			return status, e.String()
		}
		t.Run(strings.ReplaceAll(strings.Join(c.args, " "), token, "TOKEN"), func(t *testing.T) {
			sound, _ := run(t, "sound", func(*exec.Cmd) {})
			if sound != c.status {
				t.Fatalf("status %d where all is sound, want %d", sound, c.status)
			}
			status, errs := run(t, "full", func(cmd *exec.Cmd) { cmd.Stdout = full })
			lines := strings.Split(strings.TrimSpace(errs), "\n")
			if last := lines[len(lines)-1]; status != 1 || !strings.HasPrefix(last, "badsig: ") || !strings.Contains(last, "no space left on device") {
				t.Errorf("onto a full disk: status %d, %q", status, errs)
			}
			// The reader leaves before, or after the first byte.
			for _, n := range []int64{0, 1} {
				status, errs = run(t, "broken pipe", func(cmd *exec.Cmd) {
					r, w, err := os.Pipe()
					if err != nil {
						t.Fatal(err)
					}
					t.Cleanup(func() { _ = w.Close() })
					if n == 0 {
						_ = r.Close()
					} else {
						go func() { _, _ = io.CopyN(io.Discard, r, n); _ = r.Close() }()
					}
					cmd.Stdout = w
				})
				if want := []int{brokenPipe, c.status}; !slices.Contains(want, status) || strings.Contains(errs, "pipe") {
					t.Errorf("the reader left after %d bytes: status %d, %q", n, status, errs)
				}
			}
			for how, change := range map[string]string{"no stdout": ">&-", "no stderr": "2>&-", "no stdin": "<&-", "none of them": "<&- >&- 2>&-", "a stderr that is full": "2>/dev/full"} {
				if c.stdin != "" && strings.Contains(change, "<") {
					continue
				}
				if status, _ := run(t, how, func(cmd *exec.Cmd) {
					sh := exec.Command("sh", append([]string{"-c", `exec "$0" "$@" ` + change, program}, c.args...)...)
					cmd.Path, cmd.Args = sh.Path, sh.Args
				}); status != c.status {
					t.Errorf("%s: status %d, want %d", how, status, c.status)
				}
			}
			eventually.Until(t, "gone: every process of it", func() bool { return len(commandsWith(program)) == 0 })
			eventually.Until(t, "removed: what it wrote into the folder for temporary files", func() bool { list, _ := os.ReadDir(tmp); return len(list) == 0 })
		})
	}
}
