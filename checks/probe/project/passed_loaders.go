package project

import (
	"path"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/files"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
)

// Rules of this file, about what a page gets from its part on the server:
//   - useLoaderData() and loaderData are what the module's own loader returns, and a page of SvelteKit has its load's result as data
//   - what redirects or fails hands nothing to the page
//   - a field that none of the loader's objects has is undefined on the page, unless a layout may give it

// loader is what a function of a module's gives its page; nil where it isn't there.
func (w *passage) loader(m *modules.Module, name string, only bool) (out []carried) {
	f, ok := w.FunctionIn(modules.View{M: m, E: jsread.Expr{Kind: jsread.Ident, Text: name}}, 6)
	if !ok {
		return nil
	}
	for _, r := range f.Fn.Returns {
		v := modules.View{M: f.Mod, At: f.Fn.Own, E: r.Expr}
		if e := &v.E; e.Kind == jsread.CallExpr {
			switch facts.LastName(e.Text) {
			case "redirect", "redirectDocument", "error", "fail", "replace":
				continue
			case "json", "data", "defer":
				if len(e.Parts) > 0 {
					v = v.Of(&e.Parts[0])
				}
			}
		}
		for _, x := range w.eval(v) {
			if x.kind == carriedObject && only {
				x.served = facts.Place{File: f.Mod.Rel, Line: max(r.Line, v.E.Line)}
			}
			out = append(out, x)
		}
	}
	return out
}

// pageData is what a page of SvelteKit has as data; nil for other names.
func (w *passage) pageData(m *modules.Module, name string) []carried {
	base := affix.Base(m.Rel)
	if name != "data" || m.Pkg.Framework != "sveltekit" || base != "+page.svelte" && base != "+layout.svelte" {
		return nil
	}
	if held, _, ok := jsread.Held(&m.Module, 0, name); ok && held.Kind != jsread.None && held.Text != "undefined" && !m.Holds("$props (") {
		return nil
	}
	stem, only := affix.TrimSuffix(m.Rel, ".svelte"), true
	for dir := files.DirOf(m.Rel); affix.Contains(dir, "routes"); dir = files.DirOf(dir) {
		for _, n := range []string{"+layout.server.ts", "+layout.server.js", "+layout.ts", "+layout.js"} {
			only = only && !w.Exists(path.Join(dir, n))
		}
	}
	for _, n := range []string{".ts", ".js"} {
		if w.Exists(stem + n) {
			return nil // it may change what the server gives
		}
	}
	for _, n := range []string{".server.ts", ".server.js"} {
		if t := w.Module(stem + n); t != nil {
			return w.loader(t, "load", only)
		}
	}
	return nil
}

// unserved is a member that none of a loader's objects has.
func unserved(all []carried, name string) (x carried, ok bool) {
	for i := range all {
		switch o := &all[i]; {
		case o.kind == carriedNone:
		case o.kind != carriedObject || o.served.Line == 0:
			return x, false
		default:
			x = carried{kind: carriedToken, Passed: facts.Passed{How: "unset", As: name, Place: o.served}}
		}
	}
	return x, x.Line > 0 && affix.HasSuffix(name, "oken")
}
