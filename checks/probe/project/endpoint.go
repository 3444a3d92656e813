package project

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"badsig/checks/facts"
)

// Rules of this file:
//   - the endpoint is what the front end requests, if that leads to a place where a token is made; else the way to that place
//   - a route that has nothing to do with Stream's token is never chosen
//   - where tokens are made and no request of HTTP leads there, there is no endpoint

// tokenURL finds the token endpoint in the project's source, and where it says so.
func (p *Reader) tokenURL() (u, from string) {
	ways := p.httpEntries()
	asked, askedAt := "", ""
	for _, x := range p.facts.Fetches {
		to := p.fetchedURL(x)
		if to == "" {
			if u := p.withoutBase(x, ways); u != "" {
				return u, facts.At(x.File, x.Line)
			}
			continue
		}
		for _, e := range ways {
			if e.answers(x.Method, to) {
				return to, facts.At(x.File, x.Line)
			}
		}
		if p.langAnswers(x.Method, to) {
			return to, facts.At(x.File, x.Line)
		}
		if asked == "" && fetchScore(x) >= fetchScore(p.facts.Fetches[0]) && (len(p.sites) > 0 || len(p.others) > 0 || speaksOfTokens(to)) {
			asked, askedAt = to, facts.At(x.File, x.Line)
		}
	}
	others := slices.ContainsFunc(p.entries, func(e *entry) bool { return e.Kind != facts.EntryScript })
	if asked != "" && (len(ways) > 0 || !others) {
		return asked, askedAt
	}
	for _, e := range ways {
		route, ok := p.fillRoute(e.Path, p.pathUser(e))
		if !ok || route == "" {
			continue
		}
		for _, port := range p.portsFor(e.server) {
			if port.Port > 0 {
				return fmt.Sprintf("http://localhost:%d%s", port.Port, route), facts.At(e.File, e.Line)
			}
		}
	}
	if u, from := p.langURL(); u != "" {
		return u, from
	}
	for _, e := range ways { // the route is known, its port is not
		if route, ok := p.fillRoute(e.Path, p.pathUser(e)); ok && route != "" {
			base, _ := url.Parse(facts.DefaultURL)
			base.Path = ""
			return base.String() + route, "default"
		}
	}
	if u, from := p.routeByName(); u != "" {
		return u, from
	}
	if len(ways) == 0 && slices.ContainsFunc(p.entries, func(e *entry) bool { return e.Known.Sure() }) {
		return "", facts.NoEndpoint
	}
	return facts.DefaultURL, "default"
}

// pathUser is the parameter of an entry's path that is the user's ID, "" for none.
func (p *Reader) pathUser(e *entry) string {
	if u := p.facts.Sites[e.Site].User; u.From == FromPath {
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
	return slices.ContainsFunc([]string{"token", "credential", "stream", "jwt", "chat", "video"}, func(w string) bool { return strings.Contains(low, w) })
}

// httpEntries are the ways to a token that a request can take, likeliest first.
func (p *Reader) httpEntries() []*entry {
	var out []*entry
	for _, e := range p.entries {
		if (e.Kind == facts.EntryHTTP || e.Kind == facts.EntryLogin) && e.Path != "" {
			out = append(out, e)
		}
	}
	return out
}

// entryFor is the way to a token that a URL leads to; without an endpoint the
// likeliest of all. nil for none.
func (p *Reader) entryFor(to string) *entry {
	for _, e := range p.entries {
		if to == "" && e.Kind != facts.EntryScript || to != "" && (e.Kind == facts.EntryHTTP || e.Kind == facts.EntryLogin) && e.answers("", to) {
			return e
		}
	}
	return nil
}

// signAsRequested makes the signing call behind the target's URL the one that
// its server is judged by: a program may make tokens in several places.
func (p *Reader) signAsRequested(f *facts.Facts) {
	e := p.entryFor(f.Target.URL)
	if e == nil || e.server == nil || e.server.fact >= len(p.facts.Servers) {
		return
	}
	code := &p.facts.Servers[e.server.fact]
	if e.User.From != "" {
		p.facts.Sites[e.Site].User = e.User
	}
	site := p.sites[e.Site]
	if site.use != nil && site.use != e.server.sign {
		e.server.sign = site.use
		code.SecretRead, code.RandomSecret = readsOf(site.use), false
		for _, l := range site.use.leaves {
			code.RandomSecret = code.RandomSecret || l.Random
		}
	}
	if site.keyUse != nil && site.keyUse != e.server.key {
		e.server.key = site.keyUse
		code.KeyRead = readsOf(site.keyUse)
	}
}

// answers tells whether a request leads to an entry.
func (e *entry) answers(method, to string) bool {
	u, err := url.Parse(to)
	if err != nil || !routeFits(e.Path, u.Path) {
		return false
	}
	return method == "" || e.Method == "ANY" || e.Method == "" || strings.EqualFold(method, e.Method)
}

// routeFits tells whether a route's path is that of a URL.
func routeFits(route, path string) bool {
	a, b := strings.Split(strings.Trim(route, "/"), "/"), strings.Split(strings.Trim(path, "/"), "/")
	for i, part := range a {
		if strings.HasPrefix(part, "*") || strings.HasPrefix(part, "[...") || strings.HasPrefix(part, "[[...") {
			return true
		}
		if i >= len(b) {
			return strings.HasSuffix(part, "?") && i == len(a)-1
		}
		if part != b[i] && (part == "" || !strings.ContainsRune(":[{<$", rune(part[0])) || b[i] == "") {
			return false
		}
	}
	return len(a) == len(b)
}

// fetchedURL is where a front end's request goes on this machine, "" where
// that is another one or cannot be told.
func (p *Reader) fetchedURL(x facts.Fetch) string {
	// An Android emulator calls its host 10.0.2.2.
	if u := strings.NewReplacer("//0.0.0.0", "//127.0.0.1", "//10.0.2.2", "//localhost").Replace(x.URL); IsLoopbackURL(u) {
		return u
	}
	if u, ok := lanURL(x.URL); ok { // a phone calls the developer's machine by its address
		return u
	}
	if !strings.HasPrefix(x.URL, "/") {
		return ""
	}
	f := p.frontOf(x.File)
	if f == nil {
		return ""
	}
	if to, ok := f.carried(x.URL); ok && IsLoopbackURL(to) {
		return to
	}
	for _, s := range p.servers { // a program of the package hands out the pages, and no script starts the framework's own server
		if f.start != nil || s.pkg != f.pkg || s.frame != "" || s.entry == nil {
			continue
		}
		for _, port := range p.portsFor(s) {
			if port.Port > 0 && slices.ContainsFunc(s.routes, func(r routeAt) bool { return routeFits(r.Path, x.URL) }) {
				return fmt.Sprintf("http://localhost:%d%s", port.Port, x.URL)
			}
		}
	}
	for _, s := range p.servers { // the framework's own API routes answer at the origin
		if s.pkg == f.pkg && s.frame != "" && f.origin.Text != "" {
			return f.origin.Text + x.URL
		}
	}
	return ""
}

// portsFor are the ports of a server as the facts have them.
func (p *Reader) portsFor(s *server) []facts.Port {
	if s == nil || s.fact >= len(p.facts.Servers) {
		return nil
	}
	return p.facts.Servers[s.fact].Ports
}

// routeByName chooses among the routes of servers whose signing call could not
// be found: those in other languages, and those whose code was not followed.
func (p *Reader) routeByName() (u, from string) {
	for i, c := range p.facts.Servers {
		if len(c.Routes) == 0 {
			continue
		}
		score := routeScore(c.Routes[0])
		if score <= 0 || i < len(p.servers) && (score < 8 || len(p.sites) > 0) || len(c.SecretRead) == 0 && score < 8 {
			continue
		}
		route, ok := p.fillRoute(c.Routes[0].Path, "")
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
