package langread

import (
	"path"
	"strings"
)

// phpRoutes reads the routes of Laravel, Lumen, Slim and CodeIgniter.
func (pr *program) phpRoutes(c callAt, name string) []*Route {
	n := c.n
	method, ok := verbs[name]
	if !ok || n.x.kind != kMember || len(n.args) < 2 {
		return nil
	}
	on := n.x.x
	for on != nil && on.kind == kCall { // Route::prefix('v1')->post(…)
		on = on.x
		if on.kind == kMember {
			on = on.x
		}
	}
	low := strings.ToLower(strings.TrimLeft(on.path(), `$\`))
	if low != "route" && low != "app" && low != "router" && low != "routes" && low != "r" && low != "group" && low != "api" && !strings.HasSuffix(low, ".route") && lastPart(low) != "route" && low != "this.app" && low != "this.router" {
		return nil
	}
	i := 0
	if name == "match" || name == "map" {
		method, i = methodsOf(n.args[0].x), 1
	}
	if i+1 >= len(n.args) {
		return nil
	}
	p := pr.text(n.args[i].x, c.fn)
	fns := pr.phpHandler(n.args[i+1].x, c.fn)
	if len(fns) == 0 {
		return nil
	}
	r := &Route{Method: method, File: c.fn.unit.Path, Line: n.line, handler: fns[0], Sure: true}
	pre := pr.phpPrefix(n.x.x, c.fn)
	r.Path = pre + "/" + strings.TrimPrefix(p, "/")
	return []*Route{r}
}

// phpPrefix is the path of the groups around a route, with Laravel's /api.
func (pr *program) phpPrefix(on *node, f *fn) string {
	prefix := ""
	chained := func(x *node) {
		for ; x != nil; x = x.x {
			if x.kind == kCall && x.x.last() == "prefix" {
				prefix = "/" + strings.Trim(literalArg(x, 0), "/") + prefix
			}
		}
	}
	chained(on)
	for g := f; g != nil; g = g.parent {
		if g.given == nil {
			continue
		}
		if g.given.x.last() == "group" {
			for _, a := range g.given.args {
				switch {
				case a.x != nil && a.x.kind == kString:
					prefix = "/" + strings.Trim(a.x.text, "/") + prefix
				case a.x != nil && a.x.kind == kDict:
					for _, e := range a.x.args {
						if e.key != nil && e.key.text == "prefix" && e.x != nil && e.x.kind == kString {
							prefix = "/" + strings.Trim(e.x.text, "/") + prefix
						}
					}
				}
			}
			chained(g.given.x)
		}
	}
	if strings.HasSuffix(f.unit.Path, "routes/api.php") {
		api := "/api"
		for _, w := range pr.writes["apiPrefix"] { // bootstrap/app.php: withRouting(apiPrefix: 'x')
			if w.x != nil && w.x.kind == kString {
				api = "/" + strings.Trim(w.x.text, "/")
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
func (pr *program) phpHandler(n *node, f *fn) []*fn {
	if n == nil {
		return nil
	}
	find := func(cl, m string) []*fn {
		for _, c := range pr.classes[lastPart(strings.TrimSpace(cl))] {
			if g := pr.method(c, m); g != nil {
				return []*fn{g}
			}
		}
		return nil
	}
	switch n.kind {
	case kFunc:
		return pr.handlers(n, f, 0)
	case kList:
		if len(n.args) == 2 && n.args[1].x != nil && n.args[1].x.kind == kString {
			return find(classOfConstant(n.args[0].x), n.args[1].x.text)
		}
	case kDict: // ['uses' => 'X@m']
		for _, a := range n.args {
			if a.key != nil && a.key.text == "uses" {
				return pr.phpHandler(a.x, f)
			}
		}
	case kString:
		for _, sep := range []string{"@", "::", ":"} {
			if cl, m, ok := strings.Cut(n.text, sep); ok {
				return find(cl, m)
			}
		}
	case kMember:
		if n.text == "class" {
			return find(classOfConstant(n), "__invoke")
		}
	}
	return nil
}

func classOfConstant(n *node) string {
	if n == nil {
		return ""
	}
	if n.kind == kMember && n.text == "class" {
		return n.x.last()
	}
	if n.kind == kString {
		return n.text
	}
	return n.last()
}

// rubyRoutes reads Sinatra's and Rails' routes.
func (pr *program) rubyRoutes(c callAt, name string) []*Route {
	n := c.n
	method, ok := verbs[name]
	if !ok || n.x.kind != kName || len(n.args) == 0 {
		if name == "resources" || name == "resource" {
			return pr.railsResource(c, name)
		}
		return nil
	}
	first := n.args[0]
	p := ""
	if first.x != nil && first.x.kind == kString && first.key == nil {
		p = first.x.text
	}
	if first.key != nil && first.key.kind == kString { // post 'x' => 'c#m'
		p = first.key.text
	}
	if last := n.args[len(n.args)-1].x; last != nil && last.kind == kFunc { // Sinatra: get '/x' do
		pre := ""
		for g := c.fn; g != nil; g = g.parent {
			if g.given != nil && g.given.x.last() == "namespace" {
				pre = "/" + strings.Trim(literalArg(g.given, 0), "/") + pre
			}
		}
		return []*Route{{Method: method, Path: pre + "/" + strings.TrimPrefix(p, "/"), File: c.fn.unit.Path, Line: n.line, handler: last.scope, Sure: true}}
	}
	if !strings.HasSuffix(c.fn.unit.Path, "routes.rb") && !strings.Contains(c.fn.unit.Path, "/routes/") {
		return nil
	}
	target := ""
	if first.key != nil && first.x != nil && first.x.kind == kString {
		target = first.x.text
	}
	for _, a := range n.args {
		if (a.name == "to" || a.key != nil && a.key.text == "to") && a.x != nil && a.x.kind == kString {
			target = a.x.text
		}
	}
	pre, module, resource := pr.railsPrefix(c.fn)
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
	g := pr.railsAction(module+controller, action)
	if g == nil {
		return nil
	}
	return []*Route{{Method: method, Path: pre + "/" + strings.TrimPrefix(p, "/"), File: c.fn.unit.Path, Line: n.line, handler: g, Sure: true}}
}

// railsPrefix is the path, the module and the resource around a route.
func (pr *program) railsPrefix(f *fn) (prefix, module, resource string) {
	for g := f; g != nil; g = g.parent {
		if g.given == nil {
			continue
		}
		name := literalArg(g.given, 0)
		named := func(what string) (string, bool) {
			for _, a := range g.given.args {
				if a.name == what && a.x != nil && a.x.kind == kString {
					return a.x.text, true
				}
			}
			return "", false
		}
		switch g.given.x.last() {
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
			if member := pr.inMember(f, g); member && g.given.x.last() == "resources" {
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
func (pr *program) inMember(f, resource *fn) bool {
	for g := f; g != nil && g != resource; g = g.parent {
		if g.given != nil && g.given.x.last() == "member" {
			return true
		}
	}
	return false
}

// railsAction finds the method of a controller.
func (pr *program) railsAction(controller, action string) *fn {
	name := ""
	for w := range strings.SplitSeq(lastSegment(controller), "_") {
		if w != "" {
			name += strings.ToUpper(w[:1]) + w[1:]
		}
	}
	for _, c := range pr.classes[name+"Controller"] {
		if strings.Contains(controller, "/") && !strings.HasSuffix(strings.TrimSuffix(c.unit.Path, ".rb"), strings.Trim(controller, "/")+"_controller") && len(pr.classes[name+"Controller"]) > 1 {
			continue
		}
		if g := pr.method(c, action); g != nil {
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
func (pr *program) railsResource(c callAt, kind string) []*Route {
	pre, module, _ := pr.railsPrefix(c.fn)
	name := literalArg(c.n, 0)
	controller := name
	path := name
	for _, a := range c.n.args {
		if a.x == nil || a.x.kind != kString {
			continue
		}
		switch a.name {
		case "controller":
			controller = a.x.text
		case "path":
			path = a.x.text
		}
	}
	if kind == "resource" && controller == name && !strings.HasSuffix(name, "s") {
		controller += "s"
	}
	var out []*Route
	for _, known := range [][2]string{{"create", "POST"}, {"show", "GET"}, {"index", "GET"}, {"new", "GET"}} {
		action, m := known[0], known[1]
		g := pr.railsAction(module+controller, action)
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
		out = append(out, &Route{Method: m, Path: p, File: c.fn.unit.Path, Line: c.n.line, handler: g, Sure: true})
	}
	return out
}
