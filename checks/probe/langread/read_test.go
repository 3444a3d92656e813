package langread

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"badsig/checks/probe/langread/flow"
	"badsig/checks/probe/langread/syntax"
)

// section is one program of testdata/programs.txt.
type section struct {
	name  string
	files []string // name, text, name, text …
}

func sections(t *testing.T) []section {
	data, err := os.ReadFile("testdata/programs.txt")
	if err != nil {
		t.Fatal(err)
	}
	var out []section
	for line := range strings.Lines(string(data)) {
		switch {
		case strings.HasPrefix(line, "== "):
			out = append(out, section{name: strings.TrimSpace(line[3:])})
		case strings.HasPrefix(line, "-- ") && strings.HasSuffix(line, " --\n"):
			s := &out[len(out)-1]
			s.files = append(s.files, strings.TrimSuffix(line[3:], " --\n"), "")
		default:
			s := &out[len(out)-1]
			s.files[len(s.files)-1] += line
		}
	}
	return out
}

// TestPrograms reads small programs of each framework and compares all that is
// told of them with testdata/programs.want; UPDATE=1 writes it anew.
func TestPrograms(t *testing.T) {
	var b strings.Builder
	for _, s := range sections(t) {
		units := map[string][]*syntax.Unit{}
		for i := 0; i < len(s.files); i += 2 {
			if u := flow.Parse(s.files[i], []byte(s.files[i+1])); u != nil {
				units[u.Lang.Name] = append(units[u.Lang.Name], u)
			}
		}
		fmt.Fprintf(&b, "== %s\n", s.name)
		for _, l := range []string{syntax.Python, syntax.Go, syntax.PHP, syntax.Ruby, syntax.Java, syntax.Kotlin, syntax.CSharp} {
			if len(units[l]) > 0 {
				b.WriteString(show(Read(l, units[l], nil)))
			}
		}
	}
	want, _ := os.ReadFile("testdata/programs.want")
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile("testdata/programs.want", []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	compare(t, b.String(), string(want))
}

func compare(t *testing.T, got, want string) {
	t.Helper()
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	name := ""
	for i := range max(len(g), len(w)) {
		var a, b string
		if i < len(g) {
			a = g[i]
		}
		if i < len(w) {
			b = w[i]
		}
		if strings.HasPrefix(a, "== ") {
			name = a[3:]
		}
		if a != b {
			t.Fatalf("%s:\n got %s\nwant %s", name, a, b)
		}
	}
}

func showSource(s flow.Source) string {
	t := string(s.Kind) + ":" + s.Name
	if s.Text != "" {
		t += fmt.Sprintf("%q", s.Text)
	}
	if s.Transform != "" {
		t += " |" + s.Transform
	}
	if s.Guess {
		t += " guess"
	}
	if s.Fallback {
		t += " fallback"
	}
	var ls []string
	for _, l := range s.Links {
		ls = append(ls, fmt.Sprintf("%s@%s:%d", l.Name, filepath.Base(l.File), l.Line))
	}
	return t + " [" + strings.Join(ls, " → ") + "]"
}

func show(p *Program) string {
	var b strings.Builder
	for _, s := range p.Sites {
		fmt.Fprintf(&b, "site %s %s:%d sure=%v\n", s.Callee, s.File, s.Line, s.Sure)
		for _, x := range s.Secret {
			b.WriteString("  secret " + showSource(x) + "\n")
		}
		for _, x := range s.Key {
			b.WriteString("  key " + showSource(x) + "\n")
		}
		b.WriteString("  user " + showSource(s.User) + "\n")
		for _, c := range s.Claims {
			fmt.Fprintf(&b, "  claim %s = %s (%s) :%d\n", c.Name, c.Text, c.Unit, c.Line)
		}
		if s.Alg != nil {
			fmt.Fprintf(&b, "  algorithm %s :%d\n", s.Alg.Text, s.Alg.Line)
		}
		for _, w := range s.Wraps {
			fmt.Fprintf(&b, "  wrap %s %q :%d\n", w.How, w.As, w.Line)
		}
		for _, r := range s.Routes {
			file, line := r.Handler()
			fmt.Fprintf(&b, "  route %s %s %s:%d handler %s:%d fields %v query %v", r.Method, r.Path, r.File, r.Line, path.Base(file), line, r.Fields, r.Query)
			if !r.Sure {
				b.WriteString(" unsure")
			}
			for _, g := range r.Guards {
				fmt.Fprintf(&b, " guard %d %s %s:%d", g.Status, g.What, path.Base(g.File), g.Line)
			}
			for _, w := range r.Writes {
				fmt.Fprintf(&b, " writes %s:%d", path.Base(w.File), w.Line)
			}
			for _, w := range r.Calls {
				fmt.Fprintf(&b, " calls %s:%d", path.Base(w.File), w.Line)
			}
			b.WriteString("\n")
		}
	}
	for _, x := range p.Ports {
		fmt.Fprintf(&b, "port %d env=%s %s:%d\n", x.Port, x.Env, x.File, x.Line)
	}
	for _, l := range p.Loads {
		fmt.Fprintf(&b, "load %s %q from %s override=%v %s:%d\n", l.Loader, l.Path, l.From, l.Override, l.File, l.Line)
	}
	fmt.Fprintf(&b, "cors %v frameworks %v mains %v broken %v\n", p.CORS, p.Frameworks, p.Mains, p.Broken)
	return b.String()
}
