package modules

import (
	"slices"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
)

// Rules of this file:
//   - a string is searched once for one question, however often that comes up: a project has as many requests, calls and
//     keys as modules, and where each of them searched every module, cost would grow with the square of the project
//   - modules are read as late as they are needed, so what is said of all of them includes the later ones

// Once is a value that is found when it is first needed. It belongs to one goroutine.
type Once[T any] struct {
	known  bool
	answer T
}

func (o *Once[T]) Of(find func() T) T {
	if !o.known {
		o.answer, o.known = find(), true
	}
	return o.answer
}

// moduleText is what a module's text was found to say.
type moduleText struct {
	stream, headers, makesFetch Once[bool]
	words                       Once[[]jsread.Word]
	helpers                     Once[[]string]
	atTop                       Once[map[string]bool]
}

// Added gives the modules that were read since n of them were seen, and counts them as seen.
func (g *Graph) Added(n *int) []*Module {
	later := g.ReadOrder[*n:]
	*n = len(g.ReadOrder)
	return later
}

// CallsAtTop tells whether a module calls one of its functions when it is
// loaded: export const client = makeClient().
func (m *Module) CallsAtTop(fn string) bool {
	return fn != "" && m.says.atTop.Of(func() map[string]bool {
		out := map[string]bool{}
		for _, of := range []map[string]jsread.Expr{m.Consts, m.Exports} {
			for _, e := range of {
				if e.Kind == jsread.CallExpr {
					out[e.Text] = true
				}
			}
		}
		return out
	})[fn]
}

// CallsNamed lists the project's calls by the last part of their callee, by
// module; of each name the first maxCallers.
func (g *Graph) CallsNamed(name string) []CallAt {
	for _, m := range g.Added(&g.callsSeen) {
		if m.Aside() {
			continue
		}
		own := map[string][]CallAt{}
		for i := range m.Calls {
			c := &m.Calls[i]
			if n := facts.LastName(c.Callee); len(own[n]) < MaxCallers {
				own[n] = append(own[n], CallAt{m, c})
			}
		}
		for n, calls := range own {
			all := g.calls[n]
			at, _ := slices.BinarySearchFunc(all, m.Rel, func(c CallAt, rel string) int { return strings.Compare(c.Mod.Rel, rel) })
			if at < MaxCallers {
				all = slices.Insert(all, at, calls...)
				g.calls[n] = all[:min(len(all), MaxCallers)]
			}
		}
	}
	return g.calls[name]
}
