package servers

import (
	"slices"
	"strconv"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
)

// portsOf lists the ports a server's source names. A port read from the
// environment carries the variable; the number is its fallback, 0 for none.
func portsOf(p *picture.Reader, s *picture.Server) []facts.Port {
	var out []facts.Port
	for _, m := range s.Mods {
		if d := m.Exports["default"]; m == s.Entry && d.Kind == jsread.Object && m.Listens() { // Bun
			if ports := portFields(p, m, 0, d, d.Line); len(ports) > 0 {
				out = append(out, ports...)
			}
		}
		for _, c := range m.Others {
			if modules.HapiServer(m, c) && len(c.Args) > 0 && c.Args[0].Kind == jsread.Object {
				out = append(out, portFields(p, m, c.Scope, c.Args[0], c.Line)...)
			}
		}
		for _, c := range slices.Concat(m.Others, m.Calls) {
			if modules.SocketServer(m, c) {
				out = append(out, portLeaves(p, m, modules.Eval(p.Graph, m, c.Scope, c.Args[0]), "", c.Line)...)
			}
		}
		for _, c := range m.Calls {
			name := facts.LastName(c.Callee)
			switch {
			case modules.ApolloServer(m, c):
				out = append(out, apolloPort(p, m, c)...)
			case name == "listen" && len(c.Args) > 0:
				arg := c.Args[0]
				if arg.Kind == jsread.Object {
					out = append(out, portFields(p, m, c.Scope, arg, c.Line)...)
					continue
				}
				host := ""
				if len(c.Args) > 1 {
					if ls := modules.Eval(p.Graph, m, c.Scope, c.Args[1]); len(ls) == 1 && ls[0].Kind == modules.LeafLiteral && !modules.IsDigits(ls[0].Text) {
						host = ls[0].Text
					}
				}
				out = append(out, portLeaves(p, m, p.Graph.Leaves(portGiven(p, modules.View{M: m, At: c.Scope, E: arg})), host, c.Line)...)
			case (name == "serve" || c.Callee == "Deno.serve" || c.Callee == "Bun.serve") && len(c.Args) > 0 && c.Args[0].Kind == jsread.Object:
				out = append(out, portFields(p, m, c.Scope, c.Args[0], c.Line)...)
			}
		}
	}
	return out
}

// portGiven is what a function that only checks a port is called with: normalizePort(process.env.PORT || '3000').
func portGiven(p *picture.Reader, v modules.View) modules.View {
	e := v.E
	if x, ok := v.M.Resolve(v.At, e.Text); ok && e.Kind == jsread.Ident {
		e = x
	}
	if e.Kind != jsread.CallExpr || len(e.Parts) != 1 {
		return v
	}
	t, fn := modules.FunctionOf(p.Graph, v.M, v.At, e.Text)
	if t == nil {
		return v
	}
	keeps := false
	for _, r := range modules.ReturnsOf(t, fn) {
		x := r.Expr
		for range 4 {
			if x.Kind == jsread.Wrapped && len(x.Parts) > 0 && facts.OneOf([]string{"parseInt", "Number", "Number.parseInt"}, x.Text) {
				x = x.Parts[0]
			} else if y, ok := t.Resolve(r.Scope, x.Text); ok && x.Kind == jsread.Ident {
				x = y
			}
		}
		if x.Param() == nil && x.Text != "false" || x.Param() != nil && x.Param().Index > 0 {
			return v
		}
		keeps = keeps || x.Param() != nil
	}
	if !keeps {
		return v
	}
	return v.Of(&e.Parts[0])
}

// apolloPort is the port of Apollo's own server: startStandaloneServer(server, { listen: { port } }).
func apolloPort(p *picture.Reader, m *modules.Module, c jsread.Call) []facts.Port {
	if len(c.Args) > 1 {
		for i, k := range c.Args[1].Keys() {
			if k == "listen" && c.Args[1].Parts[i].Kind == jsread.Object {
				return portFields(p, m, c.Scope, c.Args[1].Parts[i], c.Line)
			}
		}
	}
	return []facts.Port{{Port: 4000, File: m.Rel, Line: c.Line, Default: true}}
}

func portFields(p *picture.Reader, m *modules.Module, at jsread.Scope, o jsread.Expr, line int) []facts.Port {
	var ls []modules.Leaf
	host := ""
	for i, k := range o.Keys() {
		switch k {
		case "port":
			ls = modules.Eval(p.Graph, m, at, o.Parts[i])
		case "host", "hostname":
			if v := modules.Eval(p.Graph, m, at, o.Parts[i]); len(v) == 1 && v[0].Kind == modules.LeafLiteral {
				host = v[0].Text
			}
		}
	}
	return portLeaves(p, m, ls, host, line)
}

func portLeaves(p *picture.Reader, m *modules.Module, ls []modules.Leaf, host string, line int) []facts.Port {
	var out []facts.Port
	port := facts.Port{Host: host, File: m.Rel, Line: line}
	some := false
	port.Unread = affix.Any(ls, func(l modules.Leaf) bool { // process.argv[2] || 5000
		return l.Kind == modules.LeafUnknown
	})
	for _, l := range ls {
		if l.Op == "?:" && port.Port != 0 { // a condition that is not followed: either may be
			port.Unread = true
			if !slices.Contains(out, port) {
				out = append(out, port)
			}
			port, some = facts.Port{Host: host, File: m.Rel, Line: line, Unread: true}, false
		}
		switch l.Kind {
		case modules.LeafEnv:
			if port.Env == "" {
				port.Env, some = l.Text, true
			}
		case modules.LeafLiteral:
			if n, err := strconv.Atoi(strings.TrimSpace(l.Text)); err == nil && n > 0 && n < 65536 && port.Port == 0 {
				port.Port, some = n, true
				if l.Mod != nil && l.Line > 0 {
					port.File, port.Line = l.Mod.Rel, l.Line
				}
			}
		}
	}
	if some && !slices.Contains(out, port) {
		out = append(out, port)
	}
	return out
}
