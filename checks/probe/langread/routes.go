package langread

import (
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/probe/langread/flow"
	"badsig/checks/probe/langread/syntax"
)

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
func routes(pr *flow.Program) []*flow.Route {
	var out []*flow.Route
	add := func(r *flow.Route) {
		if r == nil || len(out) > 400 {
			return
		}
		if !affix.HasPrefix(r.Path, "/") {
			r.Path = "/" + r.Path
		}
		r.Path = cleanPath(r.Path)
		if r.HandlerOf != nil {
			r.HandlerFile, r.HandlerLine = r.HandlerOf.Unit.Path, r.HandlerOf.Line
		}
		out = append(out, r)
	}
	for _, g := range pr.Fns {
		for _, m := range g.Marks {
			for _, r := range markedRoutes(pr, g, m) {
				add(r)
			}
		}
	}
	for _, c := range pr.All {
		for _, r := range calledRoutes(pr, c) {
			add(r)
		}
	}
	for _, t := range pr.Texts {
		method := "ANY"
		for f := t.Fn; f != nil; f = f.Parent {
			if m, ok := affix.CutPrefix(f.Name, "do_"); ok {
				method = m
			}
		}
		add(&flow.Route{Method: method, Path: t.Text, File: t.Fn.Unit.Path, Line: t.Line, HandlerOf: t.Fn, Sure: true})
	}
	return out
}

// cleanPath removes double slashes, and keeps the one at the end.
func cleanPath(p string) string {
	for affix.Contains(p, "//") {
		p = affix.ReplaceAll(p, "//", "/")
	}
	return p
}

// markedRoutes reads the routes of decorators, annotations and attributes.
func markedRoutes(pr *flow.Program, g *syntax.Fn, m *syntax.Node) []*flow.Route {
	call := m
	if call.Kind != syntax.KCall {
		if pr.Lang != syntax.CSharp && pr.Lang != syntax.Java && pr.Lang != syntax.Kotlin {
			return nil
		}
		call = &syntax.Node{Kind: syntax.KCall, X: m, Line: m.Line}
	}
	method, ok := verbs[call.X.Last()]
	if !ok || pr.Lang == syntax.Python && call.X.Kind != syntax.KMember || call.X.Last() == "Route" && pr.Lang == syntax.CSharp && hasVerb(g) {
		return actionRoutes(pr, g, call)
	}
	r := &flow.Route{Method: method, File: g.Unit.Path, Line: call.Line, HandlerOf: g, Sure: true}
	paths := []string{""}
	for i, a := range call.Args {
		switch {
		case a.Name == "methods" || a.Name == "method" || a.Key != nil && a.Key.Text == "methods":
			r.Method = methodsOf(a.X)
		case a.Name == "value" || a.Name == "path" || a.Name == "rule" || a.Name == "template" || a.Name == "" && i == 0:
			if list := stringsOf(a.X); len(list) > 0 {
				paths = list
			} else if a.X != nil {
				r.Sure = false
				for _, s := range pr.Sources(a.X, flow.Frame{Fn: g}) {
					if s.Kind == flow.FromLiteral {
						paths, r.Sure = []string{s.Text}, true
					}
				}
			}
		}
	}
	if method == "ANY" && pr.Lang == syntax.Python && call.X.Last() == "route" && r.Method == "ANY" {
		r.Method = "GET" // Flask's default
	}
	var prefixes []string
	if pr.Lang == syntax.Python {
		prefixes = routerPrefixes(pr, call.X.X, flow.Frame{Fn: g}, 0)
	} else {
		prefixes = []string{classPrefix(pr, g)}
	}
	var out []*flow.Route
	for _, pre := range prefixes {
		for _, p := range paths {
			x := *r
			x.Path = pre + "/" + affix.TrimPrefix(p, "/")
			if p == "" || p == "/" && pre != "" && pr.Lang != syntax.Python {
				x.Path = pre
			}
			if affix.HasPrefix(p, "~/") {
				x.Path = p[1:]
			}
			out = append(out, &x)
		}
	}
	return out
}

func hasVerb(g *syntax.Fn) bool {
	for _, m := range g.Marks {
		if affix.HasPrefix(m.Last(), "Http") {
			return true
		}
	}
	return false
}

// methodsOf reads ["GET", "POST"], RequestMethod.POST, 'post'.
func methodsOf(n *syntax.Node) string {
	if n == nil {
		return "ANY"
	}
	list := stringsOf(n)
	if len(list) == 0 {
		if l := n.Last(); l != "" {
			list = []string{l}
		}
		for _, a := range n.Args {
			if l := a.X.Last(); l != "" {
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

//go:noinline
func stringsOf(n *syntax.Node) []string {
	if n == nil {
		return nil
	}
	switch n.Kind {
	case syntax.KString, syntax.KTemplate:
		return []string{n.Text}
	case syntax.KList, syntax.KDict:
		var out []string
		for _, a := range n.Args {
			if a.X != nil && a.X.Kind == syntax.KString {
				out = append(out, a.X.Text)
			}
		}
		return out
	}
	return nil
}
