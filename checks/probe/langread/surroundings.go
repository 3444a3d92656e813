package langread

import (
	"path"
	"strconv"
	"strings"
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
	Python: {"load_dotenv": "python-dotenv", "dotenv_values": "python-dotenv", "read_env": "environ", "read_envfile": "environ", "read_dotenv": "python-dotenv"},
	Go:     {"Load": "godotenv", "Overload": "godotenv", "Read": "godotenv", "SetConfigFile": "viper"},
	Ruby:   {"load": "dotenv", "overload": "dotenv"},
	PHP:    {"createImmutable": "phpdotenv", "createMutable": "phpdotenv", "createUnsafeImmutable": "phpdotenv", "create": "phpdotenv", "createUnsafeMutable": "phpdotenv", "loadEnv": "symfony-dotenv", "bootEnv": "symfony-dotenv", "load": "symfony-dotenv", "usePutenv": "symfony-dotenv", "parse_ini_file": "parse_ini_file"},
	Java:   {"load": "dotenv-java", "configure": "dotenv-java"},
	Kotlin: {"load": "dotenv-java", "dotenv": "dotenv-java", "configure": "dotenv-java"},
	CSharp: {"Load": "dotnet-env", "TraversePath": "dotnet-env", "LoadMulti": "dotnet-env"},
}

func (pr *program) loads() []Load {
	var out []Load
	for _, c := range pr.all {
		name := c.n.x.last()
		loader := loaders[pr.lang][name]
		if loader == "" || !pr.isLoader(c, name) || len(out) > 12 {
			continue
		}
		l := Load{Loader: loader, From: "cwd", File: c.fn.unit.Path, Line: c.n.line}
		if pr.lang == Python && loader == "python-dotenv" {
			l.From = "up"
		}
		if name == "Overload" || name == "overload" || name == "createMutable" {
			l.Override = true
		}
		for _, a := range c.n.args {
			if a.name == "override" {
				l.Override = a.x != nil && a.x.text == "True"
			}
		}
		paths := 0
		for _, a := range c.n.args {
			switch {
			case a.x == nil || a.name != "" && a.name != "dotenv_path" && a.name != "env_file" && a.name != "path":
				continue
			case a.x.kind == kCall && a.x.x.last() == "find_dotenv":
				continue
			case a.x.kind == kName && (a.x.text == "True" || a.x.text == "False"):
				continue
			}
			one := l
			p, base, ok := pr.filePath(a.x, frame{fn: c.fn})
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
	out = append(out, pr.settingsFiles()...)
	for _, u := range pr.units {
		for local, m := range u.imports {
			if strings.HasSuffix(m, "godotenv/autoload") {
				out = append(out, Load{Loader: "godotenv", From: "cwd", File: u.Path, Line: 1})
			}
			_ = local
		}
	}
	for _, c := range pr.calls["require"] {
		if t := literalArg(c.n, 0); pr.lang == Ruby && (t == "dotenv/load" || t == "dotenv/rails-now" || t == "dotenv/autorestore") {
			out = append(out, Load{Loader: "dotenv", From: "cwd", File: c.fn.unit.Path, Line: c.n.line})
		}
	}
	return out
}

// isLoader tells a loader from other functions of its name.
func (pr *program) isLoader(c callAt, name string) bool {
	p := strings.ToLower(pr.full(c.fn.unit, calleePath(c.n.x)))
	switch pr.lang {
	case Python:
		return name == "load_dotenv" || name == "dotenv_values" || name == "read_dotenv" || strings.Contains(p, "env")
	case Go:
		if name == "SetConfigFile" {
			return strings.Contains(literalArg(c.n, 0), ".env")
		}
		return strings.Contains(p, "godotenv")
	}
	if name == "parse_ini_file" {
		return strings.Contains(short(firstArg(c.n)), ".env")
	}
	if pr.lang == PHP && name == "load" && len(c.n.args) == 0 {
		return false // what createImmutable made is loaded
	}
	return strings.Contains(p, "dotenv") || strings.Contains(p, "env.load") || strings.Contains(p, "env.traverse")
}

// settingsFiles are the files that pydantic's settings name.
func (pr *program) settingsFiles() []Load {
	var out []Load
	if pr.lang != Python {
		return nil
	}
	for _, w := range pr.writes["env_file"] {
		if w.x == nil || w.how == wName {
			continue
		}
		for _, t := range stringsOf(w.x) {
			out = append(out, Load{Loader: "pydantic", Path: t, From: "cwd", File: w.fn.unit.Path, Line: w.line})
		}
		if len(stringsOf(w.x)) == 0 {
			if p, base, ok := pr.filePath(w.x, frame{fn: w.fn}); ok {
				out = append(out, Load{Loader: "pydantic", Path: p, From: base, File: w.fn.unit.Path, Line: w.line})
			}
		}
	}
	for _, c := range pr.calls["config"] {
		if c.fn.unit.from["config"] == "decouple" {
			return append(out, Load{Loader: "decouple", From: "up", File: c.fn.unit.Path, Line: c.n.line})
		}
	}
	for _, c := range pr.calls["Config"] { // Starlette's
		if strings.Contains(c.fn.unit.from["Config"], "starlette") && literalArg(c.n, 0) != "" {
			out = append(out, Load{Loader: "starlette", Path: literalArg(c.n, 0), From: "cwd", File: c.fn.unit.Path, Line: c.n.line})
		}
	}
	return out
}

// filePath reads an expression that names a file: relative to the working
// folder, or (base file) to the project's root, where it starts at the source.
func (pr *program) filePath(n *node, f frame) (p, base string, ok bool) {
	if n == nil || f.depth > 12 {
		return "", "cwd", false
	}
	f.depth++
	pr.steps++
	join := func(a, b *node) (string, string, bool) {
		x, base, ok := pr.filePath(a, f)
		y, _, ok2 := pr.filePath(b, f)
		return path.Join(x, y), base, ok && ok2
	}
	switch n.kind {
	case kString:
		return n.text, "cwd", true
	case kName:
		switch n.text {
		case "__file__", "__FILE__":
			return f.fn.unit.Path, "file", true
		case "__DIR__", "__dir__":
			return path.Dir(f.fn.unit.Path), "file", true
		}
		for g := f.fn; g != nil; g = g.parent {
			if ws := pr.writesIn(n.text, g); len(ws) == 1 && ws[0].x != nil {
				return pr.filePath(ws[0].x, frame{fn: ws[0].fn, depth: f.depth})
			}
		}
		if ws := pr.topWrites(n.text, f.fn.unit); len(ws) == 1 && ws[0].x != nil {
			return pr.filePath(ws[0].x, frame{fn: ws[0].fn, depth: f.depth})
		}
	case kMember:
		if n.text == "parent" {
			x, base, ok := pr.filePath(n.x, f)
			return path.Dir(x), base, ok
		}
	case kBinary:
		switch n.text {
		case "/", "+", ".":
			x, base, ok := pr.filePath(n.x, f)
			y, _, ok2 := pr.filePath(n.y, f)
			return path.Join(x, strings.TrimPrefix(y, "/")), base, ok && ok2
		}
	case kCall:
		switch n.x.last() {
		case "Path", "str", "abspath", "realpath", "PurePath", "File", "expand_path":
			if len(n.args) == 2 {
				return join(n.args[1].x, n.args[0].x)
			}
			if len(n.args) > 0 {
				return pr.filePath(n.args[0].x, f)
			}
		case "resolve", "absolute", "as_posix":
			if n.x.kind == kMember {
				return pr.filePath(n.x.x, f)
			}
		case "dirname":
			if len(n.args) > 0 {
				x, base, ok := pr.filePath(n.args[0].x, f)
				x = path.Dir(x)
				if len(n.args) > 1 && n.args[1].x != nil && n.args[1].x.text == "2" {
					x = path.Dir(x)
				}
				return x, base, ok
			}
		case "join", "Join", "joinpath":
			if len(n.args) == 0 {
				break
			}
			x, base, ok := "", "cwd", true
			start := 0
			if n.x.last() == "joinpath" {
				x, base, ok = pr.filePath(n.x.x, f)
			} else {
				x, base, ok = pr.filePath(n.args[0].x, f)
				start = 1
			}
			for _, a := range n.args[start:] {
				y, _, ok2 := pr.filePath(a.x, f)
				x, ok = path.Join(x, y), ok && ok2
			}
			return x, base, ok
		case "base_path":
			if len(n.args) > 0 {
				return pr.filePath(n.args[0].x, f)
			}
			return "", "cwd", true
		case "getcwd", "cwd", "pwd", "Getwd":
			return "", "cwd", true
		}
	}
	return "", "cwd", false
}

// ports are the ports that calls name.
func (pr *program) ports() []Port {
	var out []Port
	add := func(n *node, f *fn) {
		if p, ok := pr.port(n, frame{fn: f}); ok && len(out) < 8 {
			out = append(out, p)
		}
	}
	for _, c := range pr.all {
		n := c.n
		name := n.x.last()
		named := func(keys ...string) bool {
			for _, a := range n.args {
				for _, k := range keys {
					if a.name == k {
						add(a.x, c.fn)
						return true
					}
				}
			}
			return false
		}
		switch pr.lang {
		case Python:
			switch name {
			case "run", "serve", "run_app", "run_server", "start", "Server", "run_simple":
				if !named("port") && name == "run_simple" && len(n.args) > 1 {
					add(n.args[1].x, c.fn)
				}
			case "HTTPServer", "ThreadingHTTPServer", "TCPServer", "make_server":
				if len(n.args) > 0 && n.args[0].x != nil && len(n.args[0].x.args) == 2 {
					add(n.args[0].x.args[1].x, c.fn)
				} else if name == "make_server" && len(n.args) > 1 {
					add(n.args[1].x, c.fn)
				}
			}
		case Go:
			switch name {
			case "ListenAndServe", "ListenAndServeTLS", "Run", "Start", "Listen", "RunTLS":
				if name == "Listen" && len(n.args) == 2 {
					add(n.args[1].x, c.fn)
				} else if len(n.args) > 0 && n.args[0].x != nil && n.args[0].x.kind != kFunc {
					add(n.args[0].x, c.fn)
				}
			}
		case Ruby:
			if name == "set" && literalArg(n, 0) == "port" && len(n.args) > 1 {
				add(n.args[1].x, c.fn)
			} else if name == "port" && n.x.kind == kName && len(n.args) > 0 {
				add(n.args[0].x, c.fn)
			} else if name == "run!" || name == "new" && n.x.kind == kMember && n.x.x.last() == "HTTPServer" {
				named("port", "Port")
			}
		case Java, Kotlin:
			switch name {
			case "embeddedServer":
				if !named("port") && len(n.args) > 1 {
					add(n.args[1].x, c.fn)
				}
			case "start", "port", "listen":
				if len(n.args) == 1 && (name != "start" || strings.Contains(strings.ToLower(calleePath(n.x)), "javalin") || n.args[0].x.kind == kNumber) && n.args[0].name == "" {
					add(n.args[0].x, c.fn)
				}
			case "InetSocketAddress":
				if len(n.args) > 0 {
					add(n.args[len(n.args)-1].x, c.fn)
				}
			}
		case CSharp:
			if (name == "Run" || name == "UseUrls" || name == "RunAsync") && len(n.args) > 0 {
				add(n.args[0].x, c.fn)
			} else if name == "ListenLocalhost" || name == "ListenAnyIP" {
				add(n.args[0].x, c.fn)
			}
		}
	}
	for _, w := range pr.writes["Addr"] { // &http.Server{Addr: ":8080"}
		if pr.lang == Go && w.how == wKey && w.owner == "Server" {
			add(w.x, w.fn)
		}
	}
	return out
}

// port reads ":8080", ":" + port, fmt.Sprintf(":%d", port), int(os.getenv("PORT", 5000)).
func (pr *program) port(n *node, f frame) (Port, bool) {
	p := Port{File: f.fn.unit.Path, Line: 0}
	if n == nil {
		return p, false
	}
	p.Line = n.line
	var read func(x *node, f frame, depth int)
	text := func(s string, line int, file string) {
		if i := strings.LastIndexByte(s, ':'); i >= 0 {
			s = s[i+1:]
		}
		s = strings.Trim(s, "/")
		if v, err := strconv.Atoi(s); err == nil && v > 0 && v < 65536 && p.Port == 0 {
			p.Port, p.Line, p.File = v, line, file
		}
	}
	read = func(x *node, f frame, depth int) {
		if x == nil || depth > 8 {
			return
		}
		switch x.kind {
		case kString, kNumber:
			text(x.text, x.line, f.fn.unit.Path)
			return
		case kBinary:
			read(x.x, f, depth+1)
			read(x.y, f, depth+1)
			return
		case kCall:
			if l := x.x.last(); l == "Sprintf" || l == "JoinHostPort" || l == "format" || l == "Sprint" {
				for _, a := range x.args {
					read(a.x, f, depth+1)
				}
				return
			}
		}
		for _, s := range pr.sources(x, f) {
			switch s.Kind {
			case FromEnv:
				if p.Env == "" {
					p.Env = s.Name
				}
			case FromLiteral:
				line, file := x.line, f.fn.unit.Path
				if k := len(s.Links); k > 0 {
					line, file = s.Links[k-1].Line, s.Links[k-1].File
				}
				text(s.Text, line, file)
			default:
				if len(s.Links) > 0 && s.Kind == Unknown {
					pr.portExpr(x, f, depth, read)
				}
			}
		}
	}
	read(n, f, 0)
	return p, p.Port > 0 || p.Env != ""
}

// portExpr follows a variable to the expression that it holds: ":" + port.
func (pr *program) portExpr(n *node, f frame, depth int, read func(*node, frame, int)) {
	if n.kind != kName {
		return
	}
	for g := f.fn; g != nil; g = g.parent {
		for _, w := range pr.writesIn(n.text, g) {
			if w.x != nil && (w.x.kind == kBinary || w.x.kind == kCall) {
				read(w.x, frame{fn: w.fn}, depth+2)
			}
		}
	}
}

// cors finds where a program permits browsers of other origins to read.
func (pr *program) cors() []Place {
	var out []Place
	for _, c := range pr.all {
		n := c.n
		name := n.x.last()
		p := strings.ToLower(calleePath(n.x))
		hit := false
		switch name {
		case "CORS", "cross_origin", "cors", "enableCors", "AddCors", "addCorsMappings", "rs_cors", "corsFilter":
			hit = true
		case "add_middleware":
			hit = len(n.args) > 0 && n.args[0].x.last() == "CORSMiddleware"
		case "Default", "New", "Handler", "AllowAll", "NewCORS":
			hit = pr.lang == Go && strings.HasPrefix(p, "cors.")
		case "CORSWithConfig":
			hit = true
		case "install":
			hit = len(n.args) > 0 && n.args[0].x.last() == "CORS"
		case "allow":
			hit = pr.lang == Ruby
		case "addAllowedOrigin", "setAllowedOrigins", "addMapping":
			hit = true
		case "Set", "Add", "header", "withHeader", "setHeader", "set", "addHeader", "Header":
			hit = len(n.args) > 0 && strings.HasPrefix(strings.ToLower(literalArg(n, 0)), "access-control-allow-origin")
		}
		if hit && len(out) < 12 {
			out = append(out, Place{c.fn.unit.Path, n.line})
		}
	}
	for _, key := range []string{"Access-Control-Allow-Origin", "CORS_ALLOWED_ORIGINS", "CORS_ALLOW_ALL_ORIGINS", "CORS_ORIGIN_WHITELIST", "CORS_ORIGIN_ALLOW_ALL", "allowed_origins"} {
		for _, w := range pr.writes[key] {
			out = append(out, Place{w.fn.unit.Path, w.line})
		}
	}
	add := func(at Place) {
		for _, x := range out {
			if x == at {
				return
			}
		}
		out = append(out, at)
	}
	for _, f := range pr.fns {
		for _, m := range f.marks {
			if m.last() == "CrossOrigin" || m.last() == "EnableCors" || m.last() == "cross_origin" {
				add(Place{f.unit.Path, m.line})
			}
		}
		if f.class != nil {
			for _, m := range f.class.marks {
				if m.last() == "CrossOrigin" || m.last() == "EnableCors" {
					add(Place{f.unit.Path, m.line})
				}
			}
		}
	}
	return out
}

// frameworksOf is the table of frameworks: what a program that uses one imports or calls.
var frameworksOf = []struct{ lang, name, module string }{
	{Python, "fastapi", "fastapi"}, {Python, "django", "django"}, {Python, "flask", "flask"}, {Python, "starlette", "starlette"}, {Python, "aiohttp", "aiohttp"}, {Python, "tornado", "tornado"}, {Python, "quart", "quart"}, {Python, "sanic", "sanic"}, {Python, "bottle", "bottle"},
	{Go, "gin", "gin-gonic/gin"}, {Go, "echo", "labstack/echo"}, {Go, "fiber", "gofiber/fiber"}, {Go, "chi", "go-chi/chi"}, {Go, "gorilla", "gorilla/mux"}, {Go, "net/http", "net/http"},
	{PHP, "laravel", "illuminate"}, {PHP, "symfony", "symfony"}, {PHP, "slim", "slim"}, {PHP, "codeigniter", "codeigniter"},
	{Java, "spring", "org.springframework"}, {Java, "quarkus", "jakarta.ws"}, {Java, "javalin", "io.javalin"}, {Java, "spark", "spark"}, {Java, "micronaut", "io.micronaut"},
	{Kotlin, "spring", "org.springframework"}, {Kotlin, "ktor", "io.ktor"}, {Kotlin, "javalin", "io.javalin"},
	{CSharp, "aspnet", "microsoft.aspnetcore"},
}

func (pr *program) frameworks() []string {
	var out []string
	for _, row := range frameworksOf {
		if row.lang != pr.lang {
			continue
		}
	units:
		for _, u := range pr.units {
			for _, m := range u.imports {
				low := strings.ToLower(m)
				if low == row.module || strings.HasPrefix(low, row.module+".") || strings.HasPrefix(low, row.module+`\`) || row.lang == Go && strings.Contains(low, row.module) || row.lang != Python && strings.HasPrefix(low, row.module) {
					out = append(out, row.name)
					break units
				}
			}
		}
	}
	if pr.lang == Ruby {
		for _, c := range pr.calls["require"] {
			if t := literalArg(c.n, 0); t == "sinatra" || strings.HasPrefix(t, "sinatra/") {
				out = append(out, "sinatra")
				break
			}
		}
		for _, u := range pr.units {
			if strings.HasSuffix(u.Path, "config/routes.rb") {
				out = append(out, "rails")
			}
		}
		for _, cs := range pr.classes {
			for _, c := range cs {
				for _, b := range c.base {
					if b == "Base" && len(out) == 0 && len(pr.calls["set"]) > 0 {
						out = append(out, "sinatra")
					}
				}
			}
		}
	}
	if pr.lang == CSharp && len(out) == 0 && len(pr.calls["CreateBuilder"]) > 0 {
		out = append(out, "aspnet")
	}
	return out
}

// mains are the places where programs begin.
func (pr *program) mains() []Place {
	var out []Place
	for _, g := range pr.named["main"] {
		if g.class == nil || pr.lang == Java {
			out = append(out, Place{g.unit.Path, g.line})
		}
	}
	for _, u := range pr.units {
		switch pr.lang {
		case Python:
			for _, s := range u.body {
				main := s.kind == sBlock && s.text == "if" && s.x != nil && s.x.kind == kBinary && s.x.x != nil && s.x.x.text == "__name__"
				if s.kind == sExpr && s.x != nil && s.x.kind == kCall && s.x.x.kind == kMember {
					switch s.x.x.text {
					case "serve_forever", "run", "run_app", "serve":
						main = true
					}
				}
				if main {
					out = append(out, Place{u.Path, s.line})
				}
			}
		case CSharp:
			if path.Base(u.Path) == "Program.cs" && len(out) == 0 {
				out = append(out, Place{u.Path, 1})
			}
		}
	}
	return out
}
