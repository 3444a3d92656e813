package project

import (
	"slices"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
)

// Rules of this file:
//   - the way outwards goes from a function to what calls it and to what it is handed to, until a request, a user or a
//     program's start runs it
//   - a framework's file or name makes an entry of a function only where the framework is the package's own
//   - where no way leads outwards, the site is known and nothing is said to run it

// entry is a way to a site, while it is being read.
type entry struct {
	facts.Entry
	f      modules.FnRef
	server *server
	style  string         // how the handler gets its request: express, koa, web, event, nest, trpc, graphql, callable, action
	guards []modules.Held // middlewares that run before the handler
}

// reaching is a function on the way outwards, with what is known of the user there.
type reaching struct {
	f    modules.FnRef
	user origin
	via  []modules.FnRef // the functions between the site and f, f's own callee first
	at   int             // where f goes on towards the site, among its file's tokens
}

const maxReach = 400 // functions that are looked at for one site

// findEntries follows a site outwards.
func (p *Reader) findEntries(s *site) {
	user := origin{user: facts.User{Known: facts.IsAssumed}}
	if s.user.Kind != "" {
		end := p.Ask()
		user = p.originOf(s.mod, s.call.Scope, s.user, 24)
		end()
	}
	seen := map[fnKey]bool{}
	fact := &p.facts.Sites[s.fact]
	if user.fn == nil && user.user.From != "" {
		fact.User = user.user
	}
	f := s.mod.Around(s.call.Scope)
	if f == nil {
		p.topLevel(s, s.mod, user)
		return
	}
	queue := []reaching{{f: modules.FnRef{Mod: s.mod, Fn: f}, user: user, at: s.call.At}}
	hands := p.handing()
	for n := 0; n < len(queue) && n < maxReach && hands.reached < 10*maxReach && !p.Over(); n++ {
		hands.reached++
		r := queue[n]
		if k := (fnKey{r.f.Mod, r.f.Fn.Own}); seen[k] {
			continue
		} else {
			seen[k] = true
		}
		entries := p.entriesAt(r)
		for _, e := range entries {
			p.addEntry(s, e, r)
		}
		if len(entries) > 0 {
			continue
		}
		queue = append(queue, p.outwards(s, r)...)
	}
}

// outwards lists the functions that run a function.
func (p *Reader) outwards(s *site, r reaching) []reaching {
	var out []reaching
	push := func(m *modules.Module, scope jsread.Scope, at int, user origin) {
		if f := m.Around(scope); f != nil {
			out = append(out, reaching{f: modules.FnRef{Mod: m, Fn: f}, user: user, via: append([]modules.FnRef{r.f}, r.via...), at: at})
			return
		}
		p.topLevel(s, m, user)
	}
	for _, c := range p.callersOf(r.f) {
		user := r.user
		if user.fn == r.f.Fn {
			end := p.Ask()
			switch {
			case user.index >= len(c.Call.Args):
				user = origin{user: facts.User{Known: facts.IsAssumed, Place: facts.Place{File: c.Mod.Rel, Line: c.Call.Line}}}
			default:
				user = p.memberOrValue(c.Mod, c.Call.Scope, c.Call.Args[user.index], user.member, c.Call.Line, 24)
			}
			end()
		}
		push(c.Mod, c.Call.Scope, c.Call.At, user)
	}
	for _, x := range p.handedOver(r.f) { // a callback, a wrapper's argument
		if x.call != nil && !routeCall(x.call) {
			push(x.mod, x.call.Scope, x.call.At, r.user)
		}
	}
	if len(out) == 0 || r.f.Fn.Name == "" {
		if g := r.f.Mod.Around(r.f.Fn.In); g != nil { // a function within a function
			out = append(out, reaching{f: modules.FnRef{Mod: r.f.Mod, Fn: g}, user: r.user, via: append([]modules.FnRef{r.f}, r.via...), at: r.at})
		}
	}
	return out
}

// topLevel notes a site that runs when a module is loaded: a script.
func (p *Reader) topLevel(s *site, m *modules.Module, user origin) {
	for i := range p.starts {
		st := &p.starts[i]
		if st.entry != m.Rel || m.Listens() {
			continue
		}
		e := entry{f: modules.FnRef{Mod: m}, Entry: facts.Entry{Kind: facts.EntryScript, Path: st.script, Place: facts.Place{File: m.Rel, Line: max(1, s.call.Line)}, Known: facts.IsRead}}
		if m != s.mod {
			e.Place.Line = 1
		}
		p.addEntry(s, e, reaching{f: modules.FnRef{Mod: m}, user: user})
		return
	}
}

// entriesAt tells whether something from outside runs a function.
func (p *Reader) entriesAt(r reaching) []entry {
	var out []entry
	add := func(e entry) {
		for _, x := range out {
			if x.Kind == e.Kind && x.Path == e.Path && x.Method == e.Method {
				return
			}
		}
		e.f = r.f
		if e.server == nil {
			e.server = p.serverOf(r.f.Mod)
		}
		if e.Place.File == "" {
			e.Place = facts.Place{File: r.f.Mod.Rel, Line: r.f.Fn.Line}
		}
		if e.Known == "" {
			e.Known = facts.IsRead
		}
		out = append(out, e)
	}
	for _, x := range p.handedOver(r.f) {
		for _, e := range p.entryOfHandover(r, x) {
			add(e)
		}
	}
	for _, e := range p.decorated(r.f) {
		add(e)
	}
	for name, x := range r.f.Mod.Exports {
		end := p.Ask()
		g, ok := p.FunctionIn(modules.Held{Mod: r.f.Mod, At: 0, E: x}, 8)
		end()
		if !ok || g.Fn != r.f.Fn {
			continue
		}
		for _, e := range p.entryOfExport(r.f, name, x) {
			if e.Method == "ANY" {
				e.Method = methodAsked(r, e.Method)
			}
			for on := x; on.Kind == jsread.CallExpr; { // withAuth(handler)
				e.guards = append(e.guards, modules.Held{Mod: r.f.Mod, At: 0, E: jsread.Expr{Kind: jsread.Ident, Text: on.Text, Line: on.Line}})
				next := slices.IndexFunc(on.Parts, func(y jsread.Expr) bool { return y.Kind == jsread.CallExpr })
				if next < 0 {
					break
				}
				on = on.Parts[next]
			}
			add(e)
		}
	}
	if r.f.Fn.Directive == "use server" {
		add(entry{Entry: facts.Entry{Kind: facts.EntryAction, Path: r.f.Fn.Name}, style: "action"})
	}
	slices.SortStableFunc(out, func(a, b entry) int { return strings.Compare(a.Path+a.Method, b.Path+b.Method) })
	return out
}

// serverOf gives the program that runs a module, nil for none.
func (p *Reader) serverOf(m *modules.Module) *server {
	for _, s := range p.servers {
		if slices.Contains(s.mods, m) {
			return s
		}
	}
	for _, s := range p.servers { // a page that the framework renders on its server
		if s.frame != "" && s.pkg == m.Pkg && s.frame == m.Pkg.Framework {
			return s
		}
	}
	return nil
}
