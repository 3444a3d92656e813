package langread

import (
	"path"
	"strings"
)

// calledRoutes reads the routes that a call registers.
func (pr *program) calledRoutes(c callAt) []*Route {
	n := c.n
	name := n.x.last()
	switch pr.lang {
	case Python:
		return pr.pythonRoutes(c, name)
	case PHP:
		return pr.phpRoutes(c, name)
	case Ruby:
		return pr.rubyRoutes(c, name)
	}
	method, ok := verbs[name]
	if !ok {
		return nil
	}
	switch pr.lang {
	case Go:
		return pr.goRoutes(c, name, method)
	case Kotlin, Java, CSharp:
		if len(n.args) < 1 {
			return nil
		}
		last := n.args[len(n.args)-1].x
		if pr.lang == CSharp && !strings.HasPrefix(name, "Map") || pr.lang != CSharp && n.x.kind == kMember && !routerName(n.x.x.last()) {
			return nil
		}
		p := literalArg(n, 0)
		if p == "" && !(pr.lang == Kotlin && len(n.args) == 1) || last == nil {
			return nil
		}
		fns := pr.handlers(last, c.fn, 0)
		if len(fns) == 0 {
			return nil
		}
		if name == "route" || name == "path" { // Ktor's route(…) is a prefix
			return nil
		}
		r := &Route{Method: method, Path: pr.nested(c.fn, n) + "/" + strings.TrimPrefix(p, "/"), File: c.fn.unit.Path, Line: n.line, handler: fns[0], Sure: true}
		if pr.lang == CSharp {
			pre, sure := pr.receiverPrefix(n.x.x, c.fn, 0)
			r.Path, r.Sure = pre+"/"+strings.TrimPrefix(p, "/"), sure
		}
		return []*Route{r}
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
func (pr *program) nested(f *fn, n *node) string {
	prefix := ""
	for ; f != nil; f = f.parent {
		g := f.given
		if g == nil {
			continue
		}
		switch g.x.last() {
		case "route", "path", "Route", "group", "Group", "scope":
			prefix = "/" + strings.Trim(literalArg(g, 0), "/") + prefix
		}
	}
	if prefix == "/" {
		return ""
	}
	return prefix
}

// goRoutes reads mux.HandleFunc("POST /x", h), r.POST("/x", mw, h), and their like.
func (pr *program) goRoutes(c callAt, name, method string) []*Route {
	n := c.n
	if n.x.kind != kMember || len(n.args) < 2 {
		return nil
	}
	i := 0
	if name == "Method" || name == "MethodFunc" || name == "Handle" && len(n.args) == 3 && verbs[literalArg(n, 0)] != "" {
		method, i = strings.ToUpper(pr.text(n.args[0].x, c.fn)), 1
	}
	p := pr.text(n.args[i].x, c.fn)
	if p == "" {
		return nil
	}
	if m, rest, ok := strings.Cut(p, " "); ok && strings.HasPrefix(rest, "/") {
		method, p = m, rest
	}
	if !strings.HasPrefix(p, "/") && strings.ContainsAny(p, " :.") {
		return nil
	}
	for g := pr.outer(n); g != nil; g = pr.outer(g) { // .Methods("POST")
		if g.x.last() == "Methods" {
			method = methodsOf(g.args[0].x)
		}
	}
	var handler *fn
	for j := len(n.args) - 1; j > i && handler == nil; j-- {
		if fns := pr.handlers(n.args[j].x, c.fn, 0); len(fns) > 0 {
			handler = fns[0]
		}
	}
	if handler == nil && (method == "ANY" && name != "HandleFunc" && name != "Handle" || !strings.HasPrefix(p, "/")) {
		return nil
	}
	pre, sure := pr.receiverPrefix(n.x.x, c.fn, 0)
	return []*Route{{Method: method, Path: pre + "/" + strings.TrimPrefix(p, "/"), File: c.fn.unit.Path, Line: n.line, handler: handler, Sure: sure}}
}

// outer gives the call whose callee a call is part of: x.Methods() of x.
func (pr *program) outer(n *node) *node {
	for _, c := range pr.calls["Methods"] {
		if c.n.x.kind == kMember && c.n.x.x == n && len(c.n.args) > 0 {
			return c.n
		}
	}
	return nil
}

// text is the one text that an expression holds; "" for none.
func (pr *program) text(n *node, f *fn) string {
	if n == nil {
		return ""
	}
	if n.kind == kString {
		return n.text
	}
	list := pr.sources(n, frame{fn: f})
	if len(list) == 1 && list[0].Kind == FromLiteral {
		return list[0].Text
	}
	return ""
}

// receiverPrefix is the path under which a router stands: its groups, the
// closures that it is handed to, and what mounts it.
func (pr *program) receiverPrefix(n *node, f *fn, depth int) (prefix string, sure bool) {
	if n == nil || depth > 8 || pr.steps > maxSteps {
		return "", depth == 0
	}
	pr.steps++
	switch n.kind {
	case kCall:
		switch n.x.last() {
		case "Group", "group", "PathPrefix", "MapGroup", "Party", "Route":
			pre, ok := pr.receiverPrefix(n.x.x, f, depth+1)
			t := ""
			if len(n.args) > 0 {
				t = pr.text(n.args[0].x, f)
				ok = ok && (t != "" || n.args[0].x.kind == kString)
			}
			return pre + "/" + strings.Trim(t, "/"), ok
		case "Subrouter", "With", "Use", "NewRoute", "WithTags", "RequireAuthorization", "RequireCors", "WithOpenApi", "Methods", "StrictSlash", "Host":
			return pr.receiverPrefix(n.x.x, f, depth+1)
		}
		return "", true
	case kName:
		for g := f; g != nil; g = g.parent {
			for _, w := range pr.writesIn(n.text, g) {
				if w.x != nil && w.x.kind == kCall {
					pre, ok := pr.receiverPrefix(w.x, w.fn, depth+1)
					if pre != "" {
						return cleanPath(pre), ok
					}
					return pr.mounted(n.text, w.fn, depth), ok
				}
			}
			q, i := g.param(n.text)
			if i < 0 {
				continue
			}
			if g.given != nil { // r.Route("/api", func(r chi.Router) { … })
				pre, ok := pr.receiverPrefix(g.given.x.x, g.parent, depth+1)
				switch g.given.x.last() {
				case "Route", "Group", "group", "MapGroup":
					if t := literalArg(g.given, 0); t != "" {
						pre += "/" + strings.Trim(t, "/")
					}
				}
				return cleanPath(pre), ok
			}
			callers := pr.callersOf(g)
			if len(callers) == 0 {
				return "", false
			}
			a := argumentFor(g, callers[0].n, i, q.name)
			pre, ok := pr.receiverPrefix(a, callers[0].fn, depth+1)
			return pre, ok && len(callers) == 1
		}
		for _, w := range pr.topWrites(n.text, f.unit) {
			if w.x != nil {
				return pr.receiverPrefix(w.x, w.fn, depth+1)
			}
		}
		return "", true
	case kMember:
		for _, w := range pr.writes[n.text] {
			if w.x != nil && w.how != wName {
				if pre, ok := pr.receiverPrefix(w.x, w.fn, depth+1); pre != "" {
					return pre, ok
				}
			}
		}
	}
	return "", true
}

// mounted is the path at which a router that a function makes is mounted.
func (pr *program) mounted(name string, f *fn, depth int) string {
	for _, how := range []string{"Mount", "Handle", "StripPrefix"} {
		for _, c := range pr.calls[how] {
			if len(c.n.args) < 2 {
				continue
			}
			a := c.n.args[1].x
			hit := a != nil && a.kind == kName && a.text == name && c.fn.inside(f)
			if a != nil && a.kind == kCall && f.name != "" && a.x.last() == f.name {
				hit = true
			}
			if hit {
				pre, _ := pr.receiverPrefix(c.n.x.x, c.fn, depth+1)
				return cleanPath(pre + "/" + strings.Trim(literalArg(c.n, 0), "/"))
			}
		}
	}
	return ""
}

// handlers gives the functions that an expression hands over as a handler.
func (pr *program) handlers(n *node, f *fn, depth int) []*fn {
	if n == nil || depth > 4 {
		return nil
	}
	switch n.kind {
	case kFunc:
		if n.scope != nil {
			return []*fn{n.scope}
		}
	case kName, kMember:
		if n.kind == kMember && n.text == "class" {
			return nil
		}
		if fns := pr.reachable(n, frame{fn: f}); len(fns) > 0 {
			return fns
		}
		if n.kind == kName {
			for g := f; g != nil; g = g.parent {
				for _, w := range pr.writesIn(n.text, g) {
					if fns := pr.handlers(w.x, w.fn, depth+1); len(fns) > 0 {
						return fns
					}
				}
			}
			if list := pr.named[n.text]; len(list) == 1 {
				return list
			}
		} else if list := pr.named[n.text]; len(list) > 0 && len(list) <= 2 {
			return list
		}
		if cs := pr.classes[n.last()]; len(cs) == 1 { // a class-based view
			return cs[0].methods
		}
	case kCall:
		if n.x.last() == "as_view" {
			return pr.handlers(n.x.x, f, depth+1)
		}
		for i := len(n.args) - 1; i >= 0; i-- { // auth(handler)
			if fns := pr.handlers(n.args[i].x, f, depth+1); len(fns) > 0 {
				return fns
			}
		}
		return pr.reachable(n, frame{fn: f}) // handler(client) gives the handler
	}
	return nil
}

// pythonRoutes reads Django's tables, and routes that are added by calls.
func (pr *program) pythonRoutes(c callAt, name string) []*Route {
	n := c.n
	switch name {
	case "path", "re_path", "url":
		if n.x.kind != kName || len(n.args) < 2 || !strings.Contains(c.fn.unit.from[name], "django") {
			return nil
		}
		if n.args[1].x != nil && n.args[1].x.kind == kCall && n.args[1].x.x.last() == "include" {
			return nil
		}
		return pr.djangoRoutes(c)
	case "add_url_rule", "add_api_route", "add_route", "add_get", "add_post", "Route", "add_resource":
		p, at := literalArg(n, 0), 1
		if name == "add_resource" {
			p, at = literalArg(n, 1), 0
		}
		if p == "" || len(n.args) < 2 {
			return nil
		}
		method := verbs[name]
		var h *node
		for i, a := range n.args {
			switch {
			case a.name == "methods":
				method = methodsOf(a.x)
			case a.name == "view_func" || a.name == "endpoint" && a.x.kind != kString || a.name == "" && i >= at && a.x != nil && a.x.kind != kString && h == nil:
				h = a.x
			}
		}
		if method == "" {
			method = "ANY"
		}
		pres := []string{""}
		if n.x.kind == kMember {
			pres = pr.routerPrefixes(n.x.x, frame{fn: c.fn}, 0)
		}
		var out []*Route
		for _, g := range pr.handlers(h, c.fn, 0) {
			m := method
			if v, ok := verbs[g.name]; ok && g.class != nil {
				m = v
			}
			for _, pre := range pres {
				out = append(out, &Route{Method: m, Path: pre + "/" + strings.TrimPrefix(p, "/"), File: c.fn.unit.Path, Line: n.line, handler: g, Sure: true})
			}
		}
		return out
	}
	return nil
}

// djangoRoutes reads path("token", view) with the prefixes of what includes it.
func (pr *program) djangoRoutes(c callAt) []*Route {
	n := c.n
	p := strings.NewReplacer("^", "", "$", "", `\`, "").Replace(literalArg(n, 0))
	var out []*Route
	for _, g := range pr.handlers(n.args[1].x, c.fn, 0) {
		method := "ANY"
		if v, ok := verbs[g.name]; ok && g.class != nil {
			method = v
		} else if g.class != nil && n.args[1].x.kind == kCall && g.name != "dispatch" {
			continue
		}
		for _, m := range g.marks {
			switch m.last() {
			case "require_GET", "require_safe":
				method = "GET"
			case "require_POST":
				method = "POST"
			case "api_view", "require_http_methods":
				if len(m.args) > 0 {
					method = methodsOf(m.args[0].x)
				} else {
					method = "GET"
				}
			}
		}
		for _, pre := range pr.djangoPrefixes(c.fn.unit, "") {
			out = append(out, &Route{Method: method, Path: pre + "/" + p, File: c.fn.unit.Path, Line: n.line, handler: g, Sure: true})
		}
	}
	return out
}

// djangoPrefixes gives the paths at which a file's table is included.
func (pr *program) djangoPrefixes(u *Unit, router string) []string {
	return pr.includedAt(u, router, 0)
}

func (pr *program) includedAt(u *Unit, router string, depth int) []string {
	var out []string
	if depth > 5 {
		return nil
	}
	for _, how := range []string{"path", "re_path", "url"} {
		for _, c := range pr.calls[how] {
			if len(c.n.args) < 2 || c.n.args[1].x == nil || c.n.args[1].x.kind != kCall || c.n.args[1].x.x.last() != "include" || len(c.n.args[1].x.args) == 0 {
				continue
			}
			what := c.n.args[1].x.args[0].x
			hit := false
			switch {
			case router != "" && !(what.kind == kMember && what.text == "urls"):
			case what.kind == kString:
				hit = u != c.fn.unit && strings.HasSuffix(strings.TrimSuffix(u.Path, ".py"), strings.ReplaceAll(what.text, ".", "/"))
			case what.kind == kMember && what.text == "urls": // router.urls
				hit = router != "" && what.x.path() == router && c.fn.unit == u
			case what.kind == kName || what.kind == kMember || what.kind == kList:
				hit = u != c.fn.unit && path.Base(strings.TrimSuffix(u.Path, ".py")) == what.last()
			}
			if !hit {
				continue
			}
			p := strings.Trim(strings.NewReplacer("^", "", "$", "", `\`, "").Replace(literalArg(c.n, 0)), "/")
			outer := []string{""}
			if c.fn.unit != u || router != "" {
				outer = pr.includedAt(c.fn.unit, "", depth+1)
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
		return pr.includedAt(u, "", depth+1)
	}
	return []string{""}
}
