package jsread

import (
	"github.com/tdewolff/parse/v2/js"

	"badsig/checks/affix"
)

// maxChain is how many members, calls and wrappings may follow one another
// before the value counts as not understood.
const maxChain = 64

// postfix reads a value and the members, calls and assertions after it.
func (p *parser) postfix() Expr {
	e := p.primary()
	for n := 0; p.i < p.end; n++ {
		if n > maxChain {
			e = Expr{Kind: Other, Line: e.Line}
			n = 0
		}
		switch tt := p.tt(0); {
		case tt == js.DotToken || tt == js.OptChainToken && js.IsIdentifierName(p.tt(1)):
			p.i++
			if !js.IsIdentifierName(p.tt(0)) && p.tt(0) != js.PrivateIdentifierToken {
				return e
			}
			name, line := p.text(p.i), p.line()
			p.i++
			e = p.memberOrCall(e, name, line)
		case tt == js.OptChainToken:
			p.i++
			if p.tt(0) != js.OpenParenToken && p.tt(0) != js.OpenBracketToken && p.tt(0) != js.LtToken && !p.isTemplate() {
				return e
			}
		case tt == js.OpenBracketToken:
			var index Expr
			line := p.line()
			p.within(func() { index = expr(p) })
			if index.Kind == Literal {
				e = p.memberOrCall(e, index.Text, line)
			} else {
				e = Expr{Kind: Other, Text: "[]", Parts: []Expr{e, index}, Line: e.Line}
			}
		case tt == js.OpenParenToken:
			e = p.call(e, nil, "")
		case p.isTemplate():
			e = Expr{Kind: Other, Text: "``", Parts: []Expr{e, p.template()}, Line: e.Line}
		case tt == js.NotToken && p.sameLine(0) && p.ts:
			p.i++
			e = Expr{Kind: Wrapped, Text: "!", Parts: []Expr{e}, Line: e.Line}
		case (tt == js.IncrToken || tt == js.DecrToken) && p.sameLine(0):
			p.i++
			e = Expr{Kind: Other, Text: tt.String(), Parts: []Expr{e}, Line: e.Line}
		case (tt == js.AsToken || p.is(0, "satisfies")) && p.sameLine(0) && (js.IsIdentifier(tt)):
			word := p.text(p.i)
			p.i++
			p.skipType()
			if word == "as" {
				e = Expr{Kind: Wrapped, Text: "as", Parts: []Expr{e}, Line: e.Line}
			}
		case tt == js.LtToken && p.ts:
			j := p.typeArgs(p.i)
			if j == 0 || p.kind(j) != js.OpenParenToken && p.kind(j) != js.TemplateToken && p.kind(j) != js.TemplateStartToken {
				return e
			}
			p.i = j
		default:
			return e
		}
	}
	return e
}

func (p *parser) isTemplate() bool {
	return p.tt(0) == js.TemplateToken || p.tt(0) == js.TemplateStartToken
}

// memberOrCall reads on after e.name: a call of a method where the value
// isn't a plain path, a member otherwise.
func (p *parser) memberOrCall(e Expr, name string, line int) Expr {
	if e.Kind != Ident {
		at := p.i
		if p.tt(0) == js.OptChainToken {
			at++
		}
		if p.ts {
			if j := p.typeArgs(at); j > 0 {
				at = j
			}
		}
		if p.kind(at) == js.OpenParenToken {
			p.i = at
			return p.call(Expr{Kind: Ident, Text: calleeOf(e) + "." + name, Line: line}, &e, name)
		}
	}
	return p.member(e, name, line)
}

// member is e.name as a value.
func (p *parser) member(e Expr, name string, line int) Expr {
	if meta, ok := envBase(p, e); ok {
		return read(p, name, meta, line)
	}
	switch {
	case e.Kind == Ident && len(e.Text)+len(name) < maxPath:
		return Expr{Kind: Ident, Text: e.Text + "." + name, Line: e.Line, Await: e.Await}
	case e.Kind == Object:
		for i, k := range e.Keys() {
			if k == name {
				return e.Parts[i]
			}
		}
		return Expr{Kind: Other, Line: line}
	case e.Kind == Other && e.Param() != nil:
		return Expr{Kind: Other, Line: line, Rest: e.Param().member(name)}
	case e.Kind == Ident, e.Kind == Other && e.Text == "":
		return Expr{Kind: Other, Line: line}
	}
	return Expr{Kind: Wrapped, Text: "." + name, Parts: []Expr{e}, Line: line}
}

// calleeOf writes a value as the beginning of a callee.
func calleeOf(e Expr) string {
	text := ""
	switch e.Kind {
	case Ident:
		text = e.Text
	case CallExpr:
		text = e.Text + "()"
		if len(e.Parts) > 0 && (e.Text == "require" || e.Text == "import") && e.Parts[0].Kind == Literal {
			text = e.Text + "('" + e.Parts[0].Text + "')"
		}
	case Wrapped:
		if len(e.Parts) > 0 && affix.HasPrefix(e.Text, ".") {
			text = calleeOf(e.Parts[0]) + e.Text
		} else if len(e.Parts) > 0 && (e.Text == "as" || e.Text == "!") {
			text = calleeOf(e.Parts[0])
		} else {
			text = e.Text + "()"
		}
	case Env:
		text = "process.env." + e.Text
		if e.Meta {
			text = "import.meta.env." + e.Text
		}
	default:
		text = "()"
	}
	if len(text) > maxPath {
		return "…"
	}
	return text
}

// call reads the arguments at p.i. f is the callee; on and method are set
// where the method is called on something that isn't a path.
func (p *parser) call(f Expr, on *Expr, method string) Expr {
	args := p.args()
	return p.called(f, on, method, args, false)
}

func (p *parser) args() []Expr {
	var args []Expr
	p.within(func() {
		p.each(func() {
			if p.tt(0) == js.EllipsisToken {
				line := p.line()
				p.i++
				if a := assign(p); p.more(args) {
					args = append(args, Expr{Kind: Other, Text: "...", Parts: []Expr{a}, Line: line})
				}
				return
			}
			at := p.i
			if a := assign(p); p.i > at && p.more(args) {
				args = append(args, a)
			}
		})
	})
	return args
}

// called is the value of a call, and files it where it is worth knowing.
func (p *parser) called(f Expr, on *Expr, method string, args []Expr, construct bool) Expr {
	callee := ""
	switch {
	case f.Kind == Ident:
		callee = f.Text
	case f.Kind == Func:
		callee, on = f.Text, &f
	default:
		callee = calleeOf(f)
		on = &f
	}
	name := last(callee)
	if e, ok := envCall(p, callee, args, f.Line); ok {
		return e
	}
	if callee == "require" || callee == "import" {
		if len(args) > 0 && args[0].Kind == Literal {
			if p.keeps(entrySize) {
				p.m.Imports = append(p.m.Imports, Import{From: args[0].Text, Line: f.Line})
			}
		}
		return Expr{Kind: CallExpr, Text: callee, Parts: args, Line: f.Line}
	}
	kept := &p.m.Others
	if worthKnowing(p, callee, name, args) {
		kept = &p.m.Calls
	}
	size := entrySize + len(callee)
	if on != nil {
		size += exprSize // what is before it in the chain was counted with the call before
	}
	if len(*kept) < maxCalls && p.keeps(size, args...) {
		*kept = append(*kept, Call{Callee: callee, New: construct, Args: args, Line: f.Line, Func: p.fn, On: on, Scope: p.scope, At: p.i})
	}
	if construct {
		return Expr{Kind: CallExpr, Text: "new " + callee, Parts: args, Line: f.Line, Rest: CalledOn(on)}
	}
	if base, text := wrapping(callee, name, on, f.Line); text != "" {
		parts := args
		if base != nil {
			parts = append([]Expr{*base}, args...)
		}
		if len(parts) > 0 {
			return Expr{Kind: Wrapped, Text: text, Parts: parts, Line: f.Line}
		}
	}
	return Expr{Kind: CallExpr, Text: callee, Parts: args, Line: f.Line, Rest: CalledOn(on)}
}

// construct reads what follows new.
func (p *parser) construct() Expr {
	line := p.line()
	p.i++
	if p.tt(0) == js.DotToken { // new.target
		p.i += 2
		return Expr{Kind: Other, Line: line}
	}
	if !p.enter() {
		return Expr{Kind: Other, Line: line}
	}
	f := p.primary()
	p.depth--
	for p.tt(0) == js.DotToken && js.IsIdentifierName(p.tt(1)) {
		f = p.member(f, p.text(p.i+1), line)
		p.i += 2
	}
	if p.ts {
		if j := p.typeArgs(p.i); j > 0 {
			p.i = j
		}
	}
	var args []Expr
	if p.tt(0) == js.OpenParenToken {
		args = p.args()
	}
	f.Line = line
	return p.called(f, nil, "", args, true)
}
