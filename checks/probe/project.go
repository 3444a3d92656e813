package probe

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"badsig/checks/probe/envfile"
	"badsig/checks/probe/jsread"
)

// Rules of this file:
//   - the files are read once; everything later asks this picture of them
//   - a value is filed once for each place where it stands
//   - what is not understood leaves a gap, never a guess

// project is the picture of the files that the probes project and server share.
type project struct {
	ctx context.Context // of the run that the project is read for

	w         *World
	tree      *tree
	files     map[string]*foundFile
	pkgs      map[string]*pkg
	mods      map[string]*module
	readOrder []*module // the modules as they were read, one after another
	lazy      int
	buf       []byte               // that files are read into
	resolved  map[[2]string]string // folder and specifier → file
	tracked   func(string) bool

	envs     []*envSource
	starts   []starter
	servers  []*server
	others   []*otherProgram            // backends in other languages; they stand behind the servers in facts.Servers
	dialects map[string]envfile.Dialect // of the .env files that these read, by folder
	fronts   []*front
	uses     []use
	filed    map[string]int // place and bytes → Value.ID

	calls        map[string][]callAt // by the last part of the callee; of callsSeen modules
	callsSeen    int
	fetchChanged map[*pkg]bool // packages in which a module changes the browser's fetch; of fetchesSeen modules
	fetchesSeen  int

	asking    bool // a question is being followed, with so many steps left
	steps     int
	following map[paramOf]bool // parameters whose callers are being asked

	secretTexts []string          // what no Key may be a part of
	named       map[string]string // variables that code uses as key or secret, whatever they are called

	facts Project
}

// probeProject fills Project, the Values of files, and Target's URL and Origin.
func probeProject(ctx context.Context, w *World) error {
	p := &project{ctx: ctx, w: w, files: map[string]*foundFile{}, mods: map[string]*module{}, filed: map[string]int{}, dialects: map[string]envfile.Dialect{},
		calls: map[string][]callAt{}, fetchChanged: map[*pkg]bool{}, following: map[paramOf]bool{}}
	t, err := look(ctx, w.Target.Dir)
	if err != nil {
		w.Update(func(f *Facts) { chooseTarget(f, nil) })
		return fmt.Errorf("the project's folder cannot be read: %w", err)
	}
	p.tree = t
	p.tracked = readGit(t.root)
	for i := range t.files {
		p.files[t.files[i].rel] = &t.files[i]
	}
	p.readPackages()
	if err := p.readModules(ctx); err != nil {
		w.Update(func(f *Facts) { chooseTarget(f, nil) })
		return err
	}
	p.starts = p.starters()
	p.settleRoles()
	p.findServers()
	p.readCode()
	p.nameVariables()
	p.readEnvFiles()
	p.describeServers()
	p.describeFronts()
	p.describeApps()
	p.readConfigs()
	p.readOtherLanguages(ctx)
	p.readBundles(ctx)
	if err := ctx.Err(); err != nil {
		return err
	}
	p.facts.Files, p.facts.Bytes, p.facts.Skipped, p.facts.Notes, p.facts.Unread = t.count, t.bytes, t.skipped, t.notes, t.unread
	w.scrubAll(&p.facts)
	w.Update(func(f *Facts) {
		f.Project = &p.facts
		w.project = p
		p.pairUp(f)
		w.hideSecretsCalledKeys(f)
		w.compareWithDashboard(f)
		chooseTarget(f, p)
	})
	return nil
}

// readModules reads the sources that the walk kept, on all cores.
func (p *project) readModules(ctx context.Context) error {
	var work []*foundFile
	for i := range p.tree.files {
		if f := &p.tree.files[i]; f.kind == kindJS {
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
		m := &module{Module: mods[i], rel: f.rel, pkg: p.pkgOf(f.rel), src: f.src, mod: f.mod}
		p.keep(m)
	}
	return nil
}

// sortedMods gives the modules by name.
func (p *project) sortedMods() []*module {
	ms := make([]*module, 0, len(p.mods))
	for _, m := range p.mods {
		if m != nil {
			ms = append(ms, m)
		}
	}
	slices.SortFunc(ms, func(a, b *module) int { return strings.Compare(a.rel, b.rel) })
	return ms
}

// settleRoles gives a module of unknown side the side of those that import it.
func (p *project) settleRoles() {
	for range 4 {
		users := map[*module]map[Role]bool{}
		for _, m := range p.sortedMods() {
			if m.role != RoleServer && m.role != RoleFront && m.role != RoleShared {
				continue
			}
			for _, i := range m.Imports {
				t := p.mods[p.resolve(m, i.From)]
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

// add files one value, once for each place, name and text.
func (p *project) add(v Value, raw []byte) int {
	id := fmt.Sprintf("%s\x00%s\x00%d\x00%s\x00%t\x00%s", v.What, v.File, v.Line, v.Name, v.Comment, raw)
	if n, ok := p.filed[id]; ok {
		return n
	}
	if v.What != WhatKey && len(raw) >= 16 {
		p.secretTexts = append(p.secretTexts, string(raw))
	}
	v.Pair = -1
	if v.File != "" && p.tracked != nil {
		v.Tracked = p.tracked(v.File)
	}
	v.File, v.Name = Visible(v.File), Visible(v.Name)
	n := p.w.AddValue(v, raw)
	p.filed[id] = n
	return n
}

// abs gives the path of a project's file on this machine.
func (p *project) abs(rel string) string {
	return filepath.Join(p.tree.root, filepath.FromSlash(rel))
}
