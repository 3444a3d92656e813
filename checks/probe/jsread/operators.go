package jsread

import (
	"strings"

	"github.com/tdewolff/parse/v2/js"
)

// precedence of the operators with two operands; 0 for what is none.
func precedence(tt js.TokenType) int {
	switch tt {
	case js.OrToken, js.NullishToken:
		return 1
	case js.AndToken:
		return 2
	case js.BitOrToken:
		return 3
	case js.BitXorToken:
		return 4
	case js.BitAndToken:
		return 5
	case js.EqEqToken, js.NotEqToken, js.EqEqEqToken, js.NotEqEqToken:
		return 6
	case js.LtToken, js.GtToken, js.LtEqToken, js.GtEqToken, js.InToken, js.InstanceofToken:
		return 7
	case js.LtLtToken, js.GtGtToken, js.GtGtGtToken:
		return 8
	case js.AddToken, js.SubToken:
		return 9
	case js.MulToken, js.DivToken, js.ModToken:
		return 10
	case js.ExpToken:
		return 11
	}
	return 0
}

func binary(p *parser, low int) Expr {
	left := unary(p)
	for {
		op := p.tt(0)
		prec := precedence(op)
		if prec < low || prec == 0 {
			break
		}
		p.i++
		at := p.i
		right := binary(p, prec+1)
		if p.i == at {
			break
		}
		if op == js.EqEqEqToken || op == js.EqEqToken {
			compare(p, left, right)
		}
		left = combine(p, op, left, right)
	}
	return fold(left)
}

func combine(p *parser, op js.TokenType, a, b Expr) Expr {
	kind, text := Other, op.String()
	switch op {
	case js.OrToken, js.NullishToken:
		kind = Either
	case js.AndToken:
		// The value is a only where a is false, null or empty.
		return Expr{Kind: Either, Text: text, Parts: []Expr{b}, Line: a.Line, Rest: &Rest{On: &a}}
	case js.AddToken:
		kind, text = Template, ""
	}
	if a.Kind == kind && a.Text == text && len(a.Parts) > 1 {
		if p.more(a.Parts) {
			a.Parts = append(a.Parts, b)
		}
		return a
	}
	return Expr{Kind: kind, Text: text, Parts: []Expr{a, b}, Line: a.Line}
}

// fold joins literals that are side by side in a template or a sum of strings.
func fold(e Expr) Expr {
	if e.Kind != Template {
		return e
	}
	var parts []Expr
	var text strings.Builder
	run := -1 // where the run of literals begins
	flush := func(end int) {
		if run >= 0 {
			parts = append(parts, Expr{Kind: Literal, Text: text.String(), Line: e.Parts[run].Line})
			text.Reset()
		}
		run = -1
	}
	for i, x := range e.Parts {
		if x.Kind != Literal {
			flush(i)
			parts = append(parts, x)
			continue
		}
		if run < 0 {
			run = i
		}
		text.WriteString(x.Text)
	}
	flush(len(e.Parts))
	if len(parts) == 1 && parts[0].Kind == Literal {
		return parts[0]
	}
	e.Parts = parts
	return e
}

// unary reads what is before a value, then the value.
func unary(p *parser) Expr {
	var ops []js.TokenType
	line, await := p.line(), false
	for {
		tt := p.tt(0)
		switch tt {
		case js.AwaitToken:
			await = true
		case js.NotToken, js.SubToken, js.AddToken, js.BitNotToken, js.TypeofToken, js.VoidToken, js.DeleteToken,
			js.IncrToken, js.DecrToken:
			if len(ops) < 8 {
				ops = append(ops, tt)
			}
		case js.LtToken: // <Type>value
			if j := p.typeArgs(p.i); p.ts && j > 0 {
				p.i = j
				continue
			}
			return Expr{Kind: Other, Line: line}
		default:
			e := p.postfix()
			e.Await = e.Await || await
			for i := len(ops) - 1; i >= 0; i-- {
				e = prefixed(ops[i], e, line)
			}
			return e
		}
		p.i++
	}
}

func prefixed(op js.TokenType, e Expr, line int) Expr {
	switch {
	case op == js.SubToken && e.Kind == Number:
		return Expr{Kind: Number, Text: "-" + e.Text, Line: line}
	case op == js.AddToken:
		return Expr{Kind: Wrapped, Text: "+", Parts: []Expr{e}, Line: line}
	}
	return Expr{Kind: Other, Text: op.String(), Parts: []Expr{e}, Line: line}
}
