package fronts

import (
	"path"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
	"badsig/checks/probe/project/values"
)

// What a front end gets from outside its modules: a JSON file that it
// fetches, a meta element of its page, a name that its bundler defines.

// expoFiles adds the files that Expo's configuration loads by itself, before it hands variables to the app.
func expoFiles(p *picture.Reader, f *picture.Front) {
	for _, m := range p.SortedMods() {
		if m.Pkg != f.Pkg || f.Pkg.Framework != "expo" || !m.Tool() {
			continue
		}
		for _, l := range modules.LoadsOf(p.Graph, m) {
			for _, x := range l.Paths {
				if x.CWD {
					x.Rel = path.Join(f.Pkg.Dir, x.Rel)
				}
				f.Files = append(f.Files, x.Rel)
			}
			f.Odd = f.Odd || l.Unknown
		}
	}
}

// give files one key (or, by mistake, secret) that a front end gets so.
func give(p *picture.Reader, f *picture.Front, name, value string, v facts.Value) {
	v.Role = facts.RoleFront
	id := values.FileConfig(p, name, value, v)
	if id < 0 {
		return
	}
	p.World.Update(func(x *facts.Facts) {
		x.Values[id].Public = true
		if x.Values[id].What == facts.WhatKey {
			f.Given = append(f.Given, id)
		}
	})
}

// publicFolders are those that dev servers hand out at /.
var publicFolders = []string{"public", "static", "src", ""}

// fetchedSettings reads the JSON files of the front end's own that a module
// fetches: fetch('/config.json').
func fetchedSettings(p *picture.Reader, f *picture.Front, m *modules.Module) {
	for _, c := range m.Calls {
		object, name := modules.Receiver(c.Callee)
		if name != "fetch" && name != "$fetch" && (name != "get" || !strings.EqualFold(facts.LastName(object), "axios")) || len(c.Args) == 0 {
			continue
		}
		text, ok := TextOf(p, f, m, c.Scope, c.Args[0], 12)
		text, _, _ = affix.Cut(text, "?")
		if !ok || !affix.HasSuffix(text, ".json") || affix.Contains(text, "://") {
			continue
		}
		for _, folder := range publicFolders {
			rel := path.Join(f.Pkg.Dir, folder, text)
			if affix.HasPrefix(rel, "../") {
				continue
			}
			if l, ok := modules.TextFile(p.Graph, rel); ok {
				readGiven(p, f, rel, l)
				break
			}
		}
	}
}

func readGiven(p *picture.Reader, f *picture.Front, rel string, l modules.Leaf) {
	values.JSONStrings([]byte(l.Text), func(name, value string, line int) {
		give(p, f, name, value, facts.Value{File: rel, Line: line, Modified: l.Mod.Modified})
	})
}

// metaSettings reads <meta name="stream-api-key" content="…"> of a page.
func metaSettings(p *picture.Reader, f *picture.Front, m *modules.Module) {
	if affix.Ext(m.Rel) != ".html" {
		return
	}
	for _, x := range m.Metas() {
		give(p, f, x.Name, x.Content, facts.Value{File: m.Rel, Line: x.Line, Modified: m.Modified})
	}
}

// defined reads the names that a bundler puts into the code: Vite's define and
// webpack's DefinePlugin, whose values are JavaScript.
func defined(p *picture.Reader, f *picture.Front, m *modules.Module, names []string, values []jsread.Expr) {
	for i, name := range names {
		v := values[i]
		if v.Kind == jsread.Wrapped && v.Text == "JSON.stringify" && len(v.Parts) > 0 {
			v = v.Parts[0]
		} else if v.Kind == jsread.Literal {
			v.Text = strings.Trim(v.Text, `"'`)
		}
		if v.Kind == jsread.Literal && !affix.Contains(name, ".") {
			give(p, f, strings.Trim(name, "_"), v.Text, facts.Value{File: m.Rel, Line: max(v.Line, 1), Modified: m.Modified})
		}
	}
}
