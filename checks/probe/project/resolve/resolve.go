// Package resolve says what the running server's process would read, and where that comes from.
package resolve

import (
	"path"
	"path/filepath"
	"slices"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/envfile"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/langs"
	"badsig/checks/probe/project/picture"
	"badsig/checks/probe/project/servers"
	"badsig/checks/probe/project/starts"
	"badsig/checks/probe/project/values"
)

// Rules of this file:
//   - what the running process has in its initial environment wins over files, unless the loader overrides it
//   - a variable that is absent there proves nothing: dotenv's do not show in it
//   - where one step of the way is not certain, SecretKnown stays false and no one is accused

// running is how the server's program runs, or would run when started.
type running struct {
	p        *picture.Reader
	s        *picture.Server
	l        *facts.Listener // nil: it does not run
	cwd      string          // relative to the project
	cwdOK    bool
	loads    []modules.TimedLoad
	envKnown bool
	facts    *facts.Facts
}

// ResolveServer tells what the server reads, the base URLs of Stream's API that the project sets, and the one to contact; "" for none.
func ResolveServer(p *picture.Reader, f *facts.Facts) (server *facts.Server, bases []facts.StreamBase, use string) {
	out := facts.Server{Code: -1, Secret: -1, Key: -1}
	l := OwnListener(f)
	s := chooseServer(p, f, l)
	r := &running{p: p, s: s, l: l, facts: f}
	if l != nil {
		out.PID, out.Start = l.PID, l.Start
		r.envKnown = l.EnvKnown
	}
	o := chooseOther(p, f, l)
	if o != nil {
		otherServer(p, f, &out, l, o)
	} else if s != nil {
		out.Code = s.Fact
		r.settle()
		out.Dir = r.cwd
		out.Command = servers.Command(s)
		r.listFiles(&out)
		r.resolveSign(&out)
		r.resolveKey(&out)
		r.endsWithout(&out)
		r.corsFrom(&out)
		r.changed(&out)
		r.newer(&out)
	}
	resolveFront(p, f, &out)
	if s == nil && o == nil {
		ownSigner(p, f, &out)
	}
	explain(p, f, &out)
	origins(p, f)
	PairUp(f)
	p.World.HideSecretsCalledKeys(f)
	p.World.CompareWithDashboard(f)
	bases, use = chooseBase(p, r, o, &out, l)
	return &out, bases, use
}

// OwnListener is the listener that belongs to the project, nil for none or
// where several of them are different programs.
func OwnListener(f *facts.Facts) *facts.Listener {
	if f.Process == nil {
		return nil
	}
	var own *facts.Listener
	for i := range f.Process.Listeners {
		l := &f.Process.Listeners[i]
		if l.PID == 0 || l.InsideKnown && !l.Inside || f.Foreign(l) {
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
func chooseServer(p *picture.Reader, f *facts.Facts, l *facts.Listener) *picture.Server {
	if len(p.Servers) == 0 {
		return nil
	}
	best, score := p.Servers[0], -1
	for i, s := range p.Servers {
		n := len(p.Servers) - i // their order
		if l != nil && l.Inside {
			if s.Entry != nil && runsEntry(p, l, s.Entry.Rel) {
				n += 100
			}
			if d := values.CleanDir(l.Dir); d == s.Dir || d == s.Pkg.Dir {
				n += 30
			}
		}
		if code := f.Project.Servers[s.Fact]; langs.HasPort(code.Ports, f) {
			n += 20
			for _, r := range code.Routes {
				if affix.HasSuffix(f.Target.URL, r.Path) && len(r.Path) > 1 {
					n += 20
					break
				}
			}
		}
		if e := EntryFor(p, f.Target.URL); e != nil && e.ServerOf == s {
			n += 25
		}
		if n > score {
			best, score = s, n
		}
	}
	return best
}

// runsEntry tells whether a listener's command line names a module.
func runsEntry(p *picture.Reader, l *facts.Listener, rel string) bool {
	stem := affix.TrimSuffix(rel, affix.Ext(rel))
	for _, a := range l.Command {
		a = filepath.ToSlash(a)
		if filepath.IsAbs(a) {
			r, ok := p.Relative(a)
			if !ok {
				continue
			}
			a = r
		} else {
			a = path.Join(values.CleanDir(l.Dir), a)
		}
		if a == rel || affix.TrimSuffix(a, affix.Ext(a)) == stem || starts.EntryFile(p, a) == rel {
			return true
		}
	}
	return false
}

// settle finds the working folder and the loads of the program that runs.
func (r *running) settle() {
	r.cwd, r.cwdOK = values.CWDGuess(r.s, modules.LoadPath{CWD: true}), true
	r.loads = slices.Clone(r.s.Loads)
	r.s.Runs = nil
	if r.l == nil || r.l.PID == 0 {
		return
	}
	if r.l.EnvKnown {
		r.s.Runs = map[string]string{}
		for n, v := range r.l.Env {
			r.s.Runs[n] = v
		}
	}
	if r.l.Dir != "" && !filepath.IsAbs(r.l.Dir) {
		r.cwd = values.CleanDir(r.l.Dir)
	} else if filepath.IsAbs(r.l.Dir) {
		rel, err := filepath.Rel(mustAbs(r.p.Tree.Root), r.l.Dir)
		r.cwdOK = err == nil
		r.cwd = values.CleanDir(rel)
	}
	// The command line that runs counts, not the script's.
	files := values.NamedEnvFiles(r.l)
	r.loads = affix.Without(r.loads, func(l modules.TimedLoad) bool { return l.At.Mod == nil && l.Kind == "node-env-file" })
	if len(files) > 0 {
		l := modules.Load{Kind: "node-env-file", Dialect: envfile.NodeEnvFile}
		for _, f := range files {
			l.Paths = append(l.Paths, modules.LoadPath{Rel: filepath.ToSlash(f), CWD: true})
		}
		r.loads = append([]modules.TimedLoad{{Load: l}}, r.loads...)
	}
	if at := r.l.Env["DOTENV_CONFIG_PATH"]; at != "" {
		for i := range r.loads {
			if l := &r.loads[i]; l.Kind == "dotenv" && len(l.Paths) == 0 {
				l.Paths = []modules.LoadPath{{Rel: filepath.ToSlash(at), CWD: true}}
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

// step is one file that the program reads, or looks for.
type step struct {
	load modules.TimedLoad
	rel  string
	env  *picture.EnvSource // nil: it is not there, or was not read

	unread bool // it is there and was not read: it is outside the project
}

// steps lists the files in the order in which a name is looked for in them:
// what wins is first.
func (r *running) steps() []step {
	var first, rest []step
	for _, l := range r.loads {
		var list []step
		for _, rel := range values.FilesOf(r.s, l.Load, r.cwd) {
			e := values.Env(r.p, rel)
			list = append(list, step{l, rel, e, e == nil && r.p.Exists(rel)})
		}
		if l.Override {
			first = append(list, first...)
		} else {
			rest = append(rest, list...)
		}
	}
	return append(first, rest...)
}

// lines visits what the files say that the program loads, without what is commented out, in the order of steps.
//
//go:noinline
func (r *running) lines(visit func(file string, l *envfile.Line)) {
	for _, st := range r.steps() {
		for i := 0; st.env != nil && i < len(st.env.Lines); i++ {
			if l := &st.env.Lines[i]; !l.Commented {
				visit(st.rel, l)
			}
		}
	}
}

// listFiles fills Loaded and Missing.
func (r *running) listFiles(out *facts.Server) {
	for _, st := range r.steps() {
		optional := false
		for _, lp := range st.load.Paths {
			optional = optional || lp.Optional
		}
		switch {
		case st.env != nil:
			if !facts.OneOf(out.Loaded, st.rel) {
				out.Loaded = append(out.Loaded, st.rel)
			}
		case !optional && !st.unread && !facts.OneOf(out.Missing, st.rel) && st.load.Kind != "dotenv-flow" && st.load.Kind != "next":
			if len(out.Missing) == 0 && len(st.load.Paths) > 0 && st.load.At.Mod != nil {
				out.MissingAt = &facts.Place{File: st.load.At.Mod.Rel, Line: st.load.At.Line}
			} else if x := r.s.Start; len(out.Missing) == 0 && r.l == nil && x != nil && x.Line > 0 && len(x.EnvFiles) == 1 && st.load.At.Mod == nil {
				out.MissingAt = &facts.Place{File: x.Pkg.FileName(), Line: x.Line} // node --env-file of a script
			}
			out.Missing = append(out.Missing, st.rel)
		}
	}
}
