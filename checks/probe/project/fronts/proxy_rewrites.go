package fronts

import (
	"path"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/loopback"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/names"
	"badsig/checks/probe/project/picture"
	"badsig/checks/probe/project/values"
)

// rewrites reads how a rule changes the path: an object of patterns, or a
// function that replaces something in it.
func rewrites(p *picture.Reader, r *picture.Proxied, v modules.View) {
	v = modules.Settle(p.Graph, v)
	plain := func(pattern string) string {
		if inside, ok := affix.CutPrefix(pattern, "/"); ok {
			if end := strings.LastIndexByte(inside, '/'); end > 0 {
				pattern = inside[:end]
			}
		}
		return strings.NewReplacer(`\/`, "/", "^", "").Replace(pattern)
	}
	r.Odd = true
	switch e := v.E; e.Kind {
	case jsread.Object:
		if len(e.Keys()) == 1 && e.Parts[0].Kind == jsread.Literal {
			r.Cut, r.Put = strings.NewReplacer(`\/`, "/", "^", "").Replace(e.Keys()[0]), e.Parts[0].Text
		}
	case jsread.Func:
		for _, ret := range v.M.Returns {
			x := ret.Expr
			n := len(x.Parts) - 1 // path.replace(…) is a call, p.replace(…) something around p
			if ret.Scope != e.Fn || facts.LastName(x.Text) != "replace" || n < 1 || x.Parts[n].Kind != jsread.Literal {
				continue
			}
			r.Put = x.Parts[n].Text
			switch from := x.Parts[n-1]; {
			case from.Kind == jsread.Literal:
				r.Cut = from.Text
			case from.Kind == jsread.Other:
				r.Cut = plain(from.Text)
			}
		}
	}
	if r.Cut != "" && !affix.ContainsAny(r.Cut, `()[]\*+?$|`) {
		r.Odd = false
	}
}

// rewriteRules reads what Next's rewrites() returns: a list of rules, or three.
func rewriteRules(p *picture.Reader, f, tool *picture.Front, v modules.View, depth int) {
	v = modules.Settle(p.Graph, v)
	if depth == 0 {
		return
	}
	switch v.E.Kind {
	case jsread.Array:
		for _, x := range v.E.Parts {
			if x.Kind == jsread.Other && x.Text == "..." && len(x.Parts) == 1 {
				rewriteRules(p, f, tool, v.Of(&x.Parts[0]), depth-1)
				continue
			}
			list, _ := modules.FieldsOf(p.Graph, v.Of(&x), 4)
			source := ""
			var to modules.View
			conditional := false
			for _, field := range list {
				switch field.Key {
				case "source":
					if ts := texts(p, tool, field.V); len(ts) == 1 {
						source = ts[0]
					}
				case "destination":
					to = field.V
				case "has", "missing":
					conditional = true
				}
			}
			if source != "" && to.M != nil && !conditional {
				rewriteRule(p, f, tool, source, to, "/:")
			}
		}
	case jsread.Object:
		for i, k := range v.E.Keys() {
			if k == "beforeFiles" || k == "afterFiles" || k == "fallback" {
				rewriteRules(p, f, tool, v.Of(&v.E.Parts[i]), depth-1)
			}
		}
	case jsread.Either:
		if len(v.E.Parts) > 0 {
			rewriteRules(p, f, tool, v.Of(&v.E.Parts[0]), depth-1)
		}
	}
}

// rewriteRule adds one rule whose source and destination end in a parameter,
// or in none.
func rewriteRule(p *picture.Reader, f, tool *picture.Front, source string, to modules.View, param string) {
	a := addressOf(p, tool, to, 12)
	if !affix.HasPrefix(a.text, "http") {
		return
	}
	src, _, many := affix.Cut(source, ":")
	dst, _, fills := affix.Cut(a.text, param)
	switch {
	case !fills && !many:
		f.Proxy = append(f.Proxy, picture.Proxied{Prefix: source, Target: affix.TrimSuffix(a.text, "/"), Exact: true, At: a.host})
	case !fills:
		f.Proxy = append(f.Proxy, picture.Proxied{Prefix: src, Target: dst, At: a.host, Exact: true, Odd: true})
	default: // /api/:path* → http://host/api/:path*: keep the destination's own path apart from the host
		f.Proxy = append(f.Proxy, picture.Proxied{Prefix: src, Target: dst, Rest: true, At: a.host})
	}
}

// plainPlugins are the packages of a Vite configuration that respond to no request of a page; so do those of @vitejs.
var plainPlugins = names.Words("vite", "vitest/config", "path", "node:path", "url", "node:url", "fs", "node:fs", "@tailwindcss/vite", "tailwindcss", "autoprefixer", "vite-tsconfig-paths", "vite-plugin-svgr",
	"vite-plugin-pwa", "vite-plugin-node-polyfills", "@preact/preset-vite", "@sveltejs/vite-plugin-svelte", "rollup-plugin-visualizer", "lovable-tagger", "vite-plugin-checker", "vite-plugin-compression", "vite-plugin-eslint")

// hosts are files that say what happens to a page's requests where something else than its dev server hands it out.
var hosts = []string{"vercel.json", "netlify.toml", "public/_redirects", "firebase.json", "staticwebapp.config.json", "nginx.conf", "docker-compose.yml", "docker-compose.yaml", "compose.yml", "compose.yaml",
	"Caddyfile", "src/setupProxy.js", "src/setupProxy.ts", "wrangler.toml", "wrangler.json", "wrangler.jsonc"}

// alone tells a dev server that hands out pages, and hands no request on, as far as its configuration was read.
func alone(p *picture.Reader, f *picture.Front) bool {
	if f.Pkg == nil || f.Pkg.Framework != "vite" && f.Pkg.Framework != "cra" || f.Pkg.Dep("@craco/craco", "react-app-rewired") || len(f.Proxy) > 0 {
		return false
	}
	for _, m := range p.SortedMods() {
		if m.Mentions("setupWorker") {
			return false
		}
		if m.Pkg == f.Pkg && affix.HasPrefix(affix.Base(m.Rel), "vite.config") && (!m.Strict || m.Mentions("proxy") || m.Mentions("configureServer") || affix.Any(m.Imports, func(i jsread.Import) bool {
			return !plainPlugins[i.From] && !affix.HasPrefix(i.From, "@vitejs/")
		})) {
			return false
		}
	}
	return true
}

// hosted reports files that may hand a page's requests on where something else than its dev server hands it out: all but
// those that only send each path to the page.
func hosted(p *picture.Reader, f *picture.Front) bool {
	for _, name := range hosts {
		for _, rel := range []string{name, path.Join(f.Pkg.Dir, name)} {
			if text := values.SmallFile(p, rel); p.Exists(rel) && (text == "" || affix.Contains(text, "://") || affix.Contains(text, "api")) {
				return true
			}
		}
	}
	return false
}

// misnamed is the line of a page's env file that sets an address of the project's server under a name that no code reads.
func misnamed(p *picture.Reader, f *picture.Front) (out facts.Found) {
	for _, rel := range f.Files {
		e := values.Env(p, rel)
		if e == nil {
			continue
		}
		for i := range e.Lines {
			l := &e.Lines[i]
			_, port := loopback.HostPort(string(l.Value))
			if l.Commented || !affix.HasPrefix(string(l.Value), "http") || !p.Facts.ListensOn(port) ||
				affix.Any(p.SortedMods(), func(m *modules.Module) bool { return m.Uses(l.Name) > 0 }) {
				continue
			}
			return facts.Found{Text: l.Name, File: e.Rel, Line: l.Line}
		}
	}
	return out
}
