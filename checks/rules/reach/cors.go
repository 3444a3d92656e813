// Package reach finds what keeps a page's request from the handler that makes the token, as both sources say it.
package reach

import (
	"fmt"
	"slices"

	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/loopback"
	"badsig/checks/rules/meet"
	"badsig/checks/rules/parts"
)

// CORS finds a server that lets no page of another origin read its responses, as both sources say it.
func CORS(f *facts.Facts) []finding.Cause {
	one := len(f.Project.Origins) == 1 && len(f.Project.Published) == 0 && !f.Project.Composed && f.Project.Origins[0].Text == f.Target.Origin && !serverHas(f, f.Target.Origin) // the page's address is known
	for _, m := range meet.All(f) {
		s := &f.Project.Servers[m.Server]
		if m.Answered || m.To.Host == "" || !slices.Contains(f.Project.Pages, facts.Place{File: m.Fetch.File, Line: m.Fetch.Line}) || m.Fetch.Proxied || !m.Fetch.Known.Sure() || s.Language != "" || len(meet.RoutesOn(f, m.Server, m.To.Path)) == 0 {
			continue
		}
		at, why, do := parts.Barred(s, m.Fetch, facts.First(f.Target.Origin, "http://localhost:5173"), one)
		if at == nil {
			continue
		}
		return Found(causes.CORSBlocked, fmt.Sprintf("CORS: the browser blocks the page from reading the response of %s (%s). curl works because it ignores CORS.", m.To.Host, why), at, m.Fetch,
			finding.Evidence{Label: "the page requests", Got: m.Fetch.URL, Source: facts.At(m.Fetch.File, m.Fetch.Line)}, finding.Evidence{Label: "CORS in the source", Got: why, Source: at.String()}, do, parts.RestartStep(f))
	}
	return nil
}

// serverHas reports a server of the project that listens where the page's dev server would: one of them takes another port.
func serverHas(f *facts.Facts, origin string) bool {
	_, port := loopback.HostPort(origin)
	return f.Project.ListensOn(port)
}
