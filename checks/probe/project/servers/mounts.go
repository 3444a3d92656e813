package servers

import (
	"path"
	"slices"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
	"badsig/checks/probe/project/values"
	"badsig/checks/shell"
)

func withPrefixes(r facts.Route, m *modules.Module, byName, byModule []string) []picture.RouteAt {
	pre := slices.Concat(byName, byModule)
	if len(pre) == 0 {
		return []picture.RouteAt{{Route: r, Mod: m}}
	}
	var out []picture.RouteAt
	for _, x := range pre {
		q := r
		q.Path = path.Join("/", x, r.Path)
		out = append(out, picture.RouteAt{Route: q, Mod: m})
	}
	return out
}

// prefixesOf follows app.use('/prefix', router) through names and imports. The
// inner map's key is the router's name in that module; "" is the module that
// exports its router.
func prefixesOf(p *picture.Reader, s *picture.Server) map[*modules.Module]map[string][]string {
	pre := map[*modules.Module]map[string][]string{}
	own := func(m *modules.Module, name string) string { return ownPrefix(p, m, name) }
	put := func(m *modules.Module, name, prefix string) bool {
		if pre[m] == nil {
			pre[m] = map[string][]string{}
		}
		if facts.OneOf(pre[m][name], prefix) || len(pre[m][name]) > 8 {
			return false
		}
		pre[m][name] = append(pre[m][name], prefix)
		return true
	}
	for _, m := range s.Mods { // new Router({ prefix }), new Hono().basePath()
		for name := range m.Consts {
			if x := own(m, name); x != "" {
				put(m, name, path.Join("/", x))
			}
		}
	}
	mounted := map[*modules.Module]map[string]bool{}
	for range 4 { // routers within routers
		changed := false
		for _, m := range s.Mods {
			for _, c := range m.Calls {
				object, name := modules.Receiver(c.Callee)
				if name != "use" && name != "register" && name != "route" || len(c.Args) == 0 {
					continue
				}
				prefixes, targets := mount(p, m, c)
				around := within(p, m, c.Scope)
				outer := slices.Concat(pre[m][object], pre[m][""])
				if len(outer) == 0 {
					outer = []string{""}
				}
				for _, t := range targets {
					for _, x := range prefixes {
						for _, o := range outer {
							full := path.Join("/", o, around, x)
							switch {
							case t.Kind == jsread.Ident:
								if held, isHere := m.Resolve(c.Scope, t.Text); isHere && !isRequire(held) {
									if mounted[m] == nil {
										mounted[m] = map[string]bool{}
									}
									if !mounted[m][t.Text] { // below what it is mounted on, not as it is by itself
										mounted[m][t.Text] = true
										delete(pre[m], t.Text)
									}
									changed = put(m, t.Text, path.Join(full, own(m, t.Text))) || changed
								} else if mod := ImportedAs(p, m, t.Text); mod != nil {
									changed = put(mod, "", full) || changed
								}
							case isRequire(t):
								if mod := p.Module(p.Resolve(m, t.Parts[0].Text)); mod != nil {
									changed = put(mod, "", full) || changed
								}
							}
						}
					}
				}
			}
		}
		if !changed {
			break
		}
	}
	return pre
}

// mount reads the prefixes and the routers of one use, register or route.
func mount(p *picture.Reader, m *modules.Module, c jsread.Call) (prefixes []string, targets []jsread.Expr) {
	args := c.Args
	prefixes = []string{""}
	if ps := LiteralPaths(p, m, c.Scope, args[0]); len(ps) > 0 {
		prefixes, args = ps, args[1:]
	}
	for _, a := range args {
		if class, ok := made(m, c.Scope, a); ok {
			a = class
		}
		if a.Kind == jsread.Object { // fastify.register(routes, { prefix: '/api' })
			if x := values.TextIn(p, modules.View{M: m, At: c.Scope, E: a}, "prefix"); x != "" {
				prefixes = []string{x}
			}
			continue
		}
		if a.Kind == jsread.CallExpr && !isRequire(a) { // router.routes(), makeRouter()
			obj, name := modules.Receiver(a.Text)
			if name == "routes" && obj != "" {
				a = jsread.Expr{Kind: jsread.Ident, Text: obj}
			} else {
				a = jsread.Expr{Kind: jsread.Ident, Text: a.Text}
			}
		}
		if a.Kind == jsread.Wrapped && len(a.Parts) > 0 {
			a = a.Parts[0]
		}
		targets = append(targets, a)
	}
	return prefixes, targets
}

// made is the class, by its name, that an instance is of whose router is mounted: new Chat().router, new Chat().routes(),
// chat.router where chat is made in the module.
func made(m *modules.Module, at jsread.Scope, a jsread.Expr) (jsread.Expr, bool) {
	for range 8 {
		class, is := affix.CutPrefix(a.Text, "new ")
		switch {
		case a.Kind == jsread.CallExpr && is && a.On() == nil && shell.IsVariable(class):
			return jsread.Expr{Kind: jsread.Ident, Text: class, Line: a.Line}, true
		case a.Kind == jsread.CallExpr && a.On() != nil:
			a = *a.On()
		case a.Kind == jsread.Wrapped && len(a.Parts) > 0:
			a = a.Parts[0]
		case a.Kind == jsread.CallExpr, a.Kind == jsread.Ident:
			head, _, dotted := affix.Cut(a.Text, ".")
			v, ok := m.Resolve(at, head)
			if !dotted || !ok || v.Kind != jsread.CallExpr {
				return a, false
			}
			a = v
		default:
			return a, false
		}
	}
	return a, false
}

func isRequire(e jsread.Expr) bool {
	return e.Kind == jsread.CallExpr && (e.Text == "require" || e.Text == "import") && len(e.Parts) == 1 && e.Parts[0].Kind == jsread.Literal
}

func ImportedAs(p *picture.Reader, m *modules.Module, name string) *modules.Module {
	head, _, _ := affix.Cut(name, ".")
	for _, i := range m.Imports {
		if _, ok := i.Names[head]; ok {
			return p.Module(p.Resolve(m, i.From))
		}
	}
	return nil
}
