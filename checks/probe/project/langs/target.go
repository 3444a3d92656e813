package langs

import (
	"fmt"
	"net/url"
	"sort"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/names"
	"badsig/checks/probe/project/picture"
)

// Rules of this file:
//   - a route of a backend in another language is the endpoint if it leads to a signing call, and writes nothing
//   - a port that only the framework's default names is assumed, until a process of the project is seen on it

// langWays are the entries of backends in other languages that a request can
// take, likeliest first.
func langWays(p *picture.Reader) []*facts.Entry {
	var out []*facts.Entry
	for i := range p.Facts.Entries {
		e := &p.Facts.Entries[i]
		if e.Kind == facts.EntryHTTP && e.Path != "" && e.Server >= 0 && e.Server < len(p.Facts.Servers) && p.Facts.Servers[e.Server].Language != "" {
			out = append(out, e)
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return entryScore(out[i]) > entryScore(out[j]) })
	return out
}

func entryScore(e *facts.Entry) int {
	n := picture.RouteScore(facts.Route{Method: e.Method, Path: e.Path})
	if len(e.Writes) > 0 {
		n -= 20
	}
	if e.Known == facts.IsAssumed {
		n -= 5
	}
	return n
}

// LangURL is the endpoint of a backend in another language; "" for none.
func LangURL(p *picture.Reader) (u, from string) {
	for _, e := range langWays(p) {
		route, ok := FillRoute(p, e.Path, langPathUser(p, e))
		if !ok || len(e.Writes) > 0 {
			continue
		}
		for _, port := range p.Facts.Servers[e.Server].Ports {
			if port.Port > 0 {
				return fmt.Sprintf("http://localhost:%d%s", port.Port, route), facts.At(e.File, e.Line)
			}
		}
	}
	return "", ""
}

// LangRoute is the route of the likeliest of them, with the user's parameter filled in; "" for none.
func LangRoute(p *picture.Reader) string {
	for _, e := range langWays(p) {
		if route, ok := FillRoute(p, e.Path, langPathUser(p, e)); ok && len(e.Writes) == 0 {
			return route
		}
	}
	return ""
}

// langPathUser is the parameter of an entry's path that is the user; "" for none.
func langPathUser(p *picture.Reader, e *facts.Entry) string {
	if e.Site >= 0 && e.Site < len(p.Facts.Sites) && p.Facts.Sites[e.Site].User.From == "path" {
		return p.Facts.Sites[e.Site].User.Name
	}
	return ""
}

// LangAnswers reports whether a request leads to a signing call of a backend in
// another language.
func LangAnswers(p *picture.Reader, method, to string) bool {
	for _, e := range langWays(p) {
		if Answers((&picture.Entry{Entry: *e}), method, to) {
			return true
		}
	}
	return false
}

// LangTarget makes the signing call for the target's URL its program's,
// and says whether the URL's port is a framework's default only.
func LangTarget(p *picture.Reader, f *facts.Facts) {
	for _, e := range langWays(p) {
		if !Answers((&picture.Entry{Entry: *e}), "", f.Target.URL) {
			continue
		}
		for _, o := range p.Others {
			if o.Fact != e.Server {
				continue
			}
			for i, s := range o.Sites {
				if s.Fact == e.Site {
					signs(o, i)
					p.Facts.Servers[o.Fact].SecretRead, p.Facts.Servers[o.Fact].KeyRead = o.Code.SecretRead, o.Code.KeyRead
				}
			}
			if c := &p.Facts.Servers[o.Fact]; f.Target.Known.URL == "" && affix.Contains(f.Target.URLSource, ":") && len(c.Ports) == 1 && !c.Ports[0].Known().Sure() && HasPort(c.Ports, f) && fetchAt(p, f.Target.URLSource) == nil {
				f.Target.Known.URL = facts.IsAssumed
			}
		}
		return
	}
}

// fetchAt is the front end's request that is at a place; nil for none.
func fetchAt(p *picture.Reader, source string) *facts.Fetch {
	for i := range p.Facts.Fetches {
		if x := &p.Facts.Fetches[i]; facts.At(x.File, x.Line) == source {
			return x
		}
	}
	return nil
}

// signs makes one of a program's signing calls the one that it is judged by.
func signs(o *picture.OtherProgram, i int) {
	if len(o.Sites[i].Secret) == 0 {
		return
	}
	o.At = i
	o.Code.SecretRead, o.Chain = o.Sites[i].Secret, o.Sites[i].Chain
	if len(o.Sites[i].Key) > 0 {
		o.Code.KeyRead = o.Sites[i].Key
	}
}

// FillRoute puts the user into a route's parameter, which may have a name that
// only its handler tells; ok is false where it has another.
func FillRoute(p *picture.Reader, route, user string) (string, bool) {
	parts := strings.Split(route, "/")
	for i, part := range parts {
		switch name := affix.TrimSuffix(strings.Trim(part, ":[]{}<>"), "?"); {
		case !affix.ContainsAny(part, ":*[{<("):
		case names.IsUserName(name), user != "" && name == user, affix.HasPrefix(part, "<") && names.IsUserName(name[strings.LastIndexByte(name, ':')+1:]): // <str:user_id>
			parts[i] = url.PathEscape(p.World.Target.UserID)
		default:
			return "", false
		}
	}
	return strings.Join(parts, "/"), true
}
