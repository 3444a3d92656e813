package watching

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"badsig/checks/facts"
)

// TestDecides pins which files start a run: what decides about a token, and
// nothing that a backend may write while it handles a request.
func TestDecides(t *testing.T) {
	w := New(Looks{})
	w.named = map[string]bool{filepath.Clean("/p/.stream/creds.yaml"): true}
	for name, want := range map[string]bool{
		"/p/server/.env": true, "/p/server/.env.local": true, "/p/server/index.js": true, "/p/stream/src/App.tsx": true,
		"/p/package.json": true, "/p/.stream/creds.yaml": true, "/p/server/app.py": true,
		"/p/server/db.json": false, "/p/server/access.log": false, "/p/data.sqlite": false, "/p/server/index.js~": false,
		"/p/server/.env.swp": false, "/p/" + ReportFile: false, "/p/other.yaml": false, "/p/server/4913": false,
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
	w := New(Looks{})
	w.careful = f.Once()
	named := map[string]bool{}
	for _, file := range SigningFiles(f) {
		named[filepath.Clean("/p/"+file)] = true
	}
	w.named = named
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
		{"it ended while the checks ran", "", NoOwners, somebody, true},
		{"no facts yet", "", "[a]", nil, false},
		{"another process", "[a]", "[b]", somebody, true},
		{"the same", "[a]", "[a]", somebody, false},
		{"cannot be seen any more", "[a]", "", somebody, false},
	} {
		if _, got := NewOwners(c.before, c.now, c.facts); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
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
		if got := CannotWatch(c.err); got != c.want {
			t.Errorf("%v: %v", c.err, got)
		}
	}
}

func TestLoopbackPort(t *testing.T) {
	for url, want := range map[string]int{
		"http://localhost:3001/x": 3001, "http://127.0.0.1:8080": 8080, "http://[::1]:9/": 9, "http://localhost/": 80,
		"https://localhost/": 443, "https://api.example.com:3001/": 0, "http://192.168.0.7:3001": 0, "%": 0, "": 0,
	} {
		if got := Port(url); got != want {
			t.Errorf("%q: %d", url, got)
		}
	}
}

// What remains where files cannot be watched: they are looked at from time to time.
func TestWatchingByPolling(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		dir := t.TempDir()
		env := filepath.Join(dir, ".env")
		write := func(text string) {
			if err := os.WriteFile(env, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		write("A=1")
		w := New(Looks{})
		go w.loop(ctx)
		if c := <-w.Changes; !c.Polls {
			t.Errorf("the first change is %+v", c)
		}
		w.See(&facts.Facts{Target: facts.TargetFacts{Dir: dir}, Project: &facts.Project{EnvFiles: []facts.EnvFile{{File: ".env"}}}})
		select {
		case c := <-w.Changes:
			t.Errorf("a change without one: %+v", c)
		case <-time.After(5 * pollEvery):
		}
		write("A=12")
		if c := <-w.Changes; len(c.Files) != 1 || c.Files[0] != env {
			t.Errorf("a changed file gives %+v", c)
		}
		cancel()
		if _, open := <-w.Changes; open || w.Fell() != nil {
			t.Error("it doesn't end")
		}
	})
}

// A file that was saved after the run began, and before it was watched, is told once: the run may have read what it was.
func TestASaveBeforeTheWatchingIsTold(t *testing.T) {
	dir := t.TempDir()
	f := &facts.Facts{At: time.Now().Add(-time.Minute), Target: facts.TargetFacts{Dir: dir}, Project: &facts.Project{EnvFiles: []facts.EnvFile{{File: ".env"}, {File: "old.env"}}}}
	for _, name := range []string{".env", "old.env"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("A=1"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chtimes(filepath.Join(dir, "old.env"), f.At, f.At.Add(-time.Second)); err != nil {
		t.Fatal(err)
	}
	w := New(Looks{})
	for _, want := range [][]string{{filepath.Join(dir, ".env")}, nil} {
		w.See(f)
		if missed, failed := w.widen(); failed || !slices.Equal(missed, want) {
			t.Errorf("%v %v, want %v", missed, failed, want)
		}
	}
}

// Who listens beside the port is told once, and again when it's another; a look that panics ends the watching.
func TestNeighborsAreTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		looks := 0
		w := New(Looks{Neighbors: func(string) []Neighbor {
			switch looks++; {
			case looks < 4:
				return nil
			case looks < 8:
				return []Neighbor{{Port: 4000}}
			}
			panic("of a look")
		}})
		go w.loop(ctx)
		<-w.Changes
		w.See(&facts.Facts{})
		for _, want := range []int{0, 1} {
			if c := <-w.Changes; !c.Looked || len(c.Others) != want {
				t.Errorf("%+v, want %d", c, want)
			}
		}
		if c, open := <-w.Changes; open || w.Fell() != "of a look" {
			t.Errorf("%+v, and it fell with %v", c, w.Fell())
		}
	})
}
