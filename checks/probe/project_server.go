package probe

import (
	"path"
	"slices"
	"strings"

	"badsig/checks/probe/envfile"
)

// server is one program of the project that may be the token server.
type server struct {
	pkg    *pkg   // whose package it is
	dir    string // the folder from which its start command is typed
	entry  *module
	start  *starter
	order  *order
	mods   []*module // what runs when it starts
	loads  []timedLoad
	frame  string // next, nuxt, sveltekit: no entry of its own
	sign   *use
	key    *use
	routes []routeAt
	fact   int // index into Project.Servers

	runs map[string]string // plain variables of the running process; nil: it does not run, or they were not seen
}

// findServers finds the programs: what scripts start, what listens, and the
// server side of full-stack frameworks.
func (p *project) findServers() {
	taken := map[*module]bool{}
	best := map[*module]*starter{}
	for i := range p.starts {
		st := &p.starts[i]
		m := p.module(st.entry)
		if m == nil || roleOfPath(m.rel) != RoleUnknown || m.tool() {
			continue
		}
		if b := best[m]; b == nil || st.rank(m) < b.rank(m) {
			best[m] = st
		}
	}
	for _, m := range p.sortedMods() {
		st := best[m]
		if st == nil {
			continue
		}
		s := &server{pkg: m.pkg, dir: st.pkg.dir, entry: m, start: st}
		p.follow2(s)
		if !s.isServer() {
			continue
		}
		p.servers = append(p.servers, s)
		for _, x := range s.mods {
			taken[x] = true
		}
	}
	for _, m := range p.sortedMods() {
		if taken[m] || !m.listens() || roleOfPath(m.rel) != RoleUnknown || m.tool() || m.role == RoleFront {
			continue
		}
		s := &server{pkg: m.pkg, dir: m.pkg.dir, entry: p.topOf(m)}
		p.follow2(s)
		for _, x := range s.mods {
			taken[x] = true
		}
		p.servers = append(p.servers, s)
	}
	for _, k := range p.sortedPkgs() {
		switch k.framework {
		case "next", "nuxt", "sveltekit", "remix", "astro":
		default:
			if !p.serverless(k, taken) {
				continue
			}
		}
		s := &server{pkg: k, dir: k.dir, frame: orDefault(k.framework, "serverless")}
		s.order = p.runOrder(nil)
		for _, m := range p.sortedMods() {
			if m.pkg == k && !taken[m] && (m.role != RoleFront || m.onServerToo() && m.readsSecret()) && roleOfPath(m.rel) == RoleUnknown && !m.tool() {
				s.mods = append(s.mods, m)
			}
		}
		for i := range p.starts {
			st := &p.starts[i]
			if st.dir == k.dir && (st.tool == k.framework || st.tool == "nuxi" || st.tool == "vite" || st.tool == "react-router") && !slices.Contains(st.args, "build") && (s.start == nil || st.rankName() < s.start.rankName()) {
				s.start = st
			}
		}
		p.frameLoads(s)
		p.servers = append(p.servers, s)
	}
}

// serverless tells a package without a server of its own whose modules sign
// tokens all the same: functions, or an app that somebody else starts.
func (p *project) serverless(k *pkg, taken map[*module]bool) bool {
	for _, m := range p.sortedMods() {
		if m.pkg != k || taken[m] || m.role != RoleServer && m.role != RoleUnknown && m.role != RoleShared || roleOfPath(m.rel) != RoleUnknown || m.tool() {
			continue
		}
		for _, c := range m.Calls {
			if n := lastName(c.Callee); (n == "sign" || n == "createToken" || n == "generateUserToken") && len(c.Args) > 0 || p.streamClient(m, c) && len(c.Args) > 1 && m.role == RoleServer {
				return true
			}
		}
	}
	return false
}

// topOf climbs from a module to one that nothing of its package imports.
func (p *project) topOf(m *module) *module {
	seen := map[*module]bool{m: true}
	for {
		up := (*module)(nil)
		for _, x := range p.sortedMods() {
			if x.pkg != m.pkg || seen[x] || roleOfPath(x.rel) != RoleUnknown || x.tool() {
				continue
			}
			for _, i := range x.Imports {
				if p.resolve(x, i.From) == m.rel {
					up = x
				}
			}
		}
		if up == nil {
			return m
		}
		seen[up] = true
		m = up
	}
}

// follow2 finds what runs and what is loaded when a server starts.
func (p *project) follow2(s *server) {
	s.order = p.runOrder(s.entry)
	for m := range s.order.marks {
		s.mods = append(s.mods, m)
	}
	slices.SortFunc(s.mods, func(a, b *module) int { return strings.Compare(a.rel, b.rel) })
	for _, m := range s.mods {
		if m.role == RoleUnknown && roleOfPath(m.rel) == RoleUnknown && s.isServer() {
			m.role = RoleServer
		}
	}
	if st := s.start; st != nil {
		s.loads = append(s.loads, p.commandLoads(st)...)
	}
	s.loads = append(s.loads, s.order.loads...)
}

// commandLoads are the loads that the command line makes.
func (p *project) commandLoads(st *starter) []timedLoad {
	var out []timedLoad
	if len(st.envFiles) > 0 {
		l := load{kind: "node-env-file", dialect: envfile.NodeEnvFile}
		if st.wrapper {
			l.kind, l.dialect = "dotenv", envfile.DotenvExpand
		}
		for _, f := range st.envFiles {
			l.paths = append(l.paths, loadPath{rel: f, cwd: true, optional: st.optional})
		}
		out = append(out, timedLoad{load: l})
	}
	if st.tool == "bun" {
		l := load{kind: "bun", dialect: envfile.DotenvExpand}
		for _, f := range nextFiles {
			l.paths = append(l.paths, loadPath{rel: f, cwd: true, optional: true})
		}
		out = append(out, timedLoad{load: l})
	}
	if st.preload {
		l := load{kind: "dotenv", dialect: envfile.Dotenv}
		at := st.preloadAt
		for _, a := range st.env {
			if a.name == "DOTENV_CONFIG_PATH" || a.name == "DOTENV_PATH" {
				at = a.value
			}
		}
		if at != "" {
			l.paths = []loadPath{{rel: at, cwd: true}}
		}
		out = append(out, timedLoad{load: l})
	}
	return out
}

// frameLoads are the loads that a framework makes by itself.
func (p *project) frameLoads(s *server) {
	l := load{dialect: envfile.DotenvExpand, kind: s.frame}
	switch s.frame {
	case "next":
		l.dialect, l.paths = envfile.NextEnv, listed(nextFiles, s.pkg.dir)
	case "nuxt":
		l.dialect = envfile.Dotenv
		l.paths = listed([]string{".env"}, s.pkg.dir)
	case "sveltekit", "remix", "astro":
		l.dialect = frontDialect(s.pkg)
		l.paths = listed(viteFiles, s.pkg.dir)
	default:
		for _, m := range s.mods {
			for _, x := range p.loadsOf(m) {
				s.loads = append(s.loads, timedLoad{load: x})
			}
		}
		if len(s.loads) == 0 {
			l.unknown, l.paths = true, listed([]string{".env.local", ".env"}, s.pkg.dir)
			s.loads = append(s.loads, timedLoad{load: l})
		}
		return
	}
	s.loads = append(s.loads, timedLoad{load: l})
	for _, m := range s.mods {
		for _, x := range p.loadsOf(m) {
			if x.kind != "next" {
				s.loads = append(s.loads, timedLoad{load: x, t: 1})
			}
		}
	}
}

func listed(names []string, dir string) []loadPath {
	var out []loadPath
	for _, n := range names {
		out = append(out, loadPath{rel: path.Join(dir, n), optional: true})
	}
	return out
}

// isServer tells a program that listens, or signs.
func (s *server) isServer() bool {
	for _, m := range s.mods {
		if m.listens() {
			return true
		}
	}
	return false
}

// rank orders the scripts that start one module: its own package's before
// others, dev before start.
func (st *starter) rank(m *module) int {
	n := st.rankName()
	if st.pkg.dir != m.pkg.dir {
		n += 100
	}
	return n
}

func (st *starter) rankName() int {
	for i, n := range []string{"dev", "start:dev", "dev:server", "server:dev", "develop", "server", "start:server", "start", "serve", "watch", "backend", "api", ""} {
		if st.script == n {
			return i
		}
	}
	if strings.Contains(st.script, "prod") || strings.Contains(st.script, "seed") || strings.Contains(st.script, "test") {
		return 60
	}
	return 40
}

// cwdGuess is the folder in which a load's relative path starts, where the
// process is not running.
func (s *server) cwdGuess(lp loadPath) string {
	if !lp.cwd {
		return ""
	}
	if s.start != nil {
		return s.start.dir
	}
	return s.dir
}

// filesOf lists the files of a load for a working folder, the winning one first.
func (s *server) filesOf(l load, cwd string) []string {
	if len(l.paths) == 0 && !l.unknown {
		var out []string
		names := []string{".env"}
		switch l.kind {
		case "dotenv-flow":
			names = flowFiles
			if e := s.plainEnv("NODE_ENV"); e != "" {
				names = append([]string{".env." + e + ".local", ".env." + e}, flowFiles...)
			}
		case "next":
			names = nextFiles
		}
		for _, n := range names {
			out = append(out, path.Join(cwd, n))
		}
		return out
	}
	var out []string
	for _, lp := range l.paths {
		rel := s.fillPath(lp.rel)
		if lp.cwd {
			out = append(out, path.Join(cwd, rel))
		} else {
			out = append(out, path.Clean(rel))
		}
	}
	if l.override || l.kind == "node-env-file" { // the last one wins
		slices.Reverse(out)
	}
	return out
}

// plainEnv is a variable that is no secret as the running process has it, or
// as the start script sets it.
func (s *server) plainEnv(name string) string {
	if s.runs != nil {
		return s.runs[name]
	}
	if s.start != nil {
		for _, a := range s.start.env {
			if a.name == name {
				return a.value
			}
		}
	}
	return ""
}

// mayRead tells whether the server reads an env file when started from its
// own folder.
func (s *server) mayRead(rel string) bool {
	for _, l := range s.loads {
		if slices.Contains(s.filesOf(l.load, s.cwdGuess(loadPath{cwd: true})), rel) {
			return true
		}
	}
	return false
}

// command is what starts the server, to type from the project's folder.
func (s *server) command() string {
	start := s.startCommand()
	if start == "" {
		return ""
	}
	if s.dir != "" {
		return "cd " + shellQuote(s.dir) + " && " + start
	}
	return start
}

func (s *server) startCommand() string {
	if s.start != nil && s.start.script != "" {
		return s.start.pkg.run(s.start.script)
	}
	if s.start != nil && s.start.tool != "" {
		return strings.TrimSpace(s.start.tool + " " + quoteWords(s.start.args))
	}
	for _, n := range []string{"dev", "start"} {
		if s.pkg.script(n) != "" && s.frame != "" {
			return s.pkg.run(n)
		}
	}
	if s.entry != nil {
		rel := strings.TrimPrefix(strings.TrimPrefix(s.entry.rel, s.dir), "/")
		switch path.Ext(rel) {
		case ".ts", ".mts", ".cts", ".tsx":
			return "npx tsx " + shellQuote(rel)
		}
		return "node " + shellQuote(rel)
	}
	return ""
}

// shellQuote quotes a path for a POSIX shell where it must be.
func shellQuote(s string) string {
	for _, r := range s {
		if !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./@+:,=", r) {
			return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
		}
	}
	return s
}
