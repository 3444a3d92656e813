package envfile

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"badsig/checks/nodetest"
)

// nodeModules gives a folder with dotenv and dotenv-expand.
func nodeModules(t *testing.T) string {
	if m := os.Getenv("BADSIG_NODE_MODULES"); m != "" {
		return m
	}
	return filepath.Join(nodetest.Packages(t), "node_modules")
}

// ownReader tells whether this machine's Node reads .env files as Node 20.20
// does: later ones treat tabs, lines without "=" and open quotes otherwise.
func ownReader(t *testing.T) bool {
	out, err := exec.Command("node", "--version").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.HasPrefix(string(out), "v20.")
}
