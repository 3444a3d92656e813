package watching

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"

	"badsig/checks/facts"
	"badsig/checks/loopback"
)

// Rules of this file:
//   - watched are the folders of files that decide about the token, not the whole project: no node_modules
//   - a data file that the backend writes must not start a run, which would make it write again
//   - looking at the port costs little, and is done the less often the more it costs

const (
	maxWatched = 200                    // folders
	settle     = 120 * time.Millisecond // an editor writes a file in several steps
	settleMost = 500 * time.Millisecond
	pollEvery  = 800 * time.Millisecond
	pollMost   = 3 * time.Second // on a busy machine, too, a backend that stopped is noticed
)

// Change is what a Watcher saw.
type Change struct {
	Files     []string   // that changed; "" for one that isn't known
	Listeners bool       // another process listens on the port, or none any more
	Looked    bool       // Others is who listens now beside the port
	Others    []Neighbor // the project's processes that listen
	Polls     bool       // a folder can't be watched: files are looked at from time to time
}

// Looks are how a Watcher looks at processes; a nil one doesn't look.
type Looks struct {
	Owners    func(port int) string
	Neighbors func(dir string) []Neighbor
}

// Watcher watches a project and the port of its backend.
type Watcher struct {
	Changes chan Change // unbuffered: what comes meanwhile is in the next one; closed at the end

	looks Looks
	fs    *fsnotify.Watcher // nil: files are looked at from time to time; of the loop alone, as dirs is
	dirs  map[string]bool
	news  chan struct{} // See brought facts
	fell  any           // what the loop panicked with

	mu      sync.Mutex
	facts   *facts.Facts
	named   map[string]bool // files that the facts name
	careful bool            // a run has effects: the handler calls Stream or a database
	stamps  map[string]string
	port    int
	owners  string
	others  []Neighbor
	looked  bool
}

// Watch begins to watch; it ends with its context.
func Watch(ctx context.Context, looks Looks) *Watcher {
	w := New(looks)
	if watch, err := fsnotify.NewWatcher(); err == nil {
		w.fs = watch
	}
	go w.loop(ctx)
	return w
}

// New is a Watcher that doesn't watch yet.
func New(looks Looks) *Watcher {
	return &Watcher{Changes: make(chan Change), looks: looks, dirs: map[string]bool{}, news: make(chan struct{}, 1),
		named: map[string]bool{}, stamps: map[string]string{}}
}

// Fell gives what the watching panicked with, nil for nothing; it counts once Changes is closed.
func (w *Watcher) Fell() any { return w.fell }

// See watches what a run's facts name. It returns immediately.
func (w *Watcher) See(f *facts.Facts) {
	if w == nil || f == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.facts = f
	if port := Port(f.Target.URL); port != w.port {
		w.port, w.owners = port, ""
	}
	root := rootOf(f)
	files := Files(f)
	if w.careful = f.Once(); w.careful {
		files = SigningFiles(f)
	}
	named := map[string]bool{}
	for _, file := range files {
		named[filepath.Join(root, filepath.FromSlash(file))] = true
	}
	if len(named) > 0 { // facts that aren't whole yet take nothing away
		w.named = named
	}
	select {
	case w.news <- struct{}{}:
	default:
	}
}

func rootOf(f *facts.Facts) string { return filepath.Clean(cmp.Or(f.Target.Dir, ".")) }

// widen watches the folders of what the facts name, and reports whether it
// can't any more, and which files were written before they were watched. A
// folder that was removed and came back is watched again only by being added
// again, which costs nothing where it was there all the time.
func (w *Watcher) widen() (missed []string, failed bool) {
	w.mu.Lock()
	f := w.facts
	root := rootOf(f)
	dirs := map[string]bool{root: true}
	for path := range w.named {
		dirs[filepath.Dir(path)] = true
	}
	w.mu.Unlock()
	if f.Project != nil {
		for _, s := range f.Project.Servers {
			dirs[filepath.Join(root, filepath.FromSlash(s.Dir))] = true
		}
	}
	for dir := range dirs {
		if len(w.dirs) >= maxWatched && !w.dirs[dir] {
			continue
		}
		w.dirs[dir] = true
		if w.fs != nil && CannotWatch(w.fs.Add(dir)) {
			_ = w.fs.Close()
			w.fs, failed = nil, true
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	changed, missed := w.stamp()
	if w.fs == nil { // no event tells of them
		missed = append(missed, changed...)
	}
	return missed, failed
}

// loop collects changes until the writing is over, and hands them on.
func (w *Watcher) loop(ctx context.Context) {
	defer close(w.Changes)
	defer func() { w.fell = recover() }()
	var events chan fsnotify.Event
	var lost chan error
	if w.fs != nil {
		events, lost = w.fs.Events, w.fs.Errors
	}
	defer func() {
		if w.fs != nil {
			_ = w.fs.Close()
		}
	}()
	var c Change
	var out chan Change
	if w.fs == nil {
		c.Polls, out = true, w.Changes
	}
	var quiet, most <-chan time.Time
	poll := time.NewTimer(pollEvery)
	defer poll.Stop()
	seen := func(files ...string) {
		c.Files = append(c.Files, files...)
		quiet = time.After(settle)
		if most == nil {
			most = time.After(settleMost)
		}
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-w.news:
			missed, failed := w.widen()
			if len(missed) > 0 {
				seen(missed...)
			}
			if failed {
				events, lost = nil, nil
				c.Polls, out = true, w.Changes
			}
		case ev, open := <-events:
			if !open {
				events, lost = nil, nil
			} else if ev.Op != fsnotify.Chmod && w.decides(filepath.Clean(ev.Name)) {
				seen(ev.Name)
			}
		case _, open := <-lost: // events were lost: look again
			if !open {
				events, lost = nil, nil
			} else {
				seen("")
			}
		case <-poll.C:
			begin := time.Now()
			files, listeners, others := w.look(events == nil)
			if len(files) > 0 {
				seen(files...)
			}
			if listeners {
				c.Listeners = true
				out = w.Changes
			}
			if others {
				c.Looked, c.Others = true, w.others
				out = w.Changes
			}
			poll.Reset(max(pollEvery, min(400*time.Since(begin), pollMost)))
		case <-quiet:
			out, quiet, most = w.Changes, nil, nil
		case <-most:
			out, quiet, most = w.Changes, nil, nil
		case out <- c:
			c, out = Change{}, nil
		}
	}
}

func (w *Watcher) decides(path string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return Decides(path, w.named, w.careful)
}

// CannotWatch tells an error that leaves a folder unwatched: the system's
// watches are used up. A folder that isn't there, or may not be read, isn't a fault.
func CannotWatch(err error) bool {
	return err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrPermission)
}

// Elsewhere is how often a backend that is down is looked for on other ports:
// the watcher sees only the port of the URL.
const Elsewhere = 4 * time.Second

// StartsIn is how long a backend that was just started may take to listen
// before that is a fault.
const StartsIn = 15 * time.Second

// Port is the port of a URL on this machine, 0 for another machine's.
func Port(raw string) int {
	host, port := loopback.HostPort(raw)
	if !loopback.LocalHost(host) {
		return 0
	}
	return port
}
