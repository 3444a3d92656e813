package servers

import (
	"maps"
	"slices"
	"sort"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
	"badsig/checks/probe/project/starts"
	"badsig/checks/probe/project/values"
	"badsig/checks/shell"
	"badsig/checks/tools"
)

// FindServers finds the programs: what scripts start, what listens, and the
// server side of full-stack frameworks.
func FindServers(p *picture.Reader) {
	taken := map[*modules.Module]bool{}
	best := map[*modules.Module]*picture.Starter{}
	findFunctions(p, taken)
	for i := range p.Starts {
		st := &p.Starts[i]
		m := p.Module(st.Entry)
		if m == nil || taken[m] || m.Aside() || m.Tool() {
			continue
		}
		if b := best[m]; b == nil || rank(st, m) < rank(b, m) {
			best[m] = st
		}
	}
	for _, m := range p.SortedMods() {
		st := best[m]
		if st == nil {
			continue
		}
		s := &picture.Server{Pkg: m.Pkg, Dir: st.Pkg.Dir, Entry: m, Start: st}
		follow2(p, s)
		if !isServer(s) {
			continue
		}
		p.Servers = append(p.Servers, s)
		for _, x := range s.Mods {
			taken[x] = true
		}
	}
	var importers map[string][]*modules.Module
	for _, m := range p.SortedMods() {
		if taken[m] || !m.Listens() || m.Aside() || m.Tool() || m.Role == facts.RoleFront {
			continue
		}
		if importers == nil {
			importers = importersOf(p)
		}
		s := &picture.Server{Pkg: m.Pkg, Dir: m.Pkg.Dir, Entry: topOf(importers, m)}
		follow2(p, s)
		for _, x := range s.Mods {
			taken[x] = true
		}
		p.Servers = append(p.Servers, s)
	}
	readRouteFiles(p)
	pkgs := starts.SortedPkgs(p)
	sort.SliceStable(pkgs, func(i, j int) bool { // what a framework's app runs of other packages isn't a server of its own
		return onServer(pkgs[i]) && !onServer(pkgs[j])
	})
	given := map[*modules.Module]bool{}
	for _, k := range pkgs {
		frame := k.Framework
		if !tools.Of(frame).OnServer {
			maps.Copy(taken, given)
			if frame = "serverless"; !serverless(p, k, taken) {
				continue
			}
		}
		s := &picture.Server{Pkg: k, Dir: k.Dir, Frame: frame}
		s.Order = p.RunOrder(nil)
		for _, m := range modules.ModsOf(p.Graph, k) {
			if !taken[m] && (m.Role != facts.RoleFront || m.OnServerToo() && m.ReadsSecret()) && !m.Aside() && !m.Tool() {
				s.Mods = append(s.Mods, m)
			}
		}
		if tools.Of(k.Framework).OnServer {
			lent(p, s, taken, given)
		}
		for i := range p.Starts {
			st := &p.Starts[i]
			if st.Dir == k.Dir && tools.Of(k.Framework).Called(st.Tool) && !facts.OneOf(st.Args, "build") && (s.Start == nil || RankName(st) < RankName(s.Start)) {
				s.Start = st
			}
		}
		values.FrameLoads(p, s)
		p.Servers = append(p.Servers, s)
	}
}

func onServer(k *modules.Package) bool { return tools.Of(k.Framework).OnServer }

// lent adds what the app's server runs of the workspace's other packages:
// packages/api beside apps/web.
func lent(p *picture.Reader, s *picture.Server, taken, given map[*modules.Module]bool) {
	queue := slices.Clone(s.Mods)
	seen := map[*modules.Module]bool{}
	for len(queue) > 0 && len(seen) < 400 {
		m := queue[0]
		queue = queue[1:]
		for _, i := range m.Imports {
			t := p.Module(p.Resolve(m, i.From))
			if t == nil || seen[t] || taken[t] || t.Pkg == s.Pkg || t.Pkg.Framework != "" || t.Role == facts.RoleFront || t.Aside() || t.Tool() {
				continue
			}
			seen[t] = true
			queue = append(queue, t)
			if t.Streamish() || t.ReadsSecret() {
				s.Mods = append(s.Mods, t)
				given[t] = true
			}
		}
	}
}

// serverless tells a package without a server of its own whose modules sign
// tokens all the same: functions, or an app that someone else starts.
func serverless(p *picture.Reader, k *modules.Package, taken map[*modules.Module]bool) bool {
	for _, m := range modules.ModsOf(p.Graph, k) {
		if taken[m] || m.Role != facts.RoleServer && m.Role != facts.RoleUnknown && m.Role != facts.RoleShared || m.Aside() || m.Tool() {
			continue
		}
		for _, c := range m.Calls {
			if n := facts.LastName(c.Callee); (n == "sign" || n == "createToken" || n == "generateUserToken") && len(c.Args) > 0 || values.StreamClient(p, m, c) && len(c.Args) > 1 && m.Role == facts.RoleServer {
				return true
			}
		}
	}
	return false
}

// importersOf gives for each file the modules of its programs that import it, by name.
func importersOf(p *picture.Reader) map[string][]*modules.Module {
	out := map[string][]*modules.Module{}
	for _, x := range p.SortedMods() {
		if x.Aside() || x.Tool() {
			continue
		}
		for _, i := range x.Imports {
			if to := p.Resolve(x, i.From); to != "" {
				out[to] = append(out[to], x)
			}
		}
	}
	return out
}

// topOf climbs from a module to one that nothing of its package imports.
func topOf(importers map[string][]*modules.Module, m *modules.Module) *modules.Module {
	seen := map[*modules.Module]bool{m: true}
	for {
		up := (*modules.Module)(nil)
		for _, x := range importers[m.Rel] {
			if x.Pkg == m.Pkg && !seen[x] {
				up = x
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
func follow2(p *picture.Reader, s *picture.Server) {
	s.Order = p.RunOrder(s.Entry)
	for m := range s.Order.Marks {
		s.Mods = append(s.Mods, m)
	}
	sort.Slice(s.Mods, func(i, j int) bool { return s.Mods[i].Rel < s.Mods[j].Rel })
	for _, m := range s.Mods {
		if m.Role == facts.RoleUnknown && !m.Aside() && isServer(s) {
			m.Role = facts.RoleServer
		}
	}
	if st := s.Start; st != nil {
		s.Loads = append(s.Loads, values.CommandLoads(p, st)...)
	}
	s.Loads = append(s.Loads, s.Order.Loads...)
}

// isServer tells a program that listens, or signs.
func isServer(s *picture.Server) bool {
	for _, m := range s.Mods {
		if m.Listens() {
			return true
		}
	}
	return false
}

// rank orders the scripts that start one module: its own package's before
// others, dev before start.
//
//go:noinline
func rank(st *picture.Starter, m *modules.Module) int {
	n := RankName(st)
	if st.Pkg.Dir != m.Pkg.Dir {
		n += 100
	}
	return n
}

func RankName(st *picture.Starter) int {
	for i, n := range []string{"dev", "start:dev", "dev:server", "server:dev", "develop", "server", "start:server", "start", "serve", "watch", "backend", "api", ""} {
		if st.Script == n && st.Task == "" || n != "" && st.Task == n {
			return i
		}
	}
	if affix.Contains(st.Script, "prod") || affix.Contains(st.Script, "seed") || affix.Contains(st.Script, "test") {
		return 60
	}
	return 40
}

// Command is what starts the server, to type from the project's folder.
func Command(s *picture.Server) string {
	start := StartCommand(s)
	if start == "" {
		return ""
	}
	return shell.ShellIn(s.Dir, start)
}

func StartCommand(s *picture.Server) string {
	if s.Start != nil && s.Start.Script != "" {
		return s.Start.Pkg.Run(s.Start.Script)
	}
	if s.Start != nil && s.Start.Task != "" {
		return shell.Words([]string{"deno", "task", s.Start.Task})
	}
	if s.Start != nil && s.Start.Tool != "" {
		return shell.Words(append([]string{s.Start.Tool}, s.Start.Args...))
	}
	for _, n := range []string{"dev", "start"} {
		if runsFunctions(s) {
			break
		}
		if s.Pkg.Script(n) != "" && s.Frame != "" {
			return s.Pkg.Run(n)
		}
	}
	if runsFunctions(s) {
		return tools.Of(s.Frame).Start
	}
	if s.Entry != nil {
		rel := affix.TrimPrefix(affix.TrimPrefix(s.Entry.Rel, s.Dir), "/")
		switch affix.Ext(rel) {
		case ".ts", ".mts", ".cts", ".tsx":
			return shell.Words([]string{"npx", "tsx", rel})
		}
		return shell.Words([]string{"node", rel})
	}
	return ""
}
