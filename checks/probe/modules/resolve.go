package modules

import (
	"maps"
	"path"
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/files"
	"badsig/checks/probe/jsread"
)

// Resolve gives the file that a specifier means, "" for a package's.
func (g *Graph) Resolve(from *Module, spec string) string {
	key := [2]string{files.DirOf(from.Rel), spec}
	rel, ok := g.resolved[key]
	if !ok {
		rel = g.resolveAnew(from, spec)
		g.resolved[key] = rel
	}
	return rel
}

func (g *Graph) resolveAnew(from *Module, spec string) string {
	spec, _, _ = affix.Cut(spec, "?")
	tries := mapped(g, from, spec)
	switch {
	case affix.HasPrefix(spec, "."):
		dir := path.Join(files.DirOf(from.Rel), spec)
		if k := g.Pkgs[dir]; k != nil { // require('../packages/stream')
			tries = append(tries, path.Join(dir, k.Main), path.Join(dir, "src/index"))
		}
		tries = append(tries, dir)
	case affix.HasPrefix(spec, "/"): // <script src="/src/main.js">, from the package's folder or the one that is served as it is
		tries = append(tries, path.Join(from.Pkg.Dir, spec), path.Join(from.Pkg.Dir, "public", spec), path.Join(files.DirOf(from.Rel), spec))
	case affix.HasPrefix(spec, "@/"), affix.HasPrefix(spec, "~/"):
		tries = append(tries, g.aliased(from.Pkg, spec)...)
		tries = append(tries, path.Join(from.Pkg.Dir, "src", spec[2:]), path.Join(from.Pkg.Dir, spec[2:]), path.Join(from.Pkg.Dir, "app", spec[2:]), spec[2:])
	case affix.HasPrefix(spec, "$lib/"):
		tries = append(tries, path.Join(from.Pkg.Dir, "src/lib", spec[5:]))
	default:
		tries = append(tries, g.aliased(from.Pkg, spec)...)
		for i := 1; i <= len(spec); i++ {
			if i < len(spec) && spec[i] != '/' {
				continue
			}
			sub := strings.Trim(spec[i:], "/")
			for _, k := range packagesNamed(g, spec[:i]) {
				if sub == "" {
					tries = append(tries, path.Join(k.Dir, k.Main), path.Join(k.Dir, "src/index"), path.Join(k.Dir, "index"))
				} else {
					tries = append(tries, path.Join(k.Dir, sub), path.Join(k.Dir, "src", sub))
				}
			}
		}
	}
	for _, t := range tries {
		if rel := g.FileFor(t); rel != "" {
			return rel
		}
	}
	for _, t := range tries { // as macOS and Windows find it
		if rel := g.fileNear(t); rel != "" {
			return rel
		}
	}
	return ""
}

// maxNamed is how many packages of one name are looked into.
const maxNamed = 8

// packagesNamed gives the project's packages of a name.
func packagesNamed(g *Graph, name string) []*Package {
	if g.byName == nil {
		g.byName = map[string][]*Package{}
		for _, dir := range slices.Sorted(maps.Keys(g.Pkgs)) {
			if k := g.Pkgs[dir]; k.Name != "" && len(g.byName[k.Name]) < maxNamed {
				g.byName[k.Name] = append(g.byName[k.Name], k)
			}
		}
	}
	return g.byName[name]
}

// fileNear is FileFor without regard to capital letters; "" where several files are left.
func (g *Graph) fileNear(t string) string {
	if g.folded == nil {
		g.folded = map[string]string{}
		for dir, names := range g.Tree.Code {
			for _, n := range names {
				rel := path.Join(dir, n)
				if low := strings.ToLower(rel); g.folded[low] == "" {
					g.folded[low] = rel
				} else {
					g.folded[low] = "/"
				}
			}
		}
	}
	for _, c := range candidates(strings.ToLower(affix.TrimPrefix(path.Clean(t), "/"))) {
		if rel := g.folded[c]; rel != "" && rel != "/" {
			return rel
		}
	}
	return ""
}

func (g *Graph) FileFor(t string) string {
	t = affix.TrimPrefix(path.Clean(t), "/")
	if t == ".." || affix.HasPrefix(t, "../") {
		return ""
	}
	for _, c := range candidates(t) {
		if g.Tree.HasCode(c) {
			return c
		}
	}
	return ""
}

// candidates are the files that a specifier may mean, the likeliest first.
func candidates(t string) []string {
	out := []string{t}
	stem := t
	switch ext := affix.Ext(t); ext { // TypeScript writes the ending of what it compiles to
	case ".js", ".jsx", ".mjs", ".cjs":
		stem = affix.TrimSuffix(t, ext)
	}
	for _, base := range []string{t, stem} {
		for _, e := range facts.JsEndings {
			out = append(out, base+e)
		}
	}
	for _, e := range facts.JsEndings {
		out = append(out, path.Join(t, "index"+e))
	}
	return out
}

// aliased applies the paths and baseUrl of the package's tsconfig or jsconfig.
func (g *Graph) aliased(k *Package, spec string) []string {
	var out []string
	for _, name := range []string{"tsconfig.json", "jsconfig.json", "tsconfig.app.json"} {
		for d := k.Dir; ; d = files.DirOf(d) {
			if f := g.File(path.Join(d, name)); f != nil {
				if c := g.compilerOptions(f); c != nil {
					base := path.Join(c.dir, c.BaseURL)
					for pat, to := range c.Paths {
						head, tail, star := affix.Cut(pat, "*")
						if !star && spec == pat || star && affix.HasPrefix(spec, head) && affix.HasSuffix(spec, tail) {
							mid := ""
							if star {
								mid = spec[len(head) : len(spec)-len(tail)]
							}
							for _, t := range to {
								out = append(out, path.Join(base, strings.Replace(t, "*", mid, 1)))
							}
						}
					}
					if c.BaseURL != "" {
						out = append(out, path.Join(base, spec))
					}
				}
			}
			if d == "" {
				break
			}
		}
	}
	return append(out, bundled(g, k, spec)...)
}

// mapped applies the imports of the nearest deno.json, or of its import map: { "imports": { "@/": "./src/" } }.
func mapped(g *Graph, from *Module, spec string) (out []string) {
	for d := files.DirOf(from.Rel); ; d = files.DirOf(d) {
		for _, name := range []string{"deno.json", "deno.jsonc", "import_map.json"} {
			f := g.File(path.Join(d, name))
			if f == nil {
				continue
			}
			c := g.compilerOptions(f)
			if c == nil {
				continue
			}
			for name, to := range c.imports {
				rest, ok := affix.CutPrefix(spec, name)
				if ok && affix.HasPrefix(to, ".") && (rest == "" || affix.HasSuffix(name, "/")) {
					out = append(out, path.Join(d, to, rest))
				}
			}
		}
		if d == "" {
			return out
		}
	}
}

// bundlerFiles are the configurations whose alias says where modules lie.
var bundlerFiles = []string{"vite.config.js", "vite.config.ts", "vite.config.mjs", "babel.config.js", "webpack.config.js", "craco.config.js", "astro.config.mjs"}

// alias is the beginning of a specifier, and the folder or file that it means.
type alias struct{ name, to string }

// bundled applies the aliases of a package's bundler: alias: { '@ui': path.resolve(__dirname, 'src/ui') }.
func bundled(g *Graph, k *Package, spec string) []string {
	list, known := g.aliases[k]
	if !known {
		g.aliases[k] = nil // a configuration that imports
		for _, name := range bundlerFiles {
			if m := g.Module(path.Join(k.Dir, name)); m != nil {
				list = append(list, aliasesIn(m, m.Exports["default"], 8)...)
			}
		}
		g.aliases[k] = list
	}
	var out []string
	for _, a := range list {
		if rest, ok := affix.CutPrefix(spec, a.name); ok && (rest == "" || rest[0] == '/' || affix.HasSuffix(a.name, "/")) {
			out = append(out, path.Join(k.Dir, a.to, rest))
		}
	}
	return out
}

// aliasesIn finds the aliases of a configuration, which may be what a function returns.
func aliasesIn(m *Module, e jsread.Expr, depth int) (list []alias) {
	if depth == 0 {
		return nil
	}
	if f := jsread.FunctionOf(&m.Module, e.Fn); f != nil && e.Kind == jsread.Func {
		for _, r := range f.Returns {
			list = append(list, aliasesIn(m, r.Expr, depth-1)...)
		}
	}
	for i, x := range e.Parts {
		if e.Kind != jsread.Object || e.Keys()[i] != "alias" {
			list = append(list, aliasesIn(m, x, depth-1)...)
			continue
		}
		for j, y := range x.Parts {
			if x.Kind == jsread.Object {
				list = append(list, alias{x.Keys()[j], folderIn(y, 6)})
				continue
			}
			find, to := slices.Index(y.Keys(), "find"), slices.Index(y.Keys(), "replacement")
			if find >= 0 && to >= 0 && y.Parts[find].Kind == jsread.Literal {
				list = append(list, alias{y.Parts[find].Text, folderIn(y.Parts[to], 6)})
			}
		}
	}
	return affix.Without(list, func(a alias) bool { return a.name == "" || a.to == "" })
}

// folderIn joins the strings of path.resolve(__dirname, 'src', 'ui') and new URL('./src/ui', import.meta.url).
func folderIn(e jsread.Expr, depth int) string {
	if e.Kind == jsread.Literal || depth == 0 {
		return e.Text
	}
	to := ""
	for _, x := range e.Parts {
		if x.Kind != jsread.Ident {
			to = path.Join(to, folderIn(x, depth-1))
		}
	}
	return to
}
