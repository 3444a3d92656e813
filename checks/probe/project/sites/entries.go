package sites

import (
	"slices"
	"sort"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
)

// Rules of this file:
//   - the way outwards goes from a function to what calls it and to what it is handed to, until a request, a user or a
//     program's start runs it
//   - a framework's file or name makes an entry of a function only where the framework is the package's own
//   - where no way leads outwards, the site is known and nothing is said to run it

// reaching is a function on the way outwards, with what is known of the user there.
type reaching struct {
	f    modules.FnRef
	user origin
	via  []modules.FnRef // the functions between the site and f, f's own callee first
	at   int             // where f goes on towards the site, among its file's tokens
}

const maxReach = 400 // functions that are looked at for one site

// namedUser is the parameter of a function that is the user's ID, the first by name where several are; "" where it has none.
func namedUser(f *jsread.Function) (out string) {
	for _, q := range f.Params {
		for name, member := range q.Names {
			if n := facts.First(facts.LastName(member), name); facts.OneOf(facts.IDNames, n) && n != "user" && (out == "" || name < out) {
				out = name
			}
		}
	}
	return out
}

// findEntries follows a site outwards.
func findEntries(p *picture.Reader, s *picture.Site) {
	user := origin{user: facts.User{Known: facts.IsAssumed}}
	if s.User.E.Kind != jsread.None {
		end := p.Ask()
		user = originOf(p, s.User, 24)
		end()
	}
	if f := s.Mod.Around(s.Call.Scope); f != nil && user.user.From == FromConstant && s.User.E.Kind == jsread.Literal {
		user.user.Ignores = namedUser(f)
	}
	seen := map[picture.FnKey]bool{}
	fact := &p.Facts.Sites[s.Fact]
	if user.fn == nil && user.user.From != "" {
		fact.User = user.user
	}
	var queue []reaching
	if f := s.Mod.Around(s.Call.Scope); f != nil {
		queue = []reaching{{f: modules.FnRef{Mod: s.Mod, Fn: f}, user: user, at: s.Call.At}}
	} else if queue = keptFor(s, user); len(queue) == 0 {
		topLevel(p, s, s.Mod, user)
		return
	}
	hands := handing(p)
	for n := 0; n < len(queue) && n < maxReach && hands.Reached < 10*maxReach && !p.Over(); n++ {
		hands.Reached++
		r := queue[n]
		if k := (picture.FnKey{Mod: r.f.Mod, Own: r.f.Fn.Own}); seen[k] {
			continue
		} else {
			seen[k] = true
		}
		entries := entriesAt(p, r)
		for _, e := range entries {
			addEntry(p, s, e, r)
		}
		if len(entries) > 0 {
			continue
		}
		queue = append(queue, outwards(p, s, r)...)
	}
}

// keptFor lists the functions that use what a module signs once, when it is loaded.
func keptFor(s *picture.Site, user origin) (out []reaching) {
	m := s.Mod
	for name, e := range m.Consts {
		if e.Line != s.Call.Line || !holdsCall(e, s.Call.Callee, 4) {
			continue
		}
		for i := range m.Calls {
			c := &m.Calls[i]
			f := m.Around(c.Scope)
			if f == nil || !affix.Any(c.Args, func(a jsread.Expr) bool { return MentionsName(a, name, 6) }) {
				continue
			}
			if v, ok := m.Resolve(c.Scope, name); ok && v.Line == e.Line {
				out = append(out, reaching{f: modules.FnRef{Mod: m, Fn: f}, user: user, at: c.At})
			}
		}
	}
	return out
}

// holdsCall reports an expression that is a call, or waits for it.
func holdsCall(e jsread.Expr, callee string, depth int) bool {
	return e.Kind == jsread.CallExpr && e.Text == callee ||
		e.Kind == jsread.Wrapped && depth > 0 && affix.Any(e.Parts, func(x jsread.Expr) bool { return holdsCall(x, callee, depth-1) })
}

// outwards lists the functions that run a function.
func outwards(p *picture.Reader, s *picture.Site, r reaching) []reaching {
	var out []reaching
	push := func(m *modules.Module, scope jsread.Scope, at int, user origin) {
		if f := m.Around(scope); f != nil {
			out = append(out, reaching{f: modules.FnRef{Mod: m, Fn: f}, user: user, via: append([]modules.FnRef{r.f}, r.via...), at: at})
			return
		}
		topLevel(p, s, m, user)
	}
	for _, c := range callersOf(p, r.f) {
		user := r.user
		if user.fn == r.f.Fn {
			end := p.Ask()
			switch {
			case user.index >= len(c.Call.Args):
				if o, ok := user.leftOut(p); ok {
					user = o
					break
				}
				user = origin{user: facts.User{Known: facts.IsAssumed, Place: facts.Place{File: c.Mod.Rel, Line: c.Call.Line}}}
			default:
				user = memberOrValue(p, modules.View{M: c.Mod, At: c.Call.Scope, E: c.Call.Args[user.index]}, user.member, c.Call.Line, 24)
			}
			if was := r.user.user.Changed; was.Line > 0 {
				user.user.Changed = was
			}
			user.user.Made = user.user.Made || r.user.user.Made
			end()
		}
		push(c.Mod, c.Call.Scope, c.Call.At, user)
	}
	for _, x := range handedOver(p, r.f) { // a callback, a wrapper's argument
		if x.Call != nil && !routeCall(x.Call) {
			push(x.Mod, x.Call.Scope, x.Call.At, r.user)
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
func topLevel(p *picture.Reader, s *picture.Site, m *modules.Module, user origin) {
	for i := range p.Starts {
		st := &p.Starts[i]
		if st.Entry != m.Rel || m.Listens() {
			continue
		}
		e := picture.Entry{F: modules.FnRef{Mod: m}, Entry: facts.Entry{Kind: facts.EntryScript, Path: st.Script, Place: facts.Place{File: m.Rel, Line: max(1, s.Call.Line)}, Known: facts.IsRead}}
		if m != s.Mod {
			e.Place.Line = 1
		}
		addEntry(p, s, e, reaching{f: modules.FnRef{Mod: m}, user: user})
		return
	}
}

// entriesAt tells whether something from outside runs a function.
func entriesAt(p *picture.Reader, r reaching) []picture.Entry {
	var out []picture.Entry
	add := func(e picture.Entry) {
		for _, x := range out {
			if x.Kind == e.Kind && x.Path == e.Path && x.Method == e.Method {
				return
			}
		}
		e.F = r.f
		if e.ServerOf == nil {
			e.ServerOf = serverOf(p, r.f.Mod)
		}
		if e.Place.File == "" {
			e.Place = facts.Place{File: r.f.Mod.Rel, Line: r.f.Fn.Line}
		}
		if e.Known == "" {
			e.Known = facts.IsRead
		}
		out = append(out, e)
	}
	for _, x := range handedOver(p, r.f) {
		for _, e := range entryOfHandover(p, r, x) {
			add(e)
		}
	}
	for _, e := range append(decorated(p, r.f), feathers(p, r.f)...) {
		add(e)
	}
	if s := serverOf(p, r.f.Mod); s != nil {
		for _, x := range s.Routes {
			if x.Export != "" && x.Export == r.f.Fn.Name && x.Mod == r.f.Mod {
				add(picture.Entry{Entry: facts.Entry{Kind: facts.EntryHTTP, Method: x.Method, Path: x.Path}, Style: x.Style, ServerOf: s})
			}
		}
	}
	for name, x := range r.f.Mod.Exports {
		end := p.Ask()
		g, ok := p.FunctionIn(modules.View{M: r.f.Mod, At: 0, E: x}, 8)
		end()
		if !ok || g.Fn != r.f.Fn {
			continue
		}
		for _, e := range entryOfExport(p, r.f, name, x) {
			if e.Method == "ANY" {
				e.Method = methodAsked(r, e.Method)
			}
			for on := x; on.Kind == jsread.CallExpr; { // withAuth(handler)
				e.GuardsOf = append(e.GuardsOf, modules.View{M: r.f.Mod, At: 0, E: jsread.Expr{Kind: jsread.Ident, Text: on.Text, Line: on.Line}})
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
		add(picture.Entry{Entry: facts.Entry{Kind: facts.EntryAction, Path: r.f.Fn.Name}, Style: "action"})
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Path+out[i].Method < out[j].Path+out[j].Method })
	return out
}

// serverOf gives the program that runs a module, nil for none.
//
//go:noinline
func serverOf(p *picture.Reader, m *modules.Module) *picture.Server {
	for _, s := range p.Servers {
		if slices.Contains(s.Mods, m) {
			return s
		}
	}
	for _, s := range p.Servers { // a page that the framework renders on its server
		if s.Frame != "" && s.Pkg == m.Pkg && s.Frame == m.Pkg.Framework {
			return s
		}
	}
	return nil
}
