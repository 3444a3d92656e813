package fronts

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
)

// Rules of this file:
//   - a segment of a path that only the page knows leaves a hole; which route the request reaches may be known all the same
//   - the value of a parameter of the query changes neither the route nor the fields: it's the user's where its name says so
//   - a hole is the user where the route says so there, and where no route of the project fits no matter what it is

const hole = "{}"

// joined puts the pieces of a template together. A first piece that is not
// known leaves the path, a segment of the path a hole; any other one ends what
// can be told.
func joined(p *picture.Reader, f *picture.Front, v modules.View, parts []jsread.Expr, depth int) address {
	var a address
	for i, part := range parts {
		x := addressOf(p, f, v.Of(&part), depth-1)
		if !x.whole && x.text == "" && segment(a, parts, i) {
			if a.open == nil {
				c := a
				a.open = &c
				a.add(x)
			}
			a.open.text += hole
			continue
		}
		if !x.whole && x.text == "" && a.open == nil && idInQuery(a.text) { // ?userId=${account}
			x = address{text: p.World.Target.UserID, whole: true}
		}
		if a.open != nil {
			a.open.add(x)
		} else {
			a.add(x)
		}
		if len(a.text) > modules.MaxText {
			return a
		}
		if !x.whole {
			a.open = nil
			if i == 0 && len(parts) > 1 && x.text == "" {
				a.assumed = true
				continue
			}
			return a
		}
	}
	a.whole = a.open == nil
	return a
}

// idInQuery tells a URL that goes on with the value of a parameter that says who sends the request.
func idInQuery(text string) bool {
	_, query, _ := affix.Cut(text, "?")
	last := query[strings.LastIndexByte(query, '&')+1:]
	return len(last) > 1 && strings.IndexByte(last, '=') == len(last)-1 && facts.HasID([]string{last[:len(last)-1]})
}

// segment tells a piece that is a whole segment of a path.
func segment(a address, parts []jsread.Expr, i int) bool {
	before := a.text
	if a.open != nil {
		before = a.open.text
	}
	if !affix.HasSuffix(before, "/") || len(afterHost(before)) < 2 {
		return false
	}
	return i+1 == len(parts) || parts[i+1].Kind == jsread.Literal && parts[i+1].Text != "" && strings.ContainsRune("/?", rune(parts[i+1].Text[0]))
}

// fillHoles settles the requests with a hole, once the routes are known: the
// user's ID is in it where the route has the user there, or where no
// route fits; else the request is known up to there.
func fillHoles(p *picture.Reader) {
	for i := range p.Facts.Fetches {
		x := &p.Facts.Fetches[i]
		if !affix.Contains(x.URL, hole) {
			continue
		}
		fill := p.World.Target.UserID
		if routes := routesLike(p, facts.PathOf(arrives(x))); len(routes) > 0 || !anyRoute(p) {
			if !affix.Any(p.Entries, func(e *picture.Entry) bool {
				return (e.User.From == "path" || e.User.From == "constant") && facts.OneOf(routes, e.Path) && takesUserAt(e, facts.PathOf(arrives(x)))
			}) {
				fill = ""
			}
		}
		if fill == "" {
			x.Known = facts.IsAssumed
			x.URL, _, _ = affix.Cut(x.URL, hole)
			x.To, _, _ = affix.Cut(x.To, hole)
			continue
		}
		x.URL, x.To = affix.ReplaceAll(x.URL, hole, fill), affix.ReplaceAll(x.To, hole, fill)
	}
}

// arrives is where a request arrives: after a proxy that rewrites its path, at
// what the proxy makes of it.
func arrives(x *facts.Fetch) string {
	if x.To != "" {
		return x.To
	}
	return x.URL
}

func anyRoute(p *picture.Reader) bool {
	return affix.Any(p.Servers, func(s *picture.Server) bool { return len(s.Routes) > 0 })
}

// routesLike lists the routes that a path with holes may reach.
func routesLike(p *picture.Reader, path string) []string {
	var out []string
	try := func(route string) {
		if !facts.OneOf(out, route) && fitsHoles(route, path) {
			out = append(out, route)
		}
	}
	for _, s := range p.Servers {
		for _, r := range s.Routes {
			try(r.Path)
		}
	}
	for _, e := range p.Entries {
		try(e.Path)
	}
	return out
}

// fitsHoles is facts.PathFits for a path with holes, which hold anything.
func fitsHoles(route, path string) bool {
	a, b := strings.Split(strings.Trim(route, "/"), "/"), strings.Split(strings.Trim(path, "/"), "/")
	for i := range min(len(a), len(b)) {
		if b[i] == hole {
			b[i] = a[i]
		}
	}
	return facts.PathFits(route, strings.Join(b, "/"))
}

// takesUserAt reports a route whose every hole is the parameter with the user.
func takesUserAt(e *picture.Entry, path string) bool {
	a, b := strings.Split(strings.Trim(e.Path, "/"), "/"), strings.Split(strings.Trim(path, "/"), "/")
	for i := range min(len(a), len(b)) {
		name := strings.Trim(a[i], ":{}[]<>?")
		if b[i] == hole && name != e.User.Name && !(e.User.From == "constant" && facts.HasID([]string{name})) {
			return false
		}
	}
	return true
}
