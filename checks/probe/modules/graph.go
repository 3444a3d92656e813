package modules

import (
	"context"
	"path/filepath"
	"runtime"
	"sort"
	"sync"
	"sync/atomic"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/files"
	"badsig/checks/probe/jsread"
)

// Rules of this file:
//   - the files are read once; everything later is looked up in this picture of them
//   - what is not understood leaves a gap, never a guess
//   - names, imports and callers lead on and on, in circles too, and where each has several the ways multiply: one question
//     ends after a number of steps, and what was not followed to its end is unknown
//   - a run that is over looks up nothing more

// Graph is the project's files, packages and modules, and what one of them means by the name of another.
type Graph struct {
	Ctx context.Context // of the run that the project is read for

	Tree      *files.Tree
	Files     map[string]*files.File
	Pkgs      map[string]*Package
	Mods      map[string]*Module
	ReadOrder []*Module // the modules as they were read, one after another
	lazy      int
	kept      atomic.Int64         // bytes that the modules need
	Buf       []byte               // that files are read into
	resolved  map[[2]string]string // folder and specifier → file
	folded    map[string]string    // file in small letters → file; built where an import names none exactly
	compilers map[string]*compilerOptions
	aliases   map[*Package][]alias // of the packages' bundlers

	byName    map[string][]*Package // the packages by their own names
	sorted    []*Module             // the modules by name
	ofPackage map[*Package][]*Module

	calls        map[string][]CallAt // by the last part of the callee; of callsSeen modules
	callsSeen    int
	fetchChanged map[*Package]bool // packages in which a module changes the browser's fetch; of fetchesSeen modules
	fetchesSeen  int

	asking    bool // a question is being followed, with so many steps left
	Steps     int
	following map[paramOf]bool // parameters whose callers are being looked at
}

// NewGraph gives the graph of a tree, before its packages and modules are read.
func NewGraph(ctx context.Context, t *files.Tree) *Graph {
	g := &Graph{
		Ctx: ctx, Tree: t, Files: map[string]*files.File{}, Mods: map[string]*Module{}, resolved: map[[2]string]string{}, compilers: map[string]*compilerOptions{}, aliases: map[*Package][]alias{},
		calls: map[string][]CallAt{}, fetchChanged: map[*Package]bool{}, following: map[paramOf]bool{},
	}
	for i := range t.Files {
		g.Files[t.Files[i].Rel] = &t.Files[i]
	}
	return g
}

// ReadModules reads the sources that the walk kept, on all cores.
func (g *Graph) ReadModules(ctx context.Context) error {
	var work []*files.File
	for i := range g.Tree.Files {
		if f := &g.Tree.Files[i]; f.Kind == files.KindJS {
			work = append(work, f)
		}
	}
	mods := make([]jsread.Module, len(work))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(work) || ctx.Err() != nil {
					return
				}
				mods[i] = g.read(work[i].Rel, work[i].Src)
			}
		})
	}
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return err
	}
	for i, f := range work {
		m := &Module{Module: mods[i], Rel: f.Rel, Pkg: g.PkgOf(f.Rel), src: f.Src, Modified: f.Modified}
		g.keep(m)
	}
	return nil
}

// SortedMods gives the modules by name.
func (g *Graph) SortedMods() []*Module {
	if g.sorted != nil {
		return g.sorted
	}
	ms := make([]*Module, 0, len(g.Mods))
	for _, m := range g.Mods {
		if m != nil {
			ms = append(ms, m)
		}
	}
	sort.Slice(ms, func(i, j int) bool { return ms[i].Rel < ms[j].Rel })
	g.sorted = ms[:len(ms):len(ms)]
	return ms
}

// ModsOf gives a package's modules by name.
func ModsOf(g *Graph, k *Package) []*Module {
	if g.ofPackage == nil {
		g.ofPackage = map[*Package][]*Module{}
		for _, m := range g.SortedMods() {
			g.ofPackage[m.Pkg] = append(g.ofPackage[m.Pkg], m)
		}
	}
	return g.ofPackage[k]
}

// SettleRoles gives a module of unknown side the side of those that import it.
func (g *Graph) SettleRoles() {
	for range 4 {
		users := map[*Module]map[facts.Role]bool{}
		for _, m := range g.SortedMods() {
			if m.Role != facts.RoleServer && m.Role != facts.RoleFront && m.Role != facts.RoleShared {
				continue
			}
			for _, i := range m.Imports {
				t := g.Mods[g.Resolve(m, i.From)]
				if t == nil || t.Role != facts.RoleUnknown || t.Tool() {
					continue
				}
				if users[t] == nil {
					users[t] = map[facts.Role]bool{}
				}
				users[t][m.Role] = true
			}
		}
		for t, roles := range users {
			switch {
			case roles[facts.RoleShared], roles[facts.RoleServer] && roles[facts.RoleFront]:
				t.Role = facts.RoleShared
			case roles[facts.RoleServer]:
				t.Role = facts.RoleServer
			default:
				t.Role = facts.RoleFront
			}
		}
		if len(users) == 0 {
			return
		}
	}
}

// Abs gives the path of a project's file on this machine.
func (g *Graph) Abs(rel string) string {
	return filepath.Join(g.Tree.Root, filepath.FromSlash(rel))
}

// Relative gives a path inside the project with slashes; ok is false for one outside.
func (g *Graph) Relative(abs string) (rel string, ok bool) {
	root, err := filepath.Abs(g.Tree.Root)
	if err != nil {
		return "", false
	}
	r, err := filepath.Rel(root, abs)
	if err != nil || r == ".." || affix.HasPrefix(r, ".."+string(filepath.Separator)) {
		return "", false
	}
	return filepath.ToSlash(r), true
}

const (
	// maxSteps bounds the expressions that are followed for one question. A
	// secret that goes through every caller of a function needs some hundreds.
	maxSteps = 10_000
	// MaxText bounds a string that is put together of others.
	MaxText = 64 << 10
)

// Ask begins a question, unless one is open; what it returns ends it.
//
//go:noinline
func (g *Graph) Ask() (end func()) {
	if g.asking {
		return func() {}
	}
	g.asking, g.Steps = true, maxSteps
	return func() { g.asking = false }
}

// Step counts one expression that is followed; false says that it is not to be.
//
//go:noinline
func (g *Graph) Step() bool {
	g.Steps--
	return g.Steps > 0 && (g.Steps%1024 != 0 || !g.Over())
}

// Over tells whether the run is.
//
//go:noinline
func (g *Graph) Over() bool { return g.Ctx.Err() != nil }
