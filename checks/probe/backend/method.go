package backend

import (
	"context"
	"net/http"
	"net/url"

	"badsig/checks/affix"
	"badsig/checks/facts"
)

// Rules of this file:
//   - a request that is stated is sent as it is stated: by the front end's source, or by the
//     documentation for the documented path
//   - a request that isn't stated is presumed; the form that brings a token is then what the front end
//    must be sending, and a rejection of badsig's presumption accuses no one

// presumed tells what of the main request is a guess: its method, the names of
// its fields.
func (e *endpoint) presumed() (method, names bool) {
	k := e.facts.Request()
	if e.facts.Target.Data {
		return !k.Method.Sure(), false
	}
	if entry := e.facts.Entry(); entry != nil && entry.Known.Sure() {
		return !k.Method.Sure(), !k.Body.Sure()
	}
	if e.facts.Target.Method != "" {
		_, names = presumedHere(e)
		return false, names
	}
	return presumedHere(e)
}

// presumedHere is what the front end's source and the documentation leave open.
func presumedHere(e *endpoint) (method, names bool) {
	if fetch := facts.FetchOf(e.url, e.facts.Project); fetch != nil {
		id := facts.IDName(fetch.Body)
		return false, id == "" && (fetch.BodyOpen || len(fetch.Body) == 0) || id == "user"
	}
	documented := affix.TrimSuffix(e.url.Path, "/") == documentedPath && !queryHasID(e.url.String())
	return !documented, true
}

// documentedPath is the one path whose request the documentation states.
var documentedPath = func() string {
	u, _ := url.Parse(facts.DefaultURL)
	return u.Path
}()

func queryHasID(raw string) bool {
	u, err := url.Parse(raw)
	if err != nil {
		return false
	}
	for name := range u.Query() {
		if facts.OneOf(facts.IDNames, name) {
			return true
		}
	}
	return false
}

// reconsider sends a presumed request that was rejected in the other forms that
// the endpoint may have been written for, and makes the first that it
// understands the main one. Where it understands none, the first stays.
func (e *endpoint) reconsider(ctx context.Context, reach []facts.Dial, b *facts.Backend, read *bodies) {
	method, names := e.presumed()
	for _, r := range e.otherForms(method, names, b.Posts[0].Status) {
		was, now, heard := e.main, &facts.Backend{Dials: b.Dials, Get: b.Get, Elsewhere: b.Elsewhere}, &bodies{get: read.get}
		e.main = r
		e.askMain(ctx, reach, now, heard)
		if e.understood(&now.Posts[0], heard.posts[0], b.Posts[0].Status) {
			*b, *read = *now, *heard
			if !refusedForm(b.Posts[0].Status) {
				return
			}
			continue
		}
		e.main = was
	}
}

// otherForms are the forms that a refusal leaves possible.
func (e *endpoint) otherForms(method, names bool, status int) []form {
	t := e.w.Target
	t.UserName = t.UserID // each of its names is the user's
	usual := append(usualNames(), "user.id", "user.name")
	var out []form
	if method && noSuchRoute(status) && e.main.method == http.MethodPost {
		out = append(out, anyQuery(e.url, nil, t), anyQuery(e.url, usualNames(), t))
	}
	if names && refusedForm(status) {
		if e.main.method == http.MethodGet {
			return append(out, anyQuery(e.url, usualNames(), t))
		}
		kind := "json"
		if fetch := facts.FetchOf(e.url, e.facts.Project); fetch != nil {
			kind = fetch.Type
		}
		out = append(out, bodyForm(kind, withQuery(e.url, t), usual, "", t))
		if method {
			out = append(out, urlencodedForm(e.url.String(), usual, "", t))
		}
	}
	return out
}

// understood tells whether a response shows that the endpoint was written for
// the request: it has the route, or it gives a token where it gave none.
func (e *endpoint) understood(a *facts.Answer, body []byte, before int) bool {
	if noSuchRoute(before) {
		return a.Status != 0 && !noSuchRoute(a.Status) && !a.HTML && (a.JSON || a.Status >= 400 || len(e.find(body)) > 0)
	}
	return a.Status/100 == 2 && len(e.find(body)) > 0 && !e.namesNobody(body)
}

func noSuchRoute(status int) bool {
	return status == http.StatusNotFound || status == http.StatusMethodNotAllowed || status == http.StatusNotImplemented
}

// refusedForm tells the statuses of a request that lacks what is wanted of it.
func refusedForm(status int) bool {
	return status == http.StatusBadRequest || status == http.StatusUnprocessableEntity
}
