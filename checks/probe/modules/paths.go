package modules

import (
	"path"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/files"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/pattern"
)

// PathsOf evaluates an expression of paths.
//
//go:noinline
func PathsOf(g *Graph, m *Module, at jsread.Scope, e jsread.Expr) (paths []LoadPath, unknown bool) {
	return pathsOf(g, View{M: m, At: at, E: e})
}

func pathsOf(g *Graph, v View) (paths []LoadPath, unknown bool) {
	defer g.Ask()()
	if e, ok := v.M.Resolve(v.At, v.E.Text); ok && v.E.Kind == jsread.Ident && e.Kind == jsread.Other && e.Text == jsread.Each && g.Step() {
		v = v.Of(&e.Parts[0]) // a loop that loads one after the other
	} else if of, ok := jsread.EachOf(&v.M.Module, v.At, v.E); ok {
		v = v.Of(&of)
	}
	list, _ := g.settle(v, maxHold)
	if on, name := Receiver(list.E.Text); list.E.Kind == jsread.CallExpr && name == "filter" && g.Step() { // files that exist
		return pathsOf(g, list.receiver(on))
	}
	if list.E.Kind == jsread.Array {
		for _, part := range list.all(list.E.Parts) {
			ps, u := pathsOf(g, part)
			if u {
				return nil, true
			}
			paths = append(paths, ps...)
		}
		return paths, false
	}
	lp, ok := pathOf(g, v, 8)
	if !ok {
		return nil, true
	}
	return []LoadPath{lp}, false
}

// pathOf reads a value as a path: from the file's own folder, or from the one that the program is started in.
func pathOf(g *Graph, v View, depth int) (LoadPath, bool) {
	if depth == 0 || !g.Step() {
		return LoadPath{}, false
	}
	m, e := v.M, v.E
	here := LoadPath{Rel: files.DirOf(m.Rel)}
	switch e.Kind {
	case jsread.Literal:
		if path.IsAbs(e.Text) {
			return LoadPath{}, false
		}
		return LoadPath{Rel: e.Text, CWD: true}, true
	case jsread.Ident:
		switch e.Text {
		case "__dirname", "import.meta.dirname", "import.meta.dir":
			return here, true
		case "import.meta.url", "__filename", "import.meta.filename":
			return LoadPath{Rel: m.Rel}, true
		}
	case jsread.Wrapped:
		if len(e.Parts) > 0 && e.Text == "String" {
			return pathOf(g, v.Of(&e.Parts[0]), depth-1)
		}
	case jsread.Env:
		if plainVariableName(e.Text) {
			return LoadPath{Rel: "${" + e.Text + ":-undefined}", CWD: true}, true
		}
	case jsread.Either:
		if len(e.Parts) == 2 && e.Parts[0].Kind == jsread.Env && e.Parts[1].Kind == jsread.Literal && plainVariableName(e.Parts[0].Text) && e.Text != "?:" && e.Text != "&&" {
			return LoadPath{Rel: "${" + e.Parts[0].Text + ":-" + e.Parts[1].Text + "}", CWD: true}, true
		}
	case jsread.Template:
		out, started := LoadPath{}, false
		text := ""
		for _, part := range e.Parts {
			if part.Kind == jsread.Literal {
				if text += part.Text; len(text) > MaxText {
					return LoadPath{}, false
				}
				continue
			}
			q, ok := pathOf(g, v.Of(&part), depth-1)
			if ok && affix.HasPrefix(q.Rel, "${") { // .env.${NODE_ENV}
				text += q.Rel
				continue
			}
			if !ok || started || text != "" {
				return LoadPath{}, false
			}
			out, started = q, true
		}
		if !started {
			return LoadPath{Rel: text, CWD: true}, true
		}
		out.Rel = path.Join(out.Rel, text)
		return out, true
	case jsread.CallExpr:
		switch name := facts.LastName(e.Text); name {
		case "cwd":
			return LoadPath{Rel: ".", CWD: true}, true
		case "join", "resolve", "normalize":
			out, rest := LoadPath{Rel: ".", CWD: true}, e.Parts
			for i, part := range rest {
				q, ok := pathOf(g, v.Of(&part), depth-1)
				if !ok {
					return LoadPath{}, false
				}
				if i == 0 || !q.CWD {
					out = q
					continue
				}
				if out.Rel = path.Join(out.Rel, q.Rel); len(out.Rel) > MaxText {
					return LoadPath{}, false
				}
			}
			return out, true
		case "dirname":
			if len(e.Parts) == 1 {
				q, ok := pathOf(g, v.Of(&e.Parts[0]), depth-1)
				q.Rel = path.Dir(q.Rel)
				return q, ok
			}
		case "fileURLToPath", "pathToFileURL", "toString":
			if len(e.Parts) >= 1 {
				return pathOf(g, v.Of(&e.Parts[0]), depth-1)
			}
		case "new URL":
			if len(e.Parts) == 2 && e.Parts[0].Kind == jsread.Literal {
				base, ok := pathOf(g, v.Of(&e.Parts[1]), depth-1)
				return LoadPath{Rel: path.Join(path.Dir(base.Rel), e.Parts[0].Text), CWD: base.CWD}, ok
			}
		}
	}
	if next, ok := g.once(v, maxHold); ok {
		return pathOf(g, next, depth-1)
	}
	return LoadPath{}, false
}

// plainVariableName tells variables that choose between files.
func plainVariableName(name string) bool {
	return name == "NODE_ENV" || name == "APP_ENV" || name == "ENV" || name == "ENVIRONMENT" || name == "STAGE" || name == "MODE"
}

var VariableInPath = pattern.New(`\$\{(\w+):-([^}]*)\}`)
