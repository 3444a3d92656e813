package syntax

// group reads what is between two brackets as arguments; the opening one is next.
func group(p *parser) []Arg {
	outer := p.noBrace
	p.noBrace = false
	var list []Arg
	p.listed(func(int) {
		if a, ok := argument(p); ok {
			list = append(list, a)
		}
	})
	p.noBrace = outer
	return list
}

// argument reads one element of a list: x, name=x, name: x, key => x, key: x.
func argument(p *parser) (Arg, bool) {
	t, n := p.peek(), p.ahead(1)
	if t.kind == tokName && n.kind == tokPunct && (n.text == "=" || n.text == ":" && n.text != "::") && p.lang.Name != Go {
		ruby := p.lang.Family == FamRuby || p.lang.Name == CSharp || p.lang.Family == FamPHP
		if n.text == "=" || ruby || p.lang.Name == Kotlin {
			p.next()
			p.next()
			x := expr(p)
			if x == nil && p.lang.Family == FamRuby { // f(user_id:)
				x = &Node{Kind: KName, Text: t.text, Line: int(t.line)}
			}
			return Arg{Name: t.text, X: x}, true
		}
	}
	if p.lang.Family == FamC { // annotations of a parameter
		for p.is("@") {
			mark(p)
		}
	}
	x := expr(p)
	if x == nil {
		return Arg{}, false
	}
	if t := p.peek(); t.kind == tokPunct && (t.text == "=>" || t.text == ":" || t.text == "->" && p.lang.Name != Java) || t.kind == tokName && t.text == "to" && p.lang.Name == Kotlin {
		p.next()
		return Arg{Key: x, X: expr(p)}, true
	}
	if p.lang.Family == FamPython && (p.is("for") || p.is("async")) { // a comprehension
		return Arg{X: &Node{Kind: KOther, Line: x.Line, X: x}}, true
	}
	return Arg{X: x}, true
}

func postfix(p *parser, x *Node) *Node {
	for n := 0; x != nil && !p.ends(); n++ {
		if n > maxChain {
			p.breakAt()
			x = &Node{Kind: KOther, Line: x.Line}
			n = 0
		}
		t := p.peek()
		if t.kind == tokString && (p.lang.Family == FamPython || p.lang.Family == FamRuby) && (x.Kind == KString || x.Kind == KTemplate) { // "a" "b"
			p.next()
			x = &Node{Kind: x.Kind, Text: x.Text + t.text, Line: x.Line}
			if t.holes || x.Kind == KTemplate {
				x.Kind = KTemplate
			}
			if n--; len(x.Text) > 1<<16 {
				x.Text = ""
			}
			continue
		}
		if t.kind != tokPunct {
			if y := command(p, x); y != nil {
				x = y
				continue
			}
			break
		}
		y := postfixed(p, x, t)
		if y == nil {
			if y = command(p, x); y == nil {
				break
			}
		}
		x = y
	}
	return x
}

// postfixed reads one member, call or index; nil where something else follows.
func postfixed(p *parser, x *Node, t *token) *Node {
	switch t.text {
	case ".", "?.", "&.", "->", "?->", "::":
		if t.text == "." && p.lang.Family == FamPHP || t.text == "->" && p.lang.Family != FamPHP {
			return nil
		}
		n := p.ahead(1)
		switch {
		case n.kind == tokName:
			p.next()
			p.next()
			return &Node{Kind: KMember, X: x, Text: n.text, Line: int(n.line)}
		case n.text == "(" && p.lang.Name == Ruby: // x.(y)
			p.next()
			return x
		case n.text == "(" && p.lang.Name == Go: // x.(T)
			p.next()
			p.toPartner()
			return x
		case n.text == "[" && p.lang.Name == CSharp, n.text == "(" && p.lang.Name == Kotlin:
			p.next()
			return x
		case n.text == "{" && p.lang.Family == FamPHP:
			p.next()
			p.toPartner()
			return &Node{Kind: KOther, Line: int(t.line)}
		}
		p.next()
		return x
	case "(":
		if p.lang.Family == FamRuby && t.space && x.Kind != KName && x.Kind != KMember {
			return nil
		}
		return trailingBlock(p, &Node{Kind: KCall, X: x, Args: group(p), Line: x.Line})
	case "[":
		if p.lang.Family == FamRuby && t.space {
			return nil
		}
		part := isSlice(p)
		args := group(p)
		y := &Node{Kind: KIndex, X: x, Line: x.Line}
		if part {
			y.Y = &Node{Kind: KSlice, Line: x.Line}
		} else if len(args) > 0 {
			y.Y = args[0].X
		}
		return y
	case "{":
		return braced(p, x, t)
	case "<":
		return generic(p, x)
	case "!", "!!", "?":
		n := p.ahead(1)
		if p.lang.Family == FamC && (n.kind == tokEOF || n.first || n.kind == tokPunct && (n.text == ")" || n.text == "," || n.text == ";" || n.text == "." || n.text == "]" || n.text == "}" || n.text == "?." || n.text == "[")) {
			p.next()
			return x
		}
	}
	return nil
}

// isSlice reports brackets that take a part: a[1:2], a[..5].
func isSlice(p *parser) bool {
	depth := 0
	for i := range 40 {
		switch t := p.ahead(i); {
		case t.kind == tokEOF:
			return false
		case t.kind != tokPunct:
		case t.text == "[" || t.text == "(" || t.text == "{":
			depth++
		case t.text == "]" || t.text == ")" || t.text == "}":
			if depth--; depth == 0 {
				return false
			}
		case depth == 1 && (t.text == ":" || t.text == ".." || t.text == "..."):
			return true
		}
	}
	return false
}

// generic reads the type arguments of a call: f<T>(…), List<T>.of().
func generic(p *parser, x *Node) *Node {
	if p.lang.Family != FamC || x.Kind != KName && x.Kind != KMember {
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
				if x.Kind == KMember && p.lang.Name == Kotlin && i == 2 { // call.receive<T>()
					x.Y = &Node{Kind: KName, Text: p.ahead(1).text, Line: x.Line}
				}
				p.pos += i + 1
				return x
			}
			return nil
		}
	}
	return nil
}
