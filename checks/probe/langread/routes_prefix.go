package langread

import (
	"path"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/probe/langread/flow"
	"badsig/checks/probe/langread/syntax"
)

// classPrefix is the path that a controller's class is at.
func classPrefix(pr *flow.Program, g *syntax.Fn) string {
	prefix := ""
	if g.Class == nil {
		return ""
	}
	for _, m := range g.Class.Marks {
		switch m.Last() {
		case "RequestMapping", "Route", "Path", "Controller", "RoutePrefix":
			if m.Kind != syntax.KCall {
				continue
			}
			for _, a := range m.Args {
				if list := stringsOf(a.X); len(list) > 0 && (a.Name == "" || a.Name == "value" || a.Name == "path") {
					prefix = "/" + strings.Trim(list[0], "/")
				}
			}
		}
	}
	name := affix.TrimSuffix(g.Class.Name, "Controller")
	prefix = strings.NewReplacer("[controller]", name, "[Controller]", name, "[action]", g.Name).Replace(prefix)
	if pr.Lang == syntax.Java || pr.Lang == syntax.Kotlin {
		for _, key := range []string{"server.servlet.context-path", "spring.webflux.base-path", "micronaut.server.context-path"} {
			if list, ok := pr.Config.Property(g.Unit.Path, key); ok && len(list) > 0 && list[0].Kind == flow.FromLiteral {
				prefix = "/" + strings.Trim(list[0].Text, "/") + prefix
				break
			}
		}
	}
	return prefix
}

// actionRoutes reads REST framework's @action, JAX-RS's @POST @Path, and views
// whose method a decorator limits (they are found where they are mounted).
func actionRoutes(pr *flow.Program, g *syntax.Fn, m *syntax.Node) []*flow.Route {
	if (pr.Lang == syntax.Java || pr.Lang == syntax.Kotlin) && m.X.Last() == "Path" && g.Class != nil && len(m.Args) > 0 {
		r := &flow.Route{Method: "GET", Path: classPrefix(pr, g) + "/" + affix.TrimPrefix(flow.LiteralArg(m, 0), "/"), File: g.Unit.Path, Line: m.Line, HandlerOf: g, Sure: true}
		for _, o := range g.Marks {
			if o.Last() == "POST" || o.Last() == "PUT" {
				r.Method = o.Last()
			}
		}
		return []*flow.Route{r}
	}
	if m.X.Last() != "action" || g.Class == nil || pr.Lang != syntax.Python {
		return nil
	}
	name := affix.ReplaceAll(g.Name, "_", "_")
	method, detail := "GET", false
	for _, a := range m.Args {
		switch a.Name {
		case "url_path":
			if t := stringsOf(a.X); len(t) > 0 {
				name = t[0]
			}
		case "methods":
			method = methodsOf(a.X)
		case "detail":
			detail = a.X != nil && a.X.Text == "True"
		}
	}
	if detail {
		name = "{id}/" + name
	}
	var out []*flow.Route
	for _, c := range pr.Calls["register"] {
		if len(c.N.Args) < 2 || c.N.Args[1].X.Last() != g.Class.Name {
			continue
		}
		for _, pre := range djangoPrefixes(pr, c.Fn.Unit, c.N.X.X.Path()) {
			out = append(out, &flow.Route{Method: method, Path: pre + "/" + strings.Trim(flow.LiteralArg(c.N, 0), "/") + "/" + name + "/", File: c.Fn.Unit.Path, Line: c.N.Line, HandlerOf: g, Sure: true})
		}
	}
	return out
}

// routerPrefixes gives the paths under which a router of Python is: its own
// prefix after those with which it is included.
func routerPrefixes(pr *flow.Program, n *syntax.Node, f flow.Frame, depth int) []string {
	if n == nil || depth > 5 {
		return []string{""}
	}
	own := ""
	name := n.Last()
	u := f.Fn.Unit
	var at *flow.Write
	find := func() {
		for g := f.Fn; g != nil && at == nil; g = g.Parent {
			for _, w := range pr.WritesIn(name, g) {
				at = w
			}
		}
		if at == nil {
			for _, w := range pr.TopWrites(name, u) {
				at = w
			}
		}
	}
	find()
	if at == nil || at.X == nil || at.X.Kind != syntax.KCall {
		return []string{""}
	}
	for _, a := range at.X.Args {
		if a.Name == "prefix" || a.Name == "url_prefix" {
			for _, s := range pr.Sources(a.X, flow.Frame{Fn: at.Fn}) {
				if s.Kind == flow.FromLiteral {
					own = s.Text
				}
			}
		}
	}
	var out []string
	for _, how := range []string{"include_router", "register_blueprint", "mount", "include_routers"} {
		for _, c := range pr.Calls[how] {
			i := 0
			if how == "mount" {
				i = 1
			}
			if len(c.N.Args) <= i || !sameRouter(pr, c.N.Args[i].X, c.Fn, at) {
				continue
			}
			pre := ""
			replaced := false
			if how == "mount" {
				pre = flow.LiteralArg(c.N, 0)
			}
			for _, a := range c.N.Args {
				if a.Name == "prefix" || a.Name == "url_prefix" {
					for _, s := range pr.Sources(a.X, flow.Frame{Fn: c.Fn}) {
						if s.Kind == flow.FromLiteral {
							pre, replaced = s.Text, a.Name == "url_prefix"
						}
					}
				}
			}
			for _, outer := range routerPrefixes(pr, c.N.X.X, flow.Frame{Fn: c.Fn}, depth+1) {
				if replaced && how == "register_blueprint" { // it replaces the blueprint's own
					out = append(out, outer+pre)
				} else {
					out = append(out, outer+pre+own)
				}
			}
		}
	}
	if len(out) == 0 {
		return []string{own}
	}
	return out
}

// sameRouter reports whether an expression is the router that an assignment made.
func sameRouter(pr *flow.Program, n *syntax.Node, f *syntax.Fn, at *flow.Write) bool {
	if n == nil {
		return false
	}
	u := at.Fn.Unit
	switch n.Kind {
	case syntax.KName:
		if f.Unit == u && n.Text == at.Name {
			return true
		}
		full, m := f.Unit.Imports[n.Text], f.Unit.From[n.Text]
		for g := f; g != nil; g = g.Parent {
			if full != "" {
				break
			}
		}
		return m != "" && syntax.LastPart(full) == at.Name && (flow.IsModule(u.Path, m) || affix.HasSuffix(path.Dir(u.Path), syntax.LastPart(m)))
	case syntax.KMember:
		m := n.X.Last()
		return n.Text == at.Name && (flow.IsModule(u.Path, m) || flow.IsModule(u.Path, f.Unit.Imports[m]) && f.Unit.Imports[m] != "")
	}
	return false
}
