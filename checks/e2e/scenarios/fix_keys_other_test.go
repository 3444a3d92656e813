//go:build !linux

package scenarios

import (
	"context"
	"testing"
)

// byKey needs a pseudo-terminal.
func byKey(*testing.T, Scenario, string, string, Cause) (bool, string) {
	return false, "the console is tested on Linux"
}

// fixAsked needs one, too.
func (l *Live) fixAsked(context.Context, string, Mode, string) (string, int, error) {
	return "the console is tested on Linux", 2, nil
}
