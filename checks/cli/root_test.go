package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestProjectFolder(t *testing.T) {
	for _, c := range []struct {
		name, start, want string
		files             []string
	}{
		{"server beside a front end, nothing above", "server", "..", []string{"server/package.json", "client/package.json"}},
		{"a package above", "server", "..", []string{"package.json", "server/package.json", "stream/package.json"}},
		{"a source folder", "app/src/lib", "../..", []string{"app/package.json", "app/src/lib/x.js", "other/package.json"}},
		{"a repository of two sides", "chat-backend", "..", []string{".git/HEAD", "chat-backend/package.json", "chat-frontend/package.json"}},
		{"a side of another project beside it", "foo-backend", ".", []string{"foo-backend/package.json", "bar-frontend/package.json", "web/package.json"}},
		{"both sides of one, by name", "foo-backend", "..", []string{"foo-backend/package.json", "foo-frontend/package.json", "bar-api/package.json"}},
		{"a workspace", "apps/chat", "../..", []string{"pnpm-workspace.yaml", "apps/chat/package.json", "apps/site/package.json"}},
		{"a workspace whose folder holds both sides", "apps/web", "../..", []string{`package.json={"workspaces":["apps/*"]}`, "apps/api/package.json", "apps/web/package.json"}},
		{"a workspace of other folders above", "apps/web", "..", []string{`package.json={"workspaces":["packages/*"]}`, "apps/api/package.json", "apps/web/package.json"}},
		{"the project's own folder", ".", ".", []string{"package.json", "server/package.json", "web/package.json"}},
		{"one of many demos", "demo-one", ".", []string{".git/HEAD", "package.json", "demo-one/package.json", "demo-two/package.json"}},
		{"nothing at all", "empty", ".", []string{"empty/x.txt", "ok/server/package.json"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			root := t.TempDir()
			for _, f := range c.files {
				f, text, given := strings.Cut(f, "=")
				if !given {
					text = `{"name":"x"}`
				}
				p := filepath.Join(root, filepath.FromSlash(f))
				if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			t.Chdir(filepath.Join(root, filepath.FromSlash(c.start)))
			if got := filepath.ToSlash(projectFolder(".")); got != c.want {
				t.Errorf("taken: %s, want %s", got, c.want)
			}
		})
	}
}
