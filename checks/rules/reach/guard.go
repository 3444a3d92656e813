package reach

import (
	"net/url"
	"slices"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/rules/meet"
	"badsig/checks/rules/parts"
)

// Guards finds a page's request to another origin without its cookies, where the route's guard reads a cookie, and one
// without an Authorization header, where the guard reads that header alone: fetch and axios send neither unless they are
// told to. That cookies are the way is shown by another request that sends them, or by the server's permission for them.
// What an interceptor or a client's defaults may add counts as sent.
func Guards(f *facts.Facts) []finding.Cause {
	for _, m := range meet.All(f) {
		x, e := m.Fetch, m.Entry(f)
		if e == nil || m.Answered || m.Handed() || !x.Known.Sure() || x.Auth || x.Session != "" || affix.Any(x.Headers, func(h string) bool { return h == "*" || h == "authorization" || h == "cookie" }) {
			continue
		}
		cookies := !x.Credentials && m.To.Host != "" && !x.Native && !x.Proxied && f.Project.Servers[m.Server].CORS && slices.Contains(f.Project.Pages, facts.Place{File: x.File, Line: x.Line}) &&
			(f.Project.Servers[m.Server].CORSCookies > 0 || affix.Any(f.Project.Fetches, func(o facts.Fetch) bool {
				u, err := url.Parse(o.URL)
				return o.Credentials && err == nil && u.Host == m.To.Host
			}))
		for i := range e.Guards {
			g := &e.Guards[i]
			if g.More || g.Status != 401 && g.Status != 403 {
				continue
			}
			what, do := "a cookie", "send the cookies: credentials: 'include' with fetch, withCredentials: true with axios"
			if !cookies || !facts.OneOf(g.Headers, "cookie") {
				if len(g.Headers) != 1 || g.Headers[0] != "authorization" {
					continue
				}
				what, do = "an Authorization header", "send the header: headers: { Authorization: `Bearer ${token}` }"
			}
			guard := facts.At(g.File, g.Line)
			return Found(causes.EndpointAuth, "The route lets through only requests with "+what+" ("+guard+"), and the front end requests it without one.", finding.LocAt(x.File, x.Line), x,
				finding.Evidence{Label: "the request sends", Got: "none", Want: what}, finding.Evidence{Label: "guard", Got: "rejects without " + what, Source: guard}, do)
		}
	}
	return nil
}

// Found is a finding of this room: what is wrong at a place, and the edit.
//
//go:noinline
func Found(id causes.ID, why string, at *finding.Location, x *facts.Fetch, is, beside finding.Evidence, do string, more ...finding.Step) []finding.Cause {
	if is.Source == "" {
		is.Source = at.String()
	}
	sure := finding.Likely
	if !x.Alone && (id == causes.CORSBlocked || id == causes.EndpointMethod || id == causes.EndpointNotFound) {
		sure = finding.Proven
	}
	ev := []finding.Evidence{is, beside}
	if beside.Label == "" {
		ev = ev[:1]
	}
	return []finding.Cause{meet.BothRead(finding.New(id, sure, why, at, ev, append([]finding.Step{{Text: parts.Sentence(parts.InLine(at) + do)}}, more...)...), x)}
}
