package modules

import (
	"path"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
)

// Rules of this file:
//   - what a framework puts in the place of the environment is the environment
//   - a name that leads through classes, functions and settings objects ends where its value is written

// boundVariable reads the environment of runtimes that hand it over: c.env.X
// of Hono, env.X of a worker's second parameter, platform.env.X.
func boundVariable(m *Module, at jsread.Scope, text string) (string, bool) {
	on, name := Receiver(text)
	if !isUpperName(name) || !affix.Contains(name, "_") || on == "process.env" {
		return "", false
	}
	head, rest, _ := affix.Cut(on, ".")
	_, _, member, param := jsread.ParamAt(&m.Module, at, head)
	if !param {
		return "", false
	}
	whole := strings.Trim(member+"."+rest, ".")
	return name, whole == "env" || affix.HasSuffix(whole, ".env") || whole == "" && (head == "env" || head == "bindings")
}

// settingCall reads a setting by its path: config.get('stream.secret') of
// node-config and of Nest, defineSecret('X').value() of Firebase, and what a
// function of the project returns.
func settingCall(g *Graph, v View, depth int) ([]Leaf, bool) {
	if depth <= 0 {
		return nil, false
	}
	m, e := v.M, v.E
	name := facts.LastName(e.Text)
	arg := ""
	if len(e.Parts) > 0 && e.Parts[0].Kind == jsread.Literal {
		arg = e.Parts[0].Text
	}
	switch {
	case (name == "defineSecret" || name == "defineString") && isUpperName(arg):
		return []Leaf{{Kind: LeafEnv, Text: arg, Mod: m, Line: e.Line, Vault: name == "defineSecret"}}, true
	case (name == "value" || name == "required" || name == "asString" || name == "unwrap" || name == "asPortNumber" || name == "asInt") && len(e.Parts) == 0:
		on := jsread.Expr{Kind: jsread.Ident, Text: affix.TrimSuffix(e.Text, "."+name), Line: e.Line}
		if e.On() != nil {
			on = *e.On()
		}
		if ls := g.follow(v.Of(&on), depth-1); len(ls) > 0 && ls[0].Kind != LeafUnknown {
			return ls, true
		}
	case (name == "get" || name == "getOrThrow") && isUpperName(arg) && settingsName(e.Text):
		ls := []Leaf{{Kind: LeafEnv, Text: arg, Mod: m, Line: e.Line}}
		if name == "get" && len(e.Parts) > 1 {
			for _, l := range g.follow(v.Of(&e.Parts[1]), depth-1) {
				l.Op = "??"
				ls = append(ls, l)
			}
		}
		return ls, true
	case name == "default" && len(e.Parts) == 1 && e.On() != nil: // env-var's get('PORT').default('3001')
		if ls := g.follow(v.Of(e.On()), depth-1); len(ls) > 0 && ls[0].Kind == LeafEnv {
			for _, l := range g.follow(v.Of(&e.Parts[0]), depth-1) {
				l.Op = "??"
				ls = append(ls, l)
			}
			return ls, true
		}
	case (name == "get" || name == "getOrThrow") && arg != "" && !isUpperName(arg):
		if ls := convictSetting(g, v, arg); ls != nil {
			return ls, true
		}
		if ls := namedSetting(g, m, e, arg, depth); ls != nil {
			return ls, true
		}
	}
	w, ok := given(g, v, 10)
	if !ok || w.E.Kind == jsread.Func {
		return nil, false
	}
	var out []Leaf
	ways, open := []View{w}, false
	if w.Alts != nil {
		ways = w.Alts
	}
	for _, w := range ways {
		for _, l := range g.follow(w, depth-1) {
			if l.Kind == LeafUndefined || l.Kind == LeafUnknown && len(ways) > 1 {
				open = open || l.Kind == LeafUnknown
				continue
			}
			if len(out) > 0 && l.Op == "" {
				l.Op = "?:"
			}
			out = append(out, l)
		}
	}
	return out, len(out) > 0 && out[0].Kind != LeafUnknown && (!open || out[0].Kind != LeafLiteral || out[0].Text != "") // an empty one is what's left where nothing else is set
}

// convictSetting reads a path of convict({ stream: { secret: { env: 'X', default: ” } } }).
func convictSetting(g *Graph, v View, arg string) (ls []Leaf) {
	on, _ := Receiver(v.E.Text)
	c := Settle(g, v.name(on, v.E.Line))
	if c.E.Kind != jsread.CallExpr || facts.LastName(c.E.Text) != "convict" || len(c.E.Parts) == 0 {
		return nil
	}
	w, ok := g.member(c.Of(&c.E.Parts[0]), arg, v.E.Line, 10)
	if w = Settle(g, w); !ok {
		return nil
	}
	for _, key := range []string{"env", "default"} {
		for i, k := range w.E.Keys() {
			x := w.E.Parts[i]
			if k != key || x.Kind != jsread.Literal && x.Kind != jsread.Number || x.Text == "" {
				continue
			}
			l := Leaf{Kind: LeafLiteral, Text: x.Text, Mod: w.M, Line: x.Line}
			if key == "env" {
				l.Kind = LeafEnv
			} else if len(ls) > 0 {
				l.Op = "??"
			}
			ls = append(ls, l)
		}
	}
	return ls
}

// settingsName tells a callee whose object is called config, env or the like.
func settingsName(callee string) bool {
	on, _ := Receiver(callee)
	low := strings.ToLower(facts.LastName(on))
	return affix.Contains(low, "config") || low == "env" || low == "nconf" || low == "settings"
}

// namedSetting finds a path in the files of node-config, or in what Nest's
// registerAs and configuration functions return.
func namedSetting(g *Graph, m *Module, e jsread.Expr, arg string, depth int) []Leaf {
	var env []Leaf
	for _, rel := range []string{"custom-environment-variables.json", "development.json", "default.json", "default.js", "default.ts"} {
		t := g.Module(path.Join(m.Pkg.Dir, "config", rel))
		if t == nil {
			continue
		}
		if w, ok := g.member(View{M: t, E: t.Exports["default"]}, arg, e.Line, 10); ok && !IsUndefined(w.E) {
			if affix.Contains(rel, "custom-environment") && w.E.Kind == jsread.Literal {
				env = []Leaf{{Kind: LeafEnv, Text: w.E.Text, Mod: t, Line: w.E.Line}}
				continue
			}
			ls := g.follow(w, depth-1)
			if env != nil && len(ls) == 1 && ls[0].Kind == LeafLiteral && ls[0].Text == "" {
				return env
			} else if env != nil && len(ls) > 0 {
				ls[0].Op = "||"
			}
			return append(env, ls...)
		}
	}
	if env != nil {
		return env
	}
	on, _ := Receiver(e.Text)
	if !affix.Contains(strings.ToLower(on), "config") {
		return nil
	}
	space, rest, _ := affix.Cut(arg, ".")
	for _, t := range g.ReadOrder {
		if t.Pkg != m.Pkg || t.Aside() {
			continue
		}
		for _, x := range t.Exports {
			if x.Kind == jsread.CallExpr && facts.LastName(x.Text) == "registerAs" && len(x.Parts) == 2 && x.Parts[0].Text == space {
				if f, ok := g.FunctionIn(View{M: t, E: x.Parts[1]}, 4); ok {
					if ls := returnedMember(g, f, rest, depth); ls != nil {
						return ls
					}
				}
			}
		}
		if d, ok := t.Exports["default"]; ok && affix.Contains(strings.ToLower(t.Rel), "config") { // ConfigModule.forRoot({ load: [configuration] })
			if f, ok := g.FunctionIn(View{M: t, E: d}, 4); ok {
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
		if w, ok := g.member(View{M: f.Mod, At: f.Fn.Own, E: r.Expr}, member, r.Line, 8); ok && member != "" && !IsUndefined(w.E) {
			return g.follow(w, depth-1)
		}
	}
	return nil
}
