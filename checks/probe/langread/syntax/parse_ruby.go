package syntax

// rbStatement reads a statement of Ruby.
func rbStatement(p *parser) *Stmt {
	t := p.peek()
	if t.kind == tokPunct && (t.text == ";" || t.text == "}" || t.text == ")" || t.text == "]" || t.text == ",") || t.kind == tokName && t.text == "end" {
		p.next()
		return nil
	}
	var s *Stmt
	if t.kind == tokName {
		switch t.text {
		case "def":
			return rbDef(p)
		case "private", "protected", "public", "private_class_method", "module_function", "memoize":
			if n := p.ahead(1); !n.first && n.text == "def" {
				p.next()
				return rbDef(p)
			}
		case "class", "module":
			return rbClass(p, t)
		case "if", "unless", "while", "until", "case", "for", "begin":
			s = rbBlock(p, t)
			rbModifiers(p, s)
			return s
		case "else", "elsif", "when", "rescue", "ensure", "in", "then", "do":
			p.next()
			if t.text != "else" && t.text != "ensure" && t.text != "then" && t.text != "do" && !p.ends() {
				x := expr(p)
				for p.take(",") {
					expr(p)
				}
				if p.take("=>") {
					expr(p)
				}
				p.take("then")
				return &Stmt{Kind: SExpr, Line: int(t.line), X: x}
			}
			return nil
		case "return", "next", "break", "redo", "retry", "raise", "fail":
			if t.text == "raise" || t.text == "fail" {
				break
			}
			p.next()
			s = &Stmt{Kind: SReturn, Text: t.text, Line: int(t.line)}
			if !p.ends() && !rbModifier(p) {
				s.X = expr(p)
				for p.take(",") {
					expr(p)
				}
			}
			rbModifiers(p, s)
			return s
		case "BEGIN", "END", "alias", "undef":
			for p.next(); !p.ends(); p.next() {
			}
			return nil
		}
	}
	s = p.simple()
	if s == nil {
		return nil
	}
	rbModifiers(p, s)
	return s
}

func rbModifier(p *parser) bool {
	t := p.peek()
	return t.kind == tokName && (t.text == "if" || t.text == "unless" || t.text == "while" || t.text == "until" || t.text == "rescue")
}

// rbModifiers reads x if y, and moves to the end of the line.
func rbModifiers(p *parser, s *Stmt) {
	for !p.ends() && rbModifier(p) {
		p.next()
		x := expr(p)
		if p.is("=") || p.is("||=") { // next unless x = y
			p.next()
			expr(p)
		}
		if x != nil && s != nil && s.Kind != SBlock && s.Kind != SAssign {
			s.Body = append(s.Body, &Stmt{Kind: SExpr, X: x, Line: x.Line})
		}
	}
	rbLineEnd(p)
}

func rbLineEnd(p *parser) {
	for !p.ends() {
		if t := p.peek(); t.kind == tokName && t.text == "end" {
			return
		}
		p.breakAt()
		p.toPartner()
	}
	p.take(";")
}

// rbBody reads statements up to the end that closes a block.
func rbBody(p *parser) []*Stmt {
	var list []*Stmt
	outer := p.inside
	p.inside = 0
	defer func() { p.inside = outer }()
	for p.peek().kind != tokEOF {
		if t := p.peek(); t.kind == tokName && t.text == "end" {
			p.next()
			return list
		}
		if p.is("}") && outer > 0 {
			return list
		}
		list = p.oneMore(list)
	}
	return list
}

func rbDef(p *parser) *Stmt {
	t := p.next()
	s := &Stmt{Kind: SFunc, Line: int(t.line), Name: p.next().text}
	for p.is(".") { // def self.x
		p.next()
		s.Name = p.next().text
	}
	if p.is("=") && p.ahead(1).text == "(" && !p.ahead(1).space { // def x=(v)
		p.next()
	}
	switch {
	case p.is("("):
		s.Params = rbParams(p, int(p.peek().match))
	case !p.peek().first && !p.is(";") && !p.is("="):
		s.Params = rbParams(p, -1)
	}
	if p.is("=") && !p.peek().first { // def x = y
		p.next()
		line := int(p.peek().line)
		if x := expr(p); x != nil {
			s.Body = []*Stmt{{Kind: SReturn, X: x, Line: line, End: line}}
		}
		s.End = line
		return s
	}
	s.Body = rbBody(p)
	s.End = int(p.toks[max(0, p.pos-1)].line)
	return s
}

// rbParams reads the parameters of a method; end is the closing bracket, -1
// where they go up to the newline.
func rbParams(p *parser, end int) []Param {
	var list []Param
	open := p.is("(")
	if open {
		p.next()
		p.inside++
	}
	for (end < 0 && !open && !p.peek().first || p.pos < end) && p.peek().kind != tokEOF && !p.is(";") {
		from := p.pos
		p.take("*")
		p.take("**")
		p.take("&")
		if p.peek().kind == tokName {
			q := Param{Name: p.next().text}
			if p.take("=") || p.take(":") && !p.is(",") && !p.is(")") && !p.peek().first {
				q.Value = expr(p)
			}
			list = append(list, q)
		}
		p.take(",")
		if p.pos == from {
			p.next()
		}
	}
	if open {
		p.inside--
		if end > 0 {
			p.pos = end
		}
		p.next()
	}
	return list
}

func rbClass(p *parser, t *token) *Stmt {
	p.next()
	s := &Stmt{Kind: SClass, Text: t.text, Line: int(t.line)}
	if p.is("<") && p.ahead(1).text == "<" { // class << self
		p.next()
		p.next()
		expr(p)
		s.Kind, s.Text = SBlock, "self"
		s.Body = rbBody(p)
		return s
	}
	p.take("::")
	for p.peek().kind == tokName {
		s.Name = p.next().text
		if !p.take("::") {
			break
		}
	}
	if p.take("<") {
		if x := expr(p); x != nil {
			s.Base = append(s.Base, x.Last())
		}
	}
	s.Body = rbBody(p)
	s.End = int(p.toks[max(0, p.pos-1)].line)
	return s
}
