package modules

import (
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
)

// Rules of this file:
//   - a function that a framework runs on its server for a call in the page is the server's, whatever file it is in

// MakesServerFunction tells a call whose function a front end imports and calls and its framework runs on the server:
// TanStack Start's createServerFn().handler(f), Astro's defineAction({ handler: f }), SvelteKit's command(f).
func (m *Module) MakesServerFunction(c *jsread.Call) bool {
	switch name := facts.LastName(c.Callee); {
	case name == "handler" && c.On != nil:
		return beginsWith(*c.On, "createServerFn")
	case name == "handler":
		return strings.HasPrefix(c.Callee, "createServerFn")
	case c.Callee == "defineAction":
		return ImportsFrom(m, c.Callee, "astro:actions")
	case c.Callee == "query" || c.Callee == "command" || c.Callee == "form":
		return ImportsFrom(m, c.Callee, "$app/server")
	}
	return false
}

// beginsWith reports a chain of calls that a function's call begins.
func beginsWith(e jsread.Expr, name string) bool {
	for n := 0; e.On != nil && n < 64; n++ {
		e = *e.On
	}
	return strings.HasPrefix(e.Text, name)
}

// InServerFunction reports a line in such a function.
func (m *Module) InServerFunction(line int) bool {
	for i := range m.Calls {
		c := &m.Calls[i]
		if !m.MakesServerFunction(c) {
			continue
		}
		for _, a := range c.Args {
			for _, f := range append(a.Parts, a) {
				if f.Kind == jsread.Func && m.spans(f.Fn, line) {
					return true
				}
			}
		}
	}
	return false
}

// spans reports a function that a line lies in.
func (m *Module) spans(f jsread.Scope, line int) bool {
	for _, s := range m.Funcs {
		if s.Scope == f {
			return s.First <= line && line <= s.Last
		}
	}
	return false
}
