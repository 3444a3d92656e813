package fronts

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
)

// rewrites reads how a rule changes the path: an object of patterns, or a
// function that replaces something in it.
func rewrites(p *picture.Reader, r *picture.Proxied, v modules.View) {
	v = modules.Settle(p.Graph, v)
	plain := func(pattern string) string {
		if inside, ok := affix.CutPrefix(pattern, "/"); ok {
			if end := strings.LastIndexByte(inside, '/'); end > 0 {
				pattern = inside[:end]
			}
		}
		return strings.NewReplacer(`\/`, "/", "^", "").Replace(pattern)
	}
	r.Odd = true
	switch e := v.E; e.Kind {
	case jsread.Object:
		if len(e.Keys()) == 1 && e.Parts[0].Kind == jsread.Literal {
			r.Cut, r.Put = strings.NewReplacer(`\/`, "/", "^", "").Replace(e.Keys()[0]), e.Parts[0].Text
		}
	case jsread.Func:
		for _, ret := range v.M.Returns {
			x := ret.Expr
			n := len(x.Parts) - 1 // path.replace(…) is a call, p.replace(…) something around p
			if ret.Scope != e.Fn || facts.LastName(x.Text) != "replace" || n < 1 || x.Parts[n].Kind != jsread.Literal {
				continue
			}
			r.Put = x.Parts[n].Text
			switch from := x.Parts[n-1]; {
			case from.Kind == jsread.Literal:
				r.Cut = from.Text
			case from.Kind == jsread.Other:
				r.Cut = plain(from.Text)
			}
		}
	}
	if r.Cut != "" && !affix.ContainsAny(r.Cut, `()[]\*+?$|`) {
		r.Odd = false
	}
}

// rewriteRules reads what Next's rewrites() returns: a list of rules, or three.
func rewriteRules(p *picture.Reader, f, tool *picture.Front, v modules.View, depth int) {
	v = modules.Settle(p.Graph, v)
	if depth == 0 {
		return
	}
	switch v.E.Kind {
	case jsread.Array:
		for _, x := range v.E.Parts {
			if x.Kind == jsread.Other && x.Text == "..." && len(x.Parts) == 1 {
				rewriteRules(p, f, tool, v.Of(&x.Parts[0]), depth-1)
				continue
			}
			list, _ := modules.FieldsOf(p.Graph, v.Of(&x), 4)
			source := ""
			var to modules.View
			conditional := false
			for _, field := range list {
				switch field.Key {
				case "source":
					if ts := texts(p, tool, field.V); len(ts) == 1 {
						source = ts[0]
					}
				case "destination":
					to = field.V
				case "has", "missing":
					conditional = true
				}
			}
			if source != "" && to.M != nil && !conditional {
				rewriteRule(p, f, tool, source, to, "/:")
			}
		}
	case jsread.Object:
		for i, k := range v.E.Keys() {
			if k == "beforeFiles" || k == "afterFiles" || k == "fallback" {
				rewriteRules(p, f, tool, v.Of(&v.E.Parts[i]), depth-1)
			}
		}
	case jsread.Either:
		if len(v.E.Parts) > 0 {
			rewriteRules(p, f, tool, v.Of(&v.E.Parts[0]), depth-1)
		}
	}
}

// rewriteRule adds one rule whose source and destination end in a parameter,
// or in none.
func rewriteRule(p *picture.Reader, f, tool *picture.Front, source string, to modules.View, param string) {
	a := addressOf(p, tool, to, 12)
	if !affix.HasPrefix(a.text, "http") {
		return
	}
	src, _, many := affix.Cut(source, ":")
	dst, _, fills := affix.Cut(a.text, param)
	switch {
	case !fills && !many:
		f.Proxy = append(f.Proxy, picture.Proxied{Prefix: source, Target: affix.TrimSuffix(a.text, "/"), Exact: true, At: a.host})
	case !fills:
		f.Proxy = append(f.Proxy, picture.Proxied{Prefix: src, Target: dst, At: a.host, Exact: true, Odd: true})
	default: // /api/:path* → http://host/api/:path*: keep the destination's own path apart from the host
		f.Proxy = append(f.Proxy, picture.Proxied{Prefix: src, Target: dst, Rest: true, At: a.host})
	}
}
