package jsread

import (
	"slices"
	"strings"

	"github.com/tdewolff/parse/v2/js"

	"badsig/checks/affix"
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

//go:noinline
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
	right := assignNamed(p, last(path), affix.TrimPrefix(affix.TrimPrefix(path, "module."), "exports."))
	value := right
	if op != js.EqToken {
		value = Expr{Kind: Either, Text: affix.TrimSuffix(op.String(), "="), Parts: []Expr{left, right}, Line: left.Line}
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
			for i, k := range value.Keys() {
				if k != "" {
					p.m.Exports[k] = value.Parts[i]
				}
			}
		}
	case affix.HasPrefix(left.Text, "module.exports."), affix.HasPrefix(left.Text, "exports."):
		name := affix.TrimPrefix(affix.TrimPrefix(left.Text, "module."), "exports.")
		if !affix.Contains(name, ".") {
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

// last is the part of a path after its last dot.
//
//go:noinline
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
