package syntax

// maxDepth bounds the nesting of what is read.
const maxDepth = 200

// maxStmts bounds the statements of one file, of which each keeps half a KB.
const maxStmts = 15_000

// maxChain bounds what is called on one thing after another, and joined by operators.
const maxChain = 150

// parser makes a tree of tokens. It never fails: what it doesn't understand
// is skipped up to the next statement.
type parser struct {
	lang    *Language
	toks    []token
	pos     int
	depth   int
	steps   int
	stmts   int
	inside  int  // open brackets: newlines don't count in them
	noBrace bool // a { begins the block of a statement, not a literal
	class   string
	broken  bool // something was skipped
	brokeAt int  // the first line of it
}

// Parse reads a file into statements.
func Parse(src string, l *Language) (list []*Stmt, brokeAt int, full bool) {
	p := &parser{lang: l, toks: lex(src, l)}
	for p.peek().kind != tokEOF {
		list = p.oneMore(list)
	}
	if full = len(p.toks) > maxTokens || p.stmts > maxStmts; full && p.brokeAt == 0 {
		p.brokeAt = int(p.toks[len(p.toks)-1].line)
	}
	return list, p.brokeAt, full
}

// oneMore appends the next statement, and moves on by a token at least.
func (p *parser) oneMore(list []*Stmt) []*Stmt {
	from := p.pos
	if s := p.statement(); s != nil {
		list = append(list, s)
	}
	if p.pos == from {
		p.next()
	}
	return list
}

//go:noinline
func (p *parser) peek() *token { return p.ahead(0) }

//go:noinline
func (p *parser) ahead(n int) *token {
	if i := p.pos + n; i < len(p.toks) {
		return &p.toks[i]
	}
	return &p.toks[len(p.toks)-1]
}

//go:noinline
func (p *parser) next() *token {
	t := p.peek()
	if p.pos < len(p.toks)-1 {
		p.pos++
	}
	return t
}

// is reports whether the next token is a punctuation or name of this text.
//
//go:noinline
func (p *parser) is(text string) bool {
	t := p.peek()
	return (t.kind == tokPunct || t.kind == tokName) && t.text == text
}

// take moves over the next token, if it is this one.
func (p *parser) take(text string) bool {
	if p.is(text) {
		p.next()
		return true
	}
	return false
}

// ends reports whether the statement ends before the next token.
func (p *parser) ends() bool {
	t := p.peek()
	if t.kind == tokEOF || t.kind == tokPunct && (t.text == ";" || t.text == "}" || t.text == ")" || t.text == "]") {
		return true
	}
	return p.lang.Newlines && p.inside == 0 && t.first && !p.continues(t)
}

// continues reports whether a line goes on the expression of the line before.
func (p *parser) continues(t *token) bool {
	if t.kind != tokPunct {
		return false
	}
	switch t.text {
	case ".", "?.", "&.":
		return p.lang.Name != Go && p.lang.Name != Python
	case "?:", "||", "&&":
		return p.lang.Name == Kotlin
	}
	return false
}

// skip moves past the statement that wasn't understood: to its end at this
// level of brackets.
func (p *parser) skip() {
	p.breakAt()
	from := p.pos
	for {
		t := p.peek()
		switch {
		case t.kind == tokEOF, t.kind == tokPunct && t.text == "}":
			return
		case t.kind == tokPunct && t.text == ";":
			p.next()
			return
		case p.lang.Newlines && t.first && p.pos > from:
			return
		case t.kind == tokPunct && t.text == "{" && p.pos > from:
			return
		case int(t.match) > p.pos:
			p.pos = int(t.match)
		}
		p.next()
	}
}

// toPartner moves past the partner of the bracket that is next.
func (p *parser) toPartner() {
	if t := p.peek(); int(t.match) > p.pos {
		p.pos = int(t.match)
	}
	p.next()
}

// reach reads part after part up to the bracket at an index, and moves after it. Each part moves on.
func (p *parser) reach(end int, read func()) {
	for p.pos < end {
		from := p.pos
		if read(); p.pos == from {
			p.next()
		}
	}
	p.pos = end
	p.next()
}

// within reads what is in the bracket that is next, part after part.
func (p *parser) within(read func(end int)) {
	if end := int(p.next().match); end >= 0 {
		p.reach(end, func() { read(end) })
	}
}

// listed reads the parts of a bracket that commas separate, over lines; what read leaves of a part is passed over.
func (p *parser) listed(read func(end int)) {
	outer := p.inside
	p.inside++
	p.within(func(end int) {
		for read(end); p.pos < end && !p.is(",") && !p.is(";"); {
			p.toPartner()
		}
		if p.pos < end {
			p.next()
		}
	})
	p.inside = outer
}

// enter bounds depth and steps.
func (p *parser) enter() bool {
	p.depth++
	p.steps++
	return p.depth < maxDepth && p.steps < 20*maxTokens
}

func (p *parser) leave() { p.depth-- }

func (p *parser) statement() *Stmt {
	if !p.spend(1) {
		return nil
	}
	if !p.enter() {
		p.leave()
		p.skip()
		return nil
	}
	defer p.leave()
	outerInside, outerBrace := p.inside, p.noBrace
	p.inside, p.noBrace = 0, false
	defer func() { p.inside, p.noBrace = outerInside, outerBrace }()
	switch p.lang.Family {
	case FamPython:
		return pyStatement(p)
	case FamRuby:
		return rbStatement(p)
	}
	return cStatement(p)
}

// spend counts statements, and what needs as much room; false where the rest isn't read.
func (p *parser) spend(n int) bool {
	if p.stmts += n; p.stmts <= maxStmts {
		return true
	}
	if p.brokeAt == 0 {
		p.brokeAt = int(p.peek().line)
	}
	p.pos = len(p.toks) - 1
	return false
}

// closure is a function without a name, which needs the room of two statements.
//
//go:noinline
func (p *parser) closure(t *token) *Node {
	p.spend(2)
	return &Node{Kind: KFunc, Line: int(t.line)}
}

// breakAt notes that something wasn't understood, and where it begins.
func (p *parser) breakAt() {
	p.broken = true
	if p.brokeAt == 0 {
		p.brokeAt = int(p.peek().line)
	}
}

// simple reads an expression or an assignment.
func (p *parser) simple() *Stmt {
	t := p.peek()
	s := &Stmt{Kind: SExpr, Line: int(t.line)}
	x := expr(p)
	if x == nil {
		p.skip()
		return nil
	}
	targets := []*Node{x}
	for p.is(",") && !p.ends() {
		p.next()
		y := expr(p)
		if y == nil {
			break
		}
		targets = append(targets, y)
	}
	if p.lang.Family == FamPython && p.is(":") && p.ahead(1).kind != tokEOF && !p.ahead(1).first { // name: type = value
		p.next()
		if y := expr(p); y != nil {
			s.Typ = y.Path()
		}
	}
	switch op := p.peek(); {
	case op.kind == tokPunct && !p.ends():
		switch op.text {
		case "=", ":=", "+=", "||=", "??=", ".=", "&&=", "-=", "*=", "/=":
			p.next()
			s.Kind, s.Text, s.Targets = SAssign, op.text, targets
			s.X = expr(p)
			for p.is("=") { // a = b = c
				p.next()
				s.Targets = append(s.Targets, s.X)
				s.X = expr(p)
			}
			if p.is(",") {
				list := &Node{Kind: KList, Line: int(op.line), Args: []Arg{{X: s.X}}}
				for p.take(",") {
					if p.ends() {
						break
					}
					list.Args = append(list.Args, Arg{X: expr(p)})
				}
				if len(targets) > 1 {
					s.X = list
				}
			}
			if s.X == nil {
				p.skip()
			}
			return s
		}
	}
	s.X = x
	if len(targets) > 1 {
		s.X = &Node{Kind: KList, Line: int(t.line)}
		for _, y := range targets {
			s.X.Args = append(s.X.Args, Arg{X: y})
		}
	}
	return s
}
