package modules

import (
	"badsig/checks/affix"
	"badsig/checks/facts"
	"bytes"
	"encoding/json"
	"iter"
	"maps"
	"path"
	"slices"
	"sort"

	"badsig/checks/probe/confread"
	"badsig/checks/probe/files"
	"badsig/checks/shell"
	"badsig/checks/tools"
)

// Rules of this file:
//   - a package is a folder with a package.json; the project's own folder is one even without
//   - a file belongs to the nearest package above it
//   - which side runs a file is decided by what it imports first, by its package second, by its folder last

// Package is one package of the project.
type Package struct {
	Dir          string // relative, "" for the project's folder
	File         *files.File
	Name         string
	Main         string
	module       bool // "type": "module"
	Deps         map[string]string
	Scripts      []script
	Proxy        string // CRA's "proxy"
	manager      string // npm, pnpm, yarn, bun
	Framework    string // of the table of tools; "" for none
	FrameworkDep string // the dependency that tells it
	Server       bool   // it depends on a server library
	Front        bool   // it depends on a front end's
	Runs         bool   // its folder is called an example's, and a script of the project starts it all the same

	builtIn Once[BuiltIn]
}

// script is one entry of package.json's scripts.
type script struct {
	Name, Command string
	Line          int
}

func (p *Package) Dep(names ...string) bool {
	for _, n := range names {
		if _, ok := p.Deps[n]; ok {
			return true
		}
	}
	return false
}

func (p *Package) Script(name string) string {
	for _, s := range p.Scripts {
		if s.Name == name {
			return s.Command
		}
	}
	return ""
}

// RoleOf tells what a file of the package is for, as RoleOfPath does.
func (p *Package) RoleOf(rel string) facts.Role {
	if p.Runs {
		rel = affix.TrimPrefix(rel, p.Dir)
	}
	return files.RoleOfPath(rel)
}

// Aside tells a module that a person tests or shows the program with: a test, an example.
func (m *Module) Aside() bool { return m.Pkg.RoleOf(m.Rel) != facts.RoleUnknown }

// Run gives the command that runs one of the package's scripts.
func (p *Package) Run(name string) string {
	switch {
	case p.manager == "pnpm" || p.manager == "yarn":
		return shell.ShellAtHand().Command(p.manager, name)
	case p.manager == "bun":
		return shell.ShellAtHand().Command("bun", "run", name)
	case name == "start" || name == "test":
		return "npm " + name
	}
	return shell.ShellAtHand().Command("npm", "run", name)
}

// Install gives the command that installs a dependency of the package, from the project's folder.
func (p *Package) Install(dep string) string {
	verb := "add"
	if p.manager == "npm" || p.manager == "" {
		verb = "install"
	}
	return shell.ShellIn(p.Dir, shell.ShellAtHand().Command(facts.First(p.manager, "npm"), verb, dep))
}

// streamDeps are Stream's packages for front ends.
var streamDeps = []string{
	"stream-chat-react", "stream-chat-expo", "stream-chat-react-native", "@stream-io/video-react-sdk", "@stream-io/video-react-native-sdk", "stream-chat-angular",
}

// ReadPackages finds the project's packages.
func (g *Graph) ReadPackages() {
	g.Pkgs = map[string]*Package{"": {Deps: map[string]string{}}}
	locks := map[string]string{}
	for i := range g.Tree.Files {
		f := &g.Tree.Files[i]
		dir := files.DirOf(f.Rel)
		switch f.Kind {
		case files.KindPackage:
			g.Pkgs[dir] = readPackage(dir, f)
		case files.KindLock:
			switch affix.Base(f.Rel) {
			case "pnpm-lock.yaml":
				locks[dir] = "pnpm"
			case "yarn.lock":
				locks[dir] = "yarn"
			case "bun.lockb", "bun.lock":
				locks[dir] = "bun"
			default:
				if locks[dir] == "" {
					locks[dir] = "npm"
				}
			}
		}
	}
	for dir, k := range g.Pkgs {
		for d := dir; ; d = files.DirOf(d) {
			if m := locks[d]; m != "" {
				k.manager = m
				break
			}
			if d == "" {
				k.manager = "npm"
				break
			}
		}
	}
}

func readPackage(dir string, f *files.File) *Package {
	var j struct {
		Name    string
		Main    string
		Type    string
		Proxy   json.RawMessage
		Scripts map[string]any
		Deps    map[string]any `json:"dependencies"`
		Dev     map[string]any `json:"devDependencies"`
		Peer    map[string]any `json:"peerDependencies"`
	}
	k := &Package{Dir: dir, File: f, Deps: map[string]string{}}
	if json.Unmarshal(files.TrimBOM(f.Src), &j) != nil {
		return k
	}
	k.Name, k.Main, k.module = j.Name, j.Main, j.Type == "module"
	_ = json.Unmarshal(j.Proxy, &k.Proxy)
	for _, m := range []map[string]any{j.Peer, j.Dev, j.Deps} {
		for n, v := range m {
			s, _ := v.(string)
			k.Deps[n] = s
		}
	}
	findable := min(len(j.Scripts), maxScripts)*len(f.Src) <= maxLineSearch
	for n, v := range few(j.Scripts) {
		if s, ok := v.(string); ok {
			line := 0
			if findable {
				line = LineOfText(f.Src, `"`+n+`"`, s)
			}
			k.Scripts = append(k.Scripts, script{n, s, line})
		}
	}
	sort.Slice(k.Scripts, func(a, b int) bool { return k.Scripts[a].Line < k.Scripts[b].Line })
	k.Framework, k.FrameworkDep = tools.FrameworkOf(func(dep string) bool { return k.Dep(dep) })
	k.Server = k.Dep(tools.Deps(tools.Library)...)
	k.Front = k.Dep(streamDeps...) || k.Dep(tools.Deps(tools.UI)...) || k.Framework != "" && k.Framework != "webpack" && !k.Server
	return k
}

// PkgOf gives the package a file belongs to.
func (g *Graph) PkgOf(rel string) *Package {
	for d := files.DirOf(rel); ; d = files.DirOf(d) {
		if k := g.Pkgs[d]; k != nil {
			return k
		}
		if d == "" {
			return g.Pkgs[""]
		}
	}
}

// maxScripts bounds how many scripts of one package are looked at.
const maxScripts = 2_000

// few gives the scripts that are looked at, in order where there are too many.
func few(scripts map[string]any) iter.Seq2[string, any] {
	if len(scripts) <= maxScripts {
		return maps.All(scripts)
	}
	return func(yield func(string, any) bool) {
		for _, n := range slices.Sorted(maps.Keys(scripts))[:maxScripts] {
			if !yield(n, scripts[n]) {
				return
			}
		}
	}
}

// maxLineSearch bounds the bytes that are looked through for the lines of a package's scripts: thousands of them have no line.
const maxLineSearch = 32 << 20

// LineOfText gives the 1-based line that has both strings, of the first where only that is found, 0 for none.
func LineOfText(src []byte, first, second string) int {
	fallback, n := 0, 0
	a, b := []byte(first), []byte(second)
	for line := range bytes.Lines(src) {
		n++
		if bytes.Contains(line, a) {
			if second == "" || bytes.Contains(line, b) {
				return n
			}
			if fallback == 0 {
				fallback = n
			}
		}
	}
	return fallback
}

func (k *Package) FileName() string {
	if k == nil || k.File == nil {
		return ""
	}
	return k.File.Rel
}

// compilerOptionsIn reads a tsconfig.json without its comments; paths that it lacks are those of the file that it extends.
func compilerOptionsIn(g *Graph, rel string, text []byte, depth int) *compilerOptions {
	var j struct {
		Extends  any
		Compiler compilerOptions `json:"compilerOptions"`
		Imports  map[string]string
	}
	if json.Unmarshal(text, &j) != nil {
		return nil
	}
	c := &j.Compiler
	c.dir, c.imports = files.DirOf(rel), j.Imports
	if base, ok := j.Extends.(string); ok && affix.HasPrefix(base, ".") && c.Paths == nil && depth > 0 {
		from := path.Join(c.dir, affix.TrimSuffix(base, ".json")+".json")
		if src, _, err := g.Tree.ReadBounded(from, &g.Buf, files.MaxSourceSize); err == nil {
			if b := compilerOptionsIn(g, from, confread.PlainJSON(files.TrimBOM(src)), depth-1); b != nil && (b.Paths != nil || b.BaseURL != "") {
				return b
			}
		}
	}
	return c
}

// compilerOptions are what a tsconfig.json says about where modules lie.
type compilerOptions struct {
	BaseURL string `json:"baseUrl"`
	Paths   map[string][]string
	Module  string
	OutDir  string
	dir     string // of the file that says it
	imports map[string]string
}

// compilerOptions reads a tsconfig.json, once; nil where it is none.
func (g *Graph) compilerOptions(f *files.File) *compilerOptions {
	c, known := g.compilers[f.Rel]
	if !known {
		c = compilerOptionsIn(g, f.Rel, confread.PlainJSON(files.TrimBOM(f.Src)), 4)
		g.compilers[f.Rel] = c
	}
	return c
}
