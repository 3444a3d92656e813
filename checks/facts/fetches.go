package facts

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"badsig/checks/affix"
)

// FrontFetch is the front end's own request of the endpoint; nil where none was found.
//
//go:noinline
func FrontFetch(f *Facts) *Fetch { return f.Fetch() }

// VariantWithToken is the first other form of the request that gave a token.
func VariantWithToken(f *Facts, forms ...string) *Answer {
	for i := range f.Backend.Variants {
		v := &f.Backend.Variants[i]
		for _, form := range forms {
			if v.Form == form && GivesToken(v) && !userless(f, v) {
				return v
			}
		}
	}
	return nil
}

// The names under which a request says who sends it, in the order in which the
// variants use them (source: token endpoints of public projects).
var (
	IDNames   = []string{"userId", "user_id", "id", "uid", "userID", "user"}
	NameNames = []string{"userName", "user_name", "name", "username", "displayName"}
	likeIDs   = []string{"email", "identity", "memberId", "member_id", "member", "handle", "nickname", "login", "sub", "subject", "accountId", "name"} // where nothing else says who sends the request
)

// FetchOf finds the front end's request of this endpoint.
func FetchOf(u *url.URL, p *Project) *Fetch {
	return p.FetchFor(u.String())
}

// fetchNames are the names a GET puts into its query.
func fetchNames(f *Fetch) []string {
	names := slices.Clone(f.Body)
	if to, err := url.Parse(f.URL); err == nil {
		for name := range to.Query() {
			if !OneOf(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// NamesUser reports whether a front end's request says who sends it: in its body,
// its query, or a parameter of its path.
func NamesUser(f *Fetch) bool {
	if HasID(fetchNames(f)) {
		return true
	}
	to, err := url.Parse(f.URL)
	return err == nil && affix.ContainsAny(to.Path, ":{$[")
}

// HasID tells whether one of the names says who sends the request; "username" does where
// nothing else does.
//
//go:noinline
func HasID(names []string) bool { return IDName(names) != "" }

func IDName(names []string) string {
	for _, n := range names {
		if OneOf(IDNames, LastName(n)) {
			return n
		}
	}
	for _, like := range []func(string) bool{
		func(l string) bool { return l == "username" || l == "userName" },
		func(l string) bool { return OneOf(likeIDs, l) },
	} {
		for _, n := range names {
			if like(LastName(n)) {
				return n
			}
		}
	}
	return ""
}

// Fillable tells whether badsig has a value for a field that a front end
// sends: it knows a user's id and name, no room, password or code.
func (x *Fetch) Fillable(name string, all []string) bool {
	t := Target{}
	if x != nil {
		t.Fixed = x.Fixed
	}
	_, ok := Fill(name, IDName(all), t)
	return ok
}

// Fill gives the value for a name: the user's id, the user's name, or nothing.
func Fill(name, id string, t Target) (string, bool) {
	switch l := LastName(name); {
	case name == id, OneOf(IDNames, l):
		return t.UserID, true
	case OneOf(NameNames, l):
		return t.UserName, true
	}
	v, ok := t.Fixed[name]
	return v, ok
}

// Fix keeps a value that a request always sends; nothing that may be secret.
func (x *Fetch) Fix(name, text string) {
	low := strings.ToLower(name)
	if text == "" || OneOf(IDNames, name) || OneOf(NameNames, name) || len(text) > 40 || len(x.Fixed) > 9 || affix.ContainsAny(text, " \n{}$<>%") ||
		affix.Any([]string{"pass", "secret", "token", "key", "auth", "pin", "otp", "email", "phone"}, func(w string) bool { return affix.Contains(low, w) }) {
		return
	}
	if x.Fixed == nil {
		x.Fixed = map[string]string{}
	}
	x.Fixed[name] = text
}

// TakeQuery moves the names of a URL's query to those of the body: they are
// what is sent.
func (x *Fetch) TakeQuery() {
	q := strings.IndexAny(x.URL, "?#")
	if q < 0 {
		return
	}
	if vs, err := url.ParseQuery(x.URL[q+1:]); err == nil {
		for n, v := range vs {
			x.Query = append(x.Query, n)
			if len(v) == 1 && x.Known != IsAssumed {
				x.Fix(n, v[0])
			}
		}
		slices.Sort(x.Query)
	}
	x.URL = x.URL[:q]
}

//go:noinline
func LastName(callee string) string {
	if i := strings.LastIndexByte(callee, '.'); i >= 0 {
		return callee[i+1:]
	}
	return callee
}

// WantsToken tells by the field it reads, or by its path, that a request is one for Stream's token.
func (x *Fetch) WantsToken() bool {
	if affix.Contains(strings.ToLower(x.Takes), "token") {
		return true
	}
	path := strings.ToLower(PathOf(x.URL))
	return affix.Contains(path, "token") && !affix.Any(strayTokens, func(w string) bool { return affix.Contains(path, w) })
}

// strayTokens are words beside "token" in the paths of other tokens.
var strayTokens = []string{"refresh", "reset", "verify", "csrf", "push", "fcm", "device", "validate", "revoke"}

// InPath lists the parameters of a route's path: user of /token/:user.
func InPath(path string) []string {
	var out []string
	for _, part := range strings.Split(path, "/") {
		if name, is := affix.CutPrefix(part, ":"); is {
			out = append(out, name)
		}
	}
	return out
}

// OneOf reports whether a list has a word. It isn't compiled into its callers, which are hundreds.
//
//go:noinline
func OneOf(list []string, word string) bool { return slices.Index(list, word) >= 0 }

// First is the first text that isn't empty; like OneOf, it isn't compiled into its callers.
//
//go:noinline
func First(list ...string) string { return cmp.Or(list...) }
