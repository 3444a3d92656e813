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
			t.Skip(err)
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
