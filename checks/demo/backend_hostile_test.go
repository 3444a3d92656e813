package demo

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A backend removes the folder of its demo, and no other that it may be told of.
func TestBackendRemovesNothingElse(t *testing.T) {
	t.Chdir(t.TempDir())                            // it leaves the folder it is in
	temp, err := filepath.EvalSymlinks(t.TempDir()) // as Start has it
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", temp)
	t.Setenv("TMP", temp)
	t.Setenv("TEMP", temp)
	make := func(parts ...string) string {
		dir := filepath.Join(parts...)
		if err := os.MkdirAll(filepath.Join(dir, "chat-demo"), 0o700); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	for _, c := range []struct {
		name, folder string
		stays        bool
	}{
		{"its own", make(temp, "badsig-demo-1"), false},
		{"someone's", make(temp, "work"), true},
		{"elsewhere", make(t.TempDir(), "badsig-demo-2"), true},
		{"below its own", filepath.Join(make(temp, "badsig-demo-3"), "chat-demo"), true},
		{"up again", filepath.Join(make(temp, "badsig-demo-4"), "..", "work"), true},
		{"the temporary folder", temp, true},
		{"relative", ".", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := Backend(strings.NewReader(fmt.Sprintf("{\"Folder\":%q}\n", c.folder)), io.Discard); err != nil {
				t.Fatal(err)
			}
			if _, err := os.Stat(c.folder); (err == nil) != c.stays {
				t.Errorf("%s: %v; should it stay? %t", c.folder, err, c.stays)
			}
		})
	}
}
