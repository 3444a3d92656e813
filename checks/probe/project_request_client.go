package probe

import (
	"slices"
	"strings"

	"badsig/checks/probe/jsread"
)

// client is what a request goes through, as it was made.
type client struct {
	found       bool
	base        address
	credentials bool
	credLine    Place
	headers     []string
	auth        bool
	session     string
}

// clientOf finds the client that a name stands for: axios.create(…), ky.extend(…), fetchBaseQuery(…).
func (p *project) clientOf(f *front, m *module, at jsread.Scope, object string) (c client) {
	defer p.ask()()
	bare := lastName(object)
	if bare == "axios" && !strings.Contains(object, "this.") {
		c.found = true
		for _, other := range p.readOrder {
			if other.pkg == f.pkg && roleOfPath(other.rel) == RoleUnknown {
				p.defaultsOf(f, other, "axios", &c)
			}
		}
		if v := p.settle(view{m, at, jsread.Expr{Kind: jsread.Ident, Text: object}}, nil); v.e.Kind != jsread.CallExpr {
			return c
		}
	}
	var v view
	if object == "createApi()" { // RTK Query: the module's own
		for _, call := range m.Calls {
			if lastName(call.Callee) == "createApi" && len(call.Args) > 0 {
				v = view{m, call.Scope, jsread.Expr{Kind: jsread.CallExpr, Text: "createApi", Parts: call.Args, Line: call.Line}}
			}
		}
	} else {
		v = p.settle(view{m, at, jsread.Expr{Kind: jsread.Ident, Text: object}}, nil)
	}
	p.madeBy(f, v, &c, 6)
	if c.found && v.m != nil {
		p.defaultsOf(f, v.m, "", &c)
	}
	return c
}

// madeBy reads the call that makes a client.
func (p *project) madeBy(f *front, v view, c *client, depth int) {
	if depth == 0 || v.e.Kind != jsread.CallExpr || v.m == nil {
		return
	}
	on, name := receiver(v.e.Text)
	arg := view{m: v.m}
	if len(v.e.Parts) > 0 {
		arg = v.of(v.e.Parts[0])
	}
	switch name {
	case "create", "extend", "Axios", "fetchBaseQuery", "defaults":
		if name == "create" && len(v.e.Parts) == 0 && on != "axios" {
			return
		}
		c.found = true
		if name == "extend" && on != "ky" {
			p.madeBy(f, p.settle(v.of(jsread.Expr{Kind: jsread.Ident, Text: on}), nil), c, depth-1)
		}
		p.configured(f, arg, c)
		return
	case "createApi":
		list, _ := p.fieldsOf(arg, nil, 4)
		for _, e := range list {
			if e.key == "baseQuery" {
				q := p.settle(e.v, nil)
				if q.e.Kind == jsread.Func || q.e.Kind == jsread.Ident { // one that wraps fetchBaseQuery
					for _, call := range q.m.Calls {
						if lastName(call.Callee) == "fetchBaseQuery" && len(call.Args) > 0 {
							c.found = true
							p.configured(f, view{q.m, call.Scope, call.Args[0]}, c)
						}
					}
					return
				}
				p.madeBy(f, q, c, depth-1)
				c.found = true
			}
		}
		return
	}
	if t, fn := p.functionOf(v.m, v.at, v.e.Text); t != nil { // a function that makes one
		for _, r := range t.returnsOf(fn) {
			b := &bound{mod: t, fn: fn, args: callAt{v.m, &jsread.Call{Scope: v.at}}.views(v.e.Parts)}
			p.madeBy(f, p.settle(view{t, r.Scope, r.Expr}, b), c, depth-1)
			if c.found {
				p.defaultsOf(f, t, "", c)
				return
			}
		}
		return
	}
	if arg.e.Kind == jsread.CallExpr || arg.e.Kind == jsread.Ident { // setupCache(axios.create(…))
		p.madeBy(f, p.settle(arg, nil), c, depth-1)
	}
}

// configured reads the options of a client.
func (p *project) configured(f *front, v view, c *client) {
	list, _ := p.fieldsOf(v, nil, 4)
	for _, e := range list {
		switch e.key {
		case "baseURL", "prefixUrl", "baseUrl", "prefix":
			c.base = p.addressOf(f, e.v, nil, 12)
		case "withCredentials", "credentials":
			if p.sendsCredentials(e.v, nil) {
				c.credentials, c.credLine = true, e.v.place()
			}
		case "headers":
			p.headersOf(e.v, nil, c)
		case "hooks", "onRequest", "prepareHeaders":
			c.headers = append(c.headers, "*")
		}
	}
}

func (p *project) sendsCredentials(v view, b *bound) bool {
	s := p.settle(v, b)
	return s.e.Kind == jsread.Literal && s.e.Text == "include" || s.e.Kind == jsread.Ident && s.e.Text == "true"
}

// headersOf adds the names of the headers that an object sets.
func (p *project) headersOf(v view, b *bound, c *client) {
	list, open := p.fieldsOf(v, b, 4)
	for _, e := range list {
		low := strings.ToLower(e.key)
		switch {
		case low == "common" || low == "post" || low == "get":
			p.headersOf(e.v, b, c)
			continue
		case low == "authorization", low == "cookie", low == "x-auth-token":
			c.auth = true
			c.session = firstOf(c.session, p.sessionOf(e.v, b, 6))
		}
		if !slices.Contains(c.headers, low) {
			c.headers = append(c.headers, low)
		}
	}
	if open && !slices.Contains(c.headers, "*") {
		c.headers = append(c.headers, "*")
	}
}

// defaultsOf reads what a module sets on a client afterwards: api.defaults.baseURL = …,
// interceptors that set headers.
func (p *project) defaultsOf(f *front, m *module, object string, c *client) {
	for _, fd := range m.Fields {
		head, rest, ok := strings.Cut(fd.Object, ".defaults")
		v := view{m, fd.Scope, fd.Expr}
		switch {
		case ok && (object == "" && head != "axios" || head == object):
			switch {
			case fd.Name == "baseURL" && rest == "":
				c.base = p.addressOf(f, v, nil, 12)
			case fd.Name == "withCredentials" && rest == "" && p.sendsCredentials(v, nil):
				c.credentials, c.credLine = true, v.place()
			case strings.HasPrefix(rest, ".headers"):
				c.header(p, fd.Name, v)
			}
		case object == "" && (fd.Object == "headers" || strings.HasSuffix(fd.Object, ".headers")) && inFunction(m, fd.Line):
			c.header(p, fd.Name, v) // in an interceptor
		}
	}
	for _, call := range m.Calls {
		on, name := receiver(call.Callee)
		switch {
		case object == "" && (name == "set" || name == "append") && (on == "headers" || strings.HasSuffix(on, ".headers")) && len(call.Args) == 2 && call.Args[0].Kind == jsread.Literal:
			c.header(p, call.Args[0].Text, view{m, call.Scope, call.Args[1]})
		case strings.HasSuffix(call.Callee, "interceptors.request.use") && (object == "" || strings.HasPrefix(call.Callee, object+".")):
			if !slices.Contains(c.headers, "*") {
				c.headers = append(c.headers, "*")
			}
		}
	}
}

func inFunction(m *module, line int) bool {
	return slices.ContainsFunc(m.Funcs, func(s jsread.Span) bool { return s.First <= line && line <= s.Last })
}

func (c *client) header(p *project, name string, v view) {
	low := strings.ToLower(name)
	if low == "common" {
		return
	}
	if low == "authorization" || low == "cookie" || low == "x-auth-token" {
		c.auth = true
		c.session = firstOf(c.session, p.sessionOf(v, nil, 6))
	}
	if !slices.Contains(c.headers, low) {
		c.headers = append(c.headers, low)
	}
}

// sessionOf tells where the value of an Authorization header comes from.
func (p *project) sessionOf(v view, b *bound, depth int) string {
	if depth == 0 {
		return ""
	}
	if v.e.Kind == jsread.Ident { // what the name says, before what it holds
		if s := sessionName(v.m, v.e.Text); s != "" {
			return s
		}
	}
	v = p.settle(v, b)
	switch e := v.e; e.Kind {
	case jsread.Literal:
		return "a constant"
	case jsread.CallExpr, jsread.Ident:
		if s := sessionName(v.m, e.Text); s != "" {
			return s
		}
		if t, fn := p.functionOf(v.m, v.at, e.Text); t != nil {
			for _, r := range t.returnsOf(fn) {
				if s := p.sessionOf(view{t, r.Scope, r.Expr}, b, depth-1); s != "" && s != "a constant" {
					return s
				}
			}
		}
		if e.On != nil {
			if s := p.sessionOf(v.of(*e.On), b, depth-1); s != "" {
				return s
			}
		}
	}
	for _, part := range slices.Backward(v.e.Parts) {
		if part.Kind == jsread.Literal {
			continue
		}
		if s := p.sessionOf(v.of(part), b, depth-1); s != "" {
			return s
		}
	}
	return ""
}

// sessionName is the service that a name belongs to.
func sessionName(m *module, text string) string {
	low := strings.ToLower(text)
	from := func(part string) bool {
		return slices.ContainsFunc(m.Imports, func(i jsread.Import) bool { return strings.Contains(i.From, part) })
	}
	switch {
	case strings.HasSuffix(low, "getidtoken"):
		return "Firebase"
	case strings.Contains(low, "getaccesstokensilently"):
		return "Auth0"
	case strings.Contains(low, "localstorage"):
		return "localStorage"
	case strings.Contains(low, "sessionstorage"):
		return "sessionStorage"
	case strings.Contains(low, "asyncstorage"), strings.Contains(low, "securestore"):
		return "the phone's storage"
	case strings.Contains(low, "cookie"):
		return "a cookie"
	case lastName(low) == "gettoken" && from("@clerk/"):
		return "Clerk"
	case strings.Contains(low, "access_token") && from("supabase"), strings.Contains(low, "supabase"):
		return "Supabase"
	case strings.HasPrefix(low, "session.") && from("next-auth"):
		return "NextAuth"
	}
	return ""
}
