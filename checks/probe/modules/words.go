package modules

import (
	"badsig/checks/affix"
	"badsig/checks/facts"
	"bytes"
	"strings"

	"badsig/checks/probe/jsread"
)

// Rules of this file:
//   - a module's source gives its words alone, so that comments never count, and strings only as strings
//   - that a string isn't in the file spares reading its words; that it is decides nothing

// Words are the tokens of the module's code.
//
//go:noinline
func (m *Module) Words() []jsread.Word {
	if m.Full {
		return nil
	}
	return m.says.words.Of(func() []jsread.Word { return jsread.Words(m.Rel, m.src) })
}

// Holds reports whether the code has these words, one after another: "req . body".
func (m *Module) Holds(words string) bool {
	for w := range strings.FieldsSeq(words) {
		if !bytes.Contains(m.src, []byte(affix.TrimPrefix(w, "'"))) {
			return false
		}
	}
	return jsread.Holds(m.Words(), words)
}

// Mentions reports whether a name or a string of the code contains a string.
func (m *Module) Mentions(text string) bool {
	return bytes.Contains(m.src, []byte(text)) && jsread.Mentions(m.Words(), text)
}

// Metas lists a page's meta elements.
func (m *Module) Metas() []jsread.Meta { return jsread.Metas(m.src) }

// Uses counts how often the code has a name.
func (m *Module) Uses(name string) int {
	n := 0
	for _, w := range m.Words() {
		if w.Text == name && !w.String {
			n++
		}
	}
	return n
}

// Says counts how often the code has a text, as a string or as a name.
func (m *Module) Says(text string) int {
	n := 0
	if !bytes.Contains(m.src, []byte(text)) {
		return n
	}
	for _, w := range m.Words() {
		if w.Text == text {
			n++
		}
	}
	return n
}

// SetsHeaders tells a module that may set headers of requests which others make.
func (m *Module) SetsHeaders() bool {
	return m.says.headers.Of(func() bool {
		return m.Holds("interceptors . request") || m.Holds("defaults . headers") || m.Mentions("beforeRequest") || m.Mentions("onRequest") || m.Holds(". create (") && m.Mentions("headers")
	})
}

// MakesFetch tells a module whose fetch is its own.
func (m *Module) MakesFetch() bool {
	return m.says.makesFetch.Of(func() bool {
		if affix.Any(m.Imports, func(i jsread.Import) bool { _, named := i.Names["fetch"]; return named }) {
			return true
		}
		own := false
		named := func(name string, _ jsread.Expr) { own = own || name == "fetch" }
		jsread.Vars(&m.Module, 0, named)
		jsread.Functions(&m.Module, func(f *jsread.Function) bool {
			jsread.Vars(&m.Module, f.Own, named)
			return !own
		})
		return own
	})
}

// FetchChangedIn tells whether a module of a package has put a fetch of its own in the browser's place.
func (g *Graph) FetchChangedIn(k *Package) bool {
	for _, m := range g.Added(&g.fetchesSeen) {
		g.fetchChanged[m.Pkg] = g.fetchChanged[m.Pkg] || affix.Any(m.Assigned, func(f jsread.Field) bool {
			return f.Name == "fetch" && facts.OneOf([]string{"window", "globalThis", "self", "global"}, f.Object)
		})
	}
	return g.fetchChanged[k]
}

// usesBrowser tells code that names what only a browser has.
func (m *Module) usesBrowser() bool {
	for _, has := range []string{"document .", "window .", "localStorage .", "sessionStorage .", "new URLSearchParams ( location", "location . search", "location . href", "location . hash", "location . origin"} {
		if m.Holds(has) {
			return true
		}
	}
	return false
}

// VisitCalls visits all calls of a module, those that badsig knows the callee of first.
//
//go:noinline
func VisitCalls(m *Module, visit func(c *jsread.Call)) {
	for _, list := range [][]jsread.Call{m.Calls, m.Others} {
		for i := range list {
			visit(&list[i])
		}
	}
}
