package sites

import (
	"sort"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
)

// Rules of this file:
//   - what a handler reads of its request is told by its parameters and its framework's calls
//   - fields are in the order in which the code names them

// requestMember says what a member of a handler's parameter is.
func requestMember(p *picture.Reader, e picture.Entry, o origin) facts.User {
	u := facts.User{Known: facts.IsRead, Name: o.member, Place: o.user.Place, Changed: o.user.Changed}
	if d := decoratorOf(o); e.Style == "nest" && len(d.Parts) > 0 && d.Line > 0 && e.F.Mod != nil { // @Body('userId') names the field
		u.Place = facts.Place{File: e.F.Mod.Rel, Line: d.Line}
	}
	if from, name := memberFrom(e, o); from != "" {
		u.From, u.Name = from, name
		return u
	}
	return requestPath(u, o.member)
}

// memberFrom tells a member by the framework, and its name there; "" where the member's own path says it.
func memberFrom(e picture.Entry, o origin) (from, name string) {
	head, rest, _ := affix.Cut(o.member, ".")
	switch e.Style {
	case "action":
		return FromArgument, joinMember(paramName(o), o.member)
	case "feathers":
		rest, query := affix.CutPrefix(o.member, "query.")
		switch {
		case query:
			return FromQuery, rest
		case o.index == 1 || e.Method == "POST" && o.index == 0:
			return FromBody, o.member
		case o.index == 0 && o.member == "":
			return FromPath, "id"
		}
		return FromSession, o.member
	case "graphql":
		if o.index == 1 {
			return FromBody, o.member
		}
		return FromSession, o.member
	case "trpc":
		if head == "input" {
			return FromBody, rest
		}
		return FromSession, o.member
	case "callable":
		switch {
		case o.index == 1 || head == "auth" || head == "context":
			return FromSession, o.member
		case head == "data":
			return FromBody, rest
		}
		return FromBody, o.member
	case "nest":
		if d := decoratorOf(o); d.Kind != jsread.None {
			name := ""
			if len(d.Parts) > 0 && d.Parts[0].Kind == jsread.Literal {
				name = d.Parts[0].Text
			}
			switch d.Text {
			case "Body", "Args":
				return FromBody, joinMember(name, o.member)
			case "Query":
				return FromQuery, joinMember(name, o.member)
			case "Param":
				return FromPath, joinMember(name, o.member)
			case "Headers", "Cookies", "Session":
				return FromSession, joinMember(name, o.member)
			case "Req", "Request":
			default:
				return FromSession, joinMember(strings.ToLower(d.Text), o.member)
			}
		}
	case "web", "event":
		if o.index == 1 && head == "params" || head == "params" && o.index == 0 {
			return FromPath, rest
		}
	}
	return "", ""
}

// requestPath reads body.userId, ctx.request.query.id, user.id.
func requestPath(u facts.User, member string) facts.User {
	head, rest, _ := affix.Cut(member, ".")
	for head == "request" || head == "req" || head == "ctx" {
		head, rest, _ = affix.Cut(rest, ".")
	}
	u.Name = rest
	switch head {
	case "body", "data", "payload":
		u.From = FromBody
	case "query", "searchParams", "nextUrl":
		u.From, u.Name = FromQuery, affix.TrimPrefix(rest, "searchParams.")
	case "params":
		u.From = FromPath
	case "cookies", "headers", "header", "session", "user", "auth", "locals", "state", "userId", "uid", "currentUser", "signedCookies", "decoded", "token", "userData", "account", "me", "jwt":
		u.From, u.Name = FromSession, member
	case "":
		u.From, u.Name, u.Known = "", member, facts.IsAssumed
	default:
		u.From, u.Name = FromSession, member // what a middleware left on the request
		if head == "url" || head == "nextUrl" {
			u.From = ""
		}
	}
	return u
}

func paramName(o origin) string {
	if o.fn == nil || o.index >= len(o.fn.Params) {
		return ""
	}
	for n, member := range o.fn.Params[o.index].Names {
		if member == "" {
			return n
		}
	}
	return ""
}

func decoratorOf(o origin) jsread.Expr {
	if o.fn == nil || o.index >= len(o.fn.Params) {
		return jsread.Expr{}
	}
	for _, d := range o.fn.Params[o.index].Decorators {
		return d
	}
	return jsread.Expr{}
}

// seenRead is one thing that a handler reads of its request.
type seenRead struct {
	from, name string
	line       int
}

// readRequest lists the fields and parameters that a handler reads.
func readRequest(p *picture.Reader, e *picture.Entry) {
	for part := range strings.SplitSeq(e.Path, "/") {
		if name, ok := affix.CutPrefix(part, ":"); ok {
			e.Params = append(e.Params, affix.TrimSuffix(name, "?"))
		} else if affix.HasPrefix(part, "[") {
			e.Params = append(e.Params, strings.Trim(part, "[].?"))
		}
	}
	if e.F.Fn == nil {
		return
	}
	var reads []seenRead
	m := e.F.Mod
	note := func(at jsread.Scope, x jsread.Expr) {
		defer p.Ask()()
		o := originOf(p, modules.View{M: m, At: at, E: x}, 10)
		u := o.user
		if o.fn == e.F.Fn {
			u = requestMember(p, *e, o)
		} else if o.fn != nil {
			return
		}
		if (u.From == FromBody || u.From == FromQuery || u.From == FromArgument) && u.Name != "" {
			reads = append(reads, seenRead{u.From, u.Name, u.Line})
		}
	}
	var walk func(at jsread.Scope, x jsread.Expr, depth int)
	walk = func(at jsread.Scope, x jsread.Expr, depth int) {
		if depth == 0 || len(reads) > 60 {
			return
		}
		switch x.Kind {
		case jsread.Ident, jsread.CallExpr:
			note(at, x)
		case jsread.Wrapped:
			if affix.HasPrefix(x.Text, ".") {
				note(at, x)
				return
			}
		}
		for _, y := range x.Parts {
			walk(at, y, depth-1)
		}
		if x.On() != nil {
			walk(at, *x.On(), depth-1)
		}
	}
	jsread.Functions(&m.Module, func(f *jsread.Function) bool {
		if jsread.Inside(&m.Module, f.Own, e.F.Fn.Own) {
			jsread.Vars(&m.Module, f.Own, func(_ string, x jsread.Expr) { walk(f.Own, x, 4) })
		}
		return true
	})
	for _, list := range [][]jsread.Call{m.Calls, m.Others} {
		for _, c := range list {
			if jsread.Inside(&m.Module, c.Scope, e.F.Fn.Own) {
				for _, a := range c.Args {
					walk(c.Scope, a, 4)
				}
			}
		}
	}
	for _, i := range m.Ifs {
		if jsread.Inside(&m.Module, i.Scope, e.F.Fn.Own) {
			walk(i.Scope, i.Cond, 5)
		}
	}
	for i, x := range e.F.Fn.Params {
		for name, member := range x.Names {
			if member != "" || e.Style == "action" {
				note(e.F.Fn.Own, jsread.Expr{Kind: jsread.Ident, Text: name, Line: e.F.Fn.Line})
			}
		}
		for _, d := range x.Decorators {
			if e.Style == "nest" && len(d.Parts) > 0 && d.Parts[0].Kind == jsread.Literal {
				u := requestMember(p, *e, origin{fn: e.F.Fn, index: i, user: facts.User{Place: facts.Place{File: m.Rel, Line: d.Line}}})
				reads = append(reads, seenRead{u.From, u.Name, d.Line})
			}
		}
	}
	sort.SliceStable(reads, func(i, j int) bool { return reads[i].line < reads[j].line })
	for _, r := range reads {
		switch r.from {
		case FromBody, FromArgument:
			if !facts.OneOf(e.Fields, r.name) {
				e.Fields = append(e.Fields, r.name)
			}
		case FromQuery:
			if !facts.OneOf(e.Params, r.name) {
				e.Params = append(e.Params, r.name)
			}
		}
	}
	// user beside user.id is the way to it.
	e.Fields = affix.Without(e.Fields, func(f string) bool {
		return affix.Any(e.Fields, func(g string) bool { return affix.HasPrefix(g, f+".") })
	})
	e.Fields = e.Fields[:min(len(e.Fields), 20)]
}
