package langread

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/probe/langread/flow"
	"badsig/checks/probe/langread/syntax"
)

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
			hit = pr.Lang == syntax.Go && affix.HasPrefix(p, "cors.")
		case "CORSWithConfig":
			hit = true
		case "install":
			hit = len(n.Args) > 0 && n.Args[0].X.Last() == "CORS"
		case "allow":
			hit = pr.Lang == syntax.Ruby
		case "addAllowedOrigin", "setAllowedOrigins", "addMapping":
			hit = true
		case "Set", "Add", "header", "withHeader", "setHeader", "set", "addHeader", "Header":
			hit = len(n.Args) > 0 && affix.HasPrefix(strings.ToLower(flow.LiteralArg(n, 0)), "access-control-allow-origin")
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
				if low == row.module || affix.HasPrefix(low, row.module+".") || affix.HasPrefix(low, row.module+`\`) || row.lang == syntax.Go && affix.Contains(low, row.module) || row.lang != syntax.Python && affix.HasPrefix(low, row.module) {
					out = append(out, row.name)
					break units
				}
			}
		}
	}
	if pr.Lang == syntax.Ruby {
		for _, c := range pr.Calls["require"] {
			if t := flow.LiteralArg(c.N, 0); t == "sinatra" || affix.HasPrefix(t, "sinatra/") {
				out = append(out, "sinatra")
				break
			}
		}
		for _, u := range pr.Units {
			if affix.HasSuffix(u.Path, "config/routes.rb") {
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
			if affix.Base(u.Path) == "Program.cs" && len(out) == 0 {
				out = append(out, flow.Place{File: u.Path, Line: 1})
			}
		}
	}
	return out
}
