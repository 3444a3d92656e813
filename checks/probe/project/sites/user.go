package sites

import (
	"badsig/checks/affix"
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
	param  modules.View // as it is written
	text   bool         // it was made a string on the way
	parsed bool         // a schema may have made something else of it
}

// changed notes the line that makes another ID of what is followed: the first
// that the value passes on its way to the token is the one nearest to it.
func (o origin) changed(m *modules.Module, line int) origin {
	if o.user.Changed.Line == 0 {
		o.user.Changed = facts.Place{File: m.Rel, Line: line}
	}
	return o
}

// sameID are the wrappings that leave an ID what it is.
var sameID = names.Words("String", "toString", "!", "as", "satisfies", "Object.freeze", "trim", "decodeURIComponent", "encodeURIComponent")

// ChangesID tells an expression that makes another ID of the one in it.
func ChangesID(p *picture.Reader, v modules.View) bool {
	o := originOf(p, v, 12)
	return o.user.Changed.Line > 0
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

// readOrigin is one that was read.
//
//go:noinline
func readOrigin(m *modules.Module, line int, from, name string) origin {
	return origin{user: facts.User{From: from, Name: name, Known: facts.IsRead, Place: facts.Place{File: m.Rel, Line: line}}}
}

// originOf follows an expression to where its value comes from.
func originOf(p *picture.Reader, v modules.View, depth int) origin {
	m, at, e := v.M, v.At, v.E
	unread := origin{user: facts.User{Known: facts.IsAssumed, Place: facts.Place{File: m.Rel, Line: e.Line}}}
	if depth == 0 || !p.Step() {
		return unread
	}
	is := func(from, name string) origin { return readOrigin(m, e.Line, from, name) }
	switch e.Kind {
	case jsread.Literal, jsread.Number:
		return is(FromConstant, e.Text)
	case jsread.Env:
		if o, ok := constantOrigin(p, v); ok {
			return o
		}
		return is(FromConstant, e.Text)
	case jsread.Template:
		if o, ok := constantOrigin(p, v); ok {
			return o
		}
		for _, x := range e.Parts {
			if x.Kind != jsread.Literal {
				o := originOf(p, v.Of(&x), depth-1).changed(m, e.Line)
				o.text, o.user.Made = true, true
				return o
			}
		}
	case jsread.Either:
		if o, ok := constantOrigin(p, v); ok {
			return o
		}
		best := unread
		for _, x := range v.Choices() {
			o := originOf(p, x, depth-1)
			if o.fn != nil || o.user.From != "" && o.user.From != FromConstant {
				for _, y := range v.Choices() {
					or := originOf(p, y, depth-1)
					if or.fn == o.fn && or.fn != nil && or.index == o.index && or.user.Changed.Line == 0 && or.member != o.member {
						o.user.Else = or.member
					}
					o.user.Again = false // where it's no object yet
					o.user.Or = o.user.Or || v.E.Text != "&&" && facts.EndsInID(o.user.Name+o.member) && (facts.Naming(or.user.Name) || facts.Naming(or.member))
				}
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
		if member, ok := affix.CutPrefix(e.Text, "."); ok {
			o := memberOrigin(p, v.Of(&e.Parts[0]), member, e.Line, depth-1)
			o.user.Promise = o.user.Promise || o.user.From == FromBody && unawaited(m, e.Parts[0])
			return o
		}
		if next, ok := p.Once(v); ok {
			return originOf(p, next, depth-1)
		}
		o := originOf(p, v.Of(&e.Parts[0]), depth-1)
		if !sameID[e.Text] {
			o = o.changed(m, e.Line)
		}
		o.text = o.text || e.Text == "String"
		o.user.Made = o.user.Made || e.Text != "as" && e.Text != "!" && e.Text != "satisfies"
		return o
	case jsread.CallExpr:
		if next, ok := p.Once(v); ok {
			return originOf(p, next, depth-1)
		}
		return callOrigin(p, v, "", depth)
	case jsread.Other:
		if e.Param() != nil {
			var out origin
			jsread.Functions(&m.Module, func(f *jsread.Function) bool {
				if f.Name == affix.TrimPrefix(e.Param().Func, "new ") && jsread.Inside(&m.Module, at, f.Own) && e.Param().Index < len(f.Params) {
					out = origin{fn: f, index: e.Param().Index, member: e.Param().Key, param: v, user: facts.User{Place: facts.Place{File: m.Rel, Line: e.Line}}}
				}
				return true
			})
			if out.fn != nil {
				return out
			}
		}
		if next, ok := p.Once(v); ok {
			return originOf(p, next, depth-1)
		}
		if e.Text == "[]" && len(e.Parts) == 2 || len(e.Parts) == 1 && e.Text != "..." { // ids[n]
			return originOf(p, v.Of(&e.Parts[0]), depth-1)
		}
	case jsread.Func:
		if next, ok := p.Once(v); ok { // a getter
			return originOf(p, next, depth-1)
		}
	case jsread.Ident:
		if facts.NoID(e.Text) && e.Line > 0 {
			return is("", e.Text)
		}
		return nameOrigin(p, v, depth)
	}
	return unread
}

// constantOrigin is a string that is known whole, and for sure.
func constantOrigin(p *picture.Reader, v modules.View) (origin, bool) {
	t, ok := p.TextOf(v)
	return origin{user: facts.User{From: FromConstant, Name: t.Text, Known: t.Known, Place: t.Place}}, ok && t.Known.Sure()
}

func nameOrigin(p *picture.Reader, v modules.View, depth int) origin {
	m, e := v.M, v.E
	head, rest, _ := affix.Cut(e.Text, ".")
	if v.B != nil { // the parameter of a function whose call is known
		if next, ok := p.Once(v); ok {
			return originOf(p, next, depth-1)
		}
	}
	if fn, i, member, ok := jsread.ParamAt(&m.Module, v.At, head); ok {
		line := e.Line
		if member != "" && rest == "" && fn.Line > 0 { // taken apart in the function's head
			line = fn.Line
		}
		return origin{fn: fn, index: i, member: joinMember(member, rest), param: v, user: facts.User{Place: facts.Place{File: m.Rel, Line: line}}}
	}
	if next, ok := p.Once(v); ok && !modules.IsUndefined(next.E) { // a variable without a value may get one
		return originOf(p, next, depth-1)
	}
	unread := origin{user: facts.User{Name: e.Text, Known: facts.IsAssumed, Place: facts.Place{File: m.Rel, Line: e.Line}}}
	if affix.HasPrefix(e.Text, "process.argv") {
		unread.user.From, unread.user.Name, unread.user.Known = FromArgument, "process.argv", facts.IsRead
	}
	if held, ok := m.Resolve(v.At, head); ok && rest != "" && held.Kind != jsread.Ident { // a member of what a call gives
		o := memberOrigin(p, v.Of(&held), rest, e.Line, depth-1)
		o.user.Promise = (o.user.From == FromSession || o.user.From == FromBody) && unawaited(m, held)
		if u := &o.user; u.File == m.Rel && (o.fn != nil && affix.HasSuffix(o.member, "."+rest) || u.Name == rest && (u.From == FromBody || u.From == FromQuery)) {
			u.Line = max(u.Line, e.Line) // where the field is named
		}
		return o
	}
	return unread
}

// leftOut is what a parameter is where its function is called without it.
func (o origin) leftOut(p *picture.Reader) (origin, bool) {
	if o.fn.Name == "" || o.param.M == nil {
		return origin{}, false
	}
	v := o.param
	v.B = &modules.Bound{Mod: v.M, Fn: o.fn.Name, Up: v.B}
	next, ok := p.Once(v)
	if !ok {
		return origin{}, false
	}
	return originOf(p, next, 24), true
}

// memberOrigin is where a member of a value comes from.
func memberOrigin(p *picture.Reader, v modules.View, member string, line, depth int) origin {
	unread := origin{user: facts.User{Name: member, Known: facts.IsAssumed, Place: facts.Place{File: v.M.Rel, Line: line}}}
	if depth <= 0 || !p.Step() {
		return unread
	}
	switch e := v.E; e.Kind {
	case jsread.Ident:
		return nameOrigin(p, v.Of(&jsread.Expr{Kind: jsread.Ident, Text: joinMember(e.Text, member), Line: line}), depth-1)
	case jsread.CallExpr:
		return callOrigin(p, v, member, depth-1)
	case jsread.Wrapped:
		if len(e.Parts) == 0 {
			return unread
		}
		inner, _ := affix.CutPrefix(e.Text, ".")
		if inner == e.Text {
			inner = ""
		}
		o := memberOrigin(p, v.Of(&e.Parts[0]), joinMember(inner, member), line, depth-1)
		o.user.Again = o.user.Again || e.Text == "JSON.parse" && affix.HasSuffix(e.Parts[0].Text, ".body") && !v.M.Holds("typeof")
		return streamed(v.M, e.Text, o, member, line)
	case jsread.Either:
		for _, x := range v.Choices() {
			if o := memberOrigin(p, x, member, line, depth-1); o.fn != nil || o.user.From != "" {
				o.user.Again = false
				return o
			}
		}
		return unread
	case jsread.Other:
		if o := originOf(p, v, depth-1); o.fn != nil {
			o.member = joinMember(o.member, member)
			return o
		}
		return unread
	}
	if next, ok := p.Once(v.Of(&jsread.Expr{Kind: jsread.Wrapped, Text: "." + member, Parts: []jsread.Expr{v.E}, Line: line})); ok {
		return originOf(p, next, depth-1)
	}
	return unread
}

// streamed is what is parsed of a body that arrives in pieces: req.on('data', …), for await (const part of req).
func streamed(m *modules.Module, callee string, o origin, member string, line int) origin {
	if callee == "JSON.parse" && o.fn == nil && (o.user.From == "" || o.user.From == FromConstant) && (m.Holds(". on ( 'data") || m.Holds("for await (")) {
		return readOrigin(m, line, FromBody, member)
	}
	return o
}

func joinMember(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "." + b
}
