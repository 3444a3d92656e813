package project

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"badsig/checks/facts"
	"badsig/checks/internal/projecttest"
	"badsig/checks/probe/vault"
)

func TestLookKeepsOddNamesOnOneLine(t *testing.T) {
	dir := t.TempDir()
	odd := "a\nb\x1b[31m.env"
	if err := os.WriteFile(filepath.Join(dir, odd), []byte("STREAM_API_SECRET="+projecttest.S1+"\n"), 0o600); err != nil {
		if runtime.GOOS == "windows" {
			t.Skip(err)
		}
		t.Fatal(err)
	}
	w := vault.New(facts.Target{Dir: dir})
	if _, err := Read(context.Background(), w); err != nil {
		t.Fatal(err)
	}
	f := w.Snapshot()
	if len(f.Values) != 1 || strings.ContainsAny(f.Values[0].File, "\n\x1b") {
		t.Errorf("values %+v", f.Values)
	}
	for _, e := range f.Project.EnvFiles {
		if strings.ContainsAny(e.File, "\n\x1b") {
			t.Errorf("file %q", e.File)
		}
	}
}
