package modules

import (
	"strings"

	"badsig/checks/probe/jsread"
	"badsig/checks/probe/names"
)

// nuxtSetting follows useRuntimeConfig().public.streamApiKey: the variable of
// that name wins over what nuxt.config says.
func nuxtSetting(g *Graph, m *Module, rest string, line, depth int) []Leaf {
	out := []Leaf{{Kind: LeafEnv, Text: nuxtVariable(rest), Mod: m, Line: line}}
	for _, name := range []string{"nuxt.config.ts", "nuxt.config.js", "nuxt.config.mjs"} {
		t := g.Module(JoinDir(m.Pkg.Dir, name))
		if t == nil {
			continue
		}
		d, ok := t.Exports["default"]
		if !ok {
			break
		}
		if d.Kind == jsread.CallExpr && len(d.Parts) > 0 {
			d = d.Parts[0]
		}
		v, ok := memberView(g, View{t, 0, d}, "runtimeConfig."+rest, nil)
		if !ok || IsUndefined(v.E) {
			break
		}
		for _, l := range follow(g, v.M, v.At, v.E, depth) {
			if l.Kind == LeafLiteral && l.Text == "" {
				continue // a place to be filled
			}
			l.Op = FirstOf(l.Op, "??")
			out = append(out, l)
		}
		break
	}
	return out
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
