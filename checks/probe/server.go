package probe

import (
	"errors"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"badsig/checks/probe/envfile"
)

// Rules of this file:
//   - what the running process has in its initial environment wins over files, unless the loader overrides it
//   - a variable that is absent there proves nothing: dotenv's do not show in it
//   - where one step of the way is not certain, SecretKnown stays false and nobody is accused

// running is how the server's program runs, or would run when started.
type running struct {
	p        *project
	s        *server
	l        *Listener // nil: it does not run
	cwd      string    // relative to the project
	cwdOK    bool
	loads    []timedLoad
	envKnown bool
	facts    *Facts
}

// probeServer fills Server, and Loaded, Read, Wins and Why of Values.
func probeServer(w *World, p *project) error {
	if p == nil {
		return errors.New("the project was not read")
	}
	var l *Listener
	w.Update(func(f *Facts) { l = ownListener(f) })
	p.rereadNode(l)
	var out *Server
	w.Update(func(f *Facts) { out = p.resolveServer(f) })
	w.scrubAll(out)
	w.Update(func(f *Facts) { f.Server = out })
	return nil
}

func (p *project) resolveServer(f *Facts) *Server {
	out := Server{Code: -1, Secret: -1, Key: -1}
	l := ownListener(f)
	s := p.chooseServer(f, l)
	r := &running{p: p, s: s, l: l, facts: f}
	if l != nil {
		out.PID, out.Start = l.PID, l.Start
		r.envKnown = l.EnvKnown
	}
	if o := p.chooseOther(f, l); o != nil {
		p.otherServer(f, &out, l, o)
	} else if s != nil {
		out.Code = s.fact
		r.settle()
		out.Dir = r.cwd
		out.Command = s.command()
		r.listFiles(&out)
		r.resolveSign(&out)
		r.resolveKey(&out)
		r.changed(&out)
	}
	p.resolveFront(f, &out)
	p.explain(f, &out)
	p.origins(f)
	pairUp(f)
	p.w.hideSecretsCalledKeys(f)
	p.w.compareWithDashboard(f)
	return &out
}

// ownListener is the listener that belongs to the project, nil for none or
// where several of them are different programs.
func ownListener(f *Facts) *Listener {
	if f.Process == nil {
		return nil
	}
	var own *Listener
	for i := range f.Process.Listeners {
		l := &f.Process.Listeners[i]
		if l.PID == 0 || l.InsideKnown && !l.Inside {
			continue
		}
		if own != nil && own.PID != l.PID && own.Dir != l.Dir {
			continue
		}
		if own == nil || l.Inside && !own.Inside {
			own = l
		}
	}
	return own
}

// chooseServer tells which of the project's programs the endpoint is.
func (p *project) chooseServer(f *Facts, l *Listener) *server {
	if len(p.servers) == 0 {
		return nil
	}
	best, score := p.servers[0], -1
	for i, s := range p.servers {
		n := len(p.servers) - i // their order
		if l != nil && l.Inside {
			if s.entry != nil && p.runsEntry(l, s.entry.rel) {
				n += 100
			}
			if d := cleanDir(l.Dir); d == s.dir || d == s.pkg.dir {
				n += 30
			}
		}
		if code := f.Project.Servers[s.fact]; hasPort(code.Ports, f) {
			n += 20
			for _, r := range code.Routes {
				if strings.HasSuffix(f.Target.URL, r.Path) && len(r.Path) > 1 {
					n += 20
					break
				}
			}
		}
		if e := p.entryFor(f.Target.URL); e != nil && e.server == s {
			n += 25
		}
		if n > score {
			best, score = s, n
		}
	}
	return best
}

func hasPort(ports []Port, f *Facts) bool {
	if f.Process == nil {
		return slices.ContainsFunc(ports, func(p Port) bool { return strings.Contains(f.Target.URL, ":"+itoa(p.Port)+"/") })
	}
	return slices.ContainsFunc(ports, func(p Port) bool { return p.Port == f.Process.Port })
}

// runsEntry tells whether a listener's command line names a module.
func (p *project) runsEntry(l *Listener, rel string) bool {
	stem := strings.TrimSuffix(rel, path.Ext(rel))
	for _, a := range l.Command {
		a = filepath.ToSlash(a)
		if filepath.IsAbs(a) {
			r, ok := p.relative(a)
			if !ok {
				continue
			}
			a = r
		} else {
			a = path.Join(cleanDir(l.Dir), a)
		}
		if a == rel || strings.TrimSuffix(a, path.Ext(a)) == stem || p.entryFile(a) == rel {
			return true
		}
	}
	return false
}

func cleanDir(d string) string {
	if d == "." {
		return ""
	}
	return strings.TrimSuffix(filepath.ToSlash(d), "/")
}

// settle finds the working folder and the loads of the program that runs.
func (r *running) settle() {
	r.cwd, r.cwdOK = r.s.cwdGuess(loadPath{cwd: true}), true
	r.loads = slices.Clone(r.s.loads)
	r.s.runs = nil
	if r.l == nil || r.l.PID == 0 {
		return
	}
	if r.l.EnvKnown {
		r.s.runs = map[string]string{}
		for n, v := range r.l.Env {
			r.s.runs[n] = v
		}
	}
	if r.l.Dir != "" && !filepath.IsAbs(r.l.Dir) {
		r.cwd = cleanDir(r.l.Dir)
	} else if filepath.IsAbs(r.l.Dir) {
		rel, err := filepath.Rel(mustAbs(r.p.tree.root), r.l.Dir)
		r.cwdOK = err == nil
		r.cwd = cleanDir(rel)
	}
	// The command line that runs counts, not the script's.
	files := namedEnvFiles(r.l)
	r.loads = slices.DeleteFunc(r.loads, func(l timedLoad) bool { return l.at.mod == nil && l.kind == "node-env-file" })
	if len(files) > 0 {
		l := load{kind: "node-env-file", dialect: envfile.NodeEnvFile}
		for _, f := range files {
			l.paths = append(l.paths, loadPath{rel: filepath.ToSlash(f), cwd: true})
		}
		r.loads = append([]timedLoad{{load: l}}, r.loads...)
	}
	if at := r.l.Env["DOTENV_CONFIG_PATH"]; at != "" {
		for i := range r.loads {
			if l := &r.loads[i]; l.kind == "dotenv" && len(l.paths) == 0 {
				l.paths = []loadPath{{rel: filepath.ToSlash(at), cwd: true}}
			}
		}
	}
}

func mustAbs(p string) string {
	if a, err := filepath.Abs(p); err == nil {
		if real, err := filepath.EvalSymlinks(a); err == nil {
			return real
		}
		return a
	}
	return p
}

// namedEnvFiles are those of a process's --env-file, or of a parent's that starts it anew.
func namedEnvFiles(l *Listener) []string {
	files := envFilesOf(l.Command)
	for _, a := range l.Ancestors {
		if len(files) == 0 && a.EnvFile != "" {
			files = append(files, a.EnvFile)
		}
	}
	return files
}

// envFilesOf reads --env-file from a command line.
func envFilesOf(args []string) []string {
	var out []string
	for i, a := range args {
		if !strings.HasPrefix(a, "--env-file") {
			continue
		}
		if _, v, ok := strings.Cut(a, "="); ok {
			out = append(out, v)
		} else if i+1 < len(args) {
			out = append(out, args[i+1])
		}
	}
	return out
}

// step is one file that the program reads, or looks for.
type step struct {
	load timedLoad
	rel  string
	env  *envSource // nil: it is not there, or was not read

	unread bool // it is there and was not read: it lies outside the project
}

// steps lists the files in the order in which a name is looked for in them:
// what wins stands first.
func (r *running) steps() []step {
	var first, rest []step
	for _, l := range r.loads {
		var list []step
		for _, rel := range r.s.filesOf(l.load, r.cwd) {
			e := r.p.env(rel)
			list = append(list, step{l, rel, e, e == nil && r.p.exists(rel)})
		}
		if l.override {
			first = append(list, first...)
		} else {
			rest = append(rest, list...)
		}
	}
	return append(first, rest...)
}

// listFiles fills Loaded and Missing.
func (r *running) listFiles(out *Server) {
	for _, st := range r.steps() {
		optional := false
		for _, lp := range st.load.paths {
			optional = optional || lp.optional
		}
		switch {
		case st.env != nil:
			if !slices.Contains(out.Loaded, st.rel) {
				out.Loaded = append(out.Loaded, st.rel)
			}
		case !optional && !st.unread && !slices.Contains(out.Missing, st.rel) && st.load.kind != "dotenv-flow" && st.load.kind != "next":
			out.Missing = append(out.Missing, st.rel)
		}
	}
}
