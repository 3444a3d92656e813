package modules

import (
	"bytes"
	"slices"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/files"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/pattern"
)

// Rules of this file:
//   - a text is searched once for one question, however often that is asked: a project has as many requests, calls and
//     keys as modules, and where each of them searched every module, cost would grow with the square of the project
//   - modules are read as late as they are needed, so what is said of all of them takes in the later ones

// Once is an answer that is found when it is first asked for. It belongs to one goroutine.
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
	bare                        Once[string]
	code                        Once[[]byte]
	helpers                     Once[[]string]
	starts                      Once[[]int]
	atTop                       Once[map[string]bool]
}

// Added gives the modules that were read since n of them were seen, and counts them as seen.
func (g *Graph) Added(n *int) []*Module {
	later := g.ReadOrder[*n:]
	*n = len(g.ReadOrder)
	return later
}

// BareText is the module's text without comments that stand on lines of their own.
func (m *Module) BareText() string {
	return m.says.bare.Of(func() string { return commentLines.ReplaceAllString(string(m.Src), "") })
}

// CodeText is the module's code alone: comments, texts and regular expressions are spaces.
func (m *Module) CodeText() string { return string(m.code()) }

func (m *Module) code() []byte {
	return m.says.code.Of(func() []byte { return jsread.Code(m.Rel, m.Src) })
}

// line gives a line of the module by its number; nil for one that is not there.
func (m *Module) line(n int) []byte { return m.lineIn(m.Src, n) }

// lineIn gives a line of a text that has the module's lines.
func (m *Module) lineIn(text []byte, n int) []byte {
	starts := m.says.starts.Of(func() []int {
		out := []int{0}
		for i := 0; ; {
			k := bytes.IndexByte(m.Src[i:], '\n')
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
		return text[starts[n-1]:]
	}
	return text[starts[n-1]:starts[n]]
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

// SetsHeaders tells a module that may set headers of requests which others make.
func (m *Module) SetsHeaders() bool {
	return m.says.headers.Of(func() bool {
		has := func(text string) bool { return bytes.Contains(m.Src, []byte(text)) }
		return has("interceptors.request") || has("defaults.headers") || has("beforeRequest") || has("onRequest") || has(".create(") && has("headers")
	})
}

// MakesFetch tells a module whose fetch is its own.
func (m *Module) MakesFetch() bool {
	return m.says.makesFetch.Of(func() bool {
		_, declared := m.Consts["fetch"]
		return declared || slices.ContainsFunc(m.Imports, func(i jsread.Import) bool { _, named := i.Names["fetch"]; return named }) ||
			fetchMade.Match(m.Src)
	})
}

// FetchChangedIn tells whether a module of a package has put a fetch of its own in the browser's place.
func (g *Graph) FetchChangedIn(k *Package) bool {
	for _, m := range g.Added(&g.fetchesSeen) {
		if !g.fetchChanged[m.Pkg] && bytes.Contains(m.Src, []byte(".fetch")) && fetchChanged.Match(m.Src) {
			g.fetchChanged[m.Pkg] = true
		}
	}
	return g.fetchChanged[k]
}

var (
	fetchMade    = pattern.New(`\bfunction\s+fetch\b|\b(?:const|let|var)\s*\{[^}]{0,200}\bfetch\b`)
	fetchChanged = pattern.New(`\b(?:window|globalThis|self|global)\.fetch\s*=[^=]`)
)

// CallsNamed lists the project's calls by the last part of their callee, by
// module; of each name the first maxCallers.
func (g *Graph) CallsNamed(name string) []CallAt {
	for _, m := range g.Added(&g.callsSeen) {
		if files.RoleOfPath(m.Rel) != facts.RoleUnknown {
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

var (
	// commentLines begin as comments; ownText is JSON that is no request's: a file's, a variable's.
	commentLines = pattern.New(`(?m)^\s*//.*$|(?ms)^\s*/\*.*?\*/`)
)
