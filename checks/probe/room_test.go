package probe

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"badsig/checks/facts"
)

// A project of hostile sources needs at most 256 MiB, and what wasn't read is told.
func TestRoomOfAProject(t *testing.T) {
	dir := t.TempDir()
	body := strings.Repeat("const s = process.env.STREAM_API_SECRET\nfunction f(a) { return g(a, [1, 2], { b: a }) }\n", 10_000)
	for i := range 60 {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("a%d.js", i)), []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	w := Look(t.Context(), facts.Target{Dir: dir, Offline: true}, facts.NameProject)
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	if m.HeapSys > 256<<20 {
		t.Errorf("the heap has grown to %d MiB", m.HeapSys>>20)
	}
	f := w.Snapshot()
	if f.Project == nil || !slices.ContainsFunc(f.Project.Notes, func(n string) bool { return strings.HasPrefix(n, "not read") }) || len(f.Project.Unread) == 0 {
		t.Errorf("nothing says that sources weren't read: %v", f.Errors)
	}
}
