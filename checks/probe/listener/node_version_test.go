package listener

import (
	"os"
	"path/filepath"
	"testing"
)

func TestTheVersionOfAProgram(t *testing.T) {
	root := t.TempDir()
	headers := filepath.Join(root, "usr/include/node")
	if err := os.MkdirAll(headers, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(headers, "node_version.h"), []byte("#define NODE_MAJOR_VERSION 24\n#define NODE_MINOR_VERSION 11\n#define NODE_PATCH_VERSION 0\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		exe, root string
		env       []string
		want      string
	}{
		{"/usr/bin/node", root, nil, "24.11.0"},
		{"/home/a/.nvm/versions/node/v22.21.0/bin/node", "", nil, "22.21.0"},
		{"/opt/homebrew/Cellar/node@20/20.20.2/bin/node", "", nil, "20.20.2"},
		{"/home/a/.local/share/fnm/node-versions/v20.11.1/installation/bin/node", "", nil, "20.11.1"},
		{"/nowhere/bin/node", "", []string{"A=1", "npm_config_user_agent=npm/10.8.2 node/v24.2.0 linux x64 workspaces/false"}, "24.2.0"},
		{"/nowhere/bin/node", "", nil, ""},
		{"/usr/bin/python3.11", root, nil, ""},
		{"/home/a/.bun/bin/bun", "", []string{"npm_config_user_agent=bun/1.2.0 npm/? node/v24.3.0 linux x64"}, ""},
		{"", "", nil, ""},
	} {
		if got := nodeVersion(c.exe, c.root, c.env); got != c.want {
			t.Errorf("%s is Node %q, want %q", c.exe, got, c.want)
		}
	}
}
