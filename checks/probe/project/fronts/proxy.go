package fronts

import (
	"path"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
)

// Rules of this file:
//   - a rule of a proxy is one that the configuration's value holds; what is commented out or never returned is none
//   - where a rule changes the path in a way that cannot be told, it is odd: where it leads is not known

// readProxies reads what the dev server of a front end sends on, and where to.
func readProxies(p *picture.Reader, f *picture.Front) {
	tool := &picture.Front{Pkg: f.Pkg, Files: f.Files, Start: f.Start, Free: true} // a tool's configuration reads every variable
	for _, m := range p.SortedMods() {
		base := affix.Base(m.Rel)
		if m.Pkg != f.Pkg || !m.Tool() && base != "setupProxy.js" && base != "setupProxy.ts" || m.Aside() {
			continue
		}
		walkObjects(m, func(name string, at jsread.Scope, keys []string, parts []jsread.Expr) {
			for i, k := range keys {
				if k == "proxy" || k == "devProxy" {
					proxyRules(p, f, tool, viewOf(m, at, parts[i]))
				}
			}
			if name == "routeRules" {
				for i, from := range keys {
					list, _ := modules.FieldsOf(p.Graph, viewOf(m, at, parts[i]), 4)
					for _, o := range list {
						if o.Key == "proxy" {
							rewriteRule(p, f, tool, strings.Replace(from, "/**", "/:rest*", 1), o.V, "/**")
						}
					}
				}
			}
		})
		for _, r := range m.Returns {
			if r.Func == "rewrites" && f.Pkg.Framework == "next" {
				rewriteRules(p, f, tool, viewOf(m, r.Scope, r.Expr), 4)
			}
		}
		proxyMiddleware(p, f, tool, m)
	}
	angularProxy(p, f, tool)
}

func viewOf(m *modules.Module, at jsread.Scope, e jsread.Expr) modules.View {
	return modules.View{M: m, At: at, E: e}
}

// proxyRules reads { '/api': 'http://…' }, { '/api': { target: … } } and [{ context: ['/api'], target: … }].
func proxyRules(p *picture.Reader, f, tool *picture.Front, v modules.View) {
	v = modules.Settle(p.Graph, v)
	switch v.E.Kind {
	case jsread.Array:
		for _, x := range v.E.Parts {
			o := modules.Settle(p.Graph, v.Of(&x))
			list, _ := modules.FieldsOf(p.Graph, o, 4)
			for _, field := range list {
				if field.Key != "context" && field.Key != "path" && field.Key != "pathFilter" {
					continue
				}
				for _, from := range texts(p, tool, field.V) {
					proxyRule(p, f, tool, from, o)
				}
			}
		}
	case jsread.Object:
		list, _ := modules.FieldsOf(p.Graph, v, 4)
		for _, field := range list {
			if affix.HasPrefix(affix.TrimPrefix(field.Key, "^"), "/") {
				proxyRule(p, f, tool, field.Key, field.V)
			}
		}
	case jsread.Literal, jsread.Template: // vue-cli: everything that isn't a file
		proxyRule(p, f, tool, "/", v)
	}
}

// texts lists the strings of an expression: one, or an array's.
func texts(p *picture.Reader, tool *picture.Front, v modules.View) []string {
	v = modules.Settle(p.Graph, v)
	parts := []jsread.Expr{v.E}
	if v.E.Kind == jsread.Array {
		parts = v.E.Parts
	}
	var out []string
	for _, x := range parts {
		if a := addressOf(p, tool, v.Of(&x), 8); a.whole && a.text != "" {
			out = append(out, a.text)
		}
	}
	return out
}

// proxyRule adds one rule; its value is the target, or an object that has it.
func proxyRule(p *picture.Reader, f, tool *picture.Front, from string, v modules.View) {
	v = modules.Settle(p.Graph, v)
	rule, target := picture.Proxied{Prefix: from}, v
	if v.E.Kind == jsread.Object {
		hooked := false // a function has a hand in it, which may change the path
		list, _ := modules.FieldsOf(p.Graph, v, 4)
		target = modules.View{}
		for _, field := range list {
			switch field.Key {
			case "target", "proxy":
				target = field.V
			case "rewrite", "pathRewrite":
				rewrites(p, &rule, field.V)
			case "configure", "bypass", "router", "onProxyReq", "on", "toProxy", "ignorePath", "prependPath", "selfHandleResponse":
				hooked = true
			}
		}
		if target.M == nil {
			return
		}
		rule.Odd = rule.Odd || hooked
	}
	a := addressOf(p, tool, target, 12)
	if !affix.HasPrefix(a.text, "http") {
		return
	}
	rule.Target, rule.At = a.text, a.host
	f.Proxy = append(f.Proxy, rule)
}

// proxyMiddleware reads createProxyMiddleware of CRA's setupProxy.js and of dev servers.
func proxyMiddleware(p *picture.Reader, f, tool *picture.Front, m *modules.Module) {
	mounted := map[int]string{} // by the line of the middleware's call
	for _, c := range m.Calls {
		if facts.LastName(c.Callee) != "use" || len(c.Args) < 2 {
			continue
		}
		for _, a := range c.Args[1:] {
			if a.Kind == jsread.CallExpr && makesProxy(a.Text) {
				if ts := texts(p, tool, modules.View{M: m, At: c.Scope, E: c.Args[0]}); len(ts) > 0 {
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
		rule := picture.Proxied{}
		if at, ok := mounted[c.Line]; ok {
			prefixes = []string{at}
			if version := strings.TrimLeft(f.Pkg.Deps["http-proxy-middleware"], "^~>=v"); version != "" && version[0] >= '3' && version[0] <= '9' {
				rule.Cut = at // Express removes the mount's path, and version 3 leaves it so
			} else if version == "" || version[0] < '0' || version[0] > '9' {
				rule.Odd = true // which version it is decides the path
			}
		}
		options := modules.View{M: m, At: c.Scope, E: c.Args[len(c.Args)-1]}
		if len(c.Args) > 1 {
			prefixes = texts(p, tool, options.Of(&c.Args[0]))
		}
		list, _ := modules.FieldsOf(p.Graph, options, 4)
		for _, field := range list {
			switch field.Key {
			case "target":
				a := addressOf(p, tool, field.V, 12)
				rule.Target, rule.At = a.text, a.host
			case "pathRewrite":
				was := rule.Cut
				rewrites(p, &rule, field.V)
				switch { // of what the mount's path was cut off before
				case was == "":
				case rule.Cut == was && !rule.Odd:
					rule.Put = ""
				case rule.Cut == "/" && !rule.Odd:
					rule.Cut, rule.Put = was, affix.TrimSuffix(rule.Put, "/")
				default:
					rule.Odd = true
				}
			case "pathFilter":
				prefixes = texts(p, tool, field.V)
			}
		}
		for _, prefix := range prefixes {
			if rule.Target != "" {
				r := rule
				r.Prefix = affix.TrimSuffix(affix.TrimSuffix(prefix, "**"), "*")
				f.Proxy = append(f.Proxy, r)
			}
		}
	}
}

func makesProxy(callee string) bool {
	return facts.OneOf([]string{"createProxyMiddleware", "proxy", "legacyCreateProxyMiddleware", "createProxy"}, facts.LastName(callee))
}

// angularProxy reads proxy.conf.json, which the Angular CLI is told to use.
func angularProxy(p *picture.Reader, f, tool *picture.Front) {
	if f.Pkg.Framework != "angular" {
		return
	}
	for _, rel := range []string{"proxy.conf.json", "src/proxy.conf.json", "proxy.config.json"} {
		if t := p.Module(path.Join(f.Pkg.Dir, rel)); t != nil {
			proxyRules(p, f, tool, viewOf(t, 0, t.Exports["default"]))
		}
	}
}
