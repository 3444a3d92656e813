package langread

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/probe/langread/flow"
	"badsig/checks/probe/langread/syntax"
)

// pythonRoutes reads Django's tables, and routes that are added by calls.
func pythonRoutes(pr *flow.Program, c flow.CallAt, name string) []*flow.Route {
	n := c.N
	switch name {
	case "path", "re_path", "url":
		if n.X.Kind != syntax.KName || len(n.Args) < 2 || !affix.Contains(c.Fn.Unit.From[name], "django") {
			return nil
		}
		if n.Args[1].X != nil && n.Args[1].X.Kind == syntax.KCall && n.Args[1].X.X.Last() == "include" {
			return nil
		}
		return djangoRoutes(pr, c)
	case "add_url_rule", "add_api_route", "add_route", "add_get", "add_post", "Route", "add_resource":
		p, at := flow.LiteralArg(n, 0), 1
		if name == "add_resource" {
			p, at = flow.LiteralArg(n, 1), 0
		}
		if p == "" || len(n.Args) < 2 {
			return nil
		}
		method := verbs[name]
		var h *syntax.Node
		for i, a := range n.Args {
			switch {
			case a.Name == "methods":
				method = methodsOf(a.X)
			case a.Name == "view_func" || a.Name == "endpoint" && a.X.Kind != syntax.KString || a.Name == "" && i >= at && a.X != nil && a.X.Kind != syntax.KString && h == nil:
				h = a.X
			}
		}
		if method == "" {
			method = "ANY"
		}
		pres := []string{""}
		if n.X.Kind == syntax.KMember {
			pres = routerPrefixes(pr, n.X.X, flow.Frame{Fn: c.Fn}, 0)
		}
		var out []*flow.Route
		for _, g := range handlers(pr, h, c.Fn, 0) {
			m := method
			if v, ok := verbs[g.Name]; ok && g.Class != nil {
				m = v
			}
			for _, pre := range pres {
				out = append(out, &flow.Route{Method: m, Path: pre + "/" + affix.TrimPrefix(p, "/"), File: c.Fn.Unit.Path, Line: n.Line, HandlerOf: g, Sure: true})
			}
		}
		return out
	}
	return nil
}

// djangoRoutes reads path("token", view) with the prefixes of what includes it.
func djangoRoutes(pr *flow.Program, c flow.CallAt) []*flow.Route {
	n := c.N
	p := strings.NewReplacer("^", "", "$", "", `\`, "").Replace(flow.LiteralArg(n, 0))
	var out []*flow.Route
	for _, g := range handlers(pr, n.Args[1].X, c.Fn, 0) {
		method := "ANY"
		if v, ok := verbs[g.Name]; ok && g.Class != nil {
			method = v
		} else if g.Class != nil && n.Args[1].X.Kind == syntax.KCall && g.Name != "dispatch" {
			continue
		}
		for _, m := range g.Marks {
			switch m.Last() {
			case "require_GET", "require_safe":
				method = "GET"
			case "require_POST":
				method = "POST"
			case "api_view", "require_http_methods":
				if len(m.Args) > 0 {
					method = methodsOf(m.Args[0].X)
				} else {
					method = "GET"
				}
			}
		}
		for _, pre := range djangoPrefixes(pr, c.Fn.Unit, "") {
			out = append(out, &flow.Route{Method: method, Path: pre + "/" + p, File: c.Fn.Unit.Path, Line: n.Line, HandlerOf: g, Sure: true})
		}
	}
	return out
}

// djangoPrefixes gives the paths at which a file's table is included.
func djangoPrefixes(pr *flow.Program, u *syntax.Unit, router string) []string {
	return includedAt(pr, u, router, 0)
}

func includedAt(pr *flow.Program, u *syntax.Unit, router string, depth int) []string {
	var out []string
	if depth > 5 {
		return nil
	}
	for _, how := range []string{"path", "re_path", "url"} {
		for _, c := range pr.Calls[how] {
			if len(c.N.Args) < 2 || c.N.Args[1].X == nil || c.N.Args[1].X.Kind != syntax.KCall || c.N.Args[1].X.X.Last() != "include" || len(c.N.Args[1].X.Args) == 0 {
				continue
			}
			what := c.N.Args[1].X.Args[0].X
			hit := false
			switch {
			case router != "" && !(what.Kind == syntax.KMember && what.Text == "urls"):
			case what.Kind == syntax.KString:
				hit = u != c.Fn.Unit && affix.HasSuffix(affix.TrimSuffix(u.Path, ".py"), affix.ReplaceAll(what.Text, ".", "/"))
			case what.Kind == syntax.KMember && what.Text == "urls": // router.urls
				hit = router != "" && what.X.Path() == router && c.Fn.Unit == u
			case what.Kind == syntax.KName || what.Kind == syntax.KMember || what.Kind == syntax.KList:
				hit = u != c.Fn.Unit && affix.Base(affix.TrimSuffix(u.Path, ".py")) == what.Last()
			}
			if !hit {
				continue
			}
			p := strings.Trim(strings.NewReplacer("^", "", "$", "", `\`, "").Replace(flow.LiteralArg(c.N, 0)), "/")
			outer := []string{""}
			if c.Fn.Unit != u || router != "" {
				outer = includedAt(pr, c.Fn.Unit, "", depth+1)
			}
			for _, o := range outer {
				if p == "" {
					out = append(out, o)
				} else {
					out = append(out, o+"/"+p)
				}
			}
		}
	}
	switch {
	case len(out) > 0:
		return out
	case router != "": // urlpatterns = router.urls
		return includedAt(pr, u, "", depth+1)
	}
	return []string{""}
}
