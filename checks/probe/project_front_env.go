package probe

import (
	"slices"
	"strings"

	"badsig/checks/probe/jsread"
)

// Rules of this file:
//   - which variables the browser gets is the framework's rule: a prefix, and for SvelteKit and Nuxt a module of their own
//   - what a page's module reads in its loader is read on the server

// browserGets tells whether the front end's bundler hands a variable to the
// browser; known is false where that cannot be told.
func (f *front) browserGets(name string, meta bool) (gets, known bool) {
	if f.free || f.inline != "" && strings.Contains(f.inline, name) || strings.Contains(f.inline, "...process.env") || strings.Contains(f.inline, "'process.env': ") || strings.Contains(f.inline, "'process.env':env") {
		return false, false
	}
	if name == "MODE" || name == "NODE_ENV" || name == "DEV" || name == "PROD" || name == "BASE_URL" {
		return true, true
	}
	kit := f.pkg != nil && f.pkg.framework == "sveltekit" // $env/static/public, besides import.meta.env
	if f.meta != meta && !kit {
		return false, true
	}
	for _, x := range f.prefix {
		if strings.HasPrefix(name, x) && (!kit || meta == (x == "VITE_")) {
			return true, true
		}
	}
	return false, len(f.prefix) > 0
}

// kitPrefix reads kit.env.publicPrefix of a SvelteKit configuration.
func (p *project) kitPrefix(f *front, m *module) {
	walkObjects(m, func(name string, at jsread.Scope, keys []string, parts []jsread.Expr) {
		i := slices.Index(keys, "publicPrefix")
		if i < 0 {
			return
		}
		f.prefix = []string{"VITE_"}
		if ls := p.eval(m, at, parts[i]); len(ls) == 1 && ls[0].kind == leafLiteral {
			f.prefix = append(f.prefix, ls[0].text)
		} else {
			f.free = true
		}
	})
}

// nuxtSetting follows useRuntimeConfig().public.streamApiKey: the variable of
// that name wins over what nuxt.config says.
func (g *graph) nuxtSetting(m *module, rest string, line, depth int) []leaf {
	out := []leaf{{kind: leafEnv, text: nuxtVariable(rest), mod: m, line: line}}
	for _, name := range []string{"nuxt.config.ts", "nuxt.config.js", "nuxt.config.mjs"} {
		t := g.module(joinDir(m.pkg.dir, name))
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
		v, ok := g.memberView(view{t, 0, d}, "runtimeConfig."+rest, nil)
		if !ok || isUndefined(v.e) {
			break
		}
		for _, l := range g.follow(v.m, v.at, v.e, depth) {
			if l.kind == leafLiteral && l.text == "" {
				continue // a place to be filled
			}
			l.op = firstOf(l.op, "??")
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
		words = append(words, splitWords(part)...)
	}
	return "NUXT_" + strings.ToUpper(strings.Join(words, "_"))
}

func joinDir(dir, name string) string {
	if dir == "" {
		return name
	}
	return dir + "/" + name
}
