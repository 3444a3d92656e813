package modules

import (
	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
)

// Rules of this file:
//   - Fastify's plugin for the environment loads .env only where its option dotenv says so
//   - what it read is under the instance's property that its option confKey names

// fastifyEnv are the packages of that plugin (github.com/fastify/fastify-env).
var fastifyEnv = []string{"@fastify/env", "fastify-env"}

// pluginOptions gives the options of fastify.register(env, options).
func pluginOptions(m *Module, c jsread.Call) (jsread.Expr, bool) {
	if facts.LastName(c.Callee) != "register" || len(c.Args) < 2 || c.Args[0].Kind != jsread.Ident || !ImportsFrom(m, c.Args[0].Text, fastifyEnv...) {
		return jsread.Expr{}, false
	}
	o := c.Args[1]
	if o.Kind == jsread.Ident {
		if v, ok := m.Resolve(c.Scope, o.Text); ok {
			o = v
		}
	}
	return o, o.Kind == jsread.Object
}

// pluginLoad reads what the plugin loads.
func pluginLoad(g *Graph, m *Module, c jsread.Call) (Load, bool) {
	o, ok := pluginOptions(m, c)
	if !ok {
		return Load{}, false
	}
	l := Load{Kind: "dotenv", Dialect: DotenvOf(m.Pkg), At: Place{m, c.Line}}
	for i, k := range o.Keys() {
		switch v := o.Parts[i]; {
		case k == "":
			l.Unknown = true
		case k != "dotenv":
		case v.Kind == jsread.Object:
			loadOptions(g, m, jsread.Call{Scope: c.Scope, Args: []jsread.Expr{v}}, &l)
			return l, true
		default:
			return l, v.Text != "false"
		}
	}
	return Load{}, false
}

// pluginVariable reads fastify.config.STREAM_API_SECRET where the package has the plugin.
func pluginVariable(g *Graph, m *Module, text string) (string, bool) {
	on, name := Receiver(text)
	if !isUpperName(name) || !affix.Contains(on, ".") || !m.Pkg.Dep(fastifyEnv...) {
		return "", false
	}
	_, key := Receiver(on)
	return name, key == confKey(g, m.Pkg)
}

// confKey is the name under which a package's instance keeps what the plugin read.
func confKey(g *Graph, k *Package) string {
	for _, m := range g.SortedMods() {
		if m.Pkg != k {
			continue
		}
		for _, c := range m.Calls {
			o, ok := pluginOptions(m, c)
			if !ok {
				continue
			}
			for i, key := range o.Keys() {
				if key == "confKey" && o.Parts[i].Kind == jsread.Literal {
					return o.Parts[i].Text
				}
			}
		}
	}
	return "config"
}
