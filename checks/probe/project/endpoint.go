package project

import (
	"badsig/checks/affix"
	"badsig/checks/loopback"
	"fmt"
	"net/url"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/project/fronts"
	"badsig/checks/probe/project/langs"
	"badsig/checks/probe/project/picture"
	"badsig/checks/probe/project/resolve"
	"badsig/checks/probe/project/sites"
)

// Rules of this file:
//   - the endpoint is what the front end requests, if that leads to a place where a token is made; else the way to that place
//   - a route that has nothing to do with Stream's token is never chosen
//   - where tokens are made and no request of HTTP leads there, there is no endpoint

// unknownPort is the address of a route whose port isn't known.
var unknownPort = affix.TrimSuffix(facts.DefaultURL, facts.PathOf(facts.DefaultURL))

// tokenURL finds the token endpoint in the project's source, and where it says so.
func tokenURL(p *picture.Reader) (u, from string) {
	ways := httpEntries(p)
	asked, askedAt := "", ""
	for _, x := range p.Facts.Fetches {
		to := fetchedURL(p, x)
		if to == "" {
			if u := withoutBase(p, x, ways); u != "" {
				return u, facts.At(x.File, x.Line)
			}
			continue
		}
		for _, e := range ways {
			if langs.Answers(e, x.Method, to) {
				return to, facts.At(x.File, x.Line)
			}
		}
		if langs.LangAnswers(p, x.Method, to) {
			return to, facts.At(x.File, x.Line)
		}
		if whole := completed(p, x, to, ways); whole != "" {
			return whole, facts.At(x.File, x.Line)
		}
		if asked == "" && !(len(ways) > 0 && x.Takes == "" && otherRoute(p, to, ways)) && fronts.FetchScore(x) >= fronts.FetchScore(p.Facts.Fetches[0]) && (len(p.Sites) > 0 || len(p.Others) > 0 || speaksOfTokens(to) || x.Product != "" && !sites.LoginPath(to) && (x.Takes != "" || oneOfStream(p))) {
			asked, askedAt = to, facts.At(x.File, x.Line)
		}
	}
	others := affix.Any(p.Entries, func(e *picture.Entry) bool { return e.Kind != facts.EntryScript })
	if asked != "" && (len(ways) > 0 || !others) {
		return asked, askedAt
	}
	for _, e := range ways {
		route, ok := langs.FillRoute(p, e.Path, pathUser(p, e))
		if !ok || route == "" {
			continue
		}
		for _, port := range portsFor(p, e.ServerOf) {
			if port.Port > 0 {
				return fmt.Sprintf("http://localhost:%d%s", port.Port, route), facts.At(e.File, e.Line)
			}
		}
	}
	if u, from := langs.LangURL(p); u != "" {
		return u, from
	}
	for _, e := range ways { // the route is known, its port is not
		if route, ok := langs.FillRoute(p, e.Path, pathUser(p, e)); ok && route != "" {
			return unknownPort + route, "default"
		}
	}
	if route := langs.LangRoute(p); route != "" {
		return unknownPort + route, "default"
	}
	if u, from := routeByName(p); u != "" {
		return u, from
	}
	if len(ways) == 0 && affix.Any(p.Entries, func(e *picture.Entry) bool { return e.Known.Sure() }) {
		return "", facts.NoEndpoint
	}
	return facts.DefaultURL, "default"
}

// oneOfStream reports whether one request alone is made where Stream's client gets its token.
func oneOfStream(p *picture.Reader) bool {
	n := 0
	for _, x := range p.Facts.Fetches {
		if x.Product != "" {
			n++
		}
	}
	return n == 1
}

// otherRoute reports a URL for which a server has a route that leads to no token.
func otherRoute(p *picture.Reader, to string, ways []*picture.Entry) bool {
	u, err := url.Parse(to)
	if err != nil || affix.Any(ways, func(e *picture.Entry) bool { return langs.RouteFits(e.Path, u.Path) }) {
		return false
	}
	return affix.Any(p.Servers, func(s *picture.Server) bool {
		return affix.Any(s.Routes, func(r picture.RouteAt) bool {
			return r.Path != "/" && !affix.ContainsAny(r.Path, "*") && langs.RouteFits(r.Path, u.Path)
		})
	})
}

// completed is the URL of the one way to a token that begins with what could be
// read of a request's; "" where none does, or several do.
func completed(p *picture.Reader, x facts.Fetch, to string, ways []*picture.Entry) string {
	u, err := url.Parse(to)
	if err != nil || x.Known != facts.IsAssumed {
		return ""
	}
	found := ""
	for _, e := range ways {
		if e.Method != "ANY" && e.Method != "" && !strings.EqualFold(x.Method, e.Method) || !affix.HasPrefix(e.Path, affix.TrimSuffix(u.Path, "/")+"/") {
			continue
		}
		route, ok := langs.FillRoute(p, e.Path, pathUser(p, e))
		if !ok || route == "" || found != "" {
			return ""
		}
		found = u.Scheme + "://" + u.Host + route
	}
	return found
}

// pathUser is the parameter of an entry's path that is the user's ID, "" for none.
func pathUser(p *picture.Reader, e *picture.Entry) string {
	if u := p.Facts.Sites[e.Site].User; u.From == sites.FromPath {
		return u.Name
	}
	return ""
}

// speaksOfTokens tells a URL whose path names a token, or what there is one
// for. A login's is none, where no code of the project makes a token.
func speaksOfTokens(to string) bool {
	u, err := url.Parse(to)
	low := ""
	if err == nil {
		low = strings.ToLower(u.Path)
	}
	return affix.Any([]string{"token", "credential", "stream", "jwt", "chat", "video"}, func(w string) bool { return affix.Contains(low, w) })
}

// httpEntries are the ways to a token that a request can take, likeliest first.
func httpEntries(p *picture.Reader) []*picture.Entry {
	var out []*picture.Entry
	for _, e := range p.Entries {
		if (e.Kind == facts.EntryHTTP || e.Kind == facts.EntryLogin) && e.Path != "" {
			out = append(out, e)
		}
	}
	return out
}

// signAsRequested makes the signing call for the target's URL the one that
// its server is judged by: a program may make tokens in several places.
func signAsRequested(p *picture.Reader, f *facts.Facts) {
	e := resolve.EntryFor(p, f.Target.URL)
	if e == nil || e.ServerOf == nil || e.ServerOf.Fact >= len(p.Facts.Servers) {
		return
	}
	code := &p.Facts.Servers[e.ServerOf.Fact]
	if e.User.From != "" {
		p.Facts.Sites[e.Site].User = e.User
	}
	site := p.Sites[e.Site]
	if site.Use != nil && site.Use != e.ServerOf.Sign {
		e.ServerOf.Sign = site.Use
		code.SecretRead, code.RandomSecret = readsOf(site.Use), false
		for _, l := range site.Use.Leaves {
			code.RandomSecret = code.RandomSecret || l.Random
		}
	}
	if site.KeyUse != nil && site.KeyUse != e.ServerOf.Key {
		e.ServerOf.Key = site.KeyUse
		code.KeyRead = readsOf(site.KeyUse)
	}
}

// fetchedURL is where a front end's request goes on this machine, "" where
// that is another one or cannot be told.
func fetchedURL(p *picture.Reader, x facts.Fetch) string {
	// An Android emulator calls its host 10.0.2.2.
	if u := strings.NewReplacer("//0.0.0.0", "//127.0.0.1", "//10.0.2.2", "//localhost").Replace(x.URL); loopback.IsURL(u) {
		return u
	}
	if u, ok := lanURL(x.URL); ok { // a phone calls the developer's machine by its address
		return u
	}
	if !affix.HasPrefix(x.URL, "/") {
		return ""
	}
	f := p.FrontOf(x.File)
	if f == nil {
		return ""
	}
	if to, ok := fronts.Carried(f, x.URL); ok && loopback.IsURL(to) {
		return to
	}
	for _, s := range p.Servers { // a program of the package hands out the pages, and no script starts the framework's own server
		if f.Start != nil || s.Pkg != f.Pkg || s.Frame != "" || s.Entry == nil {
			continue
		}
		for _, port := range portsFor(p, s) {
			if port.Port > 0 && affix.Any(s.Routes, func(r picture.RouteAt) bool { return langs.RouteFits(r.Path, x.URL) }) {
				return fmt.Sprintf("http://localhost:%d%s", port.Port, x.URL)
			}
		}
	}
	for _, s := range p.Servers { // the framework's own API routes respond at the origin
		if s.Pkg == f.Pkg && s.Frame != "" && f.Origin.Text != "" {
			return f.Origin.Text + x.URL
		}
	}
	return ""
}

// portsFor are the ports of a server as the facts have them.
func portsFor(p *picture.Reader, s *picture.Server) []facts.Port {
	if s == nil || s.Fact >= len(p.Facts.Servers) {
		return nil
	}
	return p.Facts.Servers[s.Fact].Ports
}

// routeByName chooses among the routes of servers whose signing call could not
// be found: those in other languages, and those whose code was not followed.
func routeByName(p *picture.Reader) (u, from string) {
	for i, c := range p.Facts.Servers {
		if len(c.Routes) == 0 {
			continue
		}
		score := picture.RouteScore(c.Routes[0])
		if score <= 0 || i < len(p.Servers) && (score < 8 || len(p.Sites) > 0) || len(c.SecretRead) == 0 && score < 8 {
			continue
		}
		route, ok := langs.FillRoute(p, c.Routes[0].Path, "")
		if !ok {
			continue
		}
		for _, port := range c.Ports {
			if port.Port > 0 {
				r := c.Routes[0]
				return fmt.Sprintf("http://localhost:%d%s", port.Port, route), facts.At(r.File, r.Line)
			}
		}
	}
	return "", ""
}
