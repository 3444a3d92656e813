package project

import (
	"path"
	"slices"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/files"
	"badsig/checks/probe/modules"
	"badsig/checks/shell"
)

// server is one program of the project that may be the token server.
type server struct {
	pkg    *modules.Package // whose package it is
	dir    string           // the folder from which its start command is typed
	entry  *modules.Module
	start  *starter
	order  *modules.Order
	mods   []*modules.Module // what runs when it starts
	loads  []modules.TimedLoad
	frame  string // next, nuxt, sveltekit: no entry of its own
	sign   *use
	key    *use
	routes []routeAt
	fact   int // index into Project.Servers

	creates modules.Once[bool]
	asked   modules.Once[map[*modules.Module]bool]

	runs map[string]string // plain variables of the running process; nil: it does not run, or they were not seen
}

// findServers finds the programs: what scripts start, what listens, and the
// server side of full-stack frameworks.
func (p *Reader) findServers() {
	taken := map[*modules.Module]bool{}
	best := map[*modules.Module]*starter{}
	p.findFunctions(taken)
	for i := range p.starts {
		st := &p.starts[i]
		m := p.Module(st.entry)
		if m == nil || taken[m] || files.RoleOfPath(m.Rel) != facts.RoleUnknown || m.Tool() {
			continue
		}
		if b := best[m]; b == nil || st.rank(m) < b.rank(m) {
			best[m] = st
		}
	}
	for _, m := range p.SortedMods() {
		st := best[m]
		if st == nil {
			continue
		}
		s := &server{pkg: m.Pkg, dir: st.pkg.Dir, entry: m, start: st}
		p.follow2(s)
		if !s.isServer() {
			continue
		}
		p.servers = append(p.servers, s)
		for _, x := range s.mods {
			taken[x] = true
		}
	}
	for _, m := range p.SortedMods() {
		if taken[m] || !m.Listens() || files.RoleOfPath(m.Rel) != facts.RoleUnknown || m.Tool() || m.Role == facts.RoleFront {
			continue
		}
		s := &server{pkg: m.Pkg, dir: m.Pkg.Dir, entry: p.topOf(m)}
		p.follow2(s)
		for _, x := range s.mods {
			taken[x] = true
		}
		p.servers = append(p.servers, s)
	}
	p.readRouteFiles()
	for _, k := range p.sortedPkgs() {
		frame := k.Framework
		switch frame {
		case "next", "nuxt", "sveltekit", "remix", "astro":
		default:
			if frame = "serverless"; !p.serverless(k, taken) {
				continue
			}
		}
		s := &server{pkg: k, dir: k.Dir, frame: frame}
		s.order = p.RunOrder(nil)
		for _, m := range p.SortedMods() {
			if m.Pkg == k && !taken[m] && (m.Role != facts.RoleFront || m.OnServerToo() && m.ReadsSecret()) && files.RoleOfPath(m.Rel) == facts.RoleUnknown && !m.Tool() {
				s.mods = append(s.mods, m)
			}
		}
		for i := range p.starts {
			st := &p.starts[i]
			if st.dir == k.Dir && (st.tool == k.Framework || st.tool == "nuxi" || st.tool == "vite" || st.tool == "react-router") && !slices.Contains(st.args, "build") && (s.start == nil || st.rankName() < s.start.rankName()) {
				s.start = st
			}
		}
		p.frameLoads(s)
		p.servers = append(p.servers, s)
	}
}

// serverless tells a package without a server of its own whose modules sign
// tokens all the same: functions, or an app that somebody else starts.
func (p *Reader) serverless(k *modules.Package, taken map[*modules.Module]bool) bool {
	for _, m := range p.SortedMods() {
		if m.Pkg != k || taken[m] || m.Role != facts.RoleServer && m.Role != facts.RoleUnknown && m.Role != facts.RoleShared || files.RoleOfPath(m.Rel) != facts.RoleUnknown || m.Tool() {
			continue
		}
		for _, c := range m.Calls {
			if n := facts.LastName(c.Callee); (n == "sign" || n == "createToken" || n == "generateUserToken") && len(c.Args) > 0 || p.streamClient(m, c) && len(c.Args) > 1 && m.Role == facts.RoleServer {
				return true
			}
		}
	}
	return false
}

// topOf climbs from a module to one that nothing of its package imports.
func (p *Reader) topOf(m *modules.Module) *modules.Module {
	seen := map[*modules.Module]bool{m: true}
	for {
		up := (*modules.Module)(nil)
		for _, x := range p.SortedMods() {
			if x.Pkg != m.Pkg || seen[x] || files.RoleOfPath(x.Rel) != facts.RoleUnknown || x.Tool() {
				continue
			}
			for _, i := range x.Imports {
				if p.Resolve(x, i.From) == m.Rel {
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
func (p *Reader) follow2(s *server) {
	s.order = p.RunOrder(s.entry)
	for m := range s.order.Marks {
		s.mods = append(s.mods, m)
	}
	slices.SortFunc(s.mods, func(a, b *modules.Module) int { return strings.Compare(a.Rel, b.Rel) })
	for _, m := range s.mods {
		if m.Role == facts.RoleUnknown && files.RoleOfPath(m.Rel) == facts.RoleUnknown && s.isServer() {
			m.Role = facts.RoleServer
		}
	}
	if st := s.start; st != nil {
		s.loads = append(s.loads, p.commandLoads(st)...)
	}
	s.loads = append(s.loads, s.order.Loads...)
}

// isServer tells a program that listens, or signs.
func (s *server) isServer() bool {
	for _, m := range s.mods {
		if m.Listens() {
			return true
		}
	}
	return false
}

// rank orders the scripts that start one module: its own package's before
// others, dev before start.
func (st *starter) rank(m *modules.Module) int {
	n := st.rankName()
	if st.pkg.Dir != m.Pkg.Dir {
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
	return shell.ShellIn(s.dir, start)
}

func (s *server) startCommand() string {
	if s.start != nil && s.start.script != "" {
		return s.start.pkg.Run(s.start.script)
	}
	if s.start != nil && s.start.tool != "" {
		return shell.Words(append([]string{s.start.tool}, s.start.args...))
	}
	for _, n := range []string{"dev", "start"} {
		if _, ok := platforms[s.frame]; ok {
			break
		}
		if s.pkg.Script(n) != "" && s.frame != "" {
			return s.pkg.Run(n)
		}
	}
	if f, ok := platforms[s.frame]; ok {
		return f.start
	}
	if s.entry != nil {
		rel := strings.TrimPrefix(strings.TrimPrefix(s.entry.Rel, s.dir), "/")
		switch path.Ext(rel) {
		case ".ts", ".mts", ".cts", ".tsx":
			return shell.Words([]string{"npx", "tsx", rel})
		}
		return shell.Words([]string{"node", rel})
	}
	return ""
}
