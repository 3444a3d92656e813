package probe

import (
	"path"
	"slices"
	"strings"
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

	creates once[bool]
	asked   once[map[*module]bool]

	runs map[string]string // plain variables of the running process; nil: it does not run, or they were not seen
}

// findServers finds the programs: what scripts start, what listens, and the
// server side of full-stack frameworks.
func (p *project) findServers() {
	taken := map[*module]bool{}
	best := map[*module]*starter{}
	p.findFunctions(taken)
	for i := range p.starts {
		st := &p.starts[i]
		m := p.module(st.entry)
		if m == nil || taken[m] || roleOfPath(m.rel) != RoleUnknown || m.tool() {
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
		frame := k.framework
		switch frame {
		case "next", "nuxt", "sveltekit", "remix", "astro":
		default:
			if frame = "serverless"; !p.serverless(k, taken) {
				continue
			}
		}
		s := &server{pkg: k, dir: k.dir, frame: frame}
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

// command is what starts the server, to type from the project's folder.
func (s *server) command() string {
	start := s.startCommand()
	if start == "" {
		return ""
	}
	return ShellIn(s.dir, start)
}

func (s *server) startCommand() string {
	if s.start != nil && s.start.script != "" {
		return s.start.pkg.run(s.start.script)
	}
	if s.start != nil && s.start.tool != "" {
		return shellWords(append([]string{s.start.tool}, s.start.args...))
	}
	for _, n := range []string{"dev", "start"} {
		if _, ok := platforms[s.frame]; ok {
			break
		}
		if s.pkg.script(n) != "" && s.frame != "" {
			return s.pkg.run(n)
		}
	}
	if f, ok := platforms[s.frame]; ok {
		return f.start
	}
	if s.entry != nil {
		rel := strings.TrimPrefix(strings.TrimPrefix(s.entry.rel, s.dir), "/")
		switch path.Ext(rel) {
		case ".ts", ".mts", ".cts", ".tsx":
			return shellWords([]string{"npx", "tsx", rel})
		}
		return shellWords([]string{"node", rel})
	}
	return ""
}
