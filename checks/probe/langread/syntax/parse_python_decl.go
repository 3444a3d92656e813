package syntax

func pyFunc(p *parser, marks []*Node) *Stmt {
	t := p.next()
	col := lineColumn(p, t)
	s := &Stmt{Kind: SFunc, Name: p.next().text, Line: int(t.line), Marks: marks}
	if p.is("[") {
		p.toPartner()
	}
	if p.is("(") {
		s.Params = params(p)
	}
	if p.take("->") {
		expr(p)
	}
	s.Body = pySuite(p, col)
	s.End = int(p.toks[max(0, p.pos-1)].line)
	return s
}

// pyParam reads one parameter of a function; ok is false for the / and * between them.
func pyParam(p *parser, end int) (q Param, ok bool) {
	p.take("*")
	p.take("**")
	if p.peek().kind != tokName || p.pos >= end {
		return q, false
	}
	q.Name = p.next().text
	if p.take(":") {
		x := expr(p)
		q.Typ = x.Path()
		if x != nil && x.Kind == KIndex { // Annotated[X, Depends(f)], Optional[X]
			q.Typ = x.Y.Path()
			q.Marks = append(q.Marks, x)
		}
	}
	if p.take("=") {
		q.Value = expr(p)
	}
	return q, true
}

func pyClass(p *parser, marks []*Node) *Stmt {
	t := p.next()
	col := lineColumn(p, t)
	s := &Stmt{Kind: SClass, Name: p.next().text, Line: int(t.line), Marks: marks}
	if p.is("[") {
		p.toPartner()
	}
	if p.is("(") {
		for _, a := range group(p) {
			if b := a.X.Last(); b != "" && a.Name == "" {
				s.Base = append(s.Base, b)
			}
		}
	}
	s.Body = pySuite(p, col)
	s.End = int(p.toks[max(0, p.pos-1)].line)
	return s
}

func pyImport(p *parser, t *token) *Stmt {
	p.next()
	s := &Stmt{Kind: SImport, Line: int(t.line)}
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
			s.Names = append(s.Names, [2]string{m, local})
			if !p.take(",") {
				break
			}
		}
		pyLineEnd(p)
		return s
	}
	s.Text = name()
	if !p.take("import") {
		pyLineEnd(p)
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
		s.Names = append(s.Names, [2]string{n, local})
		if !p.take(",") {
			break
		}
		if p.peek().first && s.Text != "" && p.toks[p.pos-1].text != "," {
			break
		}
	}
	p.take(")")
	pyLineEnd(p)
	return s
}
