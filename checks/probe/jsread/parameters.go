package jsread

import (
	"strings"

	"github.com/tdewolff/parse/v2/js"
)

// params reads the parameter list of a function: its names hide those outside,
// its defaults are code.
func params(p *parser, fn string) {
	n := 0
	f := p.m.scopes[p.scope].fn
	p.within(func() {
		p.each(func() {
			index := n
			f.Params = append(f.Params, Parameter{Decorators: decorators(p)})
			property := false
			for parameterModifier(p) {
				property = true
				p.i++
			}
			value := paramOf(fn, n, p.line())
			n++
			rest := p.tt(0) == js.EllipsisToken
			if rest {
				p.i++
				value.Rest = nil
			}
			line := p.line()
			paramType(p, &f.Params[index])
			bindTarget(p, p.i, value, func(name string, e Expr) {
				if !rest {
					f.named(index, name, e)
				}
				e = anonymous(e)
				declare(p, name, e)
				if property { // constructor(private readonly secret: string)
					field(p, name, "this", e, line)
					assignMember(p, "this", name, e, line)
				}
			})
		})
	})
}

// paramOf is what is known of a parameter. Only a function that has a name can
// tell its callers.
func paramOf(fn string, n, line int) Expr {
	if fn == "new " {
		fn = ""
	}
	return Expr{Kind: Other, Line: line, Rest: &Rest{Param: &Param{Func: fn, Index: n}}}
}

// member is the Rest of a parameter's member.
func (q *Param) member(name string) *Rest {
	return &Rest{Param: &Param{Func: q.Func, Index: q.Index, Key: keyPath(q.Key, name)}}
}

// paramType notes the type of the parameter whose name or pattern is at p.i.
func paramType(p *parser, x *Parameter) {
	i := p.i
	if tt := p.tt(0); tt == js.OpenBraceToken || tt == js.OpenBracketToken {
		i = p.close(i)
	}
	if i++; p.kind(i) == js.QuestionToken {
		i++
	}
	if p.kind(i) == js.ColonToken {
		x.Type = typeName(p, i+1)
	}
}

// decorators reads the decorators before a class, a member or a parameter.
func decorators(p *parser) []Expr {
	var out []Expr
	for p.tt(0) == tokAt {
		p.i++
		if e := unary(p); len(out) < 16 {
			out = append(out, e)
		}
	}
	return out
}

func parameterModifier(p *parser) bool {
	if !js.IsIdentifierName(p.tt(0)) || !js.IsIdentifierName(p.tt(1)) && p.tt(1) != js.OpenBraceToken {
		return false
	}
	switch string(p.bytes(p.i)) {
	case "public", "private", "protected", "readonly", "override":
		return true
	}
	return false
}

// EachOf is the list whose elements a callback gets: files.forEach((file) => load(file)).
func EachOf(m *Module, at Scope, x Expr) (Expr, bool) {
	f, i, member, ok := ParamAt(m, at, x.Text)
	if x.Kind != Ident || !ok || i != 0 || member != "" || f.Name != "" {
		return Expr{}, false
	}
	for _, c := range m.Others {
		on, is := strings.CutSuffix(c.Callee, ".forEach")
		if !is || len(c.Args) != 1 || c.Args[0].Kind != Func || c.Args[0].Fn != f.Own {
			continue
		}
		if c.On != nil {
			return *c.On, true
		}
		return Expr{Kind: Ident, Text: on, Line: c.Line}, true
	}
	return Expr{}, false
}
