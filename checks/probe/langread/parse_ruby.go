package langread

// rbStatement reads a statement of Ruby.
func (p *parser) rbStatement() *stmt {
	t := p.peek()
	if t.kind == tokPunct && (t.text == ";" || t.text == "}" || t.text == ")" || t.text == "]" || t.text == ",") || t.kind == tokName && t.text == "end" {
		p.next()
		return nil
	}
	var s *stmt
	if t.kind == tokName {
		switch t.text {
		case "def":
			return p.rbDef()
		case "private", "protected", "public", "private_class_method", "module_function", "memoize":
			if n := p.ahead(1); !n.first && n.text == "def" {
				p.next()
				return p.rbDef()
			}
		case "class", "module":
			return p.rbClass(t)
		case "if", "unless", "while", "until", "case", "for", "begin":
			s = p.rbBlock(t)
			p.rbModifiers(s)
			return s
		case "else", "elsif", "when", "rescue", "ensure", "in", "then", "do":
			p.next()
			if t.text != "else" && t.text != "ensure" && t.text != "then" && t.text != "do" && !p.ends() {
				x := p.expr()
				for p.take(",") {
					p.expr()
				}
				if p.take("=>") {
					p.expr()
				}
				p.take("then")
				return &stmt{kind: sExpr, line: t.line, x: x}
			}
			return nil
		case "return", "next", "break", "redo", "retry", "raise", "fail":
			if t.text == "raise" || t.text == "fail" {
				break
			}
			p.next()
			s = &stmt{kind: sReturn, text: t.text, line: t.line}
			if !p.ends() && !p.rbModifier() {
				s.x = p.expr()
				for p.take(",") {
					p.expr()
				}
			}
			p.rbModifiers(s)
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
	p.rbModifiers(s)
	return s
}

func (p *parser) rbModifier() bool {
	t := p.peek()
	return t.kind == tokName && (t.text == "if" || t.text == "unless" || t.text == "while" || t.text == "until" || t.text == "rescue")
}

// rbModifiers reads x if y, and moves to the end of the line.
func (p *parser) rbModifiers(s *stmt) {
	for !p.ends() && p.rbModifier() {
		p.next()
		x := p.expr()
		if p.is("=") || p.is("||=") { // next unless x = y
			p.next()
			p.expr()
		}
		if x != nil && s != nil && s.kind != sBlock && s.kind != sAssign {
			s.body = append(s.body, &stmt{kind: sExpr, x: x, line: x.line})
		}
	}
	p.rbLineEnd()
}

func (p *parser) rbLineEnd() {
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
func (p *parser) rbBody() []*stmt {
	var list []*stmt
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

func (p *parser) rbDef() *stmt {
	t := p.next()
	s := &stmt{kind: sFunc, line: t.line, name: p.next().text}
	for p.is(".") { // def self.x
		p.next()
		s.name = p.next().text
	}
	if p.is("=") && p.ahead(1).text == "(" && !p.ahead(1).space { // def x=(v)
		p.next()
	}
	switch {
	case p.is("("):
		s.params = p.rbParams(p.peek().match)
	case !p.peek().first && !p.is(";") && !p.is("="):
		s.params = p.rbParams(-1)
	}
	if p.is("=") && !p.peek().first { // def x = y
		p.next()
		line := p.peek().line
		if x := p.expr(); x != nil {
			s.body = []*stmt{{kind: sReturn, x: x, line: line, end: line}}
		}
		s.end = line
		return s
	}
	s.body = p.rbBody()
	s.end = p.toks[max(0, p.pos-1)].line
	return s
}

// rbParams reads the parameters of a method; end is the closing bracket, -1
// where the line ends them.
func (p *parser) rbParams(end int) []param {
	var list []param
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
			q := param{name: p.next().text}
			if p.take("=") || p.take(":") && !p.is(",") && !p.is(")") && !p.peek().first {
				q.value = p.expr()
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

func (p *parser) rbClass(t *token) *stmt {
	p.next()
	s := &stmt{kind: sClass, text: t.text, line: t.line}
	if p.is("<") && p.ahead(1).text == "<" { // class << self
		p.next()
		p.next()
		p.expr()
		s.kind, s.text = sBlock, "self"
		s.body = p.rbBody()
		return s
	}
	p.take("::")
	for p.peek().kind == tokName {
		s.name = p.next().text
		if !p.take("::") {
			break
		}
	}
	if p.take("<") {
		if x := p.expr(); x != nil {
			s.base = append(s.base, x.last())
		}
	}
	s.body = p.rbBody()
	s.end = p.toks[max(0, p.pos-1)].line
	return s
}

// rbBlock reads if … end and its like.
func (p *parser) rbBlock(t *token) *stmt {
	p.next()
	s := &stmt{kind: sBlock, text: t.text, line: t.line}
	outer := p.noBrace
	p.noBrace = true // do belongs to the loop
	if t.text != "begin" && !p.ends() {
		s.x = p.expr()
		if p.is("=") { // if x = y
			p.next()
			s.body = append(s.body, &stmt{kind: sAssign, text: "=", targets: []*node{s.x}, x: p.expr(), line: t.line})
		}
		for p.take(",") || p.take("in") {
			p.expr()
		}
	}
	p.noBrace = outer
	p.take("then")
	p.take("do")
	s.body = append(s.body, p.rbBody()...)
	s.end = p.toks[max(0, p.pos-1)].line
	return s
}

// command reads what Ruby calls without brackets, and blocks after do.
func (p *parser) command(x *node) *node {
	if p.lang.family != famRuby {
		return nil
	}
	t := p.peek()
	if t.kind == tokName && t.text == "do" && !p.noBrace && (x.kind == kName || x.kind == kMember || x.kind == kCall) {
		p.next()
		return p.rbAttach(x, p.rbBlockFrom())
	}
	if x.kind != kName && x.kind != kMember || !t.space || !p.rbStarts(t) {
		return nil
	}
	if x.kind == kName && reserved(p.lang, x.text) {
		return nil
	}
	c := &node{kind: kCall, x: x, line: x.line}
	outer := p.noBrace
	p.noBrace = true
	for {
		if a, ok := p.argument(); ok {
			c.args = append(c.args, a)
		}
		if !p.is(",") {
			break
		}
		p.next() // a list goes on after a comma, on the next line too
		if k := p.peek(); k.first {
			p.toks[p.pos].first = false
		}
	}
	p.noBrace = outer
	return c
}

// rbStarts reports whether a token begins an argument.
func (p *parser) rbStarts(t *token) bool {
	n := p.ahead(1)
	switch t.kind {
	case tokString, tokNumber:
		return true
	case tokName:
		return !rubyKeywords[t.text] && t.text != "end" && t.text != "rescue" && t.text != "ensure" && t.text != "do"
	}
	switch t.text {
	case "[", "::", "->", "!":
		return !n.space || t.text == "->" || t.text == "["
	case "*", "&", "**", ":", "-":
		return !n.space
	}
	return false
}

// rbAttach gives a call its block.
func (p *parser) rbAttach(x, f *node) *node {
	if x.kind != kCall {
		x = &node{kind: kCall, x: x, line: x.line}
	}
	x.args = append(x.args, arg{x: f})
	return x
}

// rbBlockArg reads { |a| … } or do |a| … end.
func (p *parser) rbBlockArg() *node {
	t := p.peek()
	if t.kind == tokName && t.text == "do" {
		p.next()
		return p.rbBlockFrom()
	}
	f := &node{kind: kFunc, line: t.line}
	if !p.is("{") || t.match < 0 {
		return f
	}
	p.next()
	p.rbBars(f)
	outer := p.noBrace
	p.noBrace = false
	f.body = p.until(t.match)
	p.noBrace = outer
	return f
}

// rbBlockFrom reads a block whose do is read already.
func (p *parser) rbBlockFrom() *node {
	f := &node{kind: kFunc, line: p.peek().line}
	p.rbBars(f)
	outer := p.noBrace
	p.noBrace = false
	f.body = p.rbBody()
	p.noBrace = outer
	return f
}

// rbBars reads |a, b|.
func (p *parser) rbBars(f *node) {
	if p.take("||") || !p.take("|") {
		return
	}
	for p.peek().kind != tokEOF && !p.take("|") {
		if k := p.next(); k.kind == tokName {
			f.params = append(f.params, param{name: k.text})
		}
	}
}

// rbLambda reads ->(x) { … }.
func (p *parser) rbLambda() *node {
	p.next()
	var params []param
	if p.is("(") {
		params = p.rbParams(p.peek().match)
	}
	for p.peek().kind == tokName && !p.is("do") {
		params = append(params, param{name: p.next().text})
		p.take(",")
	}
	f := p.rbBlockArg()
	f.params = append(params, f.params...)
	return f
}
