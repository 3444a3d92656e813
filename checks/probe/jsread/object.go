package jsread

import "github.com/tdewolff/parse/v2/js"

// key reads a property's name: a word, a string, a number or a computed one
// ("" where that isn't a literal).
func key(p *parser) (string, bool) {
	switch tt := p.tt(0); {
	case tt == js.StringToken:
		p.i++
		return cook(inside(p.bytes(p.i-1)), false), true
	case tt == js.OpenBracketToken:
		var e Expr
		p.within(func() { e = expr(p) })
		if e.Kind != Literal {
			return "[]", true
		}
		return e.Text, true
	case js.IsIdentifierName(tt), js.IsNumeric(tt), tt == js.PrivateIdentifierToken:
		p.i++
		return p.text(p.i - 1), true
	}
	return "", false
}

// nameFollows tells whether the token n further on can be a property's name.
func nameFollows(p *parser, n int) bool {
	tt := p.tt(n)
	return js.IsIdentifierName(tt) || js.IsNumeric(tt) || tt == js.StringToken || tt == js.OpenBracketToken ||
		tt == js.PrivateIdentifierToken || tt == js.MulToken
}

// object reads an object literal. obj is the path of the variable it is assigned to.
func object(p *parser, obj string) Expr {
	e := Expr{Kind: Object, Line: p.line(), Rest: &Rest{}}
	add := func(key string, v Expr) {
		if p.more(e.Parts) {
			e.Rest.Keys, e.Parts = append(e.Rest.Keys, key), append(e.Parts, v)
		}
	}
	p.within(func() {
		p.each(func() {
			line := p.line()
			if p.tt(0) == js.EllipsisToken {
				p.i++
				add("", assign(p))
				return
			}
			getter := p.tt(0) == js.GetToken && nameFollows(p, 1)
			for (p.tt(0) == js.GetToken || p.tt(0) == js.SetToken || p.tt(0) == js.AsyncToken) && nameFollows(p, 1) {
				p.i++
			}
			if p.tt(0) == js.MulToken {
				p.i++
			}
			at := p.i
			key, ok := key(p)
			if !ok {
				return
			}
			switch p.tt(0) {
			case js.ColonToken:
				p.i++
				path := ""
				if obj != "" && len(obj)+len(key) < maxPath {
					path = obj + "." + key
				}
				v := assignNamed(p, key, path)
				add(key, v)
				field(p, key, obj, v, line)
			case js.OpenParenToken, js.LtToken:
				f := functionRest(p, key, line)
				p.gets(f, getter)
				add(key, f)
			case js.EqToken: // a pattern's default
				p.i++
				add(key, Expr{Kind: Either, Text: "=", Parts: []Expr{{Kind: Ident, Text: key, Line: line}, assign(p)}, Line: line})
			default:
				if js.IsIdentifierName(p.kind(at)) {
					v := Expr{Kind: Ident, Text: key, Line: line}
					add(key, v)
					field(p, key, obj, v, line)
				}
			}
		})
	})
	return e
}

// gets notes that a function was written as a getter.
func (p *parser) gets(f Expr, getter bool) {
	if getter && f.Fn > 0 {
		p.m.scopes[f.Fn].fn.Getter = true
	}
}

func function(p *parser) Expr { return functionNamed(p, "") }

// functionNamed reads a function from its first word; hint is its name where it has none of its own.
func functionNamed(p *parser, hint string) Expr {
	line, async := p.line(), p.tt(0) == js.AsyncToken
	if async {
		p.i++
	}
	p.i++
	if p.tt(0) == js.MulToken {
		p.i++
	}
	if js.IsIdentifierName(p.tt(0)) {
		hint = p.text(p.i)
		p.i++
	}
	f := functionRest(p, hint, line)
	if fn := FunctionOf(&p.m, f.Fn); fn != nil {
		fn.Async = async
	}
	return f
}

// functionRest reads parameters, the result's type and the body.
func functionRest(p *parser, name string, line int) Expr {
	f := Expr{Kind: Func, Text: name, Line: line}
	if j := p.typeArgs(p.i); j > 0 {
		p.i = j
	}
	if p.tt(0) != js.OpenParenToken {
		return f
	}
	owner := name
	if name == "constructor" && p.fn != "" {
		owner = "new " + p.fn
	}
	leave := enterFunction(p, name, line)
	defer leave()
	f.Fn = p.scope
	defer span(p, name, line)()
	params(p, owner)
	if p.tt(0) == js.ColonToken {
		p.i++
		p.skipType()
	}
	bodyIn(p)
	return f
}

// bodyIn reads a function's block, if one is here.
func bodyIn(p *parser) {
	if p.tt(0) != js.OpenBraceToken {
		return
	}
	if p.tt(1) == js.StringToken {
		p.m.scopes[p.scope].fn.Directive = cook(inside(p.bytes(p.i+1)), false)
	}
	p.within(p.statements)
}

// enterFunction opens a scope; what it gives closes it again.
func enterFunction(p *parser, name string, line int) func() {
	fn, scopeBefore, around, own := p.fn, p.scope, p.around, p.own
	p.own = name
	switch {
	case name != "":
		p.fn = name
	case p.fn == "":
		p.fn = p.around
	}
	p.around = ""
	p.keeps(scopeSize)
	body := Scope(len(p.m.scopes))
	p.m.scopes = append(p.m.scopes, scope{parent: p.scope, fn: &Function{Name: name, Own: body, In: p.scope, Line: line, Decorators: p.before}})
	p.scope, p.before = body, nil
	return func() { p.fn, p.scope, p.around, p.own = fn, scopeBefore, around, own }
}

// span files where a function is, once its end is known.
func span(p *parser, name string, first int) (end func()) {
	if len(p.m.Funcs) >= maxCalls {
		return func() {}
	}
	at := len(p.m.Funcs)
	p.m.Funcs = append(p.m.Funcs, Span{Name: name, First: first, Scope: p.scope})
	return func() {
		last := first
		if p.i > 0 && p.i <= len(p.toks) {
			last = int(p.toks[p.i-1].line)
		}
		p.m.Funcs[at].Last = last
	}
}

// returned files what a function gives back, where it can say something.
func returned(p *parser, e Expr, line int) {
	switch e.Kind {
	case Number, Func, Other:
		if e.Param() == nil {
			return
		}
	}
	if len(p.m.Returns) < maxCalls && p.keeps(entrySize, e) {
		p.m.Returns = append(p.m.Returns, Return{Func: p.own, Expr: e, Line: line, Scope: p.scope})
	}
}

// arrow reads an arrow function, if one is here.
func arrow(p *parser, name string) (Expr, bool) {
	i := p.i
	if p.kind(i) == js.AsyncToken && p.kind(i+1) != js.ArrowToken {
		i++
		if i < p.end && p.toks[i].nl {
			return Expr{}, false
		}
	}
	if j := p.typeArgs(i); j > 0 {
		if p.kind(j) != js.OpenParenToken {
			return Expr{}, false
		}
		i = j
	}
	first := p.kind(i)
	body := 0
	switch {
	case first == js.OpenParenToken:
		next := p.close(i) + 1
		switch {
		case p.kind(next) == js.ArrowToken:
			body = next + 1
		case p.kind(next) == js.ColonToken && p.ts && !p.middle:
			at := p.i
			p.i = next + 1
			p.skipType()
			if p.tt(0) == js.ArrowToken {
				body = p.i + 1
			}
			p.i = at
		}
	case js.IsIdentifier(first) || first == js.AwaitToken || first == js.YieldToken:
		if p.kind(i+1) == js.ArrowToken {
			body = i + 2
		}
	}
	if body == 0 {
		return Expr{}, false
	}
	f := Expr{Kind: Func, Text: name, Line: p.line()}
	leave := enterFunction(p, name, f.Line)
	defer leave()
	f.Fn = p.scope
	p.m.scopes[p.scope].fn.Async = p.tt(0) == js.AsyncToken && i > p.i
	defer span(p, name, f.Line)()
	p.i = i
	if first == js.OpenParenToken {
		params(p, name)
	} else {
		value, fn := paramOf(name, 0, f.Line), p.m.scopes[p.scope].fn
		fn.Params = []Parameter{{}}
		fn.named(0, p.text(i), value)
		declare(p, p.text(i), anonymous(value))
	}
	p.i = body
	if p.tt(0) == js.OpenBraceToken {
		bodyIn(p)
	} else {
		line := p.line()
		e := assign(p)
		returned(p, e, line)
		exit(p, false, e)
	}
	return f, true
}
