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
	n := 0
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
		if n++; n > maxChain {
			continue
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
	n := 0
	x := p.unary()
	for x != nil && !p.ends() {
		t := p.peek()
		if p.pairedOperator(t) { // <<, >>, =~, !~, &^, //
			p.next()
			for k := p.peek(); k.kind == tokPunct && !k.space && !k.first && pairs[k.text]; k = p.peek() {
				p.next()
			}
			if y := p.unary(); y == nil {
				break
			}
			if n++; n < maxChain {
				x = &node{kind: kBinary, text: "op", x: x, line: x.line}
			}
			continue
		}
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
		if n++; n > maxChain { // operands that nobody weighs
			continue
		}
		x = &node{kind: kBinary, text: t.text, x: x, y: y, line: x.line}
	}
	return x
}

var pairs = set("<", ">", "=", "~", "^", "/", "=>", "<=", ">=")

// pairedOperator tells an operator of two signs that the lexer leaves apart:
// they may be something else elsewhere.
func (p *parser) pairedOperator(t *token) bool {
	n := p.ahead(1)
	if t.kind != tokPunct || n.kind != tokPunct || n.space || n.first || n.off != t.end {
		return false
	}
	switch t.text + n.text {
	case "<<", ">>", "&^", "//", "=~", "!~", ">>=", "<<=":
		return true
	}
	return false
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
			if p.ends() { // Python's ...
				return &node{kind: kOther, line: t.line}
			}
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
		case "await", "yield", "async", "not", "ref", "out", "throw", "clone", "print", "defined?":
			if !p.prefixWord(t) {
				break
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

// prefixWords are the words that stand before an expression, by language.
var prefixWords = map[string]map[string]bool{
	Python: set("await", "yield", "not"), Ruby: set("not", "yield", "defined?"), PHP: set("clone", "print", "throw", "yield"), CSharp: set("await", "ref", "out", "throw", "async"), Kotlin: set("throw"), Java: set("yield"),
}

// prefixWord reports whether a word stands before an expression, and isn't a
// name like any other.
func (p *parser) prefixWord(t *token) bool {
	n := p.ahead(1)
	switch {
	case !prefixWords[p.lang.name][t.text], n.kind == tokEOF, p.lang.newlines && n.first && p.inside == 0:
		return false
	case n.kind != tokPunct:
		return true
	case n.text == "(":
		return t.text != "print" && t.text != "clone" && t.text != "yield" || p.lang.name == Python
	}
	return n.text == "[" || n.text == "::" || n.text == "->" || n.text == "{" || n.text == "!" || n.text == "@" || n.text == "-"
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
	for n := 0; x != nil && !p.ends(); n++ {
		if n > maxChain {
			p.breakAt()
			x = &node{kind: kOther, line: x.line}
			n = 0
		}
		t := p.peek()
		if t.kind == tokString && (p.lang.family == famPython || p.lang.family == famRuby) && (x.kind == kString || x.kind == kTemplate) { // "a" "b"
			p.next()
			x = &node{kind: x.kind, text: x.text + t.text, line: x.line}
			if t.holes || x.kind == kTemplate {
				x.kind = kTemplate
			}
			if n--; len(x.text) > 1<<16 {
				x.text = ""
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
