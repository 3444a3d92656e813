package fronts

import (
	"path"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
)

// readTool reads one configuration file of a tool.
func readTool(p *picture.Reader, f *picture.Front, m *modules.Module, dir *string) {
	if m.Holds("define :") || m.Holds("env :") || m.Holds("extra :") || affix.Any([]string{"DefinePlugin", "EnvironmentPlugin", "dotenv", "publicRuntimeConfig"}, m.Mentions) {
		f.Inline = append(f.Inline, m.Words()...)
	}
	stem, _, _ := affix.Cut(affix.Base(m.Rel), ".")
	if stem == "svelte" {
		kitPrefix(p, f, m)
	}
	walkObjects(m, func(name string, at jsread.Scope, keys []string, parts []jsread.Expr) {
		for i, k := range keys {
			v := parts[i]
			switch {
			case stem == "vite" && k == "envDir":
				if lps, unknown := modules.PathsOf(p.Graph, m, at, v); !unknown && len(lps) == 1 {
					*dir = path.Join(f.Pkg.Dir, lps[0].Rel)
					if !lps[0].CWD {
						*dir = lps[0].Rel
					}
					if *dir == "." {
						*dir = ""
					}
				} else {
					f.Free = true
				}
			case k == "define" && v.Kind == jsread.Object:
				defined(p, f, m, v.Keys(), v.Parts)
			case k == "envPrefix":
				f.Prefix = nil
				for _, e := range append([]jsread.Expr{v}, v.Parts...) {
					if e.Kind == jsread.Literal {
						f.Prefix = append(f.Prefix, e.Text)
					}
				}
				f.Free = f.Free || len(f.Prefix) == 0
			case k == "port" && (name == "server" || name == "devServer"):
				if ls := modules.Eval(p.Graph, m, at, v); len(ls) > 0 && modules.IsDigits(ls[len(ls)-1].Text) && ls[len(ls)-1].Kind == modules.LeafLiteral {
					f.Origin = facts.Found{Text: "http://localhost:" + ls[len(ls)-1].Text, File: m.Rel, Line: max(v.Line, 1)}
				}
			}
		}
	})
}

// walkObjects visits every object that a configuration exports or holds.
func walkObjects(m *modules.Module, visit func(name string, at jsread.Scope, keys []string, parts []jsread.Expr)) {
	var at jsread.Scope
	var walk func(name string, e jsread.Expr, depth int)
	walk = func(name string, e jsread.Expr, depth int) {
		if depth == 0 {
			return
		}
		if e.Kind == jsread.Object {
			visit(name, at, e.Keys(), e.Parts)
			for i, k := range e.Keys() {
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
		at = c.Scope
		for _, a := range c.Args {
			walk("", a, 8)
		}
	}
	for _, r := range m.Returns {
		at = r.Scope
		walk("", r.Expr, 8)
	}
	at = 0
	for _, f := range m.Fields {
		if f.Name == "server" || f.Name == "devServer" {
			walk(f.Name, f.Expr, 4)
		}
	}
}
