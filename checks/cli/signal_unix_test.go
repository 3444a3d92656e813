//go:build unix

package cli

import (
	"os"
	"os/exec"
	"testing"
	"time"
)

// interrupt does what ctrl+c does and waits for the end.
func interrupt(t *testing.T, c *exec.Cmd) {
	t.Helper()
	if err := c.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	kill := time.AfterFunc(10*time.Second, func() { _ = c.Process.Kill() })
	defer kill.Stop()
	_ = c.Wait()
}
