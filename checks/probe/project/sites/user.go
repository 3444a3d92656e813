package sites

import (
	"cmp"
	"slices"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/names"
	"badsig/checks/probe/project/picture"
)

// Rules of this file:
//   - where a user's ID comes from is told by what is read, not by the name of the variable that keeps it
//   - a session, a header and a cookie are one thing here: what the request's sender has to have, not what it says

// origin is where a value comes from, while it is followed outwards: either
// from of User, or the parameter of a function that its callers decide about.
type origin struct {
	user   facts.User
	fn     *jsread.Function // the function whose parameter it is; nil where user says it
	index  int
	member string
}

// Where a user's ID comes from.
const (
	FromBody     = "body"
	FromQuery    = "query"
	FromPath     = "path"
	FromSession  = "session"
	FromConstant = "constant"
	FromArgument = "argument"
)

// originOf follows an expression to where its value comes from.
func originOf(p *picture.Reader, m *modules.Module, at jsread.Scope, e jsread.Expr, depth int) origin {
	unread := origin{user: facts.User{Known: facts.IsAssumed, Place: facts.Place{File: m.Rel, Line: e.Line}}}
	if depth == 0 || !p.Step() {
		return unread
	}
	is := func(from, name string) origin {
		return origin{user: facts.User{From: from, Name: name, Known: facts.IsRead, Place: facts.Place{File: m.Rel, Line: e.Line}}}
	}
	switch e.Kind {
	case jsread.Literal, jsread.Number:
		return is(FromConstant, e.Text)
	case jsread.Env:
		return is(FromConstant, e.Text)
	case jsread.Template:
		for _, x := range e.Parts {
			if x.Kind != jsread.Literal {
				return originOf(p, m, at, x, depth-1)
			}
		}
	case jsread.Either:
		best := unread
		for _, x := range e.Parts {
			o := originOf(p, m, at, x, depth-1)
			if o.fn != nil || o.user.From != "" && o.user.From != FromConstant {
				return o
			}
			if best.user.From == "" {
				best = o
			}
		}
		return best
	case jsread.Wrapped:
		if len(e.Parts) == 0 {
			return unread
		}
		if member, ok := strings.CutPrefix(e.Text, "."); ok {
			return memberOrigin(p, m, at, e.Parts[0], member, e.Line, depth-1)
		}
		return originOf(p, m, at, e.Parts[0], depth-1)
	case jsread.CallExpr:
		return callOrigin(p, m, at, e, "", depth)
	case jsread.Other:
		if e.Param != nil {
			var out origin
			jsread.Functions(&m.Module, func(f *jsread.Function) bool {
				if f.Name == strings.TrimPrefix(e.Param.Func, "new ") && jsread.Inside(&m.Module, at, f.Own) && e.Param.Index < len(f.Params) {
					out = origin{fn: f, index: e.Param.Index, member: e.Param.Key, user: facts.User{Place: facts.Place{File: m.Rel, Line: e.Line}}}
				}
				return true
			})
			if out.fn != nil {
				return out
			}
		}
		if e.Text == "[]" && len(e.Parts) == 2 { // list[0]
			return originOf(p, m, at, e.Parts[0], depth-1)
		}
		if len(e.Parts) == 1 && e.Text != "..." {
			return originOf(p, m, at, e.Parts[0], depth-1)
		}
	case jsread.Ident:
		return nameOrigin(p, m, at, e, depth)
	}
	return unread
}

func nameOrigin(p *picture.Reader, m *modules.Module, at jsread.Scope, e jsread.Expr, depth int) origin {
	unread := origin{user: facts.User{Name: e.Text, Known: facts.IsAssumed, Place: facts.Place{File: m.Rel, Line: e.Line}}}
	head, rest, _ := strings.Cut(e.Text, ".")
	if fn, i, member, ok := jsread.ParamAt(&m.Module, at, head); ok {
		return origin{fn: fn, index: i, member: joinMember(member, rest), user: facts.User{Place: facts.Place{File: m.Rel, Line: e.Line}}}
	}
	if v, ok := m.Resolve(at, e.Text); ok && (v.Kind != jsread.Ident || v.Text != e.Text) {
		if v.Kind == jsread.Ident && (v.Text == "undefined" || v.Text == "null") {
			return unread
		}
		return originOf(p, m, at, v, depth-1)
	} else if !ok && v.Kind == jsread.Ident && v.Text != e.Text && v.Text != "" {
		return nameOrigin(p, m, at, jsread.Expr{Kind: jsread.Ident, Text: v.Text, Line: max(e.Line, v.Line)}, depth-1)
	}
	if rest != "" {
		if v, ok := m.Resolve(at, head); ok && v.Kind != jsread.Ident {
			return memberOrigin(p, m, at, v, rest, e.Line, depth-1)
		}
	}
	switch {
	case head == "this" || head == "globalThis":
		return unread
	case strings.HasPrefix(e.Text, "process.argv"):
		return origin{user: facts.User{From: FromArgument, Name: "process.argv", Known: facts.IsRead, Place: facts.Place{File: m.Rel, Line: e.Line}}}
	}
	if h, ok := modules.Lookup(p.Graph, m, at, e.Text, 8); ok && (h.Mod != m || h.E.Kind != jsread.Ident) {
		return originOf(p, h.Mod, h.At, h.E, depth-1)
	}
	return unread
}

// memberOrigin is where a member of a value comes from.
func memberOrigin(p *picture.Reader, m *modules.Module, at jsread.Scope, e jsread.Expr, member string, line, depth int) origin {
	if depth <= 0 || !p.Step() {
		return origin{user: facts.User{Known: facts.IsAssumed, Place: facts.Place{File: m.Rel, Line: line}}}
	}
	switch e.Kind {
	case jsread.Ident:
		return nameOrigin(p, m, at, jsread.Expr{Kind: jsread.Ident, Text: joinMember(e.Text, member), Line: line}, depth-1)
	case jsread.CallExpr:
		return callOrigin(p, m, at, e, member, depth-1)
	case jsread.Object:
		name, rest, _ := strings.Cut(member, ".")
		for i, k := range e.Keys {
			if k == name {
				if rest == "" {
					return originOf(p, m, at, e.Parts[i], depth-1)
				}
				return memberOrigin(p, m, at, e.Parts[i], rest, line, depth-1)
			}
		}
	case jsread.Wrapped:
		if len(e.Parts) > 0 {
			if inner, ok := strings.CutPrefix(e.Text, "."); ok {
				return memberOrigin(p, m, at, e.Parts[0], joinMember(inner, member), line, depth-1)
			}
			return memberOrigin(p, m, at, e.Parts[0], member, line, depth-1)
		}
	case jsread.Either:
		for _, x := range e.Parts {
			if o := memberOrigin(p, m, at, x, member, line, depth-1); o.fn != nil || o.user.From != "" {
				return o
			}
		}
	case jsread.Other:
		if o := originOf(p, m, at, e, depth-1); o.fn != nil {
			o.member = joinMember(o.member, member)
			return o
		}
	}
	return origin{user: facts.User{Name: member, Known: facts.IsAssumed, Place: facts.Place{File: m.Rel, Line: line}}}
}

func joinMember(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "." + b
}

// sessionCalls give who is signed in.
var sessionCalls = names.Words("auth", "getServerSession", "getSession", "currentUser", "getAuth", "useSession", "getUser", "verifyIdToken", "verifySession", "validateRequest", "requireUser",
	"requireAuth", "getServerAuthSession", "getToken", "requireUserId", "getUserId", "getCurrentUser", "unstable_getServerSession", "getIronSession", "verifyToken", "jwtVerify", "verify",
	"getSessionUser", "authenticate", "isAuthenticated", "validateSession", "readSession", "serverSupabaseUser", "getUserSession", "requireUserSession", "getKindeServerSession")

// callOrigin is where what a call gives, or a member of it, comes from.
func callOrigin(p *picture.Reader, m *modules.Module, at jsread.Scope, e jsread.Expr, member string, depth int) origin {
	unread := origin{user: facts.User{Name: strings.TrimSuffix(e.Text+"."+member, "."), Known: facts.IsAssumed, Place: facts.Place{File: m.Rel, Line: e.Line}}}
	if depth <= 0 || !p.Step() {
		return unread
	}
	is := func(from, name string) origin {
		return origin{user: facts.User{From: from, Name: name, Known: facts.IsRead, Place: facts.Place{File: m.Rel, Line: e.Line}}}
	}
	on, name := modules.Receiver(e.Text)
	low := strings.ToLower(on)
	arg := ""
	if len(e.Parts) > 0 && e.Parts[0].Kind == jsread.Literal {
		arg = e.Parts[0].Text
	}
	if f, ok := p.CalledFunction(m, at, e, 10); ok {
		for _, r := range slices.Backward(f.Fn.Returns) {
			o := memberOrReturn(p, f, r.Expr, member, depth-1)
			if o.fn == f.Fn && o.index < len(e.Parts) { // its caller hands it over
				if o.member == "" {
					return originOf(p, m, at, e.Parts[o.index], depth-1)
				}
				return memberOrigin(p, m, at, e.Parts[o.index], o.member, e.Line, depth-1)
			}
			if o.fn != nil || o.user.From != "" {
				return o
			}
		}
		if sessionCalls[name] {
			return is(FromSession, unread.user.Name)
		}
		return unread
	}
	switch {
	case name == "json" && arg == "" && (strings.Contains(low, "req") || low == "request" || low == "event.request"), name == "readBody" || name == "readValidatedBody" || name == "readRawBody" || name == "readJsonBody":
		return is(FromBody, member)
	case name == "formData" || name == "text" && strings.Contains(low, "req") || name == "urlencoded" && strings.Contains(low, "req"):
		return is(FromBody, member)
	case name == "parse" || name == "safeParse" || name == "parseAsync" || name == "validate" || name == "JSON.parse" || name == "cast" || name == "assert":
		if len(e.Parts) > 0 {
			member = strings.TrimPrefix(strings.TrimPrefix(member, "data."), "value.")
			return memberOrValue(p, m, at, e.Parts[0], member, e.Line, depth-1)
		}
	case name == "getQuery" || name == "query" && arg != "" && strings.Contains(low, "req"):
		return is(FromQuery, cmp.Or(arg, member))
	case name == "query" && strings.Contains(low, "req"):
		return is(FromQuery, member)
	case name == "getRouterParam" && len(e.Parts) > 1:
		return is(FromPath, e.Parts[1].Text)
	case name == "param" && strings.Contains(low, "req"):
		return is(FromPath, cmp.Or(arg, member))
	case name == "valid" && strings.Contains(low, "req"): // Hono's validator
		switch arg {
		case "json", "form":
			return is(FromBody, member)
		case "query":
			return is(FromQuery, member)
		case "param":
			return is(FromPath, member)
		}
	case name == "get" && (strings.Contains(low, "searchparams") || strings.HasSuffix(low, "query") || low == "params"):
		return is(FromQuery, arg)
	case name == "get" && strings.Contains(low, "header"), name == "header" || name == "getHeader" || name == "getHeaders" || name == "headers":
		return is(FromSession, cmp.Or(arg, "headers"))
	case name == "get" && strings.Contains(low, "cookie"), name == "getCookie" || name == "cookies" || name == "parseCookies" || name == "cookie":
		return is(FromSession, cmp.Or(arg, "cookie"))
	case name == "get" && arg != "" && e.On == nil && on != "": // formData.get('userId'), c.get('user')
		v, ok := m.Resolve(at, on)
		if ok && v.Kind == jsread.CallExpr {
			o := callOrigin(p, m, at, v, "", depth-1)
			if o.user.From != "" {
				o.user.Name = arg
				return o
			}
			if facts.LastName(v.Text) == "URLSearchParams" {
				return is(FromQuery, arg)
			}
		}
		if on == "c" || on == "ctx" || on == "context" {
			return is(FromSession, joinMember(arg, member))
		}
	case sessionCalls[name]:
		return is(FromSession, unread.user.Name)
	case name == "params" && on == "":
		return is(FromPath, member)
	}
	return unread
}

func memberOrReturn(p *picture.Reader, f modules.FnRef, e jsread.Expr, member string, depth int) origin {
	return memberOrValue(p, f.Mod, f.Fn.Own, e, member, e.Line, depth)
}

func memberOrValue(p *picture.Reader, m *modules.Module, at jsread.Scope, e jsread.Expr, member string, line, depth int) origin {
	if member == "" {
		return originOf(p, m, at, e, depth)
	}
	return memberOrigin(p, m, at, e, member, line, depth)
}
