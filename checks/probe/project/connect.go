package project

import (
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/files"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
	"badsig/checks/probe/project/sites"
)

// withoutToken tells a call of connectUser that gets no token: it has one
// argument, or the second is null. Anonymous users and guests need none.
func withoutToken(p *picture.Reader, m *modules.Module, c jsread.Call) bool {
	if n := facts.LastName(c.Callee); n != "connectUser" && n != "setUser" || len(c.Args) == 0 || files.RoleOfPath(m.Rel) != facts.RoleUnknown || m.Role == facts.RoleServer {
		return false
	}
	if len(c.Args) > 1 {
		a := c.Args[1]
		if a.Kind != jsread.Ident || a.Text != "undefined" && a.Text != "null" {
			return false
		}
	}
	defer p.Ask()()
	user := sites.ObjectBehind(p, m, c.Scope, c.Args[0])
	if user.Kind != jsread.Object {
		return false
	}
	for i, k := range user.Keys {
		if k == "" || k == "type" || k == "anon" || k == "id" && strings.HasPrefix(user.Parts[i].Text, "!anon") {
			return false
		}
	}
	on, _ := modules.Receiver(c.Callee)
	e := jsread.Expr{Kind: jsread.Ident, Text: on}
	if c.On != nil {
		e = *c.On
	}
	_, ok := sites.ClientBehind(p, m, c.Scope, e, 8)
	return ok
}
