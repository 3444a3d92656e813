package fronts

import (
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
)

// Rules of this file:
//   - a body is sent as a browser would send it: a string without a Content-Type goes out as text/plain, which no parser of JSON reads
//   - what the source does not tell is said to be open, so that no one is blamed for badsig's guess

// optionsOf reads what a request says besides its URL.
func optionsOf(p *picture.Reader, f *picture.Front, r request, x *facts.Fetch) {
	c := r.client
	c.headers = slices.Clone(c.headers)
	x.Credentials, x.CredLine, x.Auth, x.Session = c.credentials, c.credLine, c.auth, c.session
	if !r.plain && addsHeaders(f) && !c.found {
		c.headers = append(c.headers, "*")
	}
	named, known := "", true // the Content-Type that the source gives
	call := facts.Place{File: r.m.Rel, Line: r.call.Line}
	x.TypeAt = call
	list, open := modules.FieldsOf(p.Graph, r.options, 6)
	if open {
		c.headers = append(c.headers, "*")
		x.BodyOpen = true
	}
	for _, e := range list {
		v := modules.Settle(p.Graph, e.V)
		switch e.Key {
		case "method", "type":
			if v.E.Kind == jsread.Either && len(v.E.Parts) > 0 {
				v = modules.Settle(p.Graph, v.Of(&v.E.Parts[0]))
			}
			if v.E.Kind == jsread.Literal {
				x.Method, x.MethodAt = strings.ToUpper(v.E.Text), v.Place()
			}
		case "credentials", "withCredentials":
			if x.Credentials = sendsCredentials(p, e.V); x.Credentials {
				x.CredLine = e.V.Place()
			}
		case "baseURL", "baseUrl", "prefixUrl":
			if base := addressOf(p, f, e.V, 12); base.text != "" && !absoluteURL.MatchString(x.URL) {
				x.URL, x.Address = JoinURL(base.text, x.URL), base.host
				if base.assumed {
					x.Known = facts.IsAssumed
				}
			}
		case "body", "data", "json":
			bodyOf(p, e.V, x)
			if r.plain && e.Key == "body" && v.E.Kind == jsread.Object {
				x.Type, x.TypeAt = "object", v.Place()
			} else if x.TypeAt == call && r.options.E.Kind != jsread.Object {
				x.TypeAt = e.V.Place()
			}
		case "params", "query", "searchParams":
			q := facts.Fetch{}
			bodyOf(p, e.V, &q)
			x.Query = append(x.Query, q.Body...)
			x.IDs = q.IDs
			for n, v := range q.Fixed {
				x.Fix(n, v)
			}
			x.BodyOpen = x.BodyOpen || q.BodyOpen
		case "headers":
			if x.Type != "object" {
				x.TypeAt = v.Place()
			}
			given := client{headers: c.headers}
			headersOf(p, e.V, &given)
			c.headers = given.headers
			x.Auth = x.Auth || given.auth
			x.Session = facts.First(given.session, x.Session)
			all, _ := modules.FieldsOf(p.Graph, e.V, 4)
			for _, h := range all {
				if strings.EqualFold(h.Key, "content-type") {
					t := modules.Settle(p.Graph, h.V)
					named, known = strings.ToLower(t.E.Text), t.E.Kind == jsread.Literal
					if x.Type != "object" {
						x.TypeAt = h.V.Place()
					}
				}
			}
		}
	}
	if x.Session == "" && x.Auth {
		x.Session = "the session"
	}
	x.Headers = append(x.Headers, c.headers...)
	defer func() {
		if x.Type != "text" && x.Type != "object" {
			x.TypeAt = facts.Place{}
		}
	}()
	own := !r.plain || facts.OneOf(x.Headers, "*") || ownFetch(p, f, r.m)
	if t := typeNamed(named); x.Type == "object" && !own {
		return
	} else if t != "" || !known {
		x.Type = t
	} else if (x.Type == "text" || x.Type == "object") && own {
		x.Type = "" // clients of their own name JSON's type by themselves
	}
}

// bodyOf adds what an expression tells of a request's body: its fields, and
// the type that fetch gives it by itself.
func bodyOf(p *picture.Reader, v modules.View, x *facts.Fetch) {
	if v.E.Kind == jsread.None {
		return
	}
	for range 6 {
		if v.E.Kind == jsread.Ident && v.E.Text == "arg" {
			next, ok := triggered(p)
			if v = modules.Settle(p.Graph, next); !ok || v.E.Kind != jsread.Object {
				x.BodyOpen = !ok
				return // one value has no fields
			}
		}
		v = modules.Settle(p.Graph, v)
		e := v.E
		switch {
		case (e.Kind == jsread.Wrapped || e.Kind == jsread.CallExpr) && facts.LastName(e.Text) == "stringify" && len(e.Parts) > 0:
			x.Type = "text"
			v = v.Of(&e.Parts[0])
			continue
		case e.Kind == jsread.Wrapped && len(e.Parts) > 0:
			v = v.Of(&e.Parts[0])
			continue
		case e.Kind == jsread.CallExpr && (e.Text == "new URLSearchParams" || e.Text == "new FormData"):
			x.Type = map[string]string{"new URLSearchParams": "urlencoded", "new FormData": "multipart"}[e.Text]
			if len(e.Parts) == 0 || e.Text == "new FormData" {
				x.BodyOpen = true // filled by append
				return
			}
			v = v.Of(&e.Parts[0])
			continue
		case e.Kind == jsread.Either && e.Text == "?:" && len(e.Parts) == 2 && (modules.IsUndefined(e.Parts[0]) || modules.IsUndefined(e.Parts[1])): // body ? JSON.stringify(body) : undefined
			v = v.Of(&e.Parts[0])
			if modules.IsUndefined(v.E) {
				v = v.Of(&e.Parts[1])
			}
			continue
		case paramIn(e, 4) != nil: // one caller, or several that hand over the same
			if next, ok := bodyHandedOver(p, v); ok {
				v = next
				continue
			}
		}
		break
	}
	if modules.IsUndefined(v.E) {
		return
	}
	list, open := modules.FieldsOf(p.Graph, v, 4)
	if open {
		x.BodyOpen = true
		if v.E.Kind == jsread.Literal || v.E.Kind == jsread.Template {
			x.Type = "text"
		}
	}
	for _, e := range list {
		if len(x.Body) >= 20 {
			return
		}
		inner := modules.Settle(p.Graph, e.V)
		if inner.E.Kind != jsread.Object {
			if inner.E.Kind == jsread.Literal {
				x.Fix(e.Key, inner.E.Text)
			}
			x.Body = append(x.Body, e.Key)
			sendsID(p, x, e.Key, e.V)
			if inner.E.Kind == jsread.Ident && !affix.Contains(inner.E.Text, ".") || inner.E.Kind == jsread.Other && inner.E.Param() != nil {
				x.Whole = append(x.Whole, e.Key)
			}
			continue
		}
		for i, k := range inner.E.Keys() {
			if k != "" && len(x.Body) < 20 {
				x.Body = append(x.Body, e.Key+"."+k)
				sendsID(p, x, e.Key+"."+k, inner.Of(&inner.E.Parts[i]))
			}
		}
	}
}

// bodyHandedOver is what the callers of a function give one of its parameters,
// where they agree on the fields.
func bodyHandedOver(p *picture.Reader, v modules.View) (modules.View, bool) {
	var out modules.View
	found := false
	for _, c := range modules.RequestersOf(p.Graph, v.M, paramIn(v.E, 4).Func) {
		a := v
		a.B = c.B
		a = modules.Settle(p.Graph, a)
		if a.E.Kind != jsread.Object || found && !slices.Equal(a.E.Keys(), out.E.Keys()) {
			return modules.View{}, false
		}
		out, found = a, true
	}
	if !found {
		return mutated(p, paramIn(v.E, 4).Func)
	}
	return out, found
}

// paramIn is the parameter that a value is, or is taken from, with its default.
func paramIn(e jsread.Expr, depth int) *jsread.Param {
	switch {
	case depth == 0:
		return nil
	case e.Kind == jsread.Other:
		return e.Param()
	case len(e.Parts) > 0 && (e.Kind == jsread.Wrapped && affix.HasPrefix(e.Text, ".") || e.Kind == jsread.Either && e.Text == "="):
		return paramIn(e.Parts[0], depth-1)
	}
	return nil
}
