package cli

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// Facts and the debug log go through no link to a folder that the project brings.
func TestNothingIsWrittenThroughAFolderLink(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	if err := os.Symlink(outside, filepath.Join(dir, "out")); err != nil {
		if runtime.GOOS == "windows" {
			t.Skip(err)
		}
		t.Fatal(err)
	}
	for _, flag := range []string{"--facts-out", "--debug-log"} {
		r := process{dir: dir}.run(t, "check", "--offline", "--timeout", "1s", flag, "out/f")
		if r.code != exitUsage || !strings.Contains(r.err, "is a link of this project") {
			t.Errorf("%s: exit %d: %s", flag, r.code, r.err)
		}
	}
	if files, err := os.ReadDir(outside); err != nil || len(files) > 0 {
		t.Errorf("%v were written: %v", files, err)
	}
}
