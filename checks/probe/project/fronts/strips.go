package fronts

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/pattern"
	"badsig/checks/probe/project/picture"
)

// strips tells a module that removes something from what is called a token: a word before it, or only whitespace and
// quotes around it. What the backend wraps, it may unwrap. token.slice(0, 20) and a search for digits remove nothing.
func strips(m *modules.Module) (word, quotes bool) {
	says := func(s string) bool { return affix.Contains(strings.ToLower(s), "token") }
	for _, list := range [][]jsread.Call{m.Calls, m.Others} {
		for i := range list {
			c := &list[i]
			quotes = quotes || c.Callee == "JSON.parse" && affix.Any(c.Args, func(a jsread.Expr) bool { return says(a.Text) })
			object, name := modules.Receiver(c.Callee)
			if !says(object) && (c.On == nil || !says(c.On.Text)) {
				continue
			}
			arg := jsread.Expr{}
			if len(c.Args) > 0 {
				arg = c.Args[0]
			}
			open := arg.Kind != jsread.Literal && arg.Kind != jsread.Number && !affix.HasPrefix(arg.Text, "/") || affix.Contains(arg.Text, "earer")
			switch facts.LastName(name) {
			case "slice", "substring", "substr":
				word = word || open || arg.Text != "0"
			case "split":
				word = word || open || arg.Text == " "
			case "match", "replace", "replaceAll":
				word = word || open || affix.Contains(arg.Text, "ey") || affix.Contains(arg.Text, `\S`) || affix.Contains(arg.Text, `\w`)
				quotes = true
			case "trim":
				quotes = true
			}
		}
	}
	return word, quotes
}

// converters are the packages that give the fields of what they are handed other names.
var converters = pattern.New(`(?i)camel|humps|snake|change-case|case-convert|keys-transform|map-keys|superjson|devalue`)

// converts reports a module that may rename the fields of what it sends or
// receives: by such a package, by axios' transforms, or by a fetch of its own.
func converts(m *modules.Module) bool {
	for _, i := range m.Imports {
		if converters.MatchString(i.From) && !affix.HasPrefix(i.From, ".") {
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

// Intercepted reports a project in which a function changes a client's responses.
func Intercepted(p *picture.Reader) bool { return affix.Any(p.ReadOrder, changesResponses) }
