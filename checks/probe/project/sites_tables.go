package project

import (
	"path"
	"slices"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/names"
)

// Rules of this file:
//   - a table names the functions that requests run: resolvers, routers, rows of routes

// entryOfObject reads tables of handlers: resolvers of GraphQL, routers of
// tRPC, the fetch of a worker.
func (p *Reader) entryOfObject(x handed) []entry {
	if len(x.keys) == 0 {
		return nil
	}
	last := x.keys[len(x.keys)-1]
	at := facts.Place{File: x.mod.Rel, Line: max(1, x.e.Line)}
	if e, ok := p.tableRow(x, last); ok {
		return []entry{e}
	}
	switch {
	case slices.Contains(x.keys, "callbacks") && (last == "jwt" || last == "session" || last == "signIn"): // NextAuth
		return []entry{{Entry: facts.Entry{Kind: facts.EntryLogin, Path: "", Place: at}, style: "callback", server: p.serverOf(x.mod)}}
	case slices.Contains(x.keys, "Query") || slices.Contains(x.keys, "Mutation"):
		if i := max(slices.Index(x.keys, "Query"), slices.Index(x.keys, "Mutation")); i+1 < len(x.keys) {
			return []entry{{Entry: facts.Entry{Kind: facts.EntryGraphQL, Method: strings.ToUpper(x.keys[i]), Path: x.keys[i+1], Place: at}, style: "graphql", server: p.serverOf(x.mod)}}
		}
	case x.name == "export default" && last == "fetch" && len(x.keys) == 1:
		return p.plainEntries(reaching{f: p.mustFunction(x)}, x.mod, nil)
	case x.name == "export actions", x.name == "actions" && strings.Contains(path.Base(x.mod.Rel), "+page.server"):
		if s := p.serverOf(x.mod); s != nil && s.frame == "sveltekit" {
			return []entry{{Entry: facts.Entry{Kind: facts.EntryAction, Path: last, Place: at}, style: "web", server: s}}
		}
	}
	return nil
}

// handlerKeys are fields of a table's row that hold the function.
var handlerKeys = names.Words("handler", "handle", "callback", "func", "fn", "controller", "action", "execute", "resolve")

// tableRow reads a row of a table of routes: { method: 'post', path: '/x', handler }.
func (p *Reader) tableRow(x handed, last string) (entry, bool) {
	route := ""
	for _, k := range []string{"path", "url", "route", "endpoint", "uri"} {
		if t := textIn(x.row, k); strings.HasPrefix(t, "/") {
			route = t
			break
		}
	}
	if route == "" || !handlerKeys[last] {
		return entry{}, false
	}
	method := strings.ToUpper(textIn(x.row, "method"))
	if method == "" {
		method = "ANY"
	}
	return entry{Entry: facts.Entry{Kind: facts.EntryHTTP, Method: method, Path: route, Place: facts.Place{File: x.mod.Rel, Line: max(1, x.row.Line)}, Known: facts.IsAssumed}, style: p.handlerStyle(x.mod), server: p.serverOf(x.mod)}, true
}

func (p *Reader) mustFunction(x handed) modules.FnRef {
	defer p.Ask()()
	f, _ := p.FunctionIn(modules.Held{Mod: x.mod, At: x.at, E: x.e}, 8)
	return f
}

// keyOfCall is the name under which a router keeps what a call makes.
func (p *Reader) keyOfCall(m *modules.Module, c *jsread.Call) string {
	name := ""
	var walk func(prefix string, e jsread.Expr, depth int)
	walk = func(prefix string, e jsread.Expr, depth int) {
		if depth == 0 || name != "" {
			return
		}
		for i, x := range e.Parts {
			key := prefix
			if i < len(e.Keys) && e.Keys[i] != "" {
				key = e.Keys[i]
			}
			if x.Kind == jsread.CallExpr && x.Line == c.Line && facts.LastName(x.Text) == facts.LastName(c.Callee) {
				name = key
				return
			}
			walk(key, x, depth-1)
		}
	}
	for n, e := range m.Consts {
		if e.Kind == jsread.CallExpr && e.Line == c.Line && facts.LastName(e.Text) == facts.LastName(c.Callee) {
			return n
		}
		walk(n, e, 6)
	}
	for n, e := range m.Exports {
		if e.Kind == jsread.CallExpr && e.Line == c.Line && facts.LastName(e.Text) == facts.LastName(c.Callee) {
			return n
		}
		walk("", e, 6)
	}
	if f := m.Around(c.Scope); name == "" && f != nil {
		return f.Name
	}
	return name
}

// textIn is a literal, or the literal that an object has under a name.
func textIn(e jsread.Expr, key string) string {
	if e.Kind == jsread.Literal {
		return e.Text
	}
	for i, k := range e.Keys {
		if k == key && e.Parts[i].Kind == jsread.Literal {
			return e.Parts[i].Text
		}
	}
	return ""
}
