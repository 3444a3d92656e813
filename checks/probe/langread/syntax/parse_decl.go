package syntax

import "strings"

// declaration reads imports, classes, functions and variables that a keyword
// begins.
func (p *parser) declaration(t *token) *Stmt {
	if t.kind != tokName {
		return nil
	}
	n := p.ahead(1)
	switch t.text {
	case "import", "use", "using", "package", "namespace":
		if t.text == "using" && (p.lang.Name != CSharp || n.text == "(" || n.text == "var" || p.ahead(2).kind == tokName && p.ahead(2).text != "=") || t.text == "use" && p.lang.Family != FamPHP {
			return nil
		}
		return p.imports(t)
	case "class", "interface", "object", "struct", "enum", "trait", "record":
		if n.kind == tokName && p.lang.Name != Go && n.text != "::" {
			return p.classDecl(t)
		}
		if t.text == "object" && n.text == "{" && p.lang.Name == Kotlin {
			p.next()
			return &Stmt{Kind: SBlock, Line: int(t.line), Body: block(p)}
		}
	case "type":
		if p.lang.Name == Go {
			return goTypeDecl(p)
		}
	case "func", "fun", "function":
		if t.text == "func" && p.lang.Name != Go || t.text == "fun" && p.lang.Name != Kotlin || t.text == "function" && p.lang.Family != FamPHP || t.text == "function" && n.text == "(" || t.text == "func" && n.text == "(" && !p.goMethod(n) {
			return nil
		}
		return p.funcDecl(t)
	case "constructor":
		if p.lang.Name == Kotlin && n.text == "(" {
			p.next()
			return p.funcRest(&Stmt{Kind: SFunc, Name: "constructor", Line: int(t.line)})
		}
	case "var", "val", "let", "const":
		if p.lang.Name == Kotlin && t.text != "let" || p.lang.Name == Go && (t.text == "var" || t.text == "const") {
			return p.variables(t)
		}
		if p.lang.Family == FamPHP && (t.text == "const" || t.text == "var") {
			p.next()
			if n.kind == tokName && p.ahead(1).kind == tokName { // const string X = …
				p.next()
			}
			s := p.simple()
			p.take(";")
			return s
		}
	}
	return nil
}

// goMethod tells func (r T) Name( from a function without a name.
func (p *parser) goMethod(open *token) bool {
	i := int(open.match) + 2
	return open.match > 0 && i < len(p.toks) && p.toks[i-1].kind == tokName && (p.toks[i].text == "(" || p.toks[i].text == "[")
}

// classDecl reads a class, with the parameters that some languages write after its name.
func (p *parser) classDecl(t *token) *Stmt {
	p.next()
	s := &Stmt{Kind: SClass, Text: t.text, Name: p.next().text, Line: int(t.line)}
	if p.is("<") {
		p.skipGeneric()
	}
	for modifier(p) {
		p.next()
	}
	if p.take("constructor"); p.is("(") {
		s.Params = params(p)
	}
	for !p.is("{") && !p.is(";") && p.peek().kind != tokEOF {
		k := p.peek()
		if p.lang.Newlines && k.first && k.kind == tokName && p.toks[p.pos-1].text != "," && p.toks[p.pos-1].text != ":" {
			return s // a class without a body
		}
		if p.lang.Newlines && k.first && k.kind == tokPunct && k.text != "," && k.text != ":" && k.text != "{" {
			return s
		}
		if k.kind == tokName && k.text != "extends" && k.text != "implements" && k.text != "where" {
			s.Base = append(s.Base, LastPart(k.text))
		}
		p.toPartner()
	}
	if p.is("{") && t.text == "enum" && p.lang.Name == CSharp { // nothing but names
		p.toPartner()
	} else if p.is("{") {
		outer := p.class
		p.class = s.Name
		s.Body = block(p)
		p.class = outer
	}
	s.End = int(p.toks[max(0, p.pos-1)].line)
	return s
}

func (p *parser) skipGeneric() {
	depth := 0
	for range 60 {
		switch t := p.peek(); {
		case t.kind == tokEOF:
			return
		case t.text == "<":
			depth++
		case t.text == ">":
			depth--
		}
		p.next()
		if depth == 0 {
			return
		}
	}
}

// funcDecl reads a function that a keyword begins.
func (p *parser) funcDecl(t *token) *Stmt {
	p.next()
	s := &Stmt{Kind: SFunc, Line: int(t.line)}
	if p.lang.Name == Go && p.is("(") { // (r *Type)
		r := params(p)
		if len(r) > 0 {
			s.Recv = strings.TrimLeft(r[0].Typ, "*")
			s.Params = append(s.Params, Param{Name: r[0].Name, Typ: "recv"})
		}
	}
	if p.is("<") {
		p.skipGeneric()
	}
	p.take("&")
	s.Name = p.next().text
	for p.lang.Name == Kotlin && p.is(".") { // Application.module
		p.next()
		s.Name = p.next().text
	}
	if p.lang.Name == Go && p.is("[") {
		p.toPartner()
	}
	if p.lang.Name == Kotlin && p.is("<") { // an extension of a generic type
		p.skipGeneric()
		if p.take(".") {
			s.Name = p.next().text
		}
	}
	return p.funcRest(s)
}

// funcRest reads parameters, result and body.
func (p *parser) funcRest(s *Stmt) *Stmt {
	if p.is("(") {
		s.Params = append(s.Params, params(p)...)
	}
	f := &Node{Kind: KFunc, Line: s.Line}
	p.function(f)
	s.Body = f.Body
	s.Params = append(s.Params, f.Params...)
	s.End = int(p.toks[max(0, p.pos-1)].line)
	return s
}

// function reads what follows a function's name into a node.
func (p *parser) function(f *Node) *Node {
	if p.is("(") && len(f.Params) == 0 && f.Body == nil {
		if p.lang.Name == Go { // a result
			p.toPartner()
		} else {
			f.Params = params(p)
		}
	}
	if p.lang.Name == Kotlin && p.take(":") {
		typeName(p)
	}
	for !p.is("{") && !p.is(";") && !p.is("=") && !p.is("=>") && p.peek().kind != tokEOF && !p.is("}") {
		if p.lang.Newlines && p.peek().first && !p.is(":") {
			return f
		}
		if p.is(")") || p.is(",") {
			return f
		}
		if p.lang.Name == Go && p.is("interface") && p.ahead(1).text == "{" || p.lang.Name == Go && p.is("struct") && p.ahead(1).text == "{" {
			p.next()
		}
		p.toPartner()
	}
	switch {
	case p.is("{"):
		outer, in := p.noBrace, p.inside
		p.noBrace, p.inside = false, 0
		f.Body = block(p)
		p.noBrace, p.inside = outer, in
	case p.is("=") && p.lang.Name == Kotlin, p.is("=>"):
		p.next()
		line := int(p.peek().line)
		if x := expr(p); x != nil && p.lang.Name == CSharp && p.take("=") { // => field = value;
			f.Body = []*Stmt{{Kind: SAssign, Text: "=", Targets: []*Node{x}, X: expr(p), Line: line, End: line}}
		} else if x != nil {
			f.Body = []*Stmt{{Kind: SReturn, X: x, Line: line, End: line}}
		}
		p.take(";")
	case p.is(";"):
		p.next()
	}
	return f
}

// variables reads var and val of Kotlin, var and const of Go.
func (p *parser) variables(t *token) *Stmt {
	p.next()
	if p.lang.Name == Go && p.is("(") {
		s := &Stmt{Kind: SBlock, Text: "var", Line: int(t.line)}
		p.within(func(int) { s.Body = append(s.Body, goVar(p)) })
		return s
	}
	if p.lang.Name == Go {
		return goVar(p)
	}
	s := &Stmt{Kind: SAssign, Text: "=", Line: int(t.line)}
	if p.is("<") {
		p.skipGeneric()
	}
	if p.is("(") { // val (a, b) = …
		p.toPartner()
	} else if p.peek().kind == tokName {
		k := p.next()
		s.Targets = []*Node{{Kind: KName, Text: k.text, Line: int(k.line)}}
		for p.is(".") { // an extension property
			p.next()
			s.Targets[0].Text = p.next().text
		}
	}
	if p.take(":") {
		s.Typ = typeName(p)
	}
	switch {
	case p.is("=") && !p.is("=="):
		p.next()
		s.X = expr(p)
	case p.is("by"):
		p.next()
		s.X = expr(p)
		if s.X != nil && s.X.Kind == KCall && len(s.X.Args) == 1 && s.X.Args[0].X != nil && s.X.Args[0].X.Kind == KFunc && s.X.X.Last() == "lazy" {
			s.X = &Node{Kind: KCall, X: s.X.Args[0].X, Line: s.X.Line}
		}
	}
	if p.is("get") && p.ahead(1).text == "(" { // get() = …
		p.next()
		p.toPartner()
		if p.take("=") {
			s.X = expr(p)
		} else if p.is("{") {
			block(p)
		}
	}
	if s.X == nil {
		s.Kind = SField
		if len(s.Targets) > 0 {
			s.Name = s.Targets[0].Text
		}
	}
	return s
}
