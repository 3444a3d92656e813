package langread

import (
	"path"
	"slices"
	"strings"
)

// Route is a way by which a site is reached from outside.
type Route struct {
	Method string // upper case; ANY for all
	Path   string // with the prefixes that could be read
	File   string
	Line   int
	Sure   bool // the whole path was read
	Fields []string
	Query  []string
	Guards []Guard
	Writes []Place // a user that is made, a mail that is sent …
	Calls  []Place // of Stream or a database

	handler     *fn
	handlerFile string
	handlerLine int
}

// Handler is where the function stands that answers.
func (r *Route) Handler() (file string, line int) { return r.handlerFile, r.handlerLine }

// verbs are the methods' names in the routers of all these languages.
var verbs = map[string]string{
	"get": "GET", "post": "POST", "put": "PUT", "patch": "PATCH", "delete": "DELETE", "any": "ANY", "all": "ANY", "match": "ANY", "route": "ANY", "api_route": "ANY", "handle": "ANY",
	"Get": "GET", "Post": "POST", "Put": "PUT", "Patch": "PATCH", "Delete": "DELETE", "All": "ANY", "Any": "ANY", "Method": "ANY", "MethodFunc": "ANY",
	"GET": "GET", "POST": "POST", "PUT": "PUT", "PATCH": "PATCH", "DELETE": "DELETE", "ANY": "ANY", "Handle": "ANY", "HandleFunc": "ANY", "HandlerFunc": "ANY",
	"GetMapping": "GET", "PostMapping": "POST", "PutMapping": "PUT", "PatchMapping": "PATCH", "DeleteMapping": "DELETE", "RequestMapping": "ANY",
	"HttpGet": "GET", "HttpPost": "POST", "HttpPut": "PUT", "Route": "ANY",
	"MapGet": "GET", "MapPost": "POST", "MapPut": "PUT", "MapMethods": "ANY",
	"add_url_rule": "ANY", "add_get": "GET", "add_post": "POST", "add_route": "ANY", "add_api_route": "ANY", "path": "ANY", "re_path": "ANY", "url": "ANY",
}

// routes finds the routes of a program.
func (pr *program) routes() []*Route {
	var out []*Route
	add := func(r *Route) {
		if r == nil || len(out) > 400 {
			return
		}
		if !strings.HasPrefix(r.Path, "/") {
			r.Path = "/" + r.Path
		}
		r.Path = cleanPath(r.Path)
		if r.handler != nil {
			r.handlerFile, r.handlerLine = r.handler.unit.Path, r.handler.line
		}
		out = append(out, r)
	}
	for _, g := range pr.fns {
		for _, m := range g.marks {
			for _, r := range pr.markedRoutes(g, m) {
				add(r)
			}
		}
	}
	for _, c := range pr.all {
		for _, r := range pr.calledRoutes(c) {
			add(r)
		}
	}
	for _, t := range pr.texts {
		method := "ANY"
		for f := t.fn; f != nil; f = f.parent {
			if m, ok := strings.CutPrefix(f.name, "do_"); ok {
				method = m
			}
		}
		add(&Route{Method: method, Path: t.text, File: t.fn.unit.Path, Line: t.line, handler: t.fn, Sure: true})
	}
	return out
}

// cleanPath takes double slashes away, and keeps the one at the end.
func cleanPath(p string) string {
	for strings.Contains(p, "//") {
		p = strings.ReplaceAll(p, "//", "/")
	}
	return p
}

// markedRoutes reads the routes of decorators, annotations and attributes.
func (pr *program) markedRoutes(g *fn, m *node) []*Route {
	call := m
	if call.kind != kCall {
		if pr.lang != CSharp && pr.lang != Java && pr.lang != Kotlin {
			return nil
		}
		call = &node{kind: kCall, x: m, line: m.line}
	}
	method, ok := verbs[call.x.last()]
	if !ok || pr.lang == Python && call.x.kind != kMember || call.x.last() == "Route" && pr.lang == CSharp && hasVerb(g) {
		return pr.actionRoutes(g, call)
	}
	r := &Route{Method: method, File: g.unit.Path, Line: call.line, handler: g, Sure: true}
	paths := []string{""}
	for i, a := range call.args {
		switch {
		case a.name == "methods" || a.name == "method" || a.key != nil && a.key.text == "methods":
			r.Method = methodsOf(a.x)
		case a.name == "value" || a.name == "path" || a.name == "rule" || a.name == "template" || a.name == "" && i == 0:
			if list := stringsOf(a.x); len(list) > 0 {
				paths = list
			} else if a.x != nil {
				r.Sure = false
				for _, s := range pr.sources(a.x, frame{fn: g}) {
					if s.Kind == FromLiteral {
						paths, r.Sure = []string{s.Text}, true
					}
				}
			}
		}
	}
	if method == "ANY" && pr.lang == Python && call.x.last() == "route" && r.Method == "ANY" {
		r.Method = "GET" // Flask's default
	}
	var prefixes []string
	if pr.lang == Python {
		prefixes = pr.routerPrefixes(call.x.x, frame{fn: g}, 0)
	} else {
		prefixes = []string{pr.classPrefix(g)}
	}
	var out []*Route
	for _, pre := range prefixes {
		for _, p := range paths {
			x := *r
			x.Path = pre + "/" + strings.TrimPrefix(p, "/")
			if p == "" || p == "/" && pre != "" && pr.lang != Python {
				x.Path = pre
			}
			if strings.HasPrefix(p, "~/") {
				x.Path = p[1:]
			}
			out = append(out, &x)
		}
	}
	return out
}

func hasVerb(g *fn) bool {
	for _, m := range g.marks {
		if strings.HasPrefix(m.last(), "Http") {
			return true
		}
	}
	return false
}

// methodsOf reads ["GET", "POST"], RequestMethod.POST, 'post'.
func methodsOf(n *node) string {
	if n == nil {
		return "ANY"
	}
	list := stringsOf(n)
	if len(list) == 0 {
		if l := n.last(); l != "" {
			list = []string{l}
		}
		for _, a := range n.args {
			if l := a.x.last(); l != "" {
				list = append(list, l)
			}
		}
	}
	for i := range list {
		list[i] = strings.ToUpper(list[i])
	}
	switch {
	case len(list) == 0:
		return "ANY"
	case slices.Contains(list, "POST"):
		return "POST"
	}
	return list[0]
}

func stringsOf(n *node) []string {
	if n == nil {
		return nil
	}
	switch n.kind {
	case kString, kTemplate:
		return []string{n.text}
	case kList, kDict:
		var out []string
		for _, a := range n.args {
			if a.x != nil && a.x.kind == kString {
				out = append(out, a.x.text)
			}
		}
		return out
	}
	return nil
}

// classPrefix is the path that a controller's class stands at.
func (pr *program) classPrefix(g *fn) string {
	prefix := ""
	if g.class == nil {
		return ""
	}
	for _, m := range g.class.marks {
		switch m.last() {
		case "RequestMapping", "Route", "Path", "Controller", "RoutePrefix":
			if m.kind != kCall {
				continue
			}
			for _, a := range m.args {
				if list := stringsOf(a.x); len(list) > 0 && (a.name == "" || a.name == "value" || a.name == "path") {
					prefix = "/" + strings.Trim(list[0], "/")
				}
			}
		}
	}
	name := strings.TrimSuffix(g.class.name, "Controller")
	prefix = strings.NewReplacer("[controller]", name, "[Controller]", name, "[action]", g.name).Replace(prefix)
	if pr.lang == Java || pr.lang == Kotlin {
		for _, key := range []string{"server.servlet.context-path", "spring.webflux.base-path", "micronaut.server.context-path"} {
			if list, ok := pr.config.Property(g.unit.Path, key); ok && len(list) > 0 && list[0].Kind == FromLiteral {
				prefix = "/" + strings.Trim(list[0].Text, "/") + prefix
				break
			}
		}
	}
	return prefix
}

// actionRoutes reads REST framework's @action, JAX-RS's @POST @Path, and views
// whose method a decorator limits (they are found where they are mounted).
func (pr *program) actionRoutes(g *fn, m *node) []*Route {
	if (pr.lang == Java || pr.lang == Kotlin) && m.x.last() == "Path" && g.class != nil && len(m.args) > 0 {
		r := &Route{Method: "GET", Path: pr.classPrefix(g) + "/" + strings.TrimPrefix(literalArg(m, 0), "/"), File: g.unit.Path, Line: m.line, handler: g, Sure: true}
		for _, o := range g.marks {
			if o.last() == "POST" || o.last() == "PUT" {
				r.Method = o.last()
			}
		}
		return []*Route{r}
	}
	if m.x.last() != "action" || g.class == nil || pr.lang != Python {
		return nil
	}
	name := strings.ReplaceAll(g.name, "_", "_")
	method, detail := "GET", false
	for _, a := range m.args {
		switch a.name {
		case "url_path":
			if t := stringsOf(a.x); len(t) > 0 {
				name = t[0]
			}
		case "methods":
			method = methodsOf(a.x)
		case "detail":
			detail = a.x != nil && a.x.text == "True"
		}
	}
	if detail {
		name = "{id}/" + name
	}
	var out []*Route
	for _, c := range pr.calls["register"] {
		if len(c.n.args) < 2 || c.n.args[1].x.last() != g.class.name {
			continue
		}
		for _, pre := range pr.djangoPrefixes(c.fn.unit, c.n.x.x.path()) {
			out = append(out, &Route{Method: method, Path: pre + "/" + strings.Trim(literalArg(c.n, 0), "/") + "/" + name + "/", File: c.fn.unit.Path, Line: c.n.line, handler: g, Sure: true})
		}
	}
	return out
}

// routerPrefixes gives the paths under which a router of Python stands: its own
// prefix after those with which it is included.
func (pr *program) routerPrefixes(n *node, f frame, depth int) []string {
	if n == nil || depth > 5 {
		return []string{""}
	}
	own := ""
	name := n.last()
	u := f.fn.unit
	var at *write
	find := func() {
		for g := f.fn; g != nil && at == nil; g = g.parent {
			for _, w := range pr.writesIn(name, g) {
				at = w
			}
		}
		if at == nil {
			for _, w := range pr.topWrites(name, u) {
				at = w
			}
		}
	}
	find()
	if at == nil || at.x == nil || at.x.kind != kCall {
		return []string{""}
	}
	for _, a := range at.x.args {
		if a.name == "prefix" || a.name == "url_prefix" {
			for _, s := range pr.sources(a.x, frame{fn: at.fn}) {
				if s.Kind == FromLiteral {
					own = s.Text
				}
			}
		}
	}
	var out []string
	for _, how := range []string{"include_router", "register_blueprint", "mount", "include_routers"} {
		for _, c := range pr.calls[how] {
			i := 0
			if how == "mount" {
				i = 1
			}
			if len(c.n.args) <= i || !pr.sameRouter(c.n.args[i].x, c.fn, at) {
				continue
			}
			pre := ""
			replaced := false
			if how == "mount" {
				pre = literalArg(c.n, 0)
			}
			for _, a := range c.n.args {
				if a.name == "prefix" || a.name == "url_prefix" {
					for _, s := range pr.sources(a.x, frame{fn: c.fn}) {
						if s.Kind == FromLiteral {
							pre, replaced = s.Text, a.name == "url_prefix"
						}
					}
				}
			}
			for _, outer := range pr.routerPrefixes(c.n.x.x, frame{fn: c.fn}, depth+1) {
				if replaced && how == "register_blueprint" { // it takes the place of the blueprint's own
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
func (pr *program) sameRouter(n *node, f *fn, at *write) bool {
	if n == nil {
		return false
	}
	u := at.fn.unit
	switch n.kind {
	case kName:
		if f.unit == u && n.text == at.name {
			return true
		}
		full, m := f.unit.imports[n.text], f.unit.from[n.text]
		for g := f; g != nil; g = g.parent {
			if full != "" {
				break
			}
		}
		return m != "" && lastPart(full) == at.name && (isModule(u.Path, m) || strings.HasSuffix(path.Dir(u.Path), lastPart(m)))
	case kMember:
		m := n.x.last()
		return n.text == at.name && (isModule(u.Path, m) || isModule(u.Path, f.unit.imports[m]) && f.unit.imports[m] != "")
	}
	return false
}
