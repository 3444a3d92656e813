package probe

import (
	"slices"
	"strings"

	"badsig/checks/probe/jsread"
)

// Rules of this file:
//   - what changes a token on its way is an expression around the signing call, around a function that gives its result
//     on, or around a variable that holds it
//   - the response is where the handler hands the token out; its line is the place to edit where nothing else is

// readWraps notes what is done to a site's token between the call and the
// response, and where the response hands it out.
func (p *project) readWraps(s *site, e *entry, r reaching) {
	w := &wrapReader{p: p, s: s, fact: &p.facts.Sites[s.fact], e: e}
	for _, f := range r.via {
		w.carriers = append(w.carriers, f.fn)
		w.returns(f)
	}
	w.returns(e.f)
	w.responses(e.f)
}

// wrapReader follows one token.
type wrapReader struct {
	p        *project
	s        *site
	e        *entry
	fact     *Site
	carriers []*jsread.Function // functions that give the token on
}

// returns looks at what a function gives back.
func (w *wrapReader) returns(f fnRef) {
	if f.fn == nil {
		return
	}
	for _, x := range f.fn.Returns {
		w.look(f.mod, f.fn.Own, x.Expr, 12)
		if f == w.e.f && w.e.Reply.File == "" && w.carries(f.mod, f.fn.Own, x.Expr, 12) {
			w.e.Reply = Place{f.mod.rel, max(x.Line, f.fn.Line)}
		}
	}
}

// senders are the methods that send a response.
var senders = wordSet("json", "send", "end", "jsonp", "write", "reply", "status", "body", "Response", "text", "ok", "success")

// responses looks at what a handler sends.
func (w *wrapReader) responses(f fnRef) {
	if f.fn == nil {
		return
	}
	for _, list := range [][]jsread.Call{f.mod.Calls, f.mod.Others} {
		for i := range list {
			c := &list[i]
			if !senders[lastName(c.Callee)] || !f.mod.Inside(c.Scope, f.fn.Own) {
				continue
			}
			for _, a := range c.Args {
				w.look(f.mod, c.Scope, a, 12)
				if line := w.lineOf(f.mod, c.Scope, a, c.Line); line > 0 && (w.e.Reply.File == "" || w.e.Reply.Line < line && w.e.Reply.File == f.mod.rel) {
					w.e.Reply = Place{f.mod.rel, line}
				}
			}
		}
	}
	for _, x := range f.mod.Assigned { // ctx.body = { token }
		if strings.HasSuffix(x.Name, "body") && f.mod.Inside(x.Scope, f.fn.Own) {
			w.look(f.mod, x.Scope, x.Expr, 12)
			if line := w.lineOf(f.mod, x.Scope, x.Expr, x.Line); line > 0 {
				w.e.Reply = Place{f.mod.rel, line}
			}
		}
	}
}

// lineOf is the line on which an expression that is sent holds the token; 0 for none.
func (w *wrapReader) lineOf(m *module, at jsread.Scope, x jsread.Expr, line int) int {
	if x.Kind == jsread.Object {
		for i, k := range x.Keys {
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

func tokenish(name string) bool { return strings.Contains(strings.ToLower(name), "token") }

// look notes every change of the token within an expression.
func (w *wrapReader) look(m *module, at jsread.Scope, x jsread.Expr, depth int) {
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
		if how := wrapHow(lastName(x.Text)); how != "" {
			w.note(m, x, how, lastName(x.Text))
		}
		if x.On != nil {
			w.look(m, at, *x.On, depth-1)
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

// wrapHow says what a function does to the text that it is given; "" for nothing.
func wrapHow(name string) string {
	switch lastName(name) {
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

func (w *wrapReader) note(m *module, x jsread.Expr, how, as string) {
	line := x.Line
	if line == 0 && len(x.Parts) > 0 {
		line = x.Parts[0].Line
	}
	n := Wrap{How: how, As: Visible(as), Place: Place{m.rel, line}}
	if line > 0 && !slices.Contains(w.fact.Wraps, n) {
		w.fact.Wraps = append(w.fact.Wraps, n)
	}
}

func (w *wrapReader) isSite(m *module, x jsread.Expr) bool {
	return m == w.s.mod && x.Line == w.s.call.Line && lastName(x.Text) == lastName(w.s.call.Callee)
}

// carries reports whether an expression holds the token.
func (w *wrapReader) carries(m *module, at jsread.Scope, x jsread.Expr, depth int) bool {
	if depth == 0 {
		return false
	}
	in := func(parts []jsread.Expr) bool {
		return slices.ContainsFunc(parts, func(part jsread.Expr) bool { return w.carries(m, at, part, depth-1) })
	}
	switch x.Kind {
	case jsread.CallExpr:
		if w.isSite(m, x) || slices.ContainsFunc(w.carriers, func(f *jsread.Function) bool { return f != nil && f.Name != "" && f.Name == lastName(x.Text) }) {
			return true
		}
		return x.On != nil && w.carries(m, at, *x.On, depth-1) || in(x.Parts)
	case jsread.Ident:
		if v, ok := m.Resolve(at, x.Text); ok && (v.Kind != jsread.Ident || v.Text != x.Text) {
			return w.carries(m, at, v, depth-1)
		}
		return tokenish(lastName(x.Text))
	case jsread.Object, jsread.Array, jsread.Either, jsread.Template, jsread.Wrapped, jsread.Other:
		return in(x.Parts)
	}
	return false
}
