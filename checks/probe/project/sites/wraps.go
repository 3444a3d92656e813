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
	"badsig/checks/sanitize"
)

// Rules of this file:
//   - what changes a token on its way is an expression around the signing call, around a function that gives its result
//     on, or around a variable that holds it
//   - the response is where the handler hands the token out; its line is the place to edit where nothing else is

// readWraps notes what is done to a site's token between the call and the
// response, and where the response hands it out.
func readWraps(p *picture.Reader, s *picture.Site, e *picture.Entry, r reaching) {
	w := &wrapReader{p: p, s: s, fact: &p.Facts.Sites[s.Fact], e: e}
	for _, f := range r.via {
		w.carriers = append(w.carriers, f.Fn)
		w.returns(f)
	}
	w.returns(e.F)
	w.responses(e.F)
	if e.Reply.File == "" {
		e.Reply = lastReply(e.F)
	}
	e.Caches = cacheHeader(e.F)
	for _, f := range append([]modules.FnRef{e.F}, r.via...) {
		if f.Fn == nil {
			continue
		}
		for _, x := range f.Fn.Throws {
			if at := (facts.Place{File: f.Mod.Rel, Line: x.Line}); x.Line > 0 && len(e.Throws) < 8 && !slices.Contains(e.Throws, at) {
				e.Throws = append(e.Throws, at)
			}
		}
		usesOf(e, f)
	}
}

// cacheHeader is the line on which a handler sets Cache-Control: res.set('Cache-Control', …).
func cacheHeader(f modules.FnRef) facts.Place {
	if f.Fn == nil {
		return facts.Place{}
	}
	for _, list := range [][]jsread.Call{f.Mod.Calls, f.Mod.Others} {
		for i := range list {
			c := &list[i]
			if len(c.Args) > 0 && c.Args[0].Kind == jsread.Literal && strings.EqualFold(c.Args[0].Text, "cache-control") && jsread.Inside(&f.Mod.Module, c.Scope, f.Fn.Own) {
				return facts.Place{File: f.Mod.Rel, Line: c.Line}
			}
		}
	}
	return facts.Place{}
}

// lastReply is the last line on which a handler responds with something that isn't an error.
func lastReply(f modules.FnRef) facts.Place {
	at := facts.Place{}
	if f.Fn == nil {
		return at
	}
	for _, list := range [][]jsread.Call{f.Mod.Calls, f.Mod.Others} {
		for i := range list {
			c := &list[i]
			root, _, _ := affix.Cut(c.Callee, ".")
			root = affix.TrimSuffix(root, "()")
			if !replyObjects[root] || !senders[facts.LastName(c.Callee)] || !jsread.Inside(&f.Mod.Module, c.Scope, f.Fn.Own) || c.Line <= at.Line || refuses(c) {
				continue
			}
			at = facts.Place{File: f.Mod.Rel, Line: c.Line}
		}
	}
	return at
}

var replyObjects = names.Words("res", "response", "reply", "ctx", "c", "h", "NextResponse", "Response")

// refuses reports a response with a status of an error: res.status(400).json(…).
func refuses(c *jsread.Call) bool {
	bad := func(args []jsread.Expr) bool {
		return affix.Any(args, func(a jsread.Expr) bool {
			if a.Kind == jsread.Object {
				for i, k := range a.Keys() {
					if k == "status" && a.Parts[i].Text >= "400" && len(a.Parts[i].Text) == 3 {
						return true
					}
				}
			}
			return a.Kind == jsread.Number && a.Text >= "400" && len(a.Text) == 3
		})
	}
	for e := c.On; e != nil; e = e.On() {
		if bad(e.Parts) {
			return true
		}
	}
	return bad(c.Args)
}

// wrapReader follows one token.
type wrapReader struct {
	p        *picture.Reader
	s        *picture.Site
	e        *picture.Entry
	fact     *facts.Site
	carriers []*jsread.Function // functions that give the token on
}

// returns looks at what a function gives back.
func (w *wrapReader) returns(f modules.FnRef) {
	if f.Fn == nil {
		return
	}
	for _, x := range f.Fn.Returns {
		w.look(f.Mod, f.Fn.Own, x.Expr, 12)
		if f == w.e.F && w.e.Reply.File == "" && w.carries(f.Mod, f.Fn.Own, x.Expr, 12) {
			w.e.Reply = facts.Place{File: f.Mod.Rel, Line: max(x.Line, f.Fn.Line)}
		}
	}
}

// senders are the methods that send a response.
var senders = names.Words("json", "send", "end", "jsonp", "write", "reply", "status", "body", "Response", "text", "ok", "success")

// responses looks at what a handler sends.
func (w *wrapReader) responses(f modules.FnRef) {
	if f.Fn == nil {
		return
	}
	for _, list := range [][]jsread.Call{f.Mod.Calls, f.Mod.Others} {
		for i := range list {
			c := &list[i]
			if !senders[facts.LastName(c.Callee)] || !jsread.Inside(&f.Mod.Module, c.Scope, f.Fn.Own) {
				continue
			}
			for _, a := range c.Args {
				w.look(f.Mod, c.Scope, a, 12)
				if line := w.lineOf(f.Mod, c.Scope, a, c.Line); line > 0 && (w.e.Reply.File == "" || w.e.Reply.Line < line && w.e.Reply.File == f.Mod.Rel) {
					w.e.Reply = facts.Place{File: f.Mod.Rel, Line: line}
				}
			}
		}
	}
	for _, x := range f.Mod.Assigned { // ctx.body = { token }
		if affix.HasSuffix(x.Name, "body") && jsread.Inside(&f.Mod.Module, x.Scope, f.Fn.Own) {
			w.look(f.Mod, x.Scope, x.Expr, 12)
			if line := w.lineOf(f.Mod, x.Scope, x.Expr, x.Line); line > 0 {
				w.e.Reply = facts.Place{File: f.Mod.Rel, Line: line}
			}
		}
	}
}

// lineOf is the line on which an expression that is sent holds the token; 0 for none.
func (w *wrapReader) lineOf(m *modules.Module, at jsread.Scope, x jsread.Expr, line int) int {
	if x.Kind == jsread.Object {
		for i, k := range x.Keys() {
			if tokenish(k) || w.carries(m, at, x.Parts[i], 8) {
				return max(x.Parts[i].Line, line)
			}
		}
		return 0
	}
	if w.carries(m, at, x, 8) {
		return max(x.Line, line)
	}
	return 0
}

func tokenish(name string) bool { return affix.Contains(strings.ToLower(name), "token") }

// look notes every change of the token within an expression.
func (w *wrapReader) look(m *modules.Module, at jsread.Scope, x jsread.Expr, depth int) {
	if depth == 0 || len(w.fact.Wraps) >= 20 || !w.carries(m, at, x, depth) {
		return
	}
	switch x.Kind {
	case jsread.Object, jsread.Array, jsread.Either:
		for _, part := range x.Parts {
			w.look(m, at, part, depth-1)
		}
	case jsread.Template:
		for i, part := range x.Parts {
			if !w.carries(m, at, part, depth-1) {
				continue
			}
			if len(x.Parts) > 1 {
				w.note(m, x, map[bool]string{true: "suffix", false: "prefix"}[i == 0], nearest(x.Parts, i))
			}
			w.look(m, at, part, depth-1)
		}
	case jsread.Wrapped:
		if how := wrapHow(x.Text); how != "" && len(x.Parts) > 0 {
			w.note(m, x, how, x.Text)
		}
		for _, part := range x.Parts {
			w.look(m, at, part, depth-1)
		}
	case jsread.CallExpr:
		if w.isSite(m, x) {
			return
		}
		if how := wrapHow(facts.LastName(x.Text)); how != "" {
			w.note(m, x, how, facts.LastName(x.Text))
		}
		if x.On() != nil {
			w.look(m, at, *x.On(), depth-1)
		}
		for _, part := range x.Parts {
			w.look(m, at, part, depth-1)
		}
	case jsread.Ident:
		if v, ok := m.Resolve(at, x.Text); ok && v.Kind != jsread.Ident {
			w.look(m, at, v, depth-1)
		}
	}
}

// nearest is the text beside the token in a template.
func nearest(parts []jsread.Expr, i int) string {
	for _, n := range []int{i - 1, i + 1} {
		if n >= 0 && n < len(parts) && parts[n].Kind == jsread.Literal && len(parts[n].Text) <= 20 {
			return parts[n].Text
		}
	}
	return ""
}

// wrapHow says what a function does to the string that it gets; "" for nothing.
func wrapHow(name string) string {
	switch facts.LastName(name) {
	case "slice", "substring", "substr", "split", "slice()", "padEnd", "shift", "pop":
		return "slice"
	case "JSON.stringify", "stringify":
		return "json"
	case "encodeURIComponent", "encodeURI", "escape", "toString", "btoa", "Buffer.from", "from", "digest":
		return "encode"
	case "replace", "replaceAll", "toUpperCase", "toLowerCase", "concat", "join", "normalize":
		return "replace"
	}
	return ""
}

func (w *wrapReader) note(m *modules.Module, x jsread.Expr, how, as string) {
	line := x.Line
	if line == 0 && len(x.Parts) > 0 {
		line = x.Parts[0].Line
	}
	n := facts.Wrap{How: how, As: sanitize.Visible(as), Place: facts.Place{File: m.Rel, Line: line}}
	if line > 0 && !slices.Contains(w.fact.Wraps, n) {
		w.fact.Wraps = append(w.fact.Wraps, n)
	}
}

func (w *wrapReader) isSite(m *modules.Module, x jsread.Expr) bool {
	return m == w.s.Mod && x.Line == w.s.Call.Line && facts.LastName(x.Text) == facts.LastName(w.s.Call.Callee)
}

// carries reports whether an expression holds the token.
func (w *wrapReader) carries(m *modules.Module, at jsread.Scope, x jsread.Expr, depth int) bool {
	if depth == 0 {
		return false
	}
	in := func(parts []jsread.Expr) bool {
		return affix.Any(parts, func(part jsread.Expr) bool { return w.carries(m, at, part, depth-1) })
	}
	switch x.Kind {
	case jsread.CallExpr:
		if w.isSite(m, x) || affix.Any(w.carriers, func(f *jsread.Function) bool { return f != nil && f.Name != "" && f.Name == facts.LastName(x.Text) }) {
			return true
		}
		return x.On() != nil && w.carries(m, at, *x.On(), depth-1) || in(x.Parts)
	case jsread.Ident:
		if v, ok := m.Resolve(at, x.Text); ok && (v.Kind != jsread.Ident || v.Text != x.Text) {
			return w.carries(m, at, v, depth-1)
		}
		return tokenish(facts.LastName(x.Text))
	case jsread.Object, jsread.Array, jsread.Either, jsread.Template, jsread.Wrapped, jsread.Other:
		return in(x.Parts)
	}
	return false
}
