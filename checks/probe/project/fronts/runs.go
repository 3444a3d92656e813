package fronts

import (
	"path"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
)

// Rules of this file:
//   - a front end's module runs if one that its framework starts with imports it, directly or through others
//   - nothing is said to be unused where the package's beginning is not known, or where the search was cut short
//   - a module of Next's app folder runs in the browser if a client component is among those that lead to it

const (
	maxUpwards = 10  // imports from a module up to the one that its framework starts with
	maxOpened  = 400 // modules that are read only to find who imports what
)

// startsFront tells whether a package's framework starts with a module by
// itself; all is true where it starts with every one.
func startsFront(k *modules.Package, rel string) (starts, all bool) {
	in := affix.TrimPrefix(affix.TrimPrefix(rel, k.Dir), "/")
	base := affix.Base(in)
	stem, _, _ := affix.Cut(base, ".")
	if affix.Ext(in) == ".html" {
		return true, false
	}
	src := affix.TrimPrefix(in, "src/")
	top := !affix.Contains(src, "/")
	is := func(names ...string) bool { return facts.OneOf(names, stem) }
	under := func(dirs ...string) bool {
		return affix.Any(dirs, func(d string) bool { return affix.HasPrefix(src, d) })
	}
	if k.Main != "" && path.Clean(in) == path.Clean(k.Main) {
		return true, false
	}
	switch k.Framework {
	case "next":
		return under("pages/") || under("app/") && is("page", "layout", "template", "loading", "error", "not-found", "default", "global-error", "route") ||
			top && is("middleware", "instrumentation", "instrumentation-client", "proxy", "mdx-components"), false
	case "nuxt":
		return true, true
	case "sveltekit":
		return affix.HasPrefix(base, "+") || top && is("hooks", "service-worker"), false
	case "remix":
		return affix.HasPrefix(in, "app/routes/") || affix.HasPrefix(in, "app/") && is("root", "entry", "routes") || affix.HasPrefix(in, "src/routes/"), false
	case "astro":
		return under("pages/"), false
	case "gatsby":
		return under("pages/", "templates/", "api/") || affix.HasPrefix(base, "gatsby-"), false
	case "expo":
		return under("app/") || top && is("App", "index", "main"), false
	case "react-native":
		return top && is("App", "index"), false
	}
	return top && is("main", "index", "App", "app"), false
}

// standing is what is known of a module's place among the others.
type standing struct {
	runs    bool // something that the framework starts with leads to it
	client  bool // a client component does, or it is one
	server  bool // something that the server renders does
	unknown bool
}

// SettleFronts finds out which modules of the front ends run, and on which
// side those of Next do.
func SettleFronts(p *picture.Reader) {
	starts := map[*modules.Package]bool{} // packages whose beginning was seen
	all := map[*modules.Package]bool{}
	for dir, names := range p.Tree.Code {
		for _, n := range names {
			rel := path.Join(dir, n)
			k := p.PkgOf(rel)
			if k.RoleOf(rel) != facts.RoleUnknown || !k.Front && k.Framework == "" {
				continue
			}
			if s, every := startsFront(k, rel); s {
				starts[k] = starts[k] || !affix.HasPrefix(n, "route.") && !affix.Contains("/"+rel, "/pages/api/") && !affix.HasPrefix(n, "+server.")
				all[k] = all[k] || every
			}
		}
	}
	var asked []*modules.Module
	for _, m := range p.SortedMods() {
		if m.Via || m.Tool() || m.Aside() || !starts[m.Pkg] || all[m.Pkg] || m.Role == facts.RoleServer {
			continue
		}
		if holdsFront(p, m) {
			asked = append(asked, m)
		}
	}
	if len(asked) == 0 || len(asked) > 500 {
		return
	}
	up := importers(p, asked)
	for _, m := range asked {
		s := stands(p, m, up)
		if m.Pkg.Framework == "next" {
			switch {
			case s.client && s.server && m.Role != facts.RoleFront:
				m.Role = facts.RoleShared
			case s.client:
				m.Role = facts.RoleFront
			case s.server:
				m.Role = facts.RoleServer
			}
		}
		m.Unused = !s.runs && !s.unknown && !outside(m.Pkg)
	}
}

// holdsFront tells a module that makes Stream's client, reads its key or requests something.
func holdsFront(p *picture.Reader, m *modules.Module) bool {
	if m.Streamish() || len(m.Reads) > 0 {
		return true
	}
	return affix.Any(m.Calls, func(c jsread.Call) bool {
		switch facts.LastName(c.Callee) {
		case "fetch", "$fetch", "axios", "post", "get", "useSWR", "create", "createApi", "connectUser":
			return true
		}
		return false
	})
}

// outside tells a package that others may use from outside the project: a
// library has no beginning of its own.
func outside(k *modules.Package) bool {
	return k.Framework == "" && !k.Dep("react-dom", "vue", "svelte")
}

// stands follows who imports a module up to what its framework starts with.
func stands(p *picture.Reader, m *modules.Module, up *importIndex) (s standing) {
	seen := map[*modules.Module]bool{m: true}
	level := []*modules.Module{m}
	for range maxUpwards {
		var next []*modules.Module
		for _, x := range level {
			begins, _ := startsFront(x.Pkg, x.Rel)
			if x.Role == facts.RoleServer && x != m { // a server's module that shares it
				s.runs, s.server = true, true
				continue
			}
			client := x.Directive("use client")
			if begins {
				s.runs = true
			}
			if client || begins && x.Pkg.Framework == "next" && isPage(x) {
				s.client = true
			}
			if begins && !client && !isPage(x) {
				s.server = true
			}
			if client && x.Pkg.Framework == "next" && s.runs {
				continue // what imports it says nothing more about the side
			}
			for _, y := range up.of[x.Rel] {
				if !seen[y] {
					seen[y] = true
					next = append(next, y)
				}
			}
		}
		if level = next; len(level) == 0 {
			break
		}
	}
	s.unknown = up.cut || len(level) > 0
	return s
}

// isPage tells a module of Next's pages folder that a browser gets.
func isPage(m *modules.Module) bool {
	in := affix.TrimPrefix(affix.TrimPrefix(m.Rel, m.Pkg.Dir), "/")
	in = affix.TrimPrefix(in, "src/")
	return affix.HasPrefix(in, "pages/") && !affix.HasPrefix(in, "pages/api/")
}
