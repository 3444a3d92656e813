// Package reach finds what keeps a page's request from the handler that makes the token, as both sources say it.
package reach

import (
	"fmt"
	"slices"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/loopback"
	"badsig/checks/rules/meet"
	"badsig/checks/rules/parts"
)

// CORS finds a server that lets no page of another origin read its responses, as both sources say it.
func CORS(f *facts.Facts) []finding.Cause {
	one := len(f.Project.Origins) == 1 && f.Project.Origins[0].Text == f.Target.Origin && !serverHas(f, f.Target.Origin) // the page's address is known
	for _, m := range meet.All(f) {
		s := &f.Project.Servers[m.Server]
		if m.Answered || m.To.Host == "" || !slices.Contains(f.Project.Pages, facts.Place{File: m.Fetch.File, Line: m.Fetch.Line}) || m.Fetch.Proxied || !m.Fetch.Known.Sure() || s.Language != "" || len(meet.RoutesOn(f, m.Server, m.To.Path)) == 0 {
			continue
		}
		at, why, do := parts.Barred(s, m.Fetch, facts.First(f.Target.Origin, "http://localhost:5173"), one && !published(f, s))
		if at == nil {
			continue
		}
		c := finding.New(causes.CORSBlocked, finding.Proven,
			fmt.Sprintf("CORS: the browser blocks the page from reading the response of %s (%s). curl works because it ignores CORS.", m.To.Host, why), at,
			[]finding.Evidence{{Label: "the page requests", Got: m.Fetch.URL, Source: facts.At(m.Fetch.File, m.Fetch.Line)}, {Label: "CORS in the source", Got: why, Source: at.String()}},
			finding.Step{Text: parts.Sentence(parts.InLine(at) + do)}, parts.RestartStep(f))
		return []finding.Cause{meet.BothRead(c, m.Fetch)}
	}
	return nil
}

// published reports an allowed port that a Compose file maps: the page may be requested by it.
func published(f *facts.Facts, s *facts.ServerCode) bool {
	return f.Project.Composed || affix.Any(f.Project.Published, func(p facts.Published) bool {
		return affix.Any(s.CORSOnly, func(o string) bool {
			_, port := loopback.HostPort(o)
			return port == p.Port
		})
	})
}

// serverHas reports a server of the project that listens where the page's dev server would: one of them takes another port.
func serverHas(f *facts.Facts, origin string) bool {
	_, port := loopback.HostPort(origin)
	return f.Project.ListensOn(port)
}
