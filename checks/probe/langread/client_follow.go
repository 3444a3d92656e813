package langread

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/probe/langread/flow"
	"badsig/checks/probe/langread/syntax"
)

// clientOf follows an object to the construction of Stream's client.
func clientOf(pr *flow.Program, n *syntax.Node, f flow.Frame, depth int) *client {
	if n == nil || depth > 10 || pr.Steps > flow.MaxSteps {
		return nil
	}
	pr.Steps++
	switch n.Kind {
	case syntax.KCall:
		if c := constructorOf(pr, n, f.Fn); c != nil {
			return c
		}
		for _, g := range flow.Reachable(pr, n, f) {
			b := flow.Bind(pr, g, n, f)
			for _, r := range flow.ReturnsOf(g) {
				if c := clientOf(pr, r, flow.Frame{Fn: g, Bound: b.Bound}, depth+1); c != nil {
					return c
				}
			}
		}
		if pr.Lang != syntax.Python && pr.Lang != syntax.Ruby || n.X.Kind == syntax.KMember { // factory.GetUserClient(), client.video
			if c := clientOf(pr, n.X.X, f, depth+1); c != nil {
				return c
			}
		}
		if n.X.Last() == "Depends" && len(n.Args) > 0 {
			return clientOf(pr, &syntax.Node{Kind: syntax.KCall, X: n.Args[0].X, Line: n.Line}, f, depth+1)
		}
		if n.X.Last() == "bind" || n.X.Last() == "singleton" { // Laravel's container
			for _, a := range n.Args {
				if a.X != nil && a.X.Kind == syntax.KFunc {
					return clientOf(pr, &syntax.Node{Kind: syntax.KCall, X: a.X}, f, depth+1)
				}
			}
		}
		if n.X.Kind == syntax.KFunc && n.X.Scope != nil {
			for _, r := range flow.ReturnsOf(n.X.Scope) {
				if c := clientOf(pr, r, flow.Frame{Fn: n.X.Scope}, depth+1); c != nil {
					return c
				}
			}
		}
	case syntax.KEither:
		if c := clientOf(pr, n.X, f, depth+1); c != nil {
			return c
		}
		return clientOf(pr, n.Y, f, depth+1)
	case syntax.KName:
		return clientNamed(pr, n, f, depth)
	case syntax.KMember:
		return clientMember(pr, n, f, depth)
	case syntax.KIndex: // app.config["stream"]
		if n.Y != nil && n.Y.Kind == syntax.KString {
			for _, w := range pr.Writes[n.Y.Text] {
				if w.How == flow.WKey && w.X != nil {
					if c := clientOf(pr, w.X, flow.Frame{Fn: w.Fn}, depth+1); c != nil {
						return c
					}
				}
			}
		}
	}
	return nil
}

func clientNamed(pr *flow.Program, n *syntax.Node, f flow.Frame, depth int) *client {
	if b, ok := f.Bound[n.Text]; ok {
		return clientOf(pr, b.N, b.F, depth+1)
	}
	try := func(ws []*flow.Write) *client {
		for _, w := range ws {
			if w.X == nil || w.Nth > 0 {
				continue
			}
			if c := clientOf(pr, w.X, flow.Frame{Fn: w.Fn}, depth+1); c != nil {
				return c
			}
		}
		return nil
	}
	for g := f.Fn; g != nil; g = g.Parent {
		if c := try(pr.WritesIn(n.Text, g)); c != nil {
			return c
		}
		q, i := g.Param(n.Text)
		if i < 0 {
			continue
		}
		if q.Value != nil {
			if c := clientOf(pr, q.Value, flow.Frame{Fn: g}, depth+1); c != nil {
				return c
			}
		}
		for _, m := range q.Marks {
			var dep *client
			m.EachOutside(func(x *syntax.Node) {
				if dep == nil && x.Kind == syntax.KCall && x.X.Last() == "Depends" {
					dep = clientOf(pr, x, flow.Frame{Fn: g}, depth+1)
				}
			})
			if dep != nil {
				return dep
			}
		}
		for _, c := range pr.CallersOf(g) {
			if a := flow.ArgumentFor(g, c.N, i, n.Text); a != nil {
				if cl := clientOf(pr, a, flow.Frame{Fn: c.Fn}, depth+1); cl != nil {
					return cl
				}
			}
		}
		return clientOfType(pr, q.Typ, f.Fn.Unit)
	}
	if f.Fn.Class != nil {
		ws := flow.FieldsOf(pr, n.Text, f.Fn.Class)
		if c := try(ws); c != nil {
			return c
		}
		for _, w := range ws {
			if c := clientOfType(pr, w.Typ, w.Fn.Unit); c != nil {
				return c
			}
		}
	}
	if c := try(pr.TopWrites(n.Text, f.Fn.Unit)); c != nil {
		return c
	}
	if pr.Lang == syntax.Ruby { // a method called without brackets
		return clientReturned(pr, n, f, depth)
	}
	return nil
}

// clientReturned follows a method of Ruby that is called without brackets.
func clientReturned(pr *flow.Program, n *syntax.Node, f flow.Frame, depth int) *client {
	for _, m := range flow.Reachable(pr, n, f) {
		for _, r := range flow.ReturnsOf(m) {
			if c := clientOf(pr, r, flow.Frame{Fn: m}, depth+1); c != nil {
				return c
			}
		}
	}
	return nil
}

func clientMember(pr *flow.Program, n *syntax.Node, f flow.Frame, depth int) *client {
	for _, key := range []string{n.Text, "$" + n.Text} {
		for _, w := range pr.Writes[key] {
			if w.X == nil || w.How == flow.WName && (w.Fn.Parent != nil || pr.Lang == syntax.PHP) && w.Name[0] != '@' {
				continue
			}
			if c := clientOf(pr, w.X, flow.Frame{Fn: w.Fn}, depth+1); c != nil {
				return c
			}
		}
		for _, w := range pr.Writes[key] {
			if w.How == flow.WField || w.How == flow.WName && w.Fn.Parent == nil {
				if c := clientOfType(pr, w.Typ, w.Fn.Unit); c != nil {
					return c
				}
			}
		}
	}
	if c := f.Fn.Class; c != nil {
		for _, m := range c.Methods {
			if q, i := m.Param("$" + n.Text); i >= 0 {
				if cl := clientOfType(pr, q.Typ, m.Unit); cl != nil {
					return cl
				}
			}
			if m.Name == n.Text && (pr.Lang == syntax.Ruby || pr.Lang == syntax.Python) {
				for _, r := range flow.ReturnsOf(m) {
					if cl := clientOf(pr, r, flow.Frame{Fn: m}, depth+1); cl != nil {
						return cl
					}
				}
			}
		}
	}
	if pr.Lang == syntax.Ruby {
		if c := clientReturned(pr, n, f, depth); c != nil {
			return c
		}
	}
	return clientOf(pr, n.X, f, depth+1) // client.video, StreamConfig.client
}

// clientOfType finds the only client that the program makes, for an object
// that is declared to be one and is put in by a container.
func clientOfType(pr *flow.Program, typ string, u *syntax.Unit) *client {
	t := strings.TrimLeft(typ, `*?\`)
	low := strings.ToLower(full(pr, u, t))
	if t == "" || !affix.Contains(low, "stream") && !speaksOfStream(pr, u) || !affix.Contains(strings.ToLower(syntax.LastPart(t)), "client") && !affix.Contains(strings.ToLower(syntax.LastPart(t)), "stream") {
		return nil
	}
	return onlyClient(pr)
}

// onlyClient is the client of the program, where it makes one in one way.
func onlyClient(pr *flow.Program) *client {
	var only *client
	for _, c := range pr.All {
		cl := constructorOf(pr, c.N, c.Fn)
		if cl == nil {
			continue
		}
		if only != nil && cl.secret != nil && only.secret == cl.secret { // Client.builder(key, secret), and its build()
			continue
		}
		if only != nil && only.n != cl.n {
			return nil
		}
		only = cl
	}
	if only != nil {
		only.guess = true
	}
	return only
}

// clientAlone is the one client of a program in which no token is made.
func clientAlone(pr *flow.Program) *flow.Site {
	c := onlyClient(pr)
	if c == nil {
		return nil
	}
	c.guess = false
	s := &flow.Site{Callee: c.n.X.Last(), Lang: pr.Lang, File: c.fn.Unit.Path, Line: c.n.Line, Fn: c.fn, N: c.n, Sure: true}
	fromClient(pr, s, c)
	return s
}
