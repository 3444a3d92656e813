package files

import (
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"sort"
	"sync"
	"sync/atomic"
	"time"

	"badsig/checks/probe/names"
	"badsig/checks/sanitize"
)

// Rules of this file:
//   - only regular files are opened: no FIFO, device or socket can make it wait
//   - links to folders are not followed, so no loop can hold it
//   - shallow folders come first, so that what a cap leaves out is deep down
//   - what cannot be read is a note, what vanishes meanwhile is nothing

// The caps of one look through a project.
const (
	MaxSourceSize  = 1 << 20
	maxEntries     = 400_000
	maxSourceFiles = 60_000
	maxSourceBytes = 512 << 20
	maxKeptBytes   = 40 << 20 // of sources that have to do with Stream: large projects have a tenth
	smallFile      = 32 << 10 // a package.json or a .env has less: it is read all the same
	MaxNotes       = 12
)

// maxDirEntries is the cap of one folder; a test makes a crowd of fewer.
var maxDirEntries = 40_000

// fileKind says why a file is worth a look.
type fileKind uint8

const (
	kindNone fileKind = iota
	KindJS
	KindEnv
	KindPackage  // package.json
	KindLock     // a package manager's lock: its name is enough
	KindJSON     // launch.json, nodemon.json, tsconfig.json, pm2's JSON, app.json
	KindYAML     // compose files, creds.yaml, stream-cli's config.yml
	KindCode     // .py .go .rb .php .java .kt .cs, and apps' .dart .swift
	KindMark     // what makes a folder a program of another language (go.mod, Gemfile …): its name is enough
	KindConf     // configuration beside code: application.yml, appsettings.json …
	kindData     // JSON that a module may import: its name is enough
	KindProcfile // Procfile, shell scripts beside a package.json
	KindINI      // .ini, .toml, .properties
	KindImage    // a Dockerfile
	KindApp      // what builds an app for phones: pubspec.yaml, an Xcode project (its name is enough), Android's
)

// found is one file that the walk thinks worth a look, with its text where the
// text says something about keys, tokens or servers.
type File struct {
	Rel      string // slashes
	Kind     fileKind
	Src      []byte // nil: not read, or nothing in it
	Modified time.Time
}

// Tree is what a look through the project gave.
type Tree struct {
	Root    string
	Files   []File
	Builds  []string            // folders of build output, not entered
	Code    map[string][]string // names of the modules in a folder, sorted
	Dart    []string            // Dart files
	Count   int
	Bytes   int64
	Skipped int
	Unread  []string // .env files and folders that are there and could not be read
	Notes   []string
	Layer   Layer // read in the place of what is on disk; nil for none
}

// HasCode tells whether the walk saw a module, or JSON that one may import.
func (t *Tree) HasCode(rel string) bool {
	_, ok := slices.BinarySearch(t.Code[DirOf(rel)], path.Base(rel))
	return ok
}

// skipDirs are never entered.
var skipDirs = names.Words("node_modules", "bower_components", "jspm_packages", "vendor", "__pycache__", "venv", "site-packages",
	"coverage", "target", "Pods", "DerivedData", "storybook-static", "tmp", "temp", "logs")

// buildDirs are build output: not entered here, looked at for bundles only.
var buildDirs = names.Words("dist", "build", "out", ".next", ".nuxt", ".output", ".svelte-kit", ".vercel", ".netlify", "web-build")

// hiddenDirs are the folders with a dot that are entered all the same.
var hiddenDirs = names.Words(".stream", ".vscode", ".config", ".devcontainer", ".streamlit")

type walker struct {
	ctx   context.Context
	root  string
	layer Layer

	mu    sync.Mutex
	cond  *sync.Cond
	queue []string // folders, relative, shallow first
	busy  int
	out   Tree

	entries, sources, size, kept atomic.Int64
}

// Walk walks through root and reads what may matter.
func Walk(ctx context.Context, root string) (*Tree, error) {
	info, err := os.Stat(root)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("%s isn't a folder", filepath.Base(root))
	}
	w := &walker{ctx: ctx, root: root, layer: layerOf(ctx), queue: []string{""}, out: Tree{Root: root, Layer: layerOf(ctx), Code: map[string][]string{}}}
	w.cond = sync.NewCond(&w.mu)
	stop := context.AfterFunc(ctx, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.cond.Broadcast()
	})
	defer stop()
	var wg sync.WaitGroup
	for range max(4, 2*runtime.GOMAXPROCS(0)) {
		wg.Go(w.work)
	}
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	t := &w.out
	t.Count, t.Bytes = int(w.sources.Load()), w.size.Load()
	sort.Slice(t.Files, func(i, j int) bool { return t.Files[i].Rel < t.Files[j].Rel })
	slices.Sort(t.Builds)
	slices.Sort(t.Unread)
	slices.Sort(t.Notes)
	t.Notes = slices.Compact(t.Notes)
	if len(t.Notes) > MaxNotes {
		t.Notes = append(t.Notes[:MaxNotes], fmt.Sprintf("%d further notes left out", len(t.Notes)-MaxNotes))
	}
	return t, nil
}

// work removes folders from the queue until there are none and none can be added.
func (w *walker) work() {
	var s scratch
	for {
		w.mu.Lock()
		for len(w.queue) == 0 && w.busy > 0 && w.ctx.Err() == nil {
			w.cond.Wait()
		}
		if len(w.queue) == 0 || w.ctx.Err() != nil {
			w.cond.Broadcast()
			w.mu.Unlock()
			return
		}
		dir := w.queue[0]
		w.queue = w.queue[1:]
		w.busy++
		w.mu.Unlock()

		s.reset()
		w.folder(dir, &s)
		slices.Sort(s.code)

		w.mu.Lock()
		w.busy--
		w.queue = append(w.queue, s.dirs...)
		w.out.Files = append(w.out.Files, s.files...)
		w.out.Builds = append(w.out.Builds, s.builds...)
		w.out.Unread = append(w.out.Unread, s.unread...)
		w.out.Notes = append(w.out.Notes, s.notes...)
		w.out.Skipped += s.skipped
		w.out.Dart = append(w.out.Dart, s.dart...)
		if len(s.code) > 0 {
			w.out.Code[dir] = slices.Clone(s.code)
		}
		if len(s.dirs) > 0 || w.busy == 0 {
			w.cond.Broadcast()
		}
		w.mu.Unlock()
	}
}

// scratch is what one folder gave.
type scratch struct {
	dirs, builds, notes, code, unread, dart []string
	files                                   []File
	skipped                                 int
	buf                                     []byte
}

func (s *scratch) reset() {
	s.dirs, s.builds, s.notes, s.code, s.unread, s.dart, s.files, s.skipped = s.dirs[:0], s.builds[:0], s.notes[:0], s.code[:0], s.unread[:0], s.dart[:0], s.files[:0], 0
}

// miss keeps what is there and was not read, where a variable may be set in it.
//
//go:noinline
func (s *scratch) miss(rel string) {
	if len(s.unread) < MaxNotes {
		s.unread = append(s.unread, sanitize.Visible(rel))
	}
}

func (s *scratch) note(format string, a ...any) {
	if len(s.notes) < MaxNotes {
		s.notes = append(s.notes, sanitize.Visible(fmt.Sprintf(format, a...)))
	}
}
