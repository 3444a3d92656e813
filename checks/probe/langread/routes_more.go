package langread

import (
	"path"
	"strings"

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
	if low != "route" && low != "app" && low != "router" && low != "routes" && low != "r" && low != "group" && low != "api" && !strings.HasSuffix(low, ".route") && syntax.LastPart(low) != "route" && low != "this.app" && low != "this.router" {
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
	r.Path = pre + "/" + strings.TrimPrefix(p, "/")
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
	if strings.HasSuffix(f.Unit.Path, "routes/api.php") {
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
			if cl, m, ok := strings.Cut(n.Text, sep); ok {
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

// rubyRoutes reads Sinatra's and Rails' routes.
func rubyRoutes(pr *flow.Program, c flow.CallAt, name string) []*flow.Route {
	n := c.N
	method, ok := verbs[name]
	if !ok || n.X.Kind != syntax.KName || len(n.Args) == 0 {
		if name == "resources" || name == "resource" {
			return railsResource(pr, c, name)
		}
		return nil
	}
	first := n.Args[0]
	p := ""
	if first.X != nil && first.X.Kind == syntax.KString && first.Key == nil {
		p = first.X.Text
	}
	if first.Key != nil && first.Key.Kind == syntax.KString { // post 'x' => 'c#m'
		p = first.Key.Text
	}
	if last := n.Args[len(n.Args)-1].X; last != nil && last.Kind == syntax.KFunc { // Sinatra: get '/x' do
		pre := ""
		for g := c.Fn; g != nil; g = g.Parent {
			if g.Given != nil && g.Given.X.Last() == "namespace" {
				pre = "/" + strings.Trim(flow.LiteralArg(g.Given, 0), "/") + pre
			}
		}
		return []*flow.Route{{Method: method, Path: pre + "/" + strings.TrimPrefix(p, "/"), File: c.Fn.Unit.Path, Line: n.Line, HandlerOf: last.Scope, Sure: true}}
	}
	if !strings.HasSuffix(c.Fn.Unit.Path, "routes.rb") && !strings.Contains(c.Fn.Unit.Path, "/routes/") {
		return nil
	}
	target := ""
	if first.Key != nil && first.X != nil && first.X.Kind == syntax.KString {
		target = first.X.Text
	}
	for _, a := range n.Args {
		if (a.Name == "to" || a.Key != nil && a.Key.Text == "to") && a.X != nil && a.X.Kind == syntax.KString {
			target = a.X.Text
		}
	}
	pre, module, resource := railsPrefix(pr, c.Fn)
	controller, action, ok := strings.Cut(target, "#")
	switch {
	case ok:
	case target != "": // to: :action
		controller, action = resource, target
	case resource != "":
		controller, action = resource, p
	default:
		controller, action = path.Dir(strings.Trim(p, "/")), path.Base(p)
	}
	g := railsAction(pr, module+controller, action)
	if g == nil {
		return nil
	}
	return []*flow.Route{{Method: method, Path: pre + "/" + strings.TrimPrefix(p, "/"), File: c.Fn.Unit.Path, Line: n.Line, HandlerOf: g, Sure: true}}
}

// railsPrefix is the path, the module and the resource around a route.
func railsPrefix(pr *flow.Program, f *syntax.Fn) (prefix, module, resource string) {
	for g := f; g != nil; g = g.Parent {
		if g.Given == nil {
			continue
		}
		name := flow.LiteralArg(g.Given, 0)
		named := func(what string) (string, bool) {
			for _, a := range g.Given.Args {
				if a.Name == what && a.X != nil && a.X.Kind == syntax.KString {
					return a.X.Text, true
				}
			}
			return "", false
		}
		switch g.Given.X.Last() {
		case "namespace":
			p, m := name, name
			if v, ok := named("path"); ok {
				p = v
			}
			if v, ok := named("module"); ok {
				m = v
			}
			prefix, module = "/"+strings.Trim(p, "/")+prefix, m+"/"+module
		case "scope":
			if v, ok := named("path"); ok {
				name = v
			}
			if name != "" {
				prefix = "/" + strings.Trim(name, "/") + prefix
			}
			if v, ok := named("module"); ok {
				module = v + "/" + module
			}
		case "resources", "resource":
			if resource == "" {
				resource = name
			}
			if member := inMember(pr, f, g); member && g.Given.X.Last() == "resources" {
				prefix = "/" + name + "/:id" + prefix
			} else {
				prefix = "/" + name + prefix
			}
		}
	}
	if prefix == "/" {
		prefix = ""
	}
	return strings.ReplaceAll(prefix, "//", "/"), module, resource
}

// inMember reports whether a route stands in a member block of a resource.
func inMember(pr *flow.Program, f, resource *syntax.Fn) bool {
	for g := f; g != nil && g != resource; g = g.Parent {
		if g.Given != nil && g.Given.X.Last() == "member" {
			return true
		}
	}
	return false
}

// railsAction finds the method of a controller.
func railsAction(pr *flow.Program, controller, action string) *syntax.Fn {
	name := ""
	for w := range strings.SplitSeq(lastSegment(controller), "_") {
		if w != "" {
			name += strings.ToUpper(w[:1]) + w[1:]
		}
	}
	for _, c := range pr.Classes[name+"Controller"] {
		if strings.Contains(controller, "/") && !strings.HasSuffix(strings.TrimSuffix(c.Unit.Path, ".rb"), strings.Trim(controller, "/")+"_controller") && len(pr.Classes[name+"Controller"]) > 1 {
			continue
		}
		if g := flow.Method(pr, c, action); g != nil {
			return g
		}
	}
	return nil
}

func lastSegment(s string) string {
	s = strings.Trim(s, "/")
	if i := strings.LastIndexByte(s, '/'); i >= 0 {
		return s[i+1:]
	}
	return s
}

// railsResource reads resources :tokens, only: [:create].
func railsResource(pr *flow.Program, c flow.CallAt, kind string) []*flow.Route {
	pre, module, _ := railsPrefix(pr, c.Fn)
	name := flow.LiteralArg(c.N, 0)
	controller := name
	path := name
	for _, a := range c.N.Args {
		if a.X == nil || a.X.Kind != syntax.KString {
			continue
		}
		switch a.Name {
		case "controller":
			controller = a.X.Text
		case "path":
			path = a.X.Text
		}
	}
	if kind == "resource" && controller == name && !strings.HasSuffix(name, "s") {
		controller += "s"
	}
	var out []*flow.Route
	for _, known := range [][2]string{{"create", "POST"}, {"show", "GET"}, {"index", "GET"}, {"new", "GET"}} {
		action, m := known[0], known[1]
		g := railsAction(pr, module+controller, action)
		if g == nil || action == "index" && kind == "resource" {
			continue
		}
		p := pre + "/" + path
		if action == "show" && kind == "resources" {
			p += "/:id"
		}
		if action == "new" {
			p += "/new"
		}
		out = append(out, &flow.Route{Method: m, Path: p, File: c.Fn.Unit.Path, Line: c.N.Line, HandlerOf: g, Sure: true})
	}
	return out
}
