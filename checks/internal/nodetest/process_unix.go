//go:build unix

package nodetest

import (
	"os/exec"
	"syscall"
)

// group puts the program into a group of its own, so that kill reaches what it starts.
func group(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

func kill(cmd *exec.Cmd) { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
