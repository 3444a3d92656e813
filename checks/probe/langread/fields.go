package langread

import (
	"slices"

	"badsig/checks/probe/langread/flow"
	"badsig/checks/probe/langread/syntax"
)

// fields are the fields of the body, and the parameters of the query, that a
// handler reads; the user first.
func fields(pr *flow.Program, h *syntax.Fn, s *flow.Site) (body, query []string) {
	add := func(src flow.Source) {
		list := &body
		switch src.Kind {
		case flow.FromQuery:
			list = &query
		case flow.FromBody:
		default:
			return
		}
		if src.Name != "" && !slices.Contains(*list, src.Name) && len(*list) < 12 {
			*list = append(*list, src.Name)
		}
	}
	if n := len(s.User.Links); n > 0 && (s.User.Kind == flow.FromBody || s.User.Kind == flow.FromQuery) {
		if l := s.User.Links[n-1]; l.File == h.Unit.Path && l.Line >= h.Line && (l.Line <= h.End || h.Node != nil) || h.Parent == nil {
			add(s.User)
		}
	}
	var look func(n *syntax.Node)
	look = func(n *syntax.Node) {
		if n == nil {
			return
		}
		switch n.Kind {
		case syntax.KIndex, syntax.KCall, syntax.KMember:
			if src, ok := flow.Input(pr, n, flow.Frame{Fn: h}); ok {
				add(src)
				for _, a := range n.Args {
					look(a.X)
				}
				return
			}
		}
		if n.Kind == syntax.KCall && n.X != nil && n.X.Kind == syntax.KMember { // a method's name isn't a field
			look(n.X.X)
		} else {
			look(n.X)
		}
		look(n.Y)
		look(n.Z)
		for _, a := range n.Args {
			look(a.Key)
			look(a.X)
		}
	}
	var visit func(list []*syntax.Stmt)
	visit = func(list []*syntax.Stmt) {
		for _, st := range list {
			if st.Kind == syntax.SFunc || st.Kind == syntax.SClass {
				continue
			}
			look(st.X)
			for _, t := range st.Targets {
				if t != nil && t.Kind != syntax.KMember {
					look(t)
				}
			}
			visit(st.Body)
		}
	}
	visit(h.Body)
	return body, query
}
