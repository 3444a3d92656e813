package probe

import (
	"net/url"
	"slices"
	"strings"

	"badsig/checks/probe/jsread"
)

// fetchesOf lists a module's requests that look like asking for a token.
func (p *project) fetchesOf(f *front, m *module) {
	if roleOfPath(m.rel) != RoleUnknown {
		return
	}
	for _, c := range m.Calls {
		r, ok := p.requestOf(f, m, c)
		if !ok {
			continue
		}
		text, ok := p.textOf(f, m, c.Scope, r.target, 12)
		if !ok && text == "" {
			continue
		}
		x := Fetch{URL: joinURL(r.base, text), Method: r.method, File: m.rel, Line: c.Line, Native: f.native(), Web: f.web()}
		if r.options.Kind == jsread.Ident {
			if v, ok := m.Resolve(c.Scope, r.options.Text); ok {
				r.options = v
			}
		}
		if r.data.Kind == jsread.Object && (slices.Contains(r.data.Keys, "json") || slices.Contains(r.data.Keys, "searchParams")) {
			r.options, r.data = r.data, jsread.Expr{} // ky and got take options where axios takes the body
		}
		x.Takes, x.Trims = m.taken(c.Line)
		p.fetchOptions(f, m, c, r.options, &x)
		p.bodyOf(m, c.Scope, r.data, &x)
		if !strings.HasPrefix(x.URL, "/") && !strings.HasPrefix(x.URL, "http") {
			if x.URL == "" || strings.Contains(x.URL, "://") {
				continue
			}
			x.URL = "/" + x.URL
		}
		x.takeQuery()
		if fetchScore(x) <= 0 && !(m.streamish() && strings.Contains(strings.ToLower(c.Func), "token")) {
			continue
		}
		if StreamHost(x.URL) {
			continue
		}
		if strings.HasPrefix(x.URL, "/") {
			if _, ok := f.carried(x.URL); ok {
				x.Proxied = true
			}
		}
		if len(p.facts.Fetches) < 50 {
			p.facts.Fetches = append(p.facts.Fetches, x)
		}
	}
}

// request is a call that asks a server for something, as it is written.
type request struct {
	target, options, data jsread.Expr // the URL; what fetch takes besides; the body, where it is an argument of its own
	method                string
	base                  string // of the client: axios.create({ baseURL })
}

// requestOf tells what a call of fetch, of axios or of their like asks; ok is
// false for every other call.
func (p *project) requestOf(f *front, m *module, c jsread.Call) (r request, ok bool) {
	r.method = "GET"
	object, name := receiver(c.Callee)
	switch {
	case name == "fetch" || name == "$fetch" || name == "ofetch" || name == "useFetch" || name == "ky":
		if len(c.Args) == 0 {
			return r, false
		}
		r.target = c.Args[0]
		if len(c.Args) > 1 {
			r.options = c.Args[1]
		}
		if name == "fetch" && object != "" && object != "window" && object != "globalThis" && object != "self" {
			return r, false
		}
	case (name == "axios" || name == "request") && len(c.Args) > 0 && c.Args[0].Kind == jsread.Object:
		r.options = c.Args[0]
		for i, k := range r.options.Keys {
			if k == "url" {
				r.target = r.options.Parts[i]
			}
		}
		r.base = p.baseOf(f, m, c, object)
	case (name == "post" || name == "get" || name == "put") && object != "" && len(c.Args) > 0:
		r.method = strings.ToUpper(name)
		r.target = c.Args[0]
		if name == "get" {
			if len(c.Args) > 1 {
				r.options = c.Args[1]
			}
		} else {
			if len(c.Args) > 1 {
				r.data = c.Args[1]
			}
			if len(c.Args) > 2 {
				r.options = c.Args[2]
			}
		}
		r.base = p.baseOf(f, m, c, object)
		if low := strings.ToLower(lastName(object)); r.base == "" && low != "axios" && notClients[low] {
			return r, false
		}
	default:
		return r, false
	}
	return r, true
}

// takeQuery moves the names of a URL's query to those of the body: they are
// what is sent.
func (x *Fetch) takeQuery() {
	q := strings.IndexAny(x.URL, "?#")
	if q < 0 {
		return
	}
	if vs, err := url.ParseQuery(x.URL[q+1:]); err == nil {
		for n := range vs {
			x.Body = append(x.Body, n)
		}
		slices.Sort(x.Body)
	}
	x.URL = x.URL[:q]
}

// notClients have a get that asks nobody.
var notClients = wordSet("cookies", "cookie", "localstorage", "sessionstorage", "storage", "asyncstorage", "securestore", "searchparams", "params", "map", "cache", "headers", "formdata",
	"config", "store", "redis", "db", "urlsearchparams", "query", "app", "router", "server", "fastify", "i18n", "state", "form", "configservice", "mmkv")

// fetchScore tells how much a request looks like the one for Stream's token.
func fetchScore(x Fetch) int {
	u, err := url.Parse(x.URL)
	if err != nil {
		return 0
	}
	n := routeScore(Route{Method: x.Method, Path: u.Path})
	if n > 0 && slices.ContainsFunc(x.Body, func(s string) bool {
		s = lastName(s)
		return s == "userId" || s == "user_id" || s == "userName" || s == "id" || s == "username"
	}) {
		n++
	}
	return n
}

// carried gives the URL to which the dev server's proxy sends a path.
func (f *front) carried(p string) (string, bool) {
	best, out := -1, ""
	for _, r := range f.proxy {
		prefix := strings.TrimSuffix(strings.TrimPrefix(r.prefix, "^"), ".*")
		target, mode, _ := strings.Cut(r.target, "#")
		target = strings.TrimSuffix(target, "/")
		if !strings.HasPrefix(target, "http") || len(prefix) <= best {
			continue
		}
		switch {
		case r.odd && strings.HasPrefix(p, prefix):
			best, out = len(prefix), ""
		case mode == "exact" && p == r.prefix:
			best, out = len(prefix), target
		case mode == "rest" && strings.HasPrefix(p, prefix):
			best, out = len(prefix), target+"/"+strings.TrimPrefix(p[len(prefix):], "/")
		case mode == "" && strings.HasPrefix(p, prefix):
			best, out = len(prefix), target+p
			if rest, ok := strings.CutPrefix(p, r.cut); ok && r.cut != "" {
				out = target + "/" + strings.TrimPrefix(r.put+rest, "/")
			}
		}
	}
	return out, best >= 0
}
