package syntax

// maxSegments bounds the parts of a dotted name.
const maxSegments = 24

// typeName reads the name of a type, without what is in <…>; "" for none.
func typeName(p *parser) string {
	if p.lang.Name == Go {
		return goType(p)
	}
	p.take("?")
	if p.peek().kind != tokName || p.ends() {
		if p.is("(") { // a function's or a tuple's
			p.toPartner()
			if p.take("->") {
				return typeName(p)
			}
			return "()"
		}
		return ""
	}
	name := p.next().text
	for n := 0; n < maxSegments && (p.is(".") || p.is("::")) && p.ahead(1).kind == tokName; n++ {
		p.next()
		name += "." + p.next().text
	}
	if p.is("<") {
		p.skipGeneric()
	}
	for p.is("[") && p.ahead(1).text == "]" {
		p.next()
		p.next()
		name += "[]"
	}
	p.take("?")
	for p.is("|") && p.lang.Family == FamPHP {
		p.next()
		typeName(p)
	}
	return name
}

// params reads (Type name = default, name: Type, …); the bracket is next.
func params(p *parser) []Param {
	var list []Param
	p.listed(func(end int) {
		if p.lang.Name == Python {
			if q, ok := pyParam(p, end); ok {
				list = append(list, q)
			}
			return
		}
		q := Param{Marks: marksBefore(p)}
		for p.peek().kind == tokName && (modifiers[p.peek().text] || p.is("val") || p.is("var") || p.is("vararg") || p.is("this") && p.lang.Name == CSharp || p.is("in") || p.is("ref") || p.is("out") || p.is("params")) && p.ahead(1).kind == tokName {
			p.next()
			q.Marks = append(q.Marks, marksBefore(p)...)
		}
		param(p, &q, end)
		if q.Name != "" {
			list = append(list, q)
		}
	})
	if p.lang.Name == Go {
		goTypes(list)
	}
	return list
}

// param reads one parameter in its language's order.
func param(p *parser, q *Param, end int) {
	p.take("...")
	p.take("&")
	t := p.peek()
	switch {
	case p.lang.Family == FamPHP:
		if t.kind == tokName && t.text[0] != '$' || t.text == "?" {
			q.Typ = typeName(p)
		}
		for p.is("&") || p.is("...") {
			p.next()
		}
		if p.peek().kind == tokName {
			q.Name = p.next().text
		}
	case p.lang.Name == Kotlin:
		q.Name = p.next().text
		if p.take(":") {
			q.Typ = typeName(p)
		}
	case p.lang.Name == Go:
		if t.kind != tokName {
			q.Typ = goType(p)
			q.Name = "_"
			return
		}
		q.Name = p.next().text
		if p.pos < end && !p.is(",") {
			if p.is(".") { // a type without a name: http.ResponseWriter
				p.next()
				q.Typ = q.Name + "." + p.next().text
				q.Name = "_"
				return
			}
			p.take("...")
			q.Typ = goType(p)
		}
	default:
		q.Typ = typeName(p)
		p.take("...")
		if p.peek().kind == tokName && p.pos < end {
			q.Name = p.next().text
		} else {
			q.Name, q.Typ = q.Typ, ""
		}
	}
	if p.pos < end && p.take("=") {
		q.Value = expr(p)
	}
}

// typed reads a declaration of Java and C# that begins with its type:
// a field, a variable, a property, a method, a constructor.
func typed(p *parser, t *token) *Stmt {
	typed := p.lang.Typed || p.lang.Family == FamPHP && p.class != "" && (t.kind == tokName && t.text[0] != '$' || t.text == "?")
	if !typed || t.kind != tokName && t.text != "?" && t.text != "(" {
		return nil
	}
	mark, broken, at := p.pos, p.broken, p.brokeAt
	back := func() *Stmt {
		p.pos, p.broken, p.brokeAt = mark, broken, at
		return nil
	}
	s := &Stmt{Line: int(t.line)}
	if p.class == t.text && p.ahead(1).text == "(" && p.lang.Family == FamC { // a constructor
		p.next()
		s.Kind, s.Name = SFunc, "constructor"
		return p.funcRest(s)
	}
	if p.is("<") {
		p.skipGeneric()
	}
	if reserved(p.lang, t.text) || t.text == "new" || t.text == "throw" || t.text == "await" {
		return back()
	}
	s.Typ = typeName(p)
	n := p.peek()
	if s.Typ == "" || n.kind != tokName || operators[n.text] || p.lang.Newlines && n.first {
		return back()
	}
	s.Name = p.next().text
	target := &Node{Kind: KName, Text: s.Name, Line: int(n.line)}
	if p.is("<") && p.lang.Family == FamC {
		p.skipGeneric()
	}
	switch k := p.peek(); {
	case k.kind != tokPunct:
		return back()
	case k.text == "(" && p.lang.Family == FamC:
		s.Kind = SFunc
		return p.funcRest(s)
	case k.text == "=":
		p.next()
		s.Kind, s.Targets, s.Text = SAssign, []*Node{target}, "="
		s.X = expr(p)
		for p.take(",") {
			expr(p)
			if p.take("=") {
				expr(p)
			}
		}
	case k.text == ";" || k.text == "," || k.text == ":":
		s.Kind, s.Targets = SField, []*Node{target}
		for !p.is(";") && !p.ends() {
			p.toPartner()
		}
	case k.text == "{" && p.lang.Name == CSharp: // a property
		s.Kind, s.Targets = SField, []*Node{target}
		p.toPartner()
		if p.take("=") {
			s.Kind, s.Text = SAssign, "="
			s.X = expr(p)
		}
	case k.text == "=>":
		p.next()
		s.Kind, s.Targets, s.Text = SAssign, []*Node{target}, "="
		s.X = expr(p)
	default:
		return back()
	}
	p.take(";")
	return s
}

// phpFunc reads function (…) use (…) { … } and fn (…) => ….
func phpFunc(p *parser) *Node {
	p.take("static")
	t := p.next()
	p.take("&")
	f := p.closure(t)
	if p.is("(") {
		f.Params = params(p)
	}
	if p.take("use") && p.is("(") {
		p.toPartner()
	}
	if p.take(":") {
		typeName(p)
	}
	outer, in := p.noBrace, p.inside
	defer func() { p.noBrace, p.inside = outer, in }()
	if p.is("{") {
		p.noBrace, p.inside = false, 0
		f.Body = block(p)
	} else if p.is("=>") {
		p.next()
		line := int(p.peek().line)
		if x := expr(p); x != nil {
			f.Body = []*Stmt{{Kind: SReturn, X: x, Line: line, End: line}}
		}
	}
	return f
}
