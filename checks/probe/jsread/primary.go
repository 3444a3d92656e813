package jsread

import (
	"github.com/tdewolff/parse/v2/js"

	"badsig/checks/affix"
)

// primary reads one value that no operator splits.
func (p *parser) primary() Expr {
	name, obj := p.hint, p.obj
	p.hint, p.obj = "", ""
	line := p.line()
	switch tt := p.tt(0); tt {
	case js.StringToken:
		p.i++
		return Expr{Kind: Literal, Text: cook(inside(p.bytes(p.i-1)), false), Line: line}
	case js.TemplateToken, js.TemplateStartToken:
		return p.template()
	case js.RegExpToken:
		p.i++
		return Expr{Kind: Other, Text: p.text(p.i - 1), Line: line}
	case js.OpenParenToken:
		e := Expr{Kind: Other, Line: line}
		p.within(func() {
			e = p.exprNamed(name, obj)
		})
		return e
	case js.OpenBracketToken:
		e := Expr{Kind: Array, Line: line}
		e.Parts = p.args()
		return e
	case js.OpenBraceToken:
		return object(p, obj)
	case js.FunctionToken:
		return functionNamed(p, name)
	case js.ClassToken:
		return classNamed(p, name)
	case js.NewToken:
		return p.construct()
	case tokAt: // of a class expression
		p.i++
		e := Expr{Kind: Other, Line: line}
		if p.enter() {
			unary(p)
			e = p.primary()
			p.depth--
		}
		return e
	case tokJSXOpen:
		return p.element()
	case js.ImportToken:
		p.i++
		if p.tt(0) == js.DotToken { // import.meta
			p.i += 2
			return Expr{Kind: Ident, Text: "import.meta", Line: line}
		}
		return Expr{Kind: Ident, Text: "import", Line: line}
	case js.AsyncToken:
		if p.tt(1) == js.FunctionToken && p.sameLine(1) {
			return functionNamed(p, name)
		}
	case js.PrivateIdentifierToken, js.ThisToken, js.SuperToken, js.NullToken, js.TrueToken, js.FalseToken:
	default:
		if js.IsNumeric(tt) {
			p.i++
			return Expr{Kind: Number, Text: affix.ReplaceAll(p.text(p.i-1), "_", ""), Line: line}
		}
		if !js.IsIdentifier(tt) {
			return Expr{Kind: Other, Line: line}
		}
	}
	p.i++
	return Expr{Kind: Ident, Text: p.text(p.i - 1), Line: line}
}

// exprNamed is expr for what is in parentheses.
func (p *parser) exprNamed(name, obj string) Expr {
	e := assignNamed(p, name, obj)
	for p.tt(0) == js.CommaToken {
		p.i++
		e = assign(p)
	}
	return e
}

// template reads a template literal.
func (p *parser) template() Expr {
	line := p.line()
	if p.tt(0) == js.TemplateToken {
		p.i++
		return Expr{Kind: Literal, Text: cook(chunk(p.bytes(p.i-1)), true), Line: line}
	}
	e := Expr{Kind: Template, Line: line}
	text := func(i int) {
		if b := chunk(p.bytes(i)); len(b) > 0 {
			e.Parts = append(e.Parts, Expr{Kind: Literal, Text: cook(b, true), Line: int(p.toks[i].line)})
		}
	}
	for {
		text(p.i)
		end, mid, c := p.end, p.middle, p.close(p.i)
		p.i++
		p.end, p.middle = c, false
		if hole := expr(p); hole.Kind == Template {
			e.Parts = append(e.Parts, hole.Parts...)
		} else {
			if p.more(e.Parts) {
				e.Parts = append(e.Parts, hole)
			}
		}
		p.end, p.middle = end, mid
		p.i = c
		switch p.tt(0) {
		case js.TemplateMiddleToken:
			continue
		case js.TemplateEndToken:
			text(p.i)
			p.i++
		}
		return fold(e)
	}
}

// element reads a JSX element: its attributes are fields, what is in
// braces is code.
func (p *parser) element() Expr {
	line, name := p.line(), p.text(p.i)
	root := p.close(p.i)
	element := name
	for p.i < root {
		switch p.tt(0) {
		case tokJSXOpen:
			element = p.text(p.i)
			p.i++
		case tokJSXAttr:
			attr, at := p.text(p.i), p.line()
			if attr == "key" { // React's, of a list
				attr = ""
			}
			p.i++
			switch p.tt(0) {
			case tokJSXString:
				field(p, attr, element, Expr{Kind: Literal, Text: jsxString(p.bytes(p.i)), Line: p.line()}, at)
				p.i++
			case js.OpenBraceToken:
				var v Expr
				p.within(func() { v = expr(p) })
				field(p, attr, element, v, at)
			}
		case js.OpenBraceToken:
			p.within(func() {
				if p.tt(0) == js.EllipsisToken { // {...props}
					at := p.line()
					p.i++
					field(p, "...", element, expr(p), at)
					return
				}
				expr(p)
			})
		default:
			p.i++
		}
	}
	p.i = min(root+1, p.end)
	return Expr{Kind: Other, Text: "<" + name + ">", Line: line}
}
