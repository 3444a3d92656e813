package fronts

import (
	"net/url"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/names"
	"badsig/checks/probe/project/picture"
)

// notClients have a get that sends no request.
var notClients = names.Words("cookies", "cookie", "localstorage", "sessionstorage", "storage", "asyncstorage", "securestore", "searchparams", "params", "map", "cache", "headers", "formdata",
	"config", "store", "redis", "db", "urlsearchparams", "query", "app", "router", "server", "fastify", "i18n", "state", "form", "configservice", "mmkv")

// FetchScore tells how much a request looks like the one for Stream's token.
func FetchScore(x facts.Fetch) int {
	u, err := url.Parse(x.URL)
	if err != nil {
		return 0
	}
	n := picture.RouteScore(facts.Route{Method: x.Method, Path: u.Path})
	if n > 0 && affix.Any(x.Body, func(s string) bool {
		s = facts.LastName(s)
		return s == "userId" || s == "user_id" || s == "userName" || s == "id" || s == "username"
	}) {
		n++
	}
	return n
}

// Carried gives the URL to which the dev server's proxy sends a path.
func Carried(f *picture.Front, p string) (string, bool) {
	to, _, ok := carriedBy(f, p)
	return to, ok
}

// carriedBy gives the rule too.
func carriedBy(f *picture.Front, p string) (to string, rule picture.Proxied, ok bool) {
	best, out := -1, ""
	for _, r := range f.Proxy {
		prefix := affix.TrimSuffix(affix.TrimPrefix(r.Prefix, "^"), ".*")
		target, _, _ := affix.Cut(r.Target, "#")
		target = affix.TrimSuffix(target, "/")
		if !affix.HasPrefix(target, "http") || len(prefix) <= best {
			continue
		}
		was := best
		switch {
		case r.Odd && affix.HasPrefix(p, prefix):
			best, out = len(prefix), ""
		case r.Exact:
			if p == r.Prefix {
				best, out = len(prefix), target
			}
		case r.Rest && affix.HasPrefix(p, prefix):
			best, out = len(prefix), target+"/"+affix.TrimPrefix(p[len(prefix):], "/")
		case !r.Rest && affix.HasPrefix(p, prefix):
			best, out = len(prefix), target+p
			if rest, ok := affix.CutPrefix(p, r.Cut); ok && r.Cut != "" {
				out = target + "/" + affix.TrimPrefix(r.Put+rest, "/")
			}
		}
		if best > was {
			rule = r
		}
	}
	return out, rule, best >= 0
}
