package outfile

import (
	"errors"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// no one runs a test's files with the rights of a user who owns nothing.
func nobody(t *testing.T, do func()) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root can become another user")
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	_ = unix.Setfsuid(65534)
	_ = unix.Setfsgid(65534)
	defer func() { _ = unix.Setfsgid(0); _ = unix.Setfsuid(0) }()
	do()
}

// open lets everyone into the folders of a test.
func open(t *testing.T, dir string) {
	t.Helper()
	for d := dir; d != os.TempDir() && d != "/"; d = filepath.Dir(d) {
		if err := os.Chmod(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
}

// Owner and group stay; where they can't, and where a folder can't be written to,
// nothing is changed.
func TestRewriteKeepsTheOwner(t *testing.T) {
	root := t.TempDir()
	if os.Geteuid() != 0 {
		t.Skip("only root can give files away")
	}
	open(t, root)
	was, now := []byte("A=1\n"), []byte("A=2\n")
	path := put(t, root, ".env", string(was), 0o640)
	if err := os.Chown(path, 1234, 5678); err != nil {
		t.Fatal(err)
	}
	owner := func(path string) (uid, gid uint32) {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		s := info.Sys().(*syscall.Stat_t)
		return s.Uid, s.Gid
	}
	if err := Rewrite(root, ".env", was, now); err != nil {
		t.Fatal(err)
	}
	if u, g := owner(path); u != 1234 || g != 5678 || read(t, path) != string(now) {
		t.Errorf("it belongs to %d:%d now", u, g)
	}
	theirs := put(t, root, "shared/theirs.env", string(was), 0o666)
	locked := put(t, root, "locked/mine.env", string(was), 0o644)
	for p, mode := range map[string]os.FileMode{filepath.Dir(theirs): 0o777, filepath.Dir(locked): 0o555} {
		if err := os.Chmod(p, mode); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chown(locked, 65534, 65534); err != nil {
		t.Fatal(err)
	}
	nobody(t, func() {
		if err := Rewrite(root, "shared/theirs.env", was, now); !errors.Is(err, ErrOwner) {
			t.Errorf("a file of another user's: %v", err)
		}
		if err := Rewrite(root, "locked/mine.env", was, now); !errors.Is(err, os.ErrPermission) {
			t.Errorf("a folder that can't be written to: %v", err)
		}
		if err := Create(root, "locked/new", now, true); !errors.Is(err, os.ErrPermission) {
			t.Errorf("a new file in it: %v", err)
		}
	})
	for _, p := range []string{theirs, locked} {
		if read(t, p) != string(was) {
			t.Errorf("%s has changed", p)
		}
	}
	alone(t, root, ".env", "shared/theirs.env", "locked/mine.env")
}

// A disk that has no room for all of a file leaves the file as it was, and no part of the new one.
func TestRewriteWithoutRoom(t *testing.T) {
	root := t.TempDir()
	was, now := make([]byte, 300_000), make([]byte, 300_001) // much more than the log of a test
	path := put(t, root, ".env", string(was), 0o644)
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Fatal(err)
	}
	signal.Ignore(syscall.SIGXFSZ)
	defer signal.Reset(syscall.SIGXFSZ)
	small := limit
	small.Cur = 200_000
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &small); err != nil {
		t.Fatal(err)
	}
	err, errNew := Rewrite(root, ".env", was, now), Create(root, "new.env", now, true)
	if back := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); back != nil {
		t.Fatal(back)
	}
	if err == nil || errNew == nil {
		t.Errorf("no room: %v, %v", err, errNew)
	}
	if read(t, path) != string(was) {
		t.Error("the file has changed")
	}
	alone(t, root, ".env")
}
