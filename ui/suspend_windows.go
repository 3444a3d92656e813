package ui

// canSuspend tells whether there is a shell to go back to: Windows has no job control.
func canSuspend() bool { return false }
