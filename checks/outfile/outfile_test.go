package outfile

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	"badsig/checks/sanitize"
)

const head = "# badsig report\n"

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// A report is new, replaces an earlier report, and leaves links and other files alone.
func TestBeside(t *testing.T) {
	dir := t.TempDir()
	mine := Begins(head)
	at := func(name string) string { return filepath.Join(dir, name) }
	save := func(text string) string {
		t.Helper()
		path, err := Beside(dir, "r.md", sanitize.Vouched(head+text), mine)
		if err != nil {
			t.Fatal(err)
		}
		return path
	}
	if p := save("one"); p != at("r.md") || read(t, p) != head+"one" {
		t.Errorf("the first report went to %s", p)
	}
	if p := save("two"); p != at("r.md") || read(t, p) != head+"two" {
		t.Errorf("the second report went to %s", p)
	}
	if err := os.WriteFile(at("r.md"), []byte("my notes"), 0o644); err != nil {
		t.Fatal(err)
	}
	if p := save("three"); p != at("r-2.md") || read(t, at("r.md")) != "my notes" {
		t.Errorf("beside a file of someone's the report went to %s", p)
	}
	if runtime.GOOS == "windows" {
		return
	}
	if info, err := os.Stat(at("r-2.md")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the report's mode: %v, %v", info.Mode(), err)
	}
	victim := filepath.Join(t.TempDir(), "rc")
	if err := os.WriteFile(victim, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, target := range []string{victim, filepath.Join(t.TempDir(), "not-there")} {
		os.Remove(at("r.md"))
		if err := os.Symlink(target, at("r.md")); err != nil {
			t.Fatal(err)
		}
		if err := Replace(at("r.md"), sanitize.Vouched("x"), Any); !errors.Is(err, ErrLink) {
			t.Errorf("writing to a link to %s: %v", target, err)
		}
		if p := save("four"); p == at("r.md") {
			t.Error("the report went through the link")
		}
		if _, err := Append(at("r.md"), Any); !errors.Is(err, ErrLink) {
			t.Errorf("appending to a link: %v", err)
		}
	}
	if got := read(t, victim); got != "" {
		t.Errorf("the link's target holds %q", got)
	}
}

// A log is appended to where badsig wrote it, and to nothing else.
func TestAppend(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	for range 2 {
		f, err := Append(path, Begins("time="))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.WriteString("time=1\n"); err != nil {
			t.Fatal(err)
		}
		f.Close()
	}
	if got := read(t, path); got != "time=1\ntime=1\n" {
		t.Errorf("the log holds %q", got)
	}
	if err := os.WriteFile(path, []byte("export A=1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Append(path, Begins("time=")); !errors.Is(err, ErrForeign) {
		t.Errorf("appending to someone's file: %v", err)
	}
}

// Pipes and devices are written to as they are.
func TestDevice(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no /dev")
	}
	if err := Replace("/dev/null", sanitize.Vouched("x"), Begins("never")); err != nil {
		t.Error(err)
	}
}

// Several that begin one log at the same moment all write to it.
func TestAppendTogether(t *testing.T) {
	for range 20 {
		path := filepath.Join(t.TempDir(), "log")
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				f, err := Append(path, Begins("time="))
				if err != nil {
					t.Error(err)
					return
				}
				if _, err := f.WriteString("time=1\n"); err != nil {
					t.Error(err)
				}
				f.Close()
			})
		}
		wg.Wait()
		if got := read(t, path); len(got) != 8*len("time=1\n") {
			t.Errorf("the log holds %q", got)
		}
	}
}
