package resolve

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
)

// required reports whether the program ends at its start where a variable isn't
// set: an if that exits or throws, a schema that the environment is parsed with, a
// function that demands it by name.
func required(r *running, name string) bool {
	return affix.Any(r.s.Mods, func(m *modules.Module) bool {
		return exitsWithout(r.p.Graph, m, name) || demands(m, name) || constructs(r.p.Graph, m, name) || signsAtStart(r.p.Graph, m, name)
	})
}

// exitsWithout finds if (!X) { process.exit(1) } and if (!X) throw new Error(…), at the module's top.
func exitsWithout(g *modules.Graph, m *modules.Module, name string) bool {
	for _, i := range m.Ifs {
		if i.Scope != 0 || !lacks(g, m, i.Scope, i.Cond, name, 6) {
			continue
		}
		for _, list := range [][]jsread.Call{m.Calls, m.Others} {
			if affix.Any(list, func(c jsread.Call) bool {
				return c.At >= i.From && c.At <= i.To && (c.Callee == "process.exit" || c.New && affix.HasSuffix(c.Callee, "Error"))
			}) {
				return true
			}
		}
	}
	return false
}

// constructs finds new StreamClient(key, X) of Stream's SDK for Node at the module's top: it signs a token for the server
// as it is made, and throws where the secret is undefined.
func constructs(g *modules.Graph, m *modules.Module, name string) bool {
	if !affix.Any(m.Imports, func(i jsread.Import) bool { return i.From == "@stream-io/node-sdk" }) {
		return false
	}
	return affix.Any(m.Calls, func(c jsread.Call) bool {
		return c.New && facts.LastName(c.Callee) == "StreamClient" && c.Scope == 0 && c.Func == "" && len(c.Args) > 1 && holds(g, m, c.Scope, c.Args[1], name, 6)
	})
}

// signsAtStart finds a token that Stream's client signs at the module's top: it throws where the secret is undefined.
func signsAtStart(g *modules.Graph, m *modules.Module, name string) bool {
	top := func(test func(c *jsread.Call) bool) bool {
		return affix.Any(m.Calls, func(c jsread.Call) bool { return c.Scope == 0 && c.Func == "" && test(&c) })
	}
	return top(func(c *jsread.Call) bool { return modules.StreamSigners[facts.LastName(c.Callee)] }) &&
		top(func(c *jsread.Call) bool {
			return affix.Any(c.Args, func(a jsread.Expr) bool { return holds(g, m, c.Scope, a, name, 6) })
		})
}

// lacks reports a condition that holds where a variable has no value.
func lacks(g *modules.Graph, m *modules.Module, at jsread.Scope, x jsread.Expr, name string, depth int) bool {
	if depth == 0 {
		return false
	}
	switch {
	case x.Kind == jsread.Other && (x.Text == "!" || x.Text == "==" || x.Text == "==="):
		return affix.Any(x.Parts, func(p jsread.Expr) bool { return holds(g, m, at, p, name, depth) })
	case x.Kind == jsread.Either && x.Text == "||":
		return affix.Any(x.Parts, func(p jsread.Expr) bool { return lacks(g, m, at, p, name, depth-1) })
	}
	return false
}

func holds(g *modules.Graph, m *modules.Module, at jsread.Scope, x jsread.Expr, name string, depth int) bool {
	if depth == 0 {
		return false
	}
	switch x.Kind {
	case jsread.Env:
		return x.Text == name
	case jsread.Ident:
		if v, ok := m.Resolve(at, x.Text); ok && (v.Kind != jsread.Ident || v.Text != x.Text) && holds(g, m, at, v, name, depth-1) {
			return true
		}
		ls := modules.Eval(g, m, at, x) // of another module: env.STREAM_API_SECRET
		return len(ls) == 1 && ls[0].Kind == modules.LeafEnv && ls[0].Text == name
	case jsread.Wrapped, jsread.Either:
		return affix.Any(x.Parts, func(p jsread.Expr) bool { return holds(g, m, at, p, name, depth-1) })
	}
	return false
}

// demands finds a schema with the variable's name that process.env is parsed
// with, and requireEnv('NAME').
func demands(m *modules.Module, name string) bool {
	schema, parsed := false, false
	for _, list := range [][]jsread.Call{m.Calls, m.Others} {
		for i := range list {
			c := &list[i]
			low := strings.ToLower(facts.LastName(c.Callee))
			for _, a := range c.Args {
				switch {
				case a.Kind == jsread.Ident && a.Text == "process.env" && low != "safeparse":
					parsed = true
				case a.Kind == jsread.Object && facts.OneOf(a.Keys(), name):
					schema = true
				case a.Kind == jsread.Literal && a.Text == name && (affix.Contains(low, "require") || affix.Contains(low, "must") || affix.Contains(low, "orthrow") || affix.Contains(low, "ensure") || affix.Contains(low, "demand")):
					return true
				}
			}
		}
	}
	return schema && parsed
}
