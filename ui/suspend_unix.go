//go:build unix

package ui

import (
	"os"

	"golang.org/x/sys/unix"
)

// canSuspend tells whether there is a shell to go back to. Where badsig runs
// in its session's first process group (a container, tmux's own command),
// nobody could wake it: the kernel would not stop it, and Bubble Tea would
// wait for ever.
func canSuspend() bool {
	own, err := unix.Getsid(0)
	if err != nil || unix.Getpgrp() == own {
		return false
	}
	parent, err := unix.Getsid(os.Getppid())
	return err == nil && parent == own
}
