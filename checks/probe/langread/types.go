package langread

import "strings"

// typeOf finds the class of an object, as far as declarations tell.
func (pr *program) typeOf(n *node, f frame, depth int) *class {
	if n == nil || depth > 6 || pr.steps > maxSteps {
		return nil
	}
	pr.steps++
	one := func(name string) *class {
		list := pr.classes[lastPart(strings.TrimLeft(name, "*?&"))]
		if len(list) == 1 {
			return list[0]
		}
		for _, c := range list {
			if f.fn != nil && c.unit == f.fn.unit {
				return c
			}
		}
		return nil
	}
	switch n.kind {
	case kDict:
		return one(n.x.path())
	case kCall:
		if n.made || pr.lang != Go && n.x.kind == kName {
			if c := one(n.x.last()); c != nil {
				return c
			}
		}
		if n.x.last() == "new" {
			return one(n.x.x.path())
		}
		if fns := pr.reachable(n, f); len(fns) == 1 {
			for _, s := range returnsOf(fns[0]) {
				if c := pr.typeOf(s, frame{fn: fns[0]}, depth+1); c != nil {
					return c
				}
			}
		}
	case kName:
		if b, ok := f.bound[n.text]; ok {
			return pr.typeOf(b.n, b.f, depth+1)
		}
		for g := f.fn; g != nil; g = g.parent {
			if q, i := g.param(n.text); i >= 0 {
				if q.typ == "recv" {
					return g.class
				}
				if c := one(q.typ); c != nil {
					return c
				}
				if q.value != nil {
					if c := pr.dependency(q, g, depth); c != nil {
						return c
					}
				}
				return nil
			}
			for _, w := range pr.writesIn(n.text, g) {
				if c := pr.typeOfWrite(w, one, depth); c != nil {
					return c
				}
			}
		}
		if f.fn.class != nil {
			for _, w := range pr.fieldWrites(n.text, f.fn.class, false) {
				if c := pr.typeOfWrite(w, one, depth); c != nil {
					return c
				}
			}
		}
		for _, w := range pr.topWrites(n.text, f.fn.unit) {
			if c := pr.typeOfWrite(w, one, depth); c != nil {
				return c
			}
		}
	case kMember:
		c := f.fn.class
		if !isSelf(n.x.path(), f.fn) {
			c = pr.typeOf(n.x, f, depth+1)
		}
		if c == nil {
			if m := f.fn.unit.imports[n.x.path()]; m != "" {
				for _, w := range pr.ofModule(n.text, m) {
					if t := pr.typeOfWrite(w, one, depth); t != nil {
						return t
					}
				}
			}
			return nil
		}
		for _, w := range pr.writes[n.text] {
			if w.class == c || w.owner == c.name {
				if t := pr.typeOfWrite(w, one, depth); t != nil {
					return t
				}
			}
		}
		for _, w := range pr.writes["$"+n.text] {
			if w.class == c {
				if t := pr.typeOfWrite(w, one, depth); t != nil {
					return t
				}
			}
		}
		for _, m := range c.methods { // parameters that are fields
			if q, i := m.param("$" + n.text); i >= 0 && m.name == "__construct" {
				return one(q.typ)
			}
		}
	}
	return nil
}

func (pr *program) typeOfWrite(w *write, one func(string) *class, depth int) *class {
	if w.typ != "" {
		if c := one(w.typ); c != nil {
			return c
		}
	}
	if w.x == nil {
		return nil
	}
	return pr.typeOf(w.x, frame{fn: w.fn}, depth+1)
}

// dependency is the class of what FastAPI's Depends(f) hands in.
func (pr *program) dependency(q param, g *fn, depth int) *class {
	if q.value == nil || q.value.kind != kCall || q.value.x.last() != "Depends" || len(q.value.args) == 0 {
		return nil
	}
	call := &node{kind: kCall, x: q.value.args[0].x, line: q.value.line}
	return pr.typeOf(call, frame{fn: g}, depth+1)
}

// returnsOf are the expressions that a function gives back.
func returnsOf(g *fn) []*node {
	var out []*node
	var visit func(list []*stmt)
	visit = func(list []*stmt) {
		for _, s := range list {
			if s.kind == sFunc || s.kind == sClass {
				continue
			}
			if s.kind == sReturn && s.x != nil {
				x := s.x
				if x.kind == kList && len(x.args) > 0 && g.unit.lang.name == Go {
					x = x.args[0].x
				}
				out = append(out, x)
			}
			visit(s.body)
		}
	}
	visit(g.body)
	if n := len(g.body); n > 0 && g.unit.lang.name == Ruby && g.body[n-1].x != nil && g.body[n-1].kind != sReturn {
		out = append(out, g.body[n-1].x)
	}
	return out
}
