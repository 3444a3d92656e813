package servers

import (
	"sort"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/pattern"
	"badsig/checks/probe/project/picture"
)

// Rules of this file:
//   - a guard is the line that rejects with 401 or 403, with what its condition reads of the request's headers
//   - a guard whose condition reads anything besides says so, and nothing follows from it

// guardPackage are packages that reject by themselves.
var guardPackage = pattern.New(`(?i)passport|csrf|csurf|clerk|auth|keycloak|oidc|openid|supertokens|lucia|session|express-jwt|koa-jwt|firebase-admin|iron|helmet-csp|rate-limit|casl|casbin`)

const MaxGuards = 20

// GuardsOf finds the lines of a server that reject with 401 or 403.
func GuardsOf(p *picture.Reader, s *picture.Server) []facts.Guard {
	var out []facts.Guard
	others := affix.Any(s.Mods, func(m *modules.Module) bool {
		return affix.Any(m.Imports, func(i jsread.Import) bool {
			return guardPackage.MatchString(i.From) && !affix.HasPrefix(i.From, ".") || unreadImport(p, m, i.From)
		})
	})
	for _, m := range s.Mods {
		for _, list := range [][]jsread.Call{m.Calls, m.Others} {
			for i := range list {
				c := &list[i]
				status := StatusOf(c.Callee, c.Args)
				if status != 401 && status != 403 || len(out) == MaxGuards || facts.LastName(c.Callee) == "next" {
					continue
				}
				x := facts.Guard{Status: status, File: m.Rel, Line: c.Line, More: others}
				r := conditionAround(m, c)
				x.Headers, x.More = r.headers, others || r.more
				if !affix.Any(out, func(g facts.Guard) bool { return g.File == x.File && g.Line == x.Line }) {
					out = append(out, x)
				}
			}
		}
	}
	sort.SliceStable(out, func(i, j int) bool {
		if out[i].File != out[j].File {
			return out[i].File < out[j].File
		}
		return out[i].Line < out[j].Line
	})
	return out
}

// headerReads is what a condition reads of a request.
type headerReads struct {
	headers []string // in small letters
	more    bool     // something besides
}

// conditionAround reads the innermost condition that a call depends on.
func conditionAround(m *modules.Module, c *jsread.Call) headerReads {
	var best *jsread.If
	for i := range m.Ifs {
		x := &m.Ifs[i]
		in := c.At > x.From && c.At <= x.To+1 || c.At > x.ElseFrom && c.At <= x.ElseTo+1 && x.ElseTo > 0
		if in && jsread.Inside(&m.Module, c.Scope, x.Scope) && (best == nil || x.From > best.From) {
			best = x
		}
	}
	if best == nil {
		return headerReads{more: true}
	}
	var r headerReads
	r.read(m, best.Scope, best.Cond, 8)
	return r
}

func (r *headerReads) read(m *modules.Module, at jsread.Scope, e jsread.Expr, depth int) {
	if depth == 0 {
		r.more = true
		return
	}
	header := func(name string) {
		if name = strings.ToLower(name); !facts.OneOf(r.headers, name) {
			r.headers = append(r.headers, name)
		}
	}
	switch e.Kind {
	case jsread.Literal, jsread.Number, jsread.Env:
		return
	case jsread.Ident:
		low := strings.ToLower(e.Text)
		if i := strings.Index(low, "headers."); i >= 0 {
			name, _, _ := affix.Cut(e.Text[i+len("headers."):], ".")
			if name != "" {
				header(name)
				return
			}
		}
		if e.Text == "undefined" || e.Text == "null" || e.Text == "true" || e.Text == "false" {
			return
		}
		head, _, _ := affix.Cut(e.Text, ".")
		if v, ok := m.Resolve(at, head); ok && v.Kind != jsread.Other || !ok && v.Kind == jsread.Ident && v.Text != head {
			r.read(m, at, v, depth-1)
			return
		}
		r.more = true
	case jsread.CallExpr:
		on, name := modules.Receiver(e.Text)
		if arg := literalArg(e.Parts, 0); arg != "" {
			low := strings.ToLower(facts.LastName(on))
			if name == "header" || name == "getHeader" || name == "get" && (low == "req" || low == "request" || low == "headers" || low == "ctx" || affix.HasSuffix(low, "headers()")) {
				header(arg)
				return
			}
		}
		switch name {
		case "startsWith", "endsWith", "includes", "split", "slice", "trim", "toString", "match", "test":
			if e.On() != nil {
				r.read(m, at, *e.On(), depth-1)
			} else if on != "" {
				r.read(m, at, jsread.Expr{Kind: jsread.Ident, Text: on, Line: e.Line}, depth-1)
			}
			return
		}
		r.more = true
	case jsread.Wrapped:
		for _, x := range e.Parts[:min(1, len(e.Parts))] {
			r.read(m, at, x, depth-1)
		}
	case jsread.Other:
		if e.Text == "[]" && len(e.Parts) == 2 && e.Parts[1].Kind == jsread.Literal && affix.HasSuffix(strings.ToLower(e.Parts[0].Text), "headers") {
			header(e.Parts[1].Text)
			return
		}
		if len(e.Parts) == 0 {
			r.more = true
		}
		for _, x := range e.Parts {
			r.read(m, at, x, depth-1)
		}
	case jsread.Either, jsread.Template:
		if e.On() != nil {
			r.read(m, at, *e.On(), depth-1)
		}
		for _, x := range e.Parts {
			r.read(m, at, x, depth-1)
		}
	default:
		r.more = true
	}
}

// literalArg is an argument that is a string, "" for none.
func literalArg(args []jsread.Expr, n int) string {
	if n < len(args) && args[n].Kind == jsread.Literal {
		return args[n].Text
	}
	return ""
}
