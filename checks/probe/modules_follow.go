package probe

import (
	"path"
	"strings"
	"unicode"

	"badsig/checks/probe/jsread"
)

// Rules of this file:
//   - what a framework puts in the place of the environment is the environment
//   - a name that leads through classes, functions and settings objects ends where its value is written

// followElsewhere follows a name through classes and what functions return.
func (g *graph) followElsewhere(m *module, at jsread.Scope, e jsread.Expr, depth int) []leaf {
	h, ok := g.lookup(m, at, e.Text, 10)
	if !ok || h.mod == m && h.e.Kind == jsread.Ident && h.e.Text == e.Text || h.e.Kind == jsread.Func {
		return []leaf{{mod: m, line: e.Line, text: e.Text}}
	}
	ls := g.follow(h.mod, h.at, h.e, depth-1)
	for i := range ls {
		ls[i].name = e.Text
	}
	return ls
}

// boundVariable reads the environment of runtimes that hand it over: c.env.X
// of Hono, env.X of a worker's second parameter, platform.env.X.
func boundVariable(m *module, at jsread.Scope, text string) (string, bool) {
	on, name := receiver(text)
	if !isUpperName(name) || !strings.Contains(name, "_") || on == "process.env" {
		return "", false
	}
	head, rest, _ := strings.Cut(on, ".")
	_, _, member, param := m.ParamAt(at, head)
	if !param {
		return "", false
	}
	whole := strings.Trim(member+"."+rest, ".")
	return name, whole == "env" || strings.HasSuffix(whole, ".env") || whole == "" && (head == "env" || head == "bindings")
}

// runtimeConfig reads a member of Nuxt's useRuntimeConfig(): NUXT_… of the
// environment wins over what nuxt.config says.
func (g *graph) runtimeConfig(m *module, e jsread.Expr, member string, depth int) ([]leaf, bool) {
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
	out := []leaf{{kind: leafEnv, text: name, mod: m, line: e.Line}}
	for _, ext := range []string{".ts", ".js", ".mjs"} {
		t := g.module(path.Join(m.pkg.dir, "nuxt.config"+ext))
		if t == nil {
			continue
		}
		c := t.Exports["default"]
		if c.Kind == jsread.CallExpr && len(c.Parts) > 0 {
			c = c.Parts[0]
		}
		if h, ok := g.memberHeld(held{t, 0, c}, "runtimeConfig."+member, 8); ok && (h.e.Kind != jsread.Literal || h.e.Text != "") {
			for _, l := range g.follow(h.mod, h.at, h.e, depth-1) {
				l.op = "||"
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
func (g *graph) settingCall(m *module, at jsread.Scope, e jsread.Expr, depth int) ([]leaf, bool) {
	if depth <= 0 {
		return nil, false
	}
	name := lastName(e.Text)
	arg := ""
	if len(e.Parts) > 0 && e.Parts[0].Kind == jsread.Literal {
		arg = e.Parts[0].Text
	}
	switch {
	case (name == "defineSecret" || name == "defineString") && isUpperName(arg):
		return []leaf{{kind: leafEnv, text: arg, mod: m, line: e.Line}}, true
	case (name == "value" || name == "required" || name == "asString" || name == "unwrap" || name == "asPortNumber" || name == "asInt") && len(e.Parts) == 0:
		on := jsread.Expr{Kind: jsread.Ident, Text: strings.TrimSuffix(e.Text, "."+name), Line: e.Line}
		if e.On != nil {
			on = *e.On
		}
		if ls := g.follow(m, at, on, depth-1); len(ls) > 0 && ls[0].kind != leafUnknown {
			return ls, true
		}
	case (name == "get" || name == "getOrThrow") && arg != "" && !isUpperName(arg):
		if ls := g.namedSetting(m, e, arg, depth); ls != nil {
			return ls, true
		}
	}
	f, ok := g.calledFunction(m, at, e, 10)
	if !ok {
		return nil, false
	}
	var out []leaf
	for _, r := range f.fn.Returns {
		for _, l := range g.follow(f.mod, f.fn.Own, r.Expr, depth-1) {
			if l.kind == leafUndefined || l.kind == leafUnknown && len(f.fn.Returns) > 1 {
				continue
			}
			if len(out) > 0 && l.op == "" {
				l.op = "?:"
			}
			out = append(out, l)
		}
	}
	return out, len(out) > 0 && out[0].kind != leafUnknown
}

// namedSetting finds a path in the files of node-config, or in what Nest's
// registerAs and configuration functions return.
func (g *graph) namedSetting(m *module, e jsread.Expr, arg string, depth int) []leaf {
	for _, rel := range []string{"config/default.json", "config/development.json", "config/default.js", "config/default.ts", "config/custom-environment-variables.json"} {
		t := g.module(path.Join(m.pkg.dir, rel))
		if t == nil {
			continue
		}
		if h, ok := g.memberHeld(held{t, 0, t.Exports["default"]}, arg, 10); ok {
			if strings.Contains(rel, "custom-environment") && h.e.Kind == jsread.Literal {
				return []leaf{{kind: leafEnv, text: h.e.Text, mod: t, line: h.e.Line}}
			}
			return g.follow(h.mod, h.at, h.e, depth-1)
		}
	}
	on, _ := receiver(e.Text)
	if !strings.Contains(strings.ToLower(on), "config") {
		return nil
	}
	space, rest, _ := strings.Cut(arg, ".")
	for _, t := range g.readOrder {
		if t.pkg != m.pkg || roleOfPath(t.rel) != RoleUnknown {
			continue
		}
		for _, x := range t.Exports {
			if x.Kind == jsread.CallExpr && lastName(x.Text) == "registerAs" && len(x.Parts) == 2 && x.Parts[0].Text == space {
				if f, ok := g.functionIn(held{t, 0, x.Parts[1]}, 4); ok {
					if ls := g.returnedMember(f, rest, depth); ls != nil {
						return ls
					}
				}
			}
		}
		if d, ok := t.Exports["default"]; ok && strings.Contains(strings.ToLower(t.rel), "config") { // ConfigModule.forRoot({ load: [configuration] })
			if f, ok := g.functionIn(held{t, 0, d}, 4); ok {
				if ls := g.returnedMember(f, arg, depth); ls != nil {
					return ls
				}
			}
		}
	}
	return nil
}

func (g *graph) returnedMember(f fnRef, member string, depth int) []leaf {
	for _, r := range f.fn.Returns {
		if h, ok := g.memberHeld(held{f.mod, f.fn.Own, r.Expr}, member, 8); ok && member != "" {
			return g.follow(h.mod, h.at, h.e, depth-1)
		}
	}
	return nil
}
