package project

import (
	"path"
	"slices"

	"badsig/checks/probe/envfile"
	"badsig/checks/probe/modules"
)

// commandLoads are the loads that the command line makes.
func (p *Reader) commandLoads(st *starter) []modules.TimedLoad {
	var out []modules.TimedLoad
	if len(st.envFiles) > 0 {
		l := modules.Load{Kind: "node-env-file", Dialect: envfile.NodeEnvFile}
		if st.wrapper {
			l.Kind, l.Dialect = "dotenv", envfile.DotenvExpand
		}
		for _, f := range st.envFiles {
			l.Paths = append(l.Paths, modules.LoadPath{Rel: f, CWD: true, Optional: st.optional})
		}
		out = append(out, modules.TimedLoad{Load: l})
	}
	if st.tool == "bun" {
		l := modules.Load{Kind: "bun", Dialect: envfile.DotenvExpand}
		for _, f := range modules.NextFiles {
			l.Paths = append(l.Paths, modules.LoadPath{Rel: f, CWD: true, Optional: true})
		}
		out = append(out, modules.TimedLoad{Load: l})
	}
	if st.preload {
		l := modules.Load{Kind: "dotenv", Dialect: modules.DotenvOf(st.pkg)}
		at := st.preloadAt
		for _, a := range st.env {
			if a.name == "DOTENV_CONFIG_PATH" || a.name == "DOTENV_PATH" {
				at = a.value
			}
		}
		if at != "" {
			l.Paths = []modules.LoadPath{{Rel: at, CWD: true}}
		}
		out = append(out, modules.TimedLoad{Load: l})
	}
	return out
}

// frameLoads are the loads that a framework makes by itself.
func (p *Reader) frameLoads(s *server) {
	l := modules.Load{Dialect: envfile.DotenvExpand, Kind: s.frame}
	switch s.frame {
	case "next":
		l.Dialect, l.Paths = envfile.NextEnv, listed(modules.NextFiles, s.pkg.Dir)
	case "nuxt":
		l.Dialect = envfile.Dotenv
		l.Paths = listed([]string{".env"}, s.pkg.Dir)
	case "sveltekit", "remix", "astro":
		l.Dialect = frontDialect(s.pkg)
		l.Paths = listed(modules.ViteFiles, s.pkg.Dir)
	default:
		for _, m := range s.mods {
			for _, x := range p.LoadsOf(m) {
				s.loads = append(s.loads, modules.TimedLoad{Load: x})
			}
		}
		if len(s.loads) == 0 {
			l.Unknown, l.Paths = true, listed([]string{".env.local", ".env"}, s.pkg.Dir)
			s.loads = append(s.loads, modules.TimedLoad{Load: l})
		}
		return
	}
	s.loads = append(s.loads, modules.TimedLoad{Load: l})
	for _, m := range s.mods {
		for _, x := range p.LoadsOf(m) {
			if x.Kind != "next" {
				s.loads = append(s.loads, modules.TimedLoad{Load: x, T: 1})
			}
		}
	}
}

func listed(names []string, dir string) []modules.LoadPath {
	var out []modules.LoadPath
	for _, n := range names {
		out = append(out, modules.LoadPath{Rel: path.Join(dir, n), Optional: true})
	}
	return out
}

// cwdGuess is the folder in which a load's relative path starts, where the
// process is not running.
func (s *server) cwdGuess(lp modules.LoadPath) string {
	if !lp.CWD {
		return ""
	}
	if s.start != nil {
		return s.start.dir
	}
	return s.dir
}

// filesOf lists the files of a load for a working folder, the winning one first.
func (s *server) filesOf(l modules.Load, cwd string) []string {
	if len(l.Paths) == 0 && !l.Unknown {
		var out []string
		names := []string{".env"}
		switch l.Kind {
		case "dotenv-flow":
			names = modules.FlowFiles
			if e := s.plainEnv("NODE_ENV"); e != "" {
				names = append([]string{".env." + e + ".local", ".env." + e}, modules.FlowFiles...)
			}
		case "next":
			names = modules.NextFiles
		}
		for _, n := range names {
			out = append(out, path.Join(cwd, n))
		}
		return out
	}
	var out []string
	for _, lp := range l.Paths {
		rel := s.fillPath(lp.Rel)
		if lp.CWD {
			out = append(out, path.Join(cwd, rel))
		} else {
			out = append(out, path.Clean(rel))
		}
	}
	if l.Override || l.Kind == "node-env-file" { // the last one wins
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
		if slices.Contains(s.filesOf(l.Load, s.cwdGuess(modules.LoadPath{CWD: true})), rel) {
			return true
		}
	}
	return false
}
