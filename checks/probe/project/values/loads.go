package values

import (
	"path"
	"slices"

	"badsig/checks/probe/envfile"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
	"badsig/checks/tools"
)

// CommandLoads are the loads that the command line makes.
func CommandLoads(p *picture.Reader, st *picture.Starter) []modules.TimedLoad {
	var out []modules.TimedLoad
	if len(st.EnvFiles) > 0 {
		l := modules.Load{Kind: "node-env-file", Dialect: envfile.NodeEnvFile}
		if st.Wrapper {
			l.Kind, l.Dialect = "dotenv", envfile.DotenvExpand
		}
		for _, f := range st.EnvFiles {
			l.Paths = append(l.Paths, modules.LoadPath{Rel: f, CWD: true, Optional: st.Optional})
		}
		out = append(out, modules.TimedLoad{Load: l})
	}
	if st.Tool == "bun" {
		l := modules.Load{Kind: "bun", Dialect: envfile.DotenvExpand}
		for _, f := range tools.NextFiles {
			l.Paths = append(l.Paths, modules.LoadPath{Rel: f, CWD: true, Optional: true})
		}
		out = append(out, modules.TimedLoad{Load: l})
	}
	if st.Preload {
		l := modules.Load{Kind: "dotenv", Dialect: modules.DotenvOf(st.Pkg)}
		at := st.PreloadAt
		for _, a := range st.Env {
			if a.Name == "DOTENV_CONFIG_PATH" || a.Name == "DOTENV_PATH" {
				at = a.Value
			}
		}
		if at != "" {
			l.Paths = []modules.LoadPath{{Rel: at, CWD: true}}
		}
		out = append(out, modules.TimedLoad{Load: l})
	}
	return out
}

// FrameLoads are the loads that a framework makes by itself.
func FrameLoads(p *picture.Reader, s *picture.Server) {
	l := modules.Load{Dialect: envfile.DotenvExpand, Kind: s.Frame}
	if s.Start != nil && s.Start.Wrapper {
		s.Loads = append(s.Loads, CommandLoads(p, s.Start)...)
	}
	if tool := tools.Of(s.Frame); tool.OnServer {
		l.Dialect, l.Paths = frontDialect(s.Pkg), Listed(tool.EnvFiles, s.Pkg.Dir)
	} else {
		for _, m := range s.Mods {
			for _, x := range modules.LoadsOf(p.Graph, m) {
				s.Loads = append(s.Loads, modules.TimedLoad{Load: x})
			}
		}
		if len(s.Loads) == 0 {
			l.Unknown, l.Paths = true, Listed([]string{".env.local", ".env"}, s.Pkg.Dir)
			s.Loads = append(s.Loads, modules.TimedLoad{Load: l})
		}
		return
	}
	s.Loads = append(s.Loads, modules.TimedLoad{Load: l})
	for _, m := range s.Mods {
		for _, x := range modules.LoadsOf(p.Graph, m) {
			if x.Kind != "next" {
				s.Loads = append(s.Loads, modules.TimedLoad{Load: x, T: 1})
			}
		}
	}
}

func Listed(names []string, dir string) []modules.LoadPath {
	var out []modules.LoadPath
	for _, n := range names {
		out = append(out, modules.LoadPath{Rel: path.Join(dir, n), Optional: true})
	}
	return out
}

// CWDGuess is the folder in which a load's relative path starts, where the
// process is not running.
func CWDGuess(s *picture.Server, lp modules.LoadPath) string {
	if !lp.CWD {
		return ""
	}
	if s.Start != nil {
		return s.Start.Dir
	}
	return s.Dir
}

// FilesOf lists the files of a load for a working folder, the winning one first.
func FilesOf(s *picture.Server, l modules.Load, cwd string) []string {
	if len(l.Paths) == 0 && !l.Unknown {
		var out []string
		names := []string{".env"}
		switch l.Kind {
		case "dotenv-flow":
			names = tools.FlowFiles
			if e := PlainEnv(s, "NODE_ENV"); e != "" {
				names = append([]string{".env." + e + ".local", ".env." + e}, tools.FlowFiles...)
			}
		case "next":
			names = tools.NextFiles
		}
		for _, n := range names {
			out = append(out, path.Join(cwd, n))
		}
		return out
	}
	var out []string
	for _, lp := range l.Paths {
		rel := FillPath(s, lp.Rel)
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

// PlainEnv is a variable that isn't a secret as the running process has it, or
// as the start script sets it.
func PlainEnv(s *picture.Server, name string) string {
	if s.Runs != nil {
		return s.Runs[name]
	}
	if s.Start != nil {
		for _, a := range s.Start.Env {
			if a.Name == name {
				return a.Value
			}
		}
	}
	return ""
}
