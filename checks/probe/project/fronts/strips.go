package fronts

import (
	"slices"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/names"
	"badsig/checks/probe/pattern"
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
			if len(c.Args) == 1 && c.Args[0].Kind == jsread.Literal && c.Args[0].Text == "." {
				continue // split('.') reads the token's parts
			}
			if strippers[facts.LastName(name)] && (says(object) || c.On != nil && says(c.On.Text)) {
				return true
			}
		}
	}
	return false
}

// converters are the packages that give the fields of what they are handed other names.
var converters = pattern.New(`(?i)camel|humps|snake|change-case|case-convert|keys-transform|map-keys|superjson|devalue`)

// converts reports a module that may rename the fields of what it sends or
// receives: by such a package, by axios' transforms, or by a fetch of its own.
func converts(m *modules.Module) bool {
	for _, i := range m.Imports {
		if converters.MatchString(i.From) && !strings.HasPrefix(i.From, ".") {
			return true
		}
	}
	ws := m.Words()
	for i, w := range ws {
		switch {
		case w.String:
		case w.Text == "transformRequest" || w.Text == "transformResponse":
			return true
		case w.Text == "fetch" && i > 1 && ws[i-1].Text == "." && (ws[i-2].Text == "window" || ws[i-2].Text == "globalThis") && jsread.Follows(ws, i+1, "="):
			return true
		}
	}
	return false
}

var strippers = names.Words("slice", "substring", "substr", "split", "replace", "replaceAll", "trim", "match")
