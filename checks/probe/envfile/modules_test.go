package envfile

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"badsig/checks/internal/nodetest"
)

// nodeModules gives a folder with dotenv and dotenv-expand.
func nodeModules(t *testing.T) string {
	if m := os.Getenv("BADSIG_NODE_MODULES"); m != "" {
		return m
	}
	return filepath.Join(nodetest.Packages(t), "node_modules")
}

// ownReader tells in which dialect this machine's Node reads .env files.
func ownReader(t *testing.T) (d Dialect, exact bool) {
	out, err := exec.Command("node", "--version").Output()
	if err != nil {
		t.Fatal(err)
	}
	return NodeReader(string(out))
}
