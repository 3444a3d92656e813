package project

import (
	"slices"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/names"
)

// secretIsStreams tells a signing call whose secret is Stream's by its name:
// its payload lacks user_id, and that is what is wrong with it.
func (p *Reader) secretIsStreams(s *site) bool {
	for _, l := range p.Eval(s.secretM, s.secretS, s.secret) {
		name := l.Text
		if l.Kind == modules.LeafLiteral {
			name = l.Name
		}
		if c := names.Classify(facts.LastName(name)); c.What == facts.WhatSecret && !c.Bare {
			s.payload = p.objectBehind(s.mod, s.call.Scope, s.payload)
			for i, k := range s.payload.Keys {
				if isUserName(k) || k == "sub" {
					s.user = s.payload.Parts[i]
					break
				}
			}
			return true
		}
	}
	return false
}

// objectBehind gives the object that an expression is, itself where it is none.
func (p *Reader) objectBehind(m *modules.Module, at jsread.Scope, e jsread.Expr) jsread.Expr {
	if e.Kind == jsread.Ident {
		if v, ok := m.Resolve(at, e.Text); ok && v.Kind == jsread.Object {
			return v
		}
	}
	return e
}

// namesUserID tells a function that mentions the claim user_id, in an object or
// in a text of JSON, and gives that object.
func (p *Reader) namesUserID(m *modules.Module, f *jsread.Function) (payload jsread.Expr, ok bool) {
	var walk func(e jsread.Expr, depth int)
	walk = func(e jsread.Expr, depth int) {
		if depth == 0 || payload.Kind != "" {
			return
		}
		if slices.Contains(e.Keys, "user_id") {
			payload, ok = e, true
		}
		ok = ok || e.Kind == jsread.Literal && strings.Contains(e.Text, `"user_id"`)
		for _, x := range e.Parts {
			walk(x, depth-1)
		}
	}
	for _, list := range [][]jsread.Call{m.Calls, m.Others} {
		for _, c := range list {
			if m.Inside(c.Scope, f.Own) {
				for _, a := range c.Args {
					walk(a, 5)
				}
			}
		}
	}
	m.Vars(f.Own, func(_ string, e jsread.Expr) { walk(e, 5) })
	for _, r := range f.Returns {
		walk(r.Expr, 5)
	}
	return payload, ok
}

// byHand fills a site that signs without a library of JWTs.
func (s *site) byHand(how string, secret, payload jsread.Expr) {
	s.how, s.secret, s.secretM, s.secretS, s.secretAt = how, secret, s.mod, s.call.Scope, s.call.Line
	s.payload = payload
	for i, k := range payload.Keys {
		if k == "user_id" {
			s.user = payload.Parts[i]
		}
	}
}
