package probe

import (
	"strconv"
	"strings"

	"badsig/checks/probe/jsread"
)

// portsOf lists the ports a server's source names. A port read from the
// environment carries the variable; the number is its fallback, 0 for none.
func (p *project) portsOf(s *server) []Port {
	var out []Port
	for _, m := range s.mods {
		for _, c := range m.Calls {
			name := lastName(c.Callee)
			switch {
			case name == "listen" && len(c.Args) > 0:
				arg := c.Args[0]
				if arg.Kind == jsread.Object {
					out = append(out, p.portFields(m, c.Scope, arg, c.Line)...)
					continue
				}
				host := ""
				if len(c.Args) > 1 {
					if ls := p.eval(m, c.Scope, c.Args[1]); len(ls) == 1 && ls[0].kind == leafLiteral && !isDigits(ls[0].text) {
						host = ls[0].text
					}
				}
				out = append(out, p.portLeaves(m, p.eval(m, c.Scope, arg), host, c.Line)...)
			case (name == "serve" || c.Callee == "Deno.serve" || c.Callee == "Bun.serve") && len(c.Args) > 0 && c.Args[0].Kind == jsread.Object:
				out = append(out, p.portFields(m, c.Scope, c.Args[0], c.Line)...)
			}
		}
	}
	return out
}

func (p *project) portFields(m *module, at jsread.Scope, o jsread.Expr, line int) []Port {
	var ls []leaf
	host := ""
	for i, k := range o.Keys {
		switch k {
		case "port":
			ls = p.eval(m, at, o.Parts[i])
		case "host", "hostname":
			if v := p.eval(m, at, o.Parts[i]); len(v) == 1 && v[0].kind == leafLiteral {
				host = v[0].text
			}
		}
	}
	return p.portLeaves(m, ls, host, line)
}

func (p *project) portLeaves(m *module, ls []leaf, host string, line int) []Port {
	port := Port{Host: host, File: m.rel, Line: line}
	some := false
	for _, l := range ls {
		switch l.kind {
		case leafEnv:
			if port.Env == "" {
				port.Env, some = l.text, true
			}
		case leafLiteral:
			if n, err := strconv.Atoi(strings.TrimSpace(l.text)); err == nil && n > 0 && n < 65536 && port.Port == 0 {
				port.Port, some = n, true
				if l.mod != nil && l.line > 0 {
					port.File, port.Line = l.mod.rel, l.line
				}
			}
		}
	}
	if !some {
		return nil
	}
	return []Port{port}
}
