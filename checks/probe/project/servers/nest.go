package servers

import (
	"badsig/checks/facts"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
)

// NestPrefix is what app.setGlobalPrefix puts before every path.
func NestPrefix(p *picture.Reader, s *picture.Server) string {
	if s == nil {
		return ""
	}
	for _, m := range s.Mods {
		for _, c := range m.Others {
			if facts.LastName(c.Callee) == "setGlobalPrefix" && len(c.Args) > 0 {
				if t, ok := p.TextOf(modules.View{M: m, At: c.Scope, E: c.Args[0]}); ok {
					return t.Text
				}
			}
		}
	}
	return ""
}
