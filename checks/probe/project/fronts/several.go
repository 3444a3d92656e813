package fronts

import (
	"maps"
	"slices"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/loopback"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
)

// Rules of this file:
//   - a piece of a path that the page itself chooses makes several requests, and each is read: `${URL}/auth/${isNew ? 'signup' : 'signin'}`
//   - what differs from a route is in the line with the host where the rest of the path is the route's end

// addOthers puts a further piece after the other strings too, before it is put after the first.
func (a *address) addOthers(b address) {
	for i := range a.others {
		a.others[i] += b.text
	}
	if len(a.others) == 0 && len(b.others) <= maxOthers {
		for _, o := range b.others {
			a.others = append(a.others, a.text+o)
		}
	} else if len(b.others) > 0 {
		a.assumed = true // two choices in one address aren't followed
	}
}

// maxOthers bounds the addresses of one request.
const maxOthers = 4

// othersOf lists the other addresses of a request, where a piece of its path is chosen.
func othersOf(x *facts.Fetch, r request, a address) (out []string) {
	for _, o := range a.others {
		if x.URL != a.text && x.URL != "/"+a.text && r.client.base.text != "" && !absoluteURL.MatchString(o) {
			o = JoinURL(r.client.base.text, o)
		}
		if !affix.HasPrefix(o, "/") && !affix.HasPrefix(o, "http") {
			o = "/" + o
		}
		out = append(out, o)
	}
	return out
}

// file keeps a request of one address, if it is one for a token.
func file(p *picture.Reader, f *picture.Front, x facts.Fetch, text string, at modules.CallAt, r request) {
	x.URL, x.Body, x.Query, x.Fixed = text, slices.Clone(x.Body), slices.Clone(x.Query), maps.Clone(x.Fixed)
	x.TakeQuery()
	if x.BodyOpen {
		x.Fixed = nil // the rest isn't known
	}
	for _, n := range x.Query {
		if !facts.OneOf(x.Body, n) {
			x.Body = append(x.Body, n)
		}
	}
	if loopback.StreamHost(x.URL) || !forToken(p, &x, at, r) {
		return
	}
	x.Product = productOf(p, at.Mod)
	sendOn(p, f, &x)
	if x.Alone = !x.Proxied && affix.HasPrefix(x.URL, "/") && (x.Known.Sure() || x.Unset != "") && !x.Native && f.Alone.Of(func() bool { return alone(p, f) }) && (x.Unset != "" || !hosted(p, f)); x.Alone && x.Unset != "" {
		x.Misnamed = misnamed(p, f)
	}
	if !affix.Any(p.Facts.Fetches, func(o facts.Fetch) bool { return o.URL == x.URL && o.File == x.File && o.Line == x.Line }) {
		p.Facts.Fetches = append(p.Facts.Fetches, x)
	}
}

// PlacePaths names the line to change for another path once the routes are known.
func PlacePaths(p *picture.Reader) {
	for i := range p.Facts.Fetches {
		x := &p.Facts.Fetches[i]
		path := facts.PathOf(x.URL)
		rest, ok := affix.CutPrefix(path, affix.TrimSuffix(x.Base, "/"))
		if !ok || len(x.Base) < 2 || len(rest) < 2 || x.Address.File == "" {
			continue
		}
		near := false
		for _, e := range p.Entries {
			if facts.PathFits(e.Path, path) {
				near = false
				break
			}
			near = near || affix.HasSuffix(e.Path, rest)
		}
		if near && !affix.Any(p.Facts.Fetches, func(o facts.Fetch) bool {
			return o.Address == x.Address && o.Base == x.Base && len(routesLike(p, facts.PathOf(o.URL))) > 0
		}) { // the base is right for others
			x.Path = x.Address
		}
	}
}

// fitBodies says what is in a field that the front end fills with a value its
// source doesn't tell, where the handler reads members of it: { user } is
// user.id and user.name then.
func fitBodies(p *picture.Reader) {
	for i := range p.Facts.Fetches {
		x := &p.Facts.Fetches[i]
		for _, w := range x.Whole {
			at := slices.Index(x.Body, w)
			var members []string
			text := false
			for _, e := range p.Entries {
				if !fitsHoles(e.Path, facts.PathOf(arrives(x))) {
					continue
				}
				text = text || facts.OneOf(e.Fields, w) || e.User.Name == w
				for _, n := range e.Fields {
					if affix.HasPrefix(n, w+".") && n != w+".length" && !facts.OneOf(members, n) {
						members = append(members, n)
					}
				}
			}
			if at >= 0 && len(members) > 0 && !text {
				x.Body = slices.Replace(x.Body, at, at+1, members...)
			}
		}
	}
}
