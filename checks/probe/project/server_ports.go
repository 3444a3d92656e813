package project

import (
	"path"
	"strconv"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/modules"
)

// serverPorts are the ports of the source with the numbers that the
// environment gives them today, and the framework's own.
func (p *Reader) serverPorts(s *server) []facts.Port {
	out := p.portsOf(s)
	fromScript := func(name string) string {
		if s.start != nil {
			for _, a := range s.start.env {
				if a.name == name {
					return a.value
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
			out[i].Port, out[i].File, out[i].Line = n, s.start.pkg.FileName(), s.start.line
			continue
		}
		if v, e := p.plainVariable(s, out[i].Env); e != nil {
			if n, err := strconv.Atoi(strings.TrimSpace(v)); err == nil && n > 0 && n < 65536 {
				out[i].Port, out[i].File = n, e.rel
				out[i].Line = e.lineOf(out[i].Env)
			}
		}
	}
	if port, ok := p.platformPort(s); ok {
		return []facts.Port{port}
	}
	if len(out) == 0 && s.frame != "" && s.frame != "serverless" {
		if port, f := p.framePort(s.pkg, s.start); port.Port > 0 {
			_ = f
			out = append(out, port)
		}
	}
	return out
}

func (e *envSource) lineOf(name string) int {
	for i := len(e.Lines) - 1; i >= 0; i-- {
		if e.Lines[i].Name == name && !e.Lines[i].Commented {
			return e.Lines[i].Line
		}
	}
	return 0
}

// plainVariable gives a variable that is no secret (a port, a URL) as the
// server's files set it.
func (p *Reader) plainVariable(s *server, name string) (string, *envSource) {
	cwd := s.cwdGuess(modules.LoadPath{CWD: true})
	for _, l := range s.loads {
		for _, rel := range s.filesOf(l.Load, cwd) {
			if e := p.env(rel); e != nil {
				if v, ok := readsFile(e, name, l.Dialect); ok {
					return string(v), e
				}
			}
		}
	}
	return "", nil
}

// framePort is a framework's dev port: its own, or what its script says.
func (p *Reader) framePort(k *modules.Package, st *starter) (facts.Port, bool) {
	n := map[string]int{"next": 3000, "nuxt": 3000, "cra": 3000, "vite": 5173, "sveltekit": 5173, "remix": 5173, "astro": 4321, "expo": 8081, "react-native": 8081,
		"gatsby": 8000, "vue-cli": 8080, "angular": 4200, "parcel": 1234, "rsbuild": 3000, "webpack": 8080}[k.Framework]
	port := facts.Port{Port: n, File: k.FileName()}
	if k.File != nil {
		port.Line = modules.LineOfText(k.File.Src, `"`+frameworkDep(k)+`"`, "")
	}
	if st == nil {
		return port, n > 0
	}
	for i, a := range st.args {
		v := ""
		switch {
		case (a == "-p" || a == "--port") && i+1 < len(st.args):
			v = st.args[i+1]
		case strings.HasPrefix(a, "--port="):
			v = strings.TrimPrefix(a, "--port=")
		}
		if x, err := strconv.Atoi(v); err == nil {
			port.Port, port.Line = x, st.line
			return port, true
		}
	}
	for _, a := range st.env {
		if x, err := strconv.Atoi(a.value); a.name == "PORT" && err == nil {
			port.Port, port.Line = x, st.line
			return port, true
		}
	}
	return port, n > 0
}

func frameworkDep(k *modules.Package) string {
	for _, fw := range modules.Frameworks {
		if k.Dep(fw.Dep) {
			return fw.Dep
		}
	}
	return path.Base(k.Dir)
}
