package jsread

import (
	"github.com/tdewolff/parse/v2/js"

	"badsig/checks/affix"
)

// importDecl reads an import declaration.
func importDecl(p *parser) {
	imp := Import{Line: p.line(), Names: map[string]string{}, Hoists: true}
	p.i++
	typeOnly := p.is(0, "type") && p.tt(1) != js.FromToken && p.tt(1) != js.CommaToken && p.tt(1) != js.EqToken &&
		(js.IsIdentifierName(p.tt(1)) || p.tt(1) == js.OpenBraceToken || p.tt(1) == js.MulToken)
	if typeOnly {
		p.i++
	}
	if js.IsIdentifier(p.tt(0)) && p.tt(1) == js.EqToken { // TypeScript: import x = require('y')
		target := p.i
		p.i += 2
		imports := len(p.m.Imports)
		v := assign(p)
		if !bindImport(p, imports, target, v) {
			declare(p, p.text(target), v)
		}
		return
	}
	for p.i < p.end {
		switch tt := p.tt(0); {
		case tt == js.StringToken:
			p.i++
			imp.From = cook(inside(p.bytes(p.i-1)), false)
			importAttributes(p)
			if !typeOnly {
				p.keeps(2 * entrySize)
				p.m.Imports = append(p.m.Imports, imp)
				fromImport(p, imp)
			}
			return
		case tt == js.MulToken:
			p.i++
			if p.tt(0) == js.AsToken && js.IsIdentifierName(p.tt(1)) {
				imp.Names[p.text(p.i+1)] = "*"
				p.i += 2
			}
		case tt == js.OpenBraceToken:
			specifiers(p, func(from, to string) { imp.Names[to] = from })
		case tt == js.FromToken && p.tt(1) == js.StringToken, tt == js.CommaToken:
			p.i++
		case js.IsIdentifier(tt):
			imp.Names[p.text(p.i)] = "default"
			p.i++
		default:
			return
		}
	}
}

// importAttributes passes over with { type: 'json' }.
func importAttributes(p *parser) {
	if (p.tt(0) == js.WithToken || p.is(0, "assert")) && p.tt(1) == js.OpenBraceToken {
		p.i = p.close(p.i+1) + 1
	}
}

// specifiers reads { a, b as c, type T }, calling with the name there and the name here.
func specifiers(p *parser, found func(from, to string)) {
	p.within(func() {
		p.each(func() {
			if p.is(0, "type") && js.IsIdentifierName(p.tt(1)) && p.tt(1) != js.AsToken {
				p.i += 2
				if p.tt(0) == js.AsToken {
					p.i += 2
				}
				return
			}
			from, ok := key(p)
			if !ok {
				return
			}
			to := from
			if p.tt(0) == js.AsToken {
				p.i++
				if to, ok = key(p); !ok {
					return
				}
			}
			found(from, to)
		})
	})
}

// exportDecl reads what follows export.
func exportDecl(p *parser) {
	line := p.line()
	p.i++
	defer func() { p.before = nil }()
	export := func(name string, e Expr) {
		if name != "" {
			if p.keeps(2 * exprSize) {
				p.m.Exports[name] = e
			}
		}
	}
	for p.is(0, "declare") || p.is(0, "abstract") {
		p.i++
	}
	switch tt := p.tt(0); {
	case tt == js.DefaultToken:
		p.i++
		var e Expr
		switch {
		case p.tt(0) == js.FunctionToken, p.tt(0) == js.AsyncToken && p.tt(1) == js.FunctionToken:
			e = function(p)
			declare(p, e.Text, e)
		case p.tt(0) == js.ClassToken:
			e = class(p)
			declare(p, e.Text, e)
		case p.is(0, "interface") && p.typeOnly():
			return
		default:
			e = assignNamed(p, "default", "default")
		}
		export("default", e)
	case tt == js.EqToken: // TypeScript: export = x
		p.i++
		export("default", assignNamed(p, "default", "default"))
	case tt == js.MulToken:
		p.i++
		as := "*"
		if p.tt(0) == js.AsToken {
			p.i++
			as, _ = key(p)
		}
		reexport(p, line, map[string]string{as: "*"})
	case tt == js.OpenBraceToken, p.is(0, "type") && p.tt(1) == js.OpenBraceToken:
		typeOnly := tt != js.OpenBraceToken
		if typeOnly {
			p.i++
		}
		names := map[string]string{}
		specifiers(p, func(from, to string) { names[to] = from })
		if typeOnly {
			return
		}
		if p.tt(0) == js.FromToken {
			reexport(p, line, names)
			return
		}
		for to, from := range names {
			export(to, Expr{Kind: Ident, Text: from, Line: line})
		}
	case tt == js.ConstToken, tt == js.VarToken, tt == js.LetToken:
		declaration(p, export)
	case tt == js.FunctionToken, tt == js.AsyncToken:
		f := function(p)
		declare(p, f.Text, f)
		export(f.Text, f)
	case tt == js.ClassToken, tt == tokAt:
		if before := decorators(p); len(before) > 0 {
			p.before = before
		}
		c := class(p)
		declare(p, c.Text, c)
		export(c.Text, c)
	case tt == js.EnumToken:
		name := ""
		if js.IsIdentifierName(p.tt(1)) {
			name = p.text(p.i + 1)
		}
		p.enum()
		export(name, p.m.scopes[p.scope].vars[name])
	case tt == js.ImportToken:
		importDecl(p)
	default:
		p.typeOnly()
	}
}

// reexport files export … from. The local names cannot be written in a
// program, so that they hide none of its own.
func reexport(p *parser, line int, names map[string]string) {
	if p.tt(0) != js.FromToken || p.tt(1) != js.StringToken {
		return
	}
	p.i += 2
	imp := Import{From: cook(inside(p.bytes(p.i-1)), false), Names: map[string]string{}, Line: line, Hoists: true}
	importAttributes(p)
	for to, from := range names {
		if to == "*" {
			imp.Names["*"] = "*"
			continue
		}
		local := "export " + to
		imp.Names[local] = from
		p.m.Exports[to] = Expr{Kind: Ident, Text: local, Line: line}
	}
	p.keeps(2 * entrySize)
	p.m.Imports = append(p.m.Imports, imp)
}

// fromImport gives meaning to names that come from the runtime itself.
func fromImport(p *parser, imp Import) {
	for local, name := range imp.Names {
		switch {
		case (imp.From == "process" || imp.From == "node:process") && name == "env",
			affix.HasPrefix(imp.From, "$env/dynamic/") && name == "env": // SvelteKit
			declare(p, local, Expr{Kind: Ident, Text: "process.env", Line: imp.Line})
		case affix.HasPrefix(imp.From, "$env/static/"), affix.HasPrefix(imp.From, "astro:env/"):
			if name != "*" && name != "default" {
				declare(p, local, read(p, name, false, imp.Line))
			}
		}
	}
}
