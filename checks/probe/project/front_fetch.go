package project

import (
	"net/url"
	"slices"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/names"
)

// notClients have a get that asks nobody.
var notClients = names.Words("cookies", "cookie", "localstorage", "sessionstorage", "storage", "asyncstorage", "securestore", "searchparams", "params", "map", "cache", "headers", "formdata",
	"config", "store", "redis", "db", "urlsearchparams", "query", "app", "router", "server", "fastify", "i18n", "state", "form", "configservice", "mmkv")

// fetchScore tells how much a request looks like the one for Stream's token.
func fetchScore(x facts.Fetch) int {
	u, err := url.Parse(x.URL)
	if err != nil {
		return 0
	}
	n := routeScore(facts.Route{Method: x.Method, Path: u.Path})
	if n > 0 && slices.ContainsFunc(x.Body, func(s string) bool {
		s = facts.LastName(s)
		return s == "userId" || s == "user_id" || s == "userName" || s == "id" || s == "username"
	}) {
		n++
	}
	return n
}

// carried gives the URL to which the dev server's proxy sends a path.
func (f *front) carried(p string) (string, bool) {
	to, _, ok := f.carriedBy(p)
	return to, ok
}

// carriedBy gives the rule too.
func (f *front) carriedBy(p string) (to string, rule proxied, ok bool) {
	best, out := -1, ""
	for _, r := range f.proxy {
		prefix := strings.TrimSuffix(strings.TrimPrefix(r.prefix, "^"), ".*")
		target, mode, _ := strings.Cut(r.target, "#")
		target = strings.TrimSuffix(target, "/")
		if !strings.HasPrefix(target, "http") || len(prefix) <= best {
			continue
		}
		was := best
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
		if best > was {
			rule = r
		}
	}
	return out, rule, best >= 0
}
