package langread

import (
	"path"
	"strconv"
	"strings"

	"badsig/checks/probe/langread/flow"
	"badsig/checks/probe/langread/syntax"
)

// Load is a .env file that a library reads into the environment.
type Load struct {
	Loader   string // dotenv, godotenv …
	Path     string // "" for the loader's own search
	From     string // cwd; file: Path is relative to the project's root already; up: searched from File's folder upwards
	Override bool
	File     string
	Line     int
	Unsure   bool // its path couldn't be read
}

// loaders are the calls that read .env files.
var loaders = map[string]map[string]string{
	syntax.Python: {"load_dotenv": "python-dotenv", "dotenv_values": "python-dotenv", "read_env": "environ", "read_envfile": "environ", "read_dotenv": "python-dotenv"},
	syntax.Go:     {"Load": "godotenv", "Overload": "godotenv", "Read": "godotenv", "SetConfigFile": "viper"},
	syntax.Ruby:   {"load": "dotenv", "overload": "dotenv"},
	syntax.PHP:    {"createImmutable": "phpdotenv", "createMutable": "phpdotenv", "createUnsafeImmutable": "phpdotenv", "create": "phpdotenv", "createUnsafeMutable": "phpdotenv", "loadEnv": "symfony-dotenv", "bootEnv": "symfony-dotenv", "load": "symfony-dotenv", "usePutenv": "symfony-dotenv", "parse_ini_file": "parse_ini_file"},
	syntax.Java:   {"load": "dotenv-java", "configure": "dotenv-java"},
	syntax.Kotlin: {"load": "dotenv-java", "dotenv": "dotenv-java", "configure": "dotenv-java"},
	syntax.CSharp: {"Load": "dotnet-env", "TraversePath": "dotnet-env", "LoadMulti": "dotnet-env"},
}

func loads(pr *flow.Program) []Load {
	var out []Load
	for _, c := range pr.All {
		name := c.N.X.Last()
		loader := loaders[pr.Lang][name]
		if loader == "" || !isLoader(pr, c, name) || len(out) > 12 {
			continue
		}
		l := Load{Loader: loader, From: "cwd", File: c.Fn.Unit.Path, Line: c.N.Line}
		if pr.Lang == syntax.Python && loader == "python-dotenv" {
			l.From = "up"
		}
		if name == "Overload" || name == "overload" || name == "createMutable" {
			l.Override = true
		}
		for _, a := range c.N.Args {
			if a.Name == "override" {
				l.Override = a.X != nil && a.X.Text == "True"
			}
		}
		paths := 0
		for _, a := range c.N.Args {
			switch {
			case a.X == nil || a.Name != "" && a.Name != "dotenv_path" && a.Name != "env_file" && a.Name != "path":
				continue
			case a.X.Kind == syntax.KCall && a.X.X.Last() == "find_dotenv":
				continue
			case a.X.Kind == syntax.KName && (a.X.Text == "True" || a.X.Text == "False"):
				continue
			}
			one := l
			p, base, ok := flow.FilePath(pr, a.X, flow.Frame{Fn: c.Fn})
			if loader == "phpdotenv" && paths > 0 { // its second argument is the file's name
				if len(out) > 0 && ok {
					out[len(out)-1].Path = path.Join(path.Dir(out[len(out)-1].Path), p)
				}
				continue
			}
			if loader == "phpdotenv" {
				p = path.Join(p, ".env")
			}
			one.Path, one.From, one.Unsure = p, base, !ok
			out = append(out, one)
			paths++
		}
		if paths == 0 {
			out = append(out, l)
		}
	}
	out = append(out, settingsFiles(pr)...)
	for _, u := range pr.Units {
		for local, m := range u.Imports {
			if strings.HasSuffix(m, "godotenv/autoload") {
				out = append(out, Load{Loader: "godotenv", From: "cwd", File: u.Path, Line: 1})
			}
			_ = local
		}
	}
	for _, c := range pr.Calls["require"] {
		if t := flow.LiteralArg(c.N, 0); pr.Lang == syntax.Ruby && (t == "dotenv/load" || t == "dotenv/rails-now" || t == "dotenv/autorestore") {
			out = append(out, Load{Loader: "dotenv", From: "cwd", File: c.Fn.Unit.Path, Line: c.N.Line})
		}
	}
	return out
}

// isLoader tells a loader from other functions of its name.
func isLoader(pr *flow.Program, c flow.CallAt, name string) bool {
	p := strings.ToLower(full(pr, c.Fn.Unit, flow.CalleePath(c.N.X)))
	switch pr.Lang {
	case syntax.Python:
		return name == "load_dotenv" || name == "dotenv_values" || name == "read_dotenv" || strings.Contains(p, "env")
	case syntax.Go:
		if name == "SetConfigFile" {
			return strings.Contains(flow.LiteralArg(c.N, 0), ".env")
		}
		return strings.Contains(p, "godotenv")
	}
	if name == "parse_ini_file" {
		return strings.Contains(flow.Short(flow.FirstArg(c.N)), ".env")
	}
	if pr.Lang == syntax.PHP && name == "load" && len(c.N.Args) == 0 {
		return false // what createImmutable made is loaded
	}
	return strings.Contains(p, "dotenv") || strings.Contains(p, "env.load") || strings.Contains(p, "env.traverse")
}

// settingsFiles are the files that pydantic's settings name.
func settingsFiles(pr *flow.Program) []Load {
	var out []Load
	if pr.Lang != syntax.Python {
		return nil
	}
	for _, w := range pr.Writes["env_file"] {
		if w.X == nil || w.How == flow.WName {
			continue
		}
		for _, t := range stringsOf(w.X) {
			out = append(out, Load{Loader: "pydantic", Path: t, From: "cwd", File: w.Fn.Unit.Path, Line: w.Line})
		}
		if len(stringsOf(w.X)) == 0 {
			if p, base, ok := flow.FilePath(pr, w.X, flow.Frame{Fn: w.Fn}); ok {
				out = append(out, Load{Loader: "pydantic", Path: p, From: base, File: w.Fn.Unit.Path, Line: w.Line})
			}
		}
	}
	for _, c := range pr.Calls["config"] {
		if c.Fn.Unit.From["config"] == "decouple" {
			return append(out, Load{Loader: "decouple", From: "up", File: c.Fn.Unit.Path, Line: c.N.Line})
		}
	}
	for _, c := range pr.Calls["Config"] { // Starlette's
		if strings.Contains(c.Fn.Unit.From["Config"], "starlette") && flow.LiteralArg(c.N, 0) != "" {
			out = append(out, Load{Loader: "starlette", Path: flow.LiteralArg(c.N, 0), From: "cwd", File: c.Fn.Unit.Path, Line: c.N.Line})
		}
	}
	return out
}

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
		named := func(keys ...string) bool {
			for _, a := range n.Args {
				for _, k := range keys {
					if a.Name == k {
						add(a.X, c.Fn)
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
					add(n.Args[1].X, c.Fn)
				}
			case "HTTPServer", "ThreadingHTTPServer", "TCPServer", "make_server":
				if len(n.Args) > 0 && n.Args[0].X != nil && len(n.Args[0].X.Args) == 2 {
					add(n.Args[0].X.Args[1].X, c.Fn)
				} else if name == "make_server" && len(n.Args) > 1 {
					add(n.Args[1].X, c.Fn)
				}
			}
		case syntax.Go:
			switch name {
			case "ListenAndServe", "ListenAndServeTLS", "Run", "Start", "Listen", "RunTLS":
				if name == "Listen" && len(n.Args) == 2 {
					add(n.Args[1].X, c.Fn)
				} else if len(n.Args) > 0 && n.Args[0].X != nil && n.Args[0].X.Kind != syntax.KFunc {
					add(n.Args[0].X, c.Fn)
				}
			}
		case syntax.Ruby:
			if name == "set" && flow.LiteralArg(n, 0) == "port" && len(n.Args) > 1 {
				add(n.Args[1].X, c.Fn)
			} else if name == "port" && n.X.Kind == syntax.KName && len(n.Args) > 0 {
				add(n.Args[0].X, c.Fn)
			} else if name == "run!" || name == "new" && n.X.Kind == syntax.KMember && n.X.X.Last() == "HTTPServer" {
				named("port", "Port")
			}
		case syntax.Java, syntax.Kotlin:
			switch name {
			case "embeddedServer":
				if !named("port") && len(n.Args) > 1 {
					add(n.Args[1].X, c.Fn)
				}
			case "start", "port", "listen":
				if len(n.Args) == 1 && (name != "start" || strings.Contains(strings.ToLower(flow.CalleePath(n.X)), "javalin") || n.Args[0].X.Kind == syntax.KNumber) && n.Args[0].Name == "" {
					add(n.Args[0].X, c.Fn)
				}
			case "InetSocketAddress":
				if len(n.Args) > 0 {
					add(n.Args[len(n.Args)-1].X, c.Fn)
				}
			}
		case syntax.CSharp:
			if (name == "Run" || name == "UseUrls" || name == "RunAsync") && len(n.Args) > 0 {
				add(n.Args[0].X, c.Fn)
			} else if name == "ListenLocalhost" || name == "ListenAnyIP" {
				add(n.Args[0].X, c.Fn)
			}
		}
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

// cors finds where a program permits browsers of other origins to read.
func cors(pr *flow.Program) []flow.Place {
	var out []flow.Place
	for _, c := range pr.All {
		n := c.N
		name := n.X.Last()
		p := strings.ToLower(flow.CalleePath(n.X))
		hit := false
		switch name {
		case "CORS", "cross_origin", "cors", "enableCors", "AddCors", "addCorsMappings", "rs_cors", "corsFilter":
			hit = true
		case "add_middleware":
			hit = len(n.Args) > 0 && n.Args[0].X.Last() == "CORSMiddleware"
		case "Default", "New", "Handler", "AllowAll", "NewCORS":
			hit = pr.Lang == syntax.Go && strings.HasPrefix(p, "cors.")
		case "CORSWithConfig":
			hit = true
		case "install":
			hit = len(n.Args) > 0 && n.Args[0].X.Last() == "CORS"
		case "allow":
			hit = pr.Lang == syntax.Ruby
		case "addAllowedOrigin", "setAllowedOrigins", "addMapping":
			hit = true
		case "Set", "Add", "header", "withHeader", "setHeader", "set", "addHeader", "Header":
			hit = len(n.Args) > 0 && strings.HasPrefix(strings.ToLower(flow.LiteralArg(n, 0)), "access-control-allow-origin")
		}
		if hit && len(out) < 12 {
			out = append(out, flow.Place{File: c.Fn.Unit.Path, Line: n.Line})
		}
	}
	for _, key := range []string{"Access-Control-Allow-Origin", "CORS_ALLOWED_ORIGINS", "CORS_ALLOW_ALL_ORIGINS", "CORS_ORIGIN_WHITELIST", "CORS_ORIGIN_ALLOW_ALL", "allowed_origins"} {
		for _, w := range pr.Writes[key] {
			out = append(out, flow.Place{File: w.Fn.Unit.Path, Line: w.Line})
		}
	}
	add := func(at flow.Place) {
		for _, x := range out {
			if x == at {
				return
			}
		}
		out = append(out, at)
	}
	for _, f := range pr.Fns {
		for _, m := range f.Marks {
			if m.Last() == "CrossOrigin" || m.Last() == "EnableCors" || m.Last() == "cross_origin" {
				add(flow.Place{File: f.Unit.Path, Line: m.Line})
			}
		}
		if f.Class != nil {
			for _, m := range f.Class.Marks {
				if m.Last() == "CrossOrigin" || m.Last() == "EnableCors" {
					add(flow.Place{File: f.Unit.Path, Line: m.Line})
				}
			}
		}
	}
	return out
}

// frameworksOf is the table of frameworks: what a program that uses one imports or calls.
var frameworksOf = []struct{ lang, name, module string }{
	{syntax.Python, "fastapi", "fastapi"}, {syntax.Python, "django", "django"}, {syntax.Python, "flask", "flask"}, {syntax.Python, "starlette", "starlette"}, {syntax.Python, "aiohttp", "aiohttp"}, {syntax.Python, "tornado", "tornado"}, {syntax.Python, "quart", "quart"}, {syntax.Python, "sanic", "sanic"}, {syntax.Python, "bottle", "bottle"},
	{syntax.Go, "gin", "gin-gonic/gin"}, {syntax.Go, "echo", "labstack/echo"}, {syntax.Go, "fiber", "gofiber/fiber"}, {syntax.Go, "chi", "go-chi/chi"}, {syntax.Go, "gorilla", "gorilla/mux"}, {syntax.Go, "net/http", "net/http"},
	{syntax.PHP, "laravel", "illuminate"}, {syntax.PHP, "symfony", "symfony"}, {syntax.PHP, "slim", "slim"}, {syntax.PHP, "codeigniter", "codeigniter"},
	{syntax.Java, "spring", "org.springframework"}, {syntax.Java, "quarkus", "jakarta.ws"}, {syntax.Java, "javalin", "io.javalin"}, {syntax.Java, "spark", "spark"}, {syntax.Java, "micronaut", "io.micronaut"},
	{syntax.Kotlin, "spring", "org.springframework"}, {syntax.Kotlin, "ktor", "io.ktor"}, {syntax.Kotlin, "javalin", "io.javalin"},
	{syntax.CSharp, "aspnet", "microsoft.aspnetcore"},
}

func frameworks(pr *flow.Program) []string {
	var out []string
	for _, row := range frameworksOf {
		if row.lang != pr.Lang {
			continue
		}
	units:
		for _, u := range pr.Units {
			for _, m := range u.Imports {
				low := strings.ToLower(m)
				if low == row.module || strings.HasPrefix(low, row.module+".") || strings.HasPrefix(low, row.module+`\`) || row.lang == syntax.Go && strings.Contains(low, row.module) || row.lang != syntax.Python && strings.HasPrefix(low, row.module) {
					out = append(out, row.name)
					break units
				}
			}
		}
	}
	if pr.Lang == syntax.Ruby {
		for _, c := range pr.Calls["require"] {
			if t := flow.LiteralArg(c.N, 0); t == "sinatra" || strings.HasPrefix(t, "sinatra/") {
				out = append(out, "sinatra")
				break
			}
		}
		for _, u := range pr.Units {
			if strings.HasSuffix(u.Path, "config/routes.rb") {
				out = append(out, "rails")
			}
		}
		for _, cs := range pr.Classes {
			for _, c := range cs {
				for _, b := range c.Base {
					if b == "Base" && len(out) == 0 && len(pr.Calls["set"]) > 0 {
						out = append(out, "sinatra")
					}
				}
			}
		}
	}
	if pr.Lang == syntax.CSharp && len(out) == 0 && len(pr.Calls["CreateBuilder"]) > 0 {
		out = append(out, "aspnet")
	}
	return out
}

// mains are the places where programs begin.
func mains(pr *flow.Program) []flow.Place {
	var out []flow.Place
	for _, g := range pr.Named["main"] {
		if g.Class == nil || pr.Lang == syntax.Java {
			out = append(out, flow.Place{File: g.Unit.Path, Line: g.Line})
		}
	}
	for _, u := range pr.Units {
		switch pr.Lang {
		case syntax.Python:
			for _, s := range u.Body {
				main := s.Kind == syntax.SBlock && s.Text == "if" && s.X != nil && s.X.Kind == syntax.KBinary && s.X.X != nil && s.X.X.Text == "__name__"
				if s.Kind == syntax.SExpr && s.X != nil && s.X.Kind == syntax.KCall && s.X.X.Kind == syntax.KMember {
					switch s.X.X.Text {
					case "serve_forever", "run", "run_app", "serve":
						main = true
					}
				}
				if main {
					out = append(out, flow.Place{File: u.Path, Line: s.Line})
				}
			}
		case syntax.CSharp:
			if path.Base(u.Path) == "Program.cs" && len(out) == 0 {
				out = append(out, flow.Place{File: u.Path, Line: 1})
			}
		}
	}
	return out
}
