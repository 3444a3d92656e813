package slips

import (
	"badsig/checks/affix"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
	"badsig/checks/probe/project/sites"
)

// Rules of this file:
//   - a function without a return gives its caller undefined
//   - a token that is handed on in another way (a callback, a member, another variable) needs no return

// noReturn tells a function that makes the token and gives nothing back, where its caller keeps what it gives.
func noReturn(p *picture.Reader, s *picture.Site) (used bool) {
	m, c := s.Mod, s.Call
	fn := m.Around(c.Scope)
	if fn == nil || fn.Name == "" || fn.Getter || !m.Strict || len(m.Changed) > 0 {
		return false
	}
	for i := range fn.Returns {
		if r := &fn.Returns[i]; r.Kind != jsread.None && !modules.IsUndefined(r.Expr) {
			return false
		}
	}
	kept, passed := c.Callee, false
	jsread.Vars(&m.Module, c.Scope, func(name string, x jsread.Expr) {
		if keeps(&x, c) {
			kept = name
		} else {
			passed = passed || sites.MentionsName(x, kept, 6)
		}
	})
	for at := jsread.Outer(&m.Module, c.Scope); at >= 0; at = jsread.Outer(&m.Module, at) {
		jsread.Vars(&m.Module, at, func(_ string, x jsread.Expr) {
			passed = passed || sites.MentionsName(x, kept, 6) || sites.MentionsName(x, c.Callee, 6) || x.Kind == jsread.None
		})
	}
	modules.VisitCalls(m, func(o *jsread.Call) {
		passed = passed || jsread.Inside(&m.Module, o.Scope, fn.Own) && !affix.HasPrefix(o.Callee, "console.") &&
			affix.Any(o.Args, func(a jsread.Expr) bool {
				return sites.MentionsName(a, kept, 6) || sites.MentionsName(a, c.Callee, 6)
			})
	})
	for i := range m.Assigned {
		passed = passed || jsread.Inside(&m.Module, m.Assigned[i].Scope, fn.Own)
	}
	for _, o := range p.Hands.Calls[fn.Name] {
		if g, ok := p.CalledFunction(o.Mod, o.Call.Scope, o.Call.Expr(), 8); !passed && ok && g.Fn == fn {
			jsread.Vars(&o.Mod.Module, o.Call.Scope, func(_ string, x jsread.Expr) { used = used || keeps(&x, o.Call) })
		}
	}
	return used
}

// keeps reports a variable that holds what a call gives.
//
//go:noinline
func keeps(x *jsread.Expr, c *jsread.Call) bool {
	return x.Kind == jsread.CallExpr && x.Text == c.Callee && x.Line == c.Line
}
