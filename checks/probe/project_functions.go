package probe

import (
	"encoding/json"
	"path"
	"slices"
	"strconv"
	"strings"

	"badsig/checks/probe/envfile"
	"badsig/checks/probe/jsread"
)

// Rules of this file:
//   - a function of a platform has no program of its own: the platform's local server listens for it, on its own port
//   - which files give it its variables is the platform's choice, too

// platform is a runtime that starts a project's functions.
type platform struct {
	frame   string
	port    int
	dialect envfile.Dialect
	files   []string // env files, the winning one first, relative to the folder of the functions' package
	start   string   // what starts it, where no script does
	tools   []string // what a script starts it with
}

var platforms = map[string]platform{
	"supabase": {"supabase", 54321, envfile.Dotenv, []string{"supabase/functions/.env", "supabase/.env"}, "supabase functions serve", []string{"supabase"}},
	"workers":  {"workers", 8787, envfile.Dotenv, []string{".dev.vars", ".env.local", ".env"}, "npx wrangler dev", []string{"wrangler"}},
	"firebase": {"firebase", 5001, envfile.Dotenv, []string{".env.local", ".env"}, "firebase emulators:start", []string{"firebase"}},
	"expo":     {"expo", 8081, envfile.DotenvExpand, nextFiles, "npx expo start", []string{"expo"}},
}

// findFunctions finds the functions that platforms start, and takes their
// modules out of what programs of the project's own run.
func (p *project) findFunctions(taken map[*module]bool) {
	groups := map[string]*server{}
	for _, m := range p.sortedMods() {
		if taken[m] || roleOfPath(m.rel) != RoleUnknown || m.tool() {
			continue
		}
		frame, dir := p.platformOf(m)
		if frame == "" {
			continue
		}
		key := frame + "\x00" + dir
		s := groups[key]
		if s == nil {
			s = &server{pkg: m.pkg, dir: dir, frame: frame, order: p.runOrder(nil)}
			groups[key] = s
			p.servers = append(p.servers, s)
		}
		s.mods = append(s.mods, m)
	}
	for _, s := range groups {
		for n := 0; n < len(s.mods); n++ { // and what they import
			for _, i := range s.mods[n].Imports {
				if t := p.module(p.resolve(s.mods[n], i.From)); t != nil && !slices.Contains(s.mods, t) && len(s.mods) < maxModulesInOrder && t.role != RoleFront {
					s.mods = append(s.mods, t)
				}
			}
		}
		slices.SortFunc(s.mods, func(a, b *module) int { return strings.Compare(a.rel, b.rel) })
		for _, m := range s.mods {
			taken[m] = true
			if m.role == RoleUnknown {
				m.role = RoleServer
			}
		}
		f := platforms[s.frame]
		for i := range p.starts {
			st := &p.starts[i]
			if st.dir == s.dir && slices.Contains(f.tools, st.tool) && !slices.Contains(st.args, "deploy") && (s.start == nil || st.rankName() < s.start.rankName()) {
				s.start = st
			}
		}
		l := load{kind: s.frame, dialect: f.dialect, paths: listed(f.files, s.dir)}
		s.loads = append(s.loads, timedLoad{load: l})
		for _, m := range s.mods {
			for _, x := range p.loadsOf(m) {
				s.loads = append(s.loads, timedLoad{load: x, t: 1})
			}
		}
	}
}

// platformOf tells the platform that starts a module's functions, and the
// folder from which it is started.
func (p *project) platformOf(m *module) (frame, dir string) {
	if at := strings.Index("/"+m.rel, "/supabase/functions/"); at >= 0 {
		return "supabase", strings.TrimSuffix(m.rel[:at], "/")
	}
	stem := strings.TrimSuffix(m.rel, path.Ext(m.rel))
	switch {
	case strings.HasSuffix(stem, "+api") && m.pkg.dep("expo"):
		return "expo", m.pkg.dir
	case p.isWorker(m):
		return "workers", m.pkg.dir
	case m.pkg.dep("firebase-functions") && !m.listens() && importsPackage(m, "firebase-functions"):
		return "firebase", m.pkg.dir
	}
	return "", ""
}

// isWorker tells a module that a Cloudflare worker begins with, or a function of Pages.
func (p *project) isWorker(m *module) bool {
	conf := p.wranglerFile(m.pkg)
	if conf == "" && !m.pkg.dep("wrangler") || m.pkg.framework == "next" {
		return false
	}
	in := strings.TrimPrefix(strings.TrimPrefix(m.rel, m.pkg.dir), "/")
	if strings.HasPrefix(in, "functions/") {
		return true
	}
	text := p.smallFile(conf)
	if main := wranglerField(conf, text, "", "main"); main != "" {
		return path.Join(m.pkg.dir, main) == m.rel
	}
	d, ok := m.Exports["default"]
	return ok && !m.hasMarkup() && (slices.Contains(d.Keys, "fetch") || m.importsFrom("Hono", "hono"))
}

// importsPackage tells a module that imports a package, or a file of it.
func importsPackage(m *module, name string) bool {
	return slices.ContainsFunc(m.Imports, func(i jsread.Import) bool {
		return i.From == name || strings.HasPrefix(i.From, name+"/")
	})
}

// hasMarkup tells a module of components.
func (m *module) hasMarkup() bool {
	switch path.Ext(m.rel) {
	case ".tsx", ".jsx", ".vue", ".svelte", ".astro", ".html":
		return true
	}
	return false
}

// wranglerFile is the configuration of a package's worker, "" for none.
func (p *project) wranglerFile(k *pkg) string {
	for _, n := range []string{"wrangler.toml", "wrangler.jsonc", "wrangler.json"} {
		if rel := path.Join(k.dir, n); p.exists(rel) {
			return rel
		}
	}
	return ""
}

// wranglerField reads a plain field of wrangler's configuration.
func wranglerField(name, text, section, field string) string {
	if path.Ext(name) != ".toml" {
		var all map[string]any
		if json.Unmarshal(stripJSONC([]byte(text)), &all) != nil {
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
		if rest, ok := strings.CutPrefix(t, "["); ok {
			in, _, _ = strings.Cut(rest, "]")
			continue
		}
		key, value, ok := strings.Cut(t, "=")
		if !ok || in != section || strings.TrimSpace(key) != field {
			continue
		}
		value = strings.TrimSpace(value)
		if s, ok := tomlString(value); ok {
			return s
		}
		value, _, _ = strings.Cut(value, "#")
		return strings.TrimSpace(value)
	}
	return ""
}

// platformPort is the port on which a platform's local server listens.
func (p *project) platformPort(s *server) (Port, bool) {
	f, ok := platforms[s.frame]
	if !ok {
		return Port{}, false
	}
	port := Port{Port: f.port, File: s.pkg.fileName(), Line: 1}
	switch s.frame {
	case "workers":
		if conf := p.wranglerFile(s.pkg); conf != "" {
			port.File = conf
			if n, err := strconv.Atoi(wranglerField(conf, p.smallFile(conf), "dev", "port")); err == nil && n > 0 && n < 65536 {
				port.Port = n
			}
		}
	case "supabase":
		conf := path.Join(s.dir, "supabase/config.toml")
		if p.exists(conf) {
			port.File = conf
			if n, err := strconv.Atoi(wranglerField(conf, p.smallFile(conf), "api", "port")); err == nil && n > 0 && n < 65536 {
				port.Port = n
			}
		}
	case "firebase":
		conf := path.Join(dirOf(s.dir), "firebase.json")
		if !p.exists(conf) {
			conf = path.Join(s.dir, "firebase.json")
		}
		var j struct {
			Emulators struct{ Functions struct{ Port int } }
		}
		if json.Unmarshal([]byte(p.smallFile(conf)), &j) == nil && j.Emulators.Functions.Port > 0 {
			port.Port, port.File = j.Emulators.Functions.Port, conf
		}
	}
	if s.start != nil {
		for i, a := range s.start.args {
			v, has := strings.CutPrefix(a, "--port=")
			if (a == "--port" || a == "-p") && i+1 < len(s.start.args) {
				v, has = s.start.args[i+1], true
			}
			if n, err := strconv.Atoi(v); has && err == nil {
				port.Port, port.File, port.Line = n, s.start.pkg.fileName(), s.start.line
			}
		}
	}
	return port, true
}
