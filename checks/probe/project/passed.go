package project

import (
	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/names"
	"badsig/checks/probe/project/picture"
	"badsig/checks/sanitize"
)

// Rules of this file, about what the front end does to the token between its source and Stream's client:
//   - the value that the client gets is followed back through variables, state, functions, parameters and storage
//   - a step that isn't understood ends the way, and nothing is said; nor where the values of several ways differ
//   - a provider may give a promise; everywhere else it has to be awaited

// carried is one value on the way, and what was done to it.
type carried struct {
	kind carriedKind
	prom bool         // a promise of it
	fn   modules.View // of carriedFunc and carriedObject
	path string       // of carriedDoc: which member of the document
	took facts.Place  // where that is taken
	facts.Passed
	at     modules.View // where the promise is made
	inner  *carried     // of a hook: its data
	body   string       // of carriedClient: the member with the document, where that isn't data
	from   []facts.Place
	served facts.Place // where a loader hands the object to its page, which gets it from nothing else
	put    string      // the functions that put it where several do, each with a | after it
}

type carriedKind uint8

const (
	carriedOther  carriedKind = iota // not understood
	carriedNone                      // null, undefined, "": no value yet
	carriedToken                     // what a signing call gives
	carriedDoc                       // a response's document, or a member of it
	carriedText                      // a response's text
	carriedReply                     // what fetch gives
	carriedClient                    // what axios gives: { data }
	carriedQuery                     // what a hook gives: { data, mutateAsync }
	carriedAction                    // what Redux's dispatch and a mutation's trigger give: { payload, data }, unwrap()
	carriedSlice                     // a part of Redux's state
	carriedStream                    // an observable of the inner value
	carriedFunc
	carriedObject
)

// maxWay bounds the steps of one way.
const maxWay = 40

// findPassed notes what front ends make of the token before Stream's client gets it.
func findPassed(p *picture.Reader, all []connection) {
	taken := takes{}
	defer taken.note(p)
	for _, k := range all {
		m, c, token := k.m, k.c, k.token
		if p.Over() || len(p.Facts.Passed) >= 20 {
			break
		}
		done := p.Ask()
		w := &passage{Reader: p}
		x, ok := w.result(modules.View{M: m, At: c.Scope, E: token})
		done()
		if !ok {
			taken.add(x)
			continue
		}
		x.Client, x.Callee = facts.Place{File: m.Rel, Line: max(c.Line, token.Line)}, facts.LastName(c.Callee)
		if holder := token.Kind == jsread.Ident && !names.Bare.MatchString(facts.LastName(token.Text)); x.Line == 0 || x.kind == carriedDoc && x.How == "document" && holder && !w.provided && x.took.Line == 0 {
			x.Place, x.Of = x.Client, "" // a name such as tokenData says that its field is to be taken here
			if holder && !w.provided {
				x.Of = token.Text
			}
		}
		x.As, x.Of = sanitize.Visible(x.As), sanitize.Visible(x.Of)
		x.From, x.Takes = x.from, x.path
		p.Facts.Passed = append(p.Facts.Passed, x.Passed)
	}
}

// passage follows one value.
type passage struct {
	*picture.Reader
	depth    int
	provided bool // by a function
}

// lost is a value whose promise was never awaited.
func (x carried) lost(w *passage) carried {
	if x.at.M == nil {
		return carried{}
	}
	x.How, x.As, x.Place = "promise", x.at.E.Text, x.at.Place()
	x.prom = false
	return x
}

// whole is a value that holds the token in a field, where the client gets all of it.
func (w *passage) whole(x carried) carried {
	switch x.kind {
	case carriedDoc:
		if x.path == "" {
			x.How = "document"
		}
	case carriedText:
		x.How, x.Place = "text", x.at.Place()
	case carriedReply, carriedClient:
		x.How = "response"
	case carriedObject:
		field := ""
		for i, k := range x.fn.E.Keys() {
			for _, y := range w.eval(x.fn.Of(&x.fn.E.Parts[i])) {
				if y.kind == carriedToken && y.How == "" && !y.prom {
					field = k
				}
			}
		}
		if field == "" {
			return carried{}
		}
		x.How, x.As = "object", field
	}
	return x
}

// eval is what a value may be.
func (w *passage) eval(v modules.View) []carried {
	w.depth++
	defer func() { w.depth-- }()
	if w.depth > maxWay || !w.Step() || v.M == nil {
		return []carried{{}}
	}
	if v.E.Kind != jsread.Func && v.E.Fn > 0 { // token = data.token, of a variable of the module
		v.At = v.E.Fn
	}
	out := w.step(v)
	if len(out) > 24 {
		return []carried{{}}
	}
	for i := range out {
		if v.E.Await {
			out[i].prom = false
		}
	}
	return out
}

func (w *passage) step(v modules.View) []carried {
	e := v.E
	switch e.Kind {
	case jsread.Ident:
		return w.name(v)
	case jsread.Literal:
		if e.Text == "" {
			return []carried{{kind: carriedNone}}
		}
	case jsread.Either:
		var out []carried
		parts := v.Choices()
		if e.Text == "&&" && len(parts) > 1 {
			parts = parts[len(parts)-1:]
		}
		for _, part := range parts {
			out = append(out, w.eval(part)...)
		}
		return out
	case jsread.Template:
		return w.joined(v)
	case jsread.Object:
		return []carried{{kind: carriedObject, fn: v}}
	case jsread.Func:
		return []carried{{kind: carriedFunc, fn: v}}
	case jsread.Wrapped:
		if len(e.Parts) == 0 {
			break
		}
		inner := v.Of(&e.Parts[0])
		if path, ok := affix.CutPrefix(e.Text, "."); ok {
			return w.members(w.eval(inner), path, v)
		}
		return w.changed(v, w.eval(inner))
	case jsread.CallExpr:
		return w.call(v)
	case jsread.Other:
		if e.Text == "[]" && len(e.Parts) == 2 {
			return w.part(v)
		}
	}
	return []carried{{}}
}

// name follows a name, or a path that begins with one.
func (w *passage) name(v modules.View) []carried {
	m, e := v.M, v.E
	head, rest, _ := affix.Cut(e.Text, ".")
	switch {
	case modules.IsUndefined(e) || e.Text == "false":
		return []carried{{kind: carriedNone}}
	case head == "this":
		if f, ok := w.FunctionIn(v, 6); ok { // a method
			return []carried{{kind: carriedFunc, fn: viewOf(&f)}}
		}
		return []carried{{}}
	case facts.OneOf(m.Changed, head):
		return []carried{{}}
	}
	if fn, i, member, ok := jsread.ParamAt(&m.Module, v.At, head); ok {
		if member == "" && i == 0 && fn.Name != "" && fn.Name[0] >= 'A' && fn.Name[0] <= 'Z' { // props.token
			member, rest, _ = affix.Cut(rest, ".")
		}
		return w.members(w.parameter(m, fn, i, member), rest, v)
	}
	if all := w.pageData(m, head); all != nil {
		return w.members(all, rest, v)
	}
	held, at, ok := jsread.Held(&m.Module, v.At, head)
	if !ok || held.Kind == jsread.Ident && held.Text == head {
		if next, ok := w.Once(v.Of(&jsread.Expr{Kind: jsread.Ident, Text: head, Line: e.Line})); ok {
			return w.members(w.eval(next), rest, v)
		}
		return []carried{{}}
	}
	if held.Kind == jsread.Other && held.Text == "[]" && held.Param() == nil && len(held.Parts) == 2 { // const [token, setToken] = useState()
		if set := w.state(v, head, held); set != nil {
			return w.members(set, rest, v)
		}
		if call := held.Parts[0]; call.Kind == jsread.CallExpr && affix.HasPrefix(call.Text, "use") {
			if all := w.endpoint(v.Of(&call), held.Parts[1].Text); all != nil {
				return w.members(all, rest, v)
			}
		}
	}
	u := v.Of(&held)
	u.At, u.B = at, nil
	if u.E.Line == 0 {
		u.E.Line = e.Line
	}
	all := w.eval(u)
	if held.Kind == jsread.Ident || affix.Any(append(held.Parts, held), func(x jsread.Expr) bool { return x.Kind != jsread.Func && x.Fn > 0 }) {
		putUnder(all, head, u.Place())
	}
	if e.Await && rest != "" {
		for i := range all {
			all[i].prom = false
		}
	}
	return w.members(all, rest, v)
}
