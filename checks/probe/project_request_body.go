package probe

import (
	"cmp"
	"slices"
	"strings"

	"badsig/checks/probe/jsread"
)

// Rules of this file:
//   - a body is asked as a browser would send it: a text without a Content-Type goes out as text/plain, which no parser of JSON reads
//   - what the source does not tell is said to be open, so that nobody is blamed for badsig's guess

// optionsOf reads what a request says besides its URL.
func (p *project) optionsOf(f *front, r request, b *bound, x *Fetch) {
	c := r.client
	c.headers = slices.Clone(c.headers)
	x.Credentials, x.CredLine, x.Auth, x.Session = c.credentials, c.credLine, c.auth, c.session
	if !r.plain && f.addsHeaders() && !c.found {
		c.headers = append(c.headers, "*")
	}
	named, known := "", true // the Content-Type that the source gives
	list, open := p.fieldsOf(r.options, b, 6)
	if open {
		c.headers = append(c.headers, "*")
		x.BodyOpen = true
	}
	for _, e := range list {
		v := p.settle(e.v, b)
		switch e.key {
		case "method", "type":
			if v.e.Kind == jsread.Either && len(v.e.Parts) > 0 {
				v = p.settle(v.of(v.e.Parts[0]), b)
			}
			if v.e.Kind == jsread.Literal {
				x.Method = strings.ToUpper(v.e.Text)
			}
		case "credentials", "withCredentials":
			if x.Credentials = p.sendsCredentials(e.v, b); x.Credentials {
				x.CredLine = e.v.place()
			}
		case "baseURL", "baseUrl", "prefixUrl":
			if base := p.addressOf(f, e.v, b, 12); base.text != "" && !absoluteURL.MatchString(x.URL) {
				x.URL, x.Address = joinURL(base.text, x.URL), base.host
				if base.assumed {
					x.Known = IsAssumed
				}
			}
		case "body", "data", "json":
			p.bodyOf(e.v, b, x)
		case "params", "query", "searchParams":
			q := Fetch{}
			p.bodyOf(e.v, b, &q)
			x.Query = append(x.Query, q.Body...)
			x.BodyOpen = x.BodyOpen || q.BodyOpen
		case "headers":
			given := client{headers: c.headers}
			p.headersOf(e.v, b, &given)
			c.headers = given.headers
			x.Auth = x.Auth || given.auth
			x.Session = cmp.Or(given.session, x.Session)
			all, _ := p.fieldsOf(e.v, b, 4)
			for _, h := range all {
				if strings.EqualFold(h.key, "content-type") {
					t := p.settle(h.v, b)
					named, known = strings.ToLower(t.e.Text), t.e.Kind == jsread.Literal
				}
			}
		}
	}
	if x.Session == "" && x.Auth {
		x.Session = "the session"
	}
	x.Headers = append(x.Headers, c.headers...)
	if t := typeNamed(named); t != "" || !known {
		x.Type = t
	} else if x.Type == "text" && (!r.plain || slices.Contains(x.Headers, "*") || p.ownFetch(f, r.m)) {
		x.Type = "" // clients of their own name JSON's type by themselves
	}
}

// bodyOf adds what an expression tells of a request's body: its fields, and
// the type that fetch gives it by itself.
func (p *project) bodyOf(v view, b *bound, x *Fetch) {
	if v.e.Kind == "" {
		return
	}
	for range 6 {
		v = p.settle(v, b)
		e := v.e
		switch {
		case (e.Kind == jsread.Wrapped || e.Kind == jsread.CallExpr) && lastName(e.Text) == "stringify" && len(e.Parts) > 0:
			x.Type = "text"
			v = v.of(e.Parts[0])
			continue
		case e.Kind == jsread.Wrapped && len(e.Parts) > 0:
			v = v.of(e.Parts[0])
			continue
		case e.Kind == jsread.CallExpr && (e.Text == "new URLSearchParams" || e.Text == "new FormData"):
			x.Type = map[string]string{"new URLSearchParams": "urlencoded", "new FormData": "multipart"}[e.Text]
			if len(e.Parts) == 0 || e.Text == "new FormData" {
				x.BodyOpen = true // filled by append
				return
			}
			v = v.of(e.Parts[0])
			continue
		case e.Kind == jsread.Either && e.Text == "?:" && len(e.Parts) == 2 && (isUndefined(e.Parts[0]) || isUndefined(e.Parts[1])): // body ? JSON.stringify(body) : undefined
			v = v.of(e.Parts[0])
			if isUndefined(v.e) {
				v = v.of(e.Parts[1])
			}
			continue
		case e.Kind == jsread.Other && e.Param != nil && e.Param.Key == "": // one caller, or several that hand over the same
			if next, ok := p.bodyHandedOver(v); ok {
				v = next
				continue
			}
		}
		break
	}
	if isUndefined(v.e) {
		return
	}
	list, open := p.fieldsOf(v, b, 4)
	if open {
		x.BodyOpen = true
		if v.e.Kind == jsread.Literal || v.e.Kind == jsread.Template {
			x.Type = "text"
		}
	}
	for _, e := range list {
		if len(x.Body) >= 20 {
			return
		}
		inner := p.settle(e.v, b)
		if inner.e.Kind != jsread.Object {
			x.Body = append(x.Body, e.key)
			continue
		}
		for _, k := range inner.e.Keys {
			if k != "" && len(x.Body) < 20 {
				x.Body = append(x.Body, e.key+"."+k)
			}
		}
	}
}

// bodyHandedOver is what the callers of a function give one of its parameters,
// where they agree on the fields.
func (p *project) bodyHandedOver(v view) (view, bool) {
	q := v.e.Param
	var out view
	found := false
	for _, c := range p.requestersOf(v.m, q.Func) {
		if q.Index >= len(c.b.args) {
			return view{}, false
		}
		a := p.settle(c.b.args[q.Index], nil)
		if a.e.Kind != jsread.Object || found && !slices.Equal(a.e.Keys, out.e.Keys) {
			return view{}, false
		}
		out, found = a, true
	}
	return out, found
}
