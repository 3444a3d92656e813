package fronts

import (
	"slices"

	"badsig/checks/affix"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
)

// Rules of this file:
//   - which variables the browser gets is the framework's rule: a prefix, and for SvelteKit and Nuxt a module of their own
//   - what a page's module reads in its loader is read on the server

// BrowserGets tells whether the front end's bundler hands a variable to the
// browser; known is false where that cannot be told.
func BrowserGets(f *picture.Front, name string, meta bool) (gets, known bool) {
	if f.Built && !affix.HasPrefix(name, "EXPO_PUBLIC_") {
		return true, true
	}
	if f.Free || jsread.Mentions(f.Inline, name) || jsread.Holds(f.Inline, "... process . env") || jsread.Holds(f.Inline, "'process.env :") {
		return false, false
	}
	if name == "MODE" || name == "NODE_ENV" || name == "DEV" || name == "PROD" || name == "BASE_URL" {
		return true, true
	}
	kit := f.Pkg != nil && f.Pkg.Framework == "sveltekit" // $env/static/public, besides import.meta.env
	if f.Meta != meta && !kit {
		return false, true
	}
	for _, x := range f.Prefix {
		if affix.HasPrefix(name, x) && (!kit || meta == (x == "VITE_")) {
			return true, true
		}
	}
	return false, len(f.Prefix) > 0
}

// kitPrefix reads kit.env.publicPrefix of a SvelteKit configuration.
func kitPrefix(p *picture.Reader, f *picture.Front, m *modules.Module) {
	walkObjects(m, func(name string, at jsread.Scope, keys []string, parts []jsread.Expr) {
		i := slices.Index(keys, "publicPrefix")
		if i < 0 {
			return
		}
		f.Prefix = []string{"VITE_"}
		if ls := modules.Eval(p.Graph, m, at, parts[i]); len(ls) == 1 && ls[0].Kind == modules.LeafLiteral {
			f.Prefix = append(f.Prefix, ls[0].Text)
		} else {
			f.Free = true
		}
	})
}
