package backend

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"

	"badsig/checks/affix"
	"badsig/checks/facts"
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

func plainGet(u *url.URL) form {
	return form{name: "get", method: http.MethodGet, url: u.String()}
}

//go:noinline
func jsonForm(name, to string, names []string, t facts.Target) form {
	return jsonFormOf(name, to, names, "", t)
}

// jsonFormOf is the same with the field that says who sends the request; "" means the usual names do.
func jsonFormOf(name, to string, names []string, id string, t facts.Target) form {
	id, body := facts.First(id, facts.IDName(names)), map[string]any{}
	for _, n := range names {
		v, ok := facts.Fill(n, id, t)
		if !ok {
			continue
		}
		outer, inner, nested := affix.Cut(n, ".")
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

func urlencodedForm(to string, names []string, id string, t facts.Target) form {
	v := url.Values{}
	for _, n := range names {
		if s, ok := facts.Fill(n, id, t); ok {
			v.Set(n, s)
		}
	}
	return form{name: "urlencoded", method: http.MethodPost, url: to,
		header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"}, body: []byte(v.Encode())}
}

// bodyForm is the request with a body of the type that the front end sends.
func bodyForm(kind, to string, names []string, id string, t facts.Target) form {
	switch kind {
	case "urlencoded":
		return urlencodedForm(to, names, id, t)
	case "multipart":
		return multipartForm(to, names, id, t)
	case "text", "object":
		r := jsonFormOf(kind, to, names, id, t)
		if kind == "object" {
			r.body = []byte("[object Object]")
		}
		r.header = map[string]string{"Content-Type": "text/plain;charset=UTF-8"}
		return r
	}
	return jsonFormOf("json", to, names, id, t)
}

func multipartForm(to string, names []string, id string, t facts.Target) form {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, n := range names {
		if s, ok := facts.Fill(n, id, t); ok {
			_ = w.WriteField(n, s) // a Buffer accepts everything
		}
	}
	_ = w.Close()
	return form{name: "multipart", method: http.MethodPost, url: to,
		header: map[string]string{"Content-Type": w.FormDataContentType()}, body: b.Bytes()}
}

// anyQuery is a GET with the names in its query, of which one has to say who sends the request.
func anyQuery(u *url.URL, names []string, t facts.Target) form {
	if !facts.HasID(names) {
		names = append([]string{"userId", "user_id"}, names...)
	}
	return queryForm(u, names, "", t)
}

// queryForm puts the names into the query of a GET.
func queryForm(u *url.URL, names []string, id string, t facts.Target) form {
	to, q := *u, u.Query()
	id = facts.First(id, facts.IDName(names))
	for _, n := range names {
		if v, ok := facts.Fill(n, id, t); ok {
			q.Set(n, v)
		}
	}
	to.RawQuery = q.Encode()
	return form{name: "query", method: http.MethodGet, url: to.String()}
}

// withQuery is the URL with the user's id where its query requests one.
func withQuery(u *url.URL, t facts.Target) string {
	if u.RawQuery == "" {
		return u.String()
	}
	to, q := *u, u.Query()
	for name := range q {
		if facts.OneOf(facts.IDNames, name) {
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
	if fetch := facts.FetchOf(e.url, e.facts.Project); fetch != nil && facts.HasID(fetch.Body) {
		return fetch.Body
	}
	return []string{"userId", "userName"}
}

func usualNames() []string { return append(slices.Clone(facts.IDNames[:5]), facts.NameNames[:4]...) }

// everyName is the request with id and name under every usual name: it tells
// what an endpoint signs that signed nothing of what the front end sends.
func (e *endpoint) everyName() []form {
	if e.main.method != http.MethodPost {
		return []form{anyQuery(e.url, usualNames(), e.w.Target)}
	}
	return []form{jsonForm("superset", withQuery(e.url, e.w.Target), usualNames(), e.w.Target)}
}

// namesNobody tells whether the token of a response has no user, or the text of none.
func (e *endpoint) namesNobody(body []byte) bool {
	found := e.find(body)
	return len(found) > 0 && affix.Any(tokens.Parse(found[0].raw).Flaws, func(f tokens.Flaw) bool {
		return f.Kind == tokens.FlawServer || f.Kind == tokens.FlawUserMissing || f.Kind == tokens.FlawUserText
	})
}
