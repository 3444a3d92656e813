package probe

import (
	"bytes"
	"os"
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

	unused bool // nothing that runs imports it

	says  moduleText
	loads once[[]load]
}

// maxLazy bounds the modules that are read only because others import them.
const maxLazy = 3000

// module gives a file's module, reading it if the walk did not.
func (g *graph) module(rel string) *module {
	if m, ok := g.mods[rel]; ok {
		return m
	}
	if !g.tree.hasCode(rel) || g.lazy >= maxLazy {
		return nil
	}
	g.lazy++
	src, mod, err := readBounded(filepath.Join(g.tree.root, filepath.FromSlash(rel)), &g.buf, maxSourceSize)
	if err != nil {
		g.mods[rel] = nil
		return nil
	}
	m := g.addModule(rel, bytes.Clone(src), mod)
	m.via = true
	return m
}

func (g *graph) addModule(rel string, src []byte, mod time.Time) *module {
	m := &module{Module: readModule(rel, src), rel: rel, pkg: g.pkgOf(rel), src: src, mod: mod}
	g.keep(m)
	return m
}

func (g *graph) keep(m *module) {
	m.role = g.sideOf(m)
	g.mods[m.rel] = m
	g.readOrder = append(g.readOrder, m)
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
	case "proxy", "vite", "vue", "next", "nuxt", "webpack", "babel", "metro", "tailwind", "postcss", "eslint", "jest", "vitest", "playwright", "cypress", "rollup", "ecosystem", "craco", "astro", "svelte", "app", "config-overrides", "rspack", "rsbuild", "drizzle", "prettier":
		return strings.Contains(base, ".config.") && stem != "proxy" || base == "config-overrides.js" || base == "proxy.conf.js" || base == "proxy.conf.mjs"
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
func (m *module) streamish() bool { return m.says.stream.of(m.aboutStream) }

func (m *module) aboutStream() bool {
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

// file gives a file the walk read, nil for none.
func (g *graph) file(rel string) *foundFile {
	return g.files[rel]
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

// exists tells whether there is a regular file, read or not.
func (g *graph) exists(rel string) bool {
	info, err := os.Stat(g.abs(rel))
	return err == nil && info.Mode().IsRegular()
}
