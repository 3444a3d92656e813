package syntax

// rbBlock reads if … end and its like.
func rbBlock(p *parser, t *token) *Stmt {
	p.next()
	s := &Stmt{Kind: SBlock, Text: t.text, Line: int(t.line)}
	outer := p.noBrace
	p.noBrace = true // do belongs to the loop
	if t.text != "begin" && !p.ends() {
		s.X = expr(p)
		if p.is("=") { // if x = y
			p.next()
			s.Body = append(s.Body, &Stmt{Kind: SAssign, Text: "=", Targets: []*Node{s.X}, X: expr(p), Line: int(t.line)})
		}
		for p.take(",") || p.take("in") {
			expr(p)
		}
	}
	p.noBrace = outer
	p.take("then")
	p.take("do")
	s.Body = append(s.Body, rbBody(p)...)
	s.End = int(p.toks[max(0, p.pos-1)].line)
	return s
}

// command reads what Ruby calls without brackets, and blocks after do.
func command(p *parser, x *Node) *Node {
	if p.lang.Family != FamRuby {
		return nil
	}
	t := p.peek()
	if t.kind == tokName && t.text == "do" && !p.noBrace && (x.Kind == KName || x.Kind == KMember || x.Kind == KCall) {
		p.next()
		return rbAttach(p, x, rbBlockFrom(p))
	}
	if x.Kind != KName && x.Kind != KMember || !t.space || !rbStarts(p, t) {
		return nil
	}
	if x.Kind == KName && reserved(p.lang, x.Text) {
		return nil
	}
	c := &Node{Kind: KCall, X: x, Line: x.Line}
	outer := p.noBrace
	p.noBrace = true
	for {
		if a, ok := argument(p); ok {
			c.Args = append(c.Args, a)
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
func rbStarts(p *parser, t *token) bool {
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
func rbAttach(p *parser, x, f *Node) *Node {
	if x.Kind != KCall {
		x = &Node{Kind: KCall, X: x, Line: x.Line}
	}
	x.Args = append(x.Args, Arg{X: f})
	return x
}

// rbBlockArg reads { |a| … } or do |a| … end.
func rbBlockArg(p *parser) *Node {
	t := p.peek()
	if t.kind == tokName && t.text == "do" {
		p.next()
		return rbBlockFrom(p)
	}
	f := p.closure(t)
	if !p.is("{") || t.match < 0 {
		return f
	}
	p.next()
	rbBars(p, f)
	outer := p.noBrace
	p.noBrace = false
	f.Body = until(p, int(t.match))
	p.noBrace = outer
	return f
}

// rbBlockFrom reads a block whose do is read already.
func rbBlockFrom(p *parser) *Node {
	f := p.closure(p.peek())
	rbBars(p, f)
	outer := p.noBrace
	p.noBrace = false
	f.Body = rbBody(p)
	p.noBrace = outer
	return f
}

// rbBars reads |a, b|.
func rbBars(p *parser, f *Node) {
	if p.take("||") || !p.take("|") {
		return
	}
	for p.peek().kind != tokEOF && !p.take("|") {
		if k := p.next(); k.kind == tokName {
			f.Params = append(f.Params, Param{Name: k.text})
		}
	}
}

// rbLambda reads ->(x) { … }.
func rbLambda(p *parser) *Node {
	p.next()
	var params []Param
	if p.is("(") {
		params = rbParams(p, int(p.peek().match))
	}
	for p.peek().kind == tokName && !p.is("do") {
		params = append(params, Param{Name: p.next().text})
		p.take(",")
	}
	f := rbBlockArg(p)
	f.Params = append(params, f.Params...)
	return f
}
