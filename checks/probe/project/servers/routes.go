package servers

import (
	"path"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/files"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/names"
	"badsig/checks/probe/project/picture"
	"badsig/checks/probe/project/values"
)

var RouteMethods = map[string]string{
	"get": "GET", "post": "POST", "put": "PUT", "patch": "PATCH", "delete": "DELETE", "all": "ANY", "Get": "GET", "Post": "POST", "Put": "PUT", "All": "ANY",
}

// NotRouter reports a call whose get or post isn't a route: what it is called on is named like a client or a
// collection, and isn't seen to be made as a router.
func NotRouter(m *modules.Module, c *jsread.Call, object string) bool {
	name := strings.ToLower(facts.LastName(object))
	if !notRouters[name] || madeAsRouter(m, c.Scope, object) {
		return false
	}
	// A plugin's own name for its instance: async (api) => { api.post('/token', async (req) => …) }
	last := len(c.Args) - 1
	return name != "api" || last < 1 || c.Args[last].Kind != jsread.Func
}

// madeAsRouter reports a name that holds express.Router(), new Hono() and their like.
func madeAsRouter(m *modules.Module, at jsread.Scope, object string) bool {
	v, ok := m.Resolve(at, object)
	for n := 0; ok && n < 16 && v.Kind == jsread.CallExpr; n++ {
		if routerMakers[affix.TrimPrefix(facts.LastName(v.Text), "new ")] {
			return true
		}
		if v.On() == nil {
			return false
		}
		v = *v.On()
	}
	return false
}

// routerMakers are the calls that make an app or a router.
var routerMakers = names.Words("Router", "express", "Hono", "OpenAPIHono", "Elysia", "Koa", "KoaRouter", "fastify", "Fastify", "restify", "polka")

// notRouters are names whose get and post aren't routes.
var notRouters = names.Words("axios", "api", "http", "https", "fetch", "client", "request", "req", "res", "map", "cache", "config", "store", "redis", "params", "headers", "localstorage", "searchparams", "formdata", "cookies", "supertest", "agent", "session", "storage", "env", "configservice", "nock", "ky", "got", "superagent", "query", "body", "queryclient", "instance")

// RoutesOf lists the routes of a server, with the prefixes of their routers.
func RoutesOf(p *picture.Reader, s *picture.Server) []picture.RouteAt {
	prefixes := prefixesOf(p, s)
	var table map[string][]string
	if s.Frame == "remix" {
		table = routeTable(p, s.Pkg)
	}
	out := declaredRoutes(p, s)
	if len(out) > 0 {
		return out
	}
	for _, m := range s.Mods {
		if s.Frame != "" {
			out = append(out, fileRoutes(s, m, table)...)
		}
		nest := ""
		for _, c := range m.Calls {
			if c.Callee == "Controller" && len(c.Args) > 0 {
				nest = values.TextIn(p, modules.View{M: m, At: c.Scope, E: c.Args[0]}, "path")
			}
		}
		for _, c := range m.Calls {
			object, name := modules.Receiver(c.Callee)
			method, ok := RouteMethods[name]
			switch {
			case name == "route" && len(c.Args) == 1 && c.Args[0].Kind == jsread.Object: // fastify.route({ method, url })
				r := facts.Route{Method: "ANY", File: m.Rel, Line: c.Line}
				o := modules.View{M: m, At: c.Scope, E: c.Args[0]}
				r.Method = strings.ToUpper(facts.First(values.TextIn(p, o, "method"), r.Method))
				r.Path = facts.First(values.TextIn(p, o, "url"), values.TextIn(p, o, "path"))
				if r.Path != "" {
					r.Path = path.Join("/", within(p, m, c.Scope), r.Path)
					out = append(out, withPrefixes(r, m, prefixes[m][object], prefixes[m][""])...)
				}
			case !ok || len(c.Args) == 0 && object != "":
			case object == "": // @Post('token')
				if name[0] >= 'A' && name[0] <= 'Z' && m.Nest() {
					sub := ""
					if len(c.Args) > 0 {
						sub = values.TextIn(p, modules.View{M: m, At: c.Scope, E: c.Args[0]}, "path")
					}
					out = append(out, picture.RouteAt{Route: facts.Route{Method: method, Path: path.Join("/", NestPrefix(p, s), nest, sub), File: m.Rel, Line: c.Line}, Mod: m})
				}
			case len(c.Args) < 2 && c.On == nil || NotRouter(m, &c, object):
			case ChainedRoute(c.On) != nil: // router.route('/x').get(g).post(f)
				on := ChainedRoute(c.On)
				obj, _ := modules.Receiver(on.Text)
				for _, text := range LiteralPaths(p, m, c.Scope, on.Parts[0]) {
					r := facts.Route{Method: method, Path: path.Join("/", within(p, m, c.Scope), text), File: m.Rel, Line: c.Line}
					out = append(out, withPrefixes(r, m, prefixes[m][obj], prefixes[m][""])...)
				}
			default:
				before := chainPrefix(p, modules.View{M: m, At: c.Scope}, c.On)
				byName, byModule := below(p, m, object, prefixes[m])
				if h := holder(m, &c); h != "" && len(prefixes[m][h]) > 0 {
					before = ""
					byName, byModule = below(p, m, h, prefixes[m])
				}
				before = path.Join(within(p, m, c.Scope), before)
				for _, pathText := range LiteralPaths(p, m, c.Scope, c.Args[0]) {
					r := facts.Route{Method: method, Path: path.Join("/", before, pathText), File: m.Rel, Line: c.Line}
					out = append(out, withPrefixes(r, m, byName, byModule)...)
				}
			}
		}
	}
	return append(out, plainRoutes(p, s)...)
}

// chainPrefix is the prefix of new Elysia({ prefix: '/api' }).get(…).
func chainPrefix(p *picture.Reader, v modules.View, on *jsread.Expr) string {
	for n := 0; on != nil && n < 64; n++ {
		if facts.LastName(on.Text) == "basePath" && len(on.Parts) == 1 {
			return values.TextAt(p, v.Of(&on.Parts[0]))
		}
		if on.On() == nil && len(on.Parts) > 0 && affix.HasPrefix(on.Text, "new ") {
			return values.TextIn(p, v.Of(&on.Parts[0]), "prefix")
		}
		on = on.On()
	}
	return ""
}

func LiteralPaths(p *picture.Reader, m *modules.Module, at jsread.Scope, e jsread.Expr) []string {
	if e.Kind == jsread.Array {
		var out []string
		for _, x := range e.Parts {
			out = append(out, LiteralPaths(p, m, at, x)...)
		}
		return out
	}
	t, ok := p.TextOf(modules.View{M: m, At: at, E: e})
	if ok && t.Known.Sure() && affix.HasPrefix(t.Text, "/") {
		if before, last, is := affix.Cut(t.Text, "{/:"); is && strings.IndexByte(last, '}') == len(last)-1 { // Express 5's /token{/:id}
			t.Text = before + "/:" + last[:len(last)-1] + "?"
		}
		return []string{t.Text}
	}
	return nil
}

// fileRoutes are the routes that a framework makes of files; table is the one
// of routeTable.
func fileRoutes(s *picture.Server, m *modules.Module, table map[string][]string) []picture.RouteAt {
	in := affix.TrimPrefix(affix.TrimPrefix(m.Rel, s.Pkg.Dir), "/")
	in = affix.TrimPrefix(in, "src/")
	stem := affix.TrimSuffix(in, affix.Ext(in))
	var out []picture.RouteAt
	at := func(method, p string) { out = append(out, fileRoute(m, method, p, method)) }
	verbs := func(p string) { out = append(out, verbRoutes(m, p)...) }
	switch {
	case affix.HasPrefix(stem, "pages/") && s.Frame == "astro":
		verbs(affix.TrimPrefix(stem, "pages"))
	case affix.HasPrefix(stem, "pages/api/"):
		at("ANY", affix.TrimSuffix(affix.TrimPrefix(stem, "pages"), "/index"))
	case affix.HasPrefix(stem, "app/") && s.Frame == "remix":
		paths := table[affix.TrimPrefix(stem, "app/")]
		if rest, ok := affix.CutPrefix(stem, "app/routes/"); ok && table == nil {
			paths = []string{flatRoute(rest)}
		}
		for _, p := range paths {
			for _, export := range []string{"action", "loader"} {
				if _, ok := m.Exports[export]; ok {
					out = append(out, fileRoute(m, map[string]string{"action": "POST", "loader": "GET"}[export], p, export))
				}
			}
		}
	case affix.HasPrefix(stem, "app/") && affix.Base(stem) == "route":
		var parts []string
		for part := range strings.SplitSeq(affix.TrimPrefix(files.DirOf(stem), "app"), "/") {
			if part != "" && part[0] != '(' && part[0] != '@' {
				parts = append(parts, part)
			}
		}
		verbs(strings.Join(parts, "/"))
	case s.Frame == "nuxt" && (affix.HasPrefix(stem, "server/api/") || affix.HasPrefix(stem, "server/routes/")):
		p, method := affix.TrimPrefix(affix.TrimPrefix(stem, "server"), "/routes"), "ANY"
		for _, v := range []string{"get", "post", "put", "delete"} {
			if affix.HasSuffix(p, "."+v) {
				p, method = affix.TrimSuffix(p, "."+v), strings.ToUpper(v)
			}
		}
		at(method, affix.TrimSuffix(p, "/index"))
	case affix.HasPrefix(stem, "routes/") && affix.Base(stem) == "+server":
		verbs(affix.TrimPrefix(files.DirOf(stem), "routes"))
	case s.Frame == "expo" && affix.HasPrefix(stem, "app/") && affix.HasSuffix(stem, "+api"):
		var parts []string
		for part := range strings.SplitSeq(affix.TrimSuffix(affix.TrimPrefix(stem, "app/"), "+api"), "/") {
			if part != "" && part[0] != '(' && part != "index" {
				parts = append(parts, part)
			}
		}
		verbs(strings.Join(parts, "/"))
	case s.Frame == "supabase" && FunctionPath(m.Rel) != "" && affix.Base(stem) == "index":
		at("ANY", FunctionPath(m.Rel))
	case s.Frame == "workers" && affix.HasPrefix(stem, "functions/"):
		for name, method := range map[string]string{"onRequest": "ANY", "onRequestPost": "POST", "onRequestGet": "GET"} {
			if _, ok := m.Exports[name]; ok {
				out = append(out, fileRoute(m, method, affix.TrimSuffix(affix.TrimPrefix(stem, "functions"), "/index"), name))
			}
		}
	case (s.Frame == "serverless" || s.Frame == "vercel") && affix.HasPrefix(stem, "api/"):
		at("ANY", stem)
	case s.Frame == "netlify":
		config := m.Exports["config"]
		for i, key := range config.Keys() { // export const config = { path: '/token' }
			if x := config.Parts[i]; key == "path" && x.Kind == jsread.Literal {
				at("ANY", x.Text)
				return out
			}
		}
		if name := affix.Base(affix.TrimSuffix(stem, "/index")); m.Exports["handler"].Kind != jsread.None || m.Exports["default"].Kind != jsread.None {
			at("ANY", ".netlify/functions/"+name)
		}
	}
	return out
}

// fileRoute is the route of a file, on the line of an export.
//
//go:noinline
func fileRoute(m *modules.Module, method, p, export string) picture.RouteAt {
	return picture.RouteAt{Route: facts.Route{Method: method, Path: path.Join("/", p), File: m.Rel, Line: max(1, m.Exports[export].Line)}, Mod: m}
}

// verbRoutes are the routes of a file that exports functions called as methods are.
//
//go:noinline
func verbRoutes(m *modules.Module, p string) (out []picture.RouteAt) {
	for _, v := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
		if _, ok := m.Exports[v]; ok {
			out = append(out, fileRoute(m, v, p, v))
		}
	}
	return out
}

// flatRoute is the path of a route file of Remix and React Router: dots and
// folders part it, $ begins a parameter, _ what the path does not have.
func flatRoute(stem string) string {
	var parts []string
	for part := range strings.SplitSeq(affix.TrimSuffix(affix.ReplaceAll(stem, ".", "/"), "/route"), "/") {
		switch {
		case part == "" || part[0] == '_' || part == "index":
		case part[0] == '$' && len(part) > 1:
			parts = append(parts, ":"+part[1:])
		default:
			parts = append(parts, affix.TrimSuffix(part, "_"))
		}
	}
	return strings.Join(parts, "/")
}

// ChainedRoute is the route('/x') that a chain of methods begins with, nil where there is none.
func ChainedRoute(on *jsread.Expr) *jsread.Expr {
	for range 16 { // more methods than a route has
		if on == nil || facts.LastName(on.Text) == "route" && len(on.Parts) == 1 {
			return on
		}
		if _, ok := RouteMethods[facts.LastName(on.Text)]; !ok {
			return nil
		}
		on = on.On()
	}
	return nil
}
