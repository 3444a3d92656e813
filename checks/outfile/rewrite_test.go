package outfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// put makes a file of a project.
func put(t *testing.T, root, rel, data string, mode fs.FileMode) string {
	t.Helper()
	path := filepath.Join(root, filepath.FromSlash(rel))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
	return path
}

// alone reports what else is in a project's folders than the files that are named.
func alone(t *testing.T, root string, names ...string) {
	t.Helper()
	known := map[string]bool{}
	for _, n := range names {
		known[n] = true
	}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if rel, _ := filepath.Rel(root, path); err == nil && !d.IsDir() && !known[filepath.ToSlash(rel)] {
			t.Errorf("%s was left behind", rel)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A file is replaced with its mode, and nothing is kept beside it.
func TestRewriteKeepsTheMode(t *testing.T) {
	for _, mode := range []fs.FileMode{0o600, 0o640, 0o644, 0o664, 0o755, 0o200} {
		root := t.TempDir()
		path := put(t, root, "server/.env", "A=1\r\n", mode)
		if mode&0o400 == 0 && os.Geteuid() != 0 {
			continue // it can't be read to begin with
		}
		if err := Rewrite(root, "server/.env", []byte("A=1\r\n"), []byte("A=2\r\n")); err != nil {
			t.Errorf("%o: %v", mode, err)
			continue
		}
		info, err := os.Stat(path)
		if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != mode {
			t.Errorf("%o became %v (%v)", mode, info.Mode(), err)
		}
		_ = os.Chmod(path, 0o600)
		if got := read(t, path); got != "A=2\r\n" {
			t.Errorf("%o: it has %q", mode, got)
		}
		alone(t, root, "server/.env")
	}
}

// What isn't as it was read, can't be written, or isn't there, stays as it is.
func TestRewriteRejects(t *testing.T) {
	root := t.TempDir()
	was := "A=1\n"
	changed := put(t, root, "changed", "A=9\n", 0o644)
	longer := put(t, root, "longer", "A=1\nB=2\n", 0o644)
	locked := put(t, root, "locked", was, 0o444)
	if err := os.Mkdir(filepath.Join(root, "folder"), 0o755); err != nil {
		t.Fatal(err)
	}
	for rel, want := range map[string]error{"changed": ErrChanged, "longer": ErrChanged, "locked": ErrReadOnly, "gone": fs.ErrNotExist, "folder": nil, "../outside": nil} {
		err := Rewrite(root, rel, []byte(was), []byte("A=2\n"))
		if err == nil || want != nil && !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", rel, err, want)
		}
	}
	for path, want := range map[string]string{changed: "A=9\n", longer: "A=1\nB=2\n", locked: was} {
		if got := read(t, path); got != want {
			t.Errorf("%s has %q", path, got)
		}
	}
	alone(t, root, "changed", "longer", "locked")
}

// A link to a file of the project is followed, and stays a link; one that leads out
// of the project, or nowhere, is written to by nothing.
func TestRewriteAndLinks(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("making a link takes a right there")
	}
	root, outside := t.TempDir(), t.TempDir()
	was, now := []byte("A=1\n"), []byte("A=2\n")
	target := put(t, root, "config/app.env", string(was), 0o640)
	victim := put(t, outside, "env", string(was), 0o644)
	for link, to := range map[string]string{".env": "config/app.env", "out.env": victim, "far": outside, "none.env": "nothing", "loop.env": "loop.env"} {
		if err := os.Symlink(to, filepath.Join(root, link)); err != nil {
			t.Fatal(err)
		}
	}
	if err := Rewrite(root, ".env", was, now); err != nil {
		t.Error(err)
	}
	if info, err := os.Lstat(filepath.Join(root, ".env")); err != nil || info.Mode()&fs.ModeSymlink == 0 || read(t, target) != string(now) {
		t.Errorf("the link to a file of the project: %v %v", info, err)
	}
	if info, err := os.Stat(target); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("its target's mode: %v %v", info, err)
	}
	for _, rel := range []string{"out.env", "far/env"} {
		if err := Rewrite(root, rel, was, now); !errors.Is(err, ErrOutside) {
			t.Errorf("%s: %v", rel, err)
		}
	}
	for _, rel := range []string{"none.env", "loop.env"} {
		if err := Rewrite(root, rel, was, now); err == nil {
			t.Errorf("%s was written", rel)
		}
	}
	if err := Create(root, "far/new", now, true); !errors.Is(err, ErrOutside) {
		t.Errorf("a new file through a link: %v", err)
	}
	if read(t, victim) != string(was) {
		t.Error("a file outside of the project has changed")
	}
	alone(t, outside, "env")
	own := filepath.Join(t.TempDir(), "link") // the project's own folder may be reached by one
	if err := os.Symlink(root, own); err != nil {
		t.Fatal(err)
	}
	if err := Rewrite(own, "config/app.env", now, was); err != nil || read(t, target) != string(was) {
		t.Errorf("a project through a link: %v", err)
	}
}

// A new file is there afterwards, readable by its owner alone where it has a secret,
// and is taken back unless it was changed.
func TestCreateAndWithdraw(t *testing.T) {
	root := t.TempDir()
	data := []byte("A=1\n")
	for rel, mode := range map[string]fs.FileMode{"secret.env": 0o600, "plain": 0o644} {
		if err := Create(root, rel, data, mode == 0o600); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(root, rel)
		if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm()&^mode != 0 {
			t.Errorf("%s: %v %v", rel, info.Mode(), err)
		}
		if err := Create(root, rel, []byte("B=1\n"), true); !errors.Is(err, ErrThere) || read(t, path) != string(data) {
			t.Errorf("%s is there: %v", rel, err)
		}
		if err := Withdraw(root, rel, []byte("A=0\n")); !errors.Is(err, ErrChanged) {
			t.Errorf("%s was changed: %v", rel, err)
		}
		if err := Withdraw(root, rel, data); err != nil {
			t.Error(err)
		}
	}
	if err := Create(root, "no/folder/x", data, false); err == nil {
		t.Error("a folder was made")
	}
	alone(t, root)
	if strings.Contains(ErrReadOnly.Error(), "sudo") {
		t.Error("no one is told to be root")
	}
}
