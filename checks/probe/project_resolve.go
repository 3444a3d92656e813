package probe

import (
	"bytes"
	"encoding/json"
	"path"
	"strings"
)

// resolve gives the file that a specifier means, "" for a package's.
func (g *graph) resolve(from *module, spec string) string {
	key := [2]string{dirOf(from.rel), spec}
	rel, ok := g.resolved[key]
	if !ok {
		rel = g.resolveAnew(from, spec)
		g.resolved[key] = rel
	}
	return rel
}

func (g *graph) resolveAnew(from *module, spec string) string {
	spec, _, _ = strings.Cut(spec, "?")
	var tries []string
	switch {
	case strings.HasPrefix(spec, "."):
		tries = append(tries, path.Join(dirOf(from.rel), spec))
	case strings.HasPrefix(spec, "@/"), strings.HasPrefix(spec, "~/"):
		tries = append(tries, g.aliased(from.pkg, spec)...)
		tries = append(tries, path.Join(from.pkg.dir, "src", spec[2:]), path.Join(from.pkg.dir, spec[2:]))
	case strings.HasPrefix(spec, "$lib/"):
		tries = append(tries, path.Join(from.pkg.dir, "src/lib", spec[5:]))
	default:
		tries = append(tries, g.aliased(from.pkg, spec)...)
		for _, k := range g.pkgs {
			if k.name != "" && (spec == k.name || strings.HasPrefix(spec, k.name+"/")) {
				sub := strings.Trim(strings.TrimPrefix(spec, k.name), "/")
				if sub == "" {
					tries = append(tries, path.Join(k.dir, k.main), path.Join(k.dir, "src/index"), path.Join(k.dir, "index"))
				} else {
					tries = append(tries, path.Join(k.dir, sub), path.Join(k.dir, "src", sub))
				}
			}
		}
	}
	for _, t := range tries {
		if rel := g.fileFor(t); rel != "" {
			return rel
		}
	}
	return ""
}

var jsEndings = []string{".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts", ".vue", ".svelte"}

func (g *graph) fileFor(t string) string {
	t = strings.TrimPrefix(path.Clean(t), "/")
	if t == ".." || strings.HasPrefix(t, "../") {
		return ""
	}
	if g.tree.hasCode(t) {
		return t
	}
	stem := t
	switch ext := path.Ext(t); ext { // TypeScript writes the ending of what it compiles to
	case ".js", ".jsx", ".mjs", ".cjs":
		stem = strings.TrimSuffix(t, ext)
	}
	for _, base := range []string{t, stem} {
		for _, e := range jsEndings {
			if g.tree.hasCode(base + e) {
				return base + e
			}
		}
	}
	for _, e := range jsEndings {
		if i := path.Join(t, "index"+e); g.tree.hasCode(i) {
			return i
		}
	}
	return ""
}

// aliased applies the paths and baseUrl of the package's tsconfig or jsconfig.
func (g *graph) aliased(k *pkg, spec string) []string {
	var out []string
	for _, name := range []string{"tsconfig.json", "jsconfig.json", "tsconfig.app.json"} {
		for d := k.dir; ; d = dirOf(d) {
			if f := g.file(path.Join(d, name)); f != nil {
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
func (g *graph) compilerOptions(f *foundFile) *compilerOptions {
	c, known := g.compilers[f.rel]
	if !known {
		var j struct {
			Compiler compilerOptions `json:"compilerOptions"`
		}
		if json.Unmarshal(stripJSONC(f.src), &j) == nil {
			c = &j.Compiler
		}
		g.compilers[f.rel] = c
	}
	return c
}

// stripJSONC takes comments and trailing commas out of JSON with comments.
func stripJSONC(b []byte) []byte {
	b = trimBOM(b)
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
