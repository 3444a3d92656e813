package project

import (
	"slices"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
)

// plainRoutes are those of servers without a router, which compare the
// request's path themselves: if (req.url === '/token').
func (p *Reader) plainRoutes(s *server) []routeAt {
	var out []routeAt
	for _, m := range s.mods {
		if !m.HandlesRequests() {
			continue
		}
		add := func(path, method string, line int) {
			if method == "" {
				method = "ANY"
			}
			if strings.HasPrefix(path, "/") && !slices.ContainsFunc(out, func(r routeAt) bool { return r.mod == m && r.Path == path && r.Line == line }) {
				out = append(out, routeAt{facts.Route{Method: method, Path: path, File: m.Rel, Line: line}, m})
			}
		}
		for _, i := range m.Ifs {
			path, method, not := comparedIn(i.Cond, 8)
			if not {
				path = refusedPath(i.Cond, 8)
				method = ""
			}
			if path != "" {
				add(path, method, max(1, i.Line))
			}
		}
		for _, c := range m.Compared {
			if isPathName(c.Name) && !slices.ContainsFunc(out, func(r routeAt) bool { return r.mod == m && r.Path == c.Text && abs(r.Line-c.Line) < 2 }) {
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
	if path, _, _ := comparedIn(e, 1); path != "" {
		return path
	}
	for _, x := range e.Parts {
		if path := refusedPath(x, depth-1); path != "" {
			return path
		}
	}
	if e.On != nil {
		return refusedPath(*e.On, depth-1)
	}
	return ""
}
