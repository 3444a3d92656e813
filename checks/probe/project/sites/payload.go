package sites

import (
	"maps"
	"slices"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/names"
	"badsig/checks/probe/project/picture"
)

// secretIsStreams tells a signing call whose secret is Stream's by its name:
// its payload lacks user_id, and that is what is wrong with it.
func secretIsStreams(p *picture.Reader, s *picture.Site) bool {
	for _, l := range p.Leaves(s.Secret) {
		name := l.Text
		if l.Kind == modules.LeafLiteral {
			name = l.Name
		}
		c := names.Classify(facts.LastName(name))
		clients := affix.Any(p.Uses, func(u picture.Use) bool { // Stream's client is made with it, however it's called
			return u.What == facts.WhatSecret && !u.Hmac && u.How != s.How && affix.Any(u.Leaves, func(x modules.Leaf) bool {
				return x.Kind == l.Kind && x.Text == l.Text && x.Text != ""
			})
		})
		s.Shared = c.What != facts.WhatSecret || c.Bare
		if clients || !s.Shared {
			userOf(p, s)
			return true
		}
	}
	// The dashboard's own secret is Stream's, no matter what its variable is called.
	right := p.World.Target.Secret
	t, ok := p.TextOf(s.Secret)
	if s.Shared = true; !ok || !t.Known.Sure() || right.Len() != len(t.Text) || !right.InText(t.Text) {
		return false
	}
	userOf(p, s)
	return true
}

// userOf is the user of a payload that names it otherwise than user_id.
func userOf(p *picture.Reader, s *picture.Site) {
	list, _ := modules.FieldsOf(p.Graph, s.Payload, 4)
	for _, x := range list {
		if names.IsUserName(x.Key) || x.Key == "sub" {
			s.User = x.V
			return
		}
	}
}

// scopeOfFeeds tells the payload of a backend's own request to Stream's feeds,
// which names what may be done instead of a user.
func scopeOfFeeds(p *picture.Reader, payload modules.View) bool {
	_, resource := fieldOf(p, payload, "resource")
	_, action := fieldOf(p, payload, "action")
	return resource && action
}

// fieldOf is the first of an object's fields, spreads included, that has one of the names.
func fieldOf(p *picture.Reader, v modules.View, names ...string) (modules.View, bool) {
	if v.E.Kind != jsread.Object {
		return modules.View{}, false
	}
	defer p.Ask()()
	list, _ := modules.FieldsOf(p.Graph, v, 4)
	for _, x := range list {
		if facts.OneOf(names, x.Key) {
			return x.V, true
		}
	}
	return modules.View{}, false
}

// payloadBehind gives the object that a payload is, wherever that is written: in
// a constant, in what a function of the project returns, or in the only call of
// the function that receives it. What isn't one stays what it was.
func payloadBehind(p *picture.Reader, v modules.View, depth int) modules.View {
	if v.E.Kind == jsread.None || depth == 0 || !p.Step() {
		return v
	}
	w := modules.Settle(p.Graph, v)
	if w.E.Kind == jsread.CallExpr {
		if h, ok := p.Returned(w, 12); ok && h.E.Kind == jsread.Object {
			return h
		}
	}
	if w.E.Kind == jsread.Object {
		return w
	}
	o := originOf(p, w, 12)
	if o.fn == nil || o.member != "" || o.param.M == nil {
		return v
	}
	if calls := callersOf(p, modules.FnRef{Mod: o.param.M, Fn: o.fn}); len(calls) == 1 && o.index < len(calls[0].Call.Args) {
		c := calls[0]
		if h := payloadBehind(p, modules.View{M: c.Mod, At: c.Call.Scope, E: c.Call.Args[o.index]}, depth-1); h.E.Kind == jsread.Object {
			return h
		}
	}
	return v
}

// ObjectBehind gives the object that an expression is, itself where it is none.
func ObjectBehind(p *picture.Reader, m *modules.Module, at jsread.Scope, e jsread.Expr) jsread.Expr {
	if v := modules.Settle(p.Graph, modules.View{M: m, At: at, E: e}); v.E.Kind == jsread.Object && v.M == m {
		return v.E
	}
	return e
}

// handPayload is the payload of a token that a function makes without a library: the object that names user_id, or,
// where the secret is Stream's, the one that names the user otherwise, or a time. It is in the function, or what
// its callers hand to it: sign({ user_id: id }).
func handPayload(p *picture.Reader, s *picture.Site, f *jsread.Function, secret jsread.Expr) (modules.View, bool) {
	if payload, ok := namesUserID(p, s.Mod, f); ok {
		return s.View(payload), true
	}
	var given []modules.View
	for _, c := range callersOf(p, modules.FnRef{Mod: s.Mod, Fn: f}) {
		for _, a := range c.Call.Args {
			v := payloadBehind(p, modules.View{M: c.Mod, At: c.Call.Scope, E: a}, 4)
			if _, ok := fieldOf(p, v, "user_id"); ok {
				return v, true
			}
			if v.E.Kind == jsread.Object {
				given = append(given, v)
			}
		}
	}
	byHand(s, s.How, secret)
	var payload modules.View
	var look func(name string, v modules.View)
	look = func(name string, v modules.View) {
		e := v.E
		if e.Kind == jsread.CallExpr || e.Kind == jsread.Wrapped { // const payload = encode({ … })
			for _, x := range e.Parts {
				look(name, v.Of(&x))
			}
			if e.On() != nil {
				look(name, v.Of(e.On()))
			}
		}
		if e.Kind == jsread.Object && payload.M == nil && affix.Any(e.Keys(), func(k string) bool { return k == "sub" || k == "exp" || k == "iat" || names.IsUserName(k) }) {
			payload = v
		}
	}
	jsread.Vars(&s.Mod.Module, f.Own, func(name string, e jsread.Expr) { look(name, s.View(e)) })
	for _, v := range given {
		look("", v)
	}
	return payload, payload.M != nil && secretIsStreams(p, s)
}

// headerAlgorithm is the alg of the header that a function makes by hand.
func headerAlgorithm(s *picture.Site) (alg jsread.Expr, ok bool) {
	f := s.Mod.Around(s.Call.Scope)
	if f == nil {
		return alg, false
	}
	var walk func(e jsread.Expr, depth int)
	walk = func(e jsread.Expr, depth int) {
		if i := slices.Index(e.Keys(), "alg"); i >= 0 && !ok {
			alg, ok = e.Parts[i], true
		}
		for _, x := range e.Parts { // const head = encode({ alg: 'HS256' })
			if depth > 0 && !ok && e.Kind != jsread.Object {
				walk(x, depth-1)
			}
		}
		if e.On() != nil && depth > 0 && !ok {
			walk(*e.On(), depth-1)
		}
	}
	look := func(_ string, e jsread.Expr) { walk(e, 5) }
	jsread.Vars(&s.Mod.Module, f.Own, look)
	for _, r := range f.Returns {
		look("", r.Expr)
	}
	for _, name := range slices.Sorted(maps.Keys(s.Mod.Consts)) {
		look(name, s.Mod.Consts[name])
	}
	return alg, ok
}

// namesUserID tells a function that mentions the claim user_id, in an object or
// in a string of JSON, and gives that object.
func namesUserID(p *picture.Reader, m *modules.Module, f *jsread.Function) (payload jsread.Expr, ok bool) {
	var walk func(e jsread.Expr, depth int)
	walk = func(e jsread.Expr, depth int) {
		if depth == 0 || payload.Kind != jsread.None {
			return
		}
		if facts.OneOf(e.Keys(), "user_id") {
			payload, ok = e, true
		}
		ok = ok || e.Kind == jsread.Literal && affix.Contains(e.Text, `"user_id"`)
		for _, x := range e.Parts {
			walk(x, depth-1)
		}
	}
	for _, list := range [][]jsread.Call{m.Calls, m.Others} {
		for _, c := range list {
			if jsread.Inside(&m.Module, c.Scope, f.Own) {
				for _, a := range c.Args {
					walk(a, 5)
				}
			}
		}
	}
	jsread.Vars(&m.Module, f.Own, func(_ string, e jsread.Expr) { walk(e, 5) })
	for _, r := range f.Returns {
		walk(r.Expr, 5)
	}
	return payload, ok
}

// byHand fills a site that signs without a library of JWTs.
func byHand(s *picture.Site, how string, secret jsread.Expr) {
	s.How, s.Secret, s.SecretAt = how, s.View(secret), s.Call.Line
}

func withPayload(p *picture.Reader, s *picture.Site, payload modules.View) {
	s.Payload = payload
	s.User, _ = fieldOf(p, payload, "user_id")
}
