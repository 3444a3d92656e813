package cli

import (
	"badsig/checks/affix"
	"badsig/checks/facts"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Rules of this file:
//   - badsig started in a part of a project looks at the project: the folder that holds both sides
//   - it never climbs to the home folder, the folder of temporary files or the root of the file system
//   - a folder that holds both sides, or is one program with both, is the project

// maxClimb bounds how far up the project is looked for.
const maxClimb = 6

// sides are names that folders of one side of a project have.
var sides = []string{"server", "backend", "back-end", "api", "client", "frontend", "front-end", "front", "web", "webapp", "app", "mobile", "stream", "ui", "functions", "expo", "native"}

// projectFolder gives the folder of the project that a folder belongs to,
// relative to it: "." where it is the project's own.
func projectFolder(start string) string {
	abs, err := filepath.Abs(start)
	if err != nil {
		return start
	}
	best := abs
	for dir, n := abs, 0; n <= maxClimb; n++ {
		if dir != abs && tooHigh(dir) {
			break
		}
		if dir == abs || holds(dir, best) {
			best = dir
			if whole(dir) {
				best = member(dir)
				break
			}
		}
		if isThere(filepath.Join(dir, ".git")) {
			break
		}
		up := filepath.Dir(dir)
		if up == dir {
			break
		}
		dir = up
	}
	if rel, err := filepath.Rel(abs, best); err == nil && best != abs {
		if start == "." || start == "" {
			return rel
		}
		return filepath.Join(start, rel)
	}
	return start
}

// member gives the workspace whose list names a folder that holds several
// programs, as apps of a monorepo does; the folder itself where none does.
func member(dir string) string {
	up := filepath.Dir(dir)
	if program(dir) || isThere(filepath.Join(dir, ".git")) || tooHigh(up) || !workspace(up) {
		return dir
	}
	for _, n := range []string{"package.json", "pnpm-workspace.yaml"} {
		if affix.Contains(string(head(filepath.Join(up, n))), filepath.Base(dir)+"/") {
			return up
		}
	}
	return dir
}

// tooHigh tells folders that hold everything of a person or a machine.
func tooHigh(dir string) bool {
	home, _ := os.UserHomeDir()
	return dir == filepath.Dir(dir) || dir == home || dir == filepath.Clean(os.TempDir()) || dir == "/tmp" || dir == "/var/tmp"
}

// holds tells whether a folder above is the project of one below it.
func holds(dir, below string) bool {
	rooted := program(dir) || isThere(filepath.Join(dir, ".git"))
	if workspace(dir) || rooted && (!program(below) || sideName(filepath.Base(below))) {
		return true
	}
	rel, err := filepath.Rel(dir, below)
	if err != nil {
		return false
	}
	first, _, _ := affix.Cut(filepath.ToSlash(rel), "/")
	if !sideName(first) {
		return false
	}
	for _, s := range subfolders(dir) { // server beside client
		if s != first && sideName(s) && sideOf(s) == sideOf(first) && program(filepath.Join(dir, s)) {
			return true
		}
	}
	return false
}

// sideName tells the name of a folder that holds one side of a project: server, chat-backend.
func sideName(name string) bool {
	for _, w := range append(strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return r == '-' || r == '_' || r == '.' }), strings.ToLower(name)) {
		if facts.OneOf(sides, w) {
			return true
		}
	}
	return false
}

// sideOf is the project that a folder's name says it is a side of: chat for
// chat-backend, "" for server. Sides of two projects aren't one project.
func sideOf(name string) string {
	name = strings.ToLower(name)
	if facts.OneOf(sides, name) {
		return ""
	}
	words := strings.FieldsFunc(name, func(r rune) bool { return r == '-' || r == '_' || r == '.' })
	return strings.Join(affix.Without(words, func(w string) bool { return facts.OneOf(sides, w) || w == "back" || w == "end" }), "-")
}

// whole tells a folder that is a project by itself: a repository, a workspace,
// a framework with both sides, or a folder with several programs in it.
func whole(dir string) bool {
	if isThere(filepath.Join(dir, ".git")) || workspace(dir) {
		return true
	}
	if affix.Any([]string{"next", "nuxt", "@sveltejs/kit", "@remix-run/node", "@react-router/node", "astro"}, func(d string) bool { return facts.OneOf(dependencies(dir), d) }) {
		return true
	}
	programs := 0
	for _, s := range subfolders(dir) {
		if program(filepath.Join(dir, s)) {
			programs++
		}
	}
	return programs > 1 || programs == 1 && isThere(filepath.Join(dir, "package.json"))
}

func workspace(dir string) bool {
	for _, n := range []string{"pnpm-workspace.yaml", "turbo.json", "lerna.json", "nx.json", "rush.json"} {
		if isThere(filepath.Join(dir, n)) {
			return true
		}
	}
	var j struct{ Workspaces json.RawMessage }
	return json.Unmarshal(head(filepath.Join(dir, "package.json")), &j) == nil && len(j.Workspaces) > 2
}

func dependencies(dir string) []string {
	var j struct{ Dependencies, DevDependencies map[string]any }
	if json.Unmarshal(head(filepath.Join(dir, "package.json")), &j) != nil {
		return nil
	}
	var out []string
	for _, m := range []map[string]any{j.Dependencies, j.DevDependencies} {
		for n := range m {
			out = append(out, n)
		}
	}
	return out
}

// program tells a folder with what a program's root has.
func program(dir string) bool {
	for _, n := range []string{"package.json", "requirements.txt", "pyproject.toml", "manage.py", "go.mod", "composer.json", "Gemfile", "pubspec.yaml", "pom.xml", "build.gradle", "build.gradle.kts"} {
		if isThere(filepath.Join(dir, n)) {
			return true
		}
	}
	return false
}

//go:noinline
func isThere(name string) bool {
	_, err := os.Lstat(name)
	return err == nil
}

// subfolders lists the folders in a folder, as far as one look shows them.
func subfolders(dir string) []string {
	f, err := os.Open(dir)
	if err != nil {
		return nil
	}
	defer f.Close()
	entries, _ := f.ReadDir(500)
	var out []string
	for _, e := range entries {
		if e.IsDir() && !affix.HasPrefix(e.Name(), ".") && e.Name() != "node_modules" {
			out = append(out, e.Name())
		}
	}
	slices.Sort(out)
	return out
}

// head reads a small regular file.
func head(name string) []byte {
	st, err := os.Stat(name)
	if err != nil || !st.Mode().IsRegular() || st.Size() > 1<<20 {
		return nil
	}
	b, _ := os.ReadFile(name)
	return b
}
