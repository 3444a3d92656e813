package project

import (
	"fmt"
	"slices"
	"strings"

	"badsig/checks/facts"
)

// Rules of this file:
//   - a route of a backend in another language is the endpoint if it leads to a signing call, and writes nothing
//   - a port that only the framework's default names is assumed, until a process of the project is seen on it

// langSite is a signing call with what it reads, of a program.
type langSite struct {
	fact        int // index into Project.Sites
	secret, key []facts.Read
	chain       bool
}

// langWays are the entries of backends in other languages that a request can
// take, likeliest first.
func (p *Reader) langWays() []*facts.Entry {
	var out []*facts.Entry
	for i := range p.facts.Entries {
		e := &p.facts.Entries[i]
		if e.Kind == facts.EntryHTTP && e.Path != "" && e.Server >= 0 && e.Server < len(p.facts.Servers) && p.facts.Servers[e.Server].Language != "" {
			out = append(out, e)
		}
	}
	slices.SortStableFunc(out, func(a, b *facts.Entry) int {
		return entryScore(b) - entryScore(a)
	})
	return out
}

func entryScore(e *facts.Entry) int {
	n := routeScore(facts.Route{Method: e.Method, Path: e.Path})
	if len(e.Writes) > 0 {
		n -= 20
	}
	if e.Known == facts.IsAssumed {
		n -= 5
	}
	return n
}

// langURL is the endpoint of a backend in another language; "" for none.
func (p *Reader) langURL() (u, from string) {
	for _, e := range p.langWays() {
		route, ok := p.fillRoute(e.Path, p.langPathUser(e))
		if !ok || len(e.Writes) > 0 {
			continue
		}
		for _, port := range p.facts.Servers[e.Server].Ports {
			if port.Port > 0 {
				return fmt.Sprintf("http://localhost:%d%s", port.Port, route), facts.At(e.File, e.Line)
			}
		}
	}
	return "", ""
}

// langPathUser is the parameter of an entry's path that is the user; "" for none.
func (p *Reader) langPathUser(e *facts.Entry) string {
	if e.Site >= 0 && e.Site < len(p.facts.Sites) && p.facts.Sites[e.Site].User.From == "path" {
		return p.facts.Sites[e.Site].User.Name
	}
	return ""
}

// langAnswers reports whether a request leads to a signing call of a backend in
// another language.
func (p *Reader) langAnswers(method, to string) bool {
	for _, e := range p.langWays() {
		if (&entry{Entry: *e}).answers(method, to) {
			return true
		}
	}
	return false
}

// langTarget takes the signing call behind the target's URL for its program's,
// and says whether the URL's port is a framework's default only.
func (p *Reader) langTarget(f *facts.Facts) {
	for _, e := range p.langWays() {
		if !(&entry{Entry: *e}).answers("", f.Target.URL) {
			continue
		}
		for _, o := range p.others {
			if o.fact != e.Server {
				continue
			}
			for i, s := range o.sites {
				if s.fact == e.Site {
					o.signs(i)
					p.facts.Servers[o.fact].SecretRead, p.facts.Servers[o.fact].KeyRead = o.code.SecretRead, o.code.KeyRead
				}
			}
			if c := &p.facts.Servers[o.fact]; f.Target.Known.URL == "" && strings.Contains(f.Target.URLSource, ":") && len(c.Ports) == 1 && c.Ports[0].Default && hasPort(c.Ports, f) && p.fetchAt(f.Target.URLSource) == nil {
				f.Target.Known.URL = facts.IsAssumed
			}
		}
		return
	}
}

// fetchAt is the front end's request that stands at a place; nil for none.
func (p *Reader) fetchAt(source string) *facts.Fetch {
	for i := range p.facts.Fetches {
		if x := &p.facts.Fetches[i]; facts.At(x.File, x.Line) == source {
			return x
		}
	}
	return nil
}

// signs makes one of a program's signing calls the one that it is judged by.
func (o *otherProgram) signs(i int) {
	if len(o.sites[i].secret) == 0 {
		return
	}
	o.at = i
	o.code.SecretRead, o.chain = o.sites[i].secret, o.sites[i].chain
	if len(o.sites[i].key) > 0 {
		o.code.KeyRead = o.sites[i].key
	}
}
