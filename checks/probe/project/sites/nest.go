package sites

import (
	"path"
	"strings"

	"badsig/checks/affix"
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
		verb, inversify := affix.CutPrefix(name, "http") // @httpPost of inversify-express-utils
		method, ok := servers.RouteMethods[verb]
		if !ok || verb[0] < 'A' || verb[0] > 'Z' {
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
				if (x.Text == "Controller" || x.Text == "JsonController" || x.Text == "controller" || x.Text == "Route") && len(x.Parts) > 0 {
					prefix = values.TextIn(p, modules.View{M: f.Mod, E: x.Parts[0]}, "path")
				}
			}
			note(class.Decorators)
		}
		note(f.Fn.Decorators)
		if len(d.Parts) > 0 {
			sub = values.TextIn(p, modules.View{M: f.Mod, At: f.Fn.In, E: d.Parts[0]}, "path")
		}
		s, style := serverOf(p, f.Mod), "nest"
		if inversify && len(f.Fn.Params) > 0 && len(f.Fn.Params[0].Decorators) == 0 {
			style = "express"
		}
		out = append(out, picture.Entry{Entry: facts.Entry{Kind: facts.EntryHTTP, Method: method, Path: path.Join("/", servers.NestPrefix(p, s), prefix, sub), Place: facts.Place{File: f.Mod.Rel, Line: d.Line}}, Style: style, ServerOf: s, GuardsOf: guards})
	}
	return out
}

// class reads a guard that is a class of the project's: what Nest calls is its canActivate.
func (g *guarding) class(h modules.View, depth int) bool {
	end := g.p.Ask()
	c, ok := modules.ClassOf(g.p.Graph, h, 8)
	end()
	if !ok {
		return false
	}
	m := c.Mod
	was := len(g.e.Guards)
	jsread.Functions(&m.Module, func(x *jsread.Function) bool {
		if x.In != c.Fn.Own || x.Name != "canActivate" && x.Name != "use" {
			return true
		}
		method := modules.FnRef{Mod: m, Fn: x}
		g.function(method, depth, false)
		if r := g.readsOf(method, 2); x.Name == "canActivate" && len(g.e.Guards) == was && r.session != "" { // return Boolean(…)
			g.note(r.session, 403, facts.Place{File: m.Rel, Line: x.Line}, r.headers, true)
		}
		return false
	})
	return len(g.e.Guards) > was
}

// feathers reads app.use('/token', new TokenService()), whose create is for POST, find for GET and so on.
func feathers(p *picture.Reader, f modules.FnRef) (out []picture.Entry) {
	method := map[string]string{"create": "POST", "find": "GET", "get": "GET", "update": "PUT", "patch": "PATCH"}[f.Fn.Name]
	class := jsread.FunctionOf(&f.Mod.Module, f.Fn.In)
	if method == "" || class == nil || !f.Mod.Pkg.Dep("@feathersjs/feathers") {
		return nil
	}
	for _, c := range p.CallsNamed("use") {
		if len(c.Call.Args) < 2 || c.Call.Args[0].Kind != jsread.Literal {
			continue
		}
		end := p.Ask()
		x, ok := modules.ClassOf(p.Graph, modules.View{M: c.Mod, At: c.Call.Scope, E: c.Call.Args[1]}, 8)
		end()
		if !ok || x.Fn != class {
			continue
		}
		at := path.Join("/", c.Call.Args[0].Text)
		if method[:2] != "PO" && f.Fn.Name != "find" {
			at += "/:id"
		}
		out = append(out, picture.Entry{Entry: facts.Entry{Kind: facts.EntryHTTP, Method: method, Path: at}, Style: "feathers"})
	}
	return out
}
