package servers

import (
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
	"badsig/checks/probe/project/values"
)

// Rules of this file:
//   - one call alone says what is allowed: cors(…), register(cors, …), enableCors(…); what a function decides isn't read
//   - an origin is a text, or a variable that a file sets which the server loads: that line is the one to change
//   - a variable that nothing sets may be the shell's, and what a changed value gives isn't known

// An Allowance is what a server's one call for CORS allows.
type Allowance struct {
	Origins []string    // where all of them are known
	At      facts.Place // of the first
	Cookies bool
	OK      bool // nothing else may allow more
}

// Allowed reads what a server allows.
func Allowed(p *picture.Reader, s *picture.Server) (a Allowance) {
	calls := 0
	for _, m := range s.Mods {
		if !m.Strict || m.Mentions("llow-Credentials") || m.Mentions("llow-credentials") || m.Mentions("llow-Origin") || m.Mentions("llow-origin") {
			return Allowance{}
		}
		for i := range m.Calls {
			c := &m.Calls[i]
			options, is := corsCall(c)
			if !is {
				continue
			}
			if calls++; calls > 1 || len(options) > 1 {
				return Allowance{}
			}
			if modules.ImportsFrom(m, "cors", "@elysiajs/cors") { // cookies are allowed there from the start
				return Allowance{}
			}
			for k := range options {
				o := &options[k]
				if o.Kind != jsread.Object || slices.Contains(o.Keys(), "") {
					return Allowance{}
				}
				for n, k := range o.Keys() {
					switch v := &o.Parts[n]; k {
					case "credentials":
						a.Cookies = v.Text != "false"
					case "origin":
						a.Origins, a.At = origins(p, s, modules.View{M: m, At: c.Scope, E: *v}, 8)
					}
				}
			}
		}
	}
	a.OK = calls == 1
	return a
}

// corsCall tells a call that allows origins, and its options.
func corsCall(c *jsread.Call) (options []jsread.Expr, ok bool) {
	switch facts.LastName(c.Callee) {
	case "cors":
		return c.Args, c.Callee == "cors"
	case "enableCors":
		return c.Args, true
	case "register":
		if len(c.Args) > 0 && NamesCORS(&c.Args[0]) {
			return c.Args[1:], true
		}
	}
	return nil, false
}

// NamesCORS tells a library for CORS: fastifyCors, require('@fastify/cors'), import('@fastify/cors').
func NamesCORS(e *jsread.Expr) bool {
	return affix.Contains(strings.ToLower(e.Text), "cors") || e.Kind != jsread.Object && affix.Any(e.Parts, func(x jsread.Expr) bool { return x.Kind == jsread.Literal && NamesCORS(&x) })
}

// origins are those that an option of CORS lists, and the place of the first, with line 0 if one isn't known: of a choice
// between environments, the developer's.
func origins(p *picture.Reader, s *picture.Server, v modules.View, depth int) (list []string, at facts.Place) {
	e := &v.E
	parts := e.Parts
	switch {
	case depth == 0:
		return nil, at
	case e.Kind == jsread.Ident:
		if v.M.Holds(e.Text + " . push (") { // what is added to it isn't read
			return nil, at
		}
		if held, here := v.M.Resolve(v.At, e.Text); here && held.Kind != jsread.Ident {
			v.E = held
			return origins(p, s, v, depth-1)
		}
		return origin(p, s, v)
	case e.Kind == jsread.Either && e.Text == "?dev":
		parts = parts[:1]
	case e.Kind != jsread.Array && (e.Kind != jsread.Either || e.Text != "?:"):
		return origin(p, s, v)
	}
	for i := range parts {
		more, from := origins(p, s, v.Of(&parts[i]), depth-1)
		if from.Line == 0 {
			return nil, from
		}
		if at.Line == 0 {
			at = from
		}
		list = append(list, more...)
	}
	return list, at
}

// origin is the text that an expression is, or the one that a file sets for the variable that it reads.
func origin(p *picture.Reader, s *picture.Server, v modules.View) (list []string, at facts.Place) {
	ls := p.Graph.Leaves(v)
	for i := range ls {
		if l := &ls[i]; l.Transform != "" || l.Assumed || i > 0 && l.Op != "||" && l.Op != "??" && l.Op != "=" {
			return nil, at
		}
	}
	for i := range ls {
		l := &ls[i]
		text := l.Text
		switch l.Kind {
		case modules.LeafEnv:
			if values.PlainEnv(s, text) != "" {
				return nil, at
			}
			value, from := plainVariable(p, s, text)
			if from == nil && i+1 < len(ls) {
				continue
			}
			if from == nil || affix.Contains(value, ",") {
				return nil, at
			}
			at, text = facts.Place{File: from.Rel, Line: LineOf(from, text)}, value
		case modules.LeafLiteral:
			at = facts.Place{File: l.Mod.Rel, Line: l.Line}
		default:
			return nil, at
		}
		if !affix.HasPrefix(text, "http") {
			return nil, facts.Place{}
		}
		return []string{text}, at
	}
	return nil, at
}
