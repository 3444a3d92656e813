package servers

import (
	"encoding/json"
	"path"
	"slices"
	"sort"
	"strconv"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/confread"
	"badsig/checks/probe/envfile"
	"badsig/checks/probe/files"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
	"badsig/checks/probe/project/values"
	"badsig/checks/tools"
)

// Rules of this file:
//   - a function of a platform has no program of its own: the platform's local server listens for it, on its own port
//   - which files give it its variables is the platform's choice, too

// findFunctions finds the functions that platforms start, and removes their
// modules from what programs of the project's own run.
func findFunctions(p *picture.Reader, taken map[*modules.Module]bool) {
	groups := map[string]*picture.Server{}
	for _, m := range p.SortedMods() {
		if taken[m] || m.Aside() || m.Tool() {
			continue
		}
		frame, dir := platformOf(p, m)
		if frame == "" {
			continue
		}
		key := frame + "\x00" + dir
		s := groups[key]
		if s == nil {
			s = &picture.Server{Pkg: m.Pkg, Dir: dir, Frame: frame, Order: p.RunOrder(nil)}
			groups[key] = s
			p.Servers = append(p.Servers, s)
		}
		s.Mods = append(s.Mods, m)
	}
	for _, s := range groups {
		for n := 0; n < len(s.Mods); n++ { // and what they import
			for _, i := range s.Mods[n].Imports {
				if t := p.Module(p.Resolve(s.Mods[n], i.From)); t != nil && !slices.Contains(s.Mods, t) && len(s.Mods) < modules.MaxModulesInOrder && t.Role != facts.RoleFront {
					s.Mods = append(s.Mods, t)
				}
			}
		}
		sort.Slice(s.Mods, func(i, j int) bool { return s.Mods[i].Rel < s.Mods[j].Rel })
		for _, m := range s.Mods {
			taken[m] = true
			if m.Role == facts.RoleUnknown {
				m.Role = facts.RoleServer
			}
		}
		f := tools.Of(s.Frame)
		for i := range p.Starts {
			st := &p.Starts[i]
			if st.Dir == s.Dir && f.Called(st.Tool) && !facts.OneOf(st.Args, "deploy") && (s.Start == nil || RankName(st) < RankName(s.Start)) {
				s.Start = st
			}
		}
		l := modules.Load{Kind: s.Frame, Dialect: envfile.Dialect(f.Dialect), Paths: values.Listed(f.EnvFiles, s.Dir)}
		s.Loads = append(s.Loads, modules.TimedLoad{Load: l})
		for _, m := range s.Mods {
			for _, x := range modules.LoadsOf(p.Graph, m) {
				s.Loads = append(s.Loads, modules.TimedLoad{Load: x, T: 1})
			}
		}
	}
}

// platformOf tells the platform that starts a module's functions, and the
// folder from which it is started.
func platformOf(p *picture.Reader, m *modules.Module) (frame, dir string) {
	if at := strings.Index("/"+m.Rel, "/supabase/functions/"); at >= 0 {
		return "supabase", affix.TrimSuffix(m.Rel[:at], "/")
	}
	stem := affix.TrimSuffix(m.Rel, affix.Ext(m.Rel))
	switch {
	case affix.HasPrefix(m.Rel, netlifyFolder(p, m.Pkg)):
		return "netlify", m.Pkg.Dir
	case isVercel(p, m):
		return "vercel", m.Pkg.Dir
	case affix.HasSuffix(stem, "+api") && m.Pkg.Dep("expo"):
		return "expo", m.Pkg.Dir
	case isWorker(p, m):
		return "workers", m.Pkg.Dir
	case m.Pkg.Dep("firebase-functions") && !m.Listens() && importsPackage(m, "firebase-functions"):
		return "firebase", m.Pkg.Dir
	}
	return "", ""
}

// isVercel tells a function of Vercel's: a file under api/ that exports a handler, in a package that no
// framework serves (vercel.com/docs/functions).
func isVercel(p *picture.Reader, m *modules.Module) bool {
	k := m.Pkg
	if !affix.HasPrefix(affix.TrimPrefix(affix.TrimPrefix(m.Rel, k.Dir), "/"), "api/") || tools.Of(k.Framework).OnServer || m.Listens() {
		return false
	}
	if !k.Dep("vercel", "@vercel/node") && !p.Exists(path.Join(k.Dir, "vercel.json")) && !p.Exists(path.Join(k.Dir, ".vercel")) && !lone(p, m) {
		return false
	}
	return affix.Any([]string{"default", "module.exports", "GET", "POST"}, func(name string) bool { _, ok := m.Exports[name]; return ok })
}

// lone tells a handler under api/ that only Vercel would start: nothing of its package listens or imports it, and no
// file configures another platform.
func lone(p *picture.Reader, m *modules.Module) bool {
	for _, name := range []string{"netlify.toml", "firebase.json", "serverless.yml", "serverless.yaml", "serverless.ts", "template.yaml", "template.yml", "sst.config.ts", "cdk.json", "nitro.config.ts", "amplify", "Dockerfile", "Procfile"} {
		if p.Exists(path.Join(m.Pkg.Dir, name)) || p.Exists(name) {
			return false
		}
	}
	if x := m.Exports["default"]; len(m.Exports["POST"].Text+m.Exports["GET"].Text) == 0 && !takesRequest(m, x) {
		return false
	}
	if m.Pkg.Dep(tools.Deps(tools.Library)...) {
		return false
	}
	for _, x := range p.SortedMods() {
		if x.Pkg == m.Pkg && (x.Listens() || affix.Any(x.Imports, func(i jsread.Import) bool { return p.Resolve(x, i.From) == m.Rel })) {
			return false
		}
	}
	return true
}

// takesRequest tells a function of two parameters, of which the first is called as a request is.
func takesRequest(m *modules.Module, x jsread.Expr) bool {
	if x.Kind == jsread.Ident {
		x, _ = m.Resolve(0, x.Text)
	}
	f := jsread.FunctionOf(&m.Module, x.Fn)
	if x.Kind != jsread.Func || f == nil || len(f.Params) != 2 {
		return false
	}
	for name := range f.Params[0].Names {
		if affix.HasPrefix(affix.TrimPrefix(name, "_"), "req") {
			return true
		}
	}
	return false
}

// netlifyFolder is the folder of a package's functions for Netlify, with a slash at its end.
func netlifyFolder(p *picture.Reader, k *modules.Package) string {
	in := "netlify/functions"
	if l, ok := modules.TextFile(p.Graph, path.Join(k.Dir, "netlify.toml")); ok {
		list, _ := confread.TOML([]byte(l.Text))
		for _, e := range list {
			if at := e.Path(); (at == "functions.directory" || at == "build.functions" || at == "functions") && e.Value != "" {
				in = e.Value
			}
		}
	}
	return path.Join(k.Dir, in) + "/"
}

// isWorker tells a module that a Cloudflare worker begins with, or a function of Pages.
func isWorker(p *picture.Reader, m *modules.Module) bool {
	conf := wranglerFile(p, m.Pkg)
	if conf == "" && !m.Pkg.Dep("wrangler") || m.Pkg.Framework == "next" {
		return false
	}
	in := affix.TrimPrefix(affix.TrimPrefix(m.Rel, m.Pkg.Dir), "/")
	if affix.HasPrefix(in, "functions/") {
		return true
	}
	text := values.SmallFile(p, conf)
	if main := wranglerField(conf, text, "", "main"); main != "" {
		return path.Join(m.Pkg.Dir, main) == m.Rel
	}
	d, ok := m.Exports["default"]
	return ok && !m.HasMarkup() && (facts.OneOf(d.Keys(), "fetch") || modules.ImportsFrom(m, "Hono", "hono"))
}

// importsPackage tells a module that imports a package, or a file of it.
func importsPackage(m *modules.Module, name string) bool {
	return affix.Any(m.Imports, func(i jsread.Import) bool {
		return i.From == name || affix.HasPrefix(i.From, name+"/")
	})
}

// wranglerFile is the configuration of a package's worker, "" for none.
func wranglerFile(p *picture.Reader, k *modules.Package) string {
	for _, n := range []string{"wrangler.toml", "wrangler.jsonc", "wrangler.json"} {
		if rel := path.Join(k.Dir, n); p.Exists(rel) {
			return rel
		}
	}
	return ""
}

// wranglerField reads a plain field of wrangler's configuration.
func wranglerField(name, text, section, field string) string {
	if affix.Ext(name) != ".toml" {
		var all map[string]any
		if json.Unmarshal(confread.PlainJSON([]byte(text)), &all) != nil {
			return ""
		}
		if section != "" {
			all, _ = all[section].(map[string]any)
		}
		switch v := all[field].(type) {
		case string:
			return v
		case float64:
			return strconv.Itoa(int(v))
		}
		return ""
	}
	in := ""
	for line := range strings.Lines(text) {
		t := strings.TrimSpace(line)
		if rest, ok := affix.CutPrefix(t, "["); ok {
			in, _, _ = affix.Cut(rest, "]")
			continue
		}
		key, value, ok := affix.Cut(t, "=")
		if !ok || in != section || strings.TrimSpace(key) != field {
			continue
		}
		value = strings.TrimSpace(value)
		if s, ok := values.TomlString(value); ok {
			return s
		}
		value, _, _ = affix.Cut(value, "#")
		return strings.TrimSpace(value)
	}
	return ""
}

// FirebaseApp is the Firebase project that the emulators take, "" where no file says.
func FirebaseApp(p *picture.Reader, dir string) string {
	for d := dir; ; d = files.DirOf(d) {
		var j struct{ Projects struct{ Default string } }
		if json.Unmarshal([]byte(values.SmallFile(p, path.Join(d, ".firebaserc"))), &j) == nil && j.Projects.Default != "" {
			return j.Projects.Default
		}
		if d == "" {
			return ""
		}
	}
}
