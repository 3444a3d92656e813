package cli

import (
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// readme gives the README, and the part of it under a heading.
func readme(t *testing.T) func(heading string) string {
	t.Helper()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	return func(heading string) string {
		_, part, found := strings.Cut(string(text), "\n"+heading+"\n")
		if !found {
			t.Fatalf("the README has no heading %q", heading)
		}
		level := heading[:strings.IndexByte(heading, ' ')+1]
		part, _, _ = strings.Cut(part, "\n"+level)
		return part
	}
}

// firsts gives the first cell of each line of the tables in a string.
func firsts(text string) []string {
	var out []string
	for line := range strings.Lines(text) {
		if cells := strings.Split(line, " | "); len(cells) > 1 && !strings.HasPrefix(line, "| ---") {
			out = append(out, strings.TrimPrefix(cells[0], "| "))
		}
	}
	return out[min(1, len(out)):] // the first is the head
}

// The README's table of commands is the command tree, and what is typed in it is understood.
func TestReadmeHasEveryCommand(t *testing.T) {
	root := newRoot(&Program{})
	var want, got []string
	for _, c := range root.Commands() {
		if c.IsAvailableCommand() && c.Name() != "help" {
			want = append(want, c.Name())
		}
	}
	typed, _, _ := strings.Cut(readme(t)("## Use"), "\n### ")
	for _, cell := range firsts(typed) {
		words := strings.Fields(strings.Trim(cell, "`"))
		if len(words) == 1 {
			continue // badsig itself
		}
		c, _, err := root.Find(words[1:2])
		if err != nil || c == root {
			t.Errorf("the README has %s, which isn't a command: %v", cell, err)
			continue
		}
		got = append(got, c.Name())
		for _, w := range words[2:] {
			if name, isFlag := strings.CutPrefix(strings.Trim(w, "[]"), "--"); isFlag && name != "" && c.Flags().Lookup(name) == nil {
				t.Errorf("the README has %s, and %s has no --%s", cell, c.Name(), name)
			}
		}
	}
	slices.Sort(got)
	if slices.Sort(want); !slices.Equal(got, want) {
		t.Errorf("the README has the commands\n%v\nbadsig has\n%v", got, want)
	}
}

// The README's table of flags has each flag of the four commands, and no other.
func TestReadmeHasEveryFlag(t *testing.T) {
	const heading = "### Flags of `badsig`, `check`, `report` and `run`"
	var got, want []string
	for _, cell := range firsts(readme(t)(heading)) {
		got = append(got, regexp.MustCompile(`--[a-z-]+`).FindAllString(cell, -1)...)
	}
	root := newRoot(&Program{})
	commands := []*cobra.Command{root}
	for _, name := range []string{"check", "report", "run"} {
		c, _, err := root.Find([]string{name})
		if err != nil {
			t.Fatal(err)
		}
		commands = append(commands, c)
	}
	for _, c := range commands {
		add := func(f *pflag.Flag) {
			if !f.Hidden {
				want = append(want, "--"+f.Name)
			}
		}
		c.LocalFlags().VisitAll(add)
		c.InheritedFlags().VisitAll(add)
	}
	slices.Sort(got)
	slices.Sort(want)
	if got, want = slices.Compact(got), slices.Compact(want); !slices.Equal(got, want) {
		t.Errorf("the README has the flags\n%v\nthe commands have\n%v", got, want)
	}
}

// The README gives the reason for each module that badsig requires, and for no other.
func TestReadmeHasEveryModule(t *testing.T) {
	cmd := exec.Command("go", "list", "-m", "-f", "{{if not (or .Main .Indirect)}}{{.Path}}{{end}}", "all")
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	table := strings.Join(firsts(readme(t)("## Dependencies")), "\n")
	version := regexp.MustCompile(`/v\d+$`)
	known := 0
	for path := range strings.FieldsSeq(string(out)) {
		name := version.ReplaceAllString(path, "")
		name = name[strings.LastIndexByte(name, '/')+1:]
		if !regexp.MustCompile(`[/[ ]` + regexp.QuoteMeta(name) + `\b`).MatchString(table) {
			t.Errorf("the README does not say what %s is for", path)
		}
		known++
	}
	named := 0
	for _, m := range regexp.MustCompile(`\[([^\]]+)\]\(`).FindAllStringSubmatch(table, -1) {
		named += strings.Count(m[1], " and ") + 1
	}
	if named != known {
		t.Errorf("the README names %d modules, and go.mod requires %d", named, known)
	}
}

// What the README tells newcomers to type is understood, and what it links to is there.
func TestReadmeCommandsAndLinks(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	root := newRoot(&Program{})
	typed := 0
	for _, m := range regexp.MustCompile("(?m)npx badsig([^`\n#]*)").FindAllStringSubmatch(string(text), -1) {
		args := strings.Fields(m[1])
		if i := slices.Index(args, "--"); i >= 0 {
			args = args[:i]
		}
		c, rest, err := root.Find(args)
		if err != nil || c == root && len(rest) > 0 {
			t.Errorf("npx badsig%s: no such command: %v", m[1], err)
			continue
		}
		if err := c.ParseFlags(rest); err != nil {
			t.Errorf("npx badsig%s: %v", m[1], err)
		}
		typed++
	}
	if typed < 10 {
		t.Errorf("only %d commands were found", typed)
	}
	for _, m := range regexp.MustCompile(`\]\(([^)#]+)\)`).FindAllStringSubmatch(string(text), -1) {
		if strings.HasPrefix(m[1], "http") {
			continue
		}
		if _, err := os.Stat("../../" + m[1]); err != nil {
			t.Errorf("the README links to %s: %v", m[1], err)
		}
	}
}
