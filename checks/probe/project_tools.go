package probe

import (
	"path"
	"strings"

	"badsig/checks/probe/jsread"
	"badsig/checks/probe/pattern"
)

var rewriteRule = pattern.New(`source:\s*['"` + "`" + `](/[^'"` + "`" + `]*)['"` + "`" + `]\s*,\s*destination:\s*['"` + "`" + `](https?://[^'"` + "`" + `]*)['"` + "`" + `]`)

// readTool reads one configuration file of a tool.
func (p *project) readTool(f *front, m *module, dir *string) {
	text := string(m.src)
	for _, mark := range []string{"define:", "DefinePlugin", "env:", "EnvironmentPlugin", "dotenv", "publicRuntimeConfig", "extra:"} {
		if strings.Contains(text, mark) {
			f.inline += text
			break
		}
	}
	stem, _, _ := strings.Cut(path.Base(m.rel), ".")
	if stem == "svelte" {
		p.kitPrefix(f, m)
	}
	walkObjects(m, func(name string, at jsread.Scope, keys []string, parts []jsread.Expr) {
		for i, k := range keys {
			v := parts[i]
			switch {
			case stem == "vite" && k == "envDir":
				if lps, unknown := p.pathsOf(m, at, v); !unknown && len(lps) == 1 {
					*dir = path.Join(f.pkg.dir, lps[0].rel)
					if !lps[0].cwd {
						*dir = lps[0].rel
					}
					if *dir == "." {
						*dir = ""
					}
				} else {
					f.free = true
				}
			case k == "define" && v.Kind == jsread.Object:
				p.defined(f, m, v.Keys, v.Parts)
			case k == "envPrefix":
				f.prefix = nil
				for _, e := range append([]jsread.Expr{v}, v.Parts...) {
					if e.Kind == jsread.Literal {
						f.prefix = append(f.prefix, e.Text)
					}
				}
				f.free = f.free || len(f.prefix) == 0
			case k == "port" && (name == "server" || name == "devServer"):
				if ls := p.eval(m, at, v); len(ls) > 0 && isDigits(ls[len(ls)-1].text) && ls[len(ls)-1].kind == leafLiteral {
					f.origin = Found{Text: "http://localhost:" + ls[len(ls)-1].text, File: m.rel, Line: max(v.Line, 1)}
				}
			case k == "proxy" && v.Kind == jsread.Object:
				for j, from := range v.Keys {
					rule, target := proxied{prefix: from}, v.Parts[j]
					if target.Kind == jsread.Object {
						options := target
						for x, n := range options.Keys {
							switch n {
							case "target":
								target = options.Parts[x]
							case "rewrite", "pathRewrite":
								rule.rewritten(text, from, options.Parts[x])
							}
						}
					}
					if ls := p.eval(m, at, target); len(ls) > 0 && ls[len(ls)-1].kind == leafLiteral {
						rule.target = ls[len(ls)-1].text
						f.proxy = append(f.proxy, rule)
					}
				}
			}
		}
	})
	for _, g := range rewriteRule.FindAllStringSubmatch(text, 20) {
		src, _, _ := strings.Cut(g[1], ":")
		dst, _, _ := strings.Cut(g[2], "/:")
		if dst == g[2] {
			dst = strings.TrimSuffix(g[2], "/")
			f.proxy = append(f.proxy, proxied{prefix: g[1], target: dst + "#exact"})
			continue
		}
		// /api/:path* → http://host/api/:path*: keep the destination's own path apart from the host
		f.proxy = append(f.proxy, proxied{prefix: src, target: dst + "#rest"})
	}
	for _, c := range m.Calls { // CRA's setupProxy.js
		if c.Callee != "createProxyMiddleware" && c.Callee != "proxy" || len(c.Args) == 0 {
			continue
		}
		prefix := "/"
		for _, a := range c.Args {
			if a.Kind == jsread.Literal {
				prefix = a.Text
			}
			for i, k := range a.Keys {
				if k != "target" || a.Parts[i].Kind != jsread.Literal {
					continue
				}
				rule := proxied{prefix: prefix, target: a.Parts[i].Text}
				for x, n := range a.Keys {
					if n == "pathRewrite" {
						rule.rewritten(text, prefix, a.Parts[x])
					}
				}
				f.proxy = append(f.proxy, rule)
			}
		}
	}
}

// proxyReplace is a path that a function rewrites: (p) => p.replace(/^\/api/, ”), a pattern or a text.
var proxyReplace = pattern.New(`\.replace\(\s*(?:/\^?((?:\\.|[^/\\\n])+)/[a-z]*|['"` + "`" + `]([^'"` + "`" + `\n]+)['"` + "`" + `])\s*,\s*['"` + "`" + `]([^'"` + "`" + `\n]*)['"` + "`" + `]\s*\)`)

// rewritten reads how a rule changes the path: an object of patterns, or a
// function behind the rule's prefix in the configuration's text.
func (r *proxied) rewritten(text, prefix string, e jsread.Expr) {
	plain := strings.NewReplacer(`\/`, "/", "^", "").Replace
	if e.Kind == jsread.Object && len(e.Keys) == 1 && e.Parts[0].Kind == jsread.Literal {
		r.cut, r.put = plain(e.Keys[0]), e.Parts[0].Text
	} else if _, rest, ok := strings.Cut(text, prefix); ok && e.Kind != jsread.Object {
		if _, rest, ok = strings.Cut(rest, "rewrite"); ok {
			if g := proxyReplace.FindStringSubmatch(rest[:min(len(rest), 300)]); g != nil {
				r.cut, r.put = plain(g[1])+g[2], g[3]
			}
		}
	}
	r.odd = r.cut == "" || strings.ContainsAny(r.cut, `()[]\*+?$|`)
}

// walkObjects visits every object that a configuration exports or holds.
func walkObjects(m *module, visit func(name string, at jsread.Scope, keys []string, parts []jsread.Expr)) {
	var walk func(name string, e jsread.Expr, depth int)
	walk = func(name string, e jsread.Expr, depth int) {
		if depth == 0 {
			return
		}
		if e.Kind == jsread.Object {
			visit(name, 0, e.Keys, e.Parts)
			for i, k := range e.Keys {
				walk(k, e.Parts[i], depth-1)
			}
			return
		}
		for _, x := range e.Parts {
			walk(name, x, depth-1)
		}
	}
	for _, e := range m.Exports {
		walk("", e, 8)
	}
	for _, e := range m.Consts {
		walk("", e, 8)
	}
	for _, c := range m.Calls { // defineConfig({…}) whose value a function returns
		for _, a := range c.Args {
			walk("", a, 8)
		}
	}
	for _, f := range m.Fields {
		if f.Name == "server" || f.Name == "devServer" {
			walk(f.Name, f.Expr, 4)
		}
	}
}
