package probe

import (
	"path"
	"strings"

	"badsig/checks/probe/jsread"
	"badsig/checks/probe/pattern"
)

// What a front end is given from outside its modules: a JSON file that it
// fetches, a meta element of its page, a name that its bundler defines.

// give files one key (or, by mistake, secret) that a front end is given.
func (p *project) give(f *front, name, value string, v Value) {
	v.Role = RoleFront
	id := p.fileConfig(name, value, v)
	if id < 0 {
		return
	}
	p.w.Update(func(x *Facts) {
		x.Values[id].Public = true
		if x.Values[id].What == WhatKey {
			f.given = append(f.given, id)
		}
	})
}

// publicFolders are those that dev servers hand out at /.
var publicFolders = []string{"public", "static", "src", ""}

// fetchedSettings reads the JSON files of the front end's own that a module
// fetches: fetch('/config.json').
func (p *project) fetchedSettings(f *front, m *module) {
	for _, c := range m.Calls {
		object, name := receiver(c.Callee)
		if name != "fetch" && name != "$fetch" && (name != "get" || !strings.EqualFold(lastName(object), "axios")) || len(c.Args) == 0 {
			continue
		}
		text, ok := p.textOf(f, m, c.Scope, c.Args[0], 12)
		text, _, _ = strings.Cut(text, "?")
		if !ok || !strings.HasSuffix(text, ".json") || strings.Contains(text, "://") {
			continue
		}
		for _, folder := range publicFolders {
			rel := path.Join(f.pkg.dir, folder, text)
			if strings.HasPrefix(rel, "../") {
				continue
			}
			if l, ok := p.textFile(rel); ok {
				p.readGiven(f, rel, l)
				break
			}
		}
	}
}

func (p *project) readGiven(f *front, rel string, l leaf) {
	n := 0
	for line := range strings.Lines(l.text) {
		n++
		for _, g := range jsonPair.FindAllStringSubmatch(line, 20) {
			p.give(f, g[1], g[2], Value{File: rel, Line: n, Modified: l.mod.mod})
		}
	}
}

var metaElement = pattern.New(`<meta\s+name=["']([\w.:-]{3,80})["']\s+content=["']([^"'\n]{1,300})["']`)

// metaSettings reads <meta name="stream-api-key" content="…"> of a page.
func (p *project) metaSettings(f *front, m *module) {
	if path.Ext(m.rel) != ".html" {
		return
	}
	n := 0
	for line := range strings.Lines(string(m.src)) {
		n++
		for _, g := range metaElement.FindAllStringSubmatch(line, 8) {
			p.give(f, g[1], g[2], Value{File: m.rel, Line: n, Modified: m.mod})
		}
	}
}

// defined reads the names that a bundler puts into the code: Vite's define and
// webpack's DefinePlugin, whose values are JavaScript.
func (p *project) defined(f *front, m *module, names []string, values []jsread.Expr) {
	for i, name := range names {
		v := values[i]
		if v.Kind == jsread.Wrapped && v.Text == "JSON.stringify" && len(v.Parts) > 0 {
			v = v.Parts[0]
		} else if v.Kind == jsread.Literal {
			v.Text = strings.Trim(v.Text, `"'`)
		}
		if v.Kind == jsread.Literal && !strings.Contains(name, ".") {
			p.give(f, strings.Trim(name, "_"), v.Text, Value{File: m.rel, Line: max(v.Line, 1), Modified: m.mod})
		}
	}
}
