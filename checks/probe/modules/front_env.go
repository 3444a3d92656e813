package modules

import (
	"badsig/checks/affix"
	"badsig/checks/facts"
	"slices"
	"strings"

	"badsig/checks/probe/jsread"
	"badsig/checks/probe/names"
)

// nuxtSetting follows useRuntimeConfig().public.streamApiKey: the variable of
// that name wins over what nuxt.config says.
func nuxtSetting(g *Graph, v View, rest string, line int) (View, bool) {
	env := v.Of(&jsread.Expr{Kind: jsread.Env, Text: nuxtVariable(rest), Line: line})
	for _, name := range []string{"nuxt.config.ts", "nuxt.config.js", "nuxt.config.mjs"} {
		t := g.Module(JoinDir(v.M.Pkg.Dir, name))
		if t == nil {
			continue
		}
		d := t.Exports["default"]
		if d.Kind == jsread.CallExpr && len(d.Parts) > 0 {
			d = d.Parts[0]
		}
		set, _ := g.member(View{M: t, E: d}, "runtimeConfig."+rest, line, 12)
		if set, ok := g.settle(set, 12); ok && !IsUndefined(set.E) && (set.E.Kind != jsread.Literal || set.E.Text != "") { // an empty one is a place to be filled
			return choice("??", env, set), true
		}
		break
	}
	return env, true
}

// nuxtProvided follows useNuxtApp().$api to the one plugin that provides api (nuxt.com/docs/guide/directory-structure/plugins#providing-helpers).
func nuxtProvided(g *Graph, v View, name, rest string, line int) (out View, ok bool) {
	n := 0
	for _, dir := range []string{"plugins", "app/plugins"} {
		dir = JoinDir(v.M.Pkg.Dir, dir)
		for _, file := range g.Tree.Code[dir] {
			t := g.Module(dir + "/" + file)
			if t == nil {
				continue
			}
			VisitCalls(t, func(c *jsread.Call) { // nuxtApp.provide('api', client)
				if facts.LastName(c.Callee) == "provide" && len(c.Args) == 2 && c.Args[0].Kind == jsread.Literal && c.Args[0].Text == name {
					out = View{M: t, At: c.Scope, E: c.Args[1]}
					n++
				}
			})
			for i := range t.Returns {
				r := &t.Returns[i]
				if held, is := g.member(View{M: t, At: r.Scope, E: r.Expr}, "provide."+name, line, 8); r.Expr.Kind == jsread.Object && is && !IsUndefined(held.E) {
					out = held
					n++
				}
			}
		}
	}
	if n != 1 {
		return v, false
	}
	if rest != "" {
		return g.member(out, rest, line, 8)
	}
	return out, true
}

// nuxtVariable is the variable that fills a path of Nuxt's runtimeConfig:
// public.streamApiKey → NUXT_PUBLIC_STREAM_API_KEY.
func nuxtVariable(rest string) string {
	var words []string
	for part := range strings.SplitSeq(rest, ".") {
		words = append(words, snake(part))
	}
	return "NUXT_" + strings.Join(words, "_")
}

func JoinDir(dir, name string) string {
	if dir == "" {
		return name
	}
	return dir + "/" + name
}

// BuiltIn is what a native app's compiler, or its native code, puts in place of a module's names: those of a .env file.
type BuiltIn struct {
	Module, File string
	Exact        bool // nothing else decides which file that is
}

// BuiltInOf reads it from the options of Babel's plugin, react-native-dotenv, and of react-native-config.
//
//go:noinline
func BuiltInOf(g *Graph, k *Package) BuiltIn {
	return k.builtIn.Of(func() (b BuiltIn) {
		if k.Dep("react-native-config") {
			gradle, _, _ := g.Tree.Read(JoinDir(k.Dir, "android/app/build.gradle"), 1<<20)
			own := jsread.Mentions(jsread.Words("a.js", k.File.Src), "ENVFILE") || jsread.Mentions(jsread.Words("a.js", gradle), "envConfigFiles")
			return BuiltIn{"react-native-config", ".env", !own && !k.Dep("react-native-dotenv")}
		}
		if !k.Dep("react-native-dotenv") {
			return b
		}
		for _, name := range []string{"babel.config.js", "babel.config.cjs", "babel.config.json", ".babelrc", ".babelrc.js"} {
			src, _, _ := g.Tree.Read(JoinDir(k.Dir, name), 1<<20)
			ws := jsread.Words("a.js", src)
			at := slices.IndexFunc(ws, func(w jsread.Word) bool { return w.String && affix.HasSuffix(w.Text, "react-native-dotenv") })
			if at < 0 {
				continue
			}
			b = BuiltIn{"@env", ".env", true}
			for i := at + 1; i+2 < len(ws) && ws[i].Text != "]"; i++ {
				if v := ws[i+2]; ws[i+1].Text == ":" && ws[i].Text == "path" {
					b.File, b.Exact = v.Text, v.String && !jsread.Follows(ws, i+3, "process") && affix.Contains(",}", ws[min(i+3, len(ws)-1)].Text)
				} else if ws[i+1].Text == ":" && ws[i].Text == "moduleName" && v.String {
					b.Module = v.Text
				}
			}
			return b
		}
		return b
	})
}

// buildVariable is the variable that an import of React Native's is at build
// time: import { KEY } from '@env', Config.KEY of react-native-config.
func buildVariable(g *Graph, k *Package, from, exported, rest string) string {
	switch {
	case from == "react-native-config":
		return rest
	case from == "@env", from == "react-native-dotenv", from == BuiltInOf(g, k).Module:
		return exported
	}
	return ""
}

// expoExtra is what an app's configuration hands to Constants.expoConfig.extra.
func expoExtra(g *Graph, m *Module, rest string) (View, bool) {
	_, name, ok := affix.Cut(rest, "extra.")
	if !ok {
		return View{M: m}, false
	}
	var none View
	for _, file := range []string{"app.config.ts", "app.config.js", "app.json"} {
		t := g.Module(JoinDir(m.Pkg.Dir, file))
		if t == nil {
			continue
		}
		tops := []View{{M: t, E: t.Exports["default"]}}
		for _, r := range t.Returns {
			tops = append(tops, View{M: t, At: r.Scope, E: r.Expr})
		}
		for _, top := range tops {
			for _, at := range []string{"extra", "expo.extra"} {
				if v, ok := g.member(top, at+"."+name, 0, 12); ok && !IsUndefined(v.E) {
					return v, true
				}
				x, _ := g.member(top, at, 0, 12)
				if x = Settle(g, x); x.E.Kind == jsread.Object && !facts.OneOf(x.E.Keys(), "") { // all of it is read, and the name isn't there
					none = x.variable("extra." + name)
					for i, k := range x.E.Keys() {
						if names.NearName(snake(k), snake(name)) > 0 {
							none.E.Line = x.E.Parts[i].Line
						}
					}
				}
			}
		}
		if none.M == nil {
			break // what it makes of app.json isn't known
		}
	}
	return none, none.M != nil
}

// snake writes a name as variables are written: streamApiKey → STREAM_API_KEY.
func snake(name string) string { return strings.ToUpper(strings.Join(names.SplitWords(name), "_")) }
