package syntax

// expr reads an expression; nil where none begins.
func expr(p *parser) *Node {
	if !p.enter() {
		p.leave()
		return nil
	}
	defer p.leave()
	x := either(p)
	if x == nil {
		return nil
	}
	switch {
	case p.ends():
	case p.lang.Family == FamPython && p.is("if"): // a if c else b
		p.next()
		c := either(p)
		if p.take("else") {
			return &Node{Kind: KChoice, X: x, Z: c, Y: expr(p), Line: x.Line}
		}
	case p.lang.Name != Go && p.lang.Name != Kotlin && p.lang.Family != FamPython && p.is("?"):
		mark := p.pos
		p.next()
		a := branch(p)
		if a != nil && p.take(":") {
			return &Node{Kind: KChoice, Z: x, X: a, Y: branch(p), Line: x.Line}
		}
		p.pos = mark
	}
	return x
}

// branch reads one side of c ? a : b; Ruby may assign there, and what is
// assigned is its value.
func branch(p *parser) *Node {
	x := expr(p)
	if x != nil && p.lang.Family == FamRuby && p.is("=") {
		p.next()
		return expr(p)
	}
	return x
}

func either(p *parser) *Node {
	n := 0
	x := binary(p)
	for x != nil && !p.ends() {
		t := p.peek()
		isEither := t.kind == tokPunct && (t.text == "||" || t.text == "??" || t.text == "?:" && p.lang.Name != Ruby) || t.kind == tokName && t.text == "or" && p.lang.Family != FamC
		if !isEither {
			break
		}
		p.next()
		if t.text == "?:" || t.text == "??" {
			if k := p.peek(); k.kind == tokName && (k.text == "throw" || k.text == "return") { // x ?: error
				skipToEnd(p)
				return x
			}
		}
		y := binary(p)
		if y == nil {
			break
		}
		if n++; n > maxChain {
			continue
		}
		x = &Node{Kind: KEither, Text: t.text, X: x, Y: y, Line: x.Line}
	}
	return x
}

// skipToEnd moves to the end of the expression.
func skipToEnd(p *parser) {
	for !p.ends() && !p.is(",") {
		p.toPartner()
	}
}

// operators are the binary operators whose operands are read and not weighed.
var operators = Set("+", "-", "*", "/", "%", ".", "==", "===", "!=", "!==", "<", ">", "<=", ">=", "&&", "&", "|", "^", "<=>", "**",
	"and", "in", "is", "not", "instanceof", "as", "xor", "..", "...", "infix")

func binary(p *parser) *Node {
	n := 0
	x := unary(p)
	for x != nil && !p.ends() {
		t := p.peek()
		if pairedOperator(p, t) { // <<, >>, =~, !~, &^, //
			p.next()
			for k := p.peek(); k.kind == tokPunct && !k.space && !k.first && pairs[k.text]; k = p.peek() {
				p.next()
			}
			if y := unary(p); y == nil {
				break
			}
			if n++; n < maxChain {
				x = &Node{Kind: KBinary, Text: "op", X: x, Line: x.Line}
			}
			continue
		}
		if t.kind != tokPunct && t.kind != tokName || !operators[t.text] || t.text == "." && p.lang.Family != FamPHP {
			break
		}
		if t.kind == tokName && t.text == "as" { // x as Type, x as? Type
			if p.lang.Name != Kotlin && p.lang.Name != CSharp {
				break
			}
			p.next()
			p.take("?")
			typeName(p)
			continue
		}
		if t.kind == tokName && (p.lang.Family == FamC && p.lang.Name != Kotlin && t.text != "instanceof" && t.text != "is" || p.lang.Name == Go) {
			break
		}
		if t.kind == tokName && t.text == "in" && p.lang.Family == FamRuby {
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
		if t.text == "is" && p.lang.Family == FamC {
			p.take("not")
			typeName(p)
			if k := p.peek(); k.kind == tokName && !p.ends() && !operators[k.text] { // is string s
				p.next()
			}
			continue
		}
		y := unary(p)
		if y == nil {
			break
		}
		if n++; n > maxChain { // operands that no one weighs
			continue
		}
		x = &Node{Kind: KBinary, Text: t.text, X: x, Y: y, Line: x.Line}
	}
	return x
}

var pairs = Set("<", ">", "=", "~", "^", "/", "=>", "<=", ">=")

// pairedOperator tells an operator of two signs that the lexer leaves apart:
// they may be something else elsewhere.
func pairedOperator(p *parser, t *token) bool {
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

func unary(p *parser) *Node {
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
				return &Node{Kind: KOther, Line: int(t.line)}
			}
			x := unary(p)
			if x == nil {
				return &Node{Kind: KOther, Line: int(t.line)}
			}
			if t.text == "&" || t.text == "*" || t.text == "**" || t.text == "..." || t.text == "<-" {
				return x
			}
			return &Node{Kind: kUnary, Text: t.text, X: x, Line: int(t.line)}
		case "@":
			if p.lang.Family == FamPHP || p.lang.Name == CSharp { // @file_get_contents(…), @class
				p.next()
				return unary(p)
			}
		}
	case t.kind == tokName:
		switch t.text {
		case "await", "yield", "async", "not", "ref", "out", "throw", "clone", "print", "defined?":
			if !prefixWord(p, t) {
				break
			}
			p.next()
			x := unary(p)
			if x == nil {
				return &Node{Kind: KOther, Line: int(t.line)}
			}
			if t.text == "not" {
				return &Node{Kind: kUnary, Text: "!", X: x, Line: int(t.line)}
			}
			return x
		}
	}
	return postfix(p, primary(p))
}

// prefixWords are the words that may precede an expression, by language.
var prefixWords = map[string]map[string]bool{
	Python: Set("await", "yield", "not"), Ruby: Set("not", "yield", "defined?"), PHP: Set("clone", "print", "throw", "yield"), CSharp: Set("await", "ref", "out", "throw", "async"), Kotlin: Set("throw"), Java: Set("yield"),
}

// prefixWord reports whether a word is before an expression, and isn't a
// name like any other.
func prefixWord(p *parser, t *token) bool {
	n := p.ahead(1)
	switch {
	case !prefixWords[p.lang.Name][t.text], n.kind == tokEOF, p.lang.Newlines && n.first && p.inside == 0:
		return false
	case n.kind != tokPunct:
		return true
	case n.text == "(":
		return t.text != "print" && t.text != "clone" && t.text != "yield" || p.lang.Name == Python
	}
	return n.text == "[" || n.text == "::" || n.text == "->" || n.text == "{" || n.text == "!" || n.text == "@" || n.text == "-"
}
