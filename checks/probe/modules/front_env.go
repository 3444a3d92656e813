package modules

import "badsig/checks/probe/jsread"

// nuxtSetting follows useRuntimeConfig().public.streamApiKey: the variable of
// that name wins over what nuxt.config says.
func (g *Graph) nuxtSetting(m *Module, rest string, line, depth int) []Leaf {
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
		v, ok := g.memberView(View{t, 0, d}, "runtimeConfig."+rest, nil)
		if !ok || IsUndefined(v.E) {
			break
		}
		for _, l := range g.follow(v.M, v.At, v.E, depth) {
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
