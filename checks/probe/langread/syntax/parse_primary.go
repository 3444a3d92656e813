package syntax

import "unicode"

func primary(p *parser) *Node {
	t := p.peek()
	switch t.kind {
	case tokString:
		p.next()
		k := KString
		n := &Node{Kind: k, Text: t.text, Line: int(t.line)}
		if t.holes {
			n.Kind = KTemplate
			n.X = inHole(p, t)
		}
		return n
	case tokNumber:
		p.next()
		return &Node{Kind: KNumber, Text: t.text, Line: int(t.line)}
	case tokName:
		return named(p, t)
	case tokPunct:
		switch t.text {
		case "(":
			return parens(p, t)
		case "[":
			return bracket(p, t)
		case "{":
			return brace(p, t)
		case "->":
			if p.lang.Family == FamRuby {
				return rbLambda(p)
			}
		case "::":
			if p.lang.Family == FamRuby || p.lang.Name == Kotlin {
				p.next()
				return primary(p)
			}
		}
	}
	return nil
}

// inHole reads the one part that is put into a string.
func inHole(p *parser, t *token) *Node {
	if t.hole == "" || len(t.hole) > 200 || p.depth > maxDepth/2 {
		return nil
	}
	q := &parser{lang: p.lang, toks: lexHole(t.hole, p.lang, int(t.line)), depth: maxDepth / 2, inside: 1}
	p.spend(len(q.toks) / 3)
	x := expr(q)
	if x == nil || q.peek().kind != tokEOF {
		return nil
	}
	return x
}

// lexHole cuts an expression inside a string into tokens.
func lexHole(src string, l *Language, line int) []token {
	x := &lexer{src: src, lang: l, line: line, first: true}
	for x.pos < len(x.src) && len(x.toks) < 200 {
		x.next()
	}
	x.put(tokEOF, "", x.pos)
	pairBrackets(x.toks)
	return x.toks
}

// named reads what begins with a name.
func named(p *parser, t *token) *Node {
	n := p.ahead(1)
	switch t.text {
	case "new":
		if p.lang.Family == FamC && p.lang.Typed || p.lang.Family == FamPHP {
			return construction(p)
		}
	case "func":
		if p.lang.Name == Go {
			return goFunc(p)
		}
	case "map", "chan", "struct", "interface":
		if p.lang.Name == Go {
			name := goType(p)
			return &Node{Kind: KName, Text: name, Line: int(t.line)}
		}
	case "function", "fn", "static":
		if p.lang.Family == FamPHP && (t.text != "static" || n.text == "function" || n.text == "fn") {
			return phpFunc(p)
		}
	case "array":
		if p.lang.Family == FamPHP && n.text == "(" {
			p.next()
			return literalOf(group(p), int(t.line))
		}
	case "lambda":
		if p.lang.Family == FamPython {
			return pyLambda(p)
		}
		if p.lang.Family == FamRuby {
			p.next()
			return rbBlockArg(p)
		}
	case "fun":
		if p.lang.Name == Kotlin {
			p.next()
			return p.function(p.closure(t))
		}
	case "if", "when", "try", "switch", "match":
		if p.lang.Name == Kotlin && t.text == "if" {
			return ktIf(p)
		}
		if p.lang.Family == FamC && p.lang.Name != Go && t.text != "match" || p.lang.Family == FamPHP && t.text == "match" && n.text == "(" {
			return opaqueBlock(p)
		}
	case "case", "begin", "unless", "while":
		if p.lang.Family == FamRuby {
			s := rbStatement(p)
			o := &Node{Kind: KOther, Line: int(t.line)}
			if s != nil {
				o.Body = s.Body
			}
			return o
		}
	}
	if p.lang.Family == FamRuby && t.text == "if" {
		s := rbStatement(p)
		o := &Node{Kind: KOther, Line: int(t.line)}
		if s != nil {
			o.Body = s.Body
		}
		return o
	}
	if reserved(p.lang, t.text) {
		return nil
	}
	if n.kind == tokPunct && (n.text == "=>" && p.lang.Name == CSharp || n.text == "->" && p.lang.Name == Java) {
		p.next()
		return arrow(p, []Param{{Name: t.text}}, int(t.line))
	}
	p.next()
	return &Node{Kind: KName, Text: t.text, Line: int(t.line)}
}

// reserved tells words that no expression begins with.
func reserved(l *Language, word string) bool {
	switch word {
	case "else", "elif", "elsif", "end", "then", "do", "rescue", "ensure", "except", "finally", "catch", "case", "default", "return", "import", "package", "unless":
		return l.Family == FamPython && (word == "else" || word == "elif" || word == "except" || word == "finally" || word == "return" || word == "import") ||
			l.Family == FamRuby && (word == "end" || word == "then" || word == "do" || word == "else" || word == "elsif" || word == "rescue" || word == "ensure" || word == "unless" || word == "return") ||
			l.Family == FamC && (word == "else" || word == "catch" || word == "finally" || word == "case" || word == "return" || word == "import") ||
			l.Family == FamPHP && (word == "else" || word == "case" || word == "return" || word == "catch")
	}
	return false
}

// construction reads new X(…) and what C# adds in braces.
func construction(p *parser) *Node {
	t := p.next()
	x := &Node{Kind: KCall, Made: true, Line: int(t.line)}
	switch n := p.peek(); {
	case n.kind == tokPunct && (n.text == "(" || n.text == "{"): // C#: new(…), PHP: new ($x)
		x.X = &Node{Kind: KName, Line: int(t.line)}
	case n.kind == tokPunct && n.text == "[": // new[] { … }
		p.toPartner()
		x.X = &Node{Kind: KName, Line: int(t.line)}
	case n.kind == tokName && n.text == "class":
		return opaqueBlock(p)
	default:
		name := typeName(p)
		if name == "" {
			return &Node{Kind: KOther, Line: int(t.line)}
		}
		x.X = &Node{Kind: KName, Text: name, Line: int(n.line)}
	}
	if p.is("(") {
		x.Args = group(p)
	}
	if p.is("[") {
		p.toPartner()
	}
	if p.is("{") && !p.noBrace && p.lang.Family == FamC {
		if p.lang.Name == Java { // a class without a name, or an array
			p.toPartner()
			return x
		}
		x.Args = append(x.Args, group(p)...)
	}
	return x
}

// parens reads (x), (a, b), a cast, and the parameters of an arrow function.
func parens(p *parser, t *token) *Node {
	if t.match > 0 && int(t.match)+1 < len(p.toks) {
		after := p.toks[t.match+1]
		if after.kind == tokPunct && (after.text == "=>" && p.lang.Name == CSharp || after.text == "->" && p.lang.Name == Java) {
			params := params(p)
			return arrow(p, params, int(t.line))
		}
		if cast(p, t, after) {
			p.pos = int(t.match) + 1
			return unary(p)
		}
	}
	list := group(p)
	if len(list) == 1 && list[0].Name == "" && list[0].Key == nil {
		return list[0].X
	}
	return literalOf(list, int(t.line))
}

// cast reports whether parentheses hold nothing but a type before a value.
func cast(p *parser, t *token, after token) bool {
	if p.lang.Name != Java && p.lang.Name != CSharp && p.lang.Family != FamPHP || int(t.match)-p.pos < 2 || int(t.match)-p.pos > 12 {
		return false
	}
	for i := p.pos + 1; i < int(t.match); i++ {
		k := p.toks[i]
		if k.kind != tokName && !(k.kind == tokPunct && (k.text == "." || k.text == "<" || k.text == ">" || k.text == "[" || k.text == "]" || k.text == "," || k.text == "?")) {
			return false
		}
		if p.lang.Family == FamPHP && k.text[0] == '$' {
			return false
		}
	}
	return after.kind == tokName && !operators[after.text] || after.kind == tokString || after.kind == tokPunct && after.text == "(" && p.lang.Family != FamPHP && unicode.IsUpper(rune(p.toks[p.pos+1].text[0]))
}

// arrow reads the body of an arrow function; its arrow is next.
func arrow(p *parser, params []Param, line int) *Node {
	p.next()
	f := &Node{Kind: KFunc, Params: params, Line: line}
	if p.is("{") {
		f.Body = block(p)
		return f
	}
	from := int(p.peek().line)
	if x := expr(p); x != nil {
		f.Body = []*Stmt{{Kind: SReturn, X: x, Line: from, End: from}}
	}
	return f
}

// literalOf makes a list, or a dictionary where there are keys.
func literalOf(list []Arg, line int) *Node {
	n := &Node{Kind: KList, Args: list, Line: line}
	for _, a := range list {
		if a.Key != nil || a.Name != "" {
			n.Kind = KDict
		}
	}
	return n
}

func bracket(p *parser, t *token) *Node {
	if p.lang.Name == Go {
		name := goType(p)
		return &Node{Kind: KName, Text: name, Line: int(t.line)}
	}
	return literalOf(group(p), int(t.line))
}

// brace reads a dictionary, a block of Kotlin, or an element of a literal of Go.
func brace(p *parser, t *token) *Node {
	switch {
	case p.lang.Family == FamPHP, p.noBrace && p.inside == 0 && p.lang.Family == FamC:
		return nil
	case p.lang.Trailing:
		return closure(p)
	case p.lang.Family == FamRuby, p.lang.Family == FamPython:
		n := literalOf(group(p), int(t.line))
		n.Kind = KDict
		return n
	}
	n := literalOf(group(p), int(t.line))
	return n
}
