package fronts

import (
	"fmt"
	"path"
	"slices"
	"sort"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
	"badsig/checks/probe/project/servers"
	"badsig/checks/probe/project/starts"
	"badsig/checks/probe/project/values"
	"badsig/checks/tools"
)

// Rules of this file:
//   - a variable without its framework's prefix is undefined in the browser, no matter what the files set
//   - where a tool's configuration may hand a variable in, nothing is said to be missing

// DescribeFronts finds the front ends, their token requests and origins.
func DescribeFronts(p *picture.Reader) {
	byPkg := map[*modules.Package]*picture.Front{}
	for _, m := range p.SortedMods() {
		if m.Role != facts.RoleFront && m.Role != facts.RoleShared || m.Unused {
			continue
		}
		f := byPkg[m.Pkg]
		if f == nil {
			f = &picture.Front{Pkg: m.Pkg}
			byPkg[m.Pkg] = f
			p.Fronts = append(p.Fronts, f)
		}
		f.Mods = append(f.Mods, m)
	}
	for _, k := range starts.SortedPkgs(p) { // an app that has not requested a token yet has an origin all the same
		if byPkg[k] == nil && k.Front && k.Framework != "" {
			f := &picture.Front{Pkg: k}
			byPkg[k] = f
			p.Fronts = append(p.Fronts, f)
		}
	}
	sort.SliceStable(p.Fronts, func(i, j int) bool { return p.Fronts[i].Pkg.Dir < p.Fronts[j].Pkg.Dir })
	for _, f := range p.Fronts {
		readTools(p, f)
		openWrappers(p, f)
		for _, m := range f.Mods {
			if p.Over() {
				return
			}
			fetchesOf(p, f, m)
			fetchedSettings(p, f, m)
			metaSettings(p, f, m)
		}
	}
	fitBodies(p)
	fillHoles(p)
	sort.SliceStable(p.Facts.Fetches, func(i, j int) bool { return FetchScore(p.Facts.Fetches[i]) > FetchScore(p.Facts.Fetches[j]) })
	pagesFirst(p.Facts.Fetches)
	// The front end that requests the token, or holds the key, names the origin first.
	sort.SliceStable(p.Fronts, func(i, j int) bool { return Weight(p.Fronts[i], p) > Weight(p.Fronts[j], p) })
	for _, f := range p.Fronts {
		if f.Origin.Text != "" && (!native(f) || web(f)) && !affix.Any(p.Facts.Origins, func(o facts.Found) bool { return o.Text == f.Origin.Text }) {
			p.Facts.Origins = append(p.Facts.Origins, f.Origin)
		}
	}
}

func Weight(f *picture.Front, p *picture.Reader) int {
	n := 0
	for _, m := range f.Mods {
		if m.Streamish() {
			n = max(n, 2)
		}
		for _, x := range p.Facts.Fetches {
			if x.File == m.Rel {
				n = max(n, 4)
			}
		}
	}
	return n
}

// readTools reads the framework's conventions and its configuration.
func readTools(p *picture.Reader, f *picture.Front) {
	k := f.Pkg
	dir := k.Dir
	for i := range p.Starts {
		st := &p.Starts[i]
		if st.Dir != k.Dir || facts.OneOf(st.Args, "build") || facts.OneOf(st.Args, "preview") || facts.OneOf(st.Args, "test") {
			continue
		}
		builds := tools.Command(st.Tool, func(t *tools.Tool) bool { return t.Kind == tools.Framework })
		if builds && (f.Start == nil || servers.RankName(st) < servers.RankName(f.Start)) {
			f.Start = st
		}
	}
	tool := tools.Of(k.Framework)
	f.Prefix, f.Meta, f.Free = slices.Clone(tool.Prefixes), tool.Meta, len(tool.Prefixes) == 0
	list := tool.EnvFiles
	if f.Free {
		list = tools.NextFiles
	}
	for _, m := range p.SortedMods() {
		if m.Pkg != k || !m.Tool() && path.Base(m.Rel) != "setupProxy.js" {
			continue
		}
		if m.Aside() {
			continue
		}
		readTool(p, f, m, &dir)
	}
	for _, name := range []string{"babel.config.js", ".babelrc", "metro.config.js"} {
		if x := p.File(path.Join(k.Dir, name)); x != nil {
			f.Inline = append(f.Inline, jsread.Words(name+".js", x.Src)...)
		}
	}
	if k.Dep("react-native-dotenv", "react-native-config", "babel-plugin-inline-dotenv", "vite-plugin-environment", "vite-plugin-env-compatible", "dotenv-webpack", "babel-plugin-transform-inline-environment-variables") {
		f.Free = true
	}
	if f.Start != nil && f.Start.Wrapper { // what the command sets wins over the files
		for _, n := range f.Start.EnvFiles {
			f.Files = append(f.Files, path.Join(k.Dir, n))
		}
	}
	if b := modules.BuiltInOf(p.Graph, k); b.Exact {
		f.Built, list = true, []string{b.File}
		if b.Module != "react-native-config" {
			list = []string{b.File + ".development.local", b.File + ".local", b.File + ".development", b.File}
		}
	}
	for _, n := range list {
		f.Files = append(f.Files, path.Join(dir, n))
	}
	expoFiles(p, f)
	readProxies(p, f)
	if port, ok := servers.FramePort(p, k, f.Start); ok && f.Origin.Text == "" {
		f.Origin = facts.Found{Text: fmt.Sprintf("http://localhost:%d", port.Port), File: port.File, Line: port.Line}
		if v, e, line := frontFile(p, f, "PORT"); k.Framework == "cra" && e != nil && (f.Start == nil || !affix.Any(f.Start.Env, func(a picture.Assignment) bool { return a.Name == "PORT" })) {
			f.Origin = facts.Found{Text: "http://localhost:" + v, File: e.Rel, Line: line}
		}
	}
	if k.Proxy != "" {
		f.Proxy = append(f.Proxy, picture.Proxied{Prefix: "/", Target: k.Proxy, At: facts.Place{File: k.FileName(), Line: modules.LineOfText(k.File.Src, `"proxy"`, k.Proxy)}})
	}
}

// frontFile finds a variable in the front end's env files.
func frontFile(p *picture.Reader, f *picture.Front, name string) (value string, e *picture.EnvSource, line int) {
	for _, rel := range f.Files {
		if e := values.Env(p, rel); e != nil {
			if v, ok := e.Get(name); ok {
				return string(v), e, servers.LineOf(e, name)
			}
		}
	}
	return "", nil, 0
}
