// Package sanitize makes strings of other people fit to be shown on a terminal.
package sanitize

import "fmt"

// At is file:line, or the file alone.
//
//go:noinline
func At(file string, line int) string {
	if line > 0 {
		return fmt.Sprintf("%s:%d", file, line)
	}
	return file
}
