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

func (p *project) fetchOptions(f *front, m *module, c jsread.Call, o jsread.Expr, x *Fetch) {
	if lastName(c.Callee) != "fetch" && f.addsHeaders() {
		x.Headers = append(x.Headers, "*")
	}
	if o.Kind != jsread.Object {
		if o.Kind == jsread.Ident || o.Kind == jsread.CallExpr {
			x.Headers = append(x.Headers, "*")
			x.BodyOpen = true
		}
		return
	}
	named, known := "", true // the Content-Type that the source gives
	for i, k := range o.Keys {
		v := o.Parts[i]
		switch k {
		case "": // ...options
			x.Headers = append(x.Headers, "*")
			x.BodyOpen = true
		case "method", "type":
			if v.Kind == jsread.Literal {
				x.Method = strings.ToUpper(v.Text)
			}
		case "credentials":
			x.Credentials = v.Kind == jsread.Literal && v.Text == "include"
		case "withCredentials":
			x.Credentials = v.Kind == jsread.Ident && v.Text == "true"
		case "body", "data", "json", "params", "query":
			p.bodyOf(m, c.Scope, v, x)
		case "headers":
			if v.Kind == jsread.Ident {
				if r, ok := m.Resolve(c.Scope, v.Text); ok {
					v = r
				}
			}
			if v.Kind != jsread.Object {
				x.Headers = append(x.Headers, "*")
			}
			for j, h := range v.Keys {
				if strings.EqualFold(h, "content-type") {
					named, known = strings.ToLower(v.Parts[j].Text), v.Parts[j].Kind == jsread.Literal
				}
				x.Headers = append(x.Headers, cmp.Or(strings.ToLower(h), "*"))
				if strings.EqualFold(h, "authorization") || strings.EqualFold(h, "cookie") || strings.EqualFold(h, "x-auth-token") {
					x.Auth = true
				}
			}
		}
	}
	if t := typeNamed(named); t != "" || !known {
		x.Type = t
	} else if x.Type == "text" && (lastName(c.Callee) != "fetch" || slices.Contains(x.Headers, "*") || p.ownFetch(f, m)) {
		x.Type = "" // clients of their own name JSON's type by themselves
	}
}

// ownFetch tells a module whose fetch is not the browser's: its own, or one
// that some module of the front end has put in its place.
func (p *project) ownFetch(f *front, m *module) bool {
	return m.makesFetch() || p.fetchChangedIn(f.pkg)
}

// typeNamed gives Fetch.Type for a Content-Type; "" for others.
func typeNamed(mime string) string {
	switch {
	case strings.Contains(mime, "json"):
		return "json"
	case strings.HasPrefix(mime, "application/x-www-form-urlencoded"):
		return "urlencoded"
	case strings.HasPrefix(mime, "text/plain"):
		return "text"
	case strings.HasPrefix(mime, "multipart/form-data"):
		return "multipart"
	}
	return ""
}

// bodyOf adds what an expression tells of a request's body: its fields, and
// the type that fetch gives it by itself.
func (p *project) bodyOf(m *module, at jsread.Scope, e jsread.Expr, x *Fetch) {
	if e.Kind == "" {
		return
	}
	for range 4 {
		switch {
		case (e.Kind == jsread.Wrapped || e.Kind == jsread.CallExpr) && lastName(e.Text) == "stringify" && len(e.Parts) > 0:
			x.Type = "text"
			e = e.Parts[0]
		case e.Kind == jsread.Wrapped && len(e.Parts) > 0:
			e = e.Parts[0]
		case e.Kind == jsread.CallExpr && (e.Text == "new URLSearchParams" || e.Text == "new FormData"):
			x.Type = map[string]string{"new URLSearchParams": "urlencoded", "new FormData": "multipart"}[e.Text]
			if len(e.Parts) == 0 || e.Text == "new FormData" {
				x.BodyOpen = true // filled by append
				return
			}
			e = e.Parts[0]
		case e.Kind == jsread.Ident:
			v, ok := m.Resolve(at, e.Text)
			if !ok {
				x.BodyOpen = true
				return
			}
			e = v
		}
	}
	if e.Kind != jsread.Object {
		x.BodyOpen = true
		if e.Kind == jsread.Literal || e.Kind == jsread.Template {
			x.Type = "text"
		}
		return
	}
	for i, k := range e.Keys {
		switch v := e.Parts[i]; {
		case k == "":
			x.BodyOpen = true
		case len(x.Body) >= 20:
		case v.Kind == jsread.Object:
			for _, inner := range v.Keys {
				if inner != "" && len(x.Body) < 20 {
					x.Body = append(x.Body, k+"."+inner)
				}
			}
		default:
			x.Body = append(x.Body, k)
		}
	}
}
