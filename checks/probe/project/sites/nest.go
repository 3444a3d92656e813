package sites

import (
	"path"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
	"badsig/checks/probe/project/servers"
	"badsig/checks/probe/project/values"
)

// decorated reads @Post('token') of Nest and its like.
func decorated(p *picture.Reader, f modules.FnRef) []picture.Entry {
	var out []picture.Entry
	for _, d := range f.Fn.Decorators {
		name := d.Text
		if d.Kind != jsread.CallExpr && d.Kind != jsread.Ident {
			continue
		}
		switch name {
		case "Query", "Mutation", "ResolveField":
			if !f.Mod.Nest() || modules.ImportsFrom(f.Mod, name, "@nestjs/graphql", "type-graphql") {
				out = append(out, picture.Entry{Entry: facts.Entry{Kind: facts.EntryGraphQL, Method: strings.ToUpper(name), Path: f.Fn.Name}, Style: "nest", ServerOf: serverOf(p, f.Mod)})
			}
		}
		method, ok := servers.RouteMethods[name]
		if !ok || name[0] < 'A' || name[0] > 'Z' {
			continue
		}
		class := jsread.FunctionOf(&f.Mod.Module, f.Fn.In)
		prefix, sub := "", ""
		var guards []modules.View
		note := func(ds []jsread.Expr) {
			for _, x := range ds {
				if x.Text == "UseGuards" || x.Text == "Auth" || x.Text == "Authorized" {
					for _, a := range x.Parts {
						guards = append(guards, modules.View{M: f.Mod, At: f.Fn.In, E: a})
					}
				}
			}
		}
		if class != nil {
			for _, x := range class.Decorators {
				if (x.Text == "Controller" || x.Text == "JsonController") && len(x.Parts) > 0 {
					prefix = values.TextIn(p, modules.View{M: f.Mod, E: x.Parts[0]}, "path")
				}
			}
			note(class.Decorators)
		}
		note(f.Fn.Decorators)
		if len(d.Parts) > 0 {
			sub = values.TextIn(p, modules.View{M: f.Mod, At: f.Fn.In, E: d.Parts[0]}, "path")
		}
		s := serverOf(p, f.Mod)
		out = append(out, picture.Entry{Entry: facts.Entry{Kind: facts.EntryHTTP, Method: method, Path: path.Join("/", servers.NestPrefix(p, s), prefix, sub), Place: facts.Place{File: f.Mod.Rel, Line: d.Line}}, Style: "nest", ServerOf: s, GuardsOf: guards})
	}
	return out
}
