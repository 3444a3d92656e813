package langread

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/probe/langread/flow"
	"badsig/checks/probe/langread/syntax"
)

// phpRoutes reads the routes of Laravel, Lumen, Slim and CodeIgniter.
func phpRoutes(pr *flow.Program, c flow.CallAt, name string) []*flow.Route {
	n := c.N
	method, ok := verbs[name]
	if !ok || n.X.Kind != syntax.KMember || len(n.Args) < 2 {
		return nil
	}
	on := n.X.X
	for on != nil && on.Kind == syntax.KCall { // Route::prefix('v1')->post(…)
		on = on.X
		if on.Kind == syntax.KMember {
			on = on.X
		}
	}
	low := strings.ToLower(strings.TrimLeft(on.Path(), `$\`))
	if low != "route" && low != "app" && low != "router" && low != "routes" && low != "r" && low != "group" && low != "api" && !affix.HasSuffix(low, ".route") && syntax.LastPart(low) != "route" && low != "this.app" && low != "this.router" {
		return nil
	}
	i := 0
	if name == "match" || name == "map" {
		method, i = methodsOf(n.Args[0].X), 1
	}
	if i+1 >= len(n.Args) {
		return nil
	}
	p := text(pr, n.Args[i].X, c.Fn)
	fns := phpHandler(pr, n.Args[i+1].X, c.Fn)
	if len(fns) == 0 {
		return nil
	}
	r := &flow.Route{Method: method, File: c.Fn.Unit.Path, Line: n.Line, HandlerOf: fns[0], Sure: true}
	pre := phpPrefix(pr, n.X.X, c.Fn)
	r.Path = pre + "/" + affix.TrimPrefix(p, "/")
	return []*flow.Route{r}
}

// phpPrefix is the path of the groups around a route, with Laravel's /api.
func phpPrefix(pr *flow.Program, on *syntax.Node, f *syntax.Fn) string {
	prefix := ""
	chained := func(x *syntax.Node) {
		for ; x != nil; x = x.X {
			if x.Kind == syntax.KCall && x.X.Last() == "prefix" {
				prefix = "/" + strings.Trim(flow.LiteralArg(x, 0), "/") + prefix
			}
		}
	}
	chained(on)
	for g := f; g != nil; g = g.Parent {
		if g.Given == nil {
			continue
		}
		if g.Given.X.Last() == "group" {
			for _, a := range g.Given.Args {
				switch {
				case a.X != nil && a.X.Kind == syntax.KString:
					prefix = "/" + strings.Trim(a.X.Text, "/") + prefix
				case a.X != nil && a.X.Kind == syntax.KDict:
					for _, e := range a.X.Args {
						if e.Key != nil && e.Key.Text == "prefix" && e.X != nil && e.X.Kind == syntax.KString {
							prefix = "/" + strings.Trim(e.X.Text, "/") + prefix
						}
					}
				}
			}
			chained(g.Given.X)
		}
	}
	if affix.HasSuffix(f.Unit.Path, "routes/api.php") {
		api := "/api"
		for _, w := range pr.Writes["apiPrefix"] { // bootstrap/app.php: withRouting(apiPrefix: 'x')
			if w.X != nil && w.X.Kind == syntax.KString {
				api = "/" + strings.Trim(w.X.Text, "/")
			}
		}
		if api == "/" {
			api = ""
		}
		prefix = api + prefix
	}
	return prefix
}

// phpHandler finds [X::class, 'm'], 'X@m', X::class, a closure, 'X:m'.
func phpHandler(pr *flow.Program, n *syntax.Node, f *syntax.Fn) []*syntax.Fn {
	if n == nil {
		return nil
	}
	find := func(cl, m string) []*syntax.Fn {
		for _, c := range pr.Classes[syntax.LastPart(strings.TrimSpace(cl))] {
			if g := flow.Method(pr, c, m); g != nil {
				return []*syntax.Fn{g}
			}
		}
		return nil
	}
	switch n.Kind {
	case syntax.KFunc:
		return handlers(pr, n, f, 0)
	case syntax.KList:
		if len(n.Args) == 2 && n.Args[1].X != nil && n.Args[1].X.Kind == syntax.KString {
			return find(classOfConstant(n.Args[0].X), n.Args[1].X.Text)
		}
	case syntax.KDict: // ['uses' => 'X@m']
		for _, a := range n.Args {
			if a.Key != nil && a.Key.Text == "uses" {
				return phpHandler(pr, a.X, f)
			}
		}
	case syntax.KString:
		for _, sep := range []string{"@", "::", ":"} {
			if cl, m, ok := affix.Cut(n.Text, sep); ok {
				return find(cl, m)
			}
		}
	case syntax.KMember:
		if n.Text == "class" {
			return find(classOfConstant(n), "__invoke")
		}
	}
	return nil
}

func classOfConstant(n *syntax.Node) string {
	if n == nil {
		return ""
	}
	if n.Kind == syntax.KMember && n.Text == "class" {
		return n.X.Last()
	}
	if n.Kind == syntax.KString {
		return n.Text
	}
	return n.Last()
}
