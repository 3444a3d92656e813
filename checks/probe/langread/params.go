package langread

import "strings"

// paramSources follows a parameter: what its annotation says, what its callers
// give, and else its default.
func (pr *program) paramSources(g *fn, q param, i int, f frame) []Source {
	if list, ok := pr.injected(q.marks, frame{fn: g}); ok {
		return list
	}
	if s, ok := pr.handlerParam(g, q); ok {
		return []Source{s}
	}
	var out []Source
	n := 0
	for _, c := range pr.callersOf(g) {
		a := argumentFor(g, c.n, i, q.name)
		if a == nil {
			continue
		}
		if n++; n > 6 {
			break
		}
		out = append(out, pr.sources(a, frame{fn: c.fn, depth: f.depth})...)
	}
	if q.value != nil && q.value.kind != kCall {
		list := pr.sources(q.value, frame{fn: g, depth: f.depth})
		for k := range list {
			list[k].Fallback = true
		}
		out = append(out, list...)
	}
	return sureOf(out)
}

// argumentFor gives a call's argument for a function's parameter.
func argumentFor(g *fn, n *node, i int, name string) *node {
	for _, a := range n.args {
		if a.name != "" && (a.name == name || "$"+a.name == name) {
			return a.x
		}
	}
	if len(g.params) > 0 && (g.params[0].typ == "recv" || g.params[0].name == "self" || g.params[0].name == "cls") {
		i--
	}
	if i >= 0 && i < len(n.args) && n.args[i].name == "" {
		return n.args[i].x
	}
	return nil
}

// constructors are the names of the functions that make an object.
var constructors = set("constructor", "__init__", "__construct", "initialize")

// callersOf gives the calls that run a function.
func (pr *program) callersOf(g *fn) []callAt {
	var out []callAt
	switch {
	case g.node != nil || g.name == "":
		return nil
	case constructors[g.name] && g.class != nil:
		for _, c := range pr.calls[g.class.name] {
			if c.n.made || pr.lang == Python || pr.lang == Kotlin {
				out = append(out, c)
			}
		}
		for _, c := range pr.calls["new"] {
			if pr.lang == Ruby && lastPart(c.n.x.x.path()) == g.class.name {
				out = append(out, c)
			}
		}
		return out
	}
	for _, c := range pr.calls[g.name] {
		for _, h := range pr.reachable(c.n, frame{fn: c.fn}) {
			if h == g {
				out = append(out, c)
				break
			}
		}
		if len(out) >= 20 {
			break
		}
	}
	return out
}

// handlerParam tells what a framework puts into a handler's parameter.
func (pr *program) handlerParam(g *fn, q param) (Source, bool) {
	name := strings.TrimPrefix(q.name, "$")
	for _, m := range q.marks {
		if m == nil {
			continue
		}
		called := literalArg(m, 0)
		if m.kind == kCall {
			for _, a := range m.args {
				if (a.name == "name" || a.name == "value") && a.x != nil && a.x.kind == kString {
					called = a.x.text
				}
			}
		}
		if called == "" {
			called = name
		}
		switch m.last() {
		case "RequestParam", "QueryParam", "FromQuery":
			return Source{Kind: FromQuery, Name: called}, true
		case "PathVariable", "PathParam", "FromRoute":
			return Source{Kind: FromPath, Name: called}, true
		case "RequestHeader", "CookieValue", "FromHeader":
			return Source{Kind: FromSession, Name: called}, true
		}
	}
	mark := routeMark(g)
	if mark == nil && g.given != nil && strings.HasPrefix(g.given.x.last(), "Map") { // ASP.NET's MapPost("/x", (string id) => …)
		mark = g.given
	}
	if mark == nil {
		return Source{}, false
	}
	route := ""
	for _, a := range mark.args {
		if a.x != nil && (a.x.kind == kString || a.x.kind == kTemplate) && (a.name == "" || a.name == "path" || a.name == "rule") {
			route = a.x.text
			break
		}
	}
	for _, part := range strings.Split(route, "/") {
		inner := strings.Trim(part, "{}<>:*")
		if j := strings.IndexByte(inner, ':'); j >= 0 {
			if strings.HasPrefix(part, "<") {
				inner = inner[j+1:]
			} else {
				inner = inner[:j]
			}
		}
		if inner == name && inner != part {
			return Source{Kind: FromPath, Name: name}, true
		}
	}
	if pr.lang != Python && pr.lang != CSharp || name == "self" || name == "request" {
		return Source{}, false
	}
	if q.value != nil && q.value.kind == kCall {
		switch q.value.x.last() {
		case "Depends", "Security":
			if len(q.value.args) > 0 && userish(q.value.args[0].x.last()) {
				return Source{Kind: FromSession, Name: name}, true
			}
			return Source{}, false
		case "Body", "Form":
			return Source{Kind: FromBody, Name: name}, true
		case "Header", "Cookie":
			return Source{Kind: FromSession, Name: name}, true
		case "Query":
			return Source{Kind: FromQuery, Name: name}, true
		}
	}
	switch q.typ {
	case "str", "int", "string", "Guid", "long", "Optional", "UUID":
		return Source{Kind: FromQuery, Name: name}, true
	}
	return Source{}, false
}

// routeMark gives the decorator, annotation or attribute that makes a function
// the handler of a route.
func routeMark(g *fn) *node {
	for f := g; f != nil && f.node == nil; f = f.parent {
		for _, m := range f.marks {
			if m.kind == kCall && routeMarks[m.x.last()] || routeMarks[m.last()] && m.kind != kCall && m.text != "route" {
				if m.kind != kCall {
					return &node{kind: kCall, x: m, line: m.line}
				}
				return m
			}
		}
	}
	return nil
}

var routeMarks = set("get", "post", "put", "patch", "delete", "route", "api_route", "websocket", "GetMapping", "PostMapping", "PutMapping", "RequestMapping", "PatchMapping", "HttpGet", "HttpPost", "HttpPut", "Route",
	"GET", "POST", "PUT", "Get", "Post", "action", "api_view", "view", "http_get", "http_post")
