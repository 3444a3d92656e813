package outfile

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"badsig/checks/sanitize"
)

// Nothing is written through a link to a folder that a project brings, however the folder is named; a link
// outside the project is the user's own.
func TestFolderLinks(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("making a link takes a right there")
	}
	base, outside := t.TempDir(), t.TempDir()
	repo := filepath.Join(base, "repo")
	for _, d := range []string{filepath.Join(repo, ".git"), filepath.Join(repo, "web", "plain"), filepath.Join(outside, "in")} {
		if err := os.MkdirAll(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, link := range []string{"repo/out", "repo/web/out", "own"} {
		if err := os.Symlink(outside, filepath.Join(base, link)); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(filepath.Join(repo, "web"))
	for _, dir := range []string{"out", "out/", "./out", "out/in", "../out", "out/in/..", filepath.Join(repo, "out"), filepath.Join(repo, "web", "out", "in"), "plain/../out"} {
		path := dir + "/f"
		if err := Replace(path, sanitize.Vouched("x"), Any); !errors.Is(err, ErrFolder) {
			t.Errorf("writing %s: %v", path, err)
		}
		if f, err := Append(path, Any); !errors.Is(err, ErrFolder) {
			f.Close()
			t.Errorf("appending to %s: %v", path, err)
		}
		if at, err := Beside(dir, "f", sanitize.Vouched("x"), Any); !errors.Is(err, ErrFolder) {
			t.Errorf("a report in %s: %s, %v", dir, at, err)
		}
	}
	for _, d := range []string{outside, filepath.Join(outside, "in")} {
		if files, err := filepath.Glob(filepath.Join(d, "f*")); err != nil || len(files) > 0 {
			t.Errorf("%v were written outside the project", files)
		}
	}
	for _, path := range []string{"f", "plain/f", "../f", filepath.Join(base, "own", "f"), filepath.Join(repo, "web", "g"), "../../own/g"} {
		if err := Replace(path, sanitize.Vouched("x"), Any); err != nil {
			t.Errorf("writing %s: %v", path, err)
		}
	}
}
