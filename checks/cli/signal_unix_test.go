//go:build unix

package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"badsig/checks/internal/eventually"
)

// interrupt does what ctrl+c does and waits for the end.
func interrupt(t *testing.T, c *exec.Cmd) {
	t.Helper()
	if err := c.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	kill := time.AfterFunc(eventually.Long, func() { _ = c.Process.Kill() })
	defer kill.Stop()
	_ = c.Wait()
}

// No matter what a command waits for (a stdin at which no one types, a pipe that no one reads or
// writes), the first ctrl+c ends it.
func TestCtrlCWhileItWaits(t *testing.T) {
	t.Parallel() // it waits for other processes
	dir := project(t, map[string]string{"server/.env": goodEnv})
	for _, args := range []string{
		"mint --secret-stdin", "mint --secret-file PIPE", "inspect -", "check --static --token -", "check --static --data @-", "check --static --data @PIPE",
		"check --facts -", "check --facts PIPE", "check --static --facts-out PIPE", "check --static --debug-log PIPE",
	} {
		t.Run(args, func(t *testing.T) {
			t.Parallel()
			pipe := filepath.Join(t.TempDir(), "pipe") // its own: a reader and a writer of one pipe would meet
			if err := syscall.Mkfifo(pipe, 0o600); err != nil {
				t.Fatal(err)
			}
			words := strings.Fields(strings.ReplaceAll(args, "PIPE", pipe))
			if words[0] == "check" {
				words = append(words, "--offline", "--dir", dir)
			}
			c := process{dir: dir}.command(t, words...)
			c.Stdin = nil
			in, err := c.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			defer in.Close()
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			// Before it listens for signals ctrl+c ends it, too, with no exit status.
			time.Sleep(time.Second)
			start := time.Now()
			interrupt(t, c)
			if took := time.Since(start); c.ProcessState.ExitCode() != 128+int(syscall.SIGINT) || took > eventually.Long/2 {
				t.Errorf("exit status %d after %v", c.ProcessState.ExitCode(), took)
			}
		})
	}
}
