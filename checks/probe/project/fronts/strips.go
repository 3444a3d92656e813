package fronts

import (
	"slices"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/names"
)

// strips reports a module that cuts, replaces or parses something called a token: what the backend wraps, it may unwrap.
func strips(m *modules.Module) bool {
	says := func(s string) bool { return strings.Contains(strings.ToLower(s), "token") }
	for _, list := range [][]jsread.Call{m.Calls, m.Others} {
		for i := range list {
			c := &list[i]
			if c.Callee == "JSON.parse" && slices.ContainsFunc(c.Args, func(a jsread.Expr) bool { return says(a.Text) }) {
				return true
			}
			object, name := modules.Receiver(c.Callee)
			if strippers[facts.LastName(name)] && (says(object) || c.On != nil && says(c.On.Text)) {
				return true
			}
		}
	}
	return false
}

var strippers = names.Words("slice", "substring", "substr", "split", "replace", "replaceAll", "trim", "match")
