package probe

import (
	"bytes"
	"cmp"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"badsig/tokens"
)

// form is one way of putting the token request.
type form struct {
	name   string // Answer.Form
	method string
	url    string
	header map[string]string
	body   []byte
}

// The names under which a request says who asks, in the order in which the
// variants use them (source: token endpoints of public projects).
var (
	idNames   = []string{"userId", "user_id", "id", "uid", "userID", "user"}
	nameNames = []string{"userName", "user_name", "name", "username", "displayName"}
	likeIDs   = []string{"email", "identity", "memberId", "member_id", "member", "handle", "nickname", "login", "sub", "subject", "accountId", "name"} // where nothing else says who asks
)

func plainGet(u *url.URL) form {
	return form{name: "get", method: http.MethodGet, url: u.String()}
}

// fetchOf finds the front end's request of this endpoint.
func fetchOf(u *url.URL, p *Project) *Fetch {
	return p.FetchFor(u.String())
}

// fetchNames are the names a GET puts into its query.
func fetchNames(f *Fetch) []string {
	names := slices.Clone(f.Body)
	if to, err := url.Parse(f.URL); err == nil {
		for name := range to.Query() {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// NamesUser reports whether a front end's request says who asks: in its body,
// its query, or a parameter of its path.
func NamesUser(f *Fetch) bool {
	if hasID(fetchNames(f)) {
		return true
	}
	to, err := url.Parse(f.URL)
	return err == nil && strings.ContainsAny(to.Path, ":{$[")
}

// hasID tells whether one of the names says who asks; "username" does where
// nothing else does.
func hasID(names []string) bool { return idName(names) != "" }

func idName(names []string) string {
	for _, n := range names {
		if slices.Contains(idNames, lastName(n)) {
			return n
		}
	}
	for _, like := range []func(string) bool{
		func(l string) bool { return l == "username" || l == "userName" },
		func(l string) bool { return slices.Contains(likeIDs, l) },
	} {
		for _, n := range names {
			if like(lastName(n)) {
				return n
			}
		}
	}
	return ""
}

// Fillable tells whether badsig has a value for a field that a front end
// sends: it knows a user's id and name, no room, password or code.
func Fillable(name string, all []string) bool {
	_, ok := fill(name, idName(all), Target{})
	return ok
}

// fill gives the value for a name: the user's id, the user's name, or nothing.
func fill(name, id string, t Target) (string, bool) {
	switch l := lastName(name); {
	case name == id, slices.Contains(idNames, l):
		return t.UserID, true
	case slices.Contains(nameNames, l):
		return t.UserName, true
	}
	return "", false
}

func jsonForm(name, to string, names []string, t Target) form {
	return jsonFormOf(name, to, names, "", t)
}

// jsonFormOf is the same with the field that says who asks; "" means the usual names do.
func jsonFormOf(name, to string, names []string, id string, t Target) form {
	id, body := cmp.Or(id, idName(names)), map[string]any{}
	for _, n := range names {
		v, ok := fill(n, id, t)
		if !ok {
			continue
		}
		outer, inner, nested := strings.Cut(n, ".")
		if !nested {
			body[n] = v
			continue
		}
		in, _ := body[outer].(map[string]any)
		if in == nil {
			in = map[string]any{}
			body[outer] = in
		}
		in[inner] = v
	}
	text, _ := json.Marshal(body) // strings always marshal
	return form{name: name, method: http.MethodPost, url: to,
		header: map[string]string{"Content-Type": "application/json"}, body: text}
}

func urlencodedForm(to string, names []string, id string, t Target) form {
	v := url.Values{}
	for _, n := range names {
		if s, ok := fill(n, id, t); ok {
			v.Set(n, s)
		}
	}
	return form{name: "urlencoded", method: http.MethodPost, url: to,
		header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"}, body: []byte(v.Encode())}
}

// bodyForm is the request with a body of the type that the front end sends.
func bodyForm(kind, to string, names []string, id string, t Target) form {
	switch kind {
	case "urlencoded":
		return urlencodedForm(to, names, id, t)
	case "multipart":
		return multipartForm(to, names, id, t)
	case "text":
		r := jsonFormOf("text", to, names, id, t)
		r.header = map[string]string{"Content-Type": "text/plain;charset=UTF-8"}
		return r
	}
	return jsonFormOf("json", to, names, id, t)
}

func multipartForm(to string, names []string, id string, t Target) form {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, n := range names {
		if s, ok := fill(n, id, t); ok {
			_ = w.WriteField(n, s) // a Buffer takes everything
		}
	}
	_ = w.Close()
	return form{name: "multipart", method: http.MethodPost, url: to,
		header: map[string]string{"Content-Type": w.FormDataContentType()}, body: b.Bytes()}
}

// anyQuery is a GET with the names in its query, of which one has to say who asks.
func anyQuery(u *url.URL, names []string, t Target) form {
	if !hasID(names) {
		names = append([]string{"userId", "user_id"}, names...)
	}
	return queryForm(u, names, "", t)
}

// queryForm puts the names into the query of a GET.
func queryForm(u *url.URL, names []string, id string, t Target) form {
	to, q := *u, u.Query()
	id = cmp.Or(id, idName(names))
	for _, n := range names {
		if v, ok := fill(n, id, t); ok {
			q.Set(n, v)
		}
	}
	to.RawQuery = q.Encode()
	return form{name: "query", method: http.MethodGet, url: to.String()}
}

// withQuery is the URL with the user's id where its query asks for one.
func withQuery(u *url.URL, t Target) string {
	if u.RawQuery == "" {
		return u.String()
	}
	to, q := *u, u.Query()
	for name := range q {
		if slices.Contains(idNames, name) {
			q.Set(name, t.UserID)
		}
	}
	to.RawQuery = q.Encode()
	return to.String()
}

// variants are the further forms worth trying after a refusal. They only tell
// what the endpoint would have understood.
func (e *endpoint) variants(status int) []form {
	names, t := usualNames(), e.w.Target
	switch {
	case status == http.StatusNotFound, status == http.StatusMethodNotAllowed, status == http.StatusNotImplemented:
		if e.main.method == http.MethodGet {
			return []form{jsonForm("json", e.url.String(), []string{"userId", "userName"}, t)}
		}
		return []form{anyQuery(e.url, names[:3], t)}
	case status == http.StatusBadRequest, status == http.StatusUnprocessableEntity, status == http.StatusUnsupportedMediaType,
		status == http.StatusInternalServerError:
		all := jsonForm("superset", e.url.String(), names, t)
		if e.main.method == http.MethodGet {
			return []form{anyQuery(e.url, names, t), all}
		}
		if e.main.name != "json" { // the same, and said to be JSON
			return []form{jsonForm("json", e.main.url, e.bodyNames(), t), all}
		}
		return []form{all, urlencodedForm(e.url.String(), names, "", t)}
	}
	return nil
}

// bodyNames are the names of the main request's fields.
func (e *endpoint) bodyNames() []string {
	if fetch := fetchOf(e.url, e.facts.Project); fetch != nil && hasID(fetch.Body) {
		return fetch.Body
	}
	return []string{"userId", "userName"}
}

func usualNames() []string { return append(slices.Clone(idNames[:5]), nameNames[:4]...) }

// everyName is the request with id and name under every usual name: it tells
// what an endpoint signs that signed nothing of what the front end sends.
func (e *endpoint) everyName() []form {
	if e.main.method != http.MethodPost {
		return []form{anyQuery(e.url, usualNames(), e.w.Target)}
	}
	return []form{jsonForm("superset", withQuery(e.url, e.w.Target), usualNames(), e.w.Target)}
}

// namesNobody tells whether the token of an answer has no user, or the text of none.
func (e *endpoint) namesNobody(body []byte) bool {
	found := e.find(body)
	return len(found) > 0 && slices.ContainsFunc(tokens.Parse(found[0].raw).Flaws, func(f tokens.Flaw) bool {
		return f.Kind == tokens.FlawServer || f.Kind == tokens.FlawUserMissing || f.Kind == tokens.FlawUserText
	})
}
