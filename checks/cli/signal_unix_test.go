//go:build unix

package cli

import (
	"os"
	"os/exec"
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
