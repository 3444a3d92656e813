package probe

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"badsig/checks/facts"
)

// TestSites reads the small projects of testdata/sites.txt and compares what
// is found of their signing calls with what is beside them.
func TestSites(t *testing.T) {
	data, err := os.ReadFile("testdata/sites.txt")
	if err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	for _, block := range strings.Split("\n"+string(data), "\n=== ")[1:] {
		name, rest, _ := strings.Cut(block, "\n")
		files, want := map[string]string{}, ""
		for _, part := range strings.Split("\n"+rest, "\n-- ")[1:] {
			file, text, _ := strings.Cut(part, "\n")
			if file == "want" {
				want = strings.TrimSpace(text)
				continue
			}
			files[file] = text
		}
		t.Run(name, func(t *testing.T) {
			got := strings.TrimSpace(sitesSaid(t, files))
			fmt.Fprintf(&said, "=== %s\n", name)
			for _, file := range sortedNames(files) {
				fmt.Fprintf(&said, "-- %s\n%s\n", file, strings.TrimSuffix(files[file], "\n"))
			}
			fmt.Fprintf(&said, "-- want\n%s\n", got)
			if got != want {
				t.Errorf("found:\n%s\nwant:\n%s", got, want)
			}
		})
	}
	if os.Getenv("BADSIG_UPDATE") != "" {
		if err := os.WriteFile("testdata/sites.txt", []byte(said.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func sortedNames(files map[string]string) []string {
	var out []string
	for n := range files {
		out = append(out, n)
	}
	slices.Sort(out)
	return out
}

// sitesSaid writes what is found of a project's signing calls, one a line.
func sitesSaid(t *testing.T, files map[string]string) string {
	dir := t.TempDir()
	for name, text := range files {
		p := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	w := Look(context.Background(), facts.Target{Dir: dir, Offline: true}, facts.NameProject)
	f := w.Snapshot()
	if f.Project == nil {
		t.Fatal(f.Errors)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "target %s (%s)\n", f.Target.URL, f.Target.URLSource)
	for i, s := range f.Project.Sites {
		fmt.Fprintf(&b, "site %d %s %s:%d %s user %s %s", i, s.Callee, s.File, s.Line, s.Runs, s.User.From, s.User.Name)
		for _, l := range s.Secret {
			fmt.Fprintf(&b, " secret %s@%s:%d", l.Name, l.File, l.Line)
		}
		for _, l := range s.Key {
			fmt.Fprintf(&b, " key %s@%s:%d", l.Name, l.File, l.Line)
		}
		for _, c := range s.Claims {
			fmt.Fprintf(&b, " %s:%d", c.Name, c.Line)
			if c.Unit != "" {
				b.WriteString("(" + c.Unit + ")")
			}
		}
		for _, x := range s.Wraps {
			fmt.Fprintf(&b, " wrap %s:%d", x.How, x.Line)
		}
		b.WriteString("\n")
	}
	for _, e := range f.Project.Entries {
		fmt.Fprintf(&b, "entry %s %s %s %s:%d site %d %s", e.Kind, e.Method, e.Path, e.File, e.Line, e.Site, e.Known)
		if len(e.Fields)+len(e.Params) > 0 {
			fmt.Fprintf(&b, " reads %s", strings.Join(slices.Concat(e.Fields, e.Params), ","))
		}
		if e.Session != "" {
			fmt.Fprintf(&b, " session %q", e.Session)
		}
		for _, g := range e.Guards {
			fmt.Fprintf(&b, " guard %d@%s:%d", g.Status, g.File, g.Line)
		}
		for _, p := range e.Writes {
			fmt.Fprintf(&b, " writes %s:%d", p.File, p.Line)
		}
		for _, p := range e.Calls {
			fmt.Fprintf(&b, " calls %s:%d", p.File, p.Line)
		}
		b.WriteString("\n")
	}
	for _, line := range strings.Split(b.String(), "\n") {
		if strings.TrimRight(line, " ") != line {
			return strings.ReplaceAll(b.String(), " \n", "\n")
		}
	}
	return b.String()
}
