//go:build unix

package cli

import (
	"bytes"
	"errors"
	"io"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/creack/pty"
)

// onTerminal runs badsig on a pseudo-terminal of 80×24, and gives all that it writes.
func (s process) onTerminal(t *testing.T, args ...string) string {
	t.Helper()
	c := s.command(t, args...)
	c.Stdin = nil
	p, err := pty.StartWithSize(c, &pty.Winsize{Rows: 24, Cols: 80})
	if err != nil {
		if _, absent := os.Stat("/dev/ptmx"); absent != nil {
			t.Skip("no pseudo-terminal: ", err)
		}
		t.Fatal(err)
	}
	defer p.Close()
	var b bytes.Buffer
	if _, err := io.Copy(&b, p); err != nil && !errors.Is(err, syscall.EIO) { // at the end of a terminal
		t.Fatal(err)
	}
	_ = c.Wait()
	return b.String()
}

// On a terminal check has colors, unless NO_COLOR says no, and its last 24 lines have the verdict and the fix;
// what it writes into a pipe has neither colors nor another order.
func TestCheckOnATerminal(t *testing.T) {
	dir := project(t, map[string]string{"server/.env": badEnv})
	args := []string{"check", "--static", "--offline"}
	s := process{dir: dir, env: []string{"BADSIG_API_KEY=abcd1234efgh", "BADSIG_API_SECRET=" + invented, "TERM=xterm-256color", "NO_COLOR=", "XDG_STATE_HOME=" + t.TempDir()}}
	colored := s.onTerminal(t, args...)
	if !strings.Contains(colored, "\x1b[1;31m✗ rejected: The API secret ends in a space\x1b[0m") {
		t.Errorf("no red verdict in\n%s", colored)
	}
	lines := strings.Split(strings.TrimRight(colored, "\r\n"), "\r\n")
	seen := strings.Join(lines[max(0, len(lines)-23):], "\n")
	for _, want := range []string{"✗ rejected: The API secret ends in a space", "server/.env:2", "In server/.env line 2, remove the trailing space"} {
		if !strings.Contains(seen, want) {
			t.Errorf("%q isn't in sight:\n%s", want, seen)
		}
	}
	if strings.Contains(colored, "\x1b[?1049h") || strings.Contains(colored, invented) {
		t.Errorf("an alternate screen, or the secret:\n%q", colored)
	}
	s.env = append(s.env, "NO_COLOR=1")
	if plain := s.onTerminal(t, args...); strings.Contains(plain, "\x1b[") || !strings.Contains(plain, "✗ rejected") {
		t.Errorf("with NO_COLOR:\n%q", plain)
	}
	s.env = append(s.env, "NO_COLOR=")
	piped := s.run(t, args...).out
	if strings.Contains(piped, "\x1b") || !strings.HasPrefix(piped, "✗ rejected: The API secret ends in a space\n\n1. The API secret ends in a space\n") || !strings.Contains(piped, "  ✓ pass    same API key everywhere\n") {
		t.Errorf("into a pipe:\n%s", piped)
	}
	text := s.onTerminal(t, append(args, "--format", "text")...)
	text = text[max(0, strings.Index(text, "✗ rejected")):] // on a slow machine the progress comes first
	if strings.ReplaceAll(text, "\r\n", "\n") != piped {
		t.Errorf("--format text on a terminal:\n%s\nwant\n%s", text, piped)
	}
}
