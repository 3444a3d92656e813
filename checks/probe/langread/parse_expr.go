package langread

// expr reads an expression; nil where none begins.
func (p *parser) expr() *node {
	if !p.enter() {
		p.leave()
		return nil
	}
	defer p.leave()
	x := p.either()
	if x == nil {
		return nil
	}
	switch {
	case p.ends():
	case p.lang.family == famPython && p.is("if"): // a if c else b
		p.next()
		c := p.either()
		if p.take("else") {
			return &node{kind: kChoice, x: x, z: c, y: p.expr(), line: x.line}
		}
	case p.lang.name != Go && p.lang.name != Kotlin && p.lang.family != famPython && p.is("?"):
		mark := p.pos
		p.next()
		a := p.expr()
		if a != nil && p.take(":") {
			return &node{kind: kChoice, z: x, x: a, y: p.expr(), line: x.line}
		}
		p.pos = mark
	}
	return x
}

func (p *parser) either() *node {
	x := p.binary()
	for x != nil && !p.ends() {
		t := p.peek()
		isEither := t.kind == tokPunct && (t.text == "||" || t.text == "??" || t.text == "?:" && p.lang.name != Ruby) || t.kind == tokName && t.text == "or" && p.lang.family != famC
		if !isEither {
			break
		}
		p.next()
		if t.text == "?:" || t.text == "??" {
			if k := p.peek(); k.kind == tokName && (k.text == "throw" || k.text == "return") { // x ?: error
				p.skipToEnd()
				return x
			}
		}
		y := p.binary()
		if y == nil {
			break
		}
		x = &node{kind: kEither, text: t.text, x: x, y: y, line: x.line}
	}
	return x
}

// skipToEnd moves to the end of the expression.
func (p *parser) skipToEnd() {
	for !p.ends() && !p.is(",") {
		p.toPartner()
	}
}

// operators are the binary operators whose operands are read and not weighed.
var operators = set("+", "-", "*", "/", "%", ".", "==", "===", "!=", "!==", "<", ">", "<=", ">=", "&&", "&", "|", "^", "<=>", "**",
	"and", "in", "is", "not", "instanceof", "as", "xor", "..", "...", "infix")

func (p *parser) binary() *node {
	x := p.unary()
	for x != nil && !p.ends() {
		t := p.peek()
		if t.kind != tokPunct && t.kind != tokName || !operators[t.text] || t.text == "." && p.lang.family != famPHP {
			break
		}
		if t.kind == tokName && t.text == "as" { // x as Type, x as? Type
			if p.lang.name != Kotlin && p.lang.name != CSharp {
				break
			}
			p.next()
			p.take("?")
			p.typeName()
			continue
		}
		if t.kind == tokName && (p.lang.family == famC && p.lang.name != Kotlin && t.text != "instanceof" && t.text != "is" || p.lang.name == Go) {
			break
		}
		if t.kind == tokName && t.text == "in" && p.lang.family == famRuby {
			break
		}
		if t.kind == tokName && t.text == "not" { // not in
			if p.ahead(1).text != "in" {
				break
			}
			p.next()
		}
		p.next()
		if p.is("not") {
			p.next()
		}
		if t.text == "is" && p.lang.family == famC {
			p.take("not")
			p.typeName()
			if k := p.peek(); k.kind == tokName && !p.ends() && !operators[k.text] { // is string s
				p.next()
			}
			continue
		}
		y := p.unary()
		if y == nil {
			break
		}
		x = &node{kind: kBinary, text: t.text, x: x, y: y, line: x.line}
	}
	return x
}

func (p *parser) unary() *node {
	if !p.enter() {
		p.leave()
		return nil
	}
	defer p.leave()
	t := p.peek()
	switch {
	case t.kind == tokPunct:
		switch t.text {
		case "!", "-", "~", "&", "*", "**", "...", "<-", "!!", "&&", "+", "^":
			p.next()
			x := p.unary()
			if x == nil {
				return &node{kind: kOther, line: t.line}
			}
			if t.text == "&" || t.text == "*" || t.text == "**" || t.text == "..." || t.text == "<-" {
				return x
			}
			return &node{kind: kUnary, text: t.text, x: x, line: t.line}
		case "@":
			if p.lang.family == famPHP || p.lang.name == CSharp { // @file_get_contents(…), @class
				p.next()
				return p.unary()
			}
		}
	case t.kind == tokName:
		switch t.text {
		case "await", "yield", "async", "not", "suspend", "ref", "out", "throw", "clone", "print", "defined?":
			if t.text == "async" && p.ahead(1).text == "{" || t.text == "print" && p.lang.family != famPHP || t.text == "out" && p.lang.name != CSharp {
				break
			}
			if n := p.ahead(1); n.kind == tokPunct && n.text != "(" && n.text != "[" && n.text != "::" && n.text != "->" && n.text != "{" && n.text != "!" && n.text != "@" || n.kind == tokEOF || n.text == "(" && (t.text == "print" || t.text == "async" && p.lang.name != CSharp || t.text == "clone") {
				break // a name like any other
			}
			p.next()
			x := p.unary()
			if x == nil {
				return &node{kind: kOther, line: t.line}
			}
			if t.text == "not" {
				return &node{kind: kUnary, text: "!", x: x, line: t.line}
			}
			return x
		}
	}
	return p.postfix(p.primary())
}

// group reads what is between two brackets as arguments; the opening one is next.
func (p *parser) group() []arg {
	open := p.next()
	outerBrace, outerInside := p.noBrace, p.inside
	p.noBrace, p.inside = false, p.inside+1
	defer func() { p.noBrace, p.inside = outerBrace, outerInside }()
	end := open.match
	if end < 0 {
		return nil
	}
	var list []arg
	for p.pos < end {
		from := p.pos
		if a, ok := p.argument(); ok {
			list = append(list, a)
		}
		if p.pos < end && !p.is(",") && !p.is(";") { // not understood: to the next one
			for p.pos < end && !p.is(",") && !p.is(";") {
				p.toPartner()
			}
		}
		if p.pos < end {
			p.next()
		}
		if p.pos == from {
			p.next()
		}
	}
	p.pos = end
	p.inside = outerInside
	p.next()
	return list
}

// argument reads one element of a list: x, name=x, name: x, key => x, key: x.
func (p *parser) argument() (arg, bool) {
	t, n := p.peek(), p.ahead(1)
	if t.kind == tokName && n.kind == tokPunct && (n.text == "=" || n.text == ":" && n.text != "::") && p.lang.name != Go {
		ruby := p.lang.family == famRuby || p.lang.name == CSharp || p.lang.family == famPHP
		if n.text == "=" || ruby || p.lang.name == Kotlin {
			p.next()
			p.next()
			x := p.expr()
			if x == nil && p.lang.family == famRuby { // f(user_id:)
				x = &node{kind: kName, text: t.text, line: t.line}
			}
			return arg{name: t.text, x: x}, true
		}
	}
	if p.lang.family == famC { // annotations of a parameter
		for p.is("@") {
			p.mark()
		}
	}
	x := p.expr()
	if x == nil {
		return arg{}, false
	}
	if t := p.peek(); t.kind == tokPunct && (t.text == "=>" || t.text == ":" || t.text == "->" && p.lang.name != Java) || t.kind == tokName && t.text == "to" && p.lang.name == Kotlin {
		p.next()
		return arg{key: x, x: p.expr()}, true
	}
	if p.lang.family == famPython && (p.is("for") || p.is("async")) { // a comprehension
		return arg{x: &node{kind: kOther, line: x.line, x: x}}, true
	}
	return arg{x: x}, true
}

func (p *parser) postfix(x *node) *node {
	for x != nil && !p.ends() {
		t := p.peek()
		if t.kind == tokString && p.lang.family == famPython && x.kind == kString { // "a" "b"
			p.next()
			x = &node{kind: x.kind, text: x.text + t.text, line: x.line}
			if t.holes {
				x.kind = kTemplate
			}
			continue
		}
		if t.kind != tokPunct {
			if y := p.command(x); y != nil {
				x = y
				continue
			}
			break
		}
		y := p.postfixed(x, t)
		if y == nil {
			if y = p.command(x); y == nil {
				break
			}
		}
		x = y
	}
	return x
}

// postfixed reads one member, call or index; nil where something else follows.
func (p *parser) postfixed(x *node, t *token) *node {
	switch t.text {
	case ".", "?.", "&.", "->", "?->", "::":
		if t.text == "." && p.lang.family == famPHP || t.text == "->" && p.lang.family != famPHP {
			return nil
		}
		n := p.ahead(1)
		switch {
		case n.kind == tokName:
			p.next()
			p.next()
			return &node{kind: kMember, x: x, text: n.text, line: n.line}
		case n.text == "(" && p.lang.name == Ruby: // x.(y)
			p.next()
			return x
		case n.text == "(" && p.lang.name == Go: // x.(T)
			p.next()
			p.toPartner()
			return x
		case n.text == "[" && p.lang.name == CSharp, n.text == "(" && p.lang.name == Kotlin:
			p.next()
			return x
		case n.text == "{" && p.lang.family == famPHP:
			p.next()
			p.toPartner()
			return &node{kind: kOther, line: t.line}
		}
		p.next()
		return x
	case "(":
		if p.lang.family == famRuby && t.space && x.kind != kName && x.kind != kMember {
			return nil
		}
		return p.trailingBlock(&node{kind: kCall, x: x, args: p.group(), line: x.line})
	case "[":
		if p.lang.family == famRuby && t.space {
			return nil
		}
		args := p.group()
		y := &node{kind: kIndex, x: x, line: x.line}
		if len(args) > 0 {
			y.y = args[0].x
		}
		return y
	case "{":
		return p.braced(x, t)
	case "<":
		return p.generic(x)
	case "!", "!!", "?":
		n := p.ahead(1)
		if p.lang.family == famC && (n.kind == tokEOF || n.first || n.kind == tokPunct && (n.text == ")" || n.text == "," || n.text == ";" || n.text == "." || n.text == "]" || n.text == "}" || n.text == "?." || n.text == "[")) {
			p.next()
			return x
		}
	}
	return nil
}

// generic reads the type arguments of a call: f<T>(…), List<T>.of().
func (p *parser) generic(x *node) *node {
	if p.lang.family != famC || x.kind != kName && x.kind != kMember {
		return nil
	}
	depth := 0
	for i := range 40 {
		t := p.ahead(i)
		switch {
		case t.kind == tokName:
		case t.kind != tokPunct:
			return nil
		case t.text == "<":
			depth++
		case t.text == ">":
			depth--
		case t.text != "," && t.text != "." && t.text != "?" && t.text != "[" && t.text != "]" && t.text != "*":
			return nil
		}
		if depth == 0 {
			n := p.ahead(i + 1)
			if n.kind == tokPunct && (n.text == "(" || n.text == "." || n.text == "{" && !p.noBrace || n.text == "::") {
				p.pos += i + 1
				return x
			}
			return nil
		}
	}
	return nil
}
