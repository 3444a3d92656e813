package rules

import (
	"cmp"
	"fmt"

	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/rules/parts"
)

// Rules of this file, about a page's request of a server on another port, as their sources say it:
//   - a server of which nothing allows another origin lets no page read its response, no matter what the page's origin is
//   - cookies need credentials: true, and a page that a dev server hands out never has the origin of the backend itself
//   - what is written out in one call of cors is known, all else isn't

// sourceCORS finds a server that lets no page of another origin read its responses.
func sourceCORS(f *facts.Facts) []finding.Cause {
	for _, m := range meetings(f) {
		s := &f.Project.Servers[m.server]
		if m.answered || m.to.Host == "" || !m.x.Page || m.x.Proxied || !m.x.Known.Sure() || s.Language != "" || len(routesOn(f, m.server, m.to.Path)) == 0 {
			continue
		}
		at, why, want := finding.LocAt(s.CORSFile, s.CORSLine), "", ""
		own := m.to.Scheme + "://" + m.to.Host
		switch {
		case s.CORSLacks == "all":
			at = finding.LocAt(facts.First(s.AppFile, s.File), s.AppLine)
			why, want = "nothing in the backend allows another origin", "add "+parts.CORSOf(s, pageOf(f), m.x.Credentials).Line+" before the routes"
		case s.CORSLacks == "cookies" && m.x.Credentials:
			at.Line = cmp.Or(s.CORSCookies, s.CORSLine)
			why, want = "the request carries cookies, and the backend doesn't allow them", "set credentials: true"
		case s.CORSLacks == "origin":
			at.Line = cmp.Or(s.CORSOrigin, s.CORSLine)
			why, want = "the backend allows its own origin instead of the page's", "allow the page's origin: origin: '"+pageOf(f)+"'"
		default:
			continue
		}
		front := finding.LocAt(m.x.File, m.x.Line)
		c := finding.New(causes.CORSBlocked, finding.Proven,
			fmt.Sprintf("CORS: the browser blocks the page from reading the response of %s (%s). curl works because it ignores CORS.", own, why), at,
			[]finding.Evidence{{Label: "the page requests", Got: m.x.URL, Source: front.String()}, {Label: "CORS in the source", Got: why, Source: at.String()}},
			finding.Step{Text: parts.Sentence(parts.InLine(at) + want)}, parts.RestartStep(f))
		return []finding.Cause{bothRead(c, m.x)}
	}
	return nil
}

// pageOf is the page's origin, as far as badsig knows it.
func pageOf(f *facts.Facts) string { return facts.First(f.Target.Origin, "http://localhost:5173") }
