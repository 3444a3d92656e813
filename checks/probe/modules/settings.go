package modules

import (
	"path"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/envfile"
	"badsig/checks/probe/files"
	"badsig/checks/probe/jsread"
)

// Rules of this file:
//   - a helper is one because its own source reads process.env[its first parameter]
//   - a schema's default is what the program gets where the variable is not set
//   - a secret that is in a file is read where that file is inside the project

// envHelpers names the functions of a module that read the variable whose name
// they are given: process.env[name].
func envHelpers(m *Module) []string {
	return m.says.helpers.Of(func() []string { return findEnvHelpers(m) })
}

func findEnvHelpers(m *Module) []string {
	var out []string
	if !m.Holds("process . env [") {
		return nil
	}
	jsread.Functions(&m.Module, func(f *jsread.Function) bool {
		if f.Name == "" || f.Class || len(f.Params) == 0 || len(out) >= 20 {
			return true
		}
		for name, member := range f.Params[0].Names {
			if member == "" && readsNamed(m, f, name) {
				out = append(out, f.Name)
			}
		}
		return true
	})
	return out
}

// readsNamed tells a function that reads the variable which one of its names holds.
func readsNamed(m *Module, f *jsread.Function, name string) bool {
	found := false
	var walk func(e jsread.Expr, depth int)
	walk = func(e jsread.Expr, depth int) {
		if depth == 0 || found {
			return
		}
		if e.Kind == jsread.Other && e.Text == "[]" && len(e.Parts) == 2 && e.Parts[0].Text == "process.env" && e.Parts[1].Text == name {
			found = true
			return
		}
		for _, x := range e.Parts {
			walk(x, depth-1)
		}
		if e.On() != nil {
			walk(*e.On(), depth-1)
		}
	}
	jsread.Functions(&m.Module, func(g *jsread.Function) bool {
		if jsread.Inside(&m.Module, g.Own, f.Own) {
			jsread.Vars(&m.Module, g.Own, func(_ string, e jsread.Expr) { walk(e, 8) })
			for _, r := range g.Returns {
				walk(r.Expr, 8)
			}
		}
		return !found
	})
	for _, i := range m.Ifs {
		if jsread.Inside(&m.Module, i.Scope, f.Own) {
			walk(i.Cond, 8)
		}
	}
	return found
}

// helperCall reads required('STREAM_API_SECRET', 'fallback') of a helper that
// the project wrote itself.
func helperCall(g *Graph, v View, depth int) ([]Leaf, bool) {
	m, e := v.M, v.E
	if len(e.Parts) == 0 || e.Parts[0].Kind != jsread.Literal || !isUpperName(e.Parts[0].Text) || depth <= 0 {
		return nil, false
	}
	name, from := e.Text, m
	for _, i := range m.Imports {
		head, rest, dotted := affix.Cut(e.Text, ".")
		if exported, ok := i.Names[head]; ok {
			from = g.Module(g.Resolve(m, i.From))
			if name = exported; dotted {
				name = rest
			}
		}
	}
	if from == nil {
		return nil, false
	}
	for _, h := range envHelpers(from) {
		if h != name && name != "default" {
			continue
		}
		out := []Leaf{{Kind: LeafEnv, Text: e.Parts[0].Text, Mod: m, Line: e.Line}}
		if len(e.Parts) > 1 && e.Parts[1].Kind != jsread.Object && e.Parts[1].Kind != jsread.Func {
			for _, l := range g.follow(v.Of(&e.Parts[1]), depth-1) {
				l.Op = facts.First(l.Op, "??")
				if l.Line == 0 {
					l.Line = e.Line
				}
				out = append(out, l)
			}
		}
		return out, true
	}
	return nil, false
}

// schemaField finds what a schema over the environment says about a variable:
// z.object({ NAME: … }), createEnv({ server: { NAME: … } }), cleanEnv(env, { NAME: … }).
func schemaField(g *Graph, m *Module, at jsread.Scope, e jsread.Expr, name string, depth int) (jsread.Expr, bool) {
	if depth == 0 || !g.Step() {
		return jsread.Expr{}, false
	}
	switch e.Kind {
	case jsread.Ident:
		if v, ok := m.Resolve(at, e.Text); ok && (v.Kind != jsread.Ident || v.Text != e.Text) {
			return schemaField(g, m, at, v, name, depth-1)
		}
		return jsread.Expr{}, false
	case jsread.Object:
		for i, k := range e.Keys() {
			if k == name {
				return e.Parts[i], true
			}
		}
	case jsread.CallExpr:
		if on, _ := Receiver(e.Text); on != "" && e.On() == nil && !affix.ContainsAny(on, "()") {
			if f, ok := schemaField(g, m, at, jsread.Expr{Kind: jsread.Ident, Text: on}, name, depth-1); ok {
				return f, true
			}
		}
	}
	if e.On() != nil {
		if f, ok := schemaField(g, m, at, *e.On(), name, depth-1); ok {
			return f, true
		}
	}
	for _, x := range e.Parts {
		if f, ok := schemaField(g, m, at, x, name, depth-1); ok {
			return f, true
		}
	}
	return jsread.Expr{}, false
}

// defaultOf reads the default that a schema gives to a variable.
func defaultOf(e jsread.Expr, depth int) (jsread.Expr, bool) {
	if e.Kind != jsread.CallExpr && e.Kind != jsread.Wrapped || depth == 0 {
		return jsread.Expr{}, false
	}
	name := facts.LastName(e.Text)
	if (name == "default" || name == "catch" || name == "prefault") && len(e.Parts) > 0 && (e.Parts[0].Kind == jsread.Literal || e.Parts[0].Kind == jsread.Number) {
		return e.Parts[0], true
	}
	for _, x := range e.Parts { // envalid's str({ default: … }), valibot's optional(string(), …)
		for i, k := range x.Keys() {
			if (k == "devDefault" || k == "default") && (x.Parts[i].Kind == jsread.Literal || x.Parts[i].Kind == jsread.Number) {
				return x.Parts[i], true
			}
		}
	}
	if (name == "optional" || name == "nullish" || name == "fallback") && len(e.Parts) > 1 && e.Parts[1].Kind == jsread.Literal {
		return e.Parts[1], true
	}
	if e.On() != nil {
		return defaultOf(*e.On(), depth-1)
	}
	if e.Kind == jsread.Wrapped && len(e.Parts) > 0 {
		return defaultOf(e.Parts[0], depth-1)
	}
	return jsread.Expr{}, false
}

// maxSecretFile bounds a file that is taken for one secret.
const maxSecretFile = 4096

// fileLeaf reads fs.readFileSync(path): a file of the project that holds one text.
func fileLeaf(g *Graph, m *Module, at jsread.Scope, e jsread.Expr) (Leaf, bool) {
	for _, rel := range readPaths(g, m, at, e) {
		if l, ok := TextFile(g, rel); ok {
			return l, true
		}
	}
	return Leaf{}, false
}

// readPaths lists the files of the project that a call may mean which reads one.
func readPaths(g *Graph, m *Module, at jsread.Scope, e jsread.Expr) (rels []string) {
	if n := facts.LastName(e.Text); n != "readFileSync" && n != "readFile" && n != "readJsonSync" && n != "readJSONSync" || len(e.Parts) == 0 {
		return nil
	}
	lp, ok := pathOf(g, View{M: m, At: at, E: fillVariables(g, m, at, e.Parts[0])}, 8)
	if !ok || affix.Contains(lp.Rel, "${") {
		return nil
	}
	dirs := []string{""}
	if lp.CWD {
		dirs = []string{m.Pkg.Dir, "", files.DirOf(m.Rel)}
	}
	for _, dir := range dirs {
		if rel := path.Join(dir, lp.Rel); !affix.HasPrefix(rel, "..") {
			rels = append(rels, rel)
		}
	}
	return rels
}

// TextFile is the text of a small file of the project.
func TextFile(g *Graph, rel string) (Leaf, bool) {
	data, modified, ok := g.Tree.Read(rel, maxSecretFile)
	if !ok || len(data) == 0 || strings.ContainsRune(string(data), 0) {
		return Leaf{}, false
	}
	at := &Module{Rel: rel, Pkg: g.PkgOf(rel), Role: facts.RoleServer, Modified: modified}
	return Leaf{Kind: LeafLiteral, Text: string(data), Mod: at, Line: 1, File: true}, true
}

// fillVariables puts what the project's .env files say for the variables of a
// path, where they say one thing.
func fillVariables(g *Graph, m *Module, at jsread.Scope, e jsread.Expr) jsread.Expr {
	if e.Kind == jsread.Ident {
		if v, ok := m.Resolve(at, e.Text); ok && v.Kind != jsread.Ident {
			e = v
		}
	}
	switch e.Kind {
	case jsread.Env:
		if v, at, ok := onlySetting(g, e.Text); ok && at.File != "" {
			return jsread.Expr{Kind: jsread.Literal, Text: v, Line: e.Line}
		}
	case jsread.Wrapped, jsread.Either:
		if len(e.Parts) > 0 {
			if f := fillVariables(g, m, at, e.Parts[0]); f.Kind == jsread.Literal {
				return f
			}
			if e.Kind == jsread.Either {
				return e.Parts[len(e.Parts)-1]
			}
		}
	case jsread.CallExpr, jsread.Template:
		parts := make([]jsread.Expr, len(e.Parts))
		for i, x := range e.Parts {
			parts[i] = x
			if x.Kind == jsread.Env || x.Kind == jsread.Wrapped || x.Kind == jsread.Either {
				parts[i] = fillVariables(g, m, at, x)
			}
		}
		e.Parts = parts
	}
	return e
}

// onlySetting is the value that the project's .env files agree on, and the line
// that sets it; where they don't agree, it is set and has no place.
func onlySetting(g *Graph, name string) (value string, at facts.Place, set bool) {
	for i := range g.Tree.Files {
		f := &g.Tree.Files[i]
		if f.Kind != files.KindEnv || files.RoleOfPath(f.Rel) != facts.RoleUnknown || !affix.Contains(string(f.Src), name) {
			continue
		}
		read := envfile.Read(f.Src, envfile.Dotenv, map[string]string{})
		v, ok := read.Get(name)
		if !ok {
			continue
		}
		if set && value != string(v) {
			return "", facts.Place{}, true
		}
		value, set = string(v), true
		for _, l := range read.Lines {
			if l.Name == name && !l.Commented {
				at = facts.Place{File: f.Rel, Line: l.Line}
			}
		}
	}
	return value, at, set
}
