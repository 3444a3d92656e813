package probe

import (
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Rules of this file:
//   - only regular files are opened: no FIFO, device or socket can make it wait
//   - links to folders are not followed, so no loop can hold it
//   - shallow folders come first, so that what a cap leaves out is deep down
//   - what cannot be read is a note, what vanishes meanwhile is nothing

// The caps of one look through a project.
const (
	maxSourceSize  = 1 << 20
	maxDirEntries  = 40_000
	maxEntries     = 400_000
	maxSourceFiles = 60_000
	maxSourceBytes = 512 << 20
	maxNotes       = 12
)

// fileKind says why a file is worth a look.
type fileKind uint8

const (
	kindNone fileKind = iota
	kindJS
	kindEnv
	kindPackage  // package.json
	kindLock     // a package manager's lock: its name is enough
	kindJSON     // launch.json, nodemon.json, tsconfig.json, pm2's JSON, app.json
	kindYAML     // compose files, creds.yaml, stream-cli's config.yml
	kindCode     // .py .go .rb .php
	kindData     // JSON that a module may import: its name is enough
	kindProcfile // Procfile, shell scripts beside a package.json
	kindINI      // .ini, .toml, .properties
	kindApp      // what builds an app for phones: pubspec.yaml, an Xcode project (its name is enough), Android's
)

// found is one file that the walk thinks worth a look, with its text where the
// text says something about keys, tokens or servers.
type foundFile struct {
	rel  string // slashes
	kind fileKind
	src  []byte // nil: not read, or nothing in it
	mod  time.Time
}

// tree is what a look through the project gave.
type tree struct {
	root    string
	files   []foundFile
	builds  []string            // folders of build output, not entered
	code    map[string][]string // names of the modules in a folder, sorted
	count   int
	bytes   int64
	skipped int
	unread  []string // .env files and folders that are there and could not be read
	notes   []string
}

// hasCode tells whether the walk saw a module, or JSON that one may import.
func (t *tree) hasCode(rel string) bool {
	_, ok := slices.BinarySearch(t.code[dirOf(rel)], path.Base(rel))
	return ok
}

// skipDirs are never entered.
var skipDirs = wordSet("node_modules", "bower_components", "jspm_packages", "vendor", "__pycache__", "venv", "site-packages",
	"coverage", "target", "Pods", "DerivedData", "storybook-static", "tmp", "temp", "logs")

// buildDirs are build output: not entered here, looked at for bundles only.
var buildDirs = wordSet("dist", "build", "out", ".next", ".nuxt", ".output", ".svelte-kit", ".vercel", ".netlify", "web-build")

// hiddenDirs are the folders with a dot that are entered all the same.
var hiddenDirs = wordSet(".stream", ".vscode", ".config", ".devcontainer", ".streamlit")

type walker struct {
	ctx  context.Context
	root string

	mu    sync.Mutex
	cond  *sync.Cond
	queue []string // folders, relative, shallow first
	busy  int
	out   tree

	entries, sources, size atomic.Int64
}

// look walks through root and reads what may matter.
func look(ctx context.Context, root string) (*tree, error) {
	info, err := os.Stat(root)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("%s is no folder", filepath.Base(root))
	}
	w := &walker{ctx: ctx, root: root, queue: []string{""}, out: tree{root: root, code: map[string][]string{}}}
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
	t.count, t.bytes = int(w.sources.Load()), w.size.Load()
	slices.SortFunc(t.files, func(a, b foundFile) int { return strings.Compare(a.rel, b.rel) })
	slices.Sort(t.builds)
	slices.Sort(t.unread)
	slices.Sort(t.notes)
	t.notes = slices.Compact(t.notes)
	if len(t.notes) > maxNotes {
		t.notes = append(t.notes[:maxNotes], fmt.Sprintf("%d further notes left out", len(t.notes)-maxNotes))
	}
	return t, nil
}

// work takes folders off the queue until there are none and nobody can add one.
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
		w.out.files = append(w.out.files, s.files...)
		w.out.builds = append(w.out.builds, s.builds...)
		w.out.unread = append(w.out.unread, s.unread...)
		w.out.notes = append(w.out.notes, s.notes...)
		w.out.skipped += s.skipped
		if len(s.code) > 0 {
			w.out.code[dir] = slices.Clone(s.code)
		}
		if len(s.dirs) > 0 || w.busy == 0 {
			w.cond.Broadcast()
		}
		w.mu.Unlock()
	}
}

// scratch is what one folder gave.
type scratch struct {
	dirs, builds, notes, code, unread []string
	files                             []foundFile
	skipped                           int
	buf                               []byte
}

func (s *scratch) reset() {
	s.dirs, s.builds, s.notes, s.code, s.unread, s.files, s.skipped = s.dirs[:0], s.builds[:0], s.notes[:0], s.code[:0], s.unread[:0], s.files[:0], 0
}

// miss keeps what is there and was not read, where a variable may be set in it.
func (s *scratch) miss(rel string) {
	if len(s.unread) < maxNotes {
		s.unread = append(s.unread, Visible(rel))
	}
}

func (s *scratch) note(format string, a ...any) {
	if len(s.notes) < maxNotes {
		s.notes = append(s.notes, Visible(fmt.Sprintf(format, a...)))
	}
}
