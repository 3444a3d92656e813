package langread

import "unicode"

func (p *parser) primary() *node {
	t := p.peek()
	switch t.kind {
	case tokString:
		p.next()
		k := kString
		n := &node{kind: k, text: t.text, line: t.line}
		if t.holes {
			n.kind = kTemplate
			n.x = p.inHole(t)
		}
		return n
	case tokNumber:
		p.next()
		return &node{kind: kNumber, text: t.text, line: t.line}
	case tokName:
		return p.named(t)
	case tokPunct:
		switch t.text {
		case "(":
			return p.parens(t)
		case "[":
			return p.bracket(t)
		case "{":
			return p.brace(t)
		case "->":
			if p.lang.family == famRuby {
				return p.rbLambda()
			}
		case "::":
			if p.lang.family == famRuby || p.lang.name == Kotlin {
				p.next()
				return p.primary()
			}
		}
	}
	return nil
}

// inHole reads what is put into a string that is nothing else.
func (p *parser) inHole(t *token) *node {
	if t.hole == "" || len(t.hole) > 200 || p.depth > maxDepth/2 {
		return nil
	}
	q := &parser{lang: p.lang, toks: lexHole(t.hole, p.lang, t.line), depth: maxDepth / 2, inside: 1}
	x := q.expr()
	if x == nil || q.peek().kind != tokEOF {
		return nil
	}
	return x
}

// lexHole cuts an expression inside a string into tokens.
func lexHole(src string, l *language, line int) []token {
	x := &lexer{src: src, lang: l, line: line, first: true}
	for x.pos < len(x.src) && len(x.toks) < 200 {
		x.next()
	}
	x.put(tokEOF, "", x.pos)
	pairBrackets(x.toks)
	return x.toks
}

// named reads what begins with a name.
func (p *parser) named(t *token) *node {
	n := p.ahead(1)
	switch t.text {
	case "new":
		if p.lang.family == famC && p.lang.typed || p.lang.family == famPHP {
			return p.construction()
		}
	case "func":
		if p.lang.name == Go {
			return p.goFunc()
		}
	case "map", "chan", "struct", "interface":
		if p.lang.name == Go {
			name := p.goType()
			return &node{kind: kName, text: name, line: t.line}
		}
	case "function", "fn", "static":
		if p.lang.family == famPHP && (t.text != "static" || n.text == "function" || n.text == "fn") {
			return p.phpFunc()
		}
	case "array":
		if p.lang.family == famPHP && n.text == "(" {
			p.next()
			return literalOf(p.group(), t.line)
		}
	case "lambda":
		if p.lang.family == famPython {
			return p.pyLambda()
		}
		if p.lang.family == famRuby {
			p.next()
			return p.rbBlockArg()
		}
	case "fun":
		if p.lang.name == Kotlin {
			p.next()
			return p.function(&node{kind: kFunc, line: t.line})
		}
	case "if", "when", "try", "switch", "match":
		if p.lang.name == Kotlin && t.text == "if" {
			return p.ktIf()
		}
		if p.lang.family == famC && p.lang.name != Go && t.text != "match" || p.lang.family == famPHP && t.text == "match" && n.text == "(" {
			return p.opaqueBlock()
		}
	case "case", "begin", "unless", "while":
		if p.lang.family == famRuby {
			s := p.rbStatement()
			o := &node{kind: kOther, line: t.line}
			if s != nil {
				o.body = s.body
			}
			return o
		}
	}
	if p.lang.family == famRuby && t.text == "if" {
		s := p.rbStatement()
		o := &node{kind: kOther, line: t.line}
		if s != nil {
			o.body = s.body
		}
		return o
	}
	if reserved(p.lang, t.text) {
		return nil
	}
	if n.kind == tokPunct && (n.text == "=>" && p.lang.name == CSharp || n.text == "->" && p.lang.name == Java) {
		p.next()
		return p.arrow([]param{{name: t.text}}, t.line)
	}
	p.next()
	return &node{kind: kName, text: t.text, line: t.line}
}

// reserved tells words that no expression begins with.
func reserved(l *language, word string) bool {
	switch word {
	case "else", "elif", "elsif", "end", "then", "do", "rescue", "ensure", "except", "finally", "catch", "case", "default", "return", "import", "package", "unless":
		return l.family == famPython && (word == "else" || word == "elif" || word == "except" || word == "finally" || word == "return" || word == "import") ||
			l.family == famRuby && (word == "end" || word == "then" || word == "do" || word == "else" || word == "elsif" || word == "rescue" || word == "ensure" || word == "unless" || word == "return") ||
			l.family == famC && (word == "else" || word == "catch" || word == "finally" || word == "case" || word == "return" || word == "import") ||
			l.family == famPHP && (word == "else" || word == "case" || word == "return" || word == "catch")
	}
	return false
}

// construction reads new X(…) and what C# adds in braces.
func (p *parser) construction() *node {
	t := p.next()
	x := &node{kind: kCall, made: true, line: t.line}
	switch n := p.peek(); {
	case n.kind == tokPunct && (n.text == "(" || n.text == "{"): // C#: new(…), PHP: new ($x)
		x.x = &node{kind: kName, line: t.line}
	case n.kind == tokPunct && n.text == "[": // new[] { … }
		p.toPartner()
		x.x = &node{kind: kName, line: t.line}
	case n.kind == tokName && n.text == "class":
		return p.opaqueBlock()
	default:
		name := p.typeName()
		if name == "" {
			return &node{kind: kOther, line: t.line}
		}
		x.x = &node{kind: kName, text: name, line: n.line}
	}
	if p.is("(") {
		x.args = p.group()
	}
	if p.is("[") {
		p.toPartner()
	}
	if p.is("{") && !p.noBrace && p.lang.family == famC {
		if p.lang.name == Java { // a class without a name, or an array
			p.toPartner()
			return x
		}
		x.args = append(x.args, p.group()...)
	}
	return x
}

// parens reads (x), (a, b), a cast, and the parameters of an arrow function.
func (p *parser) parens(t *token) *node {
	if t.match > 0 && t.match+1 < len(p.toks) {
		after := p.toks[t.match+1]
		if after.kind == tokPunct && (after.text == "=>" && p.lang.name == CSharp || after.text == "->" && p.lang.name == Java) {
			params := p.params()
			return p.arrow(params, t.line)
		}
		if p.cast(t, after) {
			p.pos = t.match + 1
			return p.unary()
		}
	}
	list := p.group()
	if len(list) == 1 && list[0].name == "" && list[0].key == nil {
		return list[0].x
	}
	return literalOf(list, t.line)
}

// cast reports whether parentheses hold nothing but a type before a value.
func (p *parser) cast(t *token, after token) bool {
	if p.lang.name != Java && p.lang.name != CSharp && p.lang.family != famPHP || t.match-p.pos < 2 || t.match-p.pos > 12 {
		return false
	}
	for i := p.pos + 1; i < t.match; i++ {
		k := p.toks[i]
		if k.kind != tokName && !(k.kind == tokPunct && (k.text == "." || k.text == "<" || k.text == ">" || k.text == "[" || k.text == "]" || k.text == "," || k.text == "?")) {
			return false
		}
		if p.lang.family == famPHP && k.text[0] == '$' {
			return false
		}
	}
	return after.kind == tokName && !operators[after.text] || after.kind == tokString || after.kind == tokPunct && after.text == "(" && p.lang.family != famPHP && unicode.IsUpper(rune(p.toks[p.pos+1].text[0]))
}

// arrow reads the body of an arrow function; its arrow is next.
func (p *parser) arrow(params []param, line int) *node {
	p.next()
	f := &node{kind: kFunc, params: params, line: line}
	if p.is("{") {
		f.body = p.block()
		return f
	}
	from := p.peek().line
	if x := p.expr(); x != nil {
		f.body = []*stmt{{kind: sReturn, x: x, line: from, end: from}}
	}
	return f
}

// literalOf makes a list, or a dictionary where there are keys.
func literalOf(list []arg, line int) *node {
	n := &node{kind: kList, args: list, line: line}
	for _, a := range list {
		if a.key != nil || a.name != "" {
			n.kind = kDict
		}
	}
	return n
}

func (p *parser) bracket(t *token) *node {
	if p.lang.name == Go {
		name := p.goType()
		return &node{kind: kName, text: name, line: t.line}
	}
	return literalOf(p.group(), t.line)
}

// brace reads a dictionary, a block of Kotlin, or an element of a literal of Go.
func (p *parser) brace(t *token) *node {
	switch {
	case p.lang.family == famPHP, p.noBrace && p.inside == 0 && p.lang.family == famC:
		return nil
	case p.lang.trailing:
		return p.closure()
	case p.lang.family == famRuby, p.lang.family == famPython:
		n := literalOf(p.group(), t.line)
		n.kind = kDict
		return n
	}
	n := literalOf(p.group(), t.line)
	return n
}

// braced reads what a brace after an expression means.
func (p *parser) braced(x *node, t *token) *node {
	switch {
	case p.lang.name == Go && (!p.noBrace || p.inside > 0):
		if x.kind == kName || x.kind == kMember {
			return &node{kind: kDict, x: x, args: p.group(), line: x.line}
		}
	case p.lang.trailing && !t.first && !p.noBrace:
		if x.kind == kName || x.kind == kMember {
			return p.trailingBlock(&node{kind: kCall, x: x, line: x.line})
		}
	case p.lang.family == famRuby && !t.first:
		if x.kind == kName || x.kind == kMember || x.kind == kCall {
			return p.rbAttach(x, p.rbBlockArg())
		}
	}
	return nil
}

// trailingBlock gives a call the block after it as its last argument.
func (p *parser) trailingBlock(x *node) *node {
	if p.lang.trailing && p.is("{") && !p.peek().first && !p.noBrace {
		x.args = append(x.args, arg{x: p.closure()})
	}
	return x
}

// closure reads Kotlin's { a, b -> … }.
func (p *parser) closure() *node {
	t := p.peek()
	f := &node{kind: kFunc, line: t.line}
	end := t.match
	if end < 0 {
		p.next()
		return f
	}
	for i := p.pos + 1; i < end && i < p.pos+24; i++ { // parameters
		k := p.toks[i]
		if k.kind == tokPunct && k.text == "->" {
			for _, a := range p.toks[p.pos+1 : i] {
				if a.kind == tokName {
					f.params = append(f.params, param{name: a.text})
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
	f.body = p.until(end)
	return f
}

// until reads statements up to the bracket at an index, and moves behind it.
func (p *parser) until(end int) []*stmt {
	var list []*stmt
	for p.pos < end {
		from := p.pos
		if s := p.statement(); s != nil {
			list = append(list, s)
		}
		if p.pos == from {
			p.next()
		}
	}
	p.pos = end
	p.next()
	return list
}

// block reads { … }.
func (p *parser) block() []*stmt {
	t := p.peek()
	if t.match < 0 {
		p.breakAt()
		p.next()
		return nil
	}
	p.next()
	return p.until(t.match)
}

// opaqueBlock skips an expression that has a block (switch, when, match), and
// keeps what stands in it.
func (p *parser) opaqueBlock() *node {
	o := &node{kind: kOther, line: p.next().line}
	for p.is("(") || p.peek().kind == tokName && !p.ends() && !p.is("{") {
		p.toPartner()
	}
	if p.is("{") {
		o.body = p.block()
	}
	for p.is("catch") || p.is("finally") || p.is("else") {
		p.next()
		if p.is("(") {
			p.toPartner()
		}
		if p.is("{") {
			o.body = append(o.body, p.block()...)
		}
	}
	return o
}

// ktIf reads if (c) a else b as a value.
func (p *parser) ktIf() *node {
	t := p.next()
	if !p.is("(") {
		return &node{kind: kOther, line: t.line}
	}
	cond := p.group()
	n := &node{kind: kChoice, line: t.line}
	if len(cond) > 0 {
		n.z = cond[0].x
	}
	value := func() *node {
		if p.is("{") {
			list := p.block()
			if len(list) > 0 {
				return list[len(list)-1].x
			}
			return nil
		}
		return p.expr()
	}
	n.x = value()
	if p.take("else") {
		n.y = value()
	}
	return n
}
