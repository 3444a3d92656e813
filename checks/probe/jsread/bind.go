package jsread

import (
	"slices"
	"strconv"

	"github.com/tdewolff/parse/v2/js"

	"badsig/checks/affix"
)

// declaration reads const, let or var. exported is called with every name.
func declaration(p *parser, exported func(name string, e Expr)) {
	if p.tt(1) == js.EnumToken {
		p.enum()
		return
	}
	p.i++
	for p.i < p.end {
		if !declarator(p, exported) || p.tt(0) != js.CommaToken {
			return
		}
		p.i++
	}
}

// Each is the Text of what a loop's variable holds: a member of Parts[0], one after the other.
const Each = "each"

// declarator reads one name or pattern with its type and value.
func declarator(p *parser, exported func(name string, e Expr)) bool {
	target, line := p.i, p.line()
	name := ""
	switch tt := p.tt(0); {
	case tt == js.OpenBraceToken, tt == js.OpenBracketToken:
		p.i = p.close(p.i) + 1
	case js.IsIdentifierName(tt):
		name = p.text(p.i)
		p.i++
	default:
		return false
	}
	if p.tt(0) == js.NotToken {
		p.i++
	}
	if p.tt(0) == js.ColonToken {
		p.i++
		p.skipType()
	}
	value := Expr{Kind: Ident, Text: "undefined", Line: line} // as long as nothing is assigned
	if p.tt(0) == js.InToken || p.tt(0) == js.OfToken || name == "" {
		value = Expr{Kind: Other, Line: line}
		if p.tt(0) == js.OfToken && js.IsIdentifierName(p.tt(1)) && p.i+2 == p.end { // for (const file of files)
			value.Text, value.Parts = Each, []Expr{{Kind: Ident, Text: p.text(p.i + 1), Line: line}}
		}
	}
	known := false
	if p.tt(0) == js.EqToken {
		p.i++
		imports := len(p.m.Imports)
		around := p.around
		if p.fn == "" && name != "" {
			p.around = name
		}
		value, known = assignNamed(p, name, name), true
		p.around = around
		if exported == nil && bindImport(p, imports, target, value) {
			return true
		}
	}
	bind := func(n string, e Expr) {
		declare(p, n, e)
		if exported != nil {
			exported(n, e)
		}
	}
	if name == "" {
		bindPattern(p, target, value, bind)
	} else {
		bind(name, value)
		if known {
			field(p, name, "", value, line)
		}
	}
	return true
}

// bindImport files what a require or dynamic import gives to a name or pattern.
func bindImport(p *parser, first, target int, value Expr) bool {
	from, member, ok := imported(value)
	if !ok || first >= len(p.m.Imports) {
		return false
	}
	at := -1
	for i := first; i < len(p.m.Imports); i++ {
		if p.m.Imports[i].From == from {
			at = i
		}
	}
	if at < 0 {
		return false
	}
	names := map[string]string{}
	if p.kind(target) != js.OpenBraceToken {
		names[p.text(target)] = member
	} else {
		base := Expr{Kind: Ident, Text: member}
		bindPattern(p, target, base, func(n string, e Expr) {
			names[n] = affix.TrimPrefix(deref(e).Text, "*.")
		})
	}
	p.m.Imports[at].Names = names
	fromImport(p, p.m.Imports[at])
	return true
}

// deref looks through the default of a destructuring.
func deref(e Expr) Expr {
	if e.Kind == Either && len(e.Parts) > 0 {
		return e.Parts[0]
	}
	return e
}

// imported tells whether a value is a module, or a member of one, as a path.
func imported(e Expr) (from, member string, ok bool) {
	member = "*"
	for e.Kind == Wrapped && len(e.Parts) > 0 && (affix.HasPrefix(e.Text, ".") || e.Text == "as" || e.Text == "!") {
		if affix.HasPrefix(e.Text, ".") {
			if member == "*" {
				member = e.Text[1:]
			} else if len(member)+len(e.Text) < maxPath {
				member = e.Text[1:] + "." + member
			}
		}
		e = e.Parts[0]
	}
	if e.Kind == CallExpr && (e.Text == "require" || e.Text == "import") && len(e.Parts) > 0 && e.Parts[0].Kind == Literal {
		return e.Parts[0].Text, member, true
	}
	return "", "", false
}

// bindPattern gives the names of a destructuring pattern at token i the
// members of a value. The position stays where it is.
func bindPattern(p *parser, i int, value Expr, bind func(string, Expr)) {
	at := p.i
	p.i = i
	array, n := p.tt(0) == js.OpenBracketToken, -1
	p.within(func() {
		p.each(func() {
			n += p.skipped(n) + 1
			if p.tt(0) == js.EllipsisToken {
				p.i++
				if js.IsIdentifierName(p.tt(0)) {
					rest := Expr{Kind: Other, Line: p.line()}
					if _, ok := envBase(p, value); ok {
						rest = value
					}
					bind(p.text(p.i), rest)
					p.i++
				}
				return
			}
			line := p.line()
			child := Expr{Kind: Other, Line: line}
			target := p.i
			if array && value.Kind == Array && n < len(value.Parts) && !affix.Any(value.Parts, func(x Expr) bool { return x.Text == "..." }) {
				child = value.Parts[n]
			} else if array {
				child = element(p, value, n, line)
			}
			if !array {
				key, ok := key(p)
				if !ok {
					return
				}
				if p.tt(0) == js.ColonToken {
					p.i++
					target = p.i
				}
				if child = p.member(value, key, line); child.Kind == Ident {
					child.Line = line // of the name, where the pattern has several lines
				}
			}
			bindTarget(p, target, child, bind)
		})
	})
	p.i = at
}

// element is value[n] of a value that isn't a list itself: a parameter's member, a
// call's result.
func element(p *parser, value Expr, n, line int) Expr {
	switch {
	case value.Param() != nil:
		return p.member(value, strconv.Itoa(n), line)
	case value.Kind == CallExpr, value.Kind == Wrapped:
		return Expr{Kind: Other, Text: "[]", Parts: []Expr{value, {Kind: Number, Text: strconv.Itoa(n), Line: line}}, Line: line}
	}
	return Expr{Kind: Other, Line: line}
}

// skipped counts the elements that the pattern leaves out before the one at hand, which follows the n-th: [, , third].
func (p *parser) skipped(n int) int {
	commas := 0
	for i := p.i - 1; p.kind(i) == js.CommaToken; i-- {
		commas++
	}
	if n >= 0 {
		commas--
	}
	return max(commas, 0)
}

// bindTarget binds what is at token i: a name or a further pattern, and its default.
func bindTarget(p *parser, i int, value Expr, bind func(string, Expr)) {
	p.i = i
	tt := p.tt(0)
	switch {
	case tt == js.OpenBraceToken, tt == js.OpenBracketToken:
		p.i = p.close(p.i) + 1
	case js.IsIdentifierName(tt):
		p.i++
	default:
		return
	}
	if p.tt(0) == js.QuestionToken {
		p.i++
	}
	if p.tt(0) == js.ColonToken { // a parameter's type
		p.i++
		p.skipType()
	}
	if p.tt(0) == js.EqToken {
		line := p.line()
		p.i++
		value = Expr{Kind: Either, Text: "=", Parts: []Expr{value, assign(p)}, Line: line}
	}
	if js.IsIdentifierName(tt) {
		bind(p.text(i), value)
		return
	}
	after := p.i
	bindPattern(p, i, value, bind)
	p.i = after
}

// declare files what a name of the present scope holds.
func declare(p *parser, name string, e Expr) {
	if name == "" {
		return
	}
	if _, ok := envBase(p, e); ok {
		p.aliases[name] = true
	}
	s := &p.m.scopes[p.scope]
	if !p.keeps(entrySize, e) {
		return
	}
	if s.vars == nil {
		p.keeps(varsSize)
		s.vars = map[string]Expr{}
	}
	if _, again := s.vars[name]; !again {
		s.names = append(s.names, name)
	}
	s.vars[name] = e
}

// reassign files a further value of a name, in the scope that declares it.
func reassign(p *parser, name string, e Expr) {
	for s := p.scope; s >= 0; s = p.m.scopes[s].parent {
		old, ok := p.m.scopes[s].vars[name]
		if !ok {
			continue
		}
		if e.Kind != Func && s != p.scope {
			e.Fn = p.scope
		}
		switch {
		case old.Kind == Ident && old.Text == "undefined":
			old = e
		case old.Kind == Either && old.Text == "?:" && len(old.Parts) < 32:
			old.Parts = append(slices.Clip(old.Parts), e)
		case old.Kind == Either && old.Text == "?:":
		default:
			old = Expr{Kind: Either, Text: "?:", Parts: []Expr{old, e}, Line: e.Line}
		}
		p.m.scopes[s].vars[name] = old
		return
	}
}
