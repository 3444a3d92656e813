package langread

import (
	"badsig/checks/affix"
	"badsig/checks/probe/langread/flow"
	"badsig/checks/probe/langread/syntax"
)

// payload reads the claims of a dictionary, or of a variable that holds one.
func payload(pr *flow.Program, s *flow.Site, n *syntax.Node, fr flow.Frame, depth int) {
	if n == nil || depth > 5 {
		s.Open = true
		return
	}
	switch n.Kind {
	case syntax.KDict:
		for _, a := range n.Args {
			name := a.Name
			if a.Key != nil && (a.Key.Kind == syntax.KString || a.Key.Kind == syntax.KName) {
				name = a.Key.Text
				if a.Key.Kind == syntax.KName && pr.Lang == syntax.Go {
					name = claimName(pr, a.Key.Text, n)
				}
			}
			if a.X != nil && name != "" {
				flow.AddClaim(pr, s, name, a.X, fr)
				s.Open = s.Open || a.Key != nil && a.Key.Kind == syntax.KName && pr.Lang != syntax.Go && pr.Lang != syntax.Ruby // {CLAIM: x}
			} else if a.X != nil {
				payload(pr, s, a.X, fr, depth+1) // an embedded struct, or **payload
			}
		}
	case syntax.KName:
		s.Open = s.Open || written(pr, n.Text, fr.Fn)
		for g := fr.Fn; g != nil; g = g.Parent {
			for _, w := range pr.WritesIn(n.Text, g) {
				payload(pr, s, w.X, flow.Frame{Fn: w.Fn, Bound: fr.Bound}, depth+1)
			}
			if q, i := g.Param(n.Text); i >= 0 {
				for _, c := range pr.CallersOf(g) {
					payload(pr, s, flow.ArgumentFor(g, c.N, i, q.Name), flow.Frame{Fn: c.Fn}, depth+1)
				}
				return
			}
		}
		if len(s.Claims) == 0 && s.Claim("user_id") == nil {
			s.Open = true
		}
		for _, name := range []string{"user_id", "exp", "iat"} {
			for _, w := range pr.Writes[name] { // payload["user_id"] = x
				if w.How == flow.WKey && w.Object == n.Text && w.Fn.Inside(fr.Fn) {
					flow.AddClaim(pr, s, name, w.X, flow.Frame{Fn: w.Fn})
				}
			}
		}
	case syntax.KCall:
		name := n.X.Last()
		if name == "array_merge" || name == "merge" || name == "mapOf" || name == "of" || name == "dict" || name == "MapClaims" {
			payload(pr, s, &syntax.Node{Kind: syntax.KDict, Args: n.Args, Line: n.Line}, fr, depth+1)
			for _, a := range n.Args {
				payload(pr, s, a.X, fr, depth+1)
			}
			return
		}
		made := flow.Reachable(pr, n, fr)
		s.Open = s.Open || len(made) == 0
		for _, g := range made {
			b := flow.Bind(pr, g, n, fr)
			for _, r := range flow.ReturnsOf(g) {
				payload(pr, s, r, b, depth+1)
			}
		}
	default:
		s.Open = true
	}
}

// written reports whether entries are put into a dictionary after it was made:
// payload["user_id"] = x, payload.put(…), payload.update(…).
func written(pr *flow.Program, name string, f *syntax.Fn) bool {
	for _, c := range pr.All {
		switch c.N.X.Last() {
		case "put", "update", "putAll", "merge!", "store", "Add", "set", "setdefault", "TryAdd":
			if c.N.X.Kind == syntax.KMember && c.N.X.X.Path() == name && (c.Fn.Inside(f) || f.Inside(c.Fn)) {
				return true
			}
		}
	}
	return pr.Opened(name)
}

// claimName is the JSON name of a field of a claims struct of Go.
func claimName(pr *flow.Program, field string, lit *syntax.Node) string {
	owner := syntax.LastPart(lit.X.Path())
	for _, w := range pr.Writes[field] {
		if w.Class != nil && w.Class.Name == owner {
			if t, _, _ := affix.Cut(flow.TagValue(w.Tag, "json"), ","); t != "" {
				return t
			}
		}
	}
	switch field {
	case "ExpiresAt":
		return "exp"
	case "IssuedAt":
		return "iat"
	case "Subject":
		return "sub"
	}
	return field
}
