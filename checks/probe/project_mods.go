package probe

import (
	"bytes"
	"encoding/json"
	"path"
	"path/filepath"
	"strings"
	"time"

	"badsig/checks/probe/jsread"
	"badsig/checks/probe/pattern"
)

// module is one JS or TS file as far as it was read.
type module struct {
	jsread.Module
	rel  string
	pkg  *pkg
	role Role
	src  []byte
	mod  time.Time
	via  bool // read only because another module imports it

	loads     []load
	loadsRead bool
}

// maxLazy bounds the modules that are read only because others import them.
const maxLazy = 3000

// module gives a file's module, reading it if the walk did not.
func (p *project) module(rel string) *module {
	if m, ok := p.mods[rel]; ok {
		return m
	}
	if !p.tree.js[rel] || p.lazy >= maxLazy {
		return nil
	}
	p.lazy++
	var buf []byte
	src, mod, err := readBounded(filepath.Join(p.tree.root, filepath.FromSlash(rel)), &buf, maxSourceSize)
	if err != nil {
		p.mods[rel] = nil
		return nil
	}
	m := p.addModule(rel, src, mod)
	m.via = true
	return m
}

func (p *project) addModule(rel string, src []byte, mod time.Time) *module {
	m := &module{Module: readModule(rel, src), rel: rel, pkg: p.pkgOf(rel), src: src, mod: mod}
	m.role = p.sideOf(m)
	p.mods[rel] = m
	return m
}

// readModule reads a source; JSON is what a module would export.
func readModule(rel string, src []byte) jsread.Module {
	switch path.Ext(rel) {
	case ".json":
		return jsread.Read(rel+".js", append([]byte("export default "), trimBOM(src)...))
	case "":
		rel += ".js"
	}
	return jsread.Read(rel, src)
}

// tool tells configuration of tools, which neither side runs.
func (m *module) tool() bool {
	base := path.Base(m.rel)
	stem, _, _ := strings.Cut(base, ".")
	switch stem {
	case "vite", "next", "nuxt", "webpack", "babel", "metro", "tailwind", "postcss", "eslint", "jest", "vitest", "playwright", "cypress", "rollup", "ecosystem", "craco", "astro", "svelte", "app", "config-overrides", "rspack", "rsbuild", "drizzle", "prettier":
		return strings.Contains(base, ".config.") || base == "config-overrides.js"
	}
	return false
}

func (m *module) usesMeta() bool {
	for _, r := range m.Reads {
		if r.Meta {
			return true
		}
	}
	return false
}

// listens tells a module that opens a port.
func (m *module) listens() bool {
	for _, c := range m.Calls {
		if lastName(c.Callee) == "listen" && len(c.Args) > 0 && (c.Args[0].Kind != jsread.Literal || isDigits(c.Args[0].Text)) || c.Callee == "Deno.serve" || c.Callee == "Bun.serve" {
			return true
		}
		if c.Callee == "serve" && m.importsFrom("serve", "@hono/node-server", "https://deno.land/std/http/server.ts", "srvx") {
			return true
		}
	}
	return false
}

// directive tells a module that begins with one ("use client").
func (m *module) directive(text string) bool {
	head := m.src[:min(len(m.src), 2000)]
	for line := range bytes.Lines(head) {
		t := strings.TrimSpace(string(line))
		if t == "" || strings.HasPrefix(t, "//") || strings.HasPrefix(t, "/*") || strings.HasPrefix(t, "*") {
			continue
		}
		return strings.HasPrefix(t, `"`+text+`"`) || strings.HasPrefix(t, `'`+text+`'`)
	}
	return false
}

var streamPackage = pattern.New(`^(stream-chat($|-|/)|@stream-io/|getstream($|/))`)

// streamish tells a module that is about Stream.
func (m *module) streamish() bool {
	for _, i := range m.Imports {
		if streamPackage.MatchString(i.From) {
			return true
		}
	}
	for _, r := range m.Reads {
		if c := classifyName(r.Text); c.What != "" && !c.Bare && c.What != WhatOther {
			return true
		}
	}
	low := strings.ToLower(m.rel)
	if strings.Contains(path.Base(low), "stream") || strings.Contains(path.Base(dirOf(low)), "stream") {
		return true
	}
	for _, f := range m.Fields {
		if c := classifyName(f.Name); c.What != "" && !c.Bare && c.What != WhatOther {
			return true
		}
	}
	return false
}

// readsSecret tells a module that reads a secret of Stream's which no browser gets.
func (m *module) readsSecret() bool {
	for _, r := range m.Reads {
		if c := classifyName(r.Text); c.What == WhatSecret && c.Prefix == "" {
			return true
		}
	}
	return false
}

// resolve gives the file that a specifier means, "" for a package's.
func (p *project) resolve(from *module, spec string) string {
	spec, _, _ = strings.Cut(spec, "?")
	var tries []string
	switch {
	case strings.HasPrefix(spec, "."):
		tries = append(tries, path.Join(dirOf(from.rel), spec))
	case strings.HasPrefix(spec, "@/"), strings.HasPrefix(spec, "~/"):
		tries = append(tries, p.aliased(from.pkg, spec)...)
		tries = append(tries, path.Join(from.pkg.dir, "src", spec[2:]), path.Join(from.pkg.dir, spec[2:]))
	case strings.HasPrefix(spec, "$lib/"):
		tries = append(tries, path.Join(from.pkg.dir, "src/lib", spec[5:]))
	default:
		tries = append(tries, p.aliased(from.pkg, spec)...)
		for _, k := range p.pkgs {
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
		if rel := p.fileFor(t); rel != "" {
			return rel
		}
	}
	return ""
}

var jsEndings = []string{".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts", ".vue", ".svelte"}

func (p *project) fileFor(t string) string {
	t = strings.TrimPrefix(path.Clean(t), "/")
	if t == ".." || strings.HasPrefix(t, "../") {
		return ""
	}
	if p.tree.js[t] {
		return t
	}
	stem := t
	switch ext := path.Ext(t); ext { // TypeScript writes the ending of what it compiles to
	case ".js", ".jsx", ".mjs", ".cjs":
		stem = strings.TrimSuffix(t, ext)
	}
	for _, base := range []string{t, stem} {
		for _, e := range jsEndings {
			if p.tree.js[base+e] {
				return base + e
			}
		}
	}
	for _, e := range jsEndings {
		if i := path.Join(t, "index"+e); p.tree.js[i] {
			return i
		}
	}
	return ""
}

// aliased applies the paths and baseUrl of the package's tsconfig or jsconfig.
func (p *project) aliased(k *pkg, spec string) []string {
	var out []string
	for _, name := range []string{"tsconfig.json", "jsconfig.json", "tsconfig.app.json"} {
		for d := k.dir; ; d = dirOf(d) {
			if f := p.file(path.Join(d, name)); f != nil {
				var c struct {
					Compiler struct {
						BaseURL string `json:"baseUrl"`
						Paths   map[string][]string
					} `json:"compilerOptions"`
				}
				if json.Unmarshal(stripJSONC(f.src), &c) == nil {
					base := path.Join(d, c.Compiler.BaseURL)
					for pat, to := range c.Compiler.Paths {
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
					if c.Compiler.BaseURL != "" {
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

// file gives a file the walk read, nil for none.
func (p *project) file(rel string) *foundFile {
	return p.files[rel]
}

func lastName(callee string) string {
	if i := strings.LastIndexByte(callee, '.'); i >= 0 {
		return callee[i+1:]
	}
	return callee
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
