//go:build unix

package files

import (
	"net"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"badsig/checks/internal/eventually"
	"badsig/checks/internal/projecttest"
)

// TestLookOpensNoFIFO would hang where a FIFO or a device were opened.
func TestLookOpensNoFIFO(t *testing.T) {
	dir := projecttest.Write(t, map[string]string{"a.env": "A=1"})
	for _, n := range []string{".env", "server.js", "package.json"} {
		if err := syscall.Mkfifo(filepath.Join(dir, n), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	_ = os.Symlink(".env", filepath.Join(dir, ".env.local"))
	_ = os.Symlink("/dev/zero", filepath.Join(dir, ".env.development"))
	if l, err := net.Listen("unix", filepath.Join(dir, "s.env")); err == nil {
		defer l.Close()
	}
	done := make(chan []string, 1)
	go func() { _, got := lookNames(t, dir); done <- got }()
	select {
	case got := <-done:
		if !slices.Equal(got, []string{"a.env"}) {
			t.Errorf("got %q", got)
		}
	case <-time.After(eventually.Long):
		t.Fatal("the look hangs")
	}
	var buf []byte
	if _, _, err := ReadBounded(filepath.Join(dir, ".env"), &buf, 100); err == nil {
		t.Error("a FIFO was read")
	}
}

func TestLookNotesWhatItCannotRead(t *testing.T) {
	dir := projecttest.Write(t, map[string]string{"a/.env": "A=1", "shut/.env": "B=2", "c/.env": "C=3"})
	if err := os.Chmod(filepath.Join(dir, "shut"), 0); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(dir, "c/.env"), 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(filepath.Join(dir, "shut"), 0o700) })
	if os.Geteuid() == 0 { // who may read everything
		asNobody(t, dir)
	}
	tr, got := lookNames(t, dir)
	if !slices.Equal(got, []string{"a/.env"}) || !slices.Equal(tr.Notes, []string{"c/.env: cannot be read", "shut: cannot be read"}) || tr.Skipped != 2 {
		t.Errorf("files %q notes %q skipped %d", got, tr.Notes, tr.Skipped)
	}
}

// asNobody gives a folder to the user that owns nothing, and is that user until the test ends.
func asNobody(t *testing.T, dir string) {
	t.Helper()
	const nobody = 65534
	if err := os.Chmod(filepath.Dir(dir), 0o755); err != nil { // which the testing package keeps for its own user
		t.Fatal(err)
	}
	if err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, nobody, nobody)
	}); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Setreuid(-1, nobody); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Setreuid(-1, 0); err != nil {
			t.Fatal(err)
		}
	})
}
