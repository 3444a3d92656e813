package langread

import (
	"badsig/checks/probe/langread/flow"
	"badsig/checks/probe/langread/syntax"
)

// wraps finds the lines of the signing function that change the token.
func wraps(pr *flow.Program, s *flow.Site) {
	f := s.Fn
	held := map[string]bool{}
	var holds func(n *syntax.Node) bool
	holds = func(n *syntax.Node) bool {
		if n == nil {
			return false
		}
		if n == s.N || n.Kind == syntax.KName && held[n.Text] {
			return true
		}
		switch n.Kind {
		case syntax.KMember:
			return holds(n.X)
		case syntax.KCall:
			_, i, ok := flow.HandsOn(n, n.X.Last())
			return ok && (i < 0 && holds(n.X.X) || i >= 0 && i < len(n.Args) && holds(n.Args[i].X))
		}
		return false
	}
	note := func(how, as string, n *syntax.Node) {
		if len(s.Wraps) < 8 {
			s.Wraps = append(s.Wraps, flow.Wrap{How: how, As: as, File: f.Unit.Path, Line: n.Line})
		}
	}
	var visit func(list []*syntax.Stmt)
	visit = func(list []*syntax.Stmt) {
		for _, st := range list {
			if st.Kind == syntax.SAssign && len(st.Targets) > 0 && st.Targets[0] != nil && st.Targets[0].Kind == syntax.KName && holds(st.X) {
				held[st.Targets[0].Text] = true
			}
			st.X.EachOutside(func(n *syntax.Node) {
				switch n.Kind {
				case syntax.KBinary:
					if (n.Text == "+" || n.Text == ".") && n.X != nil && n.Y != nil {
						if n.X.Kind == syntax.KString && holds(n.Y) {
							note("prefix", n.X.Text, n)
						} else if n.Y.Kind == syntax.KString && holds(n.X) {
							note("suffix", n.Y.Text, n)
						}
					}
				case syntax.KIndex:
					if holds(n.X) && (n.Y == nil || n.Y.Kind != syntax.KString) {
						note("slice", "", n)
					}
				case syntax.KDict:
					for _, a := range n.Args {
						if holds(a.X) {
							name := a.Name
							if a.Key != nil {
								name = a.Key.Text
							}
							note("field", name, a.X)
						}
					}
				case syntax.KCall:
					switch n.X.Last() {
					case "substr", "substring", "Substring", "slice", "mb_substr":
						if len(n.Args) > 0 && (holds(n.Args[0].X) || holds(n.X.X)) {
							note("slice", "", n)
						}
					case "base64_encode", "b64encode", "urlencode", "quote", "EncodeToString", "ToBase64String":
						if len(n.Args) > 0 && holds(n.Args[0].X) {
							note("encode", n.X.Last(), n)
						}
					case "set_cookie", "SetCookie", "setcookie":
						for _, a := range n.Args {
							if holds(a.X) {
								note("cookie", flow.LiteralArg(n, 0), n)
							}
						}
					default:
						for _, a := range n.Args {
							if a.Name != "" && holds(a.X) && a.Name != "key" {
								note("field", a.Name, a.X)
							}
						}
					}
				}
			})
			visit(st.Body)
		}
	}
	visit(f.Body)
}
