package flow

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/probe/langread/syntax"
)

// paramSources follows a parameter: what its annotation says, what its callers
// give, and else its default.
func (pr *Program) paramSources(g *syntax.Fn, q syntax.Param, i int, f Frame) []Source {
	if list, ok := injected(pr, q.Marks, Frame{Fn: g}); ok {
		return list
	}
	if s, ok := pr.handlerParam(g, q); ok {
		return []Source{s}
	}
	if g.Class != nil && pr.Lang == syntax.PHP && g.Name == "__construct" {
		if list, ok := pr.Config.Argument(g.Class.Name, affix.TrimPrefix(q.Name, "$")); ok {
			return list
		}
	}
	var out []Source
	n := 0
	for _, c := range pr.CallersOf(g) {
		a := ArgumentFor(g, c.N, i, q.Name)
		if a == nil {
			continue
		}
		if n++; n > 6 {
			break
		}
		out = append(out, pr.Sources(a, Frame{Fn: c.Fn, depth: f.depth})...)
	}
	if q.Value != nil && q.Value.Kind != syntax.KCall {
		list := pr.Sources(q.Value, Frame{Fn: g, depth: f.depth})
		for k := range list {
			list[k].Fallback = true
		}
		out = append(out, list...)
	}
	return sureOf(out)
}

// ArgumentFor gives a call's argument for a function's parameter.
func ArgumentFor(g *syntax.Fn, n *syntax.Node, i int, name string) *syntax.Node {
	for _, a := range n.Args {
		if a.Name != "" && (a.Name == name || "$"+a.Name == name) {
			return a.X
		}
	}
	if len(g.Params) > 0 && (g.Params[0].Typ == "recv" || g.Params[0].Name == "self" || g.Params[0].Name == "cls") {
		i--
	}
	if i >= 0 && i < len(n.Args) && n.Args[i].Name == "" {
		return n.Args[i].X
	}
	return nil
}

// constructors are the names of the functions that make an object.
var constructors = syntax.Set("constructor", "__init__", "__construct", "initialize")

// CallersOf gives the calls that run a function.
func (pr *Program) CallersOf(g *syntax.Fn) []CallAt {
	var out []CallAt
	switch {
	case g.Node != nil || g.Name == "":
		return nil
	case constructors[g.Name] && g.Class != nil:
		for _, c := range pr.Calls[g.Class.Name] {
			if c.N.Made || pr.Lang == syntax.Python || pr.Lang == syntax.Kotlin {
				out = append(out, c)
			}
		}
		for _, c := range pr.Calls["new"] {
			if pr.Lang == syntax.Ruby && syntax.LastPart(c.N.X.X.Path()) == g.Class.Name {
				out = append(out, c)
			}
		}
		return out
	}
	for _, c := range pr.Calls[g.Name] {
		for _, h := range Reachable(pr, c.N, Frame{Fn: c.Fn}) {
			if h == g {
				out = append(out, c)
				break
			}
		}
		if len(out) >= 20 {
			break
		}
	}
	for _, c := range pr.bare[g.Name] {
		if len(out) >= 20 {
			break
		}
		if c.N.Kind == syntax.KName && pr.holds(c.N.Text, c.Fn) {
			continue
		}
		if h := Reachable(pr, c.N, Frame{Fn: c.Fn}); len(h) == 1 && h[0] == g {
			out = append(out, c)
		}
	}
	return out
}

// holds reports whether a name is a variable or a parameter of a function.
func (pr *Program) holds(name string, f *syntax.Fn) bool {
	for ; f != nil; f = f.Parent {
		if _, i := f.Param(name); i >= 0 || len(pr.WritesIn(name, f)) > 0 {
			return true
		}
	}
	return false
}

// handlerParam tells what a framework puts into a handler's parameter.
func (pr *Program) handlerParam(g *syntax.Fn, q syntax.Param) (Source, bool) {
	name := affix.TrimPrefix(q.Name, "$")
	for _, m := range q.Marks {
		if m == nil {
			continue
		}
		called := LiteralArg(m, 0)
		if m.Kind == syntax.KCall {
			for _, a := range m.Args {
				if (a.Name == "name" || a.Name == "value") && a.X != nil && a.X.Kind == syntax.KString {
					called = a.X.Text
				}
			}
		}
		if called == "" {
			called = name
		}
		switch m.Last() {
		case "RequestParam", "QueryParam", "FromQuery":
			return Source{Kind: FromQuery, Name: called}, true
		case "PathVariable", "PathParam", "FromRoute":
			return Source{Kind: FromPath, Name: called}, true
		case "RequestHeader", "CookieValue", "FromHeader":
			return Source{Kind: FromSession, Name: called}, true
		}
	}
	mark := routeMark(g)
	if mark == nil && g.Given != nil && affix.HasPrefix(g.Given.X.Last(), "Map") { // ASP.NET's MapPost("/x", (string id) => …)
		mark = g.Given
	}
	if mark == nil {
		return Source{}, false
	}
	route := ""
	for _, a := range mark.Args {
		if a.X != nil && (a.X.Kind == syntax.KString || a.X.Kind == syntax.KTemplate) && (a.Name == "" || a.Name == "path" || a.Name == "rule") {
			route = a.X.Text
			break
		}
	}
	for _, part := range strings.Split(route, "/") {
		inner := strings.Trim(part, "{}<>:*")
		if j := strings.IndexByte(inner, ':'); j >= 0 {
			if affix.HasPrefix(part, "<") {
				inner = inner[j+1:]
			} else {
				inner = inner[:j]
			}
		}
		if inner == name && inner != part {
			return Source{Kind: FromPath, Name: name}, true
		}
	}
	if pr.Lang != syntax.Python && pr.Lang != syntax.CSharp || name == "self" || name == "request" {
		return Source{}, false
	}
	if q.Value != nil && q.Value.Kind == syntax.KCall {
		switch q.Value.X.Last() {
		case "Depends", "Security":
			if len(q.Value.Args) > 0 && Userish(q.Value.Args[0].X.Last()) {
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
	switch q.Typ {
	case "str", "int", "string", "Guid", "long", "Optional", "UUID":
		return Source{Kind: FromQuery, Name: name}, true
	}
	return Source{}, false
}

// routeMark gives the decorator, annotation or attribute that makes a function
// the handler of a route.
func routeMark(g *syntax.Fn) *syntax.Node {
	for f := g; f != nil && f.Node == nil; f = f.Parent {
		for _, m := range f.Marks {
			if m.Kind == syntax.KCall && routeMarks[m.X.Last()] || routeMarks[m.Last()] && m.Kind != syntax.KCall && m.Text != "route" {
				if m.Kind != syntax.KCall {
					return &syntax.Node{Kind: syntax.KCall, X: m, Line: m.Line}
				}
				return m
			}
		}
	}
	return nil
}

var routeMarks = syntax.Set("get", "post", "put", "patch", "delete", "route", "api_route", "websocket", "GetMapping", "PostMapping", "PutMapping", "RequestMapping", "PatchMapping", "HttpGet", "HttpPost", "HttpPut", "Route",
	"GET", "POST", "PUT", "Get", "Post", "action", "api_view", "view", "http_get", "http_post")
