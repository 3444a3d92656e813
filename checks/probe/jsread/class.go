package jsread

import "github.com/tdewolff/parse/v2/js"

func class(p *parser) Expr { return classNamed(p, "") }

// classNamed reads a class from its first word; hint is its name where it has none of its own.
func classNamed(p *parser, hint string) Expr {
	c := Expr{Kind: Func, Text: hint, Line: p.line()}
	decorators := p.before
	p.before = nil
	p.i++
	if js.IsIdentifierName(p.tt(0)) && p.tt(0) != js.ExtendsToken && p.tt(0) != js.ImplementsToken {
		c.Text = p.text(p.i)
		p.i++
	}
	if j := p.typeArgs(p.i); j > 0 {
		p.i = j
	}
	if p.tt(0) == js.ExtendsToken {
		p.i++
		if p.enter() {
			p.postfix()
			p.depth--
		}
		if j := p.typeArgs(p.i); j > 0 {
			p.i = j
		}
	}
	if p.tt(0) == js.ImplementsToken {
		for p.i < p.end && p.tt(0) != js.OpenBraceToken {
			if j := p.typeArgs(p.i); j > 0 {
				p.i = j
				continue
			}
			p.i++
		}
	}
	if p.tt(0) != js.OpenBraceToken {
		return c
	}
	p.before = decorators
	leave := enterFunction(p, c.Text, c.Line)
	defer leave()
	c.Fn = p.scope
	p.m.scopes[p.scope].fn.Class = true
	p.within(func() {
		for p.i < p.end && !p.m.Full {
			at := p.i
			classMember(p)
			if p.i <= at {
				p.i = at + 1
			}
		}
	})
	return c
}

func classMember(p *parser) {
	decorators := decorators(p)
	getter := false
	for classModifier(p) && (nameFollows(p, 1) || p.tt(0) == js.StaticToken && p.tt(1) == js.OpenBraceToken) {
		getter = getter || p.tt(0) == js.GetToken
		p.i++
	}
	line := p.line()
	switch p.tt(0) {
	case js.OpenBraceToken: // static { … }
		p.within(p.statements)
		return
	case js.SemicolonToken:
		p.i++
		return
	case js.MulToken:
		p.i++
	}
	name, ok := key(p)
	if !ok {
		return
	}
	if p.tt(0) == js.QuestionToken || p.tt(0) == js.NotToken {
		p.i++
	}
	switch p.tt(0) {
	case js.OpenParenToken, js.LtToken:
		p.before = decorators
		f := functionRest(p, name, line)
		p.gets(f, getter)
		p.before = nil
		return
	case js.ColonToken:
		p.i++
		p.skipType()
	}
	if p.tt(0) == js.EqToken {
		p.i++
		v := assignNamed(p, name, "this."+name)
		field(p, name, "this", v, line)
		assignMember(p, "this", name, v, line)
	}
}

func classModifier(p *parser) bool {
	if !js.IsIdentifier(p.tt(0)) {
		return false
	}
	switch string(p.bytes(p.i)) {
	case "static", "public", "private", "protected", "readonly", "abstract", "override", "declare", "async", "get", "set", "accessor":
		return true
	}
	return false
}
