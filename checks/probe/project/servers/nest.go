package servers

import (
	"slices"

	"badsig/checks/facts"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
	"badsig/checks/probe/project/values"
)

// NestPrefix is what app.setGlobalPrefix puts before every path.
func NestPrefix(p *picture.Reader, s *picture.Server) string {
	if s == nil {
		return ""
	}
	for _, m := range s.Mods {
		for _, c := range slices.Concat(m.Others, m.Calls) {
			for _, a := range c.Args { // createExpressServer({ routePrefix: '/api' })
				if facts.OneOf(a.Keys(), "routePrefix") {
					return values.TextIn(p, modules.View{M: m, At: c.Scope, E: a}, "routePrefix")
				}
			}
			if facts.LastName(c.Callee) == "setGlobalPrefix" && len(c.Args) > 0 {
				if t, ok := p.TextOf(modules.View{M: m, At: c.Scope, E: c.Args[0]}); ok {
					return t.Text
				}
			}
		}
	}
	return ""
}
