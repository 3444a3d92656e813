package langread

// pyStatement reads a statement of Python.
func (p *parser) pyStatement() *stmt {
	t := p.peek()
	if t.kind == tokPunct && (t.text == ";" || t.text == "}" || t.text == ")" || t.text == "]") {
		p.next()
		return nil
	}
	var marks []*node
	for p.is("@") {
		p.next()
		if x := p.expr(); x != nil {
			marks = append(marks, x)
		} else {
			p.skip()
		}
	}
	t = p.peek()
	if t.kind == tokName && t.text == "async" {
		p.next()
		t = p.peek()
	}
	if t.kind == tokName {
		switch t.text {
		case "def":
			return p.pyFunc(marks)
		case "class":
			return p.pyClass(marks)
		case "import", "from":
			return p.pyImport(t)
		case "if", "elif", "else", "for", "while", "with", "try", "except", "finally", "match", "case":
			if (t.text == "match" || t.text == "case") && !p.pyHeader() {
				break
			}
			return p.pyBlock(t)
		case "return", "raise", "yield":
			p.next()
			s := &stmt{kind: sReturn, text: t.text, line: t.line}
			if !p.ends() {
				p.take("from") // yield from
				s.x = p.expr()
				if p.is(",") && s.x != nil {
					l := &node{kind: kList, line: t.line, args: []arg{{x: s.x}}}
					for p.take(",") {
						if y := p.expr(); y != nil {
							l.args = append(l.args, arg{x: y})
						}
					}
					s.x = l
				}
			}
			if !p.ends() && p.take("from") {
				p.expr()
			}
			p.pyLineEnd()
			return s
		case "pass", "break", "continue", "global", "nonlocal", "del", "assert":
			if k := p.ahead(1); k.kind == tokPunct && (k.text == "=" || k.text == ".") {
				break
			}
			p.next()
			for !p.ends() {
				from := p.pos
				p.expr()
				p.take(",")
				if p.pos == from {
					break
				}
			}
			p.pyLineEnd()
			return nil
		}
	}
	s := p.simple()
	p.pyLineEnd()
	return s
}

// pyHeader reports whether this line ends in a colon: match is a name, too.
func (p *parser) pyHeader() bool {
	last := ""
	for i := 1; i < 200; i++ {
		t := p.ahead(i)
		if t.kind == tokEOF || t.first {
			break
		}
		last = t.text
	}
	return last == ":"
}

// pyLineEnd moves to the next line, or behind a semicolon.
func (p *parser) pyLineEnd() {
	for p.peek().kind != tokEOF && !p.peek().first {
		if p.take(";") {
			return
		}
		p.breakAt()
		p.toPartner()
	}
}

// pySuite reads the block of a statement that begins in a column.
func (p *parser) pySuite(col int) []*stmt {
	if !p.take(":") {
		p.pyLineEnd()
		return nil
	}
	if !p.peek().first { // on the same line
		var list []*stmt
		for p.peek().kind != tokEOF && !p.peek().first {
			from := p.pos
			if s := p.statement(); s != nil {
				list = append(list, s)
			}
			if p.pos == from {
				p.next()
			}
		}
		return list
	}
	inner := p.peek().col
	var list []*stmt
	for t := p.peek(); t.kind != tokEOF && t.col > col && (t.col >= inner || !t.first); t = p.peek() {
		from := p.pos
		if s := p.statement(); s != nil {
			list = append(list, s)
		}
		if p.pos == from {
			p.next()
		}
	}
	return list
}

func (p *parser) pyFunc(marks []*node) *stmt {
	t := p.next()
	col := p.lineColumn(t)
	s := &stmt{kind: sFunc, name: p.next().text, line: t.line, marks: marks}
	if p.is("[") {
		p.toPartner()
	}
	if p.is("(") {
		s.params = p.pyParams()
	}
	if p.take("->") {
		p.expr()
	}
	s.body = p.pySuite(col)
	s.end = p.toks[max(0, p.pos-1)].line
	return s
}

// lineColumn is the column of the first token of a token's line.
func (p *parser) lineColumn(t *token) int {
	for i := p.pos - 1; i >= 0 && i > p.pos-2000; i-- {
		if p.toks[i].first {
			return p.toks[i].col
		}
	}
	return t.col
}

func (p *parser) pyParams() []param {
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
		p.take("*")
		p.take("**")
		if t := p.peek(); t.kind == tokName && p.pos < end {
			q := param{name: p.next().text}
			if p.take(":") {
				x := p.expr()
				q.typ = x.path()
				if x != nil && x.kind == kIndex { // Annotated[X, Depends(f)], Optional[X]
					q.typ = x.y.path()
					q.marks = append(q.marks, x)
				}
			}
			if p.take("=") {
				q.value = p.expr()
			}
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
	return list
}

func (p *parser) pyClass(marks []*node) *stmt {
	t := p.next()
	col := p.lineColumn(t)
	s := &stmt{kind: sClass, name: p.next().text, line: t.line, marks: marks}
	if p.is("[") {
		p.toPartner()
	}
	if p.is("(") {
		for _, a := range p.group() {
			if b := a.x.last(); b != "" && a.name == "" {
				s.base = append(s.base, b)
			}
		}
	}
	s.body = p.pySuite(col)
	s.end = p.toks[max(0, p.pos-1)].line
	return s
}

func (p *parser) pyImport(t *token) *stmt {
	p.next()
	s := &stmt{kind: sImport, line: t.line}
	name := func() string {
		out := ""
		for n := 0; n < 3*maxSegments && !p.ends() && (p.peek().kind == tokName || p.is(".") || p.is("...")) && !p.is("import") && !p.is("as"); n++ {
			out += p.next().text
		}
		return out
	}
	if t.text == "import" {
		for {
			m := name()
			local := m
			if p.take("as") {
				local = p.next().text
			}
			s.names = append(s.names, [2]string{m, local})
			if !p.take(",") {
				break
			}
		}
		p.pyLineEnd()
		return s
	}
	s.text = name()
	if !p.take("import") {
		p.pyLineEnd()
		return s
	}
	if p.is("(") {
		p.next()
	}
	for p.peek().kind == tokName || p.is("*") {
		n := p.next().text
		local := n
		if p.take("as") {
			local = p.next().text
		}
		s.names = append(s.names, [2]string{n, local})
		if !p.take(",") {
			break
		}
		if p.peek().first && s.text != "" && p.toks[p.pos-1].text != "," {
			break
		}
	}
	p.take(")")
	p.pyLineEnd()
	return s
}

// pyBlock reads if, for, with, try and their like.
func (p *parser) pyBlock(t *token) *stmt {
	col := t.col
	if !t.first {
		col = p.lineColumn(t)
	}
	p.next()
	s := &stmt{kind: sBlock, text: t.text, line: t.line}
	for !p.is(":") && p.peek().kind != tokEOF && !p.peek().first {
		from := p.pos
		x := p.expr()
		if x != nil && s.x == nil {
			s.x = x
		}
		if p.take(":=") && x != nil {
			s.body = append(s.body, &stmt{kind: sAssign, text: "=", targets: []*node{x}, x: p.expr(), line: t.line})
		}
		if p.is("as") { // with open(…) as f
			p.next()
			if y := p.expr(); y != nil && t.text == "with" {
				s.body = append(s.body, &stmt{kind: sAssign, text: "=", targets: []*node{y}, x: x, line: t.line})
			}
		}
		if p.is("in") || p.is(",") {
			p.next()
		}
		if p.pos == from {
			p.toPartner()
		}
	}
	s.body = append(s.body, p.pySuite(col)...)
	s.end = p.toks[max(0, p.pos-1)].line
	return s
}

func (p *parser) pyLambda() *node {
	t := p.next()
	f := &node{kind: kFunc, line: t.line}
	for p.peek().kind != tokEOF && !p.is(":") && !p.is(")") {
		if k := p.next(); k.kind == tokName {
			f.params = append(f.params, param{name: k.text})
		}
	}
	p.take(":")
	line := p.peek().line
	if x := p.expr(); x != nil {
		f.body = []*stmt{{kind: sReturn, x: x, line: line, end: line}}
	}
	return f
}
