package envfile

import (
	"os"
	"testing"
)

func nodeModules(t *testing.T) string {
	m := os.Getenv("BADSIG_NODE_MODULES")
	if m == "" {
		t.Skip("no packages")
	}
	return m
}
