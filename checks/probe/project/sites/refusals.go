package sites

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/servers"
)

// Rules of this file:
//   - a refusal is a status from 401 to 499, or an error that says so, where a condition leads to it

// refuses gives the status with which a stretch of a function ends a request,
// and its line; 0 where it does not.
func (g *guarding) refuses(m *modules.Module, f modules.FnRef, from, to int) (status, line int) {
	if to <= from {
		return 0, 0
	}
	for _, list := range [][]jsread.Call{m.Calls, m.Others} {
		for i := range list {
			c := &list[i]
			if c.At <= from || c.At > to+1 || !jsread.Inside(&m.Module, c.Scope, f.Fn.Own) {
				continue
			}
			if n := servers.StatusOf(c.Callee, c.Args); n >= 400 && n < 500 {
				return n, c.Line
			}
			if name := facts.LastName(c.Callee); name == "redirect" || name == "redirectToSignIn" {
				return 302, c.Line
			}
		}
	}
	for _, x := range f.Fn.Throws {
		if x.At > from && x.At <= to+1 {
			if n := servers.AnyStatus(x.Expr); n >= 400 && n < 500 {
				return n, x.Line
			}
			switch name := strings.ToLower(facts.LastName(affix.TrimPrefix(x.Text, "new "))); {
			case x.Kind != jsread.CallExpr:
			case affix.HasPrefix(name, "unauthorized"), affix.HasPrefix(name, "unauthenticated"):
				return 401, x.Line
			case affix.HasPrefix(name, "forbidden"):
				return 403, x.Line
			}
			if x.Kind == jsread.CallExpr && len(x.Parts) > 0 {
				if t := strings.ToLower(x.Parts[0].Text); affix.Contains(t, "unauth") || affix.Contains(t, "not auth") || affix.Contains(t, "log in") || affix.Contains(t, "sign in") || affix.Contains(t, "forbidden") {
					return 401, x.Line
				}
			}
		}
	}
	return 0, 0
}
