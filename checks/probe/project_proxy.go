package probe

import (
	"path"
	"slices"
	"strings"

	"badsig/checks/probe/jsread"
)

// Rules of this file:
//   - a rule of a proxy is one that the configuration's value holds; what is commented out or never returned is none
//   - where a rule changes the path in a way that cannot be told, it is odd: where it leads is not known

// readProxies reads what the dev server of a front end sends on, and where to.
func (p *project) readProxies(f *front) {
	tool := &front{pkg: f.pkg, files: f.files, start: f.start, free: true} // a tool's configuration reads every variable
	for _, m := range p.sortedMods() {
		base := path.Base(m.rel)
		if m.pkg != f.pkg || !m.tool() && base != "setupProxy.js" && base != "setupProxy.ts" || roleOfPath(m.rel) != RoleUnknown {
			continue
		}
		walkObjects(m, func(name string, at jsread.Scope, keys []string, parts []jsread.Expr) {
			for i, k := range keys {
				if k == "proxy" || k == "devProxy" {
					p.proxyRules(f, tool, viewOf(m, at, parts[i]))
				}
			}
			if name == "routeRules" {
				for i, from := range keys {
					list, _ := p.fieldsOf(viewOf(m, at, parts[i]), nil, 4)
					for _, o := range list {
						if o.key == "proxy" {
							p.rewriteRule(f, tool, strings.Replace(from, "/**", "/:rest*", 1), o.v, "/**")
						}
					}
				}
			}
		})
		for _, r := range m.Returns {
			if r.Func == "rewrites" && f.pkg.framework == "next" {
				p.rewriteRules(f, tool, viewOf(m, r.Scope, r.Expr), 4)
			}
		}
		p.proxyMiddleware(f, tool, m)
	}
	p.angularProxy(f, tool)
}

func viewOf(m *module, at jsread.Scope, e jsread.Expr) view { return view{m, at, e} }

// proxyRules reads { '/api': 'http://…' }, { '/api': { target: … } } and [{ context: ['/api'], target: … }].
func (p *project) proxyRules(f, tool *front, v view) {
	v = p.settle(v, nil)
	switch v.e.Kind {
	case jsread.Array:
		for _, x := range v.e.Parts {
			o := p.settle(v.of(x), nil)
			list, _ := p.fieldsOf(o, nil, 4)
			for _, field := range list {
				if field.key != "context" && field.key != "path" && field.key != "pathFilter" {
					continue
				}
				for _, from := range p.texts(tool, field.v) {
					p.proxyRule(f, tool, from, o)
				}
			}
		}
	case jsread.Object:
		list, _ := p.fieldsOf(v, nil, 4)
		for _, field := range list {
			if strings.HasPrefix(strings.TrimPrefix(field.key, "^"), "/") {
				p.proxyRule(f, tool, field.key, field.v)
			}
		}
	case jsread.Literal, jsread.Template: // vue-cli: everything that is no file
		p.proxyRule(f, tool, "/", v)
	}
}

// texts lists the texts of an expression: one, or an array's.
func (p *project) texts(tool *front, v view) []string {
	v = p.settle(v, nil)
	parts := []jsread.Expr{v.e}
	if v.e.Kind == jsread.Array {
		parts = v.e.Parts
	}
	var out []string
	for _, x := range parts {
		if a := p.addressOf(tool, v.of(x), nil, 8); a.whole && a.text != "" {
			out = append(out, a.text)
		}
	}
	return out
}

// proxyRule adds one rule; its value is the target, or an object that has it.
func (p *project) proxyRule(f, tool *front, from string, v view) {
	v = p.settle(v, nil)
	rule, target := proxied{prefix: from}, v
	if v.e.Kind == jsread.Object {
		list, _ := p.fieldsOf(v, nil, 4)
		target = view{}
		for _, field := range list {
			switch field.key {
			case "target", "proxy":
				target = field.v
			case "rewrite", "pathRewrite":
				p.rewrites(&rule, field.v)
			}
		}
		if target.m == nil {
			return
		}
	}
	a := p.addressOf(tool, target, nil, 12)
	if !strings.HasPrefix(a.text, "http") {
		return
	}
	rule.target, rule.at = a.text, a.host
	f.proxy = append(f.proxy, rule)
}

// rewrites reads how a rule changes the path: an object of patterns, or a
// function that replaces something in it.
func (p *project) rewrites(r *proxied, v view) {
	v = p.settle(v, nil)
	plain := func(pattern string) string {
		if inside, ok := strings.CutPrefix(pattern, "/"); ok {
			if end := strings.LastIndexByte(inside, '/'); end > 0 {
				pattern = inside[:end]
			}
		}
		return strings.NewReplacer(`\/`, "/", "^", "").Replace(pattern)
	}
	r.odd = true
	switch e := v.e; e.Kind {
	case jsread.Object:
		if len(e.Keys) == 1 && e.Parts[0].Kind == jsread.Literal {
			r.cut, r.put = strings.NewReplacer(`\/`, "/", "^", "").Replace(e.Keys[0]), e.Parts[0].Text
		}
	case jsread.Func:
		for _, ret := range v.m.Returns {
			x := ret.Expr
			if ret.Scope != e.Fn || x.Kind != jsread.Wrapped || x.Text != "replace" || len(x.Parts) != 3 || x.Parts[2].Kind != jsread.Literal {
				continue
			}
			r.put = x.Parts[2].Text
			switch from := x.Parts[1]; {
			case from.Kind == jsread.Literal:
				r.cut = from.Text
			case from.Kind == jsread.Other:
				r.cut = plain(from.Text)
			}
		}
	}
	if r.cut != "" && !strings.ContainsAny(r.cut, `()[]\*+?$|`) {
		r.odd = false
	}
}

// rewriteRules reads what Next's rewrites() returns: a list of rules, or three.
func (p *project) rewriteRules(f, tool *front, v view, depth int) {
	v = p.settle(v, nil)
	if depth == 0 {
		return
	}
	switch v.e.Kind {
	case jsread.Array:
		for _, x := range v.e.Parts {
			if x.Kind == jsread.Other && x.Text == "..." && len(x.Parts) == 1 {
				p.rewriteRules(f, tool, v.of(x.Parts[0]), depth-1)
				continue
			}
			list, _ := p.fieldsOf(v.of(x), nil, 4)
			source := ""
			var to view
			conditional := false
			for _, field := range list {
				switch field.key {
				case "source":
					if ts := p.texts(tool, field.v); len(ts) == 1 {
						source = ts[0]
					}
				case "destination":
					to = field.v
				case "has", "missing":
					conditional = true
				}
			}
			if source != "" && to.m != nil && !conditional {
				p.rewriteRule(f, tool, source, to, "/:")
			}
		}
	case jsread.Object:
		for i, k := range v.e.Keys {
			if k == "beforeFiles" || k == "afterFiles" || k == "fallback" {
				p.rewriteRules(f, tool, v.of(v.e.Parts[i]), depth-1)
			}
		}
	case jsread.Either:
		if len(v.e.Parts) > 0 {
			p.rewriteRules(f, tool, v.of(v.e.Parts[0]), depth-1)
		}
	}
}

// rewriteRule adds one rule whose source and destination end in a parameter,
// or in none.
func (p *project) rewriteRule(f, tool *front, source string, to view, param string) {
	a := p.addressOf(tool, to, nil, 12)
	if !strings.HasPrefix(a.text, "http") {
		return
	}
	src, _, many := strings.Cut(source, ":")
	dst, _, fills := strings.Cut(a.text, param)
	switch {
	case !fills && !many:
		f.proxy = append(f.proxy, proxied{prefix: source, target: strings.TrimSuffix(a.text, "/") + "#exact", at: a.host})
	case !fills:
		f.proxy = append(f.proxy, proxied{prefix: src, target: dst + "#exact", at: a.host, odd: true})
	default: // /api/:path* → http://host/api/:path*: keep the destination's own path apart from the host
		f.proxy = append(f.proxy, proxied{prefix: src, target: dst + "#rest", at: a.host})
	}
}

// proxyMiddleware reads createProxyMiddleware of CRA's setupProxy.js and of dev servers.
func (p *project) proxyMiddleware(f, tool *front, m *module) {
	mounted := map[int]string{} // by the line of the middleware's call
	for _, c := range m.Calls {
		if lastName(c.Callee) != "use" || len(c.Args) < 2 {
			continue
		}
		for _, a := range c.Args[1:] {
			if a.Kind == jsread.CallExpr && makesProxy(a.Text) {
				if ts := p.texts(tool, view{m, c.Scope, c.Args[0]}); len(ts) > 0 {
					mounted[a.Line] = ts[0]
				}
			}
		}
	}
	for _, c := range m.Calls {
		if !makesProxy(c.Callee) || len(c.Args) == 0 {
			continue
		}
		prefixes := []string{"/"}
		rule := proxied{}
		if at, ok := mounted[c.Line]; ok {
			prefixes = []string{at}
			if version := strings.TrimLeft(f.pkg.deps["http-proxy-middleware"], "^~>=v"); version != "" && version[0] >= '3' && version[0] <= '9' {
				rule.cut = at // Express takes the mount's path away, and version 3 leaves it so
			}
		}
		options := view{m, c.Scope, c.Args[len(c.Args)-1]}
		if len(c.Args) > 1 {
			prefixes = p.texts(tool, options.of(c.Args[0]))
		}
		list, _ := p.fieldsOf(options, nil, 4)
		for _, field := range list {
			switch field.key {
			case "target":
				a := p.addressOf(tool, field.v, nil, 12)
				rule.target, rule.at = a.text, a.host
			case "pathRewrite":
				was := rule.cut
				p.rewrites(&rule, field.v)
				if was != "" { // both: what is left of it cannot be told simply
					rule.odd = true
				}
			case "pathFilter":
				prefixes = p.texts(tool, field.v)
			}
		}
		for _, prefix := range prefixes {
			if rule.target != "" {
				r := rule
				r.prefix = strings.TrimSuffix(strings.TrimSuffix(prefix, "**"), "*")
				f.proxy = append(f.proxy, r)
			}
		}
	}
}

func makesProxy(callee string) bool {
	return slices.Contains([]string{"createProxyMiddleware", "proxy", "legacyCreateProxyMiddleware", "createProxy"}, lastName(callee))
}

// angularProxy reads proxy.conf.json, which the Angular CLI is told to use.
func (p *project) angularProxy(f, tool *front) {
	if f.pkg.framework != "angular" {
		return
	}
	for _, rel := range []string{"proxy.conf.json", "src/proxy.conf.json", "proxy.config.json"} {
		if t := p.module(path.Join(f.pkg.dir, rel)); t != nil {
			p.proxyRules(f, tool, viewOf(t, 0, t.Exports["default"]))
		}
	}
}
