package modules

import (
	"strings"

	"badsig/checks/probe/jsread"
	"badsig/checks/probe/names"
)

// nuxtSetting follows useRuntimeConfig().public.streamApiKey: the variable of
// that name wins over what nuxt.config says.
func nuxtSetting(g *Graph, v View, rest string, line int) (View, bool) {
	env := v.Of(jsread.Expr{Kind: jsread.Env, Text: nuxtVariable(rest), Line: line})
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

// nuxtVariable is the variable that fills a path of Nuxt's runtimeConfig:
// public.streamApiKey → NUXT_PUBLIC_STREAM_API_KEY.
func nuxtVariable(rest string) string {
	var words []string
	for part := range strings.SplitSeq(rest, ".") {
		words = append(words, names.SplitWords(part)...)
	}
	return "NUXT_" + strings.ToUpper(strings.Join(words, "_"))
}

func JoinDir(dir, name string) string {
	if dir == "" {
		return name
	}
	return dir + "/" + name
}

// buildVariable is the variable that an import of React Native's is at build
// time: import { KEY } from '@env', Config.KEY of react-native-config.
func buildVariable(from, exported, rest string) string {
	switch from {
	case "@env", "react-native-dotenv":
		return exported
	case "react-native-config":
		return rest
	}
	return ""
}

// expoExtra is what an app's configuration hands to Constants.expoConfig.extra.
func expoExtra(g *Graph, m *Module, rest string) (View, bool) {
	_, name, ok := strings.Cut(rest, "extra.")
	if !ok {
		return View{M: m}, false
	}
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
			for _, at := range []string{"extra.", "expo.extra."} {
				if v, ok := g.member(top, at+name, 0, 12); ok && !IsUndefined(v.E) {
					return v, true
				}
			}
		}
	}
	return View{M: m}, false
}
