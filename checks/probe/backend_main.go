package probe

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Rules of this file:
//   - the main request is the front end's own: what was given, else what its source says, else what the handler reads
//   - a guessed Origin is not sent with it: phones and servers send none, and a backend may reject the guess
//   - a server that compiles on its first request is given the time for that

// CompilePatience is how long a request may take on a server that compiles
// its routes when they are first requested.
const CompilePatience = 20 * time.Second

// noOrigin is the form of the main request without an Origin.
const noOrigin = "no-origin"

// patience is the limit of one request.
func patience(f *Facts, timeout time.Duration) time.Duration {
	given := slices.ContainsFunc(f.Target.Flags, func(s string) bool { return strings.HasPrefix(s, "--timeout") })
	if given || timeout != DefaultTimeout || !f.Compiles() {
		return timeout
	}
	return CompilePatience
}

// sentOrigin is the Origin of the main request; none where it is only a guess.
func (e *endpoint) sentOrigin() string {
	if !e.facts.Request().Origin.Sure() {
		return ""
	}
	return e.origin
}

// mainForm is the request that the front end makes: what was given by flags,
// else what its source says, else what the handler reads, else the documented
// one: POST {userId, userName} as JSON.
func mainForm(u *url.URL, f *Facts, t Target) form {
	fetch := fetchOf(u, f.Project)
	method := f.mainMethod(fetch)
	if t.Data != nil {
		return givenForm(u, method, t)
	}
	names := f.mainNames(fetch)
	id := f.signedField(names)
	if method == http.MethodGet || method == http.MethodHead {
		r := queryForm(u, names, id, t)
		r.method = method
		return r
	}
	kind := ""
	if fetch != nil {
		kind = fetch.Type
	}
	r := bodyForm(kind, withQuery(u, t), names, id, t)
	r.method = method
	return r
}

// mainMethod is the method of the main request.
func (f *Facts) mainMethod(fetch *Fetch) string {
	switch e := f.Entry(); {
	case f.Target.Method != "":
		return f.Target.Method
	case f.Target.Data && (fetch == nil || strings.EqualFold(fetch.Method, http.MethodGet)):
		return http.MethodPost
	case fetch != nil && fetch.Method != "":
		return strings.ToUpper(fetch.Method)
	case e != nil && e.Method != "" && e.Method != "ANY":
		return e.Method
	case f.onlyMethod() != "":
		return f.onlyMethod()
	}
	return http.MethodPost
}

// mainNames are the fields of the main request: of its body, or of its query.
func (f *Facts) mainNames(fetch *Fetch) []string {
	documented := []string{"userId", "userName"}
	var read []string
	entry := f.Entry()
	if entry != nil && entry.Known.Sure() {
		read = append(slices.Clone(entry.Fields), queryParams(entry)...)
	}
	switch {
	case fetch == nil && entry != nil && entry.Known.Sure():
		return read
	case fetch == nil:
		return documented
	}
	sent := fetchNames(fetch)
	get := strings.EqualFold(fetch.Method, http.MethodGet)
	switch {
	case fetch.BodyOpen || len(sent) == 0 && !get:
		for _, n := range read {
			if !slices.Contains(sent, n) {
				sent = append(sent, n)
			}
		}
		if entry == nil && !hasID(sent) {
			return documented
		}
		return sent
	case get || hasID(sent) || entry != nil:
		return sent
	}
	return documented
}

// queryParams are an entry's parameters that are none of its path's.
func queryParams(e *Entry) []string {
	var out []string
	for _, p := range e.Params {
		if !strings.Contains(e.Path, p) {
			out = append(out, p)
		}
	}
	return out
}

// signedField is the field whose value the handler signs as the user's ID; ""
// where the usual names say which it is.
func (f *Facts) signedField(names []string) string {
	s := f.Site()
	if s == nil || s.User.From != "body" && s.User.From != "query" {
		return ""
	}
	for _, n := range names {
		if n == s.User.Name || lastName(n) == lastName(s.User.Name) {
			return n
		}
	}
	return ""
}

// givenForm is the request with the body that was given.
func givenForm(u *url.URL, method string, t Target) form {
	r := form{name: "given", method: method, url: withQuery(u, t), header: map[string]string{}, body: t.Data}
	switch {
	case method == http.MethodGet || method == http.MethodHead:
		to, q := *u, u.Query()
		var fields map[string]any
		if json.Unmarshal(t.Data, &fields) == nil {
			for n, v := range fields {
				q.Set(n, fmt.Sprint(v))
			}
		}
		to.RawQuery = q.Encode()
		r.name, r.url, r.body = "query", to.String(), nil
	case json.Valid(t.Data):
		r.name, r.header["Content-Type"] = "json", "application/json"
	case bytes.ContainsRune(t.Data, '='):
		r.name, r.header["Content-Type"] = "urlencoded", "application/x-www-form-urlencoded"
	default:
		r.header["Content-Type"] = "text/plain;charset=UTF-8"
	}
	return r
}

// knowsFields reports whether badsig has a value for every field that the
// handler reads, or the front end sends. Where it hasn't, the request can only
// fail: once is enough.
func (f *Facts) knowsFields() bool {
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
	return allFillable(names) || len(names) == 0
}

// compiledBy are frameworks whose dev servers compile a route when it is first requested.
var compiledBy = []string{"next", "nuxt", "remix", "react-router", "sveltekit", "astro", "vite", "solid", "serverless", "waku", "tanstack"}

// Compiles reports whether the server may compile the route on its first request.
func (f *Facts) Compiles() bool {
	if c := f.ServerCode(); c != nil && slices.Contains(compiledBy, c.Loader) {
		return true
	}
	if e := f.Entry(); e != nil && (e.Kind == EntryLoader || e.Kind == EntryAction || strings.Contains(e.File, "app/api/") || strings.Contains(e.File, "pages/api/")) {
		return true
	}
	return false
}
