package flow

import (
	"strings"

	"badsig/checks/probe/langread/syntax"
)

// typeOf finds the class of an object, as far as declarations tell.
func (pr *Program) typeOf(n *syntax.Node, f Frame, depth int) *syntax.Class {
	if n == nil || depth > 6 || pr.Steps > MaxSteps {
		return nil
	}
	pr.Steps++
	one := func(name string) *syntax.Class {
		list := pr.Classes[syntax.LastPart(strings.TrimLeft(name, "*?&"))]
		if len(list) == 1 {
			return list[0]
		}
		for _, c := range list {
			if f.Fn != nil && c.Unit == f.Fn.Unit {
				return c
			}
		}
		return nil
	}
	switch n.Kind {
	case syntax.KDict:
		return one(n.X.Path())
	case syntax.KCall:
		if n.Made || pr.Lang != syntax.Go && n.X.Kind == syntax.KName {
			if c := one(n.X.Last()); c != nil {
				return c
			}
		}
		if t := n.X.Y; n.X.Kind == syntax.KMember && t != nil {
			return one(t.Text)
		}
		if n.X.Last() == "new" {
			return one(n.X.X.Path())
		}
		if fns := Reachable(pr, n, f); len(fns) == 1 {
			for _, s := range ReturnsOf(fns[0]) {
				if c := pr.typeOf(s, Frame{Fn: fns[0]}, depth+1); c != nil {
					return c
				}
			}
		}
	case syntax.KName:
		if b, ok := f.Bound[n.Text]; ok {
			return pr.typeOf(b.N, b.F, depth+1)
		}
		for g := f.Fn; g != nil; g = g.Parent {
			if q, i := g.Param(n.Text); i >= 0 {
				if q.Typ == "recv" {
					return g.Class
				}
				if c := one(q.Typ); c != nil {
					return c
				}
				if q.Value != nil {
					if c := pr.dependency(q, g, depth); c != nil {
						return c
					}
				}
				return nil
			}
			for _, w := range pr.WritesIn(n.Text, g) {
				if c := pr.typeOfWrite(w, one, depth); c != nil {
					return c
				}
			}
		}
		if f.Fn.Class != nil {
			for _, w := range pr.fieldWrites(n.Text, f.Fn.Class, false) {
				if c := pr.typeOfWrite(w, one, depth); c != nil {
					return c
				}
			}
		}
		for _, w := range pr.TopWrites(n.Text, f.Fn.Unit) {
			if c := pr.typeOfWrite(w, one, depth); c != nil {
				return c
			}
		}
	case syntax.KMember:
		c := f.Fn.Class
		if !isSelf(n.X.Path(), f.Fn) {
			c = pr.typeOf(n.X, f, depth+1)
		}
		if c == nil {
			if m := f.Fn.Unit.Imports[n.X.Path()]; m != "" {
				for _, w := range ofModule(pr, n.Text, m) {
					if t := pr.typeOfWrite(w, one, depth); t != nil {
						return t
					}
				}
			}
			return nil
		}
		for _, w := range pr.Writes[n.Text] {
			if w.Class == c || w.Owner == c.Name {
				if t := pr.typeOfWrite(w, one, depth); t != nil {
					return t
				}
			}
		}
		for _, w := range pr.Writes["$"+n.Text] {
			if w.Class == c {
				if t := pr.typeOfWrite(w, one, depth); t != nil {
					return t
				}
			}
		}
		for _, m := range c.Methods { // parameters that are fields
			if q, i := m.Param("$" + n.Text); i >= 0 && m.Name == "__construct" {
				return one(q.Typ)
			}
		}
	}
	return nil
}

func (pr *Program) typeOfWrite(w *Write, one func(string) *syntax.Class, depth int) *syntax.Class {
	if w.Typ != "" {
		if c := one(w.Typ); c != nil {
			return c
		}
	}
	if w.X == nil {
		return nil
	}
	return pr.typeOf(w.X, Frame{Fn: w.Fn}, depth+1)
}

// dependency is the class of what FastAPI's Depends(f) hands in.
func (pr *Program) dependency(q syntax.Param, g *syntax.Fn, depth int) *syntax.Class {
	if q.Value == nil || q.Value.Kind != syntax.KCall || q.Value.X.Last() != "Depends" || len(q.Value.Args) == 0 {
		return nil
	}
	call := &syntax.Node{Kind: syntax.KCall, X: q.Value.Args[0].X, Line: q.Value.Line}
	return pr.typeOf(call, Frame{Fn: g}, depth+1)
}

// ReturnsOf are the expressions that a function gives back.
func ReturnsOf(g *syntax.Fn) []*syntax.Node {
	var out []*syntax.Node
	var visit func(list []*syntax.Stmt)
	visit = func(list []*syntax.Stmt) {
		for _, s := range list {
			if s.Kind == syntax.SFunc || s.Kind == syntax.SClass {
				continue
			}
			if s.Kind == syntax.SReturn && s.X != nil {
				x := s.X
				if x.Kind == syntax.KList && len(x.Args) > 0 && g.Unit.Lang.Name == syntax.Go {
					x = x.Args[0].X
				}
				out = append(out, x)
			}
			visit(s.Body)
		}
	}
	visit(g.Body)
	if n := len(g.Body); n > 0 && g.Unit.Lang.Name == syntax.Ruby && g.Body[n-1].X != nil && g.Body[n-1].Kind != syntax.SReturn {
		out = append(out, g.Body[n-1].X)
	}
	return out
}
