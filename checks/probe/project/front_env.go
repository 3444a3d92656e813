package project

import (
	"slices"
	"strings"

	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
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
	kit := f.pkg != nil && f.pkg.Framework == "sveltekit" // $env/static/public, besides import.meta.env
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
func (p *Reader) kitPrefix(f *front, m *modules.Module) {
	walkObjects(m, func(name string, at jsread.Scope, keys []string, parts []jsread.Expr) {
		i := slices.Index(keys, "publicPrefix")
		if i < 0 {
			return
		}
		f.prefix = []string{"VITE_"}
		if ls := p.Eval(m, at, parts[i]); len(ls) == 1 && ls[0].Kind == modules.LeafLiteral {
			f.prefix = append(f.prefix, ls[0].Text)
		} else {
			f.free = true
		}
	})
}
