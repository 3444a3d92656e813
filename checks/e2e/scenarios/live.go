package scenarios

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"badsig/checks/e2e/child"
	"badsig/checks/e2e/oracle"
	"badsig/checks/internal/secretscan"
)

// Live is a scenario that is on this machine: files, processes, ports.
type Live struct {
	Scenario Scenario
	Vars     vars
	Root     string // a temporary folder; the project is Root/project
	Dir      string

	files  Files // templates
	procs  map[string]*child.Process
	given  string                                 // --token
	issued []string                               // tokens seen by the scenario itself: none may be in badsig's output
	pkgs   string                                 // folder with node_modules
	launch func(p Proc, argv, env []string) error // starts the first process in the place of this package; nil: it does
	marked secretscan.Secrets
}

// Step is something that happens after the files are written.
type Step func(*Live) error

// setUp writes the project and runs the steps. root is a fresh folder, pkgs one with
// node_modules in it.
func setUp(s Scenario, root, pkgs string) (*Live, error) { return setUpWith(s, root, pkgs, nil) }

// setUpWith has the first process started by launch.
func setUpWith(s Scenario, root, pkgs string, launch func(*Live, Proc, []string, []string) error) (*Live, error) {
	l := &Live{Scenario: s, Vars: newVars(s.Name, s.Letters), Root: root, Dir: filepath.Join(root, "project"), procs: map[string]*child.Process{}, pkgs: pkgs}
	if launch != nil {
		l.launch = func(p Proc, argv, env []string) error { return launch(l, p, argv, env) }
	}
	lay := s.Layout.clone()
	for _, p := range []string{"PORT", "PORT2", "PORT3"} {
		l.Vars[p] = child.FreePort()
	}
	l.Vars["PATH"], l.Vars["DIR"], l.Vars["ROOT"] = lay.Path, l.Dir, root
	for _, edit := range s.Edits {
		if err := edit(lay, lay.Files); err != nil {
			return l, fmt.Errorf("edit: %w", err)
		}
	}
	l.files = lay.Files
	for name := range l.files {
		if err := l.write(name); err != nil {
			return l, err
		}
	}
	if err := os.WriteFile(l.dashboardSecret(), []byte(l.Vars["S1"]+"\n"), 0o600); err != nil {
		return l, err
	}
	if err := l.link(lay); err != nil {
		return l, err
	}
	steps := s.Steps
	if steps == nil {
		steps = []Step{StartAll}
	}
	for i, step := range steps {
		if err := step(l); err != nil {
			return l, fmt.Errorf("step %d: %w", i+1, err)
		}
	}
	if s.Token != "" {
		l.given = l.Vars.fill(s.Token)
		l.issued = append(l.issued, l.given)
	}
	return l, nil
}

// dashboardSecret is the file that holds the secret which the dashboard shows.
func (l *Live) dashboardSecret() string { return filepath.Join(l.Root, "dashboard-secret.txt") }

// write puts one file of the templates on disk.
func (l *Live) write(name string) error {
	path := filepath.Join(l.Dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(l.Vars.fill(l.files[name])), 0o644)
}

// link gives the project's server its npm packages.
func (l *Live) link(lay Layout) error {
	if len(lay.Packages) == 0 {
		return nil
	}
	for _, p := range lay.Packages {
		as, from := strings.TrimRight(p, "0123456789"), filepath.Join(l.pkgs, "node_modules", p) // express4 is as express
		to := filepath.Join(l.Dir, lay.ModDir, "node_modules", as)
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return err
		}
		if _, err := os.Stat(from); err != nil {
			return err
		}
		if err := os.Symlink(from, to); err != nil && !os.IsExist(err) {
			return err
		}
		if bin := filepath.Join(l.pkgs, "node_modules", ".bin", as); as == "tsx" { // what its npm scripts start
			_ = os.MkdirAll(filepath.Join(filepath.Dir(to), ".bin"), 0o755)
			_ = os.Symlink(bin, filepath.Join(filepath.Dir(to), ".bin", as))
		}
	}
	return nil
}

// close ends every process of the scenario.
func (l *Live) close() {
	for _, p := range l.procs {
		p.Stop()
	}
}

// logs gives what the processes printed.
func (l *Live) logs() string {
	var b strings.Builder
	for n, p := range l.procs {
		fmt.Fprintf(&b, "--- %s\n%s\n", n, p.Out.String())
	}
	return b.String()
}

// all gives the scenario's processes.
func (l *Live) all() []Proc {
	if l.Scenario.Procs != nil {
		return l.Scenario.Procs
	}
	return l.Scenario.Layout.Procs
}

// StartAll starts every process and waits until each listens.
func StartAll(l *Live) error {
	for _, p := range l.all() {
		if err := l.start(p); err != nil {
			return err
		}
	}
	return nil
}

// Nothing starts nothing.
func Nothing(*Live) error { return nil }

// Start starts one process by its name.
func Start(name string) Step {
	return func(l *Live) error {
		for _, p := range l.all() {
			if p.Name == name {
				return l.start(p)
			}
		}
		return fmt.Errorf("no process %s", name)
	}
}

// Stop ends one process.
func Stop(name string) Step {
	return func(l *Live) error { l.procs[name].Stop(); delete(l.procs, name); return nil }
}

// Wait lets time pass.
func Wait(d time.Duration) Step { return func(*Live) error { time.Sleep(d); return nil } }

// Later changes the project while it runs.
func Later(edits ...Edit) Step {
	return func(l *Live) error {
		before := maps.Clone(l.files)
		for _, e := range edits {
			if err := e(l.Scenario.Layout, l.files); err != nil {
				return err
			}
		}
		for name := range before {
			if _, still := l.files[name]; !still {
				if err := os.Remove(filepath.Join(l.Dir, filepath.FromSlash(name))); err != nil {
					return err
				}
			}
		}
		for name, text := range l.files {
			if old, was := before[name]; !was || old != text {
				if err := l.write(name); err != nil {
					return err
				}
			}
		}
		return nil
	}
}

// Touch gives a file the present moment as its time.
func Touch(file string) Step {
	return func(l *Live) error {
		now := time.Now()
		return os.Chtimes(filepath.Join(l.Dir, file), now, now)
	}
}

// Age makes every file of the project as old as an hour.
func Age(l *Live) error {
	old := time.Now().Add(-time.Hour)
	return filepath.WalkDir(l.Dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.Type()&os.ModeSymlink != 0 {
			return err
		}
		return os.Chtimes(path, old, old)
	})
}

// Give passes the token that the backend issues now as --token.
func Give(l *Live) error {
	status, body, err := l.ask()
	if err != nil {
		return err
	}
	if l.given = oracle.TokenIn(body); l.given == "" {
		return fmt.Errorf("%d without a token: %s", status, body)
	}
	return nil
}

// url is the token endpoint that badsig is told.
func (l *Live) url() string {
	u := l.Scenario.URL
	if u == "" || u == "-" {
		u = "http://localhost:{{PORT}}{{PATH}}"
	}
	return l.Vars.fill(l.Vars.fill(u))
}

// ask sends the documented request.
func (l *Live) ask() (status int, body []byte, err error) {
	id := "test123"
	for i, a := range l.Scenario.Args {
		if a == "--user-id" {
			id = l.Scenario.Args[i+1]
		}
	}
	text, _ := json.Marshal(map[string]string{"userId": id, "userName": "Test User"})
	c := http.Client{Timeout: 3 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	defer c.CloseIdleConnections()
	how := l.Scenario.Asked
	if how.Body != "" {
		text = []byte(how.Body)
	}
	req, err := http.NewRequest(http.MethodPost, l.url(), bytes.NewReader(text))
	if err != nil {
		return 0, nil, err
	}
	req.Header.Set("Content-Type", cmp.Or(how.Type, "application/json"))
	if how.Query != "" {
		if req, err = http.NewRequest(http.MethodGet, l.url(), nil); err != nil {
			return 0, nil, err
		}
		q := req.URL.Query()
		q.Set(how.Query, id)
		req.URL.RawQuery = q.Encode()
	}
	for i, a := range l.Scenario.Args {
		if a == "--header" {
			n, v, _ := strings.Cut(l.Scenario.Args[i+1], ": ")
			req.Header.Set(n, v)
		}
	}
	res, err := c.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close()
	body, err = io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if t := oracle.TokenIn(body); strings.Count(t, ".") == 2 {
		l.issued = append(l.issued, t)
	}
	return res.StatusCode, body, err
}
