package servers

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/project/picture"
)

// plainRoutes are those of servers without a router, which compare the
// request's path themselves: if (req.url === '/token').
func plainRoutes(p *picture.Reader, s *picture.Server) []picture.RouteAt {
	var out []picture.RouteAt
	for _, m := range s.Mods {
		if !m.HandlesRequests() {
			continue
		}
		add := func(path, method string, line int) {
			if method == "" {
				method = "ANY"
			}
			if affix.HasPrefix(path, "/") && !affix.Any(out, func(r picture.RouteAt) bool { return r.Mod == m && r.Path == path && r.Line == line }) {
				out = append(out, picture.RouteAt{Route: facts.Route{Method: method, Path: path, File: m.Rel, Line: line}, Mod: m})
			}
		}
		for _, i := range m.Ifs {
			path, method, not := ComparedIn(i.Cond, 8)
			if not {
				path = refusedPath(i.Cond, 8)
				method = ""
			}
			if path != "" {
				add(path, method, max(1, i.Line))
			}
		}
		for _, e := range m.Consts { // { 'POST /token': handler }
			for i, k := range e.Keys() {
				if method, route, _ := affix.Cut(k, " "); RouteMethods[strings.ToLower(method)] != "" {
					add(route, strings.ToUpper(method), max(1, e.Parts[i].Line))
				}
			}
		}
		for _, c := range m.Compared {
			if isPathName(c.Name) && !affix.Any(out, func(r picture.RouteAt) bool { return r.Mod == m && r.Path == c.Text && Abs(r.Line-c.Line) < 2 }) {
				add(c.Text, "", c.Line)
			}
		}
	}
	return out
}

// refusedPath is the path that a condition says a request must not have to be
// turned away: if (req.url !== '/token') return 404.
func refusedPath(e jsread.Expr, depth int) string {
	if depth == 0 {
		return ""
	}
	if path, _, _ := ComparedIn(e, 1); path != "" {
		return path
	}
	for _, x := range e.Parts {
		if path := refusedPath(x, depth-1); path != "" {
			return path
		}
	}
	if e.On() != nil {
		return refusedPath(*e.On(), depth-1)
	}
	return ""
}
