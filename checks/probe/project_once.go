package probe

import (
	"bytes"
	"iter"
	"slices"
	"strings"

	"badsig/checks/probe/jsread"
	"badsig/checks/probe/pattern"
)

// Rules of this file:
//   - a text is searched once for one question, however often that is asked: a project has as many requests, calls and
//     keys as modules, and where each of them searched every module, cost would grow with the square of the project
//   - modules are read as late as they are needed, so what is said of all of them takes in the later ones

// once is an answer that is found when it is first asked for. It belongs to one goroutine.
type once[T any] struct {
	known  bool
	answer T
}

func (o *once[T]) of(find func() T) T {
	if !o.known {
		o.answer, o.known = find(), true
	}
	return o.answer
}

// moduleText is what a module's text was found to say.
type moduleText struct {
	stream, headers, makesFetch once[bool]
	bare                        once[string]
	helpers                     once[[]string]
	starts                      once[[]int]
	atTop                       once[map[string]bool]
}

// added gives the modules that were read since n of them were seen, and counts them as seen.
func (g *graph) added(n *int) []*module {
	later := g.readOrder[*n:]
	*n = len(g.readOrder)
	return later
}

// bareText is the module's text without comments that stand on lines of their own.
func (m *module) bareText() string {
	return m.says.bare.of(func() string { return commentLines.ReplaceAllString(string(m.src), "") })
}

// line gives a line of the module by its number; nil for one that is not there.
func (m *module) line(n int) []byte {
	starts := m.says.starts.of(func() []int {
		out := []int{0}
		for i := 0; ; {
			k := bytes.IndexByte(m.src[i:], '\n')
			if k < 0 {
				return out
			}
			i += k + 1
			out = append(out, i)
		}
	})
	if n < 1 || n > len(starts) {
		return nil
	}
	if n == len(starts) {
		return m.src[starts[n-1]:]
	}
	return m.src[starts[n-1]:starts[n]]
}

// callsAtTop tells whether a module calls one of its functions when it is
// loaded: export const client = makeClient().
func (m *module) callsAtTop(fn string) bool {
	return fn != "" && m.says.atTop.of(func() map[string]bool {
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

// setsHeaders tells a module that may set headers of requests which others make.
func (m *module) setsHeaders() bool {
	return m.says.headers.of(func() bool {
		has := func(text string) bool { return bytes.Contains(m.src, []byte(text)) }
		return has("interceptors.request") || has("defaults.headers") || has("beforeRequest") || has("onRequest") || has(".create(") && has("headers")
	})
}

// addsHeaders tells whether something stands between a front end's client and
// the network that may set headers of its own.
func (f *front) addsHeaders() bool {
	return f.headers.of(func() bool { return slices.ContainsFunc(f.mods, (*module).setsHeaders) })
}

// makesFetch tells a module whose fetch is its own.
func (m *module) makesFetch() bool {
	return m.says.makesFetch.of(func() bool {
		_, declared := m.Consts["fetch"]
		return declared || slices.ContainsFunc(m.Imports, func(i jsread.Import) bool { _, named := i.Names["fetch"]; return named }) ||
			fetchMade.Match(m.src)
	})
}

// fetchChangedIn tells whether a module of a package has put a fetch of its own in the browser's place.
func (g *graph) fetchChangedIn(k *pkg) bool {
	for _, m := range g.added(&g.fetchesSeen) {
		if !g.fetchChanged[m.pkg] && bytes.Contains(m.src, []byte(".fetch")) && fetchChanged.Match(m.src) {
			g.fetchChanged[m.pkg] = true
		}
	}
	return g.fetchChanged[k]
}

var (
	fetchMade    = pattern.New(`\bfunction\s+fetch\b|\b(?:const|let|var)\s*\{[^}]{0,200}\bfetch\b`)
	fetchChanged = pattern.New(`\b(?:window|globalThis|self|global)\.fetch\s*=[^=]`)
)

// linesWith gives the lines of a text that hold a word.
func linesWith(src []byte, word string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for {
			at := bytes.Index(src, []byte(word))
			if at < 0 {
				return
			}
			from := bytes.LastIndexByte(src[:at], '\n') + 1
			to := bytes.IndexByte(src[at:], '\n')
			if to < 0 {
				yield(string(src[from:]))
				return
			}
			if !yield(string(src[from : at+to+1])) {
				return
			}
			src = src[at+to+1:]
		}
	}
}

// callsNamed lists the project's calls by the last part of their callee, by
// module; of each name the first maxCallers.
func (g *graph) callsNamed(name string) []callAt {
	for _, m := range g.added(&g.callsSeen) {
		if roleOfPath(m.rel) != RoleUnknown {
			continue
		}
		own := map[string][]callAt{}
		for i := range m.Calls {
			c := &m.Calls[i]
			if n := lastName(c.Callee); len(own[n]) < maxCallers {
				own[n] = append(own[n], callAt{m, c})
			}
		}
		for n, calls := range own {
			all := g.calls[n]
			at, _ := slices.BinarySearchFunc(all, m.rel, func(c callAt, rel string) int { return strings.Compare(c.mod.rel, rel) })
			if at < maxCallers {
				all = slices.Insert(all, at, calls...)
				g.calls[n] = all[:min(len(all), maxCallers)]
			}
		}
	}
	return g.calls[name]
}
