package modules

import (
	"path"
	"strings"
	"unicode"

	"badsig/checks/facts"
	"badsig/checks/probe/files"
	"badsig/checks/probe/jsread"
)

// Rules of this file:
//   - what a framework puts in the place of the environment is the environment
//   - a name that leads through classes, functions and settings objects ends where its value is written

// followElsewhere follows a name through classes and what functions return.
func followElsewhere(g *Graph, m *Module, at jsread.Scope, e jsread.Expr, depth int) []Leaf {
	h, ok := Lookup(g, m, at, e.Text, 10)
	if !ok || h.Mod == m && h.E.Kind == jsread.Ident && h.E.Text == e.Text || h.E.Kind == jsread.Func {
		return []Leaf{{Mod: m, Line: e.Line, Text: e.Text}}
	}
	ls := follow(g, h.Mod, h.At, h.E, depth-1)
	for i := range ls {
		ls[i].Name = e.Text
	}
	return ls
}

// boundVariable reads the environment of runtimes that hand it over: c.env.X
// of Hono, env.X of a worker's second parameter, platform.env.X.
func boundVariable(m *Module, at jsread.Scope, text string) (string, bool) {
	on, name := Receiver(text)
	if !isUpperName(name) || !strings.Contains(name, "_") || on == "process.env" {
		return "", false
	}
	head, rest, _ := strings.Cut(on, ".")
	_, _, member, param := jsread.ParamAt(&m.Module, at, head)
	if !param {
		return "", false
	}
	whole := strings.Trim(member+"."+rest, ".")
	return name, whole == "env" || strings.HasSuffix(whole, ".env") || whole == "" && (head == "env" || head == "bindings")
}

// runtimeConfig reads a member of Nuxt's useRuntimeConfig(): NUXT_… of the
// environment wins over what nuxt.config says.
func runtimeConfig(g *Graph, m *Module, e jsread.Expr, member string, depth int) ([]Leaf, bool) {
	if e.Text != "useRuntimeConfig" {
		return nil, false
	}
	name := "NUXT_"
	for i, r := range strings.ReplaceAll(member, ".", "_") {
		if unicode.IsUpper(r) && i > 0 {
			name += "_"
		}
		name += string(unicode.ToUpper(r))
	}
	out := []Leaf{{Kind: LeafEnv, Text: name, Mod: m, Line: e.Line}}
	for _, ext := range []string{".ts", ".js", ".mjs"} {
		t := g.Module(path.Join(m.Pkg.Dir, "nuxt.config"+ext))
		if t == nil {
			continue
		}
		c := t.Exports["default"]
		if c.Kind == jsread.CallExpr && len(c.Parts) > 0 {
			c = c.Parts[0]
		}
		if h, ok := memberHeld(g, Held{t, 0, c}, "runtimeConfig."+member, 8); ok && (h.E.Kind != jsread.Literal || h.E.Text != "") {
			for _, l := range follow(g, h.Mod, h.At, h.E, depth-1) {
				l.Op = "||"
				out = append(out, l)
			}
		}
		break
	}
	return out, true
}

// settingCall reads a setting by its path: config.get('stream.secret') of
// node-config and of Nest, defineSecret('X').value() of Firebase, and what a
// function of the project returns.
func settingCall(g *Graph, m *Module, at jsread.Scope, e jsread.Expr, depth int) ([]Leaf, bool) {
	if depth <= 0 {
		return nil, false
	}
	name := facts.LastName(e.Text)
	arg := ""
	if len(e.Parts) > 0 && e.Parts[0].Kind == jsread.Literal {
		arg = e.Parts[0].Text
	}
	switch {
	case (name == "defineSecret" || name == "defineString") && isUpperName(arg):
		return []Leaf{{Kind: LeafEnv, Text: arg, Mod: m, Line: e.Line, Vault: name == "defineSecret"}}, true
	case (name == "value" || name == "required" || name == "asString" || name == "unwrap" || name == "asPortNumber" || name == "asInt") && len(e.Parts) == 0:
		on := jsread.Expr{Kind: jsread.Ident, Text: strings.TrimSuffix(e.Text, "."+name), Line: e.Line}
		if e.On != nil {
			on = *e.On
		}
		if ls := follow(g, m, at, on, depth-1); len(ls) > 0 && ls[0].Kind != LeafUnknown {
			return ls, true
		}
	case (name == "get" || name == "getOrThrow") && isUpperName(arg) && settingsName(e.Text):
		ls := []Leaf{{Kind: LeafEnv, Text: arg, Mod: m, Line: e.Line}}
		if name == "get" && len(e.Parts) > 1 {
			for _, l := range follow(g, m, at, e.Parts[1], depth-1) {
				l.Op = "??"
				ls = append(ls, l)
			}
		}
		return ls, true
	case (name == "get" || name == "getOrThrow") && arg != "" && !isUpperName(arg):
		if ls := namedSetting(g, m, e, arg, depth); ls != nil {
			return ls, true
		}
	}
	f, ok := g.CalledFunction(m, at, e, 10)
	if !ok {
		return nil, false
	}
	var out []Leaf
	for _, r := range f.Fn.Returns {
		for _, l := range follow(g, f.Mod, f.Fn.Own, r.Expr, depth-1) {
			if l.Kind == LeafUndefined || l.Kind == LeafUnknown && len(f.Fn.Returns) > 1 {
				continue
			}
			if len(out) > 0 && l.Op == "" {
				l.Op = "?:"
			}
			out = append(out, l)
		}
	}
	return out, len(out) > 0 && out[0].Kind != LeafUnknown
}

// settingsName tells a callee whose object is called config, env or the like.
func settingsName(callee string) bool {
	on, _ := Receiver(callee)
	low := strings.ToLower(facts.LastName(on))
	return strings.Contains(low, "config") || low == "env" || low == "nconf" || low == "settings"
}

// namedSetting finds a path in the files of node-config, or in what Nest's
// registerAs and configuration functions return.
func namedSetting(g *Graph, m *Module, e jsread.Expr, arg string, depth int) []Leaf {
	for _, rel := range []string{"config/default.json", "config/development.json", "config/default.js", "config/default.ts", "config/custom-environment-variables.json"} {
		t := g.Module(path.Join(m.Pkg.Dir, rel))
		if t == nil {
			continue
		}
		if h, ok := memberHeld(g, Held{t, 0, t.Exports["default"]}, arg, 10); ok {
			if strings.Contains(rel, "custom-environment") && h.E.Kind == jsread.Literal {
				return []Leaf{{Kind: LeafEnv, Text: h.E.Text, Mod: t, Line: h.E.Line}}
			}
			return follow(g, h.Mod, h.At, h.E, depth-1)
		}
	}
	on, _ := Receiver(e.Text)
	if !strings.Contains(strings.ToLower(on), "config") {
		return nil
	}
	space, rest, _ := strings.Cut(arg, ".")
	for _, t := range g.ReadOrder {
		if t.Pkg != m.Pkg || files.RoleOfPath(t.Rel) != facts.RoleUnknown {
			continue
		}
		for _, x := range t.Exports {
			if x.Kind == jsread.CallExpr && facts.LastName(x.Text) == "registerAs" && len(x.Parts) == 2 && x.Parts[0].Text == space {
				if f, ok := g.FunctionIn(Held{t, 0, x.Parts[1]}, 4); ok {
					if ls := returnedMember(g, f, rest, depth); ls != nil {
						return ls
					}
				}
			}
		}
		if d, ok := t.Exports["default"]; ok && strings.Contains(strings.ToLower(t.Rel), "config") { // ConfigModule.forRoot({ load: [configuration] })
			if f, ok := g.FunctionIn(Held{t, 0, d}, 4); ok {
				if ls := returnedMember(g, f, arg, depth); ls != nil {
					return ls
				}
			}
		}
	}
	return nil
}

func returnedMember(g *Graph, f FnRef, member string, depth int) []Leaf {
	for _, r := range f.Fn.Returns {
		if h, ok := memberHeld(g, Held{f.Mod, f.Fn.Own, r.Expr}, member, 8); ok && member != "" {
			return follow(g, h.Mod, h.At, h.E, depth-1)
		}
	}
	return nil
}
