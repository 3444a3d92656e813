//go:build !unix

package cli

import (
	"os/exec"
	"testing"
)

// interrupt cannot be done to one process here.
func interrupt(t *testing.T, c *exec.Cmd) {
	t.Helper()
	_ = c.Process.Kill()
	_ = c.Wait()
	t.Skip("ctrl+c cannot be sent to one process here")
}
