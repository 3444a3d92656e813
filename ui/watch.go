package ui

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/charmbracelet/bubbletea"
	"github.com/fsnotify/fsnotify"

	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/watching"
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
)

// watcher is what the console watches.
type watcher struct {
	fs      *fsnotify.Watcher // nil: no folder is watched
	polls   bool              // files are looked at with every poll: a folder cannot be watched
	dirs    map[string]bool
	named   atomic.Pointer[map[string]bool] // files that the facts name; read while waiting
	careful atomic.Bool                     // a run has effects: the handler calls Stream or a database
	stamps  map[string]string
	port    int
	owners  string
	look    func(port int) string // who listens on a port
	around  neighborhood
}

func newWatcher() *watcher {
	w := &watcher{dirs: map[string]bool{}}
	w.named.Store(&map[string]bool{})
	return w
}

// watchMsg is what watching brought.
type watchMsg struct {
	opened  *fsnotify.Watcher
	failed  bool
	changed []string // files
	polled  bool
	owners  string
	stamps  map[string]string
	others  []watching.Neighbor
	cost    time.Duration
}

// watchFirst opens the watcher.
func (a *app) watchFirst() tea.Cmd {
	w := newWatcher()
	w.look, w.around.look, a.watcher = a.opt.Owners, a.opt.Neighbors, w
	return tea.Batch(w.poll(0), func() tea.Msg {
		w, err := fsnotify.NewWatcher()
		if err != nil {
			return watchMsg{failed: true}
		}
		return watchMsg{opened: w}
	})
}

// watched handles what watching brought.
func (a *app) watched(m watchMsg) tea.Cmd {
	w := a.watcher
	switch {
	case m.opened != nil:
		w.fs, a.s.watch = m.opened, "watching"
		return tea.Batch(w.wait(), w.widen(a.s.facts, false))
	case m.failed:
		w.polls, a.s.watch = true, "watching by polling"
	case len(m.changed) > 0:
		return tea.Batch(a.s.child.envChanged(a, m.changed), a.start(), w.wait())
	case m.polled:
		var run tea.Cmd
		if w.lookElsewhere(a.s) || w.newOwners(m.owners, a.s.facts) || stampsDiffer(w.stamps, m.stamps) {
			run = a.start()
		}
		w.stamps = m.stamps
		return tea.Batch(run, w.around.seen(a, m.others), w.poll(m.cost))
	}
	return nil
}

// elsewhere is how often the project's processes are looked for while nothing
// listens on the port: a backend may come up on another one.
const elsewhere = 4 * time.Second

// lookElsewhere reports whether it is time to look for the backend on other ports.
func (w *watcher) lookElsewhere(s *session) bool {
	root := s.root()
	return root != nil && root.ID == causes.ServerDown && !s.running && s.now.Sub(s.began) >= elsewhere
}

// noOwners is what Owners returns for a port where nothing listens.
const noOwners = watching.NoOwners

// newOwners records who listens now, "" for unknown, and reports whether that
// is something else than before, or at first than what the checks saw.
func (w *watcher) newOwners(owners string, f *facts.Facts) (differs bool) {
	w.owners, differs = watching.NewOwners(w.owners, owners, f)
	return differs
}

func stampsDiffer(old, now map[string]string) bool {
	for f, s := range old {
		if n, ok := now[f]; ok && n != s {
			return true
		}
	}
	return false
}

// widen widens the watch to the folders that the facts name; settled says
// that they are a finished run's.
func (w *watcher) widen(f *facts.Facts, settled bool) tea.Cmd {
	if w == nil || f == nil {
		return nil
	}
	if port := watching.Port(f.Target.URL); port != w.port {
		w.port, w.owners = port, ""
	}
	root := filepath.Clean(cmp.Or(f.Target.Dir, "."))
	w.around.dir = root
	named, dirs := map[string]bool{}, map[string]bool{root: true}
	files := watching.Files(f)
	if w.careful.Store(f.Once()); f.Once() {
		files = watching.SigningFiles(f)
	}
	for _, file := range files {
		path := filepath.Join(root, filepath.FromSlash(file))
		named[path] = true
		dirs[filepath.Dir(path)] = true
	}
	if f.Project != nil {
		for _, s := range f.Project.Servers {
			dirs[filepath.Join(root, filepath.FromSlash(s.Dir))] = true
		}
	}
	if len(named) > 0 {
		w.named.Store(&named)
	}
	var add []string
	for dir := range dirs {
		// A folder that was removed and came back is watched again only by being
		// added again, which costs nothing where it was there all the time.
		if len(w.dirs) < maxWatched && (settled || !w.dirs[dir]) {
			w.dirs[dir] = true
			add = append(add, dir)
		}
	}
	if w.fs == nil || len(add) == 0 {
		return nil
	}
	watch := w.fs
	return func() tea.Msg {
		failed := false
		for _, dir := range add {
			err := watch.Add(dir)
			failed = failed || watching.CannotWatch(err)
		}
		if failed {
			return watchMsg{failed: true}
		}
		return nil
	}
}

// decides reports whether a changed file may have to do with the token.
func (w *watcher) decides(path string) bool {
	return watching.Decides(path, *w.named.Load(), w.careful.Load())
}

// wait waits for a change, and then until the writing is over.
func (w *watcher) wait() tea.Cmd {
	watch := w.fs
	if watch == nil {
		return nil
	}
	return func() tea.Msg {
		var changed []string
		var quiet, most <-chan time.Time
		for {
			select {
			case ev, open := <-watch.Events:
				if !open {
					return nil
				}
				if ev.Op == fsnotify.Chmod || !w.decides(filepath.Clean(ev.Name)) {
					continue
				}
				changed = append(changed, ev.Name)
				quiet = time.After(settle)
				if most == nil {
					most = time.After(settleMost)
				}
			case _, open := <-watch.Errors:
				if !open {
					return nil
				}
				changed = append(changed, "") // events were lost: look again
				quiet = time.After(settle)
			case <-quiet:
				return watchMsg{changed: changed}
			case <-most:
				return watchMsg{changed: changed}
			}
		}
	}
}

// poll looks at the port's owner, and where files cannot be watched at them.
func (w *watcher) poll(cost time.Duration) tea.Cmd {
	wait := max(pollEvery, 400*cost)
	port, look, others, dir := w.port, w.look, w.around.look, w.around.dir
	var files []string
	if w.polls {
		for f := range *w.named.Load() {
			files = append(files, f)
		}
	}
	return tea.Tick(wait, func(time.Time) tea.Msg {
		begin := time.Now()
		m := watchMsg{polled: true}
		if port > 0 && look != nil {
			m.owners = look(port)
		}
		if others != nil && dir != "" {
			m.others = others(dir)
		}
		if len(files) > 0 {
			m.stamps = map[string]string{}
			for _, f := range files {
				m.stamps[f] = "absent"
				if i, err := os.Stat(f); err == nil {
					m.stamps[f] = fmt.Sprint(i.Size(), i.ModTime().UnixNano())
				}
			}
		}
		m.cost = time.Since(begin)
		return m
	})
}
