package sites

import (
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/names"
	"badsig/checks/probe/project/picture"
)

// Rules of this file:
//   - what a function of the project gives is followed into it; what a framework's call gives is told by its name

// sessionCalls give who is signed in.
var sessionCalls = names.Words("auth", "getServerSession", "getSession", "currentUser", "getAuth", "useSession", "getUser", "verifyIdToken", "verifySession", "validateRequest", "requireUser",
	"requireAuth", "getServerAuthSession", "getToken", "requireUserId", "getUserId", "getCurrentUser", "unstable_getServerSession", "getIronSession", "verifyToken", "jwtVerify", "verify",
	"getSessionUser", "authenticate", "isAuthenticated", "validateSession", "readSession", "serverSupabaseUser", "getUserSession", "requireUserSession", "getKindeServerSession")

// callOrigin is where what a call gives, or a member of it, comes from.
func callOrigin(p *picture.Reader, v modules.View, member string, depth int) origin {
	m, at, e := v.M, v.At, v.E
	unread := origin{user: facts.User{Name: affix.TrimSuffix(e.Text+"."+member, "."), Known: facts.IsAssumed, Place: facts.Place{File: m.Rel, Line: e.Line}}}
	if depth <= 0 || !p.Step() {
		return unread
	}
	on, name := modules.Receiver(e.Text)
	low := strings.ToLower(on)
	arg := ""
	if len(e.Parts) > 0 && e.Parts[0].Kind == jsread.Literal {
		arg = e.Parts[0].Text
	}
	if f, ok := p.CalledFunction(m, at, e, 10); ok {
		for _, r := range slices.Backward(f.Fn.Returns) {
			o := memberOrValue(p, modules.View{M: f.Mod, At: f.Fn.Own, E: r.Expr}, member, r.Line, depth-1)
			if o.fn == f.Fn && o.index < len(e.Parts) { // its caller hands it over
				given := memberOrValue(p, v.Of(&e.Parts[o.index]), o.member, e.Line, depth-1)
				if o.user.Changed.Line > 0 {
					given.user.Changed = o.user.Changed
				}
				given.user.Made = true
				return given
			}
			if o.fn != nil || o.user.From != "" {
				return o
			}
		}
		if sessionCalls[name] {
			return readOrigin(m, e.Line, FromSession, unread.user.Name)
		}
		return unread
	}
	if from, name := calledFrom(name, low, arg, member, unread.user.Name, e); from != "" {
		return readOrigin(m, e.Line, from, name)
	}
	switch {
	case name == "parse" || name == "safeParse" || name == "parseAsync" || name == "validate" || name == "JSON.parse" || name == "cast" || name == "assert":
		if len(e.Parts) > 0 {
			member = affix.TrimPrefix(affix.TrimPrefix(member, "data."), "value.")
			o := streamed(m, e.Text, memberOrValue(p, v.Of(&e.Parts[0]), member, e.Line, depth-1), member, e.Line)
			o.parsed = name != "JSON.parse"
			return o
		}
	case name == "get" && arg != "" && e.On() == nil && on != "": // formData.get('userId'), c.get('user')
		of, ok := m.Resolve(at, on)
		if ok && of.Kind == jsread.CallExpr {
			o := callOrigin(p, v.Of(&of), "", depth-1)
			if o.user.From != "" {
				o.user.Name = arg
				return o
			}
			if facts.LastName(of.Text) == "URLSearchParams" {
				return readOrigin(m, e.Line, FromQuery, arg)
			}
		}
		if on == "c" || on == "ctx" || on == "context" {
			return readOrigin(m, e.Line, FromSession, joinMember(arg, member))
		}
	}
	return unread
}

// calledFrom tells by its name what a call reads, low being what it is called on; "" where its name doesn't say it.
func calledFrom(name, low, arg, member, callee string, e jsread.Expr) (from, field string) {
	switch {
	case name == "json" && arg == "" && (affix.Contains(low, "req") || low == "request" || low == "event.request"), name == "readBody" || name == "readValidatedBody" || name == "readRawBody" || name == "readJsonBody":
		return FromBody, member
	case name == "formData" || name == "text" && affix.Contains(low, "req") || name == "urlencoded" && affix.Contains(low, "req"):
		return FromBody, member
	case name == "input" && arg != "" && affix.Contains(low, "request"), (name == "all" || name == "body" || name == "only") && low == "request": // Adonis
		return FromBody, facts.First(arg, member)
	case name == "getQuery" || name == "query" && arg != "" && affix.Contains(low, "req"):
		return FromQuery, facts.First(arg, member)
	case name == "query" && affix.Contains(low, "req"):
		return FromQuery, member
	case name == "getRouterParam" && len(e.Parts) > 1:
		return FromPath, e.Parts[1].Text
	case name == "param" && affix.Contains(low, "req"):
		return FromPath, facts.First(arg, member)
	case name == "valid" && affix.Contains(low, "req"): // Hono's validator
		switch arg {
		case "json", "form":
			return FromBody, member
		case "query":
			return FromQuery, member
		case "param":
			return FromPath, member
		}
	case name == "get" && (affix.Contains(low, "searchparams") || affix.HasSuffix(low, "query") || low == "params"):
		return FromQuery, arg
	case name == "get" && affix.Contains(low, "header"), name == "header" || name == "getHeader" || name == "getHeaders" || name == "headers":
		return FromSession, facts.First(arg, "headers")
	case name == "get" && affix.Contains(low, "cookie"), name == "getCookie" || name == "cookies" || name == "parseCookies" || name == "cookie":
		return FromSession, facts.First(arg, "cookie")
	case sessionCalls[name]:
		return FromSession, callee
	case name == "params" && low == "":
		return FromPath, member
	}
	return "", ""
}

func memberOrValue(p *picture.Reader, v modules.View, member string, line, depth int) origin {
	if member == "" {
		return originOf(p, v, depth)
	}
	return memberOrigin(p, v, member, line, depth)
}
