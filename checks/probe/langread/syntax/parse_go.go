package syntax

// goTypes gives (a, b string) both their type.
func goTypes(list []Param) {
	typ := ""
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].Typ != "" {
			typ = list[i].Typ
		} else {
			list[i].Typ = typ
		}
	}
}

// goType reads a type of Go: *a.B, []T, map[K]V, func(…) …, chan T.
func goType(p *parser) string {
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
				goType(p)
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
func goFunc(p *parser) *Node {
	t := p.next()
	f := p.closure(t)
	if p.is("(") {
		f.Params = params(p)
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
		f.Body = block(p)
		p.noBrace, p.inside = outer, in
	}
	return f
}

// goTypeDecl reads type X struct { … }.
func goTypeDecl(p *parser) *Stmt {
	t := p.next()
	if p.is("(") {
		s := &Stmt{Kind: SBlock, Line: int(t.line)}
		p.within(func(int) { s.Body = append(s.Body, goTypeOf(p)) })
		return s
	}
	return goTypeOf(p)
}

func goTypeOf(p *parser) *Stmt {
	s := &Stmt{Kind: SClass, Name: p.next().text, Line: int(p.peek().line)}
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
		s.Base = append(s.Base, goType(p))
		return s
	}
	p.next()
	s.Body = goFields(p)
	return s
}

// goFields reads the fields of a struct, with their tags.
func goFields(p *parser) []*Stmt {
	if !p.is("{") || p.peek().match < 0 {
		return nil
	}
	var list []*Stmt
	p.within(func(end int) {
		f := &Stmt{Kind: SField, Line: int(p.peek().line)}
		var names []*token
		for p.peek().kind == tokName {
			names = append(names, p.next())
			if !p.take(",") {
				break
			}
		}
		for _, t := range names {
			f.Targets = append(f.Targets, &Node{Kind: KName, Text: t.text, Line: int(t.line)})
		}
		if len(names) > 0 {
			f.Name = names[0].text
		}
		if p.pos < end && !p.peek().first {
			if p.is("struct") {
				p.next()
				f.Body = goFields(p)
			} else {
				f.Typ = goType(p)
			}
		}
		if t := p.peek(); t.kind == tokString && !t.first {
			f.Tag = p.next().text
		}
		for p.pos < end && !p.peek().first {
			p.toPartner()
		}
		if len(names) > 0 {
			list = append(list, f)
		}
	})
	return list
}

// goVar reads name Type = value after var or const.
func goVar(p *parser) *Stmt {
	t := p.peek()
	s := &Stmt{Kind: SAssign, Text: "=", Line: int(t.line)}
	for p.peek().kind == tokName {
		k := p.next()
		s.Targets = append(s.Targets, &Node{Kind: KName, Text: k.text, Line: int(k.line)})
		if !p.take(",") {
			break
		}
	}
	if p.is("struct") && p.ahead(1).text == "{" { // its fields have tags
		p.next()
		s.Typ, s.Body = "struct", goFields(p)
	} else if !p.is("=") && !p.ends() {
		s.Typ = goType(p)
	}
	if !p.take("=") {
		s.Kind = SField
		if len(s.Targets) > 0 {
			s.Name = s.Targets[0].Text
		}
		return s
	}
	s.X = expr(p)
	for p.take(",") {
		expr(p)
	}
	return s
}
