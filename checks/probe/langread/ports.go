package langread

import (
	"strconv"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/probe/langread/flow"
	"badsig/checks/probe/langread/syntax"
)

// ports are the ports that calls name.
func ports(pr *flow.Program) []Port {
	var out []Port
	add := func(n *syntax.Node, f *syntax.Fn) {
		if p, ok := port(pr, n, flow.Frame{Fn: f}); ok && len(out) < 8 {
			out = append(out, p)
		}
	}
	for _, c := range pr.All {
		n := c.N
		name := n.X.Last()
		var x *syntax.Node
		named := func(keys ...string) bool {
			for _, a := range n.Args {
				for _, k := range keys {
					if a.Name == k {
						x = a.X
						return true
					}
				}
			}
			return false
		}
		switch pr.Lang {
		case syntax.Python:
			switch name {
			case "run", "serve", "run_app", "run_server", "start", "Server", "run_simple":
				if !named("port") && name == "run_simple" && len(n.Args) > 1 {
					x = n.Args[1].X
				}
			case "HTTPServer", "ThreadingHTTPServer", "TCPServer", "make_server":
				if len(n.Args) > 0 && n.Args[0].X != nil && len(n.Args[0].X.Args) == 2 {
					x = n.Args[0].X.Args[1].X
				} else if name == "make_server" && len(n.Args) > 1 {
					x = n.Args[1].X
				}
			}
		case syntax.Go:
			switch name {
			case "ListenAndServe", "ListenAndServeTLS", "Run", "Start", "Listen", "RunTLS":
				if name == "Listen" && len(n.Args) == 2 {
					x = n.Args[1].X
				} else if len(n.Args) > 0 && n.Args[0].X != nil && n.Args[0].X.Kind != syntax.KFunc {
					x = n.Args[0].X
				}
			}
		case syntax.Ruby:
			if name == "set" && flow.LiteralArg(n, 0) == "port" && len(n.Args) > 1 {
				x = n.Args[1].X
			} else if name == "port" && n.X.Kind == syntax.KName && len(n.Args) > 0 {
				x = n.Args[0].X
			} else if name == "run!" || name == "new" && n.X.Kind == syntax.KMember && n.X.X.Last() == "HTTPServer" {
				named("port", "Port")
			}
		case syntax.Java, syntax.Kotlin:
			switch name {
			case "embeddedServer":
				if !named("port") && len(n.Args) > 1 {
					x = n.Args[1].X
				}
			case "start", "port", "listen":
				if len(n.Args) == 1 && (name != "start" || affix.Contains(strings.ToLower(flow.CalleePath(n.X)), "javalin") || n.Args[0].X.Kind == syntax.KNumber) && n.Args[0].Name == "" {
					x = n.Args[0].X
				}
			case "InetSocketAddress":
				if len(n.Args) > 0 {
					x = n.Args[len(n.Args)-1].X
				}
			}
		case syntax.CSharp:
			if (name == "Run" || name == "UseUrls" || name == "RunAsync") && len(n.Args) > 0 {
				x = n.Args[0].X
			} else if name == "ListenLocalhost" || name == "ListenAnyIP" {
				x = n.Args[0].X
			}
		}
		add(x, c.Fn)
	}
	for _, w := range pr.Writes["Addr"] { // &http.Server{Addr: ":8080"}
		if pr.Lang == syntax.Go && w.How == flow.WKey && w.Owner == "Server" {
			add(w.X, w.Fn)
		}
	}
	return out
}

// port reads ":8080", ":" + port, fmt.Sprintf(":%d", port), int(os.getenv("PORT", 5000)).
func port(pr *flow.Program, n *syntax.Node, f flow.Frame) (Port, bool) {
	p := Port{File: f.Fn.Unit.Path, Line: 0}
	if n == nil {
		return p, false
	}
	p.Line = n.Line
	var read func(x *syntax.Node, f flow.Frame, depth int)
	text := func(s string, line int, file string) {
		if i := strings.LastIndexByte(s, ':'); i >= 0 {
			s = s[i+1:]
		}
		s = strings.Trim(s, "/")
		if v, err := strconv.Atoi(s); err == nil && v > 0 && v < 65536 && p.Port == 0 {
			p.Port, p.Line, p.File = v, line, file
		}
	}
	read = func(x *syntax.Node, f flow.Frame, depth int) {
		if x == nil || depth > 8 {
			return
		}
		switch x.Kind {
		case syntax.KString, syntax.KNumber:
			text(x.Text, x.Line, f.Fn.Unit.Path)
			return
		case syntax.KBinary:
			read(x.X, f, depth+1)
			read(x.Y, f, depth+1)
			return
		case syntax.KCall:
			if l := x.X.Last(); l == "Sprintf" || l == "JoinHostPort" || l == "format" || l == "Sprint" {
				for _, a := range x.Args {
					read(a.X, f, depth+1)
				}
				return
			}
		}
		for _, s := range pr.Sources(x, f) {
			switch s.Kind {
			case flow.FromEnv:
				if p.Env == "" {
					p.Env = s.Name
				}
			case flow.FromLiteral:
				line, file := x.Line, f.Fn.Unit.Path
				if k := len(s.Links); k > 0 {
					line, file = s.Links[k-1].Line, s.Links[k-1].File
				}
				text(s.Text, line, file)
			default:
				if len(s.Links) > 0 && s.Kind == flow.Unknown {
					portExpr(pr, x, f, depth, read)
				}
			}
		}
	}
	read(n, f, 0)
	return p, p.Port > 0 || p.Env != ""
}

// portExpr follows a variable to the expression that it holds: ":" + port.
func portExpr(pr *flow.Program, n *syntax.Node, f flow.Frame, depth int, read func(*syntax.Node, flow.Frame, int)) {
	if n.Kind != syntax.KName {
		return
	}
	for g := f.Fn; g != nil; g = g.Parent {
		for _, w := range pr.WritesIn(n.Text, g) {
			if w.X != nil && (w.X.Kind == syntax.KBinary || w.X.Kind == syntax.KCall) {
				read(w.X, flow.Frame{Fn: w.Fn}, depth+2)
			}
		}
	}
}
