package probe

import (
	"path"
	"slices"

	"badsig/checks/probe/envfile"
)

// commandLoads are the loads that the command line makes.
func (p *project) commandLoads(st *starter) []timedLoad {
	var out []timedLoad
	if len(st.envFiles) > 0 {
		l := load{kind: "node-env-file", dialect: envfile.NodeEnvFile}
		if st.wrapper {
			l.kind, l.dialect = "dotenv", envfile.DotenvExpand
		}
		for _, f := range st.envFiles {
			l.paths = append(l.paths, loadPath{rel: f, cwd: true, optional: st.optional})
		}
		out = append(out, timedLoad{load: l})
	}
	if st.tool == "bun" {
		l := load{kind: "bun", dialect: envfile.DotenvExpand}
		for _, f := range nextFiles {
			l.paths = append(l.paths, loadPath{rel: f, cwd: true, optional: true})
		}
		out = append(out, timedLoad{load: l})
	}
	if st.preload {
		l := load{kind: "dotenv", dialect: envfile.Dotenv}
		at := st.preloadAt
		for _, a := range st.env {
			if a.name == "DOTENV_CONFIG_PATH" || a.name == "DOTENV_PATH" {
				at = a.value
			}
		}
		if at != "" {
			l.paths = []loadPath{{rel: at, cwd: true}}
		}
		out = append(out, timedLoad{load: l})
	}
	return out
}

// frameLoads are the loads that a framework makes by itself.
func (p *project) frameLoads(s *server) {
	l := load{dialect: envfile.DotenvExpand, kind: s.frame}
	switch s.frame {
	case "next":
		l.dialect, l.paths = envfile.NextEnv, listed(nextFiles, s.pkg.dir)
	case "nuxt":
		l.dialect = envfile.Dotenv
		l.paths = listed([]string{".env"}, s.pkg.dir)
	case "sveltekit", "remix", "astro":
		l.dialect = frontDialect(s.pkg)
		l.paths = listed(viteFiles, s.pkg.dir)
	default:
		for _, m := range s.mods {
			for _, x := range p.loadsOf(m) {
				s.loads = append(s.loads, timedLoad{load: x})
			}
		}
		if len(s.loads) == 0 {
			l.unknown, l.paths = true, listed([]string{".env.local", ".env"}, s.pkg.dir)
			s.loads = append(s.loads, timedLoad{load: l})
		}
		return
	}
	s.loads = append(s.loads, timedLoad{load: l})
	for _, m := range s.mods {
		for _, x := range p.loadsOf(m) {
			if x.kind != "next" {
				s.loads = append(s.loads, timedLoad{load: x, t: 1})
			}
		}
	}
}

func listed(names []string, dir string) []loadPath {
	var out []loadPath
	for _, n := range names {
		out = append(out, loadPath{rel: path.Join(dir, n), optional: true})
	}
	return out
}

// cwdGuess is the folder in which a load's relative path starts, where the
// process is not running.
func (s *server) cwdGuess(lp loadPath) string {
	if !lp.cwd {
		return ""
	}
	if s.start != nil {
		return s.start.dir
	}
	return s.dir
}

// filesOf lists the files of a load for a working folder, the winning one first.
func (s *server) filesOf(l load, cwd string) []string {
	if len(l.paths) == 0 && !l.unknown {
		var out []string
		names := []string{".env"}
		switch l.kind {
		case "dotenv-flow":
			names = flowFiles
			if e := s.plainEnv("NODE_ENV"); e != "" {
				names = append([]string{".env." + e + ".local", ".env." + e}, flowFiles...)
			}
		case "next":
			names = nextFiles
		}
		for _, n := range names {
			out = append(out, path.Join(cwd, n))
		}
		return out
	}
	var out []string
	for _, lp := range l.paths {
		rel := s.fillPath(lp.rel)
		if lp.cwd {
			out = append(out, path.Join(cwd, rel))
		} else {
			out = append(out, path.Clean(rel))
		}
	}
	if l.override || l.kind == "node-env-file" { // the last one wins
		slices.Reverse(out)
	}
	return out
}

// plainEnv is a variable that is no secret as the running process has it, or
// as the start script sets it.
func (s *server) plainEnv(name string) string {
	if s.runs != nil {
		return s.runs[name]
	}
	if s.start != nil {
		for _, a := range s.start.env {
			if a.name == name {
				return a.value
			}
		}
	}
	return ""
}

// mayRead tells whether the server reads an env file when started from its
// own folder.
func (s *server) mayRead(rel string) bool {
	for _, l := range s.loads {
		if slices.Contains(s.filesOf(l.load, s.cwdGuess(loadPath{cwd: true})), rel) {
			return true
		}
	}
	return false
}
