package modules

import (
	"bytes"
	"encoding/json"
	"path"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/files"
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
	spec, _, _ = strings.Cut(spec, "?")
	var tries []string
	switch {
	case strings.HasPrefix(spec, "."):
		tries = append(tries, path.Join(files.DirOf(from.Rel), spec))
	case strings.HasPrefix(spec, "@/"), strings.HasPrefix(spec, "~/"):
		tries = append(tries, g.aliased(from.Pkg, spec)...)
		tries = append(tries, path.Join(from.Pkg.Dir, "src", spec[2:]), path.Join(from.Pkg.Dir, spec[2:]), path.Join(from.Pkg.Dir, "app", spec[2:]), spec[2:])
	case strings.HasPrefix(spec, "$lib/"):
		tries = append(tries, path.Join(from.Pkg.Dir, "src/lib", spec[5:]))
	default:
		tries = append(tries, g.aliased(from.Pkg, spec)...)
		for _, k := range g.Pkgs {
			if k.Name != "" && (spec == k.Name || strings.HasPrefix(spec, k.Name+"/")) {
				sub := strings.Trim(strings.TrimPrefix(spec, k.Name), "/")
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
	for _, c := range candidates(strings.ToLower(strings.TrimPrefix(path.Clean(t), "/"))) {
		if rel := g.folded[c]; rel != "" && rel != "/" {
			return rel
		}
	}
	return ""
}

func (g *Graph) FileFor(t string) string {
	t = strings.TrimPrefix(path.Clean(t), "/")
	if t == ".." || strings.HasPrefix(t, "../") {
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
	switch ext := path.Ext(t); ext { // TypeScript writes the ending of what it compiles to
	case ".js", ".jsx", ".mjs", ".cjs":
		stem = strings.TrimSuffix(t, ext)
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
					base := path.Join(d, c.BaseURL)
					for pat, to := range c.Paths {
						head, tail, star := strings.Cut(pat, "*")
						if !star && spec == pat || star && strings.HasPrefix(spec, head) && strings.HasSuffix(spec, tail) {
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
	return out
}

// compilerOptions are what a tsconfig.json says about where modules lie.
type compilerOptions struct {
	BaseURL string `json:"baseUrl"`
	Paths   map[string][]string
}

// compilerOptions reads a tsconfig.json, once; nil where it is none.
func (g *Graph) compilerOptions(f *files.File) *compilerOptions {
	c, known := g.compilers[f.Rel]
	if !known {
		var j struct {
			Compiler compilerOptions `json:"compilerOptions"`
		}
		if json.Unmarshal(StripJSONC(f.Src), &j) == nil {
			c = &j.Compiler
		}
		g.compilers[f.Rel] = c
	}
	return c
}

// StripJSONC takes comments and trailing commas out of JSON with comments.
func StripJSONC(b []byte) []byte {
	b = files.TrimBOM(b)
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case c == '"':
			j := i + 1
			for j < len(b) && b[j] != '"' {
				if b[j] == '\\' {
					j++
				}
				j++
			}
			j = min(j, len(b)-1)
			out = append(out, b[i:j+1]...)
			i = j
		case c == '/' && i+1 < len(b) && b[i+1] == '/':
			for i < len(b) && b[i] != '\n' {
				i++
			}
			i--
		case c == '/' && i+1 < len(b) && b[i+1] == '*':
			end := bytes.Index(b[i+2:], []byte("*/"))
			if end < 0 {
				return out
			}
			i += end + 3
		case c == ',':
			j := i + 1
			for j < len(b) && (b[j] == ' ' || b[j] == '\n' || b[j] == '\r' || b[j] == '\t') {
				j++
			}
			if j < len(b) && (b[j] == '}' || b[j] == ']') {
				continue
			}
			out = append(out, c)
		default:
			out = append(out, c)
		}
	}
	return out
}
