package outfile

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"golang.org/x/sys/unix"

	"badsig/checks/sanitize"
)

// A folder of the project that is a link every other moment leads nowhere else: no matter what is
// written, nothing appears in, or changes in, the folder that the link leads to.
func TestAFolderThatIsSwapped(t *testing.T) {
	root, victim := t.TempDir(), t.TempDir()
	t.Chdir(root)
	put(t, root, "out/.env", "A=1\n", 0o600)
	put(t, root, "out/log", "time=1\n", 0o600)
	put(t, victim, ".env", "A=1\n", 0o600)
	put(t, victim, "log", "time=1\n", 0o600)
	if err := os.Symlink(victim, filepath.Join(root, "link")); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	var swapping sync.WaitGroup
	swapping.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
				if err := unix.Renameat2(unix.AT_FDCWD, filepath.Join(root, "out"), unix.AT_FDCWD, filepath.Join(root, "link"), unix.RENAME_EXCHANGE); err != nil {
					return // this file system can't
				}
			}
		}
	})
	for range 300 {
		_ = Replace("out/report.md", sanitize.Vouched("x"), Any)
		if f, err := Append("out/log", Begins("time=")); err == nil {
			_, _ = f.WriteString("time=2\n")
			f.Close()
		}
		_ = Rewrite(root, "out/.env", []byte("A=1\n"), []byte("A=2\n"))
		_ = Rewrite(root, "out/.env", []byte("A=2\n"), []byte("A=1\n"))
		_ = Create(root, "out/.env.local", []byte("B=1\n"), true)
		_ = Withdraw(root, "out/.env.local", []byte("B=1\n"))
	}
	close(done)
	swapping.Wait()
	if got := read(t, filepath.Join(victim, ".env")); got != "A=1\n" {
		t.Errorf("the other folder's file holds %q", got)
	}
	if got := read(t, filepath.Join(victim, "log")); got != "time=1\n" {
		t.Errorf("the other folder's log holds %q", got)
	}
	alone(t, victim, ".env", "log")
}
