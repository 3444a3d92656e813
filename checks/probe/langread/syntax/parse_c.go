package syntax

// modifiers are words before a declaration that say nothing here.
var modifiers = Set("public", "private", "protected", "internal", "static", "final", "abstract", "override", "virtual", "sealed", "readonly", "async",
	"open", "data", "suspend", "inline", "lateinit", "const", "partial", "required", "synchronized", "volatile", "transient", "export", "extern", "unsafe",
	"companion", "operator", "tailrec", "inner", "annotation", "default", "record", "value", "init", "global", "file")

// cStatement reads a statement of Go, Java, Kotlin, C# and PHP.
func cStatement(p *parser) *Stmt {
	t := p.peek()
	if t.kind == tokPunct {
		switch t.text {
		case ";", ",", ":":
			p.next()
			return nil
		case "->": // of a branch of when and switch
			p.next()
			return nil
		case "}", ")", "]":
			p.next()
			return nil
		case "{":
			return &Stmt{Kind: SBlock, Line: int(t.line), Body: block(p), End: p.pos}
		}
	}
	marks := marksBefore(p)
	for modifier(p) {
		p.next()
		if p.is("(") && p.lang.Name == Kotlin { // protected(set)
			p.toPartner()
		}
	}
	for p.is("@") || p.is("[") && p.lang.Name == CSharp && len(marks) > 0 {
		from := p.pos
		if marks = append(marks, marksBefore(p)...); p.pos == from {
			break
		}
	}
	if p.is("@") && p.ahead(1).text == "interface" { // Java: an annotation is declared
		p.next()
	}
	t = p.peek()
	s := p.declaration(t)
	if s == nil {
		s = control(p, t)
	}
	if s == nil {
		s = typed(p, t)
	}
	if s == nil {
		if p.take("}") || p.peek().kind == tokEOF {
			return nil
		}
		s = p.simple()
		p.take(";")
	}
	if s != nil {
		s.Marks = append(marks, s.Marks...)
	}
	return s
}

// modifier reports whether a modifier is next that is followed by more of a declaration.
func modifier(p *parser) bool {
	t, n := p.peek(), p.ahead(1)
	if t.kind != tokName || !modifiers[t.text] {
		return false
	}
	if t.text == "record" || t.text == "value" || t.text == "data" || t.text == "file" || t.text == "open" || t.text == "inner" || t.text == "init" || t.text == "default" || t.text == "global" || t.text == "const" && p.lang.Name == Go || t.text == "const" && p.lang.Family == FamPHP || t.text == "static" && p.lang.Family == FamPHP && (n.text == "::" || n.text == "function" || n.text == "fn") {
		if t.text == "static" && n.text == "function" && p.class != "" {
			return true
		}
		if p.lang.Name == Kotlin && (t.text == "data" || t.text == "open" || t.text == "value" || t.text == "inner") {
			return n.kind == tokName
		}
		return false
	}
	if p.lang.Name == Go {
		return false
	}
	return n.kind == tokName || n.kind == tokPunct && (n.text == "(" && p.lang.Name == Kotlin || n.text == "@" || n.text == "[" || n.text == "?")
}

// marksBefore reads annotations and attributes: @X(…), [X(…)], #[X(…)].
func marksBefore(p *parser) []*Node {
	var list []*Node
	for {
		t := p.peek()
		if t.kind != tokPunct {
			return list
		}
		switch {
		case t.text == "@" && p.lang.Family == FamC && p.ahead(1).kind == tokName && p.ahead(1).text != "interface":
			list = append(list, mark(p))
		case t.text == "[" && p.lang.Name == CSharp:
			if p.ahead(1).kind != tokName {
				return list
			}
			for _, a := range group(p) {
				if a.X != nil {
					list = append(list, a.X)
				}
			}
		case t.text == "#" && p.lang.Family == FamPHP && p.ahead(1).text == "[":
			p.next()
			for _, a := range group(p) {
				if a.X != nil {
					list = append(list, a.X)
				}
			}
		default:
			return list
		}
	}
}

// mark reads one @X.Y(…).
func mark(p *parser) *Node {
	p.next()
	t := p.peek()
	x := &Node{Kind: KName, Text: dotted(p), Line: int(t.line)}
	for p.is(":") && p.lang.Name == Kotlin { // @field:X
		p.next()
		x.Text = dotted(p)
	}
	if p.is("(") && (!p.lang.Newlines || !p.peek().first) {
		return &Node{Kind: KCall, X: x, Args: group(p), Line: int(t.line)}
	}
	return x
}

// dotted reads a.b.c.
func dotted(p *parser) string {
	name := ""
	for n := 0; n < maxSegments && p.peek().kind == tokName; n++ {
		name += p.next().text
		if !p.is(".") || p.ahead(1).kind != tokName {
			break
		}
		p.next()
		name += "."
	}
	return name
}

// control reads the statements that have a condition or a block.
func control(p *parser, t *token) *Stmt {
	if t.kind != tokName {
		return nil
	}
	switch t.text {
	case "if", "for", "while", "switch", "foreach", "using", "lock", "catch", "synchronized", "select", "elseif", "when", "fixed", "unless", "declare":
		if t.text == "using" && p.lang.Name != CSharp || t.text == "select" && p.lang.Name != Go || t.text == "when" && p.lang.Name != Kotlin {
			return nil
		}
		return conditional(p, t)
	case "else", "do", "try", "finally", "init", "static", "defer", "go", "unsafe", "checked":
		n := p.ahead(1)
		if n.kind == tokPunct && n.text == "{" || t.text == "else" || (t.text == "defer" || t.text == "go") && p.lang.Name == Go {
			p.next()
			if p.is("{") {
				return &Stmt{Kind: SBlock, Text: t.text, Line: int(t.line), Body: block(p)}
			}
			return cStatement(p)
		}
		if t.text == "try" && n.text == "(" { // Java: try (resources)
			return conditional(p, t)
		}
	case "case", "default":
		p.next()
		if t.text == "case" {
			expr(p)
		}
		for !p.take(":") && !p.take("->") && !p.take("=>") && !p.ends() && !p.is("{") {
			p.toPartner()
		}
		return &Stmt{Kind: SBlock, Text: "case", Line: int(t.line)}
	case "return", "throw", "echo", "break", "continue", "goto", "fallthrough", "exit", "die":
		if (t.text == "exit" || t.text == "die" || t.text == "throw" && p.ahead(1).text == "(") && p.ahead(1).text == "(" && t.text != "throw" {
			return nil
		}
		if t.text == "echo" && p.lang.Family != FamPHP {
			return nil
		}
		p.next()
		s := &Stmt{Kind: SReturn, Text: t.text, Line: int(t.line)}
		if p.lang.Name == Kotlin && p.is("@") { // return@post
			p.next()
			p.next()
		}
		if p.lang.Newlines && p.peek().first {
			return s
		}
		if !p.ends() {
			s.X = expr(p)
			for p.take(",") {
				if y := expr(p); y != nil {
					if s.X == nil || s.X.Kind != KList || s.Text != "tuple" {
						s.X = &Node{Kind: KList, Line: int(t.line), Args: []Arg{{X: s.X}}}
						s.Text = "tuple"
					}
					s.X.Args = append(s.X.Args, Arg{X: y})
				}
			}
		}
		p.take(";")
		if t.text == "break" || t.text == "continue" || t.text == "goto" || t.text == "fallthrough" {
			return &Stmt{Kind: SBlock, Text: t.text, Line: int(t.line)}
		}
		return s
	}
	return nil
}

// conditional reads if (…) … and its like; Go writes no parentheses.
func conditional(p *parser, t *token) *Stmt {
	p.next()
	s := &Stmt{Kind: SBlock, Text: t.text, Line: int(t.line)}
	if p.lang.Name == Kotlin && t.text == "when" && p.is("{") {
		s.Body = block(p)
		return s
	}
	if p.is("(") && p.lang.Name != Go {
		end := int(p.peek().match)
		if end < 0 {
			p.next()
			return s
		}
		p.next()
		if t.text == "foreach" && p.lang.Family == FamPHP { // $list as $key => $value
			s.X = expr(p)
			p.pos = end
		}
		p.reach(end, func() { // for (a; b; c), using (var x = …)
			if c := cStatement(p); c != nil {
				head(s, c)
			}
		})
	} else if p.lang.Name == Go {
		for !p.is("{") && p.peek().kind != tokEOF && !(p.peek().first && p.pos > 0 && p.toks[p.pos-1].text != ";" && p.toks[p.pos-1].line != p.peek().line) {
			from := p.pos
			p.noBrace = true
			if p.is(";") { // for ; ; x++
			} else if c := p.simple(); c != nil {
				head(s, c)
			}
			p.noBrace = false
			p.take(";")
			if p.is("range") {
				p.next()
			}
			if p.pos == from {
				p.next()
			}
		}
	} else if t.text == "using" { // C#: using var x = …;
		return cStatement(p)
	}
	switch {
	case p.is("{"):
		s.Body = append(s.Body, block(p)...)
	case p.is(":") && p.lang.Family == FamPHP: // if (…): … endif;
		p.next()
	case p.is(";"):
		p.next()
	default:
		if c := cStatement(p); c != nil {
			s.Body = append(s.Body, c)
		}
	}
	s.End = int(p.toks[max(0, p.pos-1)].line)
	return s
}

// head keeps what is in a condition: an assignment is one of the body, the
// rest is the condition.
func head(s *Stmt, c *Stmt) {
	if c.Kind == SExpr && s.X == nil {
		s.X = c.X
		return
	}
	s.Body = append(s.Body, c)
}
