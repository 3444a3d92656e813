package facts

import (
	"net/http"
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/tools"
)

// MainMethod is the method of the main request.
func (f *Facts) MainMethod(fetch *Fetch) string {
	switch e := f.Entry(); {
	case f.Target.Method != "":
		return f.Target.Method
	case f.Target.Data && (fetch == nil || strings.EqualFold(fetch.Method, http.MethodGet)):
		return http.MethodPost
	case fetch != nil && fetch.Method != "":
		return strings.ToUpper(fetch.Method)
	case e != nil && e.Method != "" && e.Method != "ANY":
		return e.Method
	case fetch == nil && e != nil && e.Known.Sure() && len(e.Fields) == 0 && len(queryParams(e)) > 0:
		return http.MethodGet // it accepts any method, and reads its query alone
	case f.onlyMethod() != "":
		return f.onlyMethod()
	}
	return http.MethodPost
}

// MainNames are the fields of the main request: of its body, or of its query.
func (f *Facts) MainNames(fetch *Fetch) []string {
	documented := []string{"userId", "userName"}
	var read []string
	entry := f.Entry()
	if entry != nil && entry.Known.Sure() {
		read = append(slices.Clone(entry.Fields), queryParams(entry)...)
	}
	switch {
	case fetch == nil && entry != nil && entry.Known.Sure() && (len(read) > 0 || entry.User.From != ""):
		return read
	case fetch == nil:
		return documented
	}
	sent := fetchNames(fetch)
	get := strings.EqualFold(fetch.Method, http.MethodGet)
	switch {
	case fetch.BodyOpen || len(sent) == 0 && !get:
		for _, n := range read {
			if !OneOf(sent, n) {
				sent = append(sent, n)
			}
		}
		if entry == nil && !HasID(sent) {
			return documented
		}
		return sent
	case get || HasID(sent) || entry != nil:
		return sent
	}
	return documented
}

// MainQuery are those of them that a request with a body has in its query.
func (f *Facts) MainQuery(fetch *Fetch) []string {
	if fetch != nil {
		return fetch.Query
	}
	if e := f.Entry(); e != nil && e.Known.Sure() {
		return affix.Without(queryParams(e), func(n string) bool { return OneOf(e.Fields, n) })
	}
	return nil
}

// SignedField is the field whose value the handler signs as the user's ID; ""
// where the usual names say which it is.
func (f *Facts) SignedField(names []string) string {
	s := f.Site()
	if s == nil || s.User.From != "body" && s.User.From != "query" {
		return ""
	}
	if f.SignsName(names) != "" {
		return ""
	}
	for _, n := range names {
		if n == s.User.Name || LastName(n) == LastName(s.User.Name) {
			return n
		}
	}
	return ""
}

// SignsName is the field of the ID that the front end sends, and connects as,
// where the handler signs the name beside it; "" where it doesn't.
func (f *Facts) SignsName(names []string) string {
	s := f.Site()
	if s == nil || f.Project == nil || !s.User.Known.Sure() || !OneOf(NameNames, LastName(s.User.Name)) {
		return ""
	}
	id := ""
	for _, n := range names {
		if OneOf(IDNames, LastName(n)) {
			id = n
		}
	}
	as := false
	for _, c := range f.Project.Calls {
		switch LastName(c.As) {
		case "":
		case LastName(id):
			as = true
		default:
			return ""
		}
	}
	if !as {
		return ""
	}
	return id
}

// KnowsFields reports whether badsig has a value for every field that the
// handler reads, or the front end sends. Where it hasn't, the request can only
// fail: once is enough.
func (f *Facts) KnowsFields() bool {
	if f.Target.Data {
		return true
	}
	var names []string
	if x := f.Fetch(); x != nil {
		names = append(names, x.Body...)
	}
	if e := f.Entry(); e != nil {
		names = append(names, e.Fields...)
	}
	return f.Fetch().fillsAll(names) || len(names) == 0
}

// Compiles reports whether the server may compile the route on its first request.
func (f *Facts) Compiles() bool {
	if c := f.ServerCode(); c != nil && tools.Of(c.Loader).Compiles {
		return true
	}
	if e := f.Entry(); e != nil && (e.Kind == EntryLoader || e.Kind == EntryAction || affix.Contains(e.File, "app/api/") || affix.Contains(e.File, "pages/api/")) {
		return true
	}
	return false
}
