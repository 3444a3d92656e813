//go:build unix

package checks_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// fifos puts a FIFO wherever badsig opens files; no one ever writes into them.
func fifos(t *testing.T, dir string) {
	for _, name := range []string{"server/.env.local", "server/index.js", "package.json", "tsconfig.json", ".git", ".stream/creds.yaml",
		"docker-compose.yml", "nodemon.json", "Procfile", "dist/app.js", "stream/dist/app.js", "stream/build/index.html", "stream/.env",
		"server/node_modules/dotenv/package.json", "server/node_modules/dotenv/index.js", "server/streamToken.js", "server/config.json", "server/helper.mjs"} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := syscall.Mkfifo(path, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	link(t, dir, "../fifo", "server/.env.development")
	if err := syscall.Mkfifo(filepath.Join(dir, "fifo"), 0o600); err != nil {
		t.Fatal(err)
	}
	// The entry imports some of them.
	f, err := os.OpenFile(filepath.Join(dir, "server", "server.js"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteString("import './streamToken.js'\nimport config from './config.json'\nimport './helper.mjs'\nimport './node_modules/dotenv/index.js'\n"); err != nil {
		t.Fatal(err)
	}
}
