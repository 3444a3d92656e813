package syntax

// braced reads what a brace after an expression means.
func braced(p *parser, x *Node, t *token) *Node {
	switch {
	case p.lang.Name == Go && (!p.noBrace || p.inside > 0):
		if x.Kind == KName || x.Kind == KMember {
			return &Node{Kind: KDict, X: x, Args: group(p), Line: x.Line}
		}
	case p.lang.Trailing && !t.first && !p.noBrace:
		if x.Kind == KName || x.Kind == KMember {
			return trailingBlock(p, &Node{Kind: KCall, X: x, Line: x.Line})
		}
	case p.lang.Family == FamRuby && !t.first:
		if x.Kind == KName || x.Kind == KMember || x.Kind == KCall {
			return rbAttach(p, x, rbBlockArg(p))
		}
	}
	return nil
}

// trailingBlock gives a call the block after it as its last argument.
func trailingBlock(p *parser, x *Node) *Node {
	if p.lang.Trailing && p.is("{") && !p.peek().first && !p.noBrace {
		x.Args = append(x.Args, Arg{X: closure(p)})
	}
	return x
}

// closure reads Kotlin's { a, b -> … }.
func closure(p *parser) *Node {
	t := p.peek()
	f := p.closure(t)
	end := int(t.match)
	if end < 0 {
		p.next()
		return f
	}
	for i := p.pos + 1; i < end && i < p.pos+24; i++ { // parameters
		k := p.toks[i]
		if k.kind == tokPunct && k.text == "->" {
			for _, a := range p.toks[p.pos+1 : i] {
				if a.kind == tokName {
					f.Params = append(f.Params, Param{Name: a.text})
				}
			}
			p.pos = i
			break
		}
		if k.kind != tokName && !(k.kind == tokPunct && (k.text == "," || k.text == ":" || k.text == "?" || k.text == "." || k.text == "<" || k.text == ">" || k.text == "(" || k.text == ")")) {
			break
		}
	}
	p.next()
	f.Body = until(p, end)
	return f
}

// until reads statements up to the bracket at an index, and moves after it.
func until(p *parser, end int) []*Stmt {
	var list []*Stmt
	p.reach(end, func() {
		if s := p.statement(); s != nil {
			list = append(list, s)
		}
	})
	return list
}

// block reads { … }.
func block(p *parser) []*Stmt {
	t := p.peek()
	if t.match < 0 {
		p.breakAt()
		p.next()
		return nil
	}
	p.next()
	return until(p, int(t.match))
}

// opaqueBlock skips an expression that has a block (switch, when, match), and
// keeps what is in it.
func opaqueBlock(p *parser) *Node {
	o := &Node{Kind: KOther, Line: int(p.next().line)}
	for p.is("(") || p.peek().kind == tokName && !p.ends() && !p.is("{") {
		p.toPartner()
	}
	switch {
	case p.is("{") && p.lang.Family == FamPHP: // match: conditions => value
		o.Args = group(p)
	case p.is("{"):
		o.Body = block(p)
	}
	for p.is("catch") || p.is("finally") || p.is("else") {
		p.next()
		if p.is("(") {
			p.toPartner()
		}
		if p.is("{") {
			o.Body = append(o.Body, block(p)...)
		}
	}
	return o
}

// ktIf reads if (c) a else b as a value.
func ktIf(p *parser) *Node {
	t := p.next()
	if !p.is("(") {
		return &Node{Kind: KOther, Line: int(t.line)}
	}
	cond := group(p)
	n := &Node{Kind: KChoice, Line: int(t.line)}
	if len(cond) > 0 {
		n.Z = cond[0].X
	}
	value := func() *Node {
		if p.is("{") {
			list := block(p)
			if len(list) > 0 {
				return list[len(list)-1].X
			}
			return nil
		}
		return expr(p)
	}
	n.X = value()
	if p.take("else") {
		n.Y = value()
	}
	return n
}
