package langread

import (
	"badsig/checks/probe/langread/flow"
	"badsig/checks/probe/langread/syntax"
)

// reply is the line on which a handler responds after it has the token: the
// last statement of the block in which it signs, or calls what does. The zero
// place where that wasn't found.
func reply(h *syntax.Fn, s *flow.Site, reach map[*syntax.Fn]int) flow.Place {
	names := map[string]bool{}
	for f := range reach {
		if f.Name != "" && f != h {
			names[f.Name] = true
		}
	}
	leads := func(n *syntax.Node) bool {
		found := false
		n.EachOutside(func(x *syntax.Node) {
			found = found || x == s.N || x.Kind == syntax.KCall && names[x.X.Last()] || x.Kind == syntax.KMember && names[x.Text] && s.Lang == syntax.Ruby
		})
		return found
	}
	line := 0
	var visit func(list []*syntax.Stmt) bool
	visit = func(list []*syntax.Stmt) bool {
		here := false
		for _, st := range list {
			if st.Kind == syntax.SFunc || st.Kind == syntax.SClass {
				continue
			}
			if visit(st.Body) {
				return true
			}
			here = here || leads(st.X)
		}
		if !here {
			return false
		}
		for i := len(list) - 1; i >= 0; i-- {
			if st := list[i]; st.X != nil && (st.Kind == syntax.SReturn || st.Kind == syntax.SExpr) {
				line = st.Line
				return true
			}
		}
		return false
	}
	if !visit(h.Body) || line == 0 {
		return flow.Place{}
	}
	return flow.Place{File: h.Unit.Path, Line: line}
}
