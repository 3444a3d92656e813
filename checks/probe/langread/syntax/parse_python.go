package syntax

// pyStatement reads a statement of Python.
func pyStatement(p *parser) *Stmt {
	t := p.peek()
	if t.kind == tokPunct && (t.text == ";" || t.text == "}" || t.text == ")" || t.text == "]") {
		p.next()
		return nil
	}
	var marks []*Node
	for p.is("@") {
		p.next()
		if x := expr(p); x != nil {
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
			return pyFunc(p, marks)
		case "class":
			return pyClass(p, marks)
		case "import", "from":
			return pyImport(p, t)
		case "if", "elif", "else", "for", "while", "with", "try", "except", "finally", "match", "case":
			if (t.text == "match" || t.text == "case") && !pyHeader(p) {
				break
			}
			return pyBlock(p, t)
		case "return", "raise", "yield":
			p.next()
			s := &Stmt{Kind: SReturn, Text: t.text, Line: int(t.line)}
			if !p.ends() {
				p.take("from") // yield from
				s.X = expr(p)
				if p.is(",") && s.X != nil {
					l := &Node{Kind: KList, Line: int(t.line), Args: []Arg{{X: s.X}}}
					for p.take(",") {
						if y := expr(p); y != nil {
							l.Args = append(l.Args, Arg{X: y})
						}
					}
					s.X = l
				}
			}
			if !p.ends() && p.take("from") {
				expr(p)
			}
			pyLineEnd(p)
			return s
		case "pass", "break", "continue", "global", "nonlocal", "del", "assert":
			if k := p.ahead(1); k.kind == tokPunct && (k.text == "=" || k.text == ".") {
				break
			}
			p.next()
			for !p.ends() {
				from := p.pos
				expr(p)
				p.take(",")
				if p.pos == from {
					break
				}
			}
			pyLineEnd(p)
			return nil
		}
	}
	s := p.simple()
	pyLineEnd(p)
	return s
}

// pyHeader reports whether a colon ends this line: match is a name, too.
func pyHeader(p *parser) bool {
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

// pyLineEnd moves to the next line, or after a semicolon.
func pyLineEnd(p *parser) {
	for p.peek().kind != tokEOF && !p.peek().first {
		if p.take(";") {
			return
		}
		p.breakAt()
		p.toPartner()
	}
}

// pySuite reads the block of a statement that begins in a column.
func pySuite(p *parser, col int) []*Stmt {
	if !p.take(":") {
		pyLineEnd(p)
		return nil
	}
	if !p.peek().first { // on the same line
		var list []*Stmt
		for p.peek().kind != tokEOF && !p.peek().first {
			list = p.oneMore(list)
		}
		return list
	}
	inner := int(p.peek().col)
	var list []*Stmt
	for t := p.peek(); t.kind != tokEOF && int(t.col) > col && (int(t.col) >= inner || !t.first); t = p.peek() {
		list = p.oneMore(list)
	}
	return list
}

// lineColumn is the column of the first token of a token's line.
func lineColumn(p *parser, t *token) int {
	for i := p.pos - 1; i >= 0 && i > p.pos-2000; i-- {
		if p.toks[i].first {
			return int(p.toks[i].col)
		}
	}
	return int(t.col)
}

// pyBlock reads if, for, with, try and their like.
func pyBlock(p *parser, t *token) *Stmt {
	col := int(t.col)
	if !t.first {
		col = lineColumn(p, t)
	}
	p.next()
	s := &Stmt{Kind: SBlock, Text: t.text, Line: int(t.line)}
	for !p.is(":") && p.peek().kind != tokEOF && !p.peek().first {
		from := p.pos
		x := expr(p)
		if x != nil && s.X == nil {
			s.X = x
		}
		if p.take(":=") && x != nil {
			s.Body = append(s.Body, &Stmt{Kind: SAssign, Text: "=", Targets: []*Node{x}, X: expr(p), Line: int(t.line)})
		}
		if p.is("as") { // with open(…) as f
			p.next()
			if y := expr(p); y != nil && t.text == "with" {
				s.Body = append(s.Body, &Stmt{Kind: SAssign, Text: "=", Targets: []*Node{y}, X: x, Line: int(t.line)})
			}
		}
		if p.is("in") || p.is(",") {
			p.next()
		}
		if p.pos == from {
			p.toPartner()
		}
	}
	s.Body = append(s.Body, pySuite(p, col)...)
	s.End = int(p.toks[max(0, p.pos-1)].line)
	return s
}

func pyLambda(p *parser) *Node {
	t := p.next()
	f := p.closure(t)
	for p.peek().kind != tokEOF && !p.is(":") && !p.is(")") {
		if k := p.next(); k.kind == tokName {
			f.Params = append(f.Params, Param{Name: k.text})
		}
	}
	p.take(":")
	line := int(p.peek().line)
	if x := expr(p); x != nil {
		f.Body = []*Stmt{{Kind: SReturn, X: x, Line: line, End: line}}
	}
	return f
}
