package files

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"badsig/checks/internal/eventually"
	"badsig/checks/internal/projecttest"
)

func lookNames(t *testing.T, dir string) (*Tree, []string) {
	t.Helper()
	tr, err := Walk(context.Background(), dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range tr.Files {
		names = append(names, f.Rel)
	}
	return tr, names
}

func TestLookEntersOnlyWhatPeopleWrote(t *testing.T) {
	const js = "const jwt = require('jsonwebtoken')\n"
	files := map[string]string{"src/a.js": js, "src/deep/er/b.ts": js, ".env": "A=1", "server/.env.local": "A=1", ".stream/creds.yaml": "key: a", ".vscode/launch.json": "{}", "src/silent.js": "export const a = 1\n", "docker-compose.yml": "a: b"}
	want := []string{".env", ".stream/creds.yaml", ".vscode/launch.json", "docker-compose.yml", "server/.env.local", "src/a.js", "src/deep/er/b.ts"}
	for _, d := range []string{"node_modules", "server/node_modules", ".git", "dist", "build", ".next", "out", "coverage", ".turbo", "vendor", ".cache", "__pycache__", ".venv"} {
		files[d+"/x.js"], files[d+"/.env"] = js, "STREAM_API_SECRET=x"
	}
	files["src/app.min.js"] = js
	files["src/bundle.js"] = js + strings.Repeat("a", 40<<10)
	files["src/huge.js"] = js + strings.Repeat("// x\n", 300<<10)
	tr, got := lookNames(t, projecttest.Write(t, files))
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if !slices.Equal(tr.Builds, []string{".next", "build", "dist", "out"}) {
		t.Errorf("builds %q", tr.Builds)
	}
	if tr.Skipped != 1 || !tr.HasCode("src/silent.js") {
		t.Errorf("skipped %d, silent.js known %v", tr.Skipped, tr.HasCode("src/silent.js"))
	}
}

func TestLookSurvivesLinks(t *testing.T) {
	dir := projecttest.Write(t, map[string]string{"a/.env": "A=1", "real/secret.env": "B=2"})
	for link, to := range map[string]string{"a/loop": "..", "a/self": ".", ".env": "real/secret.env", ".env.dangling": "nowhere", ".env.folder": "a", "b.env": "b.env"} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			if runtime.GOOS == "windows" {
				t.Skip(err)
			}
			t.Fatal(err)
		}
	}
	_, got := lookNames(t, dir)
	if want := []string{".env", "a/.env", "real/secret.env"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestLookEndsInACrowd(t *testing.T) {
	dir := t.TempDir()
	crowd := filepath.Join(dir, "crowd")
	if err := os.Mkdir(crowd, 0o755); err != nil {
		t.Fatal(err)
	}
	defer func(n int) { maxDirEntries = n }(maxDirEntries) // a folder of 41,000 is in the long run
	maxDirEntries = 2000
	first := filepath.Join(crowd, "f.txt")
	if err := os.WriteFile(first, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for i := range maxDirEntries + 600 {
		if err := os.Link(first, filepath.Join(crowd, fmt.Sprintf("f%d.txt", i))); err != nil { // quicker than a file, and looks the same
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, ".env"), []byte("A=1"), 0o600); err != nil {
		t.Fatal(err)
	}
	tr, got := lookNames(t, dir)
	if !slices.Equal(got, []string{".env"}) || len(tr.Notes) != 1 || tr.Notes[0] != "crowd: too many files, the rest was left out" {
		t.Errorf("files %q notes %q", got, tr.Notes)
	}
}

func TestLookStops(t *testing.T) {
	dir := projecttest.Write(t, projecttest.Express)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	done := make(chan error, 1)
	go func() { _, err := Walk(ctx, dir); done <- err }()
	select {
	case err := <-done:
		if err == nil {
			t.Error("a cancelled look says nothing")
		}
	case <-time.After(eventually.Long):
		t.Fatal("a cancelled look goes on")
	}
	if _, err := Walk(context.Background(), filepath.Join(dir, "nowhere")); err == nil {
		t.Error("a folder that is not there gives no error")
	}
	if _, err := Walk(context.Background(), filepath.Join(dir, "README.md")); err == nil {
		t.Error("a file gives no error")
	}
}
