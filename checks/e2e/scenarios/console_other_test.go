//go:build !linux

package scenarios

// consoles needs a pseudo-terminal and /proc.
func (e *everything) consoles() { e.t.Log("the console is tested on Linux") }
