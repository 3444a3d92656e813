package langread

import (
	"path"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/probe/langread/flow"
	"badsig/checks/probe/langread/syntax"
)

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
		return []*flow.Route{{Method: method, Path: pre + "/" + affix.TrimPrefix(p, "/"), File: c.Fn.Unit.Path, Line: n.Line, HandlerOf: last.Scope, Sure: true}}
	}
	if !affix.HasSuffix(c.Fn.Unit.Path, "routes.rb") && !affix.Contains(c.Fn.Unit.Path, "/routes/") {
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
	controller, action, ok := affix.Cut(target, "#")
	switch {
	case ok:
	case target != "": // to: :action
		controller, action = resource, target
	case resource != "":
		controller, action = resource, p
	default:
		controller, action = path.Dir(strings.Trim(p, "/")), affix.Base(p)
	}
	g := railsAction(pr, module+controller, action)
	if g == nil {
		return nil
	}
	return []*flow.Route{{Method: method, Path: pre + "/" + affix.TrimPrefix(p, "/"), File: c.Fn.Unit.Path, Line: n.Line, HandlerOf: g, Sure: true}}
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
	return affix.ReplaceAll(prefix, "//", "/"), module, resource
}

// inMember reports whether a route is in a member block of a resource.
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
		if affix.Contains(controller, "/") && !affix.HasSuffix(affix.TrimSuffix(c.Unit.Path, ".rb"), strings.Trim(controller, "/")+"_controller") && len(pr.Classes[name+"Controller"]) > 1 {
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
	if kind == "resource" && controller == name && !affix.HasSuffix(name, "s") {
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
