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

// client is what a request goes through, as it was made.
type client struct {
	found       bool
	axios       bool // its requests give axios's response object
	base        address
	credentials bool
	credLine    facts.Place
	headers     []string
	auth        bool
	session     string
}

// clientOf finds the client that a name means: axios.create(…), ky.extend(…), fetchBaseQuery(…).
func clientOf(p *picture.Reader, f *picture.Front, m *modules.Module, at jsread.Scope, object string) (c client) {
	defer p.Ask()()
	bare := facts.LastName(object)
	c.axios = bare == "axios"
	for _, i := range m.Imports {
		if _, is := i.Names[object]; is {
			c.axios = i.From == "axios"
		}
	}
	if bare == "axios" && !affix.Contains(object, "this.") {
		c.found = true
		for _, other := range p.ReadOrder {
			if other.Pkg == f.Pkg && !other.Aside() {
				defaultsOf(p, f, other, "axios", &c)
			}
		}
		if v := modules.Settle(p.Graph, modules.View{M: m, At: at, E: jsread.Expr{Kind: jsread.Ident, Text: object}}); v.E.Kind != jsread.CallExpr {
			return c
		}
	}
	var v modules.View
	if object == "createApi()" { // RTK Query: the module's own
		for _, call := range m.Calls {
			if facts.LastName(call.Callee) == "createApi" && len(call.Args) > 0 {
				v = modules.View{M: m, At: call.Scope, E: jsread.Expr{Kind: jsread.CallExpr, Text: "createApi", Parts: call.Args, Line: call.Line}}
			}
		}
	} else {
		v = modules.Settle(p.Graph, modules.View{M: m, At: at, E: jsread.Expr{Kind: jsread.Ident, Text: object}})
	}
	madeBy(p, f, v, &c, 6)
	if c.found && v.M != nil {
		defaultsOf(p, f, v.M, "", &c)
	}
	return c
}

// madeBy reads the call that makes a client.
func madeBy(p *picture.Reader, f *picture.Front, v modules.View, c *client, depth int) {
	if depth == 0 || v.E.Kind != jsread.CallExpr || v.M == nil {
		return
	}
	on, name := modules.Receiver(v.E.Text)
	arg := modules.View{M: v.M}
	if len(v.E.Parts) > 0 {
		arg = v.Of(&v.E.Parts[0])
	}
	switch name {
	case "create", "extend", "Axios", "fetchBaseQuery", "defaults":
		if name == "create" && len(v.E.Parts) == 0 && on != "axios" {
			return
		}
		c.found = true
		c.axios = name == "create" && strings.EqualFold(on, "axios")
		if name == "extend" && on != "ky" {
			madeBy(p, f, modules.Settle(p.Graph, v.Of(&jsread.Expr{Kind: jsread.Ident, Text: on})), c, depth-1)
		}
		configured(p, f, arg, c)
		return
	case "createClient", "createBrowserClient", "createClientComponentClient": // Supabase's
		c.found = true
		c.base = addressOf(p, f, arg, 12)
		return
	case "createApi":
		list, _ := modules.FieldsOf(p.Graph, arg, 4)
		for _, e := range list {
			if e.Key == "baseQuery" {
				q := modules.Settle(p.Graph, e.V)
				if q.E.Kind == jsread.Func || q.E.Kind == jsread.Ident { // one that wraps fetchBaseQuery
					for _, call := range q.M.Calls {
						if facts.LastName(call.Callee) == "fetchBaseQuery" && len(call.Args) > 0 {
							c.found = true
							configured(p, f, modules.View{M: q.M, At: call.Scope, E: call.Args[0]}, c)
						}
					}
					return
				}
				madeBy(p, f, q, c, depth-1)
				c.found = true
			}
		}
		return
	}
	if t, fn := modules.FunctionOf(p.Graph, v.M, v.At, v.E.Text); t != nil { // a function that makes one
		for _, r := range modules.ReturnsOf(t, fn) {
			madeBy(p, f, modules.Settle(p.Graph, modules.View{M: t, At: r.Scope, E: r.Expr, B: v.Calls(t, fn)}), c, depth-1)
			if c.found {
				defaultsOf(p, f, t, "", c)
				return
			}
		}
		return
	}
	if arg.E.Kind == jsread.CallExpr || arg.E.Kind == jsread.Ident { // setupCache(axios.create(…))
		madeBy(p, f, modules.Settle(p.Graph, arg), c, depth-1)
	}
}

// configured reads the options of a client.
func configured(p *picture.Reader, f *picture.Front, v modules.View, c *client) {
	list, _ := modules.FieldsOf(p.Graph, v, 4)
	for _, e := range list {
		switch e.Key {
		case "baseURL", "prefixUrl", "baseUrl", "prefix":
			c.base = addressOf(p, f, e.V, 12)
		case "withCredentials", "credentials":
			if sendsCredentials(p, e.V) {
				c.credentials, c.credLine = true, e.V.Place()
			}
		case "headers":
			headersOf(p, e.V, c)
		case "hooks", "onRequest", "prepareHeaders":
			c.headers = append(c.headers, "*")
		}
	}
}

func sendsCredentials(p *picture.Reader, v modules.View) bool {
	s := modules.Settle(p.Graph, v)
	return s.E.Kind == jsread.Literal && s.E.Text == "include" || s.E.Kind == jsread.Ident && s.E.Text == "true"
}

// headersOf adds the names of the headers that an object sets.
func headersOf(p *picture.Reader, v modules.View, c *client) {
	list, open := modules.FieldsOf(p.Graph, v, 4)
	for _, e := range list {
		low := strings.ToLower(e.Key)
		switch {
		case low == "common" || low == "post" || low == "get":
			headersOf(p, e.V, c)
			continue
		case low == "authorization", low == "cookie", low == "x-auth-token":
			c.auth = true
			c.session = modules.FirstOf(c.session, sessionOf(p, e.V, 6))
		}
		if !facts.OneOf(c.headers, low) {
			c.headers = append(c.headers, low)
		}
	}
	if open && !facts.OneOf(c.headers, "*") {
		c.headers = append(c.headers, "*")
	}
}

// defaultsOf reads what a module sets on a client afterwards: api.defaults.baseURL = …,
// interceptors that set headers.
func defaultsOf(p *picture.Reader, f *picture.Front, m *modules.Module, object string, c *client) {
	for _, fd := range m.Fields {
		head, rest, ok := affix.Cut(fd.Object, ".defaults")
		v := modules.View{M: m, At: fd.Scope, E: fd.Expr}
		switch {
		case ok && (object == "" && head != "axios" || head == object):
			switch {
			case fd.Name == "baseURL" && rest == "":
				c.base = addressOf(p, f, v, 12)
			case fd.Name == "withCredentials" && rest == "" && sendsCredentials(p, v):
				c.credentials, c.credLine = true, v.Place()
			case affix.HasPrefix(rest, ".headers"):
				c.header(p, fd.Name, v)
			}
		case object == "" && (fd.Object == "headers" || affix.HasSuffix(fd.Object, ".headers")) && inFunction(m, fd.Line):
			c.header(p, fd.Name, v) // in an interceptor
		}
	}
	for _, call := range m.Calls {
		on, name := modules.Receiver(call.Callee)
		switch {
		case object == "" && (name == "set" || name == "append") && (on == "headers" || affix.HasSuffix(on, ".headers")) && len(call.Args) == 2 && call.Args[0].Kind == jsread.Literal:
			c.header(p, call.Args[0].Text, modules.View{M: m, At: call.Scope, E: call.Args[1]})
		case affix.HasSuffix(call.Callee, "interceptors.request.use") && (object == "" || affix.HasPrefix(call.Callee, object+".")):
			if !facts.OneOf(c.headers, "*") {
				c.headers = append(c.headers, "*")
			}
		}
	}
}

func inFunction(m *modules.Module, line int) bool {
	return affix.Any(m.Funcs, func(s jsread.Span) bool { return s.First <= line && line <= s.Last })
}

func (c *client) header(p *picture.Reader, name string, v modules.View) {
	low := strings.ToLower(name)
	if low == "common" {
		return
	}
	if low == "authorization" || low == "cookie" || low == "x-auth-token" {
		c.auth = true
		c.session = modules.FirstOf(c.session, sessionOf(p, v, 6))
	}
	if !facts.OneOf(c.headers, low) {
		c.headers = append(c.headers, low)
	}
}

// sessionOf tells where the value of an Authorization header comes from.
func sessionOf(p *picture.Reader, v modules.View, depth int) string {
	if depth == 0 {
		return ""
	}
	if v.E.Kind == jsread.Ident { // what the name says, before what it holds
		if s := sessionName(v.M, v.E.Text); s != "" {
			return s
		}
	}
	v = modules.Settle(p.Graph, v)
	switch e := v.E; e.Kind {
	case jsread.Literal:
		return "a constant"
	case jsread.CallExpr, jsread.Ident:
		if s := sessionName(v.M, e.Text); s != "" {
			return s
		}
		if t, fn := modules.FunctionOf(p.Graph, v.M, v.At, e.Text); t != nil {
			for _, r := range modules.ReturnsOf(t, fn) {
				if s := sessionOf(p, modules.View{M: t, At: r.Scope, E: r.Expr, B: v.B}, depth-1); s != "" && s != "a constant" {
					return s
				}
			}
		}
		if e.On() != nil {
			if s := sessionOf(p, v.Of(e.On()), depth-1); s != "" {
				return s
			}
		}
	}
	for _, part := range slices.Backward(v.E.Parts) {
		if part.Kind == jsread.Literal {
			continue
		}
		if s := sessionOf(p, v.Of(&part), depth-1); s != "" {
			return s
		}
	}
	return ""
}

// sessionName is the service that a name belongs to.
func sessionName(m *modules.Module, text string) string {
	low := strings.ToLower(text)
	from := func(part string) bool {
		return affix.Any(m.Imports, func(i jsread.Import) bool { return affix.Contains(i.From, part) })
	}
	switch {
	case affix.HasSuffix(low, "getidtoken"):
		return "Firebase"
	case affix.Contains(low, "getaccesstokensilently"):
		return "Auth0"
	case affix.Contains(low, "localstorage"):
		return "localStorage"
	case affix.Contains(low, "sessionstorage"):
		return "sessionStorage"
	case affix.Contains(low, "asyncstorage"), affix.Contains(low, "securestore"):
		return "the phone's storage"
	case affix.Contains(low, "cookie"):
		return "a cookie"
	case facts.LastName(low) == "gettoken" && from("@clerk/"):
		return "Clerk"
	case affix.Contains(low, "access_token") && from("supabase"), affix.Contains(low, "supabase"):
		return "Supabase"
	case affix.HasPrefix(low, "session.") && from("next-auth"):
		return "NextAuth"
	}
	return ""
}
