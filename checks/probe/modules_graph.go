package probe

import (
	"context"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"badsig/checks/probe/jsread"
)

// Rules of this file:
//   - the files are read once; everything later asks this picture of them
//   - what is not understood leaves a gap, never a guess

// graph is the project's files, packages and modules, and what one of them means by the name of another.
type graph struct {
	ctx context.Context // of the run that the project is read for

	tree      *tree
	files     map[string]*foundFile
	pkgs      map[string]*pkg
	mods      map[string]*module
	readOrder []*module // the modules as they were read, one after another
	lazy      int
	buf       []byte               // that files are read into
	resolved  map[[2]string]string // folder and specifier → file
	compilers map[string]*compilerOptions

	calls        map[string][]callAt // by the last part of the callee; of callsSeen modules
	callsSeen    int
	fetchChanged map[*pkg]bool // packages in which a module changes the browser's fetch; of fetchesSeen modules
	fetchesSeen  int

	asking    bool // a question is being followed, with so many steps left
	steps     int
	following map[paramOf]bool // parameters whose callers are being asked
}

// newGraph gives the graph of a tree, before its packages and modules are read.
func newGraph(ctx context.Context, t *tree) *graph {
	g := &graph{
		ctx: ctx, tree: t, files: map[string]*foundFile{}, mods: map[string]*module{}, resolved: map[[2]string]string{}, compilers: map[string]*compilerOptions{},
		calls: map[string][]callAt{}, fetchChanged: map[*pkg]bool{}, following: map[paramOf]bool{},
	}
	for i := range t.files {
		g.files[t.files[i].rel] = &t.files[i]
	}
	return g
}

// readModules reads the sources that the walk kept, on all cores.
func (g *graph) readModules(ctx context.Context) error {
	var work []*foundFile
	for i := range g.tree.files {
		if f := &g.tree.files[i]; f.kind == kindJS {
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
				mods[i] = readModule(work[i].rel, work[i].src)
			}
		})
	}
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return err
	}
	for i, f := range work {
		m := &module{Module: mods[i], rel: f.rel, pkg: g.pkgOf(f.rel), src: f.src, mod: f.mod}
		g.keep(m)
	}
	return nil
}

// sortedMods gives the modules by name.
func (g *graph) sortedMods() []*module {
	ms := make([]*module, 0, len(g.mods))
	for _, m := range g.mods {
		if m != nil {
			ms = append(ms, m)
		}
	}
	slices.SortFunc(ms, func(a, b *module) int { return strings.Compare(a.rel, b.rel) })
	return ms
}

// settleRoles gives a module of unknown side the side of those that import it.
func (g *graph) settleRoles() {
	for range 4 {
		users := map[*module]map[Role]bool{}
		for _, m := range g.sortedMods() {
			if m.role != RoleServer && m.role != RoleFront && m.role != RoleShared {
				continue
			}
			for _, i := range m.Imports {
				t := g.mods[g.resolve(m, i.From)]
				if t == nil || t.role != RoleUnknown || t.tool() {
					continue
				}
				if users[t] == nil {
					users[t] = map[Role]bool{}
				}
				users[t][m.role] = true
			}
		}
		for t, roles := range users {
			switch {
			case roles[RoleShared], roles[RoleServer] && roles[RoleFront]:
				t.role = RoleShared
			case roles[RoleServer]:
				t.role = RoleServer
			default:
				t.role = RoleFront
			}
		}
		if len(users) == 0 {
			return
		}
	}
}

// abs gives the path of a project's file on this machine.
func (g *graph) abs(rel string) string {
	return filepath.Join(g.tree.root, filepath.FromSlash(rel))
}

// relative gives a path inside the project with slashes; ok is false for one outside.
func (g *graph) relative(abs string) (rel string, ok bool) {
	root, err := filepath.Abs(g.tree.root)
	if err != nil {
		return "", false
	}
	r, err := filepath.Rel(root, abs)
	if err != nil || r == ".." || strings.HasPrefix(r, ".."+string(filepath.Separator)) {
		return "", false
	}
	return filepath.ToSlash(r), true
}
