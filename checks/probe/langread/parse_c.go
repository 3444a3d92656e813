package langread

// modifiers are words before a declaration that say nothing here.
var modifiers = set("public", "private", "protected", "internal", "static", "final", "abstract", "override", "virtual", "sealed", "readonly", "async",
	"open", "data", "suspend", "inline", "lateinit", "const", "partial", "required", "synchronized", "volatile", "transient", "export", "extern", "unsafe",
	"companion", "operator", "tailrec", "inner", "annotation", "default", "record", "value", "init", "global", "file")

// cStatement reads a statement of Go, Java, Kotlin, C# and PHP.
func (p *parser) cStatement() *stmt {
	t := p.peek()
	if t.kind == tokPunct {
		switch t.text {
		case ";", ",", ":":
			p.next()
			return nil
		case "}", ")", "]":
			p.next()
			return nil
		case "{":
			return &stmt{kind: sBlock, line: t.line, body: p.block(), end: p.pos}
		}
	}
	marks := p.marksBefore()
	for p.modifier() {
		p.next()
		if p.is("(") && p.lang.name == Kotlin { // protected(set)
			p.toPartner()
		}
	}
	for p.is("@") || p.is("[") && p.lang.name == CSharp && len(marks) > 0 {
		from := p.pos
		if marks = append(marks, p.marksBefore()...); p.pos == from {
			break
		}
	}
	t = p.peek()
	s := p.declaration(t)
	if s == nil {
		s = p.control(t)
	}
	if s == nil {
		s = p.typed(t)
	}
	if s == nil {
		if p.take("}") || p.peek().kind == tokEOF {
			return nil
		}
		s = p.simple()
		p.take(";")
	}
	if s != nil {
		s.marks = append(marks, s.marks...)
	}
	return s
}

// modifier reports whether a modifier is next that is followed by more of a declaration.
func (p *parser) modifier() bool {
	t, n := p.peek(), p.ahead(1)
	if t.kind != tokName || !modifiers[t.text] {
		return false
	}
	if t.text == "record" || t.text == "value" || t.text == "data" || t.text == "file" || t.text == "open" || t.text == "inner" || t.text == "init" || t.text == "default" || t.text == "global" || t.text == "const" && p.lang.name == Go || t.text == "const" && p.lang.family == famPHP || t.text == "static" && p.lang.family == famPHP && (n.text == "::" || n.text == "function" || n.text == "fn") {
		if t.text == "static" && n.text == "function" && p.class != "" {
			return true
		}
		if p.lang.name == Kotlin && (t.text == "data" || t.text == "open" || t.text == "value" || t.text == "inner") {
			return n.kind == tokName
		}
		return false
	}
	if p.lang.name == Go {
		return false
	}
	return n.kind == tokName || n.kind == tokPunct && (n.text == "(" && p.lang.name == Kotlin || n.text == "@" || n.text == "[" || n.text == "?")
}

// marksBefore reads annotations and attributes: @X(…), [X(…)], #[X(…)].
func (p *parser) marksBefore() []*node {
	var list []*node
	for {
		t := p.peek()
		if t.kind != tokPunct {
			return list
		}
		switch {
		case t.text == "@" && p.lang.family == famC && p.ahead(1).kind == tokName && p.ahead(1).text != "interface":
			list = append(list, p.mark())
		case t.text == "[" && p.lang.name == CSharp:
			if p.ahead(1).kind != tokName {
				return list
			}
			for _, a := range p.group() {
				if a.x != nil {
					list = append(list, a.x)
				}
			}
		case t.text == "#" && p.lang.family == famPHP && p.ahead(1).text == "[":
			p.next()
			for _, a := range p.group() {
				if a.x != nil {
					list = append(list, a.x)
				}
			}
		default:
			return list
		}
	}
}

// mark reads one @X.Y(…).
func (p *parser) mark() *node {
	p.next()
	t := p.peek()
	x := &node{kind: kName, text: p.dotted(), line: t.line}
	for p.is(":") && p.lang.name == Kotlin { // @field:X
		p.next()
		x.text = p.dotted()
	}
	if p.is("(") && (!p.lang.newlines || !p.peek().first) {
		return &node{kind: kCall, x: x, args: p.group(), line: t.line}
	}
	return x
}

// dotted reads a.b.c.
func (p *parser) dotted() string {
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
func (p *parser) control(t *token) *stmt {
	if t.kind != tokName {
		return nil
	}
	switch t.text {
	case "if", "for", "while", "switch", "foreach", "using", "lock", "catch", "synchronized", "select", "elseif", "when", "fixed", "unless", "declare":
		if t.text == "using" && p.lang.name != CSharp || t.text == "select" && p.lang.name != Go || t.text == "when" && p.lang.name != Kotlin {
			return nil
		}
		return p.conditional(t)
	case "else", "do", "try", "finally", "init", "static", "defer", "go", "unsafe", "checked":
		n := p.ahead(1)
		if n.kind == tokPunct && n.text == "{" || t.text == "else" || (t.text == "defer" || t.text == "go") && p.lang.name == Go {
			p.next()
			if p.is("{") {
				return &stmt{kind: sBlock, text: t.text, line: t.line, body: p.block()}
			}
			return p.cStatement()
		}
		if t.text == "try" && n.text == "(" { // Java: try (resources)
			return p.conditional(t)
		}
	case "case", "default":
		p.next()
		if t.text == "case" {
			p.expr()
		}
		for !p.take(":") && !p.take("->") && !p.take("=>") && !p.ends() && !p.is("{") {
			p.toPartner()
		}
		return &stmt{kind: sBlock, text: "case", line: t.line}
	case "return", "throw", "echo", "break", "continue", "goto", "fallthrough", "exit", "die":
		if (t.text == "exit" || t.text == "die" || t.text == "throw" && p.ahead(1).text == "(") && p.ahead(1).text == "(" && t.text != "throw" {
			return nil
		}
		if t.text == "echo" && p.lang.family != famPHP {
			return nil
		}
		p.next()
		s := &stmt{kind: sReturn, text: t.text, line: t.line}
		if p.lang.name == Kotlin && p.is("@") { // return@post
			p.next()
			p.next()
		}
		if p.lang.newlines && p.peek().first {
			return s
		}
		if !p.ends() {
			s.x = p.expr()
			for p.take(",") {
				if y := p.expr(); y != nil {
					if s.x == nil || s.x.kind != kList || s.text != "tuple" {
						s.x = &node{kind: kList, line: t.line, args: []arg{{x: s.x}}}
						s.text = "tuple"
					}
					s.x.args = append(s.x.args, arg{x: y})
				}
			}
		}
		p.take(";")
		if t.text == "break" || t.text == "continue" || t.text == "goto" || t.text == "fallthrough" {
			return &stmt{kind: sBlock, text: t.text, line: t.line}
		}
		return s
	}
	return nil
}

// conditional reads if (…) … and its like; Go writes no parentheses.
func (p *parser) conditional(t *token) *stmt {
	p.next()
	s := &stmt{kind: sBlock, text: t.text, line: t.line}
	if p.lang.name == Kotlin && t.text == "when" && p.is("{") {
		s.body = p.block()
		return s
	}
	if p.is("(") && p.lang.name != Go {
		end := p.peek().match
		if end < 0 {
			p.next()
			return s
		}
		p.next()
		for p.pos < end { // for (a; b; c), foreach ($a as $k => $v), using (var x = …)
			from := p.pos
			if c := p.cStatement(); c != nil {
				s.head(c)
			}
			if p.pos == from {
				p.next()
			}
		}
		p.pos = end
		p.next()
	} else if p.lang.name == Go {
		for !p.is("{") && p.peek().kind != tokEOF && !(p.peek().first && p.pos > 0 && p.toks[p.pos-1].text != ";" && p.toks[p.pos-1].line != p.peek().line) {
			from := p.pos
			p.noBrace = true
			if p.is(";") { // for ; ; x++
			} else if c := p.simple(); c != nil {
				s.head(c)
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
		return p.cStatement()
	}
	switch {
	case p.is("{"):
		s.body = append(s.body, p.block()...)
	case p.is(":") && p.lang.family == famPHP: // if (…): … endif;
		p.next()
	case p.is(";"):
		p.next()
	default:
		if c := p.cStatement(); c != nil {
			s.body = append(s.body, c)
		}
	}
	s.end = p.toks[max(0, p.pos-1)].line
	return s
}

// head keeps what stands in a condition: an assignment is one of the body, the
// rest is the condition.
func (s *stmt) head(c *stmt) {
	if c.kind == sExpr && s.x == nil {
		s.x = c.x
		return
	}
	s.body = append(s.body, c)
}
