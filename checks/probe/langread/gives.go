package langread

import (
	"badsig/checks/affix"
	"badsig/checks/probe/langread/flow"
	"badsig/checks/probe/langread/syntax"
)

// Rules of this file, about what a handler responds with:
//   - the token is followed from the signing call through variables, functions that return it, and dictionaries
//   - one step that isn't understood, or two responses that differ, and nothing is told of the response
//   - a field's name is the one that it has in JSON

// held is what an expression has of the token: the token itself, or an object with fields.
type held struct {
	how, as string // what was done to the token
	at      flow.Place
	object  bool
	fields  []member
	open    bool // it may have other fields
	text    bool // an object that was written as text
	bad     bool // the token is in it, in a way that wasn't understood
}

// member is a field of an object; of is nil for one without the token.
type member struct {
	name string
	of   *held
	at   flow.Place
}

// has reports whether the token is in it.
//
//go:noinline
func (h *held) has() bool {
	return h != nil && (!h.object || h.bad || affix.Any(h.fields, func(m member) bool { return m.of.has() }))
}

func (h *held) same(x *held) bool {
	if h == nil || x == nil {
		return h == x
	}
	for i := range h.fields {
		if i >= len(x.fields) || h.fields[i].name != x.fields[i].name || !h.fields[i].of.same(x.fields[i].of) {
			return false
		}
	}
	return h.how == x.how && h.as == x.as && h.object == x.object && !h.bad && !x.bad && len(h.fields) == len(x.fields)
}

// giver follows one token.
type giver struct {
	pr    *flow.Program
	s     *flow.Site
	reach map[*syntax.Fn]int
	busy  map[*syntax.Fn]bool
	steps int
}

// body is one function that is read.
type body struct {
	*giver
	fn      *syntax.Fn
	names   map[string]*held
	results []*held
	handler bool
}

var lost = &held{object: true, bad: true}

// gives notes the fields of a route's response, and which of them holds the token.
func gives(pr *flow.Program, s *flow.Site, r *flow.Route, reach map[*syntax.Fn]int) {
	g := &giver{pr: pr, s: s, reach: reach, busy: map[*syntax.Fn]bool{}}
	v := g.result(r.HandlerOf, nil)
	if !v.has() || v.bad {
		return
	}
	r.GivesAll = true
	var file func(v *held, path string, at flow.Place)
	file = func(v *held, path string, at flow.Place) {
		if !v.object {
			if v.how != "" {
				at = v.at
			}
			r.Gives = append(r.Gives, flow.Gift{Field: path, How: v.how, As: v.as, Place: at})
			return
		}
		r.GivesAll = r.GivesAll && !v.open
		for _, m := range v.fields {
			name := m.name
			if path != "" {
				name = path + "." + name
			}
			if m.of == nil || !m.of.object {
				r.Answer = append(r.Answer, name)
			}
			if m.of.has() {
				if m.of.object && (m.of.text || m.of.bad) {
					r.GivesAll = false
					continue
				}
				file(m.of, name, m.at)
			}
		}
	}
	file(v, "", r.Reply)
	r.GivesAll = r.GivesAll && len(r.Gives) > 0
}

// result is what a function returns or responds with, given what some of its parameters hold; nil where the token isn't in it.
func (g *giver) result(fn *syntax.Fn, given map[string]*held) *held {
	if g.busy[fn] || g.steps > 4000 {
		return lost
	}
	g.busy[fn] = true
	defer delete(g.busy, fn)
	b := &body{giver: g, fn: fn, names: given, handler: given == nil}
	if given == nil {
		b.names = map[string]*held{}
	}
	b.walk(fn.Body, false)
	if n := len(fn.Body); n > 0 && g.pr.Lang == syntax.Ruby && fn.Body[n-1].Kind == syntax.SExpr {
		b.note(b.eval(fn.Body[n-1].X))
	}
	if len(b.results) == 0 {
		return nil
	}
	for _, r := range b.results[1:] {
		if !r.same(b.results[0]) {
			return lost
		}
	}
	return b.results[0]
}

func (b *body) note(v *held) {
	if v.has() {
		b.results = append(b.results, v)
	}
}

func (b *body) place(n *syntax.Node) flow.Place {
	return flow.Place{File: b.fn.Unit.Path, Line: n.Line}
}

// walk reads statements in their order; inner is true below a condition.
func (b *body) walk(list []*syntax.Stmt, inner bool) {
	for _, st := range list {
		switch st.Kind {
		case syntax.SFunc, syntax.SClass:
			continue
		case syntax.SAssign:
			b.assign(st, inner)
		case syntax.SReturn:
			x := st.X
			if x != nil && x.Kind == syntax.KList && len(x.Args) > 0 && (b.pr.Lang == syntax.Go || b.handler) { // token, nil; {…}, 200
				x = x.Args[0].X
			}
			b.note(b.eval(x))
		case syntax.SExpr:
			if st.X == nil || st.X.Kind != syntax.KCall {
				break
			}
			if name := st.X.X.Last(); adders[name] && len(st.X.Args) == 2 {
				b.set(&syntax.Node{Kind: syntax.KIndex, X: receiver(st.X), Y: st.X.Args[0].X, Line: st.Line}, b.eval(st.X.Args[1].X), inner)
			} else if senders[name] || len(b.pr.Named[name]) > 0 {
				b.note(b.eval(st.X))
			}
		}
		b.walk(st.Body, true)
	}
}

func (b *body) assign(st *syntax.Stmt, inner bool) {
	v := b.eval(st.X)
	if len(st.Targets) == 0 || st.Targets[0] == nil {
		return
	}
	if len(st.Targets) > 1 && v.has() && b.pr.Lang != syntax.Go {
		v = lost
	}
	for i, t := range st.Targets {
		if i > 0 && v != lost || t == nil {
			break
		}
		switch t.Kind {
		case syntax.KName:
			old := b.names[t.Text]
			if st.Text != "" && st.Text != "=" && st.Text != ":=" && (old.has() || v.has()) || inner && old.has() && v.has() && !old.same(v) {
				v = lost
			}
			if v != nil || !inner {
				b.names[t.Text] = v
			}
		case syntax.KMember, syntax.KIndex:
			b.set(t, v, inner)
		}
	}
}

// set gives a field of an object what it holds.
func (b *body) set(t *syntax.Node, v *held, inner bool) {
	base := t.X.Path()
	old := b.names[base]
	if old == nil && v.has() && !inner {
		old = &held{object: true, open: b.pr.Lang != syntax.Go}
		b.names[base] = old
	}
	if old == nil {
		return
	}
	name := t.Text
	switch {
	case t.Kind == syntax.KMember:
		name = flow.JSONName(b.pr, t, flow.Frame{Fn: b.fn})
	case t.Y == nil || t.Y.Kind != syntax.KString:
		old.open, old.bad = true, old.bad || v.has()
		return
	default:
		name = t.Y.Text
	}
	if old == lost || !old.object || inner && v.has() {
		b.names[base] = lost
		return
	}
	old.fields = append(affix.Without(old.fields, func(m member) bool { return m.name == name }), member{name, v, b.place(t)})
}
