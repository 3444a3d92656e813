package ui

import (
	"io/fs"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/bubbletea"

	"badsig/checks/facts"
	"badsig/checks/watching"
)

// TestDecides pins which files start a run: what decides about a token, and
// nothing that a backend may write while it answers.
func TestDecides(t *testing.T) {
	w := newWatcher()
	w.named.Store(&map[string]bool{filepath.Clean("/p/.stream/creds.yaml"): true})
	for name, want := range map[string]bool{
		"/p/server/.env": true, "/p/server/.env.local": true, "/p/server/index.js": true, "/p/stream/src/App.tsx": true,
		"/p/package.json": true, "/p/.stream/creds.yaml": true, "/p/server/app.py": true,
		"/p/server/db.json": false, "/p/server/access.log": false, "/p/data.sqlite": false, "/p/server/index.js~": false,
		"/p/server/.env.swp": false, "/p/" + reportFile: false, "/p/other.yaml": false, "/p/server/4913": false,
	} {
		if got := w.decides(filepath.Clean(name)); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// A handler that calls Stream or a database is requested again for a change of
// what the token is made of, and for no other file.
func TestHandlersWithEffectsAreRequestedForTheSigningPathAlone(t *testing.T) {
	f := &facts.Facts{Target: facts.TargetFacts{URL: "http://localhost:3001/t"}, Project: &facts.Project{
		Servers: []facts.ServerCode{{Entry: "server/index.js", File: "server/routes.js"}},
		Sites:   []facts.Site{{Place: facts.Place{File: "server/sign.js", Line: 3}, Secret: []facts.Link{{Place: facts.Place{File: "server/config.js", Line: 2}}}}},
		Entries: []facts.Entry{{Path: "/t", Place: facts.Place{File: "server/routes.js", Line: 9}, Known: facts.IsRead, Calls: []facts.Place{{File: "server/routes.js", Line: 10}}}},
		Fetches: []facts.Fetch{{URL: "http://localhost:3001/t", Method: "POST", File: "web/chat.js", Line: 4}},
	}}
	w := newWatcher()
	w.careful.Store(f.Once())
	named := map[string]bool{}
	for _, file := range watching.SigningFiles(f) {
		named[filepath.Clean("/p/"+file)] = true
	}
	w.named.Store(&named)
	for name, want := range map[string]bool{
		"/p/server/sign.js": true, "/p/server/config.js": true, "/p/server/routes.js": true, "/p/server/.env": true,
		"/p/web/chat.js": false, "/p/server/mail.js": false,
	} {
		if got := w.decides(filepath.Clean(name)); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestNewOwners(t *testing.T) {
	nobodyThere := &facts.Facts{Process: &facts.Listeners{Known: true}}
	somebody := &facts.Facts{Process: &facts.Listeners{Known: true, Listeners: []facts.Listener{{PID: 1}}}}
	for _, c := range []struct {
		name   string
		before string
		now    string
		facts  *facts.Facts
		want   bool
	}{
		{"nothing known", "", "", somebody, false},
		{"the first look agrees", "", "[a]", somebody, false},
		{"it began to listen while the checks ran", "", "[a]", nobodyThere, true},
		{"it ended while the checks ran", "", noOwners, somebody, true},
		{"no facts yet", "", "[a]", nil, false},
		{"another process", "[a]", "[b]", somebody, true},
		{"the same", "[a]", "[a]", somebody, false},
		{"cannot be seen any more", "[a]", "", somebody, false},
	} {
		w := &watcher{owners: c.before}
		if got := w.newOwners(c.now, c.facts); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

// TestWatchingByPolling is what remains where files cannot be watched.
func TestWatchingByPolling(t *testing.T) {
	bubble(t, "a changed stamp starts a run, an unchanged one does not", func(t *testing.T) {
		d := drive(t, Options{}, 120, 36, rejected(t), accepted(t))
		d.send(watchMsg{failed: true})
		d.sees("watching by polling")
		d.send(watchMsg{polled: true, stamps: map[string]string{"a": "1"}})
		d.send(watchMsg{polled: true, stamps: map[string]string{"a": "1", "b": "1"}})
		d.settle()
		d.sees("trailing space")
		d.send(watchMsg{polled: true, stamps: map[string]string{"a": "2", "b": "1"}})
		d.settle()
		d.sees("✓ Stream accepts this token")
		d.send(tea.QuitMsg{})
	})
}

// TestWatchesUsedUp: a folder that the system has no watch left for is said to
// be looked at by polling; one that went away or may not be read is left alone.
func TestWatchesUsedUp(t *testing.T) {
	for _, c := range []struct {
		err  error
		want bool
	}{
		{nil, false},
		{&fs.PathError{Op: "inotify_add_watch", Path: "/p", Err: syscall.ENOSPC}, true},
		{syscall.EMFILE, true},
		{&fs.PathError{Op: "inotify_add_watch", Path: "/p", Err: fs.ErrNotExist}, false},
		{&fs.PathError{Op: "inotify_add_watch", Path: "/p", Err: fs.ErrPermission}, false},
	} {
		if got := watching.CannotWatch(c.err); got != c.want {
			t.Errorf("%v: %v", c.err, got)
		}
	}
}

func TestLoopbackPort(t *testing.T) {
	for url, want := range map[string]int{
		"http://localhost:3001/x": 3001, "http://127.0.0.1:8080": 8080, "http://[::1]:9/": 9, "http://localhost/": 80,
		"https://localhost/": 443, "https://api.example.com:3001/": 0, "http://192.168.0.7:3001": 0, "%": 0, "": 0,
	} {
		if got := watching.Port(url); got != want {
			t.Errorf("%q: %d", url, got)
		}
	}
}

func TestSpans(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0.0 s", 400 * time.Millisecond: "0.4 s", 59 * time.Second: "59 s", 3598 * time.Second: "59 m 58 s",
		25 * time.Hour: "25 h 0 m", 100 * time.Hour: "4 d", -5 * time.Second: "5 s", 20000 * time.Hour: "2 years",
	} {
		if got := span(d); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
}
