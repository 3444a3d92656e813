package flow

import (
	"path"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/probe/langread/syntax"
)

// walk files what statements say.
func (pr *Program) walk(list []*syntax.Stmt, f *syntax.Fn, c *syntax.Class) {
	for _, s := range list {
		for _, m := range s.Marks {
			pr.visit(m, f, nil)
		}
		switch s.Kind {
		case syntax.SImport:
			for _, n := range s.Names {
				full := n[0]
				if s.Text != "" {
					f.Unit.From[n[1]] = s.Text
					full = s.Text + "." + n[0]
				}
				f.Unit.Imports[n[1]] = full
			}
		case syntax.SClass:
			pr.walkClass(s, f, c)
			continue
		case syntax.SFunc:
			g := &syntax.Fn{Unit: f.Unit, Class: c, Name: s.Name, Params: s.Params, Body: s.Body, Marks: s.Marks, Line: s.Line, End: s.End, Parent: f}
			if s.Recv != "" {
				g.Class = pr.classOf(f.Unit, s.Recv)
			}
			s.Fn = g
			pr.addFn(g)
			pr.paramsOf(g)
			pr.walk(s.Body, g, g.Class)
			continue
		case syntax.SField:
			pr.field(s, f, c)
			for _, inner := range s.Body { // Stream struct { … } of Go
				if inner.Kind == syntax.SField {
					inner.Around = s
				}
			}
		case syntax.SExpr:
			if s.Typ != "" && c != nil && s.X != nil && s.X.Kind == syntax.KName { // Python: name: type
				pr.addWrite(&Write{Name: s.X.Text, How: WField, Fn: f, Class: c, Typ: s.Typ, Line: s.Line})
				c.Fields = append(c.Fields, s)
			}
		case syntax.SAssign:
			pr.assignment(s, f, c)
		}
		for _, t := range s.Targets {
			pr.visit(t, f, nil)
		}
		pr.visit(s.X, f, nil)
		pr.walk(s.Body, f, c)
	}
}

// classOf finds a type of Go by its name, which may be declared later.
func (pr *Program) classOf(u *syntax.Unit, name string) *syntax.Class {
	for _, c := range pr.Classes[name] {
		if path.Dir(c.Unit.Path) == path.Dir(u.Path) {
			return c
		}
	}
	c := &syntax.Class{Unit: u, Name: name}
	pr.Classes[name] = append(pr.Classes[name], c)
	return c
}

func (pr *Program) walkClass(s *syntax.Stmt, f *syntax.Fn, outer *syntax.Class) {
	var c *syntax.Class
	if pr.Lang == syntax.Go {
		c = pr.classOf(f.Unit, s.Name)
	} else {
		c = &syntax.Class{Unit: f.Unit, Name: s.Name}
		pr.Classes[s.Name] = append(pr.Classes[s.Name], c)
	}
	c.Base, c.Marks, c.Params, c.Outer, c.Line = s.Base, s.Marks, s.Params, outer, s.Line
	for _, q := range s.Params { // a record's or a primary constructor's
		pr.addWrite(&Write{Name: q.Name, How: WField, X: q.Value, Fn: f, Class: c, Typ: q.Typ, marks: q.Marks, Line: s.Line})
	}
	for _, m := range s.Body {
		if m.Kind == syntax.SField || m.Kind == syntax.SAssign {
			c.Fields = append(c.Fields, m)
		}
	}
	pr.walk(s.Body, f, c)
}

// paramsOf files the defaults of parameters, and PHP's parameters that are fields.
func (pr *Program) paramsOf(g *syntax.Fn) {
	for _, q := range g.Params {
		pr.visit(q.Value, g, nil)
		for _, m := range q.Marks {
			pr.visit(m, g, nil)
		}
	}
}

func (pr *Program) field(s *syntax.Stmt, f *syntax.Fn, c *syntax.Class) {
	for _, t := range s.Targets {
		w := &Write{Name: t.Text, How: WField, Fn: f, Class: c, Typ: s.Typ, Tag: s.Tag, marks: s.Marks, Line: t.Line}
		if s.Around != nil {
			w.within, w.holder = insideOf(s.Around), s.Around.Name
		}
		if f.Parent != nil || c == nil {
			w.How = WName
		}
		pr.addWrite(w)
	}
}

func (pr *Program) assignment(s *syntax.Stmt, f *syntax.Fn, c *syntax.Class) {
	for i, t := range s.Targets {
		if t == nil {
			continue
		}
		w := &Write{Name: t.Last(), Fn: f, Class: c, X: s.X, op: s.Text, Nth: i, Typ: s.Typ, marks: s.Marks, Line: t.Line}
		if len(s.Targets) > 1 && s.X != nil && s.X.Kind == syntax.KList && i < len(s.X.Args) {
			w.X, w.Nth = s.X.Args[i].X, 0
		}
		switch t.Kind {
		case syntax.KName:
			if c != nil && f.Class != c { // in a class's body, outside its methods
				w.How = WField
			}
		case syntax.KMember:
			w.How, w.Object = wMember, t.X.Path()
		case syntax.KIndex:
			if len(pr.opened) < 20_000 {
				pr.opened[t.X.Path()] = true
			}
			if t.Y == nil || t.Y.Kind != syntax.KString {
				continue
			}
			w.How, w.Name, w.Object = WKey, t.Y.Text, t.X.Path()
		default:
			continue
		}
		pr.addWrite(w)
	}
}

// visit files the calls, literals and functions of an expression.
func (pr *Program) visit(n *syntax.Node, f *syntax.Fn, keys []string) {
	if n == nil {
		return
	}
	switch n.Kind {
	case syntax.KFunc:
		g := &syntax.Fn{Unit: f.Unit, Class: f.Class, Params: n.Params, Body: n.Body, Line: n.Line, End: n.Line, Parent: f, Node: n}
		n.Scope = g
		pr.addFn(g)
		pr.paramsOf(g)
		pr.walk(n.Body, g, f.Class)
		return
	case syntax.KCall:
		c := CallAt{n, f}
		pr.All = append(pr.All, c)
		pr.home[n] = f
		if name := n.X.Last(); name != "" {
			pr.Calls[name] = append(pr.Calls[name], c)
		}
		pr.visit(n.X, f, nil)
		for _, a := range n.Args {
			if a.Name != "" && a.X != nil {
				pr.addWrite(&Write{Name: a.Name, How: WKey, X: a.X, Fn: f, Class: f.Class, keys: keys, Owner: n.X.Last(), Line: a.X.Line})
			}
			pr.visit(a.Key, f, nil)
			pr.visit(a.X, f, nil)
			if a.X != nil && a.X.Kind == syntax.KFunc && a.X.Scope != nil {
				a.X.Scope.Given = n
			}
		}
		return
	case syntax.KDict:
		pr.visit(n.X, f, nil)
		for _, a := range n.Args {
			name := a.Name
			if a.Key != nil && (a.Key.Kind == syntax.KString || a.Key.Kind == syntax.KName) {
				name = a.Key.Text
			}
			if name != "" && a.X != nil {
				pr.addWrite(&Write{Name: name, How: WKey, X: a.X, Fn: f, Class: f.Class, keys: keys, Owner: syntax.LastPart(strings.TrimLeft(n.X.Path(), "*")), Line: a.X.Line})
			}
			pr.visit(a.Key, f, nil)
			pr.visit(a.X, f, append(keys[:len(keys):len(keys)], name))
		}
		return
	case syntax.KIndex, syntax.KMember:
		if len(pr.indexes) < 20_000 {
			pr.indexes = append(pr.indexes, CallAt{n, f})
		}
		pr.mayCall(n, f)
	case syntax.KName:
		pr.mayCall(n, f)
	case syntax.KBinary:
		if n.Text == "==" || n.Text == "===" || n.Text == "!=" || n.Text == "!==" {
			for _, s := range [][2]*syntax.Node{{n.X, n.Y}, {n.Y, n.X}} {
				if s[0] != nil && s[0].Kind == syntax.KString && affix.HasPrefix(s[0].Text, "/") && speaksOfPath(s[1]) {
					pr.Texts = append(pr.Texts, textAt{s[0].Text, n.Line, f})
				}
			}
		}
	case syntax.KOther:
		pr.walk(n.Body, f, f.Class)
	}
	pr.visit(n.X, f, nil)
	pr.visit(n.Y, f, nil)
	pr.visit(n.Z, f, nil)
	for _, a := range n.Args {
		pr.visit(a.Key, f, nil)
		pr.visit(a.X, f, keys)
	}
}

// mayCall notes a name that is a call in Ruby, where brackets may be left out.
func (pr *Program) mayCall(n *syntax.Node, f *syntax.Fn) {
	if pr.Lang == syntax.Ruby && n.Kind != syntax.KIndex && len(pr.bare[n.Text]) < 200 {
		pr.bare[n.Text] = append(pr.bare[n.Text], CallAt{n, f})
	}
}

// speaksOfPath tells an expression that holds a request's path.
func speaksOfPath(n *syntax.Node) bool {
	found := false
	n.EachOutside(func(x *syntax.Node) {
		low := strings.ToLower(x.Text)
		if (x.Kind == syntax.KName || x.Kind == syntax.KMember || x.Kind == syntax.KString) && (affix.Contains(low, "path") || affix.Contains(low, "uri") || low == "$route" || low == "route") {
			found = true
		}
	})
	return found
}
