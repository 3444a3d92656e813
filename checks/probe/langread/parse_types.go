package langread

// maxSegments bounds the parts of a dotted name.
const maxSegments = 24

// typeName reads the name of a type, without what stands in <…>; "" for none.
func (p *parser) typeName() string {
	if p.lang.name == Go {
		return p.goType()
	}
	p.take("?")
	if p.peek().kind != tokName || p.ends() {
		if p.is("(") { // a function's or a tuple's
			p.toPartner()
			if p.take("->") {
				return p.typeName()
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
	for p.is("|") && p.lang.family == famPHP {
		p.next()
		p.typeName()
	}
	return name
}

// params reads (Type name = default, name: Type, …); the bracket is next.
func (p *parser) params() []param {
	end := p.peek().match
	if end < 0 {
		p.next()
		return nil
	}
	p.next()
	outer := p.inside
	p.inside++
	var list []param
	for p.pos < end {
		from := p.pos
		q := param{marks: p.marksBefore()}
		for p.peek().kind == tokName && (modifiers[p.peek().text] || p.is("val") || p.is("var") || p.is("vararg") || p.is("this") && p.lang.name == CSharp || p.is("in") || p.is("ref") || p.is("out") || p.is("params")) && p.ahead(1).kind == tokName {
			p.next()
			q.marks = append(q.marks, p.marksBefore()...)
		}
		p.param(&q, end)
		if q.name != "" {
			list = append(list, q)
		}
		for p.pos < end && !p.is(",") {
			p.toPartner()
		}
		if p.pos < end {
			p.next()
		}
		if p.pos == from {
			p.next()
		}
	}
	p.inside = outer
	p.pos = end
	p.next()
	if p.lang.name == Go {
		goTypes(list)
	}
	return list
}

// param reads one parameter in its language's order.
func (p *parser) param(q *param, end int) {
	p.take("...")
	p.take("&")
	t := p.peek()
	switch {
	case p.lang.family == famPHP:
		if t.kind == tokName && t.text[0] != '$' || t.text == "?" {
			q.typ = p.typeName()
		}
		for p.is("&") || p.is("...") {
			p.next()
		}
		if p.peek().kind == tokName {
			q.name = p.next().text
		}
	case p.lang.name == Kotlin:
		q.name = p.next().text
		if p.take(":") {
			q.typ = p.typeName()
		}
	case p.lang.name == Go:
		if t.kind != tokName {
			q.typ = p.goType()
			q.name = "_"
			return
		}
		q.name = p.next().text
		if p.pos < end && !p.is(",") {
			if p.is(".") { // a type without a name: http.ResponseWriter
				p.next()
				q.typ = q.name + "." + p.next().text
				q.name = "_"
				return
			}
			p.take("...")
			q.typ = p.goType()
		}
	default:
		q.typ = p.typeName()
		p.take("...")
		if p.peek().kind == tokName && p.pos < end {
			q.name = p.next().text
		} else {
			q.name, q.typ = q.typ, ""
		}
	}
	if p.pos < end && p.take("=") {
		q.value = p.expr()
	}
}

// goTypes gives (a, b string) both their type.
func goTypes(list []param) {
	typ := ""
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].typ != "" {
			typ = list[i].typ
		} else {
			list[i].typ = typ
		}
	}
}

// typed reads a declaration of Java and C# that begins with its type:
// a field, a variable, a property, a method, a constructor.
func (p *parser) typed(t *token) *stmt {
	typed := p.lang.typed || p.lang.family == famPHP && p.class != "" && t.kind == tokName && t.text[0] != '$'
	if !typed || t.kind != tokName && t.text != "?" && t.text != "(" {
		return nil
	}
	mark, broken, at := p.pos, p.broken, p.brokeAt
	back := func() *stmt {
		p.pos, p.broken, p.brokeAt = mark, broken, at
		return nil
	}
	s := &stmt{line: t.line}
	if p.class == t.text && p.ahead(1).text == "(" && p.lang.family == famC { // a constructor
		p.next()
		s.kind, s.name = sFunc, "constructor"
		return p.funcRest(s)
	}
	if p.is("<") {
		p.skipGeneric()
	}
	if reserved(p.lang, t.text) || t.text == "new" || t.text == "throw" || t.text == "await" {
		return back()
	}
	s.typ = p.typeName()
	n := p.peek()
	if s.typ == "" || n.kind != tokName || operators[n.text] || p.lang.newlines && n.first {
		return back()
	}
	s.name = p.next().text
	target := &node{kind: kName, text: s.name, line: n.line}
	if p.is("<") && p.lang.family == famC {
		p.skipGeneric()
	}
	switch k := p.peek(); {
	case k.kind != tokPunct:
		return back()
	case k.text == "(" && p.lang.family == famC:
		s.kind = sFunc
		return p.funcRest(s)
	case k.text == "=":
		p.next()
		s.kind, s.targets, s.text = sAssign, []*node{target}, "="
		s.x = p.expr()
		for p.take(",") {
			p.expr()
			if p.take("=") {
				p.expr()
			}
		}
	case k.text == ";" || k.text == "," || k.text == ":":
		s.kind, s.targets = sField, []*node{target}
		for !p.is(";") && !p.ends() {
			p.toPartner()
		}
	case k.text == "{" && p.lang.name == CSharp: // a property
		s.kind, s.targets = sField, []*node{target}
		p.toPartner()
		if p.take("=") {
			s.kind, s.text = sAssign, "="
			s.x = p.expr()
		}
	case k.text == "=>":
		p.next()
		s.kind, s.targets, s.text = sAssign, []*node{target}, "="
		s.x = p.expr()
	default:
		return back()
	}
	p.take(";")
	return s
}

// goType reads a type of Go: *a.B, []T, map[K]V, func(…) …, chan T.
func (p *parser) goType() string {
	name := ""
	for range 20 {
		t := p.peek()
		switch {
		case t.kind == tokPunct && (t.text == "*" || t.text == "..." || t.text == "<-"):
			p.next()
			name += "*"
		case t.kind == tokPunct && t.text == "[":
			p.toPartner()
			name += "[]"
		case t.kind == tokName && t.text == "map":
			p.next()
			if p.is("[") {
				p.toPartner()
			}
			name += "map."
		case t.kind == tokName && t.text == "chan":
			p.next()
		case t.kind == tokName && (t.text == "struct" || t.text == "interface"):
			p.next()
			if p.is("{") {
				p.toPartner()
			}
			return name + t.text
		case t.kind == tokName && t.text == "func":
			p.next()
			if p.is("(") {
				p.toPartner()
			}
			if p.is("(") {
				p.toPartner()
			} else if p.peek().kind == tokName && !p.ends() {
				p.goType()
			}
			return "func"
		case t.kind == tokName:
			name += p.next().text
			for n := 0; n < maxSegments && p.is(".") && p.ahead(1).kind == tokName; n++ {
				p.next()
				name += "." + p.next().text
			}
			return name
		default:
			return name
		}
	}
	return name
}

// goFunc reads func(w http.ResponseWriter, r *http.Request) { … }.
func (p *parser) goFunc() *node {
	t := p.next()
	f := &node{kind: kFunc, line: t.line}
	if p.is("(") {
		f.params = p.params()
	}
	if p.is("(") {
		p.toPartner()
	}
	for !p.is("{") && !p.ends() && !p.is(",") {
		if (p.is("interface") || p.is("struct")) && p.ahead(1).text == "{" {
			p.next()
		}
		p.toPartner()
	}
	if p.is("{") {
		outer, in := p.noBrace, p.inside
		p.noBrace, p.inside = false, 0
		f.body = p.block()
		p.noBrace, p.inside = outer, in
	}
	return f
}

// goTypeDecl reads type X struct { … }.
func (p *parser) goTypeDecl() *stmt {
	t := p.next()
	if p.is("(") {
		end := p.peek().match
		p.next()
		s := &stmt{kind: sBlock, line: t.line}
		for p.pos < end {
			from := p.pos
			if c := p.goTypeOf(); c != nil {
				s.body = append(s.body, c)
			}
			if p.pos == from {
				p.next()
			}
		}
		if end > 0 {
			p.pos = end
			p.next()
		}
		return s
	}
	return p.goTypeOf()
}

func (p *parser) goTypeOf() *stmt {
	s := &stmt{kind: sClass, name: p.next().text, line: p.peek().line}
	if p.is("[") && p.ahead(1).text != "]" {
		p.toPartner()
	}
	p.take("=")
	if !p.is("struct") {
		if p.is("interface") {
			p.next()
			p.toPartner()
			return s
		}
		s.base = append(s.base, p.goType())
		return s
	}
	p.next()
	s.body = p.goFields()
	return s
}

// goFields reads the fields of a struct, with their tags.
func (p *parser) goFields() []*stmt {
	end := p.peek().match
	if !p.is("{") || end < 0 {
		return nil
	}
	p.next()
	var list []*stmt
	for p.pos < end {
		from := p.pos
		f := &stmt{kind: sField, line: p.peek().line}
		var names []*token
		for p.peek().kind == tokName {
			names = append(names, p.next())
			if !p.take(",") {
				break
			}
		}
		for _, t := range names {
			f.targets = append(f.targets, &node{kind: kName, text: t.text, line: t.line})
		}
		if len(names) > 0 {
			f.name = names[0].text
		}
		if p.pos < end && !p.peek().first {
			if p.is("struct") {
				p.next()
				f.body = p.goFields()
			} else {
				f.typ = p.goType()
			}
		}
		if t := p.peek(); t.kind == tokString && !t.first {
			f.tag = p.next().text
		}
		for p.pos < end && !p.peek().first {
			p.toPartner()
		}
		if len(names) > 0 {
			list = append(list, f)
		}
		if p.pos == from {
			p.next()
		}
	}
	p.pos = end
	p.next()
	return list
}

// goVar reads name Type = value after var or const.
func (p *parser) goVar() *stmt {
	t := p.peek()
	s := &stmt{kind: sAssign, text: "=", line: t.line}
	for p.peek().kind == tokName {
		k := p.next()
		s.targets = append(s.targets, &node{kind: kName, text: k.text, line: k.line})
		if !p.take(",") {
			break
		}
	}
	if p.is("struct") && p.ahead(1).text == "{" { // its fields have tags
		p.next()
		s.typ, s.body = "struct", p.goFields()
	} else if !p.is("=") && !p.ends() {
		s.typ = p.goType()
	}
	if !p.take("=") {
		s.kind = sField
		if len(s.targets) > 0 {
			s.name = s.targets[0].text
		}
		return s
	}
	s.x = p.expr()
	for p.take(",") {
		p.expr()
	}
	return s
}

// phpFunc reads function (…) use (…) { … } and fn (…) => ….
func (p *parser) phpFunc() *node {
	p.take("static")
	t := p.next()
	p.take("&")
	f := &node{kind: kFunc, line: t.line}
	if p.is("(") {
		f.params = p.params()
	}
	if p.take("use") && p.is("(") {
		p.toPartner()
	}
	if p.take(":") {
		p.typeName()
	}
	outer, in := p.noBrace, p.inside
	defer func() { p.noBrace, p.inside = outer, in }()
	if p.is("{") {
		p.noBrace, p.inside = false, 0
		f.body = p.block()
	} else if p.is("=>") {
		p.next()
		line := p.peek().line
		if x := p.expr(); x != nil {
			f.body = []*stmt{{kind: sReturn, x: x, line: line, end: line}}
		}
	}
	return f
}
