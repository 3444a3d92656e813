package modules

import (
	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/names"
)

// Rules of this file:
//   - a function that a framework runs on its server for a call in the page is the server's, no matter which file it is in

// MakesTokens tells a module with a call that makes tokens, as far as names say.
func (m *Module) MakesTokens() bool {
	if m.Aside() {
		return false
	}
	for _, c := range m.Calls {
		if n := facts.LastName(c.Callee); StreamSigners[n] || n == "sign" && len(c.Args) > 0 {
			return true
		}
	}
	return false
}

// RouteFile tells a file of which the package's framework makes a route or action.
func (k *Package) RouteFile(rel string) bool {
	in := affix.TrimPrefix(affix.TrimPrefix(rel, k.Dir), "/")
	in = affix.TrimPrefix(in, "src/")
	base := affix.Base(in)
	if affix.Ext(base) == ".json" {
		return false
	}
	stem := affix.TrimSuffix(base, affix.Ext(base))
	switch k.Framework {
	case "next":
		return stem == "route" && affix.HasPrefix(in, "app/") || affix.HasPrefix(in, "pages/api/") || affix.Contains(in, "actions/") || affix.HasPrefix(stem, "action") || affix.HasSuffix(stem, ".action") || affix.HasSuffix(stem, ".actions")
	case "nuxt":
		return affix.HasPrefix(in, "server/")
	case "sveltekit":
		return stem == "+server" || affix.HasSuffix(stem, ".server")
	case "remix":
		return affix.HasPrefix(in, "app/routes/")
	case "astro":
		return affix.HasPrefix(in, "pages/") && affix.Ext(base) != ".astro" || affix.HasPrefix(in, "actions/")
	case "expo":
		return affix.HasSuffix(stem, "+api")
	}
	return false
}

// HasPage tells a route module that shows a page, too.
func (m *Module) HasPage() bool {
	_, page := m.Exports["default"]
	return page
}

// HandlesRequests tells a module that gets requests without a router.
func (m *Module) HandlesRequests() bool {
	d := m.Exports["default"]
	return facts.OneOf(d.Keys(), "fetch") || affix.Any(m.Calls, func(c jsread.Call) bool {
		n := facts.LastName(c.Callee)
		return n == "createServer" || n == "serve"
	})
}

// StreamSigners are the methods of Stream's clients that make a user token.
var StreamSigners = names.Words("createToken", "createUserToken", "generateUserToken", "generatePermanentUserToken", "generateCallToken", "createCallToken", "createUserSessionToken")

// MakesServerFunction tells a call whose function a front end imports and calls and its framework runs on the server:
// TanStack Start's createServerFn().handler(f), Astro's defineAction({ handler: f }), SvelteKit's command(f).
func (m *Module) MakesServerFunction(c *jsread.Call) bool {
	switch name := facts.LastName(c.Callee); {
	case name == "handler" && c.On != nil:
		return beginsWith(*c.On, "createServerFn")
	case name == "handler":
		return affix.HasPrefix(c.Callee, "createServerFn")
	case c.Callee == "defineAction":
		return ImportsFrom(m, c.Callee, "astro:actions")
	case c.Callee == "query" || c.Callee == "command" || c.Callee == "form":
		return ImportsFrom(m, c.Callee, "$app/server")
	}
	return false
}

// beginsWith reports a chain of calls that a function's call begins.
func beginsWith(e jsread.Expr, name string) bool {
	for n := 0; e.On() != nil && n < 64; n++ {
		e = *e.On()
	}
	return affix.HasPrefix(e.Text, name)
}

// InServerFunction reports a line in such a function.
func (m *Module) InServerFunction(line int) bool {
	for i := range m.Calls {
		c := &m.Calls[i]
		if !m.MakesServerFunction(c) {
			continue
		}
		for _, a := range c.Args {
			for _, f := range append(a.Parts, a) {
				if f.Kind == jsread.Func && m.spans(f.Fn, line) {
					return true
				}
			}
		}
	}
	return false
}

// spans reports a function that a line is in.
func (m *Module) spans(f jsread.Scope, line int) bool {
	for _, s := range m.Funcs {
		if s.Scope == f {
			return s.First <= line && line <= s.Last
		}
	}
	return false
}

// loaderData is a member of what the loader of a page's own module gives it:
// useLoaderData().key is the key of json({ key }).
func loaderData(g *Graph, v View, rest string, line, depth int) (View, bool) {
	f, ok := g.FunctionIn(View{M: v.M, E: jsread.Expr{Kind: jsread.Ident, Text: "loader", Line: line}}, 6)
	if !ok || len(f.Fn.Returns) == 0 {
		return v, false
	}
	r := f.Fn.Returns[len(f.Fn.Returns)-1] // those before it reject or redirect
	x := View{M: f.Mod, At: f.Fn.Own, E: r.Expr}
	if name := facts.LastName(x.E.Text); x.E.Kind == jsread.CallExpr && (name == "json" || name == "data" || name == "defer") && len(x.E.Parts) > 0 {
		x = x.Of(&x.E.Parts[0])
	}
	return g.member(x, rest, line, depth-1)
}
