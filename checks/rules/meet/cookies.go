package meet

import (
	"fmt"
	"net/url"
	"slices"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
)

// NoCookies finds a page's request to another origin without its cookies, where the route's guard reads a cookie: fetch
// and axios send none there unless they are told to. That cookies are the way is shown by another request that sends
// them, or by the server's permission for them.
func NoCookies(f *facts.Facts) []finding.Cause {
	for _, m := range All(f) {
		x, s := m.Fetch, &f.Project.Servers[m.Server]
		e := m.Entry(f)
		if e == nil || m.Answered || m.To.Host == "" || !x.Known.Sure() || x.Credentials || x.Auth || x.Native || x.Proxied || x.Session != "" || !s.CORS ||
			affix.Any(x.Headers, func(h string) bool { return h == "*" || h == "authorization" || h == "cookie" }) || !slices.Contains(f.Project.Pages, facts.Place{File: x.File, Line: x.Line}) {
			continue
		}
		i := slices.IndexFunc(e.Guards, func(g facts.Guard) bool {
			return !g.More && (g.Status == 401 || g.Status == 403) && facts.OneOf(g.Headers, "cookie")
		})
		sent := affix.Any(f.Project.Fetches, func(o facts.Fetch) bool {
			u, err := url.Parse(o.URL)
			return o.Credentials && err == nil && u.Host == m.To.Host
		})
		if i < 0 || !sent && s.CORSCookies == 0 {
			continue
		}
		g, at := e.Guards[i], finding.LocAt(x.File, x.Line)
		guard := facts.At(g.File, g.Line)
		return []finding.Cause{BothRead(finding.New(causes.EndpointAuth, finding.Likely,
			fmt.Sprintf("The route lets through only requests with a cookie (%s), and the front end requests it at another origin without sending cookies.", guard), at,
			[]finding.Evidence{{Label: "cookies", Got: "not sent", Want: "sent", Source: at.String()}, {Label: "guard", Got: fmt.Sprint(g.Status, " without the cookie"), Source: guard}},
			finding.Step{Text: fmt.Sprintf("In %s line %d, send the cookies: credentials: 'include' with fetch, withCredentials: true with axios", at.File, at.Line)}), x)}
	}
	return nil
}
