package project

import (
	"path"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
)

// decorated reads @Post('token') of Nest and its like.
func (p *Reader) decorated(f modules.FnRef) []entry {
	var out []entry
	for _, d := range f.Fn.Decorators {
		name := d.Text
		if d.Kind != jsread.CallExpr && d.Kind != jsread.Ident {
			continue
		}
		switch name {
		case "Query", "Mutation", "ResolveField":
			if !f.Mod.Nest() || f.Mod.ImportsFrom(name, "@nestjs/graphql", "type-graphql") {
				out = append(out, entry{Entry: facts.Entry{Kind: facts.EntryGraphQL, Method: strings.ToUpper(name), Path: f.Fn.Name}, style: "nest", server: p.serverOf(f.Mod)})
			}
		}
		method, ok := routeMethods[name]
		if !ok || name[0] < 'A' || name[0] > 'Z' {
			continue
		}
		class := f.Mod.FunctionOf(f.Fn.In)
		prefix, sub := "", ""
		var guards []modules.Held
		note := func(ds []jsread.Expr) {
			for _, x := range ds {
				if x.Text == "UseGuards" || x.Text == "Auth" || x.Text == "Authorized" {
					for _, a := range x.Parts {
						guards = append(guards, modules.Held{Mod: f.Mod, At: f.Fn.In, E: a})
					}
				}
			}
		}
		if class != nil {
			for _, x := range class.Decorators {
				if (x.Text == "Controller" || x.Text == "JsonController") && len(x.Parts) > 0 {
					prefix = textIn(x.Parts[0], "path")
				}
			}
			note(class.Decorators)
		}
		note(f.Fn.Decorators)
		if len(d.Parts) > 0 {
			sub = textIn(d.Parts[0], "path")
		}
		s := p.serverOf(f.Mod)
		out = append(out, entry{Entry: facts.Entry{Kind: facts.EntryHTTP, Method: method, Path: path.Join("/", p.nestPrefix(s), prefix, sub), Place: facts.Place{File: f.Mod.Rel, Line: d.Line}}, style: "nest", server: s, guards: guards})
	}
	return out
}

// nestPrefix is what app.setGlobalPrefix puts before every path.
func (p *Reader) nestPrefix(s *server) string {
	if s == nil {
		return ""
	}
	for _, m := range s.mods {
		for _, c := range m.Others {
			if facts.LastName(c.Callee) == "setGlobalPrefix" && len(c.Args) > 0 {
				if ls := p.Eval(m, c.Scope, c.Args[0]); len(ls) > 0 && ls[len(ls)-1].Kind == modules.LeafLiteral {
					return ls[len(ls)-1].Text
				}
			}
		}
	}
	return ""
}
