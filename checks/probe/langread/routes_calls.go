package langread

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/probe/langread/flow"
	"badsig/checks/probe/langread/syntax"
)

// calledRoutes reads the routes that a call registers.
func calledRoutes(pr *flow.Program, c flow.CallAt) []*flow.Route {
	n := c.N
	name := n.X.Last()
	switch pr.Lang {
	case syntax.Python:
		return pythonRoutes(pr, c, name)
	case syntax.PHP:
		return phpRoutes(pr, c, name)
	case syntax.Ruby:
		return rubyRoutes(pr, c, name)
	}
	method, ok := verbs[name]
	if !ok {
		return nil
	}
	switch pr.Lang {
	case syntax.Go:
		return goRoutes(pr, c, name, method)
	case syntax.Kotlin, syntax.Java, syntax.CSharp:
		if len(n.Args) < 1 {
			return nil
		}
		last := n.Args[len(n.Args)-1].X
		if pr.Lang == syntax.CSharp && !affix.HasPrefix(name, "Map") || pr.Lang != syntax.CSharp && n.X.Kind == syntax.KMember && !routerName(n.X.X.Last()) {
			return nil
		}
		p := flow.LiteralArg(n, 0)
		if p == "" && !(pr.Lang == syntax.Kotlin && len(n.Args) == 1) || last == nil {
			return nil
		}
		fns := handlers(pr, last, c.Fn, 0)
		if len(fns) == 0 {
			return nil
		}
		if name == "route" || name == "path" { // Ktor's route(…) is a prefix
			return nil
		}
		r := &flow.Route{Method: method, Path: nested(pr, c.Fn, n) + "/" + affix.TrimPrefix(p, "/"), File: c.Fn.Unit.Path, Line: n.Line, HandlerOf: fns[0], Sure: true}
		if pr.Lang == syntax.CSharp {
			pre, sure := receiverPrefix(pr, n.X.X, c.Fn, 0)
			r.Path, r.Sure = pre+"/"+affix.TrimPrefix(p, "/"), sure
		}
		return []*flow.Route{r}
	}
	return nil
}

func routerName(s string) bool {
	switch s {
	case "app", "router", "Spark", "javalin", "routes", "vertx", "server", "api", "config", "ApiBuilder":
		return true
	}
	return false
}

// nested is the path of the closures around a call: route("/api") { post("/x") }.
func nested(pr *flow.Program, f *syntax.Fn, n *syntax.Node) string {
	prefix := ""
	for ; f != nil; f = f.Parent {
		g := f.Given
		if g == nil {
			continue
		}
		switch g.X.Last() {
		case "route", "path", "Route", "group", "Group", "scope":
			prefix = "/" + strings.Trim(flow.LiteralArg(g, 0), "/") + prefix
		}
	}
	if prefix == "/" {
		return ""
	}
	return prefix
}

// goRoutes reads mux.HandleFunc("POST /x", h), r.POST("/x", mw, h), and their like.
func goRoutes(pr *flow.Program, c flow.CallAt, name, method string) []*flow.Route {
	n := c.N
	if n.X.Kind != syntax.KMember || len(n.Args) < 2 || name == "Route" { // chi's Route is a prefix
		return nil
	}
	i := 0
	if name == "Method" || name == "MethodFunc" || name == "Handle" && len(n.Args) == 3 && verbs[flow.LiteralArg(n, 0)] != "" {
		method, i = strings.ToUpper(text(pr, n.Args[0].X, c.Fn)), 1
	}
	p := text(pr, n.Args[i].X, c.Fn)
	if p == "" {
		return nil
	}
	if m, rest, ok := affix.Cut(p, " "); ok && affix.HasPrefix(rest, "/") {
		method, p = m, rest
	}
	if !affix.HasPrefix(p, "/") && affix.ContainsAny(p, " :.") {
		return nil
	}
	for g := outer(pr, n); g != nil; g = outer(pr, g) { // .Methods("POST")
		if g.X.Last() == "Methods" {
			method = methodsOf(g.Args[0].X)
		}
	}
	var handler *syntax.Fn
	for j := len(n.Args) - 1; j > i && handler == nil; j-- {
		if fns := handlers(pr, n.Args[j].X, c.Fn, 0); len(fns) > 0 {
			handler = fns[0]
		}
	}
	if handler == nil && (method == "ANY" && name != "HandleFunc" && name != "Handle" || !affix.HasPrefix(p, "/")) {
		return nil
	}
	pre, sure := receiverPrefix(pr, n.X.X, c.Fn, 0)
	return []*flow.Route{{Method: method, Path: pre + "/" + affix.TrimPrefix(p, "/"), File: c.Fn.Unit.Path, Line: n.Line, HandlerOf: handler, Sure: sure}}
}

// outer gives the call whose callee a call is part of: x.Methods() of x.
func outer(pr *flow.Program, n *syntax.Node) *syntax.Node {
	for _, c := range pr.Calls["Methods"] {
		if c.N.X.Kind == syntax.KMember && c.N.X.X == n && len(c.N.Args) > 0 {
			return c.N
		}
	}
	return nil
}

// text is the one text that an expression holds; "" for none.
func text(pr *flow.Program, n *syntax.Node, f *syntax.Fn) string {
	if n == nil {
		return ""
	}
	if n.Kind == syntax.KString {
		return n.Text
	}
	list := pr.Sources(n, flow.Frame{Fn: f})
	if len(list) == 1 && list[0].Kind == flow.FromLiteral {
		return list[0].Text
	}
	return ""
}

// receiverPrefix is the path under which a router is: its groups, the
// closures that it is handed to, and what mounts it.
func receiverPrefix(pr *flow.Program, n *syntax.Node, f *syntax.Fn, depth int) (prefix string, sure bool) {
	if n == nil || depth > 8 || pr.Steps > flow.MaxSteps {
		return "", depth == 0
	}
	pr.Steps++
	switch n.Kind {
	case syntax.KCall:
		switch n.X.Last() {
		case "Group", "group", "PathPrefix", "MapGroup", "Party", "Route":
			pre, ok := receiverPrefix(pr, n.X.X, f, depth+1)
			t := ""
			if len(n.Args) > 0 {
				t = text(pr, n.Args[0].X, f)
				ok = ok && (t != "" || n.Args[0].X.Kind == syntax.KString)
			}
			return pre + "/" + strings.Trim(t, "/"), ok
		case "Subrouter", "With", "Use", "NewRoute", "WithTags", "RequireAuthorization", "RequireCors", "WithOpenApi", "Methods", "StrictSlash", "Host":
			return receiverPrefix(pr, n.X.X, f, depth+1)
		}
		return "", true
	case syntax.KName:
		for g := f; g != nil; g = g.Parent {
			for _, w := range pr.WritesIn(n.Text, g) {
				if w.X != nil && w.X.Kind == syntax.KCall {
					pre, ok := receiverPrefix(pr, w.X, w.Fn, depth+1)
					if pre != "" {
						return cleanPath(pre), ok
					}
					return mounted(pr, n.Text, w.Fn, depth), ok
				}
			}
			q, i := g.Param(n.Text)
			if i < 0 {
				continue
			}
			if g.Given != nil { // r.Route("/api", func(r chi.Router) { … })
				pre, ok := receiverPrefix(pr, g.Given.X.X, g.Parent, depth+1)
				switch g.Given.X.Last() {
				case "Route", "Group", "group", "MapGroup":
					if t := flow.LiteralArg(g.Given, 0); t != "" {
						pre += "/" + strings.Trim(t, "/")
					}
				}
				return cleanPath(pre), ok
			}
			callers := pr.CallersOf(g)
			if len(callers) == 0 {
				return "", false
			}
			a := flow.ArgumentFor(g, callers[0].N, i, q.Name)
			pre, ok := receiverPrefix(pr, a, callers[0].Fn, depth+1)
			return pre, ok && len(callers) == 1
		}
		for _, w := range pr.TopWrites(n.Text, f.Unit) {
			if w.X != nil {
				return receiverPrefix(pr, w.X, w.Fn, depth+1)
			}
		}
		return "", true
	case syntax.KMember:
		for _, w := range pr.Writes[n.Text] {
			if w.X != nil && w.How != flow.WName {
				if pre, ok := receiverPrefix(pr, w.X, w.Fn, depth+1); pre != "" {
					return pre, ok
				}
			}
		}
	}
	return "", true
}

// mounted is the path at which a router that a function makes is mounted.
func mounted(pr *flow.Program, name string, f *syntax.Fn, depth int) string {
	for _, how := range []string{"Mount", "Handle", "StripPrefix"} {
		for _, c := range pr.Calls[how] {
			if len(c.N.Args) < 2 {
				continue
			}
			a := c.N.Args[1].X
			hit := a != nil && a.Kind == syntax.KName && a.Text == name && c.Fn.Inside(f)
			if a != nil && a.Kind == syntax.KCall && f.Name != "" && a.X.Last() == f.Name {
				hit = true
			}
			if hit {
				pre, _ := receiverPrefix(pr, c.N.X.X, c.Fn, depth+1)
				return cleanPath(pre + "/" + strings.Trim(flow.LiteralArg(c.N, 0), "/"))
			}
		}
	}
	return ""
}

// handlers gives the functions that an expression hands over as a handler.
func handlers(pr *flow.Program, n *syntax.Node, f *syntax.Fn, depth int) []*syntax.Fn {
	if n == nil || depth > 4 {
		return nil
	}
	switch n.Kind {
	case syntax.KFunc:
		if n.Scope != nil {
			return []*syntax.Fn{n.Scope}
		}
	case syntax.KName, syntax.KMember:
		if n.Kind == syntax.KMember && n.Text == "class" {
			return nil
		}
		if fns := flow.Reachable(pr, n, flow.Frame{Fn: f}); len(fns) > 0 {
			return fns
		}
		if n.Kind == syntax.KName {
			for g := f; g != nil; g = g.Parent {
				for _, w := range pr.WritesIn(n.Text, g) {
					if fns := handlers(pr, w.X, w.Fn, depth+1); len(fns) > 0 {
						return fns
					}
				}
			}
			if list := pr.Named[n.Text]; len(list) == 1 {
				return list
			}
		} else if list := pr.Named[n.Text]; len(list) > 0 && len(list) <= 2 {
			return list
		}
		if cs := pr.Classes[n.Last()]; len(cs) == 1 { // a class-based view
			return cs[0].Methods
		}
	case syntax.KCall:
		if n.X.Last() == "as_view" {
			return handlers(pr, n.X.X, f, depth+1)
		}
		for i := len(n.Args) - 1; i >= 0; i-- { // auth(handler)
			if fns := handlers(pr, n.Args[i].X, f, depth+1); len(fns) > 0 {
				return fns
			}
		}
		return flow.Reachable(pr, n, flow.Frame{Fn: f}) // handler(client) gives the handler
	}
	return nil
}
