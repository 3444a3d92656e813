package project

import (
	"fmt"
	"path"
	"slices"
	"sort"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/files"
	"badsig/checks/probe/modules"
)

// Rules of this file:
//   - a variable without its framework's prefix is undefined in the browser, whatever the files set
//   - where a tool's configuration may hand a variable in, nothing is said to be missing

// front is one front end: a package with modules that a browser runs.
type front struct {
	pkg    *modules.Package
	mods   []*modules.Module
	start  *starter
	prefix []string // allowed prefixes; none: every name, or not known
	meta   bool     // import.meta.env is read, process.env is not
	files  []string // env files, the winning one first
	inline string   // text of tool configuration that may define variables
	free   bool     // which variables the browser gets cannot be told
	proxy  []proxied
	origin facts.Found
	given  []int // keys that it is given from outside its modules

	headers modules.Once[bool]
}

// proxied is one rule of a dev server's proxy.
type proxied struct {
	prefix, target string
	cut, put       string      // the path's beginning, and what stands there instead when it is sent on
	odd            bool        // it is sent on under a path that cannot be told
	at             facts.Place // the line that holds the target
}

// describeFronts finds the front ends, their token requests and origins.
func (p *Reader) describeFronts() {
	byPkg := map[*modules.Package]*front{}
	for _, m := range p.SortedMods() {
		if m.Role != facts.RoleFront && m.Role != facts.RoleShared || m.Unused {
			continue
		}
		f := byPkg[m.Pkg]
		if f == nil {
			f = &front{pkg: m.Pkg}
			byPkg[m.Pkg] = f
			p.fronts = append(p.fronts, f)
		}
		f.mods = append(f.mods, m)
	}
	for _, k := range p.sortedPkgs() { // an app that has not asked for a token yet has an origin all the same
		if byPkg[k] == nil && k.Front && k.Framework != "" {
			f := &front{pkg: k}
			byPkg[k] = f
			p.fronts = append(p.fronts, f)
		}
	}
	slices.SortStableFunc(p.fronts, func(a, b *front) int { return strings.Compare(a.pkg.Dir, b.pkg.Dir) })
	for _, f := range p.fronts {
		p.readTools(f)
		p.openWrappers(f)
		for _, m := range f.mods {
			if p.Over() {
				return
			}
			p.fetchesOf(f, m)
			p.fetchedSettings(f, m)
			p.metaSettings(f, m)
		}
	}
	sort.SliceStable(p.facts.Fetches, func(i, j int) bool { return fetchScore(p.facts.Fetches[i]) > fetchScore(p.facts.Fetches[j]) })
	pagesFirst(p.facts.Fetches)
	// The front end that asks for the token, or holds the key, names the origin first.
	slices.SortStableFunc(p.fronts, func(a, b *front) int { return b.weight(p) - a.weight(p) })
	for _, f := range p.fronts {
		if f.origin.Text != "" && (!f.native() || f.web()) && !slices.ContainsFunc(p.facts.Origins, func(o facts.Found) bool { return o.Text == f.origin.Text }) {
			p.facts.Origins = append(p.facts.Origins, f.origin)
		}
	}
}

func (f *front) weight(p *Reader) int {
	n := 0
	for _, m := range f.mods {
		if m.Streamish() {
			n = max(n, 2)
		}
		for _, x := range p.facts.Fetches {
			if x.File == m.Rel {
				n = max(n, 4)
			}
		}
	}
	return n
}

// readTools reads the framework's conventions and its configuration.
func (p *Reader) readTools(f *front) {
	k := f.pkg
	dir := k.Dir
	for i := range p.starts {
		st := &p.starts[i]
		if st.dir != k.Dir || slices.Contains(st.args, "build") || slices.Contains(st.args, "preview") || slices.Contains(st.args, "test") {
			continue
		}
		switch st.tool {
		case "vite", "next", "react-scripts", "craco", "react-app-rewired", "expo", "nuxt", "nuxi", "astro", "gatsby", "vue-cli-service", "ng", "parcel", "react-native", "rsbuild", "webpack", "webpack-dev-server", "react-router", "remix":
			if f.start == nil || st.rankName() < f.start.rankName() {
				f.start = st
			}
		}
	}
	list := modules.NextFiles
	switch k.Framework {
	case "vite":
		f.prefix, f.meta, list = []string{"VITE_"}, true, modules.ViteFiles
	case "sveltekit", "astro":
		f.prefix, f.meta, list = []string{"PUBLIC_", "VITE_"}, true, modules.ViteFiles
	case "remix":
		f.prefix, f.meta, list = []string{"VITE_"}, true, modules.ViteFiles
	case "cra":
		f.prefix = []string{"REACT_APP_"}
	case "next":
		f.prefix = []string{"NEXT_PUBLIC_"}
	case "expo":
		f.prefix = []string{"EXPO_PUBLIC_"}
	case "nuxt":
		f.prefix = []string{"NUXT_PUBLIC_"}
	case "gatsby":
		f.prefix, list = []string{"GATSBY_"}, []string{".env.development"}
	case "vue-cli":
		f.prefix, list = []string{"VUE_APP_"}, modules.ViteFiles
	default:
		f.free = true
	}
	for _, m := range p.SortedMods() {
		if m.Pkg != k || !m.Tool() && path.Base(m.Rel) != "setupProxy.js" {
			continue
		}
		if files.RoleOfPath(m.Rel) != facts.RoleUnknown {
			continue
		}
		p.readTool(f, m, &dir)
	}
	for _, name := range []string{"babel.config.js", ".babelrc", "metro.config.js"} {
		if x := p.File(path.Join(k.Dir, name)); x != nil {
			f.inline += string(x.Src)
		}
	}
	if k.Dep("react-native-dotenv", "react-native-config", "babel-plugin-inline-dotenv", "vite-plugin-environment", "vite-plugin-env-compatible", "dotenv-webpack", "babel-plugin-transform-inline-environment-variables") {
		f.free = true
	}
	for _, n := range list {
		f.files = append(f.files, path.Join(dir, n))
	}
	p.readProxies(f)
	if port, ok := p.framePort(k, f.start); ok && f.origin.Text == "" {
		f.origin = facts.Found{Text: fmt.Sprintf("http://localhost:%d", port.Port), File: port.File, Line: port.Line}
		if v, e, line := p.frontFile(f, "PORT"); k.Framework == "cra" && e != nil && (f.start == nil || !slices.ContainsFunc(f.start.env, func(a assignment) bool { return a.name == "PORT" })) {
			f.origin = facts.Found{Text: "http://localhost:" + v, File: e.rel, Line: line}
		}
	}
	if k.Proxy != "" {
		f.proxy = append(f.proxy, proxied{prefix: "/", target: k.Proxy, at: facts.Place{File: k.FileName(), Line: modules.LineOfText(k.File.Src, `"proxy"`, k.Proxy)}})
	}
}

// frontFile finds a variable in the front end's env files.
func (p *Reader) frontFile(f *front, name string) (value string, e *envSource, line int) {
	for _, rel := range f.files {
		if e := p.env(rel); e != nil {
			if v, ok := e.Get(name); ok {
				return string(v), e, e.lineOf(name)
			}
		}
	}
	return "", nil, 0
}
