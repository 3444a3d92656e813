// Package meet finds which of the front end's requests reach which server and route, as the source shows it.
package meet

import (
	"net/url"
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/loopback"
	"badsig/checks/tools"
)

// All are the front end's requests for tokens, each with the server that it goes to.
func All(f *facts.Facts) []Meeting {
	if f.Target.URLSource == "flag" {
		return nil
	}
	var out []Meeting
	main := f.Fetch()
	for i := range f.Project.Fetches {
		x := &f.Project.Fetches[i]
		if !x.Known.Sure() && !ByName(x) && !x.Loose || x != main && !x.WantsToken() {
			continue
		}
		to, ok := AddressOf(f, x)
		if !ok {
			continue
		}
		if s := serverAt(f, x, to); s >= 0 && !f.Project.Servers[s].Alters && mints(f, s) && !mayEndIn(f, s, to.Path) {
			out = append(out, Meeting{x, to, s, Answered(f) && facts.PathFits(to.Path, facts.PathOf(f.Target.URL)) && sameMethod(f, x), nil})
		}
	}
	f.Project.HandedTo(func(x *facts.Fetch, e *facts.Entry) {
		out = append(out, Meeting{Fetch: x, To: &url.URL{Path: e.Path}, Server: e.Server, entry: e})
	})
	return out
}

// ByName reports a call of Supabase's functions.invoke: the function's name is read, no matter what host its project is on.
func ByName(x *facts.Fetch) bool {
	return x.Session == "Supabase" && affix.HasPrefix(facts.PathOf(x.URL), "/functions/v1/")
}

// sameMethod reports a request whose method isn't known to be another than that of the one that got the response.
func sameMethod(f *facts.Facts, x *facts.Fetch) bool {
	a := facts.MainAnswer(f)
	return a == nil || x.Method == "" || x == f.Fetch() || strings.EqualFold(a.Method, x.Method)
}

// Meeting is one request and the server that it reaches, by its index.
type Meeting struct {
	Fetch    *facts.Fetch
	To       *url.URL
	Server   int
	Answered bool         // its address was requested, and responded
	entry    *facts.Entry // of a call of a function that runs on the server
}

// Reshaped reports that either side may change the names of fields on the way.
func (m Meeting) Reshaped(f *facts.Facts) bool {
	return f.Project.Converts || f.Project.Servers[m.Server].Reshapes
}

// Answered reports a response that shows that the endpoint is there.
func Answered(f *facts.Facts) bool {
	a := facts.MainAnswer(f)
	return a != nil && a.Status > 0
}

// AddressOf is where a request arrives; ok is false where that isn't known.
func AddressOf(f *facts.Facts, x *facts.Fetch) (*url.URL, bool) {
	text := x.URL
	if x.Proxied {
		text = x.To
	}
	u, err := url.Parse(text)
	if err != nil || text == "" || x.Unset != "" || affix.ContainsAny(u.Path, "{$[:*") || affix.HasSuffix(u.Path, "/") {
		return nil, false
	}
	if ByName(x) {
		u = &url.URL{Path: u.Path}
	}
	return u, u.Host == "" || loopback.LocalHost(u.Hostname()) || x.Native && (EmulatorHost(u.Hostname()) || loopback.LAN(u.Hostname()))
}

// EmulatorHost reports the address by which an Android emulator reaches the machine that it runs on
// (developer.android.com/studio/run/emulator-networking).
func EmulatorHost(host string) bool { return host == "10.0.2.2" }

// serverAt is the one server that an address means, -1 where several may be meant or none is known.
func serverAt(f *facts.Facts, x *facts.Fetch, to *url.URL) int {
	found := -1
	for i := range f.Project.Servers {
		s := &f.Project.Servers[i]
		hit := false
		if to.Host == "" {
			hit = (servesPages(s) || s.HandsOut(x.File)) && under(s.Dir, x.File) && (s.Loader == "supabase") == affix.HasPrefix(to.Path, "/functions/v1/")
		} else {
			_, port := loopback.HostPort(to.String())
			hit = s.ListensOn(port)
		}
		if hit && found >= 0 {
			return -1
		}
		if hit {
			found = i
		}
	}
	if found < 0 && to.Host != "" {
		found = byRoute(f, to.Path)
	}
	return found
}

// byRoute is the project's one server, where its port isn't known and one of its ways to a token has that very path.
func byRoute(f *facts.Facts, path string) int {
	if s := f.Project.Servers; len(s) != 1 || len(s[0].Ports) != 1 || s[0].Ports[0].Port != 0 {
		return -1
	}
	for i := range f.Project.Entries {
		if e := &f.Project.Entries[i]; e.Server == 0 && e.Known.Sure() && facts.PathFits(e.Path, path) {
			return 0
		}
	}
	return -1
}

// servesPages reports a server from which the page comes, or that a platform puts beside it; Expo's router sends a path
// without a host to the app's own API routes.
func servesPages(s *facts.ServerCode) bool {
	return tools.Of(s.Loader).OnServer || s.Loader == "expo" || tools.Of(s.Loader).Kind == tools.Platform || s.Framework == "laravel"
}

func under(dir, file string) bool {
	return dir == "" || dir == "." || affix.HasPrefix(file, affix.TrimSuffix(dir, "/")+"/")
}

// mints reports a server with an endpoint for tokens whose path was read.
func mints(f *facts.Facts, server int) bool {
	return affix.Any(f.Project.Entries, func(e facts.Entry) bool {
		return e.Server == server && (e.Kind == facts.EntryHTTP || e.Kind == facts.EntryLogin) && e.Known.Sure() && e.Path != ""
	})
}

// mayEndIn reports a way to a token whose prefix wasn't read, and which may be what a path means.
func mayEndIn(f *facts.Facts, server int, path string) bool {
	return affix.Any(f.Project.Entries, func(e facts.Entry) bool {
		return e.Server == server && (!e.Known.Sure() || f.Project.Servers[server].Open) && affix.HasSuffix(affix.TrimSuffix(path, "/"), affix.TrimSuffix(e.Path, "/"))
	})
}

// Handed reports a call of a function that runs on the server: no address and no method can be wrong there.
func (m Meeting) Handed() bool { return m.entry != nil }

// Entry is the one way to a token that the request reaches; nil where several are there, which differ.
func (m Meeting) Entry(f *facts.Facts) (e *facts.Entry) {
	if m.entry != nil {
		return m.entry
	}
	for i := range f.Project.Entries {
		x := &f.Project.Entries[i]
		if x.Server == m.Server && x.Known.Sure() && facts.PathFits(x.Path, m.To.Path) && (strings.EqualFold(x.Method, m.Fetch.Method) || x.Method == "ANY" || x.Method == "") {
			if e != nil && (e.User != x.User || !slices.Equal(e.Gives, x.Gives)) {
				return nil
			}
			e = x
		}
	}
	return e
}

// BothRead marks a finding that rests on two lines of source: the request and the route.
func BothRead(c finding.Cause, x *facts.Fetch) finding.Cause {
	c.Source = true
	known := x.Known
	if ByName(x) || x.Loose {
		known, c.Certainty = facts.IsRead, finding.Likely // one that isn't in the project may be deployed
	}
	return c.On(finding.Link{What: "which URL your front end requests", Known: known})
}
