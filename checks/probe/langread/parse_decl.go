package langread

import "strings"

// declaration reads imports, classes, functions and variables that a keyword
// begins.
func (p *parser) declaration(t *token) *stmt {
	if t.kind != tokName {
		return nil
	}
	n := p.ahead(1)
	switch t.text {
	case "import", "use", "using", "package", "namespace":
		if t.text == "using" && (p.lang.name != CSharp || n.text == "(" || n.text == "var" || p.ahead(2).kind == tokName && p.ahead(2).text != "=") || t.text == "use" && p.lang.family != famPHP {
			return nil
		}
		return p.imports(t)
	case "class", "interface", "object", "struct", "enum", "trait", "record":
		if n.kind == tokName && p.lang.name != Go && n.text != "::" {
			return p.classDecl(t)
		}
		if t.text == "object" && n.text == "{" && p.lang.name == Kotlin {
			p.next()
			return &stmt{kind: sBlock, line: t.line, body: p.block()}
		}
	case "type":
		if p.lang.name == Go {
			return p.goTypeDecl()
		}
	case "func", "fun", "function":
		if t.text == "func" && p.lang.name != Go || t.text == "fun" && p.lang.name != Kotlin || t.text == "function" && p.lang.family != famPHP || t.text == "function" && n.text == "(" || t.text == "func" && n.text == "(" && !p.goMethod(n) {
			return nil
		}
		return p.funcDecl(t)
	case "constructor":
		if p.lang.name == Kotlin && n.text == "(" {
			p.next()
			return p.funcRest(&stmt{kind: sFunc, name: "constructor", line: t.line})
		}
	case "var", "val", "let", "const":
		if p.lang.name == Kotlin && t.text != "let" || p.lang.name == Go && (t.text == "var" || t.text == "const") {
			return p.variables(t)
		}
		if p.lang.family == famPHP && (t.text == "const" || t.text == "var") {
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
	i := open.match + 2
	return open.match > 0 && i < len(p.toks) && p.toks[i-1].kind == tokName && (p.toks[i].text == "(" || p.toks[i].text == "[")
}

// imports reads what a file takes from elsewhere.
func (p *parser) imports(t *token) *stmt {
	p.next()
	s := &stmt{kind: sImport, line: t.line}
	if t.text == "package" || t.text == "namespace" {
		p.dotted()
		if p.is("{") { // C#, PHP: namespace X { … }
			return &stmt{kind: sBlock, text: "namespace", line: t.line, body: p.block()}
		}
		p.take(";")
		return &stmt{kind: sBlock, text: t.text, line: t.line}
	}
	if p.lang.name == Go && p.is("(") {
		end := p.peek().match
		p.next()
		for p.pos < end {
			p.goImport(s)
		}
		if end > 0 {
			p.pos = end
			p.next()
		}
		return s
	}
	if p.lang.name == Go {
		p.goImport(s)
		return s
	}
	p.take("static")
	p.take("function")
	p.take("const")
	name := ""
	for n := 0; n < 3*maxSegments && (p.peek().kind == tokName || p.is(".") || p.is("*")); n++ {
		if p.is("as") || name != "" && p.lang.newlines && p.peek().first {
			break
		}
		name += p.next().text
	}
	local := lastPart(name)
	switch {
	case p.is("="): // C#: using X = A.B;
		p.next()
		local, name = name, p.dotted()
	case p.take("as"):
		local = p.next().text
	case p.is("{"): // PHP: use A\{B, C as D};
		for _, a := range p.group() {
			if b := a.x.path(); b != "" {
				s.names = append(s.names, [2]string{name + b, lastPart(b)})
			}
		}
	}
	s.names = append(s.names, [2]string{name, local})
	p.take(";")
	return s
}

func (p *parser) goImport(s *stmt) {
	local := ""
	if t := p.peek(); t.kind == tokName || t.kind == tokPunct && (t.text == "." || t.text == "_") {
		local = p.next().text
	}
	t := p.next()
	if t.kind != tokString {
		return
	}
	if local == "" {
		local = goPackageName(t.text)
	}
	s.names = append(s.names, [2]string{t.text, local})
}

// goPackageName is the name that a path's package usually has.
func goPackageName(path string) string {
	parts := strings.Split(path, "/")
	last := parts[len(parts)-1]
	if len(parts) > 1 && len(last) > 1 && last[0] == 'v' && strings.Trim(last[1:], "0123456789") == "" {
		last = parts[len(parts)-2]
	}
	last = strings.TrimSuffix(strings.TrimPrefix(last, "go-"), "-go")
	if i := strings.LastIndexByte(last, '.'); i > 0 {
		last = last[:i]
	}
	return strings.ReplaceAll(last, "-", "_")
}

// classDecl reads a class, with the parameters that some languages write after its name.
func (p *parser) classDecl(t *token) *stmt {
	p.next()
	s := &stmt{kind: sClass, text: t.text, name: p.next().text, line: t.line}
	if p.is("<") {
		p.skipGeneric()
	}
	for p.modifier() {
		p.next()
	}
	if p.take("constructor"); p.is("(") {
		s.params = p.params()
	}
	for !p.is("{") && !p.is(";") && p.peek().kind != tokEOF {
		k := p.peek()
		if p.lang.newlines && k.first && k.kind == tokName && p.toks[p.pos-1].text != "," && p.toks[p.pos-1].text != ":" {
			return s // a class without a body
		}
		if p.lang.newlines && k.first && k.kind == tokPunct && k.text != "," && k.text != ":" && k.text != "{" {
			return s
		}
		if k.kind == tokName && k.text != "extends" && k.text != "implements" && k.text != "where" {
			s.base = append(s.base, lastPart(k.text))
		}
		p.toPartner()
	}
	if p.is("{") {
		outer := p.class
		p.class = s.name
		s.body = p.block()
		p.class = outer
	}
	s.end = p.toks[max(0, p.pos-1)].line
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
func (p *parser) funcDecl(t *token) *stmt {
	p.next()
	s := &stmt{kind: sFunc, line: t.line}
	if p.lang.name == Go && p.is("(") { // (r *Type)
		r := p.params()
		if len(r) > 0 {
			s.recv = strings.TrimLeft(r[0].typ, "*")
			s.params = append(s.params, param{name: r[0].name, typ: "recv"})
		}
	}
	if p.is("<") {
		p.skipGeneric()
	}
	p.take("&")
	s.name = p.next().text
	for p.lang.name == Kotlin && p.is(".") { // Application.module
		p.next()
		s.name = p.next().text
	}
	if p.lang.name == Go && p.is("[") {
		p.toPartner()
	}
	if p.lang.name == Kotlin && p.is("<") { // an extension of a generic type
		p.skipGeneric()
		if p.take(".") {
			s.name = p.next().text
		}
	}
	return p.funcRest(s)
}

// funcRest reads parameters, result and body.
func (p *parser) funcRest(s *stmt) *stmt {
	if p.is("(") {
		s.params = append(s.params, p.params()...)
	}
	f := &node{kind: kFunc, line: s.line}
	p.function(f)
	s.body = f.body
	s.params = append(s.params, f.params...)
	s.end = p.toks[max(0, p.pos-1)].line
	return s
}

// function reads what follows a function's name into a node.
func (p *parser) function(f *node) *node {
	if p.is("(") && len(f.params) == 0 && f.body == nil {
		if p.lang.name == Go { // a result
			p.toPartner()
		} else {
			f.params = p.params()
		}
	}
	if p.lang.name == Kotlin && p.take(":") {
		p.typeName()
	}
	for !p.is("{") && !p.is(";") && !p.is("=") && !p.is("=>") && p.peek().kind != tokEOF && !p.is("}") {
		if p.lang.newlines && p.peek().first && !p.is(":") {
			return f
		}
		if p.is(")") || p.is(",") {
			return f
		}
		if p.lang.name == Go && p.is("interface") && p.ahead(1).text == "{" || p.lang.name == Go && p.is("struct") && p.ahead(1).text == "{" {
			p.next()
		}
		p.toPartner()
	}
	switch {
	case p.is("{"):
		outer, in := p.noBrace, p.inside
		p.noBrace, p.inside = false, 0
		f.body = p.block()
		p.noBrace, p.inside = outer, in
	case p.is("=") && p.lang.name == Kotlin, p.is("=>"):
		p.next()
		line := p.peek().line
		if x := p.expr(); x != nil {
			f.body = []*stmt{{kind: sReturn, x: x, line: line, end: line}}
		}
		p.take(";")
	case p.is(";"):
		p.next()
	}
	return f
}

// variables reads var and val of Kotlin, var and const of Go.
func (p *parser) variables(t *token) *stmt {
	p.next()
	if p.lang.name == Go && p.is("(") {
		s := &stmt{kind: sBlock, text: "var", line: t.line}
		end := p.peek().match
		p.next()
		for p.pos < end {
			from := p.pos
			if v := p.goVar(); v != nil {
				s.body = append(s.body, v)
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
	if p.lang.name == Go {
		return p.goVar()
	}
	s := &stmt{kind: sAssign, text: "=", line: t.line}
	if p.is("<") {
		p.skipGeneric()
	}
	if p.is("(") { // val (a, b) = …
		p.toPartner()
	} else if p.peek().kind == tokName {
		k := p.next()
		s.targets = []*node{{kind: kName, text: k.text, line: k.line}}
		for p.is(".") { // an extension property
			p.next()
			s.targets[0].text = p.next().text
		}
	}
	if p.take(":") {
		s.typ = p.typeName()
	}
	switch {
	case p.is("=") && !p.is("=="):
		p.next()
		s.x = p.expr()
	case p.is("by"):
		p.next()
		s.x = p.expr()
		if s.x != nil && s.x.kind == kCall && len(s.x.args) == 1 && s.x.args[0].x != nil && s.x.args[0].x.kind == kFunc && s.x.x.last() == "lazy" {
			s.x = &node{kind: kCall, x: s.x.args[0].x, line: s.x.line}
		}
	}
	if p.is("get") && p.ahead(1).text == "(" { // get() = …
		p.next()
		p.toPartner()
		if p.take("=") {
			s.x = p.expr()
		} else if p.is("{") {
			p.block()
		}
	}
	if s.x == nil {
		s.kind = sField
		if len(s.targets) > 0 {
			s.name = s.targets[0].text
		}
	}
	return s
}
