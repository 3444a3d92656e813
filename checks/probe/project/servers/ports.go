package servers

import (
	"encoding/json"
	"path"
	"strconv"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/files"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
	"badsig/checks/probe/project/values"
	"badsig/checks/tools"
)

// ServerPorts are the ports of the source with the numbers that the
// environment gives them today, and the framework's own.
func ServerPorts(p *picture.Reader, s *picture.Server) []facts.Port {
	out := portsOf(p, s)
	fromScript := func(name string) string {
		if s.Start != nil {
			for _, a := range s.Start.Env {
				if a.Name == name {
					return a.Value
				}
			}
		}
		return ""
	}
	for i := range out {
		if out[i].Env == "" {
			continue
		}
		if n, err := strconv.Atoi(strings.TrimSpace(fromScript(out[i].Env))); err == nil {
			out[i].Port, out[i].File, out[i].Line, out[i].Unread = n, s.Start.Pkg.FileName(), s.Start.Line, false
			continue
		}
		if v, e := plainVariable(p, s, out[i].Env); e != nil {
			if n, err := strconv.Atoi(strings.TrimSpace(v)); err == nil && n > 0 && n < 65536 {
				out[i].Port, out[i].File = n, e.Rel
				out[i].Line = LineOf(e, out[i].Env)
			}
		}
	}
	if s.Local.Port > 0 {
		return []facts.Port{s.Local}
	}
	if port, ok := platformPort(p, s); ok {
		return []facts.Port{port}
	}
	if len(out) == 0 && s.Frame != "" && s.Frame != "serverless" {
		if port, ok := FramePort(p, s.Pkg, s.Start); ok {
			out = append(out, port)
		}
	}
	return out
}

func LineOf(e *picture.EnvSource, name string) int {
	for i := len(e.Lines) - 1; i >= 0; i-- {
		if e.Lines[i].Name == name && !e.Lines[i].Commented {
			return e.Lines[i].Line
		}
	}
	return 0
}

// plainVariable gives a variable that isn't a secret (a port, a URL) as the
// server's files set it.
func plainVariable(p *picture.Reader, s *picture.Server, name string) (string, *picture.EnvSource) {
	cwd := values.CWDGuess(s, modules.LoadPath{CWD: true})
	for _, l := range s.Loads {
		for _, rel := range values.FilesOf(s, l.Load, cwd) {
			if e := values.Env(p, rel); e != nil {
				if v, ok := values.ReadsFile(e, name, l.Dialect); ok {
					return string(v), e
				}
			}
		}
	}
	return "", nil
}

// FramePort is a framework's dev port: its own, or what its script says.
func FramePort(p *picture.Reader, k *modules.Package, st *picture.Starter) (facts.Port, bool) {
	n := tools.Of(k.Framework).Port
	port := facts.Port{Port: n, File: k.FileName()}
	if k.File != nil {
		port.Line = modules.LineOfText(k.File.Src, `"`+facts.First(k.FrameworkDep, affix.Base(k.Dir))+`"`, "")
	}
	if st == nil {
		return port, n > 0
	}
	for i, a := range st.Args {
		v := ""
		switch {
		case (a == "-p" || a == "--port") && i+1 < len(st.Args):
			v = st.Args[i+1]
		case affix.HasPrefix(a, "--port="):
			v = affix.TrimPrefix(a, "--port=")
		}
		if x, err := strconv.Atoi(v); err == nil {
			port.Port, port.Line = x, st.Line
			return port, true
		}
	}
	for _, a := range st.Env {
		if x, err := strconv.Atoi(a.Value); a.Name == "PORT" && err == nil {
			port.Port, port.Line = x, st.Line
			return port, true
		}
	}
	return port, n > 0
}

// runsFunctions tells a server that a platform starts: Expo is one, for its API routes.
func runsFunctions(s *picture.Server) bool {
	return s.Frame == "expo" || tools.Of(s.Frame).Kind == tools.Platform
}

// platformPort is the port on which a platform's local server listens.
func platformPort(p *picture.Reader, s *picture.Server) (facts.Port, bool) {
	if !runsFunctions(s) {
		return facts.Port{}, false
	}
	port := facts.Port{Port: tools.Of(s.Frame).Port, File: s.Pkg.FileName(), Line: 1}
	switch s.Frame {
	case "workers":
		if conf := wranglerFile(p, s.Pkg); conf != "" {
			port.File = conf
			if n, err := strconv.Atoi(wranglerField(conf, values.SmallFile(p, conf), "dev", "port")); err == nil && n > 0 && n < 65536 {
				port.Port = n
			}
		}
	case "supabase":
		conf := path.Join(s.Dir, "supabase/config.toml")
		if p.Exists(conf) {
			port.File = conf
			if n, err := strconv.Atoi(wranglerField(conf, values.SmallFile(p, conf), "api", "port")); err == nil && n > 0 && n < 65536 {
				port.Port = n
			}
		}
	case "firebase":
		conf := path.Join(files.DirOf(s.Dir), "firebase.json")
		if !p.Exists(conf) {
			conf = path.Join(s.Dir, "firebase.json")
		}
		var j struct {
			Emulators struct{ Functions struct{ Port int } }
		}
		if json.Unmarshal([]byte(values.SmallFile(p, conf)), &j) == nil && j.Emulators.Functions.Port > 0 {
			port.Port, port.File = j.Emulators.Functions.Port, conf
		}
	}
	if s.Start != nil {
		for i, a := range s.Start.Args {
			v, has := affix.CutPrefix(a, "--port=")
			if (a == "--port" || a == "-p") && i+1 < len(s.Start.Args) {
				v, has = s.Start.Args[i+1], true
			}
			if n, err := strconv.Atoi(v); has && err == nil {
				port.Port, port.File, port.Line = n, s.Start.Pkg.FileName(), s.Start.Line
			}
		}
	}
	return port, true
}
