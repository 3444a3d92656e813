package jsread

import (
	"slices"
	"strings"

	"github.com/tdewolff/parse/v2/js"
)

// expr reads an expression, commas included; its value is the last one's.
func expr(p *parser) Expr {
	e := assign(p)
	for p.tt(0) == js.CommaToken {
		p.i++
		at := p.i
		e = assign(p)
		if p.i == at {
			break
		}
	}
	return e
}

func assign(p *parser) Expr { return assignNamed(p, "", "") }

// assignNamed reads an expression without commas. name is what a function in
// it is called, obj the path of the variable that an object is assigned to.
func assignNamed(p *parser, name, obj string) Expr {
	at := p.i
	if !p.enter() {
		// Too deep: passed over.
		switch p.tt(0) {
		case js.OpenBraceToken, js.OpenParenToken, js.OpenBracketToken, js.TemplateStartToken, tokJSXOpen:
			p.i = p.close(p.i)
		}
		p.i++
		return Expr{Kind: Other, Line: p.line()}
	}
	defer func() { p.depth-- }()
	for p.tt(0) == js.YieldToken {
		p.i++
		if p.tt(0) == js.MulToken {
			p.i++
		}
	}
	if f, ok := arrow(p, name); ok {
		return f
	}
	p.hint, p.obj = name, obj
	reads := len(p.m.Reads)
	left := ternary(p)
	p.hint, p.obj = "", ""
	op := p.tt(0)
	switch op {
	case js.EqToken, js.OrEqToken, js.NullishEqToken, js.AndEqToken:
	case js.AddEqToken, js.SubEqToken, js.MulEqToken, js.DivEqToken, js.ModEqToken, js.ExpEqToken, js.LtLtEqToken,
		js.GtGtEqToken, js.GtGtGtEqToken, js.BitAndEqToken, js.BitOrEqToken, js.BitXorEqToken:
		p.i++
		if left.Kind == Ident && !slices.Contains(p.m.Changed, left.Text) && len(p.m.Changed) < maxCalls {
			p.m.Changed = append(p.m.Changed, left.Text)
		}
		return Expr{Kind: Other, Text: op.String(), Parts: []Expr{left, assign(p)}, Line: left.Line}
	default:
		return left
	}
	p.i++
	path := left.Text
	switch {
	case left.Kind == Env:
		path = ""
		if op == js.EqToken && len(p.m.Reads) > reads {
			p.m.Reads = p.m.Reads[:len(p.m.Reads)-1] // written, not read
		}
	case left.Kind != Ident:
		path = ""
	}
	right := assignNamed(p, last(path), strings.TrimPrefix(strings.TrimPrefix(path, "module."), "exports."))
	value := right
	if op != js.EqToken {
		value = Expr{Kind: Either, Text: strings.TrimSuffix(op.String(), "="), Parts: []Expr{left, right}, Line: left.Line}
	}
	if p.i > at {
		assigned(p, left, value)
	}
	return value
}

// assigned files what an assignment says.
func assigned(p *parser, left, value Expr) {
	switch {
	case left.Kind == Env:
		field(p, left.Text, "process.env", value, left.Line)
	case left.Kind == Other && left.Text == "[]" && left.Parts[0].Kind == Ident: // config[name] = value
		assignMember(p, left.Parts[0].Text, "[]", value, left.Line)
	case left.Kind != Ident:
	case left.Text == "module.exports":
		p.m.Exports["default"] = value
		if value.Kind == Object {
			for i, k := range value.Keys {
				if k != "" {
					p.m.Exports[k] = value.Parts[i]
				}
			}
		}
	case strings.HasPrefix(left.Text, "module.exports."), strings.HasPrefix(left.Text, "exports."):
		name := strings.TrimPrefix(strings.TrimPrefix(left.Text, "module."), "exports.")
		if !strings.Contains(name, ".") {
			p.m.Exports[name] = value
		}
		field(p, last(name), "exports", value, left.Line)
	default:
		name := last(left.Text)
		if name == left.Text {
			reassign(p, name, value)
			field(p, name, "", value, left.Line)
			return
		}
		object := left.Text[:len(left.Text)-len(name)-1]
		field(p, name, object, value, left.Line)
		assignMember(p, object, name, value, left.Line)
	}
}

// assignMember keeps what is put into a member.
func assignMember(p *parser, object, name string, value Expr, line int) {
	if len(p.m.Assigned) < maxCalls && p.keeps(entrySize, value) {
		p.m.Assigned = append(p.m.Assigned, Field{Name: name, Expr: value, Line: line, Object: object, Scope: p.scope})
	}
}

// last is the part of a path behind its last dot.
func last(path string) string { return path[strings.LastIndexByte(path, '.')+1:] }

// ternary reads a ? b : c, also many in a row.
func ternary(p *parser) Expr {
	e := binary(p, 1)
	if p.tt(0) != js.QuestionToken {
		return e
	}
	out := Expr{Kind: Either, Text: "?:", Line: e.Line}
	var conditions []Expr
	for p.tt(0) == js.QuestionToken && p.more(out.Parts) {
		conditions = append(conditions, e)
		choice := If{Cond: e, Scope: p.scope, Line: e.Line, From: p.i}
		p.i++
		mid := p.middle
		p.middle = true
		out.Parts = append(out.Parts, assign(p))
		p.middle = mid
		choice.To = p.i
		if p.tt(0) != js.ColonToken {
			choose(p, choice)
			return out
		}
		choice.ElseFrom = p.i
		p.i++
		if f, ok := arrow(p, ""); ok {
			out.Parts = append(out.Parts, f)
			choice.ElseTo = p.i
			choose(p, choice)
			return chosen(out, conditions)
		}
		e = binary(p, 1)
		choice.ElseTo = p.i
		choose(p, choice)
	}
	out.Parts = append(out.Parts, e)
	return chosen(out, conditions)
}

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
		return Expr{Kind: Either, Text: text, Parts: []Expr{b}, Line: a.Line, On: &a}
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

// fold joins literals that stand side by side in a template or a sum of texts.
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
	line := p.line()
	for {
		tt := p.tt(0)
		switch tt {
		case js.AwaitToken:
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
