package probe

import (
	"net/url"
	"slices"
	"strings"

	"badsig/checks/probe/jsread"
	"badsig/checks/probe/pattern"
)

// fetchesOf lists a module's requests that look like asking for a token.
func (p *project) fetchesOf(f *front, m *module) {
	if roleOfPath(m.rel) != RoleUnknown {
		return
	}
	for _, c := range m.Calls {
		object, name := receiver(c.Callee)
		var target, options, data jsread.Expr
		method, base := "GET", ""
		switch {
		case name == "fetch" || name == "$fetch" || name == "ofetch" || name == "useFetch" || name == "ky":
			if len(c.Args) == 0 {
				continue
			}
			target = c.Args[0]
			if len(c.Args) > 1 {
				options = c.Args[1]
			}
			if name == "fetch" && object != "" && object != "window" && object != "globalThis" && object != "self" {
				continue
			}
		case (name == "axios" || name == "request") && len(c.Args) > 0 && c.Args[0].Kind == jsread.Object:
			options = c.Args[0]
			for i, k := range options.Keys {
				if k == "url" {
					target = options.Parts[i]
				}
			}
			base = p.baseOf(f, m, c, object)
		case (name == "post" || name == "get" || name == "put") && object != "" && len(c.Args) > 0:
			method = strings.ToUpper(name)
			target = c.Args[0]
			if name == "get" {
				if len(c.Args) > 1 {
					options = c.Args[1]
				}
			} else {
				if len(c.Args) > 1 {
					data = c.Args[1]
				}
				if len(c.Args) > 2 {
					options = c.Args[2]
				}
			}
			base = p.baseOf(f, m, c, object)
		default:
			continue
		}
		text, ok := p.textOf(f, m, c.Scope, target, 12)
		if !ok && text == "" {
			continue
		}
		x := Fetch{URL: joinURL(base, text), Method: method, File: m.rel, Line: c.Line}
		if options.Kind == jsread.Ident {
			if v, ok := m.Resolve(c.Scope, options.Text); ok {
				options = v
			}
		}
		p.fetchOptions(f, m, c, options, &x)
		x.Body = append(x.Body, p.fieldNames(m, c.Scope, data)...)
		if !strings.HasPrefix(x.URL, "/") && !strings.HasPrefix(x.URL, "http") {
			if x.URL == "" || strings.Contains(x.URL, "://") {
				continue
			}
			x.URL = "/" + x.URL
		}
		if q := strings.IndexAny(x.URL, "?#"); q >= 0 {
			if vs, err := url.ParseQuery(x.URL[q+1:]); err == nil {
				for n := range vs {
					x.Body = append(x.Body, n)
				}
				slices.Sort(x.Body)
			}
			x.URL = x.URL[:q]
		}
		if fetchScore(x) <= 0 && !(m.streamish() && strings.Contains(strings.ToLower(c.Func), "token")) {
			continue
		}
		if strings.Contains(x.URL, "stream-io-api.com") || strings.Contains(x.URL, "getstream.io") {
			continue
		}
		if strings.HasPrefix(x.URL, "/") {
			if _, ok := f.carried(x.URL); ok {
				x.Proxied = true
			}
		}
		if len(p.facts.Fetches) < 50 {
			p.facts.Fetches = append(p.facts.Fetches, x)
		}
	}
}

// fetchScore tells how much a request looks like the one for Stream's token.
func fetchScore(x Fetch) int {
	u, err := url.Parse(x.URL)
	if err != nil {
		return 0
	}
	n := routeScore(Route{Method: x.Method, Path: u.Path})
	if n > 0 && slices.ContainsFunc(x.Body, func(s string) bool {
		return s == "userId" || s == "user_id" || s == "userName" || s == "id" || s == "username"
	}) {
		n++
	}
	return n
}

// carried gives the URL to which the dev server's proxy sends a path.
func (f *front) carried(p string) (string, bool) {
	best, out := -1, ""
	for _, r := range f.proxy {
		prefix := strings.TrimSuffix(strings.TrimPrefix(r.prefix, "^"), ".*")
		target, mode, _ := strings.Cut(r.target, "#")
		target = strings.TrimSuffix(target, "/")
		if !strings.HasPrefix(target, "http") || len(prefix) <= best {
			continue
		}
		switch {
		case mode == "exact" && p == r.prefix:
			best, out = len(prefix), target
		case mode == "rest" && strings.HasPrefix(p, prefix):
			best, out = len(prefix), target+"/"+strings.TrimPrefix(p[len(prefix):], "/")
		case mode == "" && strings.HasPrefix(p, prefix):
			best, out = len(prefix), target+p
		}
	}
	return out, best >= 0
}

func (p *project) fetchOptions(f *front, m *module, c jsread.Call, o jsread.Expr, x *Fetch) {
	if o.Kind != jsread.Object {
		return
	}
	for i, k := range o.Keys {
		v := o.Parts[i]
		switch k {
		case "method", "type":
			if v.Kind == jsread.Literal {
				x.Method = strings.ToUpper(v.Text)
			}
		case "credentials":
			x.Credentials = v.Kind == jsread.Literal && v.Text == "include"
		case "withCredentials":
			x.Credentials = v.Kind == jsread.Ident && v.Text == "true"
		case "body", "data", "json", "params", "query":
			x.Body = append(x.Body, p.fieldNames(m, c.Scope, v)...)
		case "headers":
			if v.Kind == jsread.Ident {
				if r, ok := m.Resolve(c.Scope, v.Text); ok {
					v = r
				}
			}
			for _, h := range v.Keys {
				if strings.EqualFold(h, "authorization") || strings.EqualFold(h, "cookie") || strings.EqualFold(h, "x-auth-token") {
					x.Auth = true
				}
			}
		}
	}
}

// fieldNames gives the names of the fields of a body.
func (p *project) fieldNames(m *module, at jsread.Scope, e jsread.Expr) []string {
	for range 4 {
		switch {
		case e.Kind == jsread.Wrapped && len(e.Parts) > 0, e.Kind == jsread.CallExpr && lastName(e.Text) == "stringify" && len(e.Parts) > 0:
			e = e.Parts[0]
		case e.Kind == jsread.Ident:
			v, ok := m.Resolve(at, e.Text)
			if !ok {
				return nil
			}
			e = v
		}
	}
	var out []string
	for _, k := range e.Keys {
		if k != "" && len(out) < 20 {
			out = append(out, k)
		}
	}
	return out
}

// baseOf gives the baseURL of an axios instance.
func (p *project) baseOf(f *front, m *module, c jsread.Call, object string) string {
	if object == "" || object == "axios" {
		for _, fd := range m.Fields {
			if fd.Object == "axios.defaults" && fd.Name == "baseURL" {
				s, _ := p.textOf(f, m, fd.Scope, fd.Expr, 8)
				return s
			}
		}
		return ""
	}
	mod, e, ok := p.valueOf(m, c.Scope, object, 6)
	if !ok || e.Kind != jsread.CallExpr || len(e.Parts) == 0 || e.Parts[0].Kind != jsread.Object {
		return ""
	}
	for i, k := range e.Parts[0].Keys {
		if k == "baseURL" || k == "prefixUrl" {
			s, _ := p.textOf(f, mod, 0, e.Parts[0].Parts[i], 8)
			return s
		}
	}
	return ""
}

// valueOf follows a name, through imports too, to what it holds.
func (p *project) valueOf(m *module, at jsread.Scope, name string, depth int) (*module, jsread.Expr, bool) {
	if depth == 0 {
		return nil, jsread.Expr{}, false
	}
	if v, ok := m.Resolve(at, name); ok {
		return m, v, true
	}
	for _, i := range m.Imports {
		exported, ok := i.Names[name]
		if !ok {
			continue
		}
		t := p.module(p.resolve(m, i.From))
		if t == nil {
			break
		}
		e, ok := t.Exports[exported]
		if !ok {
			break
		}
		if e.Kind == jsread.Ident {
			return p.valueOf(t, 0, e.Text, depth-1)
		}
		return t, e, true
	}
	return nil, jsread.Expr{}, false
}

// textOf builds the text of a URL as far as it can be told from its
// beginning; whole is false where something behind it is not known.
func (p *project) textOf(f *front, m *module, at jsread.Scope, e jsread.Expr, depth int) (text string, whole bool) {
	if depth == 0 {
		return "", false
	}
	switch e.Kind {
	case jsread.Literal, jsread.Number:
		return e.Text, true
	case jsread.Template:
		for _, part := range e.Parts {
			t, ok := p.textOf(f, m, at, part, depth-1)
			text += t
			if !ok {
				return text, false
			}
		}
		return text, true
	case jsread.Either:
		for _, part := range e.Parts {
			if t, ok := p.textOf(f, m, at, part, depth-1); ok && t != "" {
				return t, true
			}
		}
		return "", false
	case jsread.Wrapped:
		if len(e.Parts) > 0 && (e.Text == "as" || e.Text == "!" || e.Text == "String" || e.Text == "toString") {
			return p.textOf(f, m, at, e.Parts[0], depth-1)
		}
	case jsread.CallExpr:
		if e.Text == "new URL" && len(e.Parts) == 2 {
			b, ok := p.textOf(f, m, at, e.Parts[1], depth-1)
			t, ok2 := p.textOf(f, m, at, e.Parts[0], depth-1)
			if u, err := url.Parse(b); err == nil && ok {
				if r, err := u.Parse(t); err == nil {
					return r.String(), ok2
				}
			}
		}
		if (e.Text == "new URL" || e.Text == "new Request") && len(e.Parts) == 1 {
			return p.textOf(f, m, at, e.Parts[0], depth-1)
		}
	case jsread.Env, jsread.Ident:
		if e.Kind == jsread.Ident && depth < 12 && isUserName(lastName(e.Text)) {
			return p.w.Target.UserID, true
		}
		for _, l := range p.eval(m, at, e) {
			switch l.kind {
			case leafLiteral:
				if l.transform == "" {
					return l.text, true
				}
			case leafEnv:
				if gets, known := f.browserGets(l.text, l.meta); known && !gets {
					continue
				}
				if v, src, _ := p.frontFile(f, l.text); src != nil && v != "" {
					return v, true
				}
			}
		}
		if e.Kind == jsread.Ident {
			if mod, v, ok := p.valueOf(m, at, e.Text, 6); ok && v.Kind != jsread.Ident {
				return p.textOf(f, mod, 0, v, depth-1)
			}
		}
	}
	return "", false
}

var absoluteURL = pattern.New(`^https?://`)

func joinURL(base, p string) string {
	if base == "" || absoluteURL.MatchString(p) {
		return p
	}
	return strings.TrimSuffix(base, "/") + "/" + strings.TrimPrefix(p, "/")
}

// isLoopbackURL tells an absolute http URL of this machine.
func isLoopbackURL(s string) bool {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return false
	}
	switch h := u.Hostname(); {
	case h == "localhost", strings.HasSuffix(h, ".localhost"), strings.HasPrefix(h, "127."), h == "::1", h == "0.0.0.0":
		return true
	}
	return false
}
